/* Every invariant notices the damage it is there for, on both engines. The damage piles up in one city, so that what is
 * looked at is whether the number of breaches of that invariant grows. */
#include "service/fixture.h"
#include "service/verify.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define WAIT(id, care, state)                                                                                \
    "INSERT INTO wait (city, id, account, registration, care, from_day, to_day, nights, any_facility, mode," \
    " notice_hours, state, created_at, changed_at) SELECT city, " id ", account, registration, '" care       \
    "', '2026-12-20', '2026-12-21', 0, 1, 'ask', 0, '" state "', 1, 1 FROM booking ORDER BY id LIMIT 1"
/* One more notice of a cause that nothing explains. */
#define NOTICE_COPY(id, cause)                                                                               \
    "INSERT INTO notice (city, id, account, cause, kind, subject, body, path, by_mail, state, next_at,"      \
    " message_id, created_at) SELECT city, " id ", account, " cause ", kind, subject, body, path, by_mail,"  \
    " 'failed', next_at, 'copy-" id "', created_at FROM notice WHERE id = (SELECT MAX(id) FROM notice)"
#define OFFER(id, wait, care, start)                                                                         \
    "INSERT INTO offer (city, id, wait, account, facility, care, start_day, end_day, state, created_at,"     \
    " expires_at) SELECT city, " id ", " wait ", account, facility, '" care "', '" start "', '" start        \
    "', 'open', 1, 4000000000 FROM booking ORDER BY id LIMIT 1"

static const struct {
    const char *id;
    const char *sql;
} damages[] = {
    {"I13", WAIT("1", "day", "waiting")},
    {"I16", WAIT("2", "day", "offered")},
    {"I14", OFFER("3", "2", "day", "2026-12-20")},
    {"I15", OFFER("4", "1", "stay", "2026-12-25")},
    {"I12", "UPDATE booking SET cancel_fee = 5 WHERE state = 'confirmed'"},
    {"I12",
     "UPDATE booking SET change_fee = 5, change_of = (SELECT id FROM booking WHERE state = 'requested')"
     " WHERE state = 'confirmed'"},
    {"I12", "UPDATE booking SET fee = fee + 1 WHERE state = 'confirmed'"},
    {"I12", "UPDATE booking_line SET each_yen = each_yen + 1 WHERE amount > 0"},
    {"I11", "UPDATE booking SET answer_by = 1 WHERE state = 'requested'"},
    {"I10", "UPDATE booking SET created_at = created_at + 86400 * 40 WHERE state = 'confirmed'"},
    {"I6", "UPDATE child SET birth_date = '2026-01-01'"},
    {"I6", "UPDATE grant_ SET valid_to = '2026-11-01'"},
    {"I5", "UPDATE grant_pool SET booked = booked + 1"},
    {"I5", "UPDATE booking_pool SET used = 1"},
    {"I1", "UPDATE slot SET shortfall = 1 WHERE taken = 1"},
    {"I2", "UPDATE slot SET taken = 0 WHERE taken = 1"},
    {"I2", "UPDATE slot SET held = 1 WHERE held = 0"},
    {"I2", "UPDATE slot SET blocked = 1 WHERE blocked = 0"},
    {"I7", "DELETE FROM booking_night WHERE day = (SELECT MAX(day) FROM booking_night)"},
    {"I8", "UPDATE booking_night SET active = 0 WHERE active = 1"},
    {"I3", "UPDATE booking_night SET borrowed = 1, side = 1, active = 1"},
    {"I9", "UPDATE booking_event SET event = 'decline' WHERE event = 'confirm'"},
    {"I9", "DELETE FROM booking_event"},
    {"I9",
     "INSERT INTO booking_event (city, booking, no, at, actor, event, from_state, to_state) SELECT city, id, 9,"
     " 1, account, 'accept', 'requested', 'confirmed' FROM booking WHERE state = 'requested'"},
    {"I18",
     "INSERT INTO booking_event (city, booking, no, at, actor, event, to_state) SELECT city, id, 1, 1, 0,"
     " 'lapse', 'lapsed' FROM booking"},
    {"I20", "UPDATE notice SET state = 'sent'"},
    {"I21", "UPDATE rules_version SET document = '{}'"},
    {"I21", "DELETE FROM audit WHERE object = 'rules'"},
    {"I21", "UPDATE booking SET rules_revision = 99"},
    {"I21", "UPDATE rules_version SET number = 5"},
    {"I19", NOTICE_COPY("1", "'booking:7:1'")},
    {"I19", NOTICE_COPY("2", "'booking:of-none'")},
    {"I19", "DELETE FROM notice WHERE cause LIKE 'booking:%:1'"},
    {"I17",
     "INSERT INTO idem (city, actor, key, request_hash, status, location, content_type, body, created_at)"
     " SELECT city, 1, 'k', 'h', 0, '', '', subject_body, 1 FROM (SELECT city, body AS subject_body"
     " FROM idem LIMIT 1) AS one"},
};

enum { DAMAGES = COUNT(damages) };
static struct db_stmt stmts[DAMAGES];

struct damage {
    size_t i;
    int64_t changed;
};

static enum rc damage_run(struct tx *tx, void *arg) {
    struct damage *damage = arg;
    return db_exec(tx, &stmts[damage->i], DB_NO_BIND, &damage->changed);
}

static int64_t breaches_of(struct fixture *fx, const char *id) {
    struct verify_report *report = arena_new(&fx->arena, struct verify_report);
    assert_int_equal(verify_all(&fx->house, &fx->arena, env_now(&fx->env), report), RC_OK);
    int64_t breaches = 0;
    for (size_t i = 0; i < report->count; i++) {
        const struct verify_line *line = &report->lines[i];
        breaches += strcmp(line->id, id) == 0 ? line->breaches : 0;
        assert_true(line->breaches == 0 || line->first.n > 0);
    }
    return breaches;
}

static void render(void *ctx, struct arena *arena, const void *outcome, struct idem_answer *ret_answer) {
    (void)ctx;
    (void)arena;
    (void)outcome;
    *ret_answer = (struct idem_answer){201, TEXT(""), TEXT("text/plain"), TEXT("ok")};
}

static void notices_damage(struct engine *e) {
    struct fixture fx;
    fixture_setup(&fx, e);
    struct book_ask ask = fixture_ask(&fx, 1, 4, 2);
    struct account_id hana = fixture_resident(&fx, &(struct fixture_person){0});
    struct idem idem = {.key = TEXT("key"), .request_hash = TEXT("hash"), .render = render};
    struct call call = fixture_call(&fx, fixture_as(&fx, ROLE_RESIDENT, hana));
    struct book_outcome outcome;
    call.idem = &idem;
    assert_int_equal(book_request(&call, &ask, &outcome), RC_OK);
    ask = fixture_ask(&fx, 0, 12, 3);
    (void)fixture_book(&fx, hana, &ask);
    fixture_verify(&fx);
    for (size_t i = 0; i < DAMAGES; i++) {
        int64_t before = breaches_of(&fx, damages[i].id);
        struct damage damage = {.i = i};
        enum db_error error = DB_FINE;
        enum rc rc = db_write(e->db, &fx.arena, damage_run, &damage, &error);
        int64_t after = breaches_of(&fx, damages[i].id);
        if (rc != RC_OK || damage.changed == 0 || after <= before) {
            print_message("%s: rc %d, error %d, changed %lld, breaches %lld to %lld: %s\n", damages[i].id,
                          (int)rc, (int)error, (long long)damage.changed, (long long)before, (long long)after,
                          damages[i].sql);
        }
        assert_int_equal(rc, RC_OK);
        assert_true(damage.changed > 0);
        assert_true(after > before);
    }
    fixture_release(&fx);
}

int main(void) {
    static const struct engine_case cases[] = {ENGINE_CASE(notices_damage)};
    static const struct db_stmt_list list = {stmts, DAMAGES};
    for (size_t i = 0; i < DAMAGES; i++) {
        stmts[i] = (struct db_stmt){.sql = damages[i].sql, .binds = ""};
    }
    return engines_run("service/verify", cases, COUNT(cases), fixture_lists_and(&list));
}
