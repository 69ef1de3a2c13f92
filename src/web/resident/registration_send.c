/* The check before a registration is sent, sending it, and where it stands afterwards: received, talked through,
 * approved. */
#include "base/buf.h"
#include "service/draft.h"
#include "web/eye.h"
#include "web/page.h"
#include "web/page_view.h"
#include "web/refusal.h"
#include "web/resident/draft.h"
#include "web/resident/registration_view.h"
#include "web/resident/tables.h"
#include "web/tmpl/resident/registration.h"

static enum rc newest(const struct exchange *x, struct registration_detail *ret_detail) {
    struct query query = eye_of(x);
    return query_registration(&query, (struct registration_id){0}, ret_detail);
}

/* ---- all answers ---- */

enum { ROWS_MAX = 40, DATE_PARTS = 3 };

struct summing {
    struct exchange *x;
    struct summary_row *rows;
    size_t count;
};

static struct text step_url(const struct exchange *x, enum step_id step, size_t child) {
    return step == STEP_CHILD ? exchange_linkf(x, "/me/registration/child/%zu", child + 1)
                              : exchange_linkf(x, "/me/registration/%s", draft_steps[step].code);
}

static struct text codes_shown(const struct exchange *x, const struct form_input *input, const char *name) {
    const struct programme *programme = eye_programme(x);
    struct buf buf;
    buf_init(&buf, x->arena);
    for (int32_t i = 0; programme != NULL && i < programme->consent_count; i++) {
        if (form_raw_has(input, name, programme->consents[i].code)) {
            buf_putz(&buf, buf.n > 0 ? "\n・" : "・");
            buf_put(&buf, programme->consents[i].name);
        }
    }
    return buf_text(&buf);
}

static struct text answer_shown(struct exchange *x, const struct form_input *input,
                                const struct field *field) {
    if (field->kind == FIELD_DAY) {
        struct field_date_view date = page_date(x, input, &(struct error_list){0}, field->name);
        return date.era.n > 0 ? text_printf(x->arena, "%.*s年（%.*s）", TEXT_F(date.year), TEXT_F(date.era))
                              : TEXT("");
    }
    if (field->kind == FIELD_TEXTS) {
        return codes_shown(x, input, field->name);
    }
    struct text raw = form_raw(input, field->name);
    return text_is(text_of(field->name), "household_class") ? page_class_name(x, raw) : raw;
}

static void sum_step(struct summing *sum, const struct form_input *draft, enum step_id step, size_t child) {
    struct exchange *x = sum->x;
    struct form_input input;
    bool done = draft_step_input(x, draft, step, child, &input);
    struct text prefix = TEXT("");
    if (step == STEP_CHILD && draft_children(draft) > 1) {
        struct word_arg args[] = {{"n", text_printf(x->arena, "%zu", child + 1)}};
        prefix = text_join(x->arena, word_expand(x->arena, W_STEP_CHILD_N, args, 1), TEXT("："));
    }
    for (size_t i = 0; i < input.form->count && sum->count < ROWS_MAX; i++) {
        struct text value = answer_shown(x, &input, &input.form->fields[i]);
        struct text label = page_label(x->arena, text_of(input.form->fields[i].name));
        if (value.n > 0 || (i == 0 && !done)) {
            sum->rows[sum->count++] =
                (struct summary_row){.label = text_join(x->arena, prefix, label),
                                     .value = value.n > 0 ? value : word_text(W_STEP_EMPTY),
                                     .change_url = step_url(x, step, child)};
        }
    }
}

static void check_fill(struct exchange *x, const struct form_input *draft, struct check_view *ret_view) {
    struct summing sum = {x, arena_array(x->arena, struct summary_row, ROWS_MAX), 0};
    size_t children = draft_children(draft);
    for (int step = 0; step < STEP_ID__MAX; step++) {
        size_t count = step == STEP_CHILD && children > 0 ? children : 1;
        for (size_t child = 0; child < count; child++) {
            sum_step(&sum, draft, (enum step_id)step, child);
        }
    }
    *ret_view = (struct check_view){.rows = {sum.rows, sum.count},
                                    .form = page_form_view(x, TEXT("/me/registration")),
                                    .list_url = exchange_link(x, "/me/registration/edit")};
}

static html_t check_page(struct exchange *x, const struct check_view *view) {
    struct page page;
    page_open(x, word_text(W_TITLE_CHECK), &page);
    page.frame.back = view->list_url;
    page.frame.faulty = view->fault_count > 0;
    tmpl_registration_check_page(&page.html, &page.frame, view);
    return html_done(&page.html);
}

static void show_check(struct exchange *x) {
    struct form_input draft;
    enum rc rc = draft_read(x, &draft);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    if (draft.entry_count == 0) {
        exchange_redirect(x, exchange_link(x, "/me/registration"));
        return;
    }
    struct check_view view;
    check_fill(x, &draft, &view);
    exchange_page(x, 200, check_page(x, &view));
}

/* ---- sending ---- */

static void faults_fill(struct exchange *x, const struct registration_outcome *outcome,
                        struct check_view *view) {
    struct check_fault *faults = arena_array(x->arena, struct check_fault, outcome->fault_count);
    for (size_t i = 0; i < outcome->fault_count; i++) {
        const struct registration_fault *fault = &outcome->faults[i];
        size_t child = 0;
        enum step_id step = draft_step_of(fault->at, &child);
        struct word_arg args[] = {{"label", page_word(x, "step", text_of(draft_steps[step].code))},
                                  {"fault", page_word(x, "step-fault", text_of(fault->code))}};
        faults[i] = (struct check_fault){word_expand(x->arena, W_STEP_FAULT_LINE, args, COUNT(args)),
                                         step_url(x, step, child)};
    }
    view->faults = faults;
    view->fault_count = outcome->fault_count;
}

static void render_submit(void *ctx, struct arena *arena, const void *outcome,
                          struct idem_answer *ret_answer) {
    (void)arena;
    struct exchange *x = ctx;
    const struct registration_outcome *out = outcome;
    if (out->verdict.allowed) {
        answer_redirect(ret_answer, exchange_link(x, "/me/registration?done=submitted"));
        return;
    }
    struct check_view *view = x->kept;
    faults_fill(x, out, view);
    if (out->fault_count == 0) {
        view->refusal = refusal_detail(x, x->arena, &out->verdict.refused);
    }
    answer_page(ret_answer, out->fault_count > 0 ? 422 : refusal_status(out->verdict.refused.code),
                check_page(x, view));
}

static void submit(struct exchange *x) {
    struct form_input draft;
    enum rc rc = draft_read(x, &draft);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    struct check_view view;
    struct registration_form form;
    struct registration_outcome outcome;
    check_fill(x, &draft, &view);
    draft_form(x, &draft, &form);
    x->kept = &view;
    exchange_will_render(x, render_submit);
    rc = registration_submit(&x->call, &form, &outcome);
    exchange_done(x, rc, &outcome);
}

/* ---- afterwards ---- */

static void status_steps(const struct exchange *x, const struct registration_detail *detail,
                         struct status_view *view) {
    const struct registration_row *row = &detail->registration;
    bool approved = text_is(row->state, "approved");
    bool returned = text_is(row->state, "returned");
    bool talked = detail->interview_count > 0 || approved;
    struct step *steps = arena_array(x->arena, struct step, 3);
    steps[0] = (struct step){.label = word_text(W_STATUS_RECEIVED),
                             .line = instant_short(x->arena, row->submitted_at),
                             .tone = returned ? TONE_BAD : TONE_GOOD};
    steps[1] = (struct step){.label = word_text(W_STATUS_TALK),
                             .line = talked ? TEXT("") : word_text(W_STATUS_TALK_LINE),
                             .tone = talked     ? TONE_GOOD
                                     : returned ? TONE_PLAIN
                                                : TONE_WAIT};
    steps[2] = (struct step){.label = word_text(W_STATUS_APPROVED),
                             .line = approved ? instant_short(x->arena, row->decided_at) : TEXT(""),
                             .tone = approved              ? TONE_GOOD
                                     : talked && !returned ? TONE_WAIT
                                                           : TONE_PLAIN};
    view->steps = (struct steps_view){word_text(W_TITLE_STATUS), steps, 3};
}

static enum tone state_tone(struct text state) {
    return text_is(state, "approved")    ? TONE_GOOD
           : text_is(state, "submitted") ? TONE_WAIT
           : text_is(state, "returned")  ? TONE_WARN
                                         : TONE_PLAIN;
}

static void status_rows(const struct exchange *x, const struct registration_detail *detail,
                        struct status_view *view) {
    struct summary_row *rows = arena_array(x->arena, struct summary_row, 3 + detail->pool_count);
    size_t n = 0;
    if (detail->has_grant) {
        const struct grant_row *grant = &detail->grant;
        rows[n++] = (struct summary_row){.label = word_text(W_GRANT_NUMBER),
                                         .value = num_grouped(x->arena, grant->number)};
        rows[n++] = (struct summary_row){.label = word_text(W_GRANT_PERIOD),
                                         .value = page_days(x->arena, grant->valid_from, grant->valid_to)};
        rows[n++] = (struct summary_row){.label = word_text(W_GRANT_CLASS),
                                         .value = page_class_name(x, grant->household_class)};
    }
    view->rows = (struct summary_view){rows, n};
}

static void show_status(struct exchange *x) {
    struct registration_detail detail;
    enum rc rc = newest(x, &detail);
    if (rc == RC_NONE) {
        exchange_redirect(x, exchange_link(x, "/me/registration/edit"));
        return;
    }
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    struct text state = detail.registration.state;
    bool over = text_is(state, "rejected") || text_is(state, "withdrawn");
    struct status_view view = {.state = page_word(x, "my-registration", state),
                               .tone = state_tone(state),
                               .reason = detail.registration.reason,
                               .returned = text_is(state, "returned"),
                               .may_withdraw = text_is(state, "submitted") || text_is(state, "returned"),
                               .over = over,
                               .approved = text_is(state, "approved"),
                               .correct = page_form_view(x, TEXT("/me/registration/correct")),
                               .withdraw = page_form_view(x, TEXT("/me/registration/withdraw"))};
    status_rows(x, &detail, &view);
    if (!over) {
        status_steps(x, &detail, &view);
    }
    struct page page;
    page_open(x, word_text(W_TITLE_STATUS), &page);
    page.frame.back = exchange_link(x, "/me");
    tmpl_status_page(&page.html, &page.frame, &view);
    page_send(x, 200, &page);
}

/* Puts what was sent into the draft, unless she has begun to correct it already. */
static void correct(struct exchange *x) {
    struct registration_detail detail;
    struct form_input draft;
    enum rc rc = newest(x, &detail);
    if (rc == RC_OK) {
        rc = draft_read(x, &draft);
    }
    if (rc == RC_OK && draft.entry_count == 0) {
        rc = draft_save(&x->call, draft_of_registration(x, &detail));
    }
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    exchange_redirect(x, exchange_link(x, "/me/registration/edit"));
}

static void render_withdraw(void *ctx, struct arena *arena, const void *outcome,
                            struct idem_answer *ret_answer) {
    (void)arena;
    struct exchange *x = ctx;
    const struct registration_outcome *out = outcome;
    if (out->verdict.allowed) {
        answer_redirect(ret_answer, exchange_link(x, "/me/registration?done=withdrawn"));
    } else {
        page_answer_refused(x, ret_answer, &out->verdict.refused, &(struct refusal_view){0});
    }
}

static void withdraw(struct exchange *x) {
    struct registration_detail detail;
    enum rc rc = newest(x, &detail);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    struct registration_outcome outcome;
    exchange_will_render(x, render_withdraw);
    rc = registration_withdraw(&x->call, detail.registration.id, &outcome);
    exchange_done(x, rc, &outcome);
}

static const struct route rows[] = {
    {HTTP_GET, "/me/registration", show_status, .roles = FOR_RESIDENT, .cache = CACHE_OWN},
    {HTTP_GET, "/me/registration/check", show_check, .roles = FOR_RESIDENT, .cache = CACHE_OWN},
    {HTTP_POST, "/me/registration", submit, .roles = FOR_RESIDENT, .idempotency = IDEM_ACCEPTED},
    {HTTP_POST, "/me/registration/correct", correct, .roles = FOR_RESIDENT},
    {HTTP_POST, "/me/registration/withdraw", withdraw, .roles = FOR_RESIDENT, .idempotency = IDEM_ACCEPTED},
};
const struct route_table registration_send_routes = ROUTES(rows);
