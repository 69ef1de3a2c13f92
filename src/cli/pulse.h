/* The server's pulse: while a write can be begun, and be it to hear that the disk is full, the service manager's
 * watchdog is fed; once a minute the figures of what was answered and what was turned away go into the log. */
#ifndef SANGO_CLI_PULSE_H
#define SANGO_CLI_PULSE_H

#include "http/server.h"
#include "service/house.h"

struct pulse;

/* Starts the thread; lives in `arena`. */
NODISCARD enum rc pulse_start(struct arena *arena, const struct house *house, struct http_server *server,
                              struct pulse **ret_pulse);
/* Before the server is stopped. False: the thread is stuck in the database, which therefore cannot be closed. */
NODISCARD bool pulse_stop(struct pulse *pulse);

#endif
