/* Views of the components in tmpl/components.html and tmpl/calendar.html: plain structs that a page fills and hands to
 * `{% call field_text(&v->name) %}`. Empty texts mean "none". Fields are shown as element `f-NAME`, so that an
 * error summary can lead there. */
#ifndef SANGO_WEB_COMPONENT_H
#define SANGO_WEB_COMPONENT_H

#include "base/date.h"
#include "words/words.h"

/* A state's colour; it always stands beside words. */
enum tone { TONE_PLAIN, TONE_GOOD, TONE_WAIT, TONE_WARN, TONE_BAD, TONE__MAX };

/* One-line input. `type` "" is text; also email, tel, password, number (shown as text with digits' keyboard). */
struct field_view {
    struct text name;
    struct text label;
    struct text hint;
    struct text value;
    struct text error;
    struct text autocomplete; /* HTML's tokens: family-name, postal-code, tel, bday-year … */
    struct text inputmode;    /* numeric, tel, email … */
    struct text type;
    struct text suffix; /* unit behind the box: 円, 日 */
    bool required;
    bool narrow;   /* a box for few characters */
    size_t length; /* maxlength; 0: none */
};

/* Three inputs NAME-year, NAME-month, NAME-day (Western years; the era is shown beside the parts when known). */
struct field_date_view {
    struct text name;
    struct text label;
    struct text hint;
    struct text year; /* as typed */
    struct text month;
    struct text day;
    struct text era; /* day_era() of a valid date */
    struct text error;
    bool required;
    bool birthday; /* offer the browser's stored birthday */
};

struct choice {
    struct text value;
    struct text label;
    struct text hint;
    bool chosen;
};

/* Radio buttons, a drop-down, or several check boxes of one name. */
struct field_choice_view {
    struct text name;
    struct text label;
    struct text hint;
    struct text error;
    const struct choice *choices;
    size_t count;
    bool required;
};

/* One check box: a consent, a wish. */
struct field_check_view {
    struct text name;
    struct text value; /* sent when checked; "" sends 1 */
    struct text label;
    struct text hint;
    struct text error;
    bool checked;
};

struct field_area_view {
    struct text name;
    struct text label;
    struct text hint;
    struct text value;
    struct text error;
    bool required;
    size_t rows;   /* 0: 5 */
    size_t length; /* characters; 0: none */
};

struct error_item {
    struct text name; /* of the field; "" when the fault belongs to no field */
    struct text message;
};

struct error_list {
    const struct error_item *items;
    size_t count; /* 0: nothing is shown */
};

/* The hidden part of every form that changes something. */
struct form_view {
    struct text action;
    struct text csrf; /* token of the session; "" for forms without one */
    struct text key;  /* Idempotency-Key of this very form */
};

enum button_kind { BUTTON_PRIMARY, BUTTON_SECONDARY, BUTTON_DANGER, BUTTON_QUIET, BUTTON__MAX };

struct button_view {
    struct text label;
    struct text name; /* with a value: which button was pressed */
    struct text value;
    struct text url; /* not empty: a link that looks like the button */
    enum button_kind kind;
};

/* After a deed. Confirmed only when the commit is done; pending says until when an answer is promised. */
enum panel_kind { PANEL_CONFIRMED, PANEL_PENDING, PANEL_ENDED, PANEL__MAX };

struct panel_view {
    enum panel_kind kind;
    struct text title; /* 予約が確定しました */
    struct text number_label;
    struct text number;
    struct text line; /* what is promised: 11月20日(金)17時までにお返事します */
};

struct summary_row {
    struct text label;
    struct text value; /* lines are kept */
    struct text change_url;
    struct text change_what; /* "日にちを" + 変更, for those who only hear the link; "" takes the label */
};

struct summary_view {
    const struct summary_row *rows;
    size_t count;
};

struct notice_view {
    enum tone tone;
    struct text title;
    struct text line;
    struct text url; /* optional way on */
    struct text url_label;
};

struct empty_view {
    struct text title;
    struct text line;
    struct text url;
    struct text url_label;
};

struct tag_view {
    struct text label;
    enum tone tone;
};

/* Steps of a task over several pages, or the way an application goes. */
struct step {
    struct text label;
    struct text line; /* "11月20日まで" or "" */
    struct text url;  /* not empty: the step can be opened */
    enum tone tone;   /* PLAIN: not begun; WAIT: here; GOOD: done; BAD: something is missing */
};

struct steps_view {
    struct text label;
    const struct step *steps;
    size_t count;
};

/* ○ △ × ― ; MARK_NONE for days outside the question. */
enum mark { MARK_NONE, MARK_FREE, MARK_FEW, MARK_FULL, MARK_CLOSED, MARK__MAX };

struct calendar_day {
    struct day day;
    enum mark mark;
    int left;        /* places left; shown when > 0 */
    struct text url; /* where the day leads; "" cannot be chosen */
    struct text why; /* why it cannot be chosen; read out, and shown below the calendar by the page */
    bool today;
    bool chosen;
    bool holiday;
};

/* A month of 28..31 days, in order. */
struct calendar_view {
    struct text id;      /* of the heading element */
    struct text caption; /* 2026年11月 */
    struct text before_url;
    struct text before_label; /* 前の月 */
    struct text after_url;
    struct text after_label;
    const struct calendar_day *days;
    size_t count;
};

struct grid_cell {
    struct text sign; /* ○, 2/3, 田中 … */
    struct text said; /* the same for those who only hear it; "" says the sign */
    struct text url;
    enum tone tone;
};

struct grid_row {
    struct text label;
    struct text url;
    const struct grid_cell *cells; /* one a day */
};

/* Rows (rooms, facilities) by days (a week). */
struct grid_view {
    struct text id;
    struct text caption;
    struct text corner; /* heading of the first column */
    const struct day *days;
    size_t day_count;
    struct day today; /* DAY_NONE: none */
    const struct grid_row *rows;
    size_t row_count;
};

struct page_links {
    struct text before_url;
    struct text after_url;
    struct text line; /* "41–60件目 / 全212件" */
};

const char *tone_class(enum tone tone);       /* plain good wait warn bad */
const char *button_class(enum button_kind k); /* primary secondary danger quiet */
struct text mark_sign(enum mark mark);        /* ○ */
struct text mark_words(enum mark mark);       /* 空きあり */
/* Empty cells before the first day when weeks begin on Sunday. */
int calendar_lead(const struct calendar_view *v);
struct text weekday_words(int weekday); /* 日 … 土; 0 is Sunday */

#endif
