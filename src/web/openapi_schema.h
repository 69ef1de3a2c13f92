/* JSON Schemas of field tables, for the OpenAPI document. Internal to it. */
#ifndef SANGO_WEB_OPENAPI_SCHEMA_H
#define SANGO_WEB_OPENAPI_SCHEMA_H

#include "base/json_out.h"
#include "web/form.h"

enum { SCHEMAS_MAX = 200 };

struct schema_writer {
    struct json_out json;
    struct arena *arena;
    const struct form *schemas[SCHEMAS_MAX];
    size_t schema_count;
};

/* Notes that the schema, and those inside it, must stand among the components. Two tables of one name are a bug. */
void schema_need(struct schema_writer *w, const struct form *form);
void schema_z(struct schema_writer *w, const char *key, const char *value);
void schema_ref(struct schema_writer *w, const struct form *form);
/* An object under `key` that describes the field's value. */
void schema_field(struct schema_writer *w, const char *key, const struct field *field);
/* The component itself, under the form's name. */
void schema_form(struct schema_writer *w, const struct form *form);

#endif
