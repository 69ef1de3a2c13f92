/* Registrations from the resident's side: sending, looking, withdrawing, adding a birth. */
#include "web/api/answers.h"
#include "web/api/registration_json.h"
#include "web/eye.h"

struct child_body {
    struct text name;
    struct day birth_date;
    struct day due_date;
    int64_t gestation_days;
    int64_t weight_g;
};
static const struct field child_fields[] = {
    {.name = "name", .kind = FIELD_TEXT, .max = 100, .offset = offsetof(struct child_body, name)},
    {.name = "birth_date", .kind = FIELD_DAY, .offset = offsetof(struct child_body, birth_date)},
    {.name = "due_date",
     .kind = FIELD_DAY,
     .offset = offsetof(struct child_body, due_date),
     .note = "one of the two is needed"},
    {.name = "gestation_days",
     .kind = FIELD_INT,
     .min = 100,
     .max = 330,
     .offset = offsetof(struct child_body, gestation_days)},
    {.name = "weight_g",
     .kind = FIELD_INT,
     .min = 100,
     .max = 9000,
     .offset = offsetof(struct child_body, weight_g)},
};
static const struct form child_form = FORM("Child", child_fields, struct child_body);

struct mother_body {
    struct text name;
    struct text kana;
    struct day birth_date;
    struct text postal_code;
    struct text address;
    struct text phone;
};
static const struct field mother_fields[] = {
    {.name = "name",
     .kind = FIELD_TEXT,
     .required = true,
     .max = 100,
     .offset = offsetof(struct mother_body, name)},
    {.name = "kana",
     .kind = FIELD_KANA,
     .required = true,
     .max = 100,
     .offset = offsetof(struct mother_body, kana)},
    {.name = "birth_date",
     .kind = FIELD_DAY,
     .required = true,
     .offset = offsetof(struct mother_body, birth_date)},
    {.name = "postal_code",
     .kind = FIELD_POSTAL,
     .required = true,
     .offset = offsetof(struct mother_body, postal_code)},
    {.name = "address",
     .kind = FIELD_TEXT,
     .required = true,
     .max = 200,
     .offset = offsetof(struct mother_body, address)},
    {.name = "phone", .kind = FIELD_PHONE, .required = true, .offset = offsetof(struct mother_body, phone)},
};
static const struct form mother_form = FORM("Mother", mother_fields, struct mother_body);

struct registration_body {
    struct mother_body mother;
    const struct child_body *children;
    size_t child_count;
    struct text household_class;
    const struct text *consents;
    size_t consent_count;
    struct text note;
};
static const struct field registration_fields[] = {
    {.name = "mother",
     .kind = FIELD_OBJECT,
     .required = true,
     .offset = offsetof(struct registration_body, mother),
     .inner = &mother_form},
    {.name = "children",
     .kind = FIELD_OBJECTS,
     .required = true,
     .min = 1,
     .max = REGISTRATION_CHILDREN_MAX,
     .offset = offsetof(struct registration_body, children),
     .count_offset = offsetof(struct registration_body, child_count),
     .inner = &child_form},
    {.name = "household_class",
     .kind = FIELD_TEXT,
     .required = true,
     .max = 40,
     .offset = offsetof(struct registration_body, household_class),
     .note = "a code of GET /city"},
    {.name = "consents",
     .kind = FIELD_TEXTS,
     .max = REGISTRATION_CONSENTS_MAX,
     .offset = offsetof(struct registration_body, consents),
     .count_offset = offsetof(struct registration_body, consent_count),
     .note = "codes of GET /city"},
    {.name = "note", .kind = FIELD_LINES, .max = 2000, .offset = offsetof(struct registration_body, note)},
};
static const struct form registration_form_table =
    FORM("RegistrationForm", registration_fields, struct registration_body);

static struct registration_child child_of(const struct child_body *body) {
    return (struct registration_child){.name = body->name,
                                       .birth_date = body->birth_date,
                                       .due_date = body->due_date,
                                       .gestation_days =
                                           body->gestation_days == FORM_NO_INT ? 0 : body->gestation_days,
                                       .weight_g = body->weight_g == FORM_NO_INT ? 0 : body->weight_g};
}

static struct registration_form *form_of(const struct exchange *x) {
    const struct registration_body *body = exchange_body(x);
    struct registration_form *form = arena_new(x->arena, struct registration_form);
    form->mother_name = body->mother.name;
    form->mother_kana = body->mother.kana;
    form->mother_birth_date = body->mother.birth_date;
    form->postal_code = body->mother.postal_code;
    form->address = body->mother.address;
    form->phone = body->mother.phone;
    form->household_class = body->household_class;
    form->note = body->note;
    for (size_t i = 0; i < body->child_count; i++) {
        form->children[form->child_count++] = child_of(&body->children[i]);
    }
    for (size_t i = 0; i < body->consent_count; i++) {
        form->consents[form->consent_count++] = body->consents[i];
    }
    return form;
}

static void render_submitted(void *ctx, struct arena *arena, const void *outcome,
                             struct idem_answer *ret_answer) {
    registration_answer(ctx, arena, 201, outcome, ret_answer);
}

static void submit(struct exchange *x) {
    struct registration_outcome *outcome = arena_new(x->arena, struct registration_outcome);
    exchange_will_render(x, render_submitted);
    enum rc rc = registration_submit(&x->call, form_of(x), outcome);
    exchange_done(x, rc, outcome);
}

static void withdraw(struct exchange *x) {
    struct registration_outcome *outcome = arena_new(x->arena, struct registration_outcome);
    exchange_will_render(x, registration_render);
    enum rc rc = registration_withdraw(&x->call, (struct registration_id){exchange_id(x, "id")}, outcome);
    exchange_done(x, rc, outcome);
}

static void born(struct exchange *x) {
    struct registration_child child = child_of(exchange_body(x));
    struct registration_outcome *outcome = arena_new(x->arena, struct registration_outcome);
    exchange_will_render(x, registration_render);
    enum rc rc = registration_birth(&x->call, (struct registration_id){exchange_id(x, "id")},
                                    (struct child_id){exchange_id(x, "child_id")}, &child, outcome);
    exchange_done(x, rc, outcome);
}

/* ---- reading ---- */

static void put_interviews(struct json_out *json, const struct registration_detail *detail) {
    json_put_array(json, "interviews");
    for (size_t i = 0; i < detail->interview_count; i++) {
        const struct interview_row *row = &detail->interviews[i];
        json_put_object(json, NULL);
        json_put_instant(json, "at", row->at);
        json_put_text(json, "by", row->by_name);
        json_put_text(json, "note", row->note);
        json_put_array(json, "needs");
        struct text rest = row->needs;
        struct text need;
        while (text_next(&rest, ' ', &need)) {
            if (need.n > 0) {
                json_put_text(json, NULL, need);
            }
        }
        json_put_array_end(json);
        json_put_object_end(json);
    }
    json_put_array_end(json);
}

static void put_alike(struct json_out *json, const struct registration_detail *detail) {
    json_put_array(json, "alike");
    for (size_t i = 0; i < detail->alike_count; i++) {
        json_put_id(json, NULL, detail->alike[i].id.n);
    }
    json_put_array_end(json);
}

static void put_grant(struct json_out *json, const struct registration_detail *detail) {
    if (!detail->has_grant) {
        return;
    }
    const struct grant_row *grant = &detail->grant;
    json_put_object(json, "grant");
    json_put_int(json, "number", grant->number);
    json_put_text(json, "household_class", grant->household_class);
    if (!day_is_none(grant->class_proven)) {
        json_put_day(json, "class_proven", grant->class_proven);
    }
    json_put_day(json, "valid_from", grant->valid_from);
    json_put_day(json, "valid_to", grant->valid_to);
    json_put_instant(json, "approved_at", grant->approved_at);
    registration_pools(json, detail);
    json_put_object_end(json);
}

static void answer_detail(struct exchange *x, struct registration_id id) {
    struct query query = eye_of(x);
    struct registration_detail *detail = arena_new(x->arena, struct registration_detail);
    enum rc rc = query_registration(&query, id, detail);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    const struct registration_row *row = &detail->registration;
    if (!api_viewed(x, "registration.view", "registration", row->id.n, row->account)) {
        return;
    }
    struct api_out out;
    struct json_out *json = api_begin(&out, x->arena);
    registration_members(json, row);
    registration_children(json, detail);
    json_put_array(json, "consents");
    for (size_t i = 0; i < detail->consent_count; i++) {
        json_put_text(json, NULL, detail->consents[i]);
    }
    json_put_array_end(json);
    put_grant(json, detail);
    if (query.eye == EYE_CITY) { /* what the coordinator noted is hers */
        put_interviews(json, detail);
        put_alike(json, detail);
    }
    api_etag(x, row->version);
    api_answer(x, 200, &out);
}

static void show(struct exchange *x) {
    answer_detail(x, (struct registration_id){exchange_id(x, "id")});
}

static void show_mine(struct exchange *x) {
    answer_detail(x, (struct registration_id){0});
}

static const struct route rows[] = {
    {HTTP_POST, "/api/v1/registrations", submit, .roles = FOR_RESIDENT, .idempotency = IDEM_ACCEPTED,
     .form = &registration_form_table, .success = 201, .answer = &answer_registered,
     .summary = "Apply, or send the corrected application again"},
    {HTTP_GET, "/api/v1/registrations/mine", show_mine, .roles = FOR_RESIDENT, .cache = CACHE_OWN,
     .answer = &answer_registration, .summary = "One's own, the newest"},
    {HTTP_GET, "/api/v1/registrations/{id}", show, .roles = FOR_RESIDENT | FOR_CITY, .cache = CACHE_OWN,
     .answer = &answer_registration, .summary = "One application with children, consents and grant"},
    {HTTP_POST, "/api/v1/registrations/{id}/withdraw", withdraw, .roles = FOR_RESIDENT,
     .idempotency = IDEM_ACCEPTED, .answer = &answer_registered, .summary = "Withdraw the application"},
    {HTTP_POST, "/api/v1/registrations/{id}/children/{child_id}/birth", born,
     .roles = FOR_RESIDENT | FOR_CITY, .idempotency = IDEM_ACCEPTED, .form = &child_form,
     .answer = &answer_registered, .summary = "The child was born: name, day, weight"},
};
const struct route_table api_registration_routes = ROUTES(rows);
