#include "cli/copy.h"

#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/verify_run.h"
#include "db/sqlite_copy.h"
#include "sys/file.h"

enum { ARENA_LIMIT = 256 << 20, DIGEST_CHARS = 64, DIGEST_BYTES_MAX = 8192 };

bool copy_path(struct text url, const char *pg_tool, struct text *ret_path, struct text *ret_why) {
    static const struct text sqlite = TEXT_INIT("sqlite:");
    if (text_starts(url, sqlite) && url.n > sqlite.n) {
        *ret_path = text_part(url, sqlite.n, url.n);
        return true;
    }
    bool postgres = text_starts(url, TEXT("postgresql://")) || text_starts(url, TEXT("postgres://"));
    *ret_why = !postgres ? TEXT("--db には sqlite:ファイル を書いてください。") : text_of(pg_tool);
    return false;
}

static struct text partial(struct arena *arena, struct text to) {
    return text_join(arena, to, TEXT(".partial"));
}

enum rc copy_checked(struct arena *arena, struct text from, struct text to, struct text *ret_why) {
    struct text copy = partial(arena, to);
    if (file_remove(copy) == RC_FAULT) { /* of an attempt that was interrupted */
        *ret_why = text_printf(arena, "%s を消せません。フォルダの権限を確かめてください。", copy.p);
        return RC_FAULT;
    }
    enum rc rc = sqlite_copy(from, copy, arena, ret_why);
    if (rc != RC_OK) {
        return rc;
    }
    struct verify_report *report = arena_new(arena, struct verify_report);
    struct instant moment;
    rc = verify_run(arena, text_join(arena, TEXT("sqlite:"), copy), report, &moment, ret_why);
    if (rc == RC_OK && report->breaches > 0) {
        *ret_why =
            TEXT("約束ごとの検査に通らないため、やめました。sango verify --db で内容を確かめてください。");
        rc = RC_FAULT;
    }
    if (rc != RC_OK && file_remove(copy) == RC_FAULT) {
        *ret_why = text_printf(arena, "%s を消せません。手で消してください。", copy.p);
    }
    return rc == RC_OK ? RC_OK : RC_FAULT;
}

enum rc copy_finish(struct arena *arena, struct text to, struct text *ret_why) {
    enum rc rc = file_rename(partial(arena, to), to);
    if (rc != RC_OK) {
        *ret_why =
            text_printf(arena, "%.*s を書き終えられません。空き容量と権限を確かめてください。", TEXT_F(to));
    }
    return rc;
}

/* ---- digests ---- */

static struct text base_name(struct text path) {
    size_t from = path.n;
    while (from > 0 && path.p[from - 1] != '/') {
        from--;
    }
    return text_part(path, from, path.n);
}

static struct text digest_path(struct arena *arena, struct text path) {
    return text_join(arena, path, TEXT(".sha256"));
}

enum rc digest_write(struct arena *arena, struct text path, struct text of) {
    struct text hex;
    enum rc rc = file_digest(arena, of, &hex);
    if (rc != RC_OK) {
        return RC_FAULT;
    }
    struct text line = text_printf(arena, "%.*s  %.*s\n", TEXT_F(hex), TEXT_F(base_name(path)));
    return file_write(digest_path(arena, path), line, 0600);
}

enum rc digest_check(struct arena *arena, struct text path, struct text *ret_why) {
    struct text written;
    struct text hex;
    struct text beside = digest_path(arena, path);
    if (file_digest(arena, path, &hex) != RC_OK) {
        *ret_why = text_printf(arena, "%.*s を読めません。場所と権限を確かめてください。", TEXT_F(path));
        return RC_FAULT;
    }
    if (file_read(arena, beside, DIGEST_BYTES_MAX, &written) != RC_OK || written.n < DIGEST_CHARS) {
        *ret_why = text_printf(
            arena, "%s がありません。sango backup が作ったものをバックアップの隣に置いてください。",
            beside.p);
        return RC_FAULT;
    }
    if (!text_eq(text_part(written, 0, DIGEST_CHARS), hex)) {
        *ret_why = text_printf(
            arena, "%.*s は作られたときと中身が違います（壊れています）。別のバックアップを使ってください。",
            TEXT_F(path));
        return RC_FAULT;
    }
    return RC_OK;
}

int copy_do(const char *command,
            enum rc (*fn)(struct arena *arena, struct text from, struct text to, struct text *ret_why),
            char *const *argv) {
    struct arena arena;
    struct text why = TEXT("");
    arena_init(&arena, ARENA_LIMIT);
    int status = EXIT_DONE;
    if (fn(&arena, text_of(argv[2]), text_of(argv[4]), &why) == RC_OK) {
        printf("%s\n", argv[4]);
    } else {
        fprintf(stderr, "sango %s: %.*s\n", command, TEXT_F(why));
        status = EXIT_FAILED;
    }
    arena_release(&arena);
    return status;
}
