/* Every refusal that a request over the API can meet, shown once: status, code, figures and a sentence; the same reason
 * stands in the quote. And that the table of statuses covers every code there is. */
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "web/desk.h"
#include "web/refusal.h"

static struct text ask_body(struct desk *desk, const char *care, int32_t first, int32_t nights) {
    return desk_printf(desk, "{\"facility\":\"%s\",\"care\":\"%s\",\"start\":\"%s\",\"end\":\"%s\"}",
                       desk_id(desk, desk->fx.facilities[0].n).p, care,
                       day_format(&desk->arena, fixture_day(&desk->fx, first)).p,
                       day_format(&desk->arena, fixture_day(&desk->fx, first + nights)).p);
}

struct refused_case {
    const char *code;
    int status;
    struct fixture_person person;
    const char *care;
    int32_t first;
    int32_t nights;
    const char *figure; /* a member of figures; NULL: none */
};

static const struct refused_case cases[] = {
    {"not-approved", 409, {.unapproved = true}, "stay", 3, 1, NULL},
    {"quota", 409, {.units = 1}, "stay", 3, 2, "\"left\":1"},
    {"age", 422, {.units = 7, .born = "2026-07-15"}, "stay", 3, 1, "\"last_day\":\"2026-11-14\""},
    {"full", 409, {.units = 7}, "stay", 30, 1, "\"day\":\"2026-12-20\""},
    {"closed", 409, {.units = 7}, "stay", 70, 1, "\"day\":"},
    {"deadline", 422, {.units = 7}, "stay", -1, 1, "\"deadline\":"},
    {"unknown-care", 422, {.units = 7}, "spa", 3, 0, "\"care\":\"spa\""},
    {"dates", 422, {.units = 7}, "stay", 3, 0, NULL},
    {"dates", 422, {.units = 7}, "stay", 3, -1, NULL},
    {"dates", 422, {.units = 7}, "day", 3, 1, NULL},
    {"before-birth", 422, {.units = 7, .born = "2026-11-25"}, "stay", 3, 1, "\"birth\":\"2026-11-25\""},
    {"grant-period",
     422,
     {.units = 7, .born = "2026-09-01"},
     "stay",
     -60,
     1,
     "\"valid_from\":\"2026-10-01\""},
};

static bool has_code(struct desk *desk, const struct answer *answer, const char *code) {
    return text_has(answer->body, desk_printf(desk, "{\"code\":\"%s\",\"detail\":\"", code));
}

static void each_is_explained(struct engine *engine) {
    struct desk desk;
    desk_setup(&desk, engine);
    fixture_capacity(&desk.fx, 0, "stay", 30, 1, 0);
    fixture_capacity(&desk.fx, 0, "stay", 29, 1, 1);
    /* Day 30 has one place, and somebody has it. */
    fixture_capacity(&desk.fx, 0, "stay", 30, 1, 1);
    struct account_id other = fixture_resident(&desk.fx, &(struct fixture_person){.units = 7});
    struct book_ask taken = fixture_ask(&desk.fx, 0, 30, 1);
    (void)fixture_book(&desk.fx, other, &taken);
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct refused_case *c = &cases[i];
        struct asker who = desk_sign_in(&desk, fixture_resident(&desk.fx, &c->person), false);
        struct text body = ask_body(&desk, c->care, c->first, c->nights);
        struct answer quote = desk_post(&desk, &who, "/api/v1/quotes", body);
        struct answer a = desk_post(&desk, &who, "/api/v1/bookings", body);
        bool good = quote.status == 200 && text_is(desk_member(&quote, "allowed"), "false") &&
                    has_code(&desk, &quote, c->code) && a.status == c->status && desk_code(&a).n > 0 &&
                    has_code(&desk, &quote, desk_code(&a).p);
        if (!good || !text_is(desk_code(&a), c->code)) {
            print_message("%s: %d %.*s\n%.*s\n", c->code, a.status, TEXT_F(a.body), TEXT_F(quote.body));
        }
        assert_true(good);
        assert_true(text_is(desk_code(&a), c->code));
        assert_true(c->figure == NULL || text_has(a.body, text_of(c->figure)));
        assert_true(desk_member(&a, "title").n > 0 && desk_member(&a, "detail").n > 0);
    }
    desk_teardown(&desk);
}

static void table_is_whole(struct engine *engine) {
    (void)engine;
    for (int r = REFUSAL_NONE + 1; r < REFUSAL__MAX; r++) {
        int status = refusal_status((enum refusal)r);
        assert_true(status == 409 || status == 422);
        assert_true(refusal_title((enum refusal)r).n > 0);
    }
    assert_int_equal(refusal_status(REFUSAL_FULL), 409); /* outside clients rely on it */
}

int main(void) {
    static const struct engine_case engine_cases[] = {ENGINE_CASE(each_is_explained),
                                                      ENGINE_CASE(table_is_whole)};
    return engines_run("web/api_refusal", engine_cases, COUNT(engine_cases), fixture_lists());
}
