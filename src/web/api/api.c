#include "web/api/api.h"

#include "web/eye.h"
#include "web/refusal.h"
#include "words/words.h"

struct json_out *api_begin(struct api_out *out, struct arena *arena) {
    buf_init(&out->buf, arena);
    json_out_init(&out->json, &out->buf);
    json_put_object(&out->json, NULL);
    return &out->json;
}

void api_answer(struct exchange *x, int status, struct api_out *out) {
    json_put_object_end(&out->json);
    exchange_json(x, status, &out->buf);
}

void api_render(struct idem_answer *ret_answer, int status, struct api_out *out) {
    json_put_object_end(&out->json);
    answer_json(ret_answer, status, &out->buf);
}

void api_text(struct json_out *json, const char *key, struct text value) {
    if (value.n > 0) {
        json_put_text(json, key, value);
    }
}

void api_day(struct json_out *json, const char *key, struct day value) {
    if (!day_is_none(value)) {
        json_put_day(json, key, value);
    }
}

void api_instant(struct json_out *json, const char *key, struct instant value) {
    if (!instant_is_none(value)) {
        json_put_instant(json, key, value);
    }
}

void api_id(struct json_out *json, const char *key, int64_t id) {
    if (id != 0) {
        json_put_id(json, key, id);
    }
}

void api_etag(struct exchange *x, int64_t version) {
    http_response_add(x->response, "ETag", text_printf(x->arena, "\"%lld\"", (long long)version));
}

void api_render_empty(void *ctx, struct arena *arena, const void *outcome, struct idem_answer *ret_answer) {
    (void)ctx;
    (void)arena;
    (void)outcome;
    answer_empty(ret_answer);
}

/* ---- lists ---- */

struct query_page api_page(int64_t limit, int64_t after) {
    return (struct query_page){.after = after, .limit = limit == FORM_NO_INT ? API_LIMIT : limit};
}

void api_next(struct json_out *json, const struct query_page *page, size_t count, int64_t last) {
    if (count > 0 && (int64_t)count == page->limit) {
        json_put_id(json, "next", last);
    }
}

/* ---- refusals ---- */

bool api_refused(struct exchange *x, struct arena *arena, const struct verdict *verdict,
                 struct idem_answer *ret_answer) {
    if (verdict->allowed) {
        return false;
    }
    struct problem problem = refusal_problem(x, arena, &verdict->refused);
    answer_problem(arena, ret_answer, &problem);
    return true;
}

static void put_faults(struct json_out *json, const void *ctx) {
    const struct api_faults *faults = ctx;
    json_put_array(json, "errors");
    for (size_t i = 0; i < faults->count; i++) {
        struct text code = text_of(faults->rows[i].code);
        enum word word;
        bool known = word_find(text_join(json->buf->arena, TEXT("fault."), code), &word);
        json_put_object(json, NULL);
        json_put_text(json, "pointer", faults->rows[i].pointer);
        json_put_text(json, "code", code);
        json_put_text(json, "detail", known ? word_text(word) : code);
        json_put_object_end(json);
    }
    json_put_array_end(json);
}

struct problem api_fault_problem(const struct api_faults *faults) {
    return (struct problem){.status = 422, .code = TEXT("invalid-fields"), .more = put_faults, .ctx = faults};
}

void api_fail_field(struct exchange *x, const char *pointer, const char *code) {
    struct api_fault row = {code, text_of(pointer)};
    struct api_faults faults = {&row, 1};
    struct problem problem = api_fault_problem(&faults);
    exchange_problem(x, &problem);
}

/* ---- what staff looked at ---- */

static bool viewed(struct exchange *x, struct audit_view view) {
    return !role_is_staff(x->call.actor.role) || exchange_looked(x, view);
}

bool api_viewed(struct exchange *x, const char *what, const char *object, int64_t id,
                struct account_id subject) {
    struct audit_view view = {.what = what, .object = object, .object_id = id, .subject = subject};
    return viewed(x, view);
}

bool api_viewed_many(struct exchange *x, const char *what, const char *object, size_t count) {
    struct audit_view view = {.what = what, .object = object, .count = (int64_t)count};
    return count == 0 || viewed(x, view);
}
