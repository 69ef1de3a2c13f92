#include "cli/statements.h"

#include "store/account.h"
#include "store/audit.h"
#include "store/idem.h"
#include "store/notice.h"

const struct db_stmt_list *const statements[] = {
    &store_account_statements,
    &store_audit_statements,
    &store_idem_statements,
    &store_notice_statements,
    NULL,
};
