/* The city's admin adds a facility: what it is, and which cares it cares at which contract price. */
#include "web/facility_form.h"
#include "web/eye.h"
#include "web/page.h"
#include "web/page_form.h"
#include "web/staff/office_view.h"
#include "web/staff/staff.h"
#include "web/staff/tables.h"
#include "web/tmpl/staff/office.h"

static const struct field care_fields[] = {FACILITY_CARE_FIELDS(false)};
static const struct form care_form = FORM("StaffFacilityCare", care_fields, struct care_terms_body);

static const struct field new_fields[] = {FACILITY_ABOUT_FIELDS("facility_"),
                                          FACILITY_WORDS_FIELDS(struct facility_body, "takes_"),
                                          FACILITY_CARES_FIELD(care_form, 0)};
static const struct form new_form = FORM("StaffFacilityNew", new_fields, struct facility_body);

/* ---- the page ---- */

static struct field_choice_view lapse_field(struct exchange *x, const struct form_input *input,
                                            const struct error_list *errors, const char *name) {
    const struct choice choices[] = {
        {.value = TEXT(""), .label = word_text(W_STAFF_CITY_RULE), .chosen = true},
        {.value = text_of(facility_lapses[0]), .label = word_text(W_STAFF_LAPSE_ACCEPT)},
        {.value = text_of(facility_lapses[1]), .label = word_text(W_STAFF_LAPSE_DECLINE)}};
    struct field_choice_view view = page_choice(x, input, errors, name);
    page_choice_fill(x, input, &view, choices, COUNT(choices));
    return view;
}

static struct facility_care_view care_view(struct exchange *x, const struct form_input *input,
                                           const struct error_list *errors, int32_t i) {
    static const char *const members[] = {"contract_price", "price", "age_months_max", "answer_hours"};
    const struct care *care = &eye_programme(x)->cares[i];
    struct facility_care_view view = {
        .name = care->name, .code_name = text_printf(x->arena, "cares.%d.care", i), .code = care->code};
    struct field_view *const fields[] = {&view.contract_price, &view.price, &view.age_months_max,
                                         &view.answer_hours};
    static const enum word units[] = {W_STAFF_UNIT_YEN, W_STAFF_UNIT_YEN, W_STAFF_UNIT_MONTHS,
                                      W_STAFF_UNIT_HOURS};
    for (size_t k = 0; k < COUNT(members); k++) {
        *fields[k] = page_field(x, input, errors, text_printf(x->arena, "cares.%d.%s", i, members[k]).p);
        fields[k]->narrow = true;
        fields[k]->inputmode = TEXT("numeric");
        fields[k]->suffix = word_text(units[k]);
    }
    view.lapse_to = lapse_field(x, input, errors, text_printf(x->arena, "cares.%d.lapse_to", i).p);
    return view;
}

static void name_kinds(struct exchange *x, const struct form_input *input, struct widgets *widgets) {
    struct choice kinds[3];
    for (size_t i = 0; i < COUNT(kinds); i++) {
        struct text code = text_of(facility_kinds[i]);
        kinds[i] = (struct choice){.value = code, .label = page_word(x, "kind", code)};
    }
    page_choice_fill(x, input, &widget_of(widgets, "kind")->choice, kinds, COUNT(kinds));
}

static void new_page(struct exchange *x, int status, struct error_list errors) {
    const struct programme *programme = eye_programme(x);
    struct form_input input = x->body;
    input.form = &new_form;
    struct facility_new_view view = {.errors = errors,
                                     .form = page_form_view(x, TEXT("/city/facilities")),
                                     .widgets = page_widgets(x, &input, &errors),
                                     .care_count = programme == NULL ? 0 : (size_t)programme->care_count};
    view.widgets.count--;
    name_kinds(x, &input, &view.widgets);
    struct facility_care_view *cares = arena_array(x->arena, struct facility_care_view, view.care_count + 1);
    for (size_t i = 0; i < view.care_count; i++) {
        cares[i] = care_view(x, &input, &errors, (int32_t)i);
    }
    view.cares = cares;
    struct page page;
    page_open(x, word_text(W_TITLE_FACILITY_NEW), &page);
    page.frame.back = exchange_link(x, "/city/facilities");
    page.frame.faulty = errors.count > 0;
    tmpl_facility_new_page(&page.html, &page.frame, &view);
    page_send(x, status, &page);
}

static void show_new(struct exchange *x) {
    new_page(x, 200, (struct error_list){0});
}

static void new_again(struct exchange *x) {
    new_page(x, 422, page_errors(x, &x->body));
}

/* ---- the deed ---- */

static void render_new(void *ctx, struct arena *arena, const void *outcome, struct idem_answer *ret_answer) {
    const struct facility_id *added = outcome;
    struct text path = text_printf(arena, "/city/facilities/%.*s", TEXT_F(id_format(arena, added->n)));
    answer_redirect(ret_answer, page_done_link(ctx, path, "facility-new"));
}

static void do_new(struct exchange *x) {
    struct facility_new *new = arena_new(x->arena, struct facility_new);
    struct facility_id *added = arena_new(x->arena, struct facility_id);
    if (!facility_read(x, new)) {
        new_again(x);
        return;
    }
    exchange_will_render(x, render_new);
    enum rc rc = facility_add(&x->call, new, added);
    if (rc == RC_RACE) {
        struct error_list errors = {0};
        page_error_add(x->arena, &errors, TEXT("facility_code"), word_text(W_STAFF_CODE_TAKEN));
        new_page(x, 422, errors);
        return;
    }
    exchange_done(x, rc, added);
}

static const struct route rows[] = {
    {HTTP_GET, "/city/facilities/new", show_new, .roles = FOR_CITY_ADMIN, .cache = CACHE_OWN},
    {HTTP_POST, "/city/facilities", do_new, .roles = FOR_CITY_ADMIN, .idempotency = IDEM_ACCEPTED,
     .form = &new_form, .again = new_again},
};
const struct route_table staff_facility_new_routes = ROUTES(rows);
