#include "service/fresh.h"

#include "service/city_load.h"
#include "service/write.h"

enum { OWN_LIMIT = 16 << 20 };

struct find_run {
    struct city_id id;
    struct city_found found;
};

static enum rc find_run(struct tx *tx, void *arg) {
    struct find_run *find = arg;
    return city_find(tx, find->id, &find->found);
}

/* Reads what is committed and puts it on the shelf. */
static enum rc shelf_renew(const struct house *house, struct city_id id, struct arena *arena) {
    struct find_run find = {.id = id};
    struct arena own;
    struct house_city city;
    struct text why;
    enum db_error error = DB_FINE;
    enum rc rc = db_read(house->db, arena, find_run, &find, &error);
    arena_init(&own, OWN_LIMIT);
    if (rc == RC_OK && (!city_make(&find.found, &own, &city, &why) || !house_city_put(house, &city, &own))) {
        if (house->log != NULL) {
            log_write(house->log, LOG_LEVEL_ERROR, "rules",
                      LOG_FIELDS(log_code("result", "unreadable"), log_id("city", id.n)));
        }
        rc = RC_FAULT;
    }
    arena_release(&own);
    return rc;
}

enum rc fresh_city(const struct call *call, int64_t revision, const struct house_city **ret_held) {
    struct city_id id = call->city->id;
    const struct house_city *held = house_city_hold_id(call->house, id);
    if (held->revision < revision) { /* nobody else has been here before */
        house_city_let_go(held);
        enum rc rc = shelf_renew(call->house, id, call->arena);
        if (rc != RC_OK) {
            return rc;
        }
        held = house_city_hold_id(call->house, id);
    }
    *ret_held = held;
    return RC_OK;
}

void fresh_after(const struct call *call) {
    const struct house_city *held = NULL;
    if (fresh_city(call, call->city->revision + 1, &held) ==
        RC_OK) { /* else with the next session that is read */
        house_city_let_go(held);
    }
}

static enum rc revision_run(struct tx *tx, void *arg) {
    struct city_revision *asked = arg;
    return city_rules_revision(tx, asked->id, &asked->revision);
}

enum rc fresh_revision(struct call *call, int64_t *ret_revision) {
    struct city_revision asked = {call->city->id, call->city->revision};
    enum rc rc = house_alone(call->house) ? RC_OK : call_read(call, revision_run, &asked);
    if (rc == RC_OK) {
        *ret_revision = asked.revision;
    }
    return rc;
}

struct revisions {
    struct city_revision *rows;
    size_t count;
};

static enum rc revisions_run(struct tx *tx, void *arg) {
    struct revisions *revisions = arg;
    return city_revisions(tx, &revisions->rows, &revisions->count);
}

enum rc fresh_house(const struct house *house, struct arena *arena) {
    struct revisions revisions = {0};
    enum db_error error = DB_FINE;
    if (house_alone(house)) {
        return RC_OK; /* whoever changed something here has put it on the shelf */
    }
    enum rc rc = db_read(house->db, arena, revisions_run, &revisions, &error);
    for (size_t i = 0; rc == RC_OK && i < revisions.count; i++) {
        const struct house_city *held = house_city_hold_id(house, revisions.rows[i].id);
        bool behind = held != NULL && held->revision < revisions.rows[i].revision;
        house_city_let_go(held);
        rc = behind ? shelf_renew(house, revisions.rows[i].id, arena) : RC_OK;
    }
    return rc;
}
