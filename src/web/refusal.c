#include "web/refusal.h"

#include "profile/answer.h"
#include "words/words.h"

struct refusal_row {
    int status;
    enum word title;
};

static const struct refusal_row rows[REFUSAL__MAX] = {
    [REFUSAL_NONE] = {500, W_PROBLEM_TITLE_FAULT},
    [REFUSAL_NOT_APPROVED] = {409, W_REFUSAL_TITLE_NOT_APPROVED},
    [REFUSAL_QUOTA] = {409, W_REFUSAL_TITLE_QUOTA},
    [REFUSAL_AGE] = {422, W_REFUSAL_TITLE_AGE},
    [REFUSAL_FULL] = {409, W_REFUSAL_TITLE_FULL},
    [REFUSAL_DEADLINE] = {422, W_REFUSAL_TITLE_DEADLINE},
    [REFUSAL_HORIZON] = {422, W_REFUSAL_TITLE_HORIZON},
    [REFUSAL_OPEN_LIMIT] = {409, W_REFUSAL_TITLE_OPEN_LIMIT},
    [REFUSAL_CLOSED] = {409, W_REFUSAL_TITLE_CLOSED},
    [REFUSAL_OVERLAP] = {409, W_REFUSAL_TITLE_OVERLAP},
    [REFUSAL_CARE_NOT_OFFERED] = {422, W_REFUSAL_TITLE_CARE_NOT_OFFERED},
    [REFUSAL_STATE] = {409, W_REFUSAL_TITLE_STATE},
    [REFUSAL_CLASS_UNKNOWN] = {422, W_REFUSAL_TITLE_CLASS_UNKNOWN},
    [REFUSAL_EXCLUSION] = {422, W_REFUSAL_TITLE_EXCLUSION},
    [REFUSAL_UNKNOWN_CARE] = {422, W_REFUSAL_TITLE_UNKNOWN_CARE},
    [REFUSAL_DATES] = {422, W_REFUSAL_TITLE_DATES},
    [REFUSAL_TOO_SHORT] = {422, W_REFUSAL_TITLE_TOO_SHORT},
    [REFUSAL_TOO_LONG] = {422, W_REFUSAL_TITLE_TOO_LONG},
    [REFUSAL_PATTERN] = {422, W_REFUSAL_TITLE_PATTERN},
    [REFUSAL_RESIDENCY] = {422, W_REFUSAL_TITLE_RESIDENCY},
    [REFUSAL_BEFORE_BIRTH] = {422, W_REFUSAL_TITLE_BEFORE_BIRTH},
    [REFUSAL_GRANT_PERIOD] = {422, W_REFUSAL_TITLE_GRANT_PERIOD},
    [REFUSAL_NO_PROGRAMME] = {422, W_REFUSAL_TITLE_NO_PROGRAMME},
    [REFUSAL_MULTIPLES] = {422, W_REFUSAL_TITLE_MULTIPLES},
    [REFUSAL_PRICE_UNKNOWN] = {422, W_REFUSAL_TITLE_PRICE_UNKNOWN},
    [REFUSAL_CONSENT] = {422, W_REFUSAL_TITLE_CONSENT},
    [REFUSAL_TOO_EARLY] = {422, W_REFUSAL_TITLE_TOO_EARLY},
    [REFUSAL_TOO_LATE] = {422, W_REFUSAL_TITLE_TOO_LATE},
    [REFUSAL_CHILD_UNKNOWN] = {422, W_REFUSAL_TITLE_CHILD_UNKNOWN},
    [REFUSAL_NOTICE] = {422, W_REFUSAL_TITLE_NOTICE},
};

int refusal_status(enum refusal refusal) {
    return rows[refusal].status;
}

struct text refusal_title(enum refusal refusal) {
    return word_text(rows[refusal].title);
}

/* Where a resident goes from here. */
static const struct refusal_way {
    enum word label;
    const char *path;
} ways[REFUSAL__MAX] = {
    [REFUSAL_NONE] = {W_WAY_RULES, "/rules"},
    [REFUSAL_NOT_APPROVED] = {W_WAY_REGISTRATION, "/me/registration"},
    [REFUSAL_QUOTA] = {W_WAY_DAYS, "/me/days"},
    [REFUSAL_AGE] = {W_WAY_DAY, "/me/book"},
    [REFUSAL_FULL] = {W_WAY_DAY, "/me/book"},
    [REFUSAL_DEADLINE] = {W_WAY_DAY, "/me/book"},
    [REFUSAL_HORIZON] = {W_WAY_DAY, "/me/book"},
    [REFUSAL_OPEN_LIMIT] = {W_WAY_BOOKINGS, "/me/bookings"},
    [REFUSAL_CLOSED] = {W_WAY_DAY, "/me/book"},
    [REFUSAL_OVERLAP] = {W_WAY_BOOKINGS, "/me/bookings"},
    [REFUSAL_CARE_NOT_OFFERED] = {W_WAY_PLACE, "/search"},
    [REFUSAL_STATE] = {W_WAY_BOOKINGS, "/me/bookings"},
    [REFUSAL_CLASS_UNKNOWN] = {W_WAY_REGISTRATION, "/me/registration"},
    [REFUSAL_EXCLUSION] = {W_WAY_RULES, "/rules"},
    [REFUSAL_UNKNOWN_CARE] = {W_WAY_PLACE, "/search"},
    [REFUSAL_DATES] = {W_WAY_DAY, "/me/book"},
    [REFUSAL_TOO_SHORT] = {W_WAY_DAY, "/me/book"},
    [REFUSAL_TOO_LONG] = {W_WAY_DAY, "/me/book"},
    [REFUSAL_PATTERN] = {W_WAY_RULES, "/rules"},
    [REFUSAL_RESIDENCY] = {W_WAY_DAY, "/me/book"},
    [REFUSAL_BEFORE_BIRTH] = {W_WAY_BIRTH, "/me"},
    [REFUSAL_GRANT_PERIOD] = {W_WAY_DAYS, "/me/days"},
    [REFUSAL_NO_PROGRAMME] = {W_WAY_RULES, "/rules"},
    [REFUSAL_MULTIPLES] = {W_WAY_PLACE, "/search"},
    [REFUSAL_PRICE_UNKNOWN] = {W_WAY_PLACE, "/search"},
    [REFUSAL_CONSENT] = {W_WAY_REGISTRATION, "/me/registration"},
    [REFUSAL_TOO_EARLY] = {W_WAY_RULES, "/rules"},
    [REFUSAL_TOO_LATE] = {W_WAY_RULES, "/rules"},
    [REFUSAL_CHILD_UNKNOWN] = {W_WAY_REGISTRATION, "/me/registration"},
    [REFUSAL_NOTICE] = {W_WAY_DAY, "/me/book"},
};

struct button_view refusal_next(const struct exchange *x, enum refusal refusal) {
    return (struct button_view){.label = word_text(ways[refusal].label),
                                .url = exchange_link(x, ways[refusal].path)};
}

struct text refusal_detail(const struct exchange *x, struct arena *arena, const struct refused *refused) {
    const struct programme_set *rules = x->call.city->rules;
    const struct programme *programme = rules == NULL ? NULL : programme_at(rules, instant_day(x->call.now));
    return refusal_sentence(arena, programme, refused);
}

struct problem refusal_problem(const struct exchange *x, struct arena *arena, const struct refused *refused) {
    return (struct problem){.status = refusal_status(refused->code),
                            .code = refusal_code(refused->code),
                            .title = refusal_title(refused->code),
                            .detail = refusal_detail(x, arena, refused),
                            .refused = refused};
}
