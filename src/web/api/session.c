/* POST and DELETE /session: bearer tokens for programs. */
#include "service/session.h"

#include "web/api/answers.h"
#include "web/api/api.h"

struct session_body {
    struct text login;
    struct text password;
    struct text otp;
};
static const struct field session_fields[] = {
    {.name = "login",
     .kind = FIELD_TEXT,
     .required = true,
     .max = 254,
     .offset = offsetof(struct session_body, login)},
    {.name = "password",
     .kind = FIELD_SECRET,
     .required = true,
     .max = 256,
     .offset = offsetof(struct session_body, password)},
    {.name = "otp",
     .kind = FIELD_DIGITS,
     .offset = offsetof(struct session_body, otp),
     .note = "one-time code; staff always, residents who set it up"},
};
static const struct form session_form = FORM("SignIn", session_fields, struct session_body);

static void answer_opened(struct exchange *x, const struct session_opened *opened) {
    struct api_out out;
    struct json_out *json = api_begin(&out, x->arena);
    json_put_text(json, "token", opened->token);
    json_put_text(json, "role", text_of(role_code(opened->actor.role)));
    api_id(json, "facility", opened->actor.facility.n);
    json_put_instant(json, "expires_at", opened->expires_at);
    api_answer(x, 200, &out);
}

static void sign_in(struct exchange *x) {
    const struct session_body *body = exchange_body(x);
    struct session_ask ask = {.login = body->login,
                              .password = body->password,
                              .otp = body->otp,
                              .peer = x->request->peer,
                              .bearer = true};
    struct session_opened opened = {0};
    enum rc rc = session_open(&x->call, &ask, &opened);
    if (rc == RC_RACE) {
        http_response_add(x->response, "Retry-After", TEXT("5"));
        exchange_fail(x, 503, "busy");
    } else if (rc != RC_OK) {
        exchange_failed(x, rc);
    } else if (opened.fault == SESSION_WAIT) {
        http_response_add(x->response, "Retry-After",
                          text_printf(x->arena, "%lld", (long long)opened.retry_after));
        exchange_fail(x, 429, "wait");
    } else if (opened.fault != SESSION_FINE) {
        exchange_fail(x, 401, opened.fault == SESSION_OTP_NEEDED ? "otp-needed" : "sign-in-wrong");
    } else {
        answer_opened(x, &opened);
    }
}

static void sign_out(struct exchange *x) {
    enum rc rc = session_close(&x->call, x->token);
    if (rc == RC_OK || rc == RC_NONE) {
        exchange_empty(x);
    } else {
        exchange_failed(x, rc);
    }
}

static const struct route rows[] = {
    {HTTP_POST, "/api/v1/session", sign_in, .roles = FOR_ALL, .class = CLASS_LOGIN, .form = &session_form,
     .answer = &answer_session, .summary = "Sign in; the token goes into Authorization: Bearer",
     .unkeyed = "the token is not kept to be told again; every sign-in has its own session"},
    {HTTP_DELETE, "/api/v1/session", sign_out, .roles = FOR_SIGNED_IN, .success = 204, .summary = "Sign out"},
};
const struct route_table api_session_routes = ROUTES(rows);
