/* Typed reading of jansson's tree. */
#include "profile/node.h"

#include <string.h>

#include "base/buf.h"

enum { CODE_MAX = 32, TEXT_MAX = 2000, MINUTES_DAY = 1440 };

static void pointer_put(struct buf *buf, const struct node *node) {
    if (node->up == NULL) {
        return;
    }
    pointer_put(buf, node->up);
    buf_putc(buf, '/');
    if (node->key == NULL) {
        buf_printf(buf, "%zu", node->index);
        return;
    }
    for (const char *p = node->key; *p != '\0'; p++) {
        if (*p == '~') {
            buf_putz(buf, "~0");
        } else if (*p == '/') {
            buf_putz(buf, "~1");
        } else {
            buf_putc(buf, *p);
        }
    }
}

void node_fault(const struct node *node, enum word word, const struct word_arg *args, size_t count) {
    struct profile_faults *faults = node->reader->faults;
    if (faults->count == PROFILE_FAULTS_MAX) {
        return;
    }
    struct buf buf;
    buf_init(&buf, node->reader->arena);
    pointer_put(&buf, node);
    struct profile_fault fault = {.pointer = buf_text(&buf),
                                  .sentence = word_expand(node->reader->arena, word, args, count)};
    for (int32_t i = 0; i < faults->count; i++) { /* one value for all classes is read once for each */
        if (text_eq(faults->rows[i].pointer, fault.pointer) &&
            text_eq(faults->rows[i].sentence, fault.sentence)) {
            return;
        }
    }
    faults->rows[faults->count++] = fault;
}

void node_fault_plain(const struct node *node, enum word word) {
    node_fault(node, word, NULL, 0);
}

void node_fault_text(const struct node *node, enum word word, const char *name, struct text value) {
    node_fault(node, word, &(struct word_arg){name, value}, 1);
}

static struct text number(const struct node *node, int64_t n) {
    return text_printf(node->reader->arena, "%lld", (long long)n);
}

json_t *node_parse(struct reader *reader, struct text json) {
    json_error_t error;
    json_t *root = json_loadb(json.p, json.n, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL) {
        struct node whole = {.reader = reader};
        struct word_arg args[] = {{"line", text_printf(reader->arena, "%d", error.line)},
                                  {"column", text_printf(reader->arena, "%d", error.column)}};
        node_fault(&whole, W_PROFILE_JSON, args, COUNT(args));
    }
    return root;
}

bool node_has(const struct node *node, const char *key) {
    return json_is_object(node->json) && json_object_get(node->json, key) != NULL;
}

struct node node_get(const struct node *node, const char *key) {
    json_t *json = json_is_object(node->json) ? json_object_get(node->json, key) : NULL;
    return (struct node){.reader = node->reader, .up = node, .json = json, .key = key};
}

struct node node_need(const struct node *node, const char *key) {
    struct node found = node_get(node, key);
    if (found.json == NULL && json_is_object(node->json)) {
        node_fault_text(node, W_PROFILE_MISSING, "key", text_of(key));
    }
    return found;
}

struct node node_at(const struct node *node, size_t index) {
    return (struct node){
        .reader = node->reader, .up = node, .json = json_array_get(node->json, index), .index = index};
}

static bool word_in(const char *words, const char *word) {
    size_t n = strlen(word);
    for (const char *p = words; *p != '\0';) {
        size_t length = strcspn(p, " ");
        if (length == n && memcmp(p, word, n) == 0) {
            return true;
        }
        p += length + (p[length] == ' ');
    }
    return false;
}

struct text node_shown(const struct node *node, struct text t) {
    return t.n <= CODE_MAX && text_printable(t, false) ? text_copy(node->reader->arena, t) : TEXT("?");
}

bool node_object(const struct node *node, const char *keys) {
    if (node->json == NULL) {
        return false;
    }
    if (!json_is_object(node->json)) {
        node_fault_plain(node, W_PROFILE_OBJECT);
        return false;
    }
    const char *key;
    json_t *value;
    json_object_foreach(node->json, key, value) {
        if (!word_in(keys, key)) {
            struct node unknown = node_get(node, key);
            struct word_arg args[] = {{"key", node_shown(node, text_of(key))}, {"keys", text_of(keys)}};
            node_fault(&unknown, W_PROFILE_UNKNOWN_KEY, args, COUNT(args));
        }
    }
    return true;
}

size_t node_count(const struct node *node, size_t max) {
    if (node->json == NULL) {
        return 0;
    }
    if (!json_is_array(node->json)) {
        node_fault_plain(node, W_PROFILE_ARRAY);
        return 0;
    }
    size_t count = json_array_size(node->json);
    if (count > max) {
        struct word_arg args[] = {{"count", number(node, (int64_t)count)},
                                  {"max", number(node, (int64_t)max)}};
        node_fault(node, W_PROFILE_TOO_MANY, args, COUNT(args));
        return 0;
    }
    return count;
}

struct text node_text(const struct node *node) {
    if (node->json == NULL) {
        return TEXT("");
    }
    const char *value = json_string_value(node->json);
    size_t n = json_string_length(node->json);
    if (value == NULL || n > TEXT_MAX || !text_printable((struct text){value, n}, false)) {
        node_fault_text(node, W_PROFILE_TEXT, "max", number(node, TEXT_MAX));
        return TEXT("");
    }
    return text_copy(node->reader->arena, (struct text){value, n});
}

int64_t node_int(const struct node *node, int64_t low, int64_t high, int64_t fallback) {
    if (node->json == NULL) {
        return fallback;
    }
    int64_t n = json_integer_value(node->json);
    if (!json_is_integer(node->json) || n < low || n > high) {
        struct word_arg args[] = {{"low", number(node, low)}, {"high", number(node, high)}};
        node_fault(node, W_PROFILE_INT, args, COUNT(args));
        return fallback;
    }
    return n;
}

bool node_bool(const struct node *node, bool fallback) {
    if (node->json == NULL) {
        return fallback;
    }
    if (!json_is_boolean(node->json)) {
        node_fault_plain(node, W_PROFILE_BOOL);
        return fallback;
    }
    return json_is_true(node->json);
}

/* Borrowed from the tree; empty when it is no text. */
static struct text json_plain(const struct node *node) {
    const char *value = json_string_value(node->json);
    return value == NULL ? TEXT("") : (struct text){value, json_string_length(node->json)};
}

struct day node_day(const struct node *node) {
    struct day day = DAY_NONE;
    if (node->json != NULL && !json_is_null(node->json) && !day_parse(json_plain(node), &day)) {
        node_fault_plain(node, W_PROFILE_DAY);
    }
    return day;
}

struct instant node_instant(const struct node *node) {
    struct instant instant = INSTANT_NONE;
    if (node->json != NULL && !json_is_null(node->json) && !instant_parse(json_plain(node), &instant)) {
        node_fault_plain(node, W_PROFILE_INSTANT);
    }
    return instant;
}

int32_t node_clock(const struct node *node, int32_t fallback) {
    if (node->json == NULL) {
        return fallback;
    }
    struct text t = json_plain(node);
    int64_t hour = -1;
    int64_t minute = -1;
    bool ok = t.n == 5 && t.p[2] == ':' && num_parse(text_part(t, 0, 2), &hour) &&
              num_parse(text_part(t, 3, 5), &minute) && hour >= 0 && minute >= 0 && minute < 60 &&
              hour * 60 + minute <= MINUTES_DAY;
    if (!ok) {
        node_fault_plain(node, W_PROFILE_CLOCK);
        return fallback;
    }
    return (int32_t)(hour * 60 + minute);
}

int32_t node_choice(const struct node *node, const char *names, int32_t fallback) {
    if (node->json == NULL) {
        return fallback;
    }
    const char *value = json_string_value(node->json);
    int32_t index = 0;
    struct text rest = text_of(names);
    struct text name;
    while (value != NULL && text_next(&rest, ' ', &name)) {
        if (text_is(name, value)) {
            return index;
        }
        index++;
    }
    node_fault_text(node, W_PROFILE_CHOICE, "names", text_of(names));
    return fallback;
}

struct text node_code(const struct node *node) {
    struct text t = text_copy(node->reader->arena, json_plain(node));
    bool ok = t.n >= 1 && t.n <= CODE_MAX;
    for (size_t i = 0; ok && i < t.n; i++) {
        char c = t.p[i];
        ok = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }
    if (node->json != NULL && !ok) {
        node_fault_text(node, W_PROFILE_CODE, "max", number(node, CODE_MAX));
        return TEXT("");
    }
    return t;
}
