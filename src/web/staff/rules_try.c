/* "This person, this stay": a made-up case judged by the draft and, beside it, by the rules as they stand. Nothing is
 * stored; the question is in the address. */
#include "base/buf.h"
#include "base/json_out.h"
#include "profile/answer.h"
#include "web/page.h"
#include "web/price.h"
#include "web/staff/rules_part.h"
#include "web/staff/staff.h"
#include "web/staff/tables.h"
#include "web/tmpl/staff/rules.h"

enum { USES_MAX = 12, LINES_MAX = 16 };

struct try_query {
    struct text class;
    struct day birth;
    struct day due;
    int64_t infants;
    struct text care;
    struct day start;
    int64_t nights;
    struct day asked_day;
    struct text asked_time;
    int64_t uses;
    int64_t price;
};
#define AT(member) .offset = offsetof(struct try_query, member)
static const struct field try_fields[] = {
    {.name = "try_class", .kind = FIELD_TEXT, .max = 32, AT(class)},
    {.name = "try_birth", .kind = FIELD_DAY, AT(birth)},
    {.name = "try_due", .kind = FIELD_DAY, AT(due)},
    {.name = "try_infants", .kind = FIELD_INT, .min = 1, .max = 6, AT(infants)},
    {.name = "try_care", .kind = FIELD_TEXT, .max = 32, AT(care)},
    {.name = "try_start", .kind = FIELD_DAY, AT(start)},
    {.name = "try_nights", .kind = FIELD_INT, .min = 0, .max = 60, AT(nights)},
    {.name = "try_asked", .kind = FIELD_DAY, AT(asked_day)},
    {.name = "try_time", .kind = FIELD_TEXT, .max = 5, AT(asked_time)},
    {.name = "try_uses", .kind = FIELD_INT, .min = 0, .max = USES_MAX, AT(uses)},
    {.name = "try_price", .kind = FIELD_INT, .min = 0, .max = 10000000, AT(price)},
};
#undef AT
static const struct form try_form = FORM("RulesTry", try_fields, struct try_query);

/* ---- the case ---- */

static const struct care *care_of(const struct profile *profile, const struct try_query *q) {
    const struct programme *programme = programme_at(&profile->programmes, q->start);
    int32_t row = programme == NULL ? -1 : programme_care(programme, q->care);
    return row < 0 ? NULL : &programme->cares[row];
}

static void put_children(struct json_out *json, const struct try_query *q) {
    json_put_array(json, "children");
    for (int64_t i = 0; i < (q->infants == FORM_NO_INT ? 1 : q->infants); i++) {
        json_put_object(json, NULL);
        if (!day_is_none(q->birth)) {
            json_put_day(json, "birth_date", q->birth);
        }
        if (!day_is_none(q->due)) {
            json_put_day(json, "due_date", q->due);
        }
        json_put_object_end(json);
    }
    json_put_array_end(json);
}

/* Earlier uses of the same care: one day or night each, ended before this one begins. */
static void put_history(struct json_out *json, const struct try_query *q, bool stay) {
    json_put_array(json, "history");
    for (int64_t i = 0; q->uses != FORM_NO_INT && i < q->uses; i++) {
        struct day start = day_add(q->start, -3 * (int32_t)(i + 1));
        json_put_object(json, NULL);
        json_put_text(json, "care", q->care);
        json_put_day(json, "start", start);
        json_put_day(json, "end", stay ? day_add(start, 1) : start);
        json_put_text(json, "state", TEXT("completed"));
        json_put_object_end(json);
    }
    json_put_array_end(json);
}

static struct instant asked_at(const struct exchange *x, const struct try_query *q) {
    int64_t hour = 9;
    int64_t minute = 0;
    struct text t = q->asked_time;
    size_t cut = text_index(t, ':');
    if (t.n > 0 &&
        (!num_parse(text_part(t, 0, cut), &hour) || !num_parse(text_part(t, cut + 1, t.n), &minute))) {
        hour = 9;
        minute = 0;
    }
    struct day day = day_is_none(q->asked_day) ? staff_today(x) : q->asked_day;
    return day_at(day, (int32_t)(hour * 60 + minute) % 1440);
}

static struct text case_of(const struct exchange *x, const struct profile *profile,
                           const struct try_query *q) {
    const struct care *care = care_of(profile, q);
    bool stay = care != NULL && care->kind == CARE_STAY;
    int32_t nights = q->nights == FORM_NO_INT || q->nights == 0 ? 1 : (int32_t)q->nights;
    struct json_out json;
    struct buf buf;
    buf_init(&buf, x->arena);
    json_out_init(&json, &buf);
    json_put_object(&json, NULL);
    json_put_instant(&json, "today", asked_at(x, q));
    if (q->class.n > 0) {
        json_put_text(&json, "class", q->class);
    }
    put_children(&json, q);
    put_history(&json, q, stay);
    if (q->price != FORM_NO_INT) {
        json_put_object(&json, "facility");
        json_put_object(&json, "price");
        json_put_int(&json, text_copy(x->arena, q->care).p, q->price);
        json_put_object_end(&json);
        json_put_object_end(&json);
    }
    json_put_object(&json, "request");
    json_put_text(&json, "care", q->care);
    json_put_day(&json, "start", q->start);
    json_put_day(&json, "end", stay ? day_add(q->start, nights) : q->start);
    json_put_object_end(&json);
    json_put_object_end(&json);
    return buf_text(&buf);
}

/* ---- the answer, a column for each set of rules ---- */

struct column {
    struct text lines[LINES_MAX];
};
static const enum word line_words[] = {W_STAFF_TRY_VERSION, W_STAFF_TRY_ALLOWED, W_STAFF_TRY_REFUSALS,
                                       W_STAFF_TRY_LINES,   W_STAFF_TRY_TOTAL,   W_STAFF_TRY_POOLS,
                                       W_STAFF_TRY_CANCEL,  W_STAFF_TRY_ANSWER};

static void put_line(struct buf *buf, struct text line) {
    buf_putz(buf, buf->n > 0 ? "\n" : "");
    buf_put(buf, line);
}

static struct text refusals_of(const struct exchange *x, const struct quote *quote) {
    struct buf buf;
    buf_init(&buf, x->arena);
    for (int32_t i = 0; i < quote->refusal_count; i++) {
        put_line(&buf, refusal_sentence(x->arena, quote->programme, &quote->refusals[i]));
    }
    return buf.n == 0 ? word_text(W_STAFF_TRY_NONE) : buf_text(&buf);
}

static struct text prices_of(const struct exchange *x, const struct price_view *price) {
    struct buf buf;
    buf_init(&buf, x->arena);
    for (size_t i = 0; i < price->count; i++) {
        const struct price_row *row = &price->rows[i];
        put_line(&buf, text_printf(x->arena, "%.*s %.*s ＝ %.*s", TEXT_F(row->name), TEXT_F(row->count),
                                   TEXT_F(row->amount)));
    }
    return buf_text(&buf);
}

static struct text pools_of(const struct exchange *x, const struct price_view *price) {
    struct buf buf;
    buf_init(&buf, x->arena);
    for (size_t i = 0; i < price->pool_count; i++) {
        put_line(&buf, text_printf(x->arena, "%.*s：%.*s", TEXT_F(price->pools[i].name),
                                   TEXT_F(price->pools[i].line)));
    }
    return buf.n == 0 ? word_text(W_RULES_NO_POOL) : buf_text(&buf);
}

static struct text until_of(const struct exchange *x, struct instant at, enum word none) {
    return instant_is_none(at) ? word_text(none) : instant_short(x->arena, at);
}

static void column_of(const struct exchange *x, const struct profile *profile, const struct try_query *q,
                      struct column *ret_column) {
    struct quote_case *c = arena_new(x->arena, struct quote_case);
    struct case_answer *answer = arena_new(x->arena, struct case_answer);
    struct profile_faults faults = {0};
    *ret_column = (struct column){0};
    if (!case_load(x->arena, case_of(x, profile, q), profile, c, &faults)) {
        ret_column->lines[1] = word_text(W_STAFF_TRY_NOT);
        ret_column->lines[2] = faults.count > 0 ? faults.rows[0].sentence : TEXT("");
        return;
    }
    case_answer(profile, c, answer);
    const struct quote *quote = &answer->quote;
    struct price_view price;
    price_of_quote(x, quote, &price);
    struct text *lines = ret_column->lines;
    lines[0] = quote->programme == NULL ? TEXT("") : quote->programme->name;
    lines[1] = word_text(quote->allowed ? W_STAFF_TRY_CAN : W_STAFF_TRY_NOT);
    lines[2] = refusals_of(x, quote);
    lines[3] = prices_of(x, &price);
    lines[4] = quote->line_count > 0 ? price.total : word_text(W_STAFF_TRY_UNKNOWN);
    lines[5] = pools_of(x, &price);
    lines[6] = until_of(x, quote->free_cancel_until, W_RULES_NO_DEADLINE);
    lines[7] = until_of(x, quote->answer_by, W_STAFF_TRY_AT_ONCE);
}

static void fill_lines(const struct exchange *x, const struct column *now, const struct column *then,
                       struct rules_try_view *view) {
    struct try_line *lines = arena_array(x->arena, struct try_line, COUNT(line_words));
    for (size_t i = 0; i < COUNT(line_words); i++) {
        lines[i] = (struct try_line){.label = word_text(line_words[i]),
                                     .now = now->lines[i],
                                     .then = then->lines[i],
                                     .differs = i > 0 && !text_eq(now->lines[i], then->lines[i])};
    }
    view->lines = lines;
    view->count = COUNT(line_words);
    view->heading = word_text(W_STAFF_TRY_RESULT);
    view->now_name = word_text(W_STAFF_TRY_NOW);
    view->then_name = word_text(W_STAFF_TRY_DRAFT);
}

/* ---- the question ---- */

/* A list to choose from where the form has a code. */
static void put_select(struct exchange *x, struct widget *widget, const struct choice *choices,
                       size_t count) {
    struct field_choice_view view = {.name = widget->text.name,
                                     .label = widget->text.label,
                                     .hint = widget->text.hint,
                                     .error = widget->text.error};
    page_choice_fill(x, &x->query, &view, choices, count);
    widget->kind = WIDGET_RADIO;
    widget->choice = view;
}

static void fill_question(struct exchange *x, const struct programme *programme,
                          struct rules_try_view *view) {
    struct choice choices[PROGRAMME_CARES_MAX + PROGRAMME_CLASSES_MAX + 1];
    size_t n = 0;
    view->widgets = page_widgets(x, &x->query, &view->errors);
    for (int32_t i = 0; i < programme->class_count; i++) {
        choices[n++] = (struct choice){
            .value = programme->classes[i].code, .label = programme->classes[i].name, .chosen = i == 0};
    }
    choices[n++] = (struct choice){.value = TEXT(""), .label = word_text(W_STAFF_TRY_NO_CLASS)};
    put_select(x, widget_of(&view->widgets, "try_class"), choices, n);
    n = 0;
    for (int32_t i = 0; i < programme->care_count; i++) {
        choices[n++] = (struct choice){
            .value = programme->cares[i].code, .label = programme->cares[i].name, .chosen = i == 0};
    }
    put_select(x, widget_of(&view->widgets, "try_care"), choices, n);
}

static void try_page(struct exchange *x, struct rules_try_view *view) {
    struct page page;
    page_open(x, word_text(W_STAFF_TRY), &page);
    page.frame.back = exchange_link(x, RULES_DRAFT);
    tmpl_rules_try_page(&page.html, &page.frame, view);
    page_send(x, 200, &page);
}

static void show_try(struct exchange *x) {
    const struct try_query *q = exchange_query(x);
    const struct house_city *city = x->call.city;
    struct rules_draft draft;
    struct profile then;
    struct profile_faults faults;
    enum rc rc = rules_draft_read(&x->call, &draft);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    struct rules_try_view view = {.action = exchange_link(x, RULES_DRAFT "/try")};
    if (!rules_with(&x->call, draft.document, DAY_NONE, &then, &faults)) {
        page_error_add(x->arena, &view.errors, TEXT(""), word_text(W_STAFF_TRY_FAULTY));
        try_page(x, &view);
        return;
    }
    if (x->request->query.n > 0) {
        view.errors = page_errors(x, &x->query);
        if (view.errors.count == 0 && day_is_none(q->start)) {
            page_error_add(x->arena, &view.errors, TEXT("try_start"), word_text(W_STAFF_TRY_NEEDS_START));
        }
    }
    const struct programme *programme = rules_beginning(&then.programmes, rules_first_day(x, draft.document));
    if (programme != NULL) {
        fill_question(x, programme, &view);
    }
    if (x->request->query.n > 0 && view.errors.count == 0) {
        struct profile now = *city->profile;
        struct column columns[2];
        now.programmes = *city->rules;
        now.city.calendar = *city->calendar;
        column_of(x, &now, q, &columns[0]);
        column_of(x, &then, q, &columns[1]);
        fill_lines(x, &columns[0], &columns[1], &view);
    }
    try_page(x, &view);
}

static const struct route rows[] = {
    {HTTP_GET, RULES_DRAFT "/try", show_try, .roles = FOR_CITY | FOR_AUDITOR, .cache = CACHE_OWN,
     .query = &try_form},
};
const struct route_table staff_rules_try_routes = ROUTES(rows);
