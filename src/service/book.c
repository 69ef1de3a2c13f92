/* Asking for a price and for a place, by the resident herself or by the city on her behalf. */
#include "service/book.h"

#include <assert.h>

#include "service/book_part.h"

/* Whom a request is for, if this actor may ask for her at all. */
static bool ask_resident(const struct call *call, const struct book_ask *ask,
                         struct account_id *ret_resident) {
    struct account_id self = call->actor.account;
    switch (call->actor.role) {
    case ROLE_RESIDENT:
        *ret_resident = self;
        return ask->resident.n == 0 || ask->resident.n == self.n;
    case ROLE_COORDINATOR:
    case ROLE_CITY_ADMIN:
        *ret_resident = ask->resident;
        return ask->resident.n != 0;
    case ROLE_FACILITY: /* proposes other days of its own */
        *ret_resident = ask->resident;
        return ask->change_of.n != 0 && ask->facility.n == call->actor.facility.n;
    default:
        return false;
    }
}

/* Staff that change a booking do so for whoever has it. */
static enum rc name_resident(struct tx *tx, const struct call *call, struct book_ask *ask) {
    struct booking old;
    if (call->actor.role == ROLE_RESIDENT || ask->change_of.n == 0 || ask->resident.n != 0) {
        return RC_OK;
    }
    enum rc rc = booking_load(tx, call->city->id, ask->change_of, &old);
    if (rc != RC_OK || !book_touches(call, &old)) {
        return rc != RC_OK ? rc : RC_NONE;
    }
    ask->resident = old.account;
    return RC_OK;
}

static enum rc make_of(struct tx *tx, const struct call *call, const struct book_ask *ask,
                       struct book_make *ret_make) {
    enum role role = call->actor.role;
    struct book_make make = {.ask = *ask,
                             .origin = role == ROLE_RESIDENT   ? "resident"
                                       : role == ROLE_FACILITY ? "facility"
                                                               : "city",
                             .proposal = role == ROLE_FACILITY};
    struct book_ask named = *ask;
    enum rc rc = name_resident(tx, call, &named);
    if (rc != RC_OK || ask->facility.n == 0 || !ask_resident(call, &named, &make.ask.resident)) {
        return rc != RC_OK ? rc : RC_NONE;
    }
    *ret_make = make;
    return RC_OK;
}

struct quote_run {
    struct call *call;
    const struct book_ask *ask;
    struct book_make make;
    struct book_quote quote;
};

static enum rc quote_run(struct tx *tx, void *arg) {
    struct quote_run *run = arg;
    enum rc rc = make_of(tx, run->call, run->ask, &run->make);
    return rc == RC_OK ? book_would(tx, run->call, &run->make, &run->quote) : rc;
}

enum rc book_quote(struct call *call, const struct book_ask *ask, struct book_quote *ret_quote) {
    struct quote_run *run = arena_new(call->arena, struct quote_run);
    run->call = call;
    run->ask = ask;
    enum rc rc = call_read(call, quote_run, run);
    if (rc == RC_OK) {
        *ret_quote = run->quote;
    }
    return rc;
}

static enum rc request_run(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    struct book_make make;
    enum rc rc = make_of(tx, call, ask, &make);
    return rc == RC_OK ? book_make(tx, call, &make, outcome) : rc;
}

/* Whoever says that an exclusion applies is refused, and nothing about it is written: no key, no answer. */
static enum rc refuse_excluded(struct call *call, const struct book_ask *ask,
                               struct book_outcome *ret_outcome) {
    struct quote_run *run = arena_new(call->arena, struct quote_run);
    run->call = call;
    run->ask = ask;
    enum rc rc = call_read(call, quote_run, run);
    if (rc == RC_OK) {
        assert(!run->quote.quote.allowed);
        *ret_outcome = (struct book_outcome){0};
        book_refuse(&run->make, &run->quote.quote, ret_outcome);
    }
    return rc;
}

enum rc book_request(struct call *call, const struct book_ask *ask, struct book_outcome *ret_outcome) {
    if (ask->exclusion_count > 0) {
        return refuse_excluded(call, ask, ret_outcome);
    }
    struct call_work work = {
        .run = request_run, .ask = ask, .outcome = ret_outcome, .outcome_size = sizeof *ret_outcome};
    return call_write(call, &work);
}
