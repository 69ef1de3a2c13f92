/* Requests that an I/O thread finishes after somebody was asked: each is asked, told and answered, and what is held for an
 * answer is given back once, also when another answers or the client leaves. */
#include "http/peer.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CROWD = 150 }; /* more than have their turn at once */

static struct peer peer;
static _Atomic int held;
static sem_t asked_for; /* "/later" was asked for */
static struct http_ticket *_Atomic later;
static pthread_mutex_t crowd_lock = PTHREAD_MUTEX_INITIALIZER;
static struct http_ticket *crowd[CROWD];
static size_t crowd_size;

/* What a path wants: how often it is asked, and what comes of it then. */
struct plan {
    const char *path;
    int asks;      /* until it is known */
    bool told;     /* "known", as far as who is asked can say */
    bool finishes; /* rather than that finish does not know after all */
    const char *answer;
};

static const struct plan plans[] = {
    {"/told", 1, true, true, "finished"},  {"/twice", 2, true, true, "finished"},
    {"/unknown", 1, false, true, "made"},  {"/gone", 1, true, false, "made"},
    {"/later", 1, true, true, "finished"}, {"/crowd", 1, true, true, "finished"}};

struct question {
    const struct plan *plan;
    int asked;
};

static struct http_place place(void *ctx, enum http_method method, struct text path) {
    (void)ctx;
    (void)method;
    (void)path;
    return (struct http_place){.body_limit = 64};
}

static void give_back(void *owner) {
    assert_ptr_equal(owner, &held);
    atomic_fetch_sub(&held, 1);
}

static void hold(struct http_response *response) {
    if (response->release == NULL) {
        atomic_fetch_add(&held, 1);
        response->release = give_back;
        response->owner = &held;
    }
}

static enum http_quick quick(void *ctx, const struct http_request *request,
                             struct http_response *ret_response, void **ret_asked) {
    (void)ctx;
    for (size_t i = 0; i < COUNT(plans); i++) {
        if (text_is(request->path, plans[i].path)) {
            struct question *question = arena_new(request->arena, struct question);
            question->plan = &plans[i];
            *ret_asked = question;
            hold(ret_response);
            return HTTP_SOON;
        }
    }
    ret_response->status = 200;
    ret_response->body = TEXT("known");
    return HTTP_ANSWERED;
}

/* Whoever completes the crowd tells all of them. */
static void crowd_join(struct http_ticket *ticket) {
    pthread_mutex_lock(&crowd_lock);
    crowd[crowd_size++] = ticket;
    bool whole = crowd_size == CROWD;
    pthread_mutex_unlock(&crowd_lock);
    for (size_t i = 0; whole && i < CROWD; i++) {
        http_told(crowd[i], true);
    }
}

static void ask(void *ctx, void *asked, struct http_ticket *ticket) {
    struct question *question = asked;
    (void)ctx;
    question->asked++;
    if (strcmp(question->plan->path, "/later") == 0) {
        atomic_store(&later, ticket);
        sem_post(&asked_for);
    } else if (strcmp(question->plan->path, "/crowd") == 0) {
        crowd_join(ticket);
    } else {
        http_told(ticket, question->plan->told);
    }
}

static enum http_quick finish(void *ctx, const struct http_request *request, void *asked,
                              struct http_response *ret_response) {
    const struct question *question = asked;
    (void)ctx;
    if (question->asked < question->plan->asks) {
        return HTTP_SOON;
    }
    if (!question->plan->finishes) {
        return HTTP_UNKNOWN;
    }
    hold(ret_response);
    ret_response->status = 200;
    ret_response->body = text_copy(request->arena, TEXT("finished"));
    return HTTP_ANSWERED;
}

static void handle(void *ctx, unsigned worker, struct http_request *request, struct http_response *response) {
    (void)ctx;
    (void)worker;
    (void)request;
    assert_null(response->release);
    response->status = 200;
    response->body = TEXT("made");
}

static void start(void) {
    peer_start(&peer,
               (struct http_settings){
                   .hooks = {.place = place, .quick = quick, .ask = ask, .finish = finish, .handle = handle},
                   .io_threads = 2,
                   .workers = 2});
}

static int request_make(const char *path, char *buf, size_t size) {
    return snprintf(buf, size, "GET %s HTTP/1.1\r\nHost: a\r\n\r\n", path);
}

static void tell_later(void) {
    assert_int_equal(sem_wait(&asked_for), 0);
    http_told(atomic_load(&later), true);
}

static void test_each_way(void **state) {
    (void)state;
    start();
    int fd = peer_connect(&peer);
    for (size_t i = 0; i < 2 * COUNT(plans); i++) {
        const struct plan *plan = &plans[i % COUNT(plans)];
        if (strcmp(plan->path, "/crowd") == 0) {
            continue; /* below */
        }
        char bytes[128];
        char body[128];
        peer_send(fd, bytes, (size_t)request_make(plan->path, bytes, sizeof bytes));
        if (strcmp(plan->path, "/later") == 0) {
            tell_later();
        }
        assert_int_equal(peer_answer(fd, NULL, body, sizeof body), 200);
        assert_string_equal(body, plan->answer);
    }
    close(fd);
    peer_stop(&peer);
    assert_int_equal(atomic_load(&held), 0);
}

static void test_all_at_once(void **state) {
    (void)state;
    int fds[CROWD];
    char bytes[128];
    char body[128];
    size_t n = (size_t)request_make("/crowd", bytes, sizeof bytes);
    start();
    for (size_t i = 0; i < CROWD; i++) {
        fds[i] = peer_connect(&peer);
        peer_send(fds[i], bytes, n);
    }
    for (size_t i = 0; i < CROWD; i++) {
        assert_int_equal(peer_answer(fds[i], NULL, body, sizeof body), 200);
        assert_string_equal(body, "finished");
        close(fds[i]);
    }
    peer_stop(&peer);
    assert_int_equal(atomic_load(&held), 0);
}

static void test_client_leaves(void **state) {
    (void)state;
    char bytes[128];
    start();
    int fd = peer_connect(&peer);
    peer_send(fd, bytes, (size_t)request_make("/later", bytes, sizeof bytes));
    assert_int_equal(sem_wait(&asked_for), 0);
    assert_int_equal(atomic_load(&held), 1);
    struct linger now = {.l_onoff = 1};
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now), 0);
    close(fd);
    http_told(atomic_load(&later), true);
    peer_stop(&peer); /* waits for all that is under way */
    assert_int_equal(atomic_load(&held), 0);
}

/* A body in chunks ends the connection, whoever answers; with a trailer nobody does. */
static void test_chunks_are_the_last(void **state) {
    (void)state;
    static const struct {
        const char *path;
        const char *end;
        int status;
    } cases[] = {
        {"/known", "", 200},           {"/told", "", 200},          {"/gone", "", 200}, {"/unknown", "", 200},
        {"/known", "X-A: b\r\n", 400}, {"/told", "X-A: b\r\n", 400}};
    start();
    for (size_t i = 0; i < COUNT(cases); i++) {
        char bytes[256];
        char head[2048];
        int n = snprintf(bytes, sizeof bytes,
                         "GET %s HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n%s\r\n",
                         cases[i].path, cases[i].end);
        int fd = peer_connect(&peer);
        peer_send(fd, bytes, (size_t)n);
        assert_int_equal(peer_answer(fd, head, NULL, sizeof head), cases[i].status);
        assert_non_null(strstr(head, "Connection: close\r\n"));
        assert_true(peer_closed(fd));
        close(fd);
    }
    peer_stop(&peer);
    assert_int_equal(atomic_load(&held), 0);
}

int main(void) {
    signal(SIGPIPE, SIG_IGN);
    sem_init(&asked_for, 0, 0);
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_each_way), cmocka_unit_test(test_all_at_once),
                                       cmocka_unit_test(test_client_leaves),
                                       cmocka_unit_test(test_chunks_are_the_last)};
    return cmocka_run_group_tests_name("http/soon", tests, NULL, NULL);
}
