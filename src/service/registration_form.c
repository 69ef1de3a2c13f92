/* From what a mother typed to rows. Nothing is refused for its width or its hyphens; names stay as typed. */
#include <assert.h>

#include "service/registration_part.h"
#include "sys/textkey.h"

enum { NAME_CHARS = 100, ADDRESS_CHARS = 200, NOTE_CHARS = 2000 };
enum { GESTATION_DAYS_MIN = 100, GESTATION_DAYS_MAX = 330, WEIGHT_G_MIN = 100, WEIGHT_G_MAX = 9000 };

void registration_fault_add(struct registration_outcome *outcome, const char *code, struct text at) {
    if (outcome->fault_count < REGISTRATION_FAULTS_MAX) {
        outcome->faults[outcome->fault_count++] = (struct registration_fault){code, at};
    }
}

static bool text_fits(struct text value, size_t chars_max, bool lines, struct text at,
                      struct registration_outcome *outcome) {
    if (!text_utf8_ok(value) || !text_printable(value, lines)) {
        registration_fault_add(outcome, "malformed", at);
        return false;
    }
    if (text_chars(value) > chars_max) {
        registration_fault_add(outcome, "too-long", at);
        return false;
    }
    return true;
}

void registration_read_text(struct text value, size_t chars_max, struct text at,
                            struct registration_outcome *outcome) {
    if (text_trim(value).n == 0) {
        registration_fault_add(outcome, "missing", at);
        return;
    }
    (void)text_fits(value, chars_max, true, at, outcome);
}

typedef bool (*normalise_fn)(struct arena *arena, struct text t, struct text *ret_text);

static struct text read_normal(const struct call *call, struct text typed, normalise_fn normalise,
                               struct registration_fault fault, struct registration_outcome *outcome) {
    struct text normal = TEXT("");
    if (text_trim(typed).n == 0) {
        registration_fault_add(outcome, "missing", fault.at);
    } else if (!text_utf8_ok(typed) || !normalise(call->arena, typed, &normal)) {
        registration_fault_add(outcome, fault.code, fault.at);
    }
    return normal;
}

static void read_mother(const struct call *call, const struct registration_form *form,
                        struct registration_record *record, struct registration_outcome *outcome) {
    registration_read_text(form->mother_name, NAME_CHARS, TEXT("/mother/name"), outcome);
    registration_read_text(form->address, ADDRESS_CHARS, TEXT("/mother/address"), outcome);
    struct day today = instant_day(call->now);
    if (day_is_none(form->mother_birth_date)) {
        registration_fault_add(outcome, "missing", TEXT("/mother/birth_date"));
    } else if (!day_before(form->mother_birth_date, today)) {
        registration_fault_add(outcome, "future", TEXT("/mother/birth_date"));
    }
    record->mother_name = form->mother_name;
    record->mother_birth_date = form->mother_birth_date;
    record->address = form->address;
    record->mother_kana = read_normal(call, form->mother_kana, textkey_kana,
                                      (struct registration_fault){"kana", TEXT("/mother/kana")}, outcome);
    record->postal_code =
        read_normal(call, form->postal_code, textkey_postal,
                    (struct registration_fault){"postal", TEXT("/mother/postal_code")}, outcome);
    record->phone = read_normal(call, form->phone, textkey_phone,
                                (struct registration_fault){"phone", TEXT("/mother/phone")}, outcome);
    record->name_key =
        text_printf(call->arena, "%.*s/%.*s", TEXT_F(textkey_search(call->arena, form->mother_name)),
                    TEXT_F(textkey_search(call->arena, record->mother_kana)));
}

static void read_range(const struct call *call, int64_t n, int64_t min, int64_t max, struct text at,
                       struct registration_outcome *outcome) {
    (void)call;
    if (n != 0 && (n < min || n > max)) {
        registration_fault_add(outcome, "range", at);
    }
}

void registration_read_child(const struct call *call, const struct registration_child *child, struct text at,
                             struct child_record *ret_record, struct registration_outcome *outcome) {
    struct arena *arena = call->arena;
    (void)text_fits(child->name, NAME_CHARS, false, text_join(arena, at, TEXT("/name")), outcome);
    if (day_is_none(child->birth_date) && day_is_none(child->due_date)) {
        registration_fault_add(outcome, "missing", text_join(arena, at, TEXT("/birth_date")));
    }
    if (!day_is_none(child->birth_date) && day_before(instant_day(call->now), child->birth_date)) {
        registration_fault_add(outcome, "future", text_join(arena, at, TEXT("/birth_date")));
    }
    read_range(call, child->gestation_days, GESTATION_DAYS_MIN, GESTATION_DAYS_MAX,
               text_join(arena, at, TEXT("/gestation_days")), outcome);
    read_range(call, child->weight_g, WEIGHT_G_MIN, WEIGHT_G_MAX, text_join(arena, at, TEXT("/weight_g")),
               outcome);
    *ret_record = (struct child_record){.name = child->name,
                                        .birth_date = child->birth_date,
                                        .due_date = child->due_date,
                                        .gestation_days = child->gestation_days,
                                        .weight_g = child->weight_g};
}

void registration_read(const struct call *call, const struct registration_form *form,
                       struct registration_typed *ret_typed, struct registration_outcome *outcome) {
    assert(form->child_count <= REGISTRATION_CHILDREN_MAX &&
           form->consent_count <= REGISTRATION_CONSENTS_MAX);
    struct registration_typed typed = {.child_count = form->child_count};
    read_mother(call, form, &typed.record, outcome);
    if (form->child_count == 0) {
        registration_fault_add(outcome, "missing", TEXT("/children"));
    }
    for (size_t i = 0; i < form->child_count; i++) {
        struct text at = text_printf(call->arena, "/children/%zu", i);
        registration_read_child(call, &form->children[i], at, &typed.children[i], outcome);
        typed.children[i].ordinal = (int64_t)i + 1;
    }
    (void)text_fits(form->note, NOTE_CHARS, true, TEXT("/note"), outcome);
    typed.record.household_class = form->household_class;
    typed.record.note = form->note;
    *ret_typed = typed;
}

/* ---- the rules ---- */

static void read_consents(const struct call *call, const struct programme *programme,
                          const struct registration_form *form, struct application *application,
                          struct registration_outcome *outcome) {
    for (size_t i = 0; i < form->consent_count; i++) {
        int32_t row = 0;
        while (row < programme->consent_count && !text_eq(programme->consents[row].code, form->consents[i])) {
            row++;
        }
        if (row == programme->consent_count) {
            registration_fault_add(outcome, "unknown", text_printf(call->arena, "/consents/%zu", i));
        } else {
            application->consents |= 1u << row;
        }
    }
}

/* Refusals that a person mends in a field of the form stand beside it. */
static bool fault_of_refusal(const struct call *call, const struct refused *refused,
                             struct registration_outcome *outcome) {
    const struct figure *child = refused_figure(refused, "child");
    switch (refused->code) {
    case REFUSAL_CLASS_UNKNOWN:
        registration_fault_add(outcome, "class-unknown", TEXT("/household_class"));
        return true;
    case REFUSAL_CONSENT:
        registration_fault_add(outcome, "consent-missing", TEXT("/consents"));
        return true;
    case REFUSAL_CHILD_UNKNOWN:
        if (outcome->fault_count == 0) { /* else the form's own reading has said it */
            registration_fault_add(outcome, "missing",
                                   text_printf(call->arena, "/children/%lld/birth_date",
                                               child == NULL ? 0LL : (long long)child->n - 1));
        }
        return true;
    default:
        return false;
    }
}

void registration_judge(const struct call *call, const struct registration_form *form,
                        const struct registration_typed *typed, struct registration_outcome *outcome) {
    struct application application = {.today = instant_day(call->now),
                                      .household_class = form->household_class,
                                      .child_count = (int32_t)typed->child_count,
                                      .loss = DAY_NONE};
    const struct programme *programme = programme_at(call->city->rules, application.today);
    if (programme == NULL) {
        outcome->verdict.refused = refused_of(REFUSAL_NO_PROGRAMME);
        return;
    }
    for (size_t i = 0; i < typed->child_count; i++) {
        application.children[i] = core_child(&typed->children[i]);
    }
    read_consents(call, programme, form, &application, outcome);
    struct refused refusals[REGISTRATION_REFUSALS_MAX];
    int32_t count = registration_check(programme, &application, refusals);
    outcome->verdict.allowed = true;
    for (int32_t i = 0; i < count; i++) {
        if (!fault_of_refusal(call, &refusals[i], outcome) && outcome->verdict.allowed) {
            outcome->verdict = (struct verdict){false, refusals[i]};
        }
    }
}
