#include "service/fixture.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "cli/statements.h"
#include "service/import.h"
#include "service/verify.h"
#include "service/wait.h"

enum { STATEMENT_LISTS_MAX = 64, ARENA_LIMIT = 64 << 20, PROFILE_MAX = 1 << 20 };

enum { FACILITY_ADD, CARE_ADD, ACCOUNT_ADD, REGISTRATION_ADD, CHILD_ADD, GRANT_ADD, POOL_ADD };
static const struct db_stmt stmts[] = {
    [FACILITY_ADD] = {.sql = "INSERT INTO facility (city, id, code, name, kana, search_key, kind, ward,"
                             " postal_code, address, phone, email, introduction, access, bring, multiples,"
                             " siblings, partner) VALUES ($1, $2, $3, $4, $5, $5, 'midwifery', '中部',"
                             " '5730000', '枚方市', '0720000000', 'f@example.jp', '', '', '', 1, 1, 1)",
                      .binds = "iittt"},
    [CARE_ADD] = {.sql =
                      "INSERT INTO facility_care (city, facility, care, price, contract_price, answer_hours,"
                      " lapse_to) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                  .binds = "iitiiit"},
    [ACCOUNT_ADD] = {.sql =
                         "INSERT INTO account (city, id, role, login, name, password, totp_secret, facility,"
                         " state, created_at, confirmed_at)"
                         " VALUES ($1, $2, $3, $4, $5, '$argon2id$none', $6, $7, 'active', $8, $8)",
                     .binds = "iittttis"},
    [REGISTRATION_ADD] =
        {.sql = "INSERT INTO registration (city, id, account, state, mother_name, mother_kana,"
                " name_key, mother_birth_date, postal_code, address, phone, household_class,"
                " note, submitted_at, decided_at) VALUES ($1, $2, $3, 'approved', $4,"
                " 'マイカタ ハナ', $4, '1995-05-05', '5730000', '枚方市', '09000000000', $5, '', $6, $6)",
         .binds = "iiitts"},
    [CHILD_ADD] = {.sql = "INSERT INTO child (city, id, registration, ordinal, name, birth_date)"
                          " VALUES ($1, $2, $3, $4, '', $5)",
                   .binds = "iiiid"},
    [GRANT_ADD] = {.sql =
                       "INSERT INTO grant_ (city, registration, account, number, household_class, valid_from,"
                       " valid_to, approved_at, approved_by) VALUES ($1, $2, $3, $4, $5, '2026-10-01',"
                       " '2027-09-30', $6, $7)",
                   .binds = "iiiitsi"},
    [POOL_ADD] = {.sql = "INSERT INTO grant_pool (city, registration, pool, granted) VALUES ($1, $2, $3, $4)",
                  .binds = "iiti"},
};
static const struct db_stmt_list fixture_statements = {stmts, COUNT(stmts)};

const struct db_stmt_list *const *fixture_lists(void) {
    return fixture_lists_and(NULL);
}

const struct db_stmt_list *const *fixture_lists_and(const struct db_stmt_list *more) {
    static const struct db_stmt_list *lists[STATEMENT_LISTS_MAX];
    size_t n = 0;
    for (; statements[n] != NULL; n++) {
        assert_true(n + 3 < STATEMENT_LISTS_MAX);
        lists[n] = statements[n];
    }
    lists[n] = &fixture_statements;
    lists[n + 1] = more;
    lists[n + 2] = NULL;
    return lists;
}

/* ---- environment ---- */

static int64_t fixture_now(void *ctx) {
    const struct fixture *fx = ctx;
    return fx->engine->env.now_ms(fx->engine->env.ctx);
}

static void fixture_random(void *ctx, void *bytes, size_t n) {
    struct fixture *fx = ctx;
    uint32_t key = ++fx->keys;
    if (n == sizeof key) {
        memcpy(bytes, &key, sizeof key);
    } else {
        fx->engine->env.random(fx->engine->env.ctx, bytes, n);
    }
}

struct text fixture_rules(struct arena *arena, const char *city) {
    struct text path = text_printf(arena, "%s/%s.json", CITIES, city);
    int fd = open(path.p, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    char *p = arena_take(arena, PROFILE_MAX);
    ssize_t n = read(fd, p, PROFILE_MAX - 1);
    assert_true(n > 0);
    close(fd);
    return (struct text){p, (size_t)n};
}

struct text fixture_hirakata(struct arena *arena) {
    return fixture_rules(arena, "hirakata");
}

struct text fixture_strict(struct arena *arena) {
    struct text json = fixture_hirakata(arena);
    struct text mild = TEXT("{ \"units\": false }");
    for (size_t i = 0; i + mild.n <= json.n; i++) {
        if (text_eq(text_part(json, i, i + mild.n), mild)) {
            return text_printf(arena, "%.*s{ \"units\": true, \"percent\": 100 }%.*s",
                               TEXT_F(text_part(json, 0, i)), TEXT_F(text_part(json, i + mild.n, json.n)));
        }
    }
    fail_msg("the profile reads differently now");
    return json;
}

static void house_build(struct fixture *fx, struct text json) {
    struct text why = TEXT("");
    password_gate_init(&fx->gate, 2, 64);
    log_sink_init(&fx->sink, STDERR_FILENO);
    fx->log = (struct log){.sink = &fx->sink, .env = &fx->env, .least = LOG_LEVEL_ERROR};
    fx->house = (struct house){.db = fx->engine->db,
                               .env = &fx->env,
                               .log = &fx->log,
                               .gate = &fx->gate,
                               .secret = TEXT("0123456789abcdef0123456789abcdef"),
                               .public_url = TEXT("https://sango.example.jp")};
    house_open(&fx->house, &fx->arena);
    if (import_city(&fx->house, &fx->arena, json, &why) != RC_OK) {
        fail_msg("%.*s", TEXT_F(why));
    }
    fx->city = house_city_hold_at(&fx->house, 0);
}

/* ---- rows ---- */

static void put(struct tx *tx, int stmt, const struct db_value *values, size_t count) {
    enum rc rc = db_exec(tx, &stmts[stmt], values, count, NULL);
    if (rc != RC_OK) {
        print_message("fixture statement %d: error %d %.*s\n", stmt, (int)tx->error, TEXT_F(tx->constraint));
    }
    assert_int_equal(rc, RC_OK);
}

static struct account_id account_put(struct fixture *fx, struct tx *tx, enum role role,
                                     struct facility_id facility) {
    struct account_id id = {env_id(&fx->env)};
    struct text name = text_printf(tx->arena, "%s %lld", role_code(role), (long long)(id.n & 0xffff));
    struct text login = text_printf(tx->arena, "a%lld@example.jp", (long long)id.n);
    struct text secret = role == ROLE_RESIDENT ? (struct text){NULL, 0} : TEXT("JBSWY3DPEHPK3PXP");
    put(tx, ACCOUNT_ADD,
        DB_BIND(db_int(fx->city->id.n), db_int(id.n), db_text(text_of(role_code(role))), db_text(login),
                db_text(name), db_text(secret), db_id(facility.n), db_time(env_now(&fx->env))));
    return id;
}

static void facility_put(struct fixture *fx, struct tx *tx, int at) {
    static const char *const cares[] = {"stay", "day"};
    static const struct {
        int64_t hours; /* -1: the city's */
        const char *lapse_to;
    } ways[FIXTURE_FACILITIES] = {{-1, NULL}, {0, NULL}, {4, "accept"}};
    struct facility_id id = {env_id(&fx->env)};
    struct text code = text_printf(tx->arena, "F%02d", at + 1);
    struct text name = text_printf(tx->arena, "助産院%d", at + 1);
    struct text kana = text_printf(tx->arena, "ジョサンイン%d", at + 1);
    put(tx, FACILITY_ADD,
        DB_BIND(db_int(fx->city->id.n), db_int(id.n), db_text(code), db_text(name), db_text(kana)));
    for (size_t i = 0; i < COUNT(cares); i++) {
        struct db_value hours = db_int(ways[at].hours);
        hours.null = ways[at].hours < 0;
        struct text lapse_to =
            ways[at].lapse_to == NULL ? (struct text){NULL, 0} : text_of(ways[at].lapse_to);
        put(tx, CARE_ADD,
            DB_BIND(db_int(fx->city->id.n), db_int(id.n), db_text(text_of(cares[i])), db_int(30000),
                    db_int(i == 0 ? 33000 : 22000), hours, db_text(lapse_to)));
    }
    fx->facilities[at] = id;
    fx->staff[at] = account_put(fx, tx, ROLE_FACILITY, id);
}

static enum rc town_put(struct tx *tx, void *arg) {
    struct fixture *fx = arg;
    struct facility_id none = {0};
    for (int i = 0; i < FIXTURE_FACILITIES; i++) {
        facility_put(fx, tx, i);
    }
    fx->coordinator = account_put(fx, tx, ROLE_COORDINATOR, none);
    fx->admin = account_put(fx, tx, ROLE_CITY_ADMIN, none);
    fx->auditor = account_put(fx, tx, ROLE_AUDITOR, none);
    return RC_OK;
}

static void must_write(struct fixture *fx, db_fn fn, void *arg) {
    enum db_error error = DB_FINE;
    enum rc rc = db_write(fx->engine->db, &fx->arena, fn, arg, &error);
    assert_int_equal(error, DB_FINE);
    assert_int_equal(rc, RC_OK);
}

void fixture_setup_with(struct fixture *fx, struct engine *engine, struct text profile_json) {
    static const char *const cares[] = {"stay", "day"};
    memset(fx, 0, sizeof *fx);
    fx->engine = engine;
    fx->env = (struct env){fixture_now, fixture_random, fx};
    arena_init(&fx->arena, ARENA_LIMIT);
    house_build(fx, profile_json.n > 0 ? profile_json : fixture_hirakata(&fx->arena));
    fx->today = instant_day(env_now(&fx->env));
    must_write(fx, town_put, fx);
    for (int i = 0; i < FIXTURE_FACILITIES; i++) {
        for (size_t k = 0; k < COUNT(cares); k++) {
            fixture_capacity(fx, i, cares[k], 0, FIXTURE_DAYS, 2);
        }
    }
}

void fixture_setup(struct fixture *fx, struct engine *engine) {
    fixture_setup_with(fx, engine, TEXT(""));
}

void fixture_tick(struct fixture *fx) {
    struct call call = fixture_call(fx, fixture_clock());
    int64_t moved = 0;
    do {
        assert_int_equal(book_lapse_due(&call, &moved), RC_OK);
    } while (moved > 0);
    do {
        assert_int_equal(wait_tick(&call, &moved), RC_OK);
    } while (moved > 0);
}

void fixture_release(struct fixture *fx) {
    house_close(&fx->house);
    log_sink_release(&fx->sink);
    password_gate_release(&fx->gate);
    arena_release(&fx->arena);
}

void fixture_teardown(struct fixture *fx) {
    fixture_tick(fx);
    fixture_verify(fx);
    fixture_release(fx);
}

/* ---- people ---- */

struct resident_put {
    struct fixture *fx;
    struct fixture_person person;
    struct account_id id;
};

static enum rc resident_put(struct tx *tx, void *arg) {
    struct resident_put *work = arg;
    struct fixture *fx = work->fx;
    const struct fixture_person *person = &work->person;
    struct db_value city = db_int(fx->city->id.n);
    struct db_value now = db_time(env_now(&fx->env));
    work->id = account_put(fx, tx, ROLE_RESIDENT, (struct facility_id){0});
    if (person->unapproved) {
        return RC_OK;
    }
    struct text class = text_of(person->household_class == NULL ? "taxed" : person->household_class);
    struct day born = DAY_NONE;
    assert_true(day_parse(text_of(person->born == NULL ? "2026-10-15" : person->born), &born));
    struct db_value registration = db_int(env_id(&fx->env));
    put(tx, REGISTRATION_ADD,
        DB_BIND(city, registration, db_int(work->id.n), db_text(TEXT("枚方 花")), db_text(class), now));
    for (int i = 0; i < (person->infants == 0 ? 1 : person->infants); i++) {
        put(tx, CHILD_ADD,
            DB_BIND(city, db_int(env_id(&fx->env)), registration, db_int(i + 1), db_day(born)));
    }
    put(tx, GRANT_ADD,
        DB_BIND(city, registration, db_int(work->id.n), db_int(++fx->grants), db_text(class), now,
                db_int(fx->coordinator.n)));
    put(tx, POOL_ADD,
        DB_BIND(city, registration, db_text(TEXT("main")), db_int(person->units == 0 ? 7 : person->units)));
    return RC_OK;
}

struct account_id fixture_resident(struct fixture *fx, const struct fixture_person *person) {
    struct resident_put work = {.fx = fx, .person = *person};
    must_write(fx, resident_put, &work);
    return work.id;
}

/* ---- places ---- */

struct places {
    struct slot_range range;
    int64_t capacity;
    struct slot *slots;
    size_t count;
};

static struct slot_range range_of(const struct fixture *fx, int facility, const char *care, int32_t first,
                                  int32_t days) {
    return (struct slot_range){.city = fx->city->id,
                               .facility = fx->facilities[facility],
                               .care = text_of(care),
                               .from = day_add(fx->today, first),
                               .to = day_add(fx->today, first + days - 1)};
}

static enum rc capacity_put(struct tx *tx, void *arg) {
    struct places *places = arg;
    int64_t changed = 0;
    return slots_capacity_set(tx, &places->range, places->capacity, 0, &changed);
}

void fixture_capacity(struct fixture *fx, int facility, const char *care, int32_t first, int32_t days,
                      int64_t capacity) {
    struct places places = {.range = range_of(fx, facility, care, first, days), .capacity = capacity};
    must_write(fx, capacity_put, &places);
}

static enum rc places_get(struct tx *tx, void *arg) {
    struct places *places = arg;
    return slots_load(tx, &places->range, &places->slots, &places->count);
}

struct slot fixture_slot(struct fixture *fx, int facility, const char *care, int32_t day) {
    struct places places = {.range = range_of(fx, facility, care, day, 1)};
    enum db_error error = DB_FINE;
    assert_int_equal(db_read(fx->engine->db, &fx->arena, places_get, &places, &error), RC_OK);
    assert_int_equal(places.count, 1);
    return places.slots[0];
}

/* ---- calls ---- */

struct caller fixture_as(const struct fixture *fx, enum role role, struct account_id account) {
    struct caller caller = {.role = role, .account = account};
    for (int i = 0; role == ROLE_FACILITY && i < FIXTURE_FACILITIES; i++) {
        if (fx->staff[i].n == account.n) {
            caller.facility = fx->facilities[i];
        }
    }
    return caller;
}

struct caller fixture_staff(const struct fixture *fx, int facility) {
    return fixture_as(fx, ROLE_FACILITY, fx->staff[facility]);
}

struct caller fixture_clock(void) {
    return (struct caller){.role = ROLE_CLOCK};
}

struct call fixture_call(struct fixture *fx, struct caller caller) {
    return (struct call){.house = &fx->house,
                         .city = house_city_at(&fx->house, 0),
                         .actor = caller,
                         .arena = &fx->arena,
                         .now = env_now(&fx->env)};
}

void fixture_later(struct fixture *fx, int64_t seconds) {
    fx->engine->clock.now_ms += seconds * 1000;
}

struct day fixture_day(const struct fixture *fx, int32_t n) {
    return day_add(fx->today, n);
}

struct book_ask fixture_ask(const struct fixture *fx, int facility, int32_t first, int32_t nights) {
    return (struct book_ask){.facility = fx->facilities[facility],
                             .care = nights > 0 ? TEXT("stay") : TEXT("day"),
                             .start = fixture_day(fx, first),
                             .end = fixture_day(fx, first + nights)};
}

struct book_outcome fixture_book(struct fixture *fx, struct account_id resident, const struct book_ask *ask) {
    struct call call = fixture_call(fx, fixture_as(fx, ROLE_RESIDENT, resident));
    struct book_outcome outcome;
    assert_int_equal(book_request(&call, ask, &outcome), RC_OK);
    if (!outcome.verdict.allowed) {
        print_message("refused: %.*s\n", TEXT_F(refusal_code(outcome.verdict.refused.code)));
    }
    assert_true(outcome.verdict.allowed);
    return outcome;
}

/* ---- invariants ---- */

void fixture_verify(struct fixture *fx) {
    struct verify_report *report = arena_new(&fx->arena, struct verify_report);
    enum rc rc = verify_all(&fx->house, &fx->arena, env_now(&fx->env), report);
    assert_int_equal(rc, RC_OK);
    for (size_t i = 0; i < report->count; i++) {
        if (report->lines[i].breaches > 0) {
            print_message("%s broken %lld times, first %.*s: %s\n", report->lines[i].id,
                          (long long)report->lines[i].breaches, TEXT_F(report->lines[i].first),
                          report->lines[i].says);
        }
    }
    assert_int_equal(report->breaches, 0);
}
