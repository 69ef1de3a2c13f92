#include "web/own.h"

#include <assert.h>
#include <string.h>

#include "service/audit.h"
#include "sys/token.h"
#include "web/web.h"

enum { BODY_MOST = 256 * 1024 };

struct own_blanks own_blanks_make(struct arena *arena, const struct env *env) {
    return (struct own_blanks){.csrf = token_new(arena, env), .key = token_new(arena, env)};
}

static struct page_want want_of(const struct exchange *x) {
    const struct caller *who = &x->call.actor;
    struct text person = text_printf(x->arena, "own %c %lld %lld %d", x->bearer ? 'b' : 'c',
                                     (long long)who->account.n, (long long)who->facility.n, (int)who->role);
    return (struct page_want){keep_key(person.p, x->request, x->call.city->id), x->version.whole,
                              x->call.now.s * 1000};
}

/* ---- holes ---- */

static const char *find(struct text body, const char *from, struct text word) {
    return memmem(from, (size_t)(body.p + body.n - from), word.p, word.n);
}

/* What was made without secrets, as pieces and holes. */
static void holes_cut(struct arena *arena, const struct own_blanks *blanks, struct text body,
                      struct page_own *ret_own) {
    struct page_hole *holes = arena_array(arena, struct page_hole, body.n / TOKEN_CHARS + 1);
    struct buf buf;
    size_t count = 0;
    size_t keys = 0;
    const char *from = body.p;
    buf_init(&buf, arena);
    buf_reserve(&buf, body.n);
    const char *csrf = find(body, from, blanks->csrf);
    const char *key = find(body, from, blanks->key);
    while (csrf != NULL || key != NULL) {
        bool first = key == NULL || (csrf != NULL && csrf < key);
        const char *at = first ? csrf : key;
        buf_put(&buf, (struct text){from, (size_t)(at - from)});
        holes[count++] = (struct page_hole){buf.n, !first};
        keys += !first;
        from = at + (first ? blanks->csrf.n : blanks->key.n);
        csrf = csrf == at ? find(body, from, blanks->csrf) : csrf;
        key = key == at ? find(body, from, blanks->key) : key;
    }
    buf_put(&buf, (struct text){from, (size_t)(body.p + body.n - from)});
    ret_own->body = buf_text(&buf);
    ret_own->holes = holes;
    ret_own->hole_count = count;
    ret_own->key_count = keys;
}

/* Who gets it, and with which memory. */
struct own_filler {
    struct arena *arena;
    const struct env *env;
    struct text form_token;
};

static struct own_filler filler_of(const struct exchange *x) {
    return (struct own_filler){x->arena, x->web->house->env, x->form_token};
}

/* Her session's token into every form, and a fresh key for each. `lent`: the pieces between lie in what is kept. */
static void holes_fill(const struct own_filler *filler, const struct page_own *own, bool lent,
                       struct http_response *response) {
    struct arena *arena = filler->arena;
    struct http_part *parts = arena_array(arena, struct http_part, own->hole_count * 2 + 1);
    struct text *keys = arena_array(arena, struct text, own->hole_count + 1);
    size_t from = 0;
    size_t n = 0;
    tokens_new(arena, filler->env, keys, own->key_count);
    for (size_t i = 0; i < own->hole_count; i++) {
        const struct page_hole *hole = &own->holes[i];
        parts[n++] = (struct http_part){text_part(own->body, from, hole->at), lent};
        parts[n++].bytes = hole->key ? *keys++ : filler->form_token;
        from = hole->at;
    }
    parts[n++] = (struct http_part){text_part(own->body, from, own->body.n), lent};
    response->body = TEXT("");
    response->parts = parts;
    response->part_count = n;
}

/* The response holds what is kept until its bytes are sent or copied. */
static void show(const struct own_filler *filler, const struct page_own *own,
                 struct http_response *response) {
    response->status = 200;
    response->type = text_copy(filler->arena, own->type);
    holes_fill(filler, own, true, response);
}

/* ---- on a worker ---- */

/* Not what somebody searches for: that may take long, and others would wait behind it. */
static bool is_round(const struct exchange *x) {
    return x->route->cache == CACHE_ROUND && x->web->rounds != NULL && x->request->query.n == 0;
}

static bool is_own(const struct exchange *x) {
    bool reading = http_method_safe(x->request->method);
    bool kept = x->route->cache == CACHE_OWN || is_round(x);
    return reading && kept && x->signed_in && x->call.version != NULL && x->web->own != NULL;
}

/* By the handler, as somebody who knows no secret. */
static void make_blind(struct exchange *x, struct exchange *ret_blind) {
    *ret_blind = *x;
    ret_blind->response = arena_new(x->arena, struct http_response);
    ret_blind->blind = true;
    ret_blind->token = TEXT("");
    ret_blind->form_token = x->web->blanks.csrf;
    ret_blind->session.csrf = x->web->blanks.csrf;
    ret_blind->session.expires_at = INSTANT_NONE; /* of one session; others of the same person end later */
    x->route->handler(ret_blind);
    x->answered = ret_blind->answered;
    x->title = ret_blind->title;
    *x->response = *ret_blind->response;
}

static bool is_for_keeping(const struct exchange *blind) {
    const struct http_response *response = blind->response;
    return !blind->partial && response->status == 200 && response->extra_count == 0 &&
           response->cache_control.n == 0 && response->body.n <= BODY_MOST &&
           blind->looks <= EXCHANGE_LOOKS_MOST;
}

static void make(struct exchange *x, const struct page_want *want) {
    struct exchange blind;
    struct page_own own;
    make_blind(x, &blind);
    if (!x->answered || x->response->body.n == 0) {
        return;
    }
    assert(x->response->release == NULL); /* nothing kept may hold blanks */
    holes_cut(x->arena, &x->web->blanks, x->response->body, &own);
    own.type = x->response->type;
    own.looked = blind.looked;
    own.look_count = blind.looks;
    bool kept = is_for_keeping(&blind);
    if (kept) {
        page_cache_put_own(x->web->own, want, &own);
    }
    if (x->round == NULL) {
        struct own_filler filler = filler_of(x);
        holes_fill(&filler, &own, false, x->response);
    } else if (kept) {
        *x->round = *want;
    }
}

static void hold(struct http_response *response, const struct page_piece *piece) {
    response->release = piece->release;
    response->owner = piece->owner;
}

static void send_kept(struct exchange *x, const struct page_piece *piece) {
    struct own_filler filler = filler_of(x);
    hold(x->response, piece);
    show(&filler, &piece->own, x->response);
    x->answered = true;
}

static void answer_kept(struct exchange *x, const struct page_piece *piece) {
    const struct page_own *own = &piece->own;
    enum rc rc = own->look_count == 0 ? RC_OK : audit_viewed(&x->call, own->looked, own->look_count);
    if (rc == RC_OK) {
        send_kept(x, piece);
    } else {
        piece->release(piece->owner);
        exchange_failed(x, rc);
    }
}

bool own_answer(struct exchange *x) {
    struct page_piece piece;
    if (!is_own(x)) {
        return false;
    }
    struct page_want want = want_of(x);
    if (is_round(x)) {
        want.version = rounds_tick(x->web->rounds);
        make(x, &want);
    } else if (page_cache_get_piece(x->web->own, &want, &piece)) {
        answer_kept(x, &piece);
    } else {
        make(x, &want);
    }
    return true;
}

/* ---- on an I/O thread ---- */

static enum http_quick record_first(struct exchange *x, const struct page_piece *piece,
                                    struct own_unseen **ret_unseen) {
    struct own_unseen *unseen = arena_new(x->arena, struct own_unseen);
    hold(x->response, piece);
    *unseen =
        (struct own_unseen){.looks = audit_looks_make(&x->call, piece->own.looked, piece->own.look_count),
                            .own = piece->own,
                            .form_token = x->form_token};
    *ret_unseen = unseen;
    return HTTP_SOON;
}

/* What was made before tells what has to be on record of it. */
static enum http_quick round_quick(struct exchange *x, struct text key, struct own_unseen **ret_unseen) {
    struct page_piece before;
    if (!is_round(x) || !page_cache_get_any(x->web->own, key, &before)) {
        return HTTP_UNKNOWN;
    }
    if (x->call.version != NULL) {
        struct own_unseen *unseen = arena_new(x->arena, struct own_unseen);
        *unseen =
            (struct own_unseen){.looks = audit_looks_make(&x->call, before.own.looked, before.own.look_count),
                                .form_token = x->form_token,
                                .round_key = key};
        *ret_unseen = unseen;
    }
    before.release(before.owner);
    return HTTP_SOON;
}

void own_made(struct own_unseen *unseen, const struct page_piece *piece, struct http_response *response) {
    unseen->own = piece->own;
    hold(response, piece);
}

enum http_quick own_quick(struct exchange *x, struct own_unseen **ret_unseen) {
    struct page_piece piece;
    struct page_want want = want_of(x);
    if (x->route->cache == CACHE_ROUND) {
        return round_quick(x, want.key, ret_unseen);
    }
    if (x->call.version == NULL) {
        return page_cache_has(x->web->own, want.key, want.now_ms) ? HTTP_SOON : HTTP_UNKNOWN;
    }
    if (!page_cache_get_piece(x->web->own, &want, &piece)) {
        return HTTP_UNKNOWN;
    }
    if (piece.own.look_count > 0) {
        return record_first(x, &piece, ret_unseen);
    }
    send_kept(x, &piece);
    return HTTP_ANSWERED;
}

void own_show(const struct own_unseen *unseen, struct arena *arena, const struct env *env,
              struct http_response *response) {
    struct own_filler filler = {arena, env, unseen->form_token};
    show(&filler, &unseen->own, response);
}
