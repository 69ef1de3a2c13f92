#include "web/openapi_schema.h"

#include <assert.h>

void schema_need(struct schema_writer *w, const struct form *form) {
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
            schema_need(w, form->fields[i].inner);
        }
    }
}

void schema_z(struct schema_writer *w, const char *key, const char *value) {
    json_put_text(&w->json, key, text_of(value));
}

void schema_ref(struct schema_writer *w, const struct form *form) {
    json_put_text(&w->json, "$ref", text_join(w->arena, TEXT("#/components/schemas/"), text_of(form->name)));
}

static void put_type(struct schema_writer *w, const char *type, const char *format) {
    schema_z(w, "type", type);
    if (format != NULL) {
        schema_z(w, "format", format);
    }
}

static void put_length(struct schema_writer *w, const struct field *field) {
    if (field->min > 0) {
        json_put_int(&w->json, "minLength", field->min);
    }
    if (field->max > 0) {
        json_put_int(&w->json, "maxLength", field->max);
    }
}

static void put_items(struct schema_writer *w, const struct field *field) {
    schema_z(w, "type", "array");
    if (field->min > 0) {
        json_put_int(&w->json, "minItems", field->min);
    }
    json_put_int(&w->json, "maxItems", field->max > 0 ? field->max : 32);
    json_put_object(&w->json, "items");
    if (field->kind == FIELD_OBJECTS) {
        schema_ref(w, field->inner);
    } else {
        put_type(w, "string", NULL);
    }
    json_put_object_end(&w->json);
}

/* An array, or the one word that stands for all. */
static void put_list(struct schema_writer *w, const struct field *field) {
    if (field->choices == NULL) {
        put_items(w, field);
        return;
    }
    json_put_array(&w->json, "oneOf");
    json_put_object(&w->json, NULL);
    put_items(w, field);
    json_put_object_end(&w->json);
    json_put_object(&w->json, NULL);
    schema_z(w, "const", field->choices[0]);
    json_put_object_end(&w->json);
    json_put_array_end(&w->json);
}

static void put_range(struct schema_writer *w, const struct field *field) {
    put_type(w, "integer", "int64");
    if (field->min != 0 || field->max != 0) {
        json_put_int(&w->json, "minimum", field->min);
    }
    if (field->max != 0) {
        json_put_int(&w->json, "maximum", field->max);
    }
}

static void put_choices(struct schema_writer *w, const struct field *field) {
    schema_z(w, "type", "string");
    json_put_array(&w->json, "enum");
    for (size_t i = 0; field->choices[i] != NULL; i++) {
        schema_z(w, NULL, field->choices[i]);
    }
    json_put_array_end(&w->json);
}

static void put_kind(struct schema_writer *w, const struct field *field) {
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
        schema_z(w, "pattern", "^[0-9]{4}-[0-9]{2}$");
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
        schema_z(w, "pattern", "^[0-9A-Za-z]{13}$");
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
        schema_z(w, "type", "object");
        json_put_object(&w->json, "additionalProperties");
        put_range(w, field);
        json_put_object_end(&w->json);
        break;
    case FIELD_OBJECT:
        schema_ref(w, field->inner);
        break;
    case FIELD_KIND__MAX: /* in answers: no one type */
        break;
    default:
        put_type(w, "string", NULL);
        put_length(w, field);
    }
}

void schema_field(struct schema_writer *w, const char *key, const struct field *field) {
    json_put_object(&w->json, key);
    put_kind(w, field);
    if (field->note != NULL) {
        schema_z(w, "description", field->note);
    }
    json_put_object_end(&w->json);
}

void schema_form(struct schema_writer *w, const struct form *form) {
    json_put_object(&w->json, form->name);
    schema_z(w, "type", "object");
    if (form->size > 0) { /* answers may grow; what comes in may not */
        json_put_bool(&w->json, "additionalProperties", false);
    }
    json_put_object(&w->json, "properties");
    for (size_t i = 0; i < form->count; i++) {
        schema_field(w, form->fields[i].name, &form->fields[i]);
    }
    json_put_object_end(&w->json);
    json_put_array(&w->json, "required");
    for (size_t i = 0; i < form->count; i++) {
        if (form->fields[i].required) {
            schema_z(w, NULL, form->fields[i].name);
        }
    }
    json_put_array_end(&w->json);
    json_put_object_end(&w->json);
}
