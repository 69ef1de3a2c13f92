#include "seed.h"

#include "profile/profile.h"
#include "service/book.h"
#include "service/registration.h"

enum {
    EVENING = 21 * 60,
    OFFICE = 10 * 60,
    ARRIVES = 10 * 60 + 5,
    LEAVES = 19 * 60,
    BORN = 20,
    BORN_LATE = 1,
    USES = 3,
    LIVELY_FROM = -16, /* registered on these days: one use is over, one is to come */
    LIVELY_TO = -10
};

/* Who comes after them waits for the coordinator. */
static int64_t approved_count(const struct seed *seed) {
    return seed->residents + seed->bookers + 2 * seed->pairs;
}

static void apply(struct seeder *seeder, struct caller resident, int64_t n, int32_t day) {
    struct seed *seed = seeder->seed;
    struct arena *arena = &seeder->arena;
    bool of_pair = n >= seed->residents + seed->bookers; /* their places are the last that she may use */
    int32_t born = day - (of_pair ? BORN_LATE : BORN);
    const struct programme *programme =
        programme_at(house_city_at(&seed->house, 0)->rules, instant_day(seeder_at(seeder, day, 0)));
    struct registration_form form = {
        .mother_name = text_printf(arena, "計測 花子%lld", (long long)n),
        .mother_kana = TEXT("ケイソク ハナコ"),
        .mother_birth_date = instant_day(seeder_at(seeder, -10000 - (int32_t)(n % 3000), 0)),
        .postal_code = TEXT("5730001"),
        .address = text_printf(arena, "大阪府枚方市中部町%lld番地（架空の住所）", (long long)n),
        .phone = TEXT("090-0000-0000"),
        .household_class = n % 9 == 0 ? TEXT("exempt") : TEXT("taxed"),
        .children = {{.name = TEXT("光"),
                      .birth_date = instant_day(seeder_at(seeder, born, 0)),
                      .due_date = DAY_NONE}},
        .child_count = 1,
    };
    for (int32_t i = 0; programme != NULL && i < programme->consent_count; i++) {
        form.consents[form.consent_count++] = programme->consents[i].code;
    }
    struct registration_outcome outcome = {0};
    struct call call = seeder_call(seeder, resident, seeder_at(seeder, day, EVENING));
    enum rc rc;
    do {
        rc = registration_submit(&call, &form, &outcome);
    } while (seeder_again(seeder, &call, rc));
    seeder_must(rc, &outcome.verdict, "registration");
    if (n >= approved_count(seed)) {
        return;
    }
    struct registration_decision decision = {.id = outcome.id,
                                             .household_class = form.household_class,
                                             .valid_from = DAY_NONE,
                                             .valid_to = DAY_NONE};
    struct caller coordinator = {.role = ROLE_COORDINATOR, .account = seed->coordinator};
    call = seeder_call(seeder, coordinator, seeder_at(seeder, day + 1, OFFICE));
    do {
        rc = registration_approve(&call, &decision, &outcome);
    } while (seeder_again(seeder, &call, rc));
    seeder_must(rc, &outcome.verdict, "approval");
}

/* A step that has its time already. */
static void step(struct seeder *seeder, struct booking_id id, enum booking_event event, int64_t facility,
                 struct instant at) {
    struct seed *seed = seeder->seed;
    if (at.s >= seed->now.s) {
        return;
    }
    struct caller staff = {ROLE_FACILITY, seed->staff[facility], seed->facilities[facility]};
    struct book_step ask = {.id = id, .event = event};
    ask.report = event == BOOKING_EV_COMPLETE ? TEXT("授乳を見守り、抱き方を確かめた。") : TEXT("");
    struct book_outcome outcome = {0};
    struct call call = seeder_call(seeder, staff, at);
    enum rc rc;
    do {
        rc = book_step(&call, &ask, &outcome);
    } while (seeder_again(seeder, &call, rc));
    seeder_must(rc, &outcome.verdict, "step");
}

/* A day visit, or a stay of one night, `asked` days from today for seven days later. */
static void use(struct seeder *seeder, struct caller resident, int64_t n, int32_t asked) {
    struct seed *seed = seeder->seed;
    int64_t facility = n % seed->facility_count;
    int32_t start = asked + 7;
    int32_t end = start + (n % 4 == 0);
    struct book_ask ask = {.facility = seed->facilities[facility],
                           .care = end > start ? TEXT("stay") : TEXT("day"),
                           .start = instant_day(seeder_at(seeder, start, 0)),
                           .end = instant_day(seeder_at(seeder, end, 0))};
    struct instant at = seeder_at(seeder, asked, EVENING);
    if (at.s >= seed->now.s) {
        return;
    }
    struct book_outcome outcome = {0};
    struct call call = seeder_call(seeder, resident, at);
    enum rc rc;
    do {
        rc = book_request(&call, &ask, &outcome);
    } while (seeder_again(seeder, &call, rc));
    seeder_must(rc, &outcome.verdict, "booking");
    step(seeder, outcome.id, BOOKING_EV_ACCEPT, facility, seeder_at(seeder, asked + 1, OFFICE));
    step(seeder, outcome.id, BOOKING_EV_CHECK_IN, facility, seeder_at(seeder, start, ARRIVES));
    step(seeder, outcome.id, BOOKING_EV_COMPLETE, facility, seeder_at(seeder, end, LEAVES));
    seed->bookings++;
}

static const char *kind_of(const struct seed *seed, int64_t n) {
    int64_t beyond = n - seed->residents - seed->bookers;
    return beyond < 0                 ? "booker"
           : beyond < seed->pairs     ? "holder"
           : beyond < 2 * seed->pairs ? "waiter"
                                      : "applicant";
}

static void person(struct seeder *seeder, int64_t n) {
    struct seed *seed = seeder->seed;
    bool booker = n >= seed->residents;
    /* Residents spread evenly over the past; bookers applied two days ago. */
    int32_t day = booker ? -2 : (int32_t)(n * (seed->days_before - 3) / seed->residents - seed->days_before);
    const char *login = text_printf(&seeder->arena, "resident%lld", (long long)n).p;
    struct caller resident = {.role = ROLE_RESIDENT};
    resident.account = seeder_account(seeder, login, ROLE_RESIDENT, (struct facility_id){0},
                                      seeder_at(seeder, day, EVENING - 30));
    apply(seeder, resident, n, day);
    if (booker || (day >= LIVELY_FROM && day <= LIVELY_TO)) {
        const char *kind = booker ? kind_of(seed, n) : "resident";
        seeder_tell(seeder, kind, resident.account, resident.account.n);
    }
    for (int32_t i = 0; i < USES && !booker; i++) {
        use(seeder, resident, n + i, day + 2 + 10 * i);
    }
}

void *seed_people(void *arg) {
    struct seeder *seeder = arg;
    struct seed *seed = seeder->seed;
    int64_t people = approved_count(seed) + SEED_APPLICANTS;
    for (int64_t n = seed->next++; n < people; n = seed->next++) {
        person(seeder, n);
        arena_clear(&seeder->arena);
    }
    return NULL;
}
