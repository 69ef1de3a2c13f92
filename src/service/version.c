#include "service/version.h"

#include "db/db.h"

struct question {
    struct db_version_wait wait;
    version_told told;
    void *ctx;
};

bool version_near(const struct house *house, struct city_id city, struct version *ret_version) {
    uint64_t changes = house_changes(house); /* a change of rules is seen here a moment after its commit */
    struct db_version version;
    bool near = db_version_near(house->db, city.n, &version);
    if (near) {
        *ret_version = (struct version){version.common + changes, version.whole + changes};
    }
    return near;
}

bool version_wait(const struct house *house, struct city_id city, struct version *ret_version) {
    struct db_version version;
    if (version_near(house, city, ret_version)) {
        return true;
    }
    bool known = db_version(house->db, city.n, &version);
    if (known) {
        *ret_version = (struct version){version.common, version.whole};
    }
    return known;
}

static void answered(struct db_version_wait *wait, bool known, struct db_version version) {
    struct question *question = (struct question *)wait;
    question->told(question->ctx, known, (struct version){version.common, version.whole});
}

void version_ask(const struct house *house, struct city_id city, struct arena *arena, version_told told,
                 void *ctx) {
    struct question *question = arena_new(arena, struct question);
    *question = (struct question){.wait = {.scope = city.n, .told = answered}, .told = told, .ctx = ctx};
    db_version_ask(house->db, &question->wait);
}
