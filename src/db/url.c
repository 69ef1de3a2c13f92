#include "db/url.h"

bool db_url_parse(struct text url, struct arena *arena, struct db_url *ret_url, struct text *ret_why) {
    static const struct text sqlite = TEXT_INIT("sqlite:");
    if (text_starts(url, sqlite) && url.n > sqlite.n) {
        *ret_url = (struct db_url){DB_SQLITE, text_copy(arena, text_part(url, sqlite.n, url.n))};
        return true;
    }
    if (text_starts(url, TEXT("postgresql://")) || text_starts(url, TEXT("postgres://"))) {
        *ret_url = (struct db_url){DB_POSTGRESQL, text_copy(arena, url)};
        return true;
    }
    /* The URL itself may hold a password: it is not repeated. */
    *ret_why = TEXT("database は sqlite:ファイルの場所 か postgresql://… の形で書いてください。");
    return false;
}
