/* Pages that explain: rules and prices, mails that do not arrive, accessibility. */
#include "web/eye.h"
#include "web/page_view.h"
#include "web/resident/rules.h"
#include "web/resident/rules_places.h"
#include "web/resident/tables.h"
#include "web/tmpl/resident/guide.h"
#include "web/web.h"

struct rules_query {
    struct day on; /* a later version's; DAY_NONE: today's */
};
static const struct field rules_fields[] = {
    {.name = "on", .kind = FIELD_DAY, .offset = offsetof(struct rules_query, on)}};
static const struct form rules_form = FORM("RulesOn", rules_fields, struct rules_query);

static struct text rules_day(const struct exchange *x, struct day day) {
    struct ymd ymd = day_ymd(day);
    return text_printf(x->arena, "%d年%d月%d日", ymd.year, ymd.month, ymd.day);
}

static struct text rules_link(const struct exchange *x, struct day day) {
    return exchange_linkf(x, "/rules?on=%.*s", TEXT_F(day_format(x->arena, day)));
}

/* The version that comes after this one, and the way back to the one in force. */
static void put_versions(struct exchange *x, const struct programme *shown, struct rules_view *view) {
    const struct programme_set *set = x->call.city->rules;
    const struct programme *now = eye_programme(x);
    struct day today = instant_day(x->call.now);
    for (int32_t i = set->count - 1; i >= 0; i--) {
        struct day from = set->versions[i]->valid_from;
        if (day_before(today, from) && day_before(shown->valid_from, from)) {
            struct word_arg args[] = {{"day", rules_day(x, from)}, {"name", set->versions[i]->name}};
            view->next_line = word_expand(x->arena, W_RULES_NEXT, args, COUNT(args));
            view->next_url = rules_link(x, from);
        }
    }
    if (shown != now && now != NULL) {
        view->now_url = exchange_link(x, "/rules");
    }
}

static void show_rules(struct exchange *x) {
    const struct rules_query *query = exchange_query(x);
    bool later = x->query.error_count == 0 && !day_is_none(query->on) && x->call.city->rules != NULL;
    const struct programme *programme =
        later ? programme_at(x->call.city->rules, query->on) : eye_programme(x);
    if (programme == NULL) {
        exchange_not_found(x);
        return;
    }
    struct rules_view view;
    rules_fill(x->arena, programme, x->call.city->calendar, &view);
    put_versions(x, programme, &view);
    if (!rules_put_places(x, programme, &view)) {
        return;
    }
    struct page page;
    page_open(x, word_text(W_TITLE_RULES), &page);
    tmpl_rules_page(&page.html, &page.frame, &view);
    page_send(x, 200, &page);
}

/* "https://sango.example.jp" -> "sango.example.jp" */
static struct text own_domain(const struct exchange *x) {
    struct text url = x->web->house->public_url;
    size_t colon = text_index(url, ':');
    struct text rest = text_part(url, colon + 3, url.n);
    return text_part(rest, 0, text_index(rest, ':'));
}

static void show_help_mail(struct exchange *x) {
    struct help_view view = {.domain = own_domain(x)};
    struct page page;
    page_open(x, word_text(W_TITLE_HELP_MAIL), &page);
    tmpl_help_mail_page(&page.html, &page.frame, &view);
    page_send(x, 200, &page);
}

static void show_accessibility(struct exchange *x) {
    struct page page;
    page_open(x, word_text(W_TITLE_ACCESSIBILITY), &page);
    tmpl_accessibility_page(&page.html, &page.frame);
    page_send(x, 200, &page);
}

static const struct route rows[] = {
    {HTTP_GET, "/rules", show_rules, .roles = FOR_ALL, .cache = CACHE_CITY, .query = &rules_form},
    {HTTP_GET, "/help/mail", show_help_mail, .roles = FOR_ALL, .cache = CACHE_CITY},
    {HTTP_GET, "/accessibility", show_accessibility, .roles = FOR_ALL, .cache = CACHE_CITY},
};
const struct route_table guide_routes = ROUTES(rows);
