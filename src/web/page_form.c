#include "web/page_form.h"

#include "base/buf.h"
#include "words/words.h"

/* "children.0.birth_date" -> "children.birth_date" */
static struct text without_numbers(struct arena *arena, struct text name) {
    struct buf buf;
    buf_init(&buf, arena);
    struct text piece;
    while (text_next(&name, '.', &piece)) {
        bool number = piece.n > 0 && piece.p[0] >= '0' && piece.p[0] <= '9';
        if (!number) {
            buf_putz(&buf, buf.n > 0 ? "." : "");
            buf_put(&buf, piece);
        }
    }
    return buf_text(&buf);
}

static struct text word_of(struct arena *arena, const char *group, struct text name, struct text otherwise) {
    enum word word;
    struct text key = text_printf(arena, "%s.%.*s", group, TEXT_F(without_numbers(arena, name)));
    return word_find(key, &word) ? word_text(word) : otherwise;
}

struct text page_label(struct arena *arena, struct text name) {
    return word_of(arena, "label", name, name);
}

static struct text hint_of(struct arena *arena, struct text name) {
    return word_of(arena, "hint", name, TEXT(""));
}

enum { ERRORS_MAX = FORM_ERRORS_MAX + 24 };

struct error_list page_errors(struct exchange *x, const struct form_input *input) {
    struct error_list list = {.items = arena_array(x->arena, struct error_item, ERRORS_MAX)};
    for (size_t i = 0; i < input->error_count; i++) {
        const struct field_error *error = &input->errors[i];
        bool counted = error->field != NULL && error->field->kind == FIELD_COUNTS;
        struct text name = counted ? text_of(error->field->name) : error->name;
        struct text message = problem_field_words(x->arena, error, page_label(x->arena, name));
        page_error_add(x->arena, &list, error->field == NULL ? TEXT("") : error->name, message);
    }
    return list;
}

void page_error_add(struct arena *arena, struct error_list *list, struct text name, struct text message) {
    struct error_item *items = arena_array(arena, struct error_item, list->count + 1);
    for (size_t i = 0; i < list->count; i++) {
        items[i] = list->items[i];
    }
    items[list->count] = (struct error_item){name, message};
    *list = (struct error_list){items, list->count + 1};
}

struct text page_error_of(const struct error_list *list, const char *name) {
    for (size_t i = 0; i < list->count; i++) {
        if (text_is(list->items[i].name, name)) {
            return list->items[i].message;
        }
    }
    return TEXT("");
}

static const struct field *row_of(const struct form_input *input, const char *name) {
    return input->form == NULL ? NULL : form_field(input->form, text_of(name));
}

static void fill_kind(const struct field *row, struct field_view *view) {
    switch (row->kind) {
    case FIELD_EMAIL:
        view->type = TEXT("email");
        view->autocomplete = TEXT("email");
        break;
    case FIELD_SECRET:
        view->type = TEXT("password");
        view->autocomplete =
            text_starts(view->name, TEXT("new")) ? TEXT("new-password") : TEXT("current-password");
        view->value = TEXT(""); /* never sent back */
        break;
    case FIELD_PHONE:
        view->type = TEXT("tel");
        view->autocomplete = TEXT("tel");
        view->inputmode = TEXT("tel");
        break;
    case FIELD_POSTAL:
        view->autocomplete = TEXT("postal-code");
        view->inputmode = TEXT("numeric");
        view->narrow = true;
        break;
    case FIELD_DIGITS:
        view->autocomplete = TEXT("one-time-code"); /* the only digits that are no number */
        view->inputmode = TEXT("numeric");
        view->narrow = true;
        break;
    case FIELD_INT:
        view->inputmode = TEXT("numeric");
        view->narrow = true;
        break;
    default:
        break;
    }
}

struct field_view page_field(struct exchange *x, const struct form_input *input,
                             const struct error_list *errors, const char *name) {
    const struct field *row = row_of(input, name);
    struct field_view view = {.name = text_of(name),
                              .label = page_label(x->arena, text_of(name)),
                              .hint = hint_of(x->arena, text_of(name)),
                              .value = form_raw(input, name),
                              .error = page_error_of(errors, name)};
    if (row != NULL) {
        view.required = row->required;
        fill_kind(row, &view);
    }
    return view;
}

struct field_area_view page_area(struct exchange *x, const struct form_input *input,
                                 const struct error_list *errors, const char *name) {
    const struct field *row = row_of(input, name);
    struct field_area_view view = {.name = text_of(name),
                                   .label = page_label(x->arena, text_of(name)),
                                   .hint = hint_of(x->arena, text_of(name)),
                                   .value = form_raw(input, name),
                                   .error = page_error_of(errors, name)};
    if (row != NULL) {
        view.required = row->required;
        view.length = row->max > 0 ? (size_t)row->max : 0;
    }
    return view;
}

static struct text raw_part(struct exchange *x, const struct form_input *input, const char *name,
                            const char *part) {
    return form_raw(input, text_printf(x->arena, "%s-%s", name, part).p);
}

struct field_date_view page_date(struct exchange *x, const struct form_input *input,
                                 const struct error_list *errors, const char *name) {
    const struct field *row = row_of(input, name);
    struct field_date_view view = {.name = text_of(name),
                                   .label = page_label(x->arena, text_of(name)),
                                   .hint = hint_of(x->arena, text_of(name)),
                                   .year = raw_part(x, input, name, "year"),
                                   .month = raw_part(x, input, name, "month"),
                                   .day = raw_part(x, input, name, "day"),
                                   .error = page_error_of(errors, name),
                                   .required = row != NULL && row->required};
    int64_t year, month, day;
    if (num_parse(view.year, &year) && num_parse(view.month, &month) && num_parse(view.day, &day) &&
        year < 10000 && month < 13 && day < 32) {
        struct ymd ymd = {(int32_t)year, (int32_t)month, (int32_t)day};
        view.era = ymd_valid(ymd) ? day_era(x->arena, day_of(ymd)) : TEXT("");
    }
    return view;
}

struct field_check_view page_check(struct exchange *x, const struct form_input *input,
                                   const struct error_list *errors, const char *name) {
    return (struct field_check_view){.name = text_of(name),
                                     .label = page_label(x->arena, text_of(name)),
                                     .hint = hint_of(x->arena, text_of(name)),
                                     .error = page_error_of(errors, name),
                                     .checked = form_raw(input, name).n > 0};
}

struct field_choice_view page_choice(struct exchange *x, const struct form_input *input,
                                     const struct error_list *errors, const char *name) {
    const struct field *row = row_of(input, name);
    return (struct field_choice_view){.name = text_of(name),
                                      .label = page_label(x->arena, text_of(name)),
                                      .hint = hint_of(x->arena, text_of(name)),
                                      .error = page_error_of(errors, name),
                                      .required = row != NULL && row->required};
}

void page_choice_fill(struct exchange *x, const struct form_input *input, struct field_choice_view *view,
                      const struct choice *choices, size_t count) {
    struct choice *own = arena_array(x->arena, struct choice, count);
    bool typed = form_raw(input, view->name.p).n > 0;
    for (size_t i = 0; i < count; i++) {
        own[i] = choices[i];
        own[i].chosen = typed ? form_raw_has(input, view->name.p, choices[i].value) : choices[i].chosen;
    }
    view->choices = own;
    view->count = count;
}

static void fill_choices(struct exchange *x, const struct form_input *input, const struct field *row,
                         struct field_choice_view *view) {
    size_t count = 0;
    while (row->choices != NULL && row->choices[count] != NULL) {
        count++;
    }
    struct choice *choices = arena_array(x->arena, struct choice, count);
    for (size_t i = 0; i < count; i++) {
        struct text name = text_printf(x->arena, "%s.%s", row->name, row->choices[i]);
        choices[i] = (struct choice){.value = text_of(row->choices[i]),
                                     .label = word_of(x->arena, "choice", name, name),
                                     .hint = word_of(x->arena, "choice-hint", name, TEXT(""))};
    }
    page_choice_fill(x, input, view, choices, count);
}

struct widgets page_widgets(struct exchange *x, const struct form_input *input,
                            const struct error_list *errors) {
    struct widgets widgets = {.items = arena_array(x->arena, struct widget, input->form->count),
                              .count = input->form->count};
    for (size_t i = 0; i < widgets.count; i++) {
        const struct field *row = &input->form->fields[i];
        struct widget *widget = &widgets.items[i];
        switch (row->kind) {
        case FIELD_DAY:
            widget->kind = WIDGET_DATE;
            widget->date = page_date(x, input, errors, row->name);
            break;
        case FIELD_LINES:
            widget->kind = WIDGET_AREA;
            widget->area = page_area(x, input, errors, row->name);
            break;
        case FIELD_BOOL:
            widget->kind = WIDGET_CHECK;
            widget->check = page_check(x, input, errors, row->name);
            break;
        case FIELD_TEXTS:
        case FIELD_IDS:
            widget->kind = WIDGET_CHECKS;
            widget->choice = page_choice(x, input, errors, row->name);
            break;
        case FIELD_CHOICE:
            widget->kind = WIDGET_RADIO;
            widget->choice = page_choice(x, input, errors, row->name);
            fill_choices(x, input, row, &widget->choice);
            break;
        default:
            widget->kind = WIDGET_TEXT;
            widget->text = page_field(x, input, errors, row->name);
        }
    }
    return widgets;
}

struct widget *widget_of(const struct widgets *widgets, const char *name) {
    for (size_t i = 0; i < widgets->count; i++) {
        struct widget *widget = &widgets->items[i];
        const struct text names[] = {
            [WIDGET_TEXT] = widget->text.name,    [WIDGET_DATE] = widget->date.name,
            [WIDGET_RADIO] = widget->choice.name, [WIDGET_CHECKS] = widget->choice.name,
            [WIDGET_CHECK] = widget->check.name,  [WIDGET_AREA] = widget->area.name};
        if (text_is(names[widget->kind], name)) {
            return widget;
        }
    }
    return NULL;
}
