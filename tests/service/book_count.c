/* What one booking asks of the database, statement by statement: whoever adds one sees it here. A booking is made while
 * everybody else waits (SQLite has one writer, PostgreSQL a round trip a statement), so each of them costs all. */
#include "service/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { TRACE_MAX = 128, STATEMENTS = 20, CHANGES = 11 };

struct trace {
    bool on;
    const struct db_stmt *stmts[TRACE_MAX];
    size_t count;
};

static enum db_error note(void *ctx, const struct db_stmt *stmt) {
    struct trace *trace = ctx;
    if (trace->on && stmt != &db_trace_commit && trace->count < TRACE_MAX) {
        trace->stmts[trace->count++] = stmt;
    }
    return DB_FINE;
}

static void render(void *ctx, struct arena *arena, const void *outcome, struct idem_answer *ret_answer) {
    (void)ctx;
    (void)arena;
    (void)outcome;
    *ret_answer = (struct idem_answer){
        .status = 201, .content_type = TEXT("application/json"), .body = TEXT("{}"), .location = TEXT("")};
}

static size_t changes(const struct trace *trace) {
    size_t n = 0;
    for (size_t i = 0; i < trace->count; i++) {
        n += strncmp(trace->stmts[i]->sql, "SELECT", 6) != 0;
    }
    return n;
}

static void trace_print(const struct trace *trace) {
    for (size_t i = 0; i < trace->count; i++) {
        print_message("# %2zu %s\n", i + 1, trace->stmts[i]->sql);
    }
}

/* A day visit at a facility that accepts at once, with a key, by a resident who has booked before. */
static void one_booking(struct engine *e) {
    struct trace trace = {.on = false};
    struct db_config config = {.readers = 8, .trace = note, .trace_ctx = &trace};
    struct fixture fx;
    engine_reopen(e, &(struct engine_plan){.lists = fixture_lists(), .config = &config});
    fixture_setup(&fx, e);
    struct account_id hana = fixture_resident(&fx, &(struct fixture_person){.units = 7});
    struct book_ask earlier = fixture_ask(&fx, 1, 3, 0);
    (void)fixture_book(&fx, hana, &earlier);
    struct call call = fixture_call(&fx, fixture_as(&fx, ROLE_RESIDENT, hana));
    struct idem idem = {.key = TEXT("one"), .request_hash = TEXT("hash"), .render = render};
    struct book_ask ask = fixture_ask(&fx, 1, 9, 0);
    struct book_outcome outcome;
    call.idem = &idem;
    trace.on = true;
    assert_int_equal(book_request(&call, &ask, &outcome), RC_OK);
    trace.on = false;
    assert_int_equal(outcome.state, BOOKING_CONFIRMED);
    size_t changed = changes(&trace);
    if (getenv("TRACE") != NULL || trace.count != STATEMENTS || changed != CHANGES) {
        trace_print(&trace);
    }
    assert_int_equal(trace.count, STATEMENTS);
    assert_int_equal(changed, CHANGES);
    for (size_t i = 0; i < trace.count; i++) {
        assert_true(trace.stmts[i]->usual);
    }
    fixture_teardown(&fx);
}

int main(void) {
    static const struct engine_case cases[] = {ENGINE_CASE(one_booking)};
    return engines_run("service/book_count", cases, COUNT(cases), fixture_lists());
}
