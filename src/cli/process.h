/* The server as a whole, put together from a configuration: database, house, site, listener, crews of jobs. `serve`
 * and `demo` differ only in the configuration they bring and in what they do between opening and serving. */
#ifndef SANGO_CLI_PROCESS_H
#define SANGO_CLI_PROCESS_H

#include "cli/renew.h"
#include "service/house.h"
#include "sys/config.h"

struct process;

struct process_plan {
    const struct config *config;
    int64_t shift_ms; /* added to the machine's clock: 0 outside of a demo */
    bool migrate;     /* bring the schema to the newest version first */
    bool take_over;   /* when a socket was handed over, wait for who had the database before */
};

/* Before any thread is made: SIGTERM, SIGINT and, if it can be renewed, SIGHUP wait for process_serve(), SIGPIPE is
 * ignored, and memory is shared by the threads. */
void process_signals(bool renewable);
/* Opens the database and reads the cities; serves nothing yet. Lives in `arena`, which must last as long. On failure
 * *ret_why is one sentence that says what to do. */
NODISCARD enum rc process_open(struct arena *arena, const struct process_plan *plan,
                               struct process **ret_process, struct text *ret_why);
struct house *process_house(struct process *process);
/* Binds and begins to answer. */
NODISCARD enum rc process_listen(struct process *process, struct text *ret_why);
/* Answers until SIGTERM or SIGINT and returns an exit status. At SIGHUP `renew`, which may be NULL, is asked whether a
 * new program would start; if so *ret_renew is set, else serving goes on. */
int process_serve(struct process *process, const struct renew *renew, bool *ret_renew);
/* Like process_close(), but the socket stays open, and with it everybody who waits in its backlog: nobody may be left
 * who uses the database when the next program opens it. */
void process_leave(struct process *process, int *ret_listener);
void process_close(struct process *process);

#endif
