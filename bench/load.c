/* usage: bench_load PORT CONNECTIONS SECONDS RATE once|again FILE
 * Sends the requests of FILE (each: its length in bytes, a line feed, its bytes) to 127.0.0.1:PORT over keep-alive
 * connections and prints one line of JSON: counts by status, requests a second, percentiles.
 * What was served (2xx, 3xx) and what was turned away (503) also have percentiles of their own, and of the latter also the
 * time since it was really sent.
 * RATE 0 is a closed loop: each connection sends when it has its answer. Otherwise RATE requests fall due each second
 * whatever the server does, and a request's time begins when it was due, so that a slow server cannot hide behind
 * fewer questions. `once` ends with the file, `again` begins it anew. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "load_histogram.h"

enum { HEAD_MAX = 16 * 1024, READ_MAX = 64 * 1024, EVENTS = 256, DRAIN_US = 5000000, STATUSES = 600 };

struct request {
    const char *bytes;
    size_t n;
};

struct link {
    int fd; /* -1: not connected */
    bool busy;
    size_t sent;
    int64_t due_us;  /* when the request under way should have been sent */
    int64_t sent_us; /* when it was */
    const struct request *request;
    size_t head_n; /* bytes of the head so far */
    bool in_body;
    bool closing; /* the answer said so */
    int64_t left; /* bytes of the body still to come */
    int status;
    char head[HEAD_MAX];
};

static struct {
    struct request *requests;
    size_t count;
    size_t next;
    bool again;
    struct sockaddr_in address;
    int epoll;
    struct link *links;
    size_t link_count;
    struct link **idle;
    size_t idle_count;
    int64_t rate;
    int64_t began_us;
    int64_t end_us;
    int64_t issued;
    size_t busy;
    int64_t errors;
    int64_t bytes;
    int64_t in_time; /* served before the end */
    int64_t last_us;
    int64_t statuses[STATUSES];
    struct histogram times;
    struct histogram served;
    struct histogram shed;
    struct histogram shed_sent;
} run;

static int64_t now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

_Noreturn static void quit(const char *what) {
    fprintf(stderr, "bench_load: %s\n", what);
    exit(2);
}

/* ---- the file ---- */

static void requests_read(const char *path) {
    FILE *file = fopen(path, "r");
    size_t room = 0;
    unsigned long n;
    if (file == NULL) {
        quit("the file of requests cannot be read");
    }
    while (fscanf(file, "%lu", &n) == 1 && fgetc(file) == '\n') {
        char *bytes = malloc(n + 1);
        if (bytes == NULL || fread(bytes, 1, n, file) != n) {
            quit("the file of requests ends too early");
        }
        if (run.count == room) {
            room = room * 2 + 1024;
            run.requests = realloc(run.requests, room * sizeof *run.requests);
        }
        if (run.requests == NULL) {
            quit("out of memory");
        }
        run.requests[run.count++] = (struct request){bytes, n};
    }
    fclose(file);
    if (run.count == 0) {
        quit("no requests");
    }
}

/* ---- connections ---- */

static void link_watch(struct link *link, uint32_t events, int how) {
    struct epoll_event event = {.events = events, .data.ptr = link};
    if (epoll_ctl(run.epoll, how, link->fd, &event) != 0) {
        quit("epoll");
    }
}

static void link_open(struct link *link) {
    int one = 1;
    link->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (link->fd < 0 || connect(link->fd, (struct sockaddr *)&run.address, sizeof run.address) != 0) {
        quit("no connection");
    }
    setsockopt(link->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    fcntl(link->fd, F_SETFL, O_NONBLOCK);
    link_watch(link, EPOLLIN, EPOLL_CTL_ADD);
}

static void link_idle(struct link *link) {
    link->busy = false;
    run.busy--;
    run.idle[run.idle_count++] = link;
}

static void link_close(struct link *link) {
    close(link->fd);
    link->fd = -1;
}

/* ---- asking ---- */

static void link_send(struct link *link) {
    const struct request *request = link->request;
    while (link->sent < request->n) {
        ssize_t n = send(link->fd, request->bytes + link->sent, request->n - link->sent, MSG_NOSIGNAL);
        if (n < 0) {
            if (errno == EAGAIN) {
                link_watch(link, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
            }
            return; /* a broken connection is noticed by reading */
        }
        link->sent += (size_t)n;
    }
}

static bool more(void) {
    return run.again || run.next < run.count;
}

static void issue(int64_t due_us) {
    struct link *link = run.idle[--run.idle_count];
    if (link->fd < 0) {
        link_open(link);
    }
    link->busy = true;
    link->sent = 0;
    link->due_us = due_us;
    link->sent_us = now_us();
    link->head_n = 0;
    link->in_body = false;
    link->closing = false;
    link->request = &run.requests[run.next++ % run.count];
    run.busy++;
    run.issued++;
    link_send(link);
}

/* Sends what is due; returns how long to wait for the next, in ms. */
static int issue_due(int64_t now) {
    if (now >= run.end_us || !more()) {
        return 10;
    }
    while (run.idle_count > 0 && more()) {
        int64_t due = run.rate == 0 ? now : run.began_us + run.issued * 1000000 / run.rate;
        if (due > now) {
            return (int)((due - now) / 1000) < 1 ? 0 : (int)((due - now) / 1000);
        }
        issue(due);
    }
    return 10;
}

/* ---- answers ---- */

static void answered(struct link *link) {
    int64_t now = now_us();
    histogram_add(&run.times, now - link->due_us);
    if (link->status >= 200 && link->status < 400) {
        histogram_add(&run.served, now - link->due_us);
        run.in_time += now <= run.end_us;
    } else if (link->status == 503) {
        histogram_add(&run.shed, now - link->due_us);
        histogram_add(&run.shed_sent, now - link->sent_us);
    }
    run.statuses[link->status]++;
    run.last_us = now;
    if (link->closing) {
        link_close(link);
    }
    link_idle(link);
}

static void failed(struct link *link) {
    link_close(link);
    if (link->busy) {
        run.errors++;
        link_idle(link);
    }
}

/* False: no whole head yet. */
static bool head_read(struct link *link, size_t *ret_head_n) {
    link->head[link->head_n] = '\0';
    const char *end = strstr(link->head, "\r\n\r\n");
    if (end == NULL) {
        return false;
    }
    *ret_head_n = (size_t)(end - link->head) + 4;
    const char *length = strcasestr(link->head, "\r\ncontent-length:");
    const char *closing = strcasestr(link->head, "\r\nconnection: close");
    int status = (int)strtol(link->head + 9, NULL, 10);
    link->status = status < 0 || status >= STATUSES ? 0 : status;
    link->left = length != NULL && length < end ? strtoll(length + 17, NULL, 10) : 0;
    link->closing = closing != NULL && closing < end;
    return true;
}

static void take(struct link *link, const char *bytes, size_t n) {
    run.bytes += (int64_t)n;
    if (!link->in_body) {
        size_t room = HEAD_MAX - 1 - link->head_n;
        size_t before = link->head_n;
        size_t part = n < room ? n : room;
        size_t head_n = 0;
        memcpy(link->head + link->head_n, bytes, part);
        link->head_n += part;
        if (!head_read(link, &head_n)) {
            return;
        }
        link->in_body = true;
        n -= head_n - before;
    }
    link->left -= (int64_t)n;
    if (link->left <= 0) {
        answered(link);
    }
}

static void link_read(struct link *link) {
    static char bytes[READ_MAX];
    for (;;) {
        ssize_t n = recv(link->fd, bytes, sizeof bytes, 0);
        if (n < 0 && errno == EAGAIN) {
            return;
        }
        if (n <= 0) {
            failed(link);
            return;
        }
        if (link->busy) {
            take(link, bytes, (size_t)n);
        }
        if (link->fd < 0 || (size_t)n < sizeof bytes) {
            return;
        }
    }
}

static void turn(void) {
    struct epoll_event events[EVENTS];
    int wait = issue_due(now_us());
    int n = epoll_wait(run.epoll, events, EVENTS, wait);
    for (int i = 0; i < n; i++) {
        struct link *link = events[i].data.ptr;
        if (link->fd >= 0 && (events[i].events & EPOLLOUT) != 0) {
            link_watch(link, EPOLLIN, EPOLL_CTL_MOD);
            link_send(link);
        }
        if (link->fd >= 0 && (events[i].events & ~(uint32_t)EPOLLOUT) != 0) {
            link_read(link);
        }
    }
}

/* ---- the program ---- */

static void print(void) {
    double seconds = (double)(run.last_us - run.began_us) / 1e6;
    static const double shares[] = {0.5, 0.99, 0.999};
    static const char *const names[] = {"p50_ms", "p99_ms", "p999_ms"};
    printf("{\"answered\":%llu,\"seconds\":%.3f,\"rps\":%.1f", (unsigned long long)run.times.total, seconds,
           seconds > 0 ? (double)run.times.total / seconds : 0);
    for (size_t i = 0; i < 3; i++) {
        printf(",\"%s\":%.3f", names[i], (double)histogram_at(&run.times, shares[i]) / 1e3);
    }
    printf(",\"served_p99_ms\":%.3f,\"shed_p99_ms\":%.3f,\"shed_sent_p50_ms\":%.3f,\"shed_sent_p99_ms\":%.3f",
           (double)histogram_at(&run.served, 0.99) / 1e3, (double)histogram_at(&run.shed, 0.99) / 1e3,
           (double)histogram_at(&run.shed_sent, 0.5) / 1e3, (double)histogram_at(&run.shed_sent, 0.99) / 1e3);
    printf(",\"in_time\":%lld,\"window_s\":%.3f", (long long)run.in_time,
           (double)(run.end_us - run.began_us) / 1e6);
    printf(",\"max_ms\":%.3f,\"errors\":%lld,\"unanswered\":%zu,\"bytes\":%lld,\"statuses\":{",
           (double)run.times.most / 1e3, (long long)run.errors, run.busy, (long long)run.bytes);
    const char *comma = "";
    for (int i = 0; i < STATUSES; i++) {
        if (run.statuses[i] > 0) {
            printf("%s\"%d\":%lld", comma, i, (long long)run.statuses[i]);
            comma = ",";
        }
    }
    puts("}}");
}

static void prepare(int port) {
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    run.address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    run.address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    run.epoll = epoll_create1(EPOLL_CLOEXEC);
    run.links = calloc(run.link_count, sizeof *run.links);
    run.idle = calloc(run.link_count, sizeof(struct link *));
    if (run.links == NULL || run.idle == NULL || run.epoll < 0) {
        quit("out of memory");
    }
    for (size_t i = 0; i < run.link_count; i++) {
        link_open(&run.links[i]);
        run.idle[run.idle_count++] = &run.links[i];
    }
}

int main(int argc, char **argv) {
    if (argc != 7) {
        quit("usage: bench_load PORT CONNECTIONS SECONDS RATE once|again FILE");
    }
    run.link_count = (size_t)strtoul(argv[2], NULL, 10);
    double seconds = strtod(argv[3], NULL);
    run.rate = strtoll(argv[4], NULL, 10);
    run.again = strcmp(argv[5], "again") == 0;
    requests_read(argv[6]);
    if (run.link_count == 0 || seconds <= 0 || run.rate < 0) {
        quit("CONNECTIONS and SECONDS must be positive");
    }
    prepare((int)strtol(argv[1], NULL, 10));
    run.began_us = run.last_us = now_us();
    run.end_us = run.began_us + (int64_t)(seconds * 1e6);
    while (run.busy > 0 || (now_us() < run.end_us && more())) {
        turn();
        if (now_us() > run.end_us + DRAIN_US) {
            break;
        }
    }
    print();
    return 0;
}
