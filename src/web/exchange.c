#include "web/exchange.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "sys/token.h"
#include "web/busy.h"
#include "web/web.h"

/* ---- reading ---- */

void exchange_init(struct exchange *x, struct web *web, const struct http_request *request,
                   struct http_response *response) {
    *x = (struct exchange){.web = web, .request = request, .response = response, .arena = request->arena};
    x->call.house = web->house;
    x->call.arena = request->arena;
}

struct exchange *exchange_new(struct web *web, const struct http_request *request,
                              struct http_response *response) {
    struct exchange *x = arena_new(request->arena, struct exchange);
    exchange_init(x, web, request, response);
    return x;
}

const void *exchange_body(const struct exchange *x) {
    assert(x->body.value != NULL);
    return x->body.value;
}

const void *exchange_query(const struct exchange *x) {
    assert(x->query.value != NULL);
    return x->query.value;
}

struct text exchange_param(const struct exchange *x, const char *name) {
    for (size_t i = 0; i < x->match.param_count; i++) {
        if (text_is(x->match.params[i].name, name)) {
            return x->match.params[i].value;
        }
    }
    assert(!"the route has no such parameter");
    return TEXT("");
}

int64_t exchange_id(const struct exchange *x, const char *name) {
    int64_t id = 0;
    bool good = id_parse(exchange_param(x, name), &id);
    assert(good);
    return id;
}

static bool digits_to(struct text t, int64_t *ret_n) {
    int64_t n = 0;
    for (size_t i = 0; i < t.n; i++) {
        if (t.p[i] < '0' || t.p[i] > '9') {
            return false;
        }
        n = n * 10 + (t.p[i] - '0');
    }
    *ret_n = n;
    return t.n > 0 && t.n <= 15;
}

int64_t exchange_version(const struct exchange *x) {
    struct text t = http_header(x->request, "If-Match");
    if (t.n >= 2 && t.p[0] == '"' && t.p[t.n - 1] == '"') {
        t = text_part(t, 1, t.n - 1);
    }
    if (t.n == 0) {
        t = form_raw(&x->body, "_version");
    }
    int64_t version = 0;
    /* What is no version of ours matches no row. */
    return t.n == 0 || text_is(t, "*") ? 0 : digits_to(t, &version) ? version : -1;
}

bool exchange_looked(struct exchange *x, struct audit_view view) {
    enum rc rc = x->round != NULL ? RC_OK : audit_viewed(&x->call, &view, 1);
    if (x->looks < EXCHANGE_LOOKS_MOST) {
        x->looked[x->looks] = view;
    }
    x->looks++;
    if (rc != RC_OK) {
        exchange_failed(x, rc);
    }
    return rc == RC_OK;
}

struct text exchange_form_key(struct exchange *x) {
    struct text sent = form_raw(&x->body, "_key");
    if (x->blind) {
        return x->web->blanks.key;
    }
    return token_wellformed(sent) ? sent : token_new(x->arena, x->web->house->env);
}

struct text exchange_link(const struct exchange *x, const char *path) {
    return text_join(x->arena, x->base, text_of(path));
}

struct text exchange_address(const struct exchange *x) {
    const struct http_request *request = x->request;
    if (!http_method_safe(request->method)) {
        return TEXT("");
    }
    return request->query.n == 0
               ? request->path
               : text_printf(x->arena, "%.*s?%.*s", TEXT_F(request->path), TEXT_F(request->query));
}

struct text exchange_linkf(const struct exchange *x, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    char path[1024];
    int n = vsnprintf(path, sizeof path, fmt, args);
    va_end(args);
    assert(n >= 0 && (size_t)n < sizeof path);
    return exchange_link(x, path);
}

/* ---- answering ---- */

static void reply(struct exchange *x, int status, struct text type, struct text body) {
    assert(!x->answered);
    x->answered = true;
    x->response->status = status;
    x->response->type = type;
    x->response->body = body;
}

void exchange_page(struct exchange *x, int status, html_t page) {
    reply(x, status, TEXT("text/html; charset=utf-8"), page.t);
}

void exchange_lend(struct exchange *x, struct text type, const struct exchange_loan *loan) {
    reply(x, 200, type, TEXT(""));
    x->response->parts = loan->parts;
    x->response->part_count = loan->part_count;
    x->response->release = loan->release;
    x->response->owner = loan->owner;
}

void exchange_json(struct exchange *x, int status, struct buf *json) {
    reply(x, status, TEXT("application/json"), buf_text(json));
}

void exchange_redirect(struct exchange *x, struct text path) {
    assert(path.n > 0 && path.p[0] == '/' && !text_starts(path, TEXT("//")));
    reply(x, 303, TEXT(""), TEXT(""));
    http_response_add(x->response, "Location", path);
}

void exchange_empty(struct exchange *x) {
    reply(x, 204, TEXT(""), TEXT(""));
}

void exchange_bytes(struct exchange *x, struct text type, struct text bytes) {
    reply(x, 200, type, bytes);
}

void exchange_file(struct exchange *x, const char *type, const char *name, struct text title,
                   struct text bytes) {
    struct text disposition = text_printf(x->arena, "attachment; filename=\"%s\"; filename*=UTF-8''%.*s",
                                          name, TEXT_F(http_escape(x->arena, title)));
    reply(x, 200, text_of(type), bytes);
    http_response_add(x->response, "Content-Disposition", disposition);
}

static void plain_error_page(struct exchange *x, const struct problem *worded) {
    struct buf buf;
    buf_init(&buf, x->arena);
    buf_put(&buf, worded->title);
    buf_putz(&buf, "\n\n");
    buf_put(&buf, worded->detail);
    buf_putc(&buf, '\n');
    reply(x, worded->status, TEXT("text/plain; charset=utf-8"), buf_text(&buf));
}

static bool wants_json(const struct exchange *x) {
    return text_starts(x->path, TEXT("/api/"));
}

void exchange_problem(struct exchange *x, const struct problem *problem) {
    struct problem worded = problem_worded(problem);
    const struct guard_hooks *hooks = &x->web->guard;
    if (wants_json(x)) {
        reply(x, problem->status, TEXT(PROBLEM_TYPE), problem_json(x->arena, &worded));
    } else if (hooks->error_page != NULL) {
        hooks->error_page(hooks->ctx, x, &worded);
        assert(x->answered);
    } else {
        plain_error_page(x, &worded);
    }
}

void exchange_fail(struct exchange *x, int status, const char *code) {
    exchange_problem(x, &(struct problem){.status = status, .code = text_of(code)});
}

void exchange_not_found(struct exchange *x) {
    exchange_fail(x, 404, "not-found");
}

void exchange_forbidden(struct exchange *x) {
    exchange_fail(x, 403, "forbidden");
}

static bool is_malformed(const struct form_input *form) {
    for (size_t i = 0; i < form->error_count; i++) {
        enum form_error error = form->errors[i].error;
        if (error == FORM_UNKNOWN || error == FORM_DUPLICATE || error == FORM_WRONG_TYPE) {
            return true;
        }
    }
    return false;
}

void exchange_form_errors(struct exchange *x) {
    const struct form_input *form = x->body.error_count > 0 ? &x->body : &x->query;
    exchange_problem(x, &(struct problem){.status = is_malformed(form) ? 400 : 422,
                                          .code = TEXT("invalid-fields"),
                                          .form = form});
}

void exchange_failed(struct exchange *x, enum rc rc) {
    assert(rc != RC_OK);
    if (rc == RC_NONE) {
        exchange_not_found(x);
    } else if (rc == RC_RACE) {
        exchange_fail(x, 412, "changed");
    } else if (call_unavailable(&x->call) || x->call.fault == 0 || http_method_safe(x->request->method)) {
        /* What was only to be read may be read later; a query says no more than that it failed. */
        http_response_add(x->response, "Retry-After", TEXT("5"));
        if (!busy_keep(x)) {
            exchange_fail(x, 503, "busy");
        }
    } else {
        exchange_fail(x, 500, "fault");
    }
}

/* ---- around a changing use-case ---- */

void exchange_will_render(struct exchange *x, exchange_render render) {
    x->render = render;
    x->idem.render = render;
    x->idem.ctx = x;
}

static void send_idem(struct exchange *x, const struct idem_answer *stored) {
    if (stored->location.n > 0 && stored->status == 303) {
        exchange_redirect(x, stored->location);
        return;
    }
    reply(x, stored->status, stored->content_type, stored->body);
    if (stored->location.n > 0) {
        http_response_add(x->response, "Location", stored->location);
    }
}

void exchange_done(struct exchange *x, enum rc rc, const void *outcome) {
    assert(x->render != NULL);
    bool stored = x->call.idem != NULL && x->idem.answer.status != 0;
    if (rc != RC_OK) {
        exchange_failed(x, rc);
    } else if (!stored && !x->idem.mismatch) {
        struct idem_answer fresh = {0};
        x->render(x, x->arena, outcome, &fresh);
        send_idem(x, &fresh);
    } else if (x->idem.mismatch) {
        exchange_fail(x, 422, "idempotency-mismatch");
    } else {
        send_idem(x, &x->idem.answer);
    }
}

void answer_redirect(struct idem_answer *answer, struct text path) {
    *answer = (struct idem_answer){.status = 303, .location = path};
}

void answer_json(struct idem_answer *answer, int status, struct buf *json) {
    *answer = (struct idem_answer){
        .status = status, .content_type = TEXT("application/json"), .body = buf_text(json)};
}

void answer_empty(struct idem_answer *answer) {
    *answer = (struct idem_answer){.status = 204};
}

void answer_page(struct idem_answer *answer, int status, html_t page) {
    *answer = (struct idem_answer){
        .status = status, .content_type = TEXT("text/html; charset=utf-8"), .body = page.t};
}

void answer_problem(struct arena *arena, struct idem_answer *answer, const struct problem *problem) {
    *answer = (struct idem_answer){
        .status = problem->status, .content_type = TEXT(PROBLEM_TYPE), .body = problem_json(arena, problem)};
}
