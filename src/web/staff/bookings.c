/* All bookings of the city with filters. */
#include "query/facilities.h"
#include "web/eye.h"
#include "web/page_form.h"
#include "web/staff/booking_item.h"
#include "web/staff/staff.h"
#include "web/staff/tables.h"
#include "web/tmpl/staff/booking.h"

enum { PAGE_ROWS = 50 };

struct search_query {
    struct text state;
    struct text care;
    struct facility_id facility;
    struct day from;
    struct day to;
    struct account_id account;
    int64_t after;
};
#define AT(member) .offset = offsetof(struct search_query, member)
static const struct field search_fields[] = {
    {.name = "state", .kind = FIELD_TEXT, .max = 20, AT(state)},
    {.name = "care", .kind = FIELD_TEXT, .max = 32, AT(care)},
    {.name = "facility", .kind = FIELD_ID, AT(facility)},
    {.name = "from", .kind = FIELD_DAY, AT(from)},
    {.name = "to", .kind = FIELD_DAY, AT(to)},
    {.name = "account", .kind = FIELD_ID, AT(account)},
    {.name = "after", .kind = FIELD_ID, AT(after)},
};
#undef AT
static const struct form search_form = FORM("StaffBookings", search_fields, struct search_query);

static void fill_states(struct exchange *x, struct field_choice_view *ret_view) {
    struct choice choices[BOOKING__MAX];
    struct error_list none = {0};
    choices[0] = (struct choice){.label = word_text(W_STAFF_ALL)};
    for (int i = BOOKING_REQUESTED; i < BOOKING__MAX; i++) {
        struct text code = booking_state_code((enum booking_state)i);
        choices[i] = (struct choice){.value = code, .label = page_word(x, "booking-state", code)};
    }
    *ret_view = page_choice(x, &x->query, &none, "state");
    page_choice_fill(x, &x->query, ret_view, choices, COUNT(choices));
}

static enum rc fill_filters(struct exchange *x, struct booking_search_view *view) {
    struct error_list none = {0};
    struct query query = eye_of(x);
    struct facility_name *facilities;
    size_t count;
    enum rc rc = query_facility_names(&query, true, &facilities, &count);
    if (rc != RC_OK) {
        return rc;
    }
    struct choice *choices = arena_array(x->arena, struct choice, count + 1);
    choices[0] = (struct choice){.label = word_text(W_STAFF_ALL)};
    for (size_t i = 0; i < count; i++) {
        choices[i + 1] =
            (struct choice){.value = staff_id(x, facilities[i].id.n), .label = facilities[i].name};
    }
    view->facility = page_choice(x, &x->query, &none, "facility");
    view->facility.hint = TEXT(""); /* it speaks of waiting */
    page_choice_fill(x, &x->query, &view->facility, choices, count + 1);
    size_t cares;
    struct choice *care = staff_cares(x, true, &cares);
    view->care = page_choice(x, &x->query, &none, "care");
    page_choice_fill(x, &x->query, &view->care, care, cares);
    fill_states(x, &view->state);
    view->from = page_date(x, &x->query, &none, "from");
    view->to = page_date(x, &x->query, &none, "to");
    return RC_OK;
}

static struct text next_link(const struct exchange *x, const struct search_query *in, int64_t after) {
    struct text from = day_is_none(in->from) ? TEXT("") : day_format(x->arena, in->from);
    struct text to = day_is_none(in->to) ? TEXT("") : day_format(x->arena, in->to);
    struct text facility = in->facility.n == 0 ? TEXT("") : staff_id(x, in->facility.n);
    struct text account = in->account.n == 0 ? TEXT("") : staff_id(x, in->account.n);
    return exchange_linkf(
        x, "/city/bookings?state=%.*s&care=%.*s&facility=%.*s&from=%.*s&to=%.*s&account=%.*s&after=%.*s",
        TEXT_F(http_escape(x->arena, in->state)), TEXT_F(http_escape(x->arena, in->care)), TEXT_F(facility),
        TEXT_F(from), TEXT_F(to), TEXT_F(account), TEXT_F(staff_id(x, after)));
}

static void show_bookings(struct exchange *x) {
    const struct search_query *in = exchange_query(x);
    struct booking_ask ask = {.state = in->state,
                              .care = in->care,
                              .facility = in->facility,
                              .account = in->account,
                              .from = in->from,
                              .to = in->to,
                              .brief = true};
    struct query query = eye_of(x);
    struct query_page window = {.after = in->after, .limit = PAGE_ROWS};
    struct booking_search_view view = {.all_url = exchange_link(x, "/city/bookings")};
    struct booking_row *rows;
    size_t count;
    enum rc rc = query_bookings(&query, &ask, &window, &rows, &count);
    if (rc == RC_OK) {
        rc = fill_filters(x, &view);
    }
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    if (!staff_viewed_many(x, "booking.list", "booking", count)) {
        return;
    }
    view.list = booking_list_of(x, rows, count, NULL);
    view.list.id = TEXT("bookings");
    view.list.caption = word_text(W_STAFF_NEWEST);
    view.list.facility = true;
    view.list.deadline = true;
    if (count == PAGE_ROWS) {
        view.links.after_url = next_link(x, in, rows[count - 1].id.n);
    }
    struct page page;
    page_open(x, word_text(W_NAV_CITY_BOOKINGS), &page);
    tmpl_city_bookings_page(&page.html, &page.frame, &view);
    page_send(x, 200, &page);
}

static const struct route rows[] = {
    {HTTP_GET, "/city/bookings", show_bookings, .roles = FOR_CITY, .cache = CACHE_OWN, .query = &search_form},
};
const struct route_table staff_bookings_routes = ROUTES(rows);
