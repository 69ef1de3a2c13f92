/* Prices a use unit by unit. All amounts are bounded when they are read (programme_fault, FACILITY_YEN_MAX) and a
 * use has at most NIGHTS_MAX + 2 units, so that sums stay far below the limits of int64_t. */
#include "core/fee.h"

#include <assert.h>
#include <string.h>

#include "core/age.h"
#include "core/price.h"

enum { SIBLINGS_MAX = 20 };

/* How often each reduction was used, over history and this use; by code, for versions may order them anew. */
struct tally {
    struct text code;
    int64_t count;
    bool used_now; /* per_use: already counted for this use, */
    int64_t rest;  /*          with so much of its amount left */
    int64_t spent; /* yen, where there is a budget */
};

struct pricing {
    const struct fee_case *c;
    struct fee *fee;
    int32_t tally_count;
    struct tally tallies[2 * PROGRAMME_REDUCTIONS_MAX];
};

/* One unit, on one day, under one version. */
struct unit {
    const struct programme *programme;
    const struct care *care;
    int32_t care_row;
    int32_t household_class;
    int32_t index;
    struct day day;
    bool over;
};

const struct facility_care *facility_care_of(const struct facts *facts, struct text care) {
    for (int32_t i = 0; i < facts->facility.care_count; i++) {
        if (text_eq(facts->facility.cares[i].care, care)) {
            return &facts->facility.cares[i];
        }
    }
    return NULL;
}

static void line_add(struct fee *fee, enum line_what what, struct code_name of, int64_t units,
                     struct yen each) {
    if (units == 0) {
        return;
    }
    struct fee_line *line = NULL;
    for (int32_t i = 0; i < fee->line_count && line == NULL; i++) {
        struct fee_line *old = &fee->lines[i];
        bool same = old->what == what && old->each.n == each.n && text_eq(old->code, of.code);
        line = same ? old : NULL;
    }
    if (line == NULL && fee->line_count < QUOTE_LINES_MAX) {
        line = &fee->lines[fee->line_count++];
        *line = (struct fee_line){.what = what, .code = of.code, .name = of.name, .each = each};
    }
    if (line == NULL) {
        /* More different prices than lines: say that it cannot be known rather than show a wrong sum. */
        fee->known = false;
        return;
    }
    line->units += (int32_t)units;
    line->amount.n += units * each.n;
    fee->total.n += units * each.n;
    fee->unreduced.n += what == LINE_REDUCTION ? 0 : units * each.n;
}

static int64_t yen_before(const struct facts *facts, struct text code) {
    for (int32_t i = 0; i < facts->reduced_yen_count; i++) {
        if (text_eq(facts->reduced_yen[i].code, code)) {
            return facts->reduced_yen[i].yen.n;
        }
    }
    return 0;
}

/* NULL when a use runs through more versions than have room: then nothing is taken off. */
static struct tally *tally_of(struct pricing *p, const struct unit *unit, const struct reduction *reduction) {
    for (int32_t i = 0; i < p->tally_count; i++) {
        if (text_eq(p->tallies[i].code, reduction->code)) {
            return &p->tallies[i];
        }
    }
    if (p->tally_count == (int32_t)COUNT(p->tallies)) {
        return NULL;
    }
    struct tally *tally = &p->tallies[p->tally_count++];
    *tally = (struct tally){.code = reduction->code};
    tally->count = history_count(unit->programme, p->c->facts, reduction->cares,
                                 reduction->per_use ? COUNT_PAST_USES : COUNT_PAST_UNITS) +
                   counted_before(p->c->facts->reduced, p->c->facts->reduced_count, reduction->code);
    tally->spent = yen_before(p->c->facts, reduction->code);
    return tally;
}

/* What one reduction takes off `left` yen of a unit. */
static int64_t reduction_off(struct pricing *p, const struct unit *unit, const struct reduction *reduction,
                             int64_t left) {
    bool meant =
        (reduction->cares >> unit->care_row & 1) && (reduction->classes >> unit->household_class & 1);
    if (!meant || left <= 0) {
        return 0;
    }
    struct tally *tally = tally_of(p, unit, reduction);
    if (tally == NULL) {
        return 0;
    }
    bool counted = reduction->per_use && tally->used_now;
    if (!counted && reduction->max_count > 0 && tally->count >= reduction->max_count) {
        return 0;
    }
    int64_t more = p->c->facts->child_count > 1 ? p->c->facts->child_count - 1 : 0;
    int64_t amount = reduction->amount[unit->care_row].n + reduction->infant[unit->care_row].n * more;
    amount = counted ? tally->rest : amount;
    if (reduction->percent > 0) {
        amount = yen_part(left, reduction->percent, 100, reduction->rounding, reduction->round_to);
    }
    int64_t room = left > reduction->leave.n ? left - reduction->leave.n : 0;
    if (reduction->budget.n > 0) {
        int64_t rest = reduction->budget.n - tally->spent;
        room = rest < room ? rest : room;
    }
    int64_t off = amount < room ? amount : room;
    if (off > 0) {
        tally->spent += off;
        tally->count += !counted;
        tally->used_now = true;
        tally->rest = amount - off;
    }
    return off;
}

static void unit_reduce(struct pricing *p, const struct unit *unit, int64_t left) {
    for (int32_t i = 0; i < unit->programme->reduction_count; i++) {
        const struct reduction *reduction = &unit->programme->reductions[i];
        int64_t off = reduction_off(p, unit, reduction, left);
        if (off > 0) {
            line_add(p->fee, LINE_REDUCTION, (struct code_name){reduction->code, reduction->name}, 1,
                     (struct yen){-off});
            left -= off;
        }
    }
}

/* How many infants stand between the addition's first and last place. */
static int64_t infants_between(const struct addition *addition, int32_t infants) {
    int32_t to = addition->infant_to > 0 && addition->infant_to < infants ? addition->infant_to : infants;
    int32_t count = to - addition->infant_from + 1;
    return count > 0 ? count : 0;
}

static int64_t addition_times(const struct addition *addition, const struct facts *facts,
                              const struct unit *unit) {
    if (!(addition->cares >> unit->care_row & 1) || (addition->per_use && unit->index > 0)) {
        return 0;
    }
    int64_t times = 0;
    switch (addition->when) {
    case ADDITION_INFANT:
        return infants_between(addition, facts->child_count);
    case ADDITION_SIBLING:
        return facts->siblings <= 0 ? 0 : facts->siblings < SIBLINGS_MAX ? facts->siblings : SIBLINGS_MAX;
    case ADDITION_OLDER:
        for (int32_t i = 0; i < facts->child_count; i++) {
            times += age_months_complete(facts->children[i].birth, addition->months, unit->day);
        }
        return times;
    case ADDITION_ROOM:
        return text_eq(addition->room, facts->facility.room);
    case ADDITION_HOLIDAY:
        return !calendar_is_business(facts->calendar, unit->day);
    default:
        return 1;
    }
}

/* Lines for what comes on top; returns how much of it reductions may eat. */
static int64_t unit_add(struct pricing *p, const struct unit *unit, struct yen own) {
    const struct facts *facts = p->c->facts;
    const struct facility_care *terms = facility_care_of(facts, unit->care->code);
    int64_t reducible = 0;
    for (int32_t i = 0; i < unit->programme->addition_count; i++) {
        const struct addition *addition = &unit->programme->additions[i];
        int64_t times = addition_times(addition, facts, unit);
        struct yen each = {0};
        struct price_case price = {.prices = addition->prices,
                                   .household_class = unit->household_class,
                                   .index = unit->index,
                                   .charged = p->fee->charged,
                                   .facility_known = terms != NULL && terms->priced,
                                   .facility = terms == NULL ? (struct yen){0} : terms->price,
                                   .own = own};
        if (times > 0 && !price_unit(&price, &each)) {
            p->fee->known = false;
        } else if (times > 0) {
            line_add(p->fee, LINE_ADDITION, (struct code_name){addition->code, addition->name}, times, each);
            reducible += addition->reducible ? times * each.n : 0;
        }
    }
    return reducible;
}

static int64_t priced_before(const struct programme *programme, const struct facts *facts, rows_mask cares) {
    int64_t count = 0;
    for (int32_t i = 0; i < programme->care_count; i++) {
        if (cares >> i & 1) {
            count += counted_before(facts->priced, facts->priced_count, programme->cares[i].code);
        }
    }
    return count;
}

static bool unit_price(struct pricing *p, const struct unit *unit, struct yen *ret_each) {
    const struct facts *facts = p->c->facts;
    const struct facility_care *terms = facility_care_of(facts, unit->care->code);
    struct price_case price = {.prices = unit->care->prices,
                               .household_class = unit->household_class,
                               .index = unit->index,
                               .charged = p->fee->charged,
                               .facility_known = terms != NULL && terms->priced,
                               .facility = terms == NULL ? (struct yen){0} : terms->price};
    if (unit->over) {
        static const struct price private_price = {.kind = PRICE_FACILITY, .out_of = 100, .round_to = 1};
        price.prices = &private_price;
        price.household_class = 0;
    }
    const struct price *rule = price_rule(&price);
    if (rule->kind == PRICE_NTH) {
        price.past = history_count(unit->programme, facts, rule->nth_cares,
                                   rule->nth_uses ? COUNT_PAST_USES : COUNT_PAST_UNITS) +
                     priced_before(unit->programme, facts, rule->nth_cares);
    }
    return price_unit(&price, ret_each);
}

static void unit_make(struct pricing *p, const struct unit *unit) {
    struct fee *fee = p->fee;
    struct code_name name = {unit->care->code, unit->care->name};
    struct yen each = {0};
    if (!unit_price(p, unit, &each)) {
        fee->known = false;
        return;
    }
    line_add(fee, unit->over ? LINE_OVER : LINE_CARE, name, 1, each);
    int64_t left = unit->over ? 0 : each.n + unit_add(p, unit, each);
    if (p->c->reduce) {
        unit_reduce(p, unit, left);
    }
    const struct facility_care *terms = facility_care_of(p->c->facts, unit->care->code);
    if (terms != NULL && terms->extra.n > 0 && yen_priced(terms->extra)) {
        line_add(fee, LINE_EXTRA, name, 1, terms->extra);
    }
}

/* The rows that judge the unit of `day`; false when that day's version does not know the care or the class. */
static bool unit_rows(const struct fee_case *c, struct day day, struct unit *ret_unit) {
    const struct programme *programme = programme_at(c->set, day);
    if (programme == c->programme) {
        ret_unit->programme = programme;
        ret_unit->care_row = c->care;
        ret_unit->household_class = c->household_class;
        return true;
    }
    if (programme == NULL) {
        return false;
    }
    ret_unit->programme = programme;
    ret_unit->care_row = programme_care(programme, c->request->care);
    ret_unit->household_class = programme_class(programme, c->programme->classes[c->household_class].code);
    return ret_unit->care_row >= 0 && ret_unit->household_class >= 0;
}

static void lines_sort(struct fee *fee) {
    for (int32_t i = 1; i < fee->line_count; i++) {
        struct fee_line line = fee->lines[i];
        int32_t k = i;
        for (; k > 0 && fee->lines[k - 1].what > line.what; k--) {
            fee->lines[k] = fee->lines[k - 1];
        }
        fee->lines[k] = line;
    }
}

void fee_make(const struct fee_case *c, struct fee *ret_fee) {
    const struct care *care = &c->programme->cares[c->care];
    memset(ret_fee, 0, sizeof *ret_fee);
    ret_fee->known = true;
    ret_fee->charged = care_units(care, care->charge, c->request->start, c->request->end);
    assert(ret_fee->charged >= 0);
    int32_t over = c->units_over < ret_fee->charged ? c->units_over : ret_fee->charged;
    over = c->units > 0 && c->units_over >= c->units ? ret_fee->charged : over;
    struct pricing p = {.c = c, .fee = ret_fee};
    for (int32_t i = 0; i < ret_fee->charged; i++) {
        struct unit unit = {.index = i, .day = day_min(day_add(c->request->start, i), c->request->end)};
        unit.over = i >= ret_fee->charged - over;
        if (!unit_rows(c, unit.day, &unit)) {
            ret_fee->known = false;
            break;
        }
        unit.care = &unit.programme->cares[unit.care_row];
        unit_make(&p, &unit);
    }
    lines_sort(ret_fee);
    if (!ret_fee->known) {
        ret_fee->line_count = 0;
        ret_fee->total.n = 0;
        ret_fee->unreduced.n = 0;
    }
}
