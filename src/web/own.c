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
        from = at + (first ? blanks->csrf.n : blanks->key.n);
        csrf = csrf == at ? find(body, from, blanks->csrf) : csrf;
        key = key == at ? find(body, from, blanks->key) : key;
    }
    buf_put(&buf, (struct text){from, (size_t)(body.p + body.n - from)});
    ret_own->body = buf_text(&buf);
    ret_own->holes = holes;
    ret_own->hole_count = count;
}

/* Her session's token into every form, and a fresh key for each. */
static struct text holes_fill(struct arena *arena, const struct env *env, const struct page_own *own,
                              struct text csrf) {
    struct buf buf;
    size_t from = 0;
    if (own->hole_count == 0) {
        return text_copy(arena, own->body);
    }
    buf_init(&buf, arena);
    buf_reserve(&buf, own->body.n + own->hole_count * (csrf.n + TOKEN_CHARS) + 1);
    for (size_t i = 0; i < own->hole_count; i++) {
        buf_put(&buf, text_part(own->body, from, own->holes[i].at));
        from = own->holes[i].at;
        buf_put(&buf, own->holes[i].key ? token_new(arena, env) : csrf);
    }
    buf_put(&buf, text_part(own->body, from, own->body.n));
    return buf_text(&buf);
}

/* ---- on a worker ---- */

static bool is_own(const struct exchange *x) {
    bool reading = x->request->method == HTTP_GET || x->request->method == HTTP_HEAD;
    return reading && x->route->cache == CACHE_OWN && x->signed_in && x->call.version != NULL &&
           x->web->own != NULL;
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
    return response->status == 200 && response->extra_count == 0 && response->cache_control.n == 0 &&
           response->body.n <= BODY_MOST && blind->looks <= 1;
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
    own.looked = blind.looks > 0 ? &blind.looked : NULL;
    x->response->body = holes_fill(x->arena, x->web->house->env, &own, x->form_token);
    if (is_for_keeping(&blind)) {
        page_cache_put_own(x->web->own, want, &own);
    }
}

static void send_kept(struct exchange *x, const struct page_own *own) {
    x->response->status = 200;
    x->response->type = text_copy(x->arena, own->type);
    x->response->body = holes_fill(x->arena, x->web->house->env, own, x->form_token);
    x->answered = true;
}

static void answer_kept(struct exchange *x, const struct page_own *own) {
    enum rc rc = own->looked == NULL ? RC_OK : audit_viewed(&x->call, own->looked);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    send_kept(x, own);
}

bool own_answer(struct exchange *x) {
    struct page_piece piece;
    if (!is_own(x)) {
        return false;
    }
    struct page_want want = want_of(x);
    if (page_cache_get_piece(x->web->own, &want, &piece)) {
        answer_kept(x, &piece.own);
        piece.release(piece.owner);
    } else {
        make(x, &want);
    }
    return true;
}

/* ---- on an I/O thread ---- */

bool own_quick(struct exchange *x) {
    struct page_piece piece;
    struct page_want want = want_of(x);
    if (!is_own(x) || !page_cache_get_piece(x->web->own, &want, &piece)) {
        return false;
    }
    bool good = piece.own.looked == NULL || audit_is_recorded(&x->call, piece.own.looked);
    if (good) {
        send_kept(x, &piece.own);
    }
    piece.release(piece.owner);
    return good;
}

bool own_may(const struct exchange *x) {
    struct page_want want = want_of(x);
    return page_cache_has(x->web->own, want.key, want.now_ms);
}
