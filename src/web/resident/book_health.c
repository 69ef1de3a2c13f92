/* The one question about health before the check: does any of the programme's exclusions apply? Asked and answered in
 * forms, so that no answer stands in an address; a yes gets a page that says why and what comes next. Nothing of it is
 * kept (docs/adr/0073). */
#include "service/book.h"
#include "web/eye.h"
#include "web/page_view.h"
#include "web/refusal.h"
#include "web/resident/book_ask.h"
#include "web/resident/tables.h"
#include "web/tmpl/refused.h"
#include "web/tmpl/resident/book.h"

struct health_body {
    struct book_query asked;
    struct text health;
};
static const struct field health_fields[] = {
    BOOK_FIELDS(true),
    {.name = "health",
     .kind = FIELD_TEXT,
     .required = true,
     .max = 40,
     .offset = offsetof(struct health_body, health)},
};
static const struct form health_form = FORM("Health", health_fields, struct health_body);

const struct programme *book_health_programme(const struct exchange *x, struct day start) {
    const struct programme_set *rules = x->call.city->rules;
    const struct programme *programme = rules == NULL ? NULL : programme_at(rules, start);
    return programme != NULL && programme->exclusion_count > 0 ? programme : NULL;
}

static struct field_choice_view question_of(struct exchange *x, const struct programme *programme,
                                            const struct error_list *errors) {
    size_t count = (size_t)programme->exclusion_count;
    struct choice *choices = arena_array(x->arena, struct choice, count + 1);
    choices[0] = (struct choice){.value = TEXT("no"), .label = word_text(W_BOOK_HEALTH_NO)};
    for (size_t i = 0; i < count; i++) {
        struct word_arg args[] = {{"what", programme->exclusions[i].name}};
        choices[i + 1] = (struct choice){.value = programme->exclusions[i].code,
                                         .label = word_expand(x->arena, W_BOOK_HEALTH_YES, args, 1)};
    }
    struct form_input fresh = {.arena = x->arena, .form = &health_form}; /* never filled in beforehand */
    struct field_choice_view view = page_choice(x, &fresh, errors, "health");
    view.choices = choices;
    view.count = count + 1;
    return view;
}

static void show(struct exchange *x, const struct book_query *q, struct error_list errors, int status) {
    const struct programme *programme = book_health_programme(x, q->start);
    if (programme == NULL) {
        exchange_redirect(x, book_link(x, "/me/book/check", q));
        return;
    }
    struct book_health_view view = {.errors = errors,
                                    .form = page_form_view(x, TEXT("/me/book/health")),
                                    .question = question_of(x, programme, &errors),
                                    .care = q->care,
                                    .facility = id_format(x->arena, q->facility.n),
                                    .start = day_format(x->arena, q->start),
                                    .end = day_format(x->arena, q->end),
                                    .change = q->change.n == 0 ? TEXT("") : id_format(x->arena, q->change.n)};
    enum rc rc = book_chosen(x, q, &view.chosen);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    struct book_query day = *q;
    day.end = DAY_NONE;
    if (day_eq(q->start, q->end)) {
        day.start = DAY_NONE;
    }
    struct page page;
    page_open(x, word_text(W_TITLE_HEALTH), &page);
    page.frame.faulty = errors.count > 0;
    page.frame.back = book_link(x, "/me/book", &day);
    tmpl_book_health_page(&page.html, &page.frame, &view);
    page_send(x, status, &page);
}

static void show_health(struct exchange *x) {
    const struct book_query *q = exchange_query(x);
    if (!book_whole(q)) {
        exchange_redirect(x, book_link(x, "/me/book", q));
        return;
    }
    show(x, q, (struct error_list){0}, 200);
}

static void health_again(struct exchange *x) {
    const struct health_body *in = exchange_body(x);
    bool ours = x->body.error_count == 0 || form_error_at(&x->body, "health") != NULL;
    if (!book_whole(&in->asked) || !ours) {
        exchange_form_errors(x);
        return;
    }
    struct error_list errors = {0};
    page_error_add(x->arena, &errors, TEXT("health"), word_text(W_BOOK_HEALTH_CHOOSE));
    show(x, &in->asked, errors, 422);
}

static const struct refused *exclusion_of(const struct quote *quote) {
    for (int32_t i = 0; i < quote->refusal_count; i++) {
        if (quote->refusals[i].code == REFUSAL_EXCLUSION) {
            return &quote->refusals[i];
        }
    }
    return NULL;
}

static void show_excluded(struct exchange *x, const struct book_query *q, const struct refused *refused) {
    struct book_query day = *q;
    day.start = day.end = DAY_NONE;
    struct button_view ways[] = {
        {.label = word_text(W_WAY_DAY), .url = book_link(x, "/me/book", &day)},
        {.label = word_text(W_WAY_BOOKINGS),
         .url = exchange_link(x, "/me/bookings"),
         .kind = BUTTON_SECONDARY},
    };
    struct refusal_view view = {.title = refusal_title(refused->code),
                                .sentence = text_printf(x->arena, "%.*s\n%.*s",
                                                        TEXT_F(refusal_detail(x, x->arena, refused)),
                                                        TEXT_F(word_text(W_BOOK_HEALTH_UNSAVED))),
                                .ways = ways,
                                .way_count = COUNT(ways)};
    struct page page;
    page_open(x, view.title, &page);
    page.frame.back = book_link(x, "/me/book/health", q);
    tmpl_page_refused(&page.html, &page.frame, &view);
    page_send(x, refusal_status(refused->code), &page);
}

static void answer_health(struct exchange *x) {
    const struct health_body *in = exchange_body(x);
    const struct book_query *q = &in->asked;
    const struct programme *programme = book_health_programme(x, q->start);
    bool known = false;
    for (int32_t i = 0; programme != NULL && i < programme->exclusion_count; i++) {
        known = known || text_eq(programme->exclusions[i].code, in->health);
    }
    if (!known) {
        if (text_is(in->health, "no")) {
            exchange_redirect(x, book_link(x, "/me/book/check", q));
        } else {
            health_again(x);
        }
        return;
    }
    struct book_ask ask = {.facility = q->facility,
                           .care = q->care,
                           .start = q->start,
                           .end = q->end,
                           .message = TEXT(""),
                           .change_of = q->change,
                           .exclusions = &in->health,
                           .exclusion_count = 1};
    struct book_quote quote;
    enum rc rc = book_quote(&x->call, &ask, &quote);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    const struct refused *refused = exclusion_of(&quote.quote);
    if (refused == NULL) { /* something graver stands in the way: the check says it */
        exchange_redirect(x, book_link(x, "/me/book/check", q));
        return;
    }
    show_excluded(x, q, refused);
}

static const struct route rows[] = {
    {HTTP_GET, "/me/book/health", show_health, .roles = FOR_RESIDENT, .cache = CACHE_OWN,
     .class = CLASS_BOOKING, .query = &book_query_form},
    {HTTP_POST, "/me/book/health", answer_health, .roles = FOR_RESIDENT, .form = &health_form,
     .again = health_again},
};
const struct route_table book_health_routes = ROUTES(rows);
