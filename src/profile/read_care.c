/* One care: hours, counting, pools, age, prices. */
#include "profile/read.h"

static void read_care_pools(const struct node *node, const struct programme *programme, struct care *care) {
    care->pool_count = (int32_t)node_count(node, CARE_POOLS_MAX);
    for (int32_t i = 0; i < care->pool_count; i++) {
        struct node at = node_at(node, (size_t)i);
        struct text code = node_code(&at);
        int32_t row = programme_pool(programme, code);
        if (row < 0) {
            struct word_arg args[] = {{"code", code}, {"table", TEXT("pools")}};
            node_fault(&at, W_PROFILE_NO_ROW, args, COUNT(args));
        }
        care->pools[i] = row < 0 ? 0 : row;
    }
}

static void read_patterns(const struct node *node, struct care *care) {
    care->pattern_count = (int32_t)node_count(node, CARE_PATTERNS_MAX);
    for (int32_t i = 0; i < care->pattern_count; i++) {
        struct node list = node_at(node, (size_t)i);
        struct pattern *pattern = &care->patterns[i];
        pattern->count = (int32_t)node_count(&list, PATTERN_USES_MAX);
        for (int32_t k = 0; k < pattern->count; k++) {
            struct node nights = node_at(&list, (size_t)k);
            pattern->nights[k] = (int32_t)node_int(&nights, 1, 60, 1);
        }
    }
}

static void read_hours(const struct node *node, struct care *care) {
    struct node start = node_need(node, "start");
    struct node end = node_need(node, "end");
    care->start_minute = node_clock(&start, 0);
    care->end_minute = node_clock(&end, 1440);
    if (care->kind != CARE_STAY && care->end_minute < care->start_minute) {
        node_fault_plain(&end, W_PROFILE_CLOCK_END);
        care->end_minute = care->start_minute;
    }
}

static void read_counting(const struct node *node, struct care *care) {
    static const char counts[] = "nights days 24h use hours";
    struct node charge = node_need(node, "charge");
    struct node quota = node_get(node, "quota");
    struct node weight = node_get(node, "quota_weight");
    care->charge = (enum counting)node_choice(&charge, counts, COUNT_USE);
    care->quota = (enum counting)node_choice(&quota, counts, (int32_t)care->charge);
    care->quota_weight = (int32_t)node_int(&weight, 1, 99, 1);
    if (care->kind == CARE_STAY && (care->charge == COUNT_HOURS || care->quota == COUNT_HOURS)) {
        node_fault_plain(care->charge == COUNT_HOURS ? &charge : &quota, W_PROFILE_HOURS_STAY);
        care->charge = care->quota = COUNT_NIGHTS;
    }
}

/* true, or the window that counts from the loss. */
static void read_loss(const struct node *node, struct care *care) {
    bool window = json_is_object(node->json);
    care->loss = window || node_bool(node, false);
    if (window) {
        care->loss_age = read_age(node);
    }
}

static void read_limits(const struct node *node, struct care *care) {
    struct node min = node_get(node, "min_nights");
    struct node max = node_get(node, "max_nights");
    struct node before_birth = node_get(node, "before_birth");
    struct node loss = node_get(node, "loss");
    struct node on_holidays = node_get(node, "on_holidays");
    struct node deadline = node_get(node, "deadline");
    struct node horizon = node_get(node, "horizon_days");
    care->min_nights = (int32_t)node_int(&min, 0, 60, 0);
    care->max_nights = (int32_t)node_int(&max, 1, 60, 0);
    care->before_birth = node_bool(&before_birth, true);
    read_loss(&loss, care);
    care->ends_on_business = json_is_string(on_holidays.json);
    if (care->ends_on_business) {
        (void)node_choice(&on_holidays, "every-day", 0);
    } else {
        care->on_holidays = node_bool(&on_holidays, true);
    }
    struct node opens = node_get(node, "opens");
    care->opens = read_moment(&opens);
    care->deadline = read_moment(&deadline);
    care->horizon_days = (int32_t)node_int(&horizon, 1, 3660, 0);
}

void read_care(const struct node *node, struct programme *programme, int32_t row) {
    struct care *care = &programme->cares[row];
    if (!node_object(node,
                     "code name note kind start end charge quota quota_weight pools age prices patterns "
                     "min_nights max_nights before_birth loss on_holidays deadline opens horizon_days")) {
        return;
    }
    struct node name = node_need(node, "name");
    struct node note = node_get(node, "note");
    struct node kind = node_need(node, "kind");
    struct node pools = node_get(node, "pools");
    struct node age = node_get(node, "age");
    struct node prices = node_need(node, "prices");
    struct node patterns = node_get(node, "patterns");
    care->name = node_text(&name);
    care->note = node_text(&note);
    care->kind = (enum care_kind)node_choice(&kind, "stay day visit", CARE_DAY);
    read_hours(node, care);
    read_counting(node, care);
    read_care_pools(&pools, programme, care);
    care->age = read_age(&age);
    read_prices(&prices, programme, row, care->prices);
    read_patterns(&patterns, care);
    read_limits(node, care);
}
