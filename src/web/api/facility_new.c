/* A new facility with its cares and contract prices, by the city's admin. */
#include "web/api/answers.h"
#include "web/api/api.h"
#include "web/facility_form.h"

#define AT(member) .offset = offsetof(struct facility_care_body, member)
static const struct field care_fields[] = {
    {.name = "care", .kind = FIELD_TEXT, .required = true, .max = 40, AT(care)},
    {.name = "contract_price",
     .kind = FIELD_INT,
     .required = true,
     .max = FACILITY_YEN_MAX,
     AT(contract_price),
     .note = "yen a unit, all that the facility is paid for it"},
    {.name = "price",
     .kind = FIELD_INT,
     .max = FACILITY_YEN_MAX,
     AT(price),
     .note = "the facility's own price a unit, where the programme asks for it"},
    {.name = "age_months_max",
     .kind = FIELD_INT,
     .min = 1,
     .max = FACILITY_MONTHS_MAX,
     AT(age_months_max),
     .note = "infants younger than this only; the city's window when left out"},
    {.name = "answer_hours",
     .kind = FIELD_INT,
     .max = FACILITY_ANSWER_HOURS_MAX,
     AT(answer_hours),
     .note = "0 confirms at once; the city's rule when left out"},
    {.name = "lapse_to",
     .kind = FIELD_CHOICE,
     .choices = facility_lapses,
     AT(lapse_to),
     .note = "what becomes of a request without an answer; the city's rule when left out"},
};
#undef AT
static const struct form care_form = FORM("FacilityCareNew", care_fields, struct facility_care_body);

#define AT(member) .offset = offsetof(struct facility_body, member)
static const struct field new_fields[] = {
    {.name = "code",
     .kind = FIELD_TEXT,
     .required = true,
     .max = 20,
     AT(code),
     .note = "short and lasting, as imports name it"},
    {.name = "name", .kind = FIELD_TEXT, .required = true, .max = 100, AT(name)},
    {.name = "kana", .kind = FIELD_KANA, .required = true, .max = 100, AT(kana)},
    {.name = "kind", .kind = FIELD_CHOICE, .required = true, .choices = facility_kinds, AT(kind)},
    {.name = "ward", .kind = FIELD_TEXT, .required = true, .max = 40, AT(ward)},
    {.name = "postal_code", .kind = FIELD_POSTAL, .required = true, AT(postal_code)},
    {.name = "address", .kind = FIELD_TEXT, .required = true, .max = 200, AT(address)},
    {.name = "phone", .kind = FIELD_PHONE, .required = true, AT(phone)},
    {.name = "email", .kind = FIELD_EMAIL, AT(email)},
    {.name = "introduction", .kind = FIELD_LINES, .max = 2000, AT(introduction)},
    {.name = "access", .kind = FIELD_LINES, .max = 1000, AT(access)},
    {.name = "bring", .kind = FIELD_LINES, .max = 1000, AT(bring)},
    {.name = "multiples", .kind = FIELD_BOOL, AT(multiples)},
    {.name = "siblings", .kind = FIELD_BOOL, AT(siblings)},
    {.name = "partner", .kind = FIELD_BOOL, AT(partner)},
    {.name = "cares",
     .kind = FIELD_OBJECTS,
     .required = true,
     .min = 1,
     .max = PROGRAMME_CARES_MAX,
     AT(cares),
     .count_offset = offsetof(struct facility_body, care_count),
     .inner = &care_form},
};
#undef AT
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
