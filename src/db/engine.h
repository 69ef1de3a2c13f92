/* What an engine (SQLite, PostgreSQL) must do for db.c. Two implementations: sqlite.c and postgres.c.
 * Engine code embeds struct db and struct db_conn as its first member. Everything above this header speaks
 * struct tx; everything below knows its own library and nothing of the other. */
#ifndef SANGO_DB_ENGINE_H
#define SANGO_DB_ENGINE_H

#include <semaphore.h>
#include <stdatomic.h>

#include "db/db.h"
#include "db/row.h"
#include "db/statement.h"

/* What the caller wants to know of a statement. */
struct wanted {
    struct sink *sink; /* where its rows go; NULL: none are wanted */
    int64_t *changed;  /* NULL: nobody asks how many it changed */
    int64_t rows;      /* so many must be changed, else RC_RACE; DB_ROWS_ANY */
    bool later; /* nobody looks at the answer before the next statement without this word, or the end */
};

struct engine {
    enum db_engine kind;
    NODISCARD enum rc (*open)(const struct db_config *config, struct arena *arena, struct db **ret_db,
                              struct text *ret_why);
    void (*close)(struct db *db);
    NODISCARD enum rc (*read)(struct db *db, struct arena *arena, db_fn fn, void *arg,
                              enum db_error *ret_error);
    NODISCARD enum rc (*write)(struct db *db, struct arena *arena, db_fn fn, void *arg,
                               enum db_error *ret_error);
    void (*append)(struct db *db, struct db_append *append);
    NODISCARD enum rc (*ping)(struct db *db, struct arena *arena, enum db_error *ret_error);
    /* Runs statement `index` of the catalog. On failure sets tx->error. */
    NODISCARD enum rc (*run)(struct tx *tx, size_t index, const struct db_value *values,
                             const struct wanted *wanted);
    /* Reads every answer that is due; NULL where none ever is. */
    NODISCARD enum rc (*catch_up)(struct tx *tx);
    /* See db_view_begin(); NULL: each read is one of its own. */
    void (*view)(struct db *db, bool begins);
    /* See db_version_near() and db_version_ask(); NULL: db->changes counts all there is. */
    bool (*near)(struct db *db, int64_t scope, struct db_version *ret_version);
    void (*ask)(struct db *db, struct db_version_wait *wait);
};
extern const struct engine sqlite_engine;
extern const struct engine postgres_engine;

/* Scopes whose numbers meet in one slot only end one another's versions too early. */
enum { DB_SCOPES = 1024 };

struct db {
    const struct engine *engine;
    struct catalog catalog;
    struct arena arena; /* as long as the db lives; filled only while it opens */
    db_report_fn report;
    void *report_ctx;
    db_trace_fn trace;
    void *trace_ctx;
    void (*wait)(void *ctx, bool begins); /* see db_config; NULL: nobody wants to know */
    void *wait_ctx;
    bool watches; /* there are watched tables */
    bool patient; /* db_config.patient */
    int32_t
        member; /* this one among all that write to one database (PostgreSQL); 0: writes nothing that counts */
    _Atomic uint64_t commits;
    atomic_int together; /* see db_together() */
    struct {
        _Atomic uint64_t common;
        _Atomic uint64_t whole;
    } changes[DB_SCOPES]; /* of this process, by scope_slot() */
};

struct db_conn {
    struct db *db;
};

/* How often a transaction that lost a race is begun again. */
enum { DB_ATTEMPTS = 8 };

/* A committed transaction's changes of one scope, counted. */
struct db_change {
    int64_t scope;
    bool touched; /* struct tx's */
    bool shows;
};
void db_count_change(struct db *db, struct db_change change);
/* What was counted so of one scope. */
struct db_version db_changes_here(const struct db *db, int64_t scope);
void db_base_init(struct db *db, const struct engine *engine, const struct db_config *config);
/* Tells the operator once what the database said; `code` is the engine's name for it and holds no data. */
void db_report(const struct db *db, enum db_error error, const char *code);
/* Until `done` is posted; somebody else has this thread's place meanwhile (db_config.wait). */
void db_wait_written(const struct db *db, sem_t *done);
/* fn called, with the answer a transaction that went wrong must have: RC_OK never survives tx->error. */
NODISCARD enum rc tx_call(struct tx *tx, db_fn fn, void *arg);

#endif
