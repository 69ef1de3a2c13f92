/* What comes from outside, in plain formats: history of uses, holidays, the city's profile. */
#ifndef SANGO_SERVICE_IMPORT_H
#define SANGO_SERVICE_IMPORT_H

#include "service/call.h"

struct import_fault {
    int64_t line; /* 1-based, 0 for the file */
    const char *code;
};
/* CSV with the header `fiscal_year,care,uses,persons,units,expected,through` (UTF-8, empty for unknown); replaces the
 * years it names. *ret_fault is set with RC_OK when the file was refused: nothing was imported. */
NODISCARD enum rc import_usage(struct call *call, struct text csv, int64_t *ret_rows,
                               struct import_fault *ret_fault);
/* CSV with the header `day,name`, or the Cabinet Office's file in UTF-8. */
NODISCARD enum rc import_closed_days(struct call *call, struct text csv, int64_t *ret_rows,
                                     struct import_fault *ret_fault);
/* The same for the Cabinet Office's list: in its years it replaces what stood under its names, and the shipped holidays. */
NODISCARD enum rc import_holidays(struct call *call, struct text csv, int64_t *ret_rows,
                                  struct import_fault *ret_fault);
/* Checks a profile, makes or renews the city's row, stores the versions of its rules that are not stored yet, and gives
 * the city its place in `house` (renewed when it has one). The same file again changes nothing. A version that has
 * begun may neither say something else than what is stored nor disappear; one that has not replaces the file's earlier
 * one of the same day, but none that was published on the city's pages. `arena` is for the work.
 * RC_NONE with *ret_why, one Japanese sentence: the profile was refused, nothing changed. */
NODISCARD enum rc import_city(struct house *house, struct arena *arena, struct text profile_json,
                              struct text *ret_why);
/* Gives every city of the database its place in `house` as it was stored, and writes nothing: for checks beside a
 * running server. RC_NONE with *ret_why: a stored profile cannot be read by this program. */
NODISCARD enum rc import_stored(struct house *house, struct arena *arena, struct text *ret_why);

#endif
