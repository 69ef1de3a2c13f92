/* The city's day: applications that wait, requests without an answer, who is using what today. */
#include "query/bookings.h"
#include "query/people.h"
#include "web/eye.h"
#include "web/staff/booking_item.h"
#include "web/staff/office_view.h"
#include "web/staff/registration.h"
#include "web/staff/staff.h"
#include "web/staff/tables.h"
#include "web/tmpl/staff/office.h"

enum { SHOWN = 10, TODAY_ROWS = 100 };

struct office {
    struct registration_row *registrations;
    size_t registration_count;
    struct booking_row *requests;
    size_t request_count;
    struct booking_row *today;
    size_t today_count;
};

/* Who is there, and then who is still to come. */
static enum rc load_today(const struct exchange *x, struct office *office) {
    static const char *const states[] = {"in-use", "confirmed"};
    struct query query = eye_of(x);
    struct query_page many = {.limit = TODAY_ROWS};
    office->today = arena_array(x->arena, struct booking_row, COUNT(states) * TODAY_ROWS);
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < COUNT(states); i++) {
        struct booking_ask ask = {.state = text_of(states[i]),
                                  .from = staff_today(x),
                                  .to = staff_today(x),
                                  .by_start = true,
                                  .brief = true};
        struct booking_row *rows;
        size_t count;
        rc = query_bookings(&query, &ask, &many, &rows, &count);
        for (size_t k = 0; rc == RC_OK && k < count; k++) {
            office->today[office->today_count++] = rows[k];
        }
    }
    return rc;
}

static enum rc load(const struct exchange *x, struct office *office) {
    struct query query = eye_of(x);
    struct query_page few = {.limit = SHOWN};
    struct registration_ask submitted = {.state = TEXT("submitted")};
    struct booking_ask requests = {.state = TEXT("requested"),
                                   .from = DAY_NONE,
                                   .to = DAY_NONE,
                                   .oldest_answer_first = true,
                                   .brief = true};
    enum rc rc =
        query_registrations(&query, &submitted, &few, &office->registrations, &office->registration_count);
    if (rc == RC_OK) {
        rc = query_bookings(&query, &requests, &few, &office->requests, &office->request_count);
    }
    return rc == RC_OK ? load_today(x, office) : rc;
}

static void show(struct exchange *x) {
    struct office office = {0};
    enum rc rc = load(x, &office);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    if (!staff_viewed_many(x, "registration.list", "registration", office.registration_count) ||
        !staff_viewed_many(x, "booking.list", "booking", office.request_count + office.today_count)) {
        return;
    }
    struct registration_item *items =
        arena_array(x->arena, struct registration_item, office.registration_count + 1);
    for (size_t i = 0; i < office.registration_count; i++) {
        items[i] = registration_item_of(x, &office.registrations[i]);
    }
    struct office_view view = {.today = day_era(x->arena, staff_today(x)),
                               .registrations = items,
                               .registration_count = office.registration_count,
                               .queue_url = exchange_link(x, "/city/registrations"),
                               .next_url = exchange_link(x, "/city/registrations/next"),
                               .late = booking_list_of(x, office.requests, office.request_count, NULL),
                               .today_list = booking_list_of(x, office.today, office.today_count, NULL)};
    view.late.id = TEXT("requests");
    view.late.caption = word_text(W_STAFF_BOARD_REQUESTS);
    view.late.facility = view.late.deadline = true;
    view.today_list.id = TEXT("today");
    view.today_list.caption = word_text(W_STAFF_TODAY_USES);
    view.today_list.facility = true;
    struct page page;
    page_open(x, word_text(W_NAV_CITY), &page);
    tmpl_office_page(&page.html, &page.frame, &view);
    page_send(x, 200, &page);
}

static const struct route rows[] = {
    {HTTP_GET, "/city", show, .roles = FOR_CITY, .cache = CACHE_OWN},
};
const struct route_table staff_office_routes = ROUTES(rows);
