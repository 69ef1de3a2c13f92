/* What the API answers with, as field tables without a target struct: they only describe, for the OpenAPI document. The
 * tests hold every answer against them (tests/web/desk.c), so that the two cannot drift apart. */
#ifndef SANGO_WEB_API_ANSWERS_H
#define SANGO_WEB_API_ANSWERS_H

#include "web/form.h"

extern const struct form answer_state;      /* {state} */
extern const struct form answer_session;    /* POST /session */
extern const struct form answer_city;       /* GET /city */
extern const struct form answer_facility;   /* GET /facilities/{id} */
extern const struct form answer_facilities; /* GET /facilities */
extern const struct form answer_vacancies;  /* GET /vacancies */
extern const struct form answer_capacity;
extern const struct form answer_days;         /* capacity and blocks */
extern const struct form answer_blocks;       /* GET …/blocks */
extern const struct form answer_thing;        /* {id} */
extern const struct form answer_registered;   /* {id, state, version} */
extern const struct form answer_registration; /* GET /registrations/{id} */
extern const struct form answer_registrations;
extern const struct form answer_me;
extern const struct form answer_quote;
extern const struct form answer_booked;  /* {id, state, units, fee, answer_by?, version} */
extern const struct form answer_ended;   /* {id, state, fee, units_charged, version} */
extern const struct form answer_booking; /* GET /bookings/{id} */
extern const struct form answer_bookings;
extern const struct form answer_wished; /* POST /waits */
extern const struct form answer_waits;
extern const struct form answer_offers;
extern const struct form answer_offered; /* accept, decline */
extern const struct form answer_usage;
extern const struct form answer_claims;
extern const struct form answer_audit;
extern const struct form answer_notices;
extern const struct form answer_staff;
extern const struct form answer_staff_made;
extern const struct form answer_residents;
extern const struct form answer_rules; /* GET /rules */
extern const struct form answer_rules_version;
extern const struct form answer_rules_draft;
extern const struct form answer_rules_check;
extern const struct form answer_rules_tried;
extern const struct form answer_rules_saved;     /* {revision} */
extern const struct form answer_rules_published; /* {number, valid_from, replaced?, bookings} */
extern const struct form answer_comparison;

#endif
