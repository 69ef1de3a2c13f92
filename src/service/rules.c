/* Reading a city's rules: the list, one version, the draft, and what publishing it would do. */
#include "service/rules.h"

#include "profile/document.h"
#include "service/rules_part.h"
#include "words/words.h"

struct text rules_state_code(enum rules_state state) {
    static const struct text codes[RULES_STATE__MAX] = {[RULES_COMING] = TEXT_INIT("coming"),
                                                        [RULES_IN_FORCE] = TEXT_INIT("in-force"),
                                                        [RULES_PAST] = TEXT_INIT("past"),
                                                        [RULES_REPLACED] = TEXT_INIT("replaced"),
                                                        [RULES_WITHDRAWN] = TEXT_INIT("withdrawn")};
    return codes[state];
}

static bool is_city_staff(const struct call *call) {
    enum role role = call->actor.role;
    return role == ROLE_CITY_ADMIN || role == ROLE_COORDINATOR || role == ROLE_AUDITOR;
}

/* ---- rows ---- */

/* The first day of the live version after this one; DAY_NONE: there is none. */
static struct day next_from(const struct rules_row *rows, size_t count, struct day from) {
    struct day next = DAY_NONE;
    for (size_t i = 0; i < count; i++) {
        bool after = rows[i].ended_how.n == 0 && day_before(from, rows[i].valid_from);
        if (after && (day_is_none(next) || day_before(rows[i].valid_from, next))) {
            next = rows[i].valid_from;
        }
    }
    return next;
}

static enum rules_state state_of(const struct rules_row *row, struct day next, struct day today) {
    if (row->ended_how.n > 0) {
        return text_is(row->ended_how, "replaced") ? RULES_REPLACED : RULES_WITHDRAWN;
    }
    if (day_before(today, row->valid_from)) {
        return RULES_COMING;
    }
    return !day_is_none(next) && !day_before(today, next) ? RULES_PAST : RULES_IN_FORCE;
}

static struct rules_version version_of(const struct call *call, const struct rules_row *rows, size_t count,
                                       const struct rules_row *row) {
    bool staff = is_city_staff(call);
    bool live = row->ended_how.n == 0;
    struct day next = live ? next_from(rows, count, row->valid_from) : DAY_NONE;
    struct document document = {.name = TEXT("")};
    (void)!document_read(call->arena, row->document, &document); /* without a name when it cannot be read */
    return (struct rules_version){.number = row->number,
                                  .valid_from = row->valid_from,
                                  .valid_to = day_is_none(next) ? DAY_NONE : day_add(next, -1),
                                  .state = state_of(row, next, instant_day(call->now)),
                                  .name = document.name,
                                  .document = row->document,
                                  .imported = row->imported,
                                  .published_at = row->published_at,
                                  .published_by = staff ? row->published_by : (struct account_id){0},
                                  .published_name = staff ? row->published_name : TEXT(""),
                                  .reason = staff ? row->reason : TEXT(""),
                                  .ended_at = row->ended_at,
                                  .ended_name = staff ? row->ended_name : TEXT(""),
                                  .ended_reason = staff ? row->ended_reason : TEXT("")};
}

struct list_run {
    struct city_id city;
    struct rules_row *rows;
    size_t count;
    bool has_draft;
};

static enum rc list_run(struct tx *tx, void *arg) {
    struct list_run *list = arg;
    struct rules_draft_row draft;
    enum rc rc = rules_all(tx, list->city, &list->rows, &list->count);
    if (rc == RC_OK) {
        rc = rules_draft_find(tx, list->city, &draft);
        list->has_draft = rc == RC_OK;
    }
    return rc == RC_NONE ? RC_OK : rc;
}

enum rc rules_list(struct call *call, struct rules_list *ret_list) {
    struct list_run run = {.city = call->city->id};
    enum rc rc = call_read(call, list_run, &run);
    if (rc != RC_OK) {
        return rc;
    }
    struct rules_version *versions = arena_array(call->arena, struct rules_version, run.count + 1);
    for (size_t i = 0; i < run.count; i++) {
        versions[i] = version_of(call, run.rows, run.count, &run.rows[run.count - 1 - i]);
        versions[i].document = TEXT("");
    }
    *ret_list = (struct rules_list){versions, run.count, run.has_draft && is_city_staff(call)};
    return RC_OK;
}

enum rc rules_read(struct call *call, int64_t number, struct rules_version *ret_version) {
    struct list_run run = {.city = call->city->id};
    enum rc rc = call_read(call, list_run, &run);
    for (size_t i = 0; rc == RC_OK && i < run.count; i++) {
        if (run.rows[i].number == number) {
            *ret_version = version_of(call, run.rows, run.count, &run.rows[i]);
            return RC_OK;
        }
    }
    return rc == RC_OK ? RC_NONE : rc;
}

/* ---- the draft ---- */

struct draft_run {
    struct city_id city;
    struct rules_draft_row row;
};

static enum rc draft_run(struct tx *tx, void *arg) {
    struct draft_run *run = arg;
    return rules_draft_find(tx, run->city, &run->row);
}

static struct rules_draft draft_of(const struct rules_draft_row *row) {
    return (struct rules_draft){.revision = row->revision,
                                .based_on = row->based_on,
                                .document = row->document,
                                .changed_at = row->changed_at,
                                .changed_by = row->changed_by,
                                .changed_name = row->changed_name};
}

enum rc rules_draft_read(struct call *call, struct rules_draft *ret_draft) {
    struct draft_run run = {.city = call->city->id};
    enum rc rc = is_city_staff(call) ? call_read(call, draft_run, &run) : RC_NONE;
    if (rc == RC_OK) {
        *ret_draft = draft_of(&run.row);
    }
    return rc;
}

/* ---- a document among the others ---- */

const struct programme *rules_beginning(const struct programme_set *set, struct day valid_from) {
    for (int32_t i = 0; i < set->count; i++) {
        if (day_eq(set->versions[i]->valid_from, valid_from)) {
            return set->versions[i];
        }
    }
    return NULL;
}

/* In place of the one that begins on the same day, else in between. */
static bool set_with(const struct programme_set *before, const struct programme *one,
                     struct programme_set *set) {
    bool put = false;
    *set = (struct programme_set){.count = 0};
    for (int32_t i = 0; i < before->count; i++) {
        const struct programme *old = before->versions[i];
        bool same = day_eq(old->valid_from, one->valid_from);
        if (!put && (same || day_before(one->valid_from, old->valid_from))) {
            set->versions[set->count++] = one;
            put = true;
        }
        if (!same && set->count < PROGRAMME_VERSIONS_MAX) {
            set->versions[set->count++] = old;
        } else if (!same) {
            return false;
        }
    }
    if (!put && set->count < PROGRAMME_VERSIONS_MAX) {
        set->versions[set->count++] = one;
        put = true;
    }
    return put;
}

/* "/versions/0/cares" of the file with this version alone is "/cares" of the document. */
static void pointers_cut(struct profile_faults *faults) {
    static const struct text prefix = TEXT_INIT("/versions/0");
    for (int32_t i = 0; i < faults->count; i++) {
        struct text *pointer = &faults->rows[i].pointer;
        if (text_starts(*pointer, prefix)) {
            *pointer = text_part(*pointer, prefix.n, pointer->n);
        }
    }
}

bool rules_with(struct call *call, struct text document, struct day valid_from, struct profile *ret_profile,
                struct profile_faults *ret_faults) {
    struct arena *arena = call->arena;
    struct document read;
    struct profile *alone = arena_new(arena, struct profile);
    *ret_faults = (struct profile_faults){.count = 0};
    struct text json = document;
    if (document_read(arena, document, &read)) {
        json = day_is_none(valid_from) ? read.json : document_dated(arena, read.json, valid_from);
    }
    struct text file = document_join(arena, call->city->head, &json, 1);
    if (!profile_load(arena, file, alone, ret_faults)) {
        pointers_cut(ret_faults);
        return false;
    }
    struct programme_set set;
    if (!set_with(call->city->rules, alone->programmes.versions[0], &set)) {
        ret_faults->rows[ret_faults->count++] =
            (struct profile_fault){TEXT(""), word_text(W_PROFILE_VERSIONS_FULL)};
        return false;
    }
    alone->programmes = set;
    *ret_profile = *alone;
    return true;
}

/* ---- checking ---- */

struct check_run {
    struct call *call;
    struct day valid_from;
    struct rules_check *check;
};

static enum rc check_run(struct tx *tx, void *arg) {
    struct check_run *run = arg;
    struct rules_check *check = run->check;
    struct draft_run draft = {.city = run->call->city->id};
    enum rc rc = draft_run(tx, &draft);
    if (rc != RC_OK) {
        return rc;
    }
    check->draft = draft_of(&draft.row);
    return rules_judge(tx, run->call, run->valid_from, check);
}

enum rc rules_check(struct call *call, struct day valid_from, struct rules_check *ret_check) {
    struct rules_check *check = arena_new(call->arena, struct rules_check);
    struct check_run run = {call, valid_from, check};
    enum rc rc = is_city_staff(call) ? call_read(call, check_run, &run) : RC_NONE;
    if (rc == RC_OK) {
        *ret_check = *check;
    }
    return rc;
}

enum rc rules_judge(struct tx *tx, struct call *call, struct day valid_from, struct rules_check *check) {
    static const struct day end = {INT32_MAX / 2};
    struct profile *profile = arena_new(call->arena, struct profile);
    struct rules_live *live = NULL;
    size_t count = 0;
    struct document document = {.valid_from = DAY_NONE};
    struct day today = instant_day(call->now);
    struct day before = end;
    (void)!document_read(call->arena, check->draft.document, &document); /* its faults are told below */
    check->valid_from = day_is_none(valid_from) ? document.valid_from : valid_from;
    check->first_possible = day_add(today, 1);
    check->day_possible = !day_is_none(check->valid_from) && day_before(today, check->valid_from);
    check->sound = rules_with(call, check->draft.document, check->valid_from, profile, &check->faults);
    enum rc rc = rules_live(tx, call->city->id, &live, &count);
    for (size_t i = 0; rc == RC_OK && i < count && !day_is_none(check->valid_from); i++) {
        if (day_eq(live[i].valid_from, check->valid_from) && check->day_possible) {
            check->replaces = live[i].number;
        } else if (day_before(check->valid_from, live[i].valid_from) &&
                   day_before(live[i].valid_from, before)) {
            before = live[i].valid_from;
        }
    }
    return rc == RC_OK && !day_is_none(check->valid_from)
               ? rules_bookings(tx, call->city->id, check->valid_from, before, &check->bookings)
               : rc;
}
