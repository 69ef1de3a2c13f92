/* Statements on PostgreSQL: prepared when first used, values and rows in binary. */
#include <assert.h>
#include <endian.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "db/postgres_conn.h"

enum { /* src/include/catalog/pg_type.dat */
       OID_BOOL = 16,
       OID_BYTEA = 17,
       OID_NAME = 19,
       OID_INT8 = 20,
       OID_INT2 = 21,
       OID_INT4 = 23,
       OID_TEXT = 25,
       OID_VARCHAR = 1043,
       PARAMETERS_MAX = 160
};

static Oid parameter_oid(char letter) {
    switch (letter) {
    case 'i':
    case 'b':
    case 's':
        return OID_INT8;
    case 't':
    case 'd':
        return OID_TEXT;
    case 'x':
        return OID_BYTEA;
    default:
        assert(!"a letter of db_stmt.binds");
        return 0;
    }
}

static bool column_oid_fits(enum db_kind kind, Oid oid) {
    switch (kind) {
    case DB_INT:
    case DB_TIME:
        return oid == OID_INT8 || oid == OID_INT4 || oid == OID_INT2;
    case DB_BOOL:
        return oid == OID_INT8 || oid == OID_INT4 || oid == OID_INT2 || oid == OID_BOOL;
    case DB_TEXT:
    case DB_DAY:
        return oid == OID_TEXT || oid == OID_VARCHAR || oid == OID_NAME;
    case DB_BLOB:
        return oid == OID_BYTEA;
    case DB__MAX:
    default:
        return false;
    }
}

void postgres_statement_name(size_t index, char name[POSTGRES_NAME_MAX]) {
    snprintf(name, POSTGRES_NAME_MAX, "s%zu", index);
}

static bool send_prepare(struct postgres_conn *conn, size_t index) {
    const struct catalog_entry *entry = &conn->base.db->catalog.entries[index];
    Oid oids[PARAMETERS_MAX];
    char name[POSTGRES_NAME_MAX];
    assert(entry->bind_count <= PARAMETERS_MAX);
    for (size_t i = 0; i < entry->bind_count; i++) {
        oids[i] = parameter_oid(entry->stmt->binds[i]);
    }
    postgres_statement_name(index, name);
    return PQsendPrepare(conn->pg, name, entry->sql, (int)entry->bind_count, oids) == 1;
}

/* ---- values ---- */

struct wire_values {
    const char *p[PARAMETERS_MAX];
    int n[PARAMETERS_MAX];
    int format[PARAMETERS_MAX];
    uint64_t ints[PARAMETERS_MAX];
};

static void wire_put(struct wire_values *wire, size_t at, enum db_kind kind, const struct cell *cell) {
    wire->format[at] = 1;
    if (cell->null) {
        wire->p[at] = NULL;
        wire->n[at] = 0;
    } else if (kind_is_int(kind)) {
        wire->ints[at] = htobe64((uint64_t)cell->i);
        wire->p[at] = (const char *)&wire->ints[at];
        wire->n[at] = sizeof wire->ints[at];
    } else {
        assert(cell->t.n <= INT32_MAX);
        wire->p[at] = cell->t.p;
        wire->n[at] = (int)cell->t.n;
    }
}

static bool send_run(struct tx *tx, size_t index, const struct db_value *values) {
    struct postgres_conn *conn = (struct postgres_conn *)tx->conn;
    size_t count = conn->base.db->catalog.entries[index].bind_count;
    struct wire_values wire;
    char name[POSTGRES_NAME_MAX];
    for (size_t i = 0; i < count; i++) {
        struct cell cell = value_cell(&values[i], tx->arena);
        wire_put(&wire, i, values[i].kind, &cell);
    }
    postgres_statement_name(index, name);
    return PQsendQueryPrepared(conn->pg, name, (int)count, wire.p, wire.n, wire.format, 1) == 1;
}

/* ---- rows ---- */

static bool read_int(const unsigned char *p, int n, int64_t *ret) {
    if (n != 1 && n != 2 && n != 4 && n != 8) {
        return false;
    }
    uint64_t bits = (p[0] & 0x80) != 0 && n > 1 ? UINT64_MAX : 0;
    for (int i = 0; i < n; i++) {
        bits = bits << 8 | p[i];
    }
    *ret = (int64_t)bits;
    return true;
}

bool postgres_conn_int(struct postgres_conn *conn, const char *sql, int64_t *ret) {
    PGresult *result = NULL;
    bool fine = PQsendQueryParams(conn->pg, sql, 0, NULL, NULL, NULL, NULL, 1) == 1 &&
                postgres_conn_exchange(conn, &result) && PQresultStatus(result) == PGRES_TUPLES_OK &&
                PQntuples(result) == 1;
    if (fine && PQgetisnull(result, 0, 0) == 1) {
        *ret = 0;
    } else if (fine) {
        fine = read_int((const unsigned char *)PQgetvalue(result, 0, 0), PQgetlength(result, 0, 0), ret);
    }
    PQclear(result);
    return fine;
}

static enum rc row_to_sink(const PGresult *result, int row, struct sink *sink) {
    struct cell cells[ROW_COLUMNS_MAX];
    const struct db_stmt *want = sink->stmt;
    for (size_t i = 0; i < want->col_count; i++) {
        const char *p = PQgetvalue(result, row, (int)i);
        int n = PQgetlength(result, row, (int)i);
        cells[i] = (struct cell){.null = PQgetisnull(result, row, (int)i) == 1};
        if (cells[i].null) {
            continue;
        }
        if (!kind_is_int(want->cols[i].kind)) {
            cells[i].t = (struct text){p, (size_t)n};
        } else if (!read_int((const unsigned char *)p, n, &cells[i].i)) {
            return RC_FAULT;
        }
    }
    return sink_row(sink, cells);
}

bool postgres_rows_sink(const PGresult *result, struct sink *sink) {
    if (PQntuples(result) == 0) {
        return true;
    }
    enum rc rc = (size_t)PQnfields(result) == sink->stmt->col_count ? RC_OK : RC_FAULT;
    for (int row = 0; rc == RC_OK && row < PQntuples(result); row++) {
        rc = row_to_sink(result, row, sink);
    }
    return rc != RC_FAULT;
}

int64_t postgres_rows_changed(PGresult *result) {
    int64_t changed = 0;
    if (strncmp(PQcmdStatus(result), "SELECT", 6) != 0 && num_parse(text_of(PQcmdTuples(result)), &changed)) {
        return changed;
    }
    return 0;
}

bool postgres_conn_prepare(struct postgres_conn *conn, size_t index) {
    if (conn->prepared[index] != POSTGRES_UNKNOWN) {
        return true;
    }
    conn->prepared[index] = POSTGRES_PREPARING;
    postgres_conn_owe(conn, &(struct postgres_due){.prepares = index + 1, .rows = DB_ROWS_ANY});
    return send_prepare(conn, index);
}

static bool queue_run(struct tx *tx, size_t index, const struct db_value *values,
                      const struct wanted *wanted) {
    struct postgres_conn *conn = (struct postgres_conn *)tx->conn;
    if (conn->lost || !postgres_conn_begin(conn) || !postgres_conn_prepare(conn, index)) {
        return false;
    }
    postgres_conn_owe(conn, &(struct postgres_due){.sink = wanted->sink, .rows = wanted->rows});
    return send_run(tx, index, values);
}

static enum rc run_lost(struct tx *tx) {
    struct postgres_conn *conn = (struct postgres_conn *)tx->conn;
    conn->lost = true;
    tx->error = DB_IO;
    db_report(conn->base.db, DB_IO, "connection lost");
    return RC_FAULT;
}

/* Of everything that is due. */
static enum rc answers_read(struct tx *tx) {
    struct postgres_conn *conn = (struct postgres_conn *)tx->conn;
    PGresult *result = NULL;
    if (!postgres_conn_exchange(conn, &result)) {
        return run_lost(tx);
    }
    enum rc rc = RC_FAULT;
    bool failed = PQresultStatus(result) != PGRES_TUPLES_OK && PQresultStatus(result) != PGRES_COMMAND_OK;
    if (failed && conn->unmet && postgres_error_of(result) != DB_IO) {
        rc = RC_RACE; /* what comes behind a lost race may fail as it likes */
    } else if (failed) {
        postgres_tx_fault(tx, result);
    } else if (conn->misfit) {
        tx->error = DB_OTHER;
        db_report(conn->base.db, DB_OTHER, "column value or row limit");
    } else {
        rc = conn->unmet ? RC_RACE : RC_OK;
    }
    PQclear(result);
    return rc;
}

enum rc postgres_conn_run(struct tx *tx, size_t index, const struct db_value *values,
                          const struct wanted *wanted) {
    enum { SPARE = 3 }; /* BEGIN, PREPARE and the statement itself */
    struct postgres_conn *conn = (struct postgres_conn *)tx->conn;
    if (!queue_run(tx, index, values, wanted)) {
        return run_lost(tx);
    }
    if (wanted->later && conn->due_count + SPARE <= POSTGRES_DUE_MAX) {
        return RC_OK;
    }
    enum rc rc = answers_read(tx);
    if (rc == RC_OK && wanted->changed != NULL) {
        *wanted->changed = conn->changed;
    }
    return rc;
}

enum rc postgres_conn_catch_up(struct tx *tx) {
    struct postgres_conn *conn = (struct postgres_conn *)tx->conn;
    if (conn->lost) {
        return run_lost(tx);
    }
    return conn->due_count > 0 ? answers_read(tx) : conn->unmet ? RC_RACE : RC_OK;
}

enum rc postgres_conn_settle(struct tx *tx) {
    struct postgres_conn *conn = (struct postgres_conn *)tx->conn;
    bool counts = conn->unmet;
    for (int i = 0; i < conn->due_count; i++) {
        counts = counts || conn->due[i].rows != DB_ROWS_ANY;
    }
    return counts ? postgres_conn_catch_up(tx) : RC_OK;
}

/* ---- the check at the start ---- */

static const char *description_fault(const struct catalog_entry *entry, const PGresult *result,
                                     struct arena *arena) {
    const struct db_stmt *stmt = entry->stmt;
    if ((size_t)PQnparams(result) != entry->bind_count || entry->dollar_count != entry->bind_count) {
        return "number of parameters";
    }
    if (stmt->cols == NULL) {
        return NULL;
    }
    if ((size_t)PQnfields(result) != stmt->col_count) {
        return "number of columns";
    }
    for (size_t i = 0; i < stmt->col_count; i++) {
        if (!column_oid_fits(stmt->cols[i].kind, PQftype(result, (int)i))) {
            return text_printf(arena, "type of column %s, OID %u (CAST … AS BIGINT?)",
                               PQfname(result, (int)i), PQftype(result, (int)i))
                .p;
        }
    }
    return NULL;
}

static bool verify_one(struct postgres_conn *conn, size_t index, struct arena *arena, struct text *ret_why) {
    const struct catalog_entry *entry = &conn->base.db->catalog.entries[index];
    PGresult *result = NULL;
    char name[POSTGRES_NAME_MAX];
    postgres_statement_name(index, name);
    if (!send_prepare(conn, index) || PQsendDescribePrepared(conn->pg, name) != 1 ||
        !postgres_conn_exchange(conn, &result)) {
        *ret_why = TEXT("PostgreSQL との接続が切れました。");
        return false;
    }
    const char *fault = PQresultStatus(result) == PGRES_COMMAND_OK
                            ? description_fault(entry, result, arena)
                            : PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (PQresultStatus(result) != PGRES_COMMAND_OK && fault == NULL) {
        fault = "?";
    }
    if (fault != NULL) {
        *ret_why = text_printf(arena, "この SQL は表の形に合いません (%s): %s", fault, entry->sql);
    }
    PQclear(result);
    conn->prepared[index] = fault == NULL ? POSTGRES_PREPARED : POSTGRES_UNKNOWN;
    return fault == NULL;
}

bool postgres_conn_verify(struct postgres_conn *conn, struct arena *arena, struct text *ret_why) {
    for (size_t i = 0; i < conn->base.db->catalog.count; i++) {
        if (!verify_one(conn, i, arena, ret_why)) {
            return false;
        }
    }
    return true;
}
