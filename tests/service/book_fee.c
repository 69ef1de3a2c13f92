/* What was quoted is what booking charges, what the booking's lines say, and what the month's claim says: random persons of
 * several cities book, change, cancel (also late), come and do not come, on both engines. Seeded: a failure repeats. */
#include "query/bookings.h"
#include "query/figures.h"
#include "service/fixture.h"
#include "service/registration.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

enum { PEOPLE = 3, STEPS = 26, BOOKINGS_MAX = PEOPLE * STEPS, DAY_SECONDS = 86400 };

/* What is known of a booking from the answers alone. */
struct kept {
    struct booking_id id;
    struct account_id resident;
    int facility;
    struct yen fee;
    struct yen additions;
    int64_t charged;
    struct yen owed; /* of a cancellation, a missed use, or for being given up by a change */
};

struct town {
    struct fixture fx;
    uint64_t seed;
    struct account_id people[PEOPLE];
    int count;
    struct kept kept[BOOKINGS_MAX];
};

static int below(struct town *town, int n) {
    town->seed = town->seed * 6364136223846793005u + 1442695040888963407u;
    return (int)((town->seed >> 33) % (uint64_t)n);
}

static const struct programme *rules(struct town *town) {
    return programme_at(town->fx.city->rules, town->fx.today);
}

static struct call call_of(struct town *town, enum role role, struct account_id who) {
    return fixture_call(&town->fx, fixture_as(&town->fx, role, who));
}

/* Registered and approved by the services themselves: another class, one infant or twins, something used before. */
static void settle(struct town *town, int n) {
    const struct programme *programme = rules(town);
    int32_t class = below(town, programme->class_count);
    town->people[n] = fixture_resident(&town->fx, &(struct fixture_person){.unapproved = true});
    struct registration_form form = {.mother_name = TEXT("山田 花子"),
                                     .mother_kana = TEXT("ヤマダ ハナコ"),
                                     .mother_birth_date = day_of((struct ymd){1995, 4, 1}),
                                     .postal_code = TEXT("5730000"),
                                     .address = TEXT("市内1-1"),
                                     .phone = TEXT("09012345678"),
                                     .child_count = 1 + (size_t)below(town, 2),
                                     .household_class = programme->classes[class].code};
    for (size_t i = 0; i < form.child_count; i++) {
        form.children[i] =
            (struct registration_child){.birth_date = day_add(town->fx.today, -20), .due_date = DAY_NONE};
    }
    for (int32_t i = 0; i < programme->consent_count; i++) {
        form.consents[form.consent_count++] = programme->consents[i].code;
    }
    struct call her = call_of(town, ROLE_RESIDENT, town->people[n]);
    struct registration_outcome out;
    assert_int_equal(registration_submit(&her, &form, &out), RC_OK);
    assert_true(out.verdict.allowed);
    struct registration_decision decision = {.id = out.id,
                                             .household_class = form.household_class,
                                             .valid_from = DAY_NONE,
                                             .valid_to = DAY_NONE,
                                             .class_proven = DAY_NONE};
    for (int32_t i = 0; i < programme->reduction_count; i++) {
        size_t k = decision.before_count++;
        decision.before[k].what = BEFORE_REDUCTION;
        decision.before[k].code = programme->reductions[i].code;
        decision.before[k].units = below(town, 4);
    }
    struct call city = call_of(town, ROLE_COORDINATOR, town->fx.coordinator);
    assert_int_equal(registration_approve(&city, &decision, &out), RC_OK);
    assert_true(out.verdict.allowed);
}

static struct booking_detail *detail_of(struct town *town, const struct kept *kept) {
    struct query query = {.db = town->fx.engine->db,
                          .arena = &town->fx.arena,
                          .city = town->fx.city->id,
                          .eye = EYE_RESIDENT,
                          .account = kept->resident,
                          .now = env_now(&town->fx.env)};
    struct booking_detail *detail = arena_new(&town->fx.arena, struct booking_detail);
    assert_int_equal(query_booking(&query, kept->id, detail), RC_OK);
    return detail;
}

/* The stored lines are the quoted ones, one by one. */
static void same_lines(struct town *town, const struct kept *kept, const struct quote *quote) {
    struct booking_detail *detail = detail_of(town, kept);
    assert_int_equal(detail->line_count, quote->line_count);
    for (int32_t i = 0; i < quote->line_count; i++) {
        const struct booking_line_row *line = &detail->lines[i];
        assert_true(text_eq(line->what, line_code(quote->lines[i].what)));
        assert_true(text_eq(line->name, quote->lines[i].name));
        assert_int_equal(line->units, quote->lines[i].units);
        assert_int_equal(line->each.n, quote->lines[i].each.n);
        assert_int_equal(line->amount.n, quote->lines[i].amount.n);
    }
    assert_int_equal(detail->booking.fee.n, quote->total.n);
}

static struct yen additions_of(const struct quote *quote) {
    struct yen sum = {0};
    for (int32_t i = 0; i < quote->line_count; i++) {
        sum.n += quote->lines[i].what == LINE_ADDITION ? quote->lines[i].amount.n : 0;
    }
    return sum;
}

/* Books for person n, or changes booking `old` (none: -1); a facility that confirms at once makes a change certain. */
static void book(struct town *town, int n, int old) {
    struct kept *before = old >= 0 ? &town->kept[old] : NULL;
    int facility = before != NULL ? 1 : below(town, 2);
    struct book_ask ask = fixture_ask(&town->fx, facility, 1 + below(town, 24), below(town, 3));
    ask.change_of = before == NULL ? (struct booking_id){0} : before->id;
    struct account_id who = before == NULL ? town->people[n] : before->resident;
    struct call her = call_of(town, ROLE_RESIDENT, who);
    struct book_quote *quote = arena_new(&town->fx.arena, struct book_quote);
    struct book_outcome outcome;
    assert_int_equal(book_quote(&her, &ask, quote), RC_OK);
    assert_int_equal(book_request(&her, &ask, &outcome), RC_OK);
    assert_int_equal(outcome.verdict.allowed, quote->quote.allowed);
    if (!outcome.verdict.allowed) {
        return;
    }
    assert_int_equal(outcome.fee.n, quote->quote.total.n);
    assert_int_equal(outcome.units, quote->quote.units);
    struct kept *kept = &town->kept[town->count++];
    *kept = (struct kept){.id = outcome.id,
                          .resident = who,
                          .facility = facility,
                          .fee = outcome.fee,
                          .additions = additions_of(&quote->quote),
                          .charged = quote->quote.charged};
    same_lines(town, kept, &quote->quote);
    if (before != NULL && outcome.state == BOOKING_CONFIRMED) {
        assert_int_equal(outcome.cancel_fee.n, quote->quote.change_cost.fee.n);
        before->owed = outcome.cancel_fee;
    }
}

static void cancel(struct town *town, struct kept *kept) {
    struct call her = call_of(town, ROLE_RESIDENT, kept->resident);
    struct book_outcome told;
    struct book_outcome outcome;
    struct book_step step = {
        .id = kept->id, .event = BOOKING_EV_CANCEL, .reason = TEXT(""), .report = TEXT("")};
    assert_int_equal(book_cancel_quote(&her, kept->id, &told), RC_OK);
    assert_int_equal(book_step(&her, &step, &outcome), RC_OK);
    assert_int_equal(told.verdict.allowed, outcome.verdict.allowed);
    if (outcome.verdict.allowed) {
        assert_int_equal(told.cancel_fee.n, outcome.cancel_fee.n);
        kept->owed = outcome.cancel_fee;
    }
}

static void facility_step(struct town *town, struct kept *kept, enum booking_event event) {
    struct call call = fixture_call(&town->fx, fixture_staff(&town->fx, kept->facility));
    struct book_step step = {
        .id = kept->id, .event = event, .reason = TEXT("満床のため"), .report = TEXT("")};
    struct book_outcome outcome;
    assert_int_equal(book_step(&call, &step, &outcome), RC_OK);
    if (outcome.verdict.allowed && step.event == BOOKING_EV_NO_SHOW) {
        kept->owed = outcome.cancel_fee;
    }
}

static void step(struct town *town) {
    int what = below(town, 12);
    int i = town->count > 0 ? below(town, town->count) : -1;
    if (what < 4 || i < 0) {
        book(town, below(town, PEOPLE), -1);
    } else if (what < 5) {
        bool certain = text_is(detail_of(town, &town->kept[i])->booking.state, "confirmed");
        book(town, below(town, PEOPLE), certain ? i : -1);
    } else if (what < 6) {
        cancel(town, &town->kept[i]);
    } else if (what < 10) {
        facility_step(town, &town->kept[i], BOOKING_EV_ACCEPT);
    } else {
        fixture_later(&town->fx, (DAY_SECONDS / 8) * (1 + below(town, 5)));
        fixture_tick(&town->fx);
    }
}

/* Day after day until nothing is left: the facilities receive who comes, and wait in vain for some. */
static void use_up(struct town *town) {
    for (int day = 0; day < 30; day++) {
        for (int i = 0; i < town->count; i++) {
            enum booking_event event = below(town, 5) == 0 ? BOOKING_EV_NO_SHOW : BOOKING_EV_CHECK_IN;
            facility_step(town, &town->kept[i], event);
            facility_step(town, &town->kept[i], BOOKING_EV_COMPLETE);
        }
        fixture_later(&town->fx, DAY_SECONDS);
        fixture_tick(&town->fx);
    }
}

static void same_claim(const struct claim_row *row, const struct kept *kept) {
    bool used = text_is(row->state, "completed");
    struct yen share = used ? kept->fee : kept->owed;
    assert_int_equal(row->resident_share.n, share.n);
    assert_true(used || share.n > 0 || text_is(row->state, "no-show"));
    if (used) {
        assert_int_equal(row->units, kept->charged);
        assert_int_equal(row->additions.n, kept->additions.n);
        assert_int_equal(row->total.n, row->units * row->unit_price.n + row->additions.n);
        int64_t city = row->total.n - share.n;
        assert_int_equal(row->city_share.n, city < 0 ? 0 : city);
    }
}

/* Every use that cost something stands in exactly one month's claim, with the amounts that were told. */
static int same_claims(struct town *town) {
    struct query query = {.db = town->fx.engine->db,
                          .arena = &town->fx.arena,
                          .city = town->fx.city->id,
                          .eye = EYE_CITY,
                          .now = env_now(&town->fx.env)};
    int found = 0;
    for (int month = -1; month < 5; month++) {
        struct claim_row *rows = NULL;
        size_t count = 0;
        struct day first = day_add_months(month_first(town->fx.today), month);
        assert_int_equal(query_claims(&query, first, &rows, &count), RC_OK);
        for (size_t i = 0; i < count; i++) {
            int k = 0;
            while (k < town->count && town->kept[k].id.n != rows[i].booking.n) {
                k++;
            }
            assert_true(k < town->count);
            same_claim(&rows[i], &town->kept[k]);
            found++;
        }
    }
    int expected = 0;
    for (int i = 0; i < town->count; i++) {
        struct text state = detail_of(town, &town->kept[i])->booking.state;
        expected += text_is(state, "completed") || text_is(state, "no-show") ||
                    (text_is(state, "cancelled") && town->kept[i].owed.n > 0);
    }
    assert_int_equal(found, expected);
    return found;
}

static void live(struct engine *e, const char *city, uint64_t seed) {
    struct town *town = arena_new(&e->arena, struct town);
    *town = (struct town){.seed = seed};
    fixture_setup_with(&town->fx, e, fixture_rules(&e->arena, city));
    for (int n = 0; n < PEOPLE; n++) {
        settle(town, n);
    }
    for (int k = 0; k < PEOPLE * STEPS; k++) {
        step(town);
    }
    use_up(town);
    assert_true(same_claims(town) > 2);
    fixture_teardown(&town->fx);
}

/* By the night and counted in days; the facility's price; additions and reductions; first uses free; by class. */
static void kawasaki(struct engine *e) {
    live(e, "kawasaki", 11);
}
static void sapporo(struct engine *e) {
    live(e, "sapporo", 12);
}
static void niigata(struct engine *e) {
    live(e, "niigata", 13);
}
static void taito(struct engine *e) {
    live(e, "taito", 14);
}
static void koto(struct engine *e) {
    live(e, "koto", 15);
}
static void kobe(struct engine *e) {
    live(e, "kobe", 16);
}

int main(void) {
    static const struct engine_case cases[] = {ENGINE_CASE(kawasaki), ENGINE_CASE(sapporo),
                                               ENGINE_CASE(niigata),  ENGINE_CASE(taito),
                                               ENGINE_CASE(koto),     ENGINE_CASE(kobe)};
    return engines_run("service/book_fee", cases, COUNT(cases), fixture_lists());
}
