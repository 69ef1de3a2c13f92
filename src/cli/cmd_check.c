/* `sango check --config FILE`: would this configuration serve? Looks at everything a start needs, one line each, changes
 * nothing, and may run beside the server. Whether the mail server answers is found out when mail is sent. */
#include "cli/commands.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/fit.h"
#include "cli/statements.h"
#include "db/db.h"
#include "profile/profile.h"
#include "sys/config.h"
#include "sys/file.h"

enum { ARENA_LIMIT = 256 << 20, PROFILE_BYTES_MAX = 1 << 20 };

/* One line; counts what is not well. */
struct check {
    struct arena *arena;
    int faults;
};

static void say(struct check *check, bool good, const char *what, struct text words) {
    printf("%-3s  %-10s %.*s\n", good ? "ok" : "NG", what, TEXT_F(words));
    check->faults += !good;
}

static void check_city(struct check *check, struct text path) {
    struct text json;
    struct profile *profile = arena_new(check->arena, struct profile);
    struct profile_faults *faults = arena_new(check->arena, struct profile_faults);
    if (file_read(check->arena, path, PROFILE_BYTES_MAX, &json) != RC_OK) {
        say(check, false, "city",
            text_join(check->arena, path, TEXT(" を読めません。場所と権限を確かめてください。")));
    } else if (!profile_load(check->arena, json, profile, faults)) {
        say(check, false, "city",
            text_printf(check->arena, "%.*s: %.*s %.*s", TEXT_F(path), TEXT_F(faults->rows[0].pointer),
                        TEXT_F(faults->rows[0].sentence)));
    } else {
        say(check, true, "city",
            text_printf(check->arena, "%.*s（%.*s、版 %d）", TEXT_F(profile->city.name), TEXT_F(path),
                        (int)profile->programmes.count));
    }
}

/* Every statement of this program is tried on the real schema. */
static void check_database(struct check *check, struct text url) {
    struct db_config config = {.url = url, .lists = statements, .readers = 1, .read_only = true};
    struct db *db;
    struct text why = TEXT("");
    if (db_open(&config, check->arena, &db, &why) != RC_OK) {
        say(check, false, "database", why);
        return;
    }
    bool sqlite = db_engine(db) == DB_SQLITE;
    db_close(db);
    say(check, true, "database",
        sqlite ? text_printf(check->arena,
                             "SQLite %s。書き込みと checkpoint は一つの接続だけが行うので安全です。",
                             sqlite3_libversion())
               : TEXT("PostgreSQL。表の版はこのプログラムと合っています。"));
}

static void check_mail(struct check *check, const struct config *config) {
    static const struct text folder = TEXT_INIT("dir:");
    if (text_starts(config->mail, folder)) {
        const char *path = text_copy(check->arena, text_part(config->mail, folder.n, config->mail.n)).p;
        bool good = access(path, W_OK | X_OK) == 0;
        say(check, good, "mail",
            text_join(check->arena, text_of(path),
                      good ? TEXT(" にファイルとして書きます。")
                           : TEXT(" に書けません。フォルダと権限を確かめてください。")));
        return;
    }
    struct text secret;
    struct text why = TEXT("");
    bool good = config->smtp_password_file.n == 0 ||
                config_secret(check->arena, config->smtp_password_file, &secret, &why) == RC_OK;
    say(check, good, "mail", good ? config->mail : why);
}

static int check_all(struct check *check, const char *path) {
    struct config config;
    struct text why = TEXT("");
    if (config_read(check->arena, text_of(path), &config, &why) != RC_OK) {
        say(check, false, "config", why);
        return EXIT_FAILED;
    }
    say(check, true, "config", text_of(path));
    struct env_real clock = {0};
    struct env env = env_real(&clock);
    bool fit = fit_to_serve(check->arena, &config, text_of(path), &env, &why) == RC_OK;
    say(check, fit, "machine",
        !fit                 ? why
        : fit_clock_synced() ? TEXT("時計は合わされています。")
                             : TEXT("時計が合わされているか分かりません。timedatectl で確かめてください。"));
    for (size_t i = 0; i < config.city_count; i++) {
        check_city(check, config.cities[i]);
    }
    check_database(check, config.database);
    check_mail(check, &config);
    return check->faults == 0 ? EXIT_DONE : EXIT_FAILED;
}

int cmd_check(int argc, char **argv) {
    if (argc != 3 || strcmp(argv[1], "--config") != 0) {
        fputs("sango check: name the configuration: sango check --config /etc/sango/sango.conf\n", stderr);
        return EXIT_USAGE;
    }
    struct arena arena;
    arena_init(&arena, ARENA_LIMIT);
    struct check check = {.arena = &arena};
    int status = check_all(&check, argv[2]);
    arena_release(&arena);
    return status;
}
