#include "web/staff/places.h"

#include "core/units.h"
#include "query/bookings.h"
#include "web/eye.h"
#include "web/page_form.h"
#include "web/staff/booking_item.h"
#include "web/staff/staff.h"

enum { AHEAD_DAYS = 100, ROWS_MAX = 200 };

struct facility_id staff_place_id(const struct exchange *x) {
    return x->call.actor.role == ROLE_FACILITY ? x->call.actor.facility
                                               : (struct facility_id){exchange_id(x, "id")};
}

struct text staff_place_path(const struct exchange *x, const char *rest) {
    return x->call.actor.role == ROLE_FACILITY
               ? text_printf(x->arena, "/facility%s", rest)
               : text_printf(x->arena, "/city/facilities/%.*s%s", TEXT_F(exchange_param(x, "id")), rest);
}

enum rc staff_place_name(const struct exchange *x, struct text *ret_name) {
    struct query query = eye_of(x);
    struct facility_ask ask = {
        .date = DAY_NONE, .month_age = -1, .id = staff_place_id(x), .with_suspended = true};
    struct facility_row *rows;
    size_t count;
    *ret_name = TEXT("");
    if (x->call.actor.role == ROLE_FACILITY) {
        return RC_OK;
    }
    enum rc rc = query_facilities(&query, &ask, &rows, &count);
    if (rc == RC_OK) {
        *ret_name = rows[0].about.name;
    }
    return rc;
}

enum rc staff_places_load(const struct exchange *x, struct facility_id facility, struct text care,
                          struct day from, int32_t days, struct staff_places *ret_places) {
    struct query query = eye_of(x);
    struct vacancy_ask ask = {
        .care = care, .from = from, .to = day_add(from, days - 1), .facility = facility};
    return query_vacancies(&query, &ask, &ret_places->rows, &ret_places->count);
}

const struct vacancy_row *staff_places_find(const struct staff_places *places, struct facility_id facility,
                                            struct day day) {
    for (size_t i = 0; i < places->count; i++) {
        if (places->rows[i].facility.n == facility.n && day_eq(places->rows[i].day, day)) {
            return &places->rows[i];
        }
    }
    return NULL;
}

struct grid_cell staff_places_cell(const struct exchange *x, const struct vacancy_row *row) {
    static const enum tone tones[] = {[VACANCY_OPEN] = TONE_GOOD,
                                      [VACANCY_FEW] = TONE_WARN,
                                      [VACANCY_FULL] = TONE_BAD,
                                      [VACANCY_CLOSED] = TONE_PLAIN};
    if (row == NULL || row->capacity == 0) {
        return (struct grid_cell){.sign = TEXT("―"), .said = word_text(W_MARK_CLOSED)};
    }
    struct word_arg brief[] = {{"taken", staff_count(x, row->taken + row->held)},
                               {"open", staff_count(x, row->open)}};
    struct word_arg full[] = {{"capacity", staff_count(x, row->capacity)},
                              {"taken", staff_count(x, row->taken)},
                              {"held", staff_count(x, row->held)},
                              {"blocked", staff_count(x, row->blocked)},
                              {"open", staff_count(x, row->open)}};
    struct word_arg missing[] = {{"n", staff_count(x, row->shortfall)}};
    bool lacks = row->shortfall > 0;
    return (struct grid_cell){.sign = lacks ? word_expand(x->arena, W_STAFF_CELL_SHORT, missing, 1)
                                            : word_expand(x->arena, W_STAFF_CELL, brief, COUNT(brief)),
                              .said = word_expand(x->arena, W_STAFF_CELL_SAID, full, COUNT(full)),
                              .tone = lacks ? TONE_BAD : tones[vacancy_mark(row)]};
}

struct day *staff_places_days(const struct exchange *x, struct day from, size_t count) {
    struct day *days = arena_array(x->arena, struct day, count);
    for (size_t i = 0; i < count; i++) {
        days[i] = day_add(from, (int32_t)i);
    }
    return days;
}

enum rc staff_places_grid(struct exchange *x, struct facility_id facility, struct day from, size_t days,
                          struct grid_view *ret_grid) {
    const struct programme *programme = eye_programme(x);
    size_t cares = programme == NULL ? 0 : (size_t)programme->care_count;
    struct grid_row *rows = arena_array(x->arena, struct grid_row, cares + 1);
    for (size_t i = 0; i < cares; i++) {
        struct staff_places places;
        enum rc rc = staff_places_load(x, facility, programme->cares[i].code, from, (int32_t)days, &places);
        if (rc != RC_OK) {
            return rc;
        }
        struct grid_cell *cells = arena_array(x->arena, struct grid_cell, days);
        for (size_t k = 0; k < days; k++) {
            cells[k] = staff_places_cell(x, staff_places_find(&places, facility, day_add(from, (int32_t)k)));
        }
        rows[i] = (struct grid_row){.label = programme->cares[i].name, .cells = cells};
    }
    *ret_grid = (struct grid_view){.id = TEXT("places"),
                                   .corner = page_label(x->arena, TEXT("care")),
                                   .days = staff_places_days(x, from, days),
                                   .day_count = days,
                                   .today = staff_today(x),
                                   .rows = rows,
                                   .row_count = cares};
    return RC_OK;
}

/* ---- bookings on days with too few places ---- */

static bool on_short_day(const struct programme *programme, const struct staff_places *places,
                         const struct booking_row *row) {
    int32_t care = programme_care(programme, row->care);
    struct day days[SLOT_DAYS_MAX];
    int32_t n = care < 0 ? 0 : slot_days(programme->cares[care].kind, row->start, row->end, days);
    for (int32_t i = 0; i < n; i++) {
        const struct vacancy_row *place = staff_places_find(places, row->facility, days[i]);
        if (place != NULL && place->shortfall > 0) {
            return true;
        }
    }
    return false;
}

static bool any_short(const struct staff_places *places) {
    for (size_t i = 0; i < places->count; i++) {
        if (places->rows[i].shortfall > 0) {
            return true;
        }
    }
    return false;
}

static enum rc affected_of(const struct exchange *x, const struct programme *programme, struct text care,
                           struct booking_row *kept, size_t *count) {
    struct staff_places places;
    struct facility_id own = staff_place_id(x);
    enum rc rc = staff_places_load(x, own, care, staff_today(x), AHEAD_DAYS, &places);
    if (rc != RC_OK || !any_short(&places)) {
        return rc;
    }
    struct query query = eye_of(x);
    struct booking_ask ask = {.facility = own,
                              .care = care,
                              .from = staff_today(x),
                              .to = day_add(staff_today(x), AHEAD_DAYS),
                              .by_start = true,
                              .brief = true};
    struct query_page page = {.limit = ROWS_MAX};
    struct booking_row *rows;
    size_t found;
    rc = query_bookings(&query, &ask, &page, &rows, &found);
    for (size_t i = 0; rc == RC_OK && i < found && *count < ROWS_MAX; i++) {
        enum booking_state state;
        if (booking_state_parse(rows[i].state, &state) && booking_open(state) &&
            on_short_day(programme, &places, &rows[i])) {
            kept[(*count)++] = rows[i];
        }
    }
    return rc;
}

enum rc staff_places_affected(struct exchange *x, struct booking_list *ret_list) {
    const struct programme *programme = eye_programme(x);
    struct booking_row *rows = arena_array(x->arena, struct booking_row, ROWS_MAX);
    size_t count = 0;
    enum rc rc = RC_OK;
    for (int32_t i = 0; programme != NULL && i < programme->care_count && rc == RC_OK; i++) {
        rc = affected_of(x, programme, programme->cares[i].code, rows, &count);
    }
    if (rc == RC_OK) {
        *ret_list = booking_list_of(x, rows, count, NULL);
        ret_list->id = TEXT("affected");
        ret_list->caption = word_text(W_STAFF_AFFECTED);
        ret_list->steps = true;
    }
    return rc;
}
