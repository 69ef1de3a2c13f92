/* May she, how much of what, until when. */
#include "naive.h"

#include <string.h>

const char *const n_refusals[N_REFUSALS] = {
    "dates",         "too-long",     "no-programme",     "unknown-care",
    "class-unknown", "not-approved", "grant-period",     "child-unknown",
    "before-birth",  "age",          "care-not-offered", "residency",
    "exclusion",     "multiples",    "too-short",        "pattern",
    "quota",         "open-limit",   "overlap",          "horizon",
    "deadline",      "closed",       "price-unknown",    "full"};

static void refuse(struct n_answer *a, const char *code) {
    for (unsigned i = 0; i < N_REFUSALS; i++) {
        if (strcmp(n_refusals[i], code) == 0) {
            a->refused |= 1u << i;
        }
    }
}

const struct n_version *n_version_at(const struct n_city *city, int day) {
    for (int i = city->version_count - 1; i >= 0; i--) {
        if (day >= city->versions[i].from) {
            return &city->versions[i];
        }
    }
    return NULL;
}

int n_find_care(const struct n_version *v, const char *code) {
    for (int i = 0; i < v->care_count; i++) {
        if (strcmp(v->cares[i].code, code) == 0) {
            return i;
        }
    }
    return -1;
}

int n_find_class(const struct n_version *v, const char *code) {
    for (int i = 0; i < v->class_count; i++) {
        if (strcmp(v->classes[i], code) == 0) {
            return i;
        }
    }
    return -1;
}

static bool is(const char *a, const char *b) {
    return strcmp(a, b) == 0;
}

int n_count(const char *counting, const struct n_care *care, int start, int end) {
    int nights = end - start;
    bool stay = is(care->kind, "stay");
    if (nights < 0 || (stay && (nights < 1 || nights > 60)) || (!stay && nights > 0)) {
        return -1;
    }
    if (is(counting, "nights")) {
        return stay ? nights : 1;
    }
    if (is(counting, "days")) {
        return nights + 1;
    }
    if (is(counting, "24h")) {
        int left = nights * 1440 + care->end - care->start;
        int units = 0;
        for (; left > 0; left -= 1440) {
            units++;
        }
        return units > 1 ? units : 1;
    }
    if (is(counting, "hours")) {
        int hours = 0;
        for (int left = nights * 1440 + care->end - care->start; left > 0; left -= 60) {
            hours++;
        }
        return hours > 0 ? hours : 1;
    }
    return 1;
}

int n_part(const struct n_use *use, int units) {
    bool early = is(use->state, "cancelled") || is(use->state, "no-show");
    return early && use->kept > 0 && units > use->kept ? use->kept : units;
}

char n_weighs(const struct n_use *use) {
    if (is(use->state, "requested") || is(use->state, "confirmed")) {
        return 'b';
    }
    if (is(use->state, "in-use") || is(use->state, "completed")) {
        return 'u';
    }
    bool ended = is(use->state, "no-show") || is(use->state, "cancelled");
    return ended && use->charged ? 'u' : 0;
}

static bool holds_places(const struct n_use *use) {
    return is(use->state, "requested") || is(use->state, "confirmed") || is(use->state, "in-use") ||
           is(use->state, "completed") || is(use->state, "no-show");
}

static void children(const struct n_city *city, const struct n_care *care, const struct n_case *c,
                     struct n_answer *a) {
    if (c->child_count == 0) {
        const struct n_age *age = care->loss_age.set ? &care->loss_age : &care->age;
        int tested = age->test == 'f' ? c->request_start : c->request_end;
        if (c->loss == N_NONE) {
            refuse(a, "child-unknown");
        } else if (!care->loss) {
            refuse(a, "care-not-offered");
        } else if (age->set && tested > n_period_end(age, c->loss)) {
            refuse(a, "age");
        }
    }
    for (int i = 0; i < c->child_count; i++) {
        int birth = c->children[i].birth;
        int from = birth != N_NONE ? birth : c->children[i].due;
        if (from == N_NONE) {
            refuse(a, "child-unknown");
            return;
        }
        if ((birth == N_NONE && !care->before_birth) || c->request_start < from) {
            refuse(a, "before-birth");
            return;
        }
        if (n_wrong_age(city, c, i)) {
            refuse(a, "age");
            return;
        }
    }
}

/* ---- how much ---- */

static bool one_of_patterns(const struct n_care *care, const struct n_case *c) {
    for (int p = 0; p < care->pattern_count; p++) {
        bool taken[8] = {false};
        bool fits = true;
        for (int i = -1; i < c->history_count; i++) {
            const struct n_use *use = i < 0 ? NULL : &c->history[i];
            if (use != NULL && (!is(use->care, c->request_care) || n_weighs(use) == 0)) {
                continue;
            }
            int start = use == NULL ? c->request_start : use->start;
            int nights = (use == NULL ? c->request_end : use->end) - start;
            if (nights < 0 || nights > 60 || (nights == 0) == is(care->kind, "stay")) {
                continue; /* a senseless row of history */
            }
            int k = 0;
            while (k < care->pattern_uses[p] && (taken[k] || care->pattern[p][k] != nights)) {
                k++;
            }
            fits = fits && k < care->pattern_uses[p];
            taken[k < 8 ? k : 7] = true;
        }
        if (fits) {
            return true;
        }
    }
    return care->pattern_count == 0;
}

static bool together(const struct n_case *c, const char *per, const struct n_use *use) {
    int y[2], m[2], d[2];
    n_date(use->start, &y[0], &m[0], &d[0]);
    n_date(c->request_start, &y[1], &m[1], &d[1]);
    if (is(per, "month")) {
        return y[0] == y[1] && m[0] == m[1];
    }
    if (is(per, "fiscal-year")) {
        return y[0] - (m[0] < 4) == y[1] - (m[1] < 4);
    }
    if (is(per, "week")) {
        int monday = c->request_start - (n_weekday(c->request_start) + 6) % 7;
        return use->start >= monday && use->start < monday + 7;
    }
    if (is(per, "open")) {
        bool open = is(use->state, "requested") || is(use->state, "confirmed");
        return open && (c->now == N_NONE || use->start > (c->now + 9 * 3600) / 86400);
    }
    return true;
}

static int column(const struct n_case *c) {
    return c->child_count < 1 ? 0 : c->child_count > 4 ? 3 : c->child_count - 1;
}

static void limits(const struct n_version *v, int row, int class, const struct n_case *c,
                   struct n_answer *a) {
    for (int i = 0; i < v->limit_count; i++) {
        if (!(v->limits[i].cares >> row & 1)) {
            continue;
        }
        int sum = n_count(v->limits[i].count, &v->cares[row], c->request_start, c->request_end);
        for (int k = 0; k < c->history_count; k++) {
            const struct n_use *use = &c->history[k];
            int other = n_find_care(v, use->care);
            if (other >= 0 && (v->limits[i].cares >> other & 1) && n_weighs(use) &&
                together(c, v->limits[i].per, use)) {
                int units = n_part(use, n_count(v->limits[i].count, &v->cares[other], use->start, use->end));
                sum += units > 0 ? units : 0;
            }
        }
        if (sum > v->limits[i].max[class < 0 ? 0 : class][column(c)]) {
            refuse(a, "quota");
        }
    }
}

/* Units that the history took of a pool of this name. */
static int taken(const struct n_city *city, const struct n_case *c, const char *pool) {
    int sum = 0;
    for (int i = 0; i < c->history_count; i++) {
        const struct n_use *use = &c->history[i];
        const struct n_version *v = n_version_at(city, use->start);
        v = v == NULL ? &city->versions[0] : v;
        int row = n_find_care(v, use->care);
        if (row < 0 || n_weighs(use) == 0) {
            continue;
        }
        int units = n_count(v->cares[row].quota, &v->cares[row], use->start, use->end) * v->cares[row].weight;
        units = n_part(use, units);
        for (int p = 0; p < v->cares[row].pool_count && units > 0; p++) {
            sum += is(v->pools[v->cares[row].pools[p]].code, pool) ? units : 0;
        }
    }
    return sum;
}

static int pools(const struct n_city *city, const struct n_version *v, const struct n_care *care, int class,
                 const struct n_case *c, struct n_answer *a) {
    int over = 0;
    a->pool_count = care->pool_count;
    for (int i = 0; i < care->pool_count; i++) {
        int p = care->pools[i];
        int left = v->pools[p].units[class < 0 ? 0 : class][column(c)] + c->extra[p] - c->used[p] -
                   taken(city, c, v->pools[p].code);
        a->left[i] = left > 0 ? left : 0;
        a->after[i] = left > a->units ? left - a->units : 0;
        int beyond = a->units - a->left[i];
        over = v->pools[p].pay && beyond > over ? beyond : over;
        if (!v->pools[p].pay && beyond > 0) {
            refuse(a, "quota");
        }
    }
    return over;
}

/* ---- when and where ---- */

static void place_and_time(const struct n_city *city, const struct n_version *v, const struct n_care *care,
                           const struct n_case *c, struct n_answer *a) {
    int nights = c->request_end - c->request_start;
    int last = nights > 0 ? c->request_end - 1 : c->request_end; /* day of the last place */
    bool offered = !c->facility_known;
    for (int i = 0; i < c->facility_count; i++) {
        offered = offered || (is(c->facility[i].care, care->code) && c->facility[i].offered);
    }
    if (!offered) {
        refuse(a, "care-not-offered");
    } else if (c->facility_known && c->max_infants > 0 && c->child_count > c->max_infants) {
        refuse(a, "multiples");
    }
    if (is(care->kind, "stay") && nights < care->min) {
        refuse(a, "too-short");
    }
    if (is(care->kind, "stay") && nights > care->max) {
        refuse(a, "too-long");
    }
    if (!one_of_patterns(care, c)) {
        refuse(a, "pattern");
    }
    if (c->open >= v->open_limit) {
        refuse(a, "open-limit");
    }
    for (int i = 0; i < c->history_count; i++) {
        const struct n_use *use = &c->history[i];
        int row = n_find_care(v, use->care);
        bool stay = row >= 0 ? is(v->cares[row].kind, "stay") : use->start < use->end;
        bool sane = use->end >= use->start &&
                    (stay ? use->end > use->start && use->end - use->start <= 60 : use->end == use->start);
        int use_last = stay ? use->end - 1 : use->end;
        if (holds_places(use) && sane && use_last >= c->request_start && last >= use->start) {
            refuse(a, "overlap");
        }
    }
    for (int day = c->request_start; day <= last; day++) {
        bool shut = c->facility_known && (c->weekdays_closed >> n_weekday(day) & 1);
        if (shut || (!care->on_holidays && !n_business(city, day))) {
            refuse(a, "closed");
        }
    }
    if (!care->ends_open && is(care->kind, "stay") && !n_business(city, c->request_end)) {
        refuse(a, "closed");
    }
    if (c->now == N_NONE) {
        return;
    }
    int today = (int)((c->now + 9 * 3600) / 86400);
    bool far = care->horizon > 0 && c->request_start > today + care->horizon;
    if (far || (care->opens.set && c->now < n_moment(city, &care->opens, c->request_start))) {
        refuse(a, "horizon");
    }
    if (c->now >= a->starts || n_late(city, &care->deadline, c->request_start, c->now)) {
        refuse(a, "deadline");
    }
}

static void times(const struct n_city *city, const struct n_version *v, int row, const struct n_case *c,
                  struct n_answer *a) {
    a->free_until = a->answer_by = N_NONE;
    for (int i = 0; i < v->step_count; i++) {
        long long at = n_moment(city, &v->steps[i].at, c->request_start);
        if ((v->steps[i].cares >> row & 1) && (a->free_until == N_NONE || at < a->free_until)) {
            a->free_until = at;
        }
    }
    if (c->now == N_NONE || !v->answer.facility) {
        return;
    }
    int today = (int)((c->now + 9 * 3600) / 86400);
    struct n_when clock = {.set = true,
                           .unit = 'd',
                           .business = v->answer.business,
                           .n = -v->answer.days,
                           .minute = v->answer.minute};
    long long by = v->answer.at_clock ? n_moment(city, &clock, today) : c->now + v->answer.hours * 3600LL;
    long long latest = a->starts - v->answer.limit * 3600LL;
    by = by > latest ? latest : by;
    a->answer_by = by < c->now ? c->now : by;
}

int n_class(const struct n_version *v, const struct n_case *c) {
    int y[2], m[2], d;
    if (c->class[0] == '\0') {
        return v->class_default;
    }
    if (v->class_month > 0 && c->proven != N_NONE) {
        n_date(c->proven, &y[0], &m[0], &d);
        n_date(c->request_start, &y[1], &m[1], &d);
        if (y[0] - (m[0] < v->class_month) < y[1] - (m[1] < v->class_month)) {
            return v->class_default;
        }
    }
    return n_find_class(v, c->class);
}

void n_answer(const struct n_city *city, const struct n_case *c, struct n_answer *a) {
    memset(a, 0, sizeof *a);
    const struct n_version *v = n_version_at(city, c->request_start);
    int row = v == NULL ? -1 : n_find_care(v, c->request_care);
    const struct n_care *care = row < 0 ? NULL : &v->cares[row];
    if (c->request_end < c->request_start) {
        refuse(a, "dates");
    } else if (v == NULL) {
        refuse(a, "no-programme");
    } else if (row < 0) {
        refuse(a, "unknown-care");
    } else if (n_count("use", care, c->request_start, c->request_end) < 0) {
        bool long_stay = is(care->kind, "stay") && c->request_end - c->request_start > 60;
        refuse(a, long_stay ? "too-long" : "dates");
    } else {
        a->judged = true;
    }
    if (!a->judged) {
        return;
    }
    int class = n_class(v, c);
    a->units = n_count(care->quota, care, c->request_start, c->request_end) * care->weight;
    a->starts = c->request_start * 86400LL - 9 * 3600 + care->start * 60LL;
    a->ends = c->request_end * 86400LL - 9 * 3600 + care->end * 60LL;
    if (class < 0 && (c->approved || c->class[0] != '\0')) {
        refuse(a, "class-unknown");
    }
    int over = pools(city, v, care, class, c, a);
    if (!c->approved) {
        refuse(a, "not-approved");
    }
    children(city, care, c, a);
    int last = c->moved == N_NONE ? N_FAR : v->moving_excluded ? c->moved - 1 : c->moved;
    if (c->request_end > last) {
        refuse(a, "residency");
    }
    if (c->exclusions & ((1u << v->exclusion_count) - 1)) {
        refuse(a, "exclusion");
    }
    limits(v, row, class, c, a);
    place_and_time(city, v, care, c, a);
    if (class >= 0) {
        a->charged = n_count(care->charge, care, c->request_start, c->request_end);
        a->priced = n_fee(city, c, class, over, a->units, true, &a->total, &a->unreduced);
        if (!a->priced) {
            a->total = a->unreduced = 0;
            refuse(a, "price-unknown");
        }
    }
    times(city, v, row, c, a);
    for (int i = 0; (a->refused >> 16 & 1) && i < a->pool_count; i++) {
        a->after[i] = a->left[i]; /* quota */
    }
}
