/* Lets one statement fail as a disk, a lock or a connection would: the n-th of whatever runs between falter_begin() and
 * falter_end(), a write's commit counted with them. Every database that engines.h opens asks here, unless the test has a
 * trace of its own. One program, one thing at a time: the threads it runs on are waited for by whoever began. */
#ifndef SANGO_TESTS_DB_FALTER_H
#define SANGO_TESTS_DB_FALTER_H

#include "db/db.h"

struct falter_plan {
    size_t at;                                  /* 1: the first */
    bool lasting;                               /* and all that come after it */
    bool (*spared)(const struct db_stmt *stmt); /* neither counted nor broken; NULL: none */
};
void falter_begin(const struct falter_plan *plan);
/* The statement that failed; NULL: there were not so many. */
const struct db_stmt *falter_end(void);

/* A db_trace_fn; its ctx is the engine's enum db_engine. */
enum db_error falter_trace(void *ctx, const struct db_stmt *stmt);

#endif
