/* Statistics and claims. */
#include "query/figures.h"
#include "web/api/answers.h"
#include "web/api/api.h"
#include "web/eye.h"

/* ---- uses by fiscal year ---- */

struct usage_query {
    int64_t from_fy;
    int64_t to_fy;
};
static const struct field usage_fields[] = {
    {.name = "from_fy",
     .kind = FIELD_INT,
     .min = 1990,
     .max = 2199,
     .offset = offsetof(struct usage_query, from_fy),
     .note = "fiscal year, April to March; six years before to_fy when left out"},
    {.name = "to_fy",
     .kind = FIELD_INT,
     .min = 1990,
     .max = 2199,
     .offset = offsetof(struct usage_query, to_fy),
     .note = "this one when left out"},
};
static const struct form usage_form = FORM("UsageQuery", usage_fields, struct usage_query);

enum { USAGE_CARES_MAX = 32 };

/* Every care of any version, in the order in which they came. */
static size_t all_cares(const struct programme_set *set, struct text rows[USAGE_CARES_MAX]) {
    size_t count = 0;
    for (int32_t v = 0; set != NULL && v < set->count; v++) {
        const struct programme *programme = set->versions[v];
        for (int32_t c = 0; c < programme->care_count; c++) {
            bool known = false;
            for (size_t i = 0; i < count; i++) {
                known = known || text_eq(rows[i], programme->cares[c].code);
            }
            if (!known && count < USAGE_CARES_MAX) {
                rows[count++] = programme->cares[c].code;
            }
        }
    }
    return count;
}

static void put_usage(struct json_out *json, const struct usage_row *row) {
    json_put_object(json, NULL);
    json_put_int(json, "fiscal_year", row->fiscal_year);
    json_put_text(json, "era", row->era);
    json_put_text(json, "care", row->care);
    json_put_int(json, "uses", row->uses);
    if (row->persons < 0) {
        json_put_null(json, "persons");
    } else {
        json_put_int(json, "persons", row->persons);
    }
    if (row->units < 0) {
        json_put_null(json, "units");
    } else {
        json_put_int(json, "units", row->units);
    }
    json_put_bool(json, "expected", row->expected);
    json_put_int(json, "imported", row->imported);
    json_put_object_end(json);
}

static void usage(struct exchange *x) {
    const struct usage_query *wanted = exchange_query(x);
    struct text cares[USAGE_CARES_MAX];
    int64_t this_year = day_fiscal_year(instant_day(x->call.now));
    struct usage_ask ask = {.to_fy = wanted->to_fy == FORM_NO_INT ? this_year : wanted->to_fy,
                            .cares = cares};
    ask.from_fy = wanted->from_fy == FORM_NO_INT ? ask.to_fy - 6 : wanted->from_fy;
    ask.care_count = all_cares(x->call.city->rules, cares);
    if (ask.from_fy > ask.to_fy || ask.to_fy - ask.from_fy >= QUERY_YEARS_MAX) {
        api_fail_field(x, "/to_fy", ask.from_fy > ask.to_fy ? "before-from" : "too-many-years");
        return;
    }
    struct query query = eye_of(x);
    struct usage_row *rows = NULL;
    size_t count = 0;
    enum rc rc = query_usage(&query, &ask, &rows, &count);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    struct api_out out;
    struct json_out *json = api_begin(&out, x->arena);
    json_put_array(json, "rows");
    for (size_t i = 0; i < count; i++) {
        put_usage(json, &rows[i]);
    }
    json_put_array_end(json);
    api_answer(x, 200, &out);
}

/* ---- claims ---- */

struct claim_query {
    struct day month;
};
static const struct field claim_fields[] = {
    {.name = "month", .kind = FIELD_MONTH, .required = true, .offset = offsetof(struct claim_query, month)},
};
static const struct form claim_form = FORM("ClaimQuery", claim_fields, struct claim_query);

static void put_claim(struct json_out *json, const struct claim_row *row) {
    json_put_object(json, NULL);
    json_put_id(json, "booking", row->booking.n);
    json_put_id(json, "facility", row->facility.n);
    json_put_text(json, "facility_name", row->facility_name);
    json_put_text(json, "care", row->care);
    json_put_day(json, "start", row->start);
    json_put_day(json, "end", row->end);
    json_put_text(json, "state", row->state);
    json_put_int(json, "units", row->units);
    json_put_int(json, "unit_price", row->unit_price.n);
    json_put_int(json, "additions", row->additions.n);
    json_put_int(json, "total", row->total.n);
    json_put_int(json, "resident_share", row->resident_share.n);
    json_put_int(json, "city_share", row->city_share.n);
    json_put_object_end(json);
}

static void put_sums(struct json_out *json, const struct claim_row *rows, size_t count) {
    int64_t units = 0;
    int64_t total = 0;
    int64_t resident = 0;
    int64_t city = 0;
    for (size_t i = 0; i < count; i++) {
        units += rows[i].units;
        total += rows[i].total.n;
        resident += rows[i].resident_share.n;
        city += rows[i].city_share.n;
    }
    json_put_object(json, "sum");
    json_put_int(json, "count", (int64_t)count);
    json_put_int(json, "units", units);
    json_put_int(json, "total", total);
    json_put_int(json, "resident_share", resident);
    json_put_int(json, "city_share", city);
    json_put_object_end(json);
}

static void claims(struct exchange *x) {
    const struct claim_query *wanted = exchange_query(x);
    struct query query = eye_of(x);
    struct claim_row *rows = NULL;
    size_t count = 0;
    enum rc rc = query_claims(&query, wanted->month, &rows, &count);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    struct api_out out;
    struct json_out *json = api_begin(&out, x->arena);
    json_put_text(json, "month", text_part(day_format(x->arena, wanted->month), 0, 7));
    json_put_array(json, "claims");
    for (size_t i = 0; i < count; i++) {
        put_claim(json, &rows[i]);
    }
    json_put_array_end(json);
    put_sums(json, rows, count);
    api_answer(x, 200, &out);
}

static const struct route routes[] = {
    {HTTP_GET, "/api/v1/statistics/usage", usage, .roles = FOR_CITY, .class = CLASS_EXPORT,
     .query = &usage_form, .answer = &answer_usage,
     .summary = "Uses, persons and units by fiscal year and care"},
    {HTTP_GET, "/api/v1/claims", claims, .roles = FOR_FACILITY | FOR_CITY, .class = CLASS_EXPORT,
     .query = &claim_form, .answer = &answer_claims, .summary = "A month's claims, a line per booking"},
};
const struct route_table api_figure_routes = ROUTES(routes);
