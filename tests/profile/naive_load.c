/* The JSON into the naive structs. The profile is already known to be sound. */
#include "naive.h"

#include <stdlib.h>
#include <string.h>

static void calendar_load(json_t *json, struct n_city *city) {
    bool national = !json_is_false(json_object_get(json, "national"));
    bool year_end = !json_is_false(json_object_get(json, "year_end"));
    city->closed = n_calendar(national, year_end);
    json_t *closed = json_object_get(json, "closed");
    for (size_t i = 0; i < json_array_size(closed); i++) {
        const char *z = json_string_value(json_array_get(closed, i));
        int y = atoi(z), m = atoi(z + 5), d = atoi(z + 8);
        city->closed[n_index(n_day(y, m, d))] = 1;
    }
}

/* ---- small pieces ---- */

static int number(json_t *at, const char *key, int otherwise) {
    json_t *found = json_object_get(at, key);
    return found == NULL ? otherwise : (int)json_integer_value(found);
}

static const char *words(json_t *at, const char *key, const char *otherwise) {
    json_t *found = json_object_get(at, key);
    return found == NULL ? otherwise : json_string_value(found);
}

static bool yes(json_t *at, const char *key, bool otherwise) {
    json_t *found = json_object_get(at, key);
    return found == NULL ? otherwise : json_is_true(found);
}

static int minutes(const char *clock) {
    return atoi(clock) * 60 + atoi(clock + 3);
}

static json_t *by_class(json_t *table, const char *class) {
    static const char *const words_of_values[] = {"kind", "percent", "yen", "units"};
    for (int i = 0; i < 4; i++) {
        if (json_object_get(table, words_of_values[i]) != NULL) {
            return table;
        }
    }
    if (!json_is_object(table)) {
        return table;
    }
    json_t *own = json_object_get(table, class);
    return own != NULL ? own : json_object_get(table, "all");
}

static unsigned cares_of(json_t *list, const struct n_version *v) {
    unsigned mask = list == NULL ? ~0u : 0;
    for (size_t i = 0; i < json_array_size(list); i++) {
        mask |= 1u << n_find_care(v, json_string_value(json_array_get(list, i)));
    }
    return mask;
}

static struct n_when when_of(json_t *at) {
    struct n_when w = {.set = at != NULL};
    if (at == NULL) {
        return w;
    }
    const char *const names = "sunmontuewedthufrisat";
    w.unit = json_object_get(at, "weeks") ? 'w' : json_object_get(at, "months") ? 'm' : 'd';
    w.n = number(at, w.unit == 'w' ? "weeks" : w.unit == 'm' ? "months" : "days", 0);
    w.pick =
        w.unit == 'w' ? (int)(strstr(names, words(at, "weekday", "")) - names) / 3 : number(at, "day", 0);
    w.business = yes(at, "business", false);
    w.shift = strcmp(words(at, "shift", "none"), "earlier") == 0;
    w.late_at = yes(at, "exclusive", false);
    w.minute = minutes(words(at, "at", "00:00"));
    return w;
}

static char round_of(json_t *at) {
    return words(at, "rounding", "down")[0];
}

static struct n_price price_of(json_t *at, const struct n_version *v, int care) {
    struct n_price p = {.kind = "fixed", .rounding = 'd', .out_of = 100, .round_to = 1};
    if (!json_is_object(at)) {
        p.each = json_integer_value(at);
        return p;
    }
    p.kind = words(at, "kind", "");
    p.each = number(at, "each", 0);
    p.first = number(at, "first", 0);
    p.first_units = number(at, "first_units", 0);
    json_t *list = json_object_get(at, "list");
    for (p.listed = 0; p.listed < (int)json_array_size(list); p.listed++) {
        p.list[p.listed] = json_integer_value(json_array_get(list, (size_t)p.listed));
    }
    const char *counts = words(at, "counts", "units");
    json_t *cares = json_object_get(at, "cares");
    p.uses = strcmp(counts, "uses") == 0;
    p.cares = strcmp(counts, "within") == 0 ? 0
              : cares == NULL && care >= 0  ? 1u << care
                                            : cares_of(cares, v);
    bool minus = strcmp(p.kind, "minus") == 0;
    json_t *cap = json_object_get(at, minus ? "share" : "cap");
    p.capped = cap != NULL;
    p.cap = json_integer_value(cap);
    p.least = number(at, "min", 0);
    p.percent = number(at, "percent", 0);
    p.out_of = number(at, "out_of", 100);
    p.of = json_object_get(at, "of") ? n_find_class(v, words(at, "of", "")) : 0;
    p.rounding = round_of(at);
    p.round_to = number(at, "round_to", 1);
    return p;
}

static void prices_of(json_t *table, const struct n_version *v, int care, struct n_price *prices) {
    for (int i = 0; i < v->class_count; i++) {
        prices[i] = price_of(by_class(table, v->classes[i]), v, care);
    }
}

static void units_of(json_t *table, const struct n_version *v, int units[N_ROWS][4]) {
    for (int i = 0; i < v->class_count; i++) {
        json_t *own = by_class(table, v->classes[i]);
        for (size_t k = 0; k < 4; k++) {
            size_t last = json_array_size(own) == 0 ? 0 : json_array_size(own) - 1;
            json_t *n = json_is_array(own) ? json_array_get(own, k < last ? k : last) : own;
            units[i][k] = (int)json_integer_value(n);
        }
    }
}

static void outcomes_of(json_t *table, const struct n_version *v, struct n_outcome *outcomes) {
    for (int i = 0; i < v->class_count; i++) {
        json_t *own = by_class(table, v->classes[i]);
        const char *of = words(own, "of", "");
        outcomes[i] = (struct n_outcome){.percent = number(own, "percent", -1),
                                         .of = of[0] == '\0'                 ? -1
                                               : strcmp(of, "facility") == 0 ? -2
                                                                             : n_find_class(v, of),
                                         .yen = number(own, "yen", 0),
                                         .per_unit = strcmp(words(own, "per", "use"), "unit") == 0,
                                         .units = yes(own, "units", false) || number(own, "units", 0) > 0,
                                         .most = number(own, "units", 0),
                                         .rounding = round_of(own)};
    }
}

/* ---- rows ---- */

static struct n_age age_of(json_t *at) {
    struct n_age a = {.set = at != NULL};
    a.unit = json_object_get(at, "months") ? 'm' : json_object_get(at, "weeks") ? 'w' : 'd';
    a.n = number(at, a.unit == 'm' ? "months" : a.unit == 'w' ? "weeks" : "days", 0);
    a.bound = words(at, "bound", "under")[0];
    a.test = words(at, "test", "every-day")[0];
    a.from_days = number(at, "from_days", 0);
    a.from_months = number(at, "from_months", 0);
    json_t *corrected = json_object_get(at, "corrected");
    a.gestation = number(corrected, "below_gestation_days", 0);
    a.weight = number(corrected, "below_weight_g", 0);
    return a;
}

static void care_load(json_t *at, struct n_version *v, int row) {
    struct n_care *c = &v->cares[row];
    c->kind = words(at, "kind", "");
    c->charge = words(at, "charge", "");
    c->quota = words(at, "quota", c->charge);
    c->start = minutes(words(at, "start", ""));
    c->end = minutes(words(at, "end", ""));
    c->weight = number(at, "quota_weight", 1);
    c->min = number(at, "min_nights", 0);
    c->max = number(at, "max_nights", 60);
    c->horizon = number(at, "horizon_days", v->horizon);
    c->before_birth = yes(at, "before_birth", true);
    json_t *loss = json_object_get(at, "loss");
    c->loss = json_is_object(loss) || json_is_true(loss);
    c->on_holidays = yes(at, "on_holidays", true);
    c->ends_open =
        strcmp(words(at, "on_holidays", NULL) == NULL ? "" : words(at, "on_holidays", ""), "every-day") != 0;
    c->age = age_of(json_object_get(at, "age"));
    c->loss_age = age_of(json_is_object(loss) ? loss : NULL);
    c->deadline = json_object_get(at, "deadline") ? when_of(json_object_get(at, "deadline")) : v->deadline;
    c->opens = json_object_get(at, "opens") ? when_of(json_object_get(at, "opens")) : v->opens;
    json_t *pools = json_object_get(at, "pools");
    for (size_t i = 0; i < json_array_size(pools); i++) {
        int p = 0;
        while (strcmp(v->pools[p].code, json_string_value(json_array_get(pools, i))) != 0) {
            p++;
        }
        c->pools[c->pool_count++] = p;
    }
    json_t *patterns = json_object_get(at, "patterns");
    for (size_t i = 0; i < json_array_size(patterns); i++) {
        json_t *one = json_array_get(patterns, i);
        for (size_t k = 0; k < json_array_size(one); k++) {
            c->pattern[i][k] = (int)json_integer_value(json_array_get(one, k));
        }
        c->pattern_uses[i] = (int)json_array_size(one);
        c->pattern_count++;
    }
    prices_of(json_object_get(at, "prices"), v, row, c->price);
}

static void additions_load(json_t *list, struct n_version *v) {
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *at = json_array_get(list, i);
        int n = v->addition_count++;
        v->additions[n].code = words(at, "code", "");
        v->additions[n].when = words(at, "when", "");
        v->additions[n].room = words(at, "room", "");
        v->additions[n].cares = cares_of(json_object_get(at, "cares"), v);
        v->additions[n].months = number(at, "months", 0);
        v->additions[n].from = number(at, "infant_from", 2);
        v->additions[n].to = number(at, "infant_to", 99);
        v->additions[n].per_use = strcmp(words(at, "per", "unit"), "use") == 0;
        v->additions[n].reducible = yes(at, "reducible", false);
        prices_of(json_object_get(at, "prices"), v, -1, v->additions[n].price);
    }
}

static void reductions_load(json_t *list, struct n_version *v) {
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *at = json_array_get(list, i);
        struct n_reduction *r = &v->reductions[v->reduction_count++];
        json_t *classes = json_object_get(at, "classes");
        json_t *amounts = json_object_get(at, "amounts");
        r->code = words(at, "code", "");
        r->percent = number(at, "percent", 0);
        r->leave = number(at, "leave", 0);
        r->max = number(at, "max", 1000000000);
        r->budget = number(at, "budget", 0);
        r->rounding = round_of(at);
        r->round_to = number(at, "round_to", 1);
        r->per_use = strcmp(words(at, "per", "unit"), "use") == 0;
        r->cares = amounts == NULL ? cares_of(json_object_get(at, "cares"), v) : 0;
        for (int c = 0; c < v->care_count; c++) {
            json_t *amount = json_object_get(amounts, v->cares[c].code);
            r->amount[c] = json_integer_value(amount);
            r->cares |= amount != NULL ? 1u << c : 0;
            r->infant[c] =
                json_integer_value(json_object_get(json_object_get(at, "per_infant"), v->cares[c].code));
        }
        r->classes = classes == NULL ? ~0u : 0;
        for (size_t c = 0; c < json_array_size(classes); c++) {
            r->classes |= 1u << n_find_class(v, json_string_value(json_array_get(classes, c)));
        }
    }
}

static void cancel_load(json_t *at, struct n_version *v) {
    json_t *steps = json_object_get(at, "steps");
    v->requested_free = yes(at, "requested_free", true);
    for (size_t i = 0; i < json_array_size(steps); i++) {
        json_t *step = json_array_get(steps, i);
        json_t *from = json_object_get(step, "from");
        int n = v->step_count++;
        v->steps[n].cares = cares_of(json_object_get(step, "cares"), v);
        v->steps[n].at = when_of(from != NULL ? from : json_object_get(step, "after"));
        v->steps[n].at.late_at = from != NULL;
        outcomes_of(json_object_get(step, "outcome"), v, v->steps[n].outcome);
    }
    json_t *no_show = json_object_get(at, "no_show");
    for (int c = 0; c < v->care_count; c++) {
        outcomes_of(json_is_array(no_show) ? NULL : no_show, v, v->no_show[c]);
        for (size_t i = 0; json_is_array(no_show) && i < json_array_size(no_show); i++) {
            json_t *row = json_array_get(no_show, i);
            if (cares_of(json_object_get(row, "cares"), v) >> c & 1) {
                outcomes_of(json_object_get(row, "outcome"), v, v->no_show[c]);
            }
        }
    }
}

static void answer_load(json_t *at, struct n_version *v) {
    json_t *clock = json_object_get(at, "at");
    v->answer.facility = strcmp(words(at, "mode", "at-once"), "facility") == 0;
    v->answer.at_clock = clock != NULL;
    v->answer.hours = number(at, "within_hours", 24);
    v->answer.days = number(clock, "days", 0);
    v->answer.business = yes(clock, "business", false);
    v->answer.minute = clock == NULL ? 0 : minutes(words(clock, "time", ""));
    v->answer.limit = number(at, "limit_hours", 0);
}

static void booking_load(json_t *at, struct n_version *v) {
    json_t *limits = json_object_get(at, "limits");
    for (size_t i = 0; i < json_array_size(limits); i++) {
        json_t *limit = json_array_get(limits, i);
        int n = v->limit_count++;
        v->limits[n].count = words(limit, "count", "use");
        v->limits[n].per = words(limit, "per", "grant");
        v->limits[n].cares = cares_of(json_object_get(limit, "cares"), v);
        units_of(json_object_get(limit, "max"), v, v->limits[n].max);
    }
    v->open_limit = number(at, "open_limit", 1000000);
}

static void version_load(json_t *at, struct n_version *v) {
    const char *from = words(at, "valid_from", "");
    json_t *classes = json_object_get(at, "classes");
    json_t *pools = json_object_get(at, "pools");
    json_t *cares = json_object_get(at, "cares");
    json_t *booking = json_object_get(at, "booking");
    v->from = n_day(atoi(from), atoi(from + 5), atoi(from + 8));
    for (size_t i = 0; i < json_array_size(classes); i++) {
        v->classes[v->class_count++] = words(json_array_get(classes, i), "code", "");
    }
    v->class_default =
        json_object_get(at, "class_default") ? n_find_class(v, words(at, "class_default", "")) : -1;
    v->class_month = number(at, "class_month", 0);
    for (size_t i = 0; i < json_array_size(pools); i++) {
        json_t *pool = json_array_get(pools, i);
        v->pools[i].code = words(pool, "code", "");
        v->pools[i].pay = strcmp(words(pool, "over", "refused"), "refused") != 0;
        units_of(json_object_get(pool, "units"), v, v->pools[i].units);
        v->pool_count++;
    }
    v->deadline = when_of(json_object_get(booking, "deadline"));
    v->opens = when_of(json_object_get(booking, "opens"));
    v->horizon = number(booking, "horizon_days", 0);
    for (size_t i = 0; i < json_array_size(cares); i++) {
        v->cares[i].code = words(json_array_get(cares, i), "code", "");
        v->care_count++;
    }
    for (size_t i = 0; i < json_array_size(cares); i++) {
        care_load(json_array_get(cares, i), v, (int)i);
    }
    additions_load(json_object_get(at, "additions"), v);
    reductions_load(json_object_get(at, "reductions"), v);
    cancel_load(json_object_get(at, "cancel"), v);
    answer_load(json_object_get(at, "acceptance"), v);
    booking_load(booking, v);
    v->moving_excluded = yes(at, "moving_day_excluded", false);
    v->exclusion_count = (int)json_array_size(json_object_get(at, "exclusions"));
}

bool n_load(json_t *root, struct n_city *city) {
    json_t *versions = json_object_get(root, "versions");
    n_days_make();
    calendar_load(json_object_get(root, "calendar"), city);
    city->version_count = (int)json_array_size(versions);
    city->versions = calloc((size_t)city->version_count, sizeof *city->versions);
    for (int i = 0; i < city->version_count; i++) {
        version_load(json_array_get(versions, (size_t)i), &city->versions[i]);
    }
    return city->version_count > 0;
}
