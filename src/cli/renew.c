#include "cli/renew.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "http/listen.h"

static char *writable(struct arena *arena, const char *z) {
    size_t size = strlen(z) + 1;
    return memcpy(arena_take(arena, size), z, size);
}

static void fill(struct arena *arena, char **argv, const struct renew *renew, const char *command,
                 const char *config) {
    argv[0] = writable(arena, renew->program);
    argv[1] = writable(arena, command);
    argv[2] = writable(arena, "--config");
    argv[3] = writable(arena, config);
}

bool renew_init(struct renew *renew, struct arena *arena, const char *config) {
    char path[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path);
    if (n <= 0 || (size_t)n >= sizeof path) {
        return false;
    }
    *renew = (struct renew){.program = text_copy(arena, (struct text){path, (size_t)n}).p};
    fill(arena, renew->check, renew, "check", config);
    fill(arena, renew->serve, renew, "serve", config);
    return true;
}

/* With no signal blocked, and what it says on our standard error. */
static bool spawn(const struct renew *renew, pid_t *ret_pid) {
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none;
    sigemptyset(&none);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    bool done = posix_spawn(ret_pid, renew->program, &files, &attributes, renew->check, environ) == 0;
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return done;
}

bool renew_would_start(const struct renew *renew) {
    pid_t pid = 0;
    int status = 1;
    return spawn(renew, &pid) && waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}

void renew_now(const struct renew *renew, int listener) {
    char pid[24];
    snprintf(pid, sizeof pid, "%d", (int)getpid());
    if (listen_pass(listener) && setenv("LISTEN_FDS", "1", 1) == 0 && setenv("LISTEN_PID", pid, 1) == 0) {
        execv(renew->program, renew->serve);
    }
    perror("sango serve: the new program could not be started");
}
