#include "falter.h"

static struct {
    bool on;
    struct falter_plan plan;
    size_t count;
    const struct db_stmt *failed;
} kept;

void falter_begin(const struct falter_plan *plan) {
    kept.plan = *plan;
    kept.count = 0;
    kept.failed = NULL;
    kept.on = true;
}

const struct db_stmt *falter_end(void) {
    kept.on = false;
    return kept.failed;
}

/* A lock that was waited for too long; on SQLite, whose one writer begins a group again when it was refused, a full
 * disk, which fails the group as it is. */
enum db_error falter_trace(void *ctx, const struct db_stmt *stmt) {
    const enum db_engine *kind = ctx;
    if (!kept.on || (kept.plan.spared != NULL && kept.plan.spared(stmt))) {
        return DB_FINE;
    }
    kept.count++;
    if (kept.count < kept.plan.at || (kept.count > kept.plan.at && !kept.plan.lasting)) {
        return DB_FINE;
    }
    if (kept.failed == NULL) {
        kept.failed = stmt;
    }
    return *kind == DB_SQLITE ? DB_FULL : DB_BUSY;
}
