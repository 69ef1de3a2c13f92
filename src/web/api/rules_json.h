/* The programme's rules of booking, cancelling, answering and waiting, in figures and in words. */
#ifndef SANGO_WEB_API_RULES_JSON_H
#define SANGO_WEB_API_RULES_JSON_H

#include "base/json_out.h"
#include "core/programme.h"
#include "web/exchange.h"

/* "rules": {valid_from, name, source, booking, acceptance, cancel, wait, registration, words: [{title, lines}]} */
void rules_write(struct json_out *json, struct exchange *x, const struct programme *programme);

#endif
