/* GET /city: who the city is, its cares, classes and consents. The rules in figures and words are rules.c's. */
#include "profile/profile.h"
#include "web/api/answers.h"
#include "web/api/api.h"
#include "web/api/rules_json.h"
#include "web/eye.h"

static void put_clock(struct json_out *json, const char *key, int32_t minute) {
    json_put_text(json, key, text_printf(json->buf->arena, "%02d:%02d", minute / 60, minute % 60));
}

static void put_age(struct json_out *json, const struct age_window *age) {
    static const char *const units[AGE__MAX] = {"months", "weeks", "days"};
    static const char *const bounds[AGE_BOUND__MAX] = {"under", "through", "month-end"};
    static const char *const tests[AGE_TEST__MAX] = {"every-day", "first-day", "last-day"};
    if (!age->set) {
        return;
    }
    json_put_object(json, "age");
    json_put_int(json, units[age->unit], age->n);
    json_put_text(json, "bound", text_of(bounds[age->bound]));
    json_put_text(json, "test", text_of(tests[age->test]));
    json_put_object_end(json);
}

/* A plain number where the price is one; otherwise how it comes about. */
static void put_price(struct json_out *json, const char *class, const struct price *price) {
    static const char *const kinds[PRICE__MAX] = {"fixed",    "nth",  "percent", "minus",
                                                  "facility", "part", "own"};
    if (price->kind == PRICE_FIXED && price->first_units == 0) {
        json_put_int(json, class, price->each.n);
        return;
    }
    json_put_object(json, class);
    json_put_text(json, "kind", text_of(kinds[price->kind]));
    json_put_int(json, "each", price->each.n);
    if (price->first_units > 0) {
        json_put_int(json, "first", price->first.n);
        json_put_int(json, "first_units", price->first_units);
    }
    if (price->kind == PRICE_PERCENT || price->kind == PRICE_PART || price->kind == PRICE_OWN) {
        json_put_int(json, "percent", price->percent);
        if (price->out_of != 100) {
            json_put_int(json, "out_of", price->out_of);
        }
    }
    json_put_array(json, "list");
    for (int32_t i = 0; i < price->list_count; i++) {
        json_put_int(json, NULL, price->list[i].n);
    }
    json_put_array_end(json);
    json_put_object_end(json);
}

static void put_care(struct json_out *json, const struct programme *programme, const struct care *care) {
    static const char *const countings[COUNT__MAX] = {"nights", "days", "24h", "use", "hours"};
    json_put_object(json, NULL);
    json_put_text(json, "care", care->code);
    json_put_text(json, "name", care->name);
    api_text(json, "note", care->note);
    json_put_text(json, "kind", care_kind_code(care->kind));
    put_clock(json, "start", care->start_minute);
    put_clock(json, "end", care->end_minute);
    json_put_text(json, "charge", text_of(countings[care->charge]));
    json_put_text(json, "quota", text_of(countings[care->quota]));
    json_put_array(json, "pools");
    for (int32_t i = 0; i < care->pool_count; i++) {
        json_put_text(json, NULL, programme->pools[care->pools[i]].code);
    }
    json_put_array_end(json);
    put_age(json, &care->age);
    if (care->min_nights > 0) {
        json_put_int(json, "min_nights", care->min_nights);
    }
    if (care->max_nights > 0) {
        json_put_int(json, "max_nights", care->max_nights);
    }
    json_put_object(json, "prices");
    for (int32_t i = 0; i < programme->class_count; i++) {
        put_price(json, programme->classes[i].code.p, &care->prices[i]);
    }
    json_put_object_end(json);
    json_put_object_end(json);
}

static void put_named(struct json_out *json, struct text code, struct text name) {
    json_put_text(json, "code", code);
    json_put_text(json, "name", name);
}

static void put_pools(struct json_out *json, const struct programme *programme) {
    json_put_array(json, "pools");
    for (int32_t i = 0; i < programme->pool_count; i++) {
        const struct pool *pool = &programme->pools[i];
        json_put_object(json, NULL);
        put_named(json, pool->code, pool->name);
        json_put_object(json, "units");
        for (int32_t c = 0; c < programme->class_count; c++) {
            json_put_int(json, programme->classes[c].code.p, pool->units[c][0]);
        }
        json_put_object_end(json);
        json_put_object_end(json);
    }
    json_put_array_end(json);
}

static void put_asked(struct json_out *json, const struct programme *programme) {
    json_put_array(json, "consents");
    for (int32_t i = 0; i < programme->consent_count; i++) {
        json_put_object(json, NULL);
        put_named(json, programme->consents[i].code, programme->consents[i].name);
        json_put_bool(json, "required", programme->consents[i].required);
        json_put_object_end(json);
    }
    json_put_array_end(json);
    json_put_array(json, "exclusions");
    for (int32_t i = 0; i < programme->exclusion_count; i++) {
        json_put_object(json, NULL);
        put_named(json, programme->exclusions[i].code, programme->exclusions[i].name);
        json_put_object_end(json);
    }
    json_put_array_end(json);
}

static void put_programme(struct json_out *json, struct exchange *x, const struct programme *programme) {
    json_put_array(json, "cares");
    for (int32_t i = 0; i < programme->care_count; i++) {
        put_care(json, programme, &programme->cares[i]);
    }
    json_put_array_end(json);
    json_put_array(json, "classes");
    for (int32_t i = 0; i < programme->class_count; i++) {
        json_put_object(json, NULL);
        put_named(json, programme->classes[i].code, programme->classes[i].name);
        json_put_object_end(json);
    }
    json_put_array_end(json);
    put_pools(json, programme);
    put_asked(json, programme);
    rules_write(json, x, programme);
}

static void put_office(struct json_out *json, const struct city *city) {
    api_text(json, "office", city->office);
    api_text(json, "phone", city->phone);
    api_text(json, "hours", city->hours);
    json_put_array(json, "wards");
    for (int32_t i = 0; i < city->ward_count; i++) {
        json_put_text(json, NULL, city->wards[i]);
    }
    json_put_array_end(json);
}

static void show(struct exchange *x) {
    const struct house_city *city = x->call.city;
    const struct programme *programme = eye_programme(x);
    struct api_out out;
    struct json_out *json = api_begin(&out, x->arena);
    json_put_text(json, "code", city->code);
    json_put_text(json, "name", city->name);
    json_put_day(json, "today", instant_day(x->call.now));
    if (city->profile != NULL) {
        put_office(json, &city->profile->city);
    }
    if (programme != NULL) {
        put_programme(json, x, programme);
    }
    api_answer(x, 200, &out);
}

static const struct route rows[] = {
    {HTTP_GET, "/api/v1/city", show, .roles = FOR_ALL, .cache = CACHE_CITY, .answer = &answer_city,
     .summary = "The city, its cares, classes, consents, and today's rules in words and figures"},
};
const struct route_table api_city_routes = ROUTES(rows);
