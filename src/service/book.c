/* Asking for a price and for a place, by the resident herself or by the city on her behalf. */
#include "service/book.h"

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
    default:
        return false;
    }
}

static bool make_of(const struct call *call, const struct book_ask *ask, struct book_make *ret_make) {
    struct book_make make = {.ask = *ask, .origin = call->actor.role == ROLE_RESIDENT ? "resident" : "city"};
    if (ask->facility.n == 0 || !ask_resident(call, ask, &make.ask.resident)) {
        return false;
    }
    *ret_make = make;
    return true;
}

struct quote_run {
    struct call *call;
    struct book_make make;
    struct book_quote *quote;
};

static enum rc quote_run(struct tx *tx, void *arg) {
    struct quote_run *run = arg;
    return book_would(tx, run->call, &run->make, run->quote);
}

enum rc book_quote(struct call *call, const struct book_ask *ask, struct book_quote *ret_quote) {
    struct quote_run run = {.call = call, .quote = ret_quote};
    if (!make_of(call, ask, &run.make)) {
        return RC_NONE;
    }
    return call_read(call, quote_run, &run);
}

static enum rc request_run(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    struct book_make make;
    if (!make_of(call, ask, &make)) {
        return RC_NONE;
    }
    return book_make(tx, call, &make, outcome);
}

enum rc book_request(struct call *call, const struct book_ask *ask, struct book_outcome *ret_outcome) {
    struct call_work work = {
        .run = request_run, .ask = ask, .outcome = ret_outcome, .outcome_size = sizeof *ret_outcome};
    return call_write(call, &work);
}
