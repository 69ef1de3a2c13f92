#include "service/rules_past.h"

#include <string.h>

#include "profile/document.h"
#include "sys/token.h"

static const struct programme *programme_of(struct arena *arena, const struct house_city *city,
                                            struct text document) {
    struct profile *profile = arena_new(arena, struct profile);
    struct profile_faults *faults = arena_new(arena, struct profile_faults);
    struct text file = document_join(arena, city->head, &document, 1);
    return profile_load(arena, file, profile, faults) ? profile->programmes.versions[0] : NULL;
}

enum rc rules_past_load(struct tx *tx, const struct house_city *city, struct rules_past *ret_past) {
    struct rules_past past = {.city = city};
    enum rc rc = rules_all(tx, city->id, &past.rows, &past.count);
    if (rc != RC_OK) {
        return rc;
    }
    past.programmes = arena_array(tx->arena, const struct programme *, past.count + 1);
    for (size_t i = 0; i < past.count; i++) {
        past.programmes[i] = programme_of(tx->arena, city, past.rows[i].document);
    }
    *ret_past = past;
    return RC_OK;
}

static void set_add(struct programme_set *set, const struct programme *programme) {
    int32_t at = set->count;
    while (at > 0 && day_before(programme->valid_from, set->versions[at - 1]->valid_from)) {
        set->versions[at] = set->versions[at - 1];
        at--;
    }
    set->versions[at] = programme;
    set->count++;
}

struct programme_set rules_past_at(const struct rules_past *past, int64_t revision) {
    struct programme_set set = {.count = 0};
    if (past->count == 0) {
        return *past->city->rules;
    }
    int64_t at = revision > past->rows[0].since ? revision : past->rows[0].since;
    for (size_t i = 0; i < past->count && set.count < PROGRAMME_VERSIONS_MAX; i++) {
        const struct rules_row *row = &past->rows[i];
        bool known = row->since <= at && (row->ended_since == 0 || row->ended_since > at);
        if (known && past->programmes[i] != NULL) {
            set_add(&set, past->programmes[i]);
        }
    }
    return set;
}

bool rules_past_holds(const struct rules_past *past, size_t row, struct arena *arena) {
    const struct rules_row *at = &past->rows[row];
    struct document document = {.valid_from = DAY_NONE};
    if (past->programmes[row] == NULL || !document_read(arena, at->document, &document) ||
        !day_eq(document.valid_from, at->valid_from) ||
        !text_eq(token_hash(arena, at->document), at->digest)) {
        return false;
    }
    const struct programme *loaded = programme_at(past->city->rules, at->valid_from);
    return at->ended_how.n > 0 || (loaded != NULL && day_eq(loaded->valid_from, at->valid_from) &&
                                   text_eq(loaded->name, past->programmes[row]->name));
}
