/* 窓口で代行: finding an approved resident, asking what she wants, showing the price and every reason why not, booking. */
#include "query/facilities.h"
#include "query/people.h"
#include "service/book.h"
#include "sys/textkey.h"
#include "web/eye.h"
#include "web/page.h"
#include "web/page_form.h"
#include "web/refusal.h"
#include "web/staff/behalf.h"
#include "web/staff/behalf_view.h"
#include "web/staff/staff.h"
#include "web/staff/tables.h"
#include "web/tmpl/staff/behalf.h"

/* ---- finding ---- */

struct words_query {
    struct text words;
};
static const struct field words_fields[] = {
    {.name = "words", .kind = FIELD_TEXT, .max = 60, .offset = offsetof(struct words_query, words)},
};
static const struct form words_form = FORM("StaffResidents", words_fields, struct words_query);

static struct resident_item item_of(const struct exchange *x, const struct resident_row *row) {
    struct text account = staff_id(x, row->account.n);
    return (struct resident_item){
        .name = row->mother_name,
        .kana = row->mother_kana,
        .birth = day_is_none(row->mother_birth_date) ? TEXT("") : day_era(x->arena, row->mother_birth_date),
        .phone = row->phone,
        .number = text_printf(x->arena, "%lld", (long long)row->grant_number),
        .until = staff_day(x, row->valid_to),
        .url = staff_link(x, "/registrations/%.*s", TEXT_F(staff_id(x, row->registration.n))),
        .book_url = staff_link(x, "/residents/%.*s/book", TEXT_F(account)),
        .wait_url = staff_link(x, "/residents/%.*s/wait", TEXT_F(account)),
        .bookings_url = staff_link(x, "/bookings?account=%.*s", TEXT_F(account))};
}

static void show_residents(struct exchange *x) {
    const struct words_query *in = exchange_query(x);
    struct error_list none = {0};
    struct residents_view view = {.q = page_field(x, &x->query, &none, "words"), .asked = in->words.n > 0};
    struct resident_row *rows = NULL;
    if (view.asked) {
        struct query query = eye_of(x);
        enum rc rc =
            query_residents(&query, in->words, textkey_search(x->arena, in->words), &rows, &view.count);
        if (rc != RC_OK) {
            exchange_failed(x, rc);
            return;
        }
        if (!staff_viewed_many(x, "resident.list", "registration", view.count)) {
            return;
        }
    }
    struct resident_item *items = arena_array(x->arena, struct resident_item, view.count + 1);
    for (size_t i = 0; i < view.count; i++) {
        items[i] = item_of(x, &rows[i]);
    }
    view.items = items;
    struct page page;
    page_open(x, word_text(W_NAV_RESIDENTS), &page);
    tmpl_residents_page(&page.html, &page.frame, &view);
    page_send(x, 200, &page);
}

/* ---- what she wants ---- */

struct wanted {
    struct text care;
    struct facility_id facility;
    struct day start;
    struct day end;
    struct text message;
};
#define AT(member) .offset = offsetof(struct wanted, member)
static const struct field wanted_fields[] = {
    {.name = "care", .kind = FIELD_TEXT, .required = true, .max = 32, AT(care)},
    {.name = "facility", .kind = FIELD_ID, .required = true, AT(facility)},
    {.name = "start", .kind = FIELD_DAY, .required = true, AT(start)},
    {.name = "end", .kind = FIELD_DAY, AT(end)},
    {.name = "message", .kind = FIELD_LINES, .max = 500, AT(message)},
};
#undef AT
static const struct form wanted_form = FORM("StaffBehalf", wanted_fields, struct wanted);

bool behalf_who(struct exchange *x, struct text *ret_name) {
    struct query query = eye_of(x);
    struct registration_ask ask = {.state = TEXT("approved"), .account = {exchange_id(x, "id")}};
    struct query_page window = {.limit = 1};
    struct registration_row *rows;
    size_t count = 0;
    enum rc rc = query_registrations(&query, &ask, &window, &rows, &count);
    if (rc == RC_OK && count == 0) {
        rc = RC_NONE;
    }
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return false;
    }
    *ret_name = rows[0].mother_name;
    return staff_viewed(x, "registration.view", "registration", rows[0].id.n, rows[0].account);
}

static enum rc facility_choices(struct exchange *x, struct facility_row **ret_rows, size_t *ret_count) {
    struct query query = eye_of(x);
    struct facility_ask ask = {.date = DAY_NONE, .month_age = -1};
    return query_facilities(&query, &ask, ret_rows, ret_count);
}

static void show_wanted(struct exchange *x) {
    struct error_list none = {0};
    struct behalf_view view = {.action =
                                   staff_link(x, "/residents/%.*s/check", TEXT_F(exchange_param(x, "id"))),
                               .start = page_date(x, &x->query, &none, "start"),
                               .end = page_date(x, &x->query, &none, "end")};
    if (!behalf_who(x, &view.name)) {
        return;
    }
    struct facility_row *rows;
    size_t count, cares;
    enum rc rc = facility_choices(x, &rows, &count);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    struct choice *choices = arena_array(x->arena, struct choice, count);
    for (size_t i = 0; i < count; i++) {
        choices[i] = (struct choice){.value = staff_id(x, rows[i].id.n), .label = rows[i].about.name};
    }
    struct choice *care = staff_cares(x, false, &cares);
    view.facility = page_choice(x, &x->query, &none, "facility");
    view.facility.hint = TEXT(""); /* it speaks of waiting */
    page_choice_fill(x, &x->query, &view.facility, choices, count);
    view.care = page_choice(x, &x->query, &none, "care");
    page_choice_fill(x, &x->query, &view.care, care, cares);
    view.care.required = true;
    struct page page;
    page_open(x, word_text(W_TITLE_STAFF_BEHALF), &page);
    page.frame.back = exchange_link(x, "/city/residents");
    tmpl_behalf_page(&page.html, &page.frame, &view);
    page_send(x, 200, &page);
}

/* ---- the check ---- */

static struct book_ask ask_of(const struct exchange *x, const struct wanted *in) {
    return (struct book_ask){.resident = {exchange_id(x, "id")},
                             .facility = in->facility,
                             .care = in->care,
                             .start = in->start,
                             .end = day_is_none(in->end) ? in->start : in->end,
                             .message = in->message};
}

static struct text again_url(const struct exchange *x, const struct book_ask *ask) {
    bool whole = !day_is_none(ask->start) && !day_is_none(ask->end);
    struct ymd start = whole ? day_ymd(ask->start) : (struct ymd){0};
    struct ymd end = whole ? day_ymd(ask->end) : (struct ymd){0};
    struct text plain =
        staff_link(x, "/residents/%.*s/book?care=%.*s&facility=%.*s", TEXT_F(staff_id(x, ask->resident.n)),
                   TEXT_F(ask->care), TEXT_F(staff_id(x, ask->facility.n)));
    return !whole ? plain
                  : text_printf(
                        x->arena,
                        "%.*s&start-year=%d&start-month=%d&start-day=%d&end-year=%d&end-month=%d&end-day=%d",
                        TEXT_F(plain), start.year, start.month, start.day, end.year, end.month, end.day);
}

static enum rc facility_name(struct exchange *x, struct facility_id id, struct text *ret_name) {
    struct facility_row *rows;
    size_t count;
    enum rc rc = facility_choices(x, &rows, &count);
    for (size_t i = 0; rc == RC_OK && i < count; i++) {
        if (rows[i].id.n == id.n) {
            *ret_name = rows[i].about.name;
        }
    }
    return rc;
}

static void fill_promises(const struct exchange *x, const struct book_quote *quote,
                          struct behalf_check_view *view) {
    struct word_arg by[] = {{"until", staff_moment(x, quote->answer_by)}};
    struct word_arg free[] = {{"until", staff_moment(x, quote->quote.free_cancel_until)}};
    view->answer = instant_is_none(quote->answer_by) ? word_text(W_STAFF_ANSWER_ONCE)
                                                     : word_expand(x->arena, W_STAFF_ANSWER_BY, by, 1);
    view->free_until = instant_is_none(quote->quote.free_cancel_until)
                           ? word_text(W_STAFF_FREE_ALWAYS)
                           : word_expand(x->arena, W_STAFF_FREE_UNTIL, free, 1);
    struct text *refusals = arena_array(x->arena, struct text, (size_t)quote->quote.refusal_count + 1);
    for (int32_t i = 0; i < quote->quote.refusal_count; i++) {
        refusals[i] = refusal_detail(x, x->arena, &quote->quote.refusals[i]);
    }
    view->refusals = refusals;
    view->refusal_count = (size_t)quote->quote.refusal_count;
    view->allowed = quote->quote.allowed;
}

static void check_page(struct exchange *x, const struct wanted *in, int status, struct error_list errors) {
    struct book_ask ask = ask_of(x, in);
    struct form_input input = x->body;
    input.form = &wanted_form;
    struct behalf_check_view view = {.care_name = page_care_name(x, ask.care),
                                     .days = page_days(x->arena, ask.start, ask.end),
                                     .again_url = again_url(x, &ask),
                                     .form =
                                         page_form_view(x, text_printf(x->arena, "/city/residents/%.*s/book",
                                                                       TEXT_F(exchange_param(x, "id")))),
                                     .care = ask.care,
                                     .facility = staff_id(x, ask.facility.n),
                                     .start = day_format(x->arena, ask.start),
                                     .end = day_format(x->arena, ask.end),
                                     .message = page_area(x, &input, &errors, "message")};
    if (!behalf_who(x, &view.name)) {
        return;
    }
    struct book_quote *quote = arena_new(x->arena, struct book_quote);
    enum rc rc = book_quote(&x->call, &ask, quote);
    if (rc == RC_OK) {
        rc = facility_name(x, ask.facility, &view.facility_name);
    }
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    price_of_quote(x, &quote->quote, &view.price);
    fill_promises(x, quote, &view);
    struct page page;
    page_open(x, word_text(W_TITLE_STAFF_CHECK), &page);
    page.frame.back = view.again_url;
    tmpl_behalf_check_page(&page.html, &page.frame, &view);
    page_send(x, status, &page);
}

static void show_check(struct exchange *x) {
    const struct wanted *in = exchange_query(x);
    if (in->care.n == 0 || in->facility.n == 0 || day_is_none(in->start)) {
        struct book_ask ask = ask_of(x, in);
        exchange_redirect(
            x, page_done_link(x, text_part(again_url(x, &ask), x->base.n, SIZE_MAX), "incomplete"));
        return;
    }
    check_page(x, in, 200, (struct error_list){0});
}

static void book_again(struct exchange *x) {
    const struct wanted *in = exchange_body(x);
    if (in->care.n == 0 || in->facility.n == 0 || day_is_none(in->start)) {
        exchange_form_errors(x);
        return;
    }
    check_page(x, in, 422, page_errors(x, &x->body));
}

static void render_book(void *ctx, struct arena *arena, const void *outcome, struct idem_answer *ret_answer) {
    struct exchange *x = ctx;
    const struct book_outcome *made = outcome;
    if (!made->verdict.allowed) {
        struct book_ask ask = ask_of(x, exchange_body(x));
        struct button_view way = {
            .label = word_text(W_STAFF_OTHER_DAY), .url = again_url(x, &ask), .kind = BUTTON_SECONDARY};
        page_answer_refused(x, ret_answer, &made->verdict.refused,
                            &(struct refusal_view){.ways = &way, .way_count = 1});
        return;
    }
    struct text own = text_printf(arena, "/city/bookings/%.*s", TEXT_F(id_format(arena, made->id.n)));
    bool sure = made->state == BOOKING_CONFIRMED;
    answer_redirect(ret_answer, page_done_link(x, own, sure ? "behalf-confirmed" : "behalf-requested"));
}

static void do_book(struct exchange *x) {
    struct book_ask ask = ask_of(x, exchange_body(x));
    struct book_outcome *outcome = arena_new(x->arena, struct book_outcome);
    exchange_will_render(x, render_book);
    enum rc rc = book_request(&x->call, &ask, outcome);
    exchange_done(x, rc, outcome);
}

static const struct route rows[] = {
    {HTTP_GET, "/city/residents", show_residents, .roles = FOR_CITY, .cache = CACHE_OWN,
     .query = &words_form},
    {HTTP_GET, "/city/residents/{id}/book", show_wanted, .roles = FOR_CITY, .cache = CACHE_OWN,
     .class = CLASS_BOOKING, .query = &wanted_form},
    {HTTP_GET, "/city/residents/{id}/check", show_check, .roles = FOR_CITY, .cache = CACHE_OWN,
     .class = CLASS_BOOKING, .query = &wanted_form},
    {HTTP_POST, "/city/residents/{id}/book", do_book, .roles = FOR_CITY, .idempotency = IDEM_REQUIRED,
     .form = &wanted_form, .again = book_again},
};
const struct route_table staff_behalf_routes = ROUTES(rows);
