/* Accounts of the city's and the facilities' staff, and finding residents to act for. */
#include "query/people.h"
#include "service/account.h"
#include "sys/textkey.h"
#include "web/api/answers.h"
#include "web/api/api.h"
#include "web/eye.h"

static void list(struct exchange *x) {
    struct query query = eye_of(x);
    struct staff_row *rows = NULL;
    size_t count = 0;
    enum rc rc = query_staff(&query, &rows, &count);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    struct api_out out;
    struct json_out *json = api_begin(&out, x->arena);
    json_put_array(json, "staff");
    for (size_t i = 0; i < count; i++) {
        json_put_object(json, NULL);
        json_put_id(json, "id", rows[i].id.n);
        json_put_text(json, "role", rows[i].role);
        json_put_text(json, "login", rows[i].login);
        json_put_text(json, "name", rows[i].name);
        api_text(json, "facility_name", rows[i].facility_name);
        json_put_text(json, "state", rows[i].state);
        json_put_object_end(json);
    }
    json_put_array_end(json);
    api_answer(x, 200, &out);
}

/* ---- making and disabling ---- */

struct staff_body {
    int role;
    struct text email;
    struct text name;
    struct facility_id facility;
};
static const char *const roles[] = {"facility", "coordinator", "city_admin", "auditor", NULL};
static const enum role role_values[] = {ROLE_FACILITY, ROLE_COORDINATOR, ROLE_CITY_ADMIN, ROLE_AUDITOR};
static const struct field staff_fields[] = {
    {.name = "role",
     .kind = FIELD_CHOICE,
     .required = true,
     .offset = offsetof(struct staff_body, role),
     .choices = roles},
    {.name = "email", .kind = FIELD_EMAIL, .required = true, .offset = offsetof(struct staff_body, email)},
    {.name = "name",
     .kind = FIELD_TEXT,
     .required = true,
     .max = 100,
     .offset = offsetof(struct staff_body, name)},
    {.name = "facility",
     .kind = FIELD_ID,
     .offset = offsetof(struct staff_body, facility),
     .note = "of facility staff"},
};
static const struct form staff_form = FORM("StaffAsk", staff_fields, struct staff_body);

/* Not kept for an idempotency key: the secret is shown once. */
static void add(struct exchange *x) {
    const struct staff_body *body = exchange_body(x);
    struct staff_new new = {.role = role_values[body->role],
                            .email = body->email,
                            .name = body->name,
                            .facility = body->facility};
    struct staff_made made = {0};
    enum account_fault fault = ACCOUNT_FINE;
    if (new.role == ROLE_FACILITY &&new.facility.n == 0) {
        api_fail_field(x, "/facility", "missing");
        return;
    }
    enum rc rc = account_staff_add(&x->call, &new, &fault, &made);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    if (fault != ACCOUNT_FINE) {
        bool name = fault == ACCOUNT_NAME;
        api_fail_field(x, name ? "/name" : "/email",
                       name                           ? "name"
                       : fault == ACCOUNT_LOGIN_TAKEN ? "login-taken"
                                                      : "email");
        return;
    }
    struct api_out out;
    struct json_out *json = api_begin(&out, x->arena);
    json_put_id(json, "id", made.id.n);
    json_put_text(json, "totp_secret", made.totp_secret);
    json_put_text(json, "totp_uri", made.totp_uri);
    api_answer(x, 201, &out);
}

static void switch_account(struct exchange *x, bool disabled) {
    exchange_will_render(x, api_render_empty);
    exchange_done(x, account_disable(&x->call, (struct account_id){exchange_id(x, "id")}, disabled), NULL);
}

static void disable(struct exchange *x) {
    switch_account(x, true);
}

static void enable(struct exchange *x) {
    switch_account(x, false);
}

/* ---- residents ---- */

struct resident_query {
    struct text q;
};
static const struct field resident_fields[] = {
    {.name = "q",
     .kind = FIELD_TEXT,
     .required = true,
     .min = 2,
     .max = 100,
     .offset = offsetof(struct resident_query, q),
     .note = "name, digits of the phone, or number of the approval"},
};
static const struct form resident_form = FORM("ResidentSearch", resident_fields, struct resident_query);

static void residents(struct exchange *x) {
    const struct resident_query *wanted = exchange_query(x);
    struct query query = eye_of(x);
    struct resident_row *rows = NULL;
    size_t count = 0;
    enum rc rc = query_residents(&query, wanted->q, textkey_search(x->arena, wanted->q), &rows, &count);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    if (!api_viewed_many(x, "resident.list", "account", count)) {
        return;
    }
    struct api_out out;
    struct json_out *json = api_begin(&out, x->arena);
    json_put_array(json, "residents");
    for (size_t i = 0; i < count; i++) {
        json_put_object(json, NULL);
        json_put_id(json, "id", rows[i].account.n);
        json_put_id(json, "registration", rows[i].registration.n);
        json_put_text(json, "name", rows[i].mother_name);
        json_put_text(json, "kana", rows[i].mother_kana);
        json_put_day(json, "birth_date", rows[i].mother_birth_date);
        json_put_text(json, "phone", rows[i].phone);
        json_put_int(json, "number", rows[i].grant_number);
        json_put_day(json, "valid_to", rows[i].valid_to);
        json_put_object_end(json);
    }
    json_put_array_end(json);
    api_answer(x, 200, &out);
}

static const struct route routes[] = {
    {HTTP_GET, "/api/v1/staff", list, .roles = FOR_CITY_ADMIN, .answer = &answer_staff,
     .summary = "Accounts of staff"},
    {HTTP_POST, "/api/v1/staff", add, .roles = FOR_CITY_ADMIN, .form = &staff_form, .success = 201,
     .answer = &answer_staff_made,
     .summary = "Make an account of staff; the secret of its one-time codes is shown once",
     .unkeyed = "the secret is not kept to be shown again; repeated, the answer is login-taken"},
    {HTTP_POST, "/api/v1/staff/{id}/disable", disable, .roles = FOR_CITY_ADMIN, .idempotency = IDEM_ACCEPTED,
     .success = 204, .summary = "Disable an account; its sessions end"},
    {HTTP_POST, "/api/v1/staff/{id}/enable", enable, .roles = FOR_CITY_ADMIN, .idempotency = IDEM_ACCEPTED,
     .success = 204, .summary = "Enable it again"},
    {HTTP_GET, "/api/v1/residents", residents, .roles = FOR_CITY, .query = &resident_form,
     .answer = &answer_residents, .summary = "Approved residents, to act for"},
};
const struct route_table api_staff_routes = ROUTES(routes);
