/* Deadlines on the monotonic clock, for waits that must end; and the wait for whoever surely posts. */
#ifndef SANGO_DB_WAIT_H
#define SANGO_DB_WAIT_H

#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdint.h>

int64_t wait_now_ms(void);
/* The same while the machine sleeps. */
int64_t wait_boot_ms(void);
/* A condition whose deadlines are of this clock. */
void wait_cond_init(pthread_cond_t *cond);
/* False when the deadline passed. */
bool wait_until(pthread_cond_t *cond, pthread_mutex_t *mutex, int64_t deadline_ms);
void wait_sleep_ms(int64_t ms);
void wait_posted(sem_t *sem);

#endif
