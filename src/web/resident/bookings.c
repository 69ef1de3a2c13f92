/* A resident's bookings: the list, one booking with what is promised, changing it, and giving it back after seeing what
 * that costs. */
#include "query/facilities.h"
#include "service/book.h"
#include "web/eye.h"
#include "web/page_view.h"
#include "web/resident/book_ask.h"
#include "web/resident/bookings.h"
#include "web/resident/tables.h"
#include "web/tmpl/resident/bookings.h"

enum { LIST_MAX = 100 };

enum tone my_booking_tone(struct text state) {
    return text_is(state, "confirmed") || text_is(state, "in-use") ? TONE_GOOD
           : text_is(state, "requested")                           ? TONE_WAIT
                                                                   : TONE_PLAIN;
}

bool my_booking_coming(struct text state) {
    return text_is(state, "requested") || text_is(state, "confirmed") || text_is(state, "in-use");
}

struct my_booking my_booking_of(const struct exchange *x, const struct booking_row *row) {
    return (struct my_booking){
        .label = page_days(x->arena, row->start, row->end),
        .place = text_printf(x->arena, "%.*s\n%.*s", TEXT_F(row->facility_name),
                             TEXT_F(page_care_name(x, row->care))),
        .state = page_word(x, "my-booking", row->state),
        .tone = my_booking_tone(row->state),
        .url = exchange_linkf(x, "/me/bookings/%.*s", TEXT_F(id_format(x->arena, row->id.n)))};
}

static void show_list(struct exchange *x) {
    struct query query = eye_of(x);
    struct booking_ask ask = {.from = DAY_NONE, .to = DAY_NONE, .by_start = true};
    struct query_page all = {.limit = LIST_MAX};
    struct booking_row *rows;
    size_t count;
    enum rc rc = query_bookings(&query, &ask, &all, &rows, &count);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    struct my_booking *coming = arena_array(x->arena, struct my_booking, count + 1);
    struct my_booking *past = arena_array(x->arena, struct my_booking, count + 1);
    struct bookings_view view = {.coming = coming, .past = past};
    for (size_t i = 0; i < count; i++) {
        if (my_booking_coming(rows[i].state)) {
            coming[view.coming_count++] = my_booking_of(x, &rows[i]);
        }
    }
    for (size_t i = count; i-- > 0;) { /* the latest first */
        if (!my_booking_coming(rows[i].state)) {
            past[view.past_count++] = my_booking_of(x, &rows[i]);
        }
    }
    struct page page;
    page_open(x, word_text(W_TITLE_BOOKINGS), &page);
    tmpl_my_bookings_page(&page.html, &page.frame, &view);
    page_send(x, 200, &page);
}

/* ---- one booking ---- */

static enum rc load(const struct exchange *x, struct booking_detail *ret_detail) {
    struct query query = eye_of(x);
    return query_booking(&query, (struct booking_id){exchange_id(x, "id")}, ret_detail);
}

static struct text own_link(const struct exchange *x, struct booking_id id, const char *below) {
    return exchange_linkf(x, "/me/bookings/%.*s%s", TEXT_F(id_format(x->arena, id.n)), below);
}

/* A facility asks, and she answers. */
static bool proposal(const struct booking_row *row) {
    return row->proposed && text_is(row->state, "requested");
}

static struct panel_view panel_of(const struct exchange *x, const struct booking_row *row) {
    bool asked = !instant_is_none(row->answer_by);
    struct word_arg until[] = {{"until", asked ? instant_short(x->arena, row->answer_by) : TEXT("")}};
    struct panel_view panel = {.kind = PANEL_ENDED,
                               .title = page_word(x, "panel", row->state),
                               .number_label = word_text(W_PANEL_NUMBER),
                               .number = id_format(x->arena, row->id.n),
                               .line = row->reason};
    if (text_is(row->state, "confirmed") || text_is(row->state, "in-use")) {
        panel.kind = PANEL_CONFIRMED;
        panel.line = page_days(x->arena, row->start, row->end);
    } else if (proposal(row)) {
        panel.kind = PANEL_PENDING;
        panel.title = word_text(W_PANEL_PROPOSED);
        panel.line = word_expand(x->arena, W_PANEL_PROPOSED_ANSWER, until, 1);
    } else if (text_is(row->state, "requested")) {
        panel.kind = PANEL_PENDING;
        panel.line = word_expand(x->arena, W_PANEL_ANSWER, until, 1);
    }
    return panel;
}

static struct notice_view note_of(const struct exchange *x, const struct booking_row *row,
                                  bool changing_proposed) {
    if (row->changing_to.n != 0 && changing_proposed) {
        return (struct notice_view){.tone = TONE_WAIT,
                                    .title = word_text(W_CHANGE_PROPOSED),
                                    .line = word_text(W_CHANGE_PROPOSED_LINE),
                                    .url = own_link(x, row->changing_to, ""),
                                    .url_label = word_text(W_CHANGE_SHOW_NEW)};
    }
    if (row->changing_to.n != 0) {
        return (struct notice_view){.tone = TONE_WAIT,
                                    .title = word_text(W_CHANGE_ASKED),
                                    .line = word_text(W_CHANGE_ASKED_LINE),
                                    .url = own_link(x, row->changing_to, ""),
                                    .url_label = word_text(W_CHANGE_SHOW_NEW)};
    }
    if (row->change_of.n != 0 && text_is(row->state, "requested")) {
        return (struct notice_view){.tone = TONE_WAIT,
                                    .title = word_text(row->proposed ? W_CHANGE_PROPOSED : W_CHANGE_ASKED),
                                    .line =
                                        word_text(row->proposed ? W_CHANGE_PROPOSED_OLD : W_CHANGE_OLD_KEPT),
                                    .url = own_link(x, row->change_of, ""),
                                    .url_label = word_text(W_CHANGE_SHOW_OLD)};
    }
    return (struct notice_view){.tone = TONE__MAX};
}

static void detail_rows(const struct exchange *x, const struct booking_detail *detail,
                        const struct facility_row *facility, struct booking_view *view) {
    const struct booking_row *row = &detail->booking;
    struct summary_row *rows = arena_array(x->arena, struct summary_row, 7);
    struct word_arg units[] = {{"n", num_grouped(x->arena, row->units)}};
    size_t n = 0;
    rows[n++] = (struct summary_row){.label = word_text(W_BOOK_CARE), .value = page_care_name(x, row->care)};
    rows[n++] = (struct summary_row){.label = word_text(W_BOOK_PLACE),
                                     .value = text_printf(x->arena, "%.*s\n%.*s", TEXT_F(row->facility_name),
                                                          TEXT_F(facility->about.address))};
    rows[n++] = (struct summary_row){
        .label = word_text(W_BOOK_DAYS),
        .value = text_printf(x->arena, "%.*s（%.*s）", TEXT_F(page_days(x->arena, row->start, row->end)),
                             TEXT_F(word_expand(x->arena, W_BOOK_UNITS, units, 1)))};
    if (proposal(row) && detail->event_count > 0 && detail->events[0].reason.n > 0) {
        rows[n++] = (struct summary_row){.label = word_text(W_CHANGE_PROPOSED_WHY),
                                         .value = detail->events[0].reason};
    }
    if (row->message.n > 0) {
        rows[n++] = (struct summary_row){.label = word_text(W_LABEL_MESSAGE), .value = row->message};
    }
    if (view->may_cancel) {
        rows[n++] = (struct summary_row){.label = word_text(W_RULES_CANCEL),
                                         .value = book_free_words(x, row->free_cancel_until)};
    }
    if (row->cancel_fee.n > 0) {
        rows[n++] = (struct summary_row){.label = word_text(W_CANCEL_FEE),
                                         .value = page_yen(x->arena, row->cancel_fee)};
    }
    view->rows = (struct summary_view){rows, n};
}

/* Is the undecided change of this booking the facility's? */
static enum rc proposed_change(const struct exchange *x, const struct booking_row *row, bool *ret_proposed) {
    struct query query = eye_of(x);
    struct booking_detail detail;
    enum rc rc = row->changing_to.n == 0 ? RC_NONE : query_booking(&query, row->changing_to, &detail);
    *ret_proposed = rc == RC_OK && detail.booking.proposed;
    return rc == RC_NONE ? RC_OK : rc;
}

/* The place of a booking; empty when it is suspended and not shown any more. */
static enum rc place_of(const struct exchange *x, const struct booking_row *row,
                        struct facility_row *ret_place) {
    struct query query = eye_of(x);
    struct facility_ask ask = {.date = DAY_NONE, .month_age = -1, .id = row->facility};
    struct facility_row *rows;
    size_t count;
    enum rc rc = query_facilities(&query, &ask, &rows, &count);
    *ret_place = rc == RC_OK ? rows[0] : (struct facility_row){.id = row->facility};
    return rc == RC_NONE ? RC_OK : rc;
}

static void booking_fill(const struct exchange *x, const struct booking_detail *detail,
                         const struct facility_row *place, bool changing_proposed,
                         struct booking_view *view) {
    const struct booking_row *row = &detail->booking;
    bool open = text_is(row->state, "requested") || text_is(row->state, "confirmed");
    bool undecided = text_is(row->state, "requested") && (row->change_of.n != 0 || row->proposed);
    bool unused = !my_booking_coming(row->state) && !text_is(row->state, "completed");
    *view = (struct booking_view){.panel = panel_of(x, row),
                                  .note = note_of(x, row, changing_proposed),
                                  .bring = place->words.bring,
                                  .access = place->words.access,
                                  .phone = row->facility_phone,
                                  .may_change = open && row->changing_to.n == 0 && !undecided,
                                  .may_cancel = open && !proposal(row),
                                  .change_url = own_link(x, row->id, "/change"),
                                  .cancel_url = own_link(x, row->id, "/cancel"),
                                  .wish_url = exchange_linkf(x, "/me/waits/new?care=%.*s&from=%.*s&to=%.*s",
                                                             TEXT_F(row->care),
                                                             TEXT_F(day_format(x->arena, row->start)),
                                                             TEXT_F(day_format(x->arena, row->end)))};
    if (unused) {
        view->search_url = exchange_linkf(x, "/me/book?care=%.*s", TEXT_F(row->care));
    }
    detail_rows(x, detail, place, view);
    price_of_booking(x, detail, &view->price);
}

static void show_booking(struct exchange *x) {
    struct booking_detail detail;
    struct facility_row place;
    bool proposed = false;
    enum rc rc = load(x, &detail);
    if (rc == RC_OK) {
        rc = place_of(x, &detail.booking, &place);
    }
    if (rc == RC_OK) {
        rc = proposed_change(x, &detail.booking, &proposed);
    }
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    struct booking_view view;
    booking_fill(x, &detail, &place, proposed, &view);
    if (proposal(&detail.booking)) {
        struct booking_id id = detail.booking.id;
        view.accept = page_form_view(x, text_part(own_link(x, id, "/accept"), x->base.n, 200));
        view.decline = page_form_view(x, text_part(own_link(x, id, "/decline"), x->base.n, 200));
    }
    struct page page;
    page_open(x, word_text(W_TITLE_BOOKING), &page);
    page.frame.back = exchange_link(x, "/me/bookings");
    tmpl_my_booking_page(&page.html, &page.frame, &view);
    page_send(x, 200, &page);
}

/* The new date first; the old place stands until the new one is certain. */
static void change(struct exchange *x) {
    struct booking_detail detail;
    enum rc rc = load(x, &detail);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    exchange_redirect(x, exchange_linkf(x, "/me/book?care=%.*s&facility=%.*s&change=%.*s",
                                        TEXT_F(detail.booking.care),
                                        TEXT_F(id_format(x->arena, detail.booking.facility.n)),
                                        TEXT_F(id_format(x->arena, detail.booking.id.n))));
}

/* ---- giving it back ---- */

struct cancel_body {
    struct text reason;
};
static const struct field cancel_fields[] = {
    {.name = "cancel_reason",
     .kind = FIELD_LINES,
     .max = 300,
     .offset = offsetof(struct cancel_body, reason)},
};
static const struct form cancel_form = FORM("Cancel", cancel_fields, struct cancel_body);

static void show_cancel(struct exchange *x) {
    struct booking_detail detail;
    struct book_outcome cost;
    enum rc rc = load(x, &detail);
    if (rc == RC_OK) {
        rc = book_cancel_quote(&x->call, detail.booking.id, &cost);
    }
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    if (!cost.verdict.allowed) {
        exchange_redirect(x, own_link(x, detail.booking.id, ""));
        return;
    }
    const struct booking_row *row = &detail.booking;
    struct error_list errors = page_errors(x, &x->body);
    struct form_input empty = {.arena = x->arena, .form = &cancel_form};
    struct word_arg fee[] = {{"yen", page_yen(x->arena, cost.cancel_fee)}};
    struct word_arg units[] = {{"n", num_grouped(x->arena, cost.units_charged)}};
    struct cancel_view view = {
        .line = text_printf(x->arena, "%.*s %.*s", TEXT_F(page_days(x->arena, row->start, row->end)),
                            TEXT_F(row->facility_name)),
        .cost =
            cost.cancel_fee.n == 0 ? word_text(W_CANCEL_FREE) : word_expand(x->arena, W_CANCEL_COSTS, fee, 1),
        .days = cost.units_charged == 0 ? word_text(W_CANCEL_DAYS_BACK)
                                        : word_expand(x->arena, W_CANCEL_DAYS_USED, units, 1),
        .free = cost.cancel_fee.n == 0 && cost.units_charged == 0,
        .form = page_form_view(x, text_part(own_link(x, row->id, "/cancel"), x->base.n, 200)),
        .reason = page_area(x, x->body.form != NULL ? &x->body : &empty, &errors, "cancel_reason"),
        .back = own_link(x, row->id, ""),
        .change_url = own_link(x, row->id, "/change")};
    struct page page;
    page_open(x, word_text(W_TITLE_CANCEL), &page);
    page.frame.back = view.back;
    tmpl_my_cancel_page(&page.html, &page.frame, &view);
    page_send(x, 200, &page);
}

static void render_cancel(void *ctx, struct arena *arena, const void *outcome,
                          struct idem_answer *ret_answer) {
    (void)arena;
    struct exchange *x = ctx;
    const struct book_outcome *out = outcome;
    struct booking_id id = {exchange_id(x, "id")};
    struct button_view ways[] = {
        {.label = word_text(W_WAY_BOOKINGS), .url = exchange_link(x, "/me/bookings")}};
    if (out->verdict.allowed) {
        answer_redirect(ret_answer, own_link(x, id, "?done=cancelled"));
    } else {
        page_answer_refused(x, ret_answer, &out->verdict.refused,
                            &(struct refusal_view){.ways = ways, .way_count = 1});
    }
}

static void cancel(struct exchange *x) {
    const struct cancel_body *in = exchange_body(x);
    struct book_step step = {.id = {exchange_id(x, "id")}, .event = BOOKING_EV_CANCEL, .reason = in->reason};
    struct book_outcome outcome;
    exchange_will_render(x, render_cancel);
    enum rc rc = book_step(&x->call, &step, &outcome);
    exchange_done(x, rc, &outcome);
}

/* ---- answering what a facility proposes ---- */

static void render_answer(void *ctx, struct arena *arena, const void *outcome,
                          struct idem_answer *ret_answer) {
    (void)arena;
    struct exchange *x = ctx;
    const struct book_outcome *out = outcome;
    struct booking_id id = {exchange_id(x, "id")};
    struct button_view ways[] = {
        {.label = word_text(W_WAY_BOOKINGS), .url = exchange_link(x, "/me/bookings")}};
    if (out->verdict.allowed) {
        bool accepted = out->state == BOOKING_CONFIRMED;
        answer_redirect(ret_answer,
                        own_link(x, id, accepted ? "?done=proposal-accept" : "?done=proposal-decline"));
    } else {
        page_answer_refused(x, ret_answer, &out->verdict.refused,
                            &(struct refusal_view){.ways = ways, .way_count = 1});
    }
}

static void answer_proposal(struct exchange *x, enum booking_event event) {
    struct book_step step = {.id = {exchange_id(x, "id")}, .event = event, .reason = TEXT("")};
    struct book_outcome outcome;
    exchange_will_render(x, render_answer);
    enum rc rc = book_step(&x->call, &step, &outcome);
    exchange_done(x, rc, &outcome);
}

static void accept(struct exchange *x) {
    answer_proposal(x, BOOKING_EV_ACCEPT);
}

static void decline(struct exchange *x) {
    answer_proposal(x, BOOKING_EV_DECLINE);
}

static const struct route rows[] = {
    {HTTP_POST, "/me/bookings/{id}/accept", accept, .roles = FOR_RESIDENT, .idempotency = IDEM_ACCEPTED},
    {HTTP_POST, "/me/bookings/{id}/decline", decline, .roles = FOR_RESIDENT, .idempotency = IDEM_ACCEPTED},
    {HTTP_GET, "/me/bookings", show_list, .roles = FOR_RESIDENT, .cache = CACHE_OWN},
    {HTTP_GET, "/me/bookings/{id}", show_booking, .roles = FOR_RESIDENT, .cache = CACHE_OWN},
    {HTTP_GET, "/me/bookings/{id}/change", change, .roles = FOR_RESIDENT, .class = CLASS_BOOKING},
    {HTTP_GET, "/me/bookings/{id}/cancel", show_cancel, .roles = FOR_RESIDENT, .cache = CACHE_OWN,
     .class = CLASS_BOOKING},
    {HTTP_POST, "/me/bookings/{id}/cancel", cancel, .roles = FOR_RESIDENT, .form = &cancel_form,
     .again = show_cancel, .idempotency = IDEM_REQUIRED},
};
const struct route_table my_booking_routes = ROUTES(rows);
