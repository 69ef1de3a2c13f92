/* The table of keys: what may stand in the file, how each value must look, and where it goes. */
#include "sys/config.h"

#include <arpa/inet.h>

#include "base/num.h"
#include "sys/textkey.h"

bool config_host_port(struct arena *arena, struct text t, struct text *ret_host, int *ret_port) {
    size_t colon = t.n;
    while (colon > 0 && t.p[colon - 1] != ':') {
        colon--;
    }
    int64_t port = 0;
    if (colon < 2 || !num_parse(text_part(t, colon, t.n), &port) || port < 0 || port > 65535) {
        return false;
    }
    struct text host = text_part(t, 0, colon - 1);
    if (host.n > 2 && host.p[0] == '[' && host.p[host.n - 1] == ']') {
        host = text_part(host, 1, host.n - 1);
    } else if (text_index(host, ':') < host.n) {
        return false; /* a bare IPv6 address leaves open where the port begins */
    }
    if (text_has(host, TEXT("/")) || text_has(host, TEXT("@")) || text_has(host, TEXT(" "))) {
        return false;
    }
    *ret_host = text_copy(arena, host);
    *ret_port = (int)port;
    return true;
}

/* prefix + absolute path */
static bool is_path_after(struct text value, struct text prefix) {
    return text_starts(value, prefix) && value.n > prefix.n + 1 && value.p[prefix.n] == '/';
}

static bool take_listen(struct arena *arena, struct text value, struct config *config) {
    struct text host = TEXT("");
    int port = 0;
    /* 107 bytes is the kernel's limit for the path of a socket. */
    bool socket = is_path_after(value, TEXT("unix:")) && value.n <= sizeof "unix:" - 1 + 107;
    if (!socket && (text_starts(value, TEXT("unix:")) || !config_host_port(arena, value, &host, &port))) {
        return false;
    }
    config->listen = text_copy(arena, value);
    return true;
}

static bool take_database(struct arena *arena, struct text value, struct config *config) {
    bool server = text_starts(value, TEXT("postgresql://")) || text_starts(value, TEXT("postgres://"));
    if (!server && !is_path_after(value, TEXT("sqlite:"))) {
        return false;
    }
    config->database = text_copy(arena, value);
    return true;
}

static bool take_public_url(struct arena *arena, struct text value, struct config *config) {
    static const struct text https = TEXT_INIT("https://");
    static const struct text http = TEXT_INIT("http://");
    size_t from = text_starts(value, https) ? https.n : text_starts(value, http) ? http.n : value.n;
    struct text host = text_part(value, from, value.n);
    for (size_t i = 0; i < host.n; i++) {
        char c = host.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':' ||
                     c == '[' || c == ']';
        if (!plain) {
            return false;
        }
    }
    config->public_url = text_copy(arena, value);
    return host.n > 0;
}

static bool take_city(struct arena *arena, struct text value, struct config *config) {
    if (value.n == 0 || config->city_count == CONFIG_CITIES_MAX) {
        return false;
    }
    if (config->cities == NULL) {
        config->cities = arena_array(arena, struct text, CONFIG_CITIES_MAX);
    }
    config->cities[config->city_count++] = text_copy(arena, value);
    return true;
}

static bool take_mail(struct arena *arena, struct text value, struct config *config) {
    struct text host = TEXT("");
    int port = 0;
    size_t from = text_starts(value, TEXT("smtp://")) ? 7 : text_starts(value, TEXT("smtps://")) ? 8 : 0;
    bool server =
        from > 0 && config_host_port(arena, text_part(value, from, value.n), &host, &port) && port > 0;
    if (!server && !is_path_after(value, TEXT("dir:"))) {
        return false;
    }
    config->mail = text_copy(arena, value);
    return true;
}

static bool take_mail_from(struct arena *arena, struct text value, struct config *config) {
    return textkey_email(arena, value, &config->mail_from);
}

static bool take_mail_from_name(struct arena *arena, struct text value, struct config *config) {
    config->mail_from_name = text_copy(arena, value);
    return value.n <= 200;
}

static bool take_smtp_user(struct arena *arena, struct text value, struct config *config) {
    config->smtp_user = text_copy(arena, value);
    return true;
}

static bool take_smtp_password_file(struct arena *arena, struct text value, struct config *config) {
    config->smtp_password_file = text_copy(arena, value);
    return true;
}

static bool take_smtp_tls(struct arena *arena, struct text value, struct config *config) {
    static const char *const words[CONFIG_TLS__MAX] = {
        [CONFIG_TLS_REQUIRE] = "require", [CONFIG_TLS_TRY] = "try", [CONFIG_TLS_OFF] = "off"};
    (void)arena;
    for (size_t i = 0; i < COUNT(words); i++) {
        if (text_is(value, words[i])) {
            config->smtp_tls = (enum config_tls)i;
            return true;
        }
    }
    return false;
}

static bool take_smtp_ca_file(struct arena *arena, struct text value, struct config *config) {
    config->smtp_ca_file = text_copy(arena, value);
    return true;
}

static bool take_workers(struct arena *arena, struct text value, struct config *config) {
    int64_t n = 0;
    (void)arena;
    if (!num_parse(value, &n) || n < 1 || n > 256) {
        return false;
    }
    config->workers = n;
    return true;
}

static bool take_per_address(struct arena *arena, struct text value, struct config *config) {
    (void)arena;
    return num_parse(value, &config->per_address) && config->per_address >= 0 &&
           config->per_address <= 100000;
}

static bool take_demo(struct arena *arena, struct text value, struct config *config) {
    (void)arena;
    config->demo = text_is(value, "yes");
    return config->demo || text_is(value, "no");
}

static bool take_trusted_proxy(struct arena *arena, struct text value, struct config *config) {
    unsigned char address[16];
    config->trusted_proxy = text_copy(arena, value);
    const char *z = config->trusted_proxy.p;
    return inet_pton(AF_INET, z, address) == 1 || inet_pton(AF_INET6, z, address) == 1;
}

const struct config_key config_keys[] = {
    {"listen", "unix:/run/sango/http.sock", false, "待ち受ける場所",
     "127.0.0.1:8080 または unix:/run/sango/http.sock", take_listen},
    {"database", NULL, false, "データベース", "sqlite:/var/lib/sango/sango.db または postgresql://…",
     take_database},
    {"public_url", NULL, false, "利用者から見えるアドレス（お知らせの中のリンクに使う）",
     "https://sango.example.jp（最後に / を付けない）", take_public_url},
    {"city", NULL, true, "自治体の設定ファイル（自治体の数だけ繰り返せる）", "cities/hirakata.json",
     take_city},
    {"mail", NULL, false, "お知らせの送り先", "smtp://mail.example.jp:587 または dir:/var/lib/sango/mail",
     take_mail},
    {"mail_from", NULL, false, "差出人のメールアドレス", "sango@example.jp", take_mail_from},
    {"mail_from_name", "", false, "差出人の名前", "200バイトまでの名前", take_mail_from_name},
    {"smtp_user", "", false, "メールサーバーの利用者名（空ならログインしない）", "利用者名", take_smtp_user},
    {"smtp_password_file", "", false, "メールサーバーのパスワードを1行目に書いたファイル（chmod 600）",
     "ファイルのパス", take_smtp_password_file},
    {"smtp_tls", "require", false, "メールの暗号化（STARTTLS）", "require、try、off のどれか", take_smtp_tls},
    {"smtp_ca_file", "", false, "メールサーバーの証明書を発行した認証局（空なら OS のもの）",
     "ファイルのパス", take_smtp_ca_file},
    {"workers", "8", false, "同時に処理する要求の数", "1 から 256 までの数", take_workers},
    {"per_address", "256", false, "一つのアドレスから同時に受ける接続の数（0 は無制限）",
     "0 から 100000 までの数", take_per_address},
    {"demo", "no", false, "練習用のサーバー（本物の個人情報を入れない）", "yes または no", take_demo},
    {"trusted_proxy", "", false, "X-Forwarded-For を信じてよい前段のサーバー（unix: で待つときは要らない）",
     "IP アドレス", take_trusted_proxy},
};
const size_t config_key_count = COUNT(config_keys);
