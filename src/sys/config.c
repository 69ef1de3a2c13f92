/* Reads the file line by line against the table of keys, then looks at what only the whole can tell. */
#include "sys/config.h"

#include <string.h>

#include "sys/file.h"

enum { FILE_MAX = 1024 * 1024, SECRET_MAX = 4096, KEYS_ROOM = 64 };

struct reading {
    struct arena *arena;
    struct text path;
    int line;
    struct config config;
    int seen[KEYS_ROOM]; /* line of each key; 0: not given */
    struct text *why;
};

static enum rc line_wrong(struct reading *reading, struct text what) {
    *reading->why = text_printf(reading->arena, "%.*s の%d行目: %.*s", TEXT_F(reading->path), reading->line,
                                TEXT_F(what));
    return RC_FAULT;
}

static enum rc file_wrong(struct reading *reading, struct text what) {
    *reading->why = text_printf(reading->arena, "%.*s: %.*s", TEXT_F(reading->path), TEXT_F(what));
    return RC_FAULT;
}

static struct text all_names(struct arena *arena) {
    struct text names = TEXT("");
    for (size_t i = 0; i < config_key_count; i++) {
        names = text_printf(arena, "%.*s%s%s", TEXT_F(names), i == 0 ? "" : "、", config_keys[i].name);
    }
    return names;
}

/* What a person typed, short enough and clean for a message. */
static struct text shown(struct text t) {
    struct text part = text_part(t, 0, 60);
    while (part.n > 0 && part.n < t.n && ((unsigned char)t.p[part.n] & 0xc0) == 0x80) {
        part.n--;
    }
    return part;
}

static enum rc take_pair(struct reading *reading, struct text name, struct text value) {
    struct arena *arena = reading->arena;
    for (size_t i = 0; i < config_key_count; i++) {
        const struct config_key *key = &config_keys[i];
        if (!text_is(name, key->name)) {
            continue;
        }
        if (reading->seen[i] != 0 && !key->repeats) {
            return line_wrong(reading,
                              text_printf(arena, "%s は%d行目にもあります。どちらかを消してください。",
                                          key->name, reading->seen[i]));
        }
        reading->seen[i] = reading->line;
        bool unset = value.n == 0 && key->fallback != NULL && key->fallback[0] == '\0';
        if (!unset && (value.n == 0 || !key->take(arena, value, &reading->config))) {
            return line_wrong(
                reading, text_printf(arena, "%s（%s）の値「%.*s」が正しくありません。%s と書いてください。",
                                     key->name, key->words, TEXT_F(shown(value)), key->expected));
        }
        return RC_OK;
    }
    return line_wrong(reading, text_printf(arena, "「%.*s」という項目はありません。使える項目: %.*s",
                                           TEXT_F(shown(name)), TEXT_F(all_names(arena))));
}

static enum rc take_line(struct reading *reading, struct text line) {
    if (!text_utf8_ok(line) || !text_printable(line, true)) {
        return line_wrong(reading, TEXT("読めない文字があります。UTF-8 で保存し直してください。"));
    }
    line = text_trim(line);
    if (line.n == 0 || line.p[0] == '#') {
        return RC_OK;
    }
    size_t equals = text_index(line, '=');
    if (equals == line.n) {
        return line_wrong(reading, text_printf(reading->arena,
                                               "「%.*s」に = がありません。「項目 = 値」と書いてください。",
                                               TEXT_F(shown(line))));
    }
    return take_pair(reading, text_trim(text_part(line, 0, equals)),
                     text_trim(text_part(line, equals + 1, line.n)));
}

static enum rc fill_in(struct reading *reading) {
    for (size_t i = 0; i < config_key_count; i++) {
        const struct config_key *key = &config_keys[i];
        if (reading->seen[i] != 0) {
            continue;
        }
        if (key->fallback == NULL) {
            return file_wrong(reading,
                              text_printf(reading->arena,
                                          "%s（%s）がありません。「%s = …」の行を足してください。例: %s",
                                          key->name, key->words, key->name, key->expected));
        }
        if (key->fallback[0] != '\0' &&
            !key->take(reading->arena, text_of(key->fallback), &reading->config)) {
            return file_wrong(reading,
                              text_printf(reading->arena, "%s の初期値が正しくありません。", key->name));
        }
    }
    return RC_OK;
}

static bool is_local_url(struct text url) {
    static const char *const hosts[] = {"http://localhost", "http://127.0.0.1", "http://[::1]"};
    for (size_t i = 0; i < COUNT(hosts); i++) {
        struct text host = text_of(hosts[i]);
        struct text rest = text_part(url, host.n, url.n);
        if (text_starts(url, host) && (rest.n == 0 || text_starts(rest, TEXT(":")))) {
            return true;
        }
    }
    return false;
}

/* Mistakes that no single line shows. */
static enum rc look_at_whole(struct reading *reading) {
    const struct config *config = &reading->config;
    bool plain = text_starts(config->mail, TEXT("smtp://")) && config->smtp_tls == CONFIG_TLS_OFF;
    if (text_starts(config->public_url, TEXT("http://")) && !config->demo &&
        !is_local_url(config->public_url)) {
        return file_wrong(reading,
                          TEXT("public_url が http:// です。個人情報を扱うので https:// にしてください"
                               "（練習用なら demo = yes）。"));
    }
    if (config->smtp_user.n > 0 && config->smtp_password_file.n == 0) {
        return file_wrong(reading, TEXT("smtp_user がありますが smtp_password_file がありません。"
                                        "パスワードを書いたファイルを指定してください。"));
    }
    if (config->smtp_user.n > 0 && plain) {
        return file_wrong(reading, TEXT("smtp_tls = off ではパスワードが暗号化されずに流れます。"
                                        "smtp_tls = require にしてください。"));
    }
    return RC_OK;
}

/* Paths of the operator's own files begin where the configuration file is. */
static struct text beside(struct reading *reading, struct text path) {
    size_t slash = reading->path.n;
    while (slash > 0 && reading->path.p[slash - 1] != '/') {
        slash--;
    }
    bool stays = path.n == 0 || path.p[0] == '/' || slash == 0;
    return stays ? path : text_join(reading->arena, text_part(reading->path, 0, slash), path);
}

enum rc config_parse(struct arena *arena, struct text path, struct text source, struct config *ret_config,
                     struct text *ret_why) {
    _Static_assert(KEYS_ROOM >= 16, "room for every key");
    struct reading reading = {.arena = arena, .path = path, .why = ret_why};
    struct text rest = source;
    struct text line = TEXT("");
    if (text_starts(rest, TEXT("\xef\xbb\xbf"))) {
        rest = text_part(rest, 3, rest.n);
    }
    while (text_next(&rest, '\n', &line)) {
        reading.line++;
        if (take_line(&reading, line) != RC_OK) {
            return RC_FAULT;
        }
    }
    if (fill_in(&reading) != RC_OK || look_at_whole(&reading) != RC_OK) {
        return RC_FAULT;
    }
    struct config *config = &reading.config;
    for (size_t i = 0; i < config->city_count; i++) {
        config->cities[i] = beside(&reading, config->cities[i]);
    }
    config->smtp_password_file = beside(&reading, config->smtp_password_file);
    config->smtp_ca_file = beside(&reading, config->smtp_ca_file);
    *ret_config = *config;
    return RC_OK;
}

/* postgresql://user:secret@host */
static bool has_password(struct text url) {
    static const struct text scheme = TEXT_INIT("://");
    size_t from = 0;
    while (from < url.n && !text_starts(text_part(url, from, url.n), scheme)) {
        from++;
    }
    struct text rest = text_part(url, from + scheme.n, url.n);
    struct text server = text_part(rest, 0, text_index(rest, '/'));
    struct text user = text_part(server, 0, text_index(server, '@'));
    return (user.n < server.n && text_index(user, ':') < user.n) || text_has(url, TEXT("password="));
}

static enum rc read_privately(struct arena *arena, struct text path, struct text source,
                              struct config *ret_config, struct text *ret_why) {
    struct config config;
    mode_t mode = 0;
    if (config_parse(arena, path, source, &config, ret_why) != RC_OK) {
        return RC_FAULT;
    }
    if (has_password(config.database) && (file_mode(path, &mode) != RC_OK || (mode & 07) != 0)) {
        *ret_why = text_printf(
            arena,
            "%.*s: database にパスワードがあり、ファイルを誰でも読めます。chmod 640 %.*s としてください。",
            TEXT_F(path), TEXT_F(path));
        return RC_FAULT;
    }
    *ret_config = config;
    return RC_OK;
}

enum rc config_read(struct arena *arena, struct text path, struct config *ret_config, struct text *ret_why) {
    struct text source = TEXT("");
    switch (file_read(arena, path, FILE_MAX, &source)) {
    case RC_OK:
        return read_privately(arena, path, source, ret_config, ret_why);
    case RC_NONE:
        *ret_why =
            text_printf(arena, "設定ファイル %.*s がありません。deploy/sango.conf を写して直してください。",
                        TEXT_F(path));
        return RC_FAULT;
    case RC_RACE:
    case RC_FAULT:
    case RC__MAX:
    default:
        *ret_why = text_printf(
            arena, "設定ファイル %.*s を読めません。読み取りの権限と大きさ（1 MiB まで）を確かめてください。",
            TEXT_F(path));
        return RC_FAULT;
    }
}

enum rc config_secret(struct arena *arena, struct text path, struct text *ret_secret, struct text *ret_why) {
    mode_t mode = 0;
    struct text bytes = TEXT("");
    if (file_mode(path, &mode) != RC_OK) {
        *ret_why = text_printf(arena, "秘密のファイル %.*s がありません。作ってから起動してください。",
                               TEXT_F(path));
        return RC_FAULT;
    }
    if ((mode & 07) != 0) {
        *ret_why = text_printf(arena, "秘密のファイル %.*s を誰でも読めます。chmod 600 %.*s としてください。",
                               TEXT_F(path), TEXT_F(path));
        return RC_FAULT;
    }
    if (file_read(arena, path, SECRET_MAX, &bytes) != RC_OK) {
        *ret_why = text_printf(
            arena, "秘密のファイル %.*s を読めません。持ち主と大きさ（4096バイトまで）を確かめてください。",
            TEXT_F(path));
        return RC_FAULT;
    }
    struct text line = text_trim(text_part(bytes, 0, text_index(bytes, '\n')));
    if (line.n == 0 || !text_utf8_ok(line) || !text_printable(line, false)) {
        *ret_why =
            text_printf(arena, "秘密のファイル %.*s の1行目が空か、読めない文字を含みます。", TEXT_F(path));
        return RC_FAULT;
    }
    *ret_secret = text_copy(arena, line);
    return RC_OK;
}
