/* How many quotes a core gives: pure evaluation, no reading, no database. Arguments: profiles. Prints one line each:
 * `quote PROFILE per_second N allowed PERCENT`: a mixture of people, most of whom may have what they ask for. */
#include <stdio.h>
#include <time.h>

#include "core/quote.h"
#include "core/registration.h"
#include "profile/profile.h"

enum { PEOPLE = 256, ROUNDS = 2000, BYTES_MAX = 256 * 1024, ARENA_LIMIT = 64 * 1024 * 1024 };

struct asked {
    struct facts facts;
    struct request request;
};

static void asked_make(const struct profile *profile, struct asked *asked, int32_t i) {
    const struct programme *programme = profile->programmes.versions[0];
    const struct care *care = &programme->cares[i % programme->care_count];
    struct facts *facts = &asked->facts;
    facts_init(facts);
    struct day today = day_add(programme->valid_from, 100 + i % 50);
    facts->now = day_at(today, 600);
    facts->calendar = &profile->city.calendar;
    facts->household_class = programme->classes[i % programme->class_count].code;
    facts->child_count = 1 + i % 2;
    for (int32_t k = 0; k < facts->child_count; k++) {
        facts->children[k] = (struct child){.birth = day_add(today, -10 - i % 60), .due = DAY_NONE};
    }
    facts->grant.approved = true;
    facts->facility.care_count = 1;
    facts->facility.cares[0] =
        (struct facility_care){.care = care->code, .offered = true, .priced = true, .price = {30000}};
    struct day start = day_add(today, 5 + i % 20);
    asked->request =
        (struct request){care->code, start, day_add(start, care->kind == CARE_STAY ? 1 + i % 4 : 0)};
    facts->history_count = i % 3;
    for (int32_t k = 0; k < facts->history_count; k++) {
        struct day past = day_add(today, -8 + 3 * k);
        facts->history[k] = (struct past_use){care->code, past, day_add(past, care->kind == CARE_STAY),
                                              BOOKING_COMPLETED, true};
    }
    facts->grant.pool_count = programme->pool_count;
    for (int32_t k = 0; k < programme->pool_count; k++) {
        facts->grant.pools[k] = (struct pool_balance){
            .pool = programme->pools[k].code,
            .granted = pool_granted(programme, k, i % programme->class_count, facts->child_count)};
    }
    grant_count_uses(&profile->programmes, facts, &facts->grant);
}

static void measure(const char *path, const struct profile *profile) {
    static struct asked people[PEOPLE];
    static struct quote quote;
    for (int32_t i = 0; i < PEOPLE; i++) {
        asked_make(profile, &people[i], i);
    }
    struct timespec begin;
    struct timespec end;
    int64_t allowed = 0;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begin);
    for (int32_t round = 0; round < ROUNDS; round++) {
        for (int32_t i = 0; i < PEOPLE; i++) {
            quote_make(&profile->programmes, &people[i].facts, &people[i].request, &quote);
            allowed += quote.allowed;
        }
    }
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end);
    double seconds = (double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) / 1e9;
    double all = (double)(ROUNDS * PEOPLE);
    printf("quote %s per_second %.0f allowed %.0f\n", path, all / seconds, 100 * (double)allowed / all);
}

int main(int argc, char **argv) {
    static char bytes[BYTES_MAX];
    for (int i = 1; i < argc; i++) {
        struct arena arena;
        struct profile profile;
        struct profile_faults faults;
        FILE *file = fopen(argv[i], "rb");
        if (file == NULL) {
            perror(argv[i]);
            return 1;
        }
        size_t n = fread(bytes, 1, sizeof bytes, file);
        fclose(file);
        arena_init(&arena, ARENA_LIMIT);
        if (profile_load(&arena, (struct text){bytes, n}, &profile, &faults)) {
            measure(argv[i], &profile);
        } else {
            fprintf(stderr, "%s: not a profile\n", argv[i]);
        }
        arena_release(&arena);
    }
    return 0;
}
