/* The outbox from outside: delivering what waits, and marking as read. */
#ifndef SANGO_SERVICE_NOTICE_H
#define SANGO_SERVICE_NOTICE_H

#include "service/call.h"

/* Marks one ({0}: all) of the actor's notices as read. */
NODISCARD enum rc notice_read(struct call *call, struct notice_id id);

/* For the sender: claims up to `max` waiting notices whose time has come by moving their next_at behind a lease, so that
 * two nodes never hold one at once; then each is settled. */
struct notice_due {
    struct notice_id id;
    struct text address; /* the account's e-mail */
    struct text name;
    struct text subject;
    struct text body; /* ends with the link */
    struct text message_id;
    int64_t attempts;
};
NODISCARD enum rc notice_claim(struct call *call, size_t max, int64_t lease_seconds,
                               struct notice_due **ret_due, size_t *ret_count);
enum notice_result {
    NOTICE_SENT,
    NOTICE_LATER,
    NOTICE_FAILED,
    NOTICE_BACK /* was not tried: somebody may take it at once */
};
struct notice_settled {
    struct notice_id id;
    enum notice_result result;
    struct text fault;      /* of LATER and FAILED */
    struct instant next_at; /* of LATER */
};
/* All of them in one transaction; nothing happens to those that somebody else settled after their lease was over. */
NODISCARD enum rc notice_settle(struct call *call, const struct notice_settled *rows, size_t count);

#endif
