/* Sessions, by the hash of their token, and one-time links, by the hash of theirs. */
#ifndef SANGO_STORE_SESSION_H
#define SANGO_STORE_SESSION_H

#include "store/store.h"

extern const struct db_stmt_list session_statements;

struct session_row {
    struct account_id account;
    struct text role;
    struct facility_id facility;
    struct text name;
    struct text account_state;
    struct text facility_name; /* {NULL, 0}: no facility */
    struct text kind;          /* cookie, bearer */
    struct instant seen_at;
    struct instant expires_at;
    int64_t unread;
    int64_t rules_revision; /* of the city */
};
struct session_insert {
    struct city_id city;
    struct text token_hash;
    struct account_id account;
    struct text kind;
    struct instant at;
    struct instant expires_at;
};
NODISCARD enum rc session_insert(struct tx *tx, const struct session_insert *row);
/* Everything a page's head needs, in one read. */
NODISCARD enum rc session_load(struct tx *tx, struct city_id city, struct text token_hash,
                               struct session_row *ret_row);
NODISCARD enum rc session_touch(struct tx *tx, struct city_id city, struct text token_hash,
                                struct instant at);
NODISCARD enum rc session_delete(struct tx *tx, struct city_id city, struct text token_hash);
NODISCARD enum rc session_delete_all(struct tx *tx, struct city_id city, struct account_id account);
NODISCARD enum rc session_drop_expired(struct tx *tx, struct city_id city, struct instant before,
                                       int64_t *ret_dropped);

struct link_insert {
    struct city_id city;
    struct text token_hash;
    struct account_id account;
    struct text purpose; /* confirm, reset */
    struct instant at;
    struct instant expires_at;
};
NODISCARD enum rc link_insert(struct tx *tx, const struct link_insert *row);
/* Whose link it is, locked: RC_NONE when it is unknown, used or too old. */
NODISCARD enum rc link_find(struct tx *tx, const struct link_insert *link, struct account_id *ret_account);
/* Uses it up; RC_NONE as above. */
NODISCARD enum rc link_use(struct tx *tx, const struct link_insert *link);
/* Links of this purpose that were not used yet stop working. */
NODISCARD enum rc link_void(struct tx *tx, struct city_id city, struct account_id account,
                            struct text purpose, struct instant at);
NODISCARD enum rc link_drop_expired(struct tx *tx, struct city_id city, struct instant before,
                                    int64_t *ret_dropped);

#endif
