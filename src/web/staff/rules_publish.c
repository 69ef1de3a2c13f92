/* Publishing the draft: everything once more on one page (first day, differences, who has booked already, why), then the
 * deed. */
#include "web/page.h"
#include "web/staff/rules_part.h"
#include "web/staff/staff.h"
#include "web/staff/tables.h"
#include "web/tmpl/staff/rules.h"

struct publish_body {
    int64_t revision;
    struct day valid_from;
    struct text reason;
    bool sure;
};
#define AT(member) .offset = offsetof(struct publish_body, member)
static const struct field publish_fields[] = {
    {.name = "revision", .kind = FIELD_INT, .required = true, .min = 1, .max = INT64_MAX, AT(revision)},
    {.name = "rules_from", .kind = FIELD_DAY, .required = true, AT(valid_from)},
    {.name = "publish_reason", .kind = FIELD_LINES, .required = true, .max = RULES_REASON_MAX, AT(reason)},
    {.name = "publish_sure", .kind = FIELD_BOOL, .required = true, AT(sure)},
};
#undef AT
static const struct form publish_form = FORM("RulesPublish", publish_fields, struct publish_body);

static struct text counted(const struct exchange *x, enum word word, int64_t n) {
    struct word_arg args[] = {{"n", num_grouped(x->arena, n)}};
    return word_expand(x->arena, word, args, 1);
}

static void fill_day(struct exchange *x, struct day day, struct rules_publish_view *view) {
    if (x->request->method != HTTP_POST && !day_is_none(day)) {
        struct ymd ymd = day_ymd(day);
        view->valid_from.year = text_printf(x->arena, "%d", ymd.year);
        view->valid_from.month = text_printf(x->arena, "%d", ymd.month);
        view->valid_from.day = text_printf(x->arena, "%d", ymd.day);
        view->valid_from.era = day_era(x->arena, day);
    }
}

/* With nothing, when there is nothing before it. */
static enum rc fill_compare(struct exchange *x, const struct rules_check *check,
                            struct rules_publish_view *view) {
    struct rules_version before;
    enum rc rc;
    if (rules_before(x, check->valid_from, &before, &rc)) {
        view->compare.before = before.name;
        view->compare.after = view->name;
        rules_compare(x, before.document, check->draft.document, &view->compare);
    }
    return rc == RC_FAULT ? rc : RC_OK;
}

static void publish_page(struct exchange *x, int status, struct error_list errors) {
    struct rules_check *check = arena_new(x->arena, struct rules_check);
    enum rc rc = rules_check(&x->call, DAY_NONE, check);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    struct form_input input = x->body;
    input.form = &publish_form;
    if (!check->day_possible) {
        struct word_arg args[] = {{"day", rules_day_words(x, check->first_possible)}};
        page_error_add(x->arena, &errors, TEXT("rules_from"),
                       word_expand(x->arena, W_STAFF_RULES_DAY_PAST, args, 1));
    }
    struct rules_publish_view view = {
        .errors = errors,
        .form = page_form_view(x, TEXT(RULES_DRAFT "/publish")),
        .revision = text_printf(x->arena, "%lld", (long long)check->draft.revision),
        .name = rules_member(x, check->draft.document, "name"),
        .valid_from = page_date(x, &input, &errors, "rules_from"),
        .reason = page_area(x, &input, &errors, "publish_reason"),
        .sure = page_check(x, &input, &errors, "publish_sure"),
        .bookings = check->bookings == 0 ? word_text(W_STAFF_RULES_NO_BOOKINGS)
                                         : counted(x, W_STAFF_RULES_BOOKINGS, check->bookings),
        .replaces = check->replaces == 0 ? TEXT("") : word_text(W_STAFF_RULES_REPLACES),
        .sound = check->sound,
        .faults_url = exchange_link(x, RULES_DRAFT)};
    fill_day(x, check->valid_from, &view);
    rc = fill_compare(x, check, &view);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    struct page page;
    page_open(x, word_text(W_STAFF_RULES_PUBLISH), &page);
    page.frame.back = exchange_link(x, RULES_DRAFT);
    page.frame.faulty = status == 422;
    tmpl_rules_publish_page(&page.html, &page.frame, &view);
    page_send(x, status, &page);
}

static void show_publish(struct exchange *x) {
    publish_page(x, 200, (struct error_list){0});
}

static void publish_again(struct exchange *x) {
    publish_page(x, 422, page_errors(x, &x->body));
}

static void do_publish(struct exchange *x) {
    const struct publish_body *body = exchange_body(x);
    struct rules_publish ask = {
        .revision = body->revision, .valid_from = body->valid_from, .reason = body->reason};
    struct rules_outcome outcome = {0};
    struct error_list errors = {0};
    enum rc rc = rules_publish(&x->call, &ask, &outcome);
    if (rc == RC_RACE) {
        page_error_add(x->arena, &errors, TEXT(""), word_text(W_STAFF_RULES_CONFLICT_PUBLISH));
        publish_page(x, 409, errors);
    } else if (rc != RC_OK) {
        exchange_failed(x, rc);
    } else if (outcome.fault != RULES_FINE) {
        struct text at = outcome.fault == RULES_DAY_PAST ? TEXT("rules_from")
                         : outcome.fault == RULES_REASON ? TEXT("publish_reason")
                                                         : TEXT("");
        page_error_add(x->arena, &errors, at, rules_fault_words(x, &outcome));
        publish_page(x, 422, errors);
    } else {
        struct text path = text_printf(x->arena, "/city/rules/%lld", (long long)outcome.number);
        exchange_redirect(x, page_done_link(x, path, "rules-published"));
    }
}

static const struct route rows[] = {
    {HTTP_GET, RULES_DRAFT "/publish", show_publish, .roles = FOR_CITY_ADMIN, .cache = CACHE_OWN},
    {HTTP_POST, RULES_DRAFT "/publish", do_publish, .roles = FOR_CITY_ADMIN, .form = &publish_form,
     .again = publish_again},
};
const struct route_table staff_rules_publish_routes = ROUTES(rows);
