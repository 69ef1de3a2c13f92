/* What must hold for every programme, tried with random people and random, also senseless, requests. Seeded: a failure
 * repeats. Argument: the profile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "profile/answer.h"

enum { ROUNDS = 20000, BYTES_MAX = 256 * 1024, ARENA_LIMIT = 64 * 1024 * 1024, LIVES = 60, STEPS = 40 };

static struct arena arena;
static struct profile profile;
static uint64_t seed;

static uint64_t chance(void) {
    seed += 0x9e3779b97f4a7c15u;
    uint64_t z = (seed ^ (seed >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static int32_t below(int32_t n) {
    return (int32_t)(chance() % (uint64_t)n);
}

static const struct programme *programme(void) {
    return profile.programmes.versions[profile.programmes.count - 1];
}

static struct day some_day(void) {
    switch (below(40)) {
    case 0:
        return (struct day){(int32_t)chance()};
    case 1:
        return DAY_NONE;
    case 2:
        return (struct day){INT32_MAX};
    default:
        return day_add(programme()->valid_from, below(900) - 60);
    }
}

static void some_facility(struct facility_terms *facility) {
    facility->known = below(3) == 0;
    facility->care_count = programme()->care_count;
    facility->max_infants = below(3);
    facility->weekdays_closed = below(6) == 0 ? 1u : 0;
    for (int32_t i = 0; i < facility->care_count; i++) {
        facility->cares[i] = (struct facility_care){.care = programme()->cares[i].code,
                                                    .offered = below(8) != 0,
                                                    .priced = below(4) != 0,
                                                    .price = {below(60000)},
                                                    .extra = {below(5) == 0 ? below(3000) : 0}};
        if (below(50) == 0) {
            facility->cares[i].price.n = (int64_t)chance();
        }
    }
}

static void some_facts(struct facts *facts) {
    facts_init(facts);
    facts->calendar = &profile.city.calendar;
    facts->household_class = programme()->classes[below(programme()->class_count)].code;
    facts->household_class = below(20) == 0 ? TEXT("") : facts->household_class;
    facts->child_count = below(12) == 0 ? 0 : 1 + below(3);
    struct day birth = some_day();
    for (int32_t i = 0; i < facts->child_count; i++) {
        facts->children[i] =
            (struct child){.birth = below(8) == 0 ? DAY_NONE : birth,
                           .due = below(2) == 0 ? day_add((struct day){birth.n / 2}, 30) : DAY_NONE,
                           .gestation_days = below(320),
                           .weight_g = below(5000)};
        if (below(2) == 0 && day_sane(birth)) {
            facts->children[i].due = day_add(birth, below(60));
        }
    }
    facts->loss = below(10) == 0 ? some_day() : DAY_NONE;
    facts->siblings = below(6) == 0 ? below(40) - 5 : 0;
    facts->grant.approved = below(10) != 0;
    facts->open_bookings = below(5);
    struct day today = some_day();
    facts->now = below(20) == 0 || !day_sane(today) ? INSTANT_NONE : day_at(today, below(1440));
    facts->history_count = below(9);
    for (int32_t i = 0; i < facts->history_count; i++) {
        struct day start = some_day();
        facts->history[i] = (struct past_use){.care = programme()->cares[below(programme()->care_count)].code,
                                              .start = start,
                                              .end = day_sane(start) ? day_add(start, below(5)) : some_day(),
                                              .state = (enum booking_state)(1 + below(BOOKING__MAX - 1)),
                                              .units_charged = below(2) == 0};
    }
    some_facility(&facts->facility);
}

static struct request some_request(void) {
    struct request request = {.care = programme()->cares[below(programme()->care_count)].code,
                              .start = some_day()};
    int32_t row = programme_care(programme(), request.care);
    bool stay = programme()->cares[row].kind == CARE_STAY;
    request.end = day_sane(request.start) ? day_add(request.start, stay ? 1 + below(12) : 0) : some_day();
    if (below(30) == 0) {
        request.end = some_day();
    }
    if (below(60) == 0) {
        request.care = TEXT("no-such-care");
    }
    return request;
}

static void check_quote(const struct quote *quote) {
    int64_t total = 0;
    int64_t unreduced = 0;
    for (int32_t i = 0; i < quote->line_count; i++) {
        const struct fee_line *line = &quote->lines[i];
        assert_int_equal(line->amount.n, line->units * line->each.n);
        assert_true(line->what == LINE_REDUCTION ? line->each.n < 0 : line->each.n >= 0);
        total += line->amount.n;
        unreduced += line->what == LINE_REDUCTION ? 0 : line->amount.n;
    }
    assert_int_equal(total, quote->total.n);
    assert_int_equal(unreduced, quote->unreduced.n);
    assert_true(total >= 0 && total <= unreduced);
    assert_int_equal(quote->allowed, quote->refusal_count == 0);
    assert_true(!quote->allowed || (quote->units > 0 && quote->line_count > 0));
    for (int32_t i = 0; i < quote->refusal_count; i++) {
        struct text sentence = refusal_sentence(&arena, quote->programme, &quote->refusals[i]);
        assert_false(text_eq(sentence, refusal_code(quote->refusals[i].code)));
    }
    for (int32_t i = 0; i < quote->pool_count; i++) {
        const struct pool_change *pool = &quote->pools[i];
        assert_true(pool->left_after >= 0 && pool->left_after <= pool->left_before);
        bool over = quote->programme->pools[quote->programme->cares[quote->care].pools[i]].over;
        assert_true(!quote->allowed || over || pool->left_after == pool->left_before - quote->units);
    }
}

static void check_cancel(const struct facts *facts, const struct request *request,
                         const struct quote *quote) {
    struct booked booked = {.state = BOOKING_CONFIRMED,
                            .care = request->care,
                            .start = request->start,
                            .end = request->end,
                            .units = quote->units,
                            .fee = quote->total,
                            .answer_by = INSTANT_NONE};
    struct cancel_cost cost;
    booking_cancel_cost(&profile.programmes, facts, &booked, ACTOR_RESIDENT, &cost);
    assert_true(cost.fee.n >= 0 && (cost.units_charged == 0 || cost.units_charged <= quote->units));
    booking_no_show_cost(&profile.programmes, facts, &booked, &cost);
    assert_true(cost.fee.n >= 0 && (cost.units_charged == 0 || cost.units_charged <= quote->units));
    booking_cancel_cost(&profile.programmes, facts, &booked, ACTOR_FACILITY, &cost);
    assert_true(cost.fee.n == 0 && cost.units_charged == 0);
}

static void test_any_input(void **state) {
    (void)state;
    seed = 1;
    for (int i = 0; i < ROUNDS; i++) {
        struct facts facts;
        some_facts(&facts);
        struct request request = some_request();
        struct quote quote;
        struct quote again;
        quote_make(&profile.programmes, &facts, &request, &quote);
        quote_make(&profile.programmes, &facts, &request, &again);
        check_quote(&quote);
        assert_int_equal(quote.total.n, again.total.n);
        assert_int_equal(quote.refusal_count, again.refusal_count);
        check_cancel(&facts, &request, &quote);
        if (i % 64 == 0) {
            arena_clear(&arena);
        }
    }
}

static void test_longer_is_not_less(void **state) {
    (void)state;
    seed = 2;
    for (int i = 0; i < ROUNDS; i++) {
        struct facts facts;
        some_facts(&facts);
        struct request request = some_request();
        struct quote shorter;
        struct quote longer;
        quote_make(&profile.programmes, &facts, &request, &shorter);
        if (shorter.care < 0 || shorter.line_count == 0 ||
            shorter.programme->cares[shorter.care].kind != CARE_STAY) {
            continue;
        }
        request.end = day_add(request.end, 1);
        quote_make(&profile.programmes, &facts, &request, &longer);
        if (longer.care < 0 || longer.units == 0) {
            continue; /* longer than any stay can be */
        }
        assert_true(longer.units >= shorter.units && longer.charged >= shorter.charged);
        assert_true(longer.line_count == 0 || longer.total.n >= shorter.total.n);
    }
}

/* Who pays no tax pays no more: by the table alone where reductions are for the taxed, else by the whole bill. */
static void test_exempt_is_not_dearer(void **state) {
    (void)state;
    seed = 4;
    for (int i = 0; i < ROUNDS; i++) {
        struct facts facts;
        some_facts(&facts);
        struct request request = some_request();
        struct quote taxed;
        struct quote exempt;
        facts.household_class = TEXT("taxed");
        quote_make(&profile.programmes, &facts, &request, &taxed);
        facts.household_class = TEXT("exempt");
        quote_make(&profile.programmes, &facts, &request, &exempt);
        if (taxed.line_count == 0 || exempt.line_count == 0) {
            continue;
        }
        assert_true(exempt.unreduced.n <= taxed.unreduced.n);
        assert_true(taxed.programme->reduction_count > 0 || exempt.total.n <= taxed.total.n);
    }
}

static int32_t weighed(const struct facts *facts, int32_t pool) {
    struct grant grant = {.pool_count = 1, .pools = {{.pool = programme()->pools[pool].code}}};
    grant_count_uses(&profile.programmes, facts, &grant);
    return grant.pools[0].used + grant.pools[0].booked;
}

static void fill_grant(struct facts *facts, int32_t row) {
    facts->grant = (struct grant){.approved = true,
                                  .valid_from = DAY_NONE,
                                  .valid_to = DAY_NONE,
                                  .pool_count = programme()->pool_count};
    for (int32_t p = 0; p < programme()->pool_count; p++) {
        facts->grant.pools[p] =
            (struct pool_balance){.pool = programme()->pools[p].code,
                                  .granted = pool_granted(programme(), p, row, facts->child_count)};
    }
    grant_count_uses(&profile.programmes, facts, &facts->grant);
}

static void live_step(struct facts *facts, int32_t row) {
    if (facts->history_count > 0 && below(4) == 0) {
        struct past_use *use = &facts->history[below(facts->history_count)];
        if (booking_open(use->state)) {
            use->state = BOOKING_CANCELLED;
            use->units_charged = below(3) == 0;
        }
        return;
    }
    fill_grant(facts, row);
    struct request request = some_request();
    struct quote quote;
    facts->open_bookings = 0;
    quote_make(&profile.programmes, facts, &request, &quote);
    if (quote.allowed && facts->history_count < HISTORY_MAX) {
        facts->history[facts->history_count++] =
            (struct past_use){request.care, request.start, request.end, BOOKING_CONFIRMED, false};
    }
}

/* Whatever is booked and cancelled, in any order, a pool that refuses is never exceeded. */
static void test_pools_hold(void **state) {
    (void)state;
    seed = 3;
    for (int life = 0; life < LIVES; life++) {
        struct facts facts;
        facts_init(&facts);
        int32_t row = below(programme()->class_count);
        facts.household_class = programme()->classes[row].code;
        facts.child_count = 1 + below(2);
        for (int32_t i = 0; i < facts.child_count; i++) {
            facts.children[i] =
                (struct child){.birth = day_add(programme()->valid_from, 20), .due = DAY_NONE};
        }
        some_facility(&facts.facility);
        facts.facility.known = false;
        for (int step = 0; step < STEPS; step++) {
            live_step(&facts, row);
            for (int32_t p = 0; p < programme()->pool_count; p++) {
                int32_t granted = pool_granted(programme(), p, row, facts.child_count);
                assert_true(programme()->pools[p].over == OVER_FACILITY_PRICE ||
                            weighed(&facts, p) <= granted);
            }
        }
    }
}

static struct text whole_file(const char *path, char *bytes) {
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t n = fread(bytes, 1, BYTES_MAX, file);
    fclose(file);
    return (struct text){bytes, n};
}

int main(int argc, char **argv) {
    static char bytes[BYTES_MAX];
    struct profile_faults faults;
    struct arena kept;
    if (argc != 2) {
        return 2;
    }
    arena_init(&kept, ARENA_LIMIT);
    arena_init(&arena, ARENA_LIMIT);
    if (!profile_load(&kept, whole_file(argv[1], bytes), &profile, &faults)) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_input),
        cmocka_unit_test(test_longer_is_not_less),
        cmocka_unit_test(test_exempt_is_not_dearer),
        cmocka_unit_test(test_pools_hold),
    };
    int failed = cmocka_run_group_tests_name(argv[1], tests, NULL, NULL);
    arena_release(&arena);
    arena_release(&kept);
    return failed;
}
