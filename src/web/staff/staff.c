#include "web/staff/staff.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "core/book.h"
#include "web/eye.h"

enum { HOUR = 3600, DAY = 86400 };

const char *staff_room(const struct exchange *x) {
    return x->call.actor.role == ROLE_FACILITY ? "/facility" : "/city";
}

struct text staff_link(const struct exchange *x, const char *fmt, ...) {
    char rest[512];
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(rest, sizeof rest, fmt, args);
    va_end(args);
    assert(n >= 0 && (size_t)n < sizeof rest);
    return exchange_linkf(x, "%s%s", staff_room(x), rest);
}

struct text staff_id(const struct exchange *x, int64_t id) {
    return id_format(x->arena, id);
}

bool staff_viewed(struct exchange *x, const char *what, const char *object, int64_t id,
                  struct account_id subject) {
    return exchange_looked(
        x,
        (struct audit_view){.what = what, .object = object, .object_id = id, .subject = subject, .count = 1});
}

bool staff_viewed_many(struct exchange *x, const char *what, const char *object, size_t count) {
    return count == 0 ||
           exchange_looked(x, (struct audit_view){.what = what, .object = object, .count = (int64_t)count});
}

enum tone staff_booking_tone(struct text code) {
    static const enum tone tones[BOOKING__MAX] = {
        [BOOKING_REQUESTED] = TONE_WAIT,  [BOOKING_CONFIRMED] = TONE_GOOD,  [BOOKING_DECLINED] = TONE_PLAIN,
        [BOOKING_LAPSED] = TONE_PLAIN,    [BOOKING_CANCELLED] = TONE_PLAIN, [BOOKING_IN_USE] = TONE_GOOD,
        [BOOKING_COMPLETED] = TONE_PLAIN, [BOOKING_NO_SHOW] = TONE_WARN};
    enum booking_state state;
    return booking_state_parse(code, &state) ? tones[state] : TONE_PLAIN;
}

enum tone staff_registration_tone(struct text code) {
    return text_is(code, "submitted")  ? TONE_WAIT
           : text_is(code, "returned") ? TONE_WARN
           : text_is(code, "approved") ? TONE_GOOD
                                       : TONE_PLAIN;
}

struct text staff_remaining(const struct exchange *x, struct instant until) {
    if (instant_is_none(until)) {
        return TEXT("");
    }
    int64_t left = until.s - x->call.now.s;
    if (left <= 0) {
        return word_text(W_STAFF_OVERDUE);
    }
    int64_t unit = left >= 2 * DAY ? DAY : left >= HOUR ? HOUR : 60;
    enum word word = unit == DAY    ? W_STAFF_LEFT_DAYS
                     : unit == HOUR ? W_STAFF_LEFT_HOURS
                                    : W_STAFF_LEFT_MINUTES;
    struct word_arg args[] = {{"n", staff_count(x, left / unit)}};
    return word_expand(x->arena, word, args, COUNT(args));
}

struct text staff_count(const struct exchange *x, int64_t n) {
    return num_grouped(x->arena, n);
}

struct text staff_moment(const struct exchange *x, struct instant at) {
    return instant_is_none(at) ? TEXT("") : instant_short(x->arena, at);
}

struct text staff_day(const struct exchange *x, struct day day) {
    return day_is_none(day) ? TEXT("") : day_short(x->arena, day);
}

struct day staff_today(const struct exchange *x) {
    return instant_day(x->call.now);
}

struct choice *staff_cares(const struct exchange *x, bool any, size_t *ret_count) {
    const struct programme *programme = eye_programme(x);
    size_t count = programme == NULL ? 0 : (size_t)programme->care_count;
    struct choice *choices = arena_array(x->arena, struct choice, count + 1);
    size_t n = 0;
    if (any) {
        choices[n++] = (struct choice){.label = word_text(W_STAFF_ALL)};
    }
    for (size_t i = 0; i < count; i++) {
        choices[n++] = (struct choice){.value = programme->cares[i].code, .label = programme->cares[i].name};
    }
    *ret_count = n;
    return choices;
}
