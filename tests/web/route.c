/* The tree of routes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "web/route.h"

static void nothing(struct exchange *x) {
    (void)x;
}

static const struct route rows_a[] = {
    {HTTP_GET, "/", nothing, .roles = FOR_ALL},
    {HTTP_GET, "/bookings", nothing, .roles = FOR_RESIDENT},
    {HTTP_POST, "/bookings", nothing, .roles = FOR_RESIDENT},
    {HTTP_GET, "/bookings/{id}", nothing, .roles = FOR_RESIDENT},
    {HTTP_POST, "/bookings/{id}/accept", nothing, .roles = FOR_FACILITY},
    {HTTP_GET, "/bookings/new", nothing, .roles = FOR_RESIDENT},
};
static const struct route rows_b[] = {
    {HTTP_GET, "/api/v1/a/{a_id}/b/{b_id}", nothing, .roles = FOR_ALL},
    {HTTP_GET, "/bookings/new/day", nothing, .roles = FOR_RESIDENT},
};
static const struct route_table a = ROUTES(rows_a);
static const struct route_table b = ROUTES(rows_b);
static const struct route_table *const tables[] = {&a, &b};

static void test_find(void **state) {
    (void)state;
    static const struct {
        enum http_method method;
        const char *path;
        const char *route; /* NULL: none */
        bool known;
        const char *params[2];
    } cases[] = {
        {HTTP_GET, "/", "/", true, {0}},
        {HTTP_HEAD, "/", "/", true, {0}},
        {HTTP_POST, "/", NULL, true, {0}},
        {HTTP_GET, "/bookings", "/bookings", true, {0}},
        {HTTP_GET, "/bookings/", NULL, false, {0}},
        {HTTP_GET, "/bookings/x", "/bookings/{id}", true, {"x"}},
        {HTTP_GET, "/bookings/new", "/bookings/new", true, {0}},
        {HTTP_GET, "/bookings/new/day", "/bookings/new/day", true, {0}},
        {HTTP_POST, "/bookings/new/accept", "/bookings/{id}/accept", true, {"new"}},
        {HTTP_GET, "/bookings/x/accept", NULL, true, {0}},
        {HTTP_POST, "/bookings/x/nothing", NULL, false, {0}},
        {HTTP_GET, "/Bookings", NULL, false, {0}},
        {HTTP_GET, "/api/v1/a/1/b/2", "/api/v1/a/{a_id}/b/{b_id}", true, {"1", "2"}},
        {HTTP_GET, "/api/v1/a/1/b", NULL, false, {0}},
        {HTTP_GET, "/api/v1", NULL, false, {0}},
    };
    struct arena arena;
    arena_init(&arena, 1 << 20);
    const struct route_tree *tree = route_tree_build(&arena, tables, COUNT(tables));
    assert_int_equal(route_count(tree), COUNT(rows_a) + COUNT(rows_b));
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct route_match match = route_find(tree, cases[i].method, text_of(cases[i].path));
        assert_int_equal(match.path_known, cases[i].known);
        assert_int_equal(match.route != NULL, cases[i].route != NULL);
        if (match.route == NULL) {
            continue;
        }
        assert_string_equal(match.route->path, cases[i].route);
        for (size_t p = 0; p < COUNT(cases[i].params); p++) {
            assert_int_equal(p < match.param_count, cases[i].params[p] != NULL);
            assert_true(p >= match.param_count || text_is(match.params[p].value, cases[i].params[p]));
        }
    }
    struct route_match match = route_find(tree, HTTP_DELETE, TEXT("/bookings"));
    assert_true(text_is(route_allow(&arena, match.allow), "GET, HEAD, POST"));
    arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_find)};
    return cmocka_run_group_tests_name("web/route", tests, NULL, NULL);
}
