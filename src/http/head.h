/* Reads the head libmicrohttpd parsed into a struct http_request, and refuses what is not clear. Internal. */
#ifndef SANGO_HTTP_HEAD_H
#define SANGO_HTTP_HEAD_H

#include "http/job.h"

/* 0, or the status to refuse with: 400 431 501. Fills job->request and job->framing; only the parts that were sound
 * when refused. */
int head_read(struct http_job *job, const char *method, const char *version);

/* The peer's address for a connection just opened: text, and whether it may speak for others. */
void head_peer(struct watched *watched, const struct sockaddr *address, bool trust_unix,
               const struct in6_addr *proxies, size_t proxy_count);

#endif
