/* What holds for every route of the API, asked of the route table itself: ill-formed bodies, foreign fields, unknown
 * ids, and an OpenAPI document that says the same as the routes. */
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <jansson.h>

#include "web/desk.h"

struct roles {
    struct asker askers[ROLE_CLOCK];
};

static struct roles everybody(struct desk *desk) {
    struct roles roles = {0};
    struct account_id resident = fixture_resident(&desk->fx, &(struct fixture_person){.units = 7});
    roles.askers[ROLE_RESIDENT] = desk_sign_in(desk, resident, false);
    roles.askers[ROLE_FACILITY] = desk_sign_in(desk, desk->fx.staff[0], false);
    roles.askers[ROLE_COORDINATOR] = desk_sign_in(desk, desk->fx.coordinator, false);
    roles.askers[ROLE_CITY_ADMIN] = desk_sign_in(desk, desk->fx.admin, false);
    roles.askers[ROLE_AUDITOR] = desk_sign_in(desk, desk->fx.auditor, false);
    return roles;
}

static const struct asker *allowed(const struct roles *roles, const struct route *route) {
    for (int role = 0; role < ROLE_CLOCK; role++) {
        if ((route->roles & 1U << role) != 0) {
            return &roles->askers[role];
        }
    }
    return NULL;
}

static bool has_body(const struct route *route) {
    return route->method == HTTP_POST || route->method == HTTP_PUT;
}

static void expect(const struct route *route, const struct answer *a, int status, const char *code) {
    if (a->status != status || !text_is(desk_code(a), code)) {
        print_message("%s %s: %d %.*s\n", http_method_name(route->method), route->path, a->status,
                      TEXT_F(a->body));
    }
    assert_int_equal(a->status, status);
    assert_true(text_is(desk_code(a), code));
    assert_true(desk_member(a, "title").n > 0 && desk_member(a, "detail").n > 0);
}

static void bodies_are_read_strictly(struct engine *engine) {
    static const struct {
        const char *body;
        const char *type;
        int status;
        const char *code;
    } cases[] = {
        {"a=b", "application/x-www-form-urlencoded", 415, "bad-type"},
        {"{}", "text/plain", 415, "bad-type"},
        {"{\"a\":", NULL, 400, "bad-body"},
        {"[]", NULL, 400, "bad-body"},
        {"{} {}", NULL, 400, "bad-body"},
        {"{\"a\":\"\xc3\x28\"}", NULL, 400, "bad-body"},
        {"{\"a\":1,\"a\":2}", NULL, 400, "bad-body"},
        {"{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}}}}}}", NULL, 400, "bad-body"},
        {"{\"nonsense\":1}", NULL, 400, "invalid-fields"},
    };
    struct desk desk;
    desk_setup(&desk, engine);
    struct roles roles = everybody(&desk);
    for (size_t r = 0; r < route_count(desk.web->routes); r++) {
        const struct route *route = route_at(desk.web->routes, r);
        for (size_t i = 0; i < COUNT(cases) && route_is_api(route) && has_body(route); i++) {
            struct send send = {.method = route->method,
                                .target = desk_target(&desk, route, "0000000000001").p,
                                .body = text_of(cases[i].body),
                                .type = cases[i].type};
            struct answer a = desk_send(&desk, allowed(&roles, route), &send);
            expect(route, &a, cases[i].status, cases[i].code);
            if (i == COUNT(cases) - 1 &&
                !text_has(a.body, TEXT("\"/nonsense\",\"code\":\"unknown-field\""))) {
                print_message("%s: %.*s\n", route->path, TEXT_F(a.body));
                fail();
            }
        }
    }
    desk_teardown(&desk);
}

/* With what a query must have, which is looked at before the path. */
static struct text asked_with(struct desk *desk, const struct route *route, const char *id) {
    bool compares = text_ends(text_of(route->path), TEXT("/compare"));
    return text_join(&desk->arena, desk_target(desk, route, id), compares ? TEXT("?with=1") : TEXT(""));
}

static void unknown_ids_are_not_found(struct engine *engine) {
    struct desk desk;
    desk_setup(&desk, engine);
    struct roles roles = everybody(&desk);
    for (size_t r = 0; r < route_count(desk.web->routes); r++) {
        const struct route *route = route_at(desk.web->routes, r);
        if (!route_is_api(route) || strchr(route->path, '{') == NULL) {
            continue;
        }
        if (route->form != NULL && strstr(route->path, "{number}") != NULL) {
            continue; /* its body is looked at first */
        }
        struct send send = {.method = route->method, .target = asked_with(&desk, route, "nonsense").p};
        struct answer a = desk_send(&desk, allowed(&roles, route), &send);
        expect(route, &a, 404, "not-found");
        if (route->form != NULL || strstr(route->path, "/read") != NULL) {
            continue; /* its body is looked at first; reading a notice again, or none, is no fault */
        }
        send.target = asked_with(&desk, route, "0000000099999").p;
        a = desk_send(&desk, allowed(&roles, route), &send);
        expect(route, &a, 404, "not-found");
    }
    desk_teardown(&desk);
}

/* ---- the document ---- */

static const json_t *operation_of(struct desk *desk, const json_t *root, const struct route *route) {
    struct text method = text_lower(&desk->arena, text_of(http_method_name(route->method)));
    const json_t *path = json_object_get(json_object_get(root, "paths"), route->path + strlen("/api/v1"));
    return json_object_get(path, method.p);
}

static size_t operations(const json_t *root) {
    size_t n = 0;
    const char *key;
    json_t *path;
    json_object_foreach(json_object_get(root, "paths"), key, path) {
        n += json_object_size(path);
    }
    return n;
}

static bool names_role(const json_t *operation, const char *role) {
    size_t i;
    json_t *value;
    json_array_foreach(json_object_get(operation, "x-roles"), i, value) {
        if (strcmp(json_string_value(value), role) == 0) {
            return true;
        }
    }
    return false;
}

/* Every "$ref" leads somewhere. */
static void follow_refs(const json_t *root, const json_t *node) {
    const char *key;
    json_t *value;
    size_t i;
    json_object_foreach((json_t *)(uintptr_t)node, key, value) {
        if (strcmp(key, "$ref") == 0) {
            const char *prefix = "#/components/";
            assert_int_equal(strncmp(json_string_value(value), prefix, strlen(prefix)), 0);
            struct text rest = text_of(json_string_value(value) + strlen(prefix));
            struct text piece;
            const json_t *at = json_object_get(root, "components");
            while (text_next(&rest, '/', &piece)) {
                at = json_object_getn(at, piece.p, piece.n);
            }
            assert_non_null(at);
        }
        follow_refs(root, value);
    }
    json_array_foreach(node, i, value) {
        follow_refs(root, value);
    }
}

static void document_says_the_same(struct engine *engine) {
    struct desk desk;
    desk_setup(&desk, engine);
    struct answer a = desk_get(&desk, NULL, "/api/openapi.json");
    assert_int_equal(a.status, 200);
    json_t *root = json_loadb(a.body.p, a.body.n, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    size_t count = 0;
    for (size_t r = 0; r < route_count(desk.web->routes); r++) {
        const struct route *route = route_at(desk.web->routes, r);
        if (strncmp(route->path, "/api/v1/", 8) != 0) {
            continue;
        }
        const json_t *operation = operation_of(&desk, root, route);
        assert_non_null(operation);
        assert_non_null(route->summary);
        assert_int_equal(json_object_get(operation, "requestBody") != NULL, route->form != NULL);
        bool keyed = route->idempotency != IDEM_NONE; /* or it says why not */
        assert_int_equal(route->unkeyed != NULL, route->method == HTTP_POST && !keyed);
        assert_int_equal(json_object_get(operation, "description") != NULL, route->unkeyed != NULL);
        for (int role = 0; role < ROLE_CLOCK; role++) {
            assert_int_equal(names_role(operation, role_code((enum role)role)), (route->roles >> role) & 1);
        }
        count++;
    }
    assert_int_equal(operations(root), count);
    follow_refs(root, root);
    json_decref(root);
    desk_teardown(&desk);
}

int main(void) {
    static const struct engine_case cases[] = {ENGINE_CASE(bodies_are_read_strictly),
                                               ENGINE_CASE(unknown_ids_are_not_found),
                                               ENGINE_CASE(document_says_the_same)};
    return engines_run("web/api_shape", cases, COUNT(cases), fixture_lists());
}
