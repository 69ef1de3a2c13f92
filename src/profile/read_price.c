/* Price rules, additions and reductions. */
#include "profile/read.h"

enum { YEN_LIMIT = 10000000 };

static struct yen read_yen(const struct node *node) {
    return (struct yen){node_int(node, 0, YEN_LIMIT, 0)};
}

static struct yen need_yen(const struct node *parent, const char *key) {
    struct node node = node_need(parent, key);
    return read_yen(&node);
}

static void read_rounding(const struct node *node, struct price *price) {
    struct node rounding = node_get(node, "rounding");
    struct node round_to = node_get(node, "round_to");
    price->rounding = (enum rounding)node_choice(&rounding, "down up half-up", ROUND_DOWN);
    price->round_to = (int32_t)node_int(&round_to, 1, 1000, 1);
}

/* A part: percent, or so many out of so many. */
static void read_out_of(const struct node *node, int32_t low, struct price *price) {
    struct node percent = node_get(node, "percent");
    struct node out_of = node_get(node, "out_of");
    price->out_of = (int32_t)node_int(&out_of, 2, 100, 100);
    price->percent = (int32_t)node_int(&percent, low, 100, 0);
    if (price->percent > price->out_of) {
        node_fault_plain(&percent, W_PROFILE_OUT_OF);
        price->percent = 0;
    }
}

static void read_fixed(const struct node *node, struct price *price) {
    price->each = need_yen(node, "each");
    if (node_has(node, "first") || node_has(node, "first_units")) {
        struct node units = node_need(node, "first_units");
        price->first = need_yen(node, "first");
        price->first_units = (int32_t)node_int(&units, 1, 99, 1);
    }
}

static void read_nth(const struct node *node, const struct programme *programme, int32_t care,
                     struct price *price) {
    struct node list = node_need(node, "list");
    struct node counts = node_get(node, "counts");
    struct node cares = node_get(node, "cares");
    price->each = need_yen(node, "each");
    price->list_count = (int32_t)node_count(&list, PRICE_LIST_MAX);
    for (int32_t i = 0; i < price->list_count; i++) {
        struct node at = node_at(&list, (size_t)i);
        price->list[i] = read_yen(&at);
    }
    int32_t counted = node_choice(&counts, "units uses within", 0);
    price->nth_uses = counted == 1;
    price->nth_cares = cares.json == NULL && care >= 0 ? 1u << care : read_cares(&cares, programme);
    if (counted == 2) {
        price->nth_cares = 0; /* the n-th unit of this very use */
    }
}

static void read_least(const struct node *node, struct price *price) {
    struct node least = node_get(node, "min");
    price->least = read_yen(&least);
}

static void read_percent(const struct node *node, struct price *price) {
    (void)node_need(node, "percent");
    read_out_of(node, 0, price);
    price->capped = node_has(node, "cap");
    struct node cap = node_get(node, "cap");
    price->each = read_yen(&cap);
    read_least(node, price);
    read_rounding(node, price);
}

/* The city's share: so many yen, or a part of the price, or a part up to so many yen. */
static void read_minus(const struct node *node, struct price *price) {
    struct node share = node_get(node, "share");
    struct node percent = node_get(node, "percent");
    price->capped = share.json != NULL;
    price->each = read_yen(&share);
    read_out_of(node, 1, price);
    if (share.json == NULL && percent.json == NULL) {
        node_fault_text(node, W_PROFILE_MISSING, "key", TEXT("share"));
    }
    read_least(node, price);
    read_rounding(node, price);
}

static void read_part(const struct node *node, const struct programme *programme, struct price *price) {
    struct node of = node_need(node, "of");
    (void)node_need(node, "percent");
    int32_t row = read_class_row(&of, programme);
    price->of = row < 0 ? 0 : row;
    read_out_of(node, 0, price);
    read_rounding(node, price);
}

static void read_price(const struct node *node, const struct programme *programme, int32_t care,
                       struct price *price) {
    static const char *const keys[PRICE__MAX] = {"kind each first first_units",
                                                 "kind list each counts cares",
                                                 "kind percent out_of cap min rounding round_to",
                                                 "kind share percent out_of min rounding round_to",
                                                 "kind",
                                                 "kind of percent out_of rounding round_to",
                                                 "kind percent out_of rounding round_to"};
    *price = (struct price){.kind = PRICE_FIXED, .out_of = 100, .round_to = 1};
    if (!json_is_object(node->json)) {
        price->each = read_yen(node);
        return;
    }
    struct node kind = node_need(node, "kind");
    price->kind =
        (enum price_kind)node_choice(&kind, "fixed nth percent minus facility part own", PRICE_FIXED);
    (void)node_object(node, keys[price->kind]);
    if (price->kind == PRICE_FIXED) {
        read_fixed(node, price);
    } else if (price->kind == PRICE_NTH) {
        read_nth(node, programme, care, price);
    } else if (price->kind == PRICE_PERCENT) {
        read_percent(node, price);
    } else if (price->kind == PRICE_MINUS) {
        read_minus(node, price);
    } else if (price->kind == PRICE_PART) {
        read_part(node, programme, price);
    } else if (price->kind == PRICE_OWN) {
        (void)node_need(node, "percent");
        read_out_of(node, 0, price);
        read_rounding(node, price);
    }
}

void read_prices(const struct node *node, const struct programme *programme, int32_t care,
                 struct price prices[PROGRAMME_CLASSES_MAX]) {
    if (node->json == NULL) {
        return;
    }
    read_class_table(node, programme);
    for (int32_t i = 0; i < programme->class_count; i++) {
        struct node entry = read_class_entry(node, programme, i);
        prices[i] = (struct price){.kind = PRICE_FIXED, .out_of = 100, .round_to = 1};
        if (entry.json != NULL) {
            read_price(&entry, programme, care, &prices[i]);
        }
    }
    for (int32_t i = 0; i < programme->class_count; i++) {
        if (prices[i].kind == PRICE_PART && prices[prices[i].of].kind == PRICE_PART) {
            node_fault_plain(node, W_PROFILE_PART);
        }
    }
}

static void read_addition(const struct node *node, struct programme *programme, struct addition *addition) {
    if (!node_object(node, "code name when cares months room infant_from infant_to per reducible prices")) {
        return;
    }
    struct node code = node_need(node, "code");
    struct node name = node_need(node, "name");
    struct node when = node_need(node, "when");
    struct node cares = node_get(node, "cares");
    struct node months = node_get(node, "months");
    struct node room = node_get(node, "room");
    struct node per = node_get(node, "per");
    struct node reducible = node_get(node, "reducible");
    struct node prices = node_need(node, "prices");
    addition->code = node_code(&code);
    addition->name = node_text(&name);
    addition->when = (enum addition_when)node_choice(&when, "infant sibling older room holiday always", 0);
    addition->cares = read_cares(&cares, programme);
    addition->months = (int32_t)node_int(&months, 0, 240, 0);
    addition->room = node_text(&room);
    struct node from = node_get(node, "infant_from");
    struct node to = node_get(node, "infant_to");
    addition->infant_from = (int32_t)node_int(&from, 2, 6, 2);
    addition->infant_to = (int32_t)node_int(&to, 2, 6, 0);
    addition->per_use = node_choice(&per, "unit use", 0) == 1;
    addition->reducible = node_bool(&reducible, false);
    read_prices(&prices, programme, -1, addition->prices);
    for (int32_t i = 0; i < programme->class_count; i++) {
        enum price_kind kind = addition->prices[i].kind;
        if (kind != PRICE_FIXED && kind != PRICE_PERCENT && kind != PRICE_PART && kind != PRICE_OWN) {
            node_fault_text(&prices, W_PROFILE_CHOICE, "names", TEXT("fixed percent part own"));
            addition->prices[i] = (struct price){.kind = PRICE_FIXED, .out_of = 100, .round_to = 1};
        }
    }
}

void read_additions(const struct node *node, struct programme *programme) {
    programme->addition_count = (int32_t)node_count(node, PROGRAMME_ADDITIONS_MAX);
    for (int32_t i = 0; i < programme->addition_count; i++) {
        struct node at = node_at(node, (size_t)i);
        read_addition(&at, programme, &programme->additions[i]);
    }
}

/* {"stay": 2500, "day": 2500} by care; returns the cares named. */
static rows_mask read_amounts(const struct node *node, const struct programme *programme,
                              struct yen amounts[PROGRAMME_CARES_MAX]) {
    if (node->json != NULL && !json_is_object(node->json)) {
        node_fault_plain(node, W_PROFILE_OBJECT);
        return 0;
    }
    rows_mask cares = 0;
    const char *key;
    json_t *value;
    json_object_foreach(node->json, key, value) {
        struct node amount = node_get(node, key);
        int32_t row = programme_care(programme, text_of(key));
        if (row < 0) {
            struct word_arg args[] = {{"code", node_shown(node, text_of(key))}, {"table", TEXT("cares")}};
            node_fault(&amount, W_PROFILE_NO_ROW, args, COUNT(args));
            continue;
        }
        cares |= 1u << row;
        amounts[row] = read_yen(&amount);
    }
    return cares;
}

/* By amounts, or by a percentage of what is left. */
static void read_reduced(const struct node *node, struct programme *programme, struct reduction *reduction) {
    struct node percent = node_get(node, "percent");
    struct node cares = node_get(node, "cares");
    struct node amounts = node_get(node, "amounts");
    struct node infant = node_get(node, "per_infant");
    if ((amounts.json == NULL) == (percent.json == NULL)) {
        node_fault_text(node, W_PROFILE_ONE_OF, "keys", TEXT("amounts percent"));
    } else if (percent.json != NULL) {
        reduction->percent = (int32_t)node_int(&percent, 1, 100, 1);
        reduction->cares = read_cares(&cares, programme);
        if (infant.json != NULL) {
            node_fault_text(&infant, W_PROFILE_ONE_OF, "keys", TEXT("percent per_infant"));
        }
    } else {
        reduction->cares = read_amounts(&amounts, programme, reduction->amount);
        if (cares.json != NULL) {
            node_fault_text(&cares, W_PROFILE_ONE_OF, "keys", TEXT("amounts cares"));
        }
        (void)read_amounts(&infant, programme, reduction->infant);
    }
}

static void read_reduction(const struct node *node, struct programme *programme,
                           struct reduction *reduction) {
    if (!node_object(
            node,
            "code name classes amounts per_infant percent cares rounding round_to leave max budget per")) {
        return;
    }
    struct node code = node_need(node, "code");
    struct node name = node_need(node, "name");
    struct node classes = node_get(node, "classes");
    struct node max = node_get(node, "max");
    struct node per = node_get(node, "per");
    reduction->code = node_code(&code);
    reduction->name = node_text(&name);
    reduction->classes = read_classes(&classes, programme);
    reduction->max_count = (int32_t)node_int(&max, 1, 999, 0);
    struct node leave = node_get(node, "leave");
    reduction->leave = read_yen(&leave);
    struct node budget = node_get(node, "budget");
    struct node rounding = node_get(node, "rounding");
    struct node round_to = node_get(node, "round_to");
    reduction->budget.n = node_int(&budget, 1, YEN_LIMIT, 0);
    reduction->rounding = (enum rounding)node_choice(&rounding, "down up half-up", ROUND_DOWN);
    reduction->round_to = (int32_t)node_int(&round_to, 1, 1000, 1);
    reduction->per_use = node_choice(&per, "unit use", 0) == 1;
    read_reduced(node, programme, reduction);
}

void read_reductions(const struct node *node, struct programme *programme) {
    programme->reduction_count = (int32_t)node_count(node, PROGRAMME_REDUCTIONS_MAX);
    for (int32_t i = 0; i < programme->reduction_count; i++) {
        struct node at = node_at(node, (size_t)i);
        read_reduction(&at, programme, &programme->reductions[i]);
    }
}
