/* The record of who changed and who looked at what. */
#include "query/people.h"
#include "web/eye.h"
#include "web/page_form.h"
#include "web/staff/record_view.h"
#include "web/staff/staff.h"
#include "web/staff/tables.h"
#include "web/tmpl/staff/record.h"

enum { PAGE_ROWS = 50 };

struct audit_query {
    struct day from;
    struct day to;
    struct text action;
    struct account_id actor;
    struct account_id subject;
    int64_t after;
};
#define AT(member) .offset = offsetof(struct audit_query, member)
static const struct field audit_fields[] = {
    {.name = "from", .kind = FIELD_DAY, AT(from)},
    {.name = "to", .kind = FIELD_DAY, AT(to)},
    {.name = "action", .kind = FIELD_TEXT, .max = 60, AT(action)},
    {.name = "actor", .kind = FIELD_ID, AT(actor)},
    {.name = "subject", .kind = FIELD_ID, AT(subject)},
    {.name = "after", .kind = FIELD_ID, AT(after)},
};
#undef AT
static const struct form audit_form = FORM("StaffAudit", audit_fields, struct audit_query);

static struct audit_line audit_of(const struct exchange *x, const struct audit_row *row) {
    struct text object = row->object_id == 0 ? row->object
                                             : text_printf(x->arena, "%.*s %.*s", TEXT_F(row->object),
                                                           TEXT_F(staff_id(x, row->object_id)));
    return (struct audit_line){.at = staff_moment(x, row->at),
                               .who = row->actor_name,
                               .role = page_word(x, "role", row->role),
                               .action = row->action,
                               .object = object,
                               .subject_url = row->subject.n == 0
                                                  ? TEXT("")
                                                  : exchange_linkf(x, "/city/audit?subject=%.*s",
                                                                   TEXT_F(staff_id(x, row->subject.n))),
                               .detail = row->detail};
}

static struct text audit_next(const struct exchange *x, const struct audit_query *in, int64_t after) {
    struct text from = day_is_none(in->from) ? TEXT("") : day_format(x->arena, in->from);
    struct text to = day_is_none(in->to) ? TEXT("") : day_format(x->arena, in->to);
    struct text subject = in->subject.n == 0 ? TEXT("") : staff_id(x, in->subject.n);
    struct text actor = in->actor.n == 0 ? TEXT("") : staff_id(x, in->actor.n);
    return exchange_linkf(x, "/city/audit?from=%.*s&to=%.*s&action=%.*s&subject=%.*s&actor=%.*s&after=%.*s",
                          TEXT_F(from), TEXT_F(to), TEXT_F(http_escape(x->arena, in->action)),
                          TEXT_F(subject), TEXT_F(actor), TEXT_F(staff_id(x, after)));
}

static void show_audit(struct exchange *x) {
    const struct audit_query *in = exchange_query(x);
    struct audit_ask ask = {
        .actor = in->actor, .subject = in->subject, .action = in->action, .from = in->from, .to = in->to};
    struct query query = eye_of(x);
    struct query_page window = {.after = in->after, .limit = PAGE_ROWS};
    struct audit_found found;
    if (!staff_viewed(x, "audit.list", "audit", 0, in->subject)) { /* first: who looks sees that as well */
        return;
    }
    enum rc rc = query_audit(&query, &ask, &window, &found);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return;
    }
    struct error_list none = {0};
    struct audit_line *lines = arena_array(x->arena, struct audit_line, found.count + 1);
    for (size_t i = 0; i < found.count; i++) {
        lines[i] = audit_of(x, &found.rows[i]);
    }
    struct audit_page_view view = {.from = page_date(x, &x->query, &none, "from"),
                                   .to = page_date(x, &x->query, &none, "to"),
                                   .action = page_field(x, &x->query, &none, "action"),
                                   .lines = lines,
                                   .count = found.count,
                                   .full = found.count == PAGE_ROWS};
    if (found.next != 0) {
        view.after_url = audit_next(x, in, found.next);
    }
    struct page page;
    page_open(x, word_text(W_NAV_AUDIT), &page);
    tmpl_audit_page(&page.html, &page.frame, &view);
    page_send(x, 200, &page);
}

static const struct route rows[] = {
    {HTTP_GET, "/city/audit", show_audit, .roles = FOR_AUDITOR | FOR_CITY_ADMIN, .cache = CACHE_ROUND,
     .query = &audit_form},
};
const struct route_table staff_record_routes = ROUTES(rows);
