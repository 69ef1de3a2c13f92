#include "db/sqlite_copy.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "db/sqlite_conn.h"
#include "db/sqlite_file.h"

/* The first line that the check says; empty when it could not be run. */
static struct text check_says(sqlite3 *handle, const char *sql, struct arena *arena) {
    sqlite3_stmt *stmt = NULL;
    struct text says = TEXT("");
    if (sqlite3_prepare_v2(handle, sql, -1, &stmt, NULL) == SQLITE_OK) {
        int step = sqlite3_step(stmt);
        if (step == SQLITE_ROW) {
            says = text_copy(arena, text_of((const char *)sqlite3_column_text(stmt, 0)));
        } else if (step == SQLITE_DONE) {
            says = TEXT("ok"); /* foreign_key_check names breaches only */
        }
    }
    sqlite3_finalize(stmt);
    return says;
}

static bool is_whole(sqlite3 *handle, struct arena *arena, struct text *ret_why) {
    bool whole = text_is(check_says(handle, "PRAGMA integrity_check(1)", arena), "ok") &&
                 text_is(check_says(handle, "PRAGMA foreign_key_check", arena), "ok");
    if (!whole) {
        *ret_why = TEXT("データベースが壊れています。別のバックアップから戻してください。");
    }
    return whole;
}

/* One step takes all pages in one reading transaction: writers go on beside it and the copy is of one moment. */
static bool copy_pages(sqlite3 *from, sqlite3 *to) {
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    if (backup == NULL) {
        return false;
    }
    int step = sqlite3_backup_step(backup, -1);
    return sqlite3_backup_finish(backup) == SQLITE_OK && step == SQLITE_DONE;
}

static bool copy_into(sqlite3 *from, const char *to, struct arena *arena, struct text *ret_why) {
    sqlite3 *handle = NULL;
    bool copied =
        sqlite3_open_v2(to, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK &&
        copy_pages(from, handle) &&
        sqlite3_exec(handle, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL) == SQLITE_OK;
    if (!copied) {
        *ret_why =
            text_printf(arena,
                        "データベースを %s に写せません (%s)。空き容量と、ファイルが壊れていないかを確かめて"
                        "ください。",
                        to, sqlite3_errmsg(handle));
    }
    bool whole = copied && is_whole(handle, arena, ret_why);
    return sqlite3_close(handle) == SQLITE_OK && whole;
}

enum rc sqlite_copy(struct text from, struct text to, struct arena *arena, struct text *ret_why) {
    struct text source = text_copy(arena, from);
    struct text target = text_copy(arena, to);
    if (access(source.p, F_OK) != 0) {
        *ret_why = text_printf(arena, "%s がありません。", source.p);
        return RC_NONE;
    }
    int fd = open(target.p, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        *ret_why = text_printf(
            arena, "%s を作れません。同じ名前のファイルがないか、権限があるかを確かめてください。", target.p);
        return RC_FAULT;
    }
    sqlite3 *handle = NULL;
    bool good = sqlite_handle_open(source.p, false, &handle);
    if (!good) {
        *ret_why = text_printf(arena, "%s を SQLite のデータベースとして開けません。", source.p);
    }
    good = good && copy_into(handle, target.p, arena, ret_why);
    sqlite3_close(handle);
    good = fsync(fd) == 0 && good;
    close(fd);
    if (!good) {
        unlink(target.p);
    }
    return good ? RC_OK : RC_FAULT;
}
