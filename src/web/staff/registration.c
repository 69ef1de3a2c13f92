/* Registrations: the queue, oldest first with the days it has waited, and one of them with everything known. */
#include "web/staff/registration.h"

#include "core/registration.h"
#include "sys/textkey.h"
#include "web/decision_form.h"
#include "web/eye.h"
#include "web/page_form.h"
#include "web/staff/staff.h"
#include "web/staff/tables.h"
#include "web/tmpl/staff/registration.h"

enum { PAGE_ROWS = 50, WARN_DAYS = 3, BAD_DAYS = 7 };

/* ---- the queue ---- */

static struct text waiting_words(const struct exchange *x, int32_t days) {
    struct word_arg args[] = {{"n", staff_count(x, days)}};
    return days < 1 ? word_text(W_STAFF_WAITING_TODAY)
                    : word_expand(x->arena, W_STAFF_WAITING_DAYS, args, COUNT(args));
}

struct registration_item registration_item_of(const struct exchange *x, const struct registration_row *row) {
    bool waits = text_is(row->state, "submitted") && !instant_is_none(row->submitted_at);
    int32_t days = waits ? day_diff(staff_today(x), instant_day(row->submitted_at)) : 0;
    return (struct registration_item){
        .url = staff_link(x, "/registrations/%.*s", TEXT_F(staff_id(x, row->id.n))),
        .name = row->mother_name,
        .kana = row->mother_kana,
        .waiting = waits ? waiting_words(x, days) : TEXT(""),
        .tone = days >= BAD_DAYS    ? TONE_BAD
                : days >= WARN_DAYS ? TONE_WARN
                                    : TONE_PLAIN,
        .birth = staff_day(x, row->first_birth),
        .class_name = page_class_name(x, row->household_class),
        .interviews = staff_count(x, row->interviews),
        .state = page_word(x, "registration-state", row->state),
        .state_tone = staff_registration_tone(row->state),
        .submitted = staff_moment(x, row->submitted_at)};
}

struct queue_query {
    struct text state;
    struct text q;
    int64_t after;
};
static const struct field queue_fields[] = {
    {.name = "state", .kind = FIELD_TEXT, .max = 20, .offset = offsetof(struct queue_query, state)},
    {.name = "name", .kind = FIELD_TEXT, .max = 60, .offset = offsetof(struct queue_query, q)},
    {.name = "after", .kind = FIELD_ID, .offset = offsetof(struct queue_query, after)},
};
static const struct form queue_form = FORM("StaffQueue", queue_fields, struct queue_query);

static const char *const states[] = {"submitted", "returned", "approved", "rejected", "withdrawn", "all"};

static void fill_filters(struct exchange *x, struct text state, struct registration_queue_view *view) {
    struct error_list none = {0};
    struct choice choices[COUNT(states)];
    for (size_t i = 0; i < COUNT(states); i++) {
        struct text code = text_of(states[i]);
        bool all = text_is(code, "all");
        choices[i] =
            (struct choice){.value = code,
                            .label = all ? word_text(W_STAFF_ALL) : page_word(x, "registration-state", code),
                            .chosen = text_eq(code, state)};
    }
    view->state = page_choice(x, &x->query, &none, "state");
    page_choice_fill(x, &x->query, &view->state, choices, COUNT(choices));
    view->q = page_field(x, &x->query, &none, "name");
}

static void show_queue(struct exchange *x) {
    const struct queue_query *in = exchange_query(x);
    struct text state = in->state.n == 0 ? TEXT("submitted") : in->state;
    struct registration_ask ask = {.state = text_is(state, "all") ? TEXT("") : state,
                                   .name_key = textkey_search(x->arena, in->q)};
    struct query query = eye_of(x);
    struct query_page window = {.after = in->after, .limit = PAGE_ROWS};
    struct registration_row *rows;
    size_t count;
    enum rc rc = query_registrations(&query, &ask, &window, &rows, &count);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    if (!staff_viewed_many(x, "registration.list", "registration", count)) {
        return;
    }
    struct registration_item *items = arena_array(x->arena, struct registration_item, count + 1);
    for (size_t i = 0; i < count; i++) {
        items[i] = registration_item_of(x, &rows[i]);
    }
    struct registration_queue_view view = {.items = items,
                                           .count = count,
                                           .all_url = exchange_link(x, "/city/registrations?state=all"),
                                           .next_url = exchange_link(x, "/city/registrations/next")};
    if (count == PAGE_ROWS) {
        view.links.after_url =
            exchange_linkf(x, "/city/registrations?state=%.*s&name=%.*s&after=%.*s", TEXT_F(state),
                           TEXT_F(http_escape(x->arena, in->q)), TEXT_F(staff_id(x, rows[count - 1].id.n)));
    }
    fill_filters(x, state, &view);
    struct page page;
    page_open(x, word_text(W_NAV_REGISTRATIONS), &page);
    tmpl_registration_queue_page(&page.html, &page.frame, &view);
    page_send(x, 200, &page);
}

/* To the oldest that waits. */
static void show_next(struct exchange *x) {
    struct registration_ask ask = {.state = TEXT("submitted")};
    struct query query = eye_of(x);
    struct query_page window = {.limit = 1};
    struct registration_row *rows;
    size_t count;
    enum rc rc = query_registrations(&query, &ask, &window, &rows, &count);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
    } else if (count == 0) {
        exchange_redirect(x, exchange_link(x, "/city/registrations"));
    } else {
        exchange_redirect(x,
                          exchange_linkf(x, "/city/registrations/%.*s", TEXT_F(staff_id(x, rows[0].id.n))));
    }
}

/* ---- one ---- */

static struct text child_words(const struct exchange *x, const struct child_row *child) {
    bool born = !day_is_none(child->birth_date);
    struct day day = born ? child->birth_date : child->due_date;
    struct word_arg args[] = {
        {"name", child->name.n > 0 ? child->name : word_text(W_STAFF_CHILD_UNNAMED)},
        {"day", day_is_none(day) ? word_text(W_STAFF_UNKNOWN) : day_era(x->arena, day)}};
    struct text line = word_expand(x->arena, born ? W_STAFF_CHILD_BORN : W_STAFF_CHILD_DUE, args, 2);
    struct word_arg more[] = {{"weeks", staff_count(x, child->gestation_days / 7)},
                              {"days", staff_count(x, child->gestation_days % 7)}};
    if (child->gestation_days > 0) {
        line = text_join(x->arena, line, word_expand(x->arena, W_STAFF_CHILD_WEEKS, more, COUNT(more)));
    }
    struct word_arg weight[] = {{"weight", staff_count(x, child->weight_g)}};
    return child->weight_g > 0
               ? text_join(x->arena, line, word_expand(x->arena, W_STAFF_CHILD_WEIGHT, weight, 1))
               : line;
}

static struct text consent_name(const struct programme *programme, struct text code) {
    for (int32_t i = 0; programme != NULL && i < programme->consent_count; i++) {
        if (text_eq(programme->consents[i].code, code)) {
            return programme->consents[i].name;
        }
    }
    return code;
}

static struct text need_words(const struct exchange *x, struct text needs) {
    struct buf buf;
    struct text code;
    buf_init(&buf, x->arena);
    while (text_next(&needs, ' ', &code)) {
        if (code.n > 0) {
            buf_putz(&buf, buf.n > 0 ? "、" : "");
            buf_put(&buf, page_word(x, "staff-need", code));
        }
    }
    return buf_text(&buf);
}

static void fill_lists(const struct exchange *x, const struct registration_detail *detail,
                       struct registration_view *view) {
    struct text *children = arena_array(x->arena, struct text, detail->child_count);
    struct text *consents = arena_array(x->arena, struct text, detail->consent_count);
    struct interview_view *talks = arena_array(x->arena, struct interview_view, detail->interview_count);
    struct registration_item *alike = arena_array(x->arena, struct registration_item, detail->alike_count);
    for (size_t i = 0; i < detail->child_count; i++) {
        children[i] = child_words(x, &detail->children[i]);
    }
    for (size_t i = 0; i < detail->consent_count; i++) {
        consents[i] = consent_name(eye_programme(x), detail->consents[i]);
    }
    for (size_t i = 0; i < detail->interview_count; i++) {
        const struct interview_row *row = &detail->interviews[i];
        talks[i] = (struct interview_view){staff_moment(x, row->at), row->by_name, row->note,
                                           need_words(x, row->needs)};
    }
    for (size_t i = 0; i < detail->alike_count; i++) {
        alike[i] = registration_item_of(x, &detail->alike[i]);
    }
    view->children = children;
    view->child_count = detail->child_count;
    view->consents = consents;
    view->consent_count = detail->consent_count;
    view->interviews = talks;
    view->interview_count = detail->interview_count;
    view->alike = alike;
    view->alike_count = detail->alike_count;
}

static void fill_grant(const struct exchange *x, const struct registration_detail *detail,
                       struct registration_view *view) {
    if (!detail->has_grant) {
        return;
    }
    const struct programme *programme = eye_programme(x);
    struct text *pools = arena_array(x->arena, struct text, detail->pool_count);
    for (size_t i = 0; i < detail->pool_count; i++) {
        const struct pool_row *row = &detail->pools[i];
        int32_t pool = programme == NULL ? -1 : programme_pool(programme, row->pool);
        struct word_arg args[] = {{"pool", pool < 0 ? row->pool : programme->pools[pool].name},
                                  {"granted", staff_count(x, row->granted)},
                                  {"used", staff_count(x, row->used)},
                                  {"booked", staff_count(x, row->booked)},
                                  {"left", staff_count(x, row->left)}};
        pools[i] = word_expand(x->arena, W_STAFF_POOL, args, COUNT(args));
    }
    view->pools = pools;
    view->pool_count = detail->pool_count;
    view->grant_number = text_printf(x->arena, "%lld", (long long)detail->grant.number);
    view->grant_class = page_class_name(x, detail->grant.household_class);
    view->grant_proven = registration_proven_words(x, &detail->grant);
    view->grant_period =
        text_printf(x->arena, "%.*s〜%.*s", TEXT_F(day_era(x->arena, detail->grant.valid_from)),
                    TEXT_F(day_era(x->arena, detail->grant.valid_to)));
    view->book_url =
        staff_link(x, "/residents/%.*s/book", TEXT_F(staff_id(x, detail->registration.account.n)));
}

/* ---- its forms ---- */

static const char *const need_codes[] = {"rest",    "feeding", "worry",    "body",
                                         "support", "baby",    "multiple", "urgent"};

static void fill_interview(struct exchange *x, const struct error_list *errors,
                           struct registration_view *view) {
    struct form_input input = x->body;
    input.form = &staff_interview_form;
    struct choice choices[COUNT(need_codes)];
    for (size_t i = 0; i < COUNT(need_codes); i++) {
        struct text code = text_of(need_codes[i]);
        choices[i] = (struct choice){.value = code, .label = page_word(x, "staff-need", code)};
    }
    view->memo = page_area(x, &input, errors, "interview");
    view->needs = page_choice(x, &input, errors, "needs");
    page_choice_fill(x, &input, &view->needs, choices, COUNT(choices));
}

static void fill_units(const struct exchange *x, const struct programme *programme, int32_t infants,
                       struct registration_view *view) {
    size_t most = (size_t)programme->class_count * (size_t)programme->pool_count;
    struct text *units = arena_array(x->arena, struct text, most);
    for (int32_t class = 0; class < programme->class_count; class ++) {
        for (int32_t pool = 0; pool < programme->pool_count; pool++) {
            struct word_arg args[] = {{"class", programme->classes[class].name},
                                      {"pool", programme->pools[pool].name},
                                      {"n", staff_count(x, pool_granted(programme, pool, class, infants))}};
            units[view->units_count++] = word_expand(x->arena, W_STAFF_CLASS_UNITS, args, COUNT(args));
        }
    }
    view->units = units;
}

static void fill_approve(struct exchange *x, const struct registration_detail *detail,
                         const struct error_list *errors, struct registration_view *view) {
    const struct programme *programme = eye_programme(x);
    struct form_input input = x->body;
    input.form = &staff_approve_form;
    if (programme == NULL) {
        return;
    }
    input.form = detail->has_grant ? &decision_class_form : &staff_approve_form;
    registration_fill_class(
        x, &input, detail->has_grant ? detail->grant.household_class : detail->registration.household_class,
        errors, view);
    if (detail->has_grant) {
        return;
    }
    registration_fill_before(x, &input, errors, view);
    struct field_view *extra = arena_array(x->arena, struct field_view, (size_t)programme->pool_count);
    for (int32_t i = 0; i < programme->pool_count; i++) {
        struct text name = text_join(x->arena, TEXT("extra."), programme->pools[i].code);
        struct word_arg args[] = {{"pool", programme->pools[i].name}};
        extra[i] = page_field(x, &input, errors, name.p);
        extra[i].label = word_expand(x->arena, W_STAFF_EXTRA, args, COUNT(args));
        extra[i].inputmode = TEXT("numeric");
        extra[i].narrow = true;
    }
    view->extra_error = page_error_of(errors, "extra");
    view->extra = extra;
    view->extra_count = (size_t)programme->pool_count;
    view->valid_from = page_date(x, &input, errors, "valid_from");
    view->valid_to = page_date(x, &input, errors, "valid_to");
    fill_units(x, programme, (int32_t)detail->child_count, view);
}

static void fill_forms(struct exchange *x, const struct registration_detail *detail,
                       const struct error_list *errors, struct registration_view *view) {
    struct text id = staff_id(x, detail->registration.id.n);
    struct text own = text_printf(x->arena, "/city/registrations/%.*s", TEXT_F(id));
    view->decides = text_is(detail->registration.state, "submitted");
    view->interview = page_form_view(x, text_join(x->arena, own, TEXT("/interview")));
    view->approve = page_form_view(x, text_join(x->arena, own, TEXT("/approve")));
    view->renew = page_form_view(x, text_join(x->arena, own, TEXT("/class")));
    view->return_url = exchange_linkf(x, "%.*s/return", TEXT_F(own));
    view->reject_url = exchange_linkf(x, "%.*s/reject", TEXT_F(own));
    view->next_url = exchange_link(x, "/city/registrations/next");
    fill_interview(x, errors, view);
    fill_approve(x, detail, errors, view);
}

const struct registration_detail *registration_shown(struct exchange *x) {
    struct query query = eye_of(x);
    struct registration_detail *detail = arena_new(x->arena, struct registration_detail);
    enum rc rc = query_registration(&query, (struct registration_id){exchange_id(x, "id")}, detail);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return NULL;
    }
    const struct registration_row *row = &detail->registration;
    return staff_viewed(x, "registration.view", "registration", row->id.n, row->account) ? detail : NULL;
}

void registration_page(struct exchange *x, int status, struct error_list errors) {
    const struct registration_detail *detail = registration_shown(x);
    if (detail == NULL) {
        return;
    }
    const struct registration_row *row = &detail->registration;
    struct registration_view view = {
        .errors = errors,
        .item = registration_item_of(x, row),
        .birth_date =
            day_is_none(row->mother_birth_date) ? TEXT("") : day_era(x->arena, row->mother_birth_date),
        .address = text_printf(x->arena, "%.*s %.*s", TEXT_F(row->postal_code), TEXT_F(row->address)),
        .phone = row->phone,
        .email = row->email,
        .note = row->note,
        .reason = row->reason,
        .decided = staff_moment(x, row->decided_at),
        .version = row->version};
    fill_lists(x, detail, &view);
    fill_grant(x, detail, &view);
    fill_forms(x, detail, &errors, &view);
    struct page page;
    page_open(x, word_text(W_TITLE_STAFF_REGISTRATION), &page);
    page.frame.back = exchange_link(x, "/city/registrations");
    page.frame.faulty = errors.count > 0;
    tmpl_registration_page(&page.html, &page.frame, &view);
    page_send(x, status, &page);
}

static void show_one(struct exchange *x) {
    registration_page(x, 200, (struct error_list){0});
}

static const struct route rows[] = {
    {HTTP_GET, "/city/registrations", show_queue, .roles = FOR_CITY, .cache = CACHE_OWN,
     .query = &queue_form},
    {HTTP_GET, "/city/registrations/next", show_next, .roles = FOR_CITY},
    {HTTP_GET, "/city/registrations/{id}", show_one, .roles = FOR_CITY, .cache = CACHE_OWN},
};
const struct route_table staff_registration_routes = ROUTES(rows);
