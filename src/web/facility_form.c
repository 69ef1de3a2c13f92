#include "web/facility_form.h"

#include "web/eye.h"

const char *const facility_kinds[] = {"hospital", "clinic", "midwifery", NULL};
const char *const facility_lapses[] = {"accept", "decline", NULL};

static int64_t or_none(int64_t n, int64_t none) {
    return n == FORM_NO_INT ? none : n;
}

static bool says_nothing(const struct care_terms_body *body) {
    const struct care_terms *terms = &body->terms;
    return terms->contract_price == FORM_NO_INT && terms->price == FORM_NO_INT &&
           terms->age_months_max == FORM_NO_INT && terms->answer_hours == FORM_NO_INT && body->lapse_to < 0;
}

static void complain(struct exchange *x, size_t i, const char *member, enum form_error error) {
    form_error_add(&x->body, text_printf(x->arena, "/cares/%zu/%s", i, member), error, 0);
}

static bool twice(const struct facility_new *new, struct text care) {
    for (size_t i = 0; i < new->care_count; i++) {
        if (text_eq(new->cares[i].care, care)) {
            return true;
        }
    }
    return false;
}

static void read_care(struct exchange *x, size_t i, const struct care_terms_body *body,
                      struct facility_new *new) {
    const struct programme *programme = eye_programme(x);
    struct care_terms terms = body->terms;
    bool known = programme != NULL && programme_care(programme, terms.care) >= 0;
    if (!known || twice(new, terms.care)) {
        complain(x, i, "care", FORM_NOT_CHOICE);
    } else if (terms.contract_price == FORM_NO_INT) {
        complain(x, i, "contract_price", FORM_MISSING);
    } else {
        terms.age_months_max = or_none(terms.age_months_max, 0);
        terms.price = or_none(terms.price, -1);
        terms.answer_hours = or_none(terms.answer_hours, -1);
        terms.lapse_to = body->lapse_to < 0 ? TEXT("") : text_of(facility_lapses[body->lapse_to]);
        new->cares[new->care_count++] = terms;
    }
}

bool facility_read(struct exchange *x, struct facility_new *ret_new) {
    const struct facility_body *body = exchange_body(x);
    *ret_new = (struct facility_new){.about = body->about, .words = body->words};
    ret_new->about.kind = text_of(facility_kinds[body->kind]);
    for (size_t i = 0; i < body->care_count && i < PROGRAMME_CARES_MAX; i++) {
        if (!says_nothing(&body->cares[i])) {
            read_care(x, i, &body->cares[i], ret_new);
        }
    }
    if (x->body.error_count == 0 && ret_new->care_count == 0) {
        form_error_add(&x->body, TEXT("/cares"), FORM_MISSING, 0);
    }
    return x->body.error_count == 0;
}
