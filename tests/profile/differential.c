/* The rules against a second, naive evaluation (naive.h): random people, histories, facilities and requests. Both must give
 * the same refusals, units, money, balances, moments and costs of cancelling. Arguments: the profile, how many. Seeded: a
 * failure repeats, and the case is printed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/cancel.h"
#include "core/quote.h"
#include "core/registration.h"
#include "naive.h"
#include "profile/profile.h"

enum { BYTES_MAX = 256 * 1024, ARENA_LIMIT = 64 * 1024 * 1024 };

static struct profile profile;
static struct n_city city;
static int64_t rounds;
static uint64_t seed;

static uint64_t chance(void) {
    seed += 0x9e3779b97f4a7c15u;
    uint64_t z = (seed ^ (seed >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static int below(int n) {
    return (int)(chance() % (uint64_t)n);
}

static const struct n_version *some_version(void) {
    return &city.versions[below(city.version_count)];
}

static const char *some_care(void) {
    const struct n_version *v = some_version();
    return v->cares[below(v->care_count)].code;
}

static int nights_of(const char *care) {
    const struct n_version *v = &city.versions[city.version_count - 1];
    int row = n_find_care(v, care);
    bool stay = row >= 0 && v->cares[row].kind[0] == 's';
    return stay ? 1 + below(below(6) == 0 ? 14 : 4) : 0;
}

static void some_children(struct n_case *c, int today) {
    int birth = today - below(below(3) == 0 ? 500 : 150) + 20;
    c->child_count = below(15) == 0 ? 0 : below(4) == 0 ? 1 + below(5) : 1;
    for (int i = 0; i < c->child_count; i++) {
        c->children[i].birth = below(12) == 0 ? N_NONE : birth + (below(4) == 0 ? below(3) : 0);
        c->children[i].due = below(3) == 0 ? N_NONE : birth + below(60) - 15;
        c->children[i].gestation = below(3) == 0 ? 0 : 240 + below(50);
        c->children[i].weight = below(3) == 0 ? 0 : 2300 + below(500);
    }
    c->loss = below(c->child_count == 0 ? 2 : 12) == 0 ? today - below(200) : N_NONE;
}

static void some_history(struct n_case *c, int today) {
    static const char *const states[] = {"requested", "confirmed", "declined",  "lapsed",
                                         "cancelled", "in-use",    "completed", "no-show"};
    c->history_count = below(3) == 0 ? 0 : below(9);
    for (int i = 0; i < c->history_count; i++) {
        struct n_use *use = &c->history[i];
        use->care = some_care();
        use->start = today - below(80) + 25;
        use->end = use->start + nights_of(use->care) + (below(60) == 0);
        use->state = states[below(8)];
        use->charged = below(2) == 0;
        use->kept = below(3) == 0 ? 1 + below(4) : 0;
    }
}

static void some_facility(struct n_case *c) {
    c->facility_known = below(3) == 0;
    c->max_infants = below(3);
    c->weekdays_closed = below(6) == 0 ? 1u << below(7) : 0;
    c->room = "";
    for (int i = 0; i < city.versions[0].addition_count && below(2) == 0; i++) {
        c->room = city.versions[0].additions[i].room;
    }
    c->facility_count = 0;
    for (int i = 0; i < city.versions[0].care_count; i++) {
        if (below(10) != 0) {
            int n = c->facility_count++;
            c->facility[n].care = city.versions[0].cares[i].code;
            c->facility[n].offered = below(10) != 0;
            c->facility[n].priced = below(8) != 0;
            c->facility[n].price = below(20) == 0  ? 20000000
                                   : below(4) == 0 ? below(4000)
                                                   : 500 * below(90) + below(2) * below(500);
            c->facility[n].extra = below(5) == 0 ? below(3000) : 0;
        }
    }
}

/* What counted before the system: of the newest version's reductions and cares. */
static void some_before(struct n_case *c) {
    const struct n_version *v = &city.versions[city.version_count - 1];
    for (int i = 0; i < v->reduction_count && below(3) == 0; i++) {
        c->reduced_code[i] = v->reductions[i].code;
        c->reduced[i] = below(6);
        c->spent[i] = below(2) == 0 ? below(60000) : 0;
        c->reduced_count = i + 1;
    }
    for (int i = 0; i < v->care_count && below(3) == 0; i++) {
        c->priced_code[i] = v->cares[i].code;
        c->priced[i] = below(7);
        c->priced_count = i + 1;
    }
}

static void some_case(struct n_case *c) {
    const struct n_version *v = some_version();
    int today = v->from - 30 + below(below(2) == 0 ? 60 : 800);
    int minute = below(2) == 0 ? below(1440) : 15 * below(96);
    memset(c, 0, sizeof *c);
    c->now = below(30) == 0 ? N_NONE : (today * 1440LL + minute - 540) * 60 + below(2);
    c->class = below(25) == 0 ? "" : below(40) == 0 ? "nobody" : v->classes[below(v->class_count)];
    c->proven = below(3) == 0 ? today - below(300) : N_NONE;
    c->siblings = below(6) == 0 ? below(25) - 2 : 0;
    c->approved = below(12) != 0;
    c->open = below(8) == 0 ? below(6) : 0;
    c->moved = below(10) == 0 ? today + below(40) : N_NONE;
    c->exclusions = below(12) == 0 ? (unsigned)below(4) : 0;
    some_children(c, today);
    some_history(c, today);
    some_facility(c);
    some_before(c);
    c->request_care = below(100) == 0 ? "none-such" : some_care();
    c->request_start = today + below(below(4) == 0 ? 150 : 30) - 2;
    c->request_end = c->request_start + nights_of(c->request_care);
    if (below(60) == 0) {
        c->request_end = c->request_start + below(80) - 5;
    }
    for (int p = 0; p < N_ROWS; p++) {
        c->used[p] = below(8) == 0 ? below(8) : 0;
        c->extra[p] = below(8) == 0 ? below(8) : 0;
    }
}

/* ---- the same case for the production rules ---- */

static struct day day_from(int day) {
    return day == N_NONE ? DAY_NONE : (struct day){day};
}

static void facts_facility(const struct n_case *c, struct facility_terms *terms) {
    terms->known = c->facility_known;
    terms->max_infants = c->max_infants;
    terms->weekdays_closed = c->weekdays_closed;
    terms->room = text_of(c->room);
    terms->care_count = c->facility_count;
    for (int i = 0; i < c->facility_count; i++) {
        terms->cares[i] = (struct facility_care){.care = text_of(c->facility[i].care),
                                                 .offered = c->facility[i].offered,
                                                 .priced = c->facility[i].priced,
                                                 .price = {c->facility[i].price},
                                                 .extra = {c->facility[i].extra}};
    }
}

static void facts_grant(const struct n_case *c, struct facts *facts) {
    const struct programme *programme = programme_at(&profile.programmes, (struct day){c->request_start});
    facts->grant.approved = c->approved;
    if (programme == NULL) {
        return;
    }
    int32_t row = facts_class(facts, programme, (struct day){c->request_start});
    facts->grant.pool_count = programme->pool_count;
    for (int32_t i = 0; i < programme->pool_count; i++) {
        facts->grant.pools[i] =
            (struct pool_balance){.pool = programme->pools[i].code,
                                  .granted = pool_granted(programme, i, row < 0 ? 0 : row, c->child_count),
                                  .extra = c->extra[i],
                                  .used = c->used[i]};
    }
    grant_count_uses(&profile.programmes, facts, &facts->grant);
}

static void before_of(const struct n_case *c, struct facts *facts) {
    for (int i = 0; i < c->reduced_count; i++) {
        struct text code = text_of(c->reduced_code[i]);
        facts->reduced[i] = (struct counted_before){code, c->reduced[i]};
        facts->reduced_yen[i] = (struct reduced_yen){code, {c->spent[i]}};
    }
    for (int i = 0; i < c->priced_count; i++) {
        facts->priced[i] = (struct counted_before){text_of(c->priced_code[i]), c->priced[i]};
    }
    facts->reduced_count = facts->reduced_yen_count = c->reduced_count;
    facts->priced_count = c->priced_count;
}

static void facts_of(const struct n_case *c, struct facts *facts) {
    facts_init(facts);
    facts->now = c->now == N_NONE ? INSTANT_NONE : (struct instant){c->now};
    facts->calendar = &profile.city.calendar;
    facts->household_class = text_of(c->class);
    facts->class_proven = day_from(c->proven);
    facts->child_count = c->child_count;
    for (int i = 0; i < c->child_count; i++) {
        facts->children[i] = (struct child){day_from(c->children[i].birth), day_from(c->children[i].due),
                                            c->children[i].gestation, c->children[i].weight};
    }
    facts->loss = day_from(c->loss);
    facts->siblings = c->siblings;
    facts->open_bookings = c->open;
    facts->moved_out = day_from(c->moved);
    facts->exclusions = c->exclusions;
    facts->history_count = c->history_count;
    for (int i = 0; i < c->history_count; i++) {
        const struct n_use *use = &c->history[i];
        struct past_use *past = &facts->history[i];
        *past = (struct past_use){.care = text_of(use->care),
                                  .start = {use->start},
                                  .end = {use->end},
                                  .units_charged = use->charged,
                                  .units_kept = use->kept};
        assert_true(booking_state_parse(text_of(use->state), &past->state));
    }
    before_of(c, facts);
    facts_facility(c, &facts->facility);
    facts_grant(c, facts);
}

static unsigned refused_bits(const struct quote *quote) {
    unsigned bits = 0;
    for (int32_t i = 0; i < quote->refusal_count; i++) {
        unsigned k = 0;
        while (k < N_REFUSALS && !text_is(refusal_code(quote->refusals[i].code), n_refusals[k])) {
            k++;
        }
        assert_true(k < N_REFUSALS);
        bits |= 1u << k;
    }
    return bits;
}

/* ---- comparing ---- */

static int64_t number;
static const struct n_case *shown;

static void show(void) {
    const struct n_case *c = shown;
    fprintf(stderr,
            "case %lld: %s %d..%d class '%s' proven %d now %lld children %d loss %d approved %d open %d\n",
            (long long)number, c->request_care, c->request_start, c->request_end, c->class, c->proven, c->now,
            c->child_count, c->loss, c->approved, c->open);
    for (int i = 0; i < c->child_count; i++) {
        fprintf(stderr, "  child birth %d due %d gestation %d weight %d\n", c->children[i].birth,
                c->children[i].due, c->children[i].gestation, c->children[i].weight);
    }
    for (int i = 0; i < c->history_count; i++) {
        fprintf(stderr, "  use %s %d..%d %s %d\n", c->history[i].care, c->history[i].start, c->history[i].end,
                c->history[i].state, c->history[i].charged);
    }
    for (int i = 0; i < c->facility_count; i++) {
        fprintf(stderr, "  facility %s offered %d priced %d price %lld extra %lld\n", c->facility[i].care,
                c->facility[i].offered, c->facility[i].priced, c->facility[i].price, c->facility[i].extra);
    }
}

static void same(const char *what, long long rules, long long naive) {
    if (rules != naive) {
        show();
        fail_msg("%s: the rules say %lld, the naive evaluation %lld", what, rules, naive);
    }
}

static long long seconds(struct instant at) {
    return instant_is_none(at) ? N_NONE : at.s;
}

static void same_quote(const struct quote *q, const struct n_answer *a) {
    same("refusals", refused_bits(q), a->refused);
    same("allowed", q->allowed, a->refused == 0);
    same("units", q->units, a->units);
    same("charged", q->charged, a->charged);
    same("fee known", q->line_count > 0, a->priced && a->charged > 0);
    same("total", q->total.n, a->total);
    same("unreduced", q->unreduced.n, a->unreduced);
    if (!a->judged) {
        return;
    }
    same("pools", q->pool_count, a->pool_count);
    for (int i = 0; i < a->pool_count; i++) {
        same("left before", q->pools[i].left_before, a->left[i]);
        same("left after", q->pools[i].left_after, a->after[i]);
    }
    same("starts", seconds(q->starts), a->starts);
    same("ends", seconds(q->ends), a->ends);
    same("free until", seconds(q->free_cancel_until), a->free_until);
    same("answer by", seconds(q->answer_by), a->answer_by);
}

static void same_costs(const struct n_case *c, struct facts *facts, const struct quote *q,
                       const struct n_answer *a) {
    struct booked booked = {.state = below(4) == 0 ? BOOKING_REQUESTED : BOOKING_CONFIRMED,
                            .care = text_of(c->request_care),
                            .start = {c->request_start},
                            .end = {c->request_end},
                            .units = q->units,
                            .fee = q->total,
                            .answer_by = INSTANT_NONE};
    long long at = c->request_start * 86400LL - 86400LL * below(4) + 900LL * below(96) + below(2);
    struct cancel_cost cost;
    struct n_cost naive;
    facts->now = (struct instant){at};
    booking_cancel_cost(&profile.programmes, facts, &booked, ACTOR_RESIDENT, &cost);
    n_cancel(&city, c, a, at, false, booked.state == BOOKING_REQUESTED, &naive);
    same("late", cost.late, naive.late);
    same("cost of cancelling", cost.fee.n, naive.fee);
    same("units of cancelling", cost.units_charged, naive.units);
    booking_no_show_cost(&profile.programmes, facts, &booked, &cost);
    n_cancel(&city, c, a, at, true, false, &naive);
    same("cost of not coming", cost.fee.n, naive.fee);
    same("units of not coming", cost.units_charged, naive.units);
}

static void test_same(void **state) {
    (void)state;
    static struct n_case c;
    static struct facts facts;
    int64_t allowed = 0;
    shown = &c;
    seed = 20260401;
    for (number = 0; number < rounds; number++) {
        some_case(&c);
        facts_of(&c, &facts);
        struct request request = {text_of(c.request_care), {c.request_start}, {c.request_end}};
        struct quote quote;
        struct n_answer answer;
        quote_make(&profile.programmes, &facts, &request, &quote);
        n_answer(&city, &c, &answer);
        same_quote(&quote, &answer);
        if (answer.judged) {
            same_costs(&c, &facts, &quote, &answer);
        }
        allowed += quote.allowed;
    }
    printf("# allowed %lld of %lld\n", (long long)allowed, (long long)rounds);
    /* A test that never says yes would prove little. */
    assert_true(rounds < 10000 || allowed > rounds / 200);
}

int main(int argc, char **argv) {
    static char bytes[BYTES_MAX];
    struct profile_faults faults;
    struct arena arena;
    FILE *file = argc == 3 ? fopen(argv[1], "rb") : NULL;
    if (file == NULL) {
        return 2;
    }
    size_t n = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    arena_init(&arena, ARENA_LIMIT);
    json_t *root = json_loadb(bytes, n, 0, NULL);
    if (!profile_load(&arena, (struct text){bytes, n}, &profile, &faults) || !n_load(root, &city)) {
        return 1;
    }
    rounds = atoll(argv[2]);
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_same)};
    int failed = cmocka_run_group_tests_name(argv[1], tests, NULL, NULL);
    free(city.versions);
    free(city.closed);
    json_decref(root);
    arena_release(&arena);
    return failed;
}
