/* Delivery to the city's relay by libcurl: one connection a message, every step under one time limit. The process must
 * ignore SIGPIPE. */
#ifndef SANGO_NOTIFY_SMTP_H
#define SANGO_NOTIFY_SMTP_H

#include "notify/channel.h"

enum smtp_tls {
    SMTP_TLS_REQUIRE, /* STARTTLS with a certificate that fits, or nothing is sent */
    SMTP_TLS_TRY,     /* STARTTLS when the server offers it, certificate not checked */
    SMTP_TLS_OFF,
    SMTP_TLS__MAX
};

/* Must outlive the channel; texts end with NUL. */
struct smtp {
    struct text url;  /* smtp://HOST:PORT or smtps://HOST:PORT */
    struct text user; /* empty: no log-in */
    struct text password;
    struct text ca_file; /* certificates to trust instead of the system's; empty: the system's */
    enum smtp_tls tls;
    int connect_ms; /* 0: 10,000 */
    int total_ms;   /* for the whole delivery; 0: 60,000 */
};

struct channel smtp_channel(struct smtp *smtp);

#endif
