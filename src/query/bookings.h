/* Bookings, wishes and offers as their owners, the facility and the city see them. */
#ifndef SANGO_QUERY_BOOKINGS_H
#define SANGO_QUERY_BOOKINGS_H

#include "query/query.h"

struct booking_row {
    struct booking_id id;
    struct account_id account;
    struct registration_id registration;
    struct facility_id facility;
    struct text facility_name;
    struct text facility_phone;
    struct text care;
    struct day start;
    struct day end;
    int64_t units;
    struct yen fee;
    struct yen contract_price;
    struct text household_class;
    struct text state;
    struct instant answer_by;
    struct instant free_cancel_until;
    struct booking_id change_of;   /* this booking is the new place of that one */
    struct booking_id changing_to; /* an undecided change of this one */
    struct yen change_fee;         /* what giving up change_of costs, or cost, besides */
    int64_t change_units;
    bool proposed; /* by the facility: while requested, the resident answers */
    struct text message;
    struct text reason;
    struct yen cancel_fee; /* 0 when none */
    struct text report;
    struct text origin;
    struct instant created_at;
    struct instant changed_at;
    int64_t version;
    /* Empty for the facility's eye after the time it may see them. */
    struct text mother_name;
    struct text mother_kana;
    struct text mother_phone;
    int64_t children;
};
struct booking_ask {
    struct booking_id id; /* {0}: all */
    struct account_id account;
    struct facility_id facility;
    struct text state; /* empty: all */
    struct text care;  /* empty: all */
    struct day from;   /* bookings that touch from .. to; DAY_NONE: open */
    struct day to;
    bool oldest_answer_first; /* requests by the hour of their answer; of another state newest first */
    bool by_start;            /* by start day, for calendars */
    /* What a line of a list shows. These stay empty: account, registration, phones, prices but the fee, class,
     * free_cancel_until, changing_to, reason, report, origin and moments. */
    bool brief;
};
NODISCARD enum rc query_bookings(const struct query *query, const struct booking_ask *ask,
                                 const struct query_page *page, struct booking_row **ret_rows,
                                 size_t *ret_count);

struct booking_line_row {
    struct text what; /* care, over, addition, reduction, extra */
    struct text name; /* for people */
    int64_t units;
    struct yen each;
    struct yen amount;
};
struct booking_event_row {
    int64_t no;
    struct instant at;
    struct text actor_role; /* resident, facility, … clock */
    struct text event;
    struct text from_state;
    struct text to_state;
    struct text reason;
};
struct booking_child_row {
    struct text name;
    struct day birth_date;
    struct day due_date;
    int64_t gestation_days;
    int64_t weight_g;
};
struct booking_detail {
    struct booking_row booking;
    struct booking_line_row *lines;
    size_t line_count;
    struct booking_event_row *events;
    size_t event_count;
    struct booking_child_row *children;
    size_t child_count;
};
/* RC_NONE: not there, or not for this eye. */
NODISCARD enum rc query_booking(const struct query *query, struct booking_id id,
                                struct booking_detail *ret_detail);

struct wait_row {
    struct wait_id id;
    struct account_id account;
    struct text care;
    struct day from;
    struct day to;
    int64_t nights;
    bool any_facility;
    struct text facility_names; /* joined with 、 */
    struct text mode;
    int64_t notice_hours;
    struct booking_id swap_for;
    struct text state;
    struct text closed_why;
    struct instant created_at;
    struct text mother_name; /* city's eye */
};
/* Newest first for residents; oldest first (their order in the queue) for the city; facilities see those that name
 * them or any, without names. `state` empty: all. */
NODISCARD enum rc query_waits(const struct query *query, struct text state, const struct query_page *page,
                              struct wait_row **ret_rows, size_t *ret_count);

struct offer_row {
    struct offer_id id;
    struct wait_id wait;
    struct account_id account;
    struct facility_id facility;
    struct text facility_name;
    struct text care;
    struct day start;
    struct day end;
    struct text state;
    struct instant created_at;
    struct instant expires_at;
    struct instant answered_at;
    struct booking_id booking;
};
/* `state`: empty for all; an id excludes it. */
NODISCARD enum rc query_offers(const struct query *query, struct offer_id id, struct text state,
                               const struct query_page *page, struct offer_row **ret_rows, size_t *ret_count);

#endif
