/* `sango backup --db sqlite:PATH --to FILE`: a checked copy of a SQLite database, also while it is being served. The
 * file has its name only when the copy is whole, keeps every promise and is on the disk; its digest lies beside it. */
#include "cli/commands.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/copy.h"
#include "sys/file.h"

static const char pg_tool[] = "PostgreSQL のバックアップには pg_dump --format=custom を使ってください。";

static enum rc backup(struct arena *arena, struct text url, struct text to, struct text *ret_why) {
    struct text from;
    if (!copy_path(url, pg_tool, &from, ret_why)) {
        return RC_FAULT;
    }
    if (access(to.p, F_OK) == 0) {
        *ret_why = text_printf(arena, "%s はすでにあります。新しい名前を指定してください。", to.p);
        return RC_FAULT;
    }
    enum rc rc = copy_checked(arena, from, to, ret_why);
    if (rc != RC_OK) {
        return rc;
    }
    /* The digest first: a backup that has its name has its digest. */
    if (digest_write(arena, to, text_join(arena, to, TEXT(".partial"))) != RC_OK) {
        *ret_why = text_printf(arena, "%s.sha256 を書けません。空き容量と権限を確かめてください。", to.p);
        return RC_FAULT;
    }
    return copy_finish(arena, to, ret_why);
}

int cmd_backup(int argc, char **argv) {
    if (argc != 5 || strcmp(argv[1], "--db") != 0 || strcmp(argv[3], "--to") != 0 || argv[4][0] == '\0') {
        fputs("sango backup: name the database and a new file: sango backup --db sqlite:PATH --to FILE\n",
              stderr);
        return EXIT_USAGE;
    }
    return copy_do("backup", backup, argv);
}
