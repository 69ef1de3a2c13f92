/* Is what is shown of a city still as it was? Equal versions of a city: nothing of what common pages are made of
 * (house_public_tables), or nothing of what anybody's page is made of (all but house_unshown_tables), was committed in
 * between, by this process or any other. */
#ifndef SANGO_SERVICE_VERSION_H
#define SANGO_SERVICE_VERSION_H

#include "service/house.h"

struct version {
    uint64_t common; /* of what is the same for everybody */
    uint64_t whole;  /* of whatever is shown to somebody, and of who somebody is */
};

/* True where this process knows without asking (SQLite). */
NODISCARD bool version_near(const struct house *house, struct city_id city, struct version *ret_version);
/* Asks and waits; false: it cannot be known right now. Holds every write acknowledged before the call. */
NODISCARD bool version_wait(const struct house *house, struct city_id city, struct version *ret_version);
/* Asks and goes on: `told` is called once, on any thread, maybe before this returns; it must not block. */
typedef void (*version_told)(void *ctx, bool known, struct version version);
void version_ask(const struct house *house, struct city_id city, struct arena *arena, version_told told,
                 void *ctx);

#endif
