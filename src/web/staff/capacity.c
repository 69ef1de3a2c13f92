/* A facility's places, for itself and for the city: how many there are, and beds closed for births in two taps. What is
 * then promised beyond capacity stays listed until people have settled it. */
#include "service/capacity.h"

#include "web/eye.h"
#include "web/page.h"
#include "web/page_form.h"
#include "web/staff/place_view.h"
#include "web/staff/places.h"
#include "web/staff/staff.h"
#include "web/staff/tables.h"
#include "web/tmpl/staff/place.h"

enum { SHOWN_DAYS = 14, PLACES_MAX = 99, WEEKDAYS = 7 };

static void care_field(struct exchange *x, const struct form *form, const struct error_list *errors,
                       struct field_choice_view *ret_view) {
    struct form_input input = x->body;
    input.form = form;
    size_t count;
    struct choice *choices = staff_cares(x, false, &count);
    *ret_view = page_choice(x, &input, errors, "care");
    page_choice_fill(x, &input, ret_view, choices, count);
    ret_view->required = true;
}

static struct form_input typed(const struct exchange *x, const struct form *form) {
    struct form_input input = x->body;
    input.form = form;
    return input;
}

/* A day that is set already when the form is new. */
static void preset(struct exchange *x, struct field_date_view *view, struct day day) {
    if (x->request->method != HTTP_POST) {
        struct ymd ymd = day_ymd(day);
        view->year = text_printf(x->arena, "%d", ymd.year);
        view->month = text_printf(x->arena, "%d", ymd.month);
        view->day = text_printf(x->arena, "%d", ymd.day);
    }
}

static void redirect_after(struct exchange *x, struct idem_answer *answer,
                           const struct capacity_outcome *outcome, const char *rest, const char *code) {
    if (!outcome->verdict.allowed) {
        struct button_view way = {.label = word_text(W_STAFF_BACK_TO_FORM),
                                  .url = text_join(x->arena, x->base, staff_place_path(x, rest)),
                                  .kind = BUTTON_SECONDARY};
        page_answer_refused(x, answer, &outcome->verdict.refused,
                            &(struct refusal_view){.ways = &way, .way_count = 1});
    } else if (outcome->shortfall_count > 0) {
        answer_redirect(answer, page_done_link(x, staff_place_path(x, "/blocks"), "short"));
    } else {
        answer_redirect(answer, page_done_link(x, staff_place_path(x, rest), code));
    }
}

static struct text back_link(const struct exchange *x) {
    return text_join(x->arena, x->base, staff_place_path(x, ""));
}

/* ---- capacity ---- */

struct capacity_body {
    struct text care;
    struct day from;
    struct day to;
    int64_t capacity;
    const struct text *weekdays;
    size_t weekday_count;
};
#define AT(member) .offset = offsetof(struct capacity_body, member)
static const struct field capacity_fields[] = {
    {.name = "care", .kind = FIELD_TEXT, .required = true, .max = 32, AT(care)},
    {.name = "from", .kind = FIELD_DAY, .required = true, AT(from)},
    {.name = "to", .kind = FIELD_DAY, .required = true, AT(to)},
    {.name = "capacity", .kind = FIELD_INT, .required = true, .min = 0, .max = PLACES_MAX, AT(capacity)},
    {.name = "weekday",
     .kind = FIELD_TEXTS,
     .max = WEEKDAYS,
     AT(weekdays),
     .count_offset = offsetof(struct capacity_body, weekday_count)},
};
#undef AT
static const struct form capacity_form = FORM("StaffCapacity", capacity_fields, struct capacity_body);

static const char *const weekday_codes[WEEKDAYS] = {"0", "1", "2", "3", "4", "5", "6"};

static void capacity_page(struct exchange *x, int status, struct error_list errors) {
    struct form_input input = typed(x, &capacity_form);
    struct capacity_view view = {.errors = errors,
                                 .form = page_form_view(x, staff_place_path(x, "/capacity")),
                                 .from = page_date(x, &input, &errors, "from"),
                                 .to = page_date(x, &input, &errors, "to"),
                                 .capacity = page_field(x, &input, &errors, "capacity"),
                                 .weekday = page_choice(x, &input, &errors, "weekday")};
    struct choice weekdays[WEEKDAYS];
    for (int i = 0; i < WEEKDAYS; i++) {
        weekdays[i] = (struct choice){.value = text_of(weekday_codes[i]),
                                      .label = text_join(x->arena, weekday_words(i), TEXT("曜日"))};
    }
    care_field(x, &capacity_form, &errors, &view.care);
    page_choice_fill(x, &input, &view.weekday, weekdays, WEEKDAYS);
    preset(x, &view.from, staff_today(x));
    preset(x, &view.to, day_add(day_add_months(month_first(staff_today(x)), 2), -1));
    enum rc rc = staff_place_name(x, &view.place);
    if (rc == RC_OK) {
        rc = staff_places_grid(x, staff_place_id(x), staff_today(x), SHOWN_DAYS, &view.grid);
    }
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    view.grid.caption = word_text(W_STAFF_TWO_WEEKS);
    view.other_url = text_join(x->arena, x->base, staff_place_path(x, "/blocks"));
    struct page page;
    page_open(x, word_text(W_NAV_CAPACITY), &page);
    page.frame.back = back_link(x);
    page.frame.faulty = errors.count > 0;
    tmpl_capacity_page(&page.html, &page.frame, &view);
    page_send(x, status, &page);
}

static void show_capacity(struct exchange *x) {
    capacity_page(x, 200, (struct error_list){0});
}

static void capacity_again(struct exchange *x) {
    capacity_page(x, 422, page_errors(x, &x->body));
}

static void render_capacity(void *ctx, struct arena *arena, const void *outcome, struct idem_answer *answer) {
    (void)arena;
    redirect_after(ctx, answer, outcome, "/capacity", "capacity");
}

static void do_capacity(struct exchange *x) {
    const struct capacity_body *body = exchange_body(x);
    struct capacity_ask ask = {.facility = staff_place_id(x),
                               .care = body->care,
                               .from = body->from,
                               .to = body->to,
                               .capacity = body->capacity};
    for (size_t i = 0; i < body->weekday_count; i++) {
        for (int day = 0; day < WEEKDAYS; day++) {
            if (text_is(body->weekdays[i], weekday_codes[day])) {
                ask.weekdays |= (uint8_t)(1U << day);
            }
        }
    }
    struct capacity_outcome *outcome = arena_new(x->arena, struct capacity_outcome);
    exchange_will_render(x, render_capacity);
    enum rc rc = capacity_set(&x->call, &ask, outcome);
    exchange_done(x, rc, outcome);
}

/* ---- blocks ---- */

struct block_body {
    struct text care;
    struct day from;
    struct day to;
    int64_t beds;
    struct text memo;
};
#define AT(member) .offset = offsetof(struct block_body, member)
static const struct field block_fields[] = {
    {.name = "care", .kind = FIELD_TEXT, .required = true, .max = 32, AT(care)},
    {.name = "from", .kind = FIELD_DAY, .required = true, AT(from)},
    {.name = "to", .kind = FIELD_DAY, .required = true, AT(to)},
    {.name = "beds", .kind = FIELD_INT, .required = true, .min = 1, .max = PLACES_MAX, AT(beds)},
    {.name = "memo", .kind = FIELD_TEXT, .max = 100, AT(memo)},
};
#undef AT
static const struct form block_form = FORM("StaffBlock", block_fields, struct block_body);

static enum rc block_items(struct exchange *x, struct block_view *view) {
    struct query query = eye_of(x);
    struct block_row *rows;
    size_t count;
    enum rc rc = query_blocks(&query, staff_place_id(x), staff_today(x), &rows, &count);
    if (rc != RC_OK) {
        return rc;
    }
    struct block_item *items = arena_array(x->arena, struct block_item, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct text path = text_printf(x->arena, "%.*s/%.*s/remove", TEXT_F(staff_place_path(x, "/blocks")),
                                       TEXT_F(staff_id(x, rows[i].id)));
        items[i] = (struct block_item){.days = page_days(x->arena, rows[i].from, rows[i].to),
                                       .care = page_care_name(x, rows[i].care),
                                       .beds = staff_count(x, rows[i].beds),
                                       .reason = rows[i].reason,
                                       .since = staff_moment(x, rows[i].created_at),
                                       .remove = page_form_view(x, path)};
    }
    view->items = items;
    view->count = count;
    return staff_places_affected(x, &view->affected);
}

static void block_page(struct exchange *x, int status, struct error_list errors) {
    struct form_input input = typed(x, &block_form);
    struct day today = staff_today(x);
    struct block_view view = {.errors = errors,
                              .form = page_form_view(x, staff_place_path(x, "/blocks")),
                              .quick = page_form_view(x, staff_place_path(x, "/blocks")),
                              .quick_from = day_format(x->arena, today),
                              .quick_to = day_format(x->arena, today),
                              .from = page_date(x, &input, &errors, "from"),
                              .to = page_date(x, &input, &errors, "to"),
                              .beds = page_field(x, &input, &errors, "beds"),
                              .reason = page_field(x, &input, &errors, "memo")};
    care_field(x, &block_form, &errors, &view.care);
    if (view.care.count > 0) {
        struct word_arg args[] = {{"care", view.care.choices[0].label}};
        view.quick_care = view.care.choices[0].value;
        view.quick_label = word_expand(x->arena, W_STAFF_BLOCK_QUICK, args, COUNT(args));
    }
    preset(x, &view.from, today);
    preset(x, &view.to, today);
    enum rc rc = staff_place_name(x, &view.place);
    if (rc == RC_OK) {
        rc = block_items(x, &view);
    }
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    if (!staff_viewed_many(x, "booking.list", "booking", view.affected.count)) {
        return;
    }
    view.other_url = text_join(x->arena, x->base, staff_place_path(x, "/capacity"));
    struct page page;
    page_open(x, word_text(W_TITLE_STAFF_BLOCKS), &page);
    page.frame.back = back_link(x);
    page.frame.faulty = errors.count > 0;
    tmpl_block_page(&page.html, &page.frame, &view);
    page_send(x, status, &page);
}

static void show_blocks(struct exchange *x) {
    block_page(x, 200, (struct error_list){0});
}

static void blocks_again(struct exchange *x) {
    block_page(x, 422, page_errors(x, &x->body));
}

static void render_block(void *ctx, struct arena *arena, const void *outcome, struct idem_answer *answer) {
    (void)arena;
    redirect_after(ctx, answer, outcome, "/blocks", "blocked");
}

static void do_block(struct exchange *x) {
    const struct block_body *body = exchange_body(x);
    struct block_ask ask = {.facility = staff_place_id(x),
                            .care = body->care,
                            .from = body->from,
                            .to = body->to,
                            .beds = body->beds,
                            .reason = body->memo};
    struct capacity_outcome *outcome = arena_new(x->arena, struct capacity_outcome);
    exchange_will_render(x, render_block);
    enum rc rc = capacity_block(&x->call, &ask, outcome);
    exchange_done(x, rc, outcome);
}

static void render_unblock(void *ctx, struct arena *arena, const void *outcome, struct idem_answer *answer) {
    (void)arena;
    redirect_after(ctx, answer, outcome, "/blocks", "unblocked");
}

static void do_unblock(struct exchange *x) {
    struct capacity_outcome *outcome = arena_new(x->arena, struct capacity_outcome);
    int64_t block = exchange_id(x, x->call.actor.role == ROLE_FACILITY ? "id" : "block_id");
    exchange_will_render(x, render_unblock);
    enum rc rc = capacity_unblock(&x->call, block, outcome);
    exchange_done(x, rc, outcome);
}

static const struct route rows[] = {
    {HTTP_GET, "/facility/capacity", show_capacity, .roles = FOR_FACILITY, .cache = CACHE_OWN},
    {HTTP_POST, "/facility/capacity", do_capacity, .roles = FOR_FACILITY, .idempotency = IDEM_ACCEPTED,
     .form = &capacity_form, .again = capacity_again},
    {HTTP_GET, "/facility/blocks", show_blocks, .roles = FOR_FACILITY, .cache = CACHE_OWN},
    {HTTP_POST, "/facility/blocks", do_block, .roles = FOR_FACILITY, .idempotency = IDEM_ACCEPTED,
     .form = &block_form, .again = blocks_again},
    {HTTP_POST, "/facility/blocks/{id}/remove", do_unblock, .roles = FOR_FACILITY,
     .idempotency = IDEM_ACCEPTED},
    {HTTP_GET, "/city/facilities/{id}/capacity", show_capacity, .roles = FOR_CITY, .cache = CACHE_OWN},
    {HTTP_POST, "/city/facilities/{id}/capacity", do_capacity, .roles = FOR_CITY,
     .idempotency = IDEM_ACCEPTED, .form = &capacity_form, .again = capacity_again},
    {HTTP_GET, "/city/facilities/{id}/blocks", show_blocks, .roles = FOR_CITY, .cache = CACHE_OWN},
    {HTTP_POST, "/city/facilities/{id}/blocks", do_block, .roles = FOR_CITY, .idempotency = IDEM_ACCEPTED,
     .form = &block_form, .again = blocks_again},
    {HTTP_POST, "/city/facilities/{id}/blocks/{block_id}/remove", do_unblock, .roles = FOR_CITY,
     .idempotency = IDEM_ACCEPTED},
};
const struct route_table staff_capacity_routes = ROUTES(rows);
