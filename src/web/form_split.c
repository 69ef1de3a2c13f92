/* Bytes to entries: application/x-www-form-urlencoded and JSON. What is not well-formed goes no further. */
#include <jansson.h>

#include "web/form.h"

static bool entry_add(struct form_input *input, struct text name, struct text value,
                      enum form_entry_kind kind) {
    if (input->entry_count == FORM_ENTRIES_MAX) {
        return false;
    }
    if (input->entries == NULL) {
        input->entries = arena_array(input->arena, struct form_entry, FORM_ENTRIES_MAX);
    }
    input->entries[input->entry_count++] = (struct form_entry){.name = name, .value = value, .kind = kind};
    return true;
}

enum form_fault form_split_urlencoded(struct form_input *input, struct text bytes) {
    struct text rest = bytes.n == 0 ? (struct text){0} : bytes;
    struct text piece;
    while (text_next(&rest, '&', &piece)) {
        if (piece.n == 0) {
            continue;
        }
        size_t equals = text_index(piece, '=');
        struct text name;
        struct text value;
        if (!http_unescape(input->arena, text_part(piece, 0, equals), true, &name) ||
            !http_unescape(input->arena, text_part(piece, equals + 1, piece.n), true, &value) ||
            name.n == 0 || !entry_add(input, name, value, ENTRY_TEXT)) {
            return FORM_UNREADABLE;
        }
    }
    return FORM_READ;
}

static bool flatten(struct form_input *input, struct text name, json_t *value, int depth);

static bool flatten_object(struct form_input *input, struct text name, json_t *object, int depth) {
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value) {
        struct text k = text_of(key);
        /* A dot would make it look like a path. */
        if (k.n == 0 || text_has(k, TEXT("."))) {
            return false;
        }
        struct text path = name.n == 0 ? text_copy(input->arena, k)
                                       : text_printf(input->arena, "%.*s.%s", TEXT_F(name), key);
        if (!flatten(input, path, value, depth + 1)) {
            return false;
        }
    }
    return true;
}

static bool flatten_array(struct form_input *input, struct text name, json_t *array, int depth) {
    size_t i;
    json_t *value;
    json_array_foreach(array, i, value) {
        struct text path = text_printf(input->arena, "%.*s.%zu", TEXT_F(name), i);
        if (!flatten(input, path, value, depth + 1)) {
            return false;
        }
    }
    return true;
}

static bool flatten(struct form_input *input, struct text name, json_t *value, int depth) {
    struct arena *arena = input->arena;
    if (depth > 2 * FORM_DEPTH_MAX) {
        return false;
    }
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return (name.n == 0 || entry_add(input, name, TEXT(""), ENTRY_OBJECT)) &&
               flatten_object(input, name, value, depth);
    case JSON_ARRAY:
        return entry_add(input, name, TEXT(""), ENTRY_ARRAY) && flatten_array(input, name, value, depth);
    case JSON_STRING: {
        struct text t = {json_string_value(value), json_string_length(value)};
        return entry_add(input, name, text_copy(arena, t), ENTRY_TEXT);
    }
    case JSON_INTEGER: {
        struct text t = text_printf(arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        return entry_add(input, name, t, ENTRY_INT);
    }
    case JSON_TRUE:
        return entry_add(input, name, TEXT("true"), ENTRY_BOOL);
    case JSON_FALSE:
        return entry_add(input, name, TEXT("false"), ENTRY_BOOL);
    case JSON_REAL:
        return entry_add(input, name, TEXT(""), ENTRY_REAL);
    default:
        return entry_add(input, name, TEXT(""), ENTRY_NULL);
    }
}

enum form_fault form_split_json(struct form_input *input, struct text bytes) {
    input->json = true;
    json_error_t error;
    json_t *root = json_loadb(bytes.p, bytes.n, JSON_REJECT_DUPLICATES, &error);
    bool good = json_is_object(root) && flatten(input, TEXT(""), root, 0);
    json_decref(root);
    return good ? FORM_READ : FORM_UNREADABLE;
}
