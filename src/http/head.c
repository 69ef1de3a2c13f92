#include "http/head.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <string.h>
#include <strings.h>

#include "http/target.h"
#include "http/wire.h"

struct gather {
    struct http_field *fields;
    size_t count;
    size_t max;
};

static enum MHD_Result gather_one(void *cls, enum MHD_ValueKind kind, const char *key, size_t key_n,
                                  const char *value, size_t value_n) {
    struct gather *gather = cls;
    (void)kind;
    if (gather->count == gather->max) {
        return MHD_NO;
    }
    struct text v = value == NULL ? TEXT("") : (struct text){value, value_n};
    gather->fields[gather->count++] = (struct http_field){{key, key_n}, v};
    return MHD_YES;
}

static bool method_of(const char *name, enum http_method *ret_method) {
    for (int i = 0; i < HTTP_METHOD__MAX; i++) {
        if (strcmp(name, http_method_name((enum http_method)i)) == 0) {
            *ret_method = (enum http_method)i;
            return true;
        }
    }
    return false;
}

/* libmicrohttpd 0.9 forgets what it forgave; 1.0 forgives nothing at the level we ask for. */
static bool head_sound(const struct http_job *job, const char *method, const char *version,
                       const struct gather *gather) {
    if (MHD_VERSION >= 0x01000000) {
        return job->target.n > 0;
    }
    struct wire wire = {.method = method,
                        .target = job->raw_target,
                        .target_n = job->target.n,
                        .version = version,
                        .headers = gather->fields,
                        .count = gather->count};
    return wire_sound(&wire);
}

static void cookies_read(struct http_request *request) {
    struct http_field cookies[HTTP_COOKIES_MAX]; /* a waiting request holds no more than it has */
    size_t count = 0;
    for (size_t i = 0; i < request->header_count; i++) {
        const struct http_field *header = &request->headers[i];
        struct text rest = header->value;
        if (header->name.n != 6 || strncasecmp(header->name.p, "cookie", 6) != 0) {
            continue;
        }
        while (count < HTTP_COOKIES_MAX && http_cookie_next(&rest, &cookies[count])) {
            count++;
        }
    }
    struct http_field *kept = arena_array(request->arena, struct http_field, count + 1);
    for (size_t i = 0; i < count; i++) {
        kept[i] = cookies[i];
    }
    request->cookies = kept;
    request->cookie_count = count;
}

/* The last header of that name: what our own proxy wrote. */
static struct text last_header(const struct http_request *request, const char *name) {
    struct text found = TEXT("");
    for (size_t i = 0; i < request->header_count; i++) {
        const struct http_field *header = &request->headers[i];
        if (header->name.n == strlen(name) && strncasecmp(header->name.p, name, header->name.n) == 0) {
            found = header->value;
        }
    }
    return found;
}

static void client_read(struct http_job *job) {
    struct http_request *request = &job->request;
    request->peer = text_of(job->watched->peer);
    if (!job->watched->trusted) {
        return;
    }
    struct text list = last_header(request, "X-Forwarded-For");
    struct text last = list;
    struct text piece;
    while (text_next(&list, ',', &piece)) {
        last = piece;
    }
    last = text_copy(request->arena, text_trim(last));
    unsigned char address[sizeof(struct in6_addr)];
    if (last.n > 0 &&
        (inet_pton(AF_INET, last.p, address) == 1 || inet_pton(AF_INET6, last.p, address) == 1)) {
        request->peer = last;
    }
    request->https = text_is(last_header(request, "X-Forwarded-Proto"), "https");
}

static void trim_values(struct gather *gather) {
    for (size_t i = 0; i < gather->count; i++) {
        struct text *value = &gather->fields[i].value;
        while (value->n > 0 && (value->p[value->n - 1] == ' ' || value->p[value->n - 1] == '\t')) {
            value->n--;
        }
    }
}

int head_read(struct http_job *job, const char *method, const char *version) {
    struct http_request *request = &job->request;
    int count = MHD_get_connection_values(job->connection, MHD_HEADER_KIND, NULL, NULL);
    if (count > HTTP_HEADERS_MAX) {
        return 431;
    }
    struct gather gather = {.max = (size_t)count};
    gather.fields = arena_array(request->arena, struct http_field, gather.max + 1);
    MHD_get_connection_values_n(job->connection, MHD_HEADER_KIND, gather_one, &gather);
    if (!head_sound(job, method, version, &gather)) {
        return 400;
    }
    trim_values(&gather);
    struct target target;
    if (!framing_check(text_of(version), gather.fields, gather.count, &job->framing) ||
        !target_parse(request->arena, job->target, &target) ||
        (job->framing.host.n > 0 && !host_parse(request->arena, job->framing.host, &request->host)) ||
        (job->framing.host.n == 0 && text_is(text_of(version), "HTTP/1.1"))) {
        return 400;
    }
    if (!method_of(method, &request->method)) {
        return 501;
    }
    request->path = target.path;
    request->query = target.query;
    request->authority = job->framing.host;
    request->headers = gather.fields;
    request->header_count = gather.count;
    cookies_read(request);
    client_read(job);
    return 0;
}

void head_peer(struct watched *watched, const struct sockaddr *address, bool trust_unix,
               const struct in6_addr *proxies, size_t proxy_count) {
    struct in6_addr peer = {0};
    memcpy(watched->peer, "unix", 5);
    if (address != NULL && address->sa_family == AF_INET) {
        const struct in_addr *v4 = &((const struct sockaddr_in *)(const void *)address)->sin_addr;
        inet_ntop(AF_INET, v4, watched->peer, sizeof watched->peer);
        peer.s6_addr[10] = peer.s6_addr[11] = 0xff;
        memcpy(&peer.s6_addr[12], v4, sizeof *v4);
    } else if (address != NULL && address->sa_family == AF_INET6) {
        peer = ((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
        inet_ntop(AF_INET6, &peer, watched->peer, sizeof watched->peer);
    } else {
        watched->trusted = trust_unix;
        return;
    }
    for (size_t i = 0; i < proxy_count; i++) {
        watched->trusted = watched->trusted || memcmp(&peer, &proxies[i], sizeof peer) == 0;
    }
}
