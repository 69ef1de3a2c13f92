/* Blocks in force: "one bed fewer from tonight", as the facility itself and the city see them. */
#include "db/db.h"
#include "query/facilities.h"
#include "query/statements.h"

static const struct db_column block_cols[] = {
    DB_COL(struct block_row, id, DB_INT),          DB_COL(struct block_row, care, DB_TEXT),
    DB_COL(struct block_row, from, DB_DAY),        DB_COL(struct block_row, to, DB_DAY),
    DB_COL(struct block_row, beds, DB_INT),        DB_COL(struct block_row, reason, DB_TEXT),
    DB_COL(struct block_row, created_at, DB_TIME),
};

enum { BLOCKS, STMT__MAX };

static const struct db_stmt sql[STMT__MAX] = {
    [BLOCKS] = {"SELECT id, care, from_day, to_day, beds, reason, created_at FROM block"
                " WHERE city = $1 AND facility = $2 AND to_day >= $3 AND lifted_at IS NULL"
                " ORDER BY from_day, id LIMIT 200",
                "iid", DB_COLS(block_cols), false},
};
const struct db_stmt_list query_blocks_sql = {sql, STMT__MAX};

struct blocks {
    const struct query *query;
    struct facility_id facility;
    struct day from;
    struct block_row *rows;
    size_t count;
};

static enum rc blocks_run(struct tx *tx, void *arg) {
    struct blocks *b = arg;
    return db_all(tx, &sql[BLOCKS], DB_BIND(db_int(b->query->city.n), db_int(b->facility.n), db_day(b->from)),
                  (struct db_rows){sizeof(struct block_row), 200}, &b->rows, &b->count);
}

enum rc query_blocks(const struct query *query, struct facility_id facility, struct day from,
                     struct block_row **ret_rows, size_t *ret_count) {
    if (query->eye != EYE_CITY && !(query->eye == EYE_FACILITY && query->facility.n == facility.n)) {
        return RC_NONE;
    }
    struct blocks b = {.query = query, .facility = facility, .from = from};
    enum db_error error;
    enum rc rc = db_read(query->db, query->arena, blocks_run, &b, &error);
    if (rc != RC_OK) {
        return rc;
    }
    *ret_rows = b.rows;
    *ret_count = b.count;
    return RC_OK;
}
