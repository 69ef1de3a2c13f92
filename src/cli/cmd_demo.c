/* `sango demo --dir D --port P`: a complete city to try everything in, made in an empty folder and served on this
 * machine. A folder that holds a demo is served again; --now moves its clock, else the clock runs on. */
#include "cli/commands.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "cli/demo_folder.h"
#include "cli/demo_print.h"
#include "cli/process.h"
#include "cli/statements.h"
#include "db/db.h"
#include "service/session.h"
#include "sys/file.h"

enum { ARENA_LIMIT = 512 << 20, WORKERS = 16, PORT_MAX = 65535, MS = 1000 };

/* The demo's story needs the rules of April 2025 and lies within the calendar of holidays. */
#define NOW_FIRST ((struct ymd){2025, 7, 1})
#define NOW_LAST ((struct ymd){2098, 12, 31})

struct demo_run {
    struct arena *arena;
    struct text dir;
    struct text db;       /* empty: not given */
    struct text mail_dir; /* empty: not given */
    int64_t port;
    struct instant now; /* INSTANT_NONE: not given */
    struct demo_folder folder;
    struct config config;
    struct process *process;
    struct demo demo;
    bool made; /* now, not found */
    struct text why;
};

static int64_t machine_ms(void) {
    struct env_real real = {0};
    struct env env = env_real(&real);
    return env.now_ms(env.ctx);
}

/* ---- arguments ---- */

static bool now_take(struct demo_run *run, struct text value) {
    return instant_parse(value, &run->now) && !day_before(instant_day(run->now), day_of(NOW_FIRST)) &&
           !day_before(day_of(NOW_LAST), instant_day(run->now));
}

static const char *argument_take(struct demo_run *run, struct text name, struct text value) {
    if (text_is(name, "--dir")) {
        run->dir = value;
        return value.n > 0 ? NULL : "--dir にはフォルダの名前を書いてください。";
    }
    if (text_is(name, "--port")) {
        bool ok = num_parse(value, &run->port) && run->port >= 1 && run->port <= PORT_MAX;
        return ok ? NULL : "--port には 1 から 65535 までの数を書いてください。";
    }
    if (text_is(name, "--now")) {
        return now_take(run, value) ? NULL
                                    : "--now には 2025-07-01 から 2098-12-31 までの日時を "
                                      "2026-06-01T09:00:00+09:00 の形で書いてください。";
    }
    if (text_is(name, "--db")) {
        run->db = value;
        bool ok = (text_starts(value, TEXT("sqlite:")) && value.n > 7) ||
                  text_starts(value, TEXT("postgresql://")) || text_starts(value, TEXT("postgres://"));
        return ok ? NULL : "--db には sqlite:ファイル か postgresql://… を書いてください。";
    }
    if (text_is(name, "--mail-dir")) {
        run->mail_dir = value;
        return value.n > 0 ? NULL : "--mail-dir にはフォルダの名前を書いてください。";
    }
    return "sango demo --dir フォルダ --port 番号 [--now 日時] [--db URL] [--mail-dir フォルダ] と書いてください。";
}

static const char *arguments_take(struct demo_run *run, int argc, char **argv) {
    const char *why = NULL;
    run->now = INSTANT_NONE;
    for (int i = 1; why == NULL && i < argc; i += 2) {
        why = argument_take(run, text_of(argv[i]), i + 1 < argc ? text_of(argv[i + 1]) : TEXT(""));
    }
    if (why == NULL && run->dir.n == 0) {
        return "--dir でデモを置くフォルダを指定してください。";
    }
    return why == NULL && run->port == 0 ? "--port で待ち受ける番号を指定してください。" : why;
}

/* ---- the folder and its database ---- */

static enum rc fail(struct demo_run *run, const char *why) {
    run->why = text_of(why);
    return RC_FAULT;
}

/* A database that already holds something is nobody's demo. */
static enum rc database_check(struct demo_run *run) {
    struct db_config config = {.url = run->folder.database, .read_only = true, .readers = 1};
    struct db *db;
    struct text why;
    enum rc rc = db_open(&config, run->arena, &db, &why);
    if (rc == RC_OK) {
        db_close(db);
    }
    if (rc == RC_OK || rc == RC_RACE) {
        return fail(
            run, "--db のデータベースにはすでに sango の表があります。空のデータベースを指定してください。");
    }
    return RC_OK;
}

static enum rc folder_choose(struct demo_run *run) {
    enum folder_holds holds;
    enum rc rc = folder_look(run->arena, run->dir, &run->folder, &holds, &run->why);
    if (rc != RC_OK) {
        return rc;
    }
    if (holds == FOLDER_OTHER) {
        run->why = text_printf(
            run->arena,
            "%.*s は空ではなく、デモでもありません。空のフォルダか、まだないフォルダを指定してください。",
            TEXT_F(run->dir));
        return RC_FAULT;
    }
    if (holds == FOLDER_UNFINISHED && folder_wipe(run->arena, &run->folder) != RC_OK) {
        return fail(run, "作りかけのデモを消せません。フォルダを消してから、もう一度実行してください。");
    }
    run->made = holds != FOLDER_DEMO;
    if (!run->made) {
        bool other = run->db.n > 0 && !text_eq(run->db, run->folder.database);
        return other
                   ? fail(
                         run,
                         "このフォルダのデモは別のデータベースのものです。--db を省くか、別のフォルダを指定して"
                         "ください。")
                   : RC_OK;
    }
    run->folder.database =
        run->db.n > 0 ? run->db : text_printf(run->arena, "sqlite:%.*s/sango.db", TEXT_F(run->folder.path));
    rc = run->db.n > 0 ? database_check(run) : RC_OK;
    if (rc == RC_OK && folder_begin(run->arena, &run->folder) != RC_OK) {
        return fail(run, "フォルダに書き込めません。空き容量と権限を確かめてください。");
    }
    return rc;
}

static enum rc mail_folder(struct demo_run *run, struct text *ret_path) {
    *ret_path = run->mail_dir.n > 0 ? run->mail_dir : folder_file(run->arena, &run->folder, "mail");
    return file_make_dir(*ret_path, 0755) == RC_OK
               ? RC_OK
               : fail(run, "メールを置くフォルダを作れません。場所と権限を確かめてください。");
}

static enum rc process_make(struct demo_run *run) {
    struct text mail;
    enum rc rc = mail_folder(run, &mail);
    if (rc != RC_OK) {
        return rc;
    }
    struct arena *arena = run->arena;
    struct text *city = arena_new(arena, struct text);
    *city = folder_file(arena, &run->folder, "hirakata.json");
    run->config = (struct config){
        .listen = text_printf(arena, "127.0.0.1:%d", (int)run->port),
        .database = run->folder.database,
        .public_url = text_printf(arena, "http://127.0.0.1:%d", (int)run->port),
        .cities = city,
        .city_count = 1,
        .mail = text_join(arena, TEXT("dir:"), mail),
        .mail_from = TEXT("sango@demo.example.jp"),
        .mail_from_name = TEXT("枚方市 産後ケア（デモ）"),
        .workers = WORKERS,
        .demo = true,
    };
    struct process_plan plan = {.config = &run->config, .shift_ms = run->folder.shift_ms, .migrate = true};
    return process_open(arena, &plan, &run->process, &run->why);
}

/* The database is the one this folder's accounts live in. */
static enum rc found_check(struct demo_run *run) {
    const struct house *house = process_house(run->process);
    struct call call = {
        .house = house, .city = house_city_at(house, 0), .arena = run->arena, .now = env_now(house->env)};
    struct session session;
    if (session_find(&call, run->folder.token, &session) != RC_OK) {
        return fail(run,
                    "データベースの中身がこのフォルダのデモと合いません。別のフォルダで作り直してください。");
    }
    return folder_save(run->arena, &run->folder) == RC_OK
               ? RC_OK
               : fail(run, "フォルダに書き込めません。空き容量と権限を確かめてください。");
}

static enum rc fill(struct demo_run *run) {
    enum rc rc = demo_fill(&run->demo, run->arena, process_house(run->process));
    if (rc != RC_OK) {
        run->why = run->demo.why;
        return rc;
    }
    run->folder.token = run->demo.accounts[0].token;
    return folder_finish(run->arena, &run->folder, &run->demo) == RC_OK
               ? RC_OK
               : fail(run, "フォルダに書き込めません。空き容量と権限を確かめてください。");
}

static enum rc prepare(struct demo_run *run) {
    enum rc rc = folder_choose(run);
    if (rc == RC_OK && !instant_is_none(run->now)) {
        run->folder.shift_ms = run->now.s * MS - machine_ms();
    }
    rc = rc == RC_OK ? process_make(run) : rc;
    if (rc == RC_OK) {
        rc = run->made ? fill(run) : found_check(run);
    }
    return rc == RC_OK ? process_listen(run->process, &run->why) : rc;
}

int cmd_demo(int argc, char **argv) {
    struct demo_run run = {0};
    const char *wrong = arguments_take(&run, argc, argv);
    if (wrong != NULL) {
        fprintf(stderr, "sango demo: %s\n", wrong);
        return EXIT_USAGE;
    }
    process_signals(false);
    struct arena arena;
    arena_init(&arena, ARENA_LIMIT);
    run.arena = &arena;
    int status = EXIT_FAILED;
    if (prepare(&run) == RC_OK) {
        demo_print(&arena, &run.folder, run.config.public_url);
        bool renew = false;
        status = process_serve(run.process, NULL, &renew);
    } else {
        fprintf(stderr, "sango demo: %.*s\n", TEXT_F(run.why));
    }
    if (run.process != NULL) {
        process_close(run.process);
    }
    arena_release(&arena);
    return status;
}
