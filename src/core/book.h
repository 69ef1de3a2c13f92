/* The life of a booking: its states, the events that move it, who may cause them, what a cancellation costs and
 * until when a request is answered. booking_next is the only writer of states; docs/states.md says the same in words
 * and a test compares them. */
#ifndef SANGO_CORE_BOOK_H
#define SANGO_CORE_BOOK_H

#include "core/programme.h"
#include "core/refusal.h"

enum booking_state {
    BOOKING_NEW = 0, /* not stored: before the first event; also "no such move" in the table */
    BOOKING_REQUESTED,
    BOOKING_CONFIRMED,
    BOOKING_DECLINED,
    BOOKING_LAPSED,
    BOOKING_CANCELLED,
    BOOKING_IN_USE,
    BOOKING_COMPLETED,
    BOOKING_NO_SHOW,
    BOOKING__MAX
};

enum booking_event {
    BOOKING_EV_REQUEST, /* booked, the facility will answer */
    BOOKING_EV_CONFIRM, /* booked and certain at once */
    BOOKING_EV_ACCEPT,
    BOOKING_EV_DECLINE,
    BOOKING_EV_LAPSE,        /* no answer in time: declined by the clock */
    BOOKING_EV_LAPSE_ACCEPT, /* no answer in time: accepted by the clock */
    BOOKING_EV_CANCEL,
    BOOKING_EV_CHANGE_AWAY, /* another booking took its place; costs nothing */
    BOOKING_EV_CHECK_IN,
    BOOKING_EV_COMPLETE,
    BOOKING_EV_NO_SHOW,
    BOOKING_EV__MAX
};

enum actor { ACTOR_RESIDENT, ACTOR_FACILITY, ACTOR_CITY, ACTOR_CLOCK, ACTOR__MAX };
typedef uint32_t actor_mask; /* bit 1 << enum actor */

/* How a booking weighs on the pools. */
enum booking_weight { WEIGHS_NOTHING, WEIGHS_BOOKED, WEIGHS_USED };

/* BOOKING_NEW where there is no move. */
extern const enum booking_state booking_next[BOOKING__MAX][BOOKING_EV__MAX];
/* Who may cause an event. */
extern const actor_mask booking_actors[BOOKING_EV__MAX];
/* The same for a facility's proposal until it is answered: made by the facility, answered by the other side. */
extern const actor_mask booking_proposal_actors[BOOKING_EV__MAX];
/* Whichever of the two says who may move a booking out of `state`. */
actor_mask booking_may(enum booking_state state, enum booking_event event, bool proposed);

bool booking_occupies(enum booking_state state); /* holds its slots */
/* A cancelled booking weighs as used when its units were charged. */
enum booking_weight booking_weighs(enum booking_state state, bool units_charged);
bool booking_open(enum booking_state state); /* requested or confirmed */

struct text booking_state_code(enum booking_state state); /* "in-use"; "new" for BOOKING_NEW */
struct text booking_event_code(enum booking_event event); /* "check-in" */
struct text actor_code(enum actor actor);                 /* "resident" */
NODISCARD bool booking_state_parse(struct text code, enum booking_state *ret_state); /* stored states only */

struct booked {
    enum booking_state state;
    struct text care;
    struct day start, end;
    int32_t units;            /* taken from the pools */
    struct yen fee;           /* as promised when booked */
    bool proposed;            /* by the facility */
    struct instant answer_by; /* INSTANT_NONE when not requested */
};

/* Whether `actor` may cause `event` now: the table, the actor and the clock (check-in from the first day on, no-show
 * from the end of the first day, completion from the check-in on, lapse from answer_by on, cancellation only before the use
 * begins). On refusal *ret_refused is filled with REFUSAL_STATE. *ret_state is the state after. */
NODISCARD bool booking_move(const struct programme *programme, const struct booked *booked,
                            enum booking_event event, enum actor actor, struct instant now,
                            enum booking_state *ret_state, struct refused *ret_refused);

/* Until when a request made `now` is answered: never after the use begins less limit_hours, never before now.
 * INSTANT_NONE when it is confirmed at once. */
struct instant booking_answer_by(const struct acceptance *acceptance, const struct calendar *calendar,
                                 struct instant now, struct instant starts);
/* Until when the resident answers what a facility proposes: by the same rule, a day where the rule asks nobody. */
struct instant booking_proposal_by(const struct acceptance *acceptance, const struct calendar *calendar,
                                   struct instant now, struct instant starts);

#endif
