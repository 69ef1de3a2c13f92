/* POST /accounts and what follows from it: confirming, forgotten passwords. The same answer whatever the address. */
#include "service/account.h"

#include "web/api/answers.h"
#include "web/api/api.h"

struct account_body {
    struct text email;
    struct text password;
    struct text name;
};
static const struct field account_fields[] = {
    {.name = "email",
     .kind = FIELD_TEXT,
     .required = true,
     .max = 254,
     .offset = offsetof(struct account_body, email)},
    {.name = "password",
     .kind = FIELD_SECRET,
     .required = true,
     .max = 256,
     .offset = offsetof(struct account_body, password)},
    {.name = "name",
     .kind = FIELD_TEXT,
     .required = true,
     .max = 100,
     .offset = offsetof(struct account_body, name)},
};
static const struct form account_form = FORM("Account", account_fields, struct account_body);

struct token_body {
    struct text token;
    struct text password;
};
static const struct field token_fields[] = {
    {.name = "token", .kind = FIELD_TEXT, .required = true, .offset = offsetof(struct token_body, token)},
};
static const struct form token_form = FORM("Token", token_fields, struct token_body);
static const struct field reset_fields[] = {
    {.name = "token", .kind = FIELD_TEXT, .required = true, .offset = offsetof(struct token_body, token)},
    {.name = "password",
     .kind = FIELD_SECRET,
     .required = true,
     .max = 256,
     .offset = offsetof(struct token_body, password)},
};
static const struct form reset_form = FORM("PasswordReset", reset_fields, struct token_body);
static const struct field email_fields[] = {
    {.name = "email",
     .kind = FIELD_TEXT,
     .required = true,
     .max = 254,
     .offset = offsetof(struct account_body, email)},
};
static const struct form email_form = FORM("Email", email_fields, struct account_body);

static const struct {
    const char *pointer;
    const char *code;
} faults[ACCOUNT_FAULT__MAX] = {
    [ACCOUNT_EMAIL] = {"/email", "email"}, [ACCOUNT_PASSWORD_WEAK] = {"/password", "password-weak"},
    [ACCOUNT_LINK] = {"/token", "link"},   [ACCOUNT_PASSWORD_WRONG] = {"/old_password", "password-wrong"},
    [ACCOUNT_OTP] = {"/otp", "otp"},       [ACCOUNT_LOGIN_TAKEN] = {"/email", "login-taken"},
    [ACCOUNT_NAME] = {"/name", "name"},    [ACCOUNT_WAIT] = {"", "wait"},
};

/* True: nothing went wrong. RC_RACE is here "too many passwords at once". */
static bool went_well(struct exchange *x, enum rc rc, enum account_fault fault) {
    if (rc == RC_RACE) {
        http_response_add(x->response, "Retry-After", TEXT("5"));
        exchange_fail(x, 503, "busy");
    } else if (rc != RC_OK) {
        exchange_failed(x, rc);
    } else if (fault == ACCOUNT_WAIT) {
        exchange_fail(x, 429, "wait");
    } else if (fault != ACCOUNT_FINE) {
        api_fail_field(x, faults[fault].pointer, faults[fault].code);
    }
    return rc == RC_OK && fault == ACCOUNT_FINE;
}

static void put_state(struct api_out *out, struct arena *arena, const char *state) {
    json_put_text(api_begin(out, arena), "state", text_of(state));
}

static void say_state(struct exchange *x, int status, const char *state) {
    struct api_out out;
    put_state(&out, x->arena, state);
    api_answer(x, status, &out);
}

static void sign_up(struct exchange *x) {
    const struct account_body *body = exchange_body(x);
    struct account_new new = {.email = body->email, .password = body->password, .name = body->name};
    enum account_fault fault = ACCOUNT_FINE;
    enum rc rc = account_register(&x->call, &new, &fault);
    if (went_well(x, rc, fault)) {
        say_state(x, 202, "mailed");
    }
}

static void render_confirm(void *ctx, struct arena *arena, const void *outcome,
                           struct idem_answer *ret_answer) {
    (void)ctx;
    const enum account_fault *fault = outcome;
    if (*fault == ACCOUNT_FINE) {
        struct api_out out;
        put_state(&out, arena, "active");
        api_render(ret_answer, 200, &out);
        return;
    }
    struct api_fault row = {faults[*fault].code, text_of(faults[*fault].pointer)};
    struct api_faults rows = {&row, 1};
    struct problem problem = api_fault_problem(&rows);
    answer_problem(arena, ret_answer, &problem);
}

static void confirm(struct exchange *x) {
    const struct token_body *body = exchange_body(x);
    enum account_fault fault = ACCOUNT_FINE;
    exchange_will_render(x, render_confirm);
    enum rc rc = account_confirm(&x->call, body->token, &fault);
    exchange_done(x, rc, &fault);
}

static void render_forgot(void *ctx, struct arena *arena, const void *outcome,
                          struct idem_answer *ret_answer) {
    (void)ctx;
    (void)outcome;
    struct api_out out;
    put_state(&out, arena, "mailed");
    api_render(ret_answer, 202, &out);
}

static void forgot(struct exchange *x) {
    const struct account_body *body = exchange_body(x);
    exchange_will_render(x, render_forgot);
    exchange_done(x, account_reset_ask(&x->call, body->email), NULL);
}

static void reset(struct exchange *x) {
    const struct token_body *body = exchange_body(x);
    enum account_fault fault = ACCOUNT_FINE;
    enum rc rc = account_reset(&x->call, body->token, body->password, &fault);
    if (went_well(x, rc, fault)) {
        say_state(x, 200, "active");
    }
}

/* ---- the own account ---- */

struct password_body {
    struct text old_password;
    struct text password;
};
static const struct field password_fields[] = {
    {.name = "old_password",
     .kind = FIELD_SECRET,
     .required = true,
     .max = 256,
     .offset = offsetof(struct password_body, old_password)},
    {.name = "password",
     .kind = FIELD_SECRET,
     .required = true,
     .max = 256,
     .offset = offsetof(struct password_body, password)},
};
static const struct form password_form = FORM("PasswordChange", password_fields, struct password_body);

static void change_password(struct exchange *x) {
    const struct password_body *body = exchange_body(x);
    enum account_fault fault = ACCOUNT_FINE;
    enum rc rc = account_password_change(&x->call, body->old_password, body->password, &fault);
    if (went_well(x, rc, fault)) {
        exchange_empty(x);
    }
}

/* What is kept beside a key is a hash of the request, which a password could be guessed from (docs/adr/0212). */
#define UNKEYED "nothing is kept of a request with a password"

static const struct route rows[] = {
    {HTTP_POST, "/api/v1/accounts", sign_up, .roles = FOR_ALL, .class = CLASS_LOGIN, .form = &account_form,
     .success = 202, .answer = &answer_state,
     .summary = "Make a resident's account; a link is mailed, whatever the address",
     .unkeyed = UNKEYED "; repeated, the answer is the same and the newest password counts"},
    {HTTP_POST, "/api/v1/accounts/confirm", confirm, .roles = FOR_ALL, .class = CLASS_LOGIN,
     .idempotency = IDEM_ACCEPTED, .form = &token_form, .answer = &answer_state,
     .summary = "Confirm the address with the mailed link's token"},
    {HTTP_POST, "/api/v1/accounts/forgot", forgot, .roles = FOR_ALL, .class = CLASS_LOGIN,
     .idempotency = IDEM_ACCEPTED, .form = &email_form, .success = 202, .answer = &answer_state,
     .summary = "Mail a link to set a new password"},
    {HTTP_POST, "/api/v1/accounts/reset", reset, .roles = FOR_ALL, .class = CLASS_LOGIN, .form = &reset_form,
     .answer = &answer_state, .summary = "Set a new password with the mailed link's token",
     .unkeyed = UNKEYED "; a link is good for one password"},
    {HTTP_POST, "/api/v1/me/password", change_password, .roles = FOR_SIGNED_IN, .class = CLASS_LOGIN,
     .form = &password_form, .success = 204, .summary = "Change the own password; every session ends",
     .unkeyed = UNKEYED "; repeated, the session has ended"},
};
const struct route_table api_account_routes = ROUTES(rows);
