#include "service/audit.h"

#include "service/write.h"
#include "store/audit.h"

/* What one answer shows, as rows. */
struct looks {
    struct audit_insert *rows;
    size_t count;
};

static struct looks looks_of(const struct call *call, const struct audit_view *views, size_t count) {
    struct looks looks = {arena_array(call->arena, struct audit_insert, count), count};
    for (size_t i = 0; i < count; i++) {
        const struct audit_view *view = &views[i];
        struct audit_entry entry = {.action = view->what,
                                    .object = view->object,
                                    .object_id = view->object_id,
                                    .subject = view->subject};
        if (view->count > 0) {
            entry.detail = text_printf(call->arena, "{\"count\":%lld}", (long long)view->count);
        }
        looks.rows[i] = audit_row(call, &entry);
    }
    return looks;
}

static enum rc looks_save(struct tx *tx, void *arg) {
    const struct looks *looks = arg;
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < looks->count; i++) {
        rc = audit_insert_look(tx, &looks->rows[i]);
    }
    return rc;
}

enum rc audit_viewed(struct call *call, const struct audit_view *views, size_t count) {
    struct looks looks = looks_of(call, views, count);
    return call_append(call, looks_save, &looks);
}

struct looking {
    struct db_append append;
    struct looks looks;
    audit_told told;
    void *ctx;
};

static void looked(struct db_append *append, enum rc rc, enum db_error error) {
    const struct looking *looking = (const struct looking *)append;
    (void)error;
    looking->told(looking->ctx, rc == RC_OK);
}

void audit_viewed_ask(const struct call *call, const struct audit_view *views, size_t count, audit_told told,
                      void *ctx) {
    struct looking *looking = arena_new(call->arena, struct looking);
    *looking = (struct looking){.append = {.fn = looks_save, .arena = call->arena, .done = looked},
                                .looks = looks_of(call, views, count),
                                .told = told,
                                .ctx = ctx};
    looking->append.arg = &looking->looks;
    db_append_ask(call->house->db, &looking->append);
}
