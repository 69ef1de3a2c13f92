/* What migration needs of an engine: one connection that runs whole scripts. migrate.c knows the order, the version
 * table and the placeholders; the engine knows how to keep a second migrator out. */
#ifndef SANGO_DB_MIGRATE_H
#define SANGO_DB_MIGRATE_H

#include "db/db.h"

struct migrator {
    enum db_engine kind;
    void *handle; /* sqlite3 or PGconn */
    int lock;     /* SQLite: descriptor of the lock file */
    struct arena *arena;
    struct text why; /* what the database said last */
};

/* RC_RACE: the file is being served or migrated. */
NODISCARD enum rc sqlite_migrator_open(struct migrator *migrator, struct text path);
NODISCARD enum rc postgres_migrator_open(struct migrator *migrator, struct text uri);
void sqlite_migrator_close(struct migrator *migrator);
void postgres_migrator_close(struct migrator *migrator);
/* Several statements at once; no results. */
NODISCARD bool sqlite_migrator_exec(struct migrator *migrator, const char *sql);
NODISCARD bool postgres_migrator_exec(struct migrator *migrator, const char *sql);
/* The whole number in the first column of the first row; 0 for NULL or no row. */
NODISCARD bool sqlite_migrator_int(struct migrator *migrator, const char *sql, int64_t *ret);
NODISCARD bool postgres_migrator_int(struct migrator *migrator, const char *sql, int64_t *ret);

/* Once all steps are done: what the planner is to believe (db/sqlite_statistics.h). */
NODISCARD bool sqlite_migrator_tell_planner(struct migrator *migrator);

/* The script for one engine: @int@ @bool@ @text@ @day@ @time@ @blob@ @strict@ @keyed@. False: an unknown @word@. */
NODISCARD bool migration_expand(struct arena *arena, enum db_engine kind, const char *sql,
                                struct text *ret_sql, struct text *ret_word);
/* The newest version of a list. */
int64_t migrations_newest(const struct db_migration *list);
/* Whether a database of version `found` may be served: RC_OK, RC_NONE (too old), RC_RACE (too new). */
NODISCARD enum rc schema_judge(const struct db_migration *list, int64_t found, struct arena *arena,
                               struct text *ret_why);

#define SCHEMA_EXISTS_SQLITE "SELECT count(*) FROM sqlite_master WHERE name = 'schema_version'"
#define SCHEMA_EXISTS_POSTGRES                                                                               \
    "SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = 'public' AND tablename = 'schema_version'"
#define SCHEMA_NEWEST "SELECT max(version) FROM schema_version"

#endif
