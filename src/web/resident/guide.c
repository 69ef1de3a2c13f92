/* Pages that explain: rules and prices, mails that do not arrive, accessibility. */
#include "web/eye.h"
#include "web/page_view.h"
#include "web/resident/rules.h"
#include "web/resident/tables.h"
#include "web/tmpl/resident/guide.h"
#include "web/web.h"

static void show_rules(struct exchange *x) {
    const struct programme *programme = eye_programme(x);
    if (programme == NULL) {
        exchange_not_found(x);
        return;
    }
    struct rules_view view;
    rules_fill(x, programme, &view);
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
    {HTTP_GET, "/rules", show_rules, .roles = FOR_ALL, .cache = CACHE_CITY},
    {HTTP_GET, "/help/mail", show_help_mail, .roles = FOR_ALL, .cache = CACHE_CITY},
    {HTTP_GET, "/accessibility", show_accessibility, .roles = FOR_ALL, .cache = CACHE_CITY},
};
const struct route_table guide_routes = ROUTES(rows);
