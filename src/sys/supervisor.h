/* Talking to the service manager that started us (systemd's sd_notify protocol): a datagram to the socket it names in
 * NOTIFY_SOCKET. Without one everything here does nothing. */
#ifndef SANGO_SYS_SUPERVISOR_H
#define SANGO_SYS_SUPERVISOR_H

#include <stdbool.h>
#include <stdint.h>

/* "READY=1", "WATCHDOG=1", "STOPPING=1", … ; lost when nobody listens. */
void supervisor_tell(const char *state);
/* On the way to a new program in this process: "RELOADING=1" with the time that systemd wants beside it. */
void supervisor_reloading(void);
/* Within how many milliseconds "WATCHDOG=1" must be told again and again; 0: nobody waits for it. */
int64_t supervisor_watchdog_ms(void);

#endif
