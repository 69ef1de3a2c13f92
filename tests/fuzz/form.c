/* Any bytes as a form, urlencoded and JSON: unreadable, or a struct within the table's bounds and errors that name
 * fields. The same struct layout as tests/web/form.c, smaller. */
#include <assert.h>
#include <stdint.h>

#include "web/form.h"

struct inner {
    struct text name;
    struct day day;
};
struct outer {
    struct inner one;
    struct text line;
    struct text lines;
    struct text email;
    struct text phone;
    struct text kana;
    struct instant at;
    int64_t count;
    bool yes;
    int64_t id;
    int choice;
    struct text *texts;
    size_t text_count;
    struct inner *many;
    size_t many_count;
};

static const char *const choices[] = {"a", "b", NULL};
static const struct field inner_fields[] = {
    {.name = "n", .kind = FIELD_TEXT, .required = true, .max = 5, .offset = offsetof(struct inner, name)},
    {.name = "d", .kind = FIELD_DAY, .offset = offsetof(struct inner, day)},
};
static const struct form inner_form = FORM("Inner", inner_fields, struct inner);
#define AT(member) .offset = offsetof(struct outer, member)
static const struct field fields[] = {
    {.name = "o", .kind = FIELD_OBJECT, AT(one), .inner = &inner_form},
    {.name = "l", .kind = FIELD_TEXT, .max = 8, AT(line)},
    {.name = "ls", .kind = FIELD_LINES, AT(lines)},
    {.name = "e", .kind = FIELD_EMAIL, AT(email)},
    {.name = "p", .kind = FIELD_PHONE, AT(phone)},
    {.name = "k", .kind = FIELD_KANA, AT(kana)},
    {.name = "at", .kind = FIELD_INSTANT, AT(at)},
    {.name = "c", .kind = FIELD_INT, .min = -5, .max = 7, AT(count)},
    {.name = "y", .kind = FIELD_BOOL, AT(yes)},
    {.name = "i", .kind = FIELD_ID, AT(id)},
    {.name = "ch", .kind = FIELD_CHOICE, .choices = choices, AT(choice)},
    {.name = "t",
     .kind = FIELD_TEXTS,
     .max = 3,
     AT(texts),
     .count_offset = offsetof(struct outer, text_count)},
    {.name = "m",
     .kind = FIELD_OBJECTS,
     .max = 2,
     AT(many),
     .count_offset = offsetof(struct outer, many_count),
     .inner = &inner_form},
};
static const struct form outer_form = FORM("Outer", fields, struct outer);

static void check(struct form_input *input) {
    bool good = form_fill(input);
    const struct outer *outer = input->value;
    assert(good == (input->error_count == 0));
    assert(outer->text_count <= 3 && outer->many_count <= 2 && outer->choice >= -1 && outer->choice < 2);
    assert(outer->count == FORM_NO_INT || (outer->count >= -5 && outer->count <= 7));
    assert(text_utf8_ok(outer->line) && text_printable(outer->line, false) && text_chars(outer->line) <= 8);
    assert(!text_has(outer->email, TEXT("\n")) && !text_has(outer->email, TEXT("\r")));
    for (size_t i = 0; i < input->error_count; i++) {
        assert(input->errors[i].name.n > 0 && input->errors[i].pointer.p[0] == '/');
        assert(input->errors[i].error != FORM_FINE);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena arena;
    arena_init(&arena, (size_t)256 << 20);
    struct text bytes = {(const char *)data, size};
    struct form_input html = {.arena = &arena, .form = &outer_form};
    struct form_input json = {.arena = &arena, .form = &outer_form};
    if (form_split_urlencoded(&html, bytes) == FORM_READ) {
        check(&html);
    }
    if (form_split_json(&json, bytes) == FORM_READ) {
        check(&json);
    }
    arena_release(&arena);
    return 0;
}
