/* A city's profile becomes its row and its place in the house. Called once for each city at the start of a server. */
#include <assert.h>
#include <stdlib.h>

#include "profile/profile.h"
#include "service/import.h"
#include "service/write.h"
#include "store/city.h"
#include "sys/token.h"

struct city_import {
    const struct house *house;
    struct text json;
    struct text digest;
    const struct profile *profile;
    struct city_row row;     /* as it is now in the database */
    bool versions_lost;      /* a version that judged past days is missing */
    struct closed_day *days; /* of the table */
    size_t day_count;
};

/* Whether every version of the stored profile that has begun is still there. Days that are past keep their rules. */
static bool versions_kept(struct arena *arena, struct text stored, const struct profile *profile,
                          struct day today) {
    struct profile before;
    struct profile_faults faults;
    if (!profile_load(arena, stored, &before, &faults)) {
        return true; /* what this binary cannot read has judged nothing here */
    }
    for (int32_t i = 0; i < before.programmes.count; i++) {
        struct day from = before.programmes.versions[i]->valid_from;
        const struct programme *after = programme_at(&profile->programmes, from);
        bool begun = !day_before(today, from);
        if (begun && (after == NULL || !day_eq(after->valid_from, from))) {
            return false;
        }
    }
    return true;
}

static enum rc import_run(struct tx *tx, void *arg) {
    struct city_import *import = arg;
    const struct env *env = import->house->env;
    struct text code = import->profile->city.code;
    import->row = (struct city_row){0};
    import->versions_lost = false;
    enum rc rc = city_by_code(tx, code, &import->row);
    if (rc == RC_NONE) {
        import->row.id = (struct city_id){env_id(env)};
    } else if (rc != RC_OK) {
        return rc;
    } else if (!versions_kept(tx->arena, import->row.profile, import->profile, instant_day(env_now(env)))) {
        import->versions_lost = true;
        return RC_OK;
    }
    if (!text_eq(import->row.profile_digest, import->digest)) {
        struct city_row row = {import->row.id, code, import->profile->city.name, import->json,
                               import->digest};
        rc = city_put(tx, &row, env_now(env));
        if (rc != RC_OK) {
            return rc;
        }
    }
    return closed_days_load(tx, import->row.id, &import->days, &import->day_count);
}

static int day_cmp(const void *a, const void *b) {
    const struct day *left = a;
    const struct day *right = b;
    return (left->n > right->n) - (left->n < right->n);
}

/* The profile's closed days and those of the table, sorted. */
static const struct calendar *calendar_made(struct arena *arena, const struct city_import *import) {
    const struct calendar *given = &import->profile->city.calendar;
    struct day *days = arena_array(arena, struct day, given->count + import->day_count + 1);
    size_t count = 0;
    for (size_t i = 0; i < given->count; i++) {
        days[count++] = given->holidays[i];
    }
    for (size_t i = 0; i < import->day_count; i++) {
        days[count++] = import->days[i].day;
    }
    qsort(days, count, sizeof *days, day_cmp);
    struct calendar *calendar = arena_new(arena, struct calendar);
    *calendar = (struct calendar){.holidays = days, .count = count, .year_end = given->year_end};
    return calendar;
}

static void house_take(struct house *house, struct arena *arena, const struct city_import *import) {
    size_t at = 0;
    while (at < house->city_count && house->cities[at].id.n != import->row.id.n) {
        at++;
    }
    assert(at < HOUSE_CITIES_MAX);
    house->city_count = at == house->city_count ? at + 1 : house->city_count;
    house->cities[at] = (struct house_city){.id = import->row.id,
                                            .code = import->profile->city.code,
                                            .name = import->profile->city.name,
                                            .profile = import->profile,
                                            .rules = &import->profile->programmes,
                                            .calendar = calendar_made(arena, import)};
}

enum rc import_city(struct house *house, struct arena *arena, struct text profile_json,
                    struct text *ret_why) {
    struct profile *profile = arena_new(arena, struct profile);
    struct profile_faults *faults = arena_new(arena, struct profile_faults);
    if (!profile_load(arena, profile_json, profile, faults)) {
        *ret_why = text_printf(arena, "%.*s: %.*s", TEXT_F(faults->rows[0].pointer),
                               TEXT_F(faults->rows[0].sentence));
        return RC_NONE;
    }
    struct city_import import = {
        .house = house, .json = profile_json, .digest = token_hash(arena, profile_json), .profile = profile};
    enum db_error error = DB_FINE;
    enum rc rc = db_write(house->db, arena, import_run, &import, &error);
    if (rc != RC_OK) {
        *ret_why = TEXT("データベースに書き込めません。空き容量と接続を確かめてください。");
        return rc;
    }
    if (import.versions_lost) {
        *ret_why = TEXT("すでに始まった版がなくなっています。過ぎた日の規則は変えられません。"
                        "元の版を残し、新しい開始日の版を加えてください。");
        return RC_NONE;
    }
    house_take(house, arena, &import);
    return RC_OK;
}

struct stored {
    struct city_import *imports;
    size_t count;
};

static enum rc stored_run(struct tx *tx, void *arg) {
    struct stored *stored = arg;
    struct city_row *rows = NULL;
    size_t count = 0;
    enum rc rc = city_all(tx, &rows, &count);
    stored->imports = arena_array(tx->arena, struct city_import, count + 1);
    stored->count = count;
    for (size_t i = 0; rc == RC_OK && i < count; i++) {
        stored->imports[i].row = rows[i];
        rc = closed_days_load(tx, rows[i].id, &stored->imports[i].days, &stored->imports[i].day_count);
    }
    return rc;
}

enum rc import_stored(struct house *house, struct arena *arena, struct text *ret_why) {
    struct stored stored = {0};
    struct profile_faults *faults = arena_new(arena, struct profile_faults);
    enum db_error error = DB_FINE;
    enum rc rc = db_read(house->db, arena, stored_run, &stored, &error);
    if (rc != RC_OK || stored.count > HOUSE_CITIES_MAX) {
        *ret_why = TEXT("データベースから自治体を読み込めません。接続を確かめてください。");
        return rc != RC_OK ? rc : RC_NONE;
    }
    for (size_t i = 0; i < stored.count; i++) {
        struct profile *profile = arena_new(arena, struct profile);
        if (!profile_load(arena, stored.imports[i].row.profile, profile, faults)) {
            *ret_why = text_printf(arena, "%.*s %.*s: %.*s", TEXT_F(stored.imports[i].row.code),
                                   TEXT_F(faults->rows[0].pointer), TEXT_F(faults->rows[0].sentence));
            return RC_NONE;
        }
        stored.imports[i].profile = profile;
        house_take(house, arena, &stored.imports[i]);
    }
    return RC_OK;
}
