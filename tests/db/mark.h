/* A table of marks, written one by one: what the tests of faults look for afterwards. */
#ifndef SANGO_TESTS_DB_MARK_H
#define SANGO_TESTS_DB_MARK_H

#include <stdatomic.h>

#include "db/engines.h"

extern const struct db_migration mark_schema[];
extern const struct db_stmt_list *const mark_lists[];
extern const struct engine_plan mark_plan; /* closed; reports are counted below */
extern _Atomic int mark_reports[DB_ERROR__MAX];

NODISCARD enum rc put_id(struct engine *engine, int64_t id, enum db_error *ret_error);
/* The same by db_append(). */
NODISCARD enum rc append_id(struct engine *engine, int64_t id, enum db_error *ret_error);
NODISCARD enum rc find_id(struct engine *engine, int64_t id, enum db_error *ret_error);
bool has_id(struct engine *engine, int64_t id);
/* An answer that the machine's load decides; whoever gets it among others asks again. */
bool is_busy(enum rc rc, enum db_error error);
NODISCARD enum rc count_marks(struct db *db, struct arena *arena, int64_t *ret_count,
                              enum db_error *ret_error);

#endif
