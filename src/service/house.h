/* What every use-case needs from the process: the database, the clock, the log, and the cities served with their
 * rules. Built once at start, then only read, but for a city's `rules`, which are replaced as a whole when a new
 * version of its profile is published. */
#ifndef SANGO_SERVICE_HOUSE_H
#define SANGO_SERVICE_HOUSE_H

#include "base/id.h"
#include "core/calendar.h"
#include "core/programme.h"
#include "sys/env.h"
#include "sys/log.h"
#include "sys/password.h"

struct db;
struct profile;

enum { HOUSE_CITIES_MAX = 64 };

struct house_city {
    struct city_id id;
    struct text code;              /* "hirakata": path prefix /c/{code} */
    struct text name;              /* 枚方市 */
    const struct profile *profile; /* words, contacts, consents (profile/profile.h) */
    const struct programme_set *rules;
    const struct calendar *calendar; /* national holidays and the city's closing days */
};

struct house {
    struct db *db;
    const struct env *env;
    const struct log *log;
    struct password_gate *gate;
    struct text secret; /* 32 random bytes of this installation: keys of hashes and CSRF tokens */
    bool demo;          /* every page says that nothing here is real */
    int64_t
        ahead_seconds; /* a demo's clock before the machine's, by which authenticator apps count; else 0 */
    struct text public_url; /* https://sango.example.jp, no slash at the end; for links in messages */
    struct house_city cities[HOUSE_CITIES_MAX];
    size_t city_count;
};

/* NULL when there is none. */
const struct house_city *house_city_by_code(const struct house *house, struct text code);
const struct house_city *house_city_by_id(const struct house *house, struct city_id id);
/* The tables that routes kept for everybody (CACHE_CITY) are made of: whoever reads another there adds it here. For
 * db_config.watched. */
extern const char *const house_public_tables[];
/* A write can begin right now. Waits for the writer, so it does not come back while that one is stuck. */
NODISCARD bool house_writable(const struct house *house, struct arena *arena);
/* Is this the only process that writes? On SQLite it is; a PostgreSQL database may have other servers on it. */
bool house_alone(const struct house *house);

#endif
