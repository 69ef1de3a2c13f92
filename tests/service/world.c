#include "world.h"

#include <assert.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "cli/statements.h"
#include "service/link.h"
#include "service/verify.h"
#include "store/city.h"

struct number {
    int64_t n;
};
static const struct db_column number_cols[] = {DB_COL(struct number, n, DB_INT)};
struct cause {
    struct text cause;
};
static const struct db_column cause_cols[] = {DB_COL(struct cause, cause, DB_TEXT)};

enum { COUNT_NOTICES, COUNT_AUDITS, COUNT_SESSIONS, LAST_LINK, FILL_AUDIT };
static const struct db_stmt stmts[] = {
    [COUNT_NOTICES] = {.sql = "SELECT count(*) FROM notice n JOIN account a ON a.city = n.city AND "
                              "a.id = n.account WHERE n.city = $1 AND a.login = $2",
                       .binds = "it",
                       DB_COLS(number_cols)},
    [COUNT_AUDITS] = {.sql = "SELECT count(*) FROM audit WHERE city = $1 AND action = $2",
                      .binds = "it",
                      DB_COLS(number_cols)},
    [COUNT_SESSIONS] = {.sql = "SELECT count(*) FROM session WHERE city = $1",
                        .binds = "i",
                        DB_COLS(number_cols)},
    [LAST_LINK] = {.sql = "SELECT n.cause FROM notice n JOIN account a ON a.city = n.city AND "
                          "a.id = n.account WHERE n.city = $1 AND a.login = $2 AND "
                          "substr(n.cause, 1, 5) = 'link:' ORDER BY n.id DESC LIMIT 1",
                   .binds = "it",
                   DB_COLS(cause_cols)},
    [FILL_AUDIT] =
        {.sql = "INSERT INTO audit (city, id, at, actor, role, action, object, object_id, subject, detail)"
                " SELECT $1, i, $2, $3, 'coordinator', $4, 'booking', i,"
                " CASE WHEN i % 50 = 0 THEN $3 ELSE 0 END, '{}' FROM"
                " (WITH RECURSIVE n (i) AS (SELECT CAST($5 AS BIGINT) UNION ALL"
                "  SELECT i + 1 FROM n WHERE i < $6) SELECT i FROM n) x",
         .binds = "isitii"},
};
static const struct db_stmt_list own_statements = {stmts, COUNT(stmts)};

enum { LISTS_MAX = 64 };
const struct db_stmt_list *const *world_lists(void) {
    static const struct db_stmt_list *lists[LISTS_MAX];
    size_t n = 0;
    while (statements[n] != NULL) {
        assert(n < LISTS_MAX - 2);
        lists[n] = statements[n];
        n++;
    }
    lists[n] = &own_statements;
    lists[n + 1] = NULL;
    return lists;
}

static enum rc put_city(struct tx *tx, void *arg) {
    const struct world *world = arg;
    struct city_row row = {{1}, TEXT("hirakata"), TEXT("枚方市"), TEXT("{}"), TEXT("")};
    return city_put(tx, &row, env_now(world->house.env));
}

void world_setup(struct world *world, struct engine *engine) {
    *world = (struct world){.engine = engine};
    password_gate_init(&world->gate, 2, 64);
    log_sink_init(&world->sink, STDERR_FILENO);
    world->log = (struct log){&world->sink, &engine->env, LOG_LEVEL_ERROR, 0};
    world->house = (struct house){.db = engine->db,
                                  .env = &engine->env,
                                  .log = &world->log,
                                  .gate = &world->gate,
                                  .secret = TEXT("0123456789abcdef0123456789abcdef"),
                                  .public_url = TEXT("https://sango.example.jp")};
    house_open(&world->house, &engine->arena);
    struct house_city city = {.id = {1}, .code = TEXT("hirakata"), .name = TEXT("枚方市")};
    assert_true(house_city_put(&world->house, &city, NULL));
    enum db_error error;
    assert_int_equal(db_write(engine->db, &engine->arena, put_city, world, &error), RC_OK);
}

void world_release(struct world *world) {
    static struct verify_report report;
    memset(&report, 0, sizeof report);
    assert_int_equal(verify_all(&world->house, &world->engine->arena, env_now(world->house.env), &report),
                     RC_OK);
    for (size_t i = 0; i < report.count; i++) {
        if (report.lines[i].breaches > 0) {
            fail_msg("%s: %s (%.*s)", report.lines[i].id, report.lines[i].says,
                     TEXT_F(report.lines[i].first));
        }
    }
    house_close(&world->house);
    password_gate_release(&world->gate);
    log_sink_release(&world->sink);
}

void world_sleep(struct world *world, int64_t seconds) {
    world->engine->clock.now_ms += seconds * 1000;
}

struct call world_call(struct world *world, struct caller actor) {
    return (struct call){.house = &world->house,
                         .city = house_city_at(&world->house, 0),
                         .actor = actor,
                         .arena = &world->engine->arena,
                         .now = env_now(world->house.env)};
}

struct call world_public(struct world *world) {
    return world_call(world, (struct caller){0});
}

struct caller world_person(struct world *world, enum role role, const char *email) {
    struct account_seed seed = {.role = role,
                                .email = text_of(email),
                                .name = TEXT("枚方 花子"),
                                .password = WORLD_PASSWORD,
                                .totp_secret = role == ROLE_RESIDENT ? TEXT("") : WORLD_SECRET};
    struct call call = world_public(world);
    struct caller caller = {.role = role};
    assert_int_equal(account_seed(&call, &seed, &caller.account), RC_OK);
    return caller;
}

struct read_arg {
    const struct db_stmt *stmt;
    const char *text; /* NULL: the city alone is bound */
    struct number number;
    struct cause cause;
};

static enum rc read_one(struct tx *tx, void *arg) {
    struct read_arg *read = arg;
    void *row = read->stmt == &stmts[LAST_LINK] ? (void *)&read->cause : (void *)&read->number;
    return read->text == NULL ? db_one(tx, read->stmt, DB_BIND(db_int(1)), row)
                              : db_one(tx, read->stmt, DB_BIND(db_int(1), db_text(text_of(read->text))), row);
}

static struct read_arg read_row(struct world *world, int stmt, const char *text) {
    struct read_arg read = {.stmt = &stmts[stmt], .text = text};
    enum db_error error;
    enum rc rc = db_read(world->engine->db, &world->engine->arena, read_one, &read, &error);
    assert_true(rc == RC_OK || rc == RC_NONE);
    return read;
}

struct text world_link(struct world *world, const char *email) {
    struct read_arg read = read_row(world, LAST_LINK, email);
    struct call call = world_public(world);
    struct text path = {0};
    if (!link_of_cause(&call, read.cause.cause, &path)) {
        return TEXT("");
    }
    return text_part(path, text_index(path, '=') + 1, path.n);
}

int64_t world_notices(struct world *world, const char *email) {
    return read_row(world, COUNT_NOTICES, email).number.n;
}

int64_t world_audits(struct world *world, const char *action) {
    return read_row(world, COUNT_AUDITS, action).number.n;
}

int64_t world_sessions(struct world *world) {
    return read_row(world, COUNT_SESSIONS, NULL).number.n;
}

static enum rc fill_run(struct tx *tx, void *arg) {
    const struct world_fill *fill = arg;
    return db_exec(tx, &stmts[FILL_AUDIT],
                   DB_BIND(db_int(1), db_time(fill->at), db_int(fill->actor.n),
                           db_text(text_of(fill->action)), db_int(fill->first), db_int(fill->last)),
                   NULL);
}

void world_audit_fill(struct world *world, const struct world_fill *fill) {
    struct world_fill asked = *fill;
    enum db_error error;
    assert_int_equal(db_write(world->house.db, &world->engine->arena, fill_run, &asked, &error), RC_OK);
}
