/* A facility as pages and the API ask for it: the fields of its description and of the cares it offers, and what those
 * cares must say. Pages name some fields otherwise than the API: `what` and `takes` go before them. */
#ifndef SANGO_WEB_FACILITY_FORM_H
#define SANGO_WEB_FACILITY_FORM_H

#include "service/capacity.h"
#include "web/exchange.h"

enum { FACILITY_ANSWER_HOURS_MAX = 336, FACILITY_YEN_MAX = 1000000, FACILITY_MONTHS_MAX = 36 };

extern const char *const facility_kinds[];  /* hospital … */
extern const char *const facility_lapses[]; /* accept, decline */

struct care_terms_body {
    struct care_terms terms;
    int lapse_to;
};
#define FACILITY_CARE_FIELDS(needs_price)                                                                    \
    {.name = "care",                                                                                         \
     .kind = FIELD_TEXT,                                                                                     \
     .required = true,                                                                                       \
     .max = 40,                                                                                              \
     .offset = offsetof(struct care_terms_body, terms.care)},                                                \
        {.name = "contract_price",                                                                           \
         .kind = FIELD_INT,                                                                                  \
         .required = (needs_price),                                                                          \
         .max = FACILITY_YEN_MAX,                                                                            \
         .offset = offsetof(struct care_terms_body, terms.contract_price),                                   \
         .note = "yen a unit, all that the facility is paid for it"},                                        \
        {.name = "price",                                                                                    \
         .kind = FIELD_INT,                                                                                  \
         .max = FACILITY_YEN_MAX,                                                                            \
         .offset = offsetof(struct care_terms_body, terms.price),                                            \
         .note = "the facility's own price a unit, where the programme asks for it"},                        \
        {.name = "age_months_max",                                                                           \
         .kind = FIELD_INT,                                                                                  \
         .min = 1,                                                                                           \
         .max = FACILITY_MONTHS_MAX,                                                                         \
         .offset = offsetof(struct care_terms_body, terms.age_months_max),                                   \
         .note = "infants younger than this only; the city's window when left out"},                         \
        {.name = "answer_hours",                                                                             \
         .kind = FIELD_INT,                                                                                  \
         .max = FACILITY_ANSWER_HOURS_MAX,                                                                   \
         .offset = offsetof(struct care_terms_body, terms.answer_hours),                                     \
         .note = "0 confirms at once; the city's rule when left out"},                                       \
    {                                                                                                        \
        .name = "lapse_to", .kind = FIELD_CHOICE, .choices = facility_lapses,                                \
        .offset = offsetof(struct care_terms_body, lapse_to),                                                \
        .note = "what becomes of a request without an answer; the city's rule when left out"                 \
    }

struct facility_body {
    struct facility_about about; /* without its kind */
    int kind;
    struct facility_words words;
    const struct care_terms_body *cares;
    size_t care_count;
};
#define FACILITY_ABOUT_FIELDS(what)                                                                          \
    {.name = what "code",                                                                                    \
     .kind = FIELD_TEXT,                                                                                     \
     .required = true,                                                                                       \
     .max = 20,                                                                                              \
     .offset = offsetof(struct facility_body, about.code),                                                   \
     .note = "short and lasting, as imports name it"},                                                       \
        {.name = what "name",                                                                                \
         .kind = FIELD_TEXT,                                                                                 \
         .required = true,                                                                                   \
         .max = 100,                                                                                         \
         .offset = offsetof(struct facility_body, about.name)},                                              \
        {.name = what "kana",                                                                                \
         .kind = FIELD_KANA,                                                                                 \
         .required = true,                                                                                   \
         .max = 100,                                                                                         \
         .offset = offsetof(struct facility_body, about.kana)},                                              \
        {.name = "kind",                                                                                     \
         .kind = FIELD_CHOICE,                                                                               \
         .required = true,                                                                                   \
         .choices = facility_kinds,                                                                          \
         .offset = offsetof(struct facility_body, kind)},                                                    \
        {.name = "ward",                                                                                     \
         .kind = FIELD_TEXT,                                                                                 \
         .required = true,                                                                                   \
         .max = 40,                                                                                          \
         .offset = offsetof(struct facility_body, about.ward)},                                              \
        {.name = "postal_code",                                                                              \
         .kind = FIELD_POSTAL,                                                                               \
         .required = true,                                                                                   \
         .offset = offsetof(struct facility_body, about.postal_code)},                                       \
    {                                                                                                        \
        .name = "address", .kind = FIELD_TEXT, .required = true, .max = 200,                                 \
        .offset = offsetof(struct facility_body, about.address)                                              \
    }
/* Of a struct with a struct facility_words `words`. */
#define FACILITY_WORDS_FIELDS(type, takes)                                                                   \
    {.name = "phone", .kind = FIELD_PHONE, .required = true, .offset = offsetof(type, words.phone)},         \
        {.name = "email", .kind = FIELD_EMAIL, .offset = offsetof(type, words.email)},                       \
        {.name = "introduction",                                                                             \
         .kind = FIELD_LINES,                                                                                \
         .max = 2000,                                                                                        \
         .offset = offsetof(type, words.introduction)},                                                      \
        {.name = "access", .kind = FIELD_LINES, .max = 1000, .offset = offsetof(type, words.access)},        \
        {.name = "bring", .kind = FIELD_LINES, .max = 1000, .offset = offsetof(type, words.bring)},          \
        {.name = takes "multiples", .kind = FIELD_BOOL, .offset = offsetof(type, words.multiples)},          \
        {.name = takes "siblings", .kind = FIELD_BOOL, .offset = offsetof(type, words.siblings)}, {          \
        .name = takes "partner", .kind = FIELD_BOOL, .offset = offsetof(type, words.partner)                 \
    }
/* The last field of a new facility; `form` has FACILITY_CARE_FIELDS. */
#define FACILITY_CARES_FIELD(form, least)                                                                    \
    {                                                                                                        \
        .name = "cares", .kind = FIELD_OBJECTS, .required = (least) > 0, .min = (least),                     \
        .max = PROGRAMME_CARES_MAX, .offset = offsetof(struct facility_body, cares),                         \
        .count_offset = offsetof(struct facility_body, care_count), .inner = &(form)                         \
    }

/* Fills *ret_new from x->body. A care without a contract price is one that the facility does not offer, unless
 * something else is said of it. False: errors were added to x->body. */
NODISCARD bool facility_read(struct exchange *x, struct facility_new *ret_new);

#endif
