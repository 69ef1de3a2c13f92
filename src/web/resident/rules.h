/* The programme's rules in words and figures, section by section: everything that the profile says. The same for the
 * page that everybody reads, the JSON API, and the city's admin who looks at a version. */
#ifndef SANGO_WEB_RESIDENT_RULES_H
#define SANGO_WEB_RESIDENT_RULES_H

#include "core/programme.h"
#include "web/resident/public_view.h"

void rules_fill(struct arena *arena, const struct programme *programme, const struct calendar *calendar,
                struct rules_view *ret_view);

#endif
