#include "web/api/rules_json.h"

#include "web/api/api.h"
#include "web/resident/rules.h"

/* ---- figures ---- */

static struct text clock_text(struct arena *arena, int32_t minute) {
    return text_printf(arena, "%02d:%02d", minute / 60, minute % 60);
}

static void put_moment(struct json_out *json, const char *key, const struct moment *moment) {
    if (!moment->set) {
        json_put_null(json, key);
        return;
    }
    json_put_object(json, key);
    static const char *const counted[MOMENT_UNIT__MAX] = {"days", "weeks", "months"};
    static const char *const picked[MOMENT_UNIT__MAX] = {NULL, "weekday", "day"};
    json_put_int(json, counted[moment->unit], moment->days);
    if (moment->unit == MOMENT_WEEKS || (moment->unit == MOMENT_MONTHS && moment->pick > 0)) {
        json_put_int(json, picked[moment->unit], moment->pick);
    }
    json_put_bool(json, "business", moment->business);
    json_put_text(json, "at", clock_text(json->buf->arena, moment->minute));
    json_put_text(json, "shift", moment->shift == MOMENT_EARLIER ? TEXT("earlier") : TEXT("none"));
    json_put_bool(json, "exclusive", moment->from);
    json_put_object_end(json);
}

static void put_cares(struct json_out *json, const struct programme *programme, rows_mask cares) {
    json_put_array(json, "cares");
    for (int32_t c = 0; c < programme->care_count; c++) {
        if ((cares & 1U << c) != 0) {
            json_put_text(json, NULL, programme->cares[c].code);
        }
    }
    json_put_array_end(json);
}

/* By class, and by one, two, three, four and more infants. */
static void put_counts(struct json_out *json, const char *key, const struct programme *programme,
                       const int32_t counts[PROGRAMME_CLASSES_MAX][INFANTS_MAX]) {
    json_put_object(json, key);
    for (int32_t i = 0; i < programme->class_count; i++) {
        json_put_array(json, programme->classes[i].code.p);
        for (int k = 0; k < INFANTS_MAX; k++) {
            json_put_int(json, NULL, counts[i][k]);
        }
        json_put_array_end(json);
    }
    json_put_object_end(json);
}

static void put_pools(struct json_out *json, const struct programme *programme) {
    json_put_array(json, "pools");
    for (int32_t i = 0; i < programme->pool_count; i++) {
        const struct pool *pool = &programme->pools[i];
        json_put_object(json, NULL);
        json_put_text(json, "code", pool->code);
        put_counts(json, "units", programme, pool->units);
        json_put_text(json, "over", pool->over == OVER_REFUSED ? TEXT("refused") : TEXT("facility-price"));
        json_put_object_end(json);
    }
    json_put_array_end(json);
}

static void put_limits(struct json_out *json, const struct programme *programme) {
    static const char *const counted[COUNT__MAX] = {"nights", "days", "24h", "use", "hours"};
    static const char *const periods[LIMIT__MAX] = {"grant", "fiscal-year", "month", "week", "open"};
    json_put_array(json, "limits");
    for (int32_t i = 0; i < programme->limit_count; i++) {
        const struct use_limit *limit = &programme->limits[i];
        json_put_object(json, NULL);
        json_put_text(json, "code", limit->code);
        json_put_text(json, "name", limit->name);
        put_cares(json, programme, limit->cares);
        json_put_text(json, "count", text_of(counted[limit->count]));
        json_put_text(json, "per", text_of(periods[limit->per]));
        put_counts(json, "max", programme, limit->max);
        json_put_object_end(json);
    }
    json_put_array_end(json);
}

static void put_booking(struct json_out *json, const struct programme *programme) {
    json_put_object(json, "booking");
    put_moment(json, "deadline", &programme->deadline);
    put_moment(json, "opens", &programme->opens);
    json_put_int(json, "horizon_days", programme->horizon_days);
    json_put_int(json, "open_limit", programme->open_limit);
    put_limits(json, programme);
    json_put_object_end(json);
}

static void put_outcomes(struct json_out *json, const char *key, const struct programme *programme,
                         const struct cancel_outcome *outcomes) {
    json_put_object(json, key);
    for (int32_t i = 0; i < programme->class_count; i++) {
        const struct cancel_outcome *outcome = &outcomes[i];
        json_put_object(json, programme->classes[i].code.p);
        json_put_int(json, "percent", outcome->fee == CANCEL_PERCENT ? outcome->percent : 0);
        json_put_int(json, "yen", outcome->fee == CANCEL_YEN ? outcome->yen.n : 0);
        json_put_text(json, "per", outcome->per_unit ? TEXT("unit") : TEXT("use"));
        if (outcome->fee == CANCEL_PERCENT && outcome->fee_class != FEE_AS_BOOKED) {
            json_put_text(json, "of",
                          outcome->fee_class == FEE_OF_FACILITY
                              ? TEXT("facility")
                              : programme->classes[outcome->fee_class].code);
        }
        json_put_bool(json, "units", outcome->units);
        if (outcome->units_max > 0) {
            json_put_int(json, "units_max", outcome->units_max);
        }
        json_put_object_end(json);
    }
    json_put_object_end(json);
}

static void put_cancel(struct json_out *json, const struct programme *programme) {
    json_put_object(json, "cancel");
    json_put_bool(json, "requested_free", programme->cancel_requested_free);
    json_put_array(json, "steps");
    for (int32_t i = 0; i < programme->cancel_count; i++) {
        const struct cancel_step *step = &programme->cancel[i];
        json_put_object(json, NULL);
        put_moment(json, "after", &step->at);
        put_cares(json, programme, step->cares);
        put_outcomes(json, "outcome", programme, step->outcome);
        json_put_object_end(json);
    }
    json_put_array_end(json);
    json_put_object(json, "no_show");
    for (int32_t i = 0; i < programme->care_count; i++) {
        put_outcomes(json, programme->cares[i].code.p, programme, programme->no_show[i]);
    }
    json_put_object_end(json);
    json_put_object_end(json);
}

static void put_acceptance(struct json_out *json, const struct acceptance *acceptance) {
    bool by_facility = acceptance->mode == ACCEPT_BY_FACILITY;
    json_put_object(json, "acceptance");
    json_put_text(json, "mode", by_facility ? TEXT("facility") : TEXT("at-once"));
    if (by_facility && acceptance->by == ANSWER_WITHIN_HOURS) {
        json_put_int(json, "within_hours", acceptance->hours);
    } else if (by_facility) {
        json_put_int(json, "days", acceptance->days);
        json_put_bool(json, "business", acceptance->business);
        json_put_text(json, "at", clock_text(json->buf->arena, acceptance->minute));
    }
    if (by_facility) {
        json_put_text(json, "lapse", acceptance->lapse_accepts ? TEXT("accept") : TEXT("decline"));
        json_put_int(json, "limit_hours", acceptance->limit_hours);
    }
    json_put_object_end(json);
}

static void put_wait(struct json_out *json, const struct wait_rules *wait) {
    static const char *const orders[WAIT_ORDER__MAX] = {"first-come", "need", "draw"};
    json_put_object(json, "wait");
    json_put_text(json, "order", text_of(orders[wait->order]));
    json_put_int(json, "offer_hours_day", wait->offer_hours_day);
    json_put_int(json, "offer_hours_night", wait->offer_hours_night);
    json_put_text(json, "night_from", clock_text(json->buf->arena, wait->night_from));
    json_put_text(json, "night_to", clock_text(json->buf->arena, wait->night_to));
    json_put_object_end(json);
}

static void put_registration(struct json_out *json, const struct registration_rules *rules) {
    json_put_object(json, "registration");
    json_put_int(json, "from_week", rules->from_week);
    if (rules->from_months > 0) {
        json_put_int(json, "from_months", rules->from_months);
    }
    json_put_bool(json, "before_birth", rules->before_birth);
    json_put_bool(json, "grant_before_birth", rules->grant_before_birth);
    json_put_object_end(json);
}

/* ---- words: the sections of the page /rules ---- */

static void put_section(struct json_out *json, const struct rules_section *section) {
    json_put_object(json, NULL);
    json_put_text(json, "title", section->title);
    api_text(json, "line", section->line);
    json_put_array(json, "lines");
    for (size_t i = 0; i < section->rows.count; i++) {
        json_put_object(json, NULL);
        json_put_text(json, "label", section->rows.rows[i].label);
        json_put_text(json, "value", section->rows.rows[i].value);
        json_put_object_end(json);
    }
    json_put_array_end(json);
    json_put_object_end(json);
}

static void put_words(struct json_out *json, struct exchange *x, const struct programme *programme) {
    struct rules_view *view = arena_new(x->arena, struct rules_view);
    rules_fill(x->arena, programme, x->call.city->calendar, view);
    json_put_array(json, "words");
    for (size_t i = 0; i < view->count; i++) {
        put_section(json, &view->sections[i]);
    }
    json_put_array_end(json);
}

void rules_write(struct json_out *json, struct exchange *x, const struct programme *programme) {
    json_put_object(json, "rules");
    json_put_day(json, "valid_from", programme->valid_from);
    json_put_text(json, "name", programme->name);
    json_put_text(json, "source", programme->source);
    put_pools(json, programme);
    put_booking(json, programme);
    put_acceptance(json, &programme->acceptance);
    put_cancel(json, programme);
    put_wait(json, &programme->wait);
    put_registration(json, &programme->registration);
    put_words(json, x, programme);
    json_put_object_end(json);
}
