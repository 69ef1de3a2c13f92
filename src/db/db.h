/* One small door to SQLite and PostgreSQL.
 *
 * Statements are declared once, as constants beside the function that binds them, and all prepared against the real
 * schema when the database is opened: one that does not fit ends the start, on either engine.
 * One SQL text serves both engines ($1, $2 … are rewritten to ?1, ?2 … for SQLite).
 *
 * Reading and writing run a function: fn(tx, arg). A write function may be run more than once before it is
 * committed (PostgreSQL retries races; SQLite re-runs after a failed group), so it sets its results from scratch each
 * time and never talks to anything but the database. Text in rows lives in tx->arena. */
#ifndef SANGO_DB_DB_H
#define SANGO_DB_DB_H

#include "base/date.h"
#include "base/id.h"
#include "base/num.h"
#include "base/rc.h"
#include "base/text.h"
#include "sys/env.h"

struct db;

/* ---- statements ---- */

enum db_kind {
    DB_INT,  /* int64_t; BIGINT / INTEGER. NULL reads as 0 */
    DB_BOOL, /* bool; 0/1 with a CHECK */
    DB_TEXT, /* struct text, stored byte for byte; NULL reads as {NULL, 0} */
    DB_DAY,  /* struct day as ISO text; NULL is DAY_NONE both ways */
    DB_TIME, /* struct instant as epoch seconds; NULL is INSTANT_NONE both ways */
    DB_BLOB, /* struct text holding bytes; BYTEA / BLOB */
    DB__MAX
};

struct db_value {
    enum db_kind kind;
    bool null;
    union {
        int64_t i;
        struct text t;
        struct day d;
        struct instant at;
    };
};

/* Values to bind: DB_BIND(db_int(3), db_text(name)). */
static inline struct db_value db_int(int64_t i) {
    return (struct db_value){.kind = DB_INT, .i = i};
}
static inline struct db_value db_bool(bool b) {
    return (struct db_value){.kind = DB_BOOL, .i = b};
}
static inline struct db_value db_text(struct text t) { /* {NULL, 0} binds NULL; an empty literal binds '' */
    return (struct db_value){.kind = DB_TEXT, .null = t.p == NULL, .t = t};
}
static inline struct db_value db_blob(struct text t) {
    return (struct db_value){.kind = DB_BLOB, .null = t.p == NULL, .t = t};
}
static inline struct db_value db_day(struct day d) {
    return (struct db_value){.kind = DB_DAY, .null = day_is_none(d), .d = d};
}
static inline struct db_value db_time(struct instant at) {
    return (struct db_value){.kind = DB_TIME, .null = instant_is_none(at), .at = at};
}
static inline struct db_value db_id(int64_t id) { /* 0, "no row", binds NULL */
    return (struct db_value){.kind = DB_INT, .null = id == 0, .i = id};
}
#define DB_BIND(...)                                                                                         \
    ((const struct db_value[]){__VA_ARGS__}),                                                                \
        (sizeof((const struct db_value[]){__VA_ARGS__}) / sizeof(struct db_value))
#define DB_NO_BIND NULL, 0

/* Where a result column goes in the row struct. The C type of the field is checked against the kind by the compiler:
 *   static const struct db_column cols[] = {DB_COL(struct slot, capacity, DB_INT), …}; */
struct db_column {
    enum db_kind kind;
    size_t offset;
};
#define DB_FIELD_OK(field, kind)                                                                             \
    _Generic((field), int64_t                                                                                \
             : (kind) == DB_INT, bool                                                                        \
             : (kind) == DB_BOOL, struct text                                                                \
             : (kind) == DB_TEXT || (kind) == DB_BLOB, struct day                                            \
             : (kind) == DB_DAY, struct instant                                                              \
             : (kind) == DB_TIME, struct yen                                                                 \
             : (kind) == DB_INT, struct city_id                                                              \
             : (kind) == DB_INT, struct account_id                                                           \
             : (kind) == DB_INT, struct facility_id                                                          \
             : (kind) == DB_INT, struct registration_id                                                      \
             : (kind) == DB_INT, struct child_id                                                             \
             : (kind) == DB_INT, struct booking_id                                                           \
             : (kind) == DB_INT, struct wait_id                                                              \
             : (kind) == DB_INT, struct offer_id                                                             \
             : (kind) == DB_INT, struct notice_id                                                            \
             : (kind) == DB_INT)
#define DB_COL(type, member, kind_)                                                                          \
    {                                                                                                        \
        .kind = (kind_),                                                                                     \
        .offset = offsetof(type, member) +                                                                   \
                  0 * sizeof(struct {                                                                        \
                      _Static_assert(DB_FIELD_OK(((type *)0)->member, kind_), "column kind");                \
                      int x;                                                                                 \
                  })                                                                                         \
    }

struct db_stmt {
    const char *sql;
    const char *binds;            /* one letter a parameter: i int, b bool, t text, d day, s time, x blob */
    const struct db_column *cols; /* result columns in order; NULL when the statement returns no rows */
    size_t col_count;
    bool lock; /* a SELECT that locks its rows: FOR UPDATE on PostgreSQL, nothing on SQLite */
    /* The same, but whoever refers to the rows, or has them under `share`, is not waited for: FOR NO KEY UPDATE. */
    bool turn;
    /* A SELECT, or an INSERT … SELECT, whose rows must still be so when it commits, as far as others change them under
     * `lock`: FOR KEY SHARE on PostgreSQL, nothing on SQLite. */
    bool share;
    bool
        unseen; /* changes rows, but nothing that anybody was shown before: not counted (db_config.unshown) */
    bool
        usual; /* what a booking asks: a server has it ready on a connection before it is needed (PostgreSQL) */
};
#define DB_COLS(array) .cols = (array), .col_count = COUNT(array)

/* Each store/query file exports its statements; src/cli lists the lists. */
struct db_stmt_list {
    const struct db_stmt *stmts;
    size_t count;
};

/* ---- opening ---- */

/* Why a call did not answer RC_OK. */
enum db_error {
    DB_FINE,
    DB_UNIQUE, /* a unique key or primary key is taken */
    DB_CHECK,  /* a CHECK or NOT NULL refused */
    DB_FOREIGN_KEY,
    DB_RACE, /* serialization failure, deadlock: already retried, give up */
    DB_BUSY, /* queue full or lock wait over: answer 503 */
    DB_FULL, /* disk full */
    DB_IO,   /* connection lost, I/O error */
    DB_OTHER,
    DB_ERROR__MAX
};

/* Told of each fault of the database, from any thread. `code` is the engine's own name for it ("SQLITE_FULL",
 * "SQLSTATE 40P01") and never holds data. Constraints that refuse and races are not faults. */
typedef void (*db_report_fn)(void *ctx, enum db_error error, const char *code);

/* For tests that count, and that break. Told of each statement before it runs, and of db_trace_commit before a write is
 * committed, by the thread that runs it. DB_FINE lets it run; anything else is how it fails instead: where its answer is
 * waited for, so later than told of when it is sent ahead (PostgreSQL). */
typedef enum db_error (*db_trace_fn)(void *ctx, const struct db_stmt *stmt);
extern const struct db_stmt db_trace_commit;

struct db_migration;

struct db_config {
    struct text url;                         /* sqlite:PATH or postgresql://… */
    const struct db_stmt_list *const *lists; /* NULL-terminated, or NULL */
    const struct db_migration *migrations;   /* the schema expected; NULL takes db_migrations */
    /* Tables whose changes db_version.common counts, NULL-terminated; NULL: no versions. A statement that changes one
     * names its scope (the city) in its first parameter, an 'i'. */
    const char *const *watched;
    /* db_version.whole counts changes of every table but these, whose statements name their scope likewise;
     * NULL-terminated; NULL: none is left out. Nothing is counted without watched tables. */
    const char *const *unshown;
    int readers;    /* read connections (SQLite), all connections (PostgreSQL); 0 takes the default */
    int group_max;  /* writes in one SQLite commit; 0 takes the default, 128 */
    int queue_max;  /* waiting writes before db_write answers DB_BUSY; 0 takes the default, 1024 */
    bool read_only; /* beside a running server: no writer, no lock file, db_write answers RC_FAULT */
    bool
        patient; /* questions about the whole database: a statement may take an hour, not five seconds (PostgreSQL) */
    db_report_fn report; /* may be NULL */
    void *report_ctx;
    /* Told by a thread when it begins and ends to wait for the commit of its write among others, so that
     * somebody else may use the processor. May be NULL. PostgreSQL takes up to twice `readers` connections more for it. */
    void (*wait)(void *ctx, bool begins);
    void *wait_ctx;
    db_trace_fn trace; /* may be NULL */
    void *trace_ctx;
};

/* Opens and checks; never migrates. On failure *ret_why is one sentence that says what to do (in `arena`).
 * RC_RACE: another process serves this SQLite file, or the schema is newer than this binary. RC_NONE: there is no
 * schema yet, or an older one: db_migrate() first. RC_FAULT: anything else. */
NODISCARD enum rc db_open(const struct db_config *config, struct arena *arena, struct db **ret_db,
                          struct text *ret_why);
void db_close(struct db *db);

enum db_engine { DB_SQLITE, DB_POSTGRESQL };
enum db_engine db_engine(const struct db *db);

/* ---- migrations (schema/NNNN_verb_noun.sql, embedded at build time) ---- */

struct db_migration {
    int64_t version;
    const char *name;
    const char *sql; /* with @placeholders@, see schema/README.md */
};
extern const struct db_migration db_migrations[]; /* ends with version 0 */

/* Brings the schema to the newest version, each step and its version row in one transaction. RC_RACE: the schema is
 * newer than this binary. Creates the SQLite file when missing. */
NODISCARD enum rc db_migrate(struct text url, struct arena *arena, int64_t *ret_from, int64_t *ret_to,
                             struct text *ret_why);
/* The same with another list (tests). */
NODISCARD enum rc db_migrate_list(struct text url, const struct db_migration *list, struct arena *arena,
                                  int64_t *ret_from, int64_t *ret_to, struct text *ret_why);

/* ---- running ---- */

enum { DB_SCOPE_ALL = 0 };

struct tx {
    struct arena *arena;
    struct db_conn *conn; /* of the engine */
    bool writing;
    bool touched;           /* a statement that changes rows names a watched table */
    bool shows;             /* or one that is not db_config.unshown */
    int64_t scope;          /* whose rows those are; DB_SCOPE_ALL: of several */
    enum db_error error;    /* why the last call failed */
    struct text constraint; /* name of the constraint or columns that refused, when known */
    enum db_error owed;     /* what db_trace_fn said of one that nobody waited for yet */
    struct db_ahead *ahead; /* questions that were sent before their rows are wanted */
};

typedef enum rc (*db_fn)(struct tx *tx, void *arg);

/* Runs fn in a read-only transaction that sees one state of the database. Returns what fn returned, or RC_FAULT. */
NODISCARD enum rc db_read(struct db *db, struct arena *arena, db_fn fn, void *arg, enum db_error *ret_error);

/* Between these two all db_read()s of the calling thread see one state, begun with the first of them, where every
 * transaction costs a round trip (PostgreSQL; SQLite reads anew each time). A db_write() of the thread, a failed read, and
 * asking for a version end that state: what is read next sees all that was committed before it. Not nested. */
void db_view_begin(struct db *db);
void db_view_end(struct db *db);

/* Runs fn in a transaction and returns after it is durable. fn answering anything but RC_OK rolls it back and that
 * answer is returned. RC_RACE from fn is retried a few times from the start and returned when it stays; RC_FAULT
 * comes with *ret_error. DB_IO after a lost connection can mean that the write did happen: ask again with the same
 * idempotency key. */
NODISCARD enum rc db_write(struct db *db, struct arena *arena, db_fn fn, void *arg, enum db_error *ret_error);

/* A write that adds rows nobody waits for, and may share its transaction with whoever adds at the same moment, on either engine:
 * they are durable together, and when that fails each is tried alone. `fn` runs on a thread of the database's, maybe more
 * than once, and asks nothing (db_exec_later()). */
struct db_append {
    db_fn fn;
    /* As `fn` would for each of a list that ends with NULL and has the same `all`, in fewer statements; tx->arena lasts as
     * long as the transaction. Called where a statement costs more than its row (PostgreSQL). NULL: nothing like it. */
    enum rc (*all)(struct tx *tx, const struct db_append *list);
    void *arg;
    struct arena *arena; /* for fn; nobody else's until it is done */
    /* Called once, on any thread, maybe before db_append_ask() returns; must not block. RC_OK: it is durable. */
    void (*done)(struct db_append *append, enum rc rc, enum db_error error);
    struct db_append *next; /* the engine's */
};
void db_append_ask(struct db *db, struct db_append *append);
/* The same, waiting for it, as db_write() answers; `done` and `next` are not looked at. */
NODISCARD enum rc db_append(struct db *db, const struct db_append *append, enum db_error *ret_error);

/* RC_OK when a write transaction can begin right now (readiness). */
NODISCARD enum rc db_ping_writable(struct db *db, struct arena *arena, enum db_error *ret_error);

/* Counts committed write transactions in this process. */
uint64_t db_commits(const struct db *db);
/* How many writes of this process the last commit held (SQLite), or were under way when the last one ended (PostgreSQL): several
 * while people wait in line. Who writes what nobody waits for may let them go first, for a while. */
int db_together(const struct db *db);

/* ---- versions: what was committed to the tables of one scope, by whichever process ----
 * Equal versions, equal rows. A version holds every commit whose db_write() returned, here or elsewhere, before it was
 * asked for. */
struct db_version {
    uint64_t common; /* of the watched tables */
    uint64_t whole;  /* of all but the unshown ones */
};

/* True where this process knows by itself, because it alone writes: always on SQLite; on PostgreSQL for a moment after
 * each read that found no other writer connected. */
NODISCARD bool db_version_near(struct db *db, int64_t scope, struct db_version *ret_version);
struct db_version_wait {
    int64_t scope;
    /* Called once, on any thread, maybe before db_version_ask() returns; must not block. `known` is false when the
     * database cannot be asked right now. */
    void (*told)(struct db_version_wait *wait, bool known, struct db_version version);
    struct db_version_wait *next; /* the engine's */
};
/* One small read answers all who ask while the one before is under way; it begins after each of them asked. */
void db_version_ask(struct db *db, struct db_version_wait *wait);
/* The same, waiting for it. */
NODISCARD bool db_version(struct db *db, int64_t scope, struct db_version *ret_version);

/* ---- inside fn ---- */

/* INSERT, UPDATE, DELETE. ret_changed may be NULL. A refused constraint answers RC_FAULT with tx->error set; the
 * transaction is then dead on either engine (later calls answer RC_FAULT, nothing is saved), so expect clashes with
 * ON CONFLICT DO NOTHING and *ret_changed == 0. Text that is not well-formed UTF-8 is refused as DB_CHECK. */
NODISCARD enum rc db_exec(struct tx *tx, const struct db_stmt *stmt, const struct db_value *values,
                          size_t count, int64_t *ret_changed);
/* The same without waiting for the answer, where waiting costs a round trip (PostgreSQL): a refusal is told by a later
 * call or by the commit, and nothing is saved either way. RC_RACE, at once or later, unless it changes `rows` rows. */
enum { DB_ROWS_ANY = -1 };
NODISCARD enum rc db_exec_later(struct tx *tx, const struct db_stmt *stmt, const struct db_value *values,
                                size_t count, int64_t rows);
/* First row or RC_NONE. ret_row points at the struct the columns were declared for, untouched unless RC_OK. */
NODISCARD enum rc db_one(struct tx *tx, const struct db_stmt *stmt, const struct db_value *values,
                         size_t count, void *ret_row);
/* All rows into an array of row_size structs in tx->arena; at most `max` (more is RC_FAULT, the caller's LIMIT is
 * wrong). No rows is RC_OK with *ret_count 0. */
struct db_rows {
    size_t row_size;
    size_t max;
};
/* ret_rows is the address of a pointer to the row struct. */
NODISCARD enum rc db_all(struct tx *tx, const struct db_stmt *stmt, const struct db_value *values,
                         size_t count, struct db_rows shape, void *ret_rows, size_t *ret_count);
/* Several of them that do not need one another, in one round trip: db_all() of each, in order. */
struct db_ask {
    const struct db_stmt *stmt;
    const struct db_value *values; /* DB_BIND(…) fills these two */
    size_t count;
    struct db_rows shape;
    void *ret_rows;
    size_t *ret_count;
};
enum { DB_ASKS_MAX = 8 };
NODISCARD enum rc db_all_of(struct tx *tx, const struct db_ask *asks, size_t ask_count);
/* Sends a question whose rows db_all() or db_all_of() will ask for with the same values later in this transaction, so
 * that it needs no round trip of its own. It is answered, and its rows are locked, in the order of sending; whatever
 * changes those rows in between is not seen. Without round trips (SQLite) nothing happens before db_all(). Texts among the values must live as long as the
 * transaction. */
NODISCARD enum rc db_all_ahead(struct tx *tx, const struct db_stmt *stmt, const struct db_value *values,
                               size_t count, struct db_rows shape);
/* Waits for what was sent by db_exec_later() or db_all_ahead(). RC_RACE: one changed other than the rows it had to. */
NODISCARD enum rc db_catch_up(struct tx *tx);

#endif
