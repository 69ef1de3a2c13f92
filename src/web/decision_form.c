#include "web/decision_form.h"

#include "web/eye.h"

static const struct field reason_fields[] = {
    {.name = "reason",
     .kind = FIELD_LINES,
     .required = true,
     .max = 1000,
     .offset = offsetof(struct decision_body, reason)},
};
const struct form decision_reason_form = FORM("DecisionReason", reason_fields, struct decision_body);

static const struct field class_fields[] = {DECISION_CLASS_FIELDS};
const struct form decision_class_form = FORM("ClassFound", class_fields, struct decision_body);

static struct registration_decision begin(const struct exchange *x) {
    return (struct registration_decision){.id = {exchange_id(x, "id")},
                                          .version = exchange_version(x),
                                          .valid_from = DAY_NONE,
                                          .valid_to = DAY_NONE,
                                          .class_proven = DAY_NONE};
}

struct registration_decision decision_read_reason(const struct exchange *x) {
    const struct decision_body *body = exchange_body(x);
    struct registration_decision decision = begin(x);
    decision.reason = body->reason;
    return decision;
}

struct registration_decision decision_read_class(const struct exchange *x) {
    const struct decision_body *body = exchange_body(x);
    struct registration_decision decision = begin(x);
    decision.household_class = body->household_class;
    decision.class_proven = body->class_proven;
    return decision;
}

/* Of the row that fills this member, whatever this form calls it. */
static void complain(struct exchange *x, size_t offset, enum form_error error, int64_t bound) {
    const struct form *form = x->body.form;
    for (size_t i = 0; i < form->count; i++) {
        if (form->fields[i].offset == offset) {
            form_error_add(&x->body, text_printf(x->arena, "/%s", form->fields[i].name), error, bound);
        }
    }
}

static void read_extra(struct exchange *x, const struct decision_body *body,
                       struct registration_decision *decision) {
    const struct programme *programme = eye_programme(x);
    size_t offset = offsetof(struct decision_body, extra);
    if (body->extra_count > COUNT(decision->extra)) {
        complain(x, offset, FORM_TOO_LONG, (int64_t)COUNT(decision->extra));
        return;
    }
    for (size_t i = 0; i < body->extra_count; i++) {
        if (programme != NULL && programme_pool(programme, body->extra[i].code) < 0) {
            complain(x, offset, FORM_NOT_CHOICE, 0);
            return;
        }
        decision->extra[i].pool = body->extra[i].code;
        decision->extra[i].units = body->extra[i].n;
    }
    decision->extra_count = body->extra_count;
}

static void read_before(struct exchange *x, const struct decision_body *body,
                        struct registration_decision *decision) {
    for (int what = 0; what < BEFORE__MAX; what++) {
        for (size_t i = 0; i < body->before_count[what]; i++) {
            if (decision->before_count == GRANT_BEFORE_MAX) {
                complain(x, offsetof(struct decision_body, before), FORM_TOO_LONG, GRANT_BEFORE_MAX);
                return;
            }
            size_t n = decision->before_count++;
            decision->before[n].what = (enum before_what)what;
            decision->before[n].code = body->before[what][i].code;
            decision->before[n].units = body->before[what][i].n;
        }
    }
}

bool decision_read_approval(struct exchange *x, struct registration_decision *ret_decision) {
    const struct decision_body *body = exchange_body(x);
    *ret_decision = decision_read_class(x);
    ret_decision->valid_from = body->valid_from;
    ret_decision->valid_to = body->valid_to;
    read_extra(x, body, ret_decision);
    read_before(x, body, ret_decision);
    return x->body.error_count == 0;
}
