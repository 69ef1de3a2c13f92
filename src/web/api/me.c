/* GET /me: who one is; for residents what is left of what was granted, and until when. */
#include "core/age.h"
#include "web/api/answers.h"
#include "web/api/registration_json.h"
#include "web/eye.h"

static void put_last_days(struct json_out *json, const struct programme *programme,
                          const struct registration_detail *detail) {
    struct child children[CHILDREN_MAX];
    int32_t count = 0;
    for (size_t i = 0; i < detail->child_count && count < CHILDREN_MAX; i++) {
        const struct child_row *row = &detail->children[i];
        children[count++] = (struct child){.birth = row->birth_date,
                                           .due = row->due_date,
                                           .gestation_days = (int32_t)row->gestation_days,
                                           .weight_g = (int32_t)row->weight_g};
    }
    json_put_object(json, "last_day");
    for (int32_t i = 0; programme != NULL && i < programme->care_count; i++) {
        const struct care *care = &programme->cares[i];
        struct day last = care_last_day(care, children, count, DAY_NONE);
        bool granted = detail->has_grant && !day_is_none(detail->grant.valid_to);
        if (granted) {
            last = day_is_none(last) ? detail->grant.valid_to : day_min(last, detail->grant.valid_to);
        }
        json_put_day(json, care->code.p, last);
    }
    json_put_object_end(json);
}

static void put_standing(struct json_out *json, const struct exchange *x,
                         const struct registration_detail *detail) {
    const struct registration_row *row = &detail->registration;
    json_put_object(json, "registration");
    json_put_id(json, "id", row->id.n);
    json_put_text(json, "state", row->state);
    api_text(json, "reason", row->reason);
    json_put_object_end(json);
    json_put_text(json, "class", detail->has_grant ? detail->grant.household_class : row->household_class);
    if (detail->has_grant) {
        json_put_int(json, "number", detail->grant.number);
        json_put_day(json, "valid_from", detail->grant.valid_from);
        json_put_day(json, "valid_to", detail->grant.valid_to);
    }
    registration_children(json, detail);
    registration_pools(json, detail);
    put_last_days(json, eye_programme(x), detail);
}

static void put_nothing(struct json_out *json) {
    json_put_null(json, "registration");
    json_put_null(json, "class");
    json_put_array(json, "children");
    json_put_array_end(json);
    json_put_array(json, "pools");
    json_put_array_end(json);
    json_put_object(json, "last_day");
    json_put_object_end(json);
}

static void show(struct exchange *x) {
    struct registration_detail *detail = arena_new(x->arena, struct registration_detail);
    bool resident = x->call.actor.role == ROLE_RESIDENT;
    int64_t unread = x->session.notices_unread;
    struct query query = eye_of(x);
    enum rc rc = RC_NONE;
    if (!resident && query_unread(&query, &unread) != RC_OK) {
        exchange_failed(x, RC_FAULT);
        return;
    }
    if (resident) {
        rc = query_registration(&query, (struct registration_id){0}, detail);
    }
    if (rc == RC_FAULT || rc == RC_RACE) {
        exchange_failed(x, rc);
        return;
    }
    struct api_out out;
    struct json_out *json = api_begin(&out, x->arena);
    json_put_id(json, "id", x->call.actor.account.n);
    json_put_text(json, "role", text_of(role_code(x->call.actor.role)));
    json_put_text(json, "name", x->session.name);
    api_id(json, "facility", x->call.actor.facility.n);
    json_put_int(json, "notices_unread", unread);
    if (rc == RC_OK) {
        put_standing(json, x, detail);
    } else if (resident) {
        put_nothing(json);
    }
    api_answer(x, 200, &out);
}

static const struct route rows[] = {
    {HTTP_GET, "/api/v1/me", show, .roles = FOR_SIGNED_IN, .cache = CACHE_OWN, .answer = &answer_me,
     .summary = "Who one is; children, class, units granted, used, booked and left, last day per care"},
};
const struct route_table api_me_routes = ROUTES(rows);
