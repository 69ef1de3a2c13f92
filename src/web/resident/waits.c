/* The waiting list: a wish, the list of wishes, and the offer of a place that is held until a deadline. */
#include "query/facilities.h"
#include "service/wait.h"
#include "web/eye.h"
#include "web/page_view.h"
#include "web/resident/me_view.h"
#include "web/resident/offers.h"
#include "web/resident/tables.h"
#include "web/resident/vacancy.h"
#include "web/tmpl/resident/waits.h"

enum { LIST_MAX = 50, NIGHTS_MAX_ASKED = 14, NOTICE_HOURS_MAX = 336 };

struct wish_body {
    struct text care;
    struct facility_id *facilities;
    size_t facility_count;
    struct day from;
    struct day to;
    int64_t nights;
    int mode;
    int64_t notice_hours;
};
static const char *const modes[] = {"ask", "auto", NULL};
#define AT(member) .offset = offsetof(struct wish_body, member)
static const struct field wish_fields[] = {
    {.name = "care", .kind = FIELD_TEXT, .required = true, .max = 32, AT(care)},
    {.name = "facility",
     .kind = FIELD_IDS,
     .max = WAIT_FACILITIES_MAX,
     AT(facilities),
     .count_offset = offsetof(struct wish_body, facility_count)},
    {.name = "first", .kind = FIELD_DAY, .required = true, AT(from)},
    {.name = "last", .kind = FIELD_DAY, .required = true, AT(to)},
    {.name = "nights", .kind = FIELD_INT, .max = NIGHTS_MAX_ASKED, AT(nights)},
    {.name = "mode", .kind = FIELD_CHOICE, .required = true, .choices = modes, AT(mode)},
    {.name = "notice_hours", .kind = FIELD_INT, .max = NOTICE_HOURS_MAX, AT(notice_hours)},
};
/* As links ask it: nothing is required, days come whole. */
static const struct field ask_fields[] = {
    {.name = "care", .kind = FIELD_TEXT, .max = 32, AT(care)},
    {.name = "facility",
     .kind = FIELD_IDS,
     .max = WAIT_FACILITIES_MAX,
     AT(facilities),
     .count_offset = offsetof(struct wish_body, facility_count)},
    {.name = "from", .kind = FIELD_DAY, AT(from)},
    {.name = "to", .kind = FIELD_DAY, AT(to)},
};
#undef AT
static const struct form wish_form = FORM("Wish", wish_fields, struct wish_body);
static const struct form wish_ask_form = FORM("WishAsk", ask_fields, struct wish_body);

/* ---- the wish ---- */

static void add_entry(struct form_input *input, const char *name, struct text value) {
    input->entries[input->entry_count++] = (struct form_entry){.name = text_of(name), .value = value};
}

static void add_day(struct exchange *x, struct form_input *input, const char *name, struct day day) {
    struct ymd ymd = day_ymd(day);
    add_entry(input, text_printf(x->arena, "%s-year", name).p, text_printf(x->arena, "%d", ymd.year));
    add_entry(input, text_printf(x->arena, "%s-month", name).p, text_printf(x->arena, "%d", ymd.month));
    add_entry(input, text_printf(x->arena, "%s-day", name).p, text_printf(x->arena, "%d", ymd.day));
}

/* The form as the link wishes it, with the usual answers for the rest. */
static void from_link(struct exchange *x, const struct wish_body *in, struct form_input *ret_input) {
    enum { FIXED = 16 };
    *ret_input =
        (struct form_input){.arena = x->arena,
                            .form = &wish_form,
                            .entries = arena_array(x->arena, struct form_entry, FIXED + in->facility_count)};
    struct day from = day_is_none(in->from) ? day_add(instant_day(x->call.now), 1) : in->from;
    struct day to = day_is_none(in->to) ? day_add(from, 7) : in->to;
    add_day(x, ret_input, "first", from);
    add_day(x, ret_input, "last", day_max(from, to));
    add_entry(ret_input, "care", in->care);
    add_entry(ret_input, "nights", TEXT("1"));
    add_entry(ret_input, "mode", TEXT("ask"));
    add_entry(ret_input, "notice_hours", TEXT("12"));
    for (size_t i = 0; i < in->facility_count; i++) {
        add_entry(ret_input, "facility", id_format(x->arena, in->facilities[i].n));
    }
}

static enum rc wish_choices(struct exchange *x, const struct form_input *input, struct widgets *widgets) {
    const struct programme *programme = eye_programme(x);
    size_t cares = programme == NULL ? 0 : (size_t)programme->care_count;
    struct choice *choices = arena_array(x->arena, struct choice, cares);
    for (size_t i = 0; i < cares; i++) {
        choices[i] = (struct choice){
            .value = programme->cares[i].code, .label = programme->cares[i].name, .chosen = i == 0};
    }
    struct widget *care = widget_of(widgets, "care");
    care->choice = page_choice(x, input, &(struct error_list){0}, "care");
    care->choice.error = care->text.error;
    care->kind = WIDGET_RADIO;
    page_choice_fill(x, input, &care->choice, choices, cares);
    struct query query = eye_of(x);
    struct facility_ask ask = {.date = DAY_NONE, .month_age = -1};
    struct facility_row *rows;
    size_t count;
    enum rc rc = query_facilities(&query, &ask, &rows, &count);
    if (rc != RC_OK) {
        return rc;
    }
    count = count < WAIT_FACILITIES_MAX ? count : WAIT_FACILITIES_MAX;
    struct choice *places = arena_array(x->arena, struct choice, count);
    for (size_t i = 0; i < count; i++) {
        places[i] = (struct choice){.value = id_format(x->arena, rows[i].id.n), .label = rows[i].name};
    }
    page_choice_fill(x, input, &widget_of(widgets, "facility")->choice, places, count);
    return RC_OK;
}

static void show_wish(struct exchange *x, const struct form_input *input, struct error_list errors,
                      int status) {
    struct wish_view view = {.errors = errors,
                             .form = page_form_view(x, TEXT("/me/waits")),
                             .widgets = page_widgets(x, input, &errors)};
    enum rc rc = wish_choices(x, input, &view.widgets);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    struct page page;
    page_open(x, word_text(W_TITLE_WISH), &page);
    page.frame.back = exchange_link(x, "/me/waits");
    tmpl_wish_page(&page.html, &page.frame, &view);
    page_send(x, status, &page);
}

static void new_wish(struct exchange *x) {
    struct form_input input;
    from_link(x, exchange_query(x), &input);
    show_wish(x, &input, (struct error_list){0}, 200);
}

static void wish_again(struct exchange *x) {
    show_wish(x, &x->body, page_errors(x, &x->body), 422);
}

static void render_wish(void *ctx, struct arena *arena, const void *outcome, struct idem_answer *ret_answer) {
    (void)arena;
    struct exchange *x = ctx;
    const struct wait_outcome *out = outcome;
    struct button_view ways[] = {
        {.label = word_text(W_WAY_BOOK), .url = exchange_link(x, "/me/book")},
        {.label = word_text(W_WAY_WAITS), .url = exchange_link(x, "/me/waits"), .kind = BUTTON_SECONDARY}};
    if (!out->verdict.allowed) {
        page_answer_refused(x, ret_answer, &out->verdict.refused,
                            &(struct refusal_view){.ways = ways, .way_count = 2});
    } else if (out->booking.n != 0) {
        answer_redirect(ret_answer,
                        exchange_linkf(x, "/me/bookings/%.*s", TEXT_F(id_format(x->arena, out->booking.n))));
    } else if (out->offer.n != 0) {
        answer_redirect(ret_answer,
                        exchange_linkf(x, "/me/offers/%.*s", TEXT_F(id_format(x->arena, out->offer.n))));
    } else {
        answer_redirect(ret_answer, exchange_link(x, "/me/waits?done=wish"));
    }
}

static void add_wish(struct exchange *x) {
    const struct wish_body *in = exchange_body(x);
    struct care_ask care;
    bool stay = care_ask_make(x, in->care, &care) && care.care->kind == CARE_STAY;
    struct wait_ask ask = {.facility_count = in->facility_count,
                           .any_facility = in->facility_count == 0,
                           .care = in->care,
                           .from = in->from,
                           .to = in->to,
                           .nights = !stay                       ? 0
                                     : in->nights == FORM_NO_INT ? 1
                                                                 : in->nights,
                           .mode = in->mode == 1 ? WAIT_AUTO : WAIT_ASK,
                           .notice_hours = in->notice_hours == FORM_NO_INT ? 0 : in->notice_hours};
    for (size_t i = 0; i < in->facility_count; i++) {
        ask.facilities[i] = in->facilities[i];
    }
    struct wait_outcome outcome;
    exchange_will_render(x, render_wish);
    enum rc rc = wait_add(&x->call, &ask, &outcome);
    exchange_done(x, rc, &outcome);
}

/* ---- the list ---- */

static struct wait_item item_of(struct exchange *x, const struct wait_row *row) {
    bool over = text_is(row->state, "booked") || text_is(row->state, "closed");
    struct text places = row->any_facility ? word_text(W_WAIT_ANYWHERE) : row->facility_names;
    struct text nights = TEXT("");
    if (row->nights > 0) {
        struct word_arg args[] = {{"n", num_grouped(x->arena, row->nights)}};
        nights = word_expand(x->arena, W_WAIT_NIGHTS, args, 1);
    }
    struct wait_item item = {.label = page_days(x->arena, row->from, row->to),
                             .line = text_printf(x->arena, "%.*s %.*s\n%.*s",
                                                 TEXT_F(page_care_name(x, row->care)), TEXT_F(nights),
                                                 TEXT_F(places)),
                             .state = page_word(x, "wait-state", row->state),
                             .tone = over                             ? TONE_PLAIN
                                     : text_is(row->state, "offered") ? TONE_WARN
                                                                      : TONE_WAIT};
    if (!over) {
        item.close = page_form_view(
            x, text_printf(x->arena, "/me/waits/%.*s/close", TEXT_F(id_format(x->arena, row->id.n))));
    }
    return item;
}

static void show_waits(struct exchange *x) {
    struct query query = eye_of(x);
    struct query_page all = {.limit = LIST_MAX};
    struct wait_row *rows;
    size_t count;
    struct waits_view view = {0};
    enum rc rc = query_waits(&query, TEXT(""), &all, &rows, &count);
    if (rc == RC_OK) {
        rc = offers_open(x, &view.offers, &view.offer_count);
    }
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    struct wait_item *items = arena_array(x->arena, struct wait_item, count + 1);
    for (size_t i = 0; i < count; i++) {
        items[i] = item_of(x, &rows[i]);
    }
    view.waits = items;
    view.wait_count = count;
    struct page page;
    page_open(x, word_text(W_TITLE_WAITS), &page);
    tmpl_my_waits_page(&page.html, &page.frame, &view);
    page_send(x, 200, &page);
}

static void render_close(void *ctx, struct arena *arena, const void *outcome,
                         struct idem_answer *ret_answer) {
    (void)arena;
    struct exchange *x = ctx;
    const struct wait_outcome *out = outcome;
    if (out->verdict.allowed) {
        answer_redirect(ret_answer, exchange_link(x, "/me/waits?done=wish-closed"));
    } else {
        page_answer_refused(x, ret_answer, &out->verdict.refused, &(struct refusal_view){0});
    }
}

static void close_wish(struct exchange *x) {
    struct wait_outcome outcome;
    exchange_will_render(x, render_close);
    enum rc rc = wait_close(&x->call, (struct wait_id){exchange_id(x, "id")}, &outcome);
    exchange_done(x, rc, &outcome);
}

static const struct route rows[] = {
    {HTTP_GET, "/me/waits", show_waits, .roles = FOR_RESIDENT},
    {HTTP_GET, "/me/waits/new", new_wish, .roles = FOR_RESIDENT, .query = &wish_ask_form},
    {HTTP_POST, "/me/waits", add_wish, .roles = FOR_RESIDENT, .form = &wish_form, .again = wish_again,
     .idempotency = IDEM_REQUIRED},
    {HTTP_POST, "/me/waits/{id}/close", close_wish, .roles = FOR_RESIDENT, .idempotency = IDEM_ACCEPTED},
};
const struct route_table my_wait_routes = ROUTES(rows);
