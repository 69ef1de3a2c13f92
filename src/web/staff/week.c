/* A facility's week and the city's table of all facilities: what is taken, held, blocked, open on each day. */
#include "web/eye.h"
#include "web/page_form.h"
#include "web/staff/booking_item.h"
#include "web/staff/place_view.h"
#include "web/staff/places.h"
#include "web/staff/staff.h"
#include "web/staff/tables.h"
#include "web/tmpl/staff/place.h"

enum { WEEK_DAYS = 7, HEAT_DAYS = 14, ROWS_MAX = 200 };

struct from_query {
    struct text care;
    struct day from;
};
static const struct field from_fields[] = {
    {.name = "care", .kind = FIELD_TEXT, .max = 32, .offset = offsetof(struct from_query, care)},
    {.name = "from", .kind = FIELD_DAY, .offset = offsetof(struct from_query, from)},
};
static const struct form from_form = FORM("StaffFrom", from_fields, struct from_query);

static struct day from_of(const struct exchange *x) {
    const struct from_query *in = exchange_query(x);
    return day_is_none(in->from) ? staff_today(x) : in->from;
}

static struct text day_link(const struct exchange *x, const char *path, struct text care, struct day from) {
    return exchange_linkf(x, "%s?care=%.*s&from=%.*s", path, TEXT_F(care),
                          TEXT_F(day_format(x->arena, from)));
}

/* ---- a facility's week ---- */

static bool occupies(const struct booking_row *row, struct day today) {
    enum booking_state state;
    (void)today;
    return booking_state_parse(row->state, &state) && booking_occupies(state);
}

static void show_week(struct exchange *x) {
    struct day from = from_of(x);
    struct week_view view = {.before_url = day_link(x, "/facility/week", TEXT(""), day_add(from, -WEEK_DAYS)),
                             .this_url = exchange_link(x, "/facility/week"),
                             .after_url = day_link(x, "/facility/week", TEXT(""), day_add(from, WEEK_DAYS)),
                             .updated = staff_moment(x, x->call.now)};
    struct query query = eye_of(x);
    struct booking_ask ask = {
        .from = from, .to = day_add(from, WEEK_DAYS - 1), .by_start = true, .brief = true};
    struct query_page window = {.limit = ROWS_MAX};
    struct booking_row *rows;
    size_t count;
    enum rc rc = staff_places_grid(x, x->call.actor.facility, from, WEEK_DAYS, &view.grid);
    if (rc == RC_OK) {
        rc = query_bookings(&query, &ask, &window, &rows, &count);
    }
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    if (!staff_viewed_many(x, "booking.list", "booking", count)) {
        return;
    }
    view.grid.caption = page_days(x->arena, from, day_add(from, WEEK_DAYS - 1));
    view.list = booking_list_of(x, rows, count, occupies);
    view.list.id = TEXT("week");
    view.list.caption = word_text(W_STAFF_WEEK_BOOKINGS);
    struct page page;
    page_open(x, word_text(W_NAV_WEEK), &page);
    tmpl_week_page(&page.html, &page.frame, &view);
    page_send(x, 200, &page);
}

/* ---- all facilities ---- */

static struct grid_cell heat_cell(const struct exchange *x, const struct vacancy_row *row) {
    static const enum mark marks[] = {[VACANCY_OPEN] = MARK_FREE,
                                      [VACANCY_FEW] = MARK_FEW,
                                      [VACANCY_FULL] = MARK_FULL,
                                      [VACANCY_CLOSED] = MARK_CLOSED};
    struct grid_cell cell = staff_places_cell(x, row);
    if (row != NULL && row->capacity > 0 && row->shortfall == 0) {
        struct text sign = mark_sign(marks[vacancy_mark(row)]);
        cell.sign =
            TEXT_CAT(x->arena, sign, staff_count(x, row->open), TEXT("/"), staff_count(x, row->capacity));
    }
    return cell;
}

static struct grid_row *heat_rows(const struct exchange *x, const struct facility_row *facilities,
                                  size_t count, const struct staff_places *places, struct day from) {
    struct grid_row *rows = arena_array(x->arena, struct grid_row, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct grid_cell *cells = arena_array(x->arena, struct grid_cell, HEAT_DAYS);
        for (int32_t k = 0; k < HEAT_DAYS; k++) {
            cells[k] = heat_cell(x, staff_places_find(places, facilities[i].id, day_add(from, k)));
        }
        rows[i] = (struct grid_row){
            .label = facilities[i].about.name,
            .url = exchange_linkf(x, "/city/facilities/%.*s", TEXT_F(staff_id(x, facilities[i].id.n))),
            .cells = cells};
    }
    return rows;
}

static void show_heat(struct exchange *x) {
    const struct from_query *in = exchange_query(x);
    struct day from = from_of(x);
    size_t cares;
    struct choice *choices = staff_cares(x, false, &cares);
    struct text care = in->care.n > 0 || cares == 0 ? in->care : choices[0].value;
    struct query query = eye_of(x);
    struct facility_ask ask = {.care = care, .date = DAY_NONE, .month_age = -1};
    struct facility_row *facilities;
    size_t count;
    struct staff_places places;
    enum rc rc = query_facilities(&query, &ask, &facilities, &count);
    if (rc == RC_OK) {
        rc = staff_places_load(x, (struct facility_id){0}, care, from, HEAT_DAYS, &places);
    }
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    struct error_list none = {0};
    struct heat_view view = {
        .care = page_choice(x, &x->query, &none, "care"),
        .from = page_date(x, &x->query, &none, "from"),
        .grid = {.id = TEXT("heat"),
                 .caption = text_printf(x->arena, "%.*s　%.*s", TEXT_F(page_care_name(x, care)),
                                        TEXT_F(page_days(x->arena, from, day_add(from, HEAT_DAYS - 1)))),
                 .corner = word_text(W_NAV_FACILITIES),
                 .days = staff_places_days(x, from, HEAT_DAYS),
                 .day_count = HEAT_DAYS,
                 .today = staff_today(x),
                 .rows = heat_rows(x, facilities, count, &places, from),
                 .row_count = count},
        .before_url = day_link(x, "/city/vacancies", care, day_add(from, -HEAT_DAYS)),
        .after_url = day_link(x, "/city/vacancies", care, day_add(from, HEAT_DAYS)),
        .updated = staff_moment(x, x->call.now)};
    page_choice_fill(x, &x->query, &view.care, choices, cares);
    struct page page;
    page_open(x, word_text(W_NAV_VACANCIES), &page);
    tmpl_heat_page(&page.html, &page.frame, &view);
    page_send(x, 200, &page);
}

static const struct route rows[] = {
    {HTTP_GET, "/facility/week", show_week, .roles = FOR_FACILITY, .cache = CACHE_OWN, .query = &from_form},
    {HTTP_GET, "/city/vacancies", show_heat, .roles = FOR_CITY, .cache = CACHE_OWN, .query = &from_form},
};
const struct route_table staff_week_routes = ROUTES(rows);
