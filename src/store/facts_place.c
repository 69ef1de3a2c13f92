/* Which slot days a request needs, and what is open on them. */
#include <assert.h>

#include "store/facts.h"

struct age_window facts_narrowed(const struct programme *programme, struct text care, int64_t months) {
    struct age_window window = {.set = false};
    if (months <= 0) {
        return window;
    }
    int32_t row = programme == NULL ? -1 : programme_care(programme, care);
    if (row >= 0) {
        window = programme->cares[row].age;
    }
    window.set = true;
    window.n = (int32_t)months;
    window.unit = AGE_MONTHS;
    window.bound = AGE_UNDER;
    return window;
}

bool facts_range(const struct facts_ask *ask, struct slot_range *ret_range) {
    if (!day_sane(ask->request.start) || !day_sane(ask->request.end)) {
        return false;
    }
    const struct programme *programme = programme_at(ask->rules, ask->request.start);
    int32_t care = programme == NULL ? -1 : programme_care(programme, ask->request.care);
    if (care < 0) {
        return false;
    }
    struct day days[SLOT_DAYS_MAX];
    int32_t count = slot_days(programme->cares[care].kind, ask->request.start, ask->request.end, days);
    if (count == 0) {
        return false;
    }
    *ret_range = (struct slot_range){.city = ask->city,
                                     .facility = ask->facility,
                                     .care = ask->request.care,
                                     .from = days[0],
                                     .to = days[count - 1]};
    return true;
}

static bool range_has(const struct slot_range *range, const struct slot_range *place, struct day day) {
    return range != NULL && range->facility.n == place->facility.n && text_eq(range->care, place->care) &&
           !day_before(day, range->from) && !day_before(range->to, day);
}

void facts_places(struct arena *arena, struct facts_found *found, const struct slot_range *range,
                  const struct slot *slots, size_t slot_count, const struct slot_range *own) {
    struct facts *facts = &found->facts;
    int64_t days = slot_range_days(range);
    assert(days <= SLOT_DAYS_MAX);
    struct day *closed = arena_array(arena, struct day, (size_t)days + 1);
    size_t closed_count = 0;
    size_t at = 0;
    for (int32_t i = 0; i < days; i++) {
        struct day day = day_add(range->from, i);
        while (at < slot_count && day_before(slots[at].day, day)) {
            at++;
        }
        bool here = at < slot_count && day_eq(slots[at].day, day);
        int64_t open = here ? slot_open(&slots[at]) : 0;
        bool hers = range_has(own, range, day);
        facts->vacancy[i] = hers ? 1 : (int32_t)(open > 0 ? open : 0);
        if (!hers && (found->suspended || !here || slots[at].capacity == 0)) {
            closed[closed_count++] = day;
        }
    }
    facts->vacancy_known = true;
    facts->vacancy_count = (int32_t)days;
    facts->facility.closed = closed;
    facts->facility.closed_count = closed_count;
}
