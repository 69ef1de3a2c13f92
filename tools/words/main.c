/* words IN.words OUT.c OUT.h: compiles the catalogue; complaints are "file:line: message" on stderr. */
#include <stdio.h>

#include "catalogue.h"
#include "files.h"

int main(int argc, char **argv) {
    if (argc != 4) {
        (void)fprintf(stderr, "usage: words IN.words OUT.c OUT.h\n");
        return 2;
    }
    struct arena arena;
    arena_init(&arena, (size_t)64 << 20);
    struct text source;
    struct catalogue_output output;
    struct catalogue_fault fault;
    int status = 1;
    if (!file_read(&arena, argv[1], &source)) {
        (void)fprintf(stderr, "%s: cannot be read, or is larger than 1 MiB\n", argv[1]);
    } else if (!catalogue_compile(&arena, source, &output, &fault)) {
        (void)fprintf(stderr, "%s:%d: error: %s\n", argv[1], fault.line, fault.message);
    } else if (!file_write(argv[2], output.code) || !file_write(argv[3], output.header)) {
        (void)fprintf(stderr, "%s: cannot be written\n", argv[2]);
    } else {
        status = 0;
    }
    arena_release(&arena);
    return status;
}
