/* For book_*.c only: the inside of a step, which people and the clock take alike. */
#ifndef SANGO_SERVICE_BOOK_STEP_H
#define SANGO_SERVICE_BOOK_STEP_H

#include "db/db.h"
#include "service/book.h"

/* A call_fn: `ask` is a struct book_step, `ret_outcome` a struct book_outcome. */
NODISCARD enum rc book_step_run(struct tx *tx, struct call *call, const void *ask, void *ret_outcome);

#endif
