/* tmpl IN.html OUT.c OUT.h: compiles one template; complaints are "file:line: message" on stderr. */
#include <stdio.h>
#include <string.h>

#include "files.h"
#include "tmpl.h"

enum { ARENA_MAX = 64 << 20 };

/* "…/tmpl/booking.c" -> "booking" */
static struct text output_name(const char *path) {
    const char *slash = strrchr(path, '/');
    struct text name = text_of(slash == NULL ? path : slash + 1);
    return text_part(name, 0, text_index(name, '.'));
}

int main(int argc, char **argv) {
    if (argc != 4) {
        (void)fprintf(stderr, "usage: tmpl IN.html OUT.c OUT.h\n");
        return 2;
    }
    struct arena arena;
    arena_init(&arena, ARENA_MAX);
    struct tmpl_job job = {.path = text_of(argv[1]), .name = output_name(argv[2])};
    struct tmpl_output output;
    struct tmpl_fault fault;
    int status = 1;
    if (!file_read(&arena, argv[1], &job.source)) {
        (void)fprintf(stderr, "%s: cannot be read, or is larger than 1 MiB\n", argv[1]);
    } else if (!tmpl_compile(&arena, &job, &output, &fault)) {
        (void)fprintf(stderr, "%s:%d: error: %s\n", argv[1], fault.line, fault.message);
    } else if (!file_write(argv[2], output.code) || !file_write(argv[3], output.header)) {
        (void)fprintf(stderr, "%s: cannot be written\n", argv[2]);
    } else {
        status = 0;
    }
    arena_release(&arena);
    return status;
}
