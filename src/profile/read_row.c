/* Codes to rows, tables by class, moments, ages. */
#include "profile/read.h"

/* An object may also be one value for all classes: a price has `kind`, an outcome one of the others. No class is called so. */
bool read_class_reserved(struct text code) {
    return text_is(code, "all") || text_is(code, "kind") || text_is(code, "percent") ||
           text_is(code, "yen") || text_is(code, "units");
}

static bool is_class_table(const struct node *table) {
    return json_is_object(table->json) && !node_has(table, "kind") && !node_has(table, "percent") &&
           !node_has(table, "yen") && !node_has(table, "units");
}

struct node read_class_entry(const struct node *table, const struct programme *programme, int32_t row) {
    if (!is_class_table(table)) {
        return *table;
    }
    const char *code = programme->classes[row].code.p;
    return node_get(table, node_has(table, code) ? code : "all");
}

void read_class_table(const struct node *table, const struct programme *programme) {
    if (!is_class_table(table)) {
        return;
    }
    const char *key;
    json_t *value;
    json_object_foreach(table->json, key, value) {
        struct text code = text_of(key);
        if (!text_is(code, "all") && programme_class(programme, code) < 0) {
            struct node unknown = node_get(table, key);
            struct word_arg args[] = {{"code", node_shown(table, code)}, {"table", TEXT("classes")}};
            node_fault(&unknown, W_PROFILE_NO_ROW, args, COUNT(args));
        }
    }
    for (int32_t i = 0; i < programme->class_count; i++) {
        struct node entry = read_class_entry(table, programme, i);
        if (entry.json == NULL) {
            node_fault_text(table, W_PROFILE_CLASS_MISSING, "code", programme->classes[i].code);
        }
    }
}

static int32_t row_or_fault(const struct node *node, struct text code, int32_t row, const char *table) {
    if (row < 0 && code.n > 0) {
        struct word_arg args[] = {{"code", code}, {"table", text_of(table)}};
        node_fault(node, W_PROFILE_NO_ROW, args, COUNT(args));
    }
    return row;
}

int32_t read_care_row(const struct node *node, const struct programme *programme) {
    struct text code = node_code(node);
    return row_or_fault(node, code, programme_care(programme, code), "cares");
}

int32_t read_class_row(const struct node *node, const struct programme *programme) {
    struct text code = node_code(node);
    return row_or_fault(node, code, programme_class(programme, code), "classes");
}

typedef int32_t (*row_reader)(const struct node *node, const struct programme *programme);

static rows_mask read_mask(const struct node *node, const struct programme *programme, int32_t rows,
                           row_reader read_row) {
    if (node->json == NULL) {
        return (1u << rows) - 1;
    }
    rows_mask mask = 0;
    size_t count = node_count(node, (size_t)rows);
    for (size_t i = 0; i < count; i++) {
        struct node at = node_at(node, i);
        int32_t row = read_row(&at, programme);
        mask |= row < 0 ? 0 : 1u << row;
    }
    return mask;
}

rows_mask read_cares(const struct node *node, const struct programme *programme) {
    return read_mask(node, programme, programme->care_count, read_care_row);
}

rows_mask read_classes(const struct node *node, const struct programme *programme) {
    return read_mask(node, programme, programme->class_count, read_class_row);
}

/* {days} or {weeks, weekday} or {months, day}. */
static void read_moment_day(const struct node *node, struct moment *moment) {
    static const char *const counted[MOMENT_UNIT__MAX] = {"days", "weeks", "months"};
    static const int low[MOMENT_UNIT__MAX] = {-31, 0, 0};
    static const int high[MOMENT_UNIT__MAX] = {366, 52, 24};
    int given = 0;
    for (int i = 0; i < MOMENT_UNIT__MAX; i++) {
        if (node_has(node, counted[i])) {
            struct node n = node_get(node, counted[i]);
            moment->unit = (enum moment_unit)i;
            moment->days = (int32_t)node_int(&n, low[i], high[i], 0);
            given++;
        }
    }
    if (given != 1) {
        node_fault_text(node, W_PROFILE_ONE_OF, "keys", TEXT("days weeks months"));
    }
    struct node weekday =
        moment->unit == MOMENT_WEEKS ? node_need(node, "weekday") : node_get(node, "weekday");
    struct node day = node_get(node, "day");
    struct node business = node_get(node, "business");
    int32_t picked = node_choice(&weekday, "sun mon tue wed thu fri sat", 0);
    int32_t monthday = (int32_t)node_int(&day, 1, 31, 0);
    moment->pick = moment->unit == MOMENT_WEEKS ? picked : moment->unit == MOMENT_MONTHS ? monthday : 0;
    moment->business = node_bool(&business, false);
    bool alien = (weekday.json != NULL && moment->unit != MOMENT_WEEKS) ||
                 (day.json != NULL && moment->unit != MOMENT_MONTHS) ||
                 (business.json != NULL && moment->unit != MOMENT_DAYS);
    if (alien && given == 1) {
        node_fault_plain(node, W_PROFILE_MOMENT);
    }
}

struct moment read_moment(const struct node *node) {
    struct moment moment = {.set = false};
    if (node_object(node, "days business weeks weekday months day at shift exclusive")) {
        struct node at = node_need(node, "at");
        struct node shift = node_get(node, "shift");
        struct node exclusive = node_get(node, "exclusive");
        moment.set = true;
        read_moment_day(node, &moment);
        moment.minute = node_clock(&at, 0);
        moment.shift = (enum moment_shift)node_choice(&shift, "none earlier", 0);
        moment.from = node_bool(&exclusive, false);
    }
    return moment;
}

static void read_corrected(const struct node *node, struct age_window *window) {
    if (node_object(node, "below_gestation_days below_weight_g")) {
        struct node days = node_get(node, "below_gestation_days");
        struct node weight = node_get(node, "below_weight_g");
        window->corrected_below_days = (int32_t)node_int(&days, 0, 280, 0);
        window->corrected_below_weight_g = (int32_t)node_int(&weight, 0, 10000, 0);
    }
}

struct age_window read_age(const struct node *node) {
    struct age_window window = {.set = false};
    if (!node_object(node, "bound months weeks days test from_days from_months corrected")) {
        return window;
    }
    static const char *const units[AGE__MAX] = {"months", "weeks", "days"};
    int given = 0;
    for (int i = 0; i < AGE__MAX; i++) {
        if (node_has(node, units[i])) {
            struct node n = node_get(node, units[i]);
            window.n = (int32_t)node_int(&n, 1, 1500, 1);
            window.unit = (enum age_unit)i;
            given++;
        }
    }
    if (given != 1) {
        node_fault_text(node, W_PROFILE_ONE_OF, "keys", TEXT("months weeks days"));
    }
    struct node bound = node_get(node, "bound");
    struct node test = node_get(node, "test");
    struct node from = node_get(node, "from_days");
    struct node corrected = node_get(node, "corrected");
    window.set = true;
    window.bound = (enum age_bound)node_choice(&bound, "under through month-end", AGE_UNDER);
    window.test = (enum age_test)node_choice(&test, "every-day first-day last-day", AGE_EVERY_DAY);
    window.from_days = (int32_t)node_int(&from, 0, 1500, 0);
    struct node from_months = node_get(node, "from_months");
    window.from_months = (int32_t)node_int(&from_months, 0, 240, 0);
    read_corrected(&corrected, &window);
    return window;
}
