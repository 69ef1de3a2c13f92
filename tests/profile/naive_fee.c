/* What a use costs, unit by unit, as docs/profile.md tells it. */
#include "naive.h"

#include <string.h>

enum { LINES_SHOWN = 24, PRICE_LIMIT = 10000000 };

/* Different lines of the bill; beyond LINES_SHOWN the program says that the price is not known. */
struct bill {
    n_yen total, unreduced;
    int count;
    struct {
        char what;
        const char *code;
        n_yen each;
    } lines[200];
};

static void bill_add(struct bill *bill, char what, const char *code, n_yen each, n_yen times) {
    if (times == 0) {
        return;
    }
    bill->total += each * times;
    bill->unreduced += what == 'r' ? 0 : each * times;
    for (int i = 0; i < bill->count; i++) {
        if (bill->lines[i].what == what && bill->lines[i].each == each &&
            strcmp(bill->lines[i].code, code) == 0) {
            return;
        }
    }
    if (bill->count < 200) {
        bill->lines[bill->count].what = what;
        bill->lines[bill->count].code = code;
        bill->lines[bill->count++].each = each;
    }
}

static n_yen rounded(n_yen amount, int percent, int out_of, char rounding, int to) {
    n_yen hundredths = amount * percent;
    n_yen step = (n_yen)out_of * to;
    n_yen whole = hundredths / step;
    n_yen rest = hundredths % step;
    bool more = (rounding == 'u' && rest > 0) || (rounding == 'h' && rest * 2 >= step);
    return (whole + more) * to;
}

/* Earlier uses that weigh: units by each care's own charging, or uses. */
static n_yen past(const struct n_version *v, const struct n_case *c, unsigned cares, bool uses) {
    n_yen count = 0;
    for (int i = 0; i < c->history_count; i++) {
        int row = n_find_care(v, c->history[i].care);
        if (row >= 0 && (cares >> row & 1) && n_weighs(&c->history[i]) != 0) {
            int units = n_count(v->cares[row].charge, &v->cares[row], c->history[i].start, c->history[i].end);
            units = n_part(&c->history[i], units);
            count += units < 0 ? 0 : uses ? 1 : units;
        }
    }
    return count;
}

struct at {
    const struct n_version *v;
    const struct n_case *c;
    int row, class, index, charged, day;
    bool known;
    n_yen full; /* the facility's price */
    n_yen own;  /* what this unit costs before anything is added */
};

static bool one_price(const struct at *a, const struct n_price *prices, int class, n_yen *ret) {
    const struct n_price *p = &prices[class];
    if (strcmp(p->kind, "part") == 0) {
        n_yen whole;
        if (!one_price(a, prices, p->of, &whole)) {
            return false;
        }
        *ret = rounded(whole, p->percent, p->out_of, p->rounding, p->round_to);
        return true;
    }
    if (strcmp(p->kind, "fixed") == 0) {
        int shared = p->first_units < a->charged ? p->first_units : a->charged;
        *ret = p->each;
        if (a->index < shared) {
            n_yen before = p->first / shared * a->index;
            n_yen odd = p->first % shared;
            (void)before;
            *ret = p->first / shared + (a->index < odd ? 1 : 0);
        }
        return true;
    }
    if (strcmp(p->kind, "nth") == 0) {
        n_yen n = past(a->v, a->c, p->cares, p->uses) + (p->uses ? 0 : a->index);
        for (int i = 0; i < a->c->priced_count; i++) {
            int row = n_find_care(a->v, a->c->priced_code[i]);
            n += row >= 0 && (p->cares >> row & 1) ? a->c->priced[i] : 0;
        }
        *ret = n < p->listed ? p->list[n] : p->each;
        return true;
    }
    if (strcmp(p->kind, "own") == 0) {
        *ret = rounded(a->own, p->percent, p->out_of, p->rounding, p->round_to);
        return true;
    }
    if (!a->known || a->full < 0 || a->full > PRICE_LIMIT) {
        return false;
    }
    n_yen pays = a->full;
    if (strcmp(p->kind, "percent") == 0) {
        pays = rounded(a->full, p->percent, p->out_of, p->rounding, p->round_to);
        if (p->capped && pays > p->cap) {
            pays = p->cap;
        }
    } else if (strcmp(p->kind, "minus") == 0) {
        n_yen share =
            p->percent > 0 ? rounded(a->full, p->percent, p->out_of, p->rounding, p->round_to) : p->cap;
        if (p->capped && share > p->cap) {
            share = p->cap;
        }
        pays = share > a->full ? 0 : a->full - share;
    }
    if (pays < p->least) {
        pays = p->least < a->full ? p->least : a->full;
    }
    *ret = pays;
    return true;
}

static bool months_old(int birth, int months, int day) {
    bool missing;
    int match = n_month_later(birth, months, &missing);
    return day >= match + missing;
}

static n_yen times(const struct n_city *city, const struct at *a, int i) {
    const struct n_case *c = a->c;
    const char *when = a->v->additions[i].when;
    n_yen n = 0;
    if (strcmp(when, "infant") == 0) {
        for (int k = a->v->additions[i].from; k <= a->v->additions[i].to && k <= c->child_count; k++) {
            n++;
        }
    } else if (strcmp(when, "sibling") == 0) {
        n = c->siblings < 0 ? 0 : c->siblings > 20 ? 20 : c->siblings;
    } else if (strcmp(when, "older") == 0) {
        for (int k = 0; k < c->child_count; k++) {
            n += c->children[k].birth != N_NONE &&
                 months_old(c->children[k].birth, a->v->additions[i].months, a->day);
        }
    } else if (strcmp(when, "room") == 0) {
        n = strcmp(c->room, a->v->additions[i].room) == 0;
    } else if (strcmp(when, "holiday") == 0) {
        n = !n_business(city, a->day);
    } else {
        n = 1;
    }
    return n;
}

struct counted {
    const char *code;
    n_yen count, rest, spent;
    bool now;
};

static void reduce(const struct at *a, struct counted *counts, int *used, n_yen left, struct bill *bill) {
    for (int i = 0; i < a->v->reduction_count; i++) {
        const struct n_reduction *r = &a->v->reductions[i];
        if (!(r->cares >> a->row & 1) || !(r->classes >> a->class & 1) || left <= 0) {
            continue;
        }
        int k = 0;
        while (k < *used && strcmp(counts[k].code, r->code) != 0) {
            k++;
        }
        if (k == *used) {
            counts[(*used)++] =
                (struct counted){.code = r->code, .count = past(a->v, a->c, r->cares, r->per_use)};
            for (int b = 0; b < a->c->reduced_count; b++) {
                bool same = strcmp(a->c->reduced_code[b], r->code) == 0;
                counts[k].count += same ? a->c->reduced[b] : 0;
                counts[k].spent += same ? a->c->spent[b] : 0;
            }
        }
        bool again = r->per_use && counts[k].now;
        if (!again && counts[k].count >= r->max) {
            continue;
        }
        n_yen offered = r->amount[a->row];
        for (int twin = 2; twin <= a->c->child_count; twin++) {
            offered += r->infant[a->row];
        }
        offered = again ? counts[k].rest : offered;
        if (r->percent > 0) {
            offered = rounded(left, r->percent, 100, r->rounding, r->round_to);
        }
        n_yen free = left - r->leave > 0 ? left - r->leave : 0;
        n_yen off = offered < free ? offered : free;
        if (r->budget > 0 && counts[k].spent + off > r->budget) {
            off = r->budget - counts[k].spent;
        }
        if (off > 0) {
            counts[k].spent += off;
            counts[k].count += !again;
            counts[k].now = true;
            counts[k].rest = offered - off;
            bill_add(bill, 'r', r->code, -off, 1);
            left -= off;
        }
    }
}

/* The rows of another version for the same care and class; false when it does not know them. */
static bool rows(const struct n_city *city, const struct n_version *first, int class, struct at *a) {
    a->v = n_version_at(city, a->day);
    a->row = a->v == NULL ? -1 : n_find_care(a->v, a->c->request_care);
    a->class = a->v == NULL ? -1 : a->v == first ? class : n_find_class(a->v, first->classes[class]);
    return a->row >= 0 && a->class >= 0;
}

bool n_fee(const struct n_city *city, const struct n_case *c, int class, int over, int units, bool reduces,
           n_yen *total, n_yen *unreduced) {
    const struct n_version *first = n_version_at(city, c->request_start);
    const struct n_care *care = &first->cares[n_find_care(first, c->request_care)];
    struct at a = {.c = c, .charged = n_count(care->charge, care, c->request_start, c->request_end)};
    static struct bill bill;
    struct counted counts[4 * N_ROWS];
    int used = 0;
    n_yen extra = 0;
    bill.total = bill.unreduced = bill.count = 0;
    for (int i = 0; i < c->facility_count; i++) {
        if (strcmp(c->facility[i].care, c->request_care) == 0) {
            a.known = c->facility[i].priced;
            a.full = c->facility[i].price;
            extra = c->facility[i].extra;
        }
    }
    int beyond = units > 0 && over >= units ? a.charged : over < a.charged ? over : a.charged;
    for (a.index = 0; a.index < a.charged; a.index++) {
        n_yen each = 0, left = 0;
        a.day = c->request_start + a.index < c->request_end ? c->request_start + a.index : c->request_end;
        if (!rows(city, first, class, &a)) {
            return false;
        }
        if (a.index >= a.charged - beyond) {
            if (!a.known || a.full < 0 || a.full > PRICE_LIMIT) {
                return false;
            }
            bill_add(&bill, 'o', c->request_care, a.full, 1);
        } else {
            if (!one_price(&a, a.v->cares[a.row].price, a.class, &each)) {
                return false;
            }
            bill_add(&bill, 'c', c->request_care, each, 1);
            left = a.own = each;
            for (int i = 0; i < a.v->addition_count; i++) {
                n_yen more = 0;
                n_yen n = times(city, &a, i);
                bool meant =
                    (a.v->additions[i].cares >> a.row & 1) && !(a.v->additions[i].per_use && a.index > 0);
                if (meant && n > 0) {
                    if (!one_price(&a, a.v->additions[i].price, a.class, &more)) {
                        return false;
                    }
                    bill_add(&bill, 'a', a.v->additions[i].code, more, n);
                    left += a.v->additions[i].reducible ? n * more : 0;
                }
            }
        }
        if (reduces) {
            reduce(&a, counts, &used, left, &bill);
        }
        if (extra > 0 && extra <= PRICE_LIMIT) {
            bill_add(&bill, 'e', c->request_care, extra, 1);
        }
    }
    *total = bill.total;
    *unreduced = bill.unreduced;
    return bill.count <= LINES_SHOWN;
}
