/* The codes of refusals and their figures. */
#include "core/refusal.h"

#include <assert.h>
#include <string.h>

static const struct text codes[REFUSAL__MAX] = {
    [REFUSAL_NONE] = TEXT_INIT("none"),
    [REFUSAL_NOT_APPROVED] = TEXT_INIT("not-approved"),
    [REFUSAL_QUOTA] = TEXT_INIT("quota"),
    [REFUSAL_AGE] = TEXT_INIT("age"),
    [REFUSAL_FULL] = TEXT_INIT("full"),
    [REFUSAL_DEADLINE] = TEXT_INIT("deadline"),
    [REFUSAL_HORIZON] = TEXT_INIT("horizon"),
    [REFUSAL_OPEN_LIMIT] = TEXT_INIT("open-limit"),
    [REFUSAL_CLOSED] = TEXT_INIT("closed"),
    [REFUSAL_OVERLAP] = TEXT_INIT("overlap"),
    [REFUSAL_CARE_NOT_OFFERED] = TEXT_INIT("care-not-offered"),
    [REFUSAL_STATE] = TEXT_INIT("state"),
    [REFUSAL_CLASS_UNKNOWN] = TEXT_INIT("class-unknown"),
    [REFUSAL_EXCLUSION] = TEXT_INIT("exclusion"),
    [REFUSAL_UNKNOWN_CARE] = TEXT_INIT("unknown-care"),
    [REFUSAL_DATES] = TEXT_INIT("dates"),
    [REFUSAL_TOO_SHORT] = TEXT_INIT("too-short"),
    [REFUSAL_TOO_LONG] = TEXT_INIT("too-long"),
    [REFUSAL_PATTERN] = TEXT_INIT("pattern"),
    [REFUSAL_RESIDENCY] = TEXT_INIT("residency"),
    [REFUSAL_BEFORE_BIRTH] = TEXT_INIT("before-birth"),
    [REFUSAL_GRANT_PERIOD] = TEXT_INIT("grant-period"),
    [REFUSAL_NO_PROGRAMME] = TEXT_INIT("no-programme"),
    [REFUSAL_MULTIPLES] = TEXT_INIT("multiples"),
    [REFUSAL_PRICE_UNKNOWN] = TEXT_INIT("price-unknown"),
    [REFUSAL_CONSENT] = TEXT_INIT("consent"),
    [REFUSAL_TOO_EARLY] = TEXT_INIT("too-early"),
    [REFUSAL_TOO_LATE] = TEXT_INIT("too-late"),
    [REFUSAL_CHILD_UNKNOWN] = TEXT_INIT("child-unknown"),
    [REFUSAL_NOTICE] = TEXT_INIT("notice"),
};

struct text refusal_code(enum refusal refusal) {
    assert(refusal >= REFUSAL_NONE && refusal < REFUSAL__MAX);
    return codes[refusal];
}

struct refused refused_of(enum refusal code) {
    struct refused refused;
    memset(&refused, 0, sizeof refused);
    refused.code = code;
    return refused;
}

static struct figure *figure_next(struct refused *refused, const char *name, enum figure_kind kind) {
    assert(refused->count < FIGURES_MAX);
    struct figure *figure = &refused->figures[refused->count++];
    *figure = (struct figure){.name = name, .kind = kind, .text = TEXT("")};
    return figure;
}

void refused_int(struct refused *refused, const char *name, int64_t n) {
    figure_next(refused, name, FIGURE_INT)->n = n;
}

void refused_day(struct refused *refused, const char *name, struct day day) {
    figure_next(refused, name, FIGURE_DAY)->n = day.n;
}

void refused_instant(struct refused *refused, const char *name, struct instant instant) {
    figure_next(refused, name, FIGURE_INSTANT)->n = instant.s;
}

void refused_yen(struct refused *refused, const char *name, struct yen yen) {
    figure_next(refused, name, FIGURE_YEN)->n = yen.n;
}

void refused_text(struct refused *refused, const char *name, struct text text) {
    figure_next(refused, name, FIGURE_TEXT)->text = text;
}

const struct figure *refused_figure(const struct refused *refused, const char *name) {
    for (int32_t i = 0; i < refused->count; i++) {
        if (strcmp(refused->figures[i].name, name) == 0) {
            return &refused->figures[i];
        }
    }
    return NULL;
}
