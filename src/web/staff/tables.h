/* The route tables of this room; app.c lists them. */
#ifndef SANGO_WEB_STAFF_TABLES_H
#define SANGO_WEB_STAFF_TABLES_H

#include "web/route.h"

extern const struct route_table staff_board_routes;         /* a facility's day and its requests */
extern const struct route_table staff_booking_routes;       /* one booking and its steps */
extern const struct route_table staff_propose_routes;       /* other days that a facility proposes */
extern const struct route_table staff_week_routes;          /* a facility's week, the city's table */
extern const struct route_table staff_capacity_routes;      /* capacity and blocks */
extern const struct route_table staff_registration_routes;  /* the queue of registrations, one of them */
extern const struct route_table staff_decision_routes;      /* talk, approval, return, refusal */
extern const struct route_table staff_bookings_routes;      /* all bookings of the city */
extern const struct route_table staff_behalf_routes;        /* booking on behalf of a resident */
extern const struct route_table staff_statistics_routes;    /* uses by fiscal year */
extern const struct route_table staff_claim_routes;         /* the month's claims */
extern const struct route_table staff_record_routes;        /* the audit record */
extern const struct route_table staff_wait_routes;          /* the waiting list */
extern const struct route_table staff_office_routes;        /* the city's day */
extern const struct route_table staff_facility_routes;      /* facilities, a facility about itself */
extern const struct route_table staff_facility_new_routes;  /* adding a facility */
extern const struct route_table staff_rules_routes;         /* the rules as versions */
extern const struct route_table staff_rules_draft_routes;   /* the draft of the next one */
extern const struct route_table staff_rules_edit_routes;    /* its parts */
extern const struct route_table staff_rules_try_routes;     /* a made-up case */
extern const struct route_table staff_rules_publish_routes; /* publishing it */
extern const struct route_table staff_account_routes;       /* accounts of staff */

#endif
