/* Bookings over the API on both engines: from a quote to the end of a use, refusals with their figures, keys that repeat
 * byte for byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "web/desk.h"

static struct text ask_body(struct desk *desk, int facility, const char *care, int32_t first,
                            int32_t nights) {
    struct arena *arena = &desk->arena;
    return desk_printf(desk, "{\"facility\":\"%s\",\"care\":\"%s\",\"start\":\"%s\",\"end\":\"%s\"}",
                       desk_id(desk, desk->fx.facilities[facility].n).p, care,
                       day_format(arena, fixture_day(&desk->fx, first)).p,
                       day_format(arena, fixture_day(&desk->fx, first + nights)).p);
}

static void from_quote_to_end(struct engine *engine) {
    struct desk desk;
    desk_setup(&desk, engine);
    struct asker hana =
        desk_sign_in(&desk, fixture_resident(&desk.fx, &(struct fixture_person){.units = 7}), false);
    struct asker staff = desk_sign_in(&desk, desk.fx.staff[0], false);
    struct answer a = desk_post(&desk, &hana, "/api/v1/quotes", ask_body(&desk, 0, "stay", 3, 1));
    desk_problem(&a, 200, "");
    assert_true(text_is(desk_member(&a, "allowed"), "true"));
    a = desk_post(&desk, &hana, "/api/v1/bookings", ask_body(&desk, 0, "stay", 3, 1));
    desk_problem(&a, 201, "");
    assert_true(text_is(desk_member(&a, "state"), "requested"));
    assert_true(text_is(desk_member(&a, "fee"), "3100"));
    struct text id = text_copy(&desk.arena, desk_member(&a, "id"));
    struct text path = desk_printf(&desk, "/api/v1/bookings/%s", id.p);
    assert_true(text_eq(a.location, path));
    a = desk_get(&desk, &hana, path.p);
    desk_problem(&a, 200, "");
    struct text etag = desk_header(&a, "ETag");
    assert_true(etag.n > 0);
    a = desk_send(&desk, &staff,
                  &(struct send){.method = HTTP_POST,
                                 .target = desk_printf(&desk, "%s/accept", path.p).p,
                                 .headers = {"If-Match", "\"99\""}});
    desk_problem(&a, 412, "changed");
    a = desk_send(&desk, &staff,
                  &(struct send){.method = HTTP_POST,
                                 .target = desk_printf(&desk, "%s/accept", path.p).p,
                                 .headers = {"If-Match", etag.p}});
    desk_problem(&a, 200, "");
    assert_true(text_is(desk_member(&a, "state"), "confirmed"));
    a = desk_post(&desk, &staff, desk_printf(&desk, "%s/check-in", path.p).p, TEXT(""));
    desk_problem(&a, 409, "state"); /* not before the day */
    fixture_later(&desk.fx, 3 * 24 * 3600 + 3600);
    staff = desk_sign_in(&desk, desk.fx.staff[0], false);
    a = desk_post(&desk, &staff, desk_printf(&desk, "%s/check-in", path.p).p, TEXT("{}"));
    desk_problem(&a, 200, "");
    fixture_later(&desk.fx, 24 * 3600);
    staff = desk_sign_in(&desk, desk.fx.staff[0], false);
    a = desk_post(&desk, &staff, desk_printf(&desk, "%s/complete", path.p).p,
                  TEXT("{\"report\":\"よく眠れた\"}"));
    desk_problem(&a, 200, "");
    assert_true(text_is(desk_member(&a, "state"), "completed"));
    desk_teardown(&desk);
}

static void keys_repeat(struct engine *engine) {
    struct desk desk;
    desk_setup(&desk, engine);
    struct asker hana =
        desk_sign_in(&desk, fixture_resident(&desk.fx, &(struct fixture_person){.units = 7}), false);
    struct send send = {.method = HTTP_POST,
                        .target = "/api/v1/bookings",
                        .body = ask_body(&desk, 1, "day", 2, 0),
                        .key = ""};
    struct answer a = desk_send(&desk, &hana, &send);
    desk_problem(&a, 400, "idempotency-key-missing");
    send.key = "k-1";
    struct answer first = desk_send(&desk, &hana, &send);
    desk_problem(&first, 201, "");
    struct answer again = desk_send(&desk, &hana, &send);
    assert_int_equal(again.status, 201);
    assert_true(text_eq(first.body, again.body));
    assert_true(text_eq(first.location, again.location));
    send.body = ask_body(&desk, 1, "day", 3, 0);
    a = desk_send(&desk, &hana, &send);
    desk_problem(&a, 422, "idempotency-mismatch");
    /* A refusal is repeated too. */
    send.body = ask_body(&desk, 1, "day", 2, 0);
    send.key = "k-2";
    first = desk_send(&desk, &hana, &send);
    desk_problem(&first, 409, "overlap");
    again = desk_send(&desk, &hana, &send);
    assert_true(text_eq(first.body, again.body));
    desk_teardown(&desk);
}

static void full_names_the_wait(struct engine *engine) {
    struct desk desk;
    desk_setup(&desk, engine);
    fixture_capacity(&desk.fx, 1, "day", 5, 1, 0);
    struct asker hana =
        desk_sign_in(&desk, fixture_resident(&desk.fx, &(struct fixture_person){.units = 7}), false);
    fixture_capacity(&desk.fx, 1, "stay", 5, 2, 1);
    struct asker mari =
        desk_sign_in(&desk, fixture_resident(&desk.fx, &(struct fixture_person){.units = 7}), false);
    struct answer a = desk_post(&desk, &mari, "/api/v1/bookings", ask_body(&desk, 1, "stay", 5, 1));
    desk_problem(&a, 201, "");
    a = desk_post(&desk, &hana, "/api/v1/bookings", ask_body(&desk, 1, "stay", 5, 1));
    desk_problem(&a, 409, "full");
    assert_true(text_has(a.body, TEXT("\"wait\":{")));
    assert_true(text_has(a.body, TEXT("\"nights\":1")));
    struct text wish = desk_printf(&desk,
                                   "{\"facilities\":[\"%s\"],\"care\":\"stay\",\"from\":\"%s\",\"to\":\"%s\","
                                   "\"nights\":1,\"mode\":\"ask\",\"notice_hours\":0}",
                                   desk_id(&desk, desk.fx.facilities[1].n).p,
                                   day_format(&desk.arena, fixture_day(&desk.fx, 5)).p,
                                   day_format(&desk.arena, fixture_day(&desk.fx, 6)).p);
    a = desk_post(&desk, &hana, "/api/v1/waits", wish);
    desk_problem(&a, 201, "");
    assert_true(text_is(desk_member(&a, "state"), "waiting"));
    a = desk_post(&desk, &hana, "/api/v1/waits",
                  desk_printf(&desk,
                              "{\"facilities\":\"any\",\"care\":\"day\",\"from\":\"%s\",\"to\":\"%s\"}",
                              day_format(&desk.arena, fixture_day(&desk.fx, 20)).p,
                              day_format(&desk.arena, fixture_day(&desk.fx, 21)).p));
    desk_problem(&a, 201, ""); /* a place is free: offered at once */
    assert_true(text_is(desk_member(&a, "state"), "offered"));
    struct text offer = text_copy(&desk.arena, desk_member(&a, "offer"));
    a = desk_get(&desk, &hana, "/api/v1/offers");
    desk_problem(&a, 200, "");
    assert_true(text_has(a.body, offer));
    a = desk_post(&desk, &hana, desk_printf(&desk, "/api/v1/offers/%s/accept", offer.p).p, TEXT(""));
    desk_problem(&a, 200, "");
    assert_true(text_is(desk_member(&a, "state"), "accepted"));
    a = desk_get(&desk, &hana, "/api/v1/waits?limit=1");
    desk_problem(&a, 200, "");
    assert_true(desk_member(&a, "next").n > 0);
    desk_teardown(&desk);
}

/* The facility proposes over the API; she answers on her page. */
static void proposals_and_exclusions(struct engine *engine) {
    struct desk desk;
    desk_setup(&desk, engine);
    struct account_id hana = fixture_resident(&desk.fx, &(struct fixture_person){.units = 7});
    struct asker her = desk_sign_in(&desk, hana, false);
    struct asker staff = desk_sign_in(&desk, desk.fx.staff[1], false);
    struct text place = ask_body(&desk, 1, "stay", 3, 1);
    struct text open = text_part(place, 0, place.n - 1);
    struct answer a = desk_post(&desk, &her, "/api/v1/bookings",
                                desk_printf(&desk, "%.*s,\"exclusions\":[\"infection\"]}", TEXT_F(open)));
    desk_problem(&a, 422, "exclusion");
    a = desk_post(&desk, &her, "/api/v1/bookings",
                  desk_printf(&desk, "%.*s,\"exclusions\":[\"flying\"]}", TEXT_F(open)));
    desk_problem(&a, 422, "invalid-fields");
    a = desk_post(&desk, &her, "/api/v1/bookings",
                  desk_printf(&desk, "%.*s,\"exclusions\":[]}", TEXT_F(open)));
    desk_problem(&a, 201, "");
    struct text old = text_copy(&desk.arena, desk_member(&a, "id"));
    a = desk_post(&desk, &staff, desk_printf(&desk, "/api/v1/bookings/%s/change", old.p).p,
                  ask_body(&desk, 1, "stay", 5, 1));
    desk_problem(&a, 201, "");
    assert_true(text_is(desk_member(&a, "proposed"), "true"));
    struct text fresh = text_copy(&desk.arena, desk_member(&a, "id"));
    struct text path = desk_printf(&desk, "/api/v1/bookings/%s", fresh.p);
    a = desk_post(&desk, &staff, desk_printf(&desk, "%s/accept", path.p).p, TEXT(""));
    desk_problem(&a, 409, "state");
    a = desk_post(&desk, &staff, desk_printf(&desk, "%s/decline", path.p).p, TEXT("{}"));
    desk_problem(&a, 422, "invalid-fields"); /* a facility says why */
    a = desk_post(&desk, &her, desk_printf(&desk, "/api/v1/bookings/%s/accept", old.p).p, TEXT(""));
    desk_problem(&a, 403, "forbidden"); /* not a proposal: not hers to answer */
    struct asker page = desk_sign_in(&desk, hana, true);
    a = desk_get(&desk, &page, desk_printf(&desk, "/me/bookings/%s", fresh.p).p);
    assert_int_equal(a.status, 200);
    assert_true(text_has(a.body, TEXT("この日に変える")));
    a = desk_post(&desk, &page, desk_printf(&desk, "/me/bookings/%s/accept", fresh.p).p, TEXT(""));
    assert_int_equal(a.status, 303);
    a = desk_get(&desk, &her, path.p);
    assert_true(text_is(desk_member(&a, "state"), "confirmed"));
    desk_teardown(&desk);
}

int main(void) {
    static const struct engine_case cases[] = {ENGINE_CASE(from_quote_to_end), ENGINE_CASE(keys_repeat),
                                               ENGINE_CASE(proposals_and_exclusions),
                                               ENGINE_CASE(full_names_the_wait)};
    return engines_run("web/api_booking", cases, COUNT(cases), fixture_lists());
}
