/* A facility as it is written down: what the city entered, what the facility says of itself, and the terms of a care that
 * it offers. Forms fill these, services pass them on, store and query keep and find them; the rules judge by core/facts.h. */
#ifndef SANGO_CORE_FACILITY_H
#define SANGO_CORE_FACILITY_H

#include "base/text.h"

struct facility_about {
    struct text code; /* short and lasting, as imports name it */
    struct text name;
    struct text kana;
    struct text kind; /* hospital clinic midwifery */
    struct text ward;
    struct text postal_code;
    struct text address;
};

/* What its own staff may change. */
struct facility_words {
    struct text phone;
    struct text email;
    struct text introduction;
    struct text access;
    struct text bring;
    bool multiples;
    bool siblings;
    bool partner;
};

struct care_terms {
    struct text care;
    int64_t age_months_max; /* 0: the city's window */
    int64_t price;          /* yen a unit, the facility's own; -1: none */
    int64_t contract_price; /* yen a unit */
    int64_t answer_hours;   /* -1: the city's rule, 0: at once */
    struct text lapse_to;   /* empty: the city's rule */
};

#endif
