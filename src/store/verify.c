#include "store/verify.h"

#include <assert.h>

#define LIVE "('requested', 'confirmed', 'in-use', 'completed', 'no-show')"
#define KEY(table) "CAST(" table ".id AS text)"
#define RULES_KEY "CAST(v.city AS text) || ':' || CAST(v.number AS text)"
#define SLOT_KEY "CAST(s.facility AS text) || ':' || s.care || ':' || s.day"
#define SLOT_IS(n)                                                                                           \
    n ".city = s.city AND " n ".facility = s.facility AND " n ".care = s.care AND " n ".day = s.day"
/* The two numbers of the cause 'booking:ID:NO', as texts, so that the event is looked up by its key: to compare the
 * cause with every event's name would be all events for each notice. No number of ours has more than 19 digits. */
#define NOTICE_BOOKING "SUBSTR(RTRIM(RTRIM(n.cause, '0123456789'), ':'), 9)"
#define NOTICE_NO "SUBSTR(n.cause, LENGTH(RTRIM(n.cause, '0123456789')) + 1)"
#define IS_NUMBER(t) "LENGTH(" t ") BETWEEN 1 AND 19 AND RTRIM(" t ", '0123456789') = ''"
#define NOTICE_NUMBERED IS_NUMBER(NOTICE_BOOKING) " AND " IS_NUMBER(NOTICE_NO)
/* Every check is a list of keys `k`; this counts them and names one. */
#define BREACHES(keys) "SELECT COUNT(*), MIN(k) FROM (" keys ") AS found"

static const struct db_column found_cols[] = {DB_COL(struct verify_found, breaches, DB_INT),
                                              DB_COL(struct verify_found, first, DB_TEXT)};
#define CHECK(keys)                                                                                          \
    { .sql = BREACHES(keys), .binds = "", DB_COLS(found_cols) }
#define CHECK_NOW(keys)                                                                                      \
    { .sql = BREACHES(keys), .binds = "s", DB_COLS(found_cols) }

static const struct verify_check checks[] = {
    {"I1", "No day promises more places than its capacity and its shown shortfall."},
    {"I1", "A shortfall is exactly what is promised beyond the capacity."},
    {"I2", "Places taken are the nights of live bookings."},
    {"I2", "Places held are the nights of open offers."},
    {"I2", "Places blocked are the beds of blocks in force."},
    {"I3", "A borrowed night rides on an own night of the booking it will replace."},
    {"I4", "A resident is in one place a day."},
    {"I5", "Units booked and used are within what was granted."},
    {"I5", "A grant's counters are the sums of its bookings, and of what was used before."},
    {"I5", "A booking never weighs more on a pool than it costs."},
    {"I6", "A live booking lies inside the period of its grant."},
    {"I8", "A booking that ended holds no night, a live one holds one at least."},
    {"I8", "Only an undecided change has nights on the side, and all of its nights are there."},
    {"I9", "Every booking begins with an event."},
    {"I9", "A request is answered by the side it was put to."},
    {"I11", "No request and no offer stays open past its time."},
    {"I12", "A booking's price is the sum of its lines."},
    {"I12", "Only a cancellation or a missed use has a cancellation fee."},
    {"I12", "A change has cost for the old booking what was said when it was asked for."},
    {"I14", "Offers and their nights agree, and a wish has one open offer at most."},
    {"I15", "An offer is for a place that the wish names."},
    {"I16", "A wish is offered while an offer of it is open, and only then."},
    {"I16", "An accepted offer has the booking of its own place."},
    {"I17", "A key has one complete answer."},
    {"I18", "Every event of a booking has its audit row."},
    {"I19", "Every event that must be told has exactly one notice to the resident."},
    {"I19", "Every notice of a booking has its event."},
    {"I20", "A notice is sent when it says so, under a name of its own."},
    {"I21", "The versions of a city's rules are numbered without a gap."},
    {"I21", "No version was published for a day that had come, or ended after it began."},
    {"I21", "Every version has the audit row of its publishing, and of its withdrawal."},
    {"I21", "No booking was judged by rules that the city has not had yet."},
};

enum { VERIFY_EVENTS = COUNT(checks), VERIFY_NIGHTS, VERIFY__COUNT };

static const struct db_column event_cols[] = {
    DB_COL(struct verify_event, booking, DB_INT), DB_COL(struct verify_event, no, DB_INT),
    DB_COL(struct verify_event, event, DB_TEXT), DB_COL(struct verify_event, from_state, DB_TEXT),
    DB_COL(struct verify_event, to_state, DB_TEXT)};
static const struct db_column night_cols[] = {
    DB_COL(struct verify_night, booking, DB_INT), DB_COL(struct verify_night, day, DB_DAY),
    DB_COL(struct verify_night, facility, DB_INT), DB_COL(struct verify_night, care, DB_TEXT),
    DB_COL(struct verify_night, active, DB_BOOL)};

static const struct db_stmt stmts[VERIFY__COUNT] = {
    CHECK("SELECT " SLOT_KEY " AS k FROM slot s WHERE taken + held + blocked > capacity + shortfall"),
    CHECK("SELECT " SLOT_KEY
          " AS k FROM slot s WHERE shortfall <> CASE WHEN taken + held + blocked > capacity"
          " THEN taken + held + blocked - capacity ELSE 0 END"),
    CHECK(
        "SELECT " SLOT_KEY
        " AS k FROM slot s LEFT JOIN (SELECT city, facility, care, day, COUNT(*) AS nights FROM booking_night"
        " WHERE active = 1 AND borrowed = 0 GROUP BY city, facility, care, day) n ON " SLOT_IS(
            "n") " WHERE s.taken <> COALESCE(n.nights, 0)"),
    CHECK("SELECT " SLOT_KEY
          " AS k FROM slot s WHERE s.held <> (SELECT COUNT(*) FROM offer_night n WHERE " SLOT_IS(
              "n") " AND n.active = 1)"),
    CHECK("SELECT " SLOT_KEY
          " AS k FROM slot s WHERE s.blocked <> (SELECT COALESCE(SUM(b.beds), 0) FROM block b"
          " WHERE b.city = s.city AND b.facility = s.facility AND b.care = s.care"
          " AND s.day BETWEEN b.from_day AND b.to_day AND b.lifted_at IS NULL)"),
    CHECK("SELECT CAST(n.booking AS text) || ':' || n.day AS k FROM booking_night n"
          " JOIN booking b ON b.city = n.city AND b.id = n.booking WHERE n.active = 1 AND n.borrowed = 1"
          " AND NOT EXISTS (SELECT 1 FROM booking_night o WHERE o.city = n.city AND o.booking = b.change_of"
          " AND o.facility = n.facility AND o.care = n.care AND o.day = n.day AND o.active = 1"
          " AND o.borrowed = 0)"),
    CHECK("SELECT CAST(account AS text) || ':' || day AS k FROM booking_night WHERE active = 1"
          " GROUP BY city, account, day, side HAVING COUNT(*) > 1"),
    CHECK("SELECT CAST(registration AS text) || ':' || pool AS k FROM grant_pool"
          " WHERE booked + used > granted OR booked < 0 OR used < 0"),
    CHECK("SELECT CAST(g.registration AS text) || ':' || g.pool AS k FROM grant_pool g LEFT JOIN"
          " (SELECT city, registration, pool, SUM(reserved) AS reserved, SUM(used) AS used FROM booking_pool"
          " GROUP BY city, registration, pool) p"
          " ON p.city = g.city AND p.registration = g.registration AND p.pool = g.pool"
          " LEFT JOIN grant_before f ON f.city = g.city AND f.registration = g.registration"
          " AND f.what = 'pool' AND f.code = g.pool"
          " WHERE g.booked <> COALESCE(p.reserved, 0)"
          " OR g.used <> COALESCE(p.used, 0) + COALESCE(f.units, 0)"),
    CHECK("SELECT CAST(p.booking AS text) || ':' || p.pool AS k FROM booking_pool p JOIN booking b"
          " ON b.city = p.city AND b.id = p.booking WHERE p.reserved > p.units OR p.used > p.units"
          " OR (b.state IN ('requested', 'confirmed') AND (p.used <> 0"
          " OR (b.change_of IS NULL AND p.reserved <> p.units)))"
          " OR (b.state NOT IN ('requested', 'confirmed') AND p.reserved <> 0)"
          " OR (b.state IN ('in-use', 'completed') AND p.used <> p.units)"
          " OR (b.state IN ('declined', 'lapsed') AND p.used <> 0)"),
    CHECK("SELECT " KEY(
        "b") " AS k FROM booking b JOIN grant_ g ON g.city = b.city"
             " AND g.registration = b.registration WHERE b.state IN " LIVE
             " AND (b.start_day < g.valid_from OR b.end_day > g.valid_to OR b.account <> g.account)"),
    CHECK("SELECT " KEY(
        "b") " AS k FROM booking b WHERE (b.state IN " LIVE ") <> EXISTS (SELECT 1"
             " FROM booking_night n WHERE n.city = b.city AND n.booking = b.id AND n.active = 1)"
             " AND b.origin <> 'history'"),
    CHECK("SELECT CAST(n.booking AS text) || ':' || n.day AS k FROM booking_night n JOIN booking b"
          " ON b.city = n.city AND b.id = n.booking WHERE n.active = 1"
          " AND (n.side = 1) <> (b.state = 'requested' AND b.change_of IS NOT NULL)"),
    CHECK(
        "SELECT " KEY("b") " AS k FROM booking b WHERE b.origin <> 'history' AND NOT EXISTS (SELECT 1"
                           " FROM booking_event e WHERE e.city = b.city AND e.booking = b.id AND e.no = 1)"),
    CHECK(
        "SELECT CAST(e.booking AS text) || ':' || CAST(e.no AS text) AS k FROM booking_event e JOIN booking b"
        " ON b.city = e.city AND b.id = e.booking LEFT JOIN account a ON a.city = e.city AND a.id = e.actor"
        " WHERE (e.event IN ('accept', 'decline') AND a.role = CASE WHEN b.proposed = 1 THEN 'facility'"
        " ELSE 'resident' END) OR (e.event = 'lapse-accept' AND b.proposed = 1)"),
    CHECK_NOW("SELECT " KEY("b") " AS k FROM booking b WHERE b.state = 'requested' AND b.answer_by < $1 - 60"
                                 " UNION ALL SELECT " KEY("o") " AS k FROM offer o WHERE o.state = 'open'"
                                                               " AND o.expires_at < $1 - 60"),
    CHECK("SELECT " KEY(
        "b") " AS k FROM booking b WHERE b.origin <> 'history' AND (b.fee <> (SELECT"
             " COALESCE(SUM(l.amount), 0) FROM booking_line l WHERE l.city = b.city AND l.booking = b.id)"
             " OR EXISTS (SELECT 1 FROM booking_line l WHERE l.city = b.city AND l.booking = b.id"
             " AND l.amount <> l.units * l.each_yen))"),
    CHECK("SELECT " KEY("b") " AS k FROM booking b WHERE b.cancel_fee IS NOT NULL"
                             " AND b.state NOT IN ('cancelled', 'no-show')"),
    CHECK("SELECT " KEY("b") " AS k FROM booking b JOIN booking o ON o.city = b.city AND o.id = b.change_of"
                             " WHERE b.state IN ('confirmed', 'in-use', 'completed', 'no-show')"
                             " AND (o.state <> 'cancelled' OR COALESCE(o.cancel_fee, 0) <> b.change_fee)"),
    CHECK("SELECT " KEY(
        "o") " AS k FROM offer o WHERE (o.state = 'open') <> EXISTS (SELECT 1 FROM offer_night n"
             " WHERE n.city = o.city AND n.offer = o.id AND n.active = 1)"
             " UNION ALL SELECT CAST(o.wait AS text) AS k FROM offer o WHERE o.state = 'open'"
             " GROUP BY o.city, o.wait HAVING COUNT(*) > 1"),
    CHECK("SELECT " KEY(
        "o") " AS k FROM offer o JOIN wait w ON w.city = o.city AND w.id = o.wait"
             " WHERE o.care <> w.care OR o.account <> w.account OR o.start_day < w.from_day"
             " OR o.end_day > w.to_day OR (w.any_facility = 0 AND NOT EXISTS (SELECT 1 FROM wait_facility f"
             " WHERE f.city = o.city AND f.wait = o.wait AND f.facility = o.facility))"),
    CHECK("SELECT " KEY("w") " AS k FROM wait w WHERE (w.state = 'offered') <> EXISTS (SELECT 1 FROM offer o"
                             " WHERE o.city = w.city AND o.wait = w.id AND o.state = 'open')"),
    CHECK("SELECT " KEY(
        "o") " AS k FROM offer o LEFT JOIN booking b ON b.city = o.city AND b.id = o.booking"
             " WHERE o.state = 'accepted' AND (b.id IS NULL OR b.account <> o.account OR b.facility <> o.facility"
             " OR b.care <> o.care OR b.start_day <> o.start_day OR b.end_day <> o.end_day)"),
    CHECK("SELECT key AS k FROM idem WHERE status NOT BETWEEN 100 AND 599"),
    CHECK("SELECT CAST(e.booking AS text) || ':' || CAST(e.no AS text) AS k FROM booking_event e"
          " JOIN booking b ON b.city = e.city AND b.id = e.booking WHERE b.origin <> 'history'"
          " AND NOT EXISTS (SELECT 1 FROM audit a WHERE a.city = e.city AND a.subject = b.account"
          " AND a.subject <> 0 AND a.object = 'booking' AND a.object_id = e.booking"
          " AND a.action = 'booking.' || e.event)"),
    CHECK("SELECT CAST(e.booking AS text) || ':' || CAST(e.no AS text) AS k FROM booking_event e"
          " JOIN booking b ON b.city = e.city AND b.id = e.booking WHERE b.origin <> 'history'"
          " AND e.event IN ('request', 'confirm', 'accept', 'decline', 'lapse', 'lapse-accept', 'cancel')"
          " AND (SELECT COUNT(*) FROM notice n WHERE n.city = e.city AND n.account = b.account AND n.cause ="
          " 'booking:' || CAST(e.booking AS text) || ':' || CAST(e.no AS text)) <> 1"),
    CHECK("SELECT n.cause AS k FROM notice n WHERE n.cause LIKE 'booking:%' AND CASE WHEN " NOTICE_NUMBERED
          " THEN NOT EXISTS (SELECT 1 FROM booking_event e WHERE e.city = n.city"
          " AND e.booking = CAST(" NOTICE_BOOKING " AS bigint) AND e.no = CAST(" NOTICE_NO " AS bigint)"
          " AND n.cause = 'booking:' || CAST(e.booking AS text) || ':' || CAST(e.no AS text))"
          " ELSE 1 = 1 END"),
    CHECK("SELECT " KEY(
        "n") " AS k FROM notice n WHERE (n.state = 'sent') <> (n.sent_at IS NOT NULL)"
             " UNION ALL SELECT message_id AS k FROM notice GROUP BY message_id HAVING COUNT(*) > 1"),
    CHECK("SELECT CAST(city AS text) AS k FROM rules_version GROUP BY city HAVING COUNT(*) <> MAX(number)"),
    CHECK("SELECT " RULES_KEY " AS k FROM rules_version v WHERE (v.imported = 0 AND"
          " v.valid_from <= v.published_day) OR v.ended_day >= v.valid_from"),
    CHECK("SELECT " RULES_KEY " AS k FROM rules_version v WHERE NOT EXISTS (SELECT 1 FROM audit a"
          " WHERE a.city = v.city AND a.object = 'rules' AND a.object_id = v.number"
          " AND a.action = CASE WHEN v.imported = 1 THEN 'rules.import' ELSE 'rules.publish' END)"
          " OR (v.ended_how = 'withdrawn' AND NOT EXISTS (SELECT 1 FROM audit a WHERE a.city = v.city"
          " AND a.object = 'rules' AND a.object_id = v.number AND a.action = 'rules.withdraw'))"),
    CHECK("SELECT " KEY("b") " AS k FROM booking b JOIN city c ON c.id = b.city"
                             " WHERE b.rules_revision > c.rules_revision"),
    [VERIFY_EVENTS] =
        {.sql = "SELECT booking, no, event, from_state, to_state FROM booking_event WHERE city = $1"
                " AND booking BETWEEN $2 AND $3 ORDER BY booking, no",
         .binds = "iii",
         DB_COLS(event_cols)},
    [VERIFY_NIGHTS] = {.sql = "SELECT booking, day, facility, care, active FROM booking_night WHERE city = $1"
                              " AND booking BETWEEN $2 AND $3 ORDER BY booking, day",
                       .binds = "iii",
                       DB_COLS(night_cols)},
};
const struct db_stmt_list verify_statements = STORE_STATEMENTS(stmts);

size_t verify_check_count(void) {
    return COUNT(checks);
}

struct verify_check verify_check_at(size_t i) {
    assert(i < COUNT(checks));
    return checks[i];
}

enum rc verify_check_run(struct tx *tx, size_t i, struct instant now, struct verify_found *ret_found) {
    assert(i < COUNT(checks));
    if (stmts[i].binds[0] == '\0') {
        return db_one(tx, &stmts[i], DB_NO_BIND, ret_found);
    }
    return db_one(tx, &stmts[i], DB_BIND(db_time(now)), ret_found);
}

enum rc verify_events(struct tx *tx, const struct verify_range *range, struct verify_event **ret_events,
                      size_t *ret_count) {
    return db_all(tx, &stmts[VERIFY_EVENTS],
                  DB_BIND(db_int(range->city.n), db_int(range->first.n), db_int(range->last.n)),
                  (struct db_rows){.row_size = sizeof(struct verify_event), .max = VERIFY_PAGE_ROWS},
                  ret_events, ret_count);
}

enum rc verify_nights(struct tx *tx, const struct verify_range *range, struct verify_night **ret_nights,
                      size_t *ret_count) {
    return db_all(tx, &stmts[VERIFY_NIGHTS],
                  DB_BIND(db_int(range->city.n), db_int(range->first.n), db_int(range->last.n)),
                  (struct db_rows){.row_size = sizeof(struct verify_night), .max = VERIFY_PAGE_ROWS},
                  ret_nights, ret_count);
}
