/* Facilities as a list to choose from: the earliest places first. */
#ifndef SANGO_WEB_RESIDENT_PLACE_H
#define SANGO_WEB_RESIDENT_PLACE_H

#include "web/resident/public_view.h"
#include "web/resident/vacancy.h"

/* "助産院・北部" */
struct text place_line(const struct exchange *x, const struct facility_row *row);
/* "ふたご・みつご可・…" */
struct text place_features(const struct exchange *x, const struct facility_row *row);

struct places {
    const struct place_view *items;
    size_t count;
    size_t free_count; /* those with a place */
};
/* `booking` NULL: for looking around; else the list is a step of booking, and *booking the one to be changed ({0}: a
 * new one). */
NODISCARD enum rc place_list_load(const struct exchange *x, const struct care_ask *care,
                                  const struct facility_ask *wanted, const struct booking_id *booking,
                                  struct places *ret_places);

#endif
