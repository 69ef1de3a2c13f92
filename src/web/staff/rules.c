/* The city's rules as versions: the list, one of them in words, two beside each other, and taking one back that has not
 * begun. What has begun is only shown. */
#include "profile/compare.h"
#include "profile/edit.h"
#include "web/page.h"
#include "web/resident/rules.h"
#include "web/staff/rules_part.h"
#include "web/staff/staff.h"
#include "web/staff/tables.h"
#include "web/tmpl/staff/rules.h"

bool rules_may_edit(const struct exchange *x) {
    return x->call.actor.role == ROLE_CITY_ADMIN;
}

struct text rules_day_words(const struct exchange *x, struct day day) {
    return day_is_none(day) ? TEXT("") : day_era(x->arena, day);
}

/* ---- the list ---- */

static struct text who_when(const struct exchange *x, const struct rules_version *v) {
    if (v->imported) {
        return word_text(W_STAFF_RULES_IMPORTED);
    }
    struct word_arg args[] = {{"name", v->published_name}, {"at", instant_short(x->arena, v->published_at)}};
    return word_expand(x->arena, W_STAFF_RULES_PUBLISHED, args, COUNT(args));
}

static struct rules_item item_of(const struct exchange *x, const struct rules_version *v) {
    static const enum tone tones[RULES_STATE__MAX] = {[RULES_COMING] = TONE_WAIT,
                                                      [RULES_IN_FORCE] = TONE_GOOD,
                                                      [RULES_PAST] = TONE_PLAIN,
                                                      [RULES_REPLACED] = TONE_PLAIN,
                                                      [RULES_WITHDRAWN] = TONE_WARN};
    return (struct rules_item){.name = v->name,
                               .url = staff_link(x, "/rules/%lld", (long long)v->number),
                               .from = rules_day_words(x, v->valid_from),
                               .until = rules_day_words(x, v->valid_to),
                               .state = page_word(x, "staff-rules-state", rules_state_code(v->state)),
                               .tone = tones[v->state],
                               .who = who_when(x, v),
                               .reason = v->reason};
}

static void show_list(struct exchange *x) {
    struct rules_list list;
    enum rc rc = rules_list(&x->call, &list);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    struct rules_item *items = arena_array(x->arena, struct rules_item, list.count + 1);
    for (size_t i = 0; i < list.count; i++) {
        items[i] = item_of(x, &list.rows[i]);
    }
    bool audits = rules_may_edit(x) || x->call.actor.role == ROLE_AUDITOR;
    struct rules_list_view view = {
        .items = items,
        .count = list.count,
        .new_url = rules_may_edit(x) && !list.has_draft ? exchange_link(x, "/city/rules/new") : TEXT(""),
        .audit_url = audits ? exchange_link(x, "/city/audit?action=rules.") : TEXT("")};
    struct rules_draft draft;
    bool shown = list.has_draft && x->call.actor.role != ROLE_FACILITY;
    rc = shown ? rules_draft_read(&x->call, &draft) : RC_NONE;
    if (rc == RC_FAULT) {
        exchange_failed(x, rc);
        return;
    }
    if (rc == RC_OK) {
        struct word_arg args[] = {{"name", rules_member(x, draft.document, "name")},
                                  {"who", draft.changed_name},
                                  {"at", instant_short(x->arena, draft.changed_at)}};
        view.draft = (struct draft_line){word_expand(x->arena, W_STAFF_RULES_DRAFT_LINE, args, COUNT(args)),
                                         exchange_link(x, RULES_DRAFT)};
    }
    struct page page;
    page_open(x, word_text(W_NAV_CITY_RULES), &page);
    tmpl_rules_list_page(&page.html, &page.frame, &view);
    page_send(x, 200, &page);
}

/* ---- documents ---- */

struct text rules_member(const struct exchange *x, struct text document, const char *key) {
    struct edit edit;
    struct edit_node node;
    if (!edit_open(x->arena, document, &edit)) {
        return TEXT("");
    }
    struct text value = edit_look(&edit, text_of(key), &node) ? node.value : TEXT("");
    edit_close(&edit);
    return value;
}

struct day rules_first_day(const struct exchange *x, struct text document) {
    struct day day = DAY_NONE;
    return day_parse(rules_member(x, document, "valid_from"), &day) ? day : DAY_NONE;
}

bool rules_before(struct exchange *x, struct day valid_from, struct rules_version *ret_version,
                  enum rc *ret_rc) {
    struct rules_list list;
    const struct rules_version *best = NULL;
    *ret_rc = rules_list(&x->call, &list);
    for (size_t i = 0; *ret_rc == RC_OK && i < list.count; i++) {
        const struct rules_version *v = &list.rows[i];
        bool lives = v->state == RULES_COMING || v->state == RULES_IN_FORCE || v->state == RULES_PAST;
        bool earlier = day_is_none(valid_from) || day_before(v->valid_from, valid_from);
        if (lives && earlier && (best == NULL || day_before(best->valid_from, v->valid_from))) {
            best = v;
        }
    }
    if (best == NULL) {
        return false;
    }
    *ret_rc = rules_read(&x->call, best->number, ret_version);
    return *ret_rc == RC_OK;
}

void rules_compare(const struct exchange *x, struct text before, struct text after,
                   struct compare_view *ret_view) {
    struct comparison c = {0};
    bool readable = compare_versions(x->arena, before, after, &c);
    struct difference *rows = arena_array(x->arena, struct difference, c.count + 1);
    for (size_t i = 0; readable && i < c.count; i++) {
        rows[i] = (struct difference){c.rows[i].section, c.rows[i].label, c.rows[i].before, c.rows[i].after};
    }
    ret_view->rows = rows;
    ret_view->count = c.count;
}

/* ---- one version ---- */

static struct text ended_of(const struct exchange *x, const struct rules_version *v) {
    if (instant_is_none(v->ended_at)) {
        return TEXT("");
    }
    struct word_arg args[] = {
        {"at", instant_short(x->arena, v->ended_at)}, {"name", v->ended_name}, {"reason", v->ended_reason}};
    return v->state == RULES_WITHDRAWN ? word_expand(x->arena, W_STAFF_RULES_WITHDRAWN, args, 3)
                                       : word_expand(x->arena, W_STAFF_RULES_REPLACED, args, 2);
}

static bool read_asked(struct exchange *x, struct rules_version *ret_version) {
    int64_t number = 0;
    enum rc rc =
        num_parse(exchange_param(x, "number"), &number) ? rules_read(&x->call, number, ret_version) : RC_NONE;
    if (rc != RC_OK) {
        exchange_failed(x, rc);
    }
    return rc == RC_OK;
}

/* The document in words: through the reader, as everybody's rules are. */
static const struct rules_view *in_words(struct exchange *x, const struct rules_version *v) {
    struct profile profile;
    struct profile_faults faults;
    if (!rules_with(&x->call, v->document, v->valid_from, &profile, &faults)) {
        return NULL;
    }
    const struct programme *programme = rules_beginning(&profile.programmes, v->valid_from);
    if (programme == NULL) {
        return NULL;
    }
    struct rules_view *view = arena_new(x->arena, struct rules_view);
    rules_fill(x->arena, programme, &profile.city.calendar, view);
    return view;
}

static void version_page(struct exchange *x, int status, struct error_list errors) {
    struct rules_version v;
    struct rules_version before;
    enum rc rc;
    if (!read_asked(x, &v)) {
        return;
    }
    long long number = (long long)v.number;
    bool compared = rules_before(x, v.valid_from, &before, &rc);
    if (rc == RC_FAULT) {
        exchange_failed(x, rc);
        return;
    }
    struct rules_version_view view = {
        .item = item_of(x, &v),
        .rules = in_words(x, &v),
        .errors = errors,
        .ended = ended_of(x, &v),
        .compare_url = compared ? staff_link(x, "/rules/%lld/compare", number) : TEXT(""),
        .public_url = v.state == RULES_COMING || v.state == RULES_IN_FORCE
                          ? exchange_linkf(x, "/rules?on=%.*s", TEXT_F(day_format(x->arena, v.valid_from)))
                          : TEXT("")};
    if (v.state == RULES_COMING && rules_may_edit(x)) {
        view.withdraw = page_form_view(x, text_printf(x->arena, "/city/rules/%lld/withdraw", number));
        view.reason = (struct field_area_view){.name = TEXT("reason"),
                                               .label = word_text(W_STAFF_RULES_WHY_WITHDRAW),
                                               .value = form_raw(&x->body, "reason"),
                                               .error = page_error_of(&errors, "reason"),
                                               .required = true,
                                               .rows = 3};
    }
    struct page page;
    page_open(x, v.name, &page);
    page.frame.back = staff_link(x, "/rules");
    page.frame.faulty = errors.count > 0;
    tmpl_rules_version_page(&page.html, &page.frame, &view);
    page_send(x, status, &page);
}

static void show_version(struct exchange *x) {
    version_page(x, 200, (struct error_list){0});
}

static void show_compare(struct exchange *x) {
    struct rules_version v;
    struct rules_version before;
    enum rc rc;
    if (!read_asked(x, &v)) {
        return;
    }
    if (!rules_before(x, v.valid_from, &before, &rc)) {
        exchange_failed(x, rc == RC_OK ? RC_NONE : rc);
        return;
    }
    struct compare_view view = {
        .heading = word_text(W_STAFF_RULES_COMPARE), .before = before.name, .after = v.name};
    rules_compare(x, before.document, v.document, &view);
    struct page page;
    page_open(x, view.heading, &page);
    page.frame.back = staff_link(x, "/rules/%lld", (long long)v.number);
    tmpl_rules_compare_page(&page.html, &page.frame, &view);
    page_send(x, 200, &page);
}

/* ---- taking back ---- */

struct withdraw_body {
    struct text reason;
};
static const struct field withdraw_fields[] = {{.name = "reason",
                                                .kind = FIELD_LINES,
                                                .required = true,
                                                .max = RULES_REASON_MAX,
                                                .offset = offsetof(struct withdraw_body, reason)}};
static const struct form withdraw_form = FORM("RulesWithdrawal", withdraw_fields, struct withdraw_body);

static void withdraw_again(struct exchange *x) {
    version_page(x, 422, page_errors(x, &x->body));
}

static void do_withdraw(struct exchange *x) {
    const struct withdraw_body *body = exchange_body(x);
    struct rules_withdraw ask = {.reason = body->reason};
    struct rules_outcome outcome = {0};
    enum rc rc = num_parse(exchange_param(x, "number"), &ask.number)
                     ? rules_withdraw(&x->call, &ask, &outcome)
                     : RC_NONE;
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    if (outcome.fault != RULES_FINE) {
        struct error_list errors = {0};
        page_error_add(x->arena, &errors, TEXT("reason"), rules_fault_words(x, &outcome));
        version_page(x, 422, errors);
        return;
    }
    struct text path = text_printf(x->arena, "/city/rules/%lld", (long long)ask.number);
    exchange_redirect(x, page_done_link(x, path, "rules-withdrawn"));
}

static const struct route rows[] = {
    {HTTP_GET, "/city/rules", show_list, .roles = FOR_CITY | FOR_AUDITOR, .cache = CACHE_OWN},
    {HTTP_GET, "/city/rules/{number}", show_version, .roles = FOR_CITY | FOR_AUDITOR, .cache = CACHE_OWN},
    {HTTP_GET, "/city/rules/{number}/compare", show_compare, .roles = FOR_CITY | FOR_AUDITOR,
     .cache = CACHE_OWN},
    {HTTP_POST, "/city/rules/{number}/withdraw", do_withdraw, .roles = FOR_CITY_ADMIN, .form = &withdraw_form,
     .again = withdraw_again},
    {HTTP_GET, "/facility/rules", show_list, .roles = FOR_FACILITY, .cache = CACHE_OWN},
    {HTTP_GET, "/facility/rules/{number}", show_version, .roles = FOR_FACILITY, .cache = CACHE_OWN},
    {HTTP_GET, "/facility/rules/{number}/compare", show_compare, .roles = FOR_FACILITY, .cache = CACHE_OWN},
};
const struct route_table staff_rules_routes = ROUTES(rows);
