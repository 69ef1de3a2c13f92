/* fault KIND: commits one fault on purpose, so that the sanitized builds prove that they would notice. Must fail. */
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int shared;

static void *count(void *arg) {
    (void)arg;
    for (int i = 0; i < 1000; i++) {
        shared++;
    }
    return NULL;
}

static void race(void) {
    pthread_t threads[2];
    for (int i = 0; i < 2; i++) {
        if (pthread_create(&threads[i], NULL, count, NULL) != 0) {
            exit(0);
        }
    }
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
    }
}

static void leak(void) {
    char *volatile lost = malloc(100);
    lost = malloc(200);
    free(lost);
}

static void overrun(void) {
    char *volatile place = malloc(10);
    size_t volatile n = 10;
    place[n] = 'x';
    free(place);
}

static void overflow(void) {
    int volatile most = INT_MAX;
    most = most + 1;
}

int main(int argc, char **argv) {
    const struct {
        const char *name;
        void (*commit)(void);
    } faults[] = {{"race", race}, {"leak", leak}, {"overrun", overrun}, {"overflow", overflow}};
    for (size_t i = 0; argc == 2 && i < sizeof faults / sizeof *faults; i++) {
        if (strcmp(argv[1], faults[i].name) == 0) {
            faults[i].commit();
            printf("%s went unnoticed\n", argv[1]);
            return 0;
        }
    }
    return 0; /* an unknown kind is no proof either */
}
