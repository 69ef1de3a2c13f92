#include "web/form_value.h"

#include <assert.h>
#include <string.h>

#include "base/num.h"
#include "sys/textkey.h"

void value_absent(const struct field *field, void *at) {
    switch (field->kind) {
    case FIELD_DAY:
    case FIELD_MONTH:
        *(struct day *)at = DAY_NONE;
        break;
    case FIELD_INSTANT:
        *(struct instant *)at = INSTANT_NONE;
        break;
    case FIELD_INT:
        *(int64_t *)at = FORM_NO_INT;
        break;
    case FIELD_CHOICE:
        *(int *)at = -1;
        break;
    default:
        break; /* zero, as the arena gave it */
    }
}

int64_t value_max(const struct field *field, enum field_kind kind) {
    if (field->max != 0) {
        return field->max;
    }
    switch (kind) {
    case FIELD_LINES:
        return 4000;
    case FIELD_EMAIL:
        return 254;
    case FIELD_SECRET:
        return 256;
    case FIELD_TEXTS:
    case FIELD_IDS:
    case FIELD_OBJECTS:
        return 32;
    case FIELD_INT:
        return INT64_MAX;
    default:
        return 200;
    }
}

/* CRLF, as forms send it, and bare CR become LF. */
static struct text unix_lines(struct arena *arena, struct text t) {
    char *p = arena_take(arena, t.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < t.n; i++) {
        if (t.p[i] != '\r') {
            p[n++] = t.p[i];
        } else if (i + 1 == t.n || t.p[i + 1] != '\n') {
            p[n++] = '\n';
        }
    }
    return (struct text){p, n};
}

static enum form_error length_check(const struct field *field, enum field_kind kind, struct text t,
                                    int64_t *ret_bound) {
    int64_t chars = (int64_t)text_chars(t);
    if (field->kind == kind && chars < field->min) {
        *ret_bound = field->min;
        return FORM_TOO_SHORT;
    }
    /* In lists min and max count items. */
    int64_t max = field->kind == kind ? value_max(field, kind) : 200;
    if (chars > max) {
        *ret_bound = max;
        return FORM_TOO_LONG;
    }
    return FORM_FINE;
}

static enum form_error read_plain(struct form_input *input, const struct field *field, enum field_kind kind,
                                  struct text raw, void *at, int64_t *ret_bound) {
    bool secret = kind == FIELD_SECRET;
    struct text t = secret ? raw : text_trim(raw);
    if (t.n == 0) {
        return FORM_MISSING;
    }
    enum form_error error = length_check(field, kind, t, ret_bound);
    if (error == FORM_FINE && !text_printable(t, kind == FIELD_LINES)) {
        error = FORM_NOT_TEXT;
    }
    if (error == FORM_FINE) {
        *(struct text *)at = kind == FIELD_LINES ? unix_lines(input->arena, t) : text_copy(input->arena, t);
    }
    return error;
}

/* Texts that sys/textkey brings into one form. */
static enum form_error read_keyed(struct form_input *input, enum field_kind kind, struct text raw, void *at) {
    struct text *ret = at;
    struct text t = text_trim(raw);
    if (t.n == 0) {
        return FORM_MISSING;
    }
    switch (kind) {
    case FIELD_EMAIL:
        return textkey_email(input->arena, t, ret) ? FORM_FINE : FORM_NOT_EMAIL;
    case FIELD_PHONE:
        return textkey_phone(input->arena, t, ret) ? FORM_FINE : FORM_NOT_PHONE;
    case FIELD_POSTAL:
        return textkey_postal(input->arena, t, ret) ? FORM_FINE : FORM_NOT_POSTAL;
    case FIELD_KANA:
        return textkey_kana(input->arena, t, ret) ? FORM_FINE : FORM_NOT_KANA;
    default:
        return textkey_digits(input->arena, t, ret) ? FORM_FINE : FORM_NOT_DIGITS;
    }
}

static bool read_number(struct arena *arena, struct text t, int64_t *ret_n) {
    bool minus = t.n > 0 && t.p[0] == '-';
    struct text digits;
    if (!textkey_digits(arena, text_part(t, minus, t.n), &digits)) {
        return false;
    }
    int64_t n = 0;
    if (!num_parse(digits, &n)) {
        return false;
    }
    *ret_n = minus ? -n : n;
    return true;
}

static enum form_error read_int(struct form_input *input, const struct field *field,
                                const struct form_entry *entry, int64_t *at, int64_t *ret_bound) {
    struct text t = text_trim(entry->value);
    int64_t n = 0;
    if (input->json && entry->kind != ENTRY_INT) {
        return FORM_WRONG_TYPE;
    }
    if (t.n == 0) {
        return FORM_MISSING;
    }
    if (!read_number(input->arena, t, &n)) {
        return FORM_NOT_NUMBER;
    }
    bool bounded = field->min != 0 || field->max != 0;
    if (bounded && n < field->min) {
        *ret_bound = field->min;
        return FORM_TOO_SMALL;
    }
    if (field->max != 0 && n > field->max) {
        *ret_bound = field->max;
        return FORM_TOO_LARGE;
    }
    *at = n;
    return FORM_FINE;
}

static enum form_error read_bool(const struct form_input *input, const struct form_entry *entry, bool *at) {
    static const char *const yes[] = {"true", "on", "1", "yes"};
    static const char *const no[] = {"false", "off", "0", "no"};
    struct text t = text_trim(entry->value);
    if (input->json && entry->kind != ENTRY_BOOL) {
        return FORM_WRONG_TYPE;
    }
    if (t.n == 0) {
        return FORM_MISSING;
    }
    for (size_t i = 0; i < COUNT(yes); i++) {
        if (text_is(t, yes[i]) || text_is(t, no[i])) {
            *at = text_is(t, yes[i]);
            return FORM_FINE;
        }
    }
    return FORM_NOT_BOOL;
}

static enum form_error read_choice(const struct field *field, struct text t, int *at) {
    for (int i = 0; field->choices[i] != NULL; i++) {
        if (text_is(t, field->choices[i])) {
            *at = i;
            return FORM_FINE;
        }
    }
    return FORM_NOT_CHOICE;
}

static enum form_error read_day(struct arena *arena, enum field_kind kind, struct text t, struct day *at) {
    struct text iso = kind == FIELD_MONTH ? text_join(arena, t, TEXT("-01")) : t;
    struct day day;
    if (!day_parse(iso, &day)) {
        return FORM_NOT_DAY;
    }
    *at = day;
    return FORM_FINE;
}

enum form_error value_read_ymd(struct arena *arena, struct text year, struct text month, struct text day,
                               struct day *ret_day) {
    struct text parts[] = {text_trim(year), text_trim(month), text_trim(day)};
    int64_t n[3] = {0};
    if (parts[0].n + parts[1].n + parts[2].n == 0) {
        return FORM_MISSING;
    }
    for (size_t i = 0; i < COUNT(parts); i++) {
        if (!read_number(arena, parts[i], &n[i]) || n[i] < 0 || n[i] > 9999) {
            return FORM_NOT_DAY;
        }
    }
    struct ymd ymd = {(int32_t)n[0], (int32_t)n[1], (int32_t)n[2]};
    if (!ymd_valid(ymd)) {
        return FORM_NOT_DAY;
    }
    *ret_day = day_of(ymd);
    return FORM_FINE;
}

/* JSON types that hold a text. */
static bool is_texty(enum field_kind kind) {
    return kind != FIELD_INT && kind != FIELD_BOOL;
}

enum form_error value_read(struct form_input *input, const struct field *field, enum field_kind kind,
                           const struct form_entry *entry, void *at, int64_t *ret_bound) {
    if (input->json && is_texty(kind) && entry->kind != ENTRY_TEXT) {
        return FORM_WRONG_TYPE;
    }
    struct text t = text_trim(entry->value);
    switch (kind) {
    case FIELD_TEXT:
    case FIELD_LINES:
    case FIELD_SECRET:
        return read_plain(input, field, kind, entry->value, at, ret_bound);
    case FIELD_EMAIL:
    case FIELD_PHONE:
    case FIELD_POSTAL:
    case FIELD_KANA:
    case FIELD_DIGITS: {
        enum form_error error = length_check(field, kind, t, ret_bound);
        return t.n > 0 && error != FORM_FINE ? error : read_keyed(input, kind, t, at);
    }
    case FIELD_INT:
        return read_int(input, field, entry, at, ret_bound);
    case FIELD_BOOL:
        return read_bool(input, entry, at);
    default:
        break;
    }
    if (t.n == 0) {
        return FORM_MISSING;
    }
    switch (kind) {
    case FIELD_DAY:
    case FIELD_MONTH:
        return read_day(input->arena, kind, t, at);
    case FIELD_INSTANT:
        return instant_parse(t, at) ? FORM_FINE : FORM_NOT_INSTANT;
    case FIELD_ID:
        return id_parse(t, at) ? FORM_FINE : FORM_NOT_ID;
    case FIELD_CHOICE:
        return read_choice(field, t, at);
    default:
        assert(!"a list or an object has no single value");
        return FORM_WRONG_TYPE;
    }
}
