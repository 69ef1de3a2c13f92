#include "web/busy.h"

#include "web/page.h"
#include "web/tmpl/busy.h"
#include "web/web.h"
#include "words/words.h"

/* More is rarely typed; what is longer stays behind the browser's back button. */
enum { KEPT_BYTES_MAX = 32 * 1024 };

/* Passwords and codes are not written into a page, whatever it costs. */
static bool has_secret(const struct form *form) {
    for (size_t i = 0; form != NULL && i < form->count; i++) {
        const struct field *field = &form->fields[i];
        if (field->kind == FIELD_SECRET || field->kind == FIELD_DIGITS || has_secret(field->inner)) {
            return true;
        }
    }
    return false;
}

static struct text page(struct exchange *x, const struct busy_view *view) {
    struct frame frame;
    struct html out;
    page_frame(x, word_text(W_PROBLEM_TITLE_BUSY), &frame);
    frame.private = true;
    frame.bare = !x->signed_in;
    frame.notice = TEXT("");
    html_init(&out, x->arena);
    tmpl_busy_page(&out, &frame, view);
    return html_done(&out).t;
}

void busy_prepare(struct arena *arena, struct web *web, struct busy_pages *ret_pages) {
    const struct house *house = web->house;
    struct problem problem = {.status = 503, .code = TEXT("busy")};
    struct http_request *nobody = arena_new(arena, struct http_request);
    nobody->arena = arena;
    nobody->path = TEXT("/");
    struct exchange *x = exchange_new(web, nobody, arena_new(arena, struct http_response));
    x->path = nobody->path;
    x->call.actor.role = ROLE_PUBLIC;
    x->held = house_city_count(house) == 1 ? house_city_hold_at(house, 0) : NULL;
    x->call.city = x->held;
    ret_pages->pages[BUSY_PAGE] =
        (struct http_busy){TEXT("text/html; charset=utf-8"), page(x, &(struct busy_view){.count = 0})};
    ret_pages->pages[BUSY_API] = (struct http_busy){TEXT(PROBLEM_TYPE), problem_json(arena, &problem)};
    house_city_let_go(x->held);
}

static bool is_token(struct text name) {
    return text_is(name, "_csrf") || text_is(name, "_key");
}

/* Everything as it came, tokens included: the second sending is the first one again. */
static void keep_fields(struct exchange *x, struct busy_view *view) {
    struct busy_field *fields = arena_array(x->arena, struct busy_field, x->body.entry_count + 1);
    for (size_t i = 0; i < x->body.entry_count; i++) {
        const struct form_entry *entry = &x->body.entries[i];
        fields[view->count++] = (struct busy_field){entry->name, entry->value};
        view->keyed = view->keyed || (text_is(entry->name, "_key") && x->route->idempotency != IDEM_NONE);
    }
    view->fields = fields;
    view->action = x->request->path;
    if (x->request->query.n > 0) {
        view->action =
            text_printf(x->arena, "%.*s?%.*s", TEXT_F(x->request->path), TEXT_F(x->request->query));
    }
}

/* Something besides our own tokens. */
static bool has_words(const struct form_input *body) {
    for (size_t i = 0; i < body->entry_count; i++) {
        if (!is_token(body->entries[i].name)) {
            return true;
        }
    }
    return false;
}

/* The guard may not have come as far as the body, because nobody could say whose session this is. A form that another
 * site sent here is not turned into one of ours. */
static bool read_body(struct exchange *x) {
    if (x->body.entry_count > 0) {
        return true;
    }
    x->body = (struct form_input){.arena = x->arena, .form = x->route->form};
    return guard_same_site(x) && guard_is_form(x) &&
           form_split_urlencoded(&x->body, x->request->body) == FORM_READ;
}

bool busy_keep(struct exchange *x) {
    const struct route *route = x->route;
    if (route == NULL || route_is_api(route) || route->method != HTTP_POST) {
        return false;
    }
    struct busy_view view = {.count = 0};
    bool keeps = !has_secret(route->form) && x->request->body.n <= KEPT_BYTES_MAX && read_body(x) &&
                 (has_words(&x->body) || form_raw(&x->body, "_key").n > 0);
    if (keeps) {
        keep_fields(x, &view);
    } else if (route_find(x->web->routes, HTTP_GET, x->path).route != NULL) {
        view.again = x->request->path;
    }
    exchange_page(x, 503, (html_t){page(x, &view)});
    return true;
}

static bool keep_request(struct exchange *x, const struct http_request *request) {
    if (!guard_locate(x) || x->route == NULL || x->call.city == NULL) {
        return false;
    }
    struct text cookie;
    bool known = http_cookie(request, guard_cookie_name(request->https), &cookie);
    bool open = known || (x->route->roles & FOR_PUBLIC) != 0;
    return open && guard_same_site(x) && busy_keep(x);
}

/* No session has been asked for, so whose form it is shows only in its tokens, which go back as they came. */
bool busy_keep_request(struct web *web, const struct http_request *request, struct http_response *response) {
    struct exchange *x = exchange_new(web, request, response);
    x->call.actor.role = ROLE_PUBLIC;
    bool kept = keep_request(x, request);
    house_city_let_go(x->held);
    return kept;
}
