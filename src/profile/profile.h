/* Reads a city's profile (a file of cities): who the city is and every version of its programme. Nothing is guessed:
 * unknown keys, missing keys, wrong kinds and rows that do not exist are faults, each with the place where it stands.
 * What the rules mean is core's business. */
#ifndef SANGO_PROFILE_PROFILE_H
#define SANGO_PROFILE_PROFILE_H

#include "core/programme.h"

enum { CITY_WARDS_MAX = 64, PROFILE_FAULTS_MAX = 64 };

struct city {
    struct text code; /* hirakata: the file's name, the path prefix */
    struct text name; /* 枚方市 */
    struct text office;
    struct text phone;
    struct text hours; /* of the office, for people */
    int32_t ward_count;
    struct text wards[CITY_WARDS_MAX]; /* districts to search by */
    struct calendar calendar;          /* national holidays and the city's closing days */
};

struct profile {
    struct city city;
    struct programme_set programmes;
};

struct profile_fault {
    struct text pointer;  /* RFC 6901: /versions/0/cares/1/pools/0 ; empty: the whole file */
    struct text sentence; /* Japanese, for a clerk */
};

struct profile_faults {
    int32_t count; /* at most PROFILE_FAULTS_MAX are kept */
    struct profile_fault rows[PROFILE_FAULTS_MAX];
};

/* False with at least one fault, and *ret_profile untouched. Everything returned lives in `arena`, which must allow for
 * about 96 kB a version. */
NODISCARD bool profile_load(struct arena *arena, struct text json, struct profile *ret_profile,
                            struct profile_faults *ret_faults);

#endif
