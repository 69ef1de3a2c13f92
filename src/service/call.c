#include "service/call.h"

#include <assert.h>

#include "db/db.h"
#include "service/house.h"

static const char *const codes[ROLE__MAX] = {[ROLE_PUBLIC] = "public",
                                             [ROLE_RESIDENT] = "resident",
                                             [ROLE_FACILITY] = "facility",
                                             [ROLE_COORDINATOR] = "coordinator",
                                             [ROLE_CITY_ADMIN] = "city_admin",
                                             [ROLE_AUDITOR] = "auditor",
                                             [ROLE_CLOCK] = "clock"};

const char *role_code(enum role role) {
    assert(role < ROLE__MAX);
    return codes[role];
}

bool role_parse(struct text t, enum role *ret_role) {
    for (size_t i = 0; i < ROLE__MAX; i++) {
        if (text_is(t, codes[i])) {
            *ret_role = (enum role)i;
            return true;
        }
    }
    return false;
}

bool role_is_staff(enum role role) {
    return role == ROLE_FACILITY || role == ROLE_COORDINATOR || role == ROLE_CITY_ADMIN ||
           role == ROLE_AUDITOR;
}

bool call_unavailable(const struct call *call) {
    return call->fault == DB_BUSY || call->fault == DB_FULL || call->fault == DB_IO || call->fault == DB_RACE;
}

void call_view_begin(const struct call *call) {
    if (call->house->db != NULL) {
        db_view_begin(call->house->db);
    }
}

void call_view_end(const struct call *call) {
    if (call->house->db != NULL) {
        db_view_end(call->house->db);
    }
}
