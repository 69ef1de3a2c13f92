/* Her days and what they cost: each pool's days granted, used, booked and left, until when; the fees of uses past and
 * coming, line by line with their sums. Figures come from the query; nothing is decided here. */
#include "query/people.h"
#include "web/eye.h"
#include "web/page_view.h"
#include "web/resident/bookings.h"
#include "web/resident/days.h"
#include "web/resident/tables.h"
#include "web/tmpl/resident/me.h"

enum { USES_MAX = 100 };

void days_pools(const struct exchange *x, const struct registration_detail *detail,
                struct pools_view *ret_view) {
    const struct programme *programme = eye_programme(x);
    struct pool_item *pools = arena_array(x->arena, struct pool_item, detail->pool_count + 1);
    for (size_t i = 0; i < detail->pool_count; i++) {
        const struct pool_row *row = &detail->pools[i];
        int32_t pool = programme == NULL ? -1 : programme_pool(programme, row->pool);
        struct word_arg args[] = {{"left", num_grouped(x->arena, row->left)},
                                  {"granted", num_grouped(x->arena, row->granted)},
                                  {"used", num_grouped(x->arena, row->used)},
                                  {"booked", num_grouped(x->arena, row->booked)}};
        pools[i] = (struct pool_item){.name = pool < 0 ? row->pool : programme->pools[pool].name,
                                      .left = word_expand(x->arena, W_ME_LEFT, args, 1),
                                      .parts = word_expand(x->arena, W_ME_PARTS, args + 1, 3)};
    }
    *ret_view = (struct pools_view){.items = pools, .count = detail->pool_count};
    if (detail->has_grant) {
        struct word_arg until[] = {{"until", day_short(x->arena, detail->grant.valid_to)}};
        ret_view->until = word_expand(x->arena, W_ME_UNTIL, until, 1);
        ret_view->number = num_grouped(x->arena, detail->grant.number);
    }
}

/* What a use costs her: its fee, or after giving it back or not coming what that cost. */
static struct yen fee_of(const struct booking_row *row) {
    bool kept = my_booking_coming(row->state) || text_is(row->state, "completed");
    return kept ? row->fee : row->cancel_fee;
}

static bool concerns(const struct booking_row *row) {
    return my_booking_coming(row->state) || text_is(row->state, "completed") ||
           text_is(row->state, "no-show") || row->cancel_fee.n > 0;
}

static void use_add(const struct exchange *x, const struct booking_row *row, struct uses_view *view,
                    struct yen *sum) {
    struct word_arg units[] = {{"n", num_grouped(x->arena, row->units)}};
    view->items[view->count++] = (struct use_item){.booking = my_booking_of(x, row),
                                                   .units = word_expand(x->arena, W_BOOK_UNITS, units, 1),
                                                   .fee = page_yen(x->arena, fee_of(row))};
    sum->n += fee_of(row).n;
}

static enum rc fill_uses(const struct exchange *x, struct registration_id registration,
                         struct days_view *view) {
    struct query query = eye_of(x);
    struct booking_ask ask = {.from = DAY_NONE, .to = DAY_NONE, .by_start = true};
    struct query_page page = {.limit = USES_MAX};
    struct booking_row *rows;
    size_t count;
    enum rc rc = query_bookings(&query, &ask, &page, &rows, &count);
    if (rc != RC_OK) {
        return rc;
    }
    struct yen past = {0};
    struct yen coming = {0};
    view->past.items = arena_array(x->arena, struct use_item, count + 1);
    view->coming.items = arena_array(x->arena, struct use_item, count + 1);
    for (size_t i = 0; i < count; i++) {
        if (rows[i].registration.n != registration.n || !concerns(&rows[i])) {
            continue;
        }
        if (my_booking_coming(rows[i].state)) {
            use_add(x, &rows[i], &view->coming, &coming);
        } else {
            use_add(x, &rows[i], &view->past, &past);
        }
    }
    view->past.caption = word_text(W_DAYS_PAST);
    view->past.total = page_yen(x->arena, past);
    view->coming.caption = word_text(W_DAYS_COMING);
    view->coming.total = page_yen(x->arena, coming);
    return RC_OK;
}

static void show_days(struct exchange *x) {
    struct query query = eye_of(x);
    struct registration_detail detail;
    struct days_view view = {0};
    enum rc rc = query_registration(&query, (struct registration_id){0}, &detail);
    if (rc == RC_NONE || (rc == RC_OK && !detail.has_grant)) {
        exchange_redirect(x, exchange_link(x, "/me/registration")); /* no days before the approval */
        return;
    }
    if (rc == RC_OK) {
        rc = fill_uses(x, detail.registration.id, &view);
    }
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    days_pools(x, &detail, &view.pools);
    struct page page;
    page_open(x, word_text(W_TITLE_DAYS), &page);
    page.frame.back = exchange_link(x, "/me");
    tmpl_days_page(&page.html, &page.frame, &view);
    page_send(x, 200, &page);
}

static const struct route rows[] = {
    {HTTP_GET, "/me/days", show_days, .roles = FOR_RESIDENT, .cache = CACHE_OWN},
};
const struct route_table days_routes = ROUTES(rows);
