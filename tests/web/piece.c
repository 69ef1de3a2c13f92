/* What two residents see of pages for everybody: the same middle, their own frame, and nothing of one another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "web/desk.h"

static struct text name_of(struct desk *desk, struct account_id account) {
    return desk_printf(desk, "resident %lld さん", (long long)(account.n & 0xffff));
}

/* As it is made without anything kept. */
static struct text plain(struct desk *desk, const struct asker *asker, const char *path) {
    const struct keep_versions *versions = desk->web->versions;
    desk->web->versions = NULL;
    struct answer a = desk_get(desk, asker, path);
    desk->web->versions = versions;
    assert_int_equal(a.status, 200);
    return a.body;
}

static void pages_are_framed_for_each(struct engine *engine) {
    struct desk desk;
    desk_setup(&desk, engine);
    struct account_id hana = fixture_resident(&desk.fx, &(struct fixture_person){.units = 7});
    struct account_id yuki = fixture_resident(&desk.fx, &(struct fixture_person){.units = 7});
    struct asker hers = desk_sign_in(&desk, hana, true);
    struct asker other = desk_sign_in(&desk, yuki, true);
    struct text facility = desk_id(&desk, desk.fx.facilities[1].n);
    const char *paths[] = {"/",
                           "/search?care=day",
                           "/search?care=day&done=sent",
                           desk_printf(&desk, "/facilities/%s", facility.p).p,
                           desk_printf(&desk, "/facilities/%s/calendar?care=day", facility.p).p,
                           "/rules",
                           "/me/book",
                           "/me/book?care=day",
                           desk_printf(&desk, "/me/book?care=day&facility=%s", facility.p).p};
    for (size_t i = 0; i < COUNT(paths); i++) {
        struct text made = plain(&desk, &hers, paths[i]);
        assert_true(text_has(made, name_of(&desk, hana)) && text_has(made, hers.csrf));
        for (int round = 0; round < 2; round++) {
            struct answer a = desk_get(&desk, &hers, paths[i]);
            assert_int_equal(a.status, 200);
            assert_int_equal(a.response->cache_control.n, 0); /* no-store */
            assert_int_equal(desk_header(&a, "ETag").n, 0);
            assert_true(text_eq(a.body, made));
            a = desk_get(&desk, &other, paths[i]);
            assert_true(text_eq(a.body, plain(&desk, &other, paths[i])));
            struct answer quick;
            assert_true(desk_quick_soon(&desk, &other, paths[i], &quick));
            assert_true(text_eq(quick.body, a.body));
            assert_int_equal(quick.response->cache_control.n, 0);
            assert_true(desk_quick_soon(&desk, &hers, paths[i], &quick));
            assert_true(text_eq(quick.body, made));
            assert_false(text_has(a.body, name_of(&desk, hana)) || text_has(a.body, hers.csrf));
            a = desk_get(&desk, NULL, paths[i]);
            assert_false(text_has(a.body, TEXT("resident ")) || text_has(a.body, hers.csrf));
        }
    }
    desk_teardown(&desk);
}

static void a_booking_shows_at_once(struct engine *engine) {
    struct desk desk;
    desk_setup(&desk, engine);
    struct account_id hana = fixture_resident(&desk.fx, &(struct fixture_person){.units = 7});
    struct account_id yuki = fixture_resident(&desk.fx, &(struct fixture_person){.units = 7});
    struct asker other = desk_sign_in(&desk, yuki, true);
    const char *path =
        desk_printf(&desk, "/facilities/%s/calendar?care=day", desk_id(&desk, desk.fx.facilities[1].n).p).p;
    struct answer before = desk_get(&desk, &other, path);
    before = desk_get(&desk, &other, path);
    struct book_ask ask = fixture_ask(&desk.fx, 1, 2, 0);
    struct answer quick;
    assert_true(desk_quick_soon(&desk, &other, path, &quick));
    (void)fixture_book(&desk.fx, hana, &ask);
    assert_false(desk_quick(&desk, &other, path, &quick));
    struct answer after = desk_get(&desk, &other, path);
    assert_false(text_eq(before.body, after.body));
    assert_true(text_eq(after.body, plain(&desk, &other, path)));
    desk_teardown(&desk);
}

/* A change names a booking, which only its owner sees: that page is made for her alone. */
static void what_is_hers_is_not_kept(struct engine *engine) {
    struct desk desk;
    desk_setup(&desk, engine);
    struct account_id hana = fixture_resident(&desk.fx, &(struct fixture_person){.units = 7});
    struct account_id yuki = fixture_resident(&desk.fx, &(struct fixture_person){.units = 7});
    struct asker hers = desk_sign_in(&desk, hana, true);
    struct asker other = desk_sign_in(&desk, yuki, true);
    struct book_ask ask = fixture_ask(&desk.fx, 1, 2, 0);
    struct book_outcome booked = fixture_book(&desk.fx, hana, &ask);
    const char *path = desk_printf(&desk, "/me/book?care=day&change=%s", desk_id(&desk, booked.id.n).p).p;
    assert_int_equal(desk_get(&desk, &hers, path).status, 200);
    assert_int_equal(desk_get(&desk, &other, path).status, 404);
    assert_int_equal(desk_get(&desk, &hers, path).status, 200);
    struct answer quick;
    assert_false(desk_quick(&desk, &hers, path, &quick));
    desk_teardown(&desk);
}

int main(void) {
    static const struct engine_case cases[] = {ENGINE_CASE(pages_are_framed_for_each),
                                               ENGINE_CASE(a_booking_shows_at_once),
                                               ENGINE_CASE(what_is_hers_is_not_kept)};
    static const struct db_config config = {
        .readers = 8, .watched = house_public_tables, .unshown = house_unshown_tables};
    struct engine_plan plan = {.lists = fixture_lists(), .config = &config};
    return engines_run_plan("web/piece", cases, COUNT(cases), &plan);
}
