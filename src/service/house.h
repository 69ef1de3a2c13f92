/* What every use-case needs from the process: the database, the clock, the log, and the cities served with their
 * rules. Built once at start, then only read, but for what a city is judged by: when its rules change (service/rules.h)
 * a whole new struct house_city takes the place of the old one, which lives on until its last reader lets go of it. */
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
struct city_shelf;
struct known;

/* A place in the shelf takes about 150 bytes, in use or not; a city on it 8 kB and 45 kB for each version of its rules
 * (the text of the file and the tables of core/programme.h), and for a moment twice that when they change. */
enum { HOUSE_CITIES_MAX = 2000 };

/* One city as it is at one moment. Never changed. */
struct house_city {
    struct city_id id;
    struct text code;              /* "hirakata": path prefix /c/{code} */
    struct text name;              /* 枚方市 */
    const struct profile *profile; /* words, contacts, consents (profile/profile.h) */
    const struct programme_set *rules;
    const struct calendar *calendar; /* national holidays and the city's closing days */
    struct text
        head; /* the city's file without its versions, JSON: what the file remains the authority for */
    int64_t revision; /* city.rules_revision when this was read */
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
    struct text public_url;   /* https://sango.example.jp, no slash at the end; for links in messages */
    struct city_shelf *shelf; /* of house_open() */
    struct known *known;      /* whose sessions are remembered (service/known.h); NULL: nobody's */
};

/* Makes room for HOUSE_CITIES_MAX cities. The house may be copied afterwards; the copies share the shelf. */
void house_open(struct house *house, struct arena *arena);
/* Gives back every city, held or not. */
void house_close(struct house *house);

/* Puts a city on the shelf, or in the place of the one with its id, unless that is of a later revision. `own`, when not
 * NULL, holds everything the city points at and is taken over, to be released with it; else all of it must live as long
 * as the house. New cities only before anybody serves. False: the shelf is full, or the code is another city's. */
bool house_city_put(const struct house *house, const struct house_city *city, struct arena *own);

size_t house_city_count(const struct house *house);

/* A reader that may meet a change of rules holds what it reads, and lets go of it (NULL is fine). NULL when there is
 * none. By place: 0 … house_city_count() - 1, in the order of the codes. */
const struct house_city *house_city_hold(const struct house *house, struct text code);
const struct house_city *house_city_hold_at(const struct house *house, size_t place);
const struct house_city *house_city_hold_id(const struct house *house, struct city_id id);
void house_city_let_go(const struct house_city *city);
/* Without holding: for commands and tests, where no rules change between this and the last look at it. */
const struct house_city *house_city_by_code(const struct house *house, struct text code);
const struct house_city *house_city_at(const struct house *house, size_t place);
/* Which city that is, without a look at it: true when there is one. */
bool house_find(const struct house *house, struct text code, struct city_id *ret_id);
struct city_id house_id_at(const struct house *house, size_t place);

/* Counts the cities put on the shelf so far, new ones and changed ones. */
uint64_t house_changes(const struct house *house);
/* The tables that routes kept for everybody (CACHE_CITY) are made of: whoever reads another there adds it here. For
 * db_config.watched. */
extern const char *const house_public_tables[];
/* The tables that nothing remembered or kept is made of (db_config.unshown): whoever remembers rows of one strikes it off. */
extern const char *const house_unshown_tables[];
/* A write can begin right now. Waits for the writer, so it does not come back while that one is stuck. */
NODISCARD bool house_writable(const struct house *house, struct arena *arena);
/* Is this the only process that writes? On SQLite it is; a PostgreSQL database may have other servers on it. */
bool house_alone(const struct house *house);

#endif
