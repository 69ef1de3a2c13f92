#include "web/openapi_schema.h"

#include "web/openapi.h"
#include "web/exchange.h"
#include "web/web.h"

enum { PREFIX = 7 /* "/api/v1" is the server's address */ };

static void put_parameter(struct schema_writer *w, const char *name, const char *in, bool required,
                          const struct field *field) {
    json_put_object(&w->json, NULL);
    schema_z(w, "name", name);
    schema_z(w, "in", in);
    json_put_bool(&w->json, "required", required);
    if (field != NULL) {
        schema_field(w, "schema", field);
    } else {
        json_put_object(&w->json, "schema");
        schema_z(w, "type", "string");
        json_put_object_end(&w->json);
    }
    json_put_object_end(&w->json);
}

static void put_path_parameters(struct schema_writer *w, const struct route *route) {
    struct text rest = text_of(route->path + 1);
    struct text segment;
    while (text_next(&rest, '/', &segment)) {
        if (segment.n > 2 && segment.p[0] == '{') {
            put_parameter(w, text_copy(w->arena, text_part(segment, 1, segment.n - 1)).p, "path", true, NULL);
        }
    }
}

static void put_parameters(struct schema_writer *w, const struct route *route) {
    json_put_array(&w->json, "parameters");
    put_path_parameters(w, route);
    for (size_t i = 0; route->query != NULL && i < route->query->count; i++) {
        const struct field *field = &route->query->fields[i];
        put_parameter(w, field->name, "query", field->required, field);
    }
    if (route->idempotency != IDEM_NONE) {
        put_parameter(w, "Idempotency-Key", "header", route->idempotency == IDEM_REQUIRED, NULL);
    }
    json_put_array_end(&w->json);
}

static void put_content(struct schema_writer *w, const char *type, const struct form *form) {
    json_put_object(&w->json, "content");
    json_put_object(&w->json, type);
    json_put_object(&w->json, "schema");
    if (form != NULL) {
        schema_ref(w, form);
    } else {
        schema_z(w, "type", "object");
    }
    json_put_object_end(&w->json);
    json_put_object_end(&w->json);
    json_put_object_end(&w->json);
}

static void put_body(struct schema_writer *w, const struct route *route) {
    if (route->form == NULL) {
        return;
    }
    schema_need(w, route->form);
    json_put_object(&w->json, "requestBody");
    json_put_bool(&w->json, "required", true);
    put_content(w, "application/json", route->form);
    json_put_object_end(&w->json);
}

static void put_responses(struct schema_writer *w, const struct route *route) {
    int status = route->success == 0 ? 200 : route->success;
    json_put_object(&w->json, "responses");
    json_put_object(&w->json, text_printf(w->arena, "%d", status).p);
    schema_z(w, "description", status == 204 ? "Done" : "Answer");
    if (status != 204) {
        if (route->answer != NULL) {
            schema_need(w, route->answer);
        }
        put_content(w, "application/json", route->answer);
    }
    json_put_object_end(&w->json);
    json_put_object(&w->json, "default");
    json_put_text(&w->json, "$ref", TEXT("#/components/responses/Problem"));
    json_put_object_end(&w->json);
    json_put_object_end(&w->json);
}

/* Who may call: none needed, or a token; which roles stands beside it. */
static void put_security(struct schema_writer *w, const struct route *route) {
    json_put_array(&w->json, "security");
    if ((route->roles & FOR_PUBLIC) != 0) {
        json_put_object(&w->json, NULL);
        json_put_object_end(&w->json);
    }
    static const char *const schemes[] = {"bearer", "cookie"};
    for (size_t i = 0; i < COUNT(schemes); i++) {
        json_put_object(&w->json, NULL);
        json_put_array(&w->json, schemes[i]);
        json_put_array_end(&w->json);
        json_put_object_end(&w->json);
    }
    json_put_array_end(&w->json);
    json_put_array(&w->json, "x-roles");
    for (int role = 0; role < ROLE_CLOCK; role++) {
        if ((route->roles & 1U << role) != 0) {
            schema_z(w, NULL, role_code((enum role)role));
        }
    }
    json_put_array_end(&w->json);
}

static void put_operation(struct schema_writer *w, const struct route *route) {
    struct text method = text_lower(w->arena, text_of(http_method_name(route->method)));
    json_put_object(&w->json, method.p);
    schema_z(w, "summary", route->summary == NULL ? route->path : route->summary);
    if (route->unkeyed != NULL) {
        json_put_text(&w->json, "description",
                      text_printf(w->arena, "An Idempotency-Key has no meaning here: %s.", route->unkeyed));
    }
    put_parameters(w, route);
    put_body(w, route);
    put_responses(w, route);
    put_security(w, route);
    json_put_object_end(&w->json);
}

static bool in_document(const struct route *route) {
    return text_starts(text_of(route->path), TEXT("/api/v1/"));
}

static bool first_of_path(const struct route_tree *tree, size_t at) {
    for (size_t i = 0; i < at; i++) {
        if (text_is(text_of(route_at(tree, i)->path), route_at(tree, at)->path)) {
            return false;
        }
    }
    return true;
}

static void put_paths(struct schema_writer *w, const struct route_tree *tree) {
    json_put_object(&w->json, "paths");
    for (size_t i = 0; i < route_count(tree); i++) {
        const char *path = route_at(tree, i)->path;
        if (!in_document(route_at(tree, i)) || !first_of_path(tree, i)) {
            continue;
        }
        json_put_object(&w->json, path + PREFIX);
        for (size_t j = i; j < route_count(tree); j++) {
            if (text_is(text_of(route_at(tree, j)->path), path)) {
                put_operation(w, route_at(tree, j));
            }
        }
        json_put_object_end(&w->json);
    }
    json_put_object_end(&w->json);
}

static const struct field error_fields[] = {{.name = "pointer", .kind = FIELD_TEXT, .required = true},
                                            {.name = "code", .kind = FIELD_TEXT, .required = true},
                                            {.name = "detail", .kind = FIELD_TEXT, .required = true}};
static const struct form error_form = {
    .name = "FieldError", .fields = error_fields, .count = COUNT(error_fields)};

/* Members differ by code, so this one schema is written by hand. */
static void put_problem(struct schema_writer *w) {
    static const char *const texts[] = {"type", "title", "code", "detail"};
    schema_need(w, &error_form);
    json_put_object(&w->json, "Problem");
    schema_z(w, "type", "object");
    json_put_object(&w->json, "properties");
    for (size_t i = 0; i < COUNT(texts); i++) {
        json_put_object(&w->json, texts[i]);
        schema_z(w, "type", "string");
        json_put_object_end(&w->json);
    }
    json_put_object(&w->json, "status");
    schema_z(w, "type", "integer");
    json_put_object_end(&w->json);
    json_put_object(&w->json, "figures");
    schema_z(w, "type", "object");
    json_put_object_end(&w->json);
    json_put_object(&w->json, "errors");
    schema_z(w, "type", "array");
    json_put_object(&w->json, "items");
    schema_ref(w, &error_form);
    json_put_object_end(&w->json);
    json_put_object_end(&w->json);
    json_put_object_end(&w->json);
    json_put_array(&w->json, "required");
    for (size_t i = 0; i < COUNT(texts); i++) {
        schema_z(w, NULL, texts[i]);
    }
    schema_z(w, NULL, "status");
    json_put_array_end(&w->json);
    json_put_object_end(&w->json);
}

static void put_schemes(struct schema_writer *w) {
    json_put_object(&w->json, "securitySchemes");
    json_put_object(&w->json, "bearer");
    schema_z(w, "type", "http");
    schema_z(w, "scheme", "bearer");
    json_put_object_end(&w->json);
    json_put_object(&w->json, "cookie");
    schema_z(w, "type", "apiKey");
    schema_z(w, "in", "cookie");
    schema_z(w, "name", guard_cookie_name(true));
    json_put_object_end(&w->json);
    json_put_object_end(&w->json);
}

static void put_components(struct schema_writer *w) {
    json_put_object(&w->json, "components");
    put_schemes(w);
    json_put_object(&w->json, "responses");
    json_put_object(&w->json, "Problem");
    schema_z(w, "description", "Refusal or fault (RFC 9457)");
    json_put_object(&w->json, "content");
    json_put_object(&w->json, PROBLEM_TYPE);
    json_put_object(&w->json, "schema");
    schema_z(w, "$ref", "#/components/schemas/Problem");
    json_put_object_end(&w->json);
    json_put_object_end(&w->json);
    json_put_object_end(&w->json);
    json_put_object_end(&w->json);
    json_put_object_end(&w->json);
    json_put_object(&w->json, "schemas");
    put_problem(w);
    for (size_t i = 0; i < w->schema_count; i++) {
        schema_form(w, w->schemas[i]);
    }
    json_put_object_end(&w->json);
    json_put_object_end(&w->json);
}

struct text openapi_json(struct arena *arena, const struct route_tree *tree) {
    struct buf buf;
    buf_init(&buf, arena);
    struct schema_writer *w = arena_new(arena, struct schema_writer);
    w->arena = arena;
    json_out_init(&w->json, &buf);
    json_put_object(&w->json, NULL);
    schema_z(w, "openapi", "3.1.0");
    json_put_object(&w->json, "info");
    schema_z(w, "title", "sango");
    schema_z(w, "version", "1");
    json_put_object_end(&w->json);
    json_put_array(&w->json, "servers");
    json_put_object(&w->json, NULL);
    schema_z(w, "url", "/api/v1");
    json_put_object_end(&w->json);
    json_put_array_end(&w->json);
    put_paths(w, tree);
    put_components(w);
    json_put_object_end(&w->json);
    return buf_text(&buf);
}

static void show(struct exchange *x) {
    struct buf buf;
    buf_init(&buf, x->arena);
    buf_put(&buf, openapi_json(x->arena, x->web->routes));
    exchange_json(x, 200, &buf);
}

static const struct route rows[] = {
    {HTTP_GET, "/api/openapi.json", show, .roles = FOR_ALL, .cityless = true},
};
const struct route_table openapi_routes = ROUTES(rows);
