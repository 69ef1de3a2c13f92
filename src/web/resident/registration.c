/* Registration before it is sent: a task list of one question a page, each saved at once. The check before sending and
 * what comes after are registration_send.c's. */
#include "service/draft.h"
#include "web/eye.h"
#include "web/page.h"
#include "web/page_view.h"
#include "web/resident/draft.h"
#include "web/resident/registration_view.h"
#include "web/resident/tables.h"
#include "web/tmpl/resident/registration.h"

static struct text step_url(const struct exchange *x, enum step_id step, size_t child) {
    return step == STEP_CHILD ? exchange_linkf(x, "/me/registration/child/%zu", child + 1)
                              : exchange_linkf(x, "/me/registration/%s", draft_steps[step].code);
}

static struct text step_label(const struct exchange *x, enum step_id step, size_t child, size_t children) {
    struct text label = page_word(x, "step", text_of(draft_steps[step].code));
    if (step != STEP_CHILD || children < 2) {
        return label;
    }
    struct word_arg args[] = {{"n", text_printf(x->arena, "%zu", child + 1)}};
    return word_expand(x->arena, W_STEP_CHILD_N, args, 1);
}

/* The newest registration; RC_NONE: none yet. */
static enum rc newest(const struct exchange *x, struct registration_detail *ret_detail) {
    struct query query = eye_of(x);
    return query_registration(&query, (struct registration_id){0}, ret_detail);
}

/* ---- the list ---- */

struct task_list {
    struct exchange *x;
    const struct form_input *draft;
    struct step *steps;
    size_t count;
    size_t left;
};

static void task_add(struct task_list *list, enum step_id step, size_t child, size_t children) {
    struct form_input input;
    bool done = draft_step_input(list->x, list->draft, step, child, &input);
    bool begun = input.entry_count > 0;
    bool optional = draft_steps[step].optional;
    list->steps[list->count++] =
        (struct step){.label = step_label(list->x, step, child, children),
                      .line = !done && optional ? word_text(W_STEP_OPTIONAL) : TEXT(""),
                      .url = step_url(list->x, step, child),
                      .tone = done                 ? TONE_GOOD
                              : begun && !optional ? TONE_BAD
                                                   : TONE_PLAIN};
    list->left += !done && !optional;
}

static void task_fill(struct exchange *x, const struct form_input *draft, struct task_list *ret_list) {
    size_t children = draft_children(draft);
    children = children == 0 ? 1 : children;
    *ret_list = (struct task_list){
        .x = x, .draft = draft, .steps = arena_array(x->arena, struct step, STEP_ID__MAX + children)};
    for (int step = 0; step < STEP_ID__MAX; step++) {
        size_t count = step == STEP_CHILD ? children : 1;
        for (size_t child = 0; child < count; child++) {
            task_add(ret_list, (enum step_id)step, child, children);
        }
    }
}

static void show_list(struct exchange *x) {
    struct form_input draft;
    struct registration_detail detail = {0};
    enum rc rc = draft_read(x, &draft);
    enum rc known = rc == RC_OK ? newest(x, &detail) : RC_NONE;
    if (rc != RC_OK || known == RC_FAULT) {
        exchange_failed(x, RC_FAULT);
        return;
    }
    struct task_list list;
    task_fill(x, &draft, &list);
    struct task_view view = {.steps = {word_text(W_TITLE_REGISTRATION), list.steps, list.count},
                             .check_url = exchange_link(x, "/me/registration/check"),
                             .left = list.left};
    if (known == RC_OK && text_is(detail.registration.state, "returned")) {
        view.reason = detail.registration.reason;
    }
    if (draft_children(&draft) > 0 && draft_children(&draft) < REGISTRATION_CHILDREN_MAX) {
        view.add_child_url = step_url(x, STEP_CHILD, draft_children(&draft));
    }
    struct page page;
    page_open(x, word_text(W_TITLE_REGISTRATION), &page);
    page.frame.back = exchange_link(x, "/me");
    tmpl_task_page(&page.html, &page.frame, &view);
    page_send(x, 200, &page);
}

/* ---- one question ---- */

/* Which step the address names; a child's number counts from 1. False: there is no such page. */
static bool find_step(struct exchange *x, const struct form_input *draft, enum step_id *ret_step,
                      size_t *ret_child) {
    static const struct text above = TEXT_INIT("/me/registration/");
    struct text code = text_part(x->path, above.n, x->path.n);
    *ret_child = 0;
    if (text_starts(code, TEXT("child/"))) {
        int64_t n = 0;
        *ret_step = STEP_CHILD;
        size_t most = draft_children(draft) + 1;
        most = most > REGISTRATION_CHILDREN_MAX ? REGISTRATION_CHILDREN_MAX : most;
        if (!num_parse(exchange_param(x, "n"), &n) || n < 1 || (size_t)n > most) {
            return false;
        }
        *ret_child = (size_t)n - 1;
        return true;
    }
    for (int i = 0; i < STEP_ID__MAX; i++) {
        if (text_is(code, draft_steps[i].code)) {
            *ret_step = (enum step_id)i;
            return true;
        }
    }
    return false;
}

static void class_choices(struct exchange *x, const struct form_input *input, struct widget *widget) {
    const struct programme *programme = eye_programme(x);
    size_t count = programme == NULL ? 0 : (size_t)programme->class_count;
    struct choice *choices = arena_array(x->arena, struct choice, count);
    for (size_t i = 0; i < count; i++) {
        choices[i] = (struct choice){.value = programme->classes[i].code,
                                     .label = programme->classes[i].name,
                                     .hint = page_word(x, "class-hint", programme->classes[i].code)};
        if (text_eq(choices[i].hint, choices[i].value)) {
            choices[i].hint = TEXT("");
        }
    }
    widget->kind = WIDGET_RADIO;
    widget->choice = page_choice(x, input, &(struct error_list){0}, "household_class");
    widget->choice.error = widget->text.error;
    page_choice_fill(x, input, &widget->choice, choices, count);
}

static void consent_choices(struct exchange *x, const struct form_input *input, struct widget *widget) {
    const struct programme *programme = eye_programme(x);
    size_t count = programme == NULL ? 0 : (size_t)programme->consent_count;
    struct choice *choices = arena_array(x->arena, struct choice, count);
    for (size_t i = 0; i < count; i++) {
        choices[i] =
            (struct choice){.value = programme->consents[i].code,
                            .label = programme->consents[i].name,
                            .hint = programme->consents[i].required ? TEXT("") : word_text(W_STEP_OPTIONAL)};
    }
    page_choice_fill(x, input, &widget->choice, choices, count);
}

struct question {
    enum step_id step;
    size_t child;
    size_t children;
};

static void show_question(struct exchange *x, const struct question *q, const struct form_input *input,
                          struct error_list errors, int status) {
    const char *code = draft_steps[q->step].code;
    struct text path = text_part(step_url(x, q->step, q->child), x->base.n, 200);
    struct question_view view = {.errors = errors,
                                 .form = page_form_view(x, path),
                                 .heading = step_label(x, q->step, q->child, q->children),
                                 .lead = page_word(x, "step-lead", text_of(code)),
                                 .widgets = page_widgets(x, input, &errors),
                                 .child = q->step == STEP_CHILD,
                                 .list_url = exchange_link(x, "/me/registration/edit")};
    if (q->step == STEP_CHILD) {
        view.another = q->child + 1 < REGISTRATION_CHILDREN_MAX && q->child + 1 >= q->children;
        view.removable = q->child > 0 && q->child + 1 == q->children;
        view.remove = page_form_view(x, text_join(x->arena, path, TEXT("/remove")));
    }
    struct widget *household = widget_of(&view.widgets, "household_class");
    struct widget *consents = widget_of(&view.widgets, "consents");
    if (household != NULL) {
        class_choices(x, input, household);
    }
    if (consents != NULL) {
        consent_choices(x, input, consents);
    }
    struct page page;
    page_open(x, view.heading, &page);
    page.frame.faulty = errors.count > 0;
    page.frame.back = view.list_url;
    tmpl_question_page(&page.html, &page.frame, &view);
    page_send(x, status, &page);
}

/* Answers 404 or 503 and returns false when there is no question to speak of. */
static bool open_question(struct exchange *x, struct form_input *ret_draft, struct question *ret_question) {
    enum rc rc = draft_read(x, ret_draft);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return false;
    }
    if (!find_step(x, ret_draft, &ret_question->step, &ret_question->child)) {
        exchange_not_found(x);
        return false;
    }
    ret_question->children = draft_children(ret_draft);
    return true;
}

static void get_question(struct exchange *x) {
    struct form_input draft;
    struct form_input input;
    struct question q;
    if (open_question(x, &draft, &q)) {
        bool done = draft_step_input(x, &draft, q.step, q.child, &input);
        (void)done;
        show_question(x, &q, &input, (struct error_list){0}, 200);
    }
}

static void question_again(struct exchange *x) {
    struct form_input draft;
    struct question q;
    if (open_question(x, &draft, &q)) {
        show_question(x, &q, &x->body, page_errors(x, &x->body), 422);
    }
}

/* Where to go on: one more child, the list, or the next question that is still open. */
static struct text next_url(struct exchange *x, const struct form_input *draft, const struct question *q) {
    struct text next = form_raw(&x->body, "_next");
    if (text_is(next, "another") && q->child + 1 < REGISTRATION_CHILDREN_MAX) {
        return step_url(x, STEP_CHILD, q->child + 1);
    }
    if (text_is(next, "list")) {
        return exchange_link(x, "/me/registration/edit");
    }
    struct task_list list;
    task_fill(x, draft, &list);
    bool passed = false;
    struct text here = step_url(x, q->step, q->child);
    for (size_t i = 0; i < list.count; i++) {
        if (passed && list.steps[i].tone != TONE_GOOD) {
            return list.steps[i].url;
        }
        passed = passed || text_eq(list.steps[i].url, here);
    }
    return exchange_link(x, list.left > 0 ? "/me/registration/edit" : "/me/registration/check");
}

static bool child_day_missing(const struct exchange *x, const struct question *q) {
    const struct draft_child *child = x->body.value;
    return q->step == STEP_CHILD && day_is_none(child->birth_date) && day_is_none(child->due_date);
}

static void post_question(struct exchange *x) {
    struct form_input draft;
    struct question q;
    if (!open_question(x, &draft, &q)) {
        return;
    }
    if (child_day_missing(x, &q)) {
        struct error_list errors = {0};
        page_error_add(x->arena, &errors, TEXT("birth_date"), word_text(W_STEP_CHILD_DAY));
        show_question(x, &q, &x->body, errors, 422);
        return;
    }
    struct text answers = draft_with(x, &draft, q.step, q.child, &x->body);
    enum rc rc = draft_save(&x->call, answers);
    struct form_input saved = {.arena = x->arena, .form = draft.form};
    if (rc == RC_OK && form_split_urlencoded(&saved, answers) != FORM_READ) {
        rc = RC_FAULT;
    }
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    exchange_redirect(x, next_url(x, &saved, &q));
}

static void remove_child(struct exchange *x) {
    struct form_input draft;
    enum rc rc = draft_read(x, &draft);
    int64_t n = 0;
    bool last =
        rc == RC_OK && num_parse(exchange_param(x, "n"), &n) && n > 1 && (size_t)n == draft_children(&draft);
    if (last) {
        rc = draft_save(&x->call, draft_with(x, &draft, STEP_CHILD, (size_t)n - 1, NULL));
    }
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    exchange_redirect(x, exchange_link(x, "/me/registration/edit"));
}

/* clang-format off */
#define QUESTION(code, fields)                                                                     \
    {HTTP_GET, "/me/registration/" code, get_question, .roles = FOR_RESIDENT, .cache = CACHE_OWN},  \
    {HTTP_POST, "/me/registration/" code, post_question, .roles = FOR_RESIDENT, .form = &fields, .again = question_again}
static const struct route rows[] = {
    {HTTP_GET, "/me/registration/edit", show_list, .roles = FOR_RESIDENT, .cache = CACHE_OWN},
    QUESTION("name", draft_name_form),
    QUESTION("birth", draft_birth_form),
    QUESTION("address", draft_address_form),
    QUESTION("phone", draft_phone_form),
    QUESTION("child/{n}", draft_child_form),
    QUESTION("class", draft_class_form),
    QUESTION("note", draft_note_form),
    QUESTION("consent", draft_consent_form),
    {HTTP_POST, "/me/registration/child/{n}/remove", remove_child, .roles = FOR_RESIDENT},
};
/* clang-format on */
const struct route_table registration_routes = ROUTES(rows);
