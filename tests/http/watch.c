/* Whose bytes never come is cut; the last bytes and the end of the stream may have come together. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/watch.h"

enum { FOREVER_MS = 600000, WAIT_MS = 30000 };

struct place {
    struct arena arena;
    struct watch watch;
    int ours;
    int theirs;
    struct watched *watched;
};

static int set_up(void **state) {
    static struct place place;
    memset(&place, 0, sizeof place);
    int pair[2];
    struct watch_limits limits = {
        .head_ms = FOREVER_MS, .idle_ms = FOREVER_MS, .grace_ms = FOREVER_MS, .rate_floor = 1};
    arena_init(&place.arena, 16 << 20);
    assert_int_equal(watch_init(&place.watch, &place.arena, limits, 4), RC_OK);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    place.ours = pair[0];
    place.theirs = pair[1];
    place.watched = watch_open(&place.watch, place.ours);
    *state = &place;
    return 0;
}

static int tear_down(void **state) {
    struct place *place = *state;
    watch_close(&place->watch, place->watched);
    close(place->ours);
    watch_release(&place->watch);
    arena_release(&place->arena);
    return 0;
}

static bool is_cut(struct place *place, int wait_ms) {
    for (int i = 0; i < wait_ms / 10 && atomic_load(&place->watch.cut) == 0; i++) {
        poll(NULL, 0, 10);
    }
    return atomic_load(&place->watch.cut) > 0;
}

static void test_half_a_body_and_gone(void **state) {
    struct place *place = *state;
    watch_body(&place->watch, place->watched);
    assert_false(is_cut(place, 600)); /* she only takes her time */
    close(place->theirs);
    assert_true(is_cut(place, WAIT_MS));
}

static void test_gone_while_we_work(void **state) {
    struct place *place = *state;
    watch_work(place->watched);
    close(place->theirs);
    assert_false(is_cut(place, 600)); /* the work is done for the key, whoever reads the answer */
}

/* What somebody sends to a connection that was let go has no reader any more. */
static bool let_go(const struct place *place) {
    char x;
    if (send(place->theirs, "x", 1, MSG_NOSIGNAL) < 0) {
        return true;
    }
    while (recv(place->ours, &x, 1, MSG_DONTWAIT) == 1) {
    }
    return false;
}

/* Who was silent before has as long as everybody else from the moment on at which the end begins. */
static void test_silence_before_the_end(void **state) {
    struct place *place = *state;
    int64_t now = watch_clock_ms();
    atomic_store(&place->watched->since_ms, now - FOREVER_MS);
    place->watched->opened_ms = now - FOREVER_MS;
    assert_int_equal(watch_leave(&place->watch, FOREVER_MS / 2, now), 1);
    assert_false(let_go(place));
    assert_int_equal(watch_leave(&place->watch, FOREVER_MS / 2, now - FOREVER_MS), 0);
    assert_true(let_go(place));
}

static void test_what_is_unread_is_no_silence(void **state) {
    struct place *place = *state;
    assert_int_equal(send(place->theirs, "G", 1, 0), 1);
    watch_leave(&place->watch, 0, 0);
    assert_false(let_go(place));
    watch_leave(&place->watch, 0, 0);
    assert_true(let_go(place));
}

static void test_half_a_head_is_no_silence(void **state) {
    struct place *place = *state;
    watch_head(place->watched);
    watch_leave(&place->watch, 0, 0);
    assert_false(let_go(place));
    watch_idle(&place->watch, place->watched);
    watch_leave(&place->watch, 0, 0);
    assert_true(let_go(place));
}

static void test_half_a_head_and_gone(void **state) {
    struct place *place = *state;
    watch_head(place->watched);
    assert_false(is_cut(place, 600));
    close(place->theirs);
    assert_true(is_cut(place, WAIT_MS));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_half_a_body_and_gone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_gone_while_we_work, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_silence_before_the_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_unread_is_no_silence, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_half_a_head_is_no_silence, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_half_a_head_and_gone, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("http/watch", tests, NULL, NULL);
}
