#include "cli/statements.h"

#include "query/statements.h"
#include "store/account.h"
#include "store/audit.h"
#include "store/backoff.h"
#include "store/booking.h"
#include "store/draft.h"
#include "store/facility.h"
#include "store/city.h"
#include "store/facts.h"
#include "store/idem.h"
#include "store/installation.h"
#include "store/job.h"
#include "store/notice.h"
#include "store/offer.h"
#include "store/registration.h"
#include "store/rules.h"
#include "store/session.h"
#include "store/slot.h"
#include "store/verify.h"
#include "store/wait.h"

/* One a line, so that two people can add theirs. */
/* clang-format off */
const struct db_stmt_list *const statements[] = {
    &account_statements,
    &audit_statements,
    &backoff_statements,
    &booking_statements,
    &draft_statements,
    &facility_statements,
    &city_statements,
    &facts_statements,
    &facts_spent_statements,
    &idem_statements,
    &installation_statements,
    &job_statements,
    &notice_statements,
    &offer_statements,
    &registration_statements,
    &rules_statements,
    &session_statements,
    &slot_statements,
    &verify_statements,
    &wait_statements,
    &query_bookings_sql,
    &query_audit_sql,
    &query_blocks_sql,
    &query_facilities_sql,
    &query_figures_sql,
    &query_records_sql,
    &query_registration_detail_sql,
    &query_registrations_sql,
    &query_waiting_sql,
    &query_waits_sql,
    NULL,
};
/* clang-format on */
