/* One version of the programme, in the order in which its parts refer to each other. */
#include "profile/read.h"

static void fault_twice(const struct node *node, struct text code) {
    if (code.n > 0) {
        node_fault_text(node, W_PROFILE_TWICE, "code", code);
    }
}

static void read_class_list(const struct node *node, struct programme *programme) {
    int32_t count = (int32_t)node_count(node, PROGRAMME_CLASSES_MAX);
    if (node->json != NULL && count == 0) {
        node_fault_plain(node, W_PROFILE_EMPTY);
    }
    for (int32_t i = 0; i < count; i++) {
        struct node at = node_at(node, (size_t)i);
        if (!node_object(&at, "code name")) {
            continue;
        }
        struct node code = node_need(&at, "code");
        struct node name = node_need(&at, "name");
        programme->classes[i].code = node_code(&code);
        programme->classes[i].name = node_text(&name);
        if (read_class_reserved(programme->classes[i].code)) {
            node_fault_text(&code, W_PROFILE_RESERVED, "code", programme->classes[i].code);
        } else if (programme_class(programme, programme->classes[i].code) >= 0) {
            fault_twice(&code, programme->classes[i].code);
        }
        programme->class_count = i + 1;
    }
}

/* 7, or [7, 14] by number of infants (the last stands for more). */
static void read_units(const struct node *node, int32_t units[INFANTS_MAX]) {
    if (!json_is_array(node->json)) {
        int32_t n = (int32_t)node_int(node, 0, 999, 0);
        for (int32_t i = 0; i < INFANTS_MAX; i++) {
            units[i] = n;
        }
        return;
    }
    int32_t count = (int32_t)node_count(node, INFANTS_MAX);
    if (count == 0) {
        node_fault_plain(node, W_PROFILE_EMPTY);
    }
    for (int32_t i = 0; i < INFANTS_MAX && count > 0; i++) {
        struct node at = node_at(node, (size_t)(i < count ? i : count - 1));
        units[i] = i < count ? (int32_t)node_int(&at, 0, 999, 0) : units[count - 1];
    }
}

/* By class, or one for all. */
static void read_units_table(const struct node *node, const struct programme *programme,
                             int32_t units[PROGRAMME_CLASSES_MAX][INFANTS_MAX]) {
    read_class_table(node, programme);
    for (int32_t i = 0; i < programme->class_count && node->json != NULL; i++) {
        struct node entry = read_class_entry(node, programme, i);
        if (entry.json != NULL) {
            read_units(&entry, units[i]);
        }
    }
}

static void read_pool(const struct node *node, struct programme *programme, struct pool *pool) {
    if (!node_object(node, "code name units over")) {
        return;
    }
    struct node code = node_need(node, "code");
    struct node name = node_need(node, "name");
    struct node units = node_need(node, "units");
    struct node over = node_get(node, "over");
    pool->code = node_code(&code);
    pool->name = node_text(&name);
    pool->over = (enum pool_over)node_choice(&over, "refused facility-price", OVER_REFUSED);
    read_units_table(&units, programme, pool->units);
    if (programme_pool(programme, pool->code) >= 0) {
        fault_twice(&code, pool->code);
    }
}

static void read_pools(const struct node *node, struct programme *programme) {
    int32_t count = (int32_t)node_count(node, PROGRAMME_POOLS_MAX);
    for (int32_t i = 0; i < count; i++) {
        struct node at = node_at(node, (size_t)i);
        read_pool(&at, programme, &programme->pools[i]);
        programme->pool_count = i + 1;
    }
}

/* Codes first: prices and reductions may name any care. */
static void read_care_list(const struct node *node, struct programme *programme) {
    int32_t count = (int32_t)node_count(node, PROGRAMME_CARES_MAX);
    if (node->json != NULL && count == 0) {
        node_fault_plain(node, W_PROFILE_EMPTY);
    }
    for (int32_t i = 0; i < count; i++) {
        struct node at = node_at(node, (size_t)i);
        struct node code = node_need(&at, "code");
        programme->cares[i].code = node_code(&code);
        if (programme_care(programme, programme->cares[i].code) >= 0) {
            fault_twice(&code, programme->cares[i].code);
        }
        programme->care_count = i + 1;
    }
    for (int32_t i = 0; i < count; i++) {
        struct node at = node_at(node, (size_t)i);
        read_care(&at, programme, i);
    }
}

static void read_limit(const struct node *node, struct programme *programme, struct use_limit *limit) {
    if (!node_object(node, "code name cares count per max")) {
        return;
    }
    struct node code = node_need(node, "code");
    struct node name = node_need(node, "name");
    struct node cares = node_get(node, "cares");
    struct node count = node_get(node, "count");
    struct node per = node_get(node, "per");
    struct node max = node_need(node, "max");
    limit->code = node_code(&code);
    limit->name = node_text(&name);
    limit->cares = read_cares(&cares, programme);
    limit->count = (enum counting)node_choice(&count, "nights days 24h use hours", COUNT_USE);
    limit->per = (enum limit_per)node_choice(&per, "grant fiscal-year month week open", LIMIT_GRANT);
    read_units_table(&max, programme, limit->max);
}

static void read_limits(const struct node *node, struct programme *programme) {
    programme->limit_count = (int32_t)node_count(node, PROGRAMME_LIMITS_MAX);
    for (int32_t i = 0; i < programme->limit_count; i++) {
        struct node at = node_at(node, (size_t)i);
        read_limit(&at, programme, &programme->limits[i]);
    }
}

static void read_booking(const struct node *node, struct programme *programme) {
    if (node_object(node, "deadline opens horizon_days open_limit limits")) {
        struct node deadline = node_get(node, "deadline");
        struct node horizon = node_get(node, "horizon_days");
        struct node limit = node_get(node, "open_limit");
        struct node opens = node_get(node, "opens");
        struct node limits = node_get(node, "limits");
        programme->opens = read_moment(&opens);
        read_limits(&limits, programme);
        programme->deadline = read_moment(&deadline);
        programme->horizon_days = (int32_t)node_int(&horizon, 1, 3660, 0);
        programme->open_limit = (int32_t)node_int(&limit, 1, 99, 0);
    }
}

static void read_registration(const struct node *node, struct programme *programme) {
    programme->registration = (struct registration_rules){.before_birth = true, .grant_before_birth = true};
    if (node_object(node, "from_week from_months before_birth grant_before_birth")) {
        struct node week = node_get(node, "from_week");
        struct node before = node_get(node, "before_birth");
        struct node grant = node_get(node, "grant_before_birth");
        struct node months = node_get(node, "from_months");
        programme->registration.from_week = (int32_t)node_int(&week, 0, 40, 0);
        programme->registration.from_months = (int32_t)node_int(&months, 1, 12, 0);
        if (week.json != NULL && months.json != NULL) {
            node_fault_text(node, W_PROFILE_ONE_OF, "keys", TEXT("from_week from_months"));
        }
        programme->registration.before_birth = node_bool(&before, true);
        programme->registration.grant_before_birth = node_bool(&grant, true);
    }
}

static void read_consents(const struct node *node, struct programme *programme) {
    programme->consent_count = (int32_t)node_count(node, PROGRAMME_CONSENTS_MAX);
    for (int32_t i = 0; i < programme->consent_count; i++) {
        struct node at = node_at(node, (size_t)i);
        if (node_object(&at, "code name required")) {
            struct node code = node_need(&at, "code");
            struct node name = node_need(&at, "name");
            struct node required = node_get(&at, "required");
            programme->consents[i].code = node_code(&code);
            programme->consents[i].name = node_text(&name);
            programme->consents[i].required = node_bool(&required, true);
        }
    }
}

static void read_exclusions(const struct node *node, struct programme *programme) {
    programme->exclusion_count = (int32_t)node_count(node, PROGRAMME_EXCLUSIONS_MAX);
    for (int32_t i = 0; i < programme->exclusion_count; i++) {
        struct node at = node_at(node, (size_t)i);
        if (node_object(&at, "code name")) {
            struct node code = node_need(&at, "code");
            struct node name = node_need(&at, "name");
            programme->exclusions[i].code = node_code(&code);
            programme->exclusions[i].name = node_text(&name);
        }
    }
}

static void read_head(const struct node *node, struct programme *programme) {
    struct node valid_from = node_need(node, "valid_from");
    struct node name = node_need(node, "name");
    struct node source = node_get(node, "source");
    struct node class_default = node_get(node, "class_default");
    struct node class_month = node_get(node, "class_month");
    struct node moving = node_get(node, "moving_day_excluded");
    programme->valid_from = node_day(&valid_from);
    if (json_is_null(valid_from.json)) {
        node_fault_plain(&valid_from, W_PROFILE_DAY);
    }
    programme->name = node_text(&name);
    programme->source = node_text(&source);
    programme->class_default = class_default.json == NULL ? -1 : read_class_row(&class_default, programme);
    programme->class_month = (int32_t)node_int(&class_month, 1, 12, 0);
    programme->moving_day_excluded = node_bool(&moving, false);
}

void read_version(const struct node *node, struct programme *programme) {
    if (!node_object(node, "valid_from name source classes class_default class_month pools cares additions "
                           "reductions booking cancel acceptance wait registration moving_day_excluded "
                           "consents exclusions")) {
        return;
    }
    int32_t faults = node->reader->faults->count;
    struct node classes = node_need(node, "classes");
    struct node pools = node_get(node, "pools");
    struct node cares = node_need(node, "cares");
    struct node additions = node_get(node, "additions");
    struct node reductions = node_get(node, "reductions");
    struct node booking = node_get(node, "booking");
    struct node cancel = node_get(node, "cancel");
    struct node acceptance = node_get(node, "acceptance");
    struct node wait = node_get(node, "wait");
    struct node registration = node_get(node, "registration");
    struct node consents = node_get(node, "consents");
    struct node exclusions = node_get(node, "exclusions");
    read_class_list(&classes, programme);
    read_head(node, programme);
    read_pools(&pools, programme);
    read_care_list(&cares, programme);
    read_additions(&additions, programme);
    read_reductions(&reductions, programme);
    read_booking(&booking, programme);
    read_cancel(&cancel, programme);
    read_acceptance(&acceptance, programme);
    read_wait(&wait, programme);
    read_registration(&registration, programme);
    read_consents(&consents, programme);
    read_exclusions(&exclusions, programme);
    if (node->reader->faults->count == faults) {
        const char *fault = programme_fault(programme);
        if (fault != NULL) {
            node_fault_text(node, W_PROFILE_RULE, "part", text_of(fault));
        }
    }
}
