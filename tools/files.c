#include "files.h"

#include <stdio.h>

enum { FILE_MAX = 1 << 20 };

bool file_read(struct arena *arena, const char *path, struct text *ret_text) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return false;
    }
    char *p = arena_take(arena, FILE_MAX);
    size_t n = fread(p, 1, FILE_MAX, file);
    bool ok = ferror(file) == 0 && n < FILE_MAX;
    (void)fclose(file);
    if (ok) {
        *ret_text = (struct text){p, n};
    }
    return ok;
}

bool file_write(const char *path, struct text t) {
    FILE *file = fopen(path, "wb");
    if (file == NULL) {
        return false;
    }
    bool ok = fwrite(t.p, 1, t.n, file) == t.n;
    return fclose(file) == 0 && ok;
}
