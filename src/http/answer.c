#include "http/answer.h"

#include <assert.h>
#include <microhttpd.h>

enum { JOIN_MOST = 64 * 1024 };

struct plain {
    int status;
    struct text words;
};

static const struct plain plains[] = {
    {400, TEXT_INIT("Bad Request\n")},
    {413, TEXT_INIT("Content Too Large\n")},
    {431, TEXT_INIT("Request Header Fields Too Large\n")},
    {500, TEXT_INIT("Internal Server Error\n")},
    {501, TEXT_INIT("Not Implemented\n")},
    {503, TEXT_INIT("Service Unavailable\n")},
};

void answer_plain(struct http_job *job, int status) {
    job->response = (struct http_response){
        .status = status, .type = TEXT("text/plain; charset=utf-8"), .close = job->response.close};
    for (size_t i = 0; i < COUNT(plains); i++) {
        if (plains[i].status == status) {
            job->response.body = plains[i].words;
        }
    }
}

/* On every answer. Scripts, styles, pictures and forms only from ourselves; nobody frames us. */
static const char *const always[][2] = {
    {"Content-Security-Policy",
     "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
     "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Cross-Origin-Embedder-Policy", "require-corp"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"},
};

static bool add(struct MHD_Response *out, const char *name, struct text value) {
    return text_printable(value, false) && MHD_add_response_header(out, name, value.p) == MHD_YES;
}

static bool add_all(struct MHD_Response *out, struct http_job *job) {
    const struct http_response *response = &job->response;
    bool good = true;
    for (size_t i = 0; i < COUNT(always); i++) {
        good = good && MHD_add_response_header(out, always[i][0], always[i][1]) == MHD_YES;
    }
    if (job->request.https) {
        good = good && add(out, "Strict-Transport-Security", TEXT("max-age=63072000; includeSubDomains"));
    }
    struct text cache = response->cache_control.n > 0 ? response->cache_control : TEXT("no-store");
    good = good && add(out, "Cache-Control", text_copy(&job->arena, cache));
    if (response->type.n > 0) {
        good = good && add(out, "Content-Type", text_copy(&job->arena, response->type));
    }
    for (size_t i = 0; i < response->extra_count; i++) {
        struct text value = text_copy(&job->arena, response->extra[i].value);
        good = good && add(out, response->extra[i].name.p, value);
    }
    if (response->close) {
        good = good && MHD_add_response_header(out, "Connection", "close") == MHD_YES;
    }
    return good;
}

/* The answer's bytes have been sent, or never will be. */
static void bytes_done(void *arg) {
    struct http_job *job = arg;
    job_drop(job->pool, job);
}

/* The library sends the head of an answer in parts by itself, which costs more than to copy them. */
static void parts_join(struct http_job *job) {
    struct http_response *response = &job->response;
    if (response->part_count == 0 || http_response_bytes(response) > JOIN_MOST) {
        return;
    }
    response->body = http_response_text(&job->arena, response);
    response->part_count = 0;
    if (response->release != NULL) {
        response->release(response->owner);
        response->release = NULL;
    }
}

/* The library copies the list, not the bytes. */
static struct MHD_Response *response_of_parts(struct http_job *job) {
    const struct http_response *response = &job->response;
    struct MHD_IoVec *list = arena_array(&job->arena, struct MHD_IoVec, response->part_count);
    unsigned count = 0;
    for (size_t i = 0; i < response->part_count; i++) {
        if (response->parts[i].bytes.n > 0) {
            list[count++] = (struct MHD_IoVec){response->parts[i].bytes.p, response->parts[i].bytes.n};
        }
    }
    return MHD_create_response_from_iovec(list, count, bytes_done, job);
}

static struct MHD_Response *response_make(struct job_pool *pool, struct http_job *job) {
    /* The library's prototype lacks a const; it only reads. */
    void *bytes = (void *)(uintptr_t)(job->response.body.n > 0 ? job->response.body.p : "");
    job_hold(job);
    struct MHD_Response *out = job->response.part_count > 0
                                   ? response_of_parts(job)
                                   : MHD_create_response_from_buffer_with_free_callback_cls(
                                         job->response.body.n, bytes, bytes_done, job);
    if (out == NULL) {
        job_drop(pool, job);
    }
    return out;
}

struct MHD_Response *answer_make(struct http_job *job) {
    void *bytes = (void *)(uintptr_t)job->response.body.p; /* only read, as above */
    struct MHD_Response *out =
        MHD_create_response_from_buffer(job->response.body.n, bytes, MHD_RESPMEM_PERSISTENT);
    if (out != NULL && !add_all(out, job)) {
        MHD_destroy_response(out);
        out = NULL;
    }
    return out;
}

bool answer_send(struct job_pool *pool, struct http_job *job) {
    job->phase = JOB_SENT;
    if (job->response.status < 200 || job->response.status > 599) {
        answer_plain(job, 500);
    }
    parts_join(job);
    struct MHD_Response *out = response_make(pool, job);
    if (out != NULL && !add_all(out, job)) {
        void (*release)(void *) = job->response.release;
        void *owner = job->response.owner;
        MHD_destroy_response(out);
        answer_plain(job, 500);
        job->response.release = release;
        job->response.owner = owner;
        out = response_make(pool, job);
        if (out != NULL && !add_all(out, job)) {
            MHD_destroy_response(out);
            out = NULL;
        }
    }
    if (out == NULL) {
        return false;
    }
    bool queued = MHD_queue_response(job->connection, (unsigned)job->response.status, out) == MHD_YES;
    MHD_destroy_response(out);
    return queued;
}
