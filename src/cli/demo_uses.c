/* Bookings in every state that a visitor of the demo should find, and one wish on the waiting list. They lie at
 * facilities without blocks or closed days, and off the first two, which are left to the visitor. */
#include "cli/demo.h"

#include "service/book.h"
#include "service/wait.h"

enum {
    EVENING = 21 * 60 + 30,
    MORNING = 9 * 60 + 20,
    ARRIVES = 10 * 60 + 5,
    LEAVES_DAY = 18 * 60 + 55,
    HOUR = 3600
};

struct use {
    const char *state; /* whose: the n-th resident of this state */
    size_t n;
    size_t facility;
    int32_t start;  /* days from today */
    int32_t nights; /* 0: a day visit */
    int32_t asked;  /* days from today */
};

static struct book_ask ask_of(const struct demo *demo, const struct use *use) {
    return (struct book_ask){.facility = demo->facilities[use->facility],
                             .care = use->nights > 0 ? TEXT("stay") : TEXT("day"),
                             .start = demo_day(demo, use->start),
                             .end = demo_day(demo, use->start + use->nights)};
}

/* Asked for in the evening of its day; today: three hours ago. */
static enum rc request(struct demo *demo, const struct use *use, struct booking_id change_of,
                       struct booking_id *ret_id) {
    struct book_ask ask = ask_of(demo, use);
    struct book_outcome outcome = {0};
    ask.change_of = change_of;
    struct instant at =
        use->asked == 0 ? instant_add(demo->now, -3 * HOUR) : demo_moment(demo, use->asked, EVENING);
    struct call call = demo_call(demo, demo_caller(demo_resident(demo, use->state, use->n)), at);
    enum rc rc = book_request(&call, &ask, &outcome);
    *ret_id = outcome.id;
    return demo_allowed(demo, rc, &outcome.verdict, use->state);
}

struct step {
    struct booking_id id;
    enum booking_event event;
    struct caller who;
    struct instant at;
    const char *words; /* reason or report */
};

static enum rc take(struct demo *demo, const struct step *step) {
    struct book_step ask = {.id = step->id, .event = step->event};
    struct book_outcome outcome = {0};
    ask.reason = step->event == BOOKING_EV_COMPLETE ? TEXT("") : text_of(step->words);
    ask.report = step->event == BOOKING_EV_COMPLETE ? text_of(step->words) : TEXT("");
    struct call call = demo_call(demo, step->who, step->at);
    enum rc rc = book_step(&call, &ask, &outcome);
    return demo_allowed(demo, rc, &outcome.verdict, booking_event_code(step->event).p);
}

static enum rc accepted(struct demo *demo, const struct use *use, struct booking_id *ret_id) {
    enum rc rc = request(demo, use, (struct booking_id){0}, ret_id);
    struct step step = {*ret_id, BOOKING_EV_ACCEPT, demo_as(demo, ROLE_FACILITY, use->facility),
                        demo_moment(demo, use->asked + 1, MORNING), ""};
    return rc == RC_OK ? take(demo, &step) : rc;
}

static enum rc begun(struct demo *demo, const struct use *use, struct booking_id *ret_id) {
    enum rc rc = accepted(demo, use, ret_id);
    struct step step = {*ret_id, BOOKING_EV_CHECK_IN, demo_as(demo, ROLE_FACILITY, use->facility),
                        demo_moment(demo, use->start, ARRIVES), ""};
    return rc == RC_OK ? take(demo, &step) : rc;
}

static enum rc used(struct demo *demo, const struct use *use) {
    struct booking_id id;
    enum rc rc = begun(demo, use, &id);
    struct step step = {id, BOOKING_EV_COMPLETE, demo_as(demo, ROLE_FACILITY, use->facility),
                        demo_moment(demo, use->start + use->nights, use->nights > 0 ? MORNING : LEAVES_DAY),
                        "授乳を見守り、抱き方を確かめた。体重の増えは順調。よく眠れたとのこと。"};
    return rc == RC_OK ? take(demo, &step) : rc;
}

/* ---- what there is ---- */

static enum rc fill_past(struct demo *demo) {
    static const struct use uses[] = {
        {"used_up", 0, 1, -30, 3, -36}, {"used_up", 0, 2, -21, 2, -25}, {"used_up", 0, 1, -12, 0, -16},
        {"used_up", 0, 1, -6, 0, -9},   {"twins", 1, 1, -5, 0, -8},     {"exempt", 1, 0, -3, 0, -7},
    };
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < COUNT(uses); i++) {
        rc = used(demo, &uses[i]);
    }
    struct booking_id id;
    return rc == RC_OK ? begun(demo, &(struct use){"approved", 7, 2, -1, 2, -5}, &id) : rc;
}

static enum rc fill_answered(struct demo *demo) {
    static const struct use confirmed[] = {
        {"twins", 0, 2, 12, 2, -3}, {"exempt", 1, 2, 6, 0, -4}, {"twins", 1, 9, 9, 1, -4}};
    struct booking_id id;
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < COUNT(confirmed); i++) {
        rc = accepted(demo, &confirmed[i], &id);
    }
    static const struct use declined = {"approved", 7, 5, 8, 0, -3};
    rc = rc == RC_OK ? request(demo, &declined, (struct booking_id){0}, &id) : rc;
    struct step no = {id, BOOKING_EV_DECLINE, demo_as(demo, ROLE_FACILITY, declined.facility),
                      demo_moment(demo, -2, MORNING), "お産が重なり、お迎えできなくなりました。"};
    rc = rc == RC_OK ? take(demo, &no) : rc;
    static const struct use given_up = {"exempt", 0, 5, 16, 1, -6};
    rc = rc == RC_OK ? accepted(demo, &given_up, &id) : rc;
    struct step cancel = {id, BOOKING_EV_CANCEL, demo_caller(demo_resident(demo, "exempt", 0)),
                          demo_moment(demo, -2, EVENING), "上の子が熱を出したため"};
    return rc == RC_OK ? take(demo, &cancel) : rc;
}

static enum rc fill_open(struct demo *demo) {
    static const struct use asked[] = {{"exempt", 0, 5, 4, 0, 0}, {"twins", 0, 10, 5, 0, 0}};
    static const struct use old = {"approved", 8, 10, 18, 2, -4};
    static const struct use fresh = {"approved", 8, 10, 19, 2, 0};
    struct booking_id id;
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < COUNT(asked); i++) {
        rc = request(demo, &asked[i], (struct booking_id){0}, &id);
    }
    rc = rc == RC_OK ? accepted(demo, &old, &id) : rc;
    struct booking_id change;
    return rc == RC_OK ? request(demo, &fresh, id, &change) : rc;
}

/* She waits for the only bed of the tenth facility, which the second twins' mother has. */
static enum rc fill_wish(struct demo *demo) {
    struct wait_ask ask = {.facilities = {demo->facilities[9]},
                           .facility_count = 1,
                           .care = TEXT("stay"),
                           .from = demo_day(demo, 9),
                           .to = demo_day(demo, 10),
                           .nights = 1,
                           .mode = WAIT_ASK,
                           .notice_hours = 24};
    struct wait_outcome outcome = {0};
    struct call call =
        demo_call(demo, demo_caller(demo_resident(demo, "approved", 8)), demo_moment(demo, -1, EVENING));
    enum rc rc = wait_add(&call, &ask, &outcome);
    return demo_allowed(demo, rc, &outcome.verdict, "wait");
}

enum rc demo_fill_uses(struct demo *demo) {
    enum rc rc = fill_past(demo);
    rc = rc == RC_OK ? fill_answered(demo) : rc;
    rc = rc == RC_OK ? fill_open(demo) : rc;
    return rc == RC_OK ? fill_wish(demo) : rc;
}
