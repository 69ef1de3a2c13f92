/* The rows that every change leaves behind: audit and notices. */
#include <assert.h>

#include "base/buf.h"
#include "service/notice_word.h"
#include "service/write.h"
#include "store/account.h"
#include "store/audit.h"
#include "store/notice.h"

struct audit_insert audit_row(const struct call *call, const struct audit_entry *entry) {
    return (struct audit_insert){.city = call->city->id,
                                 .id = env_id(call->house->env),
                                 .at = call->now,
                                 .actor = call->actor.account,
                                 .role = text_of(role_code(call->actor.role)),
                                 .action = text_of(entry->action),
                                 .object = text_of(entry->object),
                                 .object_id = entry->object_id,
                                 .subject = entry->subject,
                                 .detail = entry->detail.p == NULL ? TEXT("{}") : entry->detail,
                                 .rules_revision = call->city->revision};
}

enum rc audit_add(struct tx *tx, const struct call *call, const struct audit_entry *entry) {
    struct audit_insert row = audit_row(call, entry);
    return audit_insert(tx, &row);
}

/* The host of https://sango.example.jp:8443, for message ids. */
static struct text host_of(struct text url) {
    size_t colon = text_index(url, ':');
    struct text host = text_part(url, colon + 3, url.n);
    host = text_part(host, 0, text_index(host, '/'));
    host = text_part(host, 0, text_index(host, ':'));
    return host.n == 0 ? TEXT("localhost") : host;
}

enum rc notice_add(struct tx *tx, const struct call *call, const struct notice_new *notice) {
    assert(notice->to.n != 0 && notice->cause.n > 0);
    struct notice_id id = {env_id(call->house->env)};
    struct text host = host_of(call->house->public_url);
    struct notice_insert row = {
        .city = call->city->id,
        .id = id,
        .account = notice->to,
        .cause = notice->cause,
        .kind = text_of(notice->kind),
        .subject = notice_word(tx->arena, notice->kind, NOTICE_WORD_SUBJECT, notice->args, notice->arg_count),
        .body = notice_word(tx->arena, notice->kind, NOTICE_WORD_BODY, notice->args, notice->arg_count),
        .path = notice->path,
        .by_mail = !notice->screen_only,
        .message_id = text_printf(tx->arena, "n%.*s@%.*s", TEXT_F(id_format(tx->arena, id.n)), TEXT_F(host)),
        .at = call->now};
    return notice_insert(tx, &row);
}

static enum rc notice_add_each(struct tx *tx, const struct call *call, const struct account_id *ids,
                               size_t count, const struct notice_new *notice) {
    struct notice_new each = *notice;
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < count; i++) {
        each.to = ids[i];
        rc = notice_add(tx, call, &each);
    }
    return rc;
}

enum rc notice_add_facility(struct tx *tx, const struct call *call, struct facility_id facility,
                            const struct notice_new *notice) {
    struct account_id *ids = NULL;
    size_t count = 0;
    enum rc rc = account_ids_of_facility(tx, call->city->id, facility, &ids, &count);
    return rc == RC_OK ? notice_add_each(tx, call, ids, count, notice) : rc;
}

enum rc notice_add_role(struct tx *tx, const struct call *call, enum role role,
                        const struct notice_new *notice) {
    struct account_id *ids = NULL;
    size_t count = 0;
    enum rc rc = account_ids_of_role(tx, call->city->id, text_of(role_code(role)), &ids, &count);
    return rc == RC_OK ? notice_add_each(tx, call, ids, count, notice) : rc;
}
