/* Registrations as JSON, and the grant that an approval gave. */
#ifndef SANGO_WEB_API_REGISTRATION_JSON_H
#define SANGO_WEB_API_REGISTRATION_JSON_H

#include "query/people.h"
#include "service/registration.h"
#include "web/api/api.h"

/* Members of one row into an open object. */
void registration_members(struct json_out *json, const struct registration_row *row);
/* "children": […] */
void registration_children(struct json_out *json, const struct registration_detail *detail);
/* "pools": […] of the grant. */
void registration_pools(struct json_out *json, const struct registration_detail *detail);
/* Inside an exchange_render: id, state and version, or why not. */
void registration_answer(struct exchange *x, struct arena *arena, int status,
                         const struct registration_outcome *outcome, struct idem_answer *ret_answer);
/* The exchange_render for steps: 200. */
void registration_render(void *ctx, struct arena *arena, const void *outcome, struct idem_answer *ret_answer);

#endif
