/* The draft of the next version: begun as a copy of the one in force, seen as a whole, compared, dropped. Its parts are
 * edited in rules_edit.c, tried in rules_try.c, published in rules_publish.c. */
#include "profile/compare.h"
#include "profile/edit.h"
#include "web/page.h"
#include "web/staff/rules_part.h"
#include "web/staff/staff.h"
#include "web/staff/tables.h"
#include "web/tmpl/staff/rules.h"

/* ---- beginning one ---- */

struct new_body {
    struct day valid_from;
    struct text name;
};
#define AT(member) .offset = offsetof(struct new_body, member)
static const struct field new_fields[] = {
    {.name = "rules_from", .kind = FIELD_DAY, .required = true, AT(valid_from)},
    {.name = "rules_name", .kind = FIELD_TEXT, .required = true, .max = 100, AT(name)},
};
#undef AT
static const struct form new_form = FORM("RulesNew", new_fields, struct new_body);

static void new_page(struct exchange *x, int status, struct error_list errors) {
    struct rules_version base;
    enum rc rc;
    if (!rules_before(x, DAY_NONE, &base, &rc)) {
        exchange_failed(x, rc == RC_OK ? RC_NONE : rc);
        return;
    }
    struct form_input input = x->body;
    input.form = &new_form;
    struct rules_new_view view = {.errors = errors,
                                  .form = page_form_view(x, TEXT("/city/rules/new")),
                                  .valid_from = page_date(x, &input, &errors, "rules_from"),
                                  .name = page_field(x, &input, &errors, "rules_name"),
                                  .based_on = base.name};
    if (x->request->method != HTTP_POST) {
        int32_t april = day_fiscal_year(staff_today(x)) + 1;
        view.valid_from.year = text_printf(x->arena, "%d", april);
        view.valid_from.month = TEXT("4");
        view.valid_from.day = TEXT("1");
        view.valid_from.era = day_era(x->arena, day_of((struct ymd){april, 4, 1}));
    }
    struct page page;
    page_open(x, word_text(W_STAFF_RULES_NEW), &page);
    page.frame.back = exchange_link(x, "/city/rules");
    page.frame.faulty = errors.count > 0;
    tmpl_rules_new_page(&page.html, &page.frame, &view);
    page_send(x, status, &page);
}

static void show_new(struct exchange *x) {
    new_page(x, 200, (struct error_list){0});
}

static void new_again(struct exchange *x) {
    new_page(x, 422, page_errors(x, &x->body));
}

static void new_refused(struct exchange *x, struct text name, struct text message) {
    struct error_list errors = {0};
    page_error_add(x->arena, &errors, name, message);
    new_page(x, 422, errors);
}

struct text rules_fault_words(const struct exchange *x, const struct rules_outcome *outcome) {
    struct text code = text_of(rules_fault_code(outcome->fault));
    if (outcome->fault == RULES_FAULTY) {
        return outcome->sentence;
    }
    if (outcome->fault == RULES_DAY_PAST) {
        struct word_arg args[] = {{"day", rules_day_words(x, outcome->valid_from)}};
        return word_expand(x->arena, W_STAFF_RULES_DAY_PAST, args, 1);
    }
    return page_word(x, "staff-rules-fault", code);
}

/* The copy has its first day and its name at once; empty where they cannot be set. */
static struct text named(struct exchange *x, const struct new_body *body, const struct rules_version *base) {
    struct edit edit;
    enum word fault;
    if (!edit_open(x->arena, base->document, &edit)) {
        return TEXT("");
    }
    bool set = edit_set(&edit, TEXT("valid_from"), day_format(x->arena, body->valid_from), &fault) &&
               edit_set(&edit, TEXT("name"), body->name, &fault);
    struct text document = set ? edit_document(&edit) : TEXT("");
    edit_close(&edit);
    return document;
}

static void do_new(struct exchange *x) {
    const struct new_body *body = exchange_body(x);
    struct rules_version base;
    struct rules_outcome outcome = {0};
    enum rc rc;
    if (!day_before(staff_today(x), body->valid_from)) {
        outcome = (struct rules_outcome){.fault = RULES_DAY_PAST, .valid_from = day_add(staff_today(x), 1)};
        new_refused(x, TEXT("rules_from"), rules_fault_words(x, &outcome));
        return;
    }
    if (!rules_before(x, body->valid_from, &base, &rc)) {
        exchange_failed(x, rc == RC_OK ? RC_NONE : rc);
        return;
    }
    struct rules_start start = {.from = base.number, .document = named(x, body, &base)};
    rc = rules_draft_start(&x->call, &start, &outcome);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
    } else if (outcome.fault != RULES_FINE) {
        new_refused(x, TEXT(""), rules_fault_words(x, &outcome));
    } else {
        exchange_redirect(x, page_done_link(x, TEXT(RULES_DRAFT), "rules-draft"));
    }
}

/* ---- the whole draft ---- */

struct text rules_fault_url(const struct exchange *x, struct text pointer) {
    struct text name = edit_name(x->arena, pointer);
    const struct edit_section *section = edit_section_of(name);
    if (section == NULL) {
        return exchange_link(x, RULES_DRAFT "/document");
    }
    const struct shape_field *field = shape_member(&shape_version, text_part(name, 0, text_index(name, '.')));
    struct text rest = text_part(name, text_index(name, '.') + 1, name.n);
    struct text row = text_part(rest, 0, text_index(rest, '.'));
    if (field != NULL && field->pages && row.n > 0) {
        return exchange_linkf(x, RULES_DRAFT "/%s?row=%.*s", section->code, TEXT_F(row));
    }
    return exchange_linkf(x, RULES_DRAFT "/%s", section->code);
}

static size_t faults_in(const struct rules_check *check, const struct exchange *x,
                        const struct edit_section *section) {
    size_t n = 0;
    for (int32_t i = 0; i < check->faults.count; i++) {
        n += edit_section_of(edit_name(x->arena, check->faults.rows[i].pointer)) == section;
    }
    return n;
}

/* Differences whose place is in this section. */
static struct text changes_in(const struct exchange *x, const struct compare_view *compare,
                              const struct edit_section *section, const struct text *pointers) {
    int64_t n = 0;
    for (size_t i = 0; i < compare->count; i++) {
        n += edit_section_of(edit_name(x->arena, pointers[i])) == section;
    }
    struct word_arg args[] = {{"n", num_grouped(x->arena, n)}};
    return n == 0 ? word_text(W_STAFF_RULES_UNCHANGED)
                  : word_expand(x->arena, W_STAFF_RULES_CHANGED, args, 1);
}

static void fill_sections(struct exchange *x, const struct rules_check *check,
                          const struct rules_version *before, struct draft_view *view) {
    struct comparison c = {0};
    if (before != NULL) {
        (void)!compare_versions(x->arena, before->document, check->draft.document, &c);
    }
    struct text *pointers = arena_array(x->arena, struct text, c.count + 1);
    for (size_t i = 0; i < c.count; i++) {
        pointers[i] = c.rows[i].pointer;
    }
    struct compare_view compare = {.count = c.count};
    struct draft_section *sections = arena_array(x->arena, struct draft_section, EDIT_SECTIONS);
    for (size_t i = 0; i < EDIT_SECTIONS; i++) {
        const struct edit_section *section = &edit_sections[i];
        sections[i] = (struct draft_section){
            .label = word_text(section->label),
            .url = view->admin ? exchange_linkf(x, RULES_DRAFT "/%s", section->code) : TEXT(""),
            .line = changes_in(x, &compare, section, pointers),
            .faults = faults_in(check, x, section)};
    }
    view->sections = sections;
    view->count = EDIT_SECTIONS;
    view->changes = c.count;
}

static void show_draft(struct exchange *x) {
    struct rules_check *check = arena_new(x->arena, struct rules_check);
    struct rules_version before;
    enum rc rc = rules_check(&x->call, DAY_NONE, check);
    if (rc == RC_NONE) {
        exchange_redirect(x, exchange_link(x, "/city/rules"));
        return;
    }
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    const struct rules_draft *draft = &check->draft;
    struct word_arg args[] = {{"who", draft->changed_name},
                              {"at", instant_short(x->arena, draft->changed_at)}};
    struct draft_view view = {.name = rules_member(x, draft->document, "name"),
                              .valid_from = rules_day_words(x, rules_first_day(x, draft->document)),
                              .line = word_expand(x->arena, W_STAFF_RULES_SAVED_BY, args, COUNT(args)),
                              .admin = rules_may_edit(x),
                              .drop = page_form_view(x, TEXT(RULES_DRAFT "/drop")),
                              .revision = text_printf(x->arena, "%lld", (long long)draft->revision),
                              .base = {exchange_link(x, RULES_DRAFT)}};
    for (int32_t i = 0; i < check->faults.count; i++) {
        const struct profile_fault *fault = &check->faults.rows[i];
        page_error_add(x->arena, &view.faults, rules_fault_url(x, fault->pointer), fault->sentence);
    }
    bool compared = rules_before(x, rules_first_day(x, draft->document), &before, &rc);
    if (rc == RC_FAULT) {
        exchange_failed(x, rc);
        return;
    }
    fill_sections(x, check, compared ? &before : NULL, &view);
    struct page page;
    page_open(x, word_text(W_STAFF_RULES_DRAFT), &page);
    page.frame.back = exchange_link(x, "/city/rules");
    tmpl_rules_draft_page(&page.html, &page.frame, &view);
    page_send(x, 200, &page);
}

static void show_draft_compare(struct exchange *x) {
    struct rules_draft draft;
    struct rules_version before;
    enum rc rc = rules_draft_read(&x->call, &draft);
    if (rc != RC_OK || !rules_before(x, rules_first_day(x, draft.document), &before, &rc)) {
        exchange_failed(x, rc == RC_OK ? RC_NONE : rc);
        return;
    }
    struct compare_view view = {.heading = word_text(W_STAFF_RULES_COMPARE),
                                .before = before.name,
                                .after = rules_member(x, draft.document, "name")};
    rules_compare(x, before.document, draft.document, &view);
    struct page page;
    page_open(x, view.heading, &page);
    page.frame.back = exchange_link(x, RULES_DRAFT);
    tmpl_rules_compare_page(&page.html, &page.frame, &view);
    page_send(x, 200, &page);
}

/* ---- dropping it ---- */

struct drop_body {
    int64_t revision;
};
static const struct field drop_fields[] = {{.name = "revision",
                                            .kind = FIELD_INT,
                                            .required = true,
                                            .min = 1,
                                            .max = INT64_MAX,
                                            .offset = offsetof(struct drop_body, revision)}};
static const struct form drop_form = FORM("RulesDrop", drop_fields, struct drop_body);

static void do_drop(struct exchange *x) {
    const struct drop_body *body = exchange_body(x);
    enum rc rc = x->body.error_count > 0 ? RC_NONE : rules_draft_drop(&x->call, body->revision);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    exchange_redirect(x, page_done_link(x, TEXT("/city/rules"), "rules-dropped"));
}

static const struct route rows[] = {
    {HTTP_GET, "/city/rules/new", show_new, .roles = FOR_CITY_ADMIN, .cache = CACHE_OWN},
    {HTTP_POST, "/city/rules/new", do_new, .roles = FOR_CITY_ADMIN, .form = &new_form, .again = new_again},
    {HTTP_GET, RULES_DRAFT, show_draft, .roles = FOR_CITY | FOR_AUDITOR, .cache = CACHE_OWN},
    {HTTP_GET, RULES_DRAFT "/compare", show_draft_compare, .roles = FOR_CITY | FOR_AUDITOR,
     .cache = CACHE_OWN},
    {HTTP_POST, RULES_DRAFT "/drop", do_drop, .roles = FOR_CITY_ADMIN, .form = &drop_form},
};
const struct route_table staff_rules_draft_routes = ROUTES(rows);
