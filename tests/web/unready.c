#include "web/unready.h"

#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "db/falter.h"
#include "web/filled.h"
#include "web/web.h"

enum { STATEMENTS_MAX = 200 };

bool unready_wanted(void) {
    return getenv("SANGO_FALTER") != NULL;
}

void unready_open(struct engine *engine) {
    static const struct db_config config = {
        .readers = 8, .watched = house_public_tables, .unshown = house_unshown_tables};
    engine_reopen(engine, &(struct engine_plan){.lists = fixture_lists(), .config = &config});
}

/* ---- what may be done without ---- */

/* What waits for the staff, in the menu; who is asking, where anybody may look. */
static bool may_lack(const struct db_stmt *stmt) {
    static const char *const begins[] = {"SELECT COUNT(*) FROM registration", "SELECT COUNT(*) FROM booking",
                                         "SELECT s.account, a.role", "SELECT rules_revision FROM city"};
    for (size_t i = 0; i < COUNT(begins); i++) {
        if (strncmp(stmt->sql, begins[i], strlen(begins[i])) == 0) {
            return true;
        }
    }
    return false;
}

/* Each attempt at a password counts before it is judged, so that there are not as many as statements. */
static bool counts_attempts(const struct http_request *request) {
    static const char *const paths[] = {"/login", "/api/v1/session", "/api/v1/me/password",
                                        "/me/account/password", "/me/account/totp/remove"};
    for (size_t i = 0; i < COUNT(paths); i++) {
        if (text_is(request->path, paths[i]) && request->method == HTTP_POST) {
            return true;
        }
    }
    return false;
}

/* ---- comparing ---- */

static bool alike(struct desk *desk, const struct answer *a, const struct answer *b) {
    return a->status == b->status && text_eq(a->location, b->location) &&
           text_eq(desk_keyless(desk, a->body), desk_keyless(desk, b->body));
}

/* ---- one request ---- */

struct unready {
    struct desk *desk;
    const struct http_request *request;
    unready_fn fn;
    bool safe;
    bool spoken; /* one was answered although a statement failed */
};

static void complain(const struct unready *u, const struct answer *answer, const struct db_stmt *stmt,
                     const char *what) {
    print_message("# FALTER %s: %s %.*s?%.*s: %d at %.300s\n", what, http_method_name(u->request->method),
                  TEXT_F(u->request->path), TEXT_F(u->request->query), answer->status, stmt->sql);
    if (getenv("FALTER_SOFT") == NULL) {
        fail();
    }
}

/* Made without what is kept. */
static struct answer made(const struct unready *u) {
    const struct keep_versions *versions = u->desk->web->versions;
    u->desk->web->versions = NULL;
    struct answer a = u->fn(u->desk, u->request);
    u->desk->web->versions = versions;
    return a;
}

static void judge_reading(struct unready *u, const struct answer *answer, const struct db_stmt *stmt) {
    if (answer->status == 503) {
        return;
    }
    struct answer whole = made(u);
    u->spoken = true;
    if (!may_lack(stmt) && !alike(u->desk, answer, &whole)) {
        complain(u, answer, stmt, "wrong");
    }
}

/* Written before, and what was read afterwards was not needed. */
static void judge_writing(struct unready *u, const struct answer *answer, const struct db_stmt *stmt,
                          bool saved) {
    bool fine = answer->status == 503 || (saved && answer->status < 500) ||
                (may_lack(stmt) && answer->status < 500 && answer->status >= 400);
    if (!fine) {
        complain(u, answer, stmt, "wrong");
    }
}

static struct answer run(struct unready *u) {
    struct falter_plan plan = {.at = 1, .lasting = strcmp(getenv("SANGO_FALTER"), "lasting") == 0};
    const struct db_stmt *lost = NULL;
    const struct db *db = u->desk->fx.house.db;
    for (;; plan.at++) {
        assert_true(plan.at < STATEMENTS_MAX);
        uint64_t before = db_commits(db);
        falter_begin(&plan);
        struct answer answer = u->fn(u->desk, u->request);
        const struct db_stmt *stmt = falter_end();
        bool saved = db_commits(db) != before;
        if (stmt == NULL) {
            if (lost != NULL && answer.status < 400) {
                complain(u, &answer, lost, "saved, then 503");
            }
            return answer;
        }
        u->safe ? judge_reading(u, &answer, stmt) : judge_writing(u, &answer, stmt, saved);
        if (!u->safe && answer.status < 400) {
            return answer;
        }
        lost = !u->safe && saved && answer.status == 503 ? stmt : lost;
    }
}

struct answer unready_send(struct desk *desk, const struct http_request *request, unready_fn fn) {
    struct unready u = {
        .desk = desk, .request = request, .fn = fn, .safe = http_method_safe(request->method)};
    struct answer answer = counts_attempts(request) ? fn(desk, request) : run(&u);
    if (u.spoken && !text_is(request->path, "/city/audit")) { /* shows its own looks */
        struct answer whole = made(&u);
        if (!alike(desk, &answer, &whole)) {
            complain(&u, &answer, &db_trace_commit, "kept");
        }
    }
    return answer;
}
