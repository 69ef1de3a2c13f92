#include "service/draft.h"

#include <assert.h>

#include "service/write.h"
#include "store/draft.h"

struct load {
    struct call *call;
    struct draft_row row;
};

static enum rc load_run(struct tx *tx, void *arg) {
    struct load *load = arg;
    const struct call *call = load->call;
    return draft_find(tx, call->city->id, call->actor.account, DRAFT_REGISTRATION, &load->row);
}

enum rc draft_load(struct call *call, struct draft *ret_draft) {
    struct load load = {.call = call};
    enum rc rc = call_read(call, load_run, &load);
    if (rc == RC_OK) {
        *ret_draft = (struct draft){load.row.answers, load.row.saved_at};
    } else if (rc == RC_NONE) {
        *ret_draft = (struct draft){TEXT(""), INSTANT_NONE};
        rc = RC_OK;
    }
    return rc;
}

static enum rc save_run(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    (void)outcome;
    const struct text *answers = ask;
    struct draft_row row = {*answers, call->now};
    return draft_put(tx, call->city->id, call->actor.account, DRAFT_REGISTRATION, &row);
}

enum rc draft_save(struct call *call, struct text answers) {
    assert(answers.n <= DRAFT_BYTES_MAX);
    int nothing = 0;
    struct call_work work = {save_run, &answers, &nothing, sizeof nothing};
    return call_write_plain(call, &work);
}

static enum rc drop_run(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    (void)ask;
    (void)outcome;
    return draft_delete(tx, call->city->id, call->actor.account, DRAFT_REGISTRATION);
}

enum rc draft_drop(struct call *call) {
    int nothing = 0;
    struct call_work work = {drop_run, NULL, &nothing, sizeof nothing};
    return call_write_plain(call, &work);
}
