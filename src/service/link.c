#include "service/link.h"

#include "store/session.h"
#include "sys/token.h"

static const char *const purposes[LINK__MAX] = {[LINK_CONFIRM] = "confirm", [LINK_RESET] = "reset"};

/* `id` is "confirm:ID": a token of one purpose is never that of another. */
static struct text token_of(const struct call *call, struct text id) {
    uint8_t mac[TOKEN_MAC_BYTES];
    struct text message = text_printf(call->arena, "link:%.*s", TEXT_F(id));
    token_mac(call->house->secret, message, mac);
    return token_encode(call->arena, (struct text){(const char *)mac, sizeof mac});
}

enum rc link_send(struct tx *tx, const struct call *call, const struct link_ask *ask) {
    struct text purpose = text_of(purposes[ask->purpose]);
    struct text id = text_printf(call->arena, "%.*s:%.*s", TEXT_F(purpose),
                                 TEXT_F(id_format(call->arena, env_id(call->house->env))));
    struct instant until = instant_add(call->now, ask->seconds);
    enum rc rc = link_void(tx, call->city->id, ask->account, purpose, call->now);
    if (rc != RC_OK) {
        return rc;
    }
    struct link_insert row = {.city = call->city->id,
                              .token_hash = token_hash(call->arena, token_of(call, id)),
                              .account = ask->account,
                              .purpose = purpose,
                              .at = call->now,
                              .expires_at = until};
    rc = link_insert(tx, &row);
    if (rc != RC_OK) {
        return rc;
    }
    struct notice_arg args[] = {{"until", instant_short(call->arena, until)}};
    struct notice_new notice = {.to = ask->account,
                                .kind = ask->kind,
                                .cause = text_printf(call->arena, "link:%.*s", TEXT_F(id)),
                                .path = TEXT(""),
                                .args = args,
                                .arg_count = COUNT(args)};
    return notice_add(tx, call, &notice);
}

static struct link_insert link_named(const struct call *call, struct text token, enum link_purpose purpose) {
    return (struct link_insert){.city = call->city->id,
                                .token_hash = token_hash(call->arena, token),
                                .purpose = text_of(purposes[purpose]),
                                .at = call->now};
}

enum rc link_look(struct tx *tx, const struct call *call, struct text token, enum link_purpose purpose,
                  struct account_id *ret_account) {
    if (!token_wellformed(token)) {
        return RC_NONE;
    }
    struct link_insert link = link_named(call, token, purpose);
    return link_find(tx, &link, ret_account);
}

enum rc link_spend(struct tx *tx, const struct call *call, struct text token, enum link_purpose purpose) {
    struct link_insert link = link_named(call, token, purpose);
    return link_use(tx, &link);
}

bool link_of_cause(const struct call *call, struct text cause, struct text *ret_path) {
    if (!text_starts(cause, TEXT("link:"))) {
        return false;
    }
    struct text id = text_part(cause, 5, cause.n);
    struct text purpose = text_part(id, 0, text_index(id, ':'));
    *ret_path =
        text_printf(call->arena, "/account/%.*s?token=%.*s", TEXT_F(purpose), TEXT_F(token_of(call, id)));
    return true;
}
