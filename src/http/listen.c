#include "http/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/num.h"

enum { BACKLOG = 1024, FIRST_INHERITED = 3 };

static bool address_of(const char *host, uint16_t port, struct sockaddr_storage *ret_address,
                       socklen_t *ret_n) {
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    if (inet_pton(AF_INET, host, &v4.sin_addr) == 1) {
        memcpy(ret_address, &v4, sizeof v4);
        *ret_n = sizeof v4;
        return true;
    }
    if (inet_pton(AF_INET6, host, &v6.sin6_addr) == 1) {
        memcpy(ret_address, &v6, sizeof v6);
        *ret_n = sizeof v6;
        return true;
    }
    errno = EINVAL;
    return false;
}

static enum rc bind_listen(int fd, const struct sockaddr *address, socklen_t n) {
    if (bind(fd, address, n) != 0 || listen(fd, BACKLOG) != 0) {
        int why = errno;
        close(fd);
        errno = why;
        return RC_FAULT;
    }
    return RC_OK;
}

enum rc listen_tcp(const char *host, uint16_t port, int *ret_fd) {
    struct sockaddr_storage address;
    socklen_t n = 0;
    if (!address_of(host, port, &address, &n)) {
        return RC_FAULT;
    }
    int fd = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return RC_FAULT;
    }
    int one = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind_listen(fd, (struct sockaddr *)&address, n) != RC_OK) {
        return RC_FAULT;
    }
    *ret_fd = fd;
    return RC_OK;
}

/* Somebody answers at the address. */
static bool alive(const struct sockaddr_un *address) {
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool yes = fd >= 0 && connect(fd, (const struct sockaddr *)address, sizeof *address) == 0;
    if (fd >= 0) {
        close(fd);
    }
    return yes;
}

enum rc listen_unix(const char *path, int *ret_fd) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return RC_FAULT;
    }
    memcpy(address.sun_path, path, strlen(path) + 1);
    struct stat old;
    if (lstat(path, &old) == 0 && S_ISSOCK(old.st_mode)) {
        if (alive(&address)) {
            errno = EADDRINUSE;
            return RC_RACE;
        }
        unlink(path);
    }
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return RC_FAULT;
    }
    mode_t before = umask(0117);
    enum rc rc = bind_listen(fd, (struct sockaddr *)&address, sizeof address);
    umask(before);
    if (rc == RC_OK) {
        *ret_fd = fd;
    }
    return rc;
}

static bool env_is(const char *name, int64_t at_least, int64_t at_most) {
    int64_t n = 0;
    const char *value = getenv(name);
    return value != NULL && num_parse(text_of(value), &n) && n >= at_least && n <= at_most;
}

enum rc listen_inherited(int *ret_fd) {
    if (!env_is("LISTEN_PID", getpid(), getpid()) || !env_is("LISTEN_FDS", 1, 64)) {
        return RC_NONE;
    }
    int listening = 0;
    socklen_t n = sizeof listening;
    if (getsockopt(FIRST_INHERITED, SOL_SOCKET, SO_ACCEPTCONN, &listening, &n) != 0 || listening == 0) {
        return RC_FAULT;
    }
    fcntl(FIRST_INHERITED, F_SETFD, FD_CLOEXEC); /* not for what we start */
    *ret_fd = FIRST_INHERITED;
    return RC_OK;
}

bool listen_pass(int fd) {
    bool there = fd == FIRST_INHERITED || dup2(fd, FIRST_INHERITED) == FIRST_INHERITED;
    return there && fcntl(FIRST_INHERITED, F_SETFD, 0) == 0;
}

uint16_t listen_port(int fd) {
    struct sockaddr_storage address = {0};
    socklen_t n = sizeof address;
    if (getsockname(fd, (struct sockaddr *)&address, &n) != 0) {
        return 0;
    }
    if (address.ss_family == AF_INET) {
        return ntohs(((struct sockaddr_in *)&address)->sin_port);
    }
    return address.ss_family == AF_INET6 ? ntohs(((struct sockaddr_in6 *)&address)->sin6_port) : 0;
}

bool listen_is_unix(int fd) {
    struct sockaddr_storage address = {0};
    socklen_t n = sizeof address;
    return getsockname(fd, (struct sockaddr *)&address, &n) == 0 && address.ss_family == AF_UNIX;
}
