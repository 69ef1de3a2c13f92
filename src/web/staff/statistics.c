/* Uses by fiscal year and care, as table and CSV. */
#include "query/figures.h"

#include "base/buf.h"
#include "web/eye.h"
#include "web/page.h"
#include "web/staff/csv_out.h"
#include "web/staff/record_view.h"
#include "web/staff/staff.h"
#include "web/staff/tables.h"
#include "web/tmpl/staff/record.h"

enum { FIRST_YEAR = 2019 };
/* A drawing of 150 units of height: figures above the bars, years below the floor. */
enum { CHART_STEP = 56, CHART_GAP = 8, CHART_FLOOR = 124, CHART_TALLEST = 100 };

struct usage {
    const struct programme *programme;
    struct usage_row *rows; /* by year, then care */
    size_t count;
    size_t years;
    size_t cares;
};

static enum rc load(const struct exchange *x, struct usage *ret_usage) {
    const struct programme *programme = eye_programme(x);
    struct query query = eye_of(x);
    if (programme == NULL) {
        return RC_NONE;
    }
    struct text *cares = arena_array(x->arena, struct text, (size_t)programme->care_count);
    for (int32_t i = 0; i < programme->care_count; i++) {
        cares[i] = programme->cares[i].code;
    }
    int64_t last = day_fiscal_year(staff_today(x));
    int64_t first = last - FIRST_YEAR >= QUERY_YEARS_MAX ? last - QUERY_YEARS_MAX + 1 : FIRST_YEAR;
    struct usage_ask ask = {.from_fy = first < last ? first : last,
                            .to_fy = last,
                            .cares = cares,
                            .care_count = (size_t)programme->care_count};
    *ret_usage = (struct usage){
        .programme = programme, .years = (size_t)(ask.to_fy - ask.from_fy + 1), .cares = ask.care_count};
    return query_usage(&query, &ask, &ret_usage->rows, &ret_usage->count);
}

static struct text figure(const struct exchange *x, int64_t n) {
    return n < 0 ? TEXT("―") : staff_count(x, n);
}

/* All cares on one scale, so that they can be compared. */
static struct usage_chart chart_of(const struct exchange *x, const struct usage *usage, size_t care) {
    struct chart_bar *bars = arena_array(x->arena, struct chart_bar, usage->years);
    struct buf said;
    int64_t most = 1;
    buf_init(&said, x->arena);
    for (size_t i = 0; i < usage->count; i++) {
        most = usage->rows[i].uses > most ? usage->rows[i].uses : most;
    }
    for (size_t i = 0; i < usage->years; i++) {
        const struct usage_row *row = &usage->rows[i * usage->cares + care];
        struct word_arg args[] = {{"year", row->era}, {"n", staff_count(x, row->uses)}};
        int64_t height = row->uses * CHART_TALLEST / most;
        int64_t left = (int64_t)i * CHART_STEP;
        bars[i] = (struct chart_bar){.x = left + CHART_GAP,
                                     .y = CHART_FLOOR - height,
                                     .height = height,
                                     .middle = left + CHART_STEP / 2,
                                     .above = CHART_FLOOR - height - CHART_GAP,
                                     .year = row->era,
                                     .figure = args[1].value,
                                     .expected = row->expected};
        buf_putz(&said, i > 0 ? "、" : "");
        buf_put(&said, word_expand(x->arena, W_STAFF_CHART_YEAR, args, COUNT(args)));
    }
    struct word_arg args[] = {{"care", usage->programme->cares[care].name}, {"years", buf_text(&said)}};
    return (struct usage_chart){.bars = bars,
                                .width = (int64_t)usage->years * CHART_STEP,
                                .said = word_expand(x->arena, W_STAFF_CHART_SAID, args, COUNT(args))};
}

static struct usage_line line_of(const struct exchange *x, const struct usage *usage, size_t care) {
    struct text *uses = arena_array(x->arena, struct text, usage->years);
    struct text *persons = arena_array(x->arena, struct text, usage->years);
    struct text *units = arena_array(x->arena, struct text, usage->years);
    for (size_t i = 0; i < usage->years; i++) {
        const struct usage_row *row = &usage->rows[i * usage->cares + care];
        uses[i] = figure(x, row->uses);
        persons[i] = figure(x, row->persons);
        units[i] = figure(x, row->units);
    }
    return (struct usage_line){chart_of(x, usage, care), usage->programme->cares[care].name, uses, persons,
                               units};
}

static void show(struct exchange *x) {
    struct usage usage;
    enum rc rc = load(x, &usage);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    struct text *years = arena_array(x->arena, struct text, usage.years);
    for (size_t i = 0; i < usage.years; i++) {
        bool expected = false;
        for (size_t k = 0; k < usage.cares; k++) {
            expected = expected || usage.rows[i * usage.cares + k].expected;
        }
        years[i] = usage.rows[i * usage.cares].era;
        if (expected) {
            years[i] = text_join(x->arena, years[i], word_text(W_STAFF_EXPECTED));
        }
    }
    struct usage_line *lines = arena_array(x->arena, struct usage_line, usage.cares);
    for (size_t i = 0; i < usage.cares; i++) {
        lines[i] = line_of(x, &usage, i);
    }
    struct statistics_view view = {.years = years,
                                   .year_count = usage.years,
                                   .lines = lines,
                                   .line_count = usage.cares,
                                   .csv_url = exchange_link(x, "/city/statistics.csv"),
                                   .made = staff_moment(x, x->call.now)};
    struct page page;
    page_open(x, word_text(W_NAV_STATISTICS), &page);
    tmpl_statistics_page(&page.html, &page.frame, &view);
    page_send(x, 200, &page);
}

static void send_csv(struct exchange *x) {
    static const enum word heads[] = {W_STAFF_CSV_YEAR,     W_STAFF_CSV_ERA,     W_STAFF_CSV_CARE,
                                      W_STAFF_CSV_USES,     W_STAFF_CSV_PERSONS, W_STAFF_CSV_UNITS,
                                      W_STAFF_CSV_EXPECTED, W_STAFF_CSV_IMPORTED};
    struct usage usage;
    struct csv_out csv;
    enum rc rc = load(x, &usage);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    csv_out_init(&csv, x->arena, heads, COUNT(heads));
    for (size_t i = 0; i < usage.count; i++) {
        const struct usage_row *row = &usage.rows[i];
        csv_out_int(&csv, row->fiscal_year);
        csv_out_text(&csv, row->era);
        csv_out_text(&csv, page_care_name(x, row->care));
        csv_out_int(&csv, row->uses);
        csv_out_text(&csv,
                     row->persons < 0 ? TEXT("") : text_printf(x->arena, "%lld", (long long)row->persons));
        csv_out_text(&csv, row->units < 0 ? TEXT("") : text_printf(x->arena, "%lld", (long long)row->units));
        csv_out_text(&csv, row->expected ? word_text(W_STAFF_YES) : TEXT(""));
        csv_out_int(&csv, row->imported);
        csv_out_end(&csv);
    }
    csv_out_send(x, &csv, "statistics.csv", W_STAFF_CSV_STATISTICS);
}

static const struct route rows[] = {
    {HTTP_GET, "/city/statistics", show, .roles = FOR_CITY, .cache = CACHE_OWN, .class = CLASS_EXPORT},
    {HTTP_GET, "/city/statistics.csv", send_csv, .roles = FOR_CITY, .class = CLASS_EXPORT},
};
const struct route_table staff_statistics_routes = ROUTES(rows);
