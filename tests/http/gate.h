/* A handler that waits: "/gate" (and "/gate/urgent", of the first class) stays with its worker until the test opens the gate, so that lines behind it can be
 * looked at for as long as one likes. */
#ifndef SANGO_TESTS_HTTP_GATE_H
#define SANGO_TESTS_HTTP_GATE_H

#include "http/peer.h"

extern const struct text gate_get;    /* GET /gate */
extern const struct text gate_urgent; /* GET /gate/urgent */
extern const struct text gate_post;   /* POST /gate with the body "body" */

/* The gate is closed. Two classes: "/urgent" and "/gate/urgent" are of the first, with room for two, everything else of the second. The
 * settings point to them: one server at a time. */
struct http_settings gate_settings(unsigned workers, unsigned waiting_max);
/* Of the second class. */
struct http_class *gate_class(void);
/* False: not "/gate". */
bool gate_handle(const struct http_request *request, struct http_response *response);
void gate_open(void);
/* On a thread of its own, once the server has begun to end; joined by the next call of gate_settings(). */
void gate_open_when_ending(const struct peer *peer);
/* So many workers stand at the gate. */
void gate_wait_inside(unsigned n);
/* So many requests wait in the lines. */
void gate_wait_queued(const struct peer *peer, unsigned n);

#endif
