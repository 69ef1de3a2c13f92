/* From a filled response to libmicrohttpd's: status, security headers, and bytes handed over without a copy.
 * Internal. */
#ifndef SANGO_HTTP_ANSWER_H
#define SANGO_HTTP_ANSWER_H

#include "http/job.h"

struct job_pool;

/* Queues job->response on its connection; the job stays held until its bytes are sent. Ill-formed responses become a
 * plain 500. False: the connection must be closed. */
NODISCARD bool answer_send(struct job_pool *pool, struct http_job *job);

struct MHD_Response;
/* An answer that may be sent any number of times, with the headers of `job`; its body's bytes must outlive it. NULL: no
 * memory, or an ill-formed header. */
struct MHD_Response *answer_make(struct http_job *job);

/* Fills job->response with a short plain answer for `status`. */
void answer_plain(struct http_job *job, int status);

#endif
