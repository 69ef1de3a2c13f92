/* Runs a fuzz target without a fuzzer: every file of its corpus, every beginning of each, and some damage to each.
 * Deterministic, so that it belongs to the normal tests. Prints TAP, one line a file. */
#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FILE_MAX = 1 << 16, CUTS_MAX = 400, DAMAGES = 400 };

/* In memory of exactly its size, so that AddressSanitizer sees one byte too far. */
static void run(const uint8_t *data, size_t size) {
    uint8_t *copy = malloc(size > 0 ? size : 1);
    if (copy == NULL) {
        abort();
    }
    memcpy(copy, data, size);
    (void)LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

static void run_variants(uint8_t *data, size_t size) {
    run(data, size);
    size_t step = size / CUTS_MAX + 1;
    for (size_t n = 0; n < size; n += step) {
        run(data, n);
    }
    uint32_t seed = 12345;
    for (int i = 0; i < DAMAGES && size > 0; i++) {
        seed = seed * 1664525U + 1013904223U;
        size_t at = (seed >> 8) % size;
        uint8_t old = data[at];
        data[at] = i % 2 == 0 ? (uint8_t)(seed >> 24) : data[(at + 7) % size];
        run(data, size);
        if (i % 5 != 0) {
            data[at] = old;
        }
    }
}

static bool run_file(const char *folder, const char *name) {
    static uint8_t data[FILE_MAX];
    char path[1024];
    if (snprintf(path, sizeof(path), "%s/%s", folder, name) >= (int)sizeof(path)) {
        return false;
    }
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return false;
    }
    size_t n = fread(data, 1, sizeof(data), file);
    (void)fclose(file);
    run_variants(data, n);
    return true;
}

int main(int argc, char **argv) {
    DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
    if (folder == NULL) {
        (void)fprintf(stderr, "usage: replay CORPUS_FOLDER\n");
        return 2;
    }
    int count = 0;
    int failed = 0;
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        if (entry->d_name[0] != '.') {
            bool ok = run_file(argv[1], entry->d_name);
            printf("%s %d - %s\n", ok ? "ok" : "not ok", ++count, entry->d_name);
            failed += !ok;
        }
    }
    (void)closedir(folder);
    printf("1..%d\n", count);
    return failed > 0 || count == 0;
}
