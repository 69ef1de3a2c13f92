/* The shelf: one seat a city, found by code and by id in sorted lists that stand still once the house serves. On each
 * seat sits what the city is now; what it was stays beside it while somebody holds it. One lock a seat guards both. */
#include "service/house.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "db/db.h"
#include "service/known.h"

enum { SEATED_LIMIT = 16 << 20 };

/* Lives in its own arena. */
struct seated {
    struct house_city city; /* first: whoever holds it has its address */
    struct seat *seat;
    struct arena arena; /* this struct */
    struct arena own;   /* what the city points at */
    int64_t holds;
    struct seated *older; /* still held */
};

struct seat {
    pthread_mutex_t lock;
    struct city_id id;
    struct text code;
    struct seated *now;
    struct seated *older; /* replaced and still held, newest first */
};

struct city_shelf {
    struct arena *arena; /* the house's */
    struct seat seats[HOUSE_CITIES_MAX];
    struct seat *by_code[HOUSE_CITIES_MAX];
    struct seat *by_id[HOUSE_CITIES_MAX];
    size_t count;
    atomic_uint_fast64_t changes;
};

void house_open(struct house *house, struct arena *arena) {
    house->shelf = arena_new(arena, struct city_shelf);
    house->shelf->arena = arena;
    house->known = known_make(arena);
}

static void seated_free(struct seated *seated) {
    struct arena own = seated->own;
    struct arena arena = seated->arena;
    arena_release(&own);
    arena_release(&arena);
}

void house_close(struct house *house) {
    struct city_shelf *shelf = house->shelf;
    for (size_t i = 0; shelf != NULL && i < shelf->count; i++) {
        struct seat *seat = &shelf->seats[i];
        while (seat->older != NULL) {
            struct seated *older = seat->older;
            seat->older = older->older;
            seated_free(older);
        }
        seated_free(seat->now);
        pthread_mutex_destroy(&seat->lock);
    }
    house->shelf = NULL;
    if (house->known != NULL) {
        known_release(house->known);
        house->known = NULL;
    }
}

/* ---- finding ---- */

static size_t place_of_code(const struct city_shelf *shelf, struct text code) {
    size_t low = 0;
    size_t high = shelf->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (text_cmp(shelf->by_code[middle]->code, code) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static size_t place_of_id(const struct city_shelf *shelf, struct city_id id) {
    size_t low = 0;
    size_t high = shelf->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (shelf->by_id[middle]->id.n < id.n) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static struct seat *seat_of_code(const struct house *house, struct text code) {
    const struct city_shelf *shelf = house->shelf;
    size_t place = place_of_code(shelf, code);
    return place < shelf->count && text_eq(shelf->by_code[place]->code, code) ? shelf->by_code[place] : NULL;
}

static struct seat *seat_of_id(const struct house *house, struct city_id id) {
    const struct city_shelf *shelf = house->shelf;
    size_t place = place_of_id(shelf, id);
    return place < shelf->count && shelf->by_id[place]->id.n == id.n ? shelf->by_id[place] : NULL;
}

/* ---- holding ---- */

static const struct house_city *seat_look(struct seat *seat, int64_t holds) {
    if (seat == NULL) {
        return NULL;
    }
    pthread_mutex_lock(&seat->lock);
    struct seated *now = seat->now;
    now->holds += holds;
    pthread_mutex_unlock(&seat->lock);
    return &now->city;
}

const struct house_city *house_city_hold(const struct house *house, struct text code) {
    return seat_look(seat_of_code(house, code), 1);
}

const struct house_city *house_city_hold_id(const struct house *house, struct city_id id) {
    return seat_look(seat_of_id(house, id), 1);
}

const struct house_city *house_city_hold_at(const struct house *house, size_t place) {
    assert(place < house->shelf->count);
    return seat_look(house->shelf->by_code[place], 1);
}

const struct house_city *house_city_by_code(const struct house *house, struct text code) {
    return seat_look(seat_of_code(house, code), 0);
}

const struct house_city *house_city_at(const struct house *house, size_t place) {
    assert(place < house->shelf->count);
    return seat_look(house->shelf->by_code[place], 0);
}

bool house_find(const struct house *house, struct text code, struct city_id *ret_id) {
    const struct seat *seat = seat_of_code(house, code);
    if (seat != NULL) {
        *ret_id = seat->id;
    }
    return seat != NULL;
}

struct city_id house_id_at(const struct house *house, size_t place) {
    assert(place < house->shelf->count);
    return house->shelf->by_code[place]->id;
}

/* Out of the seat's list, when nobody can come to hold it any more. Called with the lock. */
static bool seated_leave(struct seat *seat, struct seated *seated) {
    if (seated == seat->now || seated->holds > 0) {
        return false;
    }
    struct seated **at = &seat->older;
    while (*at != seated) {
        at = &(*at)->older;
    }
    *at = seated->older;
    return true;
}

void house_city_let_go(const struct house_city *city) {
    if (city == NULL) {
        return;
    }
    union {
        const struct house_city *in;
        struct seated *out;
    } of = {.in = city}; /* it is the first member of ours, and ours are never const */
    struct seat *seat = of.out->seat;
    pthread_mutex_lock(&seat->lock);
    assert(of.out->holds > 0);
    of.out->holds--;
    bool gone = seated_leave(seat, of.out);
    pthread_mutex_unlock(&seat->lock);
    if (gone) {
        seated_free(of.out);
    }
}

/* ---- changing ---- */

static struct seated *seated_make(const struct house_city *city, struct arena *own) {
    struct arena arena;
    arena_init(&arena, SEATED_LIMIT);
    struct seated *seated = arena_new(&arena, struct seated);
    seated->city = *city;
    if (own != NULL) {
        seated->own = *own;
        *own = (struct arena){0};
    }
    seated->arena = arena;
    return seated;
}

static bool seat_add(struct city_shelf *shelf, const struct house_city *city, struct arena *own) {
    if (shelf->count == HOUSE_CITIES_MAX) {
        return false;
    }
    struct seated *seated = seated_make(city, own);
    struct seat *seat = &shelf->seats[shelf->count];
    size_t code = place_of_code(shelf, city->code);
    size_t id = place_of_id(shelf, city->id);
    pthread_mutex_init(&seat->lock, NULL);
    seat->id = city->id;
    seat->code = text_copy(shelf->arena, city->code);
    seat->now = seated;
    seated->seat = seat;
    memmove(&shelf->by_code[code + 1], &shelf->by_code[code], (shelf->count - code) * sizeof(struct seat *));
    memmove(&shelf->by_id[id + 1], &shelf->by_id[id], (shelf->count - id) * sizeof(struct seat *));
    shelf->by_code[code] = seat;
    shelf->by_id[id] = seat;
    shelf->count++;
    return true;
}

/* Whichever of the two is not wanted any more is given back. */
static void seat_change(struct seat *seat, struct seated *next) {
    struct seated *gone = next;
    next->seat = seat;
    pthread_mutex_lock(&seat->lock);
    struct seated *before = seat->now;
    if (next->city.revision >= before->city.revision) {
        seat->now = next;
        before->older = seat->older;
        seat->older = before;
        gone = seated_leave(seat, before) ? before : NULL;
    }
    pthread_mutex_unlock(&seat->lock);
    if (gone != NULL) {
        seated_free(gone);
    }
}

bool house_city_put(const struct house *house, const struct house_city *city, struct arena *own) {
    struct city_shelf *shelf = house->shelf;
    struct seat *seat = seat_of_id(house, city->id);
    struct seat *named = seat_of_code(house, city->code);
    bool fine = named == seat && (seat != NULL || seat_add(shelf, city, own));
    if (fine && seat != NULL) {
        seat_change(seat, seated_make(city, own));
    }
    atomic_fetch_add(&shelf->changes, fine);
    return fine;
}

/* ---- the house as a whole ---- */

size_t house_city_count(const struct house *house) {
    return house->shelf->count;
}

uint64_t house_changes(const struct house *house) {
    return atomic_load(&house->shelf->changes);
}

const char *const house_public_tables[] = {"city", "closed_day", "facility",      "facility_care",
                                           "slot", "block",      "rules_version", NULL};
const char *const house_unshown_tables[] = {"audit", "backoff", "idem", "installation", "job", "link", NULL};

bool house_writable(const struct house *house, struct arena *arena) {
    enum db_error error;
    return db_ping_writable(house->db, arena, &error) == RC_OK;
}

bool house_alone(const struct house *house) {
    return house->db == NULL || db_engine(house->db) == DB_SQLITE;
}
