/* What a city was judged by at any of its revisions: for checking what was decided then. */
#ifndef SANGO_SERVICE_RULES_PAST_H
#define SANGO_SERVICE_RULES_PAST_H

#include "service/house.h"
#include "store/rules.h"

struct rules_past {
    const struct house_city *city; /* its own rules count where no version is stored */
    struct rules_row *rows;
    const struct programme **programmes; /* of each row; NULL: it cannot be read */
    size_t count;
};
/* Everything lives in the transaction's arena. */
NODISCARD enum rc rules_past_load(struct tx *tx, const struct house_city *city, struct rules_past *ret_past);
/* 0, from before there were revisions, is what the first one brought. */
struct programme_set rules_past_at(const struct rules_past *past, int64_t revision);
/* Is the row readable, as it was written, and, while it is live, what the city has on the shelf? */
bool rules_past_holds(const struct rules_past *past, size_t row, struct arena *arena);

#endif
