#include "web/resident/vacancy.h"

#include "base/buf.h"
#include "core/price.h"
#include "web/eye.h"
#include "web/page_view.h"

bool care_ask_make(const struct exchange *x, struct text code, struct care_ask *ret_ask) {
    const struct programme *programme = eye_programme(x);
    if (programme == NULL || programme->care_count == 0) {
        return false;
    }
    int32_t row = programme_care(programme, code);
    const struct care *care = &programme->cares[row < 0 ? 0 : row];
    struct timing timing = booking_timing(programme, care, x->call.city->calendar, x->call.now);
    *ret_ask = (struct care_ask){programme, care, timing_earliest(&timing), timing_latest(&timing)};
    return true;
}

static enum rc load_earliest(const struct exchange *x, const struct query *query,
                             const struct vacancy_ask *ask, struct vacancy_table *ret_table) {
    struct earliest_row *rows;
    size_t count;
    enum rc rc = query_earliest(query, ask, &rows, &count);
    if (rc != RC_OK) {
        return rc;
    }
    ret_table->rows = arena_array(x->arena, struct vacancy_row, 3 * count);
    for (size_t i = 0; i < count; i++) {
        const struct day days[] = {rows[i].first, rows[i].second, rows[i].third};
        for (size_t k = 0; k < COUNT(days) && !day_is_none(days[k]); k++) {
            ret_table->rows[ret_table->count++] =
                (struct vacancy_row){.facility = rows[i].facility, .day = days[k], .open = 1};
        }
    }
    return RC_OK;
}

static enum rc load(const struct exchange *x, const struct care_ask *ask, struct facility_id facility,
                    struct text ward, struct vacancy_table *ret_table) {
    *ret_table = (struct vacancy_table){0};
    if (day_is_none(ask->first)) {
        return RC_OK;
    }
    struct query query = eye_of(x);
    struct day limit = day_add(ask->first, QUERY_VACANCY_DAYS_MAX - 1);
    struct vacancy_ask vacancies = {.care = ask->care->code,
                                    .from = ask->first,
                                    .to = day_is_none(ask->last) ? limit : day_min(ask->last, limit),
                                    .facility = facility,
                                    .ward = ward};
    return facility.n == 0 ? load_earliest(x, &query, &vacancies, ret_table)
                           : query_vacancies(&query, &vacancies, &ret_table->rows, &ret_table->count);
}

enum rc vacancy_load(const struct exchange *x, const struct care_ask *ask, struct facility_id facility,
                     struct vacancy_table *ret_table) {
    return load(x, ask, facility, TEXT(""), ret_table);
}

enum rc vacancy_load_earliest(const struct exchange *x, const struct care_ask *ask, struct text ward,
                              struct vacancy_table *ret_table) {
    return load(x, ask, (struct facility_id){0}, ward, ret_table);
}

const struct vacancy_row *vacancy_find(const struct vacancy_table *table, struct facility_id facility,
                                       struct day day) {
    for (size_t i = 0; i < table->count; i++) {
        if (table->rows[i].facility.n == facility.n && day_eq(table->rows[i].day, day)) {
            return &table->rows[i];
        }
    }
    return NULL;
}

enum mark vacancy_sign(const struct vacancy_row *row) {
    static const enum mark marks[] = {[VACANCY_OPEN] = MARK_FREE,
                                      [VACANCY_FEW] = MARK_FEW,
                                      [VACANCY_FULL] = MARK_FULL,
                                      [VACANCY_CLOSED] = MARK_CLOSED};
    return row == NULL ? MARK_CLOSED : marks[vacancy_mark(row)];
}

size_t vacancy_earliest(const struct vacancy_table *table, struct facility_id facility, struct day from,
                        struct day *ret_days, size_t max) {
    size_t n = 0;
    for (size_t i = 0; i < table->count && n < max; i++) {
        bool late_enough = day_is_none(from) || !day_before(table->rows[i].day, from);
        if (table->rows[i].facility.n == facility.n && table->rows[i].open > 0 && late_enough) {
            ret_days[n++] = table->rows[i].day;
        }
    }
    return n;
}

static const struct facility_care_row *care_of(const struct facility_row *facility, struct text care) {
    for (size_t i = 0; i < facility->care_count; i++) {
        if (text_eq(facility->cares[i].care, care)) {
            return &facility->cares[i];
        }
    }
    return NULL;
}

struct text vacancy_price(const struct exchange *x, const struct care_ask *ask,
                          const struct facility_row *facility) {
    const struct facility_care_row *own = facility == NULL ? NULL : care_of(facility, ask->care->code);
    struct buf buf;
    buf_init(&buf, x->arena);
    for (int32_t i = 0; i < ask->programme->class_count; i++) {
        struct price_case c = {.prices = ask->care->prices,
                               .household_class = i,
                               .charged = 1,
                               .facility_known = own != NULL && own->price.n >= 0,
                               .facility = own == NULL ? (struct yen){0} : own->price};
        struct yen each;
        if (price_unit(&c, &each)) {
            buf_putz(&buf, buf.n > 0 ? "\n" : "");
            buf_put(&buf, ask->programme->classes[i].name);
            buf_putz(&buf, "：");
            buf_put(&buf, page_yen(x->arena, each));
        }
    }
    return buf_text(&buf);
}

struct text vacancy_hours(const struct exchange *x, const struct care *care) {
    struct word_arg args[] = {{"start", page_clock(x->arena, care->start_minute)},
                              {"end", page_clock(x->arena, care->end_minute)}};
    return word_expand(x->arena, care->kind == CARE_STAY ? W_CARE_HOURS_STAY : W_CARE_HOURS_DAY, args,
                       COUNT(args));
}

static struct text change_part(const struct exchange *x, struct booking_id change) {
    return change.n == 0 ? TEXT("")
                         : text_printf(x->arena, "&change=%.*s", TEXT_F(id_format(x->arena, change.n)));
}

struct text vacancy_link(const struct exchange *x, const struct care_ask *ask, struct facility_id facility,
                         struct day day, struct booking_id change) {
    return exchange_linkf(x, "/me/book?care=%.*s&facility=%.*s&start=%.*s%.*s", TEXT_F(ask->care->code),
                          TEXT_F(id_format(x->arena, facility.n)), TEXT_F(day_format(x->arena, day)),
                          TEXT_F(change_part(x, change)));
}

static struct text wish_link(const struct exchange *x, const struct month_ask *ask, struct day day) {
    return exchange_linkf(x, "/me/waits/new?care=%.*s&facility=%.*s&from=%.*s", TEXT_F(ask->care.care->code),
                          TEXT_F(id_format(x->arena, ask->facility.n)), TEXT_F(day_format(x->arena, day)));
}

static struct calendar_day month_day(const struct exchange *x, const struct month_ask *ask, struct day day) {
    const struct care_ask *care = &ask->care;
    struct calendar_day cell = {.day = day,
                                .today = day_eq(day, instant_day(x->call.now)),
                                .holiday = calendar_is_holiday(x->call.city->calendar, day)};
    bool early = day_is_none(care->first) || day_before(day, care->first);
    bool late = !day_is_none(care->last) && day_before(care->last, day);
    if (early || late) {
        cell.why = word_text(early ? W_DAY_PAST : W_DAY_FAR);
        return cell;
    }
    const struct vacancy_row *row = vacancy_find(ask->table, ask->facility, day);
    cell.mark = vacancy_sign(row);
    if (cell.mark == MARK_FREE || cell.mark == MARK_FEW) {
        cell.left = (int)row->open;
        cell.url = vacancy_link(x, care, ask->facility, day, ask->change);
    } else if (cell.mark == MARK_FULL) {
        cell.url = wish_link(x, ask, day);
        cell.why = word_text(W_DAY_WISH);
    }
    return cell;
}

static struct day first_place(const struct exchange *x, const struct month_ask *ask) {
    struct day day;
    if (vacancy_earliest(ask->table, ask->facility, DAY_NONE, &day, 1) == 1) {
        return day;
    }
    return day_is_none(ask->care.first) ? instant_day(x->call.now) : ask->care.first;
}

void vacancy_month(const struct exchange *x, const struct month_ask *ask, struct calendar_view *ret_view) {
    struct day today = month_first(instant_day(x->call.now));
    struct day last = month_first(day_is_none(ask->care.last) ? day_add_months(today, 3) : ask->care.last);
    struct day month = month_first(day_is_none(ask->month) ? first_place(x, ask) : ask->month);
    month = day_min(day_max(month, today), day_max(last, today));
    struct ymd ymd = day_ymd(month);
    int32_t count = month_length(ymd.year, ymd.month);
    struct calendar_day *days = arena_array(x->arena, struct calendar_day, (size_t)count);
    for (int32_t i = 0; i < count; i++) {
        days[i] = month_day(x, ask, day_add(month, i));
    }
    struct word_arg year_month[] = {{"year", text_printf(x->arena, "%d", ymd.year)},
                                    {"month", text_printf(x->arena, "%d", ymd.month)}};
    *ret_view = (struct calendar_view){.id = TEXT("month"),
                                       .caption = word_expand(x->arena, W_CALENDAR_MONTH, year_month, 2),
                                       .before_label = word_text(W_CALENDAR_BEFORE),
                                       .after_label = word_text(W_CALENDAR_AFTER),
                                       .days = days,
                                       .count = (size_t)count};
    struct ymd before = day_ymd(day_add_months(month, -1));
    struct ymd after = day_ymd(day_add_months(month, 1));
    if (day_before(today, month)) {
        ret_view->before_url =
            text_printf(x->arena, "%.*s&month=%04d-%02d", TEXT_F(ask->month_url), before.year, before.month);
    }
    if (day_before(month, last)) {
        ret_view->after_url =
            text_printf(x->arena, "%.*s&month=%04d-%02d", TEXT_F(ask->month_url), after.year, after.month);
    }
}
