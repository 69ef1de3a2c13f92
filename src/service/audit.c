#include "service/audit.h"

#include <string.h>

#include "service/write.h"
#include "store/audit.h"

struct audit_looks {
    struct db_append append;
    struct db *db;
    struct audit_insert *rows;
    size_t count;
    audit_told told;
    void *ctx;
};

static enum rc save(struct tx *tx, void *arg) {
    const struct audit_looks *looks = arg;
    return audit_insert_looks(tx, looks->rows, looks->count);
}

/* Of as many people as look at the same moment. */
static enum rc save_all(struct tx *tx, const struct db_append *list) {
    size_t count = 0;
    for (const struct db_append *one = list; one != NULL; one = one->next) {
        count += ((const struct audit_looks *)one->arg)->count;
    }
    struct audit_insert *rows = arena_array(tx->arena, struct audit_insert, count);
    count = 0;
    for (const struct db_append *one = list; one != NULL; one = one->next) {
        const struct audit_looks *looks = one->arg;
        memcpy(rows + count, looks->rows, looks->count * sizeof *rows);
        count += looks->count;
    }
    return audit_insert_looks(tx, rows, count);
}

struct audit_looks *audit_looks_make(const struct call *call, const struct audit_view *views, size_t count) {
    struct audit_looks *looks = arena_new(call->arena, struct audit_looks);
    *looks = (struct audit_looks){.append = {.fn = save, .all = save_all, .arena = call->arena, .arg = looks},
                                  .db = call->house->db,
                                  .rows = arena_array(call->arena, struct audit_insert, count),
                                  .count = count};
    for (size_t i = 0; i < count; i++) {
        const struct audit_view *view = &views[i];
        struct audit_entry entry = {.action = view->what,
                                    .object = view->object,
                                    .object_id = view->object_id,
                                    .subject = view->subject};
        if (view->count > 0) {
            entry.detail = text_printf(call->arena, "{\"count\":%lld}", (long long)view->count);
        }
        looks->rows[i] = audit_row(call, &entry);
    }
    return looks;
}

enum rc audit_viewed(struct call *call, const struct audit_view *views, size_t count) {
    return call_append(call, &audit_looks_make(call, views, count)->append);
}

static void saved(struct db_append *append, enum rc rc, enum db_error error) {
    const struct audit_looks *looks = (const struct audit_looks *)append;
    (void)error;
    looks->told(looks->ctx, rc == RC_OK);
}

void audit_looks_ask(struct audit_looks *looks, audit_told told, void *ctx) {
    looks->told = told;
    looks->ctx = ctx;
    looks->append.done = saved;
    db_append_ask(looks->db, &looks->append);
}
