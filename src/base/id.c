#include "base/id.h"

enum { LENGTH = ID_CHARS, RANDOM_BITS = 22 };

static const int64_t epoch_ms = 1704067200000; /* 2024-01-01T00:00:00Z */
static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

int64_t id_make(int64_t milliseconds, uint32_t random) {
    int64_t since = milliseconds > epoch_ms ? milliseconds - epoch_ms : 1;
    since &= (INT64_C(1) << 41) - 1;
    return since << RANDOM_BITS | (int64_t)(random & ((1U << RANDOM_BITS) - 1));
}

int64_t id_seconds(int64_t id) {
    return ((id >> RANDOM_BITS) + epoch_ms) / 1000;
}

void id_write(int64_t id, char ret_chars[ID_CHARS + 1]) {
    for (int i = LENGTH - 1; i >= 0; i--) {
        ret_chars[i] = alphabet[id & 31];
        id >>= 5;
    }
    ret_chars[LENGTH] = '\0';
}

struct text id_format(struct arena *arena, int64_t id) {
    char *p = arena_take(arena, LENGTH + 1);
    id_write(id, p);
    return (struct text){p, LENGTH};
}

static int64_t value_of(char c) {
    char upper = c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A')) : c;
    for (int64_t i = 0; i < 32; i++) {
        if (alphabet[i] == upper) {
            return i;
        }
    }
    return -1;
}

bool id_parse(struct text t, int64_t *ret_id) {
    if (t.n != LENGTH || t.p[0] > '7') {
        return false;
    }
    int64_t id = 0;
    for (size_t i = 0; i < LENGTH; i++) {
        int64_t v = value_of(t.p[i]);
        if (v < 0) {
            return false;
        }
        id = id << 5 | v;
    }
    if (id <= 0) {
        return false;
    }
    *ret_id = id;
    return true;
}
