/* Booking, question by question: which care, which place, which day, how long. Every step is a GET whose address holds
 * the answers so far, so that the browser's way back works; then book_health.c asks, and book_check.c shows the sum. */
#include "base/buf.h"
#include "web/eye.h"
#include "web/page_view.h"
#include "web/resident/book_ask.h"
#include "web/resident/place.h"
#include "web/resident/tables.h"
#include "web/tmpl/resident/book.h"

enum { NIGHTS_SHOWN = 7 };

static const struct field book_fields[] = {
    BOOK_FIELDS(false),
    {.name = "month", .kind = FIELD_MONTH, .offset = offsetof(struct book_query, month)},
};
const struct form book_query_form = FORM("BookQuery", book_fields, struct book_query);

bool book_whole(const struct book_query *q) {
    return q->care.n > 0 && q->facility.n != 0 && !day_is_none(q->start) && !day_is_none(q->end);
}

struct text book_link(const struct exchange *x, const char *path, const struct book_query *q) {
    struct buf buf;
    buf_init(&buf, x->arena);
    buf_printf(&buf, "%.*s%s?care=%.*s", TEXT_F(x->base), path, TEXT_F(http_escape(x->arena, q->care)));
    if (q->facility.n != 0) {
        buf_printf(&buf, "&facility=%.*s", TEXT_F(id_format(x->arena, q->facility.n)));
    }
    if (!day_is_none(q->start)) {
        buf_printf(&buf, "&start=%.*s", TEXT_F(day_format(x->arena, q->start)));
    }
    if (!day_is_none(q->end)) {
        buf_printf(&buf, "&end=%.*s", TEXT_F(day_format(x->arena, q->end)));
    }
    if (q->change.n != 0) {
        buf_printf(&buf, "&change=%.*s", TEXT_F(id_format(x->arena, q->change.n)));
    }
    return buf_text(&buf);
}

static void add_piece(const struct exchange *x, struct text *line, struct text piece) {
    *line = line->n == 0 ? piece : text_printf(x->arena, "%.*s ／ %.*s", TEXT_F(*line), TEXT_F(piece));
}

enum rc book_chosen(const struct exchange *x, const struct book_query *q, struct chosen_view *ret_chosen) {
    *ret_chosen = (struct chosen_view){0};
    struct query query = eye_of(x);
    if (q->care.n > 0) {
        add_piece(x, &ret_chosen->line, page_care_name(x, q->care));
    }
    if (q->facility.n != 0) {
        struct facility_ask ask = {.date = DAY_NONE, .month_age = -1, .id = q->facility};
        struct facility_row *rows;
        size_t count;
        enum rc rc = query_facilities(&query, &ask, &rows, &count);
        if (rc != RC_OK) {
            return rc;
        }
        add_piece(x, &ret_chosen->line, rows[0].about.name);
    }
    if (!day_is_none(q->start)) {
        add_piece(x, &ret_chosen->line,
                  day_is_none(q->end) ? day_short(x->arena, q->start)
                                      : page_days(x->arena, q->start, q->end));
    }
    if (q->change.n != 0) {
        struct booking_detail detail;
        enum rc rc = query_booking(&query, q->change, &detail);
        if (rc != RC_OK) {
            return rc;
        }
        ret_chosen->changing = page_days(x->arena, detail.booking.start, detail.booking.end);
        add_piece(x, &ret_chosen->changing, detail.booking.facility_name);
    }
    return RC_OK;
}

struct text book_free_words(const struct exchange *x, struct instant until) {
    if (instant_is_none(until)) {
        return word_text(W_BOOK_FREE_ALWAYS);
    }
    struct word_arg args[] = {{"until", instant_short(x->arena, until)}};
    bool over = instant_before(until, x->call.now);
    return word_expand(x->arena, over ? W_BOOK_FREE_OVER : W_BOOK_FREE_UNTIL, args, 1);
}

struct asking {
    const struct book_query *q;
    struct care_ask care;
    struct chosen_view chosen;
};

static void ask_care(struct exchange *x, const struct asking *a) {
    const struct programme *programme = a->care.programme;
    struct choice *choices = arena_array(x->arena, struct choice, (size_t)programme->care_count);
    for (int32_t i = 0; i < programme->care_count; i++) {
        const struct care *care = &programme->cares[i];
        choices[i] =
            (struct choice){.value = care->code, .label = care->name, .hint = care->note, .chosen = i == 0};
    }
    struct book_care_view view = {.chosen = a->chosen,
                                  .care = {.name = TEXT("care"),
                                           .label = page_label(x->arena, TEXT("care")),
                                           .choices = choices,
                                           .count = (size_t)programme->care_count,
                                           .required = true},
                                  .change =
                                      a->q->change.n == 0 ? TEXT("") : id_format(x->arena, a->q->change.n)};
    struct page page;
    page_open(x, word_text(W_TITLE_BOOK), &page);
    page.frame.back = exchange_link(x, "/me");
    tmpl_book_care_page(&page.html, &page.frame, &view);
    page_send(x, 200, &page);
}

static void ask_place(struct exchange *x, const struct asking *a) {
    struct facility_ask wanted = {.care = a->care.care->code, .date = DAY_NONE, .month_age = -1};
    struct places places;
    enum rc rc = place_list_load(x, &a->care, &wanted, &a->q->change, &places);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    struct book_place_view view = {.chosen = a->chosen, .places = places.items, .count = places.count};
    struct page page;
    page_open(x, word_text(W_TITLE_BOOK_PLACE), &page);
    page.frame.back = book_link(
        x, "/me/book", &(struct book_query){.start = DAY_NONE, .end = DAY_NONE, .change = a->q->change});
    tmpl_book_place_page(&page.html, &page.frame, &view);
    page_send(x, 200, &page);
}

static void ask_day(struct exchange *x, const struct asking *a) {
    struct vacancy_table table;
    enum rc rc = vacancy_load(x, &a->care, a->q->facility, &table);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    struct book_query place = {
        .care = a->q->care, .start = DAY_NONE, .end = DAY_NONE, .change = a->q->change};
    struct month_ask month = {.care = a->care,
                              .facility = a->q->facility,
                              .month = a->q->month,
                              .change = a->q->change,
                              .month_url = book_link(x, "/me/book", a->q),
                              .table = &table};
    struct book_day_view view = {.chosen = a->chosen, .other_url = book_link(x, "/me/book", &place)};
    vacancy_month(x, &month, &view.month);
    struct page page;
    page_open(x, word_text(W_TITLE_BOOK_DAY), &page);
    page.frame.back = view.other_url;
    tmpl_book_day_page(&page.html, &page.frame, &view);
    page_send(x, 200, &page);
}

/* Nights in a row that have a place, from the day chosen on. */
static int32_t nights_open(const struct vacancy_table *table, const struct asking *a, int32_t most) {
    int32_t n = 0;
    while (n < most) {
        const struct vacancy_row *row = vacancy_find(table, a->q->facility, day_add(a->q->start, n));
        if (row == NULL || row->open == 0) {
            break;
        }
        n++;
    }
    return n;
}

static void ask_length(struct exchange *x, const struct asking *a) {
    struct vacancy_table table;
    enum rc rc = vacancy_load(x, &a->care, a->q->facility, &table);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    const struct care *care = a->care.care;
    int32_t most = care->max_nights > 0 && care->max_nights < NIGHTS_SHOWN ? care->max_nights : NIGHTS_SHOWN;
    int32_t least = care->min_nights > 1 ? care->min_nights : 1;
    int32_t open = nights_open(&table, a, most);
    struct length_option *options = arena_array(x->arena, struct length_option, NIGHTS_SHOWN);
    struct book_length_view view = {.chosen = a->chosen, .options = options};
    for (int32_t n = least; n <= open; n++) {
        struct book_query full = *a->q;
        full.end = day_add(a->q->start, n);
        struct word_arg args[] = {{"nights", text_printf(x->arena, "%d", n)},
                                  {"days", text_printf(x->arena, "%d", n + 1)},
                                  {"end", day_short(x->arena, full.end)}};
        options[view.count++] = (struct length_option){
            word_expand(x->arena, W_BOOK_NIGHTS, args, COUNT(args)), book_link(x, "/me/book/health", &full)};
    }
    if (open < most) {
        struct word_arg args[] = {{"day", day_short(x->arena, day_add(a->q->start, open))}};
        view.limit = word_expand(x->arena, W_BOOK_NIGHTS_LIMIT, args, 1);
    }
    struct book_query day = *a->q;
    day.start = DAY_NONE;
    view.other_url = book_link(x, "/me/book", &day);
    struct page page;
    page_open(x, word_text(W_TITLE_BOOK_LENGTH), &page);
    page.frame.back = view.other_url;
    tmpl_book_length_page(&page.html, &page.frame, &view);
    page_send(x, 200, &page);
}

static void show_book(struct exchange *x) {
    struct book_query q = *(const struct book_query *)exchange_query(x);
    struct asking a = {.q = &q};
    enum rc rc = book_chosen(x, &q, &a.chosen);
    if (rc == RC_OK && !care_ask_make(x, q.care, &a.care)) {
        rc = RC_NONE;
    }
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    bool known = q.care.n > 0 && text_eq(a.care.care->code, q.care);
    if (!known) {
        ask_care(x, &a);
    } else if (q.facility.n == 0) {
        ask_place(x, &a);
    } else if (day_is_none(q.start)) {
        ask_day(x, &a);
    } else if (a.care.care->kind == CARE_STAY && day_is_none(q.end)) {
        ask_length(x, &a);
    } else {
        q.end = a.care.care->kind == CARE_STAY ? q.end : q.start;
        exchange_redirect(x, book_link(x, "/me/book/health", &q));
    }
}

static const struct route rows[] = {
    {HTTP_GET, "/me/book", show_book, .roles = FOR_RESIDENT, .class = CLASS_BOOKING, .cache = CACHE_RESIDENT,
     .query = &book_query_form},
};
const struct route_table book_routes = ROUTES(rows);
