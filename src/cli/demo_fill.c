/* The order in which the demo comes into being, its clock, and its accounts. */
#include "cli/demo.h"

#include <string.h>

#include "service/account.h"
#include "service/import.h"
#include "service/session.h"
#include "sys/totp.h"

enum { TOKEN_SECONDS = 40 * 365 * 24 * 3600, MS = 1000 };

struct call demo_call(struct demo *demo, struct caller who, struct instant at) {
    struct env_real machine = {0};
    struct env env = env_real(&machine);
    /* Calls of one second are told apart by their milliseconds, so that their rows have different keys. */
    demo->clock.shift_ms = at.s * MS + demo->calls++ % MS - env.now_ms(env.ctx);
    return (struct call){.house = &demo->house,
                         .city = house_city_at(&demo->house, 0),
                         .actor = who,
                         .arena = demo->arena,
                         .now = at};
}

struct day demo_day(const struct demo *demo, int32_t days) {
    return day_add(instant_day(demo->now), days);
}

struct instant demo_moment(const struct demo *demo, int32_t days, int32_t minute) {
    return day_at(demo_day(demo, days), minute);
}

struct caller demo_caller(const struct demo_account *account) {
    return (struct caller){account->role, account->id, account->facility};
}

struct caller demo_as(const struct demo *demo, enum role role, size_t n) {
    for (size_t i = 0; i < demo->account_count; i++) {
        if (demo->accounts[i].role == role && n-- == 0) {
            return demo_caller(&demo->accounts[i]);
        }
    }
    return (struct caller){.role = role};
}

struct demo_account *demo_resident(struct demo *demo, const char *state, size_t n) {
    for (size_t i = 0; i < demo->account_count; i++) {
        struct demo_account *account = &demo->accounts[i];
        if (account->role == ROLE_RESIDENT && strcmp(account->state, state) == 0 && n-- == 0) {
            return account;
        }
    }
    return NULL;
}

enum rc demo_allowed(struct demo *demo, enum rc rc, const struct verdict *verdict, const char *what) {
    if (rc == RC_OK && verdict->allowed) {
        return RC_OK;
    }
    struct text code = rc == RC_OK ? refusal_code(verdict->refused.code) : TEXT("database");
    demo->why = text_printf(demo->arena, "デモの内容を作れません (%s: %.*s)。", what, TEXT_F(code));
    return RC_FAULT;
}

enum rc demo_account_add(struct demo *demo, const struct demo_person *person, struct instant at,
                         struct account_id *ret_id) {
    struct demo_account *account = &demo->accounts[demo->account_count];
    *account = (struct demo_account){.role = person->role,
                                     .login = text_printf(demo->arena, "%s@demo.example.jp", person->login),
                                     .name = text_of(person->name),
                                     .facility = person->facility,
                                     .state = person->state};
    struct account_seed seed = {.role = person->role,
                                .email = account->login,
                                .name = account->name,
                                .hash = demo->hash,
                                .totp_secret = role_is_staff(person->role) ? demo->secret : TEXT(""),
                                .facility = person->facility};
    struct call call = demo_call(demo, (struct caller){0}, at);
    enum rc rc = account_seed(&call, &seed, &account->id);
    struct session_opened opened = {0};
    if (rc == RC_OK) {
        call = demo_call(demo, (struct caller){0}, demo->now);
        rc = session_issue(&call, account->id, true, TOKEN_SECONDS, &opened);
    }
    account->token = opened.token;
    demo->account_count += rc == RC_OK;
    *ret_id = account->id;
    return demo_allowed(demo, rc, &(struct verdict){.allowed = true}, person->login);
}

static enum rc fill_city_staff(struct demo *demo) {
    static const struct demo_person people[] = {
        {ROLE_COORDINATOR, "coordinator1", "北川 亜希", {0}, NULL},
        {ROLE_COORDINATOR, "coordinator2", "森下 千尋", {0}, NULL},
        {ROLE_CITY_ADMIN, "admin", "西村 恭子", {0}, NULL},
        {ROLE_AUDITOR, "auditor", "中井 俊介", {0}, NULL},
    };
    struct account_id id;
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < COUNT(people); i++) {
        rc = demo_account_add(demo, &people[i], demo_moment(demo, -DEMO_DAYS_BEFORE, 540), &id);
    }
    return rc;
}

/* Uses by fiscal year from the city's notice; the last year is its forecast. Uses of the demo itself are counted from
 * the day after these end. */
enum rc demo_fill_history(struct demo *demo) {
    static const struct text csv = TEXT_INIT("fiscal_year,care,uses,persons,units,expected,through\n"
                                             "2019,stay,178,,,0,2020-03-31\n2019,day,77,,,0,2020-03-31\n"
                                             "2020,stay,179,,,0,2021-03-31\n2020,day,60,,,0,2021-03-31\n"
                                             "2021,stay,146,,,0,2022-03-31\n2021,day,65,,,0,2022-03-31\n"
                                             "2022,stay,192,,,0,2023-03-31\n2022,day,147,,,0,2023-03-31\n"
                                             "2023,stay,257,,,0,2024-03-31\n2023,day,322,,,0,2024-03-31\n"
                                             "2024,stay,456,,,0,2025-03-31\n2024,day,289,,,0,2025-03-31\n"
                                             "2025,stay,665,,,1,2026-03-31\n2025,day,499,,,1,2026-03-31\n");
    struct call call =
        demo_call(demo, demo_as(demo, ROLE_CITY_ADMIN, 0), demo_moment(demo, -DEMO_DAYS_BEFORE, 600));
    int64_t rows = 0;
    struct import_fault fault = {0};
    enum rc rc = import_usage(&call, csv, &rows, &fault);
    return demo_allowed(demo, rc, &(struct verdict){.allowed = fault.code == NULL}, "usage");
}

enum rc demo_fill(struct demo *demo, struct arena *arena, const struct house *house) {
    *demo = (struct demo){.house = *house, .arena = arena, .now = env_now(house->env)};
    demo->env = env_real(&demo->clock);
    demo->house.env = &demo->env;
    demo->secret = totp_secret(arena, house->env);
    if (password_hash(house->gate, arena, TEXT(DEMO_PASSWORD), &demo->hash) != RC_OK) {
        demo->why = TEXT("メモリーが足りません。ほかのプログラムを止めてから、もう一度実行してください。");
        return RC_FAULT;
    }
    enum rc rc = fill_city_staff(demo);
    rc = rc == RC_OK ? demo_fill_places(demo) : rc;
    rc = rc == RC_OK ? demo_fill_families(demo) : rc;
    rc = rc == RC_OK ? demo_fill_uses(demo) : rc;
    return rc == RC_OK ? demo_fill_history(demo) : rc;
}
