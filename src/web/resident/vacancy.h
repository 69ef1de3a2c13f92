/* Vacancies as residents look at them: the care asked about, the earliest places of a facility, a month as a calendar.
 * Everything here is the same for everybody, so that pages made of it may be kept by web/page_cache.h. */
#ifndef SANGO_WEB_RESIDENT_VACANCY_H
#define SANGO_WEB_RESIDENT_VACANCY_H

#include "core/timing.h"
#include "query/facilities.h"
#include "web/component.h"
#include "web/exchange.h"

/* The care asked about and from when to when it may begin. */
struct care_ask {
    const struct programme *programme;
    const struct care *care;
    struct day first; /* earliest day that may be booked; DAY_NONE: none */
    struct day last;
};
/* Unknown or empty codes take the first care. False: the city has no rules today. */
NODISCARD bool care_ask_make(const struct exchange *x, struct text code, struct care_ask *ret_ask);

struct vacancy_table {
    struct vacancy_row *rows; /* by facility, then day */
    size_t count;
};
/* Every place of the care from its first day on, of one facility. */
NODISCARD enum rc vacancy_load(const struct exchange *x, const struct care_ask *ask,
                               struct facility_id facility, struct vacancy_table *ret_table);
/* Of all facilities of a ward (empty: of all), but only their first three open days, which vacancy_earliest() finds; the
 * other figures of these rows are not filled. */
NODISCARD enum rc vacancy_load_earliest(const struct exchange *x, const struct care_ask *ask,
                                        struct text ward, struct vacancy_table *ret_table);
/* NULL when there is no slot. */
const struct vacancy_row *vacancy_find(const struct vacancy_table *table, struct facility_id facility,
                                       struct day day);
enum mark vacancy_sign(const struct vacancy_row *row); /* NULL: closed */
/* The earliest days with a place, from `from` on (DAY_NONE: any), at most `max`. */
size_t vacancy_earliest(const struct vacancy_table *table, struct facility_id facility, struct day from,
                        struct day *ret_days, size_t max);

/* "課税世帯 3,100円 ／ 非課税世帯 600円": the first unit for each class at this facility. */
struct text vacancy_price(const struct exchange *x, const struct care_ask *ask,
                          const struct facility_row *facility);
/* "10:00から翌日の10:00まで" */
struct text vacancy_hours(const struct exchange *x, const struct care *care);

/* Where a day leads: the booking's next question, or the wish when it is full. */
struct text vacancy_link(const struct exchange *x, const struct care_ask *ask, struct facility_id facility,
                         struct day day, struct booking_id change);

struct month_ask {
    struct care_ask care;
    struct facility_id facility;
    struct day month;         /* DAY_NONE: the month of the first day with a place */
    struct booking_id change; /* {0}: a new booking */
    struct text month_url;    /* link to another month, ready for "&month=" */
    const struct vacancy_table *table;
};
void vacancy_month(const struct exchange *x, const struct month_ask *ask, struct calendar_view *ret_view);

#endif
