/* Many at once, on both engines: one last place has one taker, crossed requests over several nights end, a booking is
 * changed or ended once, and the same key has one effect. Every round ends with all invariants holding. */
#include "service/fixture.h"

#include <pthread.h>
#include <stdatomic.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

enum { THREADS = 64, ROUNDS = 4, ARENA_LIMIT = 32 << 20 };

struct runner {
    struct fixture *fx;
    struct caller who;
    struct book_ask ask;
    struct book_step step; /* when step.id is set */
    enum rc rc;
    int fault;
    struct book_outcome outcome;
    pthread_barrier_t *start;
    pthread_t thread;
};

static void *runner_run(void *arg) {
    struct runner *runner = arg;
    struct arena arena;
    arena_init(&arena, ARENA_LIMIT);
    struct call call = fixture_call(runner->fx, runner->who);
    call.arena = &arena;
    pthread_barrier_wait(runner->start);
    do { /* "busy" is an answer that the machine's load decides; whoever gets it asks again */
        runner->rc = runner->step.id.n != 0 ? book_step(&call, &runner->step, &runner->outcome)
                                            : book_request(&call, &runner->ask, &runner->outcome);
        runner->fault = call.fault;
    } while (runner->rc == RC_FAULT && (runner->fault == DB_BUSY || runner->fault == DB_RACE));
    arena_release(&arena);
    return NULL;
}

static void run_all(struct runner *runners, size_t count) {
    pthread_barrier_t start;
    assert_int_equal(pthread_barrier_init(&start, NULL, (unsigned)count), 0);
    for (size_t i = 0; i < count; i++) {
        runners[i].start = &start;
        assert_int_equal(pthread_create(&runners[i].thread, NULL, runner_run, &runners[i]), 0);
    }
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(pthread_join(runners[i].thread, NULL), 0);
    }
    for (size_t i = 0; i < count; i++) {
        if (runners[i].rc != RC_OK) {
            print_message("runner %zu: rc %d, fault %d\n", i, (int)runners[i].rc, runners[i].fault);
        }
        assert_int_equal(runners[i].rc, RC_OK);
    }
    pthread_barrier_destroy(&start);
}

static size_t count_allowed(const struct runner *runners, size_t count) {
    size_t allowed = 0;
    for (size_t i = 0; i < count; i++) {
        allowed += runners[i].outcome.verdict.allowed;
    }
    return allowed;
}

static struct runner *runners_of(struct fixture *fx, size_t count) {
    struct runner *runners = arena_array(&fx->arena, struct runner, count);
    for (size_t i = 0; i < count; i++) {
        runners[i].fx = fx;
    }
    return runners;
}

static struct runner *residents_of(struct fixture *fx, size_t count) {
    struct runner *runners = runners_of(fx, count);
    for (size_t i = 0; i < count; i++) {
        runners[i].who = fixture_as(fx, ROLE_RESIDENT, fixture_resident(fx, &(struct fixture_person){0}));
    }
    return runners;
}

static void last_place(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    fixture_capacity(&fx, 1, "stay", 0, FIXTURE_DAYS, 1);
    struct runner *runners = residents_of(&fx, THREADS);
    for (int32_t round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < THREADS; i++) {
            runners[i].ask = fixture_ask(&fx, 1, 4 + round * 2, 1 + round % 2);
        }
        run_all(runners, THREADS);
        assert_int_equal(count_allowed(runners, THREADS), 1);
        for (size_t i = 0; i < THREADS; i++) {
            assert_true(runners[i].outcome.verdict.allowed ||
                        runners[i].outcome.verdict.refused.code == REFUSAL_FULL);
        }
        assert_int_equal(fixture_slot(&fx, 1, "stay", 4 + round * 2).taken, 1);
        fixture_verify(&fx);
    }
    fixture_teardown(&fx);
}

/* The same person at many doors at once: her units are not spent twice. */
static void last_unit(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    struct account_id hana = fixture_resident(&fx, &(struct fixture_person){.units = 3});
    struct runner *runners = runners_of(&fx, 24);
    for (size_t i = 0; i < 24; i++) {
        runners[i].who = fixture_as(&fx, ROLE_RESIDENT, hana);
        runners[i].ask = fixture_ask(&fx, (int)(i % 2) + 1, 3 + (int32_t)i, 0);
    }
    run_all(runners, 24);
    assert_int_equal(count_allowed(runners, 24), 3);
    fixture_teardown(&fx);
}

static void crossed(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    struct runner *runners = residents_of(&fx, 32);
    for (size_t i = 0; i < 32; i++) {
        struct book_ask ask = fixture_ask(&fx, (int)(i % 2) + 1, 4 + (int32_t)(i % 5), 1 + (int32_t)(i % 4));
        runners[i].ask = ask;
    }
    run_all(runners, 32);
    fixture_verify(&fx);
    for (size_t i = 0; i < 32; i++) { /* those who have a place all want the other house, other nights */
        struct booking_id old =
            runners[i].outcome.verdict.allowed ? runners[i].outcome.id : (struct booking_id){0};
        runners[i].ask = fixture_ask(&fx, (int)((i + 1) % 2) + 1, 4 + (int32_t)(i % 7), 1 + (int32_t)(i % 3));
        runners[i].ask.change_of = old;
    }
    run_all(runners, 32);
    fixture_teardown(&fx);
}

static void changed_once(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    struct account_id hana = fixture_resident(&fx, &(struct fixture_person){0});
    struct book_ask ask = fixture_ask(&fx, 1, 4, 2);
    struct booking_id old = fixture_book(&fx, hana, &ask).id;
    struct runner *runners = runners_of(&fx, 16);
    for (size_t i = 0; i < 16; i++) {
        runners[i].who = fixture_as(&fx, ROLE_RESIDENT, hana);
        runners[i].ask = fixture_ask(&fx, (int)(i % 3), 5 + (int32_t)i % 4, 2);
        runners[i].ask.change_of = old;
    }
    run_all(runners, 16);
    assert_int_equal(count_allowed(runners, 16), 1);
    fixture_teardown(&fx);
}

/* The old booking is given up and its change accepted at the same moment, over and over. */
static void ended_once(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    for (int32_t round = 0; round < 8; round++) {
        struct account_id hana = fixture_resident(&fx, &(struct fixture_person){0});
        struct book_ask ask = fixture_ask(&fx, 1, 4 + round, 2);
        struct booking_id old = fixture_book(&fx, hana, &ask).id;
        ask = fixture_ask(&fx, 0, 5 + round, 2);
        ask.change_of = old;
        struct booking_id fresh = fixture_book(&fx, hana, &ask).id;
        struct runner *runners = runners_of(&fx, 4);
        const struct runner each[] = {
            {.who = fixture_as(&fx, ROLE_RESIDENT, hana), .step = {.id = old, .event = BOOKING_EV_CANCEL}},
            {.who = fixture_staff(&fx, 0), .step = {.id = fresh, .event = BOOKING_EV_ACCEPT}},
            {.who = fixture_staff(&fx, 0), .step = {.id = fresh, .event = BOOKING_EV_DECLINE}},
            {.who = fixture_staff(&fx, 1), .step = {.id = old, .event = BOOKING_EV_CANCEL}},
        };
        for (size_t i = 0; i < COUNT(each); i++) {
            runners[i] = each[i];
            runners[i].fx = &fx;
        }
        run_all(runners, COUNT(each));
        assert_true(count_allowed(runners, COUNT(each)) >= 1);
        fixture_verify(&fx);
    }
    fixture_teardown(&fx);
}

int main(void) {
    static const struct engine_case cases[] = {
        ENGINE_CASE(last_place),   ENGINE_CASE(last_unit),  ENGINE_CASE(crossed),
        ENGINE_CASE(changed_once), ENGINE_CASE(ended_once),
    };
    return engines_run("service/book_race", cases, COUNT(cases), fixture_lists());
}
