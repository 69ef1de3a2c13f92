/* Facilities for the city, and the page about itself that a facility keeps. */
#include "query/facilities.h"

#include "base/buf.h"
#include "web/eye.h"
#include "web/facility_form.h"
#include "web/page.h"
#include "web/page_form.h"
#include "web/staff/office_view.h"
#include "web/staff/places.h"
#include "web/staff/staff.h"
#include "web/staff/tables.h"
#include "web/tmpl/staff/office.h"

/* ---- the list ---- */

static struct text cares_of(const struct exchange *x, const struct facility_row *row) {
    struct buf buf;
    buf_init(&buf, x->arena);
    for (size_t i = 0; i < row->care_count; i++) {
        buf_putz(&buf, i > 0 ? "、" : "");
        buf_put(&buf, page_care_name(x, row->cares[i].care));
    }
    return buf_text(&buf);
}

static void show_list(struct exchange *x) {
    struct query query = eye_of(x);
    struct facility_ask ask = {.date = DAY_NONE, .month_age = -1, .with_suspended = true};
    struct facility_row *rows;
    size_t count;
    enum rc rc = query_facilities(&query, &ask, &rows, &count);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    struct facility_item *items = arena_array(x->arena, struct facility_item, count + 1);
    for (size_t i = 0; i < count; i++) {
        items[i] = (struct facility_item){
            .name = rows[i].about.name,
            .url = exchange_linkf(x, "/city/facilities/%.*s", TEXT_F(staff_id(x, rows[i].id.n))),
            .kind = page_word(x, "kind", rows[i].about.kind),
            .ward = rows[i].about.ward,
            .phone = rows[i].words.phone,
            .cares = cares_of(x, &rows[i]),
            .suspended = rows[i].suspended};
    }
    struct facilities_view view = {items, count, x->call.actor.role == ROLE_CITY_ADMIN};
    struct page page;
    page_open(x, word_text(W_NAV_FACILITIES), &page);
    tmpl_facilities_page(&page.html, &page.frame, &view);
    page_send(x, 200, &page);
}

/* ---- one ---- */

static const struct field edit_fields[] = {
    FACILITY_WORDS_FIELDS(struct facility_edit, "takes_"),
    {.name = "suspended", .kind = FIELD_BOOL, .offset = offsetof(struct facility_edit, suspended)},
};
static const struct form edit_form = FORM("StaffFacility", edit_fields, struct facility_edit);

static struct text own_page(const struct exchange *x) {
    return staff_place_path(x, x->call.actor.role == ROLE_FACILITY ? "/profile" : "");
}

static enum rc load(const struct exchange *x, struct facility_row *ret_row) {
    struct query query = eye_of(x);
    struct facility_ask ask = {
        .date = DAY_NONE, .month_age = -1, .id = staff_place_id(x), .with_suspended = true};
    struct facility_row *rows;
    size_t count;
    enum rc rc = query_facilities(&query, &ask, &rows, &count);
    if (rc == RC_OK) {
        *ret_row = rows[0];
    }
    return rc;
}

/* What is stored stands in the fields until something was typed. */
static void fill_stored(const struct facility_row *row, struct facility_edit_view *view) {
    view->phone.value = row->words.phone;
    view->email.value = row->words.email;
    view->introduction.value = row->words.introduction;
    view->access.value = row->words.access;
    view->bring.value = row->words.bring;
    view->multiples.checked = row->words.multiples;
    view->siblings.checked = row->words.siblings;
    view->partner.checked = row->words.partner;
    view->suspended.checked = row->suspended;
}

static void edit_page(struct exchange *x, int status, struct error_list errors) {
    struct facility_row row;
    enum rc rc = load(x, &row);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    struct form_input input = x->body;
    input.form = &edit_form;
    struct facility_edit_view view = {
        .errors = errors,
        .form = page_form_view(x, own_page(x)),
        .version = row.version,
        .name = row.about.name,
        .line = text_printf(x->arena, "%.*s　%.*s", TEXT_F(page_word(x, "kind", row.about.kind)),
                            TEXT_F(row.about.address)),
        .public_url = exchange_linkf(x, "/facilities/%.*s", TEXT_F(staff_id(x, row.id.n))),
        .phone = page_field(x, &input, &errors, "phone"),
        .email = page_field(x, &input, &errors, "email"),
        .introduction = page_area(x, &input, &errors, "introduction"),
        .access = page_area(x, &input, &errors, "access"),
        .bring = page_area(x, &input, &errors, "bring"),
        .multiples = page_check(x, &input, &errors, "takes_multiples"),
        .siblings = page_check(x, &input, &errors, "takes_siblings"),
        .partner = page_check(x, &input, &errors, "takes_partner"),
        .suspended = page_check(x, &input, &errors, "suspended"),
        .writes = x->call.actor.role != ROLE_COORDINATOR,
        .admin = x->call.actor.role == ROLE_CITY_ADMIN};
    if (x->call.actor.role != ROLE_FACILITY) {
        view.capacity_url = text_join(x->arena, x->base, staff_place_path(x, "/capacity"));
        view.blocks_url = text_join(x->arena, x->base, staff_place_path(x, "/blocks"));
    }
    if (x->request->method != HTTP_POST) {
        fill_stored(&row, &view);
    }
    struct page page;
    page_open(x, row.about.name, &page);
    page.frame.back = x->call.actor.role == ROLE_FACILITY ? TEXT("") : exchange_link(x, "/city/facilities");
    page.frame.faulty = errors.count > 0;
    tmpl_facility_edit_page(&page.html, &page.frame, &view);
    page_send(x, status, &page);
}

static void show_edit(struct exchange *x) {
    edit_page(x, 200, (struct error_list){0});
}

static void edit_again(struct exchange *x) {
    edit_page(x, 422, page_errors(x, &x->body));
}

static void render_edit(void *ctx, struct arena *arena, const void *outcome, struct idem_answer *ret_answer) {
    (void)arena;
    struct exchange *x = ctx;
    const struct capacity_outcome *done = outcome;
    if (done->verdict.allowed) {
        answer_redirect(ret_answer, page_done_link(x, own_page(x), "facility"));
    } else {
        page_answer_refused(x, ret_answer, &done->verdict.refused, &(struct refusal_view){.way_count = 0});
    }
}

static void do_edit(struct exchange *x) {
    struct facility_edit edit = *(const struct facility_edit *)exchange_body(x);
    edit.facility = staff_place_id(x);
    edit.version = exchange_version(x);
    struct facility_row row;
    enum rc rc = load(x, &row);
    if (rc == RC_OK && x->call.actor.role != ROLE_CITY_ADMIN) {
        edit.suspended = row.suspended; /* only the city's admin may change it */
    }
    struct capacity_outcome *outcome = arena_new(x->arena, struct capacity_outcome);
    exchange_will_render(x, render_edit);
    if (rc == RC_OK) {
        rc = facility_change(&x->call, &edit, outcome);
    }
    exchange_done(x, rc, outcome);
}

static const struct route rows[] = {
    {HTTP_GET, "/city/facilities", show_list, .roles = FOR_CITY, .cache = CACHE_OWN},
    {HTTP_GET, "/city/facilities/{id}", show_edit, .roles = FOR_CITY, .cache = CACHE_OWN},
    {HTTP_POST, "/city/facilities/{id}", do_edit, .roles = FOR_CITY_ADMIN, .idempotency = IDEM_ACCEPTED,
     .form = &edit_form, .again = edit_again},
    {HTTP_GET, "/facility/profile", show_edit, .roles = FOR_FACILITY, .cache = CACHE_OWN},
    {HTTP_POST, "/facility/profile", do_edit, .roles = FOR_FACILITY, .idempotency = IDEM_ACCEPTED,
     .form = &edit_form, .again = edit_again},
};
const struct route_table staff_facility_routes = ROUTES(rows);
