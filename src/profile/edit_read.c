/* What a person typed, as JSON: full-width digits, commas in numbers and units behind them are understood. */
#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/num.h"
#include "profile/edit_part.h"

enum { TEXT_MAX = 2000, CODE_MAX = 32, LIST_MAX = 64 };

/* Full-width ASCII (U+FF01 … U+FF5E) and U+3000 to ASCII; everything else stays. */
static struct text narrowed(struct arena *arena, struct text t) {
    struct buf buf;
    buf_init(&buf, arena);
    for (size_t i = 0; i < t.n; i++) {
        const unsigned char *p = (const unsigned char *)t.p + i;
        if (t.n - i >= 3 && p[0] == 0xEF && (p[1] == 0xBC || p[1] == 0xBD)) {
            unsigned code = (unsigned)(p[1] - 0xBC) * 64 + (p[2] - 0x80U) + 0x20;
            buf_putc(&buf, code < 0x7F ? (char)code : '?');
            i += 2;
        } else if (t.n - i >= 3 && p[0] == 0xE3 && p[1] == 0x80 && (p[2] == 0x80 || p[2] == 0x81)) {
            buf_putc(&buf, ' '); /* U+3000, 、 */
            i += 2;
        } else {
            buf_putc(&buf, t.p[i]);
        }
    }
    return text_trim(buf_text(&buf));
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* A comma between a digit and exactly three digits groups a number. */
static bool groups(struct text t, size_t i) {
    size_t digits = 0;
    while (i + 1 + digits < t.n && is_digit(t.p[i + 1 + digits])) {
        digits++;
    }
    return i > 0 && is_digit(t.p[i - 1]) && digits == 3;
}

/* One number, "3,500円" too. */
static json_t *read_number(struct arena *arena, struct text typed) {
    struct text t = narrowed(arena, typed);
    struct buf buf;
    buf_init(&buf, arena);
    for (size_t i = 0; i < t.n; i++) {
        if (t.p[i] != ',') {
            buf_putc(&buf, t.p[i]);
        } else if (!groups(t, i)) {
            return NULL;
        }
    }
    struct text digits = buf_text(&buf);
    static const char *const units[] = {"円", "%", "日", "回", "泊", "件", "月", "か月"};
    for (size_t i = 0; i < COUNT(units); i++) {
        if (text_ends(digits, text_of(units[i]))) {
            digits = text_trim(text_part(digits, 0, digits.n - strlen(units[i])));
        }
    }
    int64_t n;
    return num_parse(digits, &n) ? json_integer(n) : NULL;
}

/* Numbers apart by 、 or spaces; a comma parts them unless it groups one. */
static json_t *read_numbers(struct arena *arena, struct text typed, bool yen) {
    struct text t = narrowed(arena, typed);
    struct buf buf;
    buf_init(&buf, arena);
    for (size_t i = 0; i < t.n; i++) {
        bool comma = t.p[i] == ',';
        if (!comma || !yen || !groups(t, i)) {
            buf_putc(&buf, comma ? ' ' : t.p[i]);
        }
    }
    struct text rest = buf_text(&buf);
    struct text piece;
    json_t *list = json_array();
    while (rest.n > 0 && text_next(&rest, ' ', &piece)) {
        int64_t n;
        if (piece.n > 0 && (!num_parse(piece, &n) || json_array_append_new(list, json_integer(n)) != 0)) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static json_t *read_infants(struct arena *arena, struct text typed) {
    json_t *list = read_numbers(arena, typed, false);
    if (json_array_size(list) == 1) {
        json_t *one = json_incref(json_array_get(list, 0));
        json_decref(list);
        return one;
    }
    if (json_array_size(list) == 0) {
        json_decref(list);
        return NULL;
    }
    return list;
}

/* "1、1／2": one list a way. */
static json_t *read_patterns(struct arena *arena, struct text typed) {
    struct text rest = narrowed(arena, typed);
    struct text piece;
    json_t *lists = json_array();
    while (rest.n > 0 && text_next(&rest, '/', &piece)) {
        json_t *list = read_numbers(arena, piece, false);
        if (list == NULL || json_array_size(list) == 0 || json_array_append_new(lists, list) != 0) {
            json_decref(lists);
            return NULL;
        }
    }
    return lists;
}

/* "9:00", "０９：００", "9時" */
static json_t *read_clock(struct arena *arena, struct text typed) {
    struct text t = narrowed(arena, typed);
    size_t cut = text_index(t, ':');
    struct text hour_text = text_part(t, 0, cut);
    struct text minute_text = text_part(t, cut + 1, t.n);
    if (cut == t.n && text_ends(t, TEXT("時"))) {
        hour_text = text_part(t, 0, t.n - strlen("時"));
        minute_text = TEXT("00");
    }
    int64_t hour;
    int64_t minute;
    if (!num_parse(hour_text, &hour) || !num_parse(minute_text, &minute) || hour < 0 || minute < 0 ||
        minute > 59 || hour * 60 + minute > 1440) {
        return NULL;
    }
    return json_string(text_printf(arena, "%02d:%02d", (int)hour, (int)minute).p);
}

static json_t *read_codes(const struct edit_spot *spot, const json_t *version, struct text typed) {
    json_t *list = json_array();
    struct text code;
    while (typed.n > 0 && text_next(&typed, ' ', &code)) {
        if (shape_row(version, shape_table(spot->field->kind), code) != NULL) {
            (void)json_array_append_new(list, json_stringn(code.p, code.n));
        }
    }
    return list;
}

static json_t *read_text(struct arena *arena, struct text typed) {
    struct text t = text_trim(typed);
    return t.n <= TEXT_MAX && text_utf8_ok(t) && text_printable(t, false) ? json_string(text_copy(arena, t).p)
                                                                          : NULL;
}

static json_t *read_code(struct arena *arena, struct text typed) {
    struct text t = text_lower(arena, narrowed(arena, typed));
    bool ok = t.n >= 1 && t.n <= CODE_MAX && !text_is(t, "all");
    for (size_t i = 0; ok && i < t.n; i++) {
        char c = t.p[i];
        ok = (c >= 'a' && c <= 'z') || is_digit(c) || c == '-' || c == '_';
    }
    return ok ? json_string(t.p) : NULL;
}

static json_t *read_word(const struct edit_spot *spot, const json_t *version, struct text typed) {
    bool word = spot->field->choices != NULL && shape_lists(spot->field->choices, typed);
    bool row = spot->field->kind == SHAPE_CLASS && shape_row(version, "classes", typed) != NULL;
    return word || row ? json_stringn(typed.p, typed.n) : NULL;
}

json_t *edit_read(struct arena *arena, const struct edit_spot *spot, const json_t *version, struct text typed,
                  enum word *ret_fault) {
    struct day day;
    switch (spot->field->kind) {
    case SHAPE_YEN:
    case SHAPE_COUNT:
    case SHAPE_PERCENT:
        *ret_fault = W_RULE_FAULT_NUMBER;
        return read_number(arena, typed);
    case SHAPE_YENS:
        *ret_fault = W_RULE_FAULT_NUMBERS;
        return read_numbers(arena, typed, true);
    case SHAPE_INFANTS:
        *ret_fault = W_RULE_FAULT_NUMBERS;
        return read_infants(arena, typed);
    case SHAPE_PATTERNS:
        *ret_fault = W_RULE_FAULT_PATTERNS;
        return read_patterns(arena, typed);
    case SHAPE_DAY:
        *ret_fault = W_RULE_FAULT_DAY;
        return day_parse(typed, &day) ? json_stringn(typed.p, typed.n) : NULL;
    case SHAPE_CLOCK:
        *ret_fault = W_RULE_FAULT_CLOCK;
        return read_clock(arena, typed);
    case SHAPE_BOOL:
        return json_boolean(text_is(typed, "true"));
    case SHAPE_CODE:
        *ret_fault = W_RULE_FAULT_CODE;
        return read_code(arena, typed);
    case SHAPE_CHOICE:
    case SHAPE_CLASS:
        *ret_fault = W_RULE_FAULT_CHOICE;
        return read_word(spot, version, typed);
    case SHAPE_TEXT:
        *ret_fault = W_RULE_FAULT_TEXT;
        return read_text(arena, typed);
    default:
        return read_codes(spot, version, typed);
    }
}
