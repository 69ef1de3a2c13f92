/* The table itself. */
#include "profile/shape.h"

#define MEMBERS(shape_name, array)                                                                           \
    { .name = (shape_name), .fields = (array), .count = sizeof(array) / sizeof((array)[0]) }
#define MEMBERS_WAYS(shape_name, array, way_array)                                                           \
    {                                                                                                        \
        .name = (shape_name), .fields = (array), .count = sizeof(array) / sizeof((array)[0]),                \
        .ways = (way_array), .way_count = sizeof(way_array) / sizeof((way_array)[0])                         \
    }
#define COUNTINGS "nights days 24h use hours"
#define ROUNDINGS "down up half-up"

/* ---- moments ---- */

static const struct shape_field moment_fields[] = {
    {.key = "days", .kind = SHAPE_COUNT, .required = true},
    {.key = "weeks", .kind = SHAPE_COUNT, .required = true},
    {.key = "months", .kind = SHAPE_COUNT, .required = true},
    {.key = "weekday", .kind = SHAPE_CHOICE, .required = true, .choices = "mon tue wed thu fri sat sun"},
    {.key = "day", .kind = SHAPE_COUNT},
    {.key = "business", .kind = SHAPE_BOOL, .def = "false"},
    {.key = "at", .kind = SHAPE_CLOCK, .required = true},
    {.key = "shift", .kind = SHAPE_CHOICE, .def = "none", .choices = "none earlier"},
    {.key = "exclusive", .kind = SHAPE_BOOL, .def = "false"},
};
static const struct shape_way moment_ways[] = {
    {.code = "none", .test = "-"},
    {.code = "days",
     .test = "days",
     .keys = "days business",
     .blank = "{\"days\":1,\"at\":\"17:00\"}",
     .kind = SHAPE_OBJECT},
    {.code = "weeks",
     .test = "weeks",
     .keys = "weeks weekday",
     .blank = "{\"weeks\":1,\"weekday\":\"fri\",\"at\":\"17:00\"}",
     .kind = SHAPE_OBJECT},
    {.code = "months",
     .test = "months",
     .keys = "months day",
     .blank = "{\"months\":1,\"day\":20,\"at\":\"17:00\"}",
     .kind = SHAPE_OBJECT},
};
static const struct shape moment = MEMBERS_WAYS("moment", moment_fields, moment_ways);

/* ---- ages ---- */

static const struct shape_field corrected_fields[] = {
    {.key = "below_gestation_days", .kind = SHAPE_COUNT, .def = "0"},
    {.key = "below_weight_g", .kind = SHAPE_COUNT, .def = "0"},
};
static const struct shape corrected = MEMBERS("corrected", corrected_fields);

static const struct shape_field age_fields[] = {
    {.key = "months", .kind = SHAPE_COUNT, .required = true},
    {.key = "weeks", .kind = SHAPE_COUNT, .required = true},
    {.key = "days", .kind = SHAPE_COUNT, .required = true},
    {.key = "bound", .kind = SHAPE_CHOICE, .def = "under", .choices = "under through month-end"},
    {.key = "test", .kind = SHAPE_CHOICE, .def = "every-day", .choices = "every-day first-day last-day"},
    {.key = "from_days", .kind = SHAPE_COUNT, .def = "0"},
    {.key = "from_months", .kind = SHAPE_COUNT, .def = "0"},
    {.key = "corrected", .kind = SHAPE_OBJECT, .inner = &corrected},
};
static const struct shape_way age_ways[] = {
    {.code = "none", .test = "-"},
    {.code = "months", .test = "months", .keys = "months", .blank = "{\"months\":4}", .kind = SHAPE_OBJECT},
    {.code = "weeks", .test = "weeks", .keys = "weeks", .blank = "{\"weeks\":16}", .kind = SHAPE_OBJECT},
    {.code = "days", .test = "days", .keys = "days", .blank = "{\"days\":120}", .kind = SHAPE_OBJECT},
};
static const struct shape age = MEMBERS_WAYS("age", age_fields, age_ways);

static const struct shape_way loss_ways[] = {
    {.code = "no", .test = "-|!"},
    {.code = "same", .test = "+", .keys = "", .blank = "true", .kind = SHAPE_OBJECT},
    {.code = "months",
     .test = "months",
     .keys = "months bound test from_days from_months corrected",
     .blank = "{\"months\":12}",
     .kind = SHAPE_OBJECT},
    {.code = "weeks",
     .test = "weeks",
     .keys = "weeks bound test from_days from_months corrected",
     .blank = "{\"weeks\":16}",
     .kind = SHAPE_OBJECT},
    {.code = "days",
     .test = "days",
     .keys = "days bound test from_days from_months corrected",
     .blank = "{\"days\":120}",
     .kind = SHAPE_OBJECT},
};
static const struct shape loss = MEMBERS_WAYS("loss", age_fields, loss_ways);

static const struct shape_way holidays_ways[] = {
    {.code = "yes", .test = "-|+"},
    {.code = "no", .test = "!", .blank = "false", .kind = SHAPE_OBJECT},
    {.code = "every-day", .test = "'every-day", .blank = "\"every-day\"", .kind = SHAPE_OBJECT},
};
static const struct shape holidays = {
    .name = "holidays", .ways = holidays_ways, .way_count = sizeof holidays_ways / sizeof holidays_ways[0]};

/* ---- prices ---- */

static const struct shape_field price_fields[] = {
    {.key = "kind", .kind = SHAPE_TEXT}, /* told by the way */
    {.key = "first_units", .kind = SHAPE_COUNT, .required = true},
    {.key = "first", .kind = SHAPE_YEN, .required = true},
    {.key = "list", .kind = SHAPE_YENS, .required = true},
    {.key = "each", .kind = SHAPE_YEN, .required = true},
    {.key = "counts", .kind = SHAPE_CHOICE, .def = "units", .choices = "units uses within"},
    {.key = "cares", .kind = SHAPE_CARES, .def = "own"},
    {.key = "of", .kind = SHAPE_CLASS, .required = true},
    {.key = "percent", .kind = SHAPE_COUNT},
    {.key = "out_of", .kind = SHAPE_COUNT, .def = "100"},
    {.key = "share", .kind = SHAPE_YEN},
    {.key = "cap", .kind = SHAPE_YEN},
    {.key = "min", .kind = SHAPE_YEN, .def = "0"},
    {.key = "rounding", .kind = SHAPE_CHOICE, .def = "down", .choices = ROUNDINGS},
    {.key = "round_to", .kind = SHAPE_COUNT, .def = "1"},
};
static const struct shape_field added_price_fields[] = {
    {.key = "kind", .kind = SHAPE_TEXT}, /* told by the way */
    {.key = "first_units", .kind = SHAPE_COUNT, .required = true},
    {.key = "first", .kind = SHAPE_YEN, .required = true},
    {.key = "each", .kind = SHAPE_YEN, .required = true},
    {.key = "of", .kind = SHAPE_CLASS, .required = true},
    {.key = "percent", .kind = SHAPE_COUNT},
    {.key = "out_of", .kind = SHAPE_COUNT, .def = "100"},
    {.key = "cap", .kind = SHAPE_YEN},
    {.key = "min", .kind = SHAPE_YEN, .def = "0"},
    {.key = "rounding", .kind = SHAPE_CHOICE, .def = "down", .choices = ROUNDINGS},
    {.key = "round_to", .kind = SHAPE_COUNT, .def = "1"},
};
static const struct shape_field plain_yen = {.key = "", .kind = SHAPE_YEN, .required = true};
static const struct shape_way price_ways[] = {
    {.code = "plain", .test = "#|-", .blank = "0", .kind = SHAPE_YEN, .as = &plain_yen},
    {.code = "fixed",
     .test = "kind=fixed",
     .keys = "first_units first each",
     .blank = "{\"kind\":\"fixed\",\"first\":0,\"first_units\":1,\"each\":0}",
     .kind = SHAPE_OBJECT},
    {.code = "nth",
     .test = "kind=nth",
     .keys = "list each counts cares",
     .blank = "{\"kind\":\"nth\",\"list\":[0],\"each\":0}",
     .kind = SHAPE_OBJECT},
    {.code = "percent",
     .test = "kind=percent",
     .keys = "percent out_of cap min rounding round_to",
     .blank = "{\"kind\":\"percent\",\"percent\":10}",
     .kind = SHAPE_OBJECT},
    {.code = "minus",
     .test = "kind=minus",
     .keys = "percent out_of share min rounding round_to",
     .blank = "{\"kind\":\"minus\",\"share\":0}",
     .kind = SHAPE_OBJECT},
    {.code = "facility",
     .test = "kind=facility",
     .keys = "",
     .blank = "{\"kind\":\"facility\"}",
     .kind = SHAPE_OBJECT},
    {.code = "part",
     .test = "kind=part",
     .keys = "of percent out_of rounding round_to",
     .blank = "{\"kind\":\"part\",\"of\":\"\",\"percent\":50}",
     .kind = SHAPE_OBJECT},
};
static const struct shape_way added_price_ways[] = {
    {.code = "plain", .test = "#|-", .blank = "0", .kind = SHAPE_YEN, .as = &plain_yen},
    {.code = "fixed",
     .test = "kind=fixed",
     .keys = "first_units first each",
     .blank = "{\"kind\":\"fixed\",\"first\":0,\"first_units\":1,\"each\":0}",
     .kind = SHAPE_OBJECT},
    {.code = "percent",
     .test = "kind=percent",
     .keys = "percent out_of cap min rounding round_to",
     .blank = "{\"kind\":\"percent\",\"percent\":10}",
     .kind = SHAPE_OBJECT},
    {.code = "part",
     .test = "kind=part",
     .keys = "of percent out_of rounding round_to",
     .blank = "{\"kind\":\"part\",\"of\":\"\",\"percent\":50}",
     .kind = SHAPE_OBJECT},
    {.code = "own",
     .test = "kind=own",
     .keys = "percent out_of rounding round_to",
     .blank = "{\"kind\":\"own\",\"percent\":50}",
     .kind = SHAPE_OBJECT},
};
static const struct shape price = MEMBERS_WAYS("price", price_fields, price_ways);
static const struct shape added_price = MEMBERS_WAYS("price", added_price_fields, added_price_ways);
static const struct shape_field price_value = {
    .key = "", .kind = SHAPE_OBJECT, .required = true, .inner = &price};

/* ---- classes, pools ---- */

static const struct shape_field class_fields[] = {
    {.key = "name", .kind = SHAPE_TEXT, .required = true},
    {.key = "code", .kind = SHAPE_CODE, .required = true},
};
static const struct shape class_shape = MEMBERS("class", class_fields);

static const struct shape_field infants_value = {.key = "", .kind = SHAPE_INFANTS, .required = true};

static const struct shape_field pool_fields[] = {
    {.key = "name", .kind = SHAPE_TEXT, .required = true},
    {.key = "code", .kind = SHAPE_CODE, .required = true},
    {.key = "units", .kind = SHAPE_BY_CLASS, .required = true, .value = &infants_value},
    {.key = "over", .kind = SHAPE_CHOICE, .def = "refused", .choices = "refused facility-price"},
};
static const struct shape pool = MEMBERS("pool", pool_fields);

/* ---- cares ---- */

static const struct shape_field care_fields[] = {
    {.key = "name", .kind = SHAPE_TEXT, .required = true},
    {.key = "code", .kind = SHAPE_CODE, .required = true},
    {.key = "note", .kind = SHAPE_TEXT, .def = ""},
    {.key = "kind", .kind = SHAPE_CHOICE, .required = true, .choices = "stay day visit"},
    {.key = "start", .kind = SHAPE_CLOCK, .required = true},
    {.key = "end", .kind = SHAPE_CLOCK, .required = true},
    {.key = "charge", .kind = SHAPE_CHOICE, .required = true, .choices = COUNTINGS},
    {.key = "prices", .kind = SHAPE_BY_CLASS, .required = true, .value = &price_value},
    {.key = "quota", .kind = SHAPE_CHOICE, .choices = COUNTINGS},
    {.key = "quota_weight", .kind = SHAPE_COUNT, .def = "1"},
    {.key = "pools", .kind = SHAPE_POOLS, .def = ""},
    {.key = "age", .kind = SHAPE_OBJECT, .inner = &age},
    {.key = "min_nights", .kind = SHAPE_COUNT, .def = "0"},
    {.key = "max_nights", .kind = SHAPE_COUNT},
    {.key = "patterns", .kind = SHAPE_PATTERNS, .def = ""},
    {.key = "before_birth", .kind = SHAPE_BOOL, .def = "true"},
    {.key = "loss", .kind = SHAPE_OBJECT, .inner = &loss},
    {.key = "on_holidays", .kind = SHAPE_OBJECT, .inner = &holidays},
    {.key = "deadline", .kind = SHAPE_OBJECT, .inner = &moment},
    {.key = "opens", .kind = SHAPE_OBJECT, .inner = &moment},
    {.key = "horizon_days", .kind = SHAPE_COUNT},
};
static const struct shape care = MEMBERS("care", care_fields);

/* ---- additions, reductions ---- */

static const struct shape_field added_price_value = {
    .key = "", .kind = SHAPE_OBJECT, .required = true, .inner = &added_price};
static const struct shape_field addition_fields[] = {
    {.key = "name", .kind = SHAPE_TEXT, .required = true},
    {.key = "code", .kind = SHAPE_CODE, .required = true},
    {.key = "when",
     .kind = SHAPE_CHOICE,
     .required = true,
     .choices = "infant sibling older room holiday always"},
    {.key = "cares", .kind = SHAPE_CARES, .def = "*"},
    {.key = "months", .kind = SHAPE_COUNT, .def = "0"},
    {.key = "room", .kind = SHAPE_TEXT, .def = ""},
    {.key = "infant_from", .kind = SHAPE_COUNT, .def = "2"},
    {.key = "infant_to", .kind = SHAPE_COUNT},
    {.key = "per", .kind = SHAPE_CHOICE, .def = "unit", .choices = "unit use"},
    {.key = "prices", .kind = SHAPE_BY_CLASS, .required = true, .value = &added_price_value},
    {.key = "reducible", .kind = SHAPE_BOOL, .def = "false"},
};
static const struct shape_way addition_ways[] = {
    {.code = "infant",
     .test = "when=infant",
     .keys = "infant_from infant_to",
     .blank = "{\"when\":\"infant\"}",
     .kind = SHAPE_OBJECT},
    {.code = "sibling",
     .test = "when=sibling",
     .keys = "",
     .blank = "{\"when\":\"sibling\"}",
     .kind = SHAPE_OBJECT},
    {.code = "older",
     .test = "when=older",
     .keys = "months",
     .blank = "{\"when\":\"older\",\"months\":4}",
     .kind = SHAPE_OBJECT},
    {.code = "room",
     .test = "when=room",
     .keys = "room",
     .blank = "{\"when\":\"room\",\"room\":\"\"}",
     .kind = SHAPE_OBJECT},
    {.code = "holiday",
     .test = "when=holiday",
     .keys = "",
     .blank = "{\"when\":\"holiday\"}",
     .kind = SHAPE_OBJECT},
    {.code = "always",
     .test = "when=always",
     .keys = "",
     .blank = "{\"when\":\"always\"}",
     .kind = SHAPE_OBJECT},
};
static const struct shape addition = MEMBERS_WAYS("addition", addition_fields, addition_ways);

static const struct shape_field amount_value = {.key = "", .kind = SHAPE_YEN};
static const struct shape_field reduction_fields[] = {
    {.key = "name", .kind = SHAPE_TEXT, .required = true},
    {.key = "code", .kind = SHAPE_CODE, .required = true},
    {.key = "classes", .kind = SHAPE_CLASSES, .def = "*"},
    {.key = "amounts", .kind = SHAPE_BY_CARE, .value = &amount_value},
    {.key = "per_infant", .kind = SHAPE_BY_CARE, .value = &amount_value},
    {.key = "percent", .kind = SHAPE_PERCENT, .required = true},
    {.key = "cares", .kind = SHAPE_CARES, .def = "*"},
    {.key = "max", .kind = SHAPE_COUNT},
    {.key = "per", .kind = SHAPE_CHOICE, .def = "unit", .choices = "unit use"},
    {.key = "leave", .kind = SHAPE_YEN, .def = "0"},
    {.key = "budget", .kind = SHAPE_YEN},
    {.key = "rounding", .kind = SHAPE_CHOICE, .def = "down", .choices = ROUNDINGS},
    {.key = "round_to", .kind = SHAPE_COUNT, .def = "1"},
};
static const struct shape_way reduction_ways[] = {
    {.code = "amounts",
     .test = "amounts",
     .keys = "amounts per_infant",
     .blank = "{\"amounts\":{}}",
     .kind = SHAPE_OBJECT},
    {.code = "percent",
     .test = "percent",
     .keys = "percent cares",
     .blank = "{\"percent\":50}",
     .kind = SHAPE_OBJECT},
};
static const struct shape reduction = MEMBERS_WAYS("reduction", reduction_fields, reduction_ways);

/* ---- booking ---- */

static const struct shape_field limit_fields[] = {
    {.key = "name", .kind = SHAPE_TEXT, .required = true},
    {.key = "code", .kind = SHAPE_CODE, .required = true},
    {.key = "cares", .kind = SHAPE_CARES, .def = "*"},
    {.key = "per", .kind = SHAPE_CHOICE, .def = "grant", .choices = "grant fiscal-year month week open"},
    {.key = "count", .kind = SHAPE_CHOICE, .def = "use", .choices = "use days nights 24h hours"},
    {.key = "max", .kind = SHAPE_BY_CLASS, .required = true, .value = &infants_value},
};
static const struct shape limit = MEMBERS("limit", limit_fields);

static const struct shape_field booking_fields[] = {
    {.key = "deadline", .kind = SHAPE_OBJECT, .inner = &moment},
    {.key = "opens", .kind = SHAPE_OBJECT, .inner = &moment},
    {.key = "horizon_days", .kind = SHAPE_COUNT},
    {.key = "open_limit", .kind = SHAPE_COUNT},
    {.key = "limits",
     .kind = SHAPE_ROWS,
     .inner = &limit,
     .blank = "{\"code\":\"limit\",\"name\":\"\",\"max\":1}"},
};
static const struct shape booking = MEMBERS("booking", booking_fields);

/* ---- giving back ---- */

static const struct shape_field kept_count = {.key = "", .kind = SHAPE_COUNT, .required = true};
static const struct shape_way kept_ways[] = {
    {.code = "no", .test = "-|!"},
    {.code = "all", .test = "+", .blank = "true", .kind = SHAPE_OBJECT},
    {.code = "some", .test = "#", .blank = "1", .kind = SHAPE_COUNT, .as = &kept_count},
};
static const struct shape kept = {
    .name = "kept", .ways = kept_ways, .way_count = sizeof kept_ways / sizeof kept_ways[0]};

static const struct shape_field outcome_fields[] = {
    {.key = "percent", .kind = SHAPE_PERCENT, .required = true},
    {.key = "of", .kind = SHAPE_CLASS, .choices = "facility"},
    {.key = "rounding", .kind = SHAPE_CHOICE, .def = "down", .choices = ROUNDINGS},
    {.key = "yen", .kind = SHAPE_YEN, .required = true},
    {.key = "per", .kind = SHAPE_CHOICE, .def = "use", .choices = "use unit"},
    {.key = "units", .kind = SHAPE_OBJECT, .inner = &kept},
};
static const struct shape_way outcome_ways[] = {
    {.code = "percent",
     .test = "percent",
     .keys = "percent of rounding",
     .blank = "{\"percent\":100}",
     .kind = SHAPE_OBJECT},
    {.code = "yen", .test = "yen", .keys = "yen per", .blank = "{\"yen\":0}", .kind = SHAPE_OBJECT},
    {.code = "free", .test = "*", .keys = "", .blank = "{}", .kind = SHAPE_OBJECT},
};
static const struct shape outcome = MEMBERS_WAYS("outcome", outcome_fields, outcome_ways);
static const struct shape_field outcome_value = {
    .key = "", .kind = SHAPE_OBJECT, .required = true, .inner = &outcome};
static const struct shape_field outcome_table = {
    .key = "", .kind = SHAPE_BY_CLASS, .required = true, .value = &outcome_value};

static const struct shape_field step_fields[] = {
    {.key = "cares", .kind = SHAPE_CARES, .def = "*"},
    {.key = "after", .kind = SHAPE_OBJECT, .required = true, .inner = &moment},
    {.key = "from", .kind = SHAPE_OBJECT, .required = true, .inner = &moment},
    {.key = "outcome", .kind = SHAPE_BY_CLASS, .required = true, .value = &outcome_value},
};
static const struct shape_way step_ways[] = {
    {.code = "after",
     .test = "after",
     .keys = "after",
     .blank = "{\"after\":{\"days\":1,\"at\":\"17:00\"}}",
     .kind = SHAPE_OBJECT},
    {.code = "from",
     .test = "from",
     .keys = "from",
     .blank = "{\"from\":{\"days\":1,\"at\":\"17:00\"}}",
     .kind = SHAPE_OBJECT},
};
static const struct shape step = MEMBERS_WAYS("step", step_fields, step_ways);

static const struct shape_field no_show_row_fields[] = {
    {.key = "cares", .kind = SHAPE_CARES, .def = "*"},
    {.key = "outcome", .kind = SHAPE_BY_CLASS, .required = true, .value = &outcome_value},
};
static const struct shape no_show_row = MEMBERS("no-show-row", no_show_row_fields);
static const struct shape_field no_show_rows = {
    .key = "", .kind = SHAPE_ROWS, .inner = &no_show_row, .blank = "{\"outcome\":{\"all\":{}}}"};
static const struct shape_way no_show_ways[] = {
    {.code = "none", .test = "-"},
    {.code = "all", .test = "{", .blank = "{\"all\":{}}", .kind = SHAPE_BY_CLASS, .as = &outcome_table},
    {.code = "cares",
     .test = "[",
     .blank = "[{\"outcome\":{\"all\":{}}}]",
     .kind = SHAPE_ROWS,
     .as = &no_show_rows},
};
static const struct shape no_show = {
    .name = "no-show", .ways = no_show_ways, .way_count = sizeof no_show_ways / sizeof no_show_ways[0]};

static const struct shape_field cancel_fields[] = {
    {.key = "requested_free", .kind = SHAPE_BOOL, .def = "true"},
    {.key = "steps",
     .kind = SHAPE_ROWS,
     .inner = &step,
     .blank = "{\"after\":{\"days\":1,\"at\":\"17:00\"},\"outcome\":{\"all\":{}}}"},
    {.key = "no_show", .kind = SHAPE_OBJECT, .inner = &no_show},
};
static const struct shape cancel = MEMBERS("cancel", cancel_fields);

/* ---- acceptance, waiting, registration ---- */

static const struct shape_field answer_fields[] = {
    {.key = "days", .kind = SHAPE_COUNT, .required = true},
    {.key = "business", .kind = SHAPE_BOOL, .def = "false"},
    {.key = "time", .kind = SHAPE_CLOCK, .required = true},
};
static const struct shape answer = MEMBERS("answer", answer_fields);

static const struct shape_field acceptance_fields[] = {
    {.key = "mode", .kind = SHAPE_TEXT}, /* told by the way */
    {.key = "within_hours", .kind = SHAPE_COUNT, .required = true},
    {.key = "at", .kind = SHAPE_OBJECT, .required = true, .inner = &answer},
    {.key = "lapse", .kind = SHAPE_CHOICE, .def = "decline", .choices = "decline accept"},
    {.key = "limit_hours", .kind = SHAPE_COUNT, .def = "0"},
};
static const struct shape_way acceptance_ways[] = {
    {.code = "at-once",
     .test = "-|mode=at-once",
     .keys = "",
     .blank = "{\"mode\":\"at-once\"}",
     .kind = SHAPE_OBJECT},
    {.code = "clock",
     .test = "at",
     .keys = "at lapse limit_hours",
     .blank = "{\"mode\":\"facility\",\"at\":{\"days\":1,\"business\":true,\"time\":\"12:00\"}}",
     .kind = SHAPE_OBJECT},
    {.code = "hours",
     .test = "*",
     .keys = "within_hours lapse limit_hours",
     .blank = "{\"mode\":\"facility\",\"within_hours\":24}",
     .kind = SHAPE_OBJECT},
};
static const struct shape acceptance = MEMBERS_WAYS("acceptance", acceptance_fields, acceptance_ways);

static const struct shape_field need_fields[] = {
    {.key = "score", .kind = SHAPE_COUNT, .def = "1"},
    {.key = "unused", .kind = SHAPE_COUNT, .def = "0"},
    {.key = "urgent", .kind = SHAPE_COUNT, .def = "0"},
};
static const struct shape need = MEMBERS("need", need_fields);
static const struct shape_field offer_fields[] = {
    {.key = "hours_day", .kind = SHAPE_COUNT, .def = "2"},
    {.key = "hours_night", .kind = SHAPE_COUNT, .def = "12"},
    {.key = "night_from", .kind = SHAPE_CLOCK, .def = "21:00"},
    {.key = "night_to", .kind = SHAPE_CLOCK, .def = "08:00"},
    {.key = "limit_hours", .kind = SHAPE_COUNT, .def = "1"},
};
static const struct shape offer = MEMBERS("offer", offer_fields);
static const struct shape_field wait_fields[] = {
    {.key = "order", .kind = SHAPE_CHOICE, .def = "first-come", .choices = "first-come need draw"},
    {.key = "need", .kind = SHAPE_OBJECT, .inner = &need},
    {.key = "offer", .kind = SHAPE_OBJECT, .inner = &offer},
};
static const struct shape wait = MEMBERS("wait", wait_fields);

static const struct shape_field registration_fields[] = {
    {.key = "from_week", .kind = SHAPE_COUNT, .def = "0"},
    {.key = "from_months", .kind = SHAPE_COUNT},
    {.key = "before_birth", .kind = SHAPE_BOOL, .def = "true"},
    {.key = "grant_before_birth", .kind = SHAPE_BOOL, .def = "true"},
};
static const struct shape registration = MEMBERS("registration", registration_fields);

static const struct shape_field consent_fields[] = {
    {.key = "name", .kind = SHAPE_TEXT, .required = true},
    {.key = "code", .kind = SHAPE_CODE, .required = true},
    {.key = "required", .kind = SHAPE_BOOL, .def = "true"},
};
static const struct shape consent = MEMBERS("consent", consent_fields);
static const struct shape_field exclusion_fields[] = {
    {.key = "name", .kind = SHAPE_TEXT, .required = true},
    {.key = "code", .kind = SHAPE_CODE, .required = true},
};
static const struct shape exclusion = MEMBERS("exclusion", exclusion_fields);

/* ---- the version ---- */

static const struct shape_field version_fields[] = {
    {.key = "valid_from", .kind = SHAPE_DAY, .required = true},
    {.key = "name", .kind = SHAPE_TEXT, .required = true},
    {.key = "source", .kind = SHAPE_TEXT, .def = ""},
    {.key = "classes",
     .kind = SHAPE_ROWS,
     .required = true,
     .inner = &class_shape,
     .blank = "{\"code\":\"class\",\"name\":\"\"}"},
    {.key = "class_default", .kind = SHAPE_CLASS},
    {.key = "class_month", .kind = SHAPE_COUNT},
    {.key = "moving_day_excluded", .kind = SHAPE_BOOL, .def = "false"},
    {.key = "pools",
     .kind = SHAPE_ROWS,
     .inner = &pool,
     .blank = "{\"code\":\"pool\",\"name\":\"\",\"units\":7}"},
    {.key = "cares",
     .kind = SHAPE_ROWS,
     .required = true,
     .inner = &care,
     .pages = true,
     .blank = "{\"code\":\"care\",\"name\":\"\",\"kind\":\"day\",\"start\":\"10:00\",\"end\":\"17:00\","
              "\"charge\":\"use\",\"prices\":0}"},
    {.key = "additions",
     .kind = SHAPE_ROWS,
     .inner = &addition,
     .pages = true,
     .blank = "{\"code\":\"addition\",\"name\":\"\",\"when\":\"infant\",\"prices\":0}"},
    {.key = "reductions",
     .kind = SHAPE_ROWS,
     .inner = &reduction,
     .pages = true,
     .blank = "{\"code\":\"reduction\",\"name\":\"\",\"amounts\":{}}"},
    {.key = "booking", .kind = SHAPE_OBJECT, .inner = &booking},
    {.key = "cancel", .kind = SHAPE_OBJECT, .inner = &cancel},
    {.key = "acceptance", .kind = SHAPE_OBJECT, .inner = &acceptance},
    {.key = "wait", .kind = SHAPE_OBJECT, .inner = &wait},
    {.key = "registration", .kind = SHAPE_OBJECT, .inner = &registration},
    {.key = "consents",
     .kind = SHAPE_ROWS,
     .inner = &consent,
     .blank = "{\"code\":\"consent\",\"name\":\"\"}"},
    {.key = "exclusions",
     .kind = SHAPE_ROWS,
     .inner = &exclusion,
     .blank = "{\"code\":\"exclusion\",\"name\":\"\"}"},
};
const struct shape shape_version = MEMBERS("version", version_fields);
