#include "service/version.h"

#include "db/db.h"

struct question {
    struct db_version_wait wait;
    uint64_t changes; /* house_changes() when it was asked */
    version_told told;
    void *ctx;
};

static struct version version_of(struct db_version version, uint64_t changes) {
    return (struct version){version.common + changes, version.whole + changes};
}

bool version_near(const struct house *house, struct city_id city, struct version *ret_version) {
    uint64_t changes = house_changes(house); /* a change of rules is seen here a moment after its commit */
    struct db_version version;
    bool near = db_version_near(house->db, city.n, &version);
    if (near) {
        *ret_version = version_of(version, changes);
    }
    return near;
}

bool version_wait(const struct house *house, struct city_id city, struct version *ret_version) {
    uint64_t changes = house_changes(house);
    struct db_version version;
    bool known = db_version(house->db, city.n, &version);
    if (known) {
        *ret_version = version_of(version, changes);
    }
    return known;
}

static void answered(struct db_version_wait *wait, bool known, struct db_version version) {
    struct question *question = (struct question *)wait;
    question->told(question->ctx, known, version_of(version, question->changes));
}

void version_ask(const struct house *house, struct city_id city, struct arena *arena, version_told told,
                 void *ctx) {
    struct question *question = arena_new(arena, struct question);
    *question = (struct question){.wait = {.scope = city.n, .told = answered},
                                  .changes = house_changes(house),
                                  .told = told,
                                  .ctx = ctx};
    db_version_ask(house->db, &question->wait);
}
