/* One place in a JSON text, with its way back to the root, so that every fault can say where it stands. Reading never
 * stops at the first fault: a wrong value is reported once and read as nothing. */
#ifndef SANGO_PROFILE_NODE_H
#define SANGO_PROFILE_NODE_H

#include <jansson.h>

#include "core/calendar.h"
#include "profile/profile.h"
#include "words/words.h"

struct reader {
    struct arena *arena;
    struct profile_faults *faults;
};

struct node {
    struct reader *reader;
    const struct node *up;
    json_t *json;    /* NULL: absent */
    const char *key; /* in an object, else NULL */
    size_t index;    /* in an array */
};

/* Reports a fault at this node; beyond PROFILE_FAULTS_MAX they are dropped. */
void node_fault(const struct node *node, enum word word, const struct word_arg *args, size_t count);
void node_fault_plain(const struct node *node, enum word word);
void node_fault_text(const struct node *node, enum word word, const char *name, struct text value);

/* The whole text; NULL with a fault. The caller gives it back with json_decref(). */
json_t *node_parse(struct reader *reader, struct text json);
/* Text out of the file, fit to be shown. */
struct text node_shown(const struct node *node, struct text t);

bool node_has(const struct node *node, const char *key);
/* The member, absent or not. The parent must be an object (else a fault was told and everything is absent). */
struct node node_get(const struct node *node, const char *key);
/* A member that must be there. */
struct node node_need(const struct node *node, const char *key);
struct node node_at(const struct node *node, size_t index);

/* True when present and an object; `keys` are the ones allowed, separated by spaces; others are faults. */
bool node_object(const struct node *node, const char *keys);
/* Number of elements; 0 with a fault when it is not an array or longer than `max`; 0 when absent. */
size_t node_count(const struct node *node, size_t max);

/* Values; the fallback when absent, and after a fault. */
struct text node_text(const struct node *node); /* empty */
int64_t node_int(const struct node *node, int64_t low, int64_t high, int64_t fallback);
bool node_bool(const struct node *node, bool fallback);
struct day node_day(const struct node *node);         /* DAY_NONE */
struct instant node_instant(const struct node *node); /* INSTANT_NONE */
/* "HH:MM", 00:00 … 24:00. */
int32_t node_clock(const struct node *node, int32_t fallback);
/* Index of the text in `names` (separated by spaces). */
int32_t node_choice(const struct node *node, const char *names, int32_t fallback);
/* [a-z0-9_-]{1,32} */
struct text node_code(const struct node *node);

#endif
