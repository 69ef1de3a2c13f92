#include "cli/verify_run.h"

#include "cli/statements.h"
#include "db/db.h"
#include "service/import.h"
#include "store/job.h"

enum { READERS = 2 };

/* *arg is left alone in an empty database. */
static enum rc moment_run(struct tx *tx, void *arg) {
    enum rc rc = job_moment(tx, TEXT("clock"), arg);
    return rc == RC_NONE ? RC_OK : rc;
}

static enum rc verify_house(struct arena *arena, struct house *house, struct verify_report *ret_report,
                            struct instant *ret_moment, struct text *ret_why) {
    enum rc rc = import_stored(house, arena, ret_why);
    if (rc != RC_OK) {
        return rc;
    }
    enum db_error error = DB_FINE;
    *ret_moment = env_now(house->env);
    rc = db_read(house->db, arena, moment_run, ret_moment, &error);
    rc = rc == RC_OK ? verify_all(house, arena, *ret_moment, ret_report) : rc;
    if (rc != RC_OK) {
        *ret_why = TEXT("データベースを最後まで読めませんでした。接続を確かめて、もう一度実行してください。");
    }
    return rc;
}

enum rc verify_run(struct arena *arena, struct text url, struct verify_report *ret_report,
                   struct instant *ret_moment, struct text *ret_why) {
    struct env_real clock = {0};
    struct env env = env_real(&clock);
    struct house *house = arena_new(arena, struct house);
    struct db_config config = {
        .url = url, .lists = statements, .readers = READERS, .read_only = true, .patient = true};
    house->env = &env;
    house_open(house, arena);
    enum rc rc = db_open(&config, arena, &house->db, ret_why);
    if (rc != RC_OK) {
        return rc;
    }
    rc = verify_house(arena, house, ret_report, ret_moment, ret_why);
    house_close(house);
    db_close(house->db);
    return rc;
}
