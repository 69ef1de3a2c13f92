/* Windows of age, and what giving back costs. */
#include "naive.h"

#include <string.h>

int n_period_end(const struct n_age *age, int base) {
    bool missing;
    int y, m, d;
    int until; /* the first day beyond "under" */
    if (age->unit == 'm') {
        until = n_month_later(base, age->n, &missing);
        until += missing;
    } else {
        until = base + age->n * (age->unit == 'w' ? 7 : 1);
    }
    if (age->bound == 'u') {
        return until - 1;
    }
    if (age->bound == 'm') {
        n_date(age->unit == 'm' ? until - missing : until, &y, &m, &d);
        int next = y * 12 + m; /* the month after, counted from 0 */
        return n_day(next / 12, next % 12 + 1, 1) - 1;
    }
    return until;
}

static int due_day(const struct n_case *c, int i) {
    if (c->children[i].due != N_NONE) {
        return c->children[i].due;
    }
    int weeks = c->children[i].gestation;
    bool told = c->children[i].birth != N_NONE && weeks >= 140 && weeks < 280;
    return told ? c->children[i].birth + 280 - weeks : N_NONE;
}

static int counted_from(const struct n_case *c, int i, const struct n_age *age) {
    int birth = c->children[i].birth;
    int due = due_day(c, i);
    if (birth == N_NONE) {
        return due;
    }
    int gestation = c->children[i].gestation;
    if (gestation == 0 && c->children[i].due != N_NONE) {
        gestation = 280 - (c->children[i].due - birth);
        gestation = gestation < 140 ? 0 : gestation;
    }
    bool small = (gestation > 0 && gestation < age->gestation) ||
                 (c->children[i].weight > 0 && c->children[i].weight < age->weight);
    return small && due != N_NONE && due > birth ? due : birth;
}

bool n_wrong_age(const struct n_city *city, const struct n_case *c, int i) {
    for (int day = c->request_start; day <= c->request_end; day++) {
        const struct n_version *v = n_version_at(city, day);
        int row = v == NULL ? -1 : n_find_care(v, c->request_care);
        if (row < 0 || !v->cares[row].age.set) {
            continue;
        }
        const struct n_age *age = &v->cares[row].age;
        int base = counted_from(c, i, age);
        int born = c->children[i].birth != N_NONE ? c->children[i].birth : due_day(c, i);
        int tested = age->test == 'f' ? c->request_start : age->test == 'l' ? c->request_end : day;
        if (base != N_NONE && tested > n_period_end(age, base)) {
            return true;
        }
        int from = born == N_NONE ? N_NONE : born + age->from_days;
        if (from != N_NONE && age->from_months > 0) {
            bool missing;
            int complete = n_month_later(base, age->from_months, &missing);
            complete += missing;
            from = complete > from ? complete : from;
        }
        if (from != N_NONE && age->from_days + age->from_months > 0 && day < from) {
            return true;
        }
    }
    return false;
}

void n_cancel(const struct n_city *city, const struct n_case *c, const struct n_answer *booked, long long at,
              bool no_show, bool requested, struct n_cost *cost) {
    memset(cost, 0, sizeof *cost);
    const struct n_version *v = n_version_at(city, c->request_start);
    int row = v == NULL ? -1 : n_find_care(v, c->request_care);
    if (row < 0) {
        return;
    }
    int class = n_class(v, c);
    class = class < 0 ? 0 : class;
    const struct n_outcome *o = no_show ? &v->no_show[row][class] : NULL;
    long long passed = -9000000000000000LL;
    for (int i = 0; i < v->step_count && !no_show; i++) {
        long long then = n_moment(city, &v->steps[i].at, c->request_start);
        if ((v->steps[i].cares >> row & 1) && n_late(city, &v->steps[i].at, c->request_start, at) &&
            then >= passed) {
            passed = then;
            o = &v->steps[i].outcome[class];
        }
    }
    if (o == NULL || (requested && v->requested_free)) {
        return;
    }
    cost->late = true;
    cost->units = !o->units ? 0 : o->most > 0 && o->most < booked->units ? o->most : booked->units;
    int charged = n_count(v->cares[row].charge, &v->cares[row], c->request_start, c->request_end);
    n_yen base = booked->total, reduced = 0;
    if (o->percent < 0) {
        cost->fee = o->yen * (o->per_unit ? (charged < 0 ? 0 : charged) : 1);
        return;
    }
    if (o->of >= 0 && charged >= 0 && !n_fee(city, c, o->of, 0, 0, false, &reduced, &base)) {
        base = booked->total;
    }
    for (int i = 0; o->of == -2 && i < c->facility_count; i++) {
        if (strcmp(c->facility[i].care, c->request_care) == 0 && c->facility[i].priced &&
            c->facility[i].price <= 10000000) {
            base = c->facility[i].price * (charged < 0 ? 0 : charged);
        }
    }
    n_yen hundredths = base * o->percent;
    cost->fee = hundredths / 100 + ((o->rounding == 'u' && hundredths % 100 > 0) ||
                                    (o->rounding == 'h' && hundredths % 100 >= 50));
}
