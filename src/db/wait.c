#include "db/wait.h"

#include <assert.h>
#include <errno.h>
#include <time.h>

static int64_t ms_of(struct timespec t) {
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t wait_now_ms(void) {
    struct timespec t;
    int failed = clock_gettime(CLOCK_MONOTONIC, &t);
    assert(failed == 0);
    return ms_of(t);
}

int64_t wait_boot_ms(void) {
    struct timespec t;
    int failed = clock_gettime(CLOCK_BOOTTIME, &t);
    assert(failed == 0);
    return ms_of(t);
}

void wait_cond_init(pthread_cond_t *cond) {
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    int failed = pthread_cond_init(cond, &attr);
    assert(failed == 0);
    pthread_condattr_destroy(&attr);
}

bool wait_until(pthread_cond_t *cond, pthread_mutex_t *mutex, int64_t deadline_ms) {
    struct timespec t = {.tv_sec = deadline_ms / 1000, .tv_nsec = (deadline_ms % 1000) * 1000000};
    return pthread_cond_timedwait(cond, mutex, &t) != ETIMEDOUT;
}

void wait_sleep_ms(int64_t ms) {
    struct timespec left = {.tv_sec = ms / 1000, .tv_nsec = (ms % 1000) * 1000000};
    while (clock_nanosleep(CLOCK_MONOTONIC, 0, &left, &left) == EINTR) {
    }
}

void wait_posted(sem_t *sem) {
    while (sem_wait(sem) != 0) {
        assert(errno == EINTR);
    }
}
