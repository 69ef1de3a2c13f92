/* Places by day for staff: loading them, and the cells of their grids. */
#ifndef SANGO_WEB_STAFF_PLACES_H
#define SANGO_WEB_STAFF_PLACES_H

#include "query/facilities.h"
#include "web/component.h"
#include "web/exchange.h"
#include "web/staff/booking_view.h"

/* The facility that the page is about: one's own, or the city's /city/facilities/{id}/…. */
struct facility_id staff_place_id(const struct exchange *x);
/* "/facility" + rest, or "/city/facilities/ID" + rest. */
struct text staff_place_path(const struct exchange *x, const char *rest);
/* For the city the facility's name, empty for a facility itself. RC_NONE: there is none. */
NODISCARD enum rc staff_place_name(const struct exchange *x, struct text *ret_name);

struct staff_places {
    struct vacancy_row *rows; /* by facility, then day */
    size_t count;
};
/* `facility` {0}: all of the city. */
NODISCARD enum rc staff_places_load(const struct exchange *x, struct facility_id facility, struct text care,
                                    struct day from, int32_t days, struct staff_places *ret_places);
/* NULL: no slot that day. */
const struct vacancy_row *staff_places_find(const struct staff_places *places, struct facility_id facility,
                                            struct day day);
/* "予約2 空き1", with everything said in words; plain and "―" without a slot. */
struct grid_cell staff_places_cell(const struct exchange *x, const struct vacancy_row *row);
/* `count` days from `from` on. */
struct day *staff_places_days(const struct exchange *x, struct day from, size_t count);
/* A row for each care of the programme. */
NODISCARD enum rc staff_places_grid(struct exchange *x, struct facility_id facility, struct day from,
                                    size_t days, struct grid_view *ret_grid);
/* Open bookings of the page's facility on days that are promised beyond capacity, from today on: people must settle
 * them. */
NODISCARD enum rc staff_places_affected(struct exchange *x, struct booking_list *ret_list);

#endif
