#include "web/form.h"

#include <assert.h>

static const char *const codes[FORM_ERROR__MAX] = {
    [FORM_FINE] = "fine",
    [FORM_MISSING] = "missing",
    [FORM_TOO_SHORT] = "too-short",
    [FORM_TOO_LONG] = "too-long",
    [FORM_TOO_SMALL] = "too-small",
    [FORM_TOO_LARGE] = "too-large",
    [FORM_NOT_TEXT] = "not-text",
    [FORM_NOT_EMAIL] = "not-email",
    [FORM_NOT_PHONE] = "not-phone",
    [FORM_NOT_POSTAL] = "not-postal",
    [FORM_NOT_KANA] = "not-kana",
    [FORM_NOT_DIGITS] = "not-digits",
    [FORM_NOT_DAY] = "not-day",
    [FORM_NOT_INSTANT] = "not-instant",
    [FORM_NOT_NUMBER] = "not-number",
    [FORM_NOT_BOOL] = "not-bool",
    [FORM_NOT_ID] = "not-id",
    [FORM_NOT_CHOICE] = "not-choice",
    [FORM_WRONG_TYPE] = "wrong-type",
    [FORM_UNKNOWN] = "unknown-field",
    [FORM_DUPLICATE] = "duplicate-field",
};

const char *form_error_code(enum form_error error) {
    assert(error < FORM_ERROR__MAX);
    return codes[error];
}

const struct field *form_field(const struct form *form, struct text name) {
    for (size_t i = 0; i < form->count; i++) {
        if (text_is(name, form->fields[i].name)) {
            return &form->fields[i];
        }
    }
    return NULL;
}

struct text form_raw(const struct form_input *input, const char *name) {
    for (size_t i = 0; i < input->entry_count; i++) {
        if (text_is(input->entries[i].name, name)) {
            return input->entries[i].value;
        }
    }
    return TEXT("");
}

bool form_raw_has(const struct form_input *input, const char *name, struct text value) {
    for (size_t i = 0; i < input->entry_count; i++) {
        if (text_is(input->entries[i].name, name) && text_eq(input->entries[i].value, value)) {
            return true;
        }
    }
    return false;
}

const struct field_error *form_error_at(const struct form_input *input, const char *name) {
    for (size_t i = 0; i < input->error_count; i++) {
        if (text_is(input->errors[i].name, name)) {
            return &input->errors[i];
        }
    }
    return NULL;
}
