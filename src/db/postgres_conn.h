/* One PostgreSQL connection: always in pipeline mode, so that BEGIN travels with the first statement, and every
 * wait for the server has an end. Used by one thread at a time. */
#ifndef SANGO_DB_POSTGRES_CONN_H
#define SANGO_DB_POSTGRES_CONN_H

#include <libpq-fe.h>

#include "db/engine.h"

enum {
    POSTGRES_ALIVE_MS = 900,     /* the first sign of life in a transaction */
    POSTGRES_LOCK_MS = 700,      /* lock_timeout */
    POSTGRES_STATEMENT_MS = 5000 /* statement_timeout; the client gives up a second later */
};

struct postgres_conn {
    struct db_conn base;
    PGconn *pg;
    bool *prepared;    /* by catalog index */
    const char *begin; /* not sent yet */
    int owed;          /* answers of the last transaction's end, not read yet */
    int done;          /* commands of the last exchange that succeeded */
    bool lost;         /* of no further use */
    bool brisk;        /* every answer must come within POSTGRES_ALIVE_MS */
    uint64_t generation;
    struct postgres_conn *next; /* while idle */
};

/* Blocks for at most about connect_timeout (2 s a host). NULL and *ret_code on failure. */
PGconn *postgres_connect(const char *uri, char *ret_code, size_t size);
/* The session settings that the house relies on, and pipeline mode. `conn` is lost on failure. */
NODISCARD bool postgres_conn_prepare_session(struct postgres_conn *conn);

enum db_error postgres_error_of(const PGresult *result);

/* Sends what was queued and reads every answer. *ret_result (never NULL on true; the caller clears it) is the last
 * command's, or the first that failed. False: the connection is lost. */
NODISCARD bool postgres_conn_exchange(struct postgres_conn *conn, PGresult **ret_result);
/* Queues the BEGIN that is due, if any. */
NODISCARD bool postgres_conn_begin(struct postgres_conn *conn);
/* One statement by itself, RC_FAULT with tx->error set when it fails. */
NODISCARD enum rc postgres_conn_command(struct tx *tx, const char *sql, const char *tag);
/* Ends a transaction without waiting for the answer; it is read with the next exchange. */
void postgres_conn_end(struct postgres_conn *conn, const char *sql);
/* The whole number a query answers, outside of any transaction. */
NODISCARD bool postgres_conn_int(struct postgres_conn *conn, const char *sql, int64_t *ret);
NODISCARD enum rc postgres_conn_run(struct tx *tx, size_t index, const struct db_value *values,
                                    struct sink *sink, int64_t *ret_changed);
/* Prepares and describes every statement of the catalog: parameters, columns and their types. */
NODISCARD bool postgres_conn_verify(struct postgres_conn *conn, struct arena *arena, struct text *ret_why);
/* Marks tx failed as `result` says and tells the operator. */
void postgres_tx_fault(struct tx *tx, const PGresult *result);

#endif
