#include "service/version.h"

#include "db/db.h"

struct question {
    struct db_version_wait wait;
    version_told told;
    void *ctx;
};

bool version_near(const struct house *house, struct city_id city, uint64_t *ret_version) {
    uint64_t changes = house_changes(house); /* a change of rules is seen here a moment after its commit */
    bool near = db_version_near(house->db, city.n, ret_version);
    if (near) {
        *ret_version += changes;
    }
    return near;
}

bool version_wait(const struct house *house, struct city_id city, uint64_t *ret_version) {
    return version_near(house, city, ret_version) || db_version(house->db, city.n, ret_version);
}

static void answered(struct db_version_wait *wait, bool known, uint64_t version) {
    struct question *question = (struct question *)wait;
    question->told(question->ctx, known, version);
}

void version_ask(const struct house *house, struct city_id city, struct arena *arena, version_told told,
                 void *ctx) {
    struct question *question = arena_new(arena, struct question);
    *question = (struct question){.wait = {.scope = city.n, .told = answered}, .told = told, .ctx = ctx};
    db_version_ask(house->db, &question->wait);
}
