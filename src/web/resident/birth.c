/* The birth, told after a registration during pregnancy: one child's name, day and measures. What it changes (the end
 * of the days) is the service's. */
#include "query/people.h"
#include "service/registration.h"
#include "web/eye.h"
#include "web/page.h"
#include "web/page_view.h"
#include "web/refusal.h"
#include "web/resident/registration_view.h"
#include "web/resident/tables.h"
#include "web/tmpl/resident/registration.h"

struct birth_body {
    struct text child_name;
    struct day birth_date;
    int64_t weeks;
    int64_t days;
    int64_t weight_g;
};
#define AT(member) .offset = offsetof(struct birth_body, member)
static const struct field birth_fields[] = {
    {.name = "child_name", .kind = FIELD_TEXT, .max = 100, AT(child_name)},
    {.name = "birth_date", .kind = FIELD_DAY, .required = true, AT(birth_date)},
    {.name = "weeks", .kind = FIELD_INT, .min = 20, .max = 45, AT(weeks)},
    {.name = "days", .kind = FIELD_INT, .max = 6, AT(days)},
    {.name = "weight_g", .kind = FIELD_INT, .min = 100, .max = 9000, AT(weight_g)},
};
#undef AT
static const struct form birth_form = FORM("Birth", birth_fields, struct birth_body);

/* Her newest registration and the child the address names; RC_NONE: not hers. */
static enum rc child_load(const struct exchange *x, struct registration_detail *ret_detail,
                          const struct child_row **ret_child) {
    struct query query = eye_of(x);
    enum rc rc = query_registration(&query, (struct registration_id){0}, ret_detail);
    if (rc != RC_OK) {
        return rc;
    }
    int64_t id = exchange_id(x, "id");
    for (size_t i = 0; i < ret_detail->child_count; i++) {
        if (ret_detail->children[i].id.n == id) {
            *ret_child = &ret_detail->children[i];
            return RC_OK;
        }
    }
    return RC_NONE;
}

static html_t birth_page(struct exchange *x, const struct form_input *input, struct error_list errors) {
    struct text path =
        text_printf(x->arena, "/me/children/%.*s", TEXT_F(id_format(x->arena, exchange_id(x, "id"))));
    struct birth_view view = {
        .errors = errors, .form = page_form_view(x, path), .widgets = page_widgets(x, input, &errors)};
    struct page page;
    page_open(x, word_text(W_TITLE_BIRTH), &page);
    page.frame.faulty = errors.count > 0;
    page.frame.back = exchange_link(x, "/me");
    tmpl_birth_page(&page.html, &page.frame, &view);
    return html_done(&page.html);
}

static void show_birth(struct exchange *x) {
    struct registration_detail detail;
    const struct child_row *child;
    enum rc rc = child_load(x, &detail, &child);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    struct form_entry *entries = arena_array(x->arena, struct form_entry, 1);
    entries[0] = (struct form_entry){.name = TEXT("child_name"), .value = child->name};
    struct form_input input = {
        .arena = x->arena, .form = &birth_form, .entries = entries, .entry_count = child->name.n > 0 ? 1 : 0};
    exchange_page(x, 200, birth_page(x, &input, (struct error_list){0}));
}

static void birth_again(struct exchange *x) {
    exchange_page(x, 422, birth_page(x, &x->body, page_errors(x, &x->body)));
}

/* The service's faults beside the fields they are about. */
static struct error_list faults_of(struct exchange *x, const struct registration_outcome *outcome) {
    static const struct {
        const char *at;
        const char *field;
    } fields[] = {{"/name", "child_name"},
                  {"/birth_date", "birth_date"},
                  {"/gestation_days", "weeks"},
                  {"/weight_g", "weight_g"}};
    struct error_list errors = {0};
    for (size_t i = 0; i < outcome->fault_count; i++) {
        const struct registration_fault *fault = &outcome->faults[i];
        struct text name = TEXT("");
        for (size_t k = 0; k < COUNT(fields); k++) {
            if (text_is(fault->at, fields[k].at)) {
                name = text_of(fields[k].field);
            }
        }
        struct word_arg args[] = {{"label", page_label(x->arena, name)},
                                  {"fault", page_word(x, "step-fault", text_of(fault->code))}};
        page_error_add(x->arena, &errors, name, word_expand(x->arena, W_STEP_FAULT_LINE, args, COUNT(args)));
    }
    return errors;
}

static void render_birth(void *ctx, struct arena *arena, const void *outcome,
                         struct idem_answer *ret_answer) {
    (void)arena;
    struct exchange *x = ctx;
    const struct registration_outcome *out = outcome;
    if (out->fault_count > 0) {
        answer_page(ret_answer, 422, birth_page(x, &x->body, faults_of(x, out)));
    } else if (!out->verdict.allowed) {
        page_answer_refused(x, ret_answer, &out->verdict.refused, &(struct refusal_view){0});
    } else {
        answer_redirect(ret_answer, page_done_link(x, TEXT("/me"), "birth"));
    }
}

static void tell_birth(struct exchange *x) {
    enum { WEEK = 7 };
    const struct birth_body *in = exchange_body(x);
    struct registration_detail detail;
    const struct child_row *child;
    enum rc rc = child_load(x, &detail, &child);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    int64_t days = in->days == FORM_NO_INT ? 0 : in->days;
    struct registration_child born = {.name = in->child_name,
                                      .birth_date = in->birth_date,
                                      .due_date = DAY_NONE,
                                      .gestation_days =
                                          in->weeks == FORM_NO_INT ? 0 : in->weeks * WEEK + days,
                                      .weight_g = in->weight_g == FORM_NO_INT ? 0 : in->weight_g};
    struct registration_outcome outcome;
    exchange_will_render(x, render_birth);
    rc = registration_birth(&x->call, detail.registration.id, child->id, &born, &outcome);
    exchange_done(x, rc, &outcome);
}

static const struct route rows[] = {
    {HTTP_GET, "/me/children/{id}", show_birth, .roles = FOR_RESIDENT, .cache = CACHE_OWN},
    {HTTP_POST, "/me/children/{id}", tell_birth, .roles = FOR_RESIDENT, .form = &birth_form,
     .again = birth_again, .idempotency = IDEM_ACCEPTED},
};
const struct route_table birth_routes = ROUTES(rows);
