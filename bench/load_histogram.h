/* Times of many requests in fixed memory: buckets of 1/64 of their magnitude, from 1 µs to over an hour. */
#ifndef SANGO_BENCH_LOAD_HISTOGRAM_H
#define SANGO_BENCH_LOAD_HISTOGRAM_H

#include <stdint.h>

enum { HISTOGRAM_STEPS = 64, HISTOGRAM_SIZE = 32 * HISTOGRAM_STEPS };

struct histogram {
    uint64_t counts[HISTOGRAM_SIZE];
    uint64_t total;
    int64_t most;
};

void histogram_add(struct histogram *histogram, int64_t us);
/* Upper bound of the bucket in which `share` (0 to 1) of all times have been reached, in µs; 0 when there are none. */
int64_t histogram_at(const struct histogram *histogram, double share);

#endif
