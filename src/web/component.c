#include "web/component.h"

#include <assert.h>

const char *tone_class(enum tone tone) {
    static const char *const classes[] = {[TONE_PLAIN] = "plain",
                                          [TONE_GOOD] = "good",
                                          [TONE_WAIT] = "wait",
                                          [TONE_WARN] = "warn",
                                          [TONE_BAD] = "bad"};
    assert(tone < TONE__MAX);
    return classes[tone];
}

const char *button_class(enum button_kind k) {
    static const char *const classes[] = {[BUTTON_PRIMARY] = "primary",
                                          [BUTTON_SECONDARY] = "secondary",
                                          [BUTTON_DANGER] = "danger",
                                          [BUTTON_QUIET] = "quiet"};
    assert(k < BUTTON__MAX);
    return classes[k];
}

struct text mark_sign(enum mark mark) {
    static const struct text signs[] = {[MARK_NONE] = TEXT_INIT(""),
                                        [MARK_FREE] = TEXT_INIT("○"),
                                        [MARK_FEW] = TEXT_INIT("△"),
                                        [MARK_FULL] = TEXT_INIT("×"),
                                        [MARK_CLOSED] = TEXT_INIT("―")};
    assert(mark < MARK__MAX);
    return signs[mark];
}

struct text mark_words(enum mark mark) {
    static const enum word words[] = {[MARK_FREE] = W_MARK_FREE,
                                      [MARK_FEW] = W_MARK_FEW,
                                      [MARK_FULL] = W_MARK_FULL,
                                      [MARK_CLOSED] = W_MARK_CLOSED};
    assert(mark < MARK__MAX);
    return mark == MARK_NONE ? TEXT("") : word_text(words[mark]);
}

int calendar_lead(const struct calendar_view *v) {
    return v->count == 0 ? 0 : day_weekday(v->days[0].day);
}

struct text weekday_words(int weekday) {
    static const enum word words[] = {W_WEEKDAY_0, W_WEEKDAY_1, W_WEEKDAY_2, W_WEEKDAY_3,
                                      W_WEEKDAY_4, W_WEEKDAY_5, W_WEEKDAY_6};
    assert(weekday >= 0 && weekday < (int)COUNT(words));
    return word_text(words[weekday]);
}
