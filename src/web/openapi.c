#include "web/openapi.h"

#include <assert.h>

#include "base/json_out.h"
#include "web/exchange.h"
#include "web/web.h"

enum { SCHEMAS_MAX = 200, PREFIX = 7 /* "/api/v1" is the server's address */ };

struct writer {
    struct json_out json;
    struct arena *arena;
    const struct form *schemas[SCHEMAS_MAX];
    size_t schema_count;
};

static void need_schema(struct writer *w, const struct form *form) {
    for (size_t i = 0; i < w->schema_count; i++) {
        if (w->schemas[i] == form) {
            return;
        }
        assert(!text_is(text_of(w->schemas[i]->name), form->name));
    }
    assert(w->schema_count < SCHEMAS_MAX);
    w->schemas[w->schema_count++] = form;
    for (size_t i = 0; i < form->count; i++) {
        if (form->fields[i].inner != NULL) {
            need_schema(w, form->fields[i].inner);
        }
    }
}

static void put_z(struct writer *w, const char *key, const char *value) {
    json_put_text(&w->json, key, text_of(value));
}

static void put_ref(struct writer *w, const struct form *form) {
    json_put_text(&w->json, "$ref", text_join(w->arena, TEXT("#/components/schemas/"), text_of(form->name)));
}

static void put_type(struct writer *w, const char *type, const char *format) {
    put_z(w, "type", type);
    if (format != NULL) {
        put_z(w, "format", format);
    }
}

static void put_length(struct writer *w, const struct field *field) {
    if (field->min > 0) {
        json_put_int(&w->json, "minLength", field->min);
    }
    if (field->max > 0) {
        json_put_int(&w->json, "maxLength", field->max);
    }
}

static void put_items(struct writer *w, const struct field *field) {
    put_z(w, "type", "array");
    if (field->min > 0) {
        json_put_int(&w->json, "minItems", field->min);
    }
    json_put_int(&w->json, "maxItems", field->max > 0 ? field->max : 32);
    json_put_object(&w->json, "items");
    if (field->kind == FIELD_OBJECTS) {
        put_ref(w, field->inner);
    } else {
        put_type(w, "string", NULL);
    }
    json_put_object_end(&w->json);
}

/* An array, or the one word that stands for all. */
static void put_list(struct writer *w, const struct field *field) {
    if (field->choices == NULL) {
        put_items(w, field);
        return;
    }
    json_put_array(&w->json, "oneOf");
    json_put_object(&w->json, NULL);
    put_items(w, field);
    json_put_object_end(&w->json);
    json_put_object(&w->json, NULL);
    put_z(w, "const", field->choices[0]);
    json_put_object_end(&w->json);
    json_put_array_end(&w->json);
}

static void put_range(struct writer *w, const struct field *field) {
    put_type(w, "integer", "int64");
    if (field->min != 0 || field->max != 0) {
        json_put_int(&w->json, "minimum", field->min);
    }
    if (field->max != 0) {
        json_put_int(&w->json, "maximum", field->max);
    }
}

static void put_choices(struct writer *w, const struct field *field) {
    put_z(w, "type", "string");
    json_put_array(&w->json, "enum");
    for (size_t i = 0; field->choices[i] != NULL; i++) {
        put_z(w, NULL, field->choices[i]);
    }
    json_put_array_end(&w->json);
}

static void put_kind(struct writer *w, const struct field *field) {
    switch (field->kind) {
    case FIELD_EMAIL:
        put_type(w, "string", "email");
        break;
    case FIELD_SECRET:
        put_type(w, "string", "password");
        put_length(w, field);
        break;
    case FIELD_DAY:
        put_type(w, "string", "date");
        break;
    case FIELD_MONTH:
        put_type(w, "string", NULL);
        put_z(w, "pattern", "^[0-9]{4}-[0-9]{2}$");
        break;
    case FIELD_INSTANT:
        put_type(w, "string", "date-time");
        break;
    case FIELD_INT:
        put_range(w, field);
        break;
    case FIELD_BOOL:
        put_type(w, "boolean", NULL);
        break;
    case FIELD_ID:
        put_type(w, "string", NULL);
        put_z(w, "pattern", "^[0-9A-Za-z]{13}$");
        break;
    case FIELD_CHOICE:
        put_choices(w, field);
        break;
    case FIELD_TEXTS:
    case FIELD_IDS:
    case FIELD_OBJECTS:
        put_list(w, field);
        break;
    case FIELD_COUNTS:
        put_z(w, "type", "object");
        json_put_object(&w->json, "additionalProperties");
        put_range(w, field);
        json_put_object_end(&w->json);
        break;
    case FIELD_OBJECT:
        put_ref(w, field->inner);
        break;
    default:
        put_type(w, "string", NULL);
        put_length(w, field);
    }
}

static void put_field_schema(struct writer *w, const char *key, const struct field *field) {
    json_put_object(&w->json, key);
    put_kind(w, field);
    if (field->note != NULL) {
        put_z(w, "description", field->note);
    }
    json_put_object_end(&w->json);
}

static void put_form_schema(struct writer *w, const struct form *form) {
    json_put_object(&w->json, form->name);
    put_z(w, "type", "object");
    json_put_bool(&w->json, "additionalProperties", false);
    json_put_object(&w->json, "properties");
    for (size_t i = 0; i < form->count; i++) {
        put_field_schema(w, form->fields[i].name, &form->fields[i]);
    }
    json_put_object_end(&w->json);
    json_put_array(&w->json, "required");
    for (size_t i = 0; i < form->count; i++) {
        if (form->fields[i].required) {
            put_z(w, NULL, form->fields[i].name);
        }
    }
    json_put_array_end(&w->json);
    json_put_object_end(&w->json);
}

static void put_parameter(struct writer *w, const char *name, const char *in, bool required,
                          const struct field *field) {
    json_put_object(&w->json, NULL);
    put_z(w, "name", name);
    put_z(w, "in", in);
    json_put_bool(&w->json, "required", required);
    if (field != NULL) {
        put_field_schema(w, "schema", field);
    } else {
        json_put_object(&w->json, "schema");
        put_z(w, "type", "string");
        json_put_object_end(&w->json);
    }
    json_put_object_end(&w->json);
}

static void put_path_parameters(struct writer *w, const struct route *route) {
    struct text rest = text_of(route->path + 1);
    struct text segment;
    while (text_next(&rest, '/', &segment)) {
        if (segment.n > 2 && segment.p[0] == '{') {
            put_parameter(w, text_copy(w->arena, text_part(segment, 1, segment.n - 1)).p, "path", true, NULL);
        }
    }
}

static void put_parameters(struct writer *w, const struct route *route) {
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

static void put_content(struct writer *w, const char *type, const struct form *form) {
    json_put_object(&w->json, "content");
    json_put_object(&w->json, type);
    json_put_object(&w->json, "schema");
    if (form != NULL) {
        put_ref(w, form);
    } else {
        put_z(w, "type", "object");
    }
    json_put_object_end(&w->json);
    json_put_object_end(&w->json);
    json_put_object_end(&w->json);
}

static void put_body(struct writer *w, const struct route *route) {
    if (route->form == NULL) {
        return;
    }
    need_schema(w, route->form);
    json_put_object(&w->json, "requestBody");
    json_put_bool(&w->json, "required", true);
    put_content(w, "application/json", route->form);
    json_put_object_end(&w->json);
}

static void put_responses(struct writer *w, const struct route *route) {
    int status = route->success == 0 ? 200 : route->success;
    json_put_object(&w->json, "responses");
    json_put_object(&w->json, text_printf(w->arena, "%d", status).p);
    put_z(w, "description", status == 204 ? "Done" : "Answer");
    if (status != 204) {
        if (route->answer != NULL) {
            need_schema(w, route->answer);
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
static void put_security(struct writer *w, const struct route *route) {
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
            put_z(w, NULL, role_code((enum role)role));
        }
    }
    json_put_array_end(&w->json);
}

static void put_operation(struct writer *w, const struct route *route) {
    struct text method = text_lower(w->arena, text_of(http_method_name(route->method)));
    json_put_object(&w->json, method.p);
    put_z(w, "summary", route->summary == NULL ? route->path : route->summary);
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

static void put_paths(struct writer *w, const struct route_tree *tree) {
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
static void put_problem(struct writer *w) {
    static const char *const texts[] = {"type", "title", "code", "detail"};
    need_schema(w, &error_form);
    json_put_object(&w->json, "Problem");
    put_z(w, "type", "object");
    json_put_object(&w->json, "properties");
    for (size_t i = 0; i < COUNT(texts); i++) {
        json_put_object(&w->json, texts[i]);
        put_z(w, "type", "string");
        json_put_object_end(&w->json);
    }
    json_put_object(&w->json, "status");
    put_z(w, "type", "integer");
    json_put_object_end(&w->json);
    json_put_object(&w->json, "figures");
    put_z(w, "type", "object");
    json_put_object_end(&w->json);
    json_put_object(&w->json, "errors");
    put_z(w, "type", "array");
    json_put_object(&w->json, "items");
    put_ref(w, &error_form);
    json_put_object_end(&w->json);
    json_put_object_end(&w->json);
    json_put_object_end(&w->json);
    json_put_array(&w->json, "required");
    for (size_t i = 0; i < COUNT(texts); i++) {
        put_z(w, NULL, texts[i]);
    }
    put_z(w, NULL, "status");
    json_put_array_end(&w->json);
    json_put_object_end(&w->json);
}

static void put_schemes(struct writer *w) {
    json_put_object(&w->json, "securitySchemes");
    json_put_object(&w->json, "bearer");
    put_z(w, "type", "http");
    put_z(w, "scheme", "bearer");
    json_put_object_end(&w->json);
    json_put_object(&w->json, "cookie");
    put_z(w, "type", "apiKey");
    put_z(w, "in", "cookie");
    put_z(w, "name", guard_cookie_name(true));
    json_put_object_end(&w->json);
    json_put_object_end(&w->json);
}

static void put_components(struct writer *w) {
    json_put_object(&w->json, "components");
    put_schemes(w);
    json_put_object(&w->json, "responses");
    json_put_object(&w->json, "Problem");
    put_z(w, "description", "Refusal or fault (RFC 9457)");
    json_put_object(&w->json, "content");
    json_put_object(&w->json, PROBLEM_TYPE);
    json_put_object(&w->json, "schema");
    put_z(w, "$ref", "#/components/schemas/Problem");
    json_put_object_end(&w->json);
    json_put_object_end(&w->json);
    json_put_object_end(&w->json);
    json_put_object_end(&w->json);
    json_put_object_end(&w->json);
    json_put_object(&w->json, "schemas");
    put_problem(w);
    for (size_t i = 0; i < w->schema_count; i++) {
        put_form_schema(w, w->schemas[i]);
    }
    json_put_object_end(&w->json);
    json_put_object_end(&w->json);
}

struct text openapi_json(struct arena *arena, const struct route_tree *tree) {
    struct buf buf;
    buf_init(&buf, arena);
    struct writer *w = arena_new(arena, struct writer);
    w->arena = arena;
    json_out_init(&w->json, &buf);
    json_put_object(&w->json, NULL);
    put_z(w, "openapi", "3.1.0");
    json_put_object(&w->json, "info");
    put_z(w, "title", "sango");
    put_z(w, "version", "1");
    json_put_object_end(&w->json);
    json_put_array(&w->json, "servers");
    json_put_object(&w->json, NULL);
    put_z(w, "url", "/api/v1");
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
