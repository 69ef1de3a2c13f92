#include "sys/file.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAMES_MAX = 100000 };

static void close_fd(int *fd) {
    if (*fd >= 0) {
        close(*fd);
    }
}

static void close_dir(DIR **dir) {
    if (*dir != NULL) {
        closedir(*dir);
    }
}

/* A path for the kernel; false when it cannot be one. */
static bool path_z(struct text path, char z[PATH_MAX]) {
    if (path.n == 0 || path.n >= PATH_MAX || memchr(path.p, '\0', path.n) != NULL) {
        return false;
    }
    memcpy(z, path.p, path.n);
    z[path.n] = '\0';
    return true;
}

static enum rc missing_or_fault(void) {
    return errno == ENOENT || errno == ENOTDIR ? RC_NONE : RC_FAULT;
}

enum rc file_read(struct arena *arena, struct text path, size_t max, struct text *ret_bytes) {
    char z[PATH_MAX];
    if (!path_z(path, z)) {
        return RC_FAULT;
    }
    CLEANUP(close_fd) int fd = open(z, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        return missing_or_fault();
    }
    struct stat st;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size < 0 || (uint64_t)st.st_size > max) {
        return RC_FAULT;
    }
    size_t size = (size_t)st.st_size;
    char *p = arena_take(arena, size + 1);
    size_t n = 0;
    while (n < size) {
        ssize_t got = read(fd, p + n, size - n);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return RC_FAULT;
        }
        if (got == 0) {
            break; /* it was cut while we read */
        }
        n += (size_t)got;
    }
    *ret_bytes = (struct text){p, n};
    return RC_OK;
}

static bool write_all(int fd, struct text bytes) {
    size_t n = 0;
    while (n < bytes.n) {
        ssize_t put = write(fd, bytes.p + n, bytes.n - n);
        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put <= 0) {
            return false;
        }
        n += (size_t)put;
    }
    return true;
}

/* The folder part of a path, "." when there is none. */
static void folder_of(const char *z, char folder[PATH_MAX]) {
    const char *slash = strrchr(z, '/');
    size_t n = slash == NULL ? 0 : (size_t)(slash - z);
    if (slash == NULL) {
        folder[n++] = '.';
    } else if (n == 0) {
        folder[n++] = '/';
    } else {
        memcpy(folder, z, n);
    }
    folder[n] = '\0';
}

static bool sync_folder(const char *z) {
    char folder[PATH_MAX];
    folder_of(z, folder);
    CLEANUP(close_fd) int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd >= 0 && fsync(fd) == 0;
}

/* False leaves nothing behind. */
static bool write_temporary(char *temporary, struct text bytes, mode_t mode) {
    CLEANUP(close_fd) int fd = mkostemp(temporary, O_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    bool ok = fchmod(fd, mode) == 0 && write_all(fd, bytes) && fsync(fd) == 0;
    if (!ok) {
        unlink(temporary);
    }
    return ok;
}

enum rc file_write(struct text path, struct text bytes, mode_t mode) {
    static const char suffix[] = ".XXXXXX";
    char z[PATH_MAX];
    char temporary[PATH_MAX + sizeof suffix];
    if (!path_z(path, z)) {
        return RC_FAULT;
    }
    memcpy(temporary, z, path.n);
    memcpy(temporary + path.n, suffix, sizeof suffix);
    if (!write_temporary(temporary, bytes, mode)) {
        return RC_FAULT;
    }
    if (rename(temporary, z) != 0) {
        unlink(temporary);
        return RC_FAULT;
    }
    return sync_folder(z) ? RC_OK : RC_FAULT;
}

enum rc file_rename(struct text from, struct text to) {
    char source[PATH_MAX];
    char target[PATH_MAX];
    if (!path_z(from, source) || !path_z(to, target)) {
        return RC_FAULT;
    }
    CLEANUP(close_fd) int fd = open(source, O_RDONLY | O_CLOEXEC);
    bool done = fd >= 0 && fsync(fd) == 0 && rename(source, target) == 0 && sync_folder(target);
    return done ? RC_OK : RC_FAULT;
}

static bool make_one(const char *z, mode_t mode) {
    struct stat st;
    return mkdir(z, mode) == 0 || (errno == EEXIST && stat(z, &st) == 0 && S_ISDIR(st.st_mode));
}

enum rc file_make_dir(struct text path, mode_t mode) {
    char z[PATH_MAX];
    if (!path_z(path, z)) {
        return RC_FAULT;
    }
    for (char *slash = strchr(z + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        bool made = make_one(z, mode);
        *slash = '/';
        if (!made) {
            return RC_FAULT;
        }
    }
    return make_one(z, mode) ? RC_OK : RC_FAULT;
}

static int by_bytes(const void *a, const void *b) {
    return text_cmp(*(const struct text *)a, *(const struct text *)b);
}

/* Appends, doubling the array. */
static void add_name(struct arena *arena, struct text **names, size_t *cap, size_t count, const char *name) {
    if (count == *cap) {
        size_t bigger = *cap == 0 ? 16 : *cap * 2;
        struct text *array = arena_array(arena, struct text, bigger);
        if (count > 0) {
            memcpy(array, *names, count * sizeof **names);
        }
        *names = array;
        *cap = bigger;
    }
    (*names)[count] = text_copy(arena, text_of(name));
}

enum rc file_list(struct arena *arena, struct text path, struct text **ret_names, size_t *ret_count) {
    char z[PATH_MAX];
    if (!path_z(path, z)) {
        return RC_FAULT;
    }
    CLEANUP(close_dir) DIR *dir = opendir(z);
    if (dir == NULL) {
        return missing_or_fault();
    }
    struct text *names = NULL;
    size_t cap = 0;
    size_t count = 0;
    errno = 0;
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
            continue;
        }
        if (count == NAMES_MAX) {
            return RC_FAULT;
        }
        add_name(arena, &names, &cap, count, entry->d_name);
        count++;
        errno = 0;
    }
    if (errno != 0) {
        return RC_FAULT;
    }
    if (count > 0) {
        qsort(names, count, sizeof *names, by_bytes);
    }
    *ret_names = names;
    *ret_count = count;
    return RC_OK;
}

enum rc file_remove(struct text path) {
    char z[PATH_MAX];
    if (!path_z(path, z)) {
        return RC_FAULT;
    }
    return unlink(z) == 0 ? RC_OK : missing_or_fault();
}

enum rc file_mode(struct text path, mode_t *ret_mode) {
    char z[PATH_MAX];
    struct stat st;
    if (!path_z(path, z)) {
        return RC_FAULT;
    }
    if (stat(z, &st) != 0) {
        return missing_or_fault();
    }
    *ret_mode = st.st_mode & 07777;
    return RC_OK;
}
