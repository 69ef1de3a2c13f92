#include "db/migrate.h"

#include <inttypes.h>

#include "base/buf.h"
#include "db/url.h"

static bool migrator_exec(struct migrator *m, const char *sql) {
    return m->kind == DB_SQLITE ? sqlite_migrator_exec(m, sql) : postgres_migrator_exec(m, sql);
}

static bool migrator_int(struct migrator *m, const char *sql, int64_t *ret) {
    return m->kind == DB_SQLITE ? sqlite_migrator_int(m, sql, ret) : postgres_migrator_int(m, sql, ret);
}

static void migrator_close(struct migrator *m) {
    if (m->kind == DB_SQLITE) {
        sqlite_migrator_close(m);
    } else {
        postgres_migrator_close(m);
    }
}

/* ---- placeholders ---- */

static bool placeholder(enum db_engine kind, struct text word, struct text *ret_sql) {
    static const struct {
        const char *word;
        const char *sql[2]; /* by enum db_engine */
    } words[] = {
        {"int", {"INTEGER", "BIGINT"}}, {"bool", {"INTEGER", "SMALLINT"}},        {"text", {"TEXT", "TEXT"}},
        {"day", {"TEXT", "TEXT"}},      {"time", {"INTEGER", "BIGINT"}},          {"blob", {"BLOB", "BYTEA"}},
        {"strict", {"STRICT", ""}},     {"keyed", {"STRICT, WITHOUT ROWID", ""}},
    };
    for (size_t i = 0; i < COUNT(words); i++) {
        if (text_is(word, words[i].word)) {
            *ret_sql = text_of(words[i].sql[kind]);
            return true;
        }
    }
    return false;
}

/* Length of "word@" when a placeholder's name begins here, else 0. */
static size_t word_length(struct text rest) {
    size_t n = 0;
    while (n < rest.n && rest.p[n] >= 'a' && rest.p[n] <= 'z') {
        n++;
    }
    return n > 0 && n < rest.n && rest.p[n] == '@' ? n : 0;
}

bool migration_expand(struct arena *arena, enum db_engine kind, const char *sql, struct text *ret_sql,
                      struct text *ret_word) {
    struct buf out;
    buf_init(&out, arena);
    struct text rest = text_of(sql);
    while (rest.n > 0) {
        size_t at = text_index(rest, '@');
        buf_put(&out, text_part(rest, 0, at));
        if (at == rest.n) {
            break;
        }
        rest = text_part(rest, at + 1, rest.n);
        size_t n = word_length(rest);
        struct text type;
        if (n == 0) {
            buf_putc(&out, '@');
        } else if (placeholder(kind, text_part(rest, 0, n), &type)) {
            buf_put(&out, type);
            rest = text_part(rest, n + 1, rest.n);
        } else {
            *ret_word = text_part(rest, 0, n);
            return false;
        }
    }
    *ret_sql = buf_text(&out);
    return true;
}

/* ---- versions ---- */

int64_t migrations_newest(const struct db_migration *list) {
    int64_t newest = 0;
    for (; list->version != 0; list++) {
        newest = list->version > newest ? list->version : newest;
    }
    return newest;
}

enum rc schema_judge(const struct db_migration *list, int64_t found, struct arena *arena,
                     struct text *ret_why) {
    int64_t newest = migrations_newest(list);
    if (found > newest) {
        *ret_why = text_printf(arena,
                               "データベースの版 %" PRId64 " はこの sango が知る版 %" PRId64
                               " より新しいので開きません。新しい sango を使ってください。",
                               found, newest);
        return RC_RACE;
    }
    if (found < newest) {
        *ret_why = text_printf(arena,
                               "データベースの版は %" PRId64 "、必要な版は %" PRId64
                               " です。先に sango migrate を実行してください。",
                               found, newest);
        return RC_NONE;
    }
    return RC_OK;
}

static bool version_read(struct migrator *m, int64_t *ret_version) {
    int64_t exists;
    *ret_version = 0;
    return migrator_int(m, m->kind == DB_SQLITE ? SCHEMA_EXISTS_SQLITE : SCHEMA_EXISTS_POSTGRES, &exists) &&
           (exists == 0 || migrator_int(m, SCHEMA_NEWEST, ret_version));
}

/* ---- steps ---- */

/* SQLite's foreign keys are off while tables are rebuilt, so they are counted before the commit. */
static bool keys_hold(struct migrator *m) {
    int64_t broken = 0;
    if (m->kind == DB_SQLITE &&
        (!migrator_int(m, "SELECT count(*) FROM pragma_foreign_key_check", &broken) || broken > 0)) {
        m->why = broken > 0 ? TEXT("外部キーが合わない行が残ります") : m->why;
        return false;
    }
    return true;
}

static bool version_write(struct migrator *m, const struct db_migration *step) {
    struct env_real clock = {0};
    struct env env = env_real(&clock);
    struct text row = text_printf(m->arena,
                                  "INSERT INTO schema_version (version, name, applied_at) VALUES (%" PRId64
                                  ", '%s', %" PRId64 ")",
                                  step->version, step->name, env_now(&env).s);
    return migrator_exec(m, row.p);
}

static bool step_run(struct migrator *m, const struct db_migration *step) {
    struct text sql;
    struct text word;
    if (!migration_expand(m->arena, m->kind, step->sql, &sql, &word)) {
        m->why = text_printf(m->arena, "@%.*s@ を知りません", TEXT_F(word));
        return false;
    }
    static const char *const version_table[2] = {
        "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, name TEXT NOT NULL, "
        "applied_at INTEGER NOT NULL) STRICT",
        "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT PRIMARY KEY, name TEXT NOT NULL, "
        "applied_at BIGINT NOT NULL)"};
    if (!migrator_exec(m, m->kind == DB_SQLITE ? "BEGIN IMMEDIATE" : "BEGIN")) {
        return false;
    }
    if (migrator_exec(m, version_table[m->kind]) && migrator_exec(m, sql.p) && version_write(m, step) &&
        keys_hold(m) && migrator_exec(m, "COMMIT")) {
        return true;
    }
    struct text why = m->why; /* of the step, not of the ROLLBACK */
    bool undone = migrator_exec(m, "ROLLBACK");
    (void)undone; /* closing the connection rolls back as well */
    m->why = why;
    return false;
}

static enum rc steps_run(struct migrator *m, const struct db_migration *list, int64_t *ret_from,
                         int64_t *ret_to) {
    int64_t from;
    if (!version_read(m, &from)) {
        return RC_FAULT;
    }
    int64_t to = from;
    for (const struct db_migration *step = list; step->version != 0; step++) {
        if (step->version <= to) {
            continue;
        }
        if (!step_run(m, step)) {
            m->why = text_printf(m->arena, "版 %" PRId64 " (%s) に上げられません: %.*s", step->version,
                                 step->name, TEXT_F(m->why));
            return RC_FAULT;
        }
        to = step->version;
    }
    if (m->kind == DB_SQLITE && !sqlite_migrator_tell_planner(m)) {
        return RC_FAULT;
    }
    *ret_from = from;
    *ret_to = to;
    return schema_judge(list, to, m->arena, &m->why);
}

enum rc db_migrate_list(struct text url, const struct db_migration *list, struct arena *arena,
                        int64_t *ret_from, int64_t *ret_to, struct text *ret_why) {
    struct db_url where;
    if (!db_url_parse(url, arena, &where, ret_why)) {
        return RC_FAULT;
    }
    struct migrator m = {.kind = where.kind, .arena = arena};
    enum rc rc = where.kind == DB_SQLITE ? sqlite_migrator_open(&m, where.where)
                                         : postgres_migrator_open(&m, where.where);
    int64_t from = 0;
    int64_t to = 0;
    if (rc == RC_OK) {
        rc = steps_run(&m, list, &from, &to);
        migrator_close(&m);
    }
    *ret_why = m.why;
    if (rc == RC_OK) {
        *ret_from = from;
        *ret_to = to;
    }
    return rc;
}

enum rc db_migrate(struct text url, struct arena *arena, int64_t *ret_from, int64_t *ret_to,
                   struct text *ret_why) {
    return db_migrate_list(url, db_migrations, arena, ret_from, ret_to, ret_why);
}
