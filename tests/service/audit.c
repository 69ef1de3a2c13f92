/* What a look at personal data leaves behind, on both engines: a row each time, or nothing is shown. */
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "service/audit.h"

static const struct audit_view board = {.what = "booking.list", .object = "booking", .count = 3};

static void each_look_is_a_row(struct engine *engine) {
    struct world w;
    world_setup(&w, engine);
    struct caller staff = world_person(&w, ROLE_COORDINATOR, "one@example.jp");
    for (int64_t looks = 1; looks <= 3; looks++) {
        int64_t before = world_audits(&w, board.what);
        struct call call = world_call(&w, staff);
        assert_int_equal(audit_viewed(&call, &board, 1), RC_OK);
        assert_int_equal(world_audits(&w, board.what) - before, 1);
    }
    world_release(&w);
}

static void what_leaves_no_row_is_not_shown(struct engine *engine) {
    struct world w;
    world_setup(&w, engine);
    struct caller staff = world_person(&w, ROLE_COORDINATOR, "one@example.jp");
    struct audit_view view = board;
    view.object = "\xff"; /* which no database takes for text */
    struct call call = world_call(&w, staff);
    assert_int_equal(audit_viewed(&call, &view, 1), RC_FAULT);
    assert_int_equal(world_audits(&w, board.what), 0);
    world_release(&w);
}

int main(void) {
    static const struct engine_case cases[] = {ENGINE_CASE(each_look_is_a_row),
                                               ENGINE_CASE(what_leaves_no_row_is_not_shown)};
    return engines_run("service/audit", cases, COUNT(cases), world_lists());
}
