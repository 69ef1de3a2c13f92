/* Cancellation, acceptance, waiting. */
#include "profile/read.h"

static struct cancel_outcome read_outcome(const struct node *node, const struct programme *programme) {
    struct cancel_outcome outcome = {.fee = CANCEL_FREE, .fee_class = -1};
    if (!node_object(node, "percent of yen per units rounding")) {
        return outcome;
    }
    struct node percent = node_get(node, "percent");
    struct node of = node_get(node, "of");
    struct node yen = node_get(node, "yen");
    struct node units = node_get(node, "units");
    struct node rounding = node_get(node, "rounding");
    if (percent.json != NULL && yen.json != NULL) {
        node_fault_text(node, W_PROFILE_ONE_OF, "keys", TEXT("percent yen"));
    }
    outcome.fee = percent.json != NULL ? CANCEL_PERCENT : yen.json != NULL ? CANCEL_YEN : CANCEL_FREE;
    outcome.percent = (int32_t)node_int(&percent, 0, 100, 0);
    struct node per = node_get(node, "per");
    outcome.per_unit = node_choice(&per, "use unit", 0) == 1;
    bool full = json_is_string(of.json) && text_is(TEXT("facility"), json_string_value(of.json));
    outcome.fee_class = of.json == NULL ? FEE_AS_BOOKED : FEE_OF_FACILITY;
    if (of.json != NULL && !full) {
        outcome.fee_class = read_class_row(&of, programme);
    }
    outcome.yen.n = node_int(&yen, 0, 1000000, 0);
    outcome.units = json_is_integer(units.json) || node_bool(&units, false);
    outcome.units_max = json_is_integer(units.json) ? (int32_t)node_int(&units, 1, 99, 1) : 0;
    outcome.rounding = (enum rounding)node_choice(&rounding, "down up half-up", ROUND_DOWN);
    return outcome;
}

static void read_outcomes(const struct node *node, const struct programme *programme,
                          struct cancel_outcome outcomes[PROGRAMME_CLASSES_MAX]) {
    for (int32_t i = 0; i < PROGRAMME_CLASSES_MAX; i++) {
        outcomes[i] = (struct cancel_outcome){.fee = CANCEL_FREE, .fee_class = -1};
    }
    if (node->json == NULL) {
        return;
    }
    if (!json_is_object(node->json)) {
        node_fault_plain(node, W_PROFILE_OBJECT);
        return;
    }
    read_class_table(node, programme);
    for (int32_t i = 0; i < programme->class_count; i++) {
        struct node entry = read_class_entry(node, programme, i);
        outcomes[i] = read_outcome(&entry, programme);
    }
}

static void read_step(const struct node *node, const struct programme *programme, struct cancel_step *step) {
    if (!node_object(node, "cares from after outcome")) {
        return;
    }
    struct node cares = node_get(node, "cares");
    struct node from = node_get(node, "from");
    struct node after = node_get(node, "after");
    struct node outcome = node_need(node, "outcome");
    step->cares = read_cares(&cares, programme);
    if ((from.json == NULL) == (after.json == NULL)) {
        node_fault_text(node, W_PROFILE_ONE_OF, "keys", TEXT("from after"));
    }
    step->at = from.json != NULL ? read_moment(&from) : read_moment(&after);
    step->at.from = from.json != NULL;
    read_outcomes(&outcome, programme, step->outcome);
}

static void no_show_put(struct programme *programme, rows_mask cares,
                        const struct cancel_outcome outcomes[PROGRAMME_CLASSES_MAX]) {
    for (int32_t i = 0; i < PROGRAMME_CARES_MAX; i++) {
        for (int32_t k = 0; k < PROGRAMME_CLASSES_MAX && (cares >> i & 1); k++) {
            programme->no_show[i][k] = outcomes[k];
        }
    }
}

/* One table for all cares, or a list of {cares, outcome}. */
static void read_no_show(const struct node *node, struct programme *programme) {
    struct cancel_outcome outcomes[PROGRAMME_CLASSES_MAX];
    struct node none = {.reader = node->reader, .up = node};
    bool list = json_is_array(node->json);
    read_outcomes(list ? &none : node, programme, outcomes);
    no_show_put(programme, UINT32_MAX, outcomes);
    size_t count = list ? node_count(node, PROGRAMME_CARES_MAX) : 0;
    for (size_t i = 0; i < count; i++) {
        struct node at = node_at(node, i);
        if (node_object(&at, "cares outcome")) {
            struct node cares = node_get(&at, "cares");
            struct node outcome = node_need(&at, "outcome");
            read_outcomes(&outcome, programme, outcomes);
            no_show_put(programme, read_cares(&cares, programme), outcomes);
        }
    }
}

void read_cancel(const struct node *node, struct programme *programme) {
    struct node none = {.reader = node->reader, .up = node};
    read_no_show(&none, programme);
    programme->cancel_requested_free = true;
    if (!node_object(node, "requested_free steps no_show")) {
        return;
    }
    struct node free = node_get(node, "requested_free");
    struct node steps = node_get(node, "steps");
    struct node no_show = node_get(node, "no_show");
    programme->cancel_requested_free = node_bool(&free, true);
    programme->cancel_count = (int32_t)node_count(&steps, PROGRAMME_CANCEL_STEPS_MAX);
    for (int32_t i = 0; i < programme->cancel_count; i++) {
        struct node at = node_at(&steps, (size_t)i);
        read_step(&at, programme, &programme->cancel[i]);
    }
    read_no_show(&no_show, programme);
}

static void read_answer_at(const struct node *node, struct acceptance *acceptance) {
    if (node_object(node, "days business time")) {
        struct node days = node_need(node, "days");
        struct node business = node_get(node, "business");
        struct node time = node_need(node, "time");
        acceptance->by = ANSWER_AT_CLOCK;
        acceptance->days = (int32_t)node_int(&days, 0, 30, 1);
        acceptance->business = node_bool(&business, false);
        acceptance->minute = node_clock(&time, 0);
    }
}

void read_acceptance(const struct node *node, struct programme *programme) {
    struct acceptance *acceptance = &programme->acceptance;
    if (!node_object(node, "mode within_hours at lapse limit_hours")) {
        return;
    }
    struct node mode = node_need(node, "mode");
    struct node hours = node_get(node, "within_hours");
    struct node at = node_get(node, "at");
    struct node lapse = node_get(node, "lapse");
    struct node limit = node_get(node, "limit_hours");
    acceptance->mode = (enum acceptance_mode)node_choice(&mode, "at-once facility", ACCEPT_AT_ONCE);
    if (acceptance->mode == ACCEPT_BY_FACILITY && (hours.json == NULL) == (at.json == NULL)) {
        node_fault_text(node, W_PROFILE_ONE_OF, "keys", TEXT("within_hours at"));
    }
    acceptance->by = ANSWER_WITHIN_HOURS;
    acceptance->hours = (int32_t)node_int(&hours, 1, 720, 24);
    acceptance->lapse_accepts = node_choice(&lapse, "decline accept", 0) == 1;
    acceptance->limit_hours = (int32_t)node_int(&limit, 0, 720, 0);
    read_answer_at(&at, acceptance);
}

static void read_need(const struct node *node, struct wait_rules *wait) {
    if (node_object(node, "score unused urgent")) {
        struct node score = node_get(node, "score");
        struct node unused = node_get(node, "unused");
        struct node urgent = node_get(node, "urgent");
        wait->need_weight_score = (int32_t)node_int(&score, 0, 1000, 1);
        wait->need_weight_unused = (int32_t)node_int(&unused, 0, 1000000, 0);
        wait->need_weight_urgent = (int32_t)node_int(&urgent, 0, 1000, 0);
    }
}

static void read_offer(const struct node *node, struct wait_rules *wait) {
    if (node_object(node, "hours_day hours_night night_from night_to limit_hours")) {
        struct node day = node_get(node, "hours_day");
        struct node night = node_get(node, "hours_night");
        struct node from = node_get(node, "night_from");
        struct node to = node_get(node, "night_to");
        struct node limit = node_get(node, "limit_hours");
        wait->offer_hours_day = (int32_t)node_int(&day, 1, 720, wait->offer_hours_day);
        wait->offer_hours_night = (int32_t)node_int(&night, 1, 720, wait->offer_hours_night);
        wait->night_from = node_clock(&from, wait->night_from);
        wait->night_to = node_clock(&to, wait->night_to);
        wait->limit_hours = (int32_t)node_int(&limit, 0, 720, wait->limit_hours);
    }
}

void read_wait(const struct node *node, struct programme *programme) {
    struct wait_rules *wait = &programme->wait;
    *wait = (struct wait_rules){.need_weight_score = 1,
                                .offer_hours_day = 2,
                                .offer_hours_night = 12,
                                .night_from = 21 * 60,
                                .night_to = 8 * 60,
                                .limit_hours = 1};
    if (node_object(node, "order need offer")) {
        struct node order = node_get(node, "order");
        struct node need = node_get(node, "need");
        struct node offer = node_get(node, "offer");
        wait->order = (enum wait_order)node_choice(&order, "first-come need draw", WAIT_FIRST_COME);
        read_need(&need, wait);
        read_offer(&offer, wait);
    }
}
