#include "web/app.h"

#include "web/api/api.h"
#include "web/openapi.h"
#include "web/health.h"
#include "web/page.h"
#include "web/resident/tables.h"
#include "web/staff/tables.h"
#include "web/static.h"

enum { OWN_ENTRIES = 8192, OWN_BYTES = 6 << 20 };

/* One a line, so that two people can add theirs. */
/* clang-format off */
static const struct route_table *const tables[] = {
    &openapi_routes,
    &api_account_routes,
    &api_session_routes,
    &api_city_routes,
    &api_facility_routes,
    &api_facility_new_routes,
    &api_vacancy_routes,
    &api_capacity_routes,
    &api_registration_routes,
    &api_decision_routes,
    &api_me_routes,
    &api_booking_routes,
    &api_booking_step_routes,
    &api_wait_routes,
    &api_figure_routes,
    &api_audit_routes,
    &api_notice_routes,
    &api_staff_routes,
    &api_rules_routes,
    &api_rules_change_routes,
    &page_routes,
    &book_check_routes,
    &book_health_routes,
    &book_routes,
    &guide_routes,
    &me_routes,
    &days_routes,
    &my_account_routes,
    &my_booking_routes,
    &my_offer_routes,
    &my_wait_routes,
    &public_routes,
    &registration_routes,
    &birth_routes,
    &registration_send_routes,
    &sign_in_routes,
    &staff_board_routes,
    &staff_booking_routes,
    &staff_capacity_routes,
    &staff_propose_routes,
    &staff_registration_routes,
    &staff_decision_routes,
    &staff_bookings_routes,
    &staff_behalf_routes,
    &staff_statistics_routes,
    &staff_claim_routes,
    &staff_record_routes,
    &staff_wait_routes,
    &staff_office_routes,
    &staff_facility_routes,
    &staff_facility_new_routes,
    &staff_rules_routes,
    &staff_rules_draft_routes,
    &staff_rules_edit_routes,
    &staff_rules_try_routes,
    &staff_rules_publish_routes,
    &staff_account_routes,
    &staff_week_routes,
    &health_routes,
    &static_routes,
};
/* clang-format on */

const struct route_tree *app_routes(struct arena *arena) {
    return route_tree_build(arena, tables, COUNT(tables));
}

static enum rc find_session(void *ctx, struct call *call, struct text token, struct session *ret_session) {
    (void)ctx;
    return session_find(call, token, ret_session);
}

struct web *app_make(struct arena *arena, const struct house *house) {
    struct web *web = arena_new(arena, struct web);
    *web = (struct web){.house = house,
                        .routes = app_routes(arena),
                        .cache = page_cache_make((struct page_cache_limits){0}),
                        .own = page_cache_make((struct page_cache_limits){OWN_ENTRIES, OWN_BYTES}),
                        .blanks = own_blanks_make(arena, house->env),
                        .versions = &keep_real,
                        .guard = {.session = find_session, .error_page = page_error}};
    web->rounds = rounds_start(web);
    busy_prepare(arena, web, &web->busy);
    return web;
}

void app_release(struct web *web) {
    rounds_stop(web->rounds);
    web->rounds = NULL;
    page_cache_release(web->cache);
    web->cache = NULL;
    page_cache_release(web->own);
    web->own = NULL;
}
