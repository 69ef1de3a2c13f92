/* The outbox: notices are rows written in the transaction of their cause; a sender claims those that are due by moving
 * next_at behind a lease, and settles each. */
#ifndef SANGO_STORE_NOTICE_H
#define SANGO_STORE_NOTICE_H

#include "store/store.h"

extern const struct db_stmt_list notice_statements;

struct notice_insert {
    struct city_id city;
    struct notice_id id;
    struct account_id account;
    struct text cause;
    struct text kind;
    struct text subject;
    struct text body;
    struct text path;
    bool by_mail; /* else it is on the screen only, and counts as sent */
    struct text message_id;
    struct instant at;
};
/* The same cause for the same account is one row. */
NODISCARD enum rc notice_insert(struct tx *tx, const struct notice_insert *row);

struct notice_waiting {
    struct notice_id id;
    struct text login; /* address */
    struct text name;
    struct text account_state;
    struct text cause;
    struct text subject;
    struct text body;
    struct text path;
    struct text message_id;
    int64_t attempts;
};
/* Takes up to `max` notices due at `now`, oldest first: their next_at becomes `until`. Rows that another sender is
 * taking at this moment are waited for and then left out. */
NODISCARD enum rc notice_take(struct tx *tx, struct city_id city, struct instant now, struct instant until,
                              size_t max, struct notice_waiting **ret_rows, size_t *ret_count);
/* Only a notice still waiting is settled; nothing happens to another. */
NODISCARD enum rc notice_mark_sent(struct tx *tx, struct city_id city, struct notice_id id,
                                   struct instant at);
NODISCARD enum rc notice_mark_later(struct tx *tx, struct city_id city, struct notice_id id,
                                    struct text fault, struct instant next_at);
NODISCARD enum rc notice_mark_failed(struct tx *tx, struct city_id city, struct notice_id id,
                                     struct text fault);
/* Taken and not tried: due again at once. */
NODISCARD enum rc notice_give_back(struct tx *tx, struct city_id city, struct notice_id id,
                                   struct instant now);
/* One, or all with id {0}; only the account's own and unread ones. */
NODISCARD enum rc notice_mark_read(struct tx *tx, struct city_id city, struct account_id account,
                                   struct notice_id id, struct instant at, int64_t *ret_changed);

/* Is any city's notice due? RC_NONE: none. Asked every second, so that an idle house writes nothing. */
NODISCARD enum rc notice_due_any(struct tx *tx, struct instant now);

#endif
