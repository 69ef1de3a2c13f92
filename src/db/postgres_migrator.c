/* Migration of a PostgreSQL database: nodes that start at once wait for each other on an advisory lock, which goes
 * with the session. */
#include <libpq-fe.h>
#include <string.h>

#include "db/migrate.h"
#include "db/postgres_conn.h"

static bool take(struct migrator *m, PGresult *result, ExecStatusType wanted) {
    bool fine = PQresultStatus(result) == wanted;
    if (!fine) {
        struct text why = text_of(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
        m->why = text_copy(m->arena, why.n > 0 ? why : text_of(PQerrorMessage(m->handle)));
    }
    return fine;
}

enum rc postgres_migrator_open(struct migrator *m, struct text uri) {
    char code[256];
    int64_t ignored;
    PGconn *pg = postgres_connect(uri.p, code, sizeof code);
    if (pg == NULL) {
        m->why = text_printf(
            m->arena, "PostgreSQL につながりません (%s)。動いているか、database の値を確かめてください。",
            code);
        return RC_FAULT;
    }
    m->handle = pg;
    if (postgres_migrator_exec(m,
                               "SET search_path = public; SET timezone = 'UTC'; SET lock_timeout = '30s'") &&
        postgres_migrator_int(m, "SELECT 1 FROM (SELECT pg_advisory_lock(7091320220)) AS locked", &ignored)) {
        return RC_OK;
    }
    PQfinish(pg);
    return RC_FAULT;
}

void postgres_migrator_close(struct migrator *m) {
    PQfinish(m->handle);
}

bool postgres_migrator_exec(struct migrator *m, const char *sql) {
    PGresult *result = PQexec(m->handle, sql);
    bool fine = take(m, result, PGRES_COMMAND_OK);
    PQclear(result);
    return fine;
}

bool postgres_migrator_int(struct migrator *m, const char *sql, int64_t *ret) {
    PGresult *result = PQexec(m->handle, sql);
    bool fine = take(m, result, PGRES_TUPLES_OK);
    if (fine && (PQntuples(result) == 0 || PQgetisnull(result, 0, 0) == 1)) {
        *ret = 0;
    } else if (fine) {
        fine = num_parse(text_of(PQgetvalue(result, 0, 0)), ret);
    }
    PQclear(result);
    return fine;
}
