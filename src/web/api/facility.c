/* The facilities: search, one, and its own page edited by its staff. */
#include "sys/textkey.h"
#include "web/api/answers.h"
#include "web/api/api.h"
#include "web/api/facility_json.h"
#include "web/eye.h"
#include "web/facility_form.h"

static void put_care(struct json_out *json, const struct facility_care_row *care) {
    json_put_object(json, NULL);
    json_put_text(json, "care", care->care);
    if (care->age_months_max > 0) {
        json_put_int(json, "age_months_max", care->age_months_max);
    }
    if (care->price.n >= 0) {
        json_put_int(json, "price", care->price.n);
    }
    if (care->answer_hours >= 0) {
        json_put_int(json, "answer_hours", care->answer_hours);
    }
    api_text(json, "lapse_to", care->lapse_to);
    json_put_object_end(json);
}

void facility_members(struct json_out *json, const struct facility_row *row) {
    json_put_id(json, "id", row->id.n);
    json_put_text(json, "code", row->about.code);
    json_put_text(json, "name", row->about.name);
    json_put_text(json, "kana", row->about.kana);
    json_put_text(json, "kind", row->about.kind);
    json_put_text(json, "ward", row->about.ward);
    json_put_text(json, "postal_code", row->about.postal_code);
    json_put_text(json, "address", row->about.address);
    json_put_text(json, "phone", row->words.phone);
    api_text(json, "introduction", row->words.introduction);
    api_text(json, "access", row->words.access);
    api_text(json, "bring", row->words.bring);
    json_put_bool(json, "multiples", row->words.multiples);
    json_put_bool(json, "siblings", row->words.siblings);
    json_put_bool(json, "partner", row->words.partner);
    if (row->suspended) {
        json_put_bool(json, "suspended", true);
    }
    json_put_array(json, "cares");
    for (size_t i = 0; i < row->care_count; i++) {
        put_care(json, &row->cares[i]);
    }
    json_put_array_end(json);
    json_put_int(json, "version", row->version);
}

/* ---- reading ---- */

struct search_query {
    struct text care;
    struct day date;
    struct text ward;
    struct text q;
    bool multiples;
    int64_t month_age;
    int64_t limit;
    int64_t after;
};
static const struct field search_fields[] = {
    {.name = "care", .kind = FIELD_TEXT, .max = 40, .offset = offsetof(struct search_query, care)},
    {.name = "date",
     .kind = FIELD_DAY,
     .offset = offsetof(struct search_query, date),
     .note = "with an open place on that day"},
    {.name = "ward", .kind = FIELD_TEXT, .max = 40, .offset = offsetof(struct search_query, ward)},
    {.name = "q",
     .kind = FIELD_TEXT,
     .max = 100,
     .offset = offsetof(struct search_query, q),
     .note = "words of name or address"},
    {.name = "multiples", .kind = FIELD_BOOL, .offset = offsetof(struct search_query, multiples)},
    {.name = "month_age",
     .kind = FIELD_INT,
     .max = 36,
     .offset = offsetof(struct search_query, month_age),
     .note = "of the infant, completed months"},
    API_PAGE_FIELDS(struct search_query),
};
static const struct form search_form = FORM("FacilitySearch", search_fields, struct search_query);

static const struct programme *programme_today(const struct exchange *x) {
    const struct programme_set *rules = x->call.city->rules;
    return rules == NULL ? NULL : programme_at(rules, instant_day(x->call.now));
}

/* Where the page after the facility `after` begins; after one that is not among them nothing follows. A city's facilities
 * are few: unlike other lists all are found, and all are answered when nobody asks for less. */
static size_t after_index(const struct facility_row *rows, size_t count, int64_t after) {
    size_t i = 0;
    while (after != 0 && i < count && rows[i].id.n != after) {
        i++;
    }
    return after != 0 && i < count ? i + 1 : i;
}

static void list(struct exchange *x) {
    const struct search_query *wanted = exchange_query(x);
    struct facility_ask ask = {.care = wanted->care,
                               .date = wanted->date,
                               .ward = wanted->ward,
                               .text_key = textkey_search(x->arena, wanted->q),
                               .multiples = wanted->multiples,
                               .month_age = wanted->month_age == FORM_NO_INT ? -1 : wanted->month_age,
                               .programme = programme_today(x)};
    struct query query = eye_of(x);
    struct facility_row *found = NULL;
    size_t count = 0;
    enum rc rc = query_facilities(&query, &ask, &found, &count);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    size_t from = after_index(found, count, wanted->after);
    size_t to = wanted->limit != FORM_NO_INT && (size_t)wanted->limit < count - from
                    ? from + (size_t)wanted->limit
                    : count;
    struct api_out out;
    struct json_out *json = api_begin(&out, x->arena);
    json_put_array(json, "facilities");
    for (size_t i = from; i < to; i++) {
        json_put_object(json, NULL);
        facility_members(json, &found[i]);
        json_put_object_end(json);
    }
    json_put_array_end(json);
    if (to < count) {
        json_put_id(json, "next", found[to - 1].id.n);
    }
    api_answer(x, 200, &out);
}

static void show(struct exchange *x) {
    struct facility_ask ask = {
        .date = DAY_NONE, .month_age = -1, .id = {exchange_id(x, "id")}, .with_suspended = true};
    struct query query = eye_of(x);
    struct facility_row *found = NULL;
    size_t count = 0;
    enum rc rc = query_facilities(&query, &ask, &found, &count);
    if (rc != RC_OK || count == 0) {
        exchange_failed(x, rc == RC_OK ? RC_NONE : rc);
        return;
    }
    struct api_out out;
    facility_members(api_begin(&out, x->arena), &found[0]);
    api_etag(x, found[0].version);
    api_answer(x, 200, &out);
}

/* ---- its own page ---- */

static const struct field edit_fields[] = {
    FACILITY_WORDS_FIELDS(struct facility_edit, ""),
    {.name = "suspended",
     .kind = FIELD_BOOL,
     .offset = offsetof(struct facility_edit, suspended),
     .note = "by the city's admin only"},
};
static const struct form edit_form = FORM("FacilityEdit", edit_fields, struct facility_edit);

static void render_edited(void *ctx, struct arena *arena, const void *outcome,
                          struct idem_answer *ret_answer) {
    struct exchange *x = ctx;
    const struct capacity_outcome *edited = outcome;
    if (!api_refused(x, arena, &edited->verdict, ret_answer)) {
        struct api_out out;
        json_put_id(api_begin(&out, arena), "id", exchange_id(x, "id"));
        api_render(ret_answer, 200, &out);
    }
}

static void edit(struct exchange *x) {
    struct facility_edit wanted = *(const struct facility_edit *)exchange_body(x);
    wanted.facility.n = exchange_id(x, "id");
    wanted.version = exchange_version(x);
    struct capacity_outcome *outcome = arena_new(x->arena, struct capacity_outcome);
    exchange_will_render(x, render_edited);
    enum rc rc = facility_change(&x->call, &wanted, outcome);
    exchange_done(x, rc, outcome);
}

static const struct route rows[] = {
    {HTTP_GET, "/api/v1/facilities", list, .roles = FOR_ALL, .cache = CACHE_CITY, .query = &search_form,
     .answer = &answer_facilities, .summary = "Facilities, by reading of their names"},
    {HTTP_GET, "/api/v1/facilities/{id}", show, .roles = FOR_ALL, .answer = &answer_facility,
     .summary = "One facility"},
    {HTTP_PUT, "/api/v1/facilities/{id}", edit, .roles = FOR_FACILITY | FOR_CITY_ADMIN, .form = &edit_form,
     .answer = &answer_thing, .summary = "The facility's words and limits"},
};
const struct route_table api_facility_routes = ROUTES(rows);
