/* A facility's day: who comes, who stays, who leaves, what waits for an answer, and what nobody wrote down yet. */
#include "web/staff/booking_item.h"
#include "web/eye.h"
#include "web/staff/staff.h"
#include "web/staff/tables.h"
#include "web/tmpl/staff/booking.h"

enum { ROWS_MAX = 200 };

struct rows {
    struct booking_row *rows;
    size_t count;
};

static enum rc load(const struct exchange *x, const struct booking_ask *ask, struct rows *ret_rows) {
    struct query query = eye_of(x);
    struct query_page page = {.limit = ROWS_MAX};
    struct booking_ask brief = *ask;
    brief.brief = true;
    return query_bookings(&query, &brief, &page, &ret_rows->rows, &ret_rows->count);
}

static struct booking_list section(struct exchange *x, const struct rows *rows, const char *id,
                                   enum word caption,
                                   bool (*wanted)(const struct booking_row *row, struct day today)) {
    struct booking_list list = booking_list_of(x, rows->rows, rows->count, wanted);
    list.id = text_of(id);
    list.caption = word_text(caption);
    list.steps = true;
    return list;
}

/* ---- the board ---- */

static bool arrives(const struct booking_row *row, struct day today) {
    return !day_before(today, row->start) && !day_before(row->end, today);
}

/* What it proposed itself waits for somebody else. */
static bool asks_us(const struct booking_row *row, struct day today) {
    (void)today;
    return !row->proposed;
}

static bool tomorrow(const struct booking_row *row, struct day today) {
    return day_eq(row->start, day_add(today, 1));
}

static bool leaves(const struct booking_row *row, struct day today) {
    return day_eq(row->end, today);
}

static bool stays(const struct booking_row *row, struct day today) {
    return day_before(today, row->end);
}

/* Its days are over and nobody said how it went. */
static bool forgotten(const struct booking_row *row, struct day today) {
    return day_before(row->end, today);
}

struct board {
    struct rows requests;
    struct rows confirmed;
    struct rows in_use;
};

static enum rc board_load(const struct exchange *x, struct board *ret_board) {
    struct booking_ask ask = {
        .state = TEXT("requested"), .from = DAY_NONE, .to = DAY_NONE, .oldest_answer_first = true};
    enum rc rc = load(x, &ask, &ret_board->requests);
    ask = (struct booking_ask){.state = TEXT("in-use"), .from = DAY_NONE, .to = DAY_NONE, .by_start = true};
    if (rc == RC_OK) {
        rc = load(x, &ask, &ret_board->in_use);
    }
    ask = (struct booking_ask){
        .state = TEXT("confirmed"), .from = DAY_NONE, .to = day_add(staff_today(x), 1), .by_start = true};
    return rc == RC_OK ? load(x, &ask, &ret_board->confirmed) : rc;
}

static struct booking_list forgotten_of(struct exchange *x, const struct board *board) {
    struct rows all = {
        .rows = arena_array(x->arena, struct booking_row, board->in_use.count + board->confirmed.count + 1)};
    for (size_t i = 0; i < board->in_use.count; i++) {
        all.rows[all.count++] = board->in_use.rows[i];
    }
    for (size_t i = 0; i < board->confirmed.count; i++) {
        all.rows[all.count++] = board->confirmed.rows[i];
    }
    return section(x, &all, "forgotten", W_STAFF_BOARD_FORGOTTEN, forgotten);
}

static void show_board(struct exchange *x) {
    struct board board = {0};
    enum rc rc = board_load(x, &board);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    size_t shown = board.requests.count + board.confirmed.count + board.in_use.count;
    if (!staff_viewed_many(x, "booking.list", "booking", shown)) {
        return;
    }
    struct board_view view = {
        .today = day_era(x->arena, staff_today(x)),
        .facility = x->session.facility_name,
        .requests = section(x, &board.requests, "requests", W_STAFF_BOARD_REQUESTS, asks_us),
        .arrivals = section(x, &board.confirmed, "arrivals", W_STAFF_BOARD_ARRIVALS, arrives),
        .staying = section(x, &board.in_use, "staying", W_STAFF_BOARD_STAYING, stays),
        .leaving = section(x, &board.in_use, "leaving", W_STAFF_BOARD_LEAVING, leaves),
        .tomorrow = section(x, &board.confirmed, "tomorrow", W_STAFF_BOARD_TOMORROW, tomorrow),
        .forgotten = forgotten_of(x, &board),
        .requests_url = exchange_link(x, "/facility/requests")};
    view.requests.deadline = true;
    struct page page;
    page_open(x, word_text(W_TITLE_STAFF_BOARD), &page);
    tmpl_board_page(&page.html, &page.frame, &view);
    page_send(x, 200, &page);
}

/* ---- requests ---- */

static void show_requests(struct exchange *x) {
    struct booking_ask ask = {
        .state = TEXT("requested"), .from = DAY_NONE, .to = DAY_NONE, .oldest_answer_first = true};
    struct rows rows = {0};
    enum rc rc = load(x, &ask, &rows);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    if (!staff_viewed_many(x, "booking.list", "booking", rows.count)) {
        return;
    }
    struct booking_list list = section(x, &rows, "requests", W_STAFF_BOARD_REQUESTS, asks_us);
    struct page page;
    page_open(x, word_text(W_NAV_REQUESTS), &page);
    tmpl_requests_page(&page.html, &page.frame, &list);
    page_send(x, 200, &page);
}

static const struct route rows[] = {
    {HTTP_GET, "/facility", show_board, .roles = FOR_FACILITY, .cache = CACHE_OWN, .class = CLASS_STAFF},
    {HTTP_GET, "/facility/requests", show_requests, .roles = FOR_FACILITY, .cache = CACHE_OWN,
     .class = CLASS_STAFF},
};
const struct route_table staff_board_routes = ROUTES(rows);
