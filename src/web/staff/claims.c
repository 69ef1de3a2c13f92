/* The month's claims: a facility sees its own, the city all; as table, a hundred to a page, and whole as CSV. */
#include "query/figures.h"
#include "web/eye.h"
#include "web/staff/csv_out.h"
#include "web/staff/record_view.h"
#include "web/staff/staff.h"
#include "web/staff/tables.h"
#include "web/tmpl/staff/record.h"

enum { PAGE_ROWS = 100, PAGES_MAX = 1000 };

struct month_query {
    struct day month;
    int64_t page; /* 0: the first */
};
static const struct field month_fields[] = {
    {.name = "month", .kind = FIELD_MONTH, .offset = offsetof(struct month_query, month)},
    {.name = "page", .kind = FIELD_INT, .max = PAGES_MAX, .offset = offsetof(struct month_query, page)},
};
static const struct form month_form = FORM("StaffMonth", month_fields, struct month_query);

static struct day month_of(const struct exchange *x) {
    const struct month_query *in = exchange_query(x);
    return day_is_none(in->month) ? month_first(staff_today(x)) : in->month;
}

struct claims {
    struct claim_row *rows;
    size_t count;
};

static enum rc load(const struct exchange *x, struct claims *ret_claims) {
    struct query query = eye_of(x);
    return query_claims(&query, month_of(x), &ret_claims->rows, &ret_claims->count);
}

static struct text page_link(const struct exchange *x, struct day month, int64_t page) {
    struct ymd ymd = day_ymd(month);
    return staff_link(x, "/claims?month=%04d-%02d&page=%lld", ymd.year, ymd.month, (long long)page);
}

static struct text month_link(const struct exchange *x, const char *path, struct day month) {
    struct ymd ymd = day_ymd(month);
    return staff_link(x, "%s?month=%04d-%02d", path, ymd.year, ymd.month);
}

static struct claim_line line_of(const struct exchange *x, const struct claim_row *row) {
    struct text number = staff_id(x, row->booking.n);
    return (struct claim_line){
        .url = TEXT_CAT(x->arena, x->base, text_of(staff_room(x)), TEXT("/bookings/"), number),
        .number = number,
        .facility = row->facility_name,
        .care = page_care_name(x, row->care),
        .days = page_days(x->arena, row->start, row->end),
        .state = page_word(x, "booking-state", row->state),
        .units = staff_count(x, row->units),
        .unit_price = page_yen(x->arena, row->unit_price),
        .additions = page_yen(x->arena, row->additions),
        .total = page_yen(x->arena, row->total),
        .resident = page_yen(x->arena, row->resident_share),
        .city = page_yen(x->arena, row->city_share)};
}

/* Those of this page; ret_links stays empty when one page is enough. */
static struct claims page_of(const struct exchange *x, const struct claims *all,
                             struct page_links *ret_links) {
    const struct month_query *in = exchange_query(x);
    size_t from = (size_t)in->page * PAGE_ROWS;
    from = from < all->count ? from : 0;
    size_t count = all->count - from < PAGE_ROWS ? all->count - from : PAGE_ROWS;
    if (count < all->count) {
        int64_t page = (int64_t)(from / PAGE_ROWS);
        struct word_arg args[] = {{"from", staff_count(x, (int64_t)from + 1)},
                                  {"to", staff_count(x, (int64_t)(from + count))},
                                  {"n", staff_count(x, (int64_t)all->count)}};
        ret_links->line = word_expand(x->arena, W_STAFF_LINES_OF, args, COUNT(args));
        ret_links->before_url = page > 0 ? page_link(x, month_of(x), page - 1) : TEXT("");
        ret_links->after_url = from + count < all->count ? page_link(x, month_of(x), page + 1) : TEXT("");
    }
    return (struct claims){all->rows + from, count};
}

static void show(struct exchange *x) {
    struct claims claims;
    struct day month = month_of(x);
    enum rc rc = load(x, &claims);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    struct ymd ymd = day_ymd(month);
    struct word_arg caption[] = {{"year", text_printf(x->arena, "%d", ymd.year)},
                                 {"month", text_printf(x->arena, "%d", ymd.month)}};
    struct page_links links = {0};
    struct claims shown = page_of(x, &claims, &links);
    struct claim_line *lines = arena_array(x->arena, struct claim_line, shown.count + 1);
    for (size_t i = 0; i < shown.count; i++) {
        lines[i] = line_of(x, &shown.rows[i]);
    }
    struct yen total = {0}, resident = {0}, city = {0};
    for (size_t i = 0; i < claims.count; i++) {
        total.n += claims.rows[i].total.n;
        resident.n += claims.rows[i].resident_share.n;
        city.n += claims.rows[i].city_share.n;
    }
    struct claims_view view = {.month = word_expand(x->arena, W_CALENDAR_MONTH, caption, COUNT(caption)),
                               .lines = lines,
                               .count = shown.count,
                               .links = links,
                               .total = page_yen(x->arena, total),
                               .resident = page_yen(x->arena, resident),
                               .city = page_yen(x->arena, city),
                               .facility = x->call.actor.role != ROLE_FACILITY,
                               .before_url = month_link(x, "/claims", day_add_months(month, -1)),
                               .after_url = month_link(x, "/claims", day_add_months(month, 1)),
                               .csv_url = month_link(x, "/claims.csv", month),
                               .made = staff_moment(x, x->call.now)};
    struct page page;
    page_open(x, word_text(W_NAV_CLAIMS), &page);
    tmpl_claims_page(&page.html, &page.frame, &view);
    page_send(x, 200, &page);
}

static void csv_row(const struct exchange *x, struct csv_out *csv, const struct claim_row *row) {
    csv_out_text(csv, staff_id(x, row->booking.n));
    csv_out_text(csv, row->facility_name);
    csv_out_text(csv, page_care_name(x, row->care));
    csv_out_text(csv, day_format(x->arena, row->start));
    csv_out_text(csv, day_format(x->arena, row->end));
    csv_out_text(csv, page_word(x, "booking-state", row->state));
    csv_out_int(csv, row->units);
    csv_out_int(csv, row->unit_price.n);
    csv_out_int(csv, row->additions.n);
    csv_out_int(csv, row->total.n);
    csv_out_int(csv, row->resident_share.n);
    csv_out_int(csv, row->city_share.n);
    csv_out_end(csv);
}

static void send_csv(struct exchange *x) {
    static const enum word heads[] = {W_STAFF_CSV_NUMBER, W_STAFF_CSV_FACILITY,   W_STAFF_CSV_CARE,
                                      W_STAFF_CSV_START,  W_STAFF_CSV_END,        W_STAFF_CSV_STATE,
                                      W_STAFF_CSV_UNITS,  W_STAFF_CSV_UNIT_PRICE, W_STAFF_CSV_ADDITIONS,
                                      W_STAFF_CSV_TOTAL,  W_STAFF_CSV_RESIDENT,   W_STAFF_CSV_CITY};
    struct claims claims;
    struct csv_out csv;
    enum rc rc = load(x, &claims);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    csv_out_init(&csv, x->arena, heads, COUNT(heads));
    for (size_t i = 0; i < claims.count; i++) {
        csv_row(x, &csv, &claims.rows[i]);
    }
    csv_out_send(x, &csv, "claims.csv", W_STAFF_CSV_CLAIMS);
}

static const struct route rows[] = {
    {HTTP_GET, "/facility/claims", show, .roles = FOR_FACILITY, .cache = CACHE_OWN, .class = CLASS_EXPORT,
     .query = &month_form},
    {HTTP_GET, "/facility/claims.csv", send_csv, .roles = FOR_FACILITY, .class = CLASS_EXPORT,
     .query = &month_form},
    {HTTP_GET, "/city/claims", show, .roles = FOR_CITY, .cache = CACHE_OWN, .class = CLASS_EXPORT,
     .query = &month_form},
    {HTTP_GET, "/city/claims.csv", send_csv, .roles = FOR_CITY, .class = CLASS_EXPORT, .query = &month_form},
};
const struct route_table staff_claim_routes = ROUTES(rows);
