/* Puts the rules together: rows, units, pools, refusals, fee, times. */
#include "core/quote.h"

#include <string.h>

#include "core/eligible.h"
#include "core/fee.h"
#include "core/registration.h"

struct text line_code(enum line_what what) {
    static const struct text codes[LINE__MAX] = {TEXT_INIT("care"),     TEXT_INIT("over"),
                                                 TEXT_INIT("addition"), TEXT_INIT("reduction"),
                                                 TEXT_INIT("extra"),    TEXT_INIT("late-change")};
    return codes[what];
}

static void quote_init(struct quote *quote) {
    memset(quote, 0, sizeof *quote);
    quote->allowed = true;
    quote->care = -1;
    quote->household_class = -1;
    quote->starts = INSTANT_NONE;
    quote->ends = INSTANT_NONE;
    quote->free_cancel_until = INSTANT_NONE;
    quote->answer_by = INSTANT_NONE;
    quote->change_cost.free_cancel_until = INSTANT_NONE;
}

static void refuse_dates(struct quote *quote, enum refusal code, const struct request *request) {
    struct refused refused = refused_of(code);
    if (day_sane(request->start)) {
        refused_day(&refused, "start", request->start);
    }
    if (day_sane(request->end)) {
        refused_day(&refused, "end", request->end);
    }
    quote_refuse(quote, refused);
}

static bool find_programme(const struct programme_set *set, const struct request *request,
                           struct quote *quote) {
    if (!day_sane(request->start) || !day_sane(request->end) || day_before(request->end, request->start)) {
        refuse_dates(quote, REFUSAL_DATES, request);
        return false;
    }
    quote->programme = programme_at(set, request->start);
    if (quote->programme == NULL) {
        struct refused refused = refused_of(REFUSAL_NO_PROGRAMME);
        if (set->count > 0) {
            refused_day(&refused, "valid_from", set->versions[0]->valid_from);
        }
        quote_refuse(quote, refused);
        return false;
    }
    quote->care = programme_care(quote->programme, request->care);
    if (quote->care < 0) {
        struct refused refused = refused_of(REFUSAL_UNKNOWN_CARE);
        refused_text(&refused, "care", request->care);
        quote_refuse(quote, refused);
        return false;
    }
    const struct care *care = &quote->programme->cares[quote->care];
    if (use_nights(care->kind, request->start, request->end) >= 0) {
        return true;
    }
    if (care->kind == CARE_STAY && day_diff(request->end, request->start) > NIGHTS_MAX) {
        struct refused refused = refused_of(REFUSAL_TOO_LONG);
        refused_int(&refused, "nights", day_diff(request->end, request->start));
        refused_int(&refused, "maximum", care->max_nights > 0 ? care->max_nights : NIGHTS_MAX);
        quote_refuse(quote, refused);
    } else {
        refuse_dates(quote, REFUSAL_DATES, request);
    }
    return false;
}

static void find_class(const struct facts *facts, struct day start, struct quote *quote) {
    const struct programme *programme = quote->programme;
    quote->household_class = facts_class(facts, programme, start);
    quote->class_stale = facts_class_stale(facts, programme, start);
    quote->class_year = class_tax_year(programme, start);
    /* Before approval nobody has said what class she is in; that she is not approved says it all. */
    bool stated = facts->grant.approved || facts->household_class.n > 0;
    if (quote->household_class < 0 && stated) {
        struct refused refused = refused_of(REFUSAL_CLASS_UNKNOWN);
        refused_text(&refused, "class", facts->household_class);
        if (quote->class_stale) {
            refused_day(&refused, "proven", facts->class_proven);
            refused_int(&refused, "year", quote->class_year);
        }
        quote_refuse(quote, refused);
    }
}

static int32_t clamp_units(int64_t n) {
    enum { UNITS_SHOWN_MAX = 1000000 };
    return (int32_t)(n < 0 ? 0 : n > UNITS_SHOWN_MAX ? UNITS_SHOWN_MAX : n);
}

/* Without a row of its own in the grant, a pool is what the programme would give. */
static struct pool_balance balance_of(const struct facts *facts, const struct quote *quote, int32_t pool) {
    struct text code = quote->programme->pools[pool].code;
    for (int32_t i = 0; i < facts->grant.pool_count; i++) {
        if (text_eq(facts->grant.pools[i].pool, code)) {
            return facts->grant.pools[i];
        }
    }
    int32_t row = quote->household_class < 0 ? 0 : quote->household_class;
    return (struct pool_balance){.pool = code,
                                 .granted = pool_granted(quote->programme, pool, row, facts->child_count)};
}

static void fill_pools(const struct facts *facts, struct quote *quote) {
    const struct care *care = &quote->programme->cares[quote->care];
    for (int32_t i = 0; i < care->pool_count; i++) {
        const struct pool *pool = &quote->programme->pools[care->pools[i]];
        struct pool_balance balance = balance_of(facts, quote, care->pools[i]);
        int64_t granted = (int64_t)balance.granted + balance.extra;
        int64_t left = granted - balance.used - balance.booked;
        struct pool_change *change = &quote->pools[quote->pool_count++];
        *change = (struct pool_change){.pool = pool->code,
                                       .name = pool->name,
                                       .granted = clamp_units(granted),
                                       .used = clamp_units(balance.used),
                                       .booked = clamp_units(balance.booked),
                                       .left_before = clamp_units(left),
                                       .left_after = clamp_units(left - quote->units)};
    }
}

/* Units beyond a pool that may be exceeded at the facility's price. */
static int32_t units_over(const struct quote *quote) {
    const struct care *care = &quote->programme->cares[quote->care];
    int32_t over = 0;
    for (int32_t i = 0; i < quote->pool_count; i++) {
        int32_t beyond = quote->units - quote->pools[i].left_before;
        bool paid = quote->programme->pools[care->pools[i]].over == OVER_FACILITY_PRICE;
        over = paid && beyond > over ? beyond : over;
    }
    return over;
}

static void fill_fee(const struct programme_set *set, const struct facts *facts,
                     const struct request *request, struct quote *quote) {
    struct fee_case c = {.set = set,
                         .facts = facts,
                         .request = request,
                         .programme = quote->programme,
                         .care = quote->care,
                         .household_class = quote->household_class,
                         .units_over = units_over(quote),
                         .units = quote->units,
                         .reduce = true};
    struct fee fee;
    fee_make(&c, &fee);
    quote->charged = fee.charged;
    quote->line_count = fee.line_count;
    memcpy(quote->lines, fee.lines, sizeof quote->lines);
    quote->total = fee.total;
    quote->unreduced = fee.unreduced;
    if (!fee.known) {
        struct refused refused = refused_of(REFUSAL_PRICE_UNKNOWN);
        refused_text(&refused, "care", request->care);
        quote_refuse(quote, refused);
    }
}

static void fill_times(const struct facts *facts, const struct request *request, struct quote *quote) {
    const struct programme *programme = quote->programme;
    const struct care *care = &programme->cares[quote->care];
    quote->starts = care_starts(care, request->start);
    quote->ends = day_at(request->end, care->end_minute);
    quote->free_cancel_until = booking_free_until(programme, quote->care, facts->calendar, request->start);
    if (!instant_is_none(facts->now)) {
        quote->answer_by =
            booking_answer_by(&programme->acceptance, facts->calendar, facts->now, quote->starts);
    }
}

void quote_make(const struct programme_set *set, const struct facts *facts, const struct request *request,
                struct quote *ret_quote) {
    quote_init(ret_quote);
    ret_quote->change_cost = facts->change_cost;
    if (!find_programme(set, request, ret_quote)) {
        return;
    }
    const struct care *care = &ret_quote->programme->cares[ret_quote->care];
    ret_quote->units = care_quota(care, request->start, request->end);
    find_class(facts, request->start, ret_quote);
    fill_pools(facts, ret_quote);
    eligible_check(set, facts, request, ret_quote);
    if (ret_quote->household_class >= 0) {
        fill_fee(set, facts, request, ret_quote);
    }
    fill_times(facts, request, ret_quote);
    for (int32_t i = 0; i < ret_quote->refusal_count; i++) {
        for (int32_t p = 0; ret_quote->refusals[i].code == REFUSAL_QUOTA && p < ret_quote->pool_count; p++) {
            ret_quote->pools[p].left_after = ret_quote->pools[p].left_before;
        }
    }
}

bool quote_unreduced(const struct programme_set *set, const struct facts *facts,
                     const struct request *request, int32_t household_class, struct yen *ret_fee) {
    struct quote quote;
    quote_init(&quote);
    if (!find_programme(set, request, &quote) || household_class < 0 ||
        household_class >= quote.programme->class_count) {
        return false;
    }
    struct fee_case c = {.set = set,
                         .facts = facts,
                         .request = request,
                         .programme = quote.programme,
                         .care = quote.care,
                         .household_class = household_class};
    struct fee fee;
    fee_make(&c, &fee);
    if (fee.known) {
        *ret_fee = fee.unreduced;
    }
    return fee.known;
}
