/* Accounts and sessions: signing in and out for everybody, registering an address, links from mails, a forgotten
 * password. The answers to strangers never tell whether an address is known. */
#include "service/account.h"
#include "web/guard.h"
#include "web/page.h"
#include "web/page_form.h"
#include "web/page_view.h"
#include "web/resident/sign_in_view.h"
#include "web/resident/tables.h"
#include "web/tmpl/resident/sign_in.h"
#include "web/web.h"

typedef void (*sign_in_tmpl)(struct html *out, const struct frame *f, const struct sign_in_view *v);

/* One of this file's pages: its form's fields in the table's order, but for those that are hidden. */
struct screen {
    enum word title;
    const char *path;
    const char *hidden; /* name of the hidden field; NULL: none */
    const char *const *fields;
    size_t count;
    sign_in_tmpl tmpl;
    const struct form *form; /* what is asked, also before anything was sent */
};

static void show(struct exchange *x, const struct screen *screen, int status, struct error_list errors) {
    struct sign_in_view view = {
        .errors = errors, .form = page_form_view(x, text_of(screen->path)), .count = screen->count};
    struct form_input input = x->body.form != NULL ? x->body : x->query;
    input.form = screen->form;
    for (size_t i = 0; i < screen->count; i++) {
        view.fields[i] = page_field(x, &input, &errors, screen->fields[i]);
    }
    if (screen->hidden != NULL) {
        view.hidden = form_raw(&input, screen->hidden);
    }
    struct page page;
    page_open(x, word_text(screen->title), &page);
    page.frame.faulty = errors.count > 0;
    page.frame.private = true;
    screen->tmpl(&page.html, &page.frame, &view);
    page_send(x, status, &page);
}

static void show_fault(struct exchange *x, const struct screen *screen, int status, const char *field,
                       struct text message) {
    struct error_list errors = page_errors(x, &x->body);
    page_error_add(x->arena, &errors, text_of(field), message);
    show(x, screen, status, errors);
}

static void show_again(struct exchange *x, const struct screen *screen) {
    show(x, screen, 422, page_errors(x, &x->body));
}

/* The services' own failure and "too many passwords at once" are both for a moment only. */
static void failed(struct exchange *x, enum rc rc) {
    if (rc == RC_RACE) {
        http_response_add(x->response, "Retry-After", TEXT("2"));
        exchange_fail(x, 503, "busy");
    } else {
        exchange_failed(x, rc);
    }
}

static struct text account_fault_words(struct exchange *x, enum account_fault fault, struct text password) {
    static const enum word words[ACCOUNT_FAULT__MAX] = {
        [ACCOUNT_FINE] = W_FORM_AGAIN,           [ACCOUNT_EMAIL] = W_ACCOUNT_EMAIL,
        [ACCOUNT_PASSWORD_WEAK] = W_FORM_AGAIN,  [ACCOUNT_LINK] = W_ACCOUNT_LINK,
        [ACCOUNT_PASSWORD_WRONG] = W_FORM_AGAIN, [ACCOUNT_OTP] = W_ACCOUNT_OTP,
        [ACCOUNT_LOGIN_TAKEN] = W_FORM_AGAIN,    [ACCOUNT_NAME] = W_ACCOUNT_NAME,
        [ACCOUNT_WAIT] = W_ACCOUNT_WAIT};
    return fault == ACCOUNT_PASSWORD_WEAK ? page_password_fault(x, password) : word_text(words[fault]);
}

/* ---- signing in ---- */

struct login_body {
    struct text login;
    struct text password;
    struct text otp;
    struct text next;
};
#define AT(member) .offset = offsetof(struct login_body, member)
static const struct field login_fields[] = {
    {.name = "login", .kind = FIELD_TEXT, .required = true, .max = 254, AT(login)},
    {.name = "password", .kind = FIELD_SECRET, .required = true, .max = 256, AT(password)},
    {.name = "otp", .kind = FIELD_DIGITS, .max = 8, AT(otp)},
    {.name = "next", .kind = FIELD_TEXT, .max = 1000, AT(next)},
};
#undef AT
static const struct form login_form = FORM("Login", login_fields, struct login_body);

struct next_query {
    struct text next;
};
static const struct field next_fields[] = {
    {.name = "next", .kind = FIELD_TEXT, .max = 1000, .offset = offsetof(struct next_query, next)},
};
static const struct form next_form = FORM("Next", next_fields, struct next_query);

static const char *const login_names[] = {"login", "password", "otp"};
static const struct screen login_screen = {W_TITLE_LOGIN,   "/login",   "next", login_names, 3,
                                           tmpl_login_page, &login_form};

static void show_login(struct exchange *x) {
    if (x->signed_in) {
        exchange_redirect(x, exchange_link(x, page_home(x->call.actor.role)));
        return;
    }
    show(x, &login_screen, 200, (struct error_list){0});
}

static void login_again(struct exchange *x) {
    show_again(x, &login_screen);
}

static void signed_in(struct exchange *x, const struct session_opened *opened, struct text next) {
    guard_cookie_set(x, opened->token, opened->expires_at.s - x->call.now.s);
    exchange_redirect(x, guard_next(next, exchange_link(x, page_home(opened->actor.role))));
}

static void do_login(struct exchange *x) {
    const struct login_body *in = exchange_body(x);
    struct session_ask ask = {
        .login = in->login, .password = in->password, .otp = in->otp, .peer = x->request->peer};
    struct session_opened opened;
    enum rc rc = session_open(&x->call, &ask, &opened);
    if (rc != RC_OK) {
        failed(x, rc);
        return;
    }
    struct word_arg wait[] = {{"seconds", text_printf(x->arena, "%lld", (long long)opened.retry_after)}};
    switch (opened.fault) {
    case SESSION_FINE:
        signed_in(x, &opened, in->next);
        break;
    case SESSION_OTP_NEEDED:
        show_fault(x, &login_screen, 422, "otp", word_text(W_LOGIN_OTP_NEEDED));
        break;
    case SESSION_WAIT:
        http_response_add(x->response, "Retry-After", wait[0].value);
        show_fault(x, &login_screen, 429, "", word_expand(x->arena, W_LOGIN_WAIT, wait, 1));
        break;
    default:
        show_fault(x, &login_screen, 422, "login", word_text(W_LOGIN_WRONG));
    }
}

static void do_logout(struct exchange *x) {
    if (x->signed_in) {
        enum rc rc = session_close(&x->call, x->token);
        if (rc == RC_FAULT) {
            exchange_failed(x, rc);
            return;
        }
    }
    guard_cookie_set(x, TEXT(""), 0);
    exchange_redirect(x, exchange_link(x, "/login?done=logout"));
}

/* ---- registering an address ---- */

struct register_body {
    struct text name;
    struct text email;
    struct text password;
};
#define AT(member) .offset = offsetof(struct register_body, member)
static const struct field register_fields[] = {
    {.name = "name", .kind = FIELD_TEXT, .required = true, .max = 100, AT(name)},
    {.name = "email", .kind = FIELD_EMAIL, .required = true, .max = 254, AT(email)},
    {.name = "new_password", .kind = FIELD_SECRET, .required = true, .max = 1024, AT(password)},
};
#undef AT
static const struct form register_form = FORM("Register", register_fields, struct register_body);
static const char *const register_names[] = {"name", "email", "new_password"};
static const struct screen register_screen = {W_TITLE_REGISTER,   "/register",   NULL, register_names, 3,
                                              tmpl_register_page, &register_form};

static void show_register(struct exchange *x) {
    show(x, &register_screen, 200, (struct error_list){0});
}

static void register_again(struct exchange *x) {
    show_again(x, &register_screen);
}

static void do_register(struct exchange *x) {
    const struct register_body *in = exchange_body(x);
    struct account_new new = {.email = in->email, .password = in->password, .name = in->name};
    enum account_fault fault = ACCOUNT_FINE;
    enum rc rc = account_register(&x->call, &new, &fault);
    if (rc != RC_OK) {
        failed(x, rc);
        return;
    }
    if (fault == ACCOUNT_FINE) {
        exchange_redirect(x, exchange_link(x, "/register/sent"));
        return;
    }
    const char *field = fault == ACCOUNT_EMAIL           ? "email"
                        : fault == ACCOUNT_NAME          ? "name"
                        : fault == ACCOUNT_PASSWORD_WEAK ? "new_password"
                                                         : "";
    show_fault(x, &register_screen, 422, field, account_fault_words(x, fault, in->password));
}

/* ---- links from mails ---- */

struct token_body {
    struct text token;
    struct text password;
};
static const struct field token_fields[] = {
    {.name = "token",
     .kind = FIELD_TEXT,
     .required = true,
     .max = 100,
     .offset = offsetof(struct token_body, token)},
};
static const struct form token_form = FORM("Token", token_fields, struct token_body);
static const struct screen confirm_screen = {W_TITLE_CONFIRM,   "/account/confirm", "token", NULL, 0,
                                             tmpl_confirm_page, &token_form};

static void show_confirm(struct exchange *x) {
    show(x, &confirm_screen, 200, (struct error_list){0});
}

static void confirm_again(struct exchange *x) {
    show_fault(x, &confirm_screen, 422, "", word_text(W_ACCOUNT_LINK));
}

static void do_confirm(struct exchange *x) {
    const struct token_body *in = exchange_body(x);
    enum account_fault fault = ACCOUNT_FINE;
    enum rc rc = account_confirm(&x->call, in->token, &fault);
    if (rc != RC_OK) {
        failed(x, rc);
    } else if (fault != ACCOUNT_FINE) {
        confirm_again(x);
    } else {
        exchange_redirect(x, exchange_link(x, "/login?done=confirmed"));
    }
}

static const struct field forgot_fields[] = {
    {.name = "email",
     .kind = FIELD_EMAIL,
     .required = true,
     .max = 254,
     .offset = offsetof(struct register_body, email)},
};
static const struct form forgot_form = FORM("Forgot", forgot_fields, struct register_body);
static const char *const forgot_names[] = {"email"};
static const struct screen forgot_screen = {W_TITLE_FORGOT,   "/forgot",   NULL, forgot_names, 1,
                                            tmpl_forgot_page, &forgot_form};

static void show_forgot(struct exchange *x) {
    show(x, &forgot_screen, 200, (struct error_list){0});
}

static void forgot_again(struct exchange *x) {
    show_again(x, &forgot_screen);
}

static void do_forgot(struct exchange *x) {
    const struct register_body *in = exchange_body(x);
    enum rc rc = account_reset_ask(&x->call, in->email);
    if (rc != RC_OK) {
        failed(x, rc);
    } else {
        exchange_redirect(x, exchange_link(x, "/forgot/sent"));
    }
}

static const struct field reset_fields[] = {
    {.name = "token",
     .kind = FIELD_TEXT,
     .required = true,
     .max = 100,
     .offset = offsetof(struct token_body, token)},
    {.name = "new_password",
     .kind = FIELD_SECRET,
     .required = true,
     .max = 1024,
     .offset = offsetof(struct token_body, password)},
};
static const struct form reset_form = FORM("Reset", reset_fields, struct token_body);
static const char *const reset_names[] = {"new_password"};
static const struct screen reset_screen = {W_TITLE_RESET,   "/account/reset", "token", reset_names, 1,
                                           tmpl_reset_page, &reset_form};

static void show_reset(struct exchange *x) {
    show(x, &reset_screen, 200, (struct error_list){0});
}

static void reset_again(struct exchange *x) {
    show_again(x, &reset_screen);
}

static void do_reset(struct exchange *x) {
    const struct token_body *in = exchange_body(x);
    enum account_fault fault = ACCOUNT_FINE;
    enum rc rc = account_reset(&x->call, in->token, in->password, &fault);
    if (rc != RC_OK) {
        failed(x, rc);
    } else if (fault != ACCOUNT_FINE) {
        show_fault(x, &reset_screen, 422, fault == ACCOUNT_PASSWORD_WEAK ? "new_password" : "",
                   account_fault_words(x, fault, in->password));
    } else {
        exchange_redirect(x, exchange_link(x, "/login?done=reset"));
    }
}

/* ---- pages that only say something ---- */

static const struct screen sent_screen = {W_TITLE_SENT, "", NULL, NULL, 0, tmpl_sent_page, NULL};
static const struct screen forgot_sent_screen = {W_TITLE_SENT,          "",  NULL, NULL, 0,
                                                 tmpl_forgot_sent_page, NULL};

static void show_sent(struct exchange *x) {
    show(x, &sent_screen, 200, (struct error_list){0});
}

static void show_forgot_sent(struct exchange *x) {
    show(x, &forgot_sent_screen, 200, (struct error_list){0});
}

/* Where notices about the account lead. */
static void to_account(struct exchange *x) {
    bool resident = x->call.actor.role == ROLE_RESIDENT;
    exchange_redirect(x, exchange_link(x, resident ? "/me/account" : page_home(x->call.actor.role)));
}

static const struct route rows[] = {
    {HTTP_GET, "/login", show_login, .roles = FOR_ALL, .query = &next_form},
    {HTTP_POST, "/login", do_login, .roles = FOR_ALL, .class = CLASS_LOGIN, .form = &login_form,
     .again = login_again},
    {HTTP_POST, "/logout", do_logout, .roles = FOR_ALL},
    {HTTP_GET, "/register", show_register, .roles = FOR_ALL},
    {HTTP_POST, "/register", do_register, .roles = FOR_ALL, .class = CLASS_LOGIN, .form = &register_form,
     .again = register_again},
    {HTTP_GET, "/register/sent", show_sent, .roles = FOR_ALL},
    {HTTP_GET, "/account", to_account, .roles = FOR_SIGNED_IN},
    {HTTP_GET, "/account/confirm", show_confirm, .roles = FOR_ALL, .query = &token_form},
    {HTTP_POST, "/account/confirm", do_confirm, .roles = FOR_ALL, .class = CLASS_LOGIN, .form = &token_form,
     .again = confirm_again},
    {HTTP_GET, "/forgot", show_forgot, .roles = FOR_ALL},
    {HTTP_POST, "/forgot", do_forgot, .roles = FOR_ALL, .class = CLASS_LOGIN, .form = &forgot_form,
     .again = forgot_again},
    {HTTP_GET, "/forgot/sent", show_forgot_sent, .roles = FOR_ALL},
    {HTTP_GET, "/account/reset", show_reset, .roles = FOR_ALL, .query = &token_form},
    {HTTP_POST, "/account/reset", do_reset, .roles = FOR_ALL, .class = CLASS_LOGIN, .form = &reset_form,
     .again = reset_again},
};
const struct route_table sign_in_routes = ROUTES(rows);
