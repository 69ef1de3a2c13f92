/* Accounts of staff: adding one, whose secret for codes is shown this once, and closing one. */
#include "query/facilities.h"
#include "query/people.h"
#include "service/account.h"
#include "sys/textkey.h"
#include "web/eye.h"
#include "web/page.h"
#include "web/page_form.h"
#include "web/staff/office_view.h"
#include "web/staff/staff.h"
#include "web/staff/tables.h"
#include "web/tmpl/staff/office.h"

struct staff_body {
    int role;
    struct text name;
    struct text email;
    struct facility_id facility;
};
static const char *const role_codes[] = {"facility", "coordinator", "city_admin", "auditor", NULL};
static const enum role roles[] = {ROLE_FACILITY, ROLE_COORDINATOR, ROLE_CITY_ADMIN, ROLE_AUDITOR};
#define AT(member) .offset = offsetof(struct staff_body, member)
static const struct field staff_fields[] = {
    {.name = "role", .kind = FIELD_CHOICE, .required = true, .choices = role_codes, AT(role)},
    {.name = "name", .kind = FIELD_TEXT, .required = true, .max = 100, AT(name)},
    {.name = "email", .kind = FIELD_EMAIL, .required = true, AT(email)},
    {.name = "facility", .kind = FIELD_ID, AT(facility)},
};
#undef AT
static const struct form staff_form = FORM("StaffNew", staff_fields, struct staff_body);

static enum rc fill_choices(struct exchange *x, const struct error_list *errors,
                            struct staff_page_view *view) {
    struct form_input input = x->body;
    input.form = &staff_form;
    struct query query = eye_of(x);
    struct facility_ask ask = {.date = DAY_NONE, .month_age = -1, .with_suspended = true};
    struct facility_row *rows;
    size_t count;
    enum rc rc = query_facilities(&query, &ask, &rows, &count);
    if (rc != RC_OK) {
        return rc;
    }
    struct choice *places = arena_array(x->arena, struct choice, count + 1);
    places[0] = (struct choice){.label = word_text(W_STAFF_NO_FACILITY)};
    for (size_t i = 0; i < count; i++) {
        places[i + 1] = (struct choice){.value = staff_id(x, rows[i].id.n), .label = rows[i].about.name};
    }
    view->facility = page_choice(x, &input, errors, "facility");
    view->facility.hint = TEXT(""); /* it speaks of waiting */
    page_choice_fill(x, &input, &view->facility, places, count + 1);
    struct choice choices[COUNT(roles)];
    for (size_t i = 0; i < COUNT(roles); i++) {
        choices[i] = (struct choice){.value = text_of(role_codes[i]), .label = page_role_name(roles[i])};
    }
    view->role = page_choice(x, &input, errors, "role");
    page_choice_fill(x, &input, &view->role, choices, COUNT(choices));
    view->name = page_field(x, &input, errors, "name");
    view->email = page_field(x, &input, errors, "email");
    return RC_OK;
}

static enum rc fill_items(struct exchange *x, struct staff_page_view *view) {
    struct query query = eye_of(x);
    struct staff_row *rows;
    enum rc rc = query_staff(&query, &rows, &view->count);
    if (rc != RC_OK) {
        return rc;
    }
    struct staff_item *items = arena_array(x->arena, struct staff_item, view->count + 1);
    for (size_t i = 0; i < view->count; i++) {
        bool active = !text_is(rows[i].state, "disabled");
        struct text path = text_printf(x->arena, "/city/staff/%.*s", TEXT_F(staff_id(x, rows[i].id.n)));
        items[i] = (struct staff_item){.name = rows[i].name,
                                       .role = page_word(x, "role", rows[i].role),
                                       .login = rows[i].login,
                                       .facility = rows[i].facility_name,
                                       .state = word_text(active ? W_STAFF_ACTIVE : W_STAFF_DISABLED),
                                       .tone = active ? TONE_GOOD : TONE_PLAIN,
                                       .active = active,
                                       .own = rows[i].id.n == x->call.actor.account.n,
                                       .change = page_form_view(x, path),
                                       .renew = page_form_view(x, text_join(x->arena, path, TEXT("/code"))),
                                       .disable = active ? TEXT("1") : TEXT("")};
    }
    view->items = items;
    return RC_OK;
}

/* Sent twice, the first answer with its secret never came to be seen: the account is there, so a new secret is what helps.
 * No secret is kept that could be shown a second time. */
static void find_again(struct exchange *x, struct text login, struct staff_page_view *view) {
    struct text key = TEXT("");
    if (!textkey_email(x->arena, login, &key)) {
        return;
    }
    for (size_t i = 0; i < view->count; i++) {
        const struct staff_item *item = &view->items[i];
        if (text_eq(item->login, key) && item->active && !item->own) {
            view->again = item;
        }
    }
}

/* `taken`: the login that somebody has already; empty for none. */
static void staff_page(struct exchange *x, int status, struct error_list errors, struct text taken) {
    struct staff_page_view view = {.errors = errors, .form = page_form_view(x, TEXT("/city/staff"))};
    enum rc rc = fill_items(x, &view);
    if (rc == RC_OK) {
        find_again(x, taken, &view);
        rc = fill_choices(x, &errors, &view);
    }
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    if (!staff_viewed_many(x, "staff.list", "account", view.count)) {
        return;
    }
    struct page page;
    page_open(x, word_text(W_NAV_STAFF), &page);
    page.frame.faulty = errors.count > 0;
    tmpl_staff_page(&page.html, &page.frame, &view);
    page_send(x, status, &page);
}

static void show_staff(struct exchange *x) {
    staff_page(x, 200, (struct error_list){0}, TEXT(""));
}

static void staff_again(struct exchange *x) {
    staff_page(x, 422, page_errors(x, &x->body), TEXT(""));
}

/* "ABCD EFGH …": easier to type into an app. */
static struct text in_fours(struct exchange *x, struct text secret) {
    struct text out = TEXT("");
    for (size_t i = 0; i < secret.n; i += 4) {
        out = text_printf(x->arena, "%.*s%s%.*s", TEXT_F(out), i > 0 ? " " : "",
                          TEXT_F(text_part(secret, i, i + 4)));
    }
    return out;
}

static void made_page(struct exchange *x, enum word title, struct text name, const struct staff_made *made) {
    struct staff_made_view view = {.title = word_text(title),
                                   .name = name,
                                   .secret = in_fours(x, made->totp_secret),
                                   .uri = made->totp_uri};
    struct page page;
    page_open(x, view.title, &page);
    tmpl_staff_made_page(&page.html, &page.frame, &view);
    page_send(x, 200, &page);
}

static void fault_page(struct exchange *x, enum account_fault fault) {
    struct error_list errors = {0};
    bool taken = fault == ACCOUNT_LOGIN_TAKEN;
    page_error_add(x->arena, &errors, fault == ACCOUNT_NAME ? TEXT("name") : TEXT("email"),
                   word_text(taken                   ? W_STAFF_LOGIN_TAKEN
                             : fault == ACCOUNT_NAME ? W_ACCOUNT_NAME
                                                     : W_ACCOUNT_EMAIL));
    const struct staff_body *body = exchange_body(x);
    staff_page(x, 422, errors, taken ? body->email : TEXT(""));
}

static void do_add(struct exchange *x) {
    const struct staff_body *body = exchange_body(x);
    struct staff_new new = {
        .role = roles[body->role], .email = body->email, .name = body->name, .facility = body->facility};
    if (new.role != ROLE_FACILITY) {
        new.facility = (struct facility_id){0};
    } else if (new.facility.n == 0) {
        struct error_list errors = {0};
        page_error_add(x->arena, &errors, TEXT("facility"), word_text(W_STAFF_NEEDS_FACILITY));
        staff_page(x, 422, errors, TEXT(""));
        return;
    }
    enum account_fault fault = ACCOUNT_FINE;
    struct staff_made made = {0};
    enum rc rc = account_staff_add(&x->call, &new, &fault, &made);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    if (fault != ACCOUNT_FINE) {
        fault_page(x, fault);
        return;
    }
    made_page(x, W_TITLE_STAFF_MADE, body->name, &made);
}

struct change_body {
    bool disable;
};
static const struct field change_fields[] = {
    {.name = "disable", .kind = FIELD_BOOL, .offset = offsetof(struct change_body, disable)},
};
static const struct form change_form = FORM("StaffChange", change_fields, struct change_body);

static void do_change(struct exchange *x) {
    const struct change_body *body = exchange_body(x);
    enum rc rc = account_disable(&x->call, (struct account_id){exchange_id(x, "id")}, body->disable);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    exchange_redirect(x, page_done_link(x, TEXT("/city/staff"), body->disable ? "disabled" : "enabled"));
}

/* For who lost the device; the city's admin has made sure who is asking. */
static void do_renew(struct exchange *x) {
    struct staff_made made = {0};
    enum rc rc = account_totp_renew(&x->call, (struct account_id){exchange_id(x, "id")}, &made);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    made_page(x, W_TITLE_STAFF_RENEWED, TEXT(""), &made);
}

static const struct route rows[] = {
    {HTTP_GET, "/city/staff", show_staff, .roles = FOR_CITY_ADMIN, .cache = CACHE_OWN},
    {HTTP_POST, "/city/staff", do_add, .roles = FOR_CITY_ADMIN, .form = &staff_form, .again = staff_again},
    {HTTP_POST, "/city/staff/{id}", do_change, .roles = FOR_CITY_ADMIN, .form = &change_form},
    {HTTP_POST, "/city/staff/{id}/code", do_renew, .roles = FOR_CITY_ADMIN},
};
const struct route_table staff_account_routes = ROUTES(rows);
