/* A refusal in words: the first text of its code whose places are all known. */
#include "profile/answer.h"
#include "words/words.h"

enum { VARIANTS_MAX = 4, PLACES_MAX = FIGURES_MAX };

static const char *const places[] = {
    "pool",   "needed",       "left",       "granted",  "last_day", "first_day", "months",         "weeks",
    "days",   "child",        "day",        "deadline", "limit",    "open",      "start",          "end",
    "care",   "opens_on",     "exclusion",  "class",    "state",    "event",     "actor",          "nights",
    "used",   "latest_start", "minimum",    "maximum",  "birth",    "due",       "infants",        "consent",
    "from",   "until",        "valid_from", "valid_to", "week",     "hours",     "earliest_start", "opens_at",
    "proven", "year"};

static struct text row_name(const struct programme *programme, const char *figure, struct text code) {
    struct text is = text_of(figure);
    int32_t row = -1;
    if (text_is(is, "care") && (row = programme_care(programme, code)) >= 0) {
        return programme->cares[row].name;
    }
    if (text_is(is, "pool") && (row = programme_pool(programme, code)) >= 0) {
        return programme->pools[row].name;
    }
    for (int32_t i = 0; text_is(is, "limit") && i < programme->limit_count; i++) {
        if (text_eq(programme->limits[i].code, code)) {
            return programme->limits[i].name;
        }
    }
    for (int32_t i = 0; text_is(is, "consent") && i < programme->consent_count; i++) {
        if (text_eq(programme->consents[i].code, code)) {
            return programme->consents[i].name;
        }
    }
    for (int32_t i = 0; text_is(is, "exclusion") && i < programme->exclusion_count; i++) {
        if (text_eq(programme->exclusions[i].code, code)) {
            return programme->exclusions[i].name;
        }
    }
    return code;
}

/* States and events have their words by what they belong to: a booking, a registration, a wish, an offer. The same code
 * means the same wherever it stands. */
static bool code_word(struct arena *arena, const struct figure *figure, enum word *ret_word) {
    static const char *const kinds[] = {"booking", "registration", "wait", "offer"};
    for (size_t i = 0; i < COUNT(kinds); i++) {
        struct text key = text_printf(arena, "%s-%s.%.*s", kinds[i], figure->name, TEXT_F(figure->text));
        if (word_find(key, ret_word)) {
            return true;
        }
    }
    struct text key = text_printf(arena, "%s.%.*s", figure->name, TEXT_F(figure->text));
    return word_find(key, ret_word); /* actor.facility */
}

static struct text code_shown(struct arena *arena, const struct programme *programme,
                              const struct figure *figure) {
    enum word word;
    if (code_word(arena, figure, &word)) {
        return word_text(word);
    }
    return programme == NULL ? figure->text : row_name(programme, figure->name, figure->text);
}

static struct text figure_shown(struct arena *arena, const struct programme *programme,
                                const struct figure *figure) {
    switch (figure->kind) {
    case FIGURE_DAY:
        return day_short(arena, (struct day){(int32_t)figure->n});
    case FIGURE_INSTANT:
        return instant_short(arena, (struct instant){figure->n});
    case FIGURE_TEXT:
        return code_shown(arena, programme, figure);
    default:
        return text_is(text_of(figure->name), "year") ? text_printf(arena, "%lld", (long long)figure->n)
                                                      : num_grouped(arena, figure->n);
    }
}

static bool word_fill(struct arena *arena, enum word word, const struct programme *programme,
                      const struct refused *refused, struct text *ret_text) {
    struct word_arg args[PLACES_MAX];
    size_t count = 0;
    for (size_t i = 0; i < COUNT(places); i++) {
        if (!word_has_place(word, places[i])) {
            continue;
        }
        const struct figure *figure = refused_figure(refused, places[i]);
        if (figure == NULL || count == PLACES_MAX) {
            return false;
        }
        args[count++] = (struct word_arg){places[i], figure_shown(arena, programme, figure)};
    }
    *ret_text = word_expand(arena, word, args, count);
    return true;
}

struct text refusal_sentence(struct arena *arena, const struct programme *programme,
                             const struct refused *refused) {
    struct text code = refusal_code(refused->code);
    for (int i = 1; i <= VARIANTS_MAX; i++) {
        struct text key = i == 1 ? text_printf(arena, "refusal.%.*s", TEXT_F(code))
                                 : text_printf(arena, "refusal.%.*s-%d", TEXT_F(code), i);
        enum word word;
        struct text sentence;
        if (word_find(key, &word) && word_fill(arena, word, programme, refused, &sentence)) {
            return sentence;
        }
    }
    return code;
}
