/* The view of specimen_page.html. */
#ifndef SANGO_TESTS_SPECIMEN_VIEW_H
#define SANGO_TESTS_SPECIMEN_VIEW_H

#include "web/frame.h"

struct specimen {
    struct error_list errors;
    struct steps_view steps;
    const struct field_view *fields;
    size_t field_count;
    struct field_date_view birth;
    struct field_date_view due;
    struct field_choice_view class;
    struct field_choice_view wishes;
    struct field_choice_view ward;
    struct field_area_view worry;
    struct field_check_view consent;
    struct summary_view summary;
    struct calendar_view month;
    struct grid_view week;
};

#endif
