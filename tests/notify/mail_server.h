/* A real SMTP server for a test (smtp_server.py, which tells what it can do), on a free port of 127.0.0.1. */
#ifndef SANGO_TESTS_NOTIFY_MAIL_SERVER_H
#define SANGO_TESTS_NOTIFY_MAIL_SERVER_H

#include <sys/types.h>

#include "base/text.h"

struct mail_server {
    struct arena arena;
    struct text folder;
    struct text url;
    pid_t pid;
    int keep; /* closing it ends the server */
};

void mail_server_init(struct mail_server *server, const char *mode);
/* Ends it and removes its folder. */
void mail_server_release(struct mail_server *server);
/* The n-th message the server took (1 …): envelope, headers, body; empty when it took fewer. */
struct text mail_server_stored(struct mail_server *server, int n);

#endif
