/* States and events of a booking. The table is the only place that says what may follow what. */
#include "core/book.h"

#include "core/units.h"

enum { MINUTES_DAY = 1440, HOUR_SECONDS = 3600 };

/* clang-format off */
const enum booking_state booking_next[BOOKING__MAX][BOOKING_EV__MAX] = {
    [BOOKING_NEW] = {
        [BOOKING_EV_REQUEST] = BOOKING_REQUESTED,
        [BOOKING_EV_CONFIRM] = BOOKING_CONFIRMED,
    },
    [BOOKING_REQUESTED] = {
        [BOOKING_EV_ACCEPT] = BOOKING_CONFIRMED,
        [BOOKING_EV_DECLINE] = BOOKING_DECLINED,
        [BOOKING_EV_LAPSE] = BOOKING_LAPSED,
        [BOOKING_EV_LAPSE_ACCEPT] = BOOKING_CONFIRMED,
        [BOOKING_EV_CANCEL] = BOOKING_CANCELLED,
        [BOOKING_EV_CHANGE_AWAY] = BOOKING_CANCELLED,
    },
    [BOOKING_CONFIRMED] = {
        [BOOKING_EV_CANCEL] = BOOKING_CANCELLED,
        [BOOKING_EV_CHANGE_AWAY] = BOOKING_CANCELLED,
        [BOOKING_EV_CHECK_IN] = BOOKING_IN_USE,
        [BOOKING_EV_NO_SHOW] = BOOKING_NO_SHOW,
    },
    [BOOKING_IN_USE] = {
        [BOOKING_EV_COMPLETE] = BOOKING_COMPLETED,
    },
};

#define R (1u << ACTOR_RESIDENT)
#define F (1u << ACTOR_FACILITY)
#define C (1u << ACTOR_CITY)
#define T (1u << ACTOR_CLOCK)
const actor_mask booking_actors[BOOKING_EV__MAX] = {
    [BOOKING_EV_REQUEST] = R | C | T,
    [BOOKING_EV_CONFIRM] = R | C | T,
    [BOOKING_EV_ACCEPT] = F | C,
    [BOOKING_EV_DECLINE] = F | C,
    [BOOKING_EV_LAPSE] = T,
    [BOOKING_EV_LAPSE_ACCEPT] = T,
    [BOOKING_EV_CANCEL] = R | F | C,
    [BOOKING_EV_CHANGE_AWAY] = R | F | C | T,
    [BOOKING_EV_CHECK_IN] = F | C,
    [BOOKING_EV_COMPLETE] = F | C,
    [BOOKING_EV_NO_SHOW] = F | C,
};
const actor_mask booking_proposal_actors[BOOKING_EV__MAX] = {
    [BOOKING_EV_REQUEST] = F,
    [BOOKING_EV_ACCEPT] = R | C,
    [BOOKING_EV_DECLINE] = R | C,
    [BOOKING_EV_LAPSE] = T,
    [BOOKING_EV_CANCEL] = F | C,
};
#undef R
#undef F
#undef C
#undef T
/* clang-format on */

actor_mask booking_may(enum booking_state state, enum booking_event event, bool proposed) {
    bool unanswered = state == BOOKING_NEW || state == BOOKING_REQUESTED;
    return proposed && unanswered ? booking_proposal_actors[event] : booking_actors[event];
}

bool booking_open(enum booking_state state) {
    return state == BOOKING_REQUESTED || state == BOOKING_CONFIRMED;
}

bool booking_occupies(enum booking_state state) {
    return booking_open(state) || state == BOOKING_IN_USE || state == BOOKING_COMPLETED ||
           state == BOOKING_NO_SHOW;
}

enum booking_weight booking_weighs(enum booking_state state, bool units_charged) {
    switch (state) {
    case BOOKING_REQUESTED:
    case BOOKING_CONFIRMED:
        return WEIGHS_BOOKED;
    case BOOKING_IN_USE:
    case BOOKING_COMPLETED:
        return WEIGHS_USED;
    case BOOKING_NO_SHOW:
    case BOOKING_CANCELLED:
        return units_charged ? WEIGHS_USED : WEIGHS_NOTHING;
    default:
        return WEIGHS_NOTHING;
    }
}

static const struct text state_codes[BOOKING__MAX] = {
    TEXT_INIT("new"),      TEXT_INIT("requested"), TEXT_INIT("confirmed"),
    TEXT_INIT("declined"), TEXT_INIT("lapsed"),    TEXT_INIT("cancelled"),
    TEXT_INIT("in-use"),   TEXT_INIT("completed"), TEXT_INIT("no-show"),
};
static const struct text event_codes[BOOKING_EV__MAX] = {
    TEXT_INIT("request"),  TEXT_INIT("confirm"),      TEXT_INIT("accept"),  TEXT_INIT("decline"),
    TEXT_INIT("lapse"),    TEXT_INIT("lapse-accept"), TEXT_INIT("cancel"),  TEXT_INIT("change-away"),
    TEXT_INIT("check-in"), TEXT_INIT("complete"),     TEXT_INIT("no-show"),
};
static const struct text actor_codes[ACTOR__MAX] = {TEXT_INIT("resident"), TEXT_INIT("facility"),
                                                    TEXT_INIT("city"), TEXT_INIT("clock")};

struct text booking_state_code(enum booking_state state) {
    return state_codes[state];
}

struct text booking_event_code(enum booking_event event) {
    return event_codes[event];
}

struct text actor_code(enum actor actor) {
    return actor_codes[actor];
}

bool booking_state_parse(struct text code, enum booking_state *ret_state) {
    for (int i = BOOKING_NEW + 1; i < BOOKING__MAX; i++) {
        if (text_eq(state_codes[i], code)) {
            *ret_state = (enum booking_state)i;
            return true;
        }
    }
    return false;
}

static struct instant starts_of(const struct programme *programme, const struct booked *booked) {
    int32_t care = programme_care(programme, booked->care);
    return day_at(booked->start, care < 0 ? 0 : programme->cares[care].start_minute);
}

/* From when (inclusive) and until when (exclusive) an event may happen; INSTANT_NONE: no such limit. */
static void event_times(const struct programme *programme, const struct booked *booked,
                        enum booking_event event, enum actor actor, struct instant ret_times[2]) {
    ret_times[0] = INSTANT_NONE;
    ret_times[1] = INSTANT_NONE;
    switch (event) {
    case BOOKING_EV_ACCEPT:
    case BOOKING_EV_DECLINE:
        ret_times[1] = booked->answer_by;
        break;
    case BOOKING_EV_LAPSE:
    case BOOKING_EV_LAPSE_ACCEPT:
        ret_times[0] = booked->answer_by;
        break;
    case BOOKING_EV_CANCEL:
    case BOOKING_EV_CHANGE_AWAY:
        if (actor == ACTOR_RESIDENT) {
            ret_times[1] = starts_of(programme, booked);
        }
        break;
    case BOOKING_EV_CHECK_IN:
        ret_times[0] = day_at(booked->start, 0);
        break;
    case BOOKING_EV_NO_SHOW:
        ret_times[0] = day_at(booked->start, MINUTES_DAY);
        break;
    default:
        break;
    }
}

bool booking_move(const struct programme *programme, const struct booked *booked, enum booking_event event,
                  enum actor actor, struct instant now, enum booking_state *ret_state,
                  struct refused *ret_refused) {
    enum booking_state next = booking_next[booked->state][event];
    struct refused refused = refused_of(REFUSAL_STATE);
    refused_text(&refused, "state", booking_state_code(booked->state));
    refused_text(&refused, "event", booking_event_code(event));
    refused_text(&refused, "actor", actor_code(actor));
    bool ok = next != BOOKING_NEW && (booking_may(booked->state, event, booked->proposed) >> actor & 1);
    if (ok && booked->state != BOOKING_NEW && day_sane(booked->start)) {
        struct instant times[2];
        event_times(programme, booked, event, actor, times);
        if (!instant_is_none(times[0]) && instant_before(now, times[0])) {
            refused_instant(&refused, "from", times[0]);
            ok = false;
        }
        if (!instant_is_none(times[1]) && !instant_before(now, times[1])) {
            refused_instant(&refused, "until", times[1]);
            ok = false;
        }
    }
    if (ok) {
        *ret_state = next;
    } else {
        *ret_refused = refused;
    }
    return ok;
}

struct instant booking_answer_by(const struct acceptance *acceptance, const struct calendar *calendar,
                                 struct instant now, struct instant starts) {
    if (acceptance->mode == ACCEPT_AT_ONCE) {
        return INSTANT_NONE;
    }
    struct instant by = instant_add(now, (int64_t)acceptance->hours * HOUR_SECONDS);
    if (acceptance->by == ANSWER_AT_CLOCK) {
        struct day day = instant_day(now);
        day = acceptance->business ? calendar_business_before(calendar, day, -acceptance->days)
                                   : day_add(day, acceptance->days);
        by = day_is_none(day) ? by : day_at(day, acceptance->minute);
    }
    if (!instant_is_none(starts)) {
        struct instant limit = instant_add(starts, -(int64_t)acceptance->limit_hours * HOUR_SECONDS);
        by = instant_before(limit, by) ? limit : by;
    }
    return instant_before(by, now) ? now : by;
}

struct instant booking_proposal_by(const struct acceptance *acceptance, const struct calendar *calendar,
                                   struct instant now, struct instant starts) {
    enum { HOURS_A_DAY = 24 };
    struct acceptance rule = *acceptance;
    if (rule.mode == ACCEPT_AT_ONCE) {
        rule = (struct acceptance){.by = ANSWER_WITHIN_HOURS, .hours = HOURS_A_DAY};
    }
    rule.mode = ACCEPT_BY_FACILITY;
    return booking_answer_by(&rule, calendar, now, starts);
}
