/* Runs every invariant: those that one statement can check (store/verify.c), then those that only the rules can judge
 * (verify_replay.c). Each check has its own short reading transaction and its own memory, so that a large live
 * database is neither held up nor loaded at once. */
#include "service/verify.h"

#include <assert.h>

#include "service/verify_replay.h"
#include "store/verify.h"

enum { VERIFY_ARENA_LIMIT = 64 << 20 };

static struct verify_line *line_add(struct verify_report *report, const char *id, const char *says) {
    assert(report->count < VERIFY_LINES_MAX);
    struct verify_line *line = &report->lines[report->count++];
    *line = (struct verify_line){.id = id, .says = says};
    return line;
}

struct check_run {
    size_t i;
    struct instant now;
    struct verify_found found;
};

static enum rc check_run(struct tx *tx, void *arg) {
    struct check_run *run = arg;
    return verify_check_run(tx, run->i, run->now, &run->found);
}

static enum rc check(const struct house *house, struct arena *arena, size_t i, struct instant now,
                     struct verify_report *report) {
    struct arena scratch;
    arena_init(&scratch, VERIFY_ARENA_LIMIT);
    struct check_run run = {.i = i, .now = now};
    enum db_error error = DB_FINE;
    enum rc rc = db_read(house->db, &scratch, check_run, &run, &error);
    if (rc == RC_OK) {
        struct verify_check says = verify_check_at(i);
        struct verify_line *line = line_add(report, says.id, says.says);
        line->breaches = run.found.breaches;
        line->first = text_copy(arena, run.found.first);
    }
    arena_release(&scratch);
    return rc;
}

/* ---- replays ---- */

static const struct {
    const char *id;
    const char *says;
} replays[REPLAY__MAX] = {
    [REPLAY_AGE] = {"I6", "A live booking lies inside the age limit of the care and of the facility."},
    [REPLAY_WHOLE] = {"I7", "A use has exactly the nights of its days, at its facility, all live or none."},
    [REPLAY_MOVES] = {"I9", "Every state follows from the one before by an event of the table."},
    [REPLAY_TIME] = {"I10", "No booking stands on a day before it was made, or beyond the horizon."},
    [REPLAY_PRICE] = {"I12", "A price is what the rules of that day give again."},
    [REPLAY_RULES] = {"I21",
                      "Every version of the rules can be read, is what was published, and is what judges."},
    [REPLAY_FAIR] = {"I13", "No place is open while somebody who could use it waits for it unasked."},
};

static enum rc replay_cities(const struct house *house, struct arena *scratch, struct replay_found *found) {
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < house_city_count(house); i++) {
        const struct house_city *city = house_city_hold_at(house, i);
        rc = replay_bookings(house, city, scratch, found);
        if (rc == RC_OK) {
            rc = replay_waits(house, city, scratch, found);
        }
        house_city_let_go(city);
    }
    return rc;
}

enum rc verify_all(const struct house *house, struct arena *arena, struct instant now,
                   struct verify_report *ret_report) {
    struct verify_report *report = arena_new(arena, struct verify_report);
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < verify_check_count(); i++) {
        rc = check(house, arena, i, now, report);
    }
    struct replay_found found = {.now = now};
    struct arena scratch;
    arena_init(&scratch, VERIFY_ARENA_LIMIT);
    if (rc == RC_OK) {
        rc = replay_cities(house, &scratch, &found);
    }
    arena_release(&scratch);
    for (size_t i = 0; i < REPLAY__MAX; i++) {
        struct verify_line *line = line_add(report, replays[i].id, replays[i].says);
        line->breaches = found.breaches[i];
        line->first = found.first[i] == 0 ? TEXT("") : text_printf(arena, "%lld", (long long)found.first[i]);
    }
    for (size_t i = 0; i < report->count; i++) {
        report->breaches += report->lines[i].breaches;
    }
    if (rc == RC_OK) {
        *ret_report = *report;
    }
    return rc;
}
