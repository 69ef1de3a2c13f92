/* The programme's rules in words and figures, section by section. */
#ifndef SANGO_WEB_RESIDENT_RULES_H
#define SANGO_WEB_RESIDENT_RULES_H

#include "core/programme.h"
#include "web/exchange.h"
#include "web/resident/public_view.h"

void rules_fill(struct exchange *x, const struct programme *programme, struct rules_view *ret_view);

#endif
