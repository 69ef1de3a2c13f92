#include "web/wish.h"

#include "query/bookings.h"
#include "query/facilities.h"
#include "web/eye.h"
#include "web/page_view.h"

enum { NIGHTS_MAX_ASKED = 14, NOTICE_HOURS_MAX = 336, BOOKINGS_MAX = 50 };

struct wish_body {
    struct text care;
    struct facility_id *facilities;
    size_t facility_count;
    struct day from;
    struct day to;
    int64_t nights;
    int mode;
    int64_t notice_hours;
    struct booking_id swap_for;
};
static const char *const modes[] = {"ask", "auto", NULL};
#define AT(member) .offset = offsetof(struct wish_body, member)
static const struct field wish_fields[] = {
    {.name = "care", .kind = FIELD_TEXT, .required = true, .max = 32, AT(care)},
    {.name = "facility",
     .kind = FIELD_IDS,
     .max = WAIT_FACILITIES_MAX,
     AT(facilities),
     .count_offset = offsetof(struct wish_body, facility_count)},
    {.name = "first", .kind = FIELD_DAY, .required = true, AT(from)},
    {.name = "last", .kind = FIELD_DAY, .required = true, AT(to)},
    {.name = "nights", .kind = FIELD_INT, .max = NIGHTS_MAX_ASKED, AT(nights)},
    {.name = "mode", .kind = FIELD_CHOICE, .required = true, .choices = modes, AT(mode)},
    {.name = "notice_hours", .kind = FIELD_INT, .max = NOTICE_HOURS_MAX, AT(notice_hours)},
    {.name = "swap_for", .kind = FIELD_ID, AT(swap_for)},
};
/* As links ask it: nothing is required, days come whole. */
static const struct field ask_fields[] = {
    {.name = "care", .kind = FIELD_TEXT, .max = 32, AT(care)},
    {.name = "facility",
     .kind = FIELD_IDS,
     .max = WAIT_FACILITIES_MAX,
     AT(facilities),
     .count_offset = offsetof(struct wish_body, facility_count)},
    {.name = "from", .kind = FIELD_DAY, AT(from)},
    {.name = "to", .kind = FIELD_DAY, AT(to)},
    {.name = "swap_for", .kind = FIELD_ID, AT(swap_for)},
};
#undef AT
const struct form wish_form = FORM("Wish", wish_fields, struct wish_body);
const struct form wish_link_form = FORM("WishAsk", ask_fields, struct wish_body);

static void add_entry(struct form_input *input, const char *name, struct text value) {
    input->entries[input->entry_count++] = (struct form_entry){.name = text_of(name), .value = value};
}

static void add_day(struct exchange *x, struct form_input *input, const char *name, struct day day) {
    struct ymd ymd = day_ymd(day);
    add_entry(input, text_printf(x->arena, "%s-year", name).p, text_printf(x->arena, "%d", ymd.year));
    add_entry(input, text_printf(x->arena, "%s-month", name).p, text_printf(x->arena, "%d", ymd.month));
    add_entry(input, text_printf(x->arena, "%s-day", name).p, text_printf(x->arena, "%d", ymd.day));
}

void wish_from_link(struct exchange *x, struct form_input *ret_input) {
    const struct wish_body *in = exchange_query(x);
    enum { FIXED = 16 };
    *ret_input =
        (struct form_input){.arena = x->arena,
                            .form = &wish_form,
                            .entries = arena_array(x->arena, struct form_entry, FIXED + in->facility_count)};
    struct day from = day_is_none(in->from) ? day_add(instant_day(x->call.now), 1) : in->from;
    struct day to = day_is_none(in->to) ? day_add(from, 7) : in->to;
    add_day(x, ret_input, "first", from);
    add_day(x, ret_input, "last", day_max(from, to));
    add_entry(ret_input, "care", in->care);
    add_entry(ret_input, "nights", TEXT("1"));
    add_entry(ret_input, "mode", TEXT("ask"));
    add_entry(ret_input, "notice_hours", TEXT("12"));
    if (in->swap_for.n != 0) {
        add_entry(ret_input, "swap_for", id_format(x->arena, in->swap_for.n));
    }
    for (size_t i = 0; i < in->facility_count; i++) {
        add_entry(ret_input, "facility", id_format(x->arena, in->facilities[i].n));
    }
}

/* Could it be given up for another place? Not while a change of it is undecided. */
static bool may_swap(const struct booking_row *row) {
    bool requested = text_is(row->state, "requested");
    bool undecided = requested && (row->change_of.n != 0 || row->proposed);
    return (requested || text_is(row->state, "confirmed")) && row->changing_to.n == 0 && !undecided;
}

/* Which booking to give up; the question goes when she has none, and is not asked of the city. */
static enum rc swap_choices(struct exchange *x, const struct form_input *input, struct widgets *widgets) {
    struct query query = eye_of(x);
    struct booking_ask ask = {.from = instant_day(x->call.now), .to = DAY_NONE, .by_start = true};
    struct query_page page = {.limit = BOOKINGS_MAX};
    struct booking_row *rows = NULL;
    size_t count = 0;
    bool hers = x->call.actor.role == ROLE_RESIDENT;
    enum rc rc = hers ? query_bookings(&query, &ask, &page, &rows, &count) : RC_OK;
    if (rc != RC_OK) {
        return rc;
    }
    struct choice *choices = arena_array(x->arena, struct choice, count + 1);
    size_t n = 0;
    choices[n++] = (struct choice){.label = word_text(W_WAIT_SWAP_NONE), .chosen = true};
    for (size_t i = 0; i < count; i++) {
        if (may_swap(&rows[i])) {
            struct text days = page_days(x->arena, rows[i].start, rows[i].end);
            struct word_arg args[] = {
                {"booking", text_printf(x->arena, "%.*s %.*s", TEXT_F(days), TEXT_F(rows[i].facility_name))}};
            choices[n++] = (struct choice){.value = id_format(x->arena, rows[i].id.n),
                                           .label = word_expand(x->arena, W_WAIT_SWAP, args, 1)};
        }
    }
    if (n == 1) {
        widgets->count--; /* the last field of the form */
        return RC_OK;
    }
    struct widget *swap = widget_of(widgets, "swap_for");
    swap->choice = page_choice(x, input, &(struct error_list){0}, "swap_for");
    swap->choice.error = swap->text.error;
    swap->kind = WIDGET_RADIO;
    page_choice_fill(x, input, &swap->choice, choices, n);
    return RC_OK;
}

enum rc wish_widgets(struct exchange *x, const struct form_input *input, const struct error_list *errors,
                     struct widgets *ret_widgets) {
    *ret_widgets = page_widgets(x, input, errors);
    const struct programme *programme = eye_programme(x);
    size_t cares = programme == NULL ? 0 : (size_t)programme->care_count;
    struct choice *choices = arena_array(x->arena, struct choice, cares);
    for (size_t i = 0; i < cares; i++) {
        choices[i] = (struct choice){
            .value = programme->cares[i].code, .label = programme->cares[i].name, .chosen = i == 0};
    }
    struct widget *care = widget_of(ret_widgets, "care");
    care->choice = page_choice(x, input, &(struct error_list){0}, "care");
    care->choice.error = care->text.error;
    care->kind = WIDGET_RADIO;
    page_choice_fill(x, input, &care->choice, choices, cares);
    struct query query = eye_of(x);
    struct facility_name *rows;
    size_t count;
    enum rc rc = query_facility_names(&query, false, &rows, &count);
    if (rc != RC_OK) {
        return rc;
    }
    count = count < WAIT_FACILITIES_MAX ? count : WAIT_FACILITIES_MAX;
    struct choice *places = arena_array(x->arena, struct choice, count);
    for (size_t i = 0; i < count; i++) {
        places[i] = (struct choice){.value = id_format(x->arena, rows[i].id.n), .label = rows[i].name};
    }
    page_choice_fill(x, input, &widget_of(ret_widgets, "facility")->choice, places, count);
    widget_of(ret_widgets, "notice_hours")->text.suffix = word_text(W_WAIT_HOURS);
    return swap_choices(x, input, ret_widgets);
}

struct wait_ask wish_ask(const struct exchange *x) {
    const struct programme *programme = eye_programme(x);
    const struct wish_body *in = exchange_body(x);
    int32_t care = programme == NULL ? -1 : programme_care(programme, in->care);
    bool stay = care >= 0 && programme->cares[care].kind == CARE_STAY;
    struct wait_ask ask = {.facility_count = in->facility_count,
                           .any_facility = in->facility_count == 0,
                           .care = in->care,
                           .from = in->from,
                           .to = in->to,
                           .nights = !stay                       ? 0
                                     : in->nights == FORM_NO_INT ? 1
                                                                 : in->nights,
                           .mode = in->mode == 1 ? WAIT_AUTO : WAIT_ASK,
                           .notice_hours = in->notice_hours == FORM_NO_INT ? 0 : in->notice_hours,
                           .swap_for = in->swap_for};
    for (size_t i = 0; i < in->facility_count; i++) {
        ask.facilities[i] = in->facilities[i];
    }
    return ask;
}
