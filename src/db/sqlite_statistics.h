/* What SQLite's planner believes about the tables, written by rule instead of counted by ANALYZE: plans then depend on
 * the schema alone, not on what happened to be in a database on the day somebody counted. Without them SQLite takes
 * every first column of an index for selective; here that is the city, which may hold everything there is. */
#ifndef SANGO_DB_SQLITE_STATISTICS_H
#define SANGO_DB_SQLITE_STATISTICS_H

#include <sqlite3.h>

#include "base/text.h"

/* Renews sqlite_stat1 for every index there is. In a transaction; connections opened afterwards follow it. */
bool sqlite_statistics_write(sqlite3 *handle, struct arena *arena);

#endif
