/* Pages for everybody: the top, the search over all facilities, one facility, its calendar. They read the same for each
 * visitor and are cached until something is committed. */
#include "base/buf.h"
#include "profile/profile.h"
#include "sys/textkey.h"
#include "web/eye.h"
#include "web/page.h"
#include "web/page_form.h"
#include "web/page_view.h"
#include "web/resident/place.h"
#include "web/resident/public_view.h"
#include "web/resident/tables.h"
#include "web/resident/vacancy.h"
#include "web/tmpl/resident/public.h"

enum { MONTH_AGE_MAX = 12, LIST_DAYS = 14 };

/* ---- what the pages share ---- */

static struct text updated(const struct exchange *x) {
    return instant_short(x->arena, x->call.now);
}

static void care_choices(struct exchange *x, const struct care_ask *ask, struct field_choice_view *view) {
    struct choice *choices = arena_array(x->arena, struct choice, (size_t)ask->programme->care_count);
    for (int32_t i = 0; i < ask->programme->care_count; i++) {
        const struct care *care = &ask->programme->cares[i];
        choices[i] = (struct choice){
            .value = care->code, .label = care->name, .hint = care->note, .chosen = care == ask->care};
    }
    *view = (struct field_choice_view){.name = TEXT("care"),
                                       .label = page_label(x->arena, TEXT("care")),
                                       .choices = choices,
                                       .count = (size_t)ask->programme->care_count,
                                       .required = true};
}

static struct text month_link(const struct exchange *x, struct facility_id id, struct text care) {
    return exchange_linkf(x, "/facilities/%.*s/calendar?care=%.*s", TEXT_F(id_format(x->arena, id.n)),
                          TEXT_F(care));
}

/* ---- top ---- */

static void show_top(struct exchange *x) {
    struct care_ask ask;
    if (!care_ask_make(x, TEXT(""), &ask)) {
        exchange_not_found(x);
        return;
    }
    struct top_view view = {.signed_in = x->signed_in,
                            .home = exchange_link(x, page_home(x->call.actor.role))};
    care_choices(x, &ask, &view.care);
    struct page page;
    page_open(x, word_text(W_TITLE_TOP), &page);
    tmpl_top_page(&page.html, &page.frame, &view);
    page_send(x, 200, &page);
}

/* ---- search ---- */

struct search_ask {
    struct text care;
    struct day date;
    struct text ward;
    struct text q;
    int64_t age;
    bool multiples;
};
#define AT(member) .offset = offsetof(struct search_ask, member)
static const struct field search_fields[] = {
    {.name = "care", .kind = FIELD_TEXT, .max = 32, AT(care)},
    {.name = "date", .kind = FIELD_DAY, AT(date)},
    {.name = "ward", .kind = FIELD_TEXT, .max = 40, AT(ward)},
    {.name = "q", .kind = FIELD_TEXT, .max = 60, AT(q)},
    {.name = "age", .kind = FIELD_INT, .max = MONTH_AGE_MAX, AT(age)},
    {.name = "multiples", .kind = FIELD_BOOL, AT(multiples)},
};
#undef AT
static const struct form search_form = FORM("Search", search_fields, struct search_ask);

static void search_filters(struct exchange *x, const struct search_ask *in, struct search_view *view) {
    struct error_list none = {0};
    const struct profile *profile = x->call.city->profile;
    size_t wards = profile == NULL ? 0 : (size_t)profile->city.ward_count;
    struct choice *ward = arena_array(x->arena, struct choice, wards + 1);
    ward[0] = (struct choice){.label = word_text(W_SEARCH_ANYWHERE)};
    for (size_t i = 0; i < wards; i++) {
        struct text name = profile->city.wards[i];
        ward[i + 1] = (struct choice){.value = name, .label = name, .chosen = text_eq(name, in->ward)};
    }
    view->ward = page_choice(x, &x->query, &none, "ward");
    page_choice_fill(x, &x->query, &view->ward, ward, wards + 1);
    struct choice ages[MONTH_AGE_MAX + 1] = {{.label = word_text(W_SEARCH_ANY_AGE)}};
    for (int i = 0; i < MONTH_AGE_MAX; i++) {
        struct word_arg n[] = {{"n", text_printf(x->arena, "%d", i)}};
        ages[i + 1] =
            (struct choice){.value = n[0].value, .label = word_expand(x->arena, W_SEARCH_MONTHS, n, 1)};
    }
    view->age = page_choice(x, &x->query, &none, "age");
    page_choice_fill(x, &x->query, &view->age, ages, COUNT(ages));
    view->date = page_date(x, &x->query, &none, "date");
    view->words = page_field(x, &x->query, &none, "q");
    view->multiples = page_check(x, &x->query, &none, "multiples");
}

static void show_search(struct exchange *x) {
    const struct search_ask *in = exchange_query(x);
    struct care_ask ask;
    if (!care_ask_make(x, in->care, &ask)) {
        exchange_not_found(x);
        return;
    }
    struct facility_ask wanted = {.programme = ask.programme,
                                  .care = ask.care->code,
                                  .date = in->date,
                                  .ward = in->ward,
                                  .text_key = textkey_search(x->arena, in->q),
                                  .multiples = in->multiples,
                                  .month_age = in->age == FORM_NO_INT ? -1 : in->age};
    struct places places;
    enum rc rc = place_list_load(x, &ask, &wanted, NULL, &places);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    struct search_view view = {.updated = updated(x),
                               .places = places.items,
                               .count = places.count,
                               .free_count = places.free_count,
                               .care_name = ask.care->name,
                               .all_url = exchange_linkf(x, "/search?care=%.*s", TEXT_F(ask.care->code))};
    care_choices(x, &ask, &view.care);
    search_filters(x, in, &view);
    struct page page;
    page_open(x, word_text(W_TITLE_SEARCH), &page);
    tmpl_search_page(&page.html, &page.frame, &view);
    page_send(x, 200, &page);
}

/* ---- one facility ---- */

static enum rc facility_load(const struct exchange *x, struct facility_row *ret_row) {
    struct query query = eye_of(x);
    struct facility_ask ask = {.date = DAY_NONE, .month_age = -1, .id = {exchange_id(x, "id")}};
    struct facility_row *rows;
    size_t count;
    enum rc rc = query_facilities(&query, &ask, &rows, &count);
    if (rc == RC_OK) {
        *ret_row = rows[0];
    }
    return rc;
}

static void day_lines(const struct exchange *x, const struct care_ask *ask, struct facility_id facility,
                      const struct vacancy_table *table, struct care_view *view) {
    struct day_line *days = arena_array(x->arena, struct day_line, LIST_DAYS);
    for (int32_t i = 0; i < LIST_DAYS && !day_is_none(ask->first); i++) {
        struct day day = day_add(ask->first, i);
        const struct vacancy_row *row = vacancy_find(table, facility, day);
        struct day_line line = {.label = day_short(x->arena, day), .mark = vacancy_sign(row)};
        if (line.mark == MARK_FREE || line.mark == MARK_FEW) {
            line.left = row->open;
            line.url = vacancy_link(x, ask, facility, day, (struct booking_id){0});
            line.url_label = word_text(W_DAY_BOOK);
        } else if (line.mark == MARK_FULL) {
            line.url =
                exchange_linkf(x, "/me/waits/new?care=%.*s&facility=%.*s&from=%.*s", TEXT_F(ask->care->code),
                               TEXT_F(id_format(x->arena, facility.n)), TEXT_F(day_format(x->arena, day)));
            line.url_label = word_text(W_DAY_WISH);
        }
        days[view->day_count++] = line;
    }
    view->days = days;
}

static enum rc care_fill(const struct exchange *x, const struct facility_row *row,
                         const struct facility_care_row *own, struct care_view *view) {
    struct care_ask ask;
    if (!care_ask_make(x, own->care, &ask) || !text_eq(ask.care->code, own->care)) {
        return RC_NONE;
    }
    struct vacancy_table table;
    enum rc rc = vacancy_load(x, &ask, row->id, &table);
    if (rc != RC_OK) {
        return rc;
    }
    *view = (struct care_view){.name = ask.care->name,
                               .note = ask.care->note,
                               .hours = vacancy_hours(x, ask.care),
                               .price = vacancy_price(x, &ask, row),
                               .month_url = month_link(x, row->id, own->care)};
    struct word_arg months[] = {{"n", text_printf(x->arena, "%lld", (long long)own->age_months_max)}};
    if (own->age_months_max > 0) {
        view->age = word_expand(x->arena, W_CARE_AGE, months, 1);
    }
    struct word_arg hours[] = {{"hours", text_printf(x->arena, "%lld", (long long)own->answer_hours)}};
    if (own->answer_hours >= 0) {
        view->answer = own->answer_hours == 0 ? word_text(W_CARE_ANSWER_ONCE)
                                              : word_expand(x->arena, W_CARE_ANSWER_HOURS, hours, 1);
    }
    day_lines(x, &ask, row->id, &table, view);
    return RC_OK;
}

/* The cares in the order in which the city's rules list them. */
static void cares_order(const struct exchange *x, struct facility_row *row) {
    const struct programme *programme = eye_programme(x);
    for (size_t i = 1; programme != NULL && i < row->care_count; i++) {
        struct facility_care_row care = row->cares[i];
        int32_t rank = programme_care(programme, care.care);
        size_t k = i;
        for (; k > 0 && programme_care(programme, row->cares[k - 1].care) > rank; k--) {
            row->cares[k] = row->cares[k - 1];
        }
        row->cares[k] = care;
    }
}

static void show_facility(struct exchange *x) {
    struct facility_row row;
    enum rc rc = facility_load(x, &row);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    cares_order(x, &row);
    struct care_view *cares = arena_array(x->arena, struct care_view, row.care_count);
    struct facility_view view = {.name = row.about.name,
                                 .line = place_line(x, &row),
                                 .introduction = row.words.introduction,
                                 .address = row.about.address,
                                 .access = row.words.access,
                                 .phone = row.words.phone,
                                 .bring = row.words.bring,
                                 .features = place_features(x, &row),
                                 .updated = updated(x),
                                 .cares = cares};
    for (size_t i = 0; i < row.care_count; i++) {
        rc = care_fill(x, &row, &row.cares[i], &cares[view.care_count]);
        if (rc == RC_FAULT) {
            exchange_failed(x, rc);
            return;
        }
        view.care_count += rc == RC_OK;
    }
    struct page page;
    page_open(x, row.about.name, &page);
    page.frame.back = exchange_link(x, "/search");
    tmpl_facility_page(&page.html, &page.frame, &view);
    page_send(x, 200, &page);
}

/* ---- its calendar ---- */

struct month_query {
    struct text care;
    struct day month;
};
static const struct field month_fields[] = {
    {.name = "care", .kind = FIELD_TEXT, .max = 32, .offset = offsetof(struct month_query, care)},
    {.name = "month", .kind = FIELD_MONTH, .offset = offsetof(struct month_query, month)},
};
static const struct form month_form = FORM("Month", month_fields, struct month_query);

static void other_cares(const struct exchange *x, const struct facility_row *row, const struct care_ask *ask,
                        struct month_view *view) {
    struct button_view *cares = arena_array(x->arena, struct button_view, row->care_count);
    for (size_t i = 0; i < row->care_count; i++) {
        struct text code = row->cares[i].care;
        if (!text_eq(code, ask->care->code) && programme_care(ask->programme, code) >= 0) {
            cares[view->care_count++] = (struct button_view){.label = page_care_name(x, code),
                                                             .url = month_link(x, row->id, code),
                                                             .kind = BUTTON_SECONDARY};
        }
    }
    view->cares = cares;
}

static void show_month(struct exchange *x) {
    const struct month_query *in = exchange_query(x);
    struct facility_row row;
    struct month_ask month = {.month = in->month};
    struct vacancy_table table;
    enum rc rc = facility_load(x, &row);
    if (rc == RC_OK && !care_ask_make(x, in->care, &month.care)) {
        rc = RC_NONE;
    }
    if (rc == RC_OK) {
        rc = vacancy_load(x, &month.care, row.id, &table);
    }
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    month.facility = row.id;
    month.table = &table;
    month.month_url = month_link(x, row.id, month.care.care->code);
    struct month_view view = {
        .facility = row.about.name,
        .facility_url = exchange_linkf(x, "/facilities/%.*s", TEXT_F(id_format(x->arena, row.id.n))),
        .care_name = month.care.care->name,
        .price = vacancy_price(x, &month.care, &row),
        .updated = updated(x)};
    other_cares(x, &row, &month.care, &view);
    vacancy_month(x, &month, &view.month);
    struct page page;
    page_open(x, word_text(W_TITLE_MONTH), &page);
    page.frame.back = view.facility_url;
    tmpl_month_page(&page.html, &page.frame, &view);
    page_send(x, 200, &page);
}

static const struct route rows[] = {
    {HTTP_GET, "/", show_top, .roles = FOR_ALL, .cache = CACHE_CITY},
    {HTTP_GET, "/search", show_search, .roles = FOR_ALL, .cache = CACHE_CITY, .query = &search_form},
    {HTTP_GET, "/facilities/{id}", show_facility, .roles = FOR_ALL, .cache = CACHE_CITY},
    {HTTP_GET, "/facilities/{id}/calendar", show_month, .roles = FOR_ALL, .cache = CACHE_CITY,
     .query = &month_form},
};
const struct route_table public_routes = ROUTES(rows);
