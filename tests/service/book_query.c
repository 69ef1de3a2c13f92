/* What each eye sees of bookings, in which order, page by page; and the figures made of them, on both engines. */
#include "query/bookings.h"
#include "query/figures.h"
#include "service/fixture.h"
#include "store/city.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static struct query eye_of(struct fixture *fx, enum query_eye eye, struct account_id account, int facility) {
    return (struct query){.db = fx->engine->db,
                          .arena = &fx->arena,
                          .city = fx->city->id,
                          .eye = eye,
                          .account = account,
                          .facility = facility < 0 ? (struct facility_id){0} : fx->facilities[facility],
                          .now = env_now(&fx->env)};
}

static struct booking_row *list(const struct query *query, struct booking_ask ask, struct query_page page,
                                size_t count) {
    struct booking_row *rows = NULL;
    size_t found = 0;
    assert_int_equal(query_bookings(query, &ask, &page, &rows, &found), RC_OK);
    assert_int_equal(found, count);
    return rows;
}

static const struct booking_ask all = {.from = {INT32_MIN}, .to = {INT32_MIN}};
static const struct query_page top = {.limit = 200};

static struct booking_id booked(struct fixture *fx, struct account_id resident, int facility, int32_t first,
                                int32_t nights) {
    struct book_ask ask = fixture_ask(fx, facility, first, nights);
    return fixture_book(fx, resident, &ask).id;
}

static void move(struct fixture *fx, struct caller who, struct booking_id id, enum booking_event event) {
    struct call call = fixture_call(fx, who);
    struct book_step ask = {.id = id, .event = event, .reason = TEXT("満床"), .report = TEXT("順調")};
    struct book_outcome outcome;
    assert_int_equal(book_step(&call, &ask, &outcome), RC_OK);
    assert_true(outcome.verdict.allowed);
}

static void eyes(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    struct account_id hana = fixture_resident(&fx, &(struct fixture_person){.infants = 2});
    struct account_id yuki = fixture_resident(&fx, &(struct fixture_person){0});
    struct booking_id here = booked(&fx, hana, 0, 4, 2);
    struct booking_id there = booked(&fx, hana, 1, 8, 1);
    struct booking_id other = booked(&fx, yuki, 0, 3, 1);
    struct query her = eye_of(&fx, EYE_RESIDENT, hana, -1);
    struct query facility = eye_of(&fx, EYE_FACILITY, fx.staff[0], 0);
    struct query city = eye_of(&fx, EYE_CITY, fx.coordinator, -1);
    struct query nobody = eye_of(&fx, EYE_PUBLIC, (struct account_id){0}, -1);
    struct booking_row *rows = list(&her, all, top, 2);
    assert_int_equal(rows[0].id.n, there.n);
    assert_string_equal(rows[1].state.p, "requested");
    assert_string_equal(rows[1].facility_name.p, "助産院1");
    assert_int_equal(rows[1].children, 2);
    assert_int_equal(rows[1].fee.n, 6200);
    rows = list(&facility, all, top, 2);
    assert_string_equal(rows[0].mother_name.p, "枚方 花");
    (void)list(&city, all, top, 3);
    (void)list(&nobody, all, top, 0);
    struct booking_detail detail;
    assert_int_equal(query_booking(&her, here, &detail), RC_OK);
    assert_int_equal(detail.event_count, 1);
    assert_string_equal(detail.events[0].actor_role.p, "resident");
    assert_int_equal(detail.lines[0].amount.n, 6200);
    assert_true(detail.lines[0].name.n > 0);
    assert_int_equal(detail.child_count, 2);
    assert_int_equal(query_booking(&her, other, &detail), RC_NONE);
    assert_int_equal(query_booking(&facility, there, &detail), RC_NONE);
    assert_int_equal(query_booking(&nobody, here, &detail), RC_NONE);
    assert_int_equal(query_booking(&city, there, &detail), RC_OK);
    fixture_teardown(&fx);
}

/* A facility no longer sees the person whose request it declined, nor one whose last use is long over. */
static void hidden(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    struct account_id hana = fixture_resident(&fx, &(struct fixture_person){0});
    struct booking_id declined = booked(&fx, hana, 0, 4, 2);
    move(&fx, fixture_staff(&fx, 0), declined, BOOKING_EV_DECLINE);
    struct query facility = eye_of(&fx, EYE_FACILITY, fx.staff[0], 0);
    assert_int_equal(list(&facility, all, top, 1)[0].mother_name.n, 0);
    struct booking_detail detail;
    assert_int_equal(query_booking(&facility, declined, &detail), RC_OK);
    assert_int_equal(detail.child_count, 0);
    (void)booked(&fx, hana, 1, 4, 1);
    struct query second = eye_of(&fx, EYE_FACILITY, fx.staff[1], 1);
    assert_true(list(&second, all, top, 1)[0].mother_phone.n > 0);
    fixture_later(&fx, (int64_t)35 * 86400);
    second = eye_of(&fx, EYE_FACILITY, fx.staff[1], 1);
    assert_true(list(&second, all, top, 1)[0].mother_phone.n > 0);
    fixture_later(&fx, 86400);
    second = eye_of(&fx, EYE_FACILITY, fx.staff[1], 1);
    assert_int_equal(list(&second, all, top, 1)[0].mother_phone.n, 0);
    fixture_teardown(&fx);
}

static void orders_and_pages(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    struct booking_id ids[4];
    const int32_t starts[] = {9, 3, 6, 3};
    for (int i = 0; i < 4; i++) {
        fixture_later(&fx, 60);
        ids[i] =
            booked(&fx, fixture_resident(&fx, &(struct fixture_person){0}), 0, starts[i], i == 3 ? 0 : 2);
    }
    const struct {
        struct booking_ask ask;
        int order[4];
        size_t count;
    } cases[] = {
        {all, {3, 2, 1, 0}, 4},
        {{.from = {INT32_MIN}, .to = {INT32_MIN}, .by_start = true}, {1, 3, 2, 0}, 4},
        {{.from = {INT32_MIN}, .to = {INT32_MIN}, .oldest_answer_first = true}, {0, 1, 2, 3}, 4},
        {{.from = {INT32_MIN}, .to = {INT32_MIN}, .care = TEXT_INIT("day")}, {3}, 1},
        {{.from = {INT32_MIN}, .to = {INT32_MIN}, .state = TEXT_INIT("confirmed")}, {0}, 0},
        {{.from = fixture_day(&fx, 5), .to = fixture_day(&fx, 6), .by_start = true}, {1, 2}, 2},
    };
    const struct query eyes[] = {eye_of(&fx, EYE_FACILITY, fx.staff[0], 0),
                                 eye_of(&fx, EYE_CITY, fx.coordinator, -1)};
    for (size_t i = 0; i < COUNT(cases); i++) {
        for (size_t k = 0; k < COUNT(eyes); k++) {
            struct booking_row *rows = list(&eyes[k], cases[i].ask, top, cases[i].count);
            struct query_page one = {.limit = 1};
            for (size_t at = 0; at < cases[i].count; at++) {
                assert_int_equal(rows[at].id.n, ids[cases[i].order[at]].n);
                struct booking_row *page = list(&eyes[k], cases[i].ask, one, 1);
                assert_int_equal(page[0].id.n, rows[at].id.n);
                one.after = page[0].id.n;
            }
            (void)list(&eyes[k], cases[i].ask, one, 0);
        }
    }
    fixture_teardown(&fx);
}

static void changing(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    struct account_id hana = fixture_resident(&fx, &(struct fixture_person){0});
    struct booking_id old = booked(&fx, hana, 1, 4, 2);
    struct book_ask ask = fixture_ask(&fx, 0, 5, 2);
    ask.change_of = old;
    struct booking_id fresh = fixture_book(&fx, hana, &ask).id;
    struct query her = eye_of(&fx, EYE_RESIDENT, hana, -1);
    struct booking_row *rows = list(&her, all, top, 2);
    assert_int_equal(rows[0].change_of.n, old.n);
    assert_int_equal(rows[1].changing_to.n, fresh.n);
    fixture_teardown(&fx);
}

static enum rc past_put(struct tx *tx, void *arg) {
    struct fixture *fx = arg;
    const struct usage_insert rows[] = {
        {fx->city->id, 2024, TEXT("stay"), 456, -1, -1, false, fiscal_year_first(2025)},
        {fx->city->id, 2026, TEXT("stay"), 10, 8, 25, false, day_add(fx->today, 2)},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_int_equal(past_usage_insert(tx, &rows[i], env_now(&fx->env)), RC_OK);
    }
    return RC_OK;
}

static void figures(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    enum db_error error = DB_FINE;
    assert_int_equal(db_write(e->db, &fx.arena, past_put, &fx, &error), RC_OK);
    struct account_id hana = fixture_resident(&fx, &(struct fixture_person){0});
    struct booking_id counted_before = booked(&fx, hana, 1, 2, 1);
    struct booking_id after = booked(&fx, hana, 1, 4, 2);
    struct booking_id missed = booked(&fx, hana, 1, 8, 0);
    (void)booked(&fx, hana, 1, 12, 1);
    fixture_later(&fx, (int64_t)9 * 86400);
    struct caller staff = fixture_staff(&fx, 1);
    const struct booking_id used[] = {counted_before, after};
    for (size_t i = 0; i < COUNT(used); i++) {
        move(&fx, staff, used[i], BOOKING_EV_CHECK_IN);
        move(&fx, staff, used[i], BOOKING_EV_COMPLETE);
    }
    move(&fx, staff, missed, BOOKING_EV_NO_SHOW);
    const struct text cares[] = {TEXT("stay"), TEXT("day")};
    struct usage_ask ask = {2024, 2026, cares, 2};
    struct query city = eye_of(&fx, EYE_CITY, fx.coordinator, -1);
    struct usage_row *rows = NULL;
    size_t count = 0;
    assert_int_equal(query_usage(&city, &ask, &rows, &count), RC_OK);
    assert_int_equal(count, 6);
    assert_string_equal(rows[0].era.p, "R6");
    assert_int_equal(rows[0].uses, 456);
    assert_int_equal(rows[0].persons, -1);
    assert_int_equal(rows[2].uses + rows[3].uses, 0);
    assert_int_equal(rows[4].uses, 11);
    assert_int_equal(rows[4].units, 27);
    assert_int_equal(rows[4].imported, 10);
    struct claim_row *claims = NULL;
    assert_int_equal(query_claims(&city, month_first(fx.today), &claims, &count), RC_OK);
    assert_int_equal(count, 3);
    assert_int_equal(claims[1].units, 2);
    assert_int_equal(claims[1].total.n, 66000);
    assert_int_equal(claims[1].resident_share.n, 6200);
    assert_int_equal(claims[1].city_share.n, 59800);
    assert_string_equal(claims[2].state.p, "no-show");
    assert_int_equal(claims[2].city_share.n, 0);
    struct query other = eye_of(&fx, EYE_FACILITY, fx.staff[0], 0);
    assert_int_equal(query_claims(&other, month_first(fx.today), &claims, &count), RC_OK);
    assert_int_equal(count, 0);
    struct query her = eye_of(&fx, EYE_RESIDENT, hana, -1);
    assert_int_equal(query_claims(&her, month_first(fx.today), &claims, &count), RC_NONE);
    assert_int_equal(query_usage(&her, &ask, &rows, &count), RC_NONE);
    fixture_teardown(&fx);
}

int main(void) {
    static const struct engine_case cases[] = {
        ENGINE_CASE(eyes),     ENGINE_CASE(hidden),  ENGINE_CASE(orders_and_pages),
        ENGINE_CASE(changing), ENGINE_CASE(figures),
    };
    return engines_run("service/book_query", cases, COUNT(cases), fixture_lists());
}
