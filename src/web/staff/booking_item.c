#include "web/staff/booking_item.h"

#include "web/eye.h"
#include "web/staff/staff.h"

enum { LATE_SECONDS = 3 * 3600 };

struct step_row {
    enum booking_event event;
    enum button_kind kind;
    bool asks; /* a page stands between the button and the deed */
    bool city; /* also offered to the city */
};

static const struct step_row step_rows[] = {
    {BOOKING_EV_ACCEPT, BUTTON_PRIMARY, false, true},    {BOOKING_EV_DECLINE, BUTTON_SECONDARY, true, true},
    {BOOKING_EV_CHECK_IN, BUTTON_PRIMARY, false, false}, {BOOKING_EV_COMPLETE, BUTTON_PRIMARY, true, false},
    {BOOKING_EV_NO_SHOW, BUTTON_SECONDARY, true, false}, {BOOKING_EV_CANCEL, BUTTON_QUIET, true, true},
};

bool booking_event_of(struct text code, enum booking_event *ret_event) {
    for (size_t i = 0; i < COUNT(step_rows); i++) {
        if (text_eq(code, booking_event_code(step_rows[i].event))) {
            *ret_event = step_rows[i].event;
            return true;
        }
    }
    return false;
}

static bool may(const struct exchange *x, const struct booking_row *row, enum booking_event event) {
    enum actor actor = x->call.actor.role == ROLE_FACILITY ? ACTOR_FACILITY : ACTOR_CITY;
    const struct programme *programme =
        x->call.city->rules == NULL ? NULL : programme_at(x->call.city->rules, row->start);
    struct booked booked = {.care = row->care,
                            .start = row->start,
                            .end = row->end,
                            .units = (int32_t)row->units,
                            .fee = row->fee,
                            .proposed = row->proposed,
                            .answer_by = row->answer_by};
    enum booking_state next;
    struct refused refused;
    return programme != NULL && booking_state_parse(row->state, &booked.state) &&
           booking_move(programme, &booked, event, actor, x->call.now, &next, &refused);
}

static struct step_view step_of(struct exchange *x, const struct booking_row *row,
                                const struct step_row *step) {
    struct text code = booking_event_code(step->event);
    struct text label = page_word(x, "staff-step", code);
    struct text path = TEXT_CAT(x->arena, text_of(staff_room(x)), TEXT("/bookings/"), staff_id(x, row->id.n),
                                TEXT("/"), code);
    struct step_view view = {.version = row->version, .label = label, .kind = step->kind};
    if (step->asks) {
        view.link = (struct button_view){
            .label = label, .kind = step->kind, .url = text_join(x->arena, x->base, path)};
    } else {
        view.form = page_form_view(x, path);
    }
    return view;
}

void booking_steps(struct exchange *x, const struct booking_row *row, struct booking_item *item) {
    bool city = x->call.actor.role != ROLE_FACILITY;
    bool declines = !city && may(x, row, BOOKING_EV_DECLINE); /* its word for no while nothing was promised */
    for (size_t i = 0; i < COUNT(step_rows); i++) {
        const struct step_row *step = &step_rows[i];
        bool offered = city ? step->city : !declines || step->event != BOOKING_EV_CANCEL;
        if (offered && may(x, row, step->event)) {
            item->steps[item->step_count++] = step_of(x, row, step);
        }
    }
}

static struct text children_words(const struct exchange *x, int64_t n) {
    struct word_arg args[] = {{"n", staff_count(x, n)}};
    return n < 1 ? TEXT("") : word_expand(x->arena, W_STAFF_CHILDREN, args, COUNT(args));
}

struct booking_item booking_item_of(struct exchange *x, const struct booking_row *row) {
    struct word_arg units[] = {{"n", staff_count(x, row->units)}};
    bool open = text_is(row->state, "requested");
    struct booking_item item = {
        .id = row->id,
        .url =
            TEXT_CAT(x->arena, x->base, text_of(staff_room(x)), TEXT("/bookings/"), staff_id(x, row->id.n)),
        .name = row->mother_name.n > 0 ? row->mother_name : word_text(W_STAFF_NAME_HIDDEN),
        .kana = row->mother_kana,
        .phone = row->mother_phone,
        .children = children_words(x, row->children),
        .care = page_care_name(x, row->care),
        .days = page_days(x->arena, row->start, row->end),
        .units = word_expand(x->arena, W_STAFF_UNITS, units, COUNT(units)),
        .facility = row->facility_name,
        .state = page_word(x, "booking-state", row->state),
        .tone = staff_booking_tone(row->state),
        .deadline = open ? staff_moment(x, row->answer_by) : TEXT(""),
        .remaining = open ? staff_remaining(x, row->answer_by) : TEXT(""),
        .late = open && !instant_is_none(row->answer_by) && row->answer_by.s - x->call.now.s < LATE_SECONDS,
        .change = row->change_of.n != 0 && open,
        .message = row->message};
    booking_steps(x, row, &item);
    return item;
}

struct booking_list booking_list_of(struct exchange *x, const struct booking_row *rows, size_t count,
                                    bool (*wanted)(const struct booking_row *row, struct day today)) {
    struct booking_item *items = arena_array(x->arena, struct booking_item, count + 1);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        if (wanted == NULL || wanted(&rows[i], staff_today(x))) {
            items[n++] = booking_item_of(x, &rows[i]);
        }
    }
    return (struct booking_list){.items = items, .count = n};
}

enum rc booking_asked(const struct exchange *x, struct booking_detail *ret_detail) {
    struct query query = eye_of(x);
    return query_booking(&query, (struct booking_id){exchange_id(x, "id")}, ret_detail);
}

const struct booking_detail *booking_shown(struct exchange *x) {
    struct booking_detail *detail = arena_new(x->arena, struct booking_detail);
    enum rc rc = booking_asked(x, detail);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return NULL;
    }
    const struct booking_row *row = &detail->booking;
    return staff_viewed(x, "booking.view", "booking", row->id.n, row->account) ? detail : NULL;
}
