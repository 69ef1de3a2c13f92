/* Is what everybody sees of a city still as it was? Equal versions of a city: nothing of what common pages are made of
 * (house_public_tables) was committed in between, by this process or any other. */
#ifndef SANGO_SERVICE_VERSION_H
#define SANGO_SERVICE_VERSION_H

#include "service/house.h"

/* True where this process knows without asking (SQLite). */
NODISCARD bool version_near(const struct house *house, struct city_id city, uint64_t *ret_version);
/* Asks and waits; false: it cannot be known right now. Holds every write acknowledged before the call. */
NODISCARD bool version_wait(const struct house *house, struct city_id city, uint64_t *ret_version);
/* Asks and goes on: `told` is called once, on any thread, maybe before this returns; it must not block. */
typedef void (*version_told)(void *ctx, bool known, uint64_t version);
void version_ask(const struct house *house, struct city_id city, struct arena *arena, version_told told,
                 void *ctx);

#endif
