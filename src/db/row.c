#include "db/row.h"

#include <assert.h>
#include <string.h>

bool kind_is_int(enum db_kind kind) {
    return kind == DB_INT || kind == DB_BOOL || kind == DB_TIME;
}

bool value_eq(const struct db_value *a, const struct db_value *b) {
    if (a->kind != b->kind || a->null != b->null || a->null) {
        return a->kind == b->kind && a->null == b->null;
    }
    switch (a->kind) {
    case DB_INT:
    case DB_BOOL:
        return a->i == b->i;
    case DB_TIME:
        return a->at.s == b->at.s;
    case DB_DAY:
        return day_eq(a->d, b->d);
    case DB_TEXT:
    case DB_BLOB:
        return text_eq(a->t, b->t);
    case DB__MAX:
    default:
        assert(!"a kind of value");
        return false;
    }
}

struct cell value_cell(const struct db_value *value, struct arena *arena) {
    struct cell cell = {.null = value->null};
    if (value->null) {
        return cell;
    }
    switch (value->kind) {
    case DB_INT:
    case DB_BOOL:
        cell.i = value->i;
        break;
    case DB_TIME:
        cell.i = value->at.s;
        break;
    case DB_DAY:
        cell.t = day_format(arena, value->d);
        break;
    case DB_TEXT:
    case DB_BLOB:
        cell.t = value->t;
        break;
    case DB__MAX:
    default:
        assert(!"a kind of value");
    }
    return cell;
}

static bool cell_fits(enum db_kind kind, const struct cell *cell) {
    struct day day;
    if (cell->null) {
        return true;
    }
    if (kind == DB_DAY) {
        return day_parse(cell->t, &day);
    }
    return kind != DB_BOOL || cell->i == 0 || cell->i == 1;
}

static void cell_store(struct arena *arena, void *row, const struct db_column *col, const struct cell *cell) {
    void *at = (char *)row + col->offset;
    switch (col->kind) {
    case DB_INT:
        *(int64_t *)at = cell->null ? 0 : cell->i;
        break;
    case DB_BOOL:
        *(bool *)at = !cell->null && cell->i != 0;
        break;
    case DB_TIME:
        *(struct instant *)at = cell->null ? INSTANT_NONE : (struct instant){cell->i};
        break;
    case DB_DAY: {
        struct day day = DAY_NONE;
        bool fits = cell->null || day_parse(cell->t, &day);
        assert(fits);
        *(struct day *)at = day;
        break;
    }
    case DB_TEXT:
    case DB_BLOB:
        *(struct text *)at = cell->null ? (struct text){NULL, 0} : text_copy(arena, cell->t);
        break;
    case DB__MAX:
    default:
        assert(!"a kind of column");
    }
}

static void *next_row(struct sink *sink) {
    if (sink->one) {
        return sink->rows;
    }
    if (sink->count == sink->capacity) {
        size_t wider = sink->capacity == 0 ? 16 : sink->capacity * 2;
        char *rows = arena_take_array(sink->arena, wider, sink->row_size);
        if (sink->count > 0) {
            memcpy(rows, sink->rows, sink->count * sink->row_size);
        }
        sink->rows = rows;
        sink->capacity = wider;
    }
    return sink->rows + sink->count * sink->row_size;
}

enum rc sink_row(struct sink *sink, const struct cell *cells) {
    const struct db_stmt *stmt = sink->stmt;
    if (sink->count == sink->max) {
        return RC_FAULT;
    }
    for (size_t i = 0; i < stmt->col_count; i++) {
        if (!cell_fits(stmt->cols[i].kind, &cells[i])) {
            return RC_FAULT;
        }
    }
    void *row = next_row(sink);
    for (size_t i = 0; i < stmt->col_count; i++) {
        cell_store(sink->arena, row, &stmt->cols[i], &cells[i]);
    }
    sink->count++;
    return sink->one ? RC_NONE : RC_OK;
}
