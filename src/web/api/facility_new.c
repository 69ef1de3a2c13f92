/* A new facility with its cares and contract prices, by the city's admin. */
#include "web/api/answers.h"
#include "web/api/api.h"
#include "web/facility_form.h"

static const struct field care_fields[] = {FACILITY_CARE_FIELDS(true)};
static const struct form care_form = FORM("FacilityCareNew", care_fields, struct care_terms_body);

static const struct field new_fields[] = {FACILITY_ABOUT_FIELDS(""),
                                          FACILITY_WORDS_FIELDS(struct facility_body, ""),
                                          FACILITY_CARES_FIELD(care_form, 1)};
static const struct form new_form = FORM("FacilityNew", new_fields, struct facility_body);

static void render_added(void *ctx, struct arena *arena, const void *outcome,
                         struct idem_answer *ret_answer) {
    (void)ctx;
    const struct facility_id *added = outcome;
    struct api_out out;
    json_put_id(api_begin(&out, arena), "id", added->n);
    api_render(ret_answer, 201, &out);
}

static void add(struct exchange *x) {
    struct facility_new *new = arena_new(x->arena, struct facility_new);
    struct facility_id *added = arena_new(x->arena, struct facility_id);
    if (!facility_read(x, new)) {
        exchange_form_errors(x);
        return;
    }
    exchange_will_render(x, render_added);
    enum rc rc = facility_add(&x->call, new, added);
    if (rc == RC_RACE) {
        api_fail_field(x, "/code", "code-taken");
        return;
    }
    exchange_done(x, rc, added);
}

static const struct route rows[] = {
    {HTTP_POST, "/api/v1/facilities", add, .roles = FOR_CITY_ADMIN, .idempotency = IDEM_ACCEPTED,
     .form = &new_form, .success = 201, .answer = &answer_thing,
     .summary = "Add a facility with its cares and contract prices"},
};
const struct route_table api_facility_new_routes = ROUTES(rows);
