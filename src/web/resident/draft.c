#include "web/resident/draft.h"

#include "base/buf.h"
#include "service/draft.h"

#define AT(member) .offset = offsetof(struct draft_answers, member)
#define CHILD(member) .offset = offsetof(struct draft_child, member)
static const struct field name_fields[] = {
    {.name = "mother_name", .kind = FIELD_TEXT, .required = true, .max = 100, AT(mother_name)},
    {.name = "mother_kana", .kind = FIELD_KANA, .required = true, .max = 100, AT(mother_kana)},
};
static const struct field birth_fields[] = {
    {.name = "mother_birth_date", .kind = FIELD_DAY, .required = true, AT(mother_birth_date)},
};
static const struct field address_fields[] = {
    {.name = "postal_code", .kind = FIELD_POSTAL, .required = true, AT(postal_code)},
    {.name = "address", .kind = FIELD_TEXT, .required = true, .max = 200, AT(address)},
};
static const struct field phone_fields[] = {
    {.name = "phone", .kind = FIELD_PHONE, .required = true, AT(phone)},
};
static const struct field child_fields[] = {
    {.name = "child_name", .kind = FIELD_TEXT, .max = 100, CHILD(child_name)},
    {.name = "birth_date", .kind = FIELD_DAY, CHILD(birth_date)},
    {.name = "due_date", .kind = FIELD_DAY, CHILD(due_date)},
    {.name = "weeks", .kind = FIELD_INT, .min = 20, .max = 45, CHILD(weeks)},
    {.name = "days", .kind = FIELD_INT, .max = 6, CHILD(days)},
    {.name = "weight_g", .kind = FIELD_INT, .min = 100, .max = 9000, CHILD(weight_g)},
};
static const struct field class_fields[] = {
    {.name = "household_class", .kind = FIELD_TEXT, .required = true, .max = 40, AT(household_class)},
};
static const struct field note_fields[] = {
    {.name = "note", .kind = FIELD_LINES, .max = 1000, AT(note)},
};
static const struct field consent_fields[] = {
    {.name = "consents",
     .kind = FIELD_TEXTS,
     .required = true,
     .max = REGISTRATION_CONSENTS_MAX,
     AT(consents),
     .count_offset = offsetof(struct draft_answers, consent_count)},
};
const struct form draft_name_form = FORM("RegistrationName", name_fields, struct draft_answers);
const struct form draft_birth_form = FORM("RegistrationBirth", birth_fields, struct draft_answers);
const struct form draft_address_form = FORM("RegistrationAddress", address_fields, struct draft_answers);
const struct form draft_phone_form = FORM("RegistrationPhone", phone_fields, struct draft_answers);
const struct form draft_child_form = FORM("RegistrationChild", child_fields, struct draft_child);
const struct form draft_class_form = FORM("RegistrationClass", class_fields, struct draft_answers);
const struct form draft_note_form = FORM("RegistrationNote", note_fields, struct draft_answers);
const struct form draft_consent_form = FORM("RegistrationConsents", consent_fields, struct draft_answers);

const struct draft_step draft_steps[STEP_ID__MAX] = {
    [STEP_NAME] = {"name", &draft_name_form, false},
    [STEP_BIRTH] = {"birth", &draft_birth_form, false},
    [STEP_ADDRESS] = {"address", &draft_address_form, false},
    [STEP_PHONE] = {"phone", &draft_phone_form, false},
    [STEP_CHILD] = {"child", &draft_child_form, false},
    [STEP_CLASS] = {"class", &draft_class_form, false},
    [STEP_NOTE] = {"note", &draft_note_form, true},
    [STEP_CONSENT] = {"consent", &draft_consent_form, false},
};

/* Every answer, nothing required: what is missing is the steps' and the service's to say. */
static const struct field all_fields[] = {
    {.name = "mother_name", .kind = FIELD_TEXT, .max = 100, AT(mother_name)},
    {.name = "mother_kana", .kind = FIELD_KANA, .max = 100, AT(mother_kana)},
    {.name = "mother_birth_date", .kind = FIELD_DAY, AT(mother_birth_date)},
    {.name = "postal_code", .kind = FIELD_POSTAL, AT(postal_code)},
    {.name = "address", .kind = FIELD_TEXT, .max = 200, AT(address)},
    {.name = "phone", .kind = FIELD_PHONE, AT(phone)},
    {.name = "children",
     .kind = FIELD_OBJECTS,
     .max = REGISTRATION_CHILDREN_MAX,
     AT(children),
     .count_offset = offsetof(struct draft_answers, child_count),
     .inner = &draft_child_form},
    {.name = "household_class", .kind = FIELD_TEXT, .max = 40, AT(household_class)},
    {.name = "consents",
     .kind = FIELD_TEXTS,
     .max = REGISTRATION_CONSENTS_MAX,
     AT(consents),
     .count_offset = offsetof(struct draft_answers, consent_count)},
    {.name = "note", .kind = FIELD_LINES, .max = 1000, AT(note)},
};
static const struct form all_form = FORM("RegistrationDraft", all_fields, struct draft_answers);
#undef AT
#undef CHILD

/* ---- reading ---- */

enum rc draft_read(struct exchange *x, struct form_input *ret_draft) {
    struct draft draft;
    enum rc rc = draft_load(&x->call, &draft);
    if (rc != RC_OK) {
        return rc;
    }
    *ret_draft = (struct form_input){.arena = x->arena, .form = &all_form};
    if (form_split_urlencoded(ret_draft, draft.answers) != FORM_READ) {
        *ret_draft = (struct form_input){.arena = x->arena, .form = &all_form}; /* begin again */
    }
    return RC_OK;
}

/* "children.2." */
static struct text child_prefix(struct arena *arena, size_t child) {
    return text_printf(arena, "children.%zu.", child);
}

static bool names_field(const struct form *form, struct text name) {
    for (size_t i = 0; i < form->count; i++) {
        struct text own = text_of(form->fields[i].name);
        bool part = text_starts(name, own) && name.n > own.n && name.p[own.n] == '-';
        if (text_eq(name, own) || part) {
            return true;
        }
    }
    return false;
}

/* Does an entry of the draft belong to the step? *ret_name is its name there. */
static bool belongs(struct exchange *x, struct text name, enum step_id step, size_t child,
                    struct text *ret_name) {
    *ret_name = name;
    if (step == STEP_CHILD) {
        struct text prefix = child_prefix(x->arena, child);
        if (!text_starts(name, prefix)) {
            return false;
        }
        *ret_name = text_part(name, prefix.n, name.n);
    }
    return names_field(draft_steps[step].form, *ret_name);
}

bool draft_step_input(struct exchange *x, const struct form_input *draft, enum step_id step, size_t child,
                      struct form_input *ret_input) {
    *ret_input =
        (struct form_input){.arena = x->arena,
                            .form = draft_steps[step].form,
                            .entries = arena_array(x->arena, struct form_entry, draft->entry_count + 1)};
    for (size_t i = 0; i < draft->entry_count; i++) {
        struct text name;
        if (belongs(x, draft->entries[i].name, step, child, &name)) {
            ret_input->entries[ret_input->entry_count++] =
                (struct form_entry){.name = text_copy(x->arena, name), .value = draft->entries[i].value};
        }
    }
    bool fine = form_fill(ret_input);
    const struct draft_child *row = ret_input->value;
    bool day = step != STEP_CHILD || !day_is_none(row->birth_date) || !day_is_none(row->due_date);
    return fine && day && ret_input->entry_count > 0;
}

size_t draft_children(const struct form_input *draft) {
    size_t count = 0;
    for (size_t i = 0; i < draft->entry_count; i++) {
        struct text name = draft->entries[i].name;
        if (text_starts(name, TEXT("children.")) && name.n > 10 && name.p[9] >= '0' && name.p[9] <= '9') {
            size_t n = (size_t)(name.p[9] - '0') + 1;
            count = n > count ? n : count;
        }
    }
    return count;
}

/* ---- writing ---- */

static void put_pair(struct exchange *x, struct buf *buf, struct text name, struct text value) {
    buf_putz(buf, buf->n > 0 ? "&" : "");
    buf_put(buf, http_escape(x->arena, name));
    buf_putc(buf, '=');
    buf_put(buf, http_escape(x->arena, value));
}

struct text draft_with(struct exchange *x, const struct form_input *draft, enum step_id step, size_t child,
                       const struct form_input *body) {
    struct buf buf;
    buf_init(&buf, x->arena);
    for (size_t i = 0; i < draft->entry_count; i++) {
        struct text name;
        if (!belongs(x, draft->entries[i].name, step, child, &name)) {
            put_pair(x, &buf, draft->entries[i].name, draft->entries[i].value);
        }
    }
    for (size_t i = 0; body != NULL && i < body->entry_count; i++) {
        struct text name = body->entries[i].name;
        if (names_field(draft_steps[step].form, name)) {
            struct text full =
                step == STEP_CHILD ? text_join(x->arena, child_prefix(x->arena, child), name) : name;
            put_pair(x, &buf, full, body->entries[i].value);
        }
    }
    return buf_text(&buf);
}

static void put_day(struct exchange *x, struct buf *buf, struct text name, struct day day) {
    if (day_is_none(day)) {
        return;
    }
    struct ymd ymd = day_ymd(day);
    const struct {
        const char *part;
        int32_t n;
    } parts[] = {{"year", ymd.year}, {"month", ymd.month}, {"day", ymd.day}};
    for (size_t i = 0; i < COUNT(parts); i++) {
        put_pair(x, buf, text_printf(x->arena, "%.*s-%s", TEXT_F(name), parts[i].part),
                 text_printf(x->arena, "%d", parts[i].n));
    }
}

static void put_number(struct exchange *x, struct buf *buf, struct text name, int64_t n) {
    if (n > 0) {
        put_pair(x, buf, name, text_printf(x->arena, "%lld", (long long)n));
    }
}

static void put_child(struct exchange *x, struct buf *buf, const struct child_row *row, size_t child) {
    enum { WEEK = 7 };
    struct text at = child_prefix(x->arena, child);
    put_pair(x, buf, text_join(x->arena, at, TEXT("child_name")), row->name);
    put_day(x, buf, text_join(x->arena, at, TEXT("birth_date")), row->birth_date);
    put_day(x, buf, text_join(x->arena, at, TEXT("due_date")), row->due_date);
    put_number(x, buf, text_join(x->arena, at, TEXT("weeks")), row->gestation_days / WEEK);
    put_number(x, buf, text_join(x->arena, at, TEXT("days")), row->gestation_days % WEEK);
    put_number(x, buf, text_join(x->arena, at, TEXT("weight_g")), row->weight_g);
}

struct text draft_of_registration(struct exchange *x, const struct registration_detail *detail) {
    const struct registration_row *row = &detail->registration;
    struct buf buf;
    buf_init(&buf, x->arena);
    put_pair(x, &buf, TEXT("mother_name"), row->mother_name);
    put_pair(x, &buf, TEXT("mother_kana"), row->mother_kana);
    put_day(x, &buf, TEXT("mother_birth_date"), row->mother_birth_date);
    put_pair(x, &buf, TEXT("postal_code"), row->postal_code);
    put_pair(x, &buf, TEXT("address"), row->address);
    put_pair(x, &buf, TEXT("phone"), row->phone);
    for (size_t i = 0; i < detail->child_count && i < REGISTRATION_CHILDREN_MAX; i++) {
        put_child(x, &buf, &detail->children[i], i);
    }
    put_pair(x, &buf, TEXT("household_class"), row->household_class);
    for (size_t i = 0; i < detail->consent_count; i++) {
        put_pair(x, &buf, TEXT("consents"), detail->consents[i]);
    }
    put_pair(x, &buf, TEXT("note"), row->note);
    return buf_text(&buf);
}

/* ---- sending ---- */

static struct registration_child child_of(const struct draft_child *row) {
    enum { WEEK = 7 };
    int64_t days = row->days == FORM_NO_INT ? 0 : row->days;
    return (struct registration_child){.name = row->child_name,
                                       .birth_date = row->birth_date,
                                       .due_date = row->due_date,
                                       .gestation_days =
                                           row->weeks == FORM_NO_INT ? 0 : row->weeks * WEEK + days,
                                       .weight_g = row->weight_g == FORM_NO_INT ? 0 : row->weight_g};
}

void draft_form(struct exchange *x, struct form_input *draft, struct registration_form *ret_form) {
    (void)x;
    bool fine = form_fill(draft);
    (void)fine; /* what could not be read is absent, and the service says that it is missing */
    const struct draft_answers *answers = draft->value;
    *ret_form = (struct registration_form){.mother_name = answers->mother_name,
                                           .mother_kana = answers->mother_kana,
                                           .mother_birth_date = answers->mother_birth_date,
                                           .postal_code = answers->postal_code,
                                           .address = answers->address,
                                           .phone = answers->phone,
                                           .child_count = answers->child_count,
                                           .household_class = answers->household_class,
                                           .consent_count = answers->consent_count,
                                           .note = answers->note};
    for (size_t i = 0; i < answers->child_count; i++) {
        ret_form->children[i] = child_of(&answers->children[i]);
    }
    for (size_t i = 0; i < answers->consent_count; i++) {
        ret_form->consents[i] = answers->consents[i];
    }
}

enum step_id draft_step_of(struct text pointer, size_t *ret_child) {
    static const struct {
        const char *beginning;
        enum step_id step;
    } rows[] = {{"/mother/name", STEP_NAME},        {"/mother/kana", STEP_NAME},
                {"/mother/birth_date", STEP_BIRTH}, {"/mother/postal", STEP_ADDRESS},
                {"/mother/address", STEP_ADDRESS},  {"/mother/phone", STEP_PHONE},
                {"/children", STEP_CHILD},          {"/household_class", STEP_CLASS},
                {"/consents", STEP_CONSENT}};
    enum { DIGIT_AT = 10 }; /* of /children/0/… */
    bool digit = pointer.n > DIGIT_AT && pointer.p[DIGIT_AT] >= '0' && pointer.p[DIGIT_AT] <= '9';
    *ret_child = digit ? (size_t)(pointer.p[DIGIT_AT] - '0') : 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (text_starts(pointer, text_of(rows[i].beginning))) {
            return rows[i].step;
        }
    }
    return STEP_NOTE;
}
