#include "service/audit.h"

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

struct audit_looks *audit_looks_make(const struct call *call, const struct audit_view *views, size_t count) {
    struct audit_looks *looks = arena_new(call->arena, struct audit_looks);
    *looks = (struct audit_looks){.append = {.arena = call->arena},
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

static enum rc save(struct tx *tx, void *arg) {
    const struct audit_looks *looks = arg;
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < looks->count; i++) {
        rc = audit_insert_look(tx, &looks->rows[i]);
    }
    return rc;
}

enum rc audit_viewed(struct call *call, const struct audit_view *views, size_t count) {
    return call_append(call, save, audit_looks_make(call, views, count));
}

static void saved(struct db_append *append, enum rc rc, enum db_error error) {
    const struct audit_looks *looks = (const struct audit_looks *)append;
    (void)error;
    looks->told(looks->ctx, rc == RC_OK);
}

void audit_looks_ask(struct audit_looks *looks, audit_told told, void *ctx) {
    looks->told = told;
    looks->ctx = ctx;
    looks->append.fn = save;
    looks->append.arg = looks;
    looks->append.done = saved;
    db_append_ask(looks->db, &looks->append);
}
