/* For services only: a growing pause for whoever may be guessing. A try is counted before it is judged, so that many at
 * once gain nothing; one that was right is taken back. A pause only delays: tries during it are neither judged nor
 * counted. Subjects are keyed hashes, because a table of logins and addresses would itself be personal data. */
#ifndef SANGO_SERVICE_PAUSE_H
#define SANGO_SERVICE_PAUSE_H

#include "service/write.h"
#include "store/backoff.h"

enum pause_kind {
    PAUSE_LOGIN, /* tries at one account's password or code; three are free, for fingers that slip */
    PAUSE_PEER,  /* tries from one address; households and carriers share one, so the first 20 are free */
    PAUSE_MAIL,  /* mails to one address */
    PAUSE__MAX
};

/* Seconds to wait after `failures` counted tries: 1, 2, 4 … 900 after the free ones. */
int64_t pause_seconds(enum pause_kind kind, int64_t failures);

struct pause_subject {
    enum pause_kind kind;
    struct text hash;
    struct backoff_row before;
};
enum { PAUSE_SUBJECTS_MAX = 2 };
struct pause_try {
    struct pause_subject subjects[PAUSE_SUBJECTS_MAX];
    size_t count;
    int64_t wait; /* > 0: seconds left, nothing was counted */
};
/* Adds a subject to an empty try, in the order of enum pause_kind (rows are locked in it). */
void pause_watch(struct pause_try *attempt, const struct call *call, enum pause_kind kind, struct text who);
/* Counts the try, or sets `wait`. */
NODISCARD enum rc pause_count(struct tx *tx, const struct call *call, struct pause_try *attempt);
/* It was right: the account's counter is forgotten when `clear`, everything else loses this one try. */
NODISCARD enum rc pause_return(struct tx *tx, const struct call *call, const struct pause_try *attempt,
                               bool clear);

#endif
