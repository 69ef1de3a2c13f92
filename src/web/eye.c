#include "web/eye.h"

struct query eye_of(const struct exchange *x) {
    static const enum query_eye eyes[ROLE__MAX] = {
        [ROLE_PUBLIC] = EYE_PUBLIC,    [ROLE_RESIDENT] = EYE_RESIDENT, [ROLE_FACILITY] = EYE_FACILITY,
        [ROLE_COORDINATOR] = EYE_CITY, [ROLE_CITY_ADMIN] = EYE_CITY,   [ROLE_AUDITOR] = EYE_CITY,
        [ROLE_CLOCK] = EYE_PUBLIC};
    return (struct query){.db = x->call.house->db,
                          .arena = x->arena,
                          .city = x->call.city->id,
                          .eye = eyes[x->call.actor.role],
                          .account = x->call.actor.account,
                          .facility = x->call.actor.facility,
                          .now = x->call.now};
}

const struct programme *eye_programme(const struct exchange *x) {
    return x->call.city->rules == NULL ? NULL : programme_at(x->call.city->rules, instant_day(x->call.now));
}
