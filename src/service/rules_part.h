/* What reading and changing a city's rules share. */
#ifndef SANGO_SERVICE_RULES_PART_H
#define SANGO_SERVICE_RULES_PART_H

#include "service/rules.h"
#include "service/write.h"
#include "store/city.h"
#include "store/rules.h"

/* Fills everything of *check but the draft, which is there. DAY_NONE: the day that the draft names. */
NODISCARD enum rc rules_judge(struct tx *tx, struct call *call, struct day valid_from,
                              struct rules_check *check);

#endif
