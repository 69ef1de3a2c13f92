#include "db/postgres_count.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/num.h"
#include "db/postgres_pool.h"
#include "db/wait.h"

/* Each connection counts in a row of its own, whichever server has it, so that no commit waits for another; the sum
 * rises with every commit as soon as it can be seen (conn->part). */
static const char count_sql[] =
    "INSERT INTO change_count AS c (city, part, n, whole) VALUES ($1, $4, $2, $3)"
    " ON CONFLICT (city, part) DO UPDATE SET n = c.n + excluded.n, whole = c.whole + excluded.whole";
static const char read_sql[] = "SELECT CAST(city AS text), CAST(sum(n) AS text), CAST(sum(whole) AS text)"
                               " FROM change_count"
                               " WHERE city = ANY (CAST($1 AS bigint[])) GROUP BY city";

/* Numbers of other writers: one statement before the counts are read, so that whoever left before it was looked for is
 * in the counts. */
static const char others_sql[] =
    "SELECT CAST(count(*) AS text) FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND classid = 736574"
    " AND objsubid = 2 AND CAST(objid AS bigint) <> CAST($1 AS bigint) AND database ="
    " (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())";
_Static_assert(POSTGRES_MEMBERS == 736574, "the statement above");

enum {
    SCOPES_A_READ = 64,
    SCOPE_CHARS = 24,
    RETRY_MS = 500,
    HEARTBEAT_MS = 5000,
    RENEW_MS = 25,
    LOOK_AGAIN_MS = 1000,
    EPOCH_SHIFT = 48
};

/* ---- counting ---- */

static bool count_send(struct postgres_conn *conn, const struct tx *tx) {
    char digits[SCOPE_CHARS];
    char part[SCOPE_CHARS];
    const char *values[] = {digits, tx->touched ? "1" : "0", tx->shows ? "1" : "0", part};
    snprintf(digits, sizeof digits, "%" PRId64, tx->scope);
    snprintf(part, sizeof part, "%" PRId64, conn->part);
    return PQsendQueryPrepared(conn->pg, "count", 4, values, NULL, NULL, 1) == 1;
}

bool postgres_count_ready(struct postgres_conn *conn) {
    static const Oid bigint[] = {20, 20, 20, 20};
    size_t index = conn->base.db->catalog.count;
    if (conn->prepared[index] != POSTGRES_UNKNOWN) {
        return true;
    }
    postgres_conn_owe(conn, &(struct postgres_due){.prepares = index + 1, .rows = DB_ROWS_ANY});
    return PQsendPrepare(conn->pg, "count", count_sql, 4, bigint) == 1;
}

/* The count is the transaction's last row lock, so that no two wait for each other. It counts here as well, also when
 * nobody knows whether it was committed. */
enum rc postgres_count_commit(struct tx *tx) {
    struct postgres_conn *conn = (struct postgres_conn *)tx->conn;
    if (!tx->touched && !tx->shows) {
        return postgres_conn_command(tx, "COMMIT", "COMMIT");
    }
    if (!(postgres_count_ready(conn) && count_send(conn, tx))) {
        conn->lost = true;
    }
    enum rc rc = postgres_conn_command(tx, "COMMIT", "COMMIT");
    db_count_change(conn->base.db,
                    (struct db_change){.scope = tx->scope, .touched = tx->touched, .shows = tx->shows});
    return rc;
}

/* ---- reading ---- */

/* The scopes asked about in this read; those beyond its room wait for the next one. */
struct reading {
    int64_t scopes[SCOPES_A_READ];
    struct db_version versions[SCOPES_A_READ];
    struct db_version here[SCOPES_A_READ]; /* what this process had counted before */
    size_t n;
};

static size_t scope_at(const struct reading *reading, int64_t scope) {
    size_t i = 0;
    while (i < reading->n && reading->scopes[i] != scope) {
        i++;
    }
    return i;
}

static void scopes_collect(struct reading *reading, const struct db_version_wait *list) {
    *reading = (struct reading){.scopes = {DB_SCOPE_ALL}, .n = 1};
    for (; list != NULL && reading->n < SCOPES_A_READ; list = list->next) {
        if (scope_at(reading, list->scope) == reading->n) {
            reading->scopes[reading->n++] = list->scope;
        }
    }
}

static bool versions_send(struct postgres_conn *conn, const struct reading *reading) {
    char array[SCOPES_A_READ * SCOPE_CHARS];
    const char *values[] = {array};
    size_t n = 0;
    for (size_t i = 0; i < reading->n; i++) {
        n += (size_t)snprintf(array + n, sizeof array - n, "%c%" PRId64, i == 0 ? '{' : ',',
                              reading->scopes[i]);
    }
    snprintf(array + n, sizeof array - n, "}");
    return PQsendQueryPrepared(conn->pg, "read", 1, values, NULL, NULL, 0) == 1;
}

static int64_t number(const char *digits) {
    int64_t n = 0;
    bool parsed = num_parse(text_of(digits), &n);
    assert(parsed); /* the server's own, of its type bigint */
    return n;
}

static bool versions_take(const PGresult *result, struct reading *reading) {
    bool good = PQresultStatus(result) == PGRES_TUPLES_OK;
    for (int row = 0; good && row < PQntuples(result); row++) {
        size_t at = scope_at(reading, number(PQgetvalue(result, row, 0)));
        good = at < reading->n;
        if (good) {
            reading->versions[at].common = (uint64_t)number(PQgetvalue(result, row, 1));
            reading->versions[at].whole = (uint64_t)number(PQgetvalue(result, row, 2));
        }
    }
    return good;
}

static bool versions_read(struct postgres_count *count, struct reading *reading) {
    PGresult *result = NULL;
    bool good = versions_send(count->conn, reading) && postgres_conn_exchange(count->conn, &result) &&
                versions_take(result, reading);
    PQclear(result);
    return good;
}

/* What counts for all counts for each. */
static struct db_version counted_at(const struct postgres_count *count, const struct reading *reading,
                                    size_t at) {
    uint64_t epoch = count->epoch << EPOCH_SHIFT;
    struct db_version version = {epoch + reading->versions[0].common, epoch + reading->versions[0].whole};
    if (at > 0) {
        version.common += reading->versions[at].common;
        version.whole += reading->versions[at].whole;
    }
    return version;
}

/* ---- leases ---- */

/* Does nobody else write? Asked before the counts are read. */
static bool alone_now(struct postgres_count *count, int64_t now) {
    char me[SCOPE_CHARS];
    const char *values[] = {me};
    PGresult *result = NULL;
    if (count->db->member == 0 || now < count->look_at) {
        return false;
    }
    snprintf(me, sizeof me, "%" PRId32, count->db->member);
    bool alone = PQsendQueryPrepared(count->conn->pg, "others", 1, values, NULL, NULL, 0) == 1 &&
                 postgres_conn_exchange(count->conn, &result) && PQresultStatus(result) == PGRES_TUPLES_OK &&
                 PQntuples(result) == 1 && number(PQgetvalue(result, 0, 0)) == 0;
    PQclear(result);
    count->look_at = alone ? 0 : now + LOOK_AGAIN_MS;
    return alone;
}

/* What was used since the last time is read again, if there is room. */
static void used_collect(struct postgres_count *count, struct reading *reading) {
    int64_t used[SCOPES_A_READ];
    size_t n = leases_take_used(&count->leases, used, SCOPES_A_READ);
    for (size_t i = 0; i < n && reading->n < SCOPES_A_READ; i++) {
        if (scope_at(reading, used[i]) == reading->n) {
            reading->scopes[reading->n++] = used[i];
        }
    }
}

/* Before the counts are read: a commit that is counted here afterwards may not be among them. */
static void here_collect(const struct postgres_count *count, struct reading *reading) {
    for (size_t i = 0; i < reading->n; i++) {
        reading->here[i] = db_changes_here(count->db, reading->scopes[i]);
    }
}

static void leases_give(struct postgres_count *count, const struct reading *reading, int64_t until) {
    for (size_t i = 1; i < reading->n; i++) {
        lease_give(&count->leases, &(struct lease){.scope = reading->scopes[i],
                                                   .version = counted_at(count, reading, i),
                                                   .here = reading->here[i],
                                                   .until = until});
    }
    count->leased = count->leased || reading->n > 1;
}

bool postgres_count_near(struct postgres_count *count, int64_t scope, struct db_version *ret_version) {
    return lease_find(&count->leases, scope, db_changes_here(count->db, scope), ret_version);
}

/* ---- telling ---- */

/* Tells those of the list whose scope was read, and gives back the rest. */
static struct db_version_wait *waits_tell(struct postgres_count *count, struct db_version_wait *list,
                                          const struct reading *reading) {
    struct db_version_wait *rest = NULL;
    while (list != NULL) {
        struct db_version_wait *wait = list; /* gone once told */
        list = list->next;
        size_t at = reading == NULL ? 0 : scope_at(reading, wait->scope);
        if (reading == NULL) {
            wait->told(wait, false, (struct db_version){0});
        } else if (at < reading->n) {
            wait->told(wait, true, counted_at(count, reading, at));
        } else {
            wait->next = rest;
            rest = wait;
        }
    }
    return rest;
}

/* ---- the connection ---- */

static struct db_version_wait *waits_take(struct postgres_count *count, bool up) {
    pthread_mutex_lock(&count->mutex);
    struct db_version_wait *list = count->first;
    count->first = NULL;
    count->up = up;
    pthread_mutex_unlock(&count->mutex);
    return list;
}

static void conn_drop(struct postgres_count *count) {
    leases_end(&count->leases);
    count->leased = false;
    count->look_at = 0;
    waits_tell(count, waits_take(count, false), NULL);
    if (count->conn != NULL) {
        postgres_conn_free(count->conn);
        count->conn = NULL;
    }
}

static bool conn_make(struct postgres_count *count) {
    char code[256];
    PGresult *result = NULL;
    count->conn = postgres_conn_new(count->db, count->uri, code, sizeof code);
    if (count->conn == NULL) {
        return false; /* the pool's keeper reports it */
    }
    count->conn->brisk = true;
    bool good = PQsendPrepare(count->conn->pg, "read", read_sql, 0, NULL) == 1 &&
                PQsendPrepare(count->conn->pg, "others", others_sql, 0, NULL) == 1 &&
                postgres_conn_exchange(count->conn, &result) && PQresultStatus(result) == PGRES_COMMAND_OK;
    PQclear(result);
    if (!good) {
        conn_drop(count);
        return false;
    }
    count->epoch++;
    waits_tell(count, waits_take(count, true), NULL);
    return true;
}

/* ---- the thread ---- */

static bool stopping(struct postgres_count *count) {
    pthread_mutex_lock(&count->mutex);
    bool end = count->stopping;
    pthread_mutex_unlock(&count->mutex);
    return end;
}

/* Until somebody asks, the connection breaks, or the time is up. */
static void rest(struct postgres_count *count, int ms) {
    struct pollfd fds[] = {{.fd = count->wake, .events = POLLIN},
                           {.fd = count->conn == NULL ? -1 : PQsocket(count->conn->pg), .events = POLLIN}};
    int ready = poll(fds, 2, ms);
    uint64_t asked;
    if (ready > 0 && fds[0].revents != 0) {
        ssize_t got = read(count->wake, &asked, sizeof asked);
        assert(got == (ssize_t)sizeof asked || errno == EAGAIN);
    }
    if (ready > 0 && count->conn != NULL && fds[1].revents != 0 && PQconsumeInput(count->conn->pg) == 0) {
        conn_drop(count);
    }
}

/* One round: a read for all who asked before it began. Without anybody it is the heartbeat. */
static void round_run(struct postgres_count *count) {
    struct db_version_wait *list = waits_take(count, true);
    do {
        struct reading reading;
        int64_t began = wait_boot_ms();
        bool alone = alone_now(count, began);
        scopes_collect(&reading, list);
        used_collect(count, &reading);
        here_collect(count, &reading);
        if (!versions_read(count, &reading)) {
            conn_drop(count);
            waits_tell(count, list, NULL);
            return;
        }
        if (alone) {
            leases_give(count, &reading, began + LEASE_MS);
        }
        list = waits_tell(count, list, &reading);
    } while (list != NULL);
}

static bool asked(struct postgres_count *count) {
    pthread_mutex_lock(&count->mutex);
    bool any = count->first != NULL;
    pthread_mutex_unlock(&count->mutex);
    return any;
}

static void *count_main(void *ctx) {
    struct postgres_count *count = ctx;
    while (!stopping(count)) {
        if (count->conn == NULL && !conn_make(count)) {
            rest(count, RETRY_MS);
            continue;
        }
        bool leased = count->leased;
        if (!asked(count)) {
            rest(count, leased ? RENEW_MS : HEARTBEAT_MS);
        }
        if (leased && !asked(count) && !leases_used(&count->leases)) {
            count->leased = false; /* nobody wants them any more */
        } else if (count->conn != NULL) {
            round_run(count);
        }
    }
    conn_drop(count);
    return NULL;
}

void postgres_count_start(struct postgres_count *count, struct db *db, const char *uri,
                          const struct db_config *config) {
    *count = (struct postgres_count){.db = db, .uri = uri, .started = config->watched != NULL};
    leases_init(&count->leases);
    pthread_mutex_init(&count->mutex, NULL);
    count->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    assert(count->wake >= 0);
    if (count->started) {
        int failed = pthread_create(&count->thread, NULL, count_main, count);
        assert(failed == 0);
    }
}

static void wake(struct postgres_count *count) {
    ssize_t put = write(count->wake, &(uint64_t){1}, sizeof(uint64_t));
    assert(put == (ssize_t)sizeof(uint64_t));
}

void postgres_count_stop(struct postgres_count *count) {
    pthread_mutex_lock(&count->mutex);
    count->stopping = true;
    pthread_mutex_unlock(&count->mutex);
    wake(count);
    if (count->started) {
        pthread_join(count->thread, NULL);
    }
    close(count->wake);
    leases_release(&count->leases);
    pthread_mutex_destroy(&count->mutex);
}

void postgres_count_ask(struct postgres_count *count, struct db_version_wait *wait) {
    pthread_mutex_lock(&count->mutex);
    bool up = count->up && !count->stopping;
    bool alone = up && count->first == NULL;
    if (up) {
        wait->next = count->first;
        count->first = wait;
    }
    pthread_mutex_unlock(&count->mutex);
    if (!up) {
        wait->told(wait, false, (struct db_version){0});
    } else if (alone) {
        wake(count);
    }
}
