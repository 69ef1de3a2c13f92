#include "web/api/answers.h"

#include "web/api/answer_table.h"

static const struct field version_fields[] = {
    HAS("number", INT),   HAS("valid_from", DAY),       MAY("valid_to", DAY),  HAS("state", TEXT),
    HAS("name", TEXT),    HAS("published_at", INSTANT), HAS("imported", BOOL), MAY("published_by", TEXT),
    MAY("reason", TEXT),  MAY("ended_at", INSTANT),     MAY("ended_by", TEXT), MAY("ended_reason", TEXT),
    MAY("document", TEXT)};
const struct form answer_rules_version = ANSWER("RulesVersion", version_fields);

static const struct field rules_fields[] = {HAS_EACH("versions", rules_version), HAS("draft", BOOL)};
const struct form answer_rules = ANSWER("Rules", rules_fields);

static const struct field draft_fields[] = {HAS("revision", INT), HAS("based_on", INT),
                                            HAS("changed_at", INSTANT), MAY("changed_by", TEXT),
                                            HAS("document", TEXT)};
const struct form answer_rules_draft = ANSWER("RulesDraft", draft_fields);

static const struct field fault_fields[] = {HAS("pointer", TEXT), HAS("sentence", TEXT)};
static const struct form answer_fault = ANSWER("RulesFault", fault_fields);

static const struct field check_fields[] = {
    HAS("revision", INT),      HAS("sound", BOOL),         HAS_EACH("faults", fault), MAY("valid_from", DAY),
    HAS("day_possible", BOOL), HAS("first_possible", DAY), HAS("replaces", INT),      HAS("bookings", INT)};
const struct form answer_rules_check = ANSWER("RulesCheck", check_fields);

static const struct field tried_fields[] = {HAS_EACH("faults", fault), MAY_ANY("quote")};
const struct form answer_rules_tried = ANSWER("RulesTried", tried_fields);

static const struct field saved_fields[] = {HAS("revision", INT)};
const struct form answer_rules_saved = ANSWER("RulesDraftSaved", saved_fields);

static const struct field published_fields[] = {HAS("number", INT), HAS("valid_from", DAY),
                                                MAY("replaced", INT), HAS("bookings", INT)};
const struct form answer_rules_published = ANSWER("RulesPublished", published_fields);

static const struct field compare_fields[] = {HAS("section", TEXT), HAS("label", TEXT), HAS("before", TEXT),
                                              HAS("after", TEXT), HAS("pointer", TEXT)};
static const struct form answer_compare = ANSWER("RulesDifference", compare_fields);
static const struct field comparison_fields[] = {HAS_EACH("rows", compare)};
const struct form answer_comparison = ANSWER("RulesComparison", comparison_fields);
