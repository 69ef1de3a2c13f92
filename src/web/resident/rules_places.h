/* The last section of the rules' page: what single facilities keep narrower than the city. */
#ifndef SANGO_WEB_RESIDENT_RULES_PLACES_H
#define SANGO_WEB_RESIDENT_RULES_PLACES_H

#include "web/exchange.h"
#include "web/resident/rules.h"

/* Adds it to a view that rules_fill() made; nothing when no facility differs. False: that failed, and the exchange is
 * answered. */
NODISCARD bool rules_put_places(struct exchange *x, const struct programme *programme,
                                struct rules_view *view);

#endif
