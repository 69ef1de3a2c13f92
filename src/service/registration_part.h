/* For services only: what the files about registrations share. */
#ifndef SANGO_SERVICE_REGISTRATION_PART_H
#define SANGO_SERVICE_REGISTRATION_PART_H

#include "service/registration.h"
#include "service/write.h"
#include "store/registration.h"

/* ---- reading what was typed: service/registration_form.c ---- */

/* What was typed, in the shape of the tables: names byte for byte, reading, telephone and postal code in one form.
 * Everything wrong with it goes to the outcome's faults. */
struct registration_typed {
    struct registration_record record; /* without id, account, state, version */
    struct child_record children[REGISTRATION_CHILDREN_MAX];
    size_t child_count;
};
void registration_read(const struct call *call, const struct registration_form *form,
                       struct registration_typed *ret_typed, struct registration_outcome *outcome);
/* One child; `at` is its pointer, "/children/0". */
void registration_read_child(const struct call *call, const struct registration_child *child, struct text at,
                             struct child_record *ret_record, struct registration_outcome *outcome);
/* Text that must be there and short enough. */
void registration_read_text(struct text value, size_t chars_max, struct text at,
                            struct registration_outcome *outcome);
void registration_fault_add(struct registration_outcome *outcome, const char *code, struct text at);
/* What the rules say about it today: answers to fields become faults, everything else refuses. */
void registration_judge(const struct call *call, const struct registration_form *form,
                        const struct registration_typed *typed, struct registration_outcome *outcome);

/* ---- the class: service/registration_class.c ---- */

/* The day on which the class was found: as told, else today. */
struct day registration_proven(const struct call *call, const struct registration_decision *decision);
/* False with a fault when that day is still to come. */
NODISCARD bool registration_proven_sane(const struct call *call, const struct registration_decision *decision,
                                        struct registration_outcome *outcome);

/* ---- steps: service/registration_step.c ---- */

struct child core_child(const struct child_record *record);

struct registration_step {
    struct registration_id id;
    int64_t version; /* 0: whatever is there */
    enum registration_event event;
};
/* Loads and locks the registration and asks the table of states. RC_NONE: not there, or not the actor's to move;
 * RC_RACE: another version. The outcome is filled; its verdict refuses when there is no such move. */
NODISCARD enum rc registration_step_begin(struct tx *tx, struct call *call,
                                          const struct registration_step *step,
                                          struct registration_record *ret_record,
                                          enum registration_state *ret_next,
                                          struct registration_outcome *outcome);
/* Asks the table for a move from `state`; refuses in the outcome when there is none. */
bool registration_may_move(enum registration_state state, enum registration_event event,
                           struct registration_outcome *outcome, enum registration_state *ret_next);
/* One bit of registration_actors; 0 for roles that move nothing. */
actor_mask registration_actor(enum role role);
NODISCARD enum rc registration_audit(struct tx *tx, const struct call *call, const char *action,
                                     const struct registration_record *record, struct text detail);
/* To the resident, once for each event and version. */
NODISCARD enum rc registration_tell(struct tx *tx, const struct call *call, const char *kind,
                                    const struct registration_record *record, const struct notice_arg *args,
                                    size_t arg_count);

#endif
