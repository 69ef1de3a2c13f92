#include "web/page.h"

#include "profile/profile.h"
#include "query/people.h"
#include "web/eye.h"
#include "web/tmpl/error.h"
#include "web/web.h"

enum { THEME_SECONDS = 365 * 24 * 3600 };

/* ---- navigation ---- */

struct nav_row {
    unsigned roles;
    const char *path;
    enum word label;
};

static const struct nav_row nav_rows[] = {
    {FOR_PUBLIC | FOR_RESIDENT, "/search", W_NAV_SEARCH},
    {FOR_PUBLIC, "/rules", W_NAV_RULES},
    {FOR_RESIDENT, "/me", W_NAV_ME},
    {FOR_RESIDENT, "/me/bookings", W_NAV_BOOKINGS},
    {FOR_RESIDENT, "/me/waits", W_NAV_WAITS},
    {FOR_RESIDENT, "/me/notices", W_NAV_NOTICES},
    {FOR_RESIDENT, "/me/account", W_NAV_ACCOUNT},
    {FOR_FACILITY, "/facility", W_NAV_TODAY},
    {FOR_FACILITY, "/facility/requests", W_NAV_REQUESTS},
    {FOR_FACILITY, "/facility/week", W_NAV_WEEK},
    {FOR_FACILITY, "/facility/capacity", W_NAV_CAPACITY},
    {FOR_FACILITY, "/facility/blocks", W_NAV_BLOCKS},
    {FOR_FACILITY, "/facility/claims", W_NAV_CLAIMS},
    {FOR_FACILITY, "/facility/profile", W_NAV_PROFILE},
    {FOR_CITY, "/city", W_NAV_CITY},
    {FOR_CITY, "/city/registrations", W_NAV_REGISTRATIONS},
    {FOR_CITY, "/city/bookings", W_NAV_CITY_BOOKINGS},
    {FOR_CITY, "/city/vacancies", W_NAV_VACANCIES},
    {FOR_CITY, "/city/waits", W_NAV_CITY_WAITS},
    {FOR_CITY, "/city/residents", W_NAV_RESIDENTS},
    {FOR_CITY, "/city/statistics", W_NAV_STATISTICS},
    {FOR_CITY, "/city/claims", W_NAV_CLAIMS},
    {FOR_CITY, "/city/facilities", W_NAV_FACILITIES},
    {FOR_CITY | FOR_AUDITOR, "/city/rules", W_NAV_CITY_RULES},
    {FOR_FACILITY, "/facility/rules", W_NAV_CITY_RULES},
    {FOR_CITY_ADMIN, "/city/staff", W_NAV_STAFF},
    {FOR_AUDITOR | FOR_CITY_ADMIN, "/city/audit", W_NAV_AUDIT},
};

/* The row whose path is the longest beginning of this page's path is the one marked as here. */
static const struct nav_row *nav_here(const struct exchange *x, unsigned role) {
    const struct nav_row *best = NULL;
    for (size_t i = 0; i < COUNT(nav_rows); i++) {
        struct text path = text_of(nav_rows[i].path);
        bool here = text_eq(x->path, path) ||
                    (text_starts(x->path, path) && x->path.n > path.n && x->path.p[path.n] == '/');
        if ((nav_rows[i].roles & role) != 0 && here && (best == NULL || path.n > text_of(best->path).n)) {
            best = &nav_rows[i];
        }
    }
    return best;
}

/* What waits for the staff. Not asked inside a write (a refusal being rendered); without an answer the menu stands
 * without counts. */
static void read_work(struct exchange *x, struct work_waiting *ret_work) {
    enum role role = x->call.actor.role;
    if (x->render == NULL && x->call.city != NULL &&
        (role == ROLE_FACILITY || role == ROLE_COORDINATOR || role == ROLE_CITY_ADMIN)) {
        struct query query = eye_of(x);
        struct work_waiting work;
        bool known = query_waiting(&query, &work) == RC_OK;
        *ret_work = known ? work : *ret_work;
        x->partial = x->partial || !known;
    }
}

static int64_t nav_waiting(const struct exchange *x, enum word label, const struct work_waiting *work) {
    return label == W_NAV_NOTICES         ? x->session.notices_unread
           : label == W_NAV_REQUESTS      ? work->requests
           : label == W_NAV_REGISTRATIONS ? work->registrations
                                          : 0;
}

static void fill_nav(struct exchange *x, struct frame *frame) {
    unsigned role = 1U << x->call.actor.role;
    const struct nav_row *here = nav_here(x, role);
    struct nav_item *items = arena_array(x->arena, struct nav_item, COUNT(nav_rows));
    struct work_waiting work = {0};
    size_t n = 0;
    read_work(x, &work);
    for (size_t i = 0; i < COUNT(nav_rows) && x->call.city != NULL; i++) {
        const struct nav_row *row = &nav_rows[i];
        if ((row->roles & role) != 0) {
            items[n++] = (struct nav_item){.url = exchange_link(x, row->path),
                                           .label = word_text(row->label),
                                           .waiting = nav_waiting(x, row->label, &work),
                                           .here = row == here};
        }
    }
    frame->nav = items;
    frame->nav_count = n;
}

/* ---- the rest of the frame ---- */

struct text page_role_name(enum role role) {
    enum word word;
    char key[40] = "role.";
    size_t n = 5;
    for (const char *p = role_code(role); *p != '\0' && n < sizeof key; p++) {
        key[n++] = *p;
    }
    return word_find((struct text){key, n}, &word) ? word_text(word) : TEXT("");
}

static struct text who(const struct exchange *x) {
    const struct session *session = &x->session;
    if (!x->signed_in) {
        return TEXT("");
    }
    if (!role_is_staff(session->actor.role)) {
        return text_printf(x->arena, "%.*s さん", TEXT_F(session->name));
    }
    struct text place =
        session->facility_name.n > 0 ? session->facility_name : page_role_name(session->actor.role);
    return text_printf(x->arena, "%.*s（%.*s）", TEXT_F(session->name), TEXT_F(place));
}

static struct text here(const struct exchange *x) {
    struct text address = exchange_address(x);
    return address.n > 0 ? address
                         : exchange_link(x, "/"); /* a page that shows a form again cannot be fetched */
}

/* The note of ?done=CODE. Codes are of the catalogue, so that a link cannot put words into our mouth. */
static struct text done_note(const struct exchange *x) {
    struct text rest = x->request->query;
    struct text pair;
    enum word word;
    while (text_next(&rest, '&', &pair)) {
        if (text_starts(pair, TEXT("done="))) {
            struct text key = text_join(x->arena, TEXT("done."), text_part(pair, 5, pair.n));
            return word_find(key, &word) ? word_text(word) : TEXT("");
        }
    }
    return TEXT("");
}

static void fill_desk(const struct exchange *x, struct frame *frame) {
    if (x->call.city == NULL) {
        return;
    }
    frame->city = x->call.city->name;
    const struct profile *profile = x->call.city->profile;
    if (profile != NULL) {
        const struct city *city = &profile->city;
        frame->phone = city->phone;
        frame->desk = city->hours.n == 0
                          ? city->office
                          : text_printf(x->arena, "%.*s（%.*s）", TEXT_F(city->office), TEXT_F(city->hours));
    }
}

void page_frame(struct exchange *x, struct text title, struct frame *ret_frame) {
    x->title = title;
    struct text theme = TEXT("");
    bool chosen = http_cookie(x->request, "theme", &theme);
    *ret_frame = (struct frame){.title = title,
                                .base = {x->base},
                                .who = who(x),
                                .csrf = x->form_token,
                                .here = here(x),
                                .notice = done_note(x),
                                .theme = chosen ? theme_of(theme) : THEME_AUTO,
                                .wide = role_is_staff(x->call.actor.role),
                                .demo = x->call.house->demo,
                                .private = x->signed_in};
    fill_desk(x, ret_frame);
    fill_nav(x, ret_frame);
}

struct text page_done_link(const struct exchange *x, struct text path, const char *code) {
    bool more = text_has(path, TEXT("?"));
    return text_printf(x->arena, "%.*s%.*s%sdone=%s", TEXT_F(x->base), TEXT_F(path), more ? "&" : "?", code);
}

/* ---- error pages ---- */

void page_error(void *ctx, struct exchange *x, const struct problem *problem) {
    (void)ctx;
    struct frame frame;
    struct html out;
    guard_recognise(x);
    page_frame(x, problem->title, &frame);
    frame.private = true;
    frame.notice = TEXT("");
    html_init(&out, x->arena);
    tmpl_error_page(&out, &frame, problem);
    exchange_page(x, problem->status, html_done(&out));
}

/* ---- the display switch ---- */

struct theme_form {
    int theme;
};
static const char *const theme_choices[] = {"auto", "light", "dark", NULL};
static const struct field theme_fields[] = {{.name = "theme",
                                             .kind = FIELD_CHOICE,
                                             .required = true,
                                             .offset = offsetof(struct theme_form, theme),
                                             .choices = theme_choices}};
static const struct form theme_form = FORM("Theme", theme_fields, struct theme_form);

static void set_theme(struct exchange *x) {
    const struct theme_form *form = exchange_body(x);
    if (x->body.error_count == 0) {
        http_response_cookie(x->response, x->arena,
                             (struct http_set_cookie){.name = "theme",
                                                      .value = text_of(theme_name((enum theme)form->theme)),
                                                      .max_age = THEME_SECONDS,
                                                      .secure = x->request->https});
    }
    exchange_redirect(x, guard_next(form_raw(&x->body, "_next"), exchange_link(x, "/")));
}

static const struct route rows[] = {
    {HTTP_POST, "/theme", set_theme, .roles = FOR_ALL, .form = &theme_form},
};
const struct route_table page_routes = ROUTES(rows);
