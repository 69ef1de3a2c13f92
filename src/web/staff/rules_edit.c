/* Editing the draft: one page a part, a plain form with a field for every figure; rows are added, copied, moved and taken
 * out by buttons of the same form, so that nothing typed is lost. What is stored is changed only at the revision that
 * was looked at. */
#include "web/page.h"
#include "web/staff/rules_node.h"
#include "web/staff/rules_part.h"
#include "web/staff/staff.h"
#include "web/staff/tables.h"
#include "web/tmpl/staff/rules_edit.h"

enum { BODY_LIMIT = 512 * 1024, NODES_MAX = 8, LOST_MAX = 600 };

struct edit_body {
    int64_t revision;
    struct text row;
    struct text act; /* add:pools, remove:pools.1, copy:…, raise:… */
};
#define AT(member) .offset = offsetof(struct edit_body, member)
static const struct field edit_fields[] = {
    {.name = "revision", .kind = FIELD_INT, .required = true, .min = 1, .max = INT64_MAX, AT(revision)},
    {.name = "row", .kind = FIELD_TEXT, .max = 4, AT(row)},
    {.name = "act", .kind = FIELD_TEXT, .max = 80, AT(act)},
};
#undef AT
static const struct form edit_form = {.name = "RulesEdit",
                                      .fields = edit_fields,
                                      .count = COUNT(edit_fields),
                                      .size = sizeof(struct edit_body),
                                      .open = true};
struct row_query {
    struct text row;
};
static const struct field row_fields[] = {
    {.name = "row", .kind = FIELD_TEXT, .max = 4, .offset = offsetof(struct row_query, row)}};
static const struct form row_form = FORM("RulesRow", row_fields, struct row_query);

/* A part of the draft, opened. */
struct part {
    const struct edit_section *section;
    struct text row; /* of a list whose rows have pages of their own; "" the list */
    struct rules_check *check;
    struct edit edit;
    struct edit_node nodes[NODES_MAX];
    size_t count;
    bool list; /* rows are only named here, and linked */
};

static bool look_nodes(struct part *part) {
    struct text rest = text_of(part->section->keys);
    struct text key;
    part->count = 0;
    while (rest.n > 0 && part->count < NODES_MAX && text_next(&rest, ' ', &key)) {
        const struct shape_field *field = shape_member(&shape_version, key);
        struct text name = part->row.n == 0
                               ? text_copy(part->edit.arena, key)
                               : text_printf(part->edit.arena, "%.*s.%.*s", TEXT_F(key), TEXT_F(part->row));
        part->list = field->pages && part->row.n == 0;
        if (!edit_look(&part->edit, name, &part->nodes[part->count])) {
            return false;
        }
        part->count++;
    }
    return true;
}

/* False: answered. */
static bool open_part(struct exchange *x, struct text row, struct part *part) {
    *part = (struct part){.section = edit_section_by(exchange_param(x, "section")),
                          .row = row,
                          .check = arena_new(x->arena, struct rules_check)};
    enum rc rc = part->section == NULL ? RC_NONE : rules_check(&x->call, DAY_NONE, part->check);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return false;
    }
    if (!edit_open(x->arena, part->check->draft.document, &part->edit)) {
        exchange_redirect(x, exchange_link(x, RULES_DRAFT "/document"));
        return false;
    }
    if (!look_nodes(part)) {
        edit_close(&part->edit);
        exchange_not_found(x);
        return false;
    }
    return true;
}

/* ---- the page ---- */

static struct text own_path(const struct exchange *x, const struct part *part, struct text row) {
    return row.n == 0 ? text_printf(x->arena, RULES_DRAFT "/%s", part->section->code)
                      : text_printf(x->arena, RULES_DRAFT "/%s?row=%.*s", part->section->code, TEXT_F(row));
}

/* A row that has a page of its own is named, and linked. */
static void link_rows(struct exchange *x, const struct part *part, struct rule_node *list) {
    for (size_t i = 0; i < list->count; i++) {
        struct rule_node *row = &list->children[i];
        size_t wrong = 0;
        struct error_list errors = {0};
        rules_node_errors(x->arena, &part->nodes[0].children[i], &errors);
        wrong = errors.count;
        struct word_arg args[] = {{"n", num_grouped(x->arena, (int64_t)wrong)}};
        row->linked = true;
        row->url = text_join(x->arena, x->base, own_path(x, part, text_printf(x->arena, "%zu", i)));
        row->line = wrong == 0 ? TEXT("") : word_expand(x->arena, W_STAFF_RULES_FAULTS, args, 1);
        row->count = 0;
    }
}

static void edit_page(struct exchange *x, int status, struct part *part, const struct form_input *typed,
                      struct rules_edit_view *view) {
    struct rule_node *nodes = arena_array(x->arena, struct rule_node, part->count + 1);
    for (size_t i = 0; i < part->count; i++) {
        rules_node_errors(x->arena, &part->nodes[i], &view->errors);
        nodes[i] = rules_node_of(x, &part->nodes[i], typed);
    }
    if (part->list) {
        link_rows(x, part, &nodes[0]);
        view->errors = (struct error_list){0};
    }
    const struct edit_section *next = part->section + 1;
    bool last = next == edit_sections + EDIT_SECTIONS;
    view->heading = part->row.n == 0 ? word_text(part->section->label) : part->nodes[0].label;
    view->form = page_form_view(x, own_path(x, part, TEXT("")));
    view->revision = text_printf(x->arena, "%lld", (long long)part->check->draft.revision);
    view->row = part->row;
    view->nodes = nodes;
    view->count = part->count;
    view->back_url = exchange_link(x, RULES_DRAFT);
    view->next_url = last ? TEXT("") : exchange_linkf(x, RULES_DRAFT "/%s", next->code);
    struct page page;
    page_open(x, view->heading, &page);
    page.frame.back =
        part->row.n == 0 ? view->back_url : text_join(x->arena, x->base, own_path(x, part, TEXT("")));
    page.frame.faulty = status == 422;
    tmpl_rules_edit_page(&page.html, &page.frame, view);
    edit_close(&part->edit);
    page_send(x, status, &page);
}

static void show_part(struct exchange *x) {
    const struct row_query *query = exchange_query(x);
    struct part part;
    struct rules_edit_view view = {0};
    if (!open_part(x, query->row, &part)) {
        return;
    }
    for (size_t i = 0; i < part.count; i++) {
        edit_faults(&part.nodes[i], &part.check->faults, x->arena);
    }
    edit_page(x, 200, &part, NULL, &view);
}

/* ---- saving ---- */

/* Somebody saved since: what is stored now is shown, and beside it what was typed here and is not kept. */
static void conflict_page(struct exchange *x, struct part *part) {
    struct node_changes lost = {.rows = arena_array(x->arena, struct difference, LOST_MAX)};
    for (size_t i = 0; i < part->count && !part->list; i++) {
        rules_node_apply(x, &part->nodes[i], &lost);
    }
    struct word_arg args[] = {{"name", part->check->draft.changed_name}};
    struct rules_edit_view view = {.conflict = word_expand(x->arena, W_STAFF_RULES_CONFLICT, args, 1),
                                   .lost = lost.rows,
                                   .lost_count = lost.count};
    edit_page(x, 409, part, NULL, &view);
}

/* False: no such place. *ret_row: the row's page to show then, when it has one. */
static bool act_on(struct edit *edit, struct text act) {
    size_t cut = text_index(act, ':');
    struct text what = text_part(act, 0, cut);
    struct text name = text_part(act, cut + 1, act.n);
    return text_is(what, "add")      ? edit_add(edit, name)
           : text_is(what, "copy")   ? edit_copy(edit, name)
           : text_is(what, "remove") ? edit_remove(edit, name)
           : text_is(what, "raise")  ? edit_raise(edit, name)
                                     : false;
}

static void save_part(struct exchange *x, struct part *part, struct text act) {
    const struct edit_body *body = exchange_body(x);
    struct rules_save save = {.document = edit_document(&part->edit), .revision = body->revision};
    struct rules_outcome outcome = {0};
    bool same = text_eq(save.document, part->check->draft.document);
    edit_close(&part->edit);
    enum rc rc = same ? RC_OK : rules_draft_save(&x->call, &save, &outcome);
    if (rc == RC_RACE && open_part(x, part->row, part)) {
        conflict_page(x, part);
        return;
    }
    if (rc == RC_OK && outcome.fault == RULES_FINE) {
        struct text row = text_starts(act, TEXT("remove:")) ? TEXT("") : part->row;
        exchange_redirect(x, page_done_link(x, own_path(x, part, row), "rules-saved"));
    } else if (rc != RC_RACE) {
        exchange_failed(x, rc == RC_OK ? RC_NONE : rc);
    }
}

static void do_part(struct exchange *x) {
    const struct edit_body *body = exchange_body(x);
    struct part part;
    struct rules_edit_view view = {0};
    if (!open_part(x, body->row, &part)) {
        return;
    }
    if (part.check->draft.revision != body->revision) {
        conflict_page(x, &part);
        return;
    }
    struct node_changes changes = {.edit = &part.edit};
    for (size_t i = 0; i < part.count && !part.list; i++) {
        rules_node_apply(x, &part.nodes[i], &changes);
    }
    if (changes.faults > 0) {
        edit_page(x, 422, &part, &x->body, &view);
        return;
    }
    if (body->act.n > 0 && !act_on(&part.edit, body->act)) {
        edit_close(&part.edit);
        exchange_not_found(x);
        return;
    }
    save_part(x, &part, body->act);
}

static void part_again(struct exchange *x) {
    exchange_fail(x, 400, "form-malformed");
}

/* ---- the whole as text ---- */

struct document_body {
    int64_t revision;
    struct text document;
};
#define AT(member) .offset = offsetof(struct document_body, member)
static const struct field document_fields[] = {
    {.name = "revision", .kind = FIELD_INT, .required = true, .min = 1, .max = INT64_MAX, AT(revision)},
    {.name = "document", .kind = FIELD_LINES, .required = true, .max = RULES_BYTES_MAX, AT(document)},
};
#undef AT
static const struct form document_form = FORM("RulesDocument", document_fields, struct document_body);

static void document_page(struct exchange *x, int status, struct error_list errors, struct text typed) {
    struct rules_check *check = arena_new(x->arena, struct rules_check);
    enum rc rc = rules_check(&x->call, DAY_NONE, check);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    for (int32_t i = 0; i < check->faults.count && typed.n == 0; i++) {
        const struct profile_fault *fault = &check->faults.rows[i];
        page_error_add(x->arena, &errors, TEXT("document"),
                       text_printf(x->arena, "%.*s %.*s", TEXT_F(fault->pointer), TEXT_F(fault->sentence)));
    }
    struct rules_document_view view = {
        .errors = errors,
        .form = page_form_view(x, TEXT(RULES_DRAFT "/document")),
        .revision = text_printf(x->arena, "%lld", (long long)check->draft.revision),
        .document = {.name = TEXT("document"),
                     .label = word_text(W_STAFF_RULES_DOCUMENT),
                     .hint = word_text(W_STAFF_RULES_DOCUMENT_HINT),
                     .value = typed.n > 0 ? typed : edit_pretty(x->arena, check->draft.document),
                     .error = errors.count > 0 && status == 422 ? errors.items[0].message : TEXT(""),
                     .required = true,
                     .rows = 30}};
    struct page page;
    page_open(x, word_text(W_STAFF_RULES_DOCUMENT), &page);
    page.frame.back = exchange_link(x, RULES_DRAFT);
    page.frame.faulty = status == 422;
    tmpl_rules_document_page(&page.html, &page.frame, &view);
    page_send(x, status, &page);
}

static void show_document(struct exchange *x) {
    document_page(x, 200, (struct error_list){0}, TEXT(""));
}

static void document_again(struct exchange *x) {
    document_page(x, 422, page_errors(x, &x->body), form_raw(&x->body, "document"));
}

static void do_document(struct exchange *x) {
    const struct document_body *body = exchange_body(x);
    struct rules_save save = {.document = body->document, .revision = body->revision};
    struct rules_outcome outcome = {0};
    struct error_list errors = {0};
    enum rc rc = rules_draft_save(&x->call, &save, &outcome);
    if (rc == RC_RACE) {
        page_error_add(x->arena, &errors, TEXT("document"), word_text(W_STAFF_RULES_CONFLICT_DOCUMENT));
        document_page(x, 409, errors, body->document);
    } else if (rc != RC_OK) {
        exchange_failed(x, rc);
    } else if (outcome.fault != RULES_FINE) {
        page_error_add(x->arena, &errors, TEXT("document"), rules_fault_words(x, &outcome));
        document_page(x, 422, errors, body->document);
    } else {
        exchange_redirect(x, page_done_link(x, TEXT(RULES_DRAFT), "rules-saved"));
    }
}

static const struct route rows[] = {
    {HTTP_GET, RULES_DRAFT "/document", show_document, .roles = FOR_CITY_ADMIN, .cache = CACHE_OWN},
    {HTTP_POST, RULES_DRAFT "/document", do_document, .roles = FOR_CITY_ADMIN, .form = &document_form,
     .again = document_again, .body_limit = BODY_LIMIT},
    {HTTP_GET, RULES_DRAFT "/{section}", show_part, .roles = FOR_CITY_ADMIN, .cache = CACHE_OWN,
     .query = &row_form},
    {HTTP_POST, RULES_DRAFT "/{section}", do_part, .roles = FOR_CITY_ADMIN, .form = &edit_form,
     .again = part_again, .body_limit = BODY_LIMIT},
};
const struct route_table staff_rules_edit_routes = ROUTES(rows);
