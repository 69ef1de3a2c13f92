/* A facility's places: capacity and blocks. Nothing is cancelled here: the answer lists who is promised too much. */
#include "query/facilities.h"
#include "service/capacity.h"
#include "web/api/answers.h"
#include "web/api/api.h"
#include "web/eye.h"

struct range_body {
    struct text care;
    struct day from;
    struct day to;
    int64_t number;
    struct text reason;
    const struct text *weekdays;
    size_t weekday_count;
};
#define RANGE_FIELDS                                                                                         \
    {.name = "care",                                                                                         \
     .kind = FIELD_TEXT,                                                                                     \
     .required = true,                                                                                       \
     .max = 40,                                                                                              \
     .offset = offsetof(struct range_body, care)},                                                           \
        {.name = "from", .kind = FIELD_DAY, .required = true, .offset = offsetof(struct range_body, from)},  \
    {                                                                                                        \
        .name = "to", .kind = FIELD_DAY, .required = true, .offset = offsetof(struct range_body, to)         \
    }
static const struct field capacity_fields[] = {
    RANGE_FIELDS,
    {.name = "capacity",
     .kind = FIELD_INT,
     .required = true,
     .max = 500,
     .offset = offsetof(struct range_body, number)},
    {.name = "weekdays",
     .kind = FIELD_TEXTS,
     .max = 7,
     .offset = offsetof(struct range_body, weekdays),
     .count_offset = offsetof(struct range_body, weekday_count),
     .note = "sun mon tue wed thu fri sat; every day when left out"},
};
static const struct form capacity_form = FORM("CapacityAsk", capacity_fields, struct range_body);
static const struct field block_fields[] = {
    RANGE_FIELDS,
    {.name = "beds",
     .kind = FIELD_INT,
     .required = true,
     .min = 1,
     .max = 500,
     .offset = offsetof(struct range_body, number)},
    {.name = "reason", .kind = FIELD_TEXT, .max = 200, .offset = offsetof(struct range_body, reason)},
};
static const struct form block_form = FORM("BlockAsk", block_fields, struct range_body);

static void outcome_members(struct json_out *json, const struct capacity_outcome *outcome) {
    api_id(json, "id", outcome->block);
    json_put_int(json, "days_changed", outcome->days_changed);
    json_put_array(json, "shortfalls");
    for (size_t i = 0; i < outcome->shortfall_count; i++) {
        json_put_id(json, NULL, outcome->shortfalls[i].n);
    }
    json_put_array_end(json);
}

static void render_changed(void *ctx, struct arena *arena, const void *outcome,
                           struct idem_answer *ret_answer) {
    const struct capacity_outcome *changed = outcome;
    if (!api_refused(ctx, arena, &changed->verdict, ret_answer)) {
        struct api_out out;
        outcome_members(api_begin(&out, arena), changed);
        api_render(ret_answer, changed->block != 0 ? 201 : 200, &out);
    }
}

static bool read_weekdays(const struct range_body *body, uint8_t *ret_mask) {
    static const char *const names[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
    unsigned mask = 0;
    for (size_t i = 0; i < body->weekday_count; i++) {
        unsigned before = mask;
        for (unsigned day = 0; day < COUNT(names); day++) {
            mask |= text_is(body->weekdays[i], names[day]) ? 1U << day : 0;
        }
        if (mask == before) {
            return false; /* no weekday, or twice the same */
        }
    }
    *ret_mask = (uint8_t)mask;
    return true;
}

static bool days_ordered(struct exchange *x, const struct range_body *body) {
    if (day_before(body->to, body->from)) {
        api_fail_field(x, "/to", "before-from");
        return false;
    }
    if (day_diff(body->to, body->from) >= CAPACITY_DAYS_MAX) {
        api_fail_field(x, "/to", "too-many-days");
        return false;
    }
    return true;
}

static void set_capacity(struct exchange *x) {
    const struct range_body *body = exchange_body(x);
    struct capacity_ask ask = {.facility = {exchange_id(x, "id")},
                               .care = body->care,
                               .from = body->from,
                               .to = body->to,
                               .capacity = body->number};
    if (!days_ordered(x, body)) {
        return;
    }
    if (!read_weekdays(body, &ask.weekdays)) {
        api_fail_field(x, "/weekdays", "not-choice");
        return;
    }
    struct capacity_outcome *outcome = arena_new(x->arena, struct capacity_outcome);
    exchange_will_render(x, render_changed);
    enum rc rc = capacity_set(&x->call, &ask, outcome);
    exchange_done(x, rc, outcome);
}

static void block(struct exchange *x) {
    const struct range_body *body = exchange_body(x);
    struct block_ask ask = {.facility = {exchange_id(x, "id")},
                            .care = body->care,
                            .from = body->from,
                            .to = body->to,
                            .beds = body->number,
                            .reason = body->reason};
    if (!days_ordered(x, body)) {
        return;
    }
    struct capacity_outcome *outcome = arena_new(x->arena, struct capacity_outcome);
    exchange_will_render(x, render_changed);
    enum rc rc = capacity_block(&x->call, &ask, outcome);
    exchange_done(x, rc, outcome);
}

static void render_lifted(void *ctx, struct arena *arena, const void *outcome,
                          struct idem_answer *ret_answer) {
    const struct capacity_outcome *lifted = outcome;
    if (!api_refused(ctx, arena, &lifted->verdict, ret_answer)) {
        struct api_out out;
        outcome_members(api_begin(&out, arena), lifted);
        api_render(ret_answer, 200, &out);
    }
}

static void unblock(struct exchange *x) {
    struct capacity_outcome *outcome = arena_new(x->arena, struct capacity_outcome);
    exchange_will_render(x, render_lifted);
    enum rc rc = capacity_unblock(&x->call, exchange_id(x, "block_id"), outcome);
    exchange_done(x, rc, outcome);
}

static void list_blocks(struct exchange *x) {
    struct facility_id facility = {exchange_id(x, "id")};
    struct query query = eye_of(x);
    struct block_row *rows = NULL;
    size_t count = 0;
    enum rc rc = x->call.actor.role == ROLE_FACILITY && x->call.actor.facility.n != facility.n
                     ? RC_NONE
                     : query_blocks(&query, facility, instant_day(x->call.now), &rows, &count);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    struct api_out out;
    struct json_out *json = api_begin(&out, x->arena);
    json_put_array(json, "blocks");
    for (size_t i = 0; i < count; i++) {
        json_put_object(json, NULL);
        json_put_id(json, "id", rows[i].id);
        json_put_text(json, "care", rows[i].care);
        json_put_day(json, "from", rows[i].from);
        json_put_day(json, "to", rows[i].to);
        json_put_int(json, "beds", rows[i].beds);
        json_put_text(json, "reason", rows[i].reason);
        json_put_instant(json, "created_at", rows[i].created_at);
        json_put_object_end(json);
    }
    json_put_array_end(json);
    api_answer(x, 200, &out);
}

/* ---- what the days look like ---- */

struct days_query {
    struct text care;
    struct day from;
    struct day to;
};
static const struct field days_fields[] = {
    {.name = "care",
     .kind = FIELD_TEXT,
     .max = 40,
     .offset = offsetof(struct days_query, care),
     .note = "which care; always needed"},
    {.name = "from",
     .kind = FIELD_DAY,
     .offset = offsetof(struct days_query, from),
     .note = "today when left out"},
    {.name = "to",
     .kind = FIELD_DAY,
     .offset = offsetof(struct days_query, to),
     .note = "included; at most 100 days, 31 when left out"},
};
static const struct form days_form = FORM("CapacityQuery", days_fields, struct days_query);

static void put_slot(struct json_out *json, const struct vacancy_row *row) {
    json_put_object(json, NULL);
    json_put_text(json, "care", row->care);
    json_put_day(json, "date", row->day);
    json_put_int(json, "capacity", row->capacity);
    json_put_int(json, "taken", row->taken);
    json_put_int(json, "held", row->held);
    json_put_int(json, "blocked", row->blocked);
    json_put_int(json, "open", row->open);
    json_put_int(json, "shortfall", row->shortfall);
    json_put_object_end(json);
}

/* Foreign and unknown facilities are not there, whatever else is asked. */
static enum rc find_facility(struct exchange *x, struct facility_id id) {
    struct facility_ask which = {.date = DAY_NONE, .month_age = -1, .id = id, .with_suspended = true};
    struct query query = eye_of(x);
    struct facility_row *found;
    size_t count;
    bool foreign = x->call.actor.role == ROLE_FACILITY && x->call.actor.facility.n != id.n;
    return foreign ? RC_NONE : query_facilities(&query, &which, &found, &count);
}

static bool days_asked(struct exchange *x, struct vacancy_ask *ask) {
    const struct days_query *wanted = exchange_query(x);
    ask->care = wanted->care;
    ask->from = day_is_none(wanted->from) ? instant_day(x->call.now) : wanted->from;
    ask->to = day_is_none(wanted->to) ? day_add(ask->from, 30) : wanted->to;
    struct range_body range = {.from = ask->from, .to = ask->to};
    if (ask->care.n == 0) {
        api_fail_field(x, "/care", "missing");
        return false;
    }
    if (days_ordered(x, &range) && day_diff(ask->to, ask->from) >= QUERY_VACANCY_DAYS_MAX) {
        api_fail_field(x, "/to", "too-many-days");
        return false;
    }
    return !day_before(ask->to, ask->from) && day_diff(ask->to, ask->from) < CAPACITY_DAYS_MAX;
}

static void show_days(struct exchange *x) {
    struct vacancy_ask ask = {.facility = {exchange_id(x, "id")}};
    struct query query = eye_of(x);
    struct vacancy_row *rows = NULL;
    size_t count = 0;
    enum rc rc = find_facility(x, ask.facility);
    if (rc == RC_OK && !days_asked(x, &ask)) {
        return;
    }
    rc = rc == RC_OK ? query_vacancies(&query, &ask, &rows, &count) : rc;
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    struct api_out out;
    struct json_out *json = api_begin(&out, x->arena);
    json_put_array(json, "days");
    for (size_t i = 0; i < count; i++) {
        put_slot(json, &rows[i]);
    }
    json_put_array_end(json);
    api_answer(x, 200, &out);
}

static const struct route rows[] = {
    {HTTP_GET, "/api/v1/facilities/{id}/capacity", show_days, .roles = FOR_FACILITY | FOR_CITY,
     .cache = CACHE_OWN, .query = &days_form, .answer = &answer_days,
     .summary = "The days of a care: places, what takes them, and what is promised beyond them"},
    {HTTP_PUT, "/api/v1/facilities/{id}/capacity", set_capacity, .roles = FOR_FACILITY | FOR_CITY,
     .form = &capacity_form, .answer = &answer_capacity,
     .summary = "Set the places of a span of days; lists bookings promised beyond it"},
    {HTTP_POST, "/api/v1/facilities/{id}/blocks", block, .roles = FOR_FACILITY | FOR_CITY,
     .idempotency = IDEM_ACCEPTED, .form = &block_form, .success = 201, .answer = &answer_capacity,
     .summary = "Take beds away for a while, as for a birth; lists bookings promised beyond what is left"},
    {HTTP_GET, "/api/v1/facilities/{id}/blocks", list_blocks, .roles = FOR_FACILITY | FOR_CITY,
     .cache = CACHE_OWN, .answer = &answer_blocks, .summary = "Blocks in force from today on"},
    {HTTP_DELETE, "/api/v1/facilities/{id}/blocks/{block_id}", unblock, .roles = FOR_FACILITY | FOR_CITY,
     .answer = &answer_capacity, .summary = "Give the beds of a block back"},
};
const struct route_table api_capacity_routes = ROUTES(rows);
