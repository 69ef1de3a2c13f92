/* Views of tmpl/resident/registration.html: the task list, its questions, the check before sending, the state after. */
#ifndef SANGO_WEB_RESIDENT_REGISTRATION_VIEW_H
#define SANGO_WEB_RESIDENT_REGISTRATION_VIEW_H

#include "web/frame.h"
#include "web/page_form.h"

struct task_view {
    struct steps_view steps;
    struct text add_child_url; /* "" when there are enough */
    struct text check_url;
    struct text saved;  /* when, or "" */
    struct text reason; /* why it came back, or "" */
    size_t left;        /* questions still open */
};

struct question_view {
    struct error_list errors;
    struct form_view form;
    struct text heading;
    struct text lead;
    struct widgets widgets;
    bool child;
    bool another;   /* one more child may be added */
    bool removable; /* this child may be taken out again */
    struct form_view remove;
    struct text list_url;
};

struct check_fault {
    struct text message;
    struct text url;
};
struct check_view {
    const struct check_fault *faults;
    size_t fault_count;
    struct text refusal; /* a rule that says no, or "" */
    struct summary_view rows;
    struct form_view form;
    struct text list_url;
};

/* A child born after the registration. */
struct birth_view {
    struct error_list errors;
    struct form_view form;
    struct widgets widgets;
};

struct status_view {
    struct text state;
    enum tone tone;
    struct steps_view steps;
    struct text reason;
    struct summary_view rows;
    bool returned;
    bool may_withdraw;
    bool over; /* rejected or withdrawn: may begin again */
    bool approved;
    struct form_view correct;
    struct form_view withdraw;
};

#endif
