/* Makes a new connection ready for what is usually asked, so that the first who gets it does not wait for it. */
#ifndef SANGO_DB_POSTGRES_READY_H
#define SANGO_DB_POSTGRES_READY_H

#include "db/postgres_conn.h"

/* Prepares and plans the statements that are db_stmt.usual, a few in a flight, as long as `go_on` says so before each of
 * them. What could not be prepared is prepared when it is first used; only `conn->lost` is a failure. */
void postgres_conn_ready(struct postgres_conn *conn, bool (*go_on)(void *ctx), void *ctx);

#endif
