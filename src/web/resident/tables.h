/* The route tables of this room; app.c lists them. */
#ifndef SANGO_WEB_RESIDENT_TABLES_H
#define SANGO_WEB_RESIDENT_TABLES_H

#include "web/route.h"

extern const struct route_table public_routes;  /* top, search, facilities */
extern const struct route_table guide_routes;   /* rules, help, accessibility */
extern const struct route_table sign_in_routes; /* accounts and sessions */
extern const struct route_table book_routes;    /* the questions */
extern const struct route_table book_check_routes;
extern const struct route_table book_health_routes;
extern const struct route_table my_booking_routes;
extern const struct route_table my_wait_routes;
extern const struct route_table my_offer_routes;
extern const struct route_table days_routes;
extern const struct route_table me_routes; /* home, notices */
extern const struct route_table my_account_routes;
extern const struct route_table registration_routes;
extern const struct route_table birth_routes;
extern const struct route_table registration_send_routes;

#endif
