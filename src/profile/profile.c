/* The whole file: the city and its versions. */
#include "profile/profile.h"

#include <string.h>

#include "profile/read.h"

enum { CLOSING_DAYS_MAX = 1000 };

static void read_wards(const struct node *node, struct city *city) {
    city->ward_count = (int32_t)node_count(node, CITY_WARDS_MAX);
    for (int32_t i = 0; i < city->ward_count; i++) {
        struct node at = node_at(node, (size_t)i);
        city->wards[i] = node_text(&at);
    }
}

static void days_sort(struct day *days, size_t count) {
    for (size_t i = 1; i < count; i++) {
        struct day day = days[i];
        size_t k = i;
        for (; k > 0 && day_before(day, days[k - 1]); k--) {
            days[k] = days[k - 1];
        }
        days[k] = day;
    }
}

/* A day, not null. */
static struct day need_day(const struct node *node) {
    if (json_is_null(node->json)) {
        node_fault_plain(node, W_PROFILE_DAY);
        return DAY_NONE;
    }
    return node_day(node);
}

static void read_calendar(const struct node *node, struct calendar *calendar) {
    *calendar = calendar_japan;
    if (!node_object(node, "national year_end closed")) {
        return;
    }
    struct node national = node_get(node, "national");
    struct node year_end = node_get(node, "year_end");
    struct node closed = node_get(node, "closed");
    size_t own = node_count(&closed, CLOSING_DAYS_MAX);
    size_t shipped = node_bool(&national, true) ? calendar_japan.count : 0;
    struct day *days = arena_array(node->reader->arena, struct day, own + shipped + 1);
    for (size_t i = 0; i < shipped; i++) {
        days[i] = calendar_japan.holidays[i];
    }
    for (size_t i = 0; i < own; i++) {
        struct node at = node_at(&closed, i);
        days[shipped + i] = need_day(&at);
    }
    days_sort(days, own + shipped);
    *calendar = (struct calendar){days, own + shipped, node_bool(&year_end, true)};
}

static void read_city(const struct node *node, struct city *city) {
    struct node code = node_need(node, "code");
    struct node name = node_need(node, "name");
    struct node office = node_get(node, "office");
    struct node phone = node_get(node, "phone");
    struct node hours = node_get(node, "hours");
    struct node wards = node_get(node, "wards");
    struct node calendar = node_get(node, "calendar");
    city->code = node_code(&code);
    city->name = node_text(&name);
    city->office = node_text(&office);
    city->phone = node_text(&phone);
    city->hours = node_text(&hours);
    read_wards(&wards, city);
    read_calendar(&calendar, &city->calendar);
}

static void read_versions(const struct node *node, struct programme_set *set) {
    int32_t count = (int32_t)node_count(node, PROGRAMME_VERSIONS_MAX);
    if (node->json != NULL && count == 0) {
        node_fault_plain(node, W_PROFILE_EMPTY);
    }
    for (int32_t i = 0; i < count; i++) {
        struct node at = node_at(node, (size_t)i);
        struct programme *programme = arena_new(node->reader->arena, struct programme);
        programme->valid_from = DAY_NONE;
        read_version(&at, programme);
        set->versions[i] = programme;
        set->count = i + 1;
        if (i > 0 && !day_before(set->versions[i - 1]->valid_from, programme->valid_from)) {
            node_fault_plain(&at, W_PROFILE_ORDER);
        }
    }
}

bool profile_load(struct arena *arena, struct text json, struct profile *ret_profile,
                  struct profile_faults *ret_faults) {
    memset(ret_faults, 0, sizeof *ret_faults);
    struct reader reader = {arena, ret_faults};
    json_t *tree = node_parse(&reader, json);
    struct node root = {.reader = &reader, .json = tree};
    struct profile profile;
    memset(&profile, 0, sizeof profile);
    if (node_object(&root, "code name office phone hours wards calendar versions")) {
        struct node versions = node_need(&root, "versions");
        read_city(&root, &profile.city);
        read_versions(&versions, &profile.programmes);
    }
    json_decref(tree);
    if (ret_faults->count == 0) {
        *ret_profile = profile;
    }
    return ret_faults->count == 0;
}
