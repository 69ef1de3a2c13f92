/* For services only: how a use-case runs inside one write transaction, and the rows that every change leaves behind.
 * web never includes this header: it has no business with a struct tx. */
#ifndef SANGO_SERVICE_WRITE_H
#define SANGO_SERVICE_WRITE_H

#include "db/db.h"
#include "service/call.h"
#include "store/audit.h"

/* A use-case's inside: load facts, decide, save. May run more than once, so *outcome is set from scratch each time
 * (it comes zeroed). RC_OK commits, also for a refusal (nothing else was saved then); anything else rolls back. */
typedef enum rc (*call_fn)(struct tx *tx, struct call *call, const void *ask, void *outcome);

struct call_work {
    call_fn run;
    const void *ask;
    void *outcome;
    size_t outcome_size;
};
/* Runs the work with the idempotency protocol around it: a known key answers from the store (call->idem->replayed), or
 * is a mismatch; a new one is stored with the rendered answer in the same transaction. RC_NONE and RC_RACE are not
 * stored. Sets call->fault on RC_FAULT. */
NODISCARD enum rc call_write(struct call *call, const struct call_work *work);
/* The same without looking at call->idem: for steps inside a use-case, and for answers that hold a secret. */
NODISCARD enum rc call_write_plain(struct call *call, const struct call_work *work);
/* Adds rows with whoever adds at the same moment (db_append()); sets call->fault. */
NODISCARD enum rc call_append(struct call *call, const struct db_append *append);
/* Runs fn(tx, arg) reading only; sets call->fault. */
NODISCARD enum rc call_read(struct call *call, db_fn fn, void *arg);

/* ---- rows left by changes ---- */

struct audit_entry {
    const char *action; /* "booking.accept" */
    const char *object; /* "booking" */
    int64_t object_id;
    struct account_id subject; /* resident concerned, {0} for none */
    struct text detail;        /* JSON of figures and codes; {NULL,0}: {} */
};
/* The row of it, with an id of its own. */
struct audit_insert audit_row(const struct call *call, const struct audit_entry *entry);
NODISCARD enum rc audit_add(struct tx *tx, const struct call *call, const struct audit_entry *entry);

struct notice_new {
    struct account_id to;
    const char *kind;  /* words notice.KIND.subject and notice.KIND.body of words/ja.words */
    struct text cause; /* unique with `to`: booking:ID:NO */
    struct text path;  /* page to open, "/me/bookings/ID" */
    /* places of the words: day, until, facility, reason …; never health words */
    const struct notice_arg *args;
    size_t arg_count;
    bool screen_only;
};
struct notice_arg {
    const char *name;
    struct text value;
};
/* One row in the outbox, in the same transaction as its cause; the same cause twice is one row. */
NODISCARD enum rc notice_add(struct tx *tx, const struct call *call, const struct notice_new *notice);
/* The same for every active account of a facility's staff, or of a city role. */
NODISCARD enum rc notice_add_facility(struct tx *tx, const struct call *call, struct facility_id facility,
                                      const struct notice_new *notice);
NODISCARD enum rc notice_add_role(struct tx *tx, const struct call *call, enum role role,
                                  const struct notice_new *notice);

/* ---- places that became free: service/wait_move.c ---- */

struct freed {
    struct facility_id facility;
    struct text care;
    struct day from;
    struct day to; /* inclusive slot days */
};
/* Offers or books each free place in the range to the first fitting wish; called by everything that frees a place,
 * after its own rows are saved, in the same transaction. */
NODISCARD enum rc wait_place_freed(struct tx *tx, struct call *call, const struct freed *freed);

/* ---- wishes that a booking left without a day: service/wait_close.c ---- */

/* A place of hers became certain: her other wishes that no day is left for are closed as booked-elsewhere, and the
 * places offered for them move on. `fulfilled`: the wish that led to the booking; {0}: none. */
NODISCARD enum rc wait_booked(struct tx *tx, struct call *call, struct account_id account,
                              struct wait_id fulfilled);

#endif
