#include "web/piece.h"

#include <string.h>

#include "web/html.h"
#include "web/page.h"
#include "web/tmpl/layout.h"
#include "web/web.h"

enum { FRAME_BYTES = 4096 };

/* Everything a page's template writes itself stands between these; escaped values cannot hold them. */
static const struct text begin = TEXT_INIT("<main id=\"main\" tabindex=\"-1\">\n");
static const struct text end = TEXT_INIT("</main>");

static bool is_for_piece(const struct exchange *x) {
    bool reading = http_method_safe(x->request->method);
    bool alike = x->route->cache == CACHE_CITY || x->route->cache == CACHE_RESIDENT;
    return reading && alike && !route_is_api(x->route) && x->signed_in && !x->bearer &&
           x->call.actor.role == ROLE_RESIDENT;
}

/* The exchange of nobody in particular. */
static void nobody_init(struct exchange *nobody, const struct exchange *x) {
    *nobody = *x;
    nobody->response = arena_new(x->arena, struct http_response);
    nobody->call.actor = (struct caller){.role = ROLE_RESIDENT};
    nobody->session = (struct session){.actor = nobody->call.actor};
    nobody->token = TEXT("");
    nobody->form_token = TEXT("");
    nobody->title = TEXT("");
}

static bool middle_of(const struct exchange *made, struct text *ret_middle) {
    struct text body = made->response->body;
    if (made->response->status != 200 || made->response->extra_count > 0 || made->title.n == 0) {
        return false;
    }
    const char *from = memmem(body.p, body.n, begin.p, begin.n);
    const char *to = from == NULL ? NULL : memmem(from, body.n - (size_t)(from - body.p), end.p, end.n);
    if (to == NULL) {
        return false;
    }
    *ret_middle = (struct text){from + begin.n, (size_t)(to - from) - begin.n};
    return true;
}

/* The middle part is lent until the bytes are sent. */
static void frame_and_send(struct exchange *x, const struct page_piece *piece) {
    struct frame frame;
    struct html out;
    page_frame(x, piece->title, &frame);
    frame.notice = TEXT(""); /* stands in the middle part */
    html_init(&out, x->arena);
    buf_reserve(&out.buf, FRAME_BYTES);
    tmpl_page_begin(&out, &frame);
    size_t before = out.buf.n;
    tmpl_page_end(&out, &frame);
    struct text around = html_done(&out).t;
    struct http_part *parts = arena_array(x->arena, struct http_part, 3);
    parts[0].bytes = text_part(around, 0, before);
    parts[1] = (struct http_part){piece->body, true};
    parts[2].bytes = text_part(around, before, around.n);
    exchange_lend(x, TEXT("text/html; charset=utf-8"),
                  &(struct exchange_loan){parts, 3, piece->release, piece->owner});
}

/* Made by one for all who wait; false when the page is none that can be kept. */
static bool piece_make(const struct exchange *x, const struct page_want *want) {
    struct page_cache *cache = x->web->cache;
    if (!page_cache_begin(cache, want)) {
        return true;
    }
    struct exchange nobody;
    struct text middle;
    nobody_init(&nobody, x);
    x->route->handler(&nobody);
    bool good = !nobody.partial && middle_of(&nobody, &middle);
    if (good) {
        page_cache_put_piece(cache, want, nobody.title, middle);
    }
    page_cache_done(cache, want);
    return good;
}

static struct page_want want_of(const struct exchange *x) {
    return (struct page_want){keep_key("piece", x->request, x->call.city->id), x->version.common,
                              x->call.now.s * 1000};
}

static bool answer(struct exchange *x, bool making) {
    struct page_cache *cache = x->web->cache;
    struct page_piece piece;
    if (!is_for_piece(x) || x->call.version == NULL || x->web->cache == NULL) {
        return false;
    }
    struct page_want want = want_of(x);
    bool there = page_cache_get_piece(cache, &want, &piece) ||
                 (making && piece_make(x, &want) && page_cache_get_piece(cache, &want, &piece));
    if (there) {
        frame_and_send(x, &piece);
    }
    return there;
}

bool piece_answer(struct exchange *x) {
    return answer(x, true);
}

enum http_quick piece_quick(struct exchange *x) {
    if (x->call.version != NULL) {
        return answer(x, false) ? HTTP_ANSWERED : HTTP_UNKNOWN;
    }
    struct page_want want = want_of(x);
    bool there = is_for_piece(x) && page_cache_has(x->web->cache, want.key, want.now_ms);
    return there ? HTTP_SOON : HTTP_UNKNOWN;
}
