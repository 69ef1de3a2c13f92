/* One PostgreSQL connection: always in pipeline mode, so that BEGIN travels with the first statement and statements
 * whose answer nobody needs yet with the next one that somebody waits for, and every wait for the server has an end.
 * Used by one thread at a time. */
#ifndef SANGO_DB_POSTGRES_CONN_H
#define SANGO_DB_POSTGRES_CONN_H

#include <libpq-fe.h>

#include "db/engine.h"

enum {
    POSTGRES_LATE_MS = 20,        /* of silence: see late() */
    POSTGRES_ALIVE_MS = 900,      /* the first sign of life in a transaction */
    POSTGRES_LOCK_MS = 700,       /* lock_timeout */
    POSTGRES_STATEMENT_MS = 5000, /* statement_timeout; the client gives up a second later */
    POSTGRES_PATIENT_MS = 3600000 /* the same for db_config.patient */
};

/* A command that was sent and whose answer was not read. */
struct postgres_due {
    size_t prepares; /* catalog index + 1 of what this PREPARE makes; 0: another command */
    struct sink *sink;
    int64_t rows; /* to be changed by it; DB_ROWS_ANY */
};
enum { POSTGRES_DUE_MAX = 64, POSTGRES_NAME_MAX = 24 };
/* The first half of the advisory locks that say who may write; the second is db->member. */
enum { POSTGRES_MEMBERS = 736574 };
enum postgres_prepared { POSTGRES_UNKNOWN, POSTGRES_PREPARING, POSTGRES_PREPARED };

struct postgres_conn {
    struct db_conn base;
    PGconn *pg;
    unsigned char *prepared; /* enum postgres_prepared by catalog index */
    const char *begin;       /* not sent yet */
    bool opening;            /* it was sent, and the server has not been heard since */
    int owed;                /* answers of the last transaction's end, not read yet */
    struct postgres_due due[POSTGRES_DUE_MAX];
    int due_count;
    int64_t changed; /* by the last command read */
    bool unmet;      /* one of this transaction's commands changed another number of rows than it had to */
    bool misfit;     /* one of the last exchange's rows fitted no sink */
    bool lost;       /* of no further use */
    bool silent;     /* lost because no answer came in time; nobody knows whether the server is gone */
    bool writing;    /* lent for writing; the pool sets it */
    void (*late)(struct postgres_conn *conn); /* NULL, or called once when an answer is so long in coming */
    bool rests;                               /* its thread gave its place meanwhile */
    int64_t joined; /* wait_boot_ms() when everybody could see that it may write; see postgres_count.h */
    bool brisk;     /* every answer must come within POSTGRES_ALIVE_MS */
    int64_t part;   /* of change_count */
    uint64_t generation;
    struct postgres_conn *next; /* while idle */
};

/* Blocks for at most about connect_timeout (2 s a host). NULL and *ret_code on failure. */
PGconn *postgres_connect(const char *uri, char *ret_code, size_t size);
/* The session settings that the house relies on, and pipeline mode. `conn` is lost on failure. */
NODISCARD bool postgres_conn_prepare_session(struct postgres_conn *conn);

enum db_error postgres_error_of(const PGresult *result);

/* Stores an answer's rows where they are wanted; false when one does not fit. */
NODISCARD bool postgres_rows_sink(const PGresult *result, struct sink *sink);
/* How many rows a command changed. */
int64_t postgres_rows_changed(PGresult *result);

/* Sends what was queued and reads every answer: rows go to the sinks of what was due. *ret_result (never NULL on true; the caller clears it) is the last
 * command's, or the first that failed. False: the connection is lost. */
NODISCARD bool postgres_conn_exchange(struct postgres_conn *conn, PGresult **ret_result);
/* Queues the BEGIN that is due, if any. */
NODISCARD bool postgres_conn_begin(struct postgres_conn *conn);
/* Notes what must be done with the answer to the command just sent. */
void postgres_conn_owe(struct postgres_conn *conn, const struct postgres_due *due);
/* Reads what is due. RC_RACE: some command of this transaction changed another number of rows than it had to. */
NODISCARD enum rc postgres_conn_catch_up(struct tx *tx);
/* The same only where the answer matters, before a COMMIT would be sent behind it. */
NODISCARD enum rc postgres_conn_settle(struct tx *tx);
/* One statement by itself, RC_FAULT with tx->error set when it fails. */
NODISCARD enum rc postgres_conn_command(struct tx *tx, const char *sql, const char *tag);
/* Ends a transaction without waiting for the answer; it is read with the next exchange. */
void postgres_conn_end(struct postgres_conn *conn, const char *sql);
/* The whole number a query answers, outside of any transaction. */
NODISCARD bool postgres_conn_int(struct postgres_conn *conn, const char *sql, int64_t *ret);
NODISCARD enum rc postgres_conn_run(struct tx *tx, size_t index, const struct db_value *values,
                                    const struct wanted *wanted);
/* By which the server knows a prepared statement of the catalog. */
void postgres_statement_name(size_t index, char name[POSTGRES_NAME_MAX]);
/* Queues its PREPARE unless this connection has it. */
NODISCARD bool postgres_conn_prepare(struct postgres_conn *conn, size_t index);
/* Prepares and describes every statement of the catalog: parameters, columns and their types. */
NODISCARD bool postgres_conn_verify(struct postgres_conn *conn, struct arena *arena, struct text *ret_why);
/* Marks tx failed as `result` says and tells the operator. */
void postgres_tx_fault(struct tx *tx, const PGresult *result);

#endif
