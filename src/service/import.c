/* History and closing days from CSV files: everything is read and judged before anything is written. */
#include "service/import.h"

#include "service/csv.h"
#include "service/fresh.h"
#include "service/write.h"
#include "store/city.h"

enum { IMPORT_ROWS_MAX = 4000, FISCAL_YEAR_MIN = 1990, FISCAL_YEAR_MAX = 2150 };

static enum rc import_refuse(struct import_fault *ret_fault, int64_t line, const char *code) {
    *ret_fault = (struct import_fault){line, code};
    return RC_OK;
}

static bool header_is(struct csv *csv, struct arena *arena, const char *const *names, size_t count) {
    struct csv_row row;
    if (!csv_next(csv, arena, &row) || row.count != count) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!text_is(row.fields[i], names[i])) {
            return false;
        }
    }
    return true;
}

/* ---- history of uses ---- */

struct usage_list {
    struct usage_insert rows[IMPORT_ROWS_MAX];
    size_t count;
};

static bool care_known(const struct programme_set *rules, struct text care) {
    for (int32_t i = 0; i < rules->count; i++) {
        if (programme_care(rules->versions[i], care) >= 0) {
            return true;
        }
    }
    return false;
}

/* Empty: -1. */
static bool figure_read(struct text t, int64_t *ret_n) {
    if (t.n == 0) {
        *ret_n = -1;
        return true;
    }
    return num_parse(t, ret_n) && *ret_n >= 0;
}

static const char *usage_read(const struct call *call, const struct csv_row *row, struct usage_insert *ret) {
    struct usage_insert usage = {.city = call->city->id};
    if (row->count != 7) {
        return "columns";
    }
    if (!num_parse(row->fields[0], &usage.fiscal_year) || usage.fiscal_year < FISCAL_YEAR_MIN ||
        usage.fiscal_year > FISCAL_YEAR_MAX) {
        return "fiscal-year";
    }
    usage.care = row->fields[1];
    if (!care_known(call->city->rules, usage.care)) {
        return "care";
    }
    if (!figure_read(row->fields[2], &usage.uses) || usage.uses < 0) {
        return "uses";
    }
    if (!figure_read(row->fields[3], &usage.persons)) {
        return "persons";
    }
    if (!figure_read(row->fields[4], &usage.units)) {
        return "units";
    }
    usage.expected = text_is(row->fields[5], "1");
    if (!usage.expected && !text_is(row->fields[5], "0") && row->fields[5].n > 0) {
        return "expected";
    }
    if (!day_parse(row->fields[6], &usage.through)) {
        return "through";
    }
    *ret = usage;
    return NULL;
}

static bool usage_twice(const struct usage_list *list, const struct usage_insert *row) {
    for (size_t i = 0; i < list->count; i++) {
        if (list->rows[i].fiscal_year == row->fiscal_year && text_eq(list->rows[i].care, row->care)) {
            return true;
        }
    }
    return false;
}

static enum rc run_usage(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    const struct usage_list *list = ask;
    int64_t *rows = outcome;
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < list->count; i++) {
        rc = past_usage_drop_year(tx, call->city->id, list->rows[i].fiscal_year);
    }
    for (size_t i = 0; rc == RC_OK && i < list->count; i++) {
        rc = past_usage_insert(tx, &list->rows[i], call->now);
    }
    struct audit_entry entry = {
        .action = "usage.import",
        .object = "city",
        .object_id = call->city->id.n,
        .detail = text_printf(call->arena, "{\"rows\":%zu}", list->count),
    };
    *rows = (int64_t)list->count;
    return rc == RC_OK ? audit_add(tx, call, &entry) : rc;
}

enum rc import_usage(struct call *call, struct text csv, int64_t *ret_rows, struct import_fault *ret_fault) {
    static const char *const header[] = {"fiscal_year", "care",     "uses",   "persons",
                                         "units",       "expected", "through"};
    struct csv read = csv_begin(csv);
    *ret_fault = (struct import_fault){0};
    if (!text_utf8_ok(csv)) {
        return import_refuse(ret_fault, 0, "not-utf8");
    }
    if (!header_is(&read, call->arena, header, COUNT(header))) {
        return import_refuse(ret_fault, 1, "header");
    }
    struct usage_list *list = arena_new(call->arena, struct usage_list);
    struct csv_row row;
    while (csv_next(&read, call->arena, &row)) {
        struct usage_insert usage = {0};
        const char *code = usage_read(call, &row, &usage);
        code = code == NULL && usage_twice(list, &usage) ? "twice" : code;
        code = code == NULL && list->count == IMPORT_ROWS_MAX ? "too-many" : code;
        if (code != NULL) {
            return import_refuse(ret_fault, read.line, code);
        }
        list->rows[list->count++] = usage;
    }
    if (read.broken) {
        return import_refuse(ret_fault, read.line, "quotes");
    }
    struct call_work work = {run_usage, list, ret_rows, sizeof *ret_rows};
    return call_write_plain(call, &work);
}

/* ---- closing days ---- */

struct closed_list {
    struct closed_day rows[IMPORT_ROWS_MAX];
    size_t count;
    bool
        national; /* what its years had under the same names before is replaced: a holiday may be moved by law */
};

static enum rc run_closed(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    const struct closed_list *list = ask;
    int64_t *rows = outcome;
    int64_t revision = 0;
    enum rc rc = city_lock(tx, call->city->id);
    for (size_t i = 0; list->national && rc == RC_OK && i < list->count; i++) {
        rc = closed_day_clear(tx, call->city->id, list->rows[i].name, day_ymd(list->rows[i].day).year);
    }
    for (size_t i = 0; rc == RC_OK && i < list->count; i++) {
        rc = closed_day_put(tx, call->city->id, &list->rows[i]);
    }
    struct audit_entry entry = {
        .action = "closed-days.import",
        .object = "city",
        .object_id = call->city->id.n,
        .detail = text_printf(call->arena, "{\"rows\":%zu}", list->count),
    };
    *rows = (int64_t)list->count;
    rc = rc == RC_OK ? audit_add(tx, call, &entry) : rc;
    return rc == RC_OK ? city_rules_raise(tx, call->city->id, &revision) : rc;
}

/* 2026-01-01, or 2026/1/1 as the Cabinet Office writes it. */
static bool closed_day_read(struct text t, struct day *ret_day) {
    struct text rest = t;
    struct text piece = {0};
    int64_t part[3] = {0};
    if (day_parse(t, ret_day)) {
        return true;
    }
    for (size_t i = 0; i < 3; i++) {
        if (!text_next(&rest, '/', &piece) || !num_parse(piece, &part[i]) || part[i] < 1 || part[i] > 9999) {
            return false;
        }
    }
    struct ymd ymd = {(int32_t)part[0], (int32_t)part[1], (int32_t)part[2]};
    if (rest.n > 0 || !ymd_valid(ymd)) {
        return false;
    }
    *ret_day = day_of(ymd);
    return true;
}

static enum rc import_list(struct call *call, struct text csv, bool national, int64_t *ret_rows,
                           struct import_fault *ret_fault) {
    struct csv read = csv_begin(csv);
    struct csv_row row;
    *ret_fault = (struct import_fault){0};
    if (!text_utf8_ok(csv)) {
        return import_refuse(ret_fault, 0, "not-utf8");
    }
    if (!csv_next(&read, call->arena, &row) || row.count != 2) {
        return import_refuse(ret_fault, 1, "header");
    }
    struct closed_list *list = arena_new(call->arena, struct closed_list);
    list->national = national;
    while (csv_next(&read, call->arena, &row)) {
        struct day day;
        if (row.count != 2 || !closed_day_read(row.fields[0], &day)) {
            return import_refuse(ret_fault, read.line, "day");
        }
        if (list->count == IMPORT_ROWS_MAX) {
            return import_refuse(ret_fault, read.line, "too-many");
        }
        list->rows[list->count++] = (struct closed_day){day, row.fields[1], national};
    }
    if (read.broken) {
        return import_refuse(ret_fault, read.line, "quotes");
    }
    struct call_work work = {run_closed, list, ret_rows, sizeof *ret_rows};
    enum rc rc = call_write_plain(call, &work);
    if (rc == RC_OK) {
        fresh_after(call);
    }
    return rc;
}

enum rc import_closed_days(struct call *call, struct text csv, int64_t *ret_rows,
                           struct import_fault *ret_fault) {
    return import_list(call, csv, false, ret_rows, ret_fault);
}

enum rc import_holidays(struct call *call, struct text csv, int64_t *ret_rows,
                        struct import_fault *ret_fault) {
    return import_list(call, csv, true, ret_rows, ret_fault);
}
