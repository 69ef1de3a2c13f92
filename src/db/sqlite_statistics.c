#include "db/sqlite_statistics.h"

#include <inttypes.h>

#include "base/buf.h"

/* How many rows of an index share the columns taken so far; at first, all of them. */
struct guess {
    int64_t rows;
};

enum { MANY = 4000000, FEW = 4000, PARTIAL = 50, CITIES = 4, SHARED = 3 };

static bool is_one_of(struct text t, const char *const *words) {
    for (; *words != NULL; words++) {
        if (text_is(t, *words)) {
            return true;
        }
    }
    return false;
}

static struct guess guess_index(struct text table, bool partial) {
    /* Whatever a city has a handful of. All other tables grow with its people. */
    static const char *const small[] = {
        "city",          "closed_day",  "facility",       "facility_care", "job",
        "rules_version", "rules_draft", "schema_version", "installation",  NULL};
    int64_t rows = is_one_of(table, small) ? FEW : MANY;
    return (struct guess){partial ? rows / PARTIAL : rows};
}

/* How many different values a column has among rows that share what stands before it; 0: nearly as many as rows. */
static int64_t values_of(struct text column) {
    static const struct {
        const char *column;
        int64_t values;
    } known[] = {{"city", CITIES},  {"facility", 100},  {"care", 2},         {"state", 6},
                 {"kind", 2},       {"role", 2},        {"active", 2},       {"side", 2},
                 {"day", 700},      {"start_day", 700}, {"end_day", 700},    {"to_day", 700},
                 {"from_day", 700}, {"valid_from", 2},  {"fiscal_year", 10}, {"purpose", 2},
                 {"pool", 1},       {"code", 5},        {"ward", 10}};
    for (size_t i = 0; i < COUNT(known); i++) {
        if (text_is(column, known[i].column)) {
            return known[i].values;
        }
    }
    return 0;
}

static int64_t guess_column(struct guess *guess, struct text column) {
    int64_t values = values_of(column);
    int64_t left = values == 0 ? SHARED : guess->rows / values;
    guess->rows = left < 1 ? 1 : left < guess->rows ? left : guess->rows;
    return guess->rows;
}

/* ---- the tables ---- */

static const char columns_sql[] =
    "SELECT t.name, CASE WHEN t.wr AND l.origin = 'pk' THEN t.name ELSE l.name END, l.\"unique\", l.partial, c.name"
    " FROM pragma_table_list t, pragma_index_list(t.name) l, pragma_index_info(l.name) c"
    " WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite%' ORDER BY t.name, l.name, c.seqno";

struct index {
    struct text table;
    struct text name;
    bool unique;
    struct guess guess;
    struct buf stat;
    size_t shared_at; /* length of `stat` before its last number */
};

static struct text column_text(sqlite3_stmt *stmt, int column, struct arena *arena) {
    const char *p = (const char *)sqlite3_column_text(stmt, column);
    return p == NULL ? TEXT("") : text_copy(arena, text_of(p));
}

static bool index_write(sqlite3_stmt *insert, struct index *index, struct arena *arena) {
    struct text stat = buf_text(&index->stat);
    if (index->unique) { /* all its columns together name one row */
        stat = text_join(arena, text_part(stat, 0, index->shared_at), TEXT(" 1"));
    }
    /* Every statement names its city: walking through all values of a first column is never wanted. */
    stat = text_join(arena, stat, TEXT(" noskipscan"));
    bool good =
        sqlite3_bind_text(insert, 1, index->table.p, (int)index->table.n, SQLITE_STATIC) == SQLITE_OK &&
        sqlite3_bind_text(insert, 2, index->name.p, (int)index->name.n, SQLITE_STATIC) == SQLITE_OK &&
        sqlite3_bind_text(insert, 3, stat.p, (int)stat.n, SQLITE_STATIC) == SQLITE_OK &&
        sqlite3_step(insert) == SQLITE_DONE;
    sqlite3_reset(insert);
    return good;
}

static void index_begin(sqlite3_stmt *columns, struct index *index, struct arena *arena) {
    *index = (struct index){.table = column_text(columns, 0, arena),
                            .name = column_text(columns, 1, arena),
                            .unique = sqlite3_column_int(columns, 2) != 0};
    index->guess = guess_index(index->table, sqlite3_column_int(columns, 3) != 0);
    buf_init(&index->stat, arena);
    buf_put(&index->stat, text_printf(arena, "%" PRId64, index->guess.rows));
}

static bool indexes_write(sqlite3_stmt *columns, sqlite3_stmt *insert, struct arena *arena) {
    struct index index = {0};
    int step;
    while ((step = sqlite3_step(columns)) == SQLITE_ROW) {
        struct text name = column_text(columns, 1, arena);
        if (index.name.p == NULL || !text_eq(name, index.name) ||
            !text_eq(column_text(columns, 0, arena), index.table)) {
            if (index.name.p != NULL && !index_write(insert, &index, arena)) {
                return false;
            }
            index_begin(columns, &index, arena);
        }
        index.shared_at = buf_text(&index.stat).n;
        int64_t rows = guess_column(&index.guess, column_text(columns, 4, arena));
        buf_put(&index.stat, text_printf(arena, " %" PRId64, rows));
    }
    return step == SQLITE_DONE && (index.name.p == NULL || index_write(insert, &index, arena));
}

bool sqlite_statistics_write(sqlite3 *handle, struct arena *arena) {
    sqlite3_stmt *columns = NULL;
    sqlite3_stmt *insert = NULL;
    /* ANALYZE of the schema alone makes the table and counts nothing. */
    bool good = sqlite3_exec(handle, "ANALYZE sqlite_schema; DELETE FROM sqlite_stat1", NULL, NULL, NULL) ==
                    SQLITE_OK &&
                sqlite3_prepare_v2(handle, columns_sql, -1, &columns, NULL) == SQLITE_OK &&
                sqlite3_prepare_v2(handle, "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?1, ?2, ?3)",
                                   -1, &insert, NULL) == SQLITE_OK &&
                indexes_write(columns, insert, arena);
    sqlite3_finalize(columns);
    sqlite3_finalize(insert);
    return good;
}
