/* The waiting list: wishes and the offers made to them. */
#include "query/bookings.h"
#include "service/wait.h"
#include "web/api/answers.h"
#include "web/api/api.h"
#include "web/eye.h"

struct wait_body {
    const struct facility_id *facilities;
    size_t facility_count;
    struct text care;
    struct day from;
    struct day to;
    int64_t nights;
    int mode;
    int64_t notice_hours;
    struct booking_id swap_for;
    struct account_id resident;
};
static const char *const any_word[] = {"any", NULL};
static const char *const modes[] = {"ask", "auto", NULL};
static const struct field wait_fields[] = {
    {.name = "facilities",
     .kind = FIELD_IDS,
     .required = true,
     .max = WAIT_FACILITIES_MAX,
     .offset = offsetof(struct wait_body, facilities),
     .count_offset = offsetof(struct wait_body, facility_count),
     .choices = any_word},
    {.name = "care",
     .kind = FIELD_TEXT,
     .required = true,
     .max = 40,
     .offset = offsetof(struct wait_body, care)},
    {.name = "from", .kind = FIELD_DAY, .required = true, .offset = offsetof(struct wait_body, from)},
    {.name = "to", .kind = FIELD_DAY, .required = true, .offset = offsetof(struct wait_body, to)},
    {.name = "nights",
     .kind = FIELD_INT,
     .max = 60,
     .offset = offsetof(struct wait_body, nights),
     .note = "0 for day care; 0 for a stay: every night from `from` to `to`"},
    {.name = "mode",
     .kind = FIELD_CHOICE,
     .offset = offsetof(struct wait_body, mode),
     .choices = modes,
     .note = "auto books without asking; ask when left out"},
    {.name = "notice_hours",
     .kind = FIELD_INT,
     .max = 336,
     .offset = offsetof(struct wait_body, notice_hours),
     .note = "hours she needs before the use begins"},
    {.name = "swap_for",
     .kind = FIELD_ID,
     .offset = offsetof(struct wait_body, swap_for),
     .note = "the booking to give up for it"},
    {.name = "resident",
     .kind = FIELD_ID,
     .offset = offsetof(struct wait_body, resident),
     .note = "whom it is for: the city's staff must name her, residents leave it out"},
};
static const struct form wait_form = FORM("WaitAsk", wait_fields, struct wait_body);

static void render_wish(void *ctx, struct arena *arena, const void *outcome, struct idem_answer *ret_answer) {
    const struct wait_outcome *wish = outcome;
    struct exchange *x = ctx;
    if (api_refused(x, arena, &wish->verdict, ret_answer)) {
        return;
    }
    struct api_out out;
    struct json_out *json = api_begin(&out, arena);
    json_put_id(json, "id", wish->id.n);
    json_put_text(json, "state", wait_state_code(wish->state));
    api_id(json, "offer", wish->offer.n);
    api_id(json, "booking", wish->booking.n);
    api_render(ret_answer, x->route->success == 0 ? 200 : x->route->success, &out);
}

static void add(struct exchange *x) {
    const struct wait_body *body = exchange_body(x);
    struct wait_ask *ask = arena_new(x->arena, struct wait_ask);
    struct wait_outcome *outcome = arena_new(x->arena, struct wait_outcome);
    if (x->call.actor.role != ROLE_RESIDENT && body->resident.n == 0) {
        api_fail_field(x, "/resident", "missing");
        return;
    }
    *ask = (struct wait_ask){.resident = body->resident,
                             .any_facility = body->facility_count == FORM_ALL,
                             .care = body->care,
                             .from = body->from,
                             .to = body->to,
                             .nights = body->nights == FORM_NO_INT ? 0 : body->nights,
                             .mode = body->mode < 0 ? WAIT_ASK : (enum wait_mode)body->mode,
                             .notice_hours = body->notice_hours == FORM_NO_INT ? 0 : body->notice_hours,
                             .swap_for = body->swap_for};
    for (size_t i = 0; !ask->any_facility && i < body->facility_count; i++) {
        ask->facilities[ask->facility_count++] = body->facilities[i];
    }
    exchange_will_render(x, render_wish);
    enum rc rc = wait_add(&x->call, ask, outcome);
    exchange_done(x, rc, outcome);
}

static void end(struct exchange *x) {
    struct wait_outcome *outcome = arena_new(x->arena, struct wait_outcome);
    exchange_will_render(x, render_wish);
    enum rc rc = wait_close(&x->call, (struct wait_id){exchange_id(x, "id")}, outcome);
    exchange_done(x, rc, outcome);
}

/* ---- offers ---- */

static void render_answered(void *ctx, struct arena *arena, const void *outcome,
                            struct idem_answer *ret_answer) {
    struct exchange *x = ctx;
    const struct offer_outcome *answered = outcome;
    if (api_refused(x, arena, &answered->verdict, ret_answer)) {
        return;
    }
    struct api_out out;
    struct json_out *json = api_begin(&out, arena);
    json_put_id(json, "id", exchange_id(x, "id"));
    json_put_text(json, "state", offer_state_code(answered->state));
    if (answered->booking.n != 0) {
        json_put_id(json, "booking", answered->booking.n);
        json_put_text(json, "booking_state", booking_state_code(answered->booking_state));
        api_instant(json, "answer_by", answered->answer_by);
    }
    api_render(ret_answer, 200, &out);
}

typedef enum rc (*offer_fn)(struct call *call, struct offer_id id, struct offer_outcome *ret_outcome);

static void answer_offer(struct exchange *x, offer_fn fn) {
    struct offer_outcome *outcome = arena_new(x->arena, struct offer_outcome);
    exchange_will_render(x, render_answered);
    enum rc rc = fn(&x->call, (struct offer_id){exchange_id(x, "id")}, outcome);
    exchange_done(x, rc, outcome);
}

static void accept(struct exchange *x) {
    answer_offer(x, offer_accept);
}

static void decline(struct exchange *x) {
    answer_offer(x, offer_decline);
}

/* ---- reading ---- */

struct list_query {
    struct text state;
    int64_t limit;
    int64_t after;
};
static const struct field list_fields[] = {
    {.name = "state", .kind = FIELD_TEXT, .max = 20, .offset = offsetof(struct list_query, state)},
    API_PAGE_FIELDS(struct list_query),
};
static const struct form list_form = FORM("WaitList", list_fields, struct list_query);
static const struct field offer_fields[] = {
    {.name = "state", .kind = FIELD_TEXT, .max = 20, .offset = offsetof(struct list_query, state)},
    API_PAGE_FIELDS(struct list_query),
};
static const struct form offer_form = FORM("OfferList", offer_fields, struct list_query);

static void put_wait(struct json_out *json, const struct exchange *x, const struct wait_row *row) {
    json_put_object(json, NULL);
    json_put_id(json, "id", row->id.n);
    json_put_text(json, "state", row->state);
    json_put_text(json, "care", row->care);
    json_put_day(json, "from", row->from);
    json_put_day(json, "to", row->to);
    json_put_int(json, "nights", row->nights);
    json_put_bool(json, "any_facility", row->any_facility);
    api_text(json, "facility_names", row->facility_names);
    json_put_text(json, "mode", row->mode);
    json_put_int(json, "notice_hours", row->notice_hours);
    api_id(json, "swap_for", row->swap_for.n);
    api_text(json, "closed_why", row->closed_why);
    json_put_instant(json, "created_at", row->created_at);
    if (eye_of(x).eye == EYE_CITY) {
        json_put_id(json, "resident", row->account.n);
        api_text(json, "name", row->mother_name);
    }
    json_put_object_end(json);
}

static void list(struct exchange *x) {
    const struct list_query *wanted = exchange_query(x);
    struct query query = eye_of(x);
    struct query_page page = api_page(wanted->limit, wanted->after);
    struct wait_row *rows = NULL;
    size_t count = 0;
    enum rc rc = query_waits(&query, wanted->state, &page, &rows, &count);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    if (query.eye == EYE_CITY && !api_viewed_many(x, "wait.list", "wait", count)) {
        return;
    }
    struct api_out out;
    struct json_out *json = api_begin(&out, x->arena);
    json_put_array(json, "waits");
    for (size_t i = 0; i < count; i++) {
        put_wait(json, x, &rows[i]);
    }
    json_put_array_end(json);
    api_next(json, &page, count, count == 0 ? 0 : rows[count - 1].id.n);
    api_answer(x, 200, &out);
}

static void put_offer(struct json_out *json, const struct offer_row *row) {
    json_put_object(json, NULL);
    json_put_id(json, "id", row->id.n);
    json_put_id(json, "wait", row->wait.n);
    json_put_text(json, "state", row->state);
    json_put_id(json, "facility", row->facility.n);
    json_put_text(json, "facility_name", row->facility_name);
    json_put_text(json, "care", row->care);
    json_put_day(json, "start", row->start);
    json_put_day(json, "end", row->end);
    json_put_instant(json, "created_at", row->created_at);
    json_put_instant(json, "expires_at", row->expires_at);
    api_instant(json, "answered_at", row->answered_at);
    api_id(json, "booking", row->booking.n);
    json_put_object_end(json);
}

static void list_offers(struct exchange *x) {
    const struct list_query *wanted = exchange_query(x);
    struct query query = eye_of(x);
    struct query_page page = api_page(wanted->limit, wanted->after);
    struct offer_row *rows = NULL;
    size_t count = 0;
    enum rc rc = query_offers(&query, (struct offer_id){0}, wanted->state, &page, &rows, &count);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    struct api_out out;
    struct json_out *json = api_begin(&out, x->arena);
    json_put_array(json, "offers");
    for (size_t i = 0; i < count; i++) {
        put_offer(json, &rows[i]);
    }
    json_put_array_end(json);
    api_next(json, &page, count, count == 0 ? 0 : rows[count - 1].id.n);
    api_answer(x, 200, &out);
}

static const struct route rows[] = {
    {HTTP_POST, "/api/v1/waits", add, .roles = FOR_RESIDENT | FOR_CITY, .idempotency = IDEM_REQUIRED,
     .form = &wait_form, .success = 201, .answer = &answer_wished, .summary = "Wait for a place"},
    {HTTP_GET, "/api/v1/waits", list, .roles = FOR_RESIDENT | FOR_FACILITY | FOR_CITY, .cache = CACHE_OWN,
     .query = &list_form, .answer = &answer_waits,
     .summary = "Wishes: one's own, newest first; the queue in its order for the city"},
    {HTTP_POST, "/api/v1/waits/{id}/close", end, .roles = FOR_RESIDENT | FOR_CITY,
     .idempotency = IDEM_REQUIRED, .answer = &answer_wished, .summary = "Leave the waiting list"},
    {HTTP_GET, "/api/v1/offers", list_offers, .roles = FOR_RESIDENT, .cache = CACHE_OWN, .query = &offer_form,
     .answer = &answer_offers, .summary = "Places held for her until expires_at"},
    {HTTP_POST, "/api/v1/offers/{id}/accept", accept, .roles = FOR_RESIDENT, .idempotency = IDEM_ACCEPTED,
     .answer = &answer_offered, .summary = "Take the place"},
    {HTTP_POST, "/api/v1/offers/{id}/decline", decline, .roles = FOR_RESIDENT, .idempotency = IDEM_ACCEPTED,
     .answer = &answer_offered, .summary = "Leave the place to the next"},
};
const struct route_table api_wait_routes = ROUTES(rows);
