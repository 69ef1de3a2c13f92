/* GET /vacancies: what is free, for everybody, answered from the page cache while nothing was committed. */
#include "query/facilities.h"
#include "web/api/answers.h"
#include "web/api/api.h"
#include "web/eye.h"

struct vacancy_query {
    struct text care;
    struct day from;
    struct day to;
    struct facility_id facility;
};
static const struct field vacancy_fields[] = {
    {.name = "care",
     .kind = FIELD_TEXT,
     .required = true,
     .max = 40,
     .offset = offsetof(struct vacancy_query, care)},
    {.name = "from", .kind = FIELD_DAY, .required = true, .offset = offsetof(struct vacancy_query, from)},
    {.name = "to",
     .kind = FIELD_DAY,
     .required = true,
     .offset = offsetof(struct vacancy_query, to),
     .note = "included; at most 100 days"},
    {.name = "facility", .kind = FIELD_ID, .offset = offsetof(struct vacancy_query, facility)},
};
static const struct form vacancy_form = FORM("VacancyQuery", vacancy_fields, struct vacancy_query);

static void put_day(struct json_out *json, const struct vacancy_row *row, const char *mark) {
    json_put_object(json, NULL);
    json_put_id(json, "facility", row->facility.n);
    json_put_text(json, "care", row->care);
    json_put_day(json, "date", row->day);
    json_put_int(json, "capacity", row->capacity);
    json_put_int(json, "open", row->open);
    json_put_text(json, "mark", text_of(mark));
    json_put_object_end(json);
}

struct vacancies {
    const struct vacancy_query *wanted;
    const struct vacancy_row *rows;
    size_t count;
    const struct facility_row *facilities;
    size_t facility_count;
};

static const struct vacancy_row *row_at(const struct vacancies *v, struct facility_id facility,
                                        struct day day, size_t *from) {
    for (size_t i = *from; i < v->count; i++) {
        if (v->rows[i].facility.n == facility.n && day_eq(v->rows[i].day, day)) {
            *from = i + 1;
            return &v->rows[i];
        }
    }
    return NULL;
}

/* Every day of every facility that offers the care; a day that nobody opened is closed. Rows come by facility, then
 * day, so that each search goes on where the last one ended. */
static void put_days(struct json_out *json, const struct vacancies *v) {
    size_t from = 0;
    json_put_array(json, "days");
    for (size_t f = 0; f < v->facility_count; f++) {
        const struct facility_row *facility = &v->facilities[f];
        for (struct day day = v->wanted->from; !day_before(v->wanted->to, day); day = day_add(day, 1)) {
            struct vacancy_row none = {.facility = facility->id, .care = v->wanted->care, .day = day};
            const struct vacancy_row *row = row_at(v, facility->id, day, &from);
            put_day(json, row == NULL ? &none : row,
                    row == NULL ? "closed" : vacancy_mark_code(vacancy_mark(row)));
        }
    }
    json_put_array_end(json);
}

static bool days_good(struct exchange *x, const struct vacancy_query *wanted) {
    if (day_before(wanted->to, wanted->from)) {
        api_fail_field(x, "/to", "before-from");
        return false;
    }
    if (day_diff(wanted->to, wanted->from) >= QUERY_VACANCY_DAYS_MAX) {
        api_fail_field(x, "/to", "too-many-days");
        return false;
    }
    const struct programme_set *rules = x->call.city->rules;
    const struct programme *programme = rules == NULL ? NULL : programme_at(rules, wanted->to);
    if (programme == NULL || programme_care(programme, wanted->care) < 0) {
        api_fail_field(x, "/care", "unknown-care");
        return false;
    }
    return true;
}

static enum rc find(struct exchange *x, struct vacancies *v) {
    struct query query = eye_of(x);
    struct facility_ask which = {
        .care = v->wanted->care, .date = DAY_NONE, .month_age = -1, .id = v->wanted->facility};
    struct vacancy_ask ask = {v->wanted->care, v->wanted->from, v->wanted->to, v->wanted->facility};
    struct facility_row *facilities = NULL;
    struct vacancy_row *rows = NULL;
    enum rc rc = query_facilities(&query, &which, &facilities, &v->facility_count);
    if (rc == RC_OK) {
        rc = query_vacancies(&query, &ask, &rows, &v->count);
    }
    v->facilities = facilities;
    v->rows = rows;
    return rc;
}

static void show(struct exchange *x) {
    struct vacancies v = {.wanted = exchange_query(x)};
    if (!days_good(x, v.wanted)) {
        return;
    }
    enum rc rc = find(x, &v);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    struct api_out out;
    struct json_out *json = api_begin(&out, x->arena);
    json_put_instant(json, "as_of", x->call.now);
    put_days(json, &v);
    api_answer(x, 200, &out);
}

static const struct route rows[] = {
    {HTTP_GET, "/api/v1/vacancies", show, .roles = FOR_ALL, .cache = CACHE_CITY, .query = &vacancy_form,
     .answer = &answer_vacancies, .summary = "Open places by facility and day"},
};
const struct route_table api_vacancy_routes = ROUTES(rows);
