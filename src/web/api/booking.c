/* Prices, new bookings, changes, and bookings as their owners, the facility and the city see them. */
#include "profile/answer.h"
#include "web/api/answers.h"
#include "web/api/booking_json.h"
#include "web/eye.h"

struct booking_body {
    struct facility_id facility;
    struct text care;
    struct day start;
    struct day end;
    struct text message;
    struct account_id resident;
    struct booking_id change_of;
    struct text *exclusions;
    size_t exclusion_count;
};
#define PLACE_FIELDS                                                                                         \
    {.name = "facility",                                                                                     \
     .kind = FIELD_ID,                                                                                       \
     .required = true,                                                                                       \
     .offset = offsetof(struct booking_body, facility)},                                                     \
        {.name = "care",                                                                                     \
         .kind = FIELD_TEXT,                                                                                 \
         .required = true,                                                                                   \
         .max = 40,                                                                                          \
         .offset = offsetof(struct booking_body, care)},                                                     \
        {.name = "start",                                                                                    \
         .kind = FIELD_DAY,                                                                                  \
         .required = true,                                                                                   \
         .offset = offsetof(struct booking_body, start),                                                     \
         .note = "first calendar day"},                                                                      \
    {                                                                                                        \
        .name = "end", .kind = FIELD_DAY, .required = true, .offset = offsetof(struct booking_body, end),    \
        .note = "last calendar day; equal to start for day care"                                             \
    }
#define RESIDENT_FIELD                                                                                       \
    {                                                                                                        \
        .name = "resident", .kind = FIELD_ID, .offset = offsetof(struct booking_body, resident),             \
        .note = "whom it is for: the city's staff must name her, residents leave it out"                     \
    }
#define MESSAGE_FIELD                                                                                        \
    {                                                                                                        \
        .name = "message", .kind = FIELD_LINES, .max = 1000,                                                 \
        .offset = offsetof(struct booking_body, message), .note = "to the facility: allergies, wishes"       \
    }
#define EXCLUSIONS_FIELD                                                                                     \
    {                                                                                                        \
        .name = "exclusions", .kind = FIELD_TEXTS, .max = PROGRAMME_EXCLUSIONS_MAX,                          \
        .offset = offsetof(struct booking_body, exclusions),                                                 \
        .count_offset = offsetof(struct booking_body, exclusion_count),                                      \
        .note = "codes of GET /city that apply: any is refused, and none is stored"                          \
    }
#define CHANGE_FIELD                                                                                         \
    {                                                                                                        \
        .name = "change_of", .kind = FIELD_ID, .offset = offsetof(struct booking_body, change_of),           \
        .note = "the price of changing this booking, with what giving it up late costs"                      \
    }
static const struct field quote_fields[] = {PLACE_FIELDS, RESIDENT_FIELD, CHANGE_FIELD, EXCLUSIONS_FIELD};
static const struct form quote_form = FORM("QuoteAsk", quote_fields, struct booking_body);
static const struct field booking_fields[] = {PLACE_FIELDS, MESSAGE_FIELD, RESIDENT_FIELD, EXCLUSIONS_FIELD};
static const struct form booking_form = FORM("BookingAsk", booking_fields, struct booking_body);
static const struct field change_fields[] = {PLACE_FIELDS, MESSAGE_FIELD, EXCLUSIONS_FIELD};
static const struct form change_form = FORM("BookingChange", change_fields, struct booking_body);

static struct book_ask ask_of(const struct exchange *x) {
    const struct booking_body *body = exchange_body(x);
    return (struct book_ask){.resident = body->resident,
                             .facility = body->facility,
                             .care = body->care,
                             .start = body->start,
                             .end = body->end,
                             .message = body->message,
                             .change_of = body->change_of,
                             .exclusions = body->exclusions,
                             .exclusion_count = body->exclusion_count};
}

/* Codes of the version valid on the first day. */
static bool exclusions_known(struct exchange *x, const struct book_ask *ask) {
    const struct programme *programme = programme_at(x->call.city->rules, ask->start);
    struct facts *facts = arena_new(x->arena, struct facts);
    for (size_t i = 0; programme != NULL && i < ask->exclusion_count; i++) {
        if (!facts_exclude(facts, programme, ask->exclusions[i])) {
            struct text pointer = text_printf(x->arena, "/exclusions/%zu", i);
            api_fail_field(x, pointer.p, "not-choice");
            return false;
        }
    }
    return true;
}

/* The city acts for somebody and must say for whom. */
static bool names_resident(struct exchange *x, const struct book_ask *ask) {
    bool city = x->call.actor.role != ROLE_RESIDENT;
    if (city && ask->resident.n == 0 && ask->change_of.n == 0) {
        api_fail_field(x, "/resident", "missing");
        return false;
    }
    return true;
}

/* ---- quotes ---- */

static void quote(struct exchange *x) {
    struct book_ask ask = ask_of(x);
    struct book_quote *found = arena_new(x->arena, struct book_quote);
    if (!names_resident(x, &ask) || !exclusions_known(x, &ask)) {
        return;
    }
    enum rc rc = book_quote(&x->call, &ask, found);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    /* It tells the city what she has left, and what stands in her way. */
    if (x->call.actor.role != ROLE_RESIDENT &&
        !api_viewed(x, "quote.view", "account", ask.resident.n, ask.resident)) {
        return;
    }
    struct api_out out;
    quote_write(api_begin(&out, x->arena), x->arena, &found->quote);
    api_answer(x, 200, &out);
}

/* ---- booking and changing ---- */

static void render_booked(void *ctx, struct arena *arena, const void *outcome,
                          struct idem_answer *ret_answer) {
    booking_answer(ctx, arena, 201, outcome, ret_answer);
}

static void send_request(struct exchange *x, const struct book_ask *ask) {
    struct book_outcome *outcome = arena_new(x->arena, struct book_outcome);
    exchange_will_render(x, render_booked);
    enum rc rc = book_request(&x->call, ask, outcome);
    exchange_done(x, rc, outcome);
}

static void book(struct exchange *x) {
    struct book_ask ask = ask_of(x);
    if (names_resident(x, &ask) && exclusions_known(x, &ask)) {
        send_request(x, &ask);
    }
}

/* By a facility: a proposal, which the resident answers. */
static void change(struct exchange *x) {
    struct book_ask ask = ask_of(x);
    ask.change_of.n = exchange_id(x, "id");
    if (exclusions_known(x, &ask)) {
        send_request(x, &ask);
    }
}

/* ---- reading ---- */

struct list_query {
    struct text state;
    struct text care;
    struct day from;
    struct day to;
    struct facility_id facility;
    struct account_id resident;
    int order;
    int64_t limit;
    int64_t after;
};
static const char *const orders[] = {"newest", "answer", "start", NULL};
static const struct field list_fields[] = {
    {.name = "state", .kind = FIELD_TEXT, .max = 20, .offset = offsetof(struct list_query, state)},
    {.name = "care", .kind = FIELD_TEXT, .max = 40, .offset = offsetof(struct list_query, care)},
    {.name = "from", .kind = FIELD_DAY, .offset = offsetof(struct list_query, from)},
    {.name = "to", .kind = FIELD_DAY, .offset = offsetof(struct list_query, to)},
    {.name = "facility", .kind = FIELD_ID, .offset = offsetof(struct list_query, facility)},
    {.name = "resident", .kind = FIELD_ID, .offset = offsetof(struct list_query, resident)},
    {.name = "order", .kind = FIELD_CHOICE, .offset = offsetof(struct list_query, order), .choices = orders},
    API_PAGE_FIELDS(struct list_query),
};
static const struct form list_form = FORM("BookingList", list_fields, struct list_query);

static void list(struct exchange *x) {
    const struct list_query *wanted = exchange_query(x);
    struct booking_ask ask = {.account = wanted->resident,
                              .facility = wanted->facility,
                              .state = wanted->state,
                              .care = wanted->care,
                              .from = wanted->from,
                              .to = wanted->to,
                              .oldest_answer_first = wanted->order == 1,
                              .by_start = wanted->order == 2};
    struct query query = eye_of(x);
    struct query_page page = api_page(wanted->limit, wanted->after);
    struct booking_row *rows = NULL;
    size_t count = 0;
    enum rc rc = query_bookings(&query, &ask, &page, &rows, &count);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    if (!api_viewed_many(x, "booking.list", "booking", count)) {
        return;
    }
    struct api_out out;
    struct json_out *json = api_begin(&out, x->arena);
    json_put_array(json, "bookings");
    for (size_t i = 0; i < count; i++) {
        json_put_object(json, NULL);
        booking_members(json, x, &rows[i]);
        json_put_object_end(json);
    }
    json_put_array_end(json);
    api_next(json, &page, count, count == 0 ? 0 : rows[count - 1].id.n);
    api_answer(x, 200, &out);
}

static void put_lines(struct json_out *json, const struct booking_detail *detail) {
    json_put_array(json, "lines");
    for (size_t i = 0; i < detail->line_count; i++) {
        const struct booking_line_row *line = &detail->lines[i];
        json_put_object(json, NULL);
        json_put_text(json, "what", line->what);
        json_put_text(json, "name", line->name);
        json_put_int(json, "units", line->units);
        json_put_int(json, "each", line->each.n);
        json_put_int(json, "amount", line->amount.n);
        json_put_object_end(json);
    }
    json_put_array_end(json);
}

static void put_events(struct json_out *json, const struct booking_detail *detail) {
    json_put_array(json, "events");
    for (size_t i = 0; i < detail->event_count; i++) {
        const struct booking_event_row *event = &detail->events[i];
        json_put_object(json, NULL);
        json_put_instant(json, "at", event->at);
        json_put_text(json, "by", event->actor_role);
        json_put_text(json, "event", event->event);
        api_text(json, "from", event->from_state);
        json_put_text(json, "to", event->to_state);
        api_text(json, "reason", event->reason);
        json_put_object_end(json);
    }
    json_put_array_end(json);
}

static void put_children(struct json_out *json, const struct booking_detail *detail) {
    json_put_array(json, "children");
    for (size_t i = 0; i < detail->child_count; i++) {
        const struct booking_child_row *child = &detail->children[i];
        json_put_object(json, NULL);
        api_text(json, "name", child->name);
        api_day(json, "birth_date", child->birth_date);
        api_day(json, "due_date", child->due_date);
        json_put_object_end(json);
    }
    json_put_array_end(json);
}

static void show(struct exchange *x) {
    struct query query = eye_of(x);
    struct booking_detail *detail = arena_new(x->arena, struct booking_detail);
    enum rc rc = query_booking(&query, (struct booking_id){exchange_id(x, "id")}, detail);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    const struct booking_row *row = &detail->booking;
    if (!api_viewed(x, "booking.view", "booking", row->id.n, row->account)) {
        return;
    }
    struct api_out out;
    struct json_out *json = api_begin(&out, x->arena);
    booking_members(json, x, row);
    put_lines(json, detail);
    put_events(json, detail);
    put_children(json, detail);
    api_etag(x, row->version);
    api_answer(x, 200, &out);
}

static const struct route rows[] = {
    {HTTP_POST, "/api/v1/quotes", quote, .roles = FOR_RESIDENT | FOR_CITY, .form = &quote_form,
     .answer = &answer_quote, .summary = "What a use would count and cost, and every reason why not",
     .unkeyed = "nothing changes"},
    {HTTP_POST, "/api/v1/bookings", book, .roles = FOR_RESIDENT | FOR_CITY, .idempotency = IDEM_REQUIRED,
     .form = &booking_form, .success = 201, .answer = &answer_booked,
     .summary = "Book; 409 `full` names the wait that could be made"},
    {HTTP_GET, "/api/v1/bookings", list, .roles = FOR_RESIDENT | FOR_FACILITY | FOR_CITY, .cache = CACHE_OWN,
     .query = &list_form, .answer = &answer_bookings,
     .summary = "Bookings: one's own, the facility's own, all for the city"},
    {HTTP_GET, "/api/v1/bookings/{id}", show, .roles = FOR_RESIDENT | FOR_FACILITY | FOR_CITY,
     .cache = CACHE_OWN, .class = CLASS_BOOKING, .answer = &answer_booking,
     .summary = "One booking with its price lines and history"},
    {HTTP_POST, "/api/v1/bookings/{id}/change", change, .roles = FOR_RESIDENT | FOR_FACILITY | FOR_CITY,
     .idempotency = IDEM_REQUIRED, .form = &change_form, .success = 201, .answer = &answer_booked,
     .summary =
         "Another place or time: the old booking stands until the new one is certain; by the facility it is"
         " a proposal that the resident answers"},
};
const struct route_table api_booking_routes = ROUTES(rows);
