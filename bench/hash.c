/* usage: bench_hash THREADS SECONDS
 * The limit of sign-ins: password checks a second of today's cost, as many at once as there are threads. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/arena.h"
#include "sys/password.h"

enum { THREADS_MAX = 64, MEMORY = 1 << 20 };

struct run {
    struct password_gate gate;
    struct text hash;
    _Atomic long done;
    _Atomic bool stop;
};

static void *verify(void *arg) {
    struct run *run = arg;
    while (!atomic_load(&run->stop)) {
        if (password_verify(&run->gate, run->hash, TEXT("coral-reef-bench")) != RC_OK) {
            fputs("bench_hash: the password did not match\n", stderr);
            exit(1);
        }
        atomic_fetch_add(&run->done, 1);
    }
    return NULL;
}

static double seconds_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
    static struct run run;
    pthread_t threads[THREADS_MAX];
    long count = argc == 3 ? strtol(argv[1], NULL, 10) : 0;
    double seconds = argc == 3 ? strtod(argv[2], NULL) : 0;
    if (count < 1 || count > THREADS_MAX || seconds <= 0) {
        fputs("usage: bench_hash THREADS SECONDS\n", stderr);
        return 2;
    }
    struct arena arena;
    arena_init(&arena, MEMORY);
    password_gate_init(&run.gate, (int)count, 0);
    if (password_hash(&run.gate, &arena, TEXT("coral-reef-bench"), &run.hash) != RC_OK) {
        return 1;
    }
    double began = seconds_now();
    for (long i = 0; i < count; i++) {
        if (pthread_create(&threads[i], NULL, verify, &run) != 0) {
            return 1;
        }
    }
    struct timespec time = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
    nanosleep(&time, NULL);
    atomic_store(&run.stop, true);
    for (long i = 0; i < count; i++) {
        pthread_join(threads[i], NULL);
    }
    printf("%.1f\n", (double)atomic_load(&run.done) / (seconds_now() - began));
    arena_release(&arena);
    password_gate_release(&run.gate);
    return 0;
}
