/* Which engine a database URL means, and where. */
#ifndef SANGO_DB_URL_H
#define SANGO_DB_URL_H

#include "db/db.h"

struct db_url {
    enum db_engine kind;
    struct text where; /* the path of the SQLite file, or the whole libpq URI */
};

NODISCARD bool db_url_parse(struct text url, struct arena *arena, struct db_url *ret_url,
                            struct text *ret_why);

#endif
