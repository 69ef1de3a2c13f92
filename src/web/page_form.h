/* Views of form fields, filled from what was typed and what is wrong with it. A field's question is the word label.NAME
 * of the catalogue, its help hint.NAME when there is one; in names of lists the number is left out (children.0.name is
 * label.children.name). */
#ifndef SANGO_WEB_PAGE_FORM_H
#define SANGO_WEB_PAGE_FORM_H

#include "web/component.h"
#include "web/exchange.h"

struct text page_label(struct arena *arena, struct text name);

/* The list at the top of the page, in the order of the errors. */
struct error_list page_errors(struct exchange *x, const struct form_input *input);
/* One more line for it, about `name` ("" for none); an error of the rules or of a service. */
void page_error_add(struct arena *arena, struct error_list *list, struct text name, struct text message);
/* The message in the list about this field, or empty. */
struct text page_error_of(const struct error_list *list, const char *name);

/* `required`, width and keyboard come from the field's row in the form. `errors` is the list shown on top. */
struct field_view page_field(struct exchange *x, const struct form_input *input,
                             const struct error_list *errors, const char *name);
struct field_area_view page_area(struct exchange *x, const struct form_input *input,
                                 const struct error_list *errors, const char *name);
struct field_date_view page_date(struct exchange *x, const struct form_input *input,
                                 const struct error_list *errors, const char *name);
struct field_check_view page_check(struct exchange *x, const struct form_input *input,
                                   const struct error_list *errors, const char *name);
/* `choices` are marked chosen by what was typed; they are copied. */
struct field_choice_view page_choice(struct exchange *x, const struct form_input *input,
                                     const struct error_list *errors, const char *name);
void page_choice_fill(struct exchange *x, const struct form_input *input, struct field_choice_view *view,
                      const struct choice *choices, size_t count);

/* A question of any kind. */
struct widget {
    enum widget_kind {
        WIDGET_TEXT,
        WIDGET_DATE,
        WIDGET_RADIO,
        WIDGET_CHECKS,
        WIDGET_CHECK,
        WIDGET_AREA
    } kind;
    struct field_view text;
    struct field_date_view date;
    struct field_choice_view choice;
    struct field_check_view check;
    struct field_area_view area;
};
struct widgets {
    struct widget *items;
    size_t count;
};
/* One question for each field of the form, in its order. Choices (of CHOICE: the words choice.NAME.CODE) may be filled
 * afterwards through widget_of(). */
struct widgets page_widgets(struct exchange *x, const struct form_input *input,
                            const struct error_list *errors);
/* NULL when the form has no such field. */
struct widget *widget_of(const struct widgets *widgets, const char *name);

#endif
