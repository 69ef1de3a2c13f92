#include "cli/fit.h"

#include <sys/timex.h>

#include "sys/file.h"

/* Nothing of this program is older. */
#define CLOCK_FIRST ((struct ymd){2025, 7, 1})

bool fit_clock_synced(void) {
    struct timex now = {.modes = 0};
    return adjtimex(&now) != TIME_ERROR && (now.status & STA_UNSYNC) == 0;
}

static enum rc clock_fit(struct arena *arena, const struct env *env, struct text *ret_why) {
    struct day today = instant_day(env_now(env));
    if (!day_before(today, day_of(CLOCK_FIRST))) {
        return RC_OK;
    }
    *ret_why =
        text_printf(arena,
                    "この機械の時計が %.*s になっています。締切は時計で決まります。timedatectl で時刻を"
                    "合わせてから起動してください。",
                    TEXT_F(day_format(arena, today)));
    return RC_FAULT;
}

/* Bits that `path` must not have; a file that is not there is somebody else's complaint. */
static bool has_mode(struct text path, mode_t bits) {
    mode_t mode = 0;
    return file_mode(path, &mode) == RC_OK && (mode & bits) != 0;
}

static enum rc data_fit(struct arena *arena, struct text database, struct text *ret_why) {
    static const struct text sqlite = TEXT_INIT("sqlite:");
    if (!text_starts(database, sqlite)) {
        return RC_OK;
    }
    struct text file = text_copy(arena, text_part(database, sqlite.n, database.n));
    if (!has_mode(file, 07)) {
        return RC_OK;
    }
    *ret_why =
        text_printf(arena,
                    "データベース %.*s を、この機械の誰でも読むか書くかできます。個人情報が入っています。"
                    "chmod 600 %.*s %.*s-* としてください。",
                    TEXT_F(file), TEXT_F(file), TEXT_F(file));
    return RC_FAULT;
}

static enum rc rules_fit(struct arena *arena, struct text path, struct text *ret_why) {
    if (!has_mode(path, 02)) {
        return RC_OK;
    }
    *ret_why = text_printf(arena, "%.*s を誰でも書き換えられます。chmod 640 %.*s としてください。",
                           TEXT_F(path), TEXT_F(path));
    return RC_FAULT;
}

enum rc fit_to_serve(struct arena *arena, const struct config *config, struct text path,
                     const struct env *env, struct text *ret_why) {
    enum rc rc = clock_fit(arena, env, ret_why);
    rc = rc == RC_OK ? rules_fit(arena, path, ret_why) : rc;
    for (size_t i = 0; rc == RC_OK && i < config->city_count; i++) {
        rc = rules_fit(arena, config->cities[i], ret_why);
    }
    return rc == RC_OK ? data_fit(arena, config->database, ret_why) : rc;
}
