#include "http/door.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "http/watch.h"

enum { ACCEPTS_MAX = 64, PAUSE_MS = 100, PORCH_MS = 2000, LINE_MAX_BYTES = 1024 };

static const struct text told_health =
    TEXT_INIT("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n"
              "Cache-Control: no-store\r\nConnection: close\r\n\r\nok\n");
/* ---- the porch ---- */

static struct door_caller *porch_free(struct door *door) {
    for (size_t i = 0; i < DOOR_PORCH; i++) {
        if (door->porch[i].fd < 0) {
            return &door->porch[i];
        }
    }
    return NULL;
}

static void keep(struct door *door) {
    for (size_t i = 0; i < DOOR_PORCH; i++) {
        if (door->kept[i] < 0) {
            door->kept[i] = open("/dev/null", O_RDONLY | O_CLOEXEC);
            return;
        }
    }
}

static void caller_end(struct door *door, struct door_caller *caller) {
    close(caller->fd);
    caller->fd = -1;
    if (caller->spare) {
        keep(door);
    }
}

static void porch_take(struct door *door, int fd, bool spare) {
    struct door_caller *caller = porch_free(door);
    atomic_fetch_add(&door->turned, 1);
    *caller = (struct door_caller){.fd = fd, .spare = spare, .until_ms = watch_clock_ms() + PORCH_MS};
}

static bool asks_health(const struct door *door, const char *line, size_t n) {
    struct text rest = {line, n};
    return door->told.health.n > 0 && text_starts(rest, TEXT("GET ")) &&
           text_starts(text_part(rest, 4, n), door->told.health) && n > 4 + door->told.health.n &&
           line[4 + door->told.health.n] == ' ';
}

/* What is left unread when closing would make the kernel reset the connection, and the answer be lost: so the caller
 * is told, and then waited for. */
static void caller_hear(struct door *door, struct door_caller *caller) {
    char bytes[LINE_MAX_BYTES];
    ssize_t n = recv(caller->fd, bytes, sizeof bytes, MSG_DONTWAIT);
    if (n < 0 && errno == EAGAIN) {
        return;
    }
    if (n <= 0) {
        caller_end(door, caller);
        return;
    }
    if (!caller->told) {
        bool health = asks_health(door, bytes, (size_t)n);
        struct text told = health ? told_health : door->told.full;
        ssize_t sent = send(caller->fd, told.p, told.n, MSG_DONTWAIT | MSG_NOSIGNAL);
        caller->told = sent > 0;
        shutdown(caller->fd, SHUT_WR);
    }
}

static void porch_tidy(struct door *door, int64_t now) {
    for (size_t i = 0; i < DOOR_PORCH; i++) {
        if (door->porch[i].fd >= 0 && now > door->porch[i].until_ms) {
            caller_end(door, &door->porch[i]);
        }
    }
}

/* ---- accepting ---- */

static bool starved(int why) {
    return why == EMFILE || why == ENFILE || why == ENOBUFS || why == ENOMEM;
}

/* No descriptor is left: one that was kept for this makes room for one caller, who is told. */
static void accept_spare(struct door *door) {
    for (size_t i = 0; i < DOOR_PORCH; i++) {
        if (door->kept[i] >= 0) {
            close(door->kept[i]);
            door->kept[i] = -1;
            int fd = accept4(door->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
            if (fd >= 0) {
                porch_take(door, fd, true);
                return;
            }
            door->kept[i] = open("/dev/null", O_RDONLY | O_CLOEXEC);
            break;
        }
    }
    door->pause_until_ms = watch_clock_ms() + PAUSE_MS;
}

/* False when there is nobody more, or nobody more can be taken now. */
static bool accept_one(struct door *door) {
    struct sockaddr_storage address;
    socklen_t n = sizeof address;
    if (porch_free(door) == NULL) {
        return false;
    }
    int fd = accept4(door->listener, (struct sockaddr *)&address, &n, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0) {
        if (starved(errno)) {
            accept_spare(door);
        } else if (errno != EAGAIN && errno != ECONNABORTED && errno != EINTR) {
            door->pause_until_ms = watch_clock_ms() + PAUSE_MS;
        }
        return false;
    }
    if (door->hooks.full(door->hooks.ctx)) {
        porch_take(door, fd, false);
    } else {
        door->hooks.enter(door->hooks.ctx, fd, (struct sockaddr *)&address, n);
    }
    return true;
}

/* Returns false when told to stop. */
static bool turn(struct door *door) {
    struct pollfd fds[2 + DOOR_PORCH];
    struct door_caller *callers[2 + DOOR_PORCH] = {0};
    nfds_t count = 1;
    bool visitors = false;
    int64_t now = watch_clock_ms();
    porch_tidy(door, now);
    bool paused = now < door->pause_until_ms;
    bool open = !paused && porch_free(door) != NULL;
    fds[0] = (struct pollfd){.fd = door->wake, .events = POLLIN};
    for (size_t i = 0; i < DOOR_PORCH; i++) {
        if (door->porch[i].fd >= 0) {
            callers[count] = &door->porch[i];
            fds[count++] = (struct pollfd){.fd = door->porch[i].fd, .events = POLLIN};
            visitors = true;
        }
    }
    if (open) {
        fds[count++] = (struct pollfd){.fd = door->listener, .events = POLLIN};
    }
    int ready = poll(fds, count, paused || visitors ? PAUSE_MS : -1);
    for (nfds_t i = 1; ready > 0 && i < count; i++) {
        if (callers[i] != NULL && fds[i].revents != 0) {
            caller_hear(door, callers[i]);
        } else if (callers[i] == NULL && fds[i].revents != 0) {
            for (int n = 0; n < ACCEPTS_MAX && accept_one(door); n++) {
            }
        }
    }
    return !(ready > 0 && fds[0].revents != 0);
}

static void *door_run(void *arg) {
    while (turn(arg)) {
    }
    return NULL;
}

enum rc door_open(struct door *door, int listener, struct door_told told, struct door_hooks hooks) {
    *door = (struct door){.listener = listener, .told = told, .hooks = hooks};
    for (size_t i = 0; i < DOOR_PORCH; i++) {
        door->porch[i].fd = -1;
        door->kept[i] = open("/dev/null", O_RDONLY | O_CLOEXEC);
    }
    door->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    door->running = door->wake >= 0 && pthread_create(&door->thread, NULL, door_run, door) == 0;
    return door->running ? RC_OK : RC_FAULT;
}

void door_close(struct door *door) {
    uint64_t one = 1;
    if (!door->running) {
        return;
    }
    door->running = false;
    ssize_t written = write(door->wake, &one, sizeof one);
    (void)written; /* a counter that is full wakes as well */
    pthread_join(door->thread, NULL);
    for (size_t i = 0; i < DOOR_PORCH; i++) {
        if (door->porch[i].fd >= 0) {
            close(door->porch[i].fd);
        }
        if (door->kept[i] >= 0) {
            close(door->kept[i]);
        }
    }
    close(door->wake);
}
