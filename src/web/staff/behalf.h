/* Acting for a resident: the one whose account the path names. */
#ifndef SANGO_WEB_STAFF_BEHALF_H
#define SANGO_WEB_STAFF_BEHALF_H

#include "web/exchange.h"

/* Her name by her approved registration, recorded as seen. False: not there, and the exchange is answered. */
NODISCARD bool behalf_who(struct exchange *x, struct text *ret_name);

#endif
