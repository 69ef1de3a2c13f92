/* Empty facts. */
#include "core/facts.h"

#include <string.h>

void facts_init(struct facts *facts) {
    memset(facts, 0, sizeof *facts);
    facts->now = INSTANT_NONE;
    facts->calendar = &calendar_japan;
    facts->loss = DAY_NONE;
    facts->moved_out = DAY_NONE;
    facts->grant.valid_from = DAY_NONE;
    facts->grant.valid_to = DAY_NONE;
}
