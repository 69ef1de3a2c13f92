/* `sango restore --from FILE --db sqlite:PATH`: puts a backup where no database is. A file that differs from its digest,
 * or in which anything is wrong, is refused; nothing that is there is ever replaced. */
#include "cli/commands.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/copy.h"
#include "db/sqlite_file.h"

static const char pg_tool[] = "PostgreSQL に戻すには pg_restore を使ってください。";

/* A write-ahead log left by another database would be read into the restored one. */
static bool is_free(struct arena *arena, struct text path, struct text *ret_why) {
    static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < COUNT(ends); i++) {
        struct text file = text_printf(arena, "%.*s%s", TEXT_F(path), ends[i]);
        if (access(file.p, F_OK) == 0) {
            *ret_why = text_printf(
                arena,
                "%s があります。サーバーを止め、そのデータベース（-wal、-shm も）を別の場所に移してから、"
                "もう一度実行してください。",
                file.p);
            return false;
        }
    }
    return true;
}

static enum rc restore_locked(struct arena *arena, struct text from, struct text path, struct text *ret_why) {
    if (!is_free(arena, path, ret_why) || digest_check(arena, from, ret_why) != RC_OK ||
        copy_checked(arena, from, path, ret_why) != RC_OK) {
        return RC_FAULT;
    }
    return copy_finish(arena, path, ret_why);
}

static enum rc restore(struct arena *arena, struct text from, struct text url, struct text *ret_why) {
    struct text path;
    int lock;
    if (!copy_path(url, pg_tool, &path, ret_why)) {
        return RC_FAULT;
    }
    path = text_copy(arena, path);
    if (!sqlite_file_fit(path, arena, ret_why)) {
        return RC_FAULT;
    }
    enum rc rc = sqlite_file_lock(path, arena, &lock, ret_why);
    if (rc != RC_OK) {
        return rc;
    }
    rc = restore_locked(arena, from, path, ret_why);
    close(lock);
    return rc;
}

int cmd_restore(int argc, char **argv) {
    if (argc != 5 || strcmp(argv[1], "--from") != 0 || strcmp(argv[3], "--db") != 0) {
        fputs("sango restore: name the backup and the database: sango restore --from FILE --db sqlite:PATH\n",
              stderr);
        return EXIT_USAGE;
    }
    return copy_do("restore", restore, argv);
}
