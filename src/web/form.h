/* One field table a command, read from HTML forms, query strings and JSON bodies alike into one typed struct. Shape
 * only: what a value must look like. Whether it may be so is for the rules in core. Also the source of the OpenAPI
 * document's schemas.
 *
 * Names in HTML of nested fields: "mother.kana", "children.0.birth_date"; a list repeats its name. A day is one ISO
 * value or three inputs NAME-year, NAME-month, NAME-day. White space around values is dropped (not in passwords) and
 * what is empty then is absent. Unknown names, repeated names, ill-formed UTF-8 and control characters are refused. */
#ifndef SANGO_WEB_FORM_H
#define SANGO_WEB_FORM_H

#include "base/date.h"
#include "base/id.h"
#include "http/http.h"

enum field_kind {
    /* kind           member         absent     */
    FIELD_TEXT,    /* struct text   empty      one line */
    FIELD_LINES,   /* struct text   empty      several lines, CRLF made LF */
    FIELD_SECRET,  /* struct text   empty      password: byte for byte */
    FIELD_EMAIL,   /* struct text   empty      normalised */
    FIELD_PHONE,   /* struct text   empty      10 or 11 digits */
    FIELD_POSTAL,  /* struct text   empty      7 digits */
    FIELD_KANA,    /* struct text   empty      full-width katakana */
    FIELD_DIGITS,  /* struct text   empty      one-time codes */
    FIELD_DAY,     /* struct day    DAY_NONE */
    FIELD_MONTH,   /* struct day    DAY_NONE   YYYY-MM: its first day */
    FIELD_INSTANT, /* struct instant INSTANT_NONE   RFC 3339 */
    FIELD_INT,     /* int64_t       FORM_NO_INT */
    FIELD_BOOL,    /* bool          false      in HTML: on, true, 1, yes */
    FIELD_ID,      /* int64_t or a one-field id struct   0 */
    FIELD_CHOICE,  /* int           -1         index into `choices` */
    FIELD_TEXTS,   /* struct text *, size_t at count_offset */
    FIELD_IDS,    /* int64_t * or id struct *, size_t at count_offset; `choices` may name one word that stands
                      for all of them: count FORM_ALL */
    FIELD_OBJECT, /* a struct in place, read by `inner` */
    FIELD_OBJECTS, /* void *, size_t at count_offset */
    FIELD_COUNTS,  /* struct form_count *, size_t at count_offset: numbers by code, {"main": 2} */
    FIELD_KIND__MAX
};

#define FORM_NO_INT INT64_MIN
#define FORM_ALL SIZE_MAX

struct form_count {
    struct text code;
    int64_t n; /* within the field's min and max */
};
enum { FORM_COUNTS_MAX = 16 };

struct form;

struct field {
    const char *name;
    enum field_kind kind;
    bool required; /* a required BOOL must be true */
    /* Characters of text, value of INT, number of items of lists. max 0: 200 characters (LINES 4000), any INT,
     * 32 items; for BOOL, ID and days meaningless. */
    int64_t min;
    int64_t max;
    size_t offset;
    size_t count_offset;        /* of lists */
    const char *const *choices; /* of CHOICE, NULL-terminated codes */
    const struct form *inner;   /* of OBJECT, OBJECTS */
    const char *note;           /* for the OpenAPI document; may be NULL */
};

struct form {
    const char *name; /* of the schema: "BookingAsk" */
    const struct field *fields;
    size_t count;
    size_t size; /* of the target struct; 0: only describes an answer */
    bool open;   /* names beyond the table are no fault: the handler reads them by form_raw() */
};
/* static const struct form X = FORM("X", fields, struct x); */
#define FORM(form_name, field_array, type)                                                                   \
    { .name = (form_name), .fields = (field_array), .count = COUNT(field_array), .size = sizeof(type) }

enum form_error {
    FORM_FINE,
    FORM_MISSING,
    FORM_TOO_SHORT, /* bound: least characters or items */
    FORM_TOO_LONG,  /* bound: most characters or items */
    FORM_TOO_SMALL, /* bound: least value */
    FORM_TOO_LARGE, /* bound: greatest value */
    FORM_NOT_TEXT,  /* control characters */
    FORM_NOT_EMAIL,
    FORM_NOT_PHONE,
    FORM_NOT_POSTAL,
    FORM_NOT_KANA,
    FORM_NOT_DIGITS,
    FORM_NOT_DAY,
    FORM_NOT_INSTANT,
    FORM_NOT_NUMBER,
    FORM_NOT_BOOL,
    FORM_NOT_ID,
    FORM_NOT_CHOICE,
    FORM_WRONG_TYPE, /* JSON: a number where text belongs, … */
    FORM_UNKNOWN,    /* no such field */
    FORM_DUPLICATE,
    FORM_ERROR__MAX
};
/* "missing", "too-short" … : part of the outside contract. */
const char *form_error_code(enum form_error error);

struct field_error {
    struct text name;    /* as in HTML: children.0.birth_date */
    struct text pointer; /* JSON pointer: /children/0/birth_date */
    enum form_error error;
    int64_t bound;
    const struct field *field; /* NULL for unknown names */
};

enum { FORM_ERRORS_MAX = 40, FORM_ENTRIES_MAX = 600, FORM_DEPTH_MAX = 4 };

/* One value as it came. */
struct form_entry {
    struct text name; /* dotted path */
    struct text value;
    enum form_entry_kind {
        ENTRY_TEXT,
        ENTRY_INT,
        ENTRY_BOOL,
        ENTRY_REAL,
        ENTRY_NULL,
        ENTRY_OBJECT,
        ENTRY_ARRAY
    } kind;
    bool taken;
};

enum form_fault {
    FORM_READ,
    FORM_UNREADABLE, /* not of the format, ill-formed UTF-8, too deep, too many: 400 */
};

struct form_input {
    struct arena *arena;
    const struct form *form; /* NULL: nothing is expected */
    bool json;               /* JSON types are told apart; otherwise everything is text */
    struct form_entry *entries;
    size_t entry_count;
    void *value; /* the target struct, filled as far as values were good; NULL without a form */
    struct field_error errors[FORM_ERRORS_MAX];
    size_t error_count;
};

/* Splits bytes into entries; then form_fill() makes the struct. */
NODISCARD enum form_fault form_split_urlencoded(struct form_input *input, struct text bytes);
NODISCARD enum form_fault form_split_json(struct form_input *input, struct text bytes);
/* Fills input->value by input->form. True when there was no error. Entries whose name begins with '_' are the guard's
 * (_csrf, _key, _next) and are not looked at. */
NODISCARD bool form_fill(struct form_input *input);

/* The row of that name; NULL: none. */
const struct field *form_field(const struct form *form, struct text name);
/* For showing a form again: what was typed (the first of that name, empty when none), and what is wrong with it. */
struct text form_raw(const struct form_input *input, const char *name);
bool form_raw_has(const struct form_input *input, const char *name, struct text value);
const struct field_error *form_error_at(const struct form_input *input, const char *name); /* NULL: nothing */
/* Adds an error found later (by a service) to a field of the form. */
void form_error_add(struct form_input *input, struct text pointer, enum form_error error, int64_t bound);

#endif
