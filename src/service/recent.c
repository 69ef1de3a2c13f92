#include "service/recent.h"

#include <pthread.h>
#include <string.h>

enum { SETS = 512, WAYS = 4, MINUTE = 60 };

struct place {
    struct recent_key key;
    int64_t minute; /* 0: empty */
};

struct recent {
    pthread_mutex_t mutex;
    struct place places[SETS][WAYS];
};

struct recent *recent_new(struct arena *arena) {
    struct recent *recent = arena_new(arena, struct recent);
    pthread_mutex_init(&recent->mutex, NULL);
    return recent;
}

void recent_close(struct recent *recent) {
    if (recent != NULL) {
        pthread_mutex_destroy(&recent->mutex);
    }
}

static struct place *set_of(struct recent *recent, struct recent_key key) {
    uint32_t number;
    memcpy(&number, key.bytes, sizeof number);
    return recent->places[number % SETS];
}

bool recent_has(struct recent *recent, struct recent_key key, struct instant at) {
    bool found = false;
    pthread_mutex_lock(&recent->mutex);
    const struct place *set = set_of(recent, key);
    for (size_t i = 0; i < WAYS; i++) {
        found = found || (set[i].minute == at.s / MINUTE && memcmp(&set[i].key, &key, sizeof key) == 0);
    }
    pthread_mutex_unlock(&recent->mutex);
    return found;
}

/* In the place of the same look a while ago, or else of the one longest ago. */
void recent_note(struct recent *recent, struct recent_key key, struct instant at) {
    pthread_mutex_lock(&recent->mutex);
    struct place *set = set_of(recent, key);
    struct place *into = &set[0];
    for (size_t i = 0; i < WAYS; i++) {
        if (memcmp(&set[i].key, &key, sizeof key) == 0) {
            into = &set[i];
            break;
        }
        into = set[i].minute < into->minute ? &set[i] : into;
    }
    *into = (struct place){key, at.s / MINUTE};
    pthread_mutex_unlock(&recent->mutex);
}
