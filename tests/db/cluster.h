/* A PostgreSQL cluster in a temporary folder, for tests: reached over a socket in that folder only, run as
 * `postgres` when the tests are root. */
#ifndef SANGO_TESTS_DB_CLUSTER_H
#define SANGO_TESTS_DB_CLUSTER_H

#include <stdbool.h>

struct cluster {
    char dir[64];
    char bin[128]; /* folder of pg_ctl */
    bool made;
    int lifeline; /* its other end is a guard's that removes the cluster when this program dies */
    int guard;
};

/* False when the machine has no PostgreSQL. Everything else that fails ends the test program. */
bool cluster_make(struct cluster *cluster);
void cluster_start(struct cluster *cluster);
/* "fast", "immediate" */
void cluster_stop(struct cluster *cluster, const char *mode);
/* Stops it and removes the folder. */
void cluster_remove(struct cluster *cluster);

/* Runs a program and waits; its exit status. */
int cluster_run(const char *const *argv);

#endif
