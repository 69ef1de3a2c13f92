#include "service/city_load.h"

#include <stdlib.h>

#include "profile/document.h"
#include "profile/profile.h"

enum { OWN_LIMIT = 16 << 20 };

enum rc city_find(struct tx *tx, struct city_id id, struct city_found *ret_found) {
    struct city_found found = {0};
    enum rc rc = city_by_id(tx, id, &found.row);
    if (rc == RC_OK) {
        rc = rules_live(tx, id, &found.versions, &found.version_count);
    }
    if (rc == RC_OK) {
        rc = closed_days_load(tx, id, &found.days, &found.day_count);
    }
    if (rc == RC_OK) {
        *ret_found = found;
    }
    return rc;
}

/* ---- making ---- */

static int day_cmp(const void *a, const void *b) {
    const struct day *left = a;
    const struct day *right = b;
    return (left->n > right->n) - (left->n < right->n);
}

enum { NATIONAL_LEAST = 10 };

/* Has the table the whole list of this year's national holidays, as published since? Then the shipped ones of that year no
 * longer count: a law may have moved one. */
static bool year_imported(const struct city_found *found, int32_t year) {
    int32_t known = 0;
    for (size_t i = 0; i < found->day_count; i++) {
        known += day_ymd(found->days[i].day).year == year && calendar_ships(found->days[i].day);
    }
    return known >= NATIONAL_LEAST;
}

/* Not from their list itself: is it a national holiday of a year that the program did not ship even so? By its name: in
 * the years that it did, the days of that name are holidays more often than not (the table has them, too; a law may have
 * moved one). */
static bool published(const struct city_found *found, const struct closed_day *row) {
    int32_t for_it = 0;
    struct day first = calendar_japan.holidays[0];
    struct day last = calendar_japan.holidays[calendar_japan.count - 1];
    for (size_t i = 0; i < found->day_count && !day_before(row->day, first); i++) {
        const struct closed_day *other = &found->days[i];
        bool known = !day_before(other->day, first) && !day_before(last, other->day);
        if (known && text_eq(other->name, row->name)) {
            for_it += calendar_ships(other->day) ? 1 : -1;
        }
    }
    return for_it > 0;
}

/* The profile's closed days and those of the table, sorted. */
static const struct calendar *calendar_made(struct arena *arena, const struct calendar *given,
                                            const struct city_found *found) {
    struct day *days = arena_array(arena, struct day, given->count + found->day_count + 1);
    struct day *national = arena_array(arena, struct day, found->day_count + 1);
    size_t count = 0;
    size_t national_count = 0;
    int32_t year = 0;
    bool replaced = false;
    for (size_t i = 0; i < given->count; i++) {
        struct day day = given->holidays[i];
        if (day_ymd(day).year != year) {
            year = day_ymd(day).year;
            replaced = year_imported(found, year);
        }
        if (!replaced || !calendar_ships(day)) {
            days[count++] = day;
        }
    }
    for (size_t i = 0; i < found->day_count; i++) {
        days[count++] = found->days[i].day;
        if (found->days[i].national || published(found, &found->days[i])) {
            national[national_count++] = found->days[i].day;
        }
    }
    qsort(days, count, sizeof *days, day_cmp);
    struct calendar *calendar = arena_new(arena, struct calendar);
    *calendar = (struct calendar){.holidays = days,
                                  .count = count,
                                  .year_end = given->year_end,
                                  .published = national,
                                  .published_count = national_count};
    return calendar;
}

/* The file with the versions of the table in place of its own. */
static bool file_made(struct arena *scratch, const struct city_found *found, struct text *ret_head,
                      struct text *ret_file) {
    struct document_set *set = arena_new(scratch, struct document_set);
    struct text *versions = arena_array(scratch, struct text, found->version_count + 1);
    if (!document_split(scratch, found->row.profile, set)) {
        return false;
    }
    for (size_t i = 0; i < found->version_count; i++) {
        versions[i] = found->versions[i].document;
    }
    *ret_head = set->head;
    *ret_file = found->version_count == 0 ? found->row.profile
                                          : document_join(scratch, set->head, versions, found->version_count);
    return true;
}

static bool made(const struct city_found *found, struct arena *own, struct arena *scratch,
                 struct house_city *city, struct text *ret_why) {
    struct profile_faults *faults = arena_new(scratch, struct profile_faults);
    struct profile *profile = arena_new(own, struct profile);
    struct text head = TEXT("");
    struct text file = found->row.profile; /* when it cannot be split, what is wrong is told by reading it */
    (void)file_made(scratch, found, &head, &file);
    if (!profile_load(own, file, profile, faults)) {
        *ret_why =
            text_printf(own, "%.*s: %.*s", TEXT_F(faults->rows[0].pointer), TEXT_F(faults->rows[0].sentence));
        return false;
    }
    *city = (struct house_city){.id = found->row.id,
                                .code = text_copy(own, found->row.code),
                                .name = profile->city.name,
                                .profile = profile,
                                .rules = &profile->programmes,
                                .calendar = calendar_made(own, &profile->city.calendar, found),
                                .head = text_copy(own, head),
                                .revision = found->row.rules_revision};
    return true;
}

bool city_make(const struct city_found *found, struct arena *own, struct house_city *ret_city,
               struct text *ret_why) {
    struct arena scratch;
    arena_init(&scratch, OWN_LIMIT);
    bool good = made(found, own, &scratch, ret_city, ret_why);
    arena_release(&scratch);
    return good;
}

/* ---- moving on ---- */

enum rc city_renew_within(struct tx *tx, struct call *call, bool committed) {
    struct city_found found;
    struct text why;
    int64_t revision = 0;
    enum rc rc = city_rules_revision(tx, call->city->id, &revision);
    if (rc != RC_OK || (committed && revision == call->city->revision)) {
        return rc;
    }
    struct house_city *city = arena_new(call->arena, struct house_city);
    rc = city_find(tx, call->city->id, &found);
    if (rc == RC_OK && !city_make(&found, call->arena, city, &why)) {
        rc = RC_FAULT;
    }
    if (rc == RC_OK) {
        call->city = city;
    }
    return rc;
}
