/* What the files of the JSON API share: an answer under construction, pages of lists, refusals and field errors. */
#ifndef SANGO_WEB_API_API_H
#define SANGO_WEB_API_API_H

#include "query/query.h"
#include "web/exchange.h"

/* ---- an answer: one JSON object ---- */

struct api_out {
    struct buf buf;
    struct json_out json;
};
/* Opens the object. */
struct json_out *api_begin(struct api_out *out, struct arena *arena);
/* Closes it and answers. */
void api_answer(struct exchange *x, int status, struct api_out *out);
/* The same inside an exchange_render. */
void api_render(struct idem_answer *ret_answer, int status, struct api_out *out);
/* Left out when empty, DAY_NONE, INSTANT_NONE or 0. */
void api_text(struct json_out *json, const char *key, struct text value);
void api_day(struct json_out *json, const char *key, struct day value);
void api_instant(struct json_out *json, const char *key, struct instant value);
void api_id(struct json_out *json, const char *key, int64_t id);
/* ETag of a thing that two people may edit; If-Match is exchange_version(). */
void api_etag(struct exchange *x, int64_t version);

/* An exchange_render for what is done and says nothing: 204. */
void api_render_empty(void *ctx, struct arena *arena, const void *outcome, struct idem_answer *ret_answer);

/* ---- lists: newest first unless stated, ?limit=&after= ---- */

enum { API_LIMIT = 50, API_LIMIT_MAX = 200 };
#define API_PAGE_FIELDS(type)                                                                                \
    {.name = "limit",                                                                                        \
     .kind = FIELD_INT,                                                                                      \
     .min = 1,                                                                                               \
     .max = API_LIMIT_MAX,                                                                                   \
     .offset = offsetof(type, limit),                                                                        \
     .note = "items of one answer, 50 when left out"},                                                       \
    {                                                                                                        \
        .name = "after", .kind = FIELD_ID, .offset = offsetof(type, after),                                  \
        .note = "`next` of the answer before"                                                                \
    }
struct query_page api_page(int64_t limit, int64_t after);
/* "next" when there may be more; `last` is the last row's id. */
void api_next(struct json_out *json, const struct query_page *page, size_t count, int64_t last);

/* ---- refusals ---- */

/* Inside an exchange_render: true when the verdict said no, and *ret_answer is the problem. */
bool api_refused(struct exchange *x, struct arena *arena, const struct verdict *verdict,
                 struct idem_answer *ret_answer);

/* Faults of fields that a service found. Words: fault.CODE of the catalogue. */
struct api_fault {
    const char *code;
    struct text pointer;
};
struct api_faults {
    const struct api_fault *rows;
    size_t count;
};
struct problem api_fault_problem(const struct api_faults *faults);
/* One fault, answered: 422. */
void api_fail_field(struct exchange *x, const char *pointer, const char *code);

/* ---- what staff looked at ---- */

/* Records the view before it is shown; false: it could not be, and that was answered. Nothing for others than staff. */
NODISCARD bool api_viewed(struct exchange *x, const char *what, const char *object, int64_t id,
                          struct account_id subject);
NODISCARD bool api_viewed_many(struct exchange *x, const char *what, const char *object, size_t count);

/* ---- the routes ---- */

extern const struct route_table api_account_routes;
extern const struct route_table api_session_routes;
extern const struct route_table api_city_routes;
extern const struct route_table api_facility_routes;
extern const struct route_table api_facility_new_routes;
extern const struct route_table api_vacancy_routes;
extern const struct route_table api_capacity_routes;
extern const struct route_table api_registration_routes;
extern const struct route_table api_decision_routes;
extern const struct route_table api_me_routes;
extern const struct route_table api_booking_routes;
extern const struct route_table api_booking_step_routes;
extern const struct route_table api_wait_routes;
extern const struct route_table api_figure_routes;
extern const struct route_table api_audit_routes;
extern const struct route_table api_notice_routes;
extern const struct route_table api_staff_routes;
extern const struct route_table api_rules_routes;
extern const struct route_table api_rules_change_routes;

#endif
