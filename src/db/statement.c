#include "db/statement.h"

#include <assert.h>
#include <string.h>

#include "base/buf.h"
#include "db/row.h"

static const char letters[DB__MAX] = {
    [DB_INT] = 'i', [DB_BOOL] = 'b', [DB_TEXT] = 't', [DB_DAY] = 'd', [DB_TIME] = 's', [DB_BLOB] = 'x'};

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* The end of a quoted piece or a comment that begins at `at`; `at` itself when none begins there. */
static const char *skip_opaque(const char *at) {
    const char *end = at;
    if (*at == '\'' || *at == '"') {
        end = strchr(at + 1, *at);
        assert(end != NULL);
        return end + 1; /* a doubled quote reads as two pieces side by side */
    }
    if (at[0] == '-' && at[1] == '-') {
        return at + strcspn(at, "\n");
    }
    return at;
}

const char *sql_for_sqlite(struct arena *arena, const char *sql) {
    struct buf out;
    buf_init(&out, arena);
    const char *at = sql;
    while (*at != '\0') {
        const char *end = skip_opaque(at);
        if (end != at) {
            buf_put(&out, (struct text){at, (size_t)(end - at)});
            at = end;
            continue;
        }
        buf_putc(&out, at[0] == '$' && is_digit(at[1]) ? '?' : at[0]);
        at++;
    }
    return buf_text(&out).p;
}

size_t sql_dollars(const char *sql) {
    size_t highest = 0;
    while (*sql != '\0') {
        const char *end = skip_opaque(sql);
        if (end != sql) {
            sql = end;
            continue;
        }
        size_t n = 0;
        for (bool dollar = *sql++ == '$'; dollar && is_digit(*sql); sql++) {
            n = n * 10 + (size_t)(*sql - '0');
        }
        highest = n > highest ? n : highest;
    }
    return highest;
}

static const char *sql_for(struct arena *arena, const struct db_stmt *stmt, enum db_engine kind) {
    if (kind == DB_SQLITE) {
        return sql_for_sqlite(arena, stmt->sql);
    }
    if (stmt->share) {
        return text_printf(arena, "%s FOR KEY SHARE", stmt->sql).p;
    }
    if (stmt->turn) {
        return text_printf(arena, "%s FOR NO KEY UPDATE", stmt->sql).p;
    }
    return stmt->lock ? text_printf(arena, "%s FOR UPDATE", stmt->sql).p : stmt->sql;
}

static bool is_word(char c) {
    return is_digit(c) || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* "verb table", as whole words. */
static bool does(const char *sql, const char *verb, const char *table) {
    size_t n = strlen(verb);
    size_t m = strlen(table);
    for (const char *at = strstr(sql, verb); at != NULL; at = strstr(at + 1, verb)) {
        if ((at == sql || !is_word(at[-1])) && at[n] == ' ' && strncmp(at + n + 1, table, m) == 0 &&
            !is_word(at[n + 1 + m])) {
            return true;
        }
    }
    return false;
}

static const char *const verbs[] = {"INSERT INTO", "UPDATE", "DELETE FROM"};

/* Is a watched table the one that rows are added to, changed in or taken from? Reading it, or a column of its name (every
 * table has a `city`), changes nothing. */
static bool touches(const char *sql, const char *const *watched) {
    bool found = false;
    for (size_t i = 0; watched != NULL && watched[i] != NULL; i++) {
        for (size_t k = 0; k < COUNT(verbs); k++) {
            found = found || does(sql, verbs[k], watched[i]);
        }
    }
    return found;
}

static bool is_listed(struct text table, const char *const *list) {
    size_t i = 0;
    while (list != NULL && list[i] != NULL && !text_is(table, list[i])) {
        i++;
    }
    return list != NULL && list[i] != NULL;
}

/* Is any table changed that is not on the list? "DO UPDATE SET" names none. */
static bool touches_other(const char *sql, const char *const *unshown) {
    bool found = false;
    for (size_t k = 0; k < COUNT(verbs); k++) {
        size_t n = strlen(verbs[k]);
        for (const char *at = strstr(sql, verbs[k]); at != NULL; at = strstr(at + 1, verbs[k])) {
            struct text table = {at + n + 1, 0};
            while (at[n] == ' ' && is_word(table.p[table.n])) {
                table.n++;
            }
            bool verb = at == sql || !is_word(at[-1]);
            found = found || (verb && table.n > 0 && !text_is(table, "SET") && !is_listed(table, unshown));
        }
    }
    return found;
}

static size_t slot_of(const struct catalog *catalog, const struct db_stmt *stmt) {
    uint64_t hash = (uint64_t)(uintptr_t)stmt * UINT64_C(0x9e3779b97f4a7c15);
    size_t slot = (size_t)(hash >> 32) & catalog->slot_mask;
    while (catalog->slots[slot] != 0 && catalog->entries[catalog->slots[slot] - 1].stmt != stmt) {
        slot = (slot + 1) & catalog->slot_mask;
    }
    return slot;
}

static void catalog_add(struct catalog *catalog, struct arena *arena, const struct db_stmt *stmt,
                        enum db_engine kind, const struct db_config *config) {
    assert(stmt->sql != NULL && stmt->col_count <= ROW_COLUMNS_MAX);
    size_t slot = slot_of(catalog, stmt);
    if (catalog->slots[slot] != 0) {
        return;
    }
    catalog->entries[catalog->count] = (struct catalog_entry){
        .stmt = stmt,
        .sql = sql_for(arena, stmt, kind),
        .bind_count = stmt->binds == NULL ? 0 : strlen(stmt->binds),
        .dollar_count = sql_dollars(stmt->sql),
        .touches = touches(stmt->sql, config->watched),
        .shows = config->watched != NULL && !stmt->unseen && touches_other(stmt->sql, config->unshown)};
    const struct catalog_entry *entry = &catalog->entries[catalog->count];
    assert(!(entry->touches || entry->shows) || (stmt->binds != NULL && stmt->binds[0] == 'i'));
    catalog->count++;
    catalog->slots[slot] = (uint32_t)catalog->count;
}

void catalog_init(struct catalog *catalog, struct arena *arena, const struct db_config *config,
                  enum db_engine kind) {
    const struct db_stmt_list *const *lists = config->lists;
    size_t total = 0;
    for (size_t i = 0; lists != NULL && lists[i] != NULL; i++) {
        total += lists[i]->count;
    }
    size_t slots = 16;
    while (slots < total * 2) {
        slots *= 2;
    }
    *catalog = (struct catalog){.entries = arena_array(arena, struct catalog_entry, total + 1),
                                .slots = arena_array(arena, uint32_t, slots),
                                .slot_mask = slots - 1};
    for (size_t i = 0; lists != NULL && lists[i] != NULL; i++) {
        for (size_t k = 0; k < lists[i]->count; k++) {
            catalog_add(catalog, arena, &lists[i]->stmts[k], kind, config);
        }
    }
}

size_t catalog_find(const struct catalog *catalog, const struct db_stmt *stmt) {
    size_t slot = slot_of(catalog, stmt);
    assert(catalog->slots[slot] != 0 && "the statement is in no list given to db_open");
    return catalog->slots[slot] - 1;
}

void values_check(const struct db_stmt *stmt, const struct db_value *values, size_t count) {
    assert(count == (stmt->binds == NULL ? 0 : strlen(stmt->binds)));
    for (size_t i = 0; i < count; i++) {
        assert(values[i].kind < DB__MAX && letters[values[i].kind] == stmt->binds[i]);
    }
}
