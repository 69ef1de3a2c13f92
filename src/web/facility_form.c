#include "web/facility_form.h"

#include "web/eye.h"

const char *const facility_kinds[] = {"hospital", "clinic", "midwifery", NULL};
const char *const facility_lapses[] = {"accept", "decline", NULL};

static int64_t or_none(int64_t n, int64_t none) {
    return n == FORM_NO_INT ? none : n;
}

static bool says_nothing(const struct facility_care_body *care) {
    return care->contract_price == FORM_NO_INT && care->price == FORM_NO_INT &&
           care->age_months_max == FORM_NO_INT && care->answer_hours == FORM_NO_INT && care->lapse_to < 0;
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

static void read_care(struct exchange *x, size_t i, const struct facility_care_body *care,
                      struct facility_new *new) {
    const struct programme *programme = eye_programme(x);
    bool known = programme != NULL && programme_care(programme, care->care) >= 0;
    if (!known || twice(new, care->care)) {
        complain(x, i, "care", FORM_NOT_CHOICE);
    } else if (care->contract_price == FORM_NO_INT) {
        complain(x, i, "contract_price", FORM_MISSING);
    } else {
        new->cares[new->care_count++] = (struct facility_care_new){
            .care = care->care,
            .age_months_max = or_none(care->age_months_max, 0),
            .price = or_none(care->price, -1),
            .contract_price = care->contract_price,
            .answer_hours = or_none(care->answer_hours, -1),
            .lapse_to = care->lapse_to < 0 ? TEXT("") : text_of(facility_lapses[care->lapse_to])};
    }
}

bool facility_read(struct exchange *x, struct facility_new *ret_new) {
    const struct facility_body *body = exchange_body(x);
    *ret_new = (struct facility_new){.code = body->code,
                                     .name = body->name,
                                     .kana = body->kana,
                                     .kind = text_of(facility_kinds[body->kind]),
                                     .ward = body->ward,
                                     .postal_code = body->postal_code,
                                     .address = body->address,
                                     .phone = body->phone,
                                     .email = body->email,
                                     .introduction = body->introduction,
                                     .access = body->access,
                                     .bring = body->bring,
                                     .multiples = body->multiples,
                                     .siblings = body->siblings,
                                     .partner = body->partner};
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
