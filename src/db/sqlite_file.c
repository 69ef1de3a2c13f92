#include "db/sqlite_file.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { SQLITE_OLDEST = 3037000 }; /* STRICT tables */

static struct text directory_of(struct text path, struct arena *arena) {
    size_t end = path.n;
    while (end > 0 && path.p[end - 1] != '/') {
        end--;
    }
    return end == 0 ? TEXT(".") : text_copy(arena, text_part(path, 0, end));
}

enum rc sqlite_file_lock(struct text path, struct arena *arena, int *ret_fd, struct text *ret_why) {
    struct text lock = text_join(arena, path, TEXT(".lock"));
    int fd = open(lock.p, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        *ret_why = text_printf(arena, "%s を開けません (%s)。フォルダの所有者と権限を確かめてください。",
                               lock.p, strerror(errno));
        return RC_FAULT;
    }
    struct flock all = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(fd, F_OFD_SETLK, &all) == 0) {
        *ret_fd = fd;
        return RC_OK;
    }
    bool taken = errno == EAGAIN || errno == EACCES;
    *ret_why =
        taken ? text_printf(arena,
                            "%s は別の sango が使用中です。先にそちらを止めるか、別のデータベースを指定して"
                            "ください。",
                            path.p)
              : text_printf(arena, "%s をロックできません (%s)。", lock.p, strerror(errno));
    close(fd);
    return taken ? RC_RACE : RC_FAULT;
}

static bool on_network(const char *directory) {
    static const uint32_t types[] = {NFS_SUPER_MAGIC,  SMB_SUPER_MAGIC, CIFS_SUPER_MAGIC,
                                     SMB2_SUPER_MAGIC, AFS_SUPER_MAGIC, CODA_SUPER_MAGIC};
    struct statfs fs;
    if (statfs(directory, &fs) != 0) {
        return false;
    }
    for (size_t i = 0; i < COUNT(types); i++) {
        if ((uint32_t)fs.f_type == types[i]) {
            return true;
        }
    }
    return false;
}

bool sqlite_file_fit(struct text path, struct arena *arena, struct text *ret_why) {
    if (sqlite3_libversion_number() < SQLITE_OLDEST) {
        *ret_why =
            text_printf(arena, "SQLite %s は古すぎます。3.37 以上を入れてください。", sqlite3_libversion());
        return false;
    }
    if (on_network(directory_of(path, arena).p)) {
        *ret_why =
            text_printf(arena,
                        "%s はネットワーク上にあり、排他ロックが保証されません。この機械のディスクに置くか、"
                        "PostgreSQL を使ってください。",
                        path.p);
        return false;
    }
    return true;
}

bool sqlite_file_create(struct text path, struct arena *arena, struct text *ret_why) {
    int fd = open(path.p, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    int directory = open(directory_of(path, arena).p, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool made = fd >= 0 && directory >= 0 && fsync(fd) == 0 && fsync(directory) == 0;
    if (!made) {
        *ret_why = text_printf(arena, "%s を作れません (%s)。フォルダの所有者と権限を確かめてください。",
                               path.p, strerror(errno));
    }
    if (fd >= 0) {
        close(fd);
    }
    if (directory >= 0) {
        close(directory);
    }
    return made;
}
