/* What a look at personal data leaves behind, on both engines: the first of a minute a row, the same again none. */
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "service/audit.h"
#include "service/recent.h"

#define BOARD                                                                                                \
    { "/facility", 9 }

static const struct audit_view first = {
    .what = "booking.list", .object = "booking", .count = 3, .where = BOARD};

/* Looks and says how many rows that left. */
static int64_t rows_of(struct world *w, struct caller who, struct audit_view view) {
    int64_t before = world_audits(w, view.what);
    struct call call = world_call(w, who);
    assert_int_equal(audit_viewed(&call, &view), RC_OK);
    return world_audits(w, view.what) - before;
}

static void to_next_minute(struct world *w) {
    world_sleep(w, 60 - world_public(w).now.s % 60);
}

static void world_that_remembers(struct world *w, struct engine *engine) {
    world_setup(w, engine);
    to_next_minute(w);
}

static void same_look_once_a_minute(struct engine *engine) {
    struct world w;
    world_that_remembers(&w, engine);
    struct caller staff = world_person(&w, ROLE_COORDINATOR, "one@example.jp");
    assert_int_equal(rows_of(&w, staff, first), 1);
    assert_int_equal(rows_of(&w, staff, first), 0);
    world_sleep(&w, 59);
    assert_int_equal(rows_of(&w, staff, first), 0);
    world_sleep(&w, 1);
    assert_int_equal(rows_of(&w, staff, first), 1);
    assert_int_equal(rows_of(&w, staff, first), 0);
    world_release(&w);
}

static void another_look_is_a_row(struct engine *engine) {
    const struct audit_view others[] = {
        {.what = "booking.list", .object = "booking", .count = 4, .where = BOARD},
        {.what = "booking.list", .object = "booking", .count = 3, .where = {"/facility?after=2", 17}},
        {.what = "booking.list", .object = "booking", .count = 3, .object_id = 7, .where = BOARD},
        {.what = "booking.list", .object = "booking", .count = 3, .subject = {7}, .where = BOARD},
        {.what = "booking.list", .object = "registration", .count = 3, .where = BOARD},
        {.what = "booking.view", .object = "booking", .count = 3, .where = BOARD},
    };
    struct world w;
    world_that_remembers(&w, engine);
    struct caller staff = world_person(&w, ROLE_COORDINATOR, "one@example.jp");
    struct caller other = world_person(&w, ROLE_COORDINATOR, "two@example.jp");
    assert_int_equal(rows_of(&w, staff, first), 1);
    for (size_t i = 0; i < COUNT(others); i++) {
        assert_int_equal(rows_of(&w, staff, others[i]), 1);
    }
    assert_int_equal(rows_of(&w, other, first), 1);
    staff.role = ROLE_CITY_ADMIN; /* the same person in another role */
    assert_int_equal(rows_of(&w, staff, first), 1);
    world_release(&w);
}

static void without_address_each_time(struct engine *engine) {
    struct world w;
    world_that_remembers(&w, engine);
    struct caller staff = world_person(&w, ROLE_COORDINATOR, "one@example.jp");
    struct audit_view view = first;
    view.where = TEXT("");
    assert_int_equal(rows_of(&w, staff, view), 1);
    assert_int_equal(rows_of(&w, staff, view), 1);
    world_release(&w);
}

/* What was not saved is not remembered as if it had been. */
static void failed_look_fails_again(struct engine *engine) {
    struct world w;
    world_that_remembers(&w, engine);
    struct caller staff = world_person(&w, ROLE_COORDINATOR, "one@example.jp");
    struct audit_view view = first;
    view.object = "\xff"; /* which no database takes for text */
    for (int i = 0; i < 2; i++) {
        struct call call = world_call(&w, staff);
        assert_int_equal(audit_viewed(&call, &view), RC_FAULT);
    }
    world_release(&w);
}

/* Many more looks than are remembered: some are forgotten, none is mistaken for another. */
static void memory_is_bounded(struct engine *engine) {
    struct recent *recent = recent_new(&engine->arena);
    struct instant at = {60};
    for (uint32_t i = 0; i < 10000; i++) {
        struct recent_key key = {{(unsigned char)i, (unsigned char)(i >> 8), 0, 0, 1}};
        assert_false(recent_has(recent, key, at));
        recent_note(recent, key, at);
        assert_true(recent_has(recent, key, at));
        assert_false(recent_has(recent, key, (struct instant){120}));
    }
    recent_close(recent);
}

int main(void) {
    static const struct engine_case cases[] = {
        ENGINE_CASE(same_look_once_a_minute), ENGINE_CASE(another_look_is_a_row),
        ENGINE_CASE(without_address_each_time), ENGINE_CASE(failed_look_fails_again),
        ENGINE_CASE(memory_is_bounded)};
    return engines_run("service/audit", cases, COUNT(cases), world_lists());
}
