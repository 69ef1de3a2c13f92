/* The statements of this floor, one list a file; cli/ hands them to db_open, which prepares them all. */
#ifndef SANGO_QUERY_STATEMENTS_H
#define SANGO_QUERY_STATEMENTS_H

#include "db/db.h"

extern const struct db_stmt_list query_audit_sql;
extern const struct db_stmt_list query_blocks_sql;
extern const struct db_stmt_list query_bookings_sql;
extern const struct db_stmt_list query_facilities_sql;
extern const struct db_stmt_list query_figures_sql;
extern const struct db_stmt_list query_records_sql;
extern const struct db_stmt_list query_registration_detail_sql;
extern const struct db_stmt_list query_registrations_sql;
extern const struct db_stmt_list query_waiting_sql;
extern const struct db_stmt_list query_waits_sql;

#endif
