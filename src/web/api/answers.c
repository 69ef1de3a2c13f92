#include "web/api/answers.h"

#include "web/api/answer_table.h"

static const struct field state_fields[] = {HAS("state", TEXT)};
const struct form answer_state = ANSWER("State", state_fields);

static const struct field session_fields[] = {HAS("token", TEXT), HAS("role", TEXT), MAY("facility", ID),
                                              HAS("expires_at", INSTANT)};
const struct form answer_session = ANSWER("SessionOpened", session_fields);

static const struct field named_fields[] = {HAS("code", TEXT), HAS("name", TEXT)};
static const struct form answer_named = ANSWER("Named", named_fields);

static const struct field consent_fields[] = {HAS("code", TEXT), HAS("name", TEXT), HAS("required", BOOL)};
static const struct form answer_consent = ANSWER("ConsentAsked", consent_fields);

static const struct field care_fields[] = {
    HAS("care", TEXT),        HAS("name", TEXT), MAY("note", TEXT),      HAS("kind", TEXT),
    HAS("start", TEXT),       HAS("end", TEXT),  HAS("charge", TEXT),    HAS("quota", TEXT),
    HAS_LIST("pools", TEXTS), MAY_ANY("age"),    MAY("min_nights", INT), MAY("max_nights", INT),
    HAS_ANY("prices")};
static const struct form answer_care = ANSWER("Care", care_fields);

static const struct field pool_fields[] = {HAS("code", TEXT), HAS("name", TEXT), HAS("units", COUNTS)};
static const struct form answer_pool = ANSWER("Pool", pool_fields);

static const struct field city_fields[] = {HAS("code", TEXT),
                                           HAS("name", TEXT),
                                           HAS("today", DAY),
                                           MAY("office", TEXT),
                                           MAY("phone", TEXT),
                                           MAY("hours", TEXT),
                                           MAY_LIST("wards", TEXTS),
                                           MAY_EACH("cares", care),
                                           MAY_EACH("classes", named),
                                           MAY_EACH("pools", pool),
                                           MAY_EACH("consents", consent),
                                           MAY_EACH("exclusions", named),
                                           MAY_ANY("rules")};
const struct form answer_city = ANSWER("City", city_fields);

static const struct field facility_care_fields[] = {HAS("care", TEXT), MAY("age_months_max", INT),
                                                    MAY("price", INT), MAY("answer_hours", INT),
                                                    MAY("lapse_to", TEXT)};
static const struct form answer_facility_care = ANSWER("FacilityCare", facility_care_fields);

static const struct field facility_fields[] = {HAS("id", ID),
                                               HAS("code", TEXT),
                                               HAS("name", TEXT),
                                               HAS("kana", TEXT),
                                               HAS("kind", TEXT),
                                               HAS("ward", TEXT),
                                               HAS("postal_code", TEXT),
                                               HAS("address", TEXT),
                                               HAS("phone", TEXT),
                                               MAY("introduction", TEXT),
                                               MAY("access", TEXT),
                                               MAY("bring", TEXT),
                                               HAS("multiples", BOOL),
                                               HAS("siblings", BOOL),
                                               HAS("partner", BOOL),
                                               MAY("suspended", BOOL),
                                               HAS_EACH("cares", facility_care),
                                               HAS("version", INT)};
const struct form answer_facility = ANSWER("Facility", facility_fields);

static const struct field facilities_fields[] = {HAS_EACH("facilities", facility), MAY("next", ID)};
const struct form answer_facilities = ANSWER("Facilities", facilities_fields);

static const struct field vacancy_fields[] = {HAS("facility", ID),  HAS("care", TEXT), HAS("date", DAY),
                                              HAS("capacity", INT), HAS("open", INT),  HAS("mark", TEXT)};
static const struct form answer_vacancy = ANSWER("VacancyDay", vacancy_fields);

static const struct field vacancies_fields[] = {HAS("as_of", INSTANT), HAS_EACH("days", vacancy)};
const struct form answer_vacancies = ANSWER("Vacancies", vacancies_fields);

static const struct field capacity_fields[] = {MAY("id", ID), HAS("days_changed", INT),
                                               HAS_LIST("shortfalls", IDS)};
const struct form answer_capacity = ANSWER("CapacityChanged", capacity_fields);

static const struct field day_fields[] = {HAS("care", TEXT), HAS("date", DAY),     HAS("capacity", INT),
                                          HAS("taken", INT), HAS("held", INT),     HAS("blocked", INT),
                                          HAS("open", INT),  HAS("shortfall", INT)};
static const struct form answer_day = ANSWER("CapacityDay", day_fields);

static const struct field days_fields[] = {HAS_EACH("days", day)};
const struct form answer_days = ANSWER("CapacityDays", days_fields);

static const struct field block_fields[] = {
    HAS("id", ID),    HAS("care", TEXT),   HAS("from", DAY),          HAS("to", DAY),
    HAS("beds", INT), HAS("reason", TEXT), HAS("created_at", INSTANT)};
static const struct form answer_block = ANSWER("Block", block_fields);

static const struct field blocks_fields[] = {HAS_EACH("blocks", block)};
const struct form answer_blocks = ANSWER("Blocks", blocks_fields);

static const struct field thing_fields[] = {HAS("id", ID)};
const struct form answer_thing = ANSWER("Thing", thing_fields);

static const struct field registered_fields[] = {HAS("id", ID), HAS("state", TEXT), HAS("version", INT)};
const struct form answer_registered = ANSWER("RegistrationMoved", registered_fields);

static const struct field mother_fields[] = {
    HAS("name", TEXT),    HAS("kana", TEXT),  HAS("birth_date", DAY), HAS("postal_code", TEXT),
    HAS("address", TEXT), HAS("phone", TEXT), MAY("email", TEXT)};
static const struct form answer_mother = ANSWER("MotherShown", mother_fields);

static const struct field child_fields[] = {
    MAY("id", ID),        MAY("name", TEXT),          MAY("birth_date", DAY),
    MAY("due_date", DAY), MAY("gestation_days", INT), MAY("weight_g", INT)};
static const struct form answer_child = ANSWER("ChildShown", child_fields);

static const struct field balance_fields[] = {HAS("pool", TEXT), HAS("granted", INT), HAS("used", INT),
                                              HAS("booked", INT), HAS("left", INT)};
static const struct form answer_balance = ANSWER("PoolBalance", balance_fields);

static const struct field grant_fields[] = {
    HAS("number", INT),   HAS("household_class", TEXT), MAY("class_proven", DAY),  HAS("valid_from", DAY),
    HAS("valid_to", DAY), HAS("approved_at", INSTANT),  HAS_EACH("pools", balance)};
static const struct form answer_grant = ANSWER("Grant", grant_fields);

static const struct field interview_fields[] = {HAS("at", INSTANT), HAS("by", TEXT), HAS("note", TEXT),
                                                HAS_LIST("needs", TEXTS)};
static const struct form answer_interview = ANSWER("InterviewShown", interview_fields);

static const struct field registration_fields[] = {HAS("id", ID),
                                                   HAS("state", TEXT),
                                                   HAS("resident", ID),
                                                   HAS_ONE("mother", mother),
                                                   HAS("household_class", TEXT),
                                                   HAS("note", TEXT),
                                                   MAY("reason", TEXT),
                                                   HAS("child_count", INT),
                                                   MAY("first_birth", DAY),
                                                   HAS("interview_count", INT),
                                                   HAS("submitted_at", INSTANT),
                                                   MAY("decided_at", INSTANT),
                                                   HAS("version", INT),
                                                   MAY_EACH("children", child),
                                                   MAY_LIST("consents", TEXTS),
                                                   MAY_ONE("grant", grant),
                                                   MAY_EACH("interviews", interview),
                                                   MAY_LIST("alike", IDS)};
const struct form answer_registration = ANSWER("Registration", registration_fields);

static const struct field registrations_fields[] = {HAS_EACH("registrations", registration), MAY("next", ID)};
const struct form answer_registrations = ANSWER("Registrations", registrations_fields);

static const struct field me_fields[] = {
    HAS("id", ID),        HAS("role", TEXT),           HAS("name", TEXT),
    MAY("facility", ID),  HAS("notices_unread", INT),  MAY_ANY("registration"),
    MAY_ANY("class"),     MAY("number", INT),          MAY("valid_from", DAY),
    MAY("valid_to", DAY), MAY_EACH("children", child), MAY_EACH("pools", balance),
    MAY_ANY("last_day")};
const struct form answer_me = ANSWER("Me", me_fields);

static const struct field refusal_fields[] = {HAS("code", TEXT), HAS("detail", TEXT), HAS_ANY("figures")};
static const struct form answer_refusal = ANSWER("RefusalShown", refusal_fields);

static const struct field pool_change_fields[] = {HAS("pool", TEXT), HAS("name", TEXT), HAS("granted", INT),
                                                  HAS("left_before", INT), HAS("left_after", INT)};
static const struct form answer_pool_change = ANSWER("PoolChange", pool_change_fields);

static const struct field late_fields[] = {HAS("fee", INT), HAS("units_charged", INT)};
static const struct form answer_late = ANSWER("LateChange", late_fields);

static const struct field class_check_fields[] = {HAS("class", TEXT), HAS("year", INT), HAS("detail", TEXT)};
static const struct form answer_class_check = ANSWER("ClassCheck", class_check_fields);

static const struct field quote_fields[] = {MAY_ONE("late_change", late),
                                            MAY_ONE("class_check", class_check),
                                            HAS("allowed", BOOL),
                                            HAS_EACH("refusals", refusal),
                                            HAS("units", INT),
                                            HAS_ANY("fee"),
                                            HAS_EACH("pools", pool_change),
                                            HAS_ANY("free_cancel_until"),
                                            MAY("answer_by", INSTANT)};
const struct form answer_quote = ANSWER("Quote", quote_fields);

static const struct field booked_fields[] = {HAS("proposed", BOOL),
                                             MAY_ONE("late_change", late),
                                             HAS("id", ID),
                                             HAS("state", TEXT),
                                             HAS("units", INT),
                                             HAS("fee", INT),
                                             MAY("answer_by", INSTANT),
                                             HAS("version", INT)};
const struct form answer_booked = ANSWER("BookingMoved", booked_fields);

static const struct field ended_fields[] = {HAS("id", ID), HAS("state", TEXT), HAS("fee", INT),
                                            HAS("units_charged", INT), HAS("version", INT)};
const struct form answer_ended = ANSWER("BookingEnded", ended_fields);

static const struct field line_fields[] = {HAS("what", TEXT), HAS("name", TEXT), HAS("units", INT),
                                           HAS("each", INT), HAS("amount", INT)};
static const struct form answer_line = ANSWER("PriceLine", line_fields);

static const struct field event_fields[] = {HAS("at", INSTANT), HAS("by", TEXT), HAS("event", TEXT),
                                            MAY("from", TEXT),  HAS("to", TEXT), MAY("reason", TEXT)};
static const struct form answer_event = ANSWER("BookingEvent", event_fields);

static const struct field resident_fields[] = {HAS("id", ID), MAY("name", TEXT), MAY("kana", TEXT),
                                               MAY("phone", TEXT), HAS("children", INT)};
static const struct form answer_resident = ANSWER("ResidentShown", resident_fields);

static const struct field booking_fields[] = {HAS("id", ID),
                                              HAS("state", TEXT),
                                              HAS("facility", ID),
                                              HAS("facility_name", TEXT),
                                              MAY("facility_phone", TEXT),
                                              HAS("care", TEXT),
                                              HAS("start", DAY),
                                              HAS("end", DAY),
                                              HAS("units", INT),
                                              HAS("fee", INT),
                                              HAS("household_class", TEXT),
                                              MAY("answer_by", INSTANT),
                                              MAY("free_cancel_until", INSTANT),
                                              MAY("change_of", ID),
                                              MAY("changing_to", ID),
                                              HAS("proposed", BOOL),
                                              MAY_ONE("late_change", late),
                                              MAY("message", TEXT),
                                              MAY("reason", TEXT),
                                              MAY("cancel_fee", INT),
                                              HAS("origin", TEXT),
                                              HAS("created_at", INSTANT),
                                              HAS("changed_at", INSTANT),
                                              HAS("version", INT),
                                              MAY("contract_price", INT),
                                              MAY("report", TEXT),
                                              MAY_ONE("resident", resident),
                                              MAY_EACH("lines", line),
                                              MAY_EACH("events", event),
                                              MAY_EACH("children", child)};
const struct form answer_booking = ANSWER("Booking", booking_fields);

static const struct field bookings_fields[] = {HAS_EACH("bookings", booking), MAY("next", ID)};
const struct form answer_bookings = ANSWER("Bookings", bookings_fields);

static const struct field wished_fields[] = {HAS("id", ID), HAS("state", TEXT), MAY("offer", ID),
                                             MAY("booking", ID)};
const struct form answer_wished = ANSWER("WaitMoved", wished_fields);

static const struct field wait_fields[] = {HAS("id", ID),
                                           HAS("state", TEXT),
                                           HAS("care", TEXT),
                                           HAS("from", DAY),
                                           HAS("to", DAY),
                                           HAS("nights", INT),
                                           HAS("any_facility", BOOL),
                                           MAY("facility_names", TEXT),
                                           HAS("mode", TEXT),
                                           HAS("notice_hours", INT),
                                           MAY("swap_for", ID),
                                           MAY("closed_why", TEXT),
                                           HAS("created_at", INSTANT),
                                           MAY("resident", ID),
                                           MAY("name", TEXT)};
static const struct form answer_wait = ANSWER("Wait", wait_fields);

static const struct field waits_fields[] = {HAS_EACH("waits", wait), MAY("next", ID)};
const struct form answer_waits = ANSWER("Waits", waits_fields);

static const struct field offer_fields[] = {HAS("id", ID),
                                            HAS("wait", ID),
                                            HAS("state", TEXT),
                                            HAS("facility", ID),
                                            HAS("facility_name", TEXT),
                                            HAS("care", TEXT),
                                            HAS("start", DAY),
                                            HAS("end", DAY),
                                            HAS("created_at", INSTANT),
                                            HAS("expires_at", INSTANT),
                                            MAY("answered_at", INSTANT),
                                            MAY("booking", ID)};
static const struct form answer_offer = ANSWER("Offer", offer_fields);

static const struct field offers_fields[] = {HAS_EACH("offers", offer), MAY("next", ID)};
const struct form answer_offers = ANSWER("Offers", offers_fields);

static const struct field offered_fields[] = {HAS("id", ID), HAS("state", TEXT), MAY("booking", ID),
                                              MAY("booking_state", TEXT), MAY("answer_by", INSTANT)};
const struct form answer_offered = ANSWER("OfferAnswered", offered_fields);

static const struct field usage_row_fields[] = {
    HAS("fiscal_year", INT), HAS("era", TEXT), HAS("care", TEXT),     HAS("uses", INT),
    HAS_ANY("persons"),      HAS_ANY("units"), HAS("expected", BOOL), HAS("imported", INT)};
static const struct form answer_usage_row = ANSWER("UsageRow", usage_row_fields);

static const struct field usage_fields[] = {HAS_EACH("rows", usage_row)};
const struct form answer_usage = ANSWER("Usage", usage_fields);

static const struct field claim_fields[] = {
    HAS("booking", ID),     HAS("facility", ID),   HAS("facility_name", TEXT), HAS("care", TEXT),
    HAS("start", DAY),      HAS("end", DAY),       HAS("state", TEXT),         HAS("units", INT),
    HAS("unit_price", INT), HAS("additions", INT), HAS("total", INT),          HAS("resident_share", INT),
    HAS("city_share", INT)};
static const struct form answer_claim = ANSWER("Claim", claim_fields);

static const struct field claim_sum_fields[] = {HAS("count", INT), HAS("units", INT), HAS("total", INT),
                                                HAS("resident_share", INT), HAS("city_share", INT)};
static const struct form answer_claim_sum = ANSWER("ClaimSum", claim_sum_fields);

static const struct field claims_fields[] = {HAS("month", TEXT), HAS_EACH("claims", claim),
                                             HAS_ONE("sum", claim_sum)};
const struct form answer_claims = ANSWER("Claims", claims_fields);

static const struct field audit_entry_fields[] = {
    HAS("id", ID),      HAS("at", INSTANT),  MAY("actor", ID),    MAY("actor_name", TEXT),
    HAS("role", TEXT),  HAS("action", TEXT), HAS("object", TEXT), MAY("object_id", ID),
    MAY("subject", ID), MAY("detail", TEXT)};
static const struct form answer_audit_entry = ANSWER("AuditEntry", audit_entry_fields);

static const struct field audit_fields[] = {HAS_EACH("entries", audit_entry), MAY("next", ID)};
const struct form answer_audit = ANSWER("AuditEntries", audit_fields);

static const struct field notice_fields[] = {
    HAS("id", ID),     HAS("kind", TEXT),          HAS("subject", TEXT),   HAS("body", TEXT),
    MAY("path", TEXT), HAS("created_at", INSTANT), MAY("read_at", INSTANT)};
static const struct form answer_notice = ANSWER("Notice", notice_fields);

static const struct field notices_fields[] = {HAS_EACH("notices", notice), MAY("next", ID)};
const struct form answer_notices = ANSWER("Notices", notices_fields);

static const struct field staff_row_fields[] = {
    HAS("id", ID),     HAS("role", TEXT),          HAS("login", TEXT),
    HAS("name", TEXT), MAY("facility_name", TEXT), HAS("state", TEXT)};
static const struct form answer_staff_row = ANSWER("Staff", staff_row_fields);

static const struct field staff_fields[] = {HAS_EACH("staff", staff_row)};
const struct form answer_staff = ANSWER("StaffList", staff_fields);

static const struct field staff_made_fields[] = {HAS("id", ID), HAS("totp_secret", TEXT),
                                                 HAS("totp_uri", TEXT)};
const struct form answer_staff_made = ANSWER("StaffMade", staff_made_fields);

static const struct field resident_row_fields[] = {
    HAS("id", ID),          HAS("registration", ID), HAS("name", TEXT),  HAS("kana", TEXT),
    HAS("birth_date", DAY), HAS("phone", TEXT),      HAS("number", INT), HAS("valid_to", DAY)};
static const struct form answer_resident_row = ANSWER("ResidentFound", resident_row_fields);

static const struct field residents_fields[] = {HAS_EACH("residents", resident_row)};
const struct form answer_residents = ANSWER("Residents", residents_fields);
