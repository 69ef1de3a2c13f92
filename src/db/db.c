#include "db/db.h"

#include <assert.h>
#include <semaphore.h>
#include <string.h>

#include "db/engine.h"
#include "db/url.h"
#include "db/wait.h"

static const struct engine *const engines[] = {
    [DB_SQLITE] = &sqlite_engine, [DB_POSTGRESQL] = &postgres_engine};

enum { DB_ARENA_MAX = 64 << 20 };

enum rc db_open(const struct db_config *config, struct arena *arena, struct db **ret_db,
                struct text *ret_why) {
    struct db_url url;
    if (!db_url_parse(config->url, arena, &url, ret_why)) {
        return RC_FAULT;
    }
    struct db_config full = *config;
    full.url = url.where;
    full.migrations = config->migrations == NULL ? db_migrations : config->migrations;
    full.readers = config->readers > 0 ? config->readers : 8;
    full.group_max = config->group_max > 0 ? config->group_max : 128;
    full.queue_max = config->queue_max > 0 ? config->queue_max : 1024;
    return engines[url.kind]->open(&full, arena, ret_db, ret_why);
}

void db_base_init(struct db *db, const struct engine *engine, const struct db_config *config) {
    db->engine = engine;
    db->report = config->report;
    db->report_ctx = config->report_ctx;
    db->trace = config->trace;
    db->trace_ctx = config->trace_ctx;
    db->wait = config->wait;
    db->wait_ctx = config->wait_ctx;
    db->watches = config->watched != NULL;
    db->patient = config->patient;
    arena_init(&db->arena, DB_ARENA_MAX);
    catalog_init(&db->catalog, &db->arena, config, engine->kind);
}

void db_close(struct db *db) {
    if (db != NULL) {
        db->engine->close(db);
    }
}

enum db_engine db_engine(const struct db *db) {
    return db->engine->kind;
}

void db_report(const struct db *db, enum db_error error, const char *code) {
    bool world = error == DB_BUSY || error == DB_FULL || error == DB_IO || error == DB_OTHER;
    if (db->report != NULL && world) {
        db->report(db->report_ctx, error, code);
    }
}

enum rc db_read(struct db *db, struct arena *arena, db_fn fn, void *arg, enum db_error *ret_error) {
    return db->engine->read(db, arena, fn, arg, ret_error);
}

enum rc db_write(struct db *db, struct arena *arena, db_fn fn, void *arg, enum db_error *ret_error) {
    return db->engine->write(db, arena, fn, arg, ret_error);
}

enum rc db_ping_writable(struct db *db, struct arena *arena, enum db_error *ret_error) {
    return db->engine->ping(db, arena, ret_error);
}

void db_view_begin(struct db *db) {
    if (db->engine->view != NULL) {
        db->engine->view(db, true);
    }
}

void db_view_end(struct db *db) {
    if (db->engine->view != NULL) {
        db->engine->view(db, false);
    }
}

uint64_t db_commits(const struct db *db) {
    return atomic_load(&db->commits);
}

int db_together(const struct db *db) {
    return atomic_load(&db->together);
}

/* ---- versions ---- */

static size_t scope_slot(int64_t scope) {
    return (size_t)((uint64_t)scope * UINT64_C(0x9e3779b97f4a7c15) >> 54);
}

void db_count_change(struct db *db, struct db_change change) {
    _Static_assert(DB_SCOPES == 1 << (64 - 54), "the shift above");
    bool all = change.scope == DB_SCOPE_ALL;
    size_t first = all ? 0 : scope_slot(change.scope);
    size_t end = all ? DB_SCOPES : first + 1;
    for (size_t i = first; i < end && (change.touched || change.shows); i++) {
        atomic_fetch_add(&db->changes[i].common, change.touched);
        atomic_fetch_add(&db->changes[i].whole, change.shows);
    }
}

struct db_version db_changes_here(const struct db *db, int64_t scope) {
    size_t slot = scope_slot(scope);
    return (struct db_version){.common = atomic_load(&db->changes[slot].common),
                               .whole = atomic_load(&db->changes[slot].whole)};
}

bool db_version_near(struct db *db, int64_t scope, struct db_version *ret_version) {
    if (!db->watches) {
        return false;
    }
    if (db->engine->near != NULL) {
        return db->engine->near(db, scope, ret_version);
    }
    *ret_version = db_changes_here(db, scope);
    return true;
}

void db_version_ask(struct db *db, struct db_version_wait *wait) {
    struct db_version version = {0};
    if (db_version_near(db, wait->scope, &version)) {
        wait->told(wait, true, version);
    } else if (!db->watches) {
        wait->told(wait, false, version);
    } else {
        db->engine->ask(db, wait);
    }
}

struct version_call {
    struct db_version_wait wait;
    sem_t done;
    bool known;
    struct db_version version;
};

static void version_told(struct db_version_wait *wait, bool known, struct db_version version) {
    struct version_call *call = (struct version_call *)wait;
    call->known = known;
    call->version = version;
    sem_post(&call->done);
}

bool db_version(struct db *db, int64_t scope, struct db_version *ret_version) {
    if (db_version_near(db, scope, ret_version)) {
        return true;
    }
    struct version_call call = {.wait = {.scope = scope, .told = version_told}};
    sem_init(&call.done, 0, 0);
    db_version_ask(db, &call.wait);
    wait_posted(&call.done);
    sem_destroy(&call.done);
    if (call.known) {
        *ret_version = call.version;
    }
    return call.known;
}

/* ---- what a test lets fail ---- */

const struct db_stmt db_trace_commit = {.sql = "COMMIT", .binds = ""};

static enum db_error traced(const struct tx *tx, const struct db_stmt *stmt) {
    const struct db *db = tx->conn->db;
    return db->trace == NULL ? DB_FINE : db->trace(db->trace_ctx, stmt);
}

/* The failure that is owed is paid. */
static enum rc owed(struct tx *tx) {
    if (tx->owed == DB_FINE) {
        return RC_OK;
    }
    tx->error = tx->owed;
    return RC_FAULT;
}

enum rc tx_call(struct tx *tx, db_fn fn, void *arg) {
    enum rc rc = fn(tx, arg);
    if (rc == RC_OK && tx->writing && tx->error == DB_FINE) {
        tx->owed = tx->owed == DB_FINE ? traced(tx, &db_trace_commit) : tx->owed;
        rc = owed(tx);
    }
    if (tx->error != DB_FINE) {
        return RC_FAULT;
    }
    if (rc == RC_FAULT) {
        tx->error = DB_OTHER;
    }
    return rc;
}

/* ---- inside fn ---- */

static bool values_are_text(const struct db_value *values, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (values[i].kind == DB_TEXT && !values[i].null && !text_utf8_ok(values[i].t)) {
            return false;
        }
    }
    return true;
}

struct db_ahead {
    const struct db_stmt *stmt;
    const struct db_value *values;
    size_t count;
    struct sink sink;
    bool here; /* its rows were read */
    struct db_ahead *next;
};

static void ahead_arrived(struct tx *tx) {
    for (struct db_ahead *ahead = tx->ahead; ahead != NULL; ahead = ahead->next) {
        ahead->here = true;
    }
}

static enum rc tx_run(struct tx *tx, const struct db_stmt *stmt, const struct db_value *values, size_t count,
                      const struct wanted *wanted) {
    values_check(stmt, values, count);
    if (tx->error != DB_FINE) {
        return RC_FAULT;
    }
    if (!values_are_text(values, count)) {
        tx->error = DB_CHECK;
        tx->constraint = TEXT("utf8");
        return RC_FAULT;
    }
    const struct db *db = tx->conn->db;
    size_t index = catalog_find(&db->catalog, stmt);
    tx->owed = tx->owed == DB_FINE ? traced(tx, stmt) : tx->owed;
    bool waits = !wanted->later || db->engine->catch_up == NULL;
    if (tx->owed != DB_FINE) {
        return waits ? owed(tx) : RC_OK;
    }
    const struct catalog_entry *entry = &db->catalog.entries[index];
    if (entry->touches || entry->shows) {
        bool other = (tx->touched || tx->shows) && tx->scope != values[0].i;
        tx->scope = other ? DB_SCOPE_ALL : values[0].i;
        tx->touched = tx->touched || entry->touches;
        tx->shows = tx->shows || entry->shows;
    }
    enum rc rc = db->engine->run(tx, index, values, wanted);
    if (rc == RC_OK && !wanted->later) {
        ahead_arrived(tx);
    }
    return rc;
}

enum rc db_exec(struct tx *tx, const struct db_stmt *stmt, const struct db_value *values, size_t count,
                int64_t *ret_changed) {
    assert(tx->writing);
    int64_t changed = 0;
    struct wanted wanted = {.changed = &changed, .rows = DB_ROWS_ANY};
    enum rc rc = tx_run(tx, stmt, values, count, &wanted);
    if (rc == RC_OK && ret_changed != NULL) {
        *ret_changed = changed;
    }
    return rc;
}

enum rc db_exec_later(struct tx *tx, const struct db_stmt *stmt, const struct db_value *values, size_t count,
                      int64_t rows) {
    assert(tx->writing && stmt->cols == NULL);
    struct wanted wanted = {.rows = rows, .later = true};
    return tx_run(tx, stmt, values, count, &wanted);
}

enum rc db_one(struct tx *tx, const struct db_stmt *stmt, const struct db_value *values, size_t count,
               void *ret_row) {
    assert(stmt->col_count > 0);
    struct sink sink = {.stmt = stmt, .arena = tx->arena, .one = true, .max = 1, .rows = ret_row};
    struct wanted wanted = {.sink = &sink, .rows = DB_ROWS_ANY};
    enum rc rc = tx_run(tx, stmt, values, count, &wanted);
    return rc == RC_OK && sink.count == 0 ? RC_NONE : rc;
}

enum rc db_all(struct tx *tx, const struct db_stmt *stmt, const struct db_value *values, size_t count,
               struct db_rows shape, void *ret_rows, size_t *ret_count) {
    struct db_ask ask = {stmt, values, count, shape, ret_rows, ret_count};
    return db_all_of(tx, &ask, 1);
}

/* ---- questions sent ahead ---- */

static struct sink sink_of(const struct tx *tx, const struct db_stmt *stmt, struct db_rows shape) {
    assert(stmt->col_count > 0 && shape.row_size > 0);
    return (struct sink){.stmt = stmt, .arena = tx->arena, .row_size = shape.row_size, .max = shape.max};
}

enum rc db_all_ahead(struct tx *tx, const struct db_stmt *stmt, const struct db_value *values, size_t count,
                     struct db_rows shape) {
    if (tx->conn->db->engine->catch_up == NULL) {
        return RC_OK;
    }
    struct db_ahead *ahead = arena_new(tx->arena, struct db_ahead);
    struct db_value *kept = arena_array(tx->arena, struct db_value, count + 1);
    memcpy(kept, values, count * sizeof *values);
    *ahead = (struct db_ahead){
        .stmt = stmt, .values = kept, .count = count, .sink = sink_of(tx, stmt, shape), .next = tx->ahead};
    tx->ahead = ahead;
    return tx_run(tx, stmt, values, count,
                  &(struct wanted){.sink = &ahead->sink, .rows = DB_ROWS_ANY, .later = true});
}

/* Its answer serves once. */
static struct db_ahead *ahead_take(struct tx *tx, const struct db_ask *ask) {
    for (struct db_ahead **at = &tx->ahead; *at != NULL; at = &(*at)->next) {
        struct db_ahead *ahead = *at;
        bool same = ahead->stmt == ask->stmt;
        for (size_t i = 0; same && i < ask->count; i++) {
            same = value_eq(&ahead->values[i], &ask->values[i]);
        }
        if (same) {
            *at = ahead->next;
            return ahead;
        }
    }
    return NULL;
}

enum rc db_catch_up(struct tx *tx) {
    const struct engine *engine = tx->conn->db->engine;
    if (tx->error != DB_FINE) {
        return RC_FAULT;
    }
    enum rc rc = owed(tx);
    if (rc == RC_OK && engine->catch_up != NULL) {
        rc = engine->catch_up(tx);
    }
    if (rc == RC_OK) {
        ahead_arrived(tx);
    }
    return rc;
}

/* Runs those that were not sent ahead, and waits until all are answered. */
static enum rc asks_run(struct tx *tx, const struct db_ask *asks, struct sink **sinks, size_t ask_count) {
    size_t last = ask_count;
    bool here = true;
    enum rc rc = RC_OK;
    for (size_t i = 0; i < ask_count; i++) {
        struct db_ahead *ahead = ahead_take(tx, &asks[i]);
        last = ahead == NULL ? i : last;
        here = here && (ahead == NULL || ahead->here);
        sinks[i] = ahead == NULL ? NULL : &ahead->sink;
    }
    for (size_t i = 0; rc == RC_OK && i < ask_count; i++) {
        if (sinks[i] == NULL) {
            const struct db_ask *ask = &asks[i];
            sinks[i] = arena_new(tx->arena, struct sink);
            *sinks[i] = sink_of(tx, ask->stmt, ask->shape);
            rc = tx_run(tx, ask->stmt, ask->values, ask->count,
                        &(struct wanted){.sink = sinks[i], .rows = DB_ROWS_ANY, .later = i != last});
        }
    }
    return rc == RC_OK && last == ask_count && !here ? db_catch_up(tx) : rc;
}

enum rc db_all_of(struct tx *tx, const struct db_ask *asks, size_t ask_count) {
    struct sink *sinks[DB_ASKS_MAX];
    assert(ask_count <= DB_ASKS_MAX);
    enum rc rc = asks_run(tx, asks, sinks, ask_count);
    for (size_t i = 0; rc == RC_OK && i < ask_count; i++) {
        *(void **)asks[i].ret_rows = sinks[i]->rows;
        *asks[i].ret_count = sinks[i]->count;
    }
    return rc;
}
