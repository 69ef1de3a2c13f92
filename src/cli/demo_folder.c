#include "cli/demo_folder.h"

#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_out.h"
#include "sys/file.h"

/* Its name begins like this also while it is being written. */
#define MARK ".sango-unfinished"
enum { FILE_BYTES_MAX = 1 << 20 };

struct text folder_file(struct arena *arena, const struct demo_folder *folder, const char *name) {
    return text_printf(arena, "%.*s/%s", TEXT_F(folder->path), name);
}

/* ---- reading ---- */

static json_t *read_json(struct arena *arena, const struct demo_folder *folder, const char *name) {
    struct text bytes;
    if (file_read(arena, folder_file(arena, folder, name), FILE_BYTES_MAX, &bytes) != RC_OK) {
        return NULL;
    }
    return json_loadb(bytes.p, bytes.n, 0, NULL);
}

static struct text member(struct arena *arena, const json_t *json, const char *key) {
    const char *value = json_string_value(json_object_get(json, key));
    return value == NULL ? TEXT("") : text_copy(arena, text_of(value));
}

static bool read_demo(struct arena *arena, struct demo_folder *folder) {
    json_t *json = read_json(arena, folder, "demo.json");
    const json_t *shift = json_object_get(json, "shift_ms");
    folder->database = member(arena, json, "database");
    folder->token = member(arena, json, "token");
    folder->shift_ms = json_integer_value(shift);
    bool whole = json_is_integer(shift) && folder->database.n > 0 && folder->token.n > 0;
    json_decref(json);
    return whole;
}

struct text folder_secret(struct arena *arena, const struct demo_folder *folder) {
    json_t *accounts = read_json(arena, folder, "accounts.json");
    struct text secret = TEXT("");
    for (size_t i = 0; secret.n == 0 && i < json_array_size(accounts); i++) {
        secret = member(arena, json_array_get(accounts, i), "otp_secret");
    }
    json_decref(accounts);
    return secret;
}

static bool names_have(const struct text *names, size_t count, const char *start) {
    for (size_t i = 0; i < count; i++) {
        if (text_starts(names[i], text_of(start))) {
            return true;
        }
    }
    return false;
}

static bool path_absolute(struct arena *arena, struct text path, struct text *ret_path) {
    char resolved[PATH_MAX];
    if (realpath(text_copy(arena, path).p, resolved) == NULL) {
        return false;
    }
    *ret_path = text_copy(arena, text_of(resolved));
    return true;
}

enum rc folder_look(struct arena *arena, struct text path, struct demo_folder *ret_folder,
                    enum folder_holds *ret_holds, struct text *ret_why) {
    struct text *names;
    size_t count;
    *ret_folder = (struct demo_folder){0};
    if (file_make_dir(path, 0755) != RC_OK || !path_absolute(arena, path, &ret_folder->path) ||
        file_list(arena, ret_folder->path, &names, &count) != RC_OK) {
        *ret_why =
            text_printf(arena, "フォルダ %.*s を作れません。場所と権限を確かめてください。", TEXT_F(path));
        return RC_FAULT;
    }
    bool demo = names_have(names, count, "demo.json") && names_have(names, count, "accounts.json");
    if (names_have(names, count, MARK)) {
        *ret_holds = FOLDER_UNFINISHED;
    } else if (count == 0) {
        *ret_holds = FOLDER_EMPTY;
    } else {
        *ret_holds = demo && read_demo(arena, ret_folder) ? FOLDER_DEMO : FOLDER_OTHER;
    }
    return RC_OK;
}

/* ---- writing ---- */

static enum rc put(struct arena *arena, const struct demo_folder *folder, const char *name,
                   struct text bytes) {
    return file_write(folder_file(arena, folder, name), bytes, 0600);
}

/* The mark stays: until the demo is finished, what is here is ours to wipe again. */
enum rc folder_wipe(struct arena *arena, const struct demo_folder *folder) {
    static const char mark_copies[] = MARK "."; /* of a write that was cut off */
    static const char *const starts[] = {"sango.db", "hirakata.json", "demo.json", "accounts.json",
                                         mark_copies};
    struct text *names;
    size_t count;
    enum rc rc = file_list(arena, folder->path, &names, &count);
    for (size_t i = 0; rc == RC_OK && i < count; i++) {
        for (size_t k = 0; k < COUNT(starts); k++) {
            bool ours = text_starts(names[i], text_of(starts[k]));
            if (ours && file_remove(folder_file(arena, folder, names[i].p)) == RC_FAULT) {
                rc = RC_FAULT;
            }
        }
    }
    return rc;
}

enum rc folder_begin(struct arena *arena, const struct demo_folder *folder) {
    enum rc rc = put(arena, folder, MARK, TEXT(""));
    struct text profile = {(const char *)demo_profile, demo_profile_size};
    return rc == RC_OK ? put(arena, folder, "hirakata.json", profile) : rc;
}

enum rc folder_save(struct arena *arena, const struct demo_folder *folder) {
    struct buf buf;
    struct json_out json;
    buf_init(&buf, arena);
    json_out_init(&json, &buf);
    json_put_object(&json, NULL);
    json_put_text(&json, "database", folder->database);
    json_put_int(&json, "shift_ms", folder->shift_ms);
    json_put_text(&json, "token", folder->token);
    json_put_object_end(&json);
    buf_putc(&buf, '\n');
    return put(arena, folder, "demo.json", buf_text(&buf));
}

static void put_account(struct json_out *json, const struct demo *demo, const struct demo_account *account) {
    json_put_object(json, NULL);
    json_put_text(json, "role", text_of(role_code(account->role)));
    json_put_text(json, "login", account->login);
    json_put_text(json, "password", TEXT(DEMO_PASSWORD));
    if (role_is_staff(account->role)) {
        json_put_text(json, "otp_secret", demo->secret);
    }
    json_put_text(json, "token", account->token);
    json_put_text(json, "name", account->name);
    if (account->role == ROLE_FACILITY) {
        json_put_id(json, "facility", account->facility.n);
    }
    if (account->state != NULL) {
        json_put_text(json, "state", text_of(account->state));
    }
    json_put_object_end(json);
}

enum rc folder_finish(struct arena *arena, const struct demo_folder *folder, const struct demo *demo) {
    struct buf buf;
    struct json_out json;
    buf_init(&buf, arena);
    json_out_init(&json, &buf);
    json_put_array(&json, NULL);
    for (size_t i = 0; i < demo->account_count; i++) {
        put_account(&json, demo, &demo->accounts[i]);
    }
    json_put_array_end(&json);
    buf_putc(&buf, '\n');
    enum rc rc = folder_save(arena, folder);
    rc = rc == RC_OK ? put(arena, folder, "accounts.json", buf_text(&buf)) : rc;
    return rc == RC_OK ? file_remove(folder_file(arena, folder, MARK)) : rc;
}
