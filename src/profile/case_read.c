/* A case file: facts about one person, made up or real, and one request. */
#include <string.h>

#include "profile/case.h"
#include "profile/read.h"

enum { CASE_UNITS_MAX = 999 };

struct case_reader {
    const struct profile *profile;
    const struct programme *programme; /* of the request's first day; NULL before the first */
    struct quote_case *out;
    struct day today;
};

static void read_today(const struct node *node, struct case_reader *c) {
    struct instant now = INSTANT_NONE;
    const char *value = json_string_value(node->json);
    if (value != NULL && instant_parse((struct text){value, json_string_length(node->json)}, &now)) {
        c->out->facts.now = now;
        c->today = instant_day(now);
        return;
    }
    c->today = node_day(node);
    c->out->facts.now = day_is_none(c->today) ? INSTANT_NONE : day_at(c->today, 0);
}

static void read_children(const struct node *node, struct facts *facts) {
    facts->child_count = (int32_t)node_count(node, CHILDREN_MAX);
    for (int32_t i = 0; i < facts->child_count; i++) {
        struct node at = node_at(node, (size_t)i);
        struct child *child = &facts->children[i];
        *child = (struct child){.birth = DAY_NONE, .due = DAY_NONE};
        if (node_object(&at, "birth_date due_date gestation_days weight_g")) {
            struct node birth = node_get(&at, "birth_date");
            struct node due = node_get(&at, "due_date");
            struct node gestation = node_get(&at, "gestation_days");
            struct node weight = node_get(&at, "weight_g");
            child->birth = node_day(&birth);
            child->due = node_day(&due);
            child->gestation_days = (int32_t)node_int(&gestation, 0, 320, 0);
            child->weight_g = (int32_t)node_int(&weight, 0, 10000, 0);
        }
    }
}

static enum booking_state read_state(const struct node *node, struct day end, struct day today) {
    enum booking_state state = day_before(end, today) ? BOOKING_COMPLETED : BOOKING_CONFIRMED;
    if (node->json != NULL && !booking_state_parse(node_code(node), &state)) {
        node_fault_text(node, W_PROFILE_CHOICE, "names",
                        TEXT("requested confirmed declined lapsed cancelled in-use completed no-show"));
    }
    return state;
}

static void check_days(const struct node *end_node, struct day start, struct day end) {
    if (!day_is_none(start) && !day_is_none(end) && day_before(end, start)) {
        node_fault_plain(end_node, W_PROFILE_DAYS);
    }
}

static void read_use(const struct node *node, struct case_reader *c, struct past_use *use) {
    *use = (struct past_use){.start = DAY_NONE, .end = DAY_NONE, .state = BOOKING_COMPLETED};
    if (!node_object(node, "care start end state units_charged")) {
        return;
    }
    struct node care = node_need(node, "care");
    struct node start = node_need(node, "start");
    struct node end = node_need(node, "end");
    struct node state = node_get(node, "state");
    struct node charged = node_get(node, "units_charged");
    use->care = node_code(&care);
    use->start = node_day(&start);
    use->end = node_day(&end);
    check_days(&end, use->start, use->end);
    use->state = read_state(&state, use->end, c->today);
    bool some = json_is_integer(charged.json);
    use->units_charged = some || node_bool(&charged, false);
    use->units_kept = some ? (int32_t)node_int(&charged, 1, CASE_UNITS_MAX, 1) : 0;
    const struct programme *programme =
        day_is_none(use->start) ? NULL : programme_at(&c->profile->programmes, use->start);
    if (use->state == BOOKING_NO_SHOW && charged.json == NULL && programme != NULL) {
        int32_t row = programme_class(programme, c->out->facts.household_class);
        int32_t care_row = programme_care(programme, use->care);
        const struct cancel_outcome *outcome =
            care_row < 0 ? NULL : &programme->no_show[care_row][row < 0 ? 0 : row];
        use->units_charged = outcome != NULL && outcome->units;
        use->units_kept = outcome == NULL ? 0 : outcome->units_max;
    }
}

static void read_history(const struct node *node, struct case_reader *c) {
    struct facts *facts = &c->out->facts;
    facts->history_count = (int32_t)node_count(node, HISTORY_MAX);
    for (int32_t i = 0; i < facts->history_count; i++) {
        struct node at = node_at(node, (size_t)i);
        read_use(&at, c, &facts->history[i]);
        facts->open_bookings += booking_open(facts->history[i].state);
    }
}

/* The row of a care, made when it is new; NULL when there is no room. */
static struct facility_care *care_row(struct facility_terms *terms, struct text code) {
    int32_t row = 0;
    while (row < terms->care_count && !text_eq(terms->cares[row].care, code)) {
        row++;
    }
    if (row == PROGRAMME_CARES_MAX) {
        return NULL;
    }
    if (row == terms->care_count) {
        terms->care_count++;
        terms->cares[row] = (struct facility_care){.care = code, .offered = true};
    }
    return &terms->cares[row];
}

/* {care: yen} into the facility's rows. */
static void read_care_yen(const struct node *node, struct case_reader *c, bool price) {
    if (node->json == NULL) {
        return;
    }
    if (!json_is_object(node->json)) {
        node_fault_plain(node, W_PROFILE_OBJECT);
        return;
    }
    struct facility_terms *terms = &c->out->facts.facility;
    const char *key;
    json_t *value;
    json_object_foreach(node->json, key, value) {
        struct node at = node_get(node, key);
        struct text code = text_copy(node->reader->arena, node_shown(node, text_of(key)));
        struct facility_care *care = care_row(terms, code);
        if (care == NULL) {
            continue;
        }
        struct yen yen = {node_int(&at, 0, 10000000, 0)};
        if (price) {
            care->priced = true;
            care->price = yen;
        } else {
            care->extra = yen;
        }
    }
}

/* The facility's own limits are asked only when one of them is given; then it offers every care that is not left out. */
static void read_narrower(const struct node *node, struct case_reader *c) {
    struct node infants = node_get(node, "max_infants");
    struct node ages = node_get(node, "ages");
    struct node offers = node_get(node, "offers");
    struct facility_terms *terms = &c->out->facts.facility;
    terms->max_infants = (int32_t)node_int(&infants, 1, 9, 0);
    terms->known = infants.json != NULL || ages.json != NULL || offers.json != NULL;
    rows_mask offered = UINT32_MAX;
    if (c->programme == NULL || !terms->known) {
        return;
    }
    if (offers.json != NULL) {
        offered = read_cares(&offers, c->programme);
    }
    for (int32_t i = 0; i < c->programme->care_count; i++) {
        struct text code = c->programme->cares[i].code;
        struct facility_care *care = care_row(terms, code);
        struct node age = node_get(&ages, code.p);
        if (care != NULL) {
            care->offered = offered >> i & 1;
            care->age = read_age(&age);
        }
    }
}

static void read_facility(const struct node *node, struct case_reader *c) {
    if (!node_object(node, "price extra room max_infants ages offers")) {
        return;
    }
    struct node price = node_get(node, "price");
    struct node extra = node_get(node, "extra");
    struct node room = node_get(node, "room");
    read_care_yen(&price, c, true);
    read_care_yen(&extra, c, false);
    c->out->facts.facility.room = node_text(&room);
    read_narrower(node, c);
}

static void read_exclusions_met(const struct node *node, struct case_reader *c) {
    size_t count = node_count(node, PROGRAMME_EXCLUSIONS_MAX);
    for (size_t i = 0; i < count; i++) {
        struct node at = node_at(node, i);
        struct text code = node_code(&at);
        bool found = c->programme == NULL;
        for (int32_t k = 0; c->programme != NULL && k < c->programme->exclusion_count; k++) {
            if (text_eq(c->programme->exclusions[k].code, code)) {
                c->out->facts.exclusions |= 1u << k;
                found = true;
            }
        }
        if (!found) {
            struct word_arg args[] = {{"code", code}, {"table", TEXT("exclusions")}};
            node_fault(&at, W_PROFILE_NO_ROW, args, COUNT(args));
        }
    }
}

static bool case_row(const struct programme *programme, const char *table, struct text code) {
    if (text_is(TEXT("cares"), table)) {
        return programme_care(programme, code) >= 0;
    }
    for (int32_t i = 0; i < programme->reduction_count; i++) {
        if (text_eq(programme->reductions[i].code, code)) {
            return true;
        }
    }
    return false;
}

/* {code: n} of reductions or cares, as far as the version knows them. */
static int32_t read_counted(const struct node *node, const char *table, const struct case_reader *c,
                            struct counted_before *rows, int32_t max) {
    if (node->json != NULL && !json_is_object(node->json)) {
        node_fault_plain(node, W_PROFILE_OBJECT);
        return 0;
    }
    int32_t count = 0;
    const char *key;
    json_t *value;
    json_object_foreach(node->json, key, value) {
        struct node at = node_get(node, key);
        struct text code = text_copy(node->reader->arena, node_shown(node, text_of(key)));
        int32_t n = (int32_t)node_int(&at, 0, 10000000, 0);
        bool known = c->programme == NULL || case_row(c->programme, table, code);
        if (!known) {
            struct word_arg args[] = {{"code", code}, {"table", text_of(table)}};
            node_fault(&at, W_PROFILE_NO_ROW, args, COUNT(args));
        } else if (count < max) {
            rows[count++] = (struct counted_before){code, n};
        }
    }
    return count;
}

/* What counted before the history: for reductions, n-th prices and budgets. */
static void read_before(const struct node *root, struct case_reader *c) {
    struct facts *facts = &c->out->facts;
    struct node reduced = node_get(root, "reduced_before");
    struct node priced = node_get(root, "priced_before");
    struct node yen = node_get(root, "reduced_yen_before");
    struct counted_before spent[PROGRAMME_REDUCTIONS_MAX];
    facts->reduced_count = read_counted(&reduced, "reductions", c, facts->reduced, PROGRAMME_REDUCTIONS_MAX);
    facts->priced_count = read_counted(&priced, "cares", c, facts->priced, PROGRAMME_CARES_MAX);
    facts->reduced_yen_count = read_counted(&yen, "reductions", c, spent, PROGRAMME_REDUCTIONS_MAX);
    for (int32_t i = 0; i < facts->reduced_yen_count; i++) {
        facts->reduced_yen[i] = (struct reduced_yen){spent[i].code, {spent[i].count}};
    }
}

/* {pool: units}: `extra` by decision, otherwise an opening balance of used ones. */
static void read_pool_units(const struct node *node, struct case_reader *c, bool extra) {
    if (node->json != NULL && !json_is_object(node->json)) {
        node_fault_plain(node, W_PROFILE_OBJECT);
        return;
    }
    struct grant *grant = &c->out->facts.grant;
    const char *key;
    json_t *value;
    json_object_foreach(node->json, key, value) {
        struct node at = node_get(node, key);
        int32_t units = (int32_t)node_int(&at, 0, CASE_UNITS_MAX, 0);
        int32_t row = c->programme == NULL ? -1 : programme_pool(c->programme, text_of(key));
        if (row >= 0) {
            grant->pools[row].extra += extra ? units : 0;
            grant->pools[row].used += extra ? 0 : units;
        } else if (c->programme != NULL) {
            struct word_arg args[] = {{"code", node_shown(node, text_of(key))}, {"table", TEXT("pools")}};
            node_fault(&at, W_PROFILE_NO_ROW, args, COUNT(args));
        }
    }
}

static void grant_fill(struct case_reader *c) {
    struct facts *facts = &c->out->facts;
    if (c->programme == NULL) {
        return;
    }
    int32_t row = facts_class(facts, c->programme, c->out->request.start);
    facts->grant.pool_count = c->programme->pool_count;
    for (int32_t i = 0; i < c->programme->pool_count; i++) {
        facts->grant.pools[i].pool = c->programme->pools[i].code;
        facts->grant.pools[i].granted = pool_granted(c->programme, i, row < 0 ? 0 : row, facts->child_count);
    }
    grant_count_uses(&c->profile->programmes, facts, &facts->grant);
}

static void read_request(const struct node *node, struct request *request) {
    *request = (struct request){.start = DAY_NONE, .end = DAY_NONE};
    if (node_object(node, "care start end")) {
        struct node care = node_need(node, "care");
        struct node start = node_need(node, "start");
        struct node end = node_need(node, "end");
        request->care = node_code(&care);
        request->start = node_day(&start);
        request->end = node_day(&end);
    }
}

static void read_case(const struct node *root, struct case_reader *c) {
    struct facts *facts = &c->out->facts;
    struct node today = node_need(root, "today");
    struct node class = node_get(root, "class");
    struct node children = node_get(root, "children");
    struct node loss = node_get(root, "loss");
    struct node siblings = node_get(root, "siblings");
    struct node approved = node_get(root, "approved");
    struct node history = node_get(root, "history");
    struct node facility = node_get(root, "facility");
    struct node moved = node_get(root, "moved_out");
    struct node exclusions = node_get(root, "exclusions");
    struct node extra = node_get(root, "extra_units");
    struct node opening = node_get(root, "used_before");
    struct node cancel_at = node_get(root, "cancel_at");
    struct node request = node_need(root, "request");
    read_today(&today, c);
    read_request(&request, &c->out->request);
    struct day start = c->out->request.start;
    c->programme = day_is_none(start) ? NULL : programme_at(&c->profile->programmes, start);
    struct node proven = node_get(root, "class_proven");
    facts->household_class = node_code(&class);
    facts->class_proven = node_day(&proven);
    read_children(&children, facts);
    facts->loss = node_day(&loss);
    facts->siblings = (int32_t)node_int(&siblings, 0, 20, 0);
    facts->grant.approved = node_bool(&approved, true);
    read_history(&history, c);
    read_facility(&facility, c);
    facts->moved_out = node_day(&moved);
    read_exclusions_met(&exclusions, c);
    read_pool_units(&extra, c, true);
    read_pool_units(&opening, c, false);
    read_before(root, c);
    grant_fill(c);
    c->out->cancel_at = node_instant(&cancel_at);
}

bool case_load(struct arena *arena, struct text json, const struct profile *profile,
               struct quote_case *ret_case, struct profile_faults *ret_faults) {
    memset(ret_faults, 0, sizeof *ret_faults);
    struct reader reader = {arena, ret_faults};
    json_t *tree = node_parse(&reader, json);
    struct node root = {.reader = &reader, .json = tree};
    struct quote_case out;
    memset(&out, 0, sizeof out);
    facts_init(&out.facts);
    out.facts.calendar = &profile->city.calendar;
    out.cancel_at = INSTANT_NONE;
    struct case_reader c = {.profile = profile, .out = &out, .today = DAY_NONE};
    if (node_object(
            &root,
            "today class class_proven children loss siblings approved history facility moved_out exclusions "
            "extra_units used_before reduced_before reduced_yen_before priced_before cancel_at request")) {
        read_case(&root, &c);
    }
    json_decref(tree);
    if (ret_faults->count == 0) {
        *ret_case = out;
    }
    return ret_faults->count == 0;
}
