/* Entries to the typed struct, by the field table. */
#include <assert.h>
#include <string.h>

#include "base/buf.h"
#include "web/form_value.h"

/* A place in the tree of tables: the struct being filled and the dotted path that leads to it. */
struct place {
    const struct form *form;
    char *base;
    struct text prefix; /* "" or "children.0." */
};

static struct text pointer_of(struct arena *arena, struct text name) {
    struct buf buf;
    buf_init(&buf, arena);
    buf_putc(&buf, '/');
    for (size_t i = 0; i < name.n; i++) {
        switch (name.p[i]) {
        case '.':
            buf_putc(&buf, '/');
            break;
        case '/':
            buf_putz(&buf, "~1");
            break;
        case '~':
            buf_putz(&buf, "~0");
            break;
        default:
            buf_putc(&buf, name.p[i]);
        }
    }
    return buf_text(&buf);
}

static void fail(struct form_input *input, const struct field *field, struct text name, enum form_error error,
                 int64_t bound) {
    if (input->error_count < FORM_ERRORS_MAX) {
        input->errors[input->error_count++] = (struct field_error){.name = name,
                                                                   .pointer = pointer_of(input->arena, name),
                                                                   .error = error,
                                                                   .bound = bound,
                                                                   .field = field};
    }
}

/* The entry of that name, now taken; further ones are duplicates. NULL when there is none or it is null. */
static struct form_entry *take(struct form_input *input, const struct field *field, struct text name) {
    struct form_entry *found = NULL;
    for (size_t i = 0; i < input->entry_count; i++) {
        struct form_entry *entry = &input->entries[i];
        if (!text_eq(entry->name, name)) {
            continue;
        }
        entry->taken = true;
        if (found != NULL) {
            fail(input, field, name, FORM_DUPLICATE, 0);
        } else {
            found = entry;
        }
    }
    return found == NULL || found->kind == ENTRY_NULL ? NULL : found;
}

static struct text take_part(struct form_input *input, const struct field *field, struct text name,
                             const char *suffix) {
    const struct form_entry *entry = take(input, field, text_join(input->arena, name, text_of(suffix)));
    return entry == NULL ? TEXT("") : entry->value;
}

static void fill_scalar(struct form_input *input, const struct field *field, struct text name, void *at) {
    int64_t bound = 0;
    enum form_error error = FORM_MISSING;
    value_absent(field, at);
    const struct form_entry *entry = take(input, field, name);
    if (entry != NULL) {
        error = value_read(input, field, field->kind, entry, at, &bound);
    } else if (field->kind == FIELD_DAY && !input->json) {
        struct text year = take_part(input, field, name, "-year");
        struct text month = take_part(input, field, name, "-month");
        struct text day = take_part(input, field, name, "-day");
        error = value_read_ymd(input->arena, year, month, day, at);
    }
    if (field->kind == FIELD_BOOL && field->required && error == FORM_FINE && !*(const bool *)at) {
        error = FORM_MISSING;
    }
    if (error != FORM_FINE && (error != FORM_MISSING || field->required)) {
        fail(input, field, name, error, bound);
    }
}

static void check_count(struct form_input *input, const struct field *field, struct text name, size_t count) {
    int64_t max = value_max(field, field->kind);
    if (count == 0 && field->required) {
        fail(input, field, name, FORM_MISSING, 0);
    } else if (count > 0 && (int64_t)count < field->min) {
        fail(input, field, name, FORM_TOO_SHORT, field->min);
    } else if ((int64_t)count > max) {
        fail(input, field, name, FORM_TOO_LONG, max);
    }
}

/* JSON: the array itself must be there (or null, or nothing). */
static void take_array(struct form_input *input, const struct field *field, struct text name) {
    const struct form_entry *entry = input->json ? take(input, field, name) : NULL;
    if (entry != NULL && entry->kind != ENTRY_ARRAY) {
        fail(input, field, name, FORM_WRONG_TYPE, 0);
    }
}

/* The i-th item not taken yet: "name" repeated in HTML, "name.0" "name.1" … in JSON. */
static struct form_entry *next_item(struct form_input *input, struct text name, size_t i) {
    struct text wanted = input->json ? text_printf(input->arena, "%.*s.%zu", TEXT_F(name), i) : name;
    for (size_t e = 0; e < input->entry_count; e++) {
        struct form_entry *entry = &input->entries[e];
        if (!entry->taken && text_eq(entry->name, wanted)) {
            entry->taken = true;
            return entry;
        }
    }
    return NULL;
}

/* One word for the whole list: "facilities": "any". */
static bool takes_all(struct form_input *input, const struct field *field, struct text name) {
    for (size_t i = 0; field->choices != NULL && i < input->entry_count; i++) {
        struct form_entry *entry = &input->entries[i];
        if (entry->kind == ENTRY_TEXT && text_eq(entry->name, name) &&
            text_is(entry->value, field->choices[0])) {
            entry->taken = true;
            return true;
        }
    }
    return false;
}

static void fill_list(struct form_input *input, const struct field *field, struct text name, char *base) {
    if (takes_all(input, field, name)) {
        size_t all = FORM_ALL;
        memcpy(base + field->count_offset, &all, sizeof all);
        return;
    }
    bool ids = field->kind == FIELD_IDS;
    size_t item_size = ids ? sizeof(int64_t) : sizeof(struct text);
    size_t room = (size_t)value_max(field, field->kind);
    char *items = arena_take_array(input->arena, room, item_size);
    size_t count = 0;
    take_array(input, field, name);
    struct form_entry *entry;
    for (size_t i = 0; (entry = next_item(input, name, i)) != NULL; i++) {
        int64_t bound = 0;
        char scrap[sizeof(struct text)] __attribute__((aligned(16)));
        void *at = count < room ? items + count * item_size : scrap;
        enum form_error error = value_read(input, field, ids ? FIELD_ID : FIELD_TEXT, entry, at, &bound);
        if (error == FORM_FINE) {
            count++;
        } else if (error != FORM_MISSING || input->json) {
            struct text at_item = input->json ? entry->name : name;
            fail(input, field, at_item, error, bound);
        }
    }
    check_count(input, field, name, count);
    count = count < room ? count : room;
    memcpy(base + field->offset, &items, sizeof items);
    memcpy(base + field->count_offset, &count, sizeof count);
}

static void fill_form(struct form_input *input, const struct place *place);

/* Anything said under this prefix? Blank rows of a page's form do not count. */
static bool has_content(const struct form_input *input, struct text prefix) {
    for (size_t i = 0; i < input->entry_count; i++) {
        const struct form_entry *entry = &input->entries[i];
        if (text_starts(entry->name, prefix) && (input->json || text_trim(entry->value).n > 0)) {
            return true;
        }
    }
    return false;
}

static void take_blank_row(struct form_input *input, struct text prefix) {
    for (size_t i = 0; i < input->entry_count; i++) {
        if (text_starts(input->entries[i].name, prefix)) {
            input->entries[i].taken = true;
        }
    }
}

/* JSON: is item `name` there, as an object? */
static bool take_object(struct form_input *input, const struct field *field, struct text name) {
    const struct form_entry *entry = take(input, field, name);
    if (entry != NULL && entry->kind != ENTRY_OBJECT) {
        fail(input, field, name, FORM_WRONG_TYPE, 0);
        return false;
    }
    return entry != NULL;
}

static void fill_objects(struct form_input *input, const struct field *field, struct text name, char *base) {
    size_t room = (size_t)value_max(field, field->kind);
    char *items = arena_take_array(input->arena, room, field->inner->size);
    size_t count = 0;
    take_array(input, field, name);
    for (size_t i = 0; i < room; i++) {
        struct text item = text_printf(input->arena, "%.*s.%zu", TEXT_F(name), i);
        struct text prefix = text_join(input->arena, item, TEXT("."));
        bool there = input->json ? take_object(input, field, item) : has_content(input, prefix);
        if (there) {
            struct place inner = {field->inner, items + count * field->inner->size, prefix};
            fill_form(input, &inner);
            count++;
        } else if (!input->json) {
            take_blank_row(input, prefix);
        }
    }
    struct text beyond = text_printf(input->arena, "%.*s.%zu", TEXT_F(name), room);
    if (has_content(input, text_join(input->arena, beyond, TEXT("."))) ||
        next_item(input, beyond, 0) != NULL) {
        fail(input, field, name, FORM_TOO_LONG, (int64_t)room);
    }
    check_count(input, field, name, count);
    memcpy(base + field->offset, &items, sizeof items);
    memcpy(base + field->count_offset, &count, sizeof count);
}

static bool counts_have(const struct form_count *rows, size_t count, struct text code) {
    for (size_t i = 0; i < count; i++) {
        if (text_eq(rows[i].code, code)) {
            return true;
        }
    }
    return false;
}

static void fill_counts(struct form_input *input, const struct field *field, struct text name, char *base) {
    struct form_count *rows = arena_array(input->arena, struct form_count, FORM_COUNTS_MAX);
    struct text prefix = text_join(input->arena, name, TEXT("."));
    struct field number = {.min = field->min, .max = field->max};
    size_t count = 0;
    if (input->json) {
        (void)take_object(input, field, name);
    }
    for (size_t i = 0; i < input->entry_count; i++) {
        struct form_entry *entry = &input->entries[i];
        if (entry->taken || !text_starts(entry->name, prefix) || count == FORM_COUNTS_MAX) {
            continue;
        }
        int64_t bound = 0;
        struct text code = text_part(entry->name, prefix.n, entry->name.n);
        entry->taken = true;
        enum form_error error = value_read(input, &number, FIELD_INT, entry, &rows[count].n, &bound);
        if (error == FORM_FINE && counts_have(rows, count, code)) {
            fail(input, field, entry->name, FORM_DUPLICATE, 0);
        } else if (error == FORM_FINE) {
            rows[count++].code = code;
        } else if (error != FORM_MISSING || input->json) {
            fail(input, field, entry->name, error, bound);
        }
    }
    memcpy(base + field->offset, &rows, sizeof rows); /* NOLINT(bugprone-sizeof-expression): the pointer */
    memcpy(base + field->count_offset, &count, sizeof count);
}

/* An optional object that was left out stays absent, required fields inside or not. */
static void fill_object(struct form_input *input, const struct field *field, struct text name, char *base) {
    struct text prefix = text_join(input->arena, name, TEXT("."));
    bool there = input->json ? take_object(input, field, name) : has_content(input, prefix);
    if (!there && input->json && field->required) {
        fail(input, field, name, FORM_MISSING, 0);
    }
    struct place inner = {field->inner, base + field->offset, prefix};
    size_t before = input->error_count;
    fill_form(input, &inner);
    if (!there && (!field->required || input->json)) {
        input->error_count = before;
    }
}

static void fill_form(struct form_input *input, const struct place *place) {
    for (size_t i = 0; i < place->form->count; i++) {
        const struct field *field = &place->form->fields[i];
        struct text name = text_join(input->arena, place->prefix, text_of(field->name));
        switch (field->kind) {
        case FIELD_TEXTS:
        case FIELD_IDS:
            fill_list(input, field, name, place->base);
            break;
        case FIELD_OBJECTS:
            fill_objects(input, field, name, place->base);
            break;
        case FIELD_COUNTS:
            fill_counts(input, field, name, place->base);
            break;
        case FIELD_OBJECT:
            fill_object(input, field, name, place->base);
            break;
        default:
            fill_scalar(input, field, name, place->base + field->offset);
        }
    }
}

static bool is_guards(const struct form_input *input, struct text name) {
    static const char *const names[] = {"_csrf", "_key", "_next", "_version"};
    for (size_t i = 0; i < COUNT(names) && !input->json; i++) {
        if (text_is(name, names[i])) {
            return true;
        }
    }
    return false;
}

static void refuse_unknown(struct form_input *input) {
    for (size_t i = 0; i < input->entry_count; i++) {
        const struct form_entry *entry = &input->entries[i];
        bool open = input->form != NULL && input->form->open;
        if (!open && !entry->taken && !is_guards(input, entry->name)) {
            fail(input, NULL, entry->name, FORM_UNKNOWN, 0);
        }
    }
}

bool form_fill(struct form_input *input) {
    if (input->form != NULL) {
        struct place top = {input->form, arena_take(input->arena, input->form->size), TEXT("")};
        input->value = top.base;
        fill_form(input, &top);
    }
    refuse_unknown(input);
    return input->error_count == 0;
}

/* Down the tables. Numbers count the rows of a list; what lies inside of counts is theirs. */
static const struct field *field_of(const struct form *form, struct text name) {
    const struct field *found = NULL;
    struct text piece;
    while (form != NULL && text_next(&name, '.', &piece)) {
        bool number = piece.n > 0 && piece.p[0] >= '0' && piece.p[0] <= '9';
        if (!number) {
            found = form_field(form, piece);
            form = found == NULL ? NULL : found->inner;
        }
    }
    return found;
}

void form_error_add(struct form_input *input, struct text pointer, enum form_error error, int64_t bound) {
    struct text name = text_copy(input->arena, text_part(pointer, 1, pointer.n));
    char *p = (char *)(uintptr_t)name.p; /* our own copy */
    for (size_t i = 0; i < name.n; i++) {
        p[i] = p[i] == '/' ? '.' : p[i];
    }
    fail(input, field_of(input->form, name), name, error, bound);
}
