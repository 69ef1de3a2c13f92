/* usage: bench_seed URL PROFILE LIST RESIDENTS BOOKERS PAIRS FACILITIES DAYS
 * Fills an empty database and writes to LIST, tab-separated, who can ask what: kind, bearer token, cookie token, id. */
#include "seed.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/num.h"
#include "cli/statements.h"
#include "db/db.h"
#include "service/account.h"
#include "service/capacity.h"
#include "service/import.h"
#include "service/session.h"
#include "sys/file.h"
#include "sys/totp.h"

enum {
    YEAR = 366 * 24 * 3600,
    PLACES = 40,
    TRIES = 20,
    PROFILE_MAX = 1 << 20,
    CALL_MEMORY = 16 << 20,
    MEMORY = 256 << 20
};

void seeder_must(enum rc rc, const struct verdict *verdict, const char *what) {
    if (rc == RC_OK && (verdict == NULL || verdict->allowed)) {
        return;
    }
    struct text code = rc == RC_OK ? refusal_code(verdict->refused.code) : TEXT("");
    fprintf(stderr, "bench_seed: %s: rc %d %.*s\n", what, (int)rc, TEXT_F(code));
    exit(1);
}

bool seeder_again(struct seeder *seeder, const struct call *call, enum rc rc) {
    bool held = rc == RC_FAULT && (call->fault == DB_BUSY || call->fault == DB_RACE);
    return held && ++seeder->tries < TRIES;
}

void seeder_init(struct seeder *seeder, struct seed *seed) {
    *seeder = (struct seeder){.seed = seed, .house = seed->house};
    seeder->env = env_real(&seeder->clock);
    seeder->house.env = &seeder->env;
    arena_init(&seeder->arena, CALL_MEMORY);
}

void seeder_release(struct seeder *seeder) {
    arena_release(&seeder->arena);
}

struct instant seeder_at(const struct seeder *seeder, int32_t days, int32_t minute) {
    return day_at(day_add(instant_day(seeder->seed->now), days), minute);
}

struct call seeder_call(struct seeder *seeder, struct caller who, struct instant at) {
    seeder->tries = 0;
    seeder->clock.shift_ms = (at.s - seeder->seed->now.s) * 1000;
    return (struct call){.house = &seeder->house,
                         .city = house_city_at(&seeder->house, 0),
                         .actor = who,
                         .arena = &seeder->arena,
                         .now = at};
}

struct account_id seeder_account(struct seeder *seeder, const char *login, enum role role,
                                 struct facility_id facility, struct instant at) {
    struct account_id id = {0};
    struct account_seed seed = {.role = role,
                                .email = text_printf(&seeder->arena, "%s@bench.example.jp", login),
                                .name = text_of(login),
                                .hash = seeder->seed->hash,
                                .totp_secret = role_is_staff(role) ? totp_secret(&seeder->arena, &seeder->env)
                                                                   : TEXT(""),
                                .facility = facility};
    struct call call = seeder_call(seeder, (struct caller){0}, at);
    enum rc rc;
    do {
        rc = account_seed(&call, &seed, &id);
    } while (seeder_again(seeder, &call, rc));
    seeder_must(rc, NULL, login);
    return id;
}

static struct session_opened session_of(struct seeder *seeder, struct account_id account, bool bearer) {
    struct call call = seeder_call(seeder, (struct caller){0}, seeder->seed->now);
    struct session_opened opened = {0};
    enum rc rc;
    do {
        rc = session_issue(&call, account, bearer, YEAR, &opened);
    } while (seeder_again(seeder, &call, rc));
    seeder_must(rc, NULL, "session");
    return opened;
}

void seeder_tell(struct seeder *seeder, const char *kind, struct account_id account, int64_t id) {
    struct session_opened bearer = session_of(seeder, account, true);
    struct session_opened cookie = session_of(seeder, account, false);
    fprintf(seeder->seed->out, "%s\t%.*s\t%.*s\t%.*s\n", kind, TEXT_F(bearer.token), TEXT_F(cookie.token),
            TEXT_F(id_format(&seeder->arena, id)));
}

/* ---- facilities ---- */

static int32_t days_before(const struct seeder *seeder) {
    return (int32_t)seeder->seed->days_before;
}

static struct facility_id add_facility(struct seeder *seeder, struct caller admin, int number) {
    static const char *const kinds[] = {"hospital", "clinic", "midwifery"};
    static const char *const wards[] = {"北部", "中部", "東部", "南部"};
    struct arena *arena = &seeder->arena;
    struct care_terms stay = {.care = TEXT("stay"), .price = -1, .contract_price = 31000, .answer_hours = -1};
    struct care_terms day = {.care = TEXT("day"), .price = -1, .contract_price = 16000, .answer_hours = -1};
    struct facility_new new = {
        .about.code = text_printf(arena, "B%02d", number),
        .about.name = text_printf(arena, "計測用 第%d 助産院", number),
        .about.kana = text_printf(arena, "ケイソクヨウ ダイ%d ジョサンイン", number),
        .about.kind = text_of(kinds[number % 3]),
        .about.ward = text_of(wards[number % 4]),
        .about.postal_code = text_printf(arena, "573%04d", number),
        .about.address = text_printf(arena, "大阪府枚方市中部町%d番地（架空の住所）", number),
        .words.phone = text_printf(arena, "072-000-02%02d", number),
        .words.email = text_printf(arena, "facility%d@bench.example.jp", number),
        .words.introduction = TEXT("授乳のご相談に時間をかけています。（計測用の架空の施設です）"),
        .words.access = TEXT("停留所から歩いて5分。駐車場3台。"),
        .words.bring = TEXT("母子健康手帳、着替え、おむつ"),
        .words.multiples = number % 2 == 0,
        .cares = {stay, day},
        .care_count = 2,
    };
    struct facility_id id = {0};
    struct call call = seeder_call(seeder, admin, seeder_at(seeder, -days_before(seeder) - 20, 600));
    seeder_must(facility_add(&call, &new, &id), NULL, "facility");
    return id;
}

struct opening {
    const char *care;
    int32_t from; /* days from today */
    int32_t to;
    int64_t places;
};

/* At most CAPACITY_DAYS_MAX days a call. */
static void open_places(struct seeder *seeder, struct caller staff, const struct opening *opening) {
    for (int32_t from = opening->from; from <= opening->to; from += CAPACITY_DAYS_MAX) {
        int32_t to = from + CAPACITY_DAYS_MAX - 1;
        struct capacity_ask ask = {.care = text_of(opening->care), .capacity = opening->places};
        ask.from = instant_day(seeder_at(seeder, from, 0));
        ask.to = instant_day(seeder_at(seeder, to < opening->to ? to : opening->to, 0));
        struct capacity_outcome outcome = {0};
        struct call call = seeder_call(seeder, staff, seeder_at(seeder, -days_before(seeder) - 10, 600));
        seeder_must(capacity_set(&call, &ask, &outcome), &outcome.verdict, "capacity");
    }
}

static void open_facility(struct seeder *seeder, struct caller staff) {
    const struct opening openings[] = {
        {"stay", -days_before(seeder), SEED_DAYS_AHEAD, PLACES},
        {"day", -days_before(seeder), SEED_SCARCE_FROM - 1, PLACES},
        {"day", SEED_SCARCE_FROM, SEED_DAYS_AHEAD, seeder->seed->pairs / SEED_PAIRS_SPREAD}};
    for (size_t i = 0; i < COUNT(openings); i++) {
        open_places(seeder, staff, &openings[i]);
    }
}

static void seed_places(struct seeder *seeder) {
    struct seed *seed = seeder->seed;
    struct instant began = seeder_at(seeder, -days_before(seeder) - 30, 600);
    struct caller admin = {.role = ROLE_CITY_ADMIN};
    admin.account = seeder_account(seeder, "admin", ROLE_CITY_ADMIN, (struct facility_id){0}, began);
    seeder_tell(seeder, "admin", admin.account, admin.account.n);
    struct account_id auditor =
        seeder_account(seeder, "auditor", ROLE_AUDITOR, (struct facility_id){0}, began);
    seeder_tell(seeder, "auditor", auditor, auditor.n);
    seed->coordinator =
        seeder_account(seeder, "coordinator", ROLE_COORDINATOR, (struct facility_id){0}, began);
    seeder_tell(seeder, "coordinator", seed->coordinator, seed->coordinator.n);
    for (int i = 0; i < (int)seed->facility_count; i++) {
        struct facility_id id = add_facility(seeder, admin, i + 1);
        const char *login = text_printf(&seeder->arena, "facility%d", i + 1).p;
        struct caller staff = {.role = ROLE_FACILITY, .facility = id};
        staff.account = seeder_account(seeder, login, ROLE_FACILITY, id, began);
        open_facility(seeder, staff);
        seeder_tell(seeder, "facility", staff.account, id.n);
        seed->facilities[i] = id;
        seed->staff[i] = staff.account;
        arena_clear(&seeder->arena);
    }
}

/* ---- the program ---- */

static void tell_fault(void *ctx, enum db_error error, const char *code) {
    (void)ctx;
    fprintf(stderr, "bench_seed: database: error %d, %s\n", (int)error, code);
}

static void open_house(struct seed *seed, struct text url, const char *profile, struct env *env) {
    struct text why = TEXT("");
    struct text json;
    int64_t from;
    int64_t to;
    struct db_config config = {
        .url = url, .lists = statements, .readers = SEED_THREADS, .report = tell_fault};
    bool good = db_migrate(url, &seed->arena, &from, &to, &why) == RC_OK &&
                db_open(&config, &seed->arena, &seed->house.db, &why) == RC_OK &&
                file_read(&seed->arena, text_of(profile), PROFILE_MAX, &json) == RC_OK;
    seed->house.env = env;
    house_open(&seed->house, &seed->arena);
    if (!good || import_city(&seed->house, &seed->arena, json, &why) != RC_OK) {
        fprintf(stderr, "bench_seed: %.*s\n", TEXT_F(why));
        exit(1);
    }
    seeder_must(password_hash(seed->house.gate, &seed->arena, TEXT("coral-reef-bench"), &seed->hash), NULL,
                "password");
}

static void seed_all(struct seed *seed) {
    static struct seeder seeders[SEED_THREADS];
    static pthread_t threads[SEED_THREADS];
    seeder_init(&seeders[0], seed);
    seed_places(&seeders[0]);
    seeder_release(&seeders[0]);
    for (int i = 0; i < SEED_THREADS; i++) {
        seeder_init(&seeders[i], seed);
        seeder_must(pthread_create(&threads[i], NULL, seed_people, &seeders[i]) == 0 ? RC_OK : RC_FAULT, NULL,
                    "thread");
    }
    for (int i = 0; i < SEED_THREADS; i++) {
        pthread_join(threads[i], NULL);
        seeder_release(&seeders[i]);
    }
}

static bool arguments_read(int argc, char **argv, struct seed *seed) {
    return argc == 9 && num_parse(text_of(argv[4]), &seed->residents) &&
           num_parse(text_of(argv[5]), &seed->bookers) && num_parse(text_of(argv[6]), &seed->pairs) &&
           num_parse(text_of(argv[7]), &seed->facility_count) && seed->facility_count > 0 &&
           seed->facility_count <= SEED_FACILITIES_MAX && num_parse(text_of(argv[8]), &seed->days_before);
}

int main(int argc, char **argv) {
    static struct seed seed;
    static struct password_gate gate;
    static struct env_real clock;
    static struct log_sink sink;
    struct env env = env_real(&clock);
    struct log log = {.sink = &sink, .env = &env, .least = LOG_LEVEL_ERROR};
    if (!arguments_read(argc, argv, &seed)) {
        fputs("usage: bench_seed URL PROFILE LIST RESIDENTS BOOKERS PAIRS FACILITIES DAYS\n", stderr);
        return 2;
    }
    log_sink_init(&sink, STDERR_FILENO);
    password_gate_init(&gate, 2, 8);
    arena_init(&seed.arena, MEMORY);
    seed.out = fopen(argv[3], "w");
    seed.house = (struct house){.log = &log,
                                .gate = &gate,
                                .secret = TEXT("0123456789abcdef0123456789abcdef"),
                                .public_url = TEXT("https://bench.example.jp")};
    seed.now = env_now(&env);
    open_house(&seed, text_of(argv[1]), argv[2], &env);
    if (seed.out != NULL) {
        seed_all(&seed);
    }
    bool good = seed.out != NULL && fclose(seed.out) == 0;
    printf("%lld residents, %lld bookers, %lld bookings\n", (long long)seed.residents,
           (long long)seed.bookers, (long long)seed.bookings);
    house_close(&seed.house);
    db_close(seed.house.db);
    arena_release(&seed.arena);
    log_sink_release(&sink);
    password_gate_release(&gate);
    return good ? 0 : 1;
}
