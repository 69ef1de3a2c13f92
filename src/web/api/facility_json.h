/* Facilities as JSON, for the search and for one. */
#ifndef SANGO_WEB_API_FACILITY_JSON_H
#define SANGO_WEB_API_FACILITY_JSON_H

#include "query/facilities.h"
#include "web/api/api.h"

void facility_members(struct json_out *json, const struct facility_row *row);

#endif
