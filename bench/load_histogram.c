#include "load_histogram.h"

/* Below HISTOGRAM_STEPS one bucket a µs; above, HISTOGRAM_STEPS / 2 buckets for each doubling. */
enum { HALF = HISTOGRAM_STEPS / 2 };

static int bucket_of(int64_t us) {
    int shift = 0;
    while ((us >> shift) >= HISTOGRAM_STEPS) {
        shift++;
    }
    int bucket = shift * HALF + (int)(us >> shift);
    return bucket < HISTOGRAM_SIZE ? bucket : HISTOGRAM_SIZE - 1;
}

static int64_t bound_of(int bucket) {
    if (bucket < HISTOGRAM_STEPS) {
        return bucket;
    }
    int shift = bucket / HALF - 1;
    return ((int64_t)(bucket - shift * HALF + 1) << shift) - 1;
}

void histogram_add(struct histogram *histogram, int64_t us) {
    us = us < 0 ? 0 : us;
    histogram->counts[bucket_of(us)]++;
    histogram->total++;
    histogram->most = us > histogram->most ? us : histogram->most;
}

int64_t histogram_at(const struct histogram *histogram, double share) {
    uint64_t wanted = (uint64_t)(share * (double)histogram->total + 0.5);
    uint64_t seen = 0;
    for (int i = 0; i < HISTOGRAM_SIZE; i++) {
        seen += histogram->counts[i];
        if (seen > 0 && seen >= wanted) {
            int64_t bound = bound_of(i);
            return bound < histogram->most ? bound : histogram->most;
        }
    }
    return histogram->most;
}
