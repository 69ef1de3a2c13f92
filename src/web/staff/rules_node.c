#include "web/staff/rules_node.h"

#include "base/buf.h"

static bool is_boxes(const struct edit_node *node) {
    return node->kind == SHAPE_CARES || node->kind == SHAPE_CLASSES || node->kind == SHAPE_POOLS;
}

static bool was_sent(const struct form_input *input, struct text name) {
    for (size_t i = 0; i < input->entry_count; i++) {
        if (text_eq(input->entries[i].name, name)) {
            return true;
        }
    }
    return false;
}

static struct text part(struct exchange *x, const struct form_input *input, struct text name,
                        const char *end) {
    return text_trim(form_raw(input, text_printf(x->arena, "%.*s-%s", TEXT_F(name), end).p));
}

/* ---- views ---- */

static struct field_choice_view choice_of(struct exchange *x, const struct edit_node *node,
                                          const struct form_input *typed) {
    struct choice *choices = arena_array(x->arena, struct choice, node->choice_count + 1);
    for (size_t i = 0; i < node->choice_count; i++) {
        const struct edit_choice *c = &node->choices[i];
        bool chosen = typed == NULL ? c->chosen : form_raw_has(typed, node->name.p, c->code);
        choices[i] = (struct choice){.value = c->code, .label = c->label, .chosen = chosen};
    }
    return (struct field_choice_view){.name = node->name,
                                      .label = node->label,
                                      .hint = node->hint,
                                      .error = node->error,
                                      .choices = choices,
                                      .count = node->choice_count,
                                      .required = node->required};
}

static struct field_date_view date_of(struct exchange *x, const struct edit_node *node,
                                      const struct form_input *typed) {
    struct field_date_view view = {.name = node->name,
                                   .label = node->label,
                                   .hint = node->hint,
                                   .error = node->error,
                                   .required = node->required};
    struct day day;
    if (typed != NULL) {
        view.year = part(x, typed, node->name, "year");
        view.month = part(x, typed, node->name, "month");
        view.day = part(x, typed, node->name, "day");
    } else if (day_parse(node->value, &day)) {
        struct ymd ymd = day_ymd(day);
        view.year = text_printf(x->arena, "%d", ymd.year);
        view.month = text_printf(x->arena, "%d", ymd.month);
        view.day = text_printf(x->arena, "%d", ymd.day);
        view.era = day_era(x->arena, day);
    }
    return view;
}

static struct field_view text_of_node(const struct edit_node *node, const struct form_input *typed) {
    bool number = node->kind == SHAPE_YEN || node->kind == SHAPE_COUNT || node->kind == SHAPE_PERCENT;
    return (struct field_view){.name = node->name,
                               .label = node->label,
                               .hint = node->hint,
                               .value = typed == NULL ? node->value : form_raw(typed, node->name.p),
                               .error = node->error,
                               .inputmode = number ? TEXT("numeric") : TEXT(""),
                               .suffix = node->unit,
                               .required = node->required,
                               .narrow = number || node->kind == SHAPE_CLOCK};
}

static void leaf_of(struct exchange *x, const struct edit_node *node, const struct form_input *typed,
                    struct rule_node *view) {
    if (node->kind == SHAPE_CHOICE || node->kind == SHAPE_CLASS) {
        view->what = RULE_SELECT;
        view->choice = choice_of(x, node, typed);
    } else if (is_boxes(node)) {
        view->what = RULE_CHECKS;
        view->choice = choice_of(x, node, typed);
    } else if (node->kind == SHAPE_BOOL) {
        view->what = RULE_CHECK;
        view->check = (struct field_check_view){
            .name = node->name,
            .value = TEXT("true"),
            .label = node->label,
            .hint = node->hint,
            .error = node->error,
            .checked = typed == NULL ? text_is(node->value, "true") : form_raw(typed, node->name.p).n > 0};
    } else if (node->kind == SHAPE_DAY) {
        view->what = RULE_DATE;
        view->date = date_of(x, node, typed);
    } else {
        view->what = RULE_TEXT;
        view->text = text_of_node(node, typed);
    }
}

struct rule_node rules_node_of(struct exchange *x, const struct edit_node *node,
                               const struct form_input *typed) {
    struct rule_node view = {.what = node->what == EDIT_LIST ? RULE_LIST : RULE_GROUP,
                             .name = node->name,
                             .label = node->label,
                             .hint = node->hint,
                             .error = node->error,
                             .row = node->row};
    if (node->what == EDIT_LEAF) {
        leaf_of(x, node, typed, &view);
        return view;
    }
    view.children = arena_array(x->arena, struct rule_node, node->count + 1);
    view.count = node->count;
    for (size_t i = 0; i < node->count; i++) {
        view.children[i] = rules_node_of(x, &node->children[i], typed);
    }
    return view;
}

/* ---- changes ---- */

/* What was sent, as edit_set() takes it. False: this field was not on the page. */
static bool sent_of(struct exchange *x, const struct edit_node *node, struct text *ret_typed) {
    const struct form_input *input = &x->body;
    struct buf buf;
    if (is_boxes(node)) {
        buf_init(&buf, x->arena);
        for (size_t i = 0; i < node->choice_count; i++) {
            if (form_raw_has(input, node->name.p, node->choices[i].code)) {
                buf_printf(&buf, "%s%.*s", buf.n > 0 ? " " : "", TEXT_F(node->choices[i].code));
            }
        }
        *ret_typed = buf_text(&buf);
        return true;
    }
    if (node->kind == SHAPE_BOOL) {
        *ret_typed = form_raw(input, node->name.p).n > 0 ? TEXT("true") : TEXT("false");
        return true;
    }
    if (node->kind == SHAPE_DAY) {
        struct text year = part(x, input, node->name, "year");
        struct text month = part(x, input, node->name, "month");
        struct text day = part(x, input, node->name, "day");
        int64_t m = 0;
        int64_t d = 0;
        bool numbers = num_parse(month, &m) && num_parse(day, &d) && m > 0 && m < 100 && d > 0 && d < 100;
        *ret_typed =
            numbers ? text_printf(x->arena, "%.*s-%02d-%02d", TEXT_F(year), (int)m, (int)d) : TEXT("?");
        return was_sent(input, text_printf(x->arena, "%.*s-year", TEXT_F(node->name)));
    }
    *ret_typed = text_trim(form_raw(input, node->name.p));
    return was_sent(input, node->name);
}

static struct text stored_of(struct exchange *x, const struct edit_node *node) {
    struct buf buf;
    if (!is_boxes(node)) {
        return node->value;
    }
    buf_init(&buf, x->arena);
    for (size_t i = 0; i < node->choice_count; i++) {
        if (node->choices[i].chosen) {
            buf_printf(&buf, "%s%.*s", buf.n > 0 ? " " : "", TEXT_F(node->choices[i].code));
        }
    }
    return buf_text(&buf);
}

static void apply_leaf(struct exchange *x, struct edit_node *node, struct node_changes *changes) {
    struct text typed;
    enum word fault;
    if (!sent_of(x, node, &typed) || text_eq(typed, stored_of(x, node))) {
        return;
    }
    if (changes->edit == NULL) {
        changes->rows[changes->count++] =
            (struct difference){.label = node->label, .before = stored_of(x, node), .after = typed};
    } else if (!edit_set(changes->edit, node->name, typed, &fault)) {
        node->error = word_text(fault);
        changes->faults++;
    }
}

static bool is_form(const struct edit_node *node) {
    return text_ends(node->name, TEXT(".@")) || text_ends(node->name, TEXT(".@by"));
}

/* Fields first, then the choice between forms: what was typed belongs to the form that was shown. Inner places before
 * outer ones, whose new form may end them. */
void rules_node_apply(struct exchange *x, struct edit_node *node, struct node_changes *changes) {
    for (size_t i = 0; i < node->count; i++) {
        if (!is_form(&node->children[i])) {
            rules_node_apply(x, &node->children[i], changes);
        }
    }
    for (size_t i = 0; i < node->count; i++) {
        if (is_form(&node->children[i])) {
            apply_leaf(x, &node->children[i], changes);
        }
    }
    if (node->what == EDIT_LEAF) {
        apply_leaf(x, node, changes);
    }
}

void rules_node_errors(struct arena *arena, const struct edit_node *node, struct error_list *list) {
    if (node->error.n > 0) {
        bool group = node->what == EDIT_GROUP;
        page_error_add(arena, list, group ? text_join(arena, node->name, TEXT("-group")) : node->name,
                       text_printf(arena, "%.*s：%.*s", TEXT_F(node->label), TEXT_F(node->error)));
    }
    for (size_t i = 0; i < node->count; i++) {
        rules_node_errors(arena, &node->children[i], list);
    }
}
