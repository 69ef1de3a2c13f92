/* Fields of the approval: the household class and the day on which it was found, and what was used before this program
 * kept count. */
#include "core/registration.h"
#include "web/eye.h"
#include "web/page_form.h"
#include "web/staff/registration.h"
#include "web/staff/staff.h"

struct before_fields {
    struct exchange *x;
    const struct form_input *input;
    const struct error_list *errors;
    struct field_view *fields;
    size_t count;
};

static void before_add(struct before_fields *f, enum before_what what, struct text code, struct text name) {
    static const enum word labels[BEFORE__MAX] = {[BEFORE_POOL] = W_STAFF_BEFORE_POOL,
                                                  [BEFORE_REDUCTION] = W_STAFF_BEFORE_REDUCTION,
                                                  [BEFORE_YEN] = W_STAFF_BEFORE_YEN,
                                                  [BEFORE_CARE] = W_STAFF_BEFORE_CARE};
    struct word_arg args[] = {{"name", name}};
    struct text key = text_printf(f->x->arena, "%s.%.*s", staff_before_names[what], TEXT_F(code));
    struct field_view *field = &f->fields[f->count++];
    *field = page_field(f->x, f->input, f->errors, key.p);
    field->label = word_expand(f->x->arena, labels[what], args, COUNT(args));
    field->inputmode = TEXT("numeric");
    field->narrow = true;
}

static bool counts_uses(const struct programme *programme, const struct care *care) {
    for (int32_t i = 0; i < programme->class_count; i++) {
        if (care->prices[i].kind == PRICE_NTH && care->prices[i].nth_cares != 0) {
            return true;
        }
    }
    return false;
}

/* Whatever the rules count over the life of a grant. */
static void fill_fields(struct before_fields *f, const struct programme *programme) {
    f->fields = arena_array(f->x->arena, struct field_view, GRANT_BEFORE_MAX);
    for (int32_t i = 0; i < programme->pool_count; i++) {
        before_add(f, BEFORE_POOL, programme->pools[i].code, programme->pools[i].name);
    }
    for (int32_t i = 0; i < programme->reduction_count; i++) {
        const struct reduction *reduction = &programme->reductions[i];
        if (reduction->max_count > 0) {
            before_add(f, BEFORE_REDUCTION, reduction->code, reduction->name);
        }
        if (reduction->budget.n > 0) {
            before_add(f, BEFORE_YEN, reduction->code, reduction->name);
        }
    }
    for (int32_t i = 0; i < programme->care_count; i++) {
        if (counts_uses(programme, &programme->cares[i])) {
            before_add(f, BEFORE_CARE, programme->cares[i].code, programme->cares[i].name);
        }
    }
}

void registration_fill_before(struct exchange *x, const struct form_input *input,
                              const struct error_list *errors, struct registration_view *view) {
    struct before_fields f = {.x = x, .input = input, .errors = errors};
    fill_fields(&f, eye_programme(x));
    view->before_error = page_error_of(errors, staff_before_names[BEFORE_POOL]);
    view->before = f.fields;
    view->before_count = f.count;
}

void registration_fill_class(struct exchange *x, const struct form_input *input, struct text chosen,
                             const struct error_list *errors, struct registration_view *view) {
    const struct programme *programme = eye_programme(x);
    struct choice classes[PROGRAMME_CLASSES_MAX];
    for (int32_t i = 0; i < programme->class_count; i++) {
        const struct household_class *row = &programme->classes[i];
        classes[i] =
            (struct choice){.value = row->code, .label = row->name, .chosen = text_eq(row->code, chosen)};
    }
    view->household_class = page_choice(x, input, errors, "household_class");
    page_choice_fill(x, input, &view->household_class, classes, (size_t)programme->class_count);
    view->class_proven = page_date(x, input, errors, "class_proven");
}

/* "令和8年11月20日に確かめた（2026年度の課税）" */
struct text registration_proven_words(const struct exchange *x, const struct grant_row *grant) {
    const struct programme *programme = eye_programme(x);
    if (day_is_none(grant->class_proven)) {
        return TEXT("");
    }
    int32_t year = programme == NULL ? 0 : class_tax_year(programme, grant->class_proven);
    struct word_arg args[] = {{"day", day_era(x->arena, grant->class_proven)},
                              {"year", text_printf(x->arena, "%d", year)}};
    return year == 0 ? args[0].value : word_expand(x->arena, W_STAFF_CLASS_PROVEN, args, COUNT(args));
}
