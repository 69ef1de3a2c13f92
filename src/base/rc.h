/* How a call can end. Three kinds of "no" are never mixed: a bug is an assert, a failure of the world is an
 * enum rc (logged once by whoever met it), a refusal by the rules is a value (core/refusal.h). */
#ifndef SANGO_BASE_RC_H
#define SANGO_BASE_RC_H

#include <stddef.h>

enum rc {
    RC_OK = 0,
    RC_NONE,  /* nothing there, nothing done */
    RC_RACE,  /* somebody else was first; begin again from fresh facts */
    RC_FAULT, /* the world failed: disk, network, peer */
    RC__MAX
};

#define NODISCARD __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define CLEANUP(fn) __attribute__((cleanup(fn)))
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
