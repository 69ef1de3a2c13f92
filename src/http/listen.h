/* Listening sockets: TCP on one address, a Unix socket, or one handed over by systemd (LISTEN_FDS). */
#ifndef SANGO_HTTP_LISTEN_H
#define SANGO_HTTP_LISTEN_H

#include "base/text.h"

/* `port` 0 picks a free one. `host` is a numeric IPv4 or IPv6 address. On RC_FAULT errno tells why. */
NODISCARD enum rc listen_tcp(const char *host, uint16_t port, int *ret_fd);
/* Replaces a stale socket file at `path`; mode 0660. RC_RACE: somebody still listens there. */
NODISCARD enum rc listen_unix(const char *path, int *ret_fd);
/* The first socket passed by the service manager; RC_NONE when there is none for this process. */
NODISCARD enum rc listen_inherited(int *ret_fd);
/* Makes `fd` the one that the program to be executed next inherits, with its number and open beyond exec. */
NODISCARD bool listen_pass(int fd);
/* The port a TCP socket is bound to; 0 for others. */
uint16_t listen_port(int fd);
bool listen_is_unix(int fd);

#endif
