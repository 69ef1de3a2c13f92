/* Her account: password, two-step sign-in, signing out everywhere. */
#include "base/buf.h"
#include "service/account.h"
#include "sys/totp.h"
#include "web/guard.h"
#include "web/page_view.h"
#include "web/resident/me_view.h"
#include "web/resident/tables.h"
#include "web/tmpl/resident/me.h"

struct account_body {
    struct text old_password;
    struct text new_password;
    struct text secret;
    struct text code;
};
#define AT(member) .offset = offsetof(struct account_body, member)
static const struct field password_fields[] = {
    {.name = "old_password", .kind = FIELD_SECRET, .required = true, .max = 1024, AT(old_password)},
    {.name = "new_password", .kind = FIELD_SECRET, .required = true, .max = 1024, AT(new_password)},
};
static const struct field totp_fields[] = {
    {.name = "secret", .kind = FIELD_TEXT, .required = true, .max = 64, AT(secret)},
    {.name = "code", .kind = FIELD_DIGITS, .required = true, .max = 8, AT(code)},
};
static const struct field off_fields[] = {
    {.name = "old_password", .kind = FIELD_SECRET, .required = true, .max = 1024, AT(old_password)},
};
#undef AT
static const struct form password_form = FORM("PasswordChange", password_fields, struct account_body);
static const struct form totp_form = FORM("TotpConfirm", totp_fields, struct account_body);
static const struct form off_form = FORM("TotpRemove", off_fields, struct account_body);

static void failed(struct exchange *x, enum rc rc) {
    if (rc == RC_RACE) {
        exchange_fail(x, 503, "busy");
    } else {
        exchange_failed(x, rc);
    }
}

static struct text fault_words(struct exchange *x, enum account_fault fault, struct text password) {
    switch (fault) {
    case ACCOUNT_PASSWORD_WEAK:
        return page_password_fault(x, password);
    case ACCOUNT_PASSWORD_WRONG:
        return word_text(W_ACCOUNT_PASSWORD_WRONG);
    case ACCOUNT_OTP:
        return word_text(W_ACCOUNT_OTP);
    case ACCOUNT_WAIT:
        return word_text(W_ACCOUNT_WAIT);
    default:
        return word_text(W_FORM_AGAIN);
    }
}

/* ---- the page ---- */

static void show(struct exchange *x, struct error_list errors, int status) {
    struct form_input fresh = {.arena = x->arena, .form = &password_form};
    struct form_input off = {.arena = x->arena, .form = &off_form};
    struct error_list none = {0};
    bool about_off = x->body.form == &off_form;
    struct account_view view = {.errors = errors,
                                .name = x->session.name,
                                .password_form = page_form_view(x, TEXT("/me/account/password")),
                                .password = page_widgets(x, &fresh, about_off ? &none : &errors),
                                .totp_off_form = page_form_view(x, TEXT("/me/account/totp/remove")),
                                .totp_off = page_field(x, &off, about_off ? &errors : &none, "old_password"),
                                .logout_form = page_form_view(x, TEXT("/me/account/logout"))};
    struct page page;
    page_open(x, word_text(W_NAV_ACCOUNT), &page);
    page.frame.faulty = errors.count > 0;
    tmpl_account_page(&page.html, &page.frame, &view);
    page_send(x, status, &page);
}

static void show_account(struct exchange *x) {
    show(x, (struct error_list){0}, 200);
}

static void account_again(struct exchange *x) {
    show(x, page_errors(x, &x->body), 422);
}

static void show_fault(struct exchange *x, const char *field, struct text message) {
    struct error_list errors = {0};
    page_error_add(x->arena, &errors, text_of(field), message);
    show(x, errors, 422);
}

static void change_password(struct exchange *x) {
    const struct account_body *in = exchange_body(x);
    enum account_fault fault = ACCOUNT_FINE;
    enum rc rc = account_password_change(&x->call, in->old_password, in->new_password, &fault);
    if (rc != RC_OK) {
        failed(x, rc);
    } else if (fault != ACCOUNT_FINE) {
        show_fault(x, fault == ACCOUNT_PASSWORD_WEAK ? "new_password" : "old_password",
                   fault_words(x, fault, in->new_password));
    } else {
        guard_cookie_set(x, TEXT(""), 0); /* every session ended, this one too */
        exchange_redirect(x, exchange_link(x, "/login?done=password"));
    }
}

static void logout_all(struct exchange *x) {
    enum rc rc = session_close_all(&x->call);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    guard_cookie_set(x, TEXT(""), 0);
    exchange_redirect(x, exchange_link(x, "/login?done=logout"));
}

/* ---- two-step sign-in ---- */

static struct text in_groups(struct arena *arena, struct text secret) {
    enum { GROUP = 4 };
    struct buf buf;
    buf_init(&buf, arena);
    for (size_t i = 0; i < secret.n; i += GROUP) {
        buf_putz(&buf, i > 0 ? " " : "");
        buf_put(&buf, text_part(secret, i, i + GROUP));
    }
    return buf_text(&buf);
}

/* `uri` opens an app on this device. */
static void show_secret(struct exchange *x, struct text secret, struct text uri, struct error_list errors,
                        int status) {
    struct form_input fresh = {.arena = x->arena, .form = &totp_form};
    struct totp_view view = {.errors = errors,
                             .form = page_form_view(x, TEXT("/me/account/totp")),
                             .secret = secret,
                             .groups = in_groups(x->arena, secret),
                             .uri = uri,
                             .code = page_field(x, &fresh, &errors, "code")};
    struct page page;
    page_open(x, word_text(W_TITLE_TOTP), &page);
    page.frame.faulty = errors.count > 0;
    page.frame.back = exchange_link(x, "/me/account");
    tmpl_totp_page(&page.html, &page.frame, &view);
    page_send(x, status, &page);
}

static void begin_totp(struct exchange *x) {
    struct text secret;
    struct text uri;
    enum rc rc = account_totp_begin(&x->call, &secret, &uri);
    if (rc == RC_NONE) { /* set already */
        exchange_redirect(x, exchange_link(x, "/me/account?done=totp-already"));
        return;
    }
    if (rc != RC_OK) {
        failed(x, rc);
        return;
    }
    show_secret(x, secret, uri, (struct error_list){0}, 200);
}

static void secret_again(struct exchange *x, struct text secret, struct error_list errors) {
    struct text uri = totp_uri(x->arena, x->call.city->name, x->session.name, secret);
    show_secret(x, secret, uri, errors, 422);
}

static void totp_again(struct exchange *x) {
    secret_again(x, form_raw(&x->body, "secret"), page_errors(x, &x->body));
}

static void confirm_totp(struct exchange *x) {
    const struct account_body *in = exchange_body(x);
    enum account_fault fault = ACCOUNT_FINE;
    enum rc rc = account_totp_confirm(&x->call, in->secret, in->code, &fault);
    if (rc != RC_OK) {
        failed(x, rc);
    } else if (fault != ACCOUNT_FINE) {
        struct error_list errors = {0};
        page_error_add(x->arena, &errors, TEXT("code"), fault_words(x, fault, TEXT("")));
        secret_again(x, in->secret, errors);
    } else {
        exchange_redirect(x, exchange_link(x, "/me/account?done=totp-on"));
    }
}

static void remove_totp(struct exchange *x) {
    const struct account_body *in = exchange_body(x);
    enum account_fault fault = ACCOUNT_FINE;
    enum rc rc = account_totp_remove(&x->call, in->old_password, &fault);
    if (rc != RC_OK) {
        failed(x, rc);
    } else if (fault != ACCOUNT_FINE) {
        show_fault(x, "old_password", fault_words(x, fault, TEXT("")));
    } else {
        exchange_redirect(x, exchange_link(x, "/me/account?done=totp-off"));
    }
}

static const struct route rows[] = {
    {HTTP_GET, "/me/account", show_account, .roles = FOR_RESIDENT, .cache = CACHE_OWN},
    {HTTP_POST, "/me/account/password", change_password, .roles = FOR_RESIDENT, .class = CLASS_LOGIN,
     .form = &password_form, .again = account_again},
    {HTTP_POST, "/me/account/logout", logout_all, .roles = FOR_RESIDENT},
    {HTTP_GET, "/me/account/totp", begin_totp, .roles = FOR_RESIDENT, .cache = CACHE_OWN},
    {HTTP_POST, "/me/account/totp", confirm_totp, .roles = FOR_RESIDENT, .class = CLASS_LOGIN,
     .form = &totp_form, .again = totp_again},
    {HTTP_POST, "/me/account/totp/remove", remove_totp, .roles = FOR_RESIDENT, .class = CLASS_LOGIN,
     .form = &off_form, .again = account_again},
};
const struct route_table my_account_routes = ROUTES(rows);
