/* The operator's configuration: `key = value` lines, `#` comments, every key declared in one table (config_keys.c).
 * Whatever is wrong ends in one Japanese sentence with file, line and what to do. Whether the database or the mail
 * server answers is found out by those who open them. */
#ifndef SANGO_SYS_CONFIG_H
#define SANGO_SYS_CONFIG_H

#include "base/text.h"

enum config_tls { CONFIG_TLS_REQUIRE, CONFIG_TLS_TRY, CONFIG_TLS_OFF, CONFIG_TLS__MAX };

#define CONFIG_CITIES_MAX 2000

/* What `sango serve --config F` needs. Texts live in the arena and end with NUL; absent ones are empty.
 * Relative paths of city, password and certificate files begin at the folder of the configuration file; all others (database,
 * socket, mail folder) must be absolute. */
struct config {
    struct text listen;     /* HOST:PORT or unix:/PATH */
    struct text database;   /* sqlite:/PATH or postgresql://… */
    struct text public_url; /* https://host without a slash at the end; begins the links in messages */
    struct text *cities;    /* paths of the city files */
    size_t city_count;
    struct text mail; /* smtp://HOST:PORT, smtps://HOST:PORT or dir:/PATH */
    struct text mail_from;
    struct text mail_from_name;
    struct text smtp_user;
    struct text smtp_password_file;
    enum config_tls smtp_tls;
    struct text smtp_ca_file; /* empty: the system's certificates */
    int64_t workers;          /* threads that answer requests */
    int64_t per_address;      /* connections of one client at once; 0: no limit */
    bool demo;
    struct text
        trusted_proxy; /* "unix", or an IP address whose X-Forwarded-For is believed; empty: nobody's */
};

/* RC_FAULT with *ret_why. `path` is named in messages and gives the folder for relative paths. config_read also refuses
 * a file that others may read when the database's password stands in it. */
NODISCARD enum rc config_read(struct arena *arena, struct text path, struct config *ret_config,
                              struct text *ret_why);
NODISCARD enum rc config_parse(struct arena *arena, struct text path, struct text source,
                               struct config *ret_config, struct text *ret_why);

/* First line of a file that holds a secret (at most 4096 bytes). Refused with *ret_why when others may read it
 * (mode & 007) or when it is empty. */
NODISCARD enum rc config_secret(struct arena *arena, struct text path, struct text *ret_secret,
                                struct text *ret_why);

/* "127.0.0.1:8080", "[::1]:8080", "localhost:0": host without brackets, and port 0 to 65535. */
NODISCARD bool config_host_port(struct arena *arena, struct text t, struct text *ret_host, int *ret_port);

/* One declared key. The table is also what documentation and tests walk over. */
struct config_key {
    const char *name;
    const char *fallback; /* NULL: must be given */
    bool repeats;
    const char *words;    /* what it is, in Japanese */
    const char *expected; /* how a value looks */
    /* Puts a value into the right field; false when it does not look as expected. */
    bool (*take)(struct arena *arena, struct text value, struct config *config);
};
extern const struct config_key config_keys[];
extern const size_t config_key_count;

#endif
