/* One call of a use-case: who asks, in which city, with which memory, and under which idempotency key.
 *
 * Every changing use-case is one db_write: claim the key, load facts, decide purely, save, write the answer beside
 * the effect, commit. The answer that a key must repeat byte for byte is made by `render`, called inside that
 * transaction with the use-case's outcome; it must be pure (it may run more than once). */
#ifndef SANGO_SERVICE_CALL_H
#define SANGO_SERVICE_CALL_H

#include "base/id.h"
#include "core/refusal.h"
#include "service/version.h"

enum role {
    ROLE_PUBLIC, /* not signed in */
    ROLE_RESIDENT,
    ROLE_FACILITY,    /* staff of one facility */
    ROLE_COORDINATOR, /* 母子保健コーディネーター */
    ROLE_CITY_ADMIN,
    ROLE_AUDITOR,
    ROLE_CLOCK, /* jobs */
    ROLE__MAX
};
const char *role_code(enum role role); /* "resident", as in accounts.json */
bool role_parse(struct text t, enum role *ret_role);
bool role_is_staff(enum role role); /* everybody but public, resident, clock */

struct caller {
    enum role role;
    struct account_id account;   /* {0} for public and clock */
    struct facility_id facility; /* of facility staff */
};

struct idem_answer {
    int status;
    struct text location; /* of a redirect */
    struct text content_type;
    struct text body;
};

struct idem {
    struct text key;          /* 1..200 printable ASCII characters */
    struct text request_hash; /* token_hash of method, path and body */
    /* Turns the outcome (the struct the use-case returns as ret_outcome) into the answer. */
    void (*render)(void *ctx, struct arena *arena, const void *outcome, struct idem_answer *ret_answer);
    void *ctx;
    /* Set by the use-case: */
    struct idem_answer answer;
    bool replayed; /* the key was used before: `answer` is the stored one, ret_outcome was not written */
    bool mismatch; /* the key was used for another request: nothing was done */
};

struct call {
    const struct house *house;
    const struct house_city *city;
    struct caller actor;
    struct arena *arena;
    struct instant now;            /* taken once, when the call begins */
    struct idem *idem;             /* NULL: no key */
    const struct version *version; /* of the city, asked for after the request came; NULL: nobody asked */
    int chain;                     /* how deep places have moved on inside one another; 0 at the start */
    int fault;                     /* enum db_error of the last RC_FAULT, for the log and for 503 or 500 */
};

/* After RC_FAULT: the database is away, full or overloaded, so that trying again later is worth it (503), rather than
 * something being wrong with us (500). */
bool call_unavailable(const struct call *call);

/* Around answering one request, on its thread: what is read in between is of one state and costs fewer round trips
 * (db_view_begin()); a house without a database has none. Writing within it is fine: what is read afterwards sees it. */
void call_view_begin(const struct call *call);
void call_view_end(const struct call *call);

/* How a use-case's decision came out. Every outcome struct of the services begins with one.
 * A use-case returns RC_OK when it decided, also when it refused; RC_NONE when the object does not exist or is not the
 * actor's to see or touch (404, never telling which); RC_RACE when somebody else changed it first (If-Match, 412);
 * RC_FAULT when the world failed. After RC_OK look at call->idem first when there is one. */
struct verdict {
    bool allowed;
    struct refused refused; /* why not, when !allowed: the first refusal with its figures */
};

#endif
