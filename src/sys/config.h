/* The operator's configuration: `key = value` lines, `#` comments, every key declared in one table (config.c).
 * Whatever is wrong ends in one Japanese sentence with file, line and what to do. Whether the database or the mail
 * server answers is found out by those who open them. */
#ifndef SANGO_SYS_CONFIG_H
#define SANGO_SYS_CONFIG_H

#include "base/text.h"

enum config_tls { CONFIG_TLS_REQUIRE, CONFIG_TLS_TRY, CONFIG_TLS_OFF, CONFIG_TLS__MAX };

#define CONFIG_CITIES_MAX 2000

/* What `sango serve --config F` needs. Texts live in the arena and end with NUL; absent ones are empty. */
struct config {
    struct text listen;     /* HOST:PORT or unix:PATH */
    struct text database;   /* sqlite:PATH or postgresql://… */
    struct text public_url; /* https://host without a slash at the end; begins the links in messages */
    struct text *cities;    /* paths of the city files, relative ones from the configuration file's folder */
    size_t city_count;
    struct text mail; /* smtp://HOST:PORT, smtps://HOST:PORT or dir:PATH */
    struct text mail_from;
    struct text mail_from_name;
    struct text smtp_user;
    struct text smtp_password_file;
    enum config_tls smtp_tls;
    int64_t workers;
    bool demo;
    struct text
        trusted_proxy; /* "unix", or an IP address whose X-Forwarded-For is believed; empty: nobody's */
};

/* One declared key, for documentation and tests. */
struct config_key {
    const char *name;
    const char *fallback; /* NULL: must be given */
    bool repeats;
    const char *words; /* what it is, in Japanese */
};
const struct config_key *config_keys(size_t *ret_count);

/* RC_FAULT with *ret_why. `path` is named in messages. */
NODISCARD enum rc config_read(struct arena *arena, struct text path, struct config *ret_config,
                              struct text *ret_why);
NODISCARD enum rc config_parse(struct arena *arena, struct text path, struct text source,
                               struct config *ret_config, struct text *ret_why);

/* First line of a file that holds a secret. Refused when others may read it (mode & 007) or when it is empty. */
NODISCARD enum rc config_secret(struct arena *arena, struct text path, struct text *ret_secret,
                                struct text *ret_why);

#endif
