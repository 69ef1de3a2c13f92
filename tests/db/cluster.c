#include "cluster.h"

#include <assert.h>
#include <fcntl.h>
#include <glob.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORDS_MAX = 24 };

int cluster_run(const char *const *argv) {
    char *words[WORDS_MAX] = {NULL};
    for (size_t i = 0; argv[i] != NULL; i++) {
        assert(i + 1 < WORDS_MAX);
        words[i] = strdup(argv[i]);
    }
    pid_t child = fork();
    assert(child >= 0);
    if (child == 0) {
        int null = open("/dev/null", O_RDWR);
        dup2(null, 0);
        dup2(null, 1);
        execvp(words[0], words);
        _exit(127);
    }
    int status = 0;
    while (waitpid(child, &status, 0) != child) {
    }
    for (size_t i = 0; words[i] != NULL; i++) {
        free(words[i]);
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

/* As the server's user: root may not run PostgreSQL. */
static int run_as_owner(const char *const *argv) {
    const char *words[WORDS_MAX] = {"runuser", "-u", "postgres", "--"};
    size_t n = geteuid() == 0 ? 4 : 0;
    for (size_t i = 0; argv[i] != NULL; i++) {
        assert(n + 1 < WORDS_MAX);
        words[n++] = argv[i];
    }
    words[n] = NULL;
    return cluster_run(words);
}

static bool find_bin(struct cluster *cluster) {
    glob_t found;
    bool any = glob("/usr/lib/postgresql/*/bin/pg_ctl", 0, NULL, &found) == 0;
    if (any) {
        const char *last = found.gl_pathv[found.gl_pathc - 1];
        snprintf(cluster->bin, sizeof cluster->bin, "%.*s", (int)(strlen(last) - strlen("/pg_ctl")), last);
    }
    globfree(&found);
    return any;
}

static void guard(struct cluster *cluster);

bool cluster_make(struct cluster *cluster) {
    *cluster = (struct cluster){.dir = "/tmp/sango-pg-XXXXXX"};
    if (!find_bin(cluster)) {
        return false;
    }
    char *made = mkdtemp(cluster->dir);
    assert(made != NULL);
    if (geteuid() == 0) {
        const struct passwd *owner = getpwnam("postgres");
        assert(owner != NULL);
        int failed = chown(cluster->dir, owner->pw_uid, owner->pw_gid);
        assert(failed == 0);
    }
    char initdb[160];
    char data[96];
    snprintf(initdb, sizeof initdb, "%s/initdb", cluster->bin);
    snprintf(data, sizeof data, "%s/data", cluster->dir);
    const char *argv[] = {initdb, "--no-sync", "-A",      "trust", "-U", "postgres", "-E",
                          "UTF8", "--locale",  "C.UTF-8", "-D",    data, NULL};
    int status = run_as_owner(argv);
    assert(status == 0);
    cluster->made = true;
    guard(cluster);
    cluster_start(cluster);
    return true;
}

void cluster_start(struct cluster *cluster) {
    char ctl[160];
    char data[96];
    char log[96];
    char options[160];
    snprintf(ctl, sizeof ctl, "%s/pg_ctl", cluster->bin);
    snprintf(data, sizeof data, "%s/data", cluster->dir);
    snprintf(log, sizeof log, "%s/log", cluster->dir);
    snprintf(options, sizeof options, "-k %s -h '' -c max_connections=200", cluster->dir);
    const char *argv[] = {ctl, "-D", data, "-l", log, "-o", options, "-w", "-s", "start", NULL};
    int status = run_as_owner(argv);
    assert(status == 0);
}

void cluster_stop(struct cluster *cluster, const char *mode) {
    char ctl[160];
    char data[96];
    snprintf(ctl, sizeof ctl, "%s/pg_ctl", cluster->bin);
    snprintf(data, sizeof data, "%s/data", cluster->dir);
    const char *argv[] = {ctl, "-D", data, "-m", mode, "-w", "-s", "stop", NULL};
    int status = run_as_owner(argv);
    assert(status == 0);
}

static void take_away(struct cluster *cluster) {
    char pid[96];
    snprintf(pid, sizeof pid, "%s/data/postmaster.pid", cluster->dir);
    if (access(pid, F_OK) == 0) {
        cluster_stop(cluster, "immediate");
    }
    const char *argv[] = {"rm", "-rf", cluster->dir, NULL};
    cluster_run(argv);
}

/* However this program ends, its server ends with it. */
static void guard(struct cluster *cluster) {
    int ends[2];
    int failed = pipe2(ends, O_CLOEXEC);
    assert(failed == 0);
    fflush(NULL);
    cluster->guard = fork();
    assert(cluster->guard >= 0);
    if (cluster->guard == 0) {
        char byte;
        setsid();
        dup2(ends[0], 3);
        closefrom(4); /* the lifelines of other clusters among them */
        int null = open("/dev/null", O_RDWR);
        for (int fd = 0; fd < 3; fd++) { /* or whoever reads our output would wait for the guard */
            dup2(null, fd);
        }
        while (read(3, &byte, 1) > 0) {
        }
        take_away(cluster);
        _exit(0);
    }
    close(ends[0]);
    cluster->lifeline = ends[1];
}

void cluster_remove(struct cluster *cluster) {
    if (!cluster->made) {
        return;
    }
    close(cluster->lifeline);
    waitpid(cluster->guard, NULL, 0);
    cluster->made = false;
}
