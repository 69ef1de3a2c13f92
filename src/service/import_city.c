/* A city's file becomes its row, the first versions of its rules, and its place in the house. Called once for each city
 * at the start of a server. From the second time on the versions are the database's: the file may add later ones, and
 * must not say something else about days that are past. */
#include <assert.h>

#include "profile/document.h"
#include "profile/profile.h"
#include "service/city_load.h"
#include "service/import.h"
#include "service/write.h"
#include "store/audit.h"
#include "sys/token.h"

enum { OWN_LIMIT = 16 << 20 };

struct city_import {
    const struct house *house;
    struct text json;
    struct text digest;
    const struct city *city; /* as the file says */
    struct document_set *file;
    struct instant now;
    struct city_row row; /* as it is in the database */
    struct rules_row *rows;
    size_t count;
    int64_t since;           /* the revision of what is added; 0: nothing was changed so far */
    struct text why;         /* why the file is refused; empty: it is not */
    struct city_found found; /* in the end */
};

static struct text refuse(struct arena *arena, const struct document *version, const char *end,
                          struct text pointer) {
    struct text day = day_format(arena, version->valid_from);
    return text_printf(arena, "版「%.*s」（%.*s から）%s%.*s%s", TEXT_F(version->name), TEXT_F(day),
                       pointer.n > 0 ? "の " : "", TEXT_F(pointer), end);
}

/* ---- changes, each under the revision that the first of them raises ---- */

static enum rc revision_raise(struct tx *tx, struct city_import *import) {
    return import->since > 0 ? RC_OK : city_rules_raise(tx, import->row.id, &import->since);
}

static enum rc trace(struct tx *tx, const struct city_import *import, const char *action, int64_t number,
                     struct text detail) {
    struct audit_insert row = {.city = import->row.id,
                               .id = env_id(import->house->env),
                               .at = import->now,
                               .role = text_of(role_code(ROLE_CLOCK)),
                               .action = text_of(action),
                               .object = TEXT("rules"),
                               .object_id = number,
                               .detail = detail,
                               .rules_revision = import->since};
    return audit_insert(tx, &row);
}

static enum rc version_add(struct tx *tx, struct city_import *import, const struct document *version) {
    struct rules_row row = {.valid_from = version->valid_from,
                            .document = version->json,
                            .digest = token_hash(tx->arena, version->json),
                            .imported = true,
                            .published_at = import->now,
                            .published_day = instant_day(import->now)};
    int64_t number = 0;
    enum rc rc = revision_raise(tx, import);
    row.since = import->since;
    rc = rc == RC_OK ? rules_insert(tx, import->row.id, &row, &number) : rc;
    struct text detail = text_printf(tx->arena, "{\"valid_from\":\"%.*s\"}",
                                     TEXT_F(day_format(tx->arena, version->valid_from)));
    return rc == RC_OK ? trace(tx, import, "rules.import", number, detail) : rc;
}

static enum rc version_replace(struct tx *tx, struct city_import *import, const struct rules_row *old,
                               const struct document *version) {
    enum rc rc = revision_raise(tx, import);
    struct rules_end end = {.city = import->row.id,
                            .number = old->number,
                            .how = "replaced",
                            .since = import->since,
                            .at = import->now};
    rc = rc == RC_OK ? rules_end(tx, &end) : rc;
    return rc == RC_OK ? version_add(tx, import, version) : rc;
}

/* ---- judging the file by what is stored ---- */

static const struct rules_row *live_at(const struct city_import *import, struct day from) {
    for (size_t i = 0; i < import->count; i++) {
        if (day_eq(import->rows[i].valid_from, from) && import->rows[i].ended_how.n == 0) {
            return &import->rows[i];
        }
    }
    return NULL;
}

/* A version that was here once, whatever became of it since. */
static bool known(struct arena *arena, const struct city_import *import, const struct document *version) {
    struct text pointer;
    for (size_t i = 0; i < import->count; i++) {
        const struct rules_row *row = &import->rows[i];
        if (day_eq(row->valid_from, version->valid_from) &&
            !document_differs(arena, row->document, version->json, &pointer)) {
            return true;
        }
    }
    return false;
}

static enum rc version_take(struct tx *tx, struct city_import *import, const struct document *version) {
    const struct rules_row *live = live_at(import, version->valid_from);
    bool begun = !day_before(instant_day(import->now), version->valid_from);
    struct text pointer = TEXT("");
    if (known(tx->arena, import, version)) {
        return RC_OK;
    }
    if (live != NULL) {
        (void)document_differs(tx->arena, live->document, version->json, &pointer);
    }
    if (live != NULL && begun) {
        import->why = refuse(tx->arena, version,
                             " が、公開した内容と違います。始まった版は変えられません。公開した内容に戻し、"
                             "変えたいことは新しい開始日の版として加えてください。",
                             pointer);
    } else if (live != NULL && !live->imported) {
        import->why = refuse(tx->arena, version,
                             " が、画面で公開した版と違います。ファイルからこの版を外すか、"
                             "画面で新しい版を公開してください。",
                             pointer);
    } else if (begun) {
        import->why =
            refuse(tx->arena, version,
                   "は過ぎた日から始まるので、加えられません。明日より後の開始日にしてください。", TEXT(""));
    } else {
        return live != NULL ? version_replace(tx, import, live, version) : version_add(tx, import, version);
    }
    return RC_OK;
}

/* Whether every version that came with the file and has begun is still in it, so that nobody moves its first day by
 * writing over it. */
static bool versions_kept(const struct city_import *import) {
    for (size_t i = 0; i < import->count; i++) {
        const struct rules_row *row = &import->rows[i];
        bool begun = !day_before(instant_day(import->now), row->valid_from);
        bool found = !begun || !row->imported || row->ended_how.n > 0;
        for (int32_t k = 0; !found && k < import->file->count; k++) {
            found = day_eq(import->file->versions[k].valid_from, row->valid_from);
        }
        if (!found) {
            return false;
        }
    }
    return true;
}

static enum rc versions_take(struct tx *tx, struct city_import *import) {
    enum rc rc = RC_OK;
    if (!versions_kept(import)) {
        import->why = TEXT("すでに始まった版がなくなっています。過ぎた日の規則は変えられません。"
                           "元の版を残し、新しい開始日の版を加えてください。");
        return RC_OK;
    }
    for (int32_t i = 0; rc == RC_OK && import->why.n == 0 && i < import->file->count; i++) {
        rc = version_take(tx, import, &import->file->versions[i]);
    }
    return rc;
}

/* ---- the city ---- */

/* All versions of a file, as they are: where no version is stored yet. */
static enum rc versions_begin(struct tx *tx, struct city_import *import, const struct document_set *set) {
    enum rc rc = RC_OK;
    for (int32_t i = 0; rc == RC_OK && i < set->count; i++) {
        rc = version_add(tx, import, &set->versions[i]);
    }
    return rc;
}

/* What judged the days of a city that was served before there were versions in the database. */
static bool served_before(struct arena *arena, const struct city_import *import, struct document_set *set) {
    struct profile before;
    struct profile_faults *faults = arena_new(arena, struct profile_faults);
    return profile_load(arena, import->row.profile, &before, faults) &&
           document_split(arena, import->row.profile, set);
}

static enum rc row_put(struct tx *tx, struct city_import *import) {
    if (text_eq(import->row.profile_digest, import->digest)) {
        return RC_OK;
    }
    struct city_row row = {.id = import->row.id,
                           .code = import->city->code,
                           .name = import->city->name,
                           .profile = import->json,
                           .profile_digest = import->digest};
    enum rc rc = city_put(tx, &row, import->now);
    import->row.profile_digest = import->digest;
    return rc == RC_OK ? revision_raise(tx, import) : rc;
}

static enum rc city_known(struct tx *tx, struct city_import *import) {
    enum rc rc = city_lock(tx, import->row.id);
    struct document_set *before = arena_new(tx->arena, struct document_set);
    rc = rc == RC_OK ? rules_all(tx, import->row.id, &import->rows, &import->count) : rc;
    if (rc == RC_OK && import->count == 0 && served_before(tx->arena, import, before)) {
        rc = versions_begin(tx, import, before);
        rc = rc == RC_OK ? rules_all(tx, import->row.id, &import->rows, &import->count) : rc;
    }
    return rc;
}

static enum rc import_run(struct tx *tx, void *arg) {
    struct city_import *import = arg;
    import->row = (struct city_row){0};
    import->rows = NULL;
    import->count = 0;
    import->since = 0;
    import->why = TEXT("");
    enum rc rc = city_by_code(tx, import->city->code, &import->row);
    if (rc == RC_NONE) {
        import->row.id = (struct city_id){env_id(import->house->env)};
        rc = row_put(tx, import);
    } else if (rc == RC_OK) {
        rc = city_known(tx, import);
    }
    if (rc == RC_OK) {
        rc = import->count == 0 ? versions_begin(tx, import, import->file) : versions_take(tx, import);
    }
    if (rc == RC_OK && import->why.n > 0) {
        return RC_NONE;
    }
    rc = rc == RC_OK ? row_put(tx, import) : rc;
    return rc == RC_OK ? city_find(tx, import->row.id, &import->found) : rc;
}

/* ---- its place in the house ---- */

static enum rc house_take(struct house *house, struct arena *arena, const struct city_found *found,
                          struct text *ret_why) {
    struct arena own;
    struct house_city city;
    struct text why = TEXT("");
    arena_init(&own, OWN_LIMIT);
    bool made = city_make(found, &own, &city, &why);
    if (made && !house_city_put(house, &city, &own)) {
        why = TEXT("自治体が多すぎるか、同じ code が二つあります。");
        made = false;
    }
    if (!made) {
        *ret_why = text_copy(arena, why);
    }
    arena_release(&own);
    return made ? RC_OK : RC_NONE;
}

enum rc import_city(struct house *house, struct arena *arena, struct text profile_json,
                    struct text *ret_why) {
    struct profile *profile = arena_new(arena, struct profile);
    struct profile_faults *faults = arena_new(arena, struct profile_faults);
    struct city_import import = {.house = house, .json = profile_json, .city = &profile->city};
    import.file = arena_new(arena, struct document_set);
    import.digest = token_hash(arena, profile_json);
    import.now = env_now(house->env);
    if (!profile_load(arena, profile_json, profile, faults)) {
        *ret_why = text_printf(arena, "%.*s: %.*s", TEXT_F(faults->rows[0].pointer),
                               TEXT_F(faults->rows[0].sentence));
        return RC_NONE;
    }
    bool split = document_split(arena, profile_json, import.file);
    assert(split);
    enum db_error error = DB_FINE;
    enum rc rc = db_write(house->db, arena, import_run, &import, &error);
    if (rc == RC_NONE) {
        *ret_why = import.why;
    } else if (rc != RC_OK) {
        *ret_why = TEXT("データベースに書き込めません。空き容量と接続を確かめてください。");
    } else {
        rc = house_take(house, arena, &import.found, ret_why);
    }
    return rc;
}

/* ---- as it was stored ---- */

struct stored {
    struct city_row *rows;
    size_t count;
};

static enum rc stored_run(struct tx *tx, void *arg) {
    struct stored *stored = arg;
    return city_all(tx, &stored->rows, &stored->count);
}

static enum rc found_run(struct tx *tx, void *arg) {
    struct city_found *found = arg;
    return city_find(tx, found->row.id, found);
}

enum rc import_stored(struct house *house, struct arena *arena, struct text *ret_why) {
    struct stored stored = {0};
    enum db_error error = DB_FINE;
    enum rc rc = db_read(house->db, arena, stored_run, &stored, &error);
    for (size_t i = 0; rc == RC_OK && i < stored.count; i++) {
        struct city_found found = {.row = stored.rows[i]};
        rc = db_read(house->db, arena, found_run, &found, &error);
        if (rc == RC_OK && house_take(house, arena, &found, ret_why) != RC_OK) {
            *ret_why = text_printf(arena, "%.*s %.*s", TEXT_F(stored.rows[i].code), TEXT_F(*ret_why));
            return RC_NONE;
        }
    }
    if (rc != RC_OK) {
        *ret_why = TEXT("データベースから自治体を読み込めません。接続を確かめてください。");
        rc = RC_FAULT;
    }
    return rc;
}
