/* The check before a booking: every line of the price, the days left, until when cancelling is free, when the answer
 * comes; and the request itself. 確定 is said only by the booking's own page, after the commit. */
#include "base/buf.h"
#include "query/facilities.h"
#include "service/book.h"
#include "web/eye.h"
#include "web/page_view.h"
#include "web/refusal.h"
#include "web/resident/book_ask.h"
#include "web/resident/tables.h"
#include "web/tmpl/resident/book.h"

struct book_body {
    struct book_query asked;
    struct text message;
};
static const struct field body_fields[] = {
    BOOK_FIELDS(true),
    {.name = "message", .kind = FIELD_LINES, .max = 500, .offset = offsetof(struct book_body, message)},
};
static const struct form body_form = FORM("Book", body_fields, struct book_body);

static struct book_ask ask_of(const struct book_query *q, struct text message) {
    return (struct book_ask){.facility = q->facility,
                             .care = q->care,
                             .start = q->start,
                             .end = q->end,
                             .message = message,
                             .change_of = q->change};
}

/* A wish for these days; when a booking was to be changed, one that gives it up. */
static struct text wish_link(const struct exchange *x, const struct book_query *q) {
    struct text link =
        exchange_linkf(x, "/me/waits/new?care=%.*s&facility=%.*s&from=%.*s&to=%.*s", TEXT_F(q->care),
                       TEXT_F(id_format(x->arena, q->facility.n)), TEXT_F(day_format(x->arena, q->start)),
                       TEXT_F(day_format(x->arena, q->end)));
    return q->change.n == 0 ? link
                            : text_printf(x->arena, "%.*s&swap_for=%.*s", TEXT_F(link),
                                          TEXT_F(id_format(x->arena, q->change.n)));
}

/* What can be done instead: another day, the waiting list, the application, the bookings that stand in the way. */
static size_t ways_of(const struct exchange *x, const struct book_query *q, const struct refused *refused,
                      struct button_view *ways) {
    size_t n = 0;
    enum refusal code = refused->code;
    const struct figure *left = refused_figure(refused, "left");
    bool used_up = code == REFUSAL_QUOTA && left != NULL && left->n <= 0; /* no other day helps */
    struct book_query day = *q;
    day.start = DAY_NONE;
    day.end = DAY_NONE;
    if (code == REFUSAL_OVERLAP || code == REFUSAL_OPEN_LIMIT || code == REFUSAL_QUOTA) {
        ways[n++] =
            (struct button_view){.label = word_text(W_WAY_BOOKINGS), .url = exchange_link(x, "/me/bookings")};
    }
    struct button_view next = refusal_next(x, code);
    if (n == 0 && !text_eq(next.label, word_text(W_WAY_DAY))) {
        ways[n++] = next;
    }
    if (code != REFUSAL_NOT_APPROVED && !used_up) {
        enum button_kind kind = n == 0 ? BUTTON_PRIMARY : BUTTON_SECONDARY;
        ways[n++] = (struct button_view){
            .label = word_text(W_WAY_DAY), .url = book_link(x, "/me/book", &day), .kind = kind};
    }
    if (code == REFUSAL_FULL || code == REFUSAL_CLOSED) {
        ways[n++] = (struct button_view){
            .label = word_text(W_WAY_WISH), .url = wish_link(x, q), .kind = BUTTON_SECONDARY};
    }
    return n;
}

enum { WAYS_MAX = 4 };

static void check_refusals(const struct exchange *x, const struct book_query *q, const struct quote *quote,
                           struct book_check_view *view) {
    struct text *sentences = arena_array(x->arena, struct text, (size_t)quote->refusal_count + 1);
    for (int32_t i = 0; i < quote->refusal_count; i++) {
        sentences[view->refusal_count++] = refusal_detail(x, x->arena, &quote->refusals[i]);
    }
    view->refusals = sentences;
    if (quote->refusal_count > 0) {
        struct button_view *ways = arena_array(x->arena, struct button_view, WAYS_MAX);
        view->way_count = ways_of(x, q, &quote->refusals[0], ways);
        view->ways = ways;
    }
}

static struct text exclusions(const struct exchange *x, struct day start) {
    const struct programme *programme = book_health_programme(x, start);
    struct buf buf;
    buf_init(&buf, x->arena);
    for (int32_t i = 0; programme != NULL && i < programme->exclusion_count; i++) {
        buf_putz(&buf, i > 0 ? "\n・" : "・");
        buf_put(&buf, programme->exclusions[i].name);
    }
    return buf_text(&buf);
}

static void check_rows(struct exchange *x, const struct book_query *q, const struct quote *quote,
                       struct book_check_view *view) {
    struct summary_row *rows = arena_array(x->arena, struct summary_row, 4);
    struct book_query care = {.start = DAY_NONE, .end = DAY_NONE, .change = q->change};
    struct book_query place = {.care = q->care, .start = DAY_NONE, .end = DAY_NONE, .change = q->change};
    struct book_query day = *q;
    day.start = day.end = DAY_NONE;
    struct word_arg units[] = {{"n", num_grouped(x->arena, quote->units)}};
    rows[0] = (struct summary_row){.label = word_text(W_BOOK_CARE),
                                   .value = page_care_name(x, q->care),
                                   .change_url = book_link(x, "/me/book", &care)};
    rows[1] = (struct summary_row){.label = word_text(W_BOOK_PLACE),
                                   .value = view->facility,
                                   .change_url = book_link(x, "/me/book", &place)};
    rows[2] = (struct summary_row){
        .label = word_text(W_BOOK_DAYS),
        .value = text_printf(x->arena, "%.*s（%.*s）", TEXT_F(page_days(x->arena, q->start, q->end)),
                             TEXT_F(word_expand(x->arena, W_BOOK_UNITS, units, 1))),
        .change_url = book_link(x, "/me/book", &day)};
    view->rows = (struct summary_view){rows, 3};
}

static enum rc facility_name(const struct exchange *x, struct facility_id id, struct text *ret_name) {
    struct query query = eye_of(x);
    struct facility_ask ask = {.date = DAY_NONE, .month_age = -1, .id = id};
    struct facility_row *rows;
    size_t count;
    enum rc rc = query_facilities(&query, &ask, &rows, &count);
    if (rc != RC_FAULT) {
        *ret_name = rc == RC_OK ? rows[0].about.name : TEXT(""); /* suspended since */
    }
    return rc == RC_NONE ? RC_OK : rc;
}

static void check_promises(const struct exchange *x, const struct book_quote *quote,
                           struct book_check_view *view) {
    view->free_until = book_free_words(x, quote->quote.free_cancel_until);
    bool once = instant_is_none(quote->answer_by);
    struct text until = once ? TEXT("") : instant_short(x->arena, quote->answer_by);
    struct word_arg answer[] = {{"until", until}};
    view->answer = once ? word_text(W_BOOK_ANSWER_ONCE) : word_expand(x->arena, W_BOOK_ANSWER_BY, answer, 1);
    view->button = word_text(once ? W_BOOK_BUTTON_ONCE : W_BOOK_BUTTON_ASK);
}

/* A change that is asked for late costs what cancelling would, money or days (docs/adr/0072). */
static struct notice_view late_of(const struct exchange *x, const struct quote *quote) {
    const struct cancel_cost *cost = &quote->change_cost;
    struct word_arg fee[] = {{"yen", page_yen(x->arena, cost->fee)}};
    struct word_arg units[] = {{"n", num_grouped(x->arena, cost->units_charged)}};
    struct text line = TEXT("");
    if (cost->fee.n > 0) {
        line = word_expand(x->arena, W_BOOK_LATE_FEE, fee, 1);
    }
    if (cost->units_charged > 0) {
        line = text_join(x->arena, line, word_expand(x->arena, W_BOOK_LATE_UNITS, units, 1));
    }
    return (struct notice_view){
        .tone = cancel_costs(cost) ? TONE_WARN : TONE__MAX, .title = word_text(W_BOOK_LATE), .line = line};
}

static void check_fill(struct exchange *x, const struct book_query *q, const struct book_quote *quote,
                       struct book_check_view *view) {
    view->care = q->care;
    check_rows(x, q, &quote->quote, view);
    view->facility = id_format(x->arena, q->facility.n);
    view->start = day_format(x->arena, q->start);
    view->end = day_format(x->arena, q->end);
    view->change = q->change.n == 0 ? TEXT("") : id_format(x->arena, q->change.n);
    view->exclusions = exclusions(x, q->start);
    view->late = late_of(x, &quote->quote);
    view->health_url = book_link(x, "/me/book/health", q);
    view->form = page_form_view(x, TEXT("/me/book"));
    view->message = page_area(x, x->body.form != NULL ? &x->body : &(struct form_input){.form = &body_form},
                              &view->errors, "message");
    price_of_quote(x, &quote->quote, &view->price);
    check_promises(x, quote, view);
    check_refusals(x, q, &quote->quote, view);
}

static enum rc check_load(struct exchange *x, const struct book_query *q, struct book_check_view *view) {
    struct book_ask ask = ask_of(q, TEXT(""));
    struct book_quote quote;
    enum rc rc = book_chosen(x, q, &view->chosen);
    if (rc == RC_OK) {
        rc = book_quote(&x->call, &ask, &quote);
    }
    if (rc == RC_OK) {
        rc = facility_name(x, q->facility, &view->facility);
    }
    if (rc == RC_OK) {
        check_fill(x, q, &quote, view);
    }
    return rc;
}

static void check_send(struct exchange *x, const struct book_query *q, const struct book_check_view *view,
                       int status) {
    struct book_query day = *q;
    day.end = DAY_NONE;
    struct page page;
    page_open(x, word_text(W_TITLE_CHECK), &page);
    page.frame.back = view->exclusions.n > 0 ? view->health_url : book_link(x, "/me/book", &day);
    tmpl_book_check_page(&page.html, &page.frame, view);
    page_send(x, status, &page);
}

static void show(struct exchange *x, const struct book_query *q, struct error_list errors, int status) {
    struct book_check_view view = {.errors = errors};
    enum rc rc = check_load(x, q, &view);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    check_send(x, q, &view, status);
}

static void show_check(struct exchange *x) {
    const struct book_query *q = exchange_query(x);
    if (!book_whole(q)) {
        exchange_redirect(x, book_link(x, "/me/book", q));
        return;
    }
    show(x, q, (struct error_list){0}, 200);
}

static void book_again(struct exchange *x) {
    const struct book_body *in = exchange_body(x);
    if (!book_whole(&in->asked)) {
        exchange_form_errors(x);
        return;
    }
    show(x, &in->asked, page_errors(x, &x->body), 422);
}

static void render_book(void *ctx, struct arena *arena, const void *outcome, struct idem_answer *ret_answer) {
    (void)arena;
    struct exchange *x = ctx;
    const struct book_outcome *out = outcome;
    if (out->verdict.allowed) {
        answer_redirect(ret_answer,
                        exchange_linkf(x, "/me/bookings/%.*s", TEXT_F(id_format(x->arena, out->id.n))));
        return;
    }
    const struct book_body *in = exchange_body(x);
    struct button_view ways[WAYS_MAX];
    struct refusal_view view = {.ways = ways,
                                .way_count = ways_of(x, &in->asked, &out->verdict.refused, ways)};
    page_answer_refused(x, ret_answer, &out->verdict.refused, &view);
}

/* What the key keeps of a refusal never holds her words, so they are shown by a page made for this answer only. */
static bool refused_with_words(const struct exchange *x) {
    const struct book_body *in = exchange_body(x);
    return in->message.n > 0 && !x->idem.mismatch && x->idem.answer.status >= 400;
}

/* The check again, with what she wrote. False when it cannot be shown, or nothing stands in the way any more. */
static bool show_refused(struct exchange *x, const struct book_query *q) {
    struct book_check_view view = {0};
    if (check_load(x, q, &view) != RC_OK || view.refusal_count == 0) {
        return false;
    }
    check_send(x, q, &view, x->idem.answer.status);
    return true;
}

static void book(struct exchange *x) {
    const struct book_body *in = exchange_body(x);
    struct book_ask ask = ask_of(&in->asked, in->message);
    struct book_outcome outcome;
    exchange_will_render(x, render_book);
    enum rc rc = book_request(&x->call, &ask, &outcome);
    if (rc != RC_OK || !refused_with_words(x) || !show_refused(x, &in->asked)) {
        exchange_done(x, rc, &outcome);
    }
}

static const struct route rows[] = {
    {HTTP_GET, "/me/book/check", show_check, .roles = FOR_RESIDENT, .cache = CACHE_OWN,
     .class = CLASS_BOOKING, .query = &book_query_form},
    {HTTP_POST, "/me/book", book, .roles = FOR_RESIDENT, .form = &body_form, .again = book_again,
     .idempotency = IDEM_REQUIRED},
};
const struct route_table book_check_routes = ROUTES(rows);
