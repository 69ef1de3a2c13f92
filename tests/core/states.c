/* docs/states.md against the tables of core: every state × every event, who may cause it, how it weighs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "core/registration.h"
#include "core/wait.h"

enum { FILE_MAX = 64 * 1024, ROWS_MAX = 128, CELLS = 6 };

struct row {
    struct text section;
    struct text cells[CELLS];
};

static char bytes[FILE_MAX];
static struct row rows[ROWS_MAX];
static size_t row_count;

static int read_rows(void **state) {
    (void)state;
    FILE *file = fopen(STATES_MD, "rb");
    assert_non_null(file);
    size_t n = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    struct text rest = {bytes, n};
    struct text line;
    struct text section = TEXT("");
    while (text_next(&rest, '\n', &line)) {
        if (text_starts(line, TEXT("## "))) {
            section = text_part(line, 3, line.n);
        }
        if (!text_starts(line, TEXT("| ")) || text_starts(line, TEXT("| state ")) ||
            text_starts(line, TEXT("| from "))) {
            continue;
        }
        struct row *row = &rows[row_count++];
        row->section = section;
        struct text cells = text_part(line, 1, line.n);
        for (int i = 0; i < CELLS; i++) {
            struct text cell = TEXT("");
            (void)text_next(&cells, '|', &cell);
            row->cells[i] = text_trim(cell);
        }
    }
    return 0;
}

/* The target written for a move, or empty; *ret_who gets the cell of actors. */
static struct text written(const char *section, struct text from, struct text event, struct text *ret_who) {
    for (size_t i = 0; i < row_count; i++) {
        if (text_is(rows[i].section, section) && text_eq(rows[i].cells[0], from) &&
            text_eq(rows[i].cells[1], event)) {
            *ret_who = rows[i].cells[3];
            return rows[i].cells[2];
        }
    }
    *ret_who = TEXT("");
    return TEXT("");
}

static actor_mask who_mask(struct text who) {
    actor_mask mask = 0;
    struct text name;
    while (text_next(&who, ' ', &name)) {
        for (int a = 0; a < ACTOR__MAX; a++) {
            mask |= text_eq(actor_code((enum actor)a), name) ? 1u << a : 0;
        }
    }
    return mask;
}

struct machine {
    const char *moves;
    const char *states;
    int state_count;
    int event_count;
    struct text (*state_code)(int state);
    struct text (*event_code)(int event);
    int (*next)(int state, int event);
    actor_mask (*actors)(int event);
};

#define MACHINE(name)                                                                                        \
    static struct text name##_s(int s) {                                                                     \
        return name##_state_code((enum name##_state)s);                                                      \
    }                                                                                                        \
    static struct text name##_e(int e) {                                                                     \
        return name##_event_code((enum name##_event)e);                                                      \
    }                                                                                                        \
    static int name##_n(int s, int e) {                                                                      \
        return (int)name##_next[s][e];                                                                       \
    }                                                                                                        \
    static actor_mask name##_a(int e) {                                                                      \
        return name##_actors[e];                                                                             \
    }
MACHINE(booking)
MACHINE(wait)
MACHINE(offer)
MACHINE(registration)

static const struct machine machines[] = {
    {"Booking: moves", "Booking: states", BOOKING__MAX, BOOKING_EV__MAX, booking_s, booking_e, booking_n,
     booking_a},
    {"Wait: moves", "Wait: states", WAIT__MAX, WAIT_EV__MAX, wait_s, wait_e, wait_n, wait_a},
    {"Offer: moves", "Offer: states", OFFER__MAX, OFFER_EV__MAX, offer_s, offer_e, offer_n, offer_a},
    {"Registration: moves", "Registration: states", REGISTRATION__MAX, REGISTRATION_EV__MAX, registration_s,
     registration_e, registration_n, registration_a},
};

static size_t section_rows(const char *section) {
    size_t count = 0;
    for (size_t i = 0; i < row_count; i++) {
        count += text_is(rows[i].section, section);
    }
    return count;
}

static void test_moves(void **state) {
    (void)state;
    for (size_t m = 0; m < COUNT(machines); m++) {
        const struct machine *machine = &machines[m];
        size_t moves = 0;
        for (int s = 0; s < machine->state_count; s++) {
            for (int e = 0; e < machine->event_count; e++) {
                struct text who;
                struct text to =
                    written(machine->moves, machine->state_code(s), machine->event_code(e), &who);
                int next = machine->next(s, e);
                struct text coded = next == 0 ? TEXT("") : machine->state_code(next);
                if (!text_eq(to, coded) || (next != 0 && who_mask(who) != machine->actors(e))) {
                    fail_msg("%s: %.*s + %.*s: written '%.*s' by '%.*s', coded '%.*s'", machine->moves,
                             TEXT_F(machine->state_code(s)), TEXT_F(machine->event_code(e)), TEXT_F(to),
                             TEXT_F(who), TEXT_F(coded));
                }
                moves += next != 0;
            }
        }
        assert_int_equal(moves, section_rows(machine->moves));
    }
}

static void test_states(void **state) {
    (void)state;
    for (size_t m = 0; m < COUNT(machines); m++) {
        const struct machine *machine = &machines[m];
        assert_int_equal(section_rows(machine->states), machine->state_count - 1);
        for (int s = 1; s < machine->state_count; s++) {
            bool found = false;
            for (size_t i = 0; i < row_count; i++) {
                found = found || (text_is(rows[i].section, machine->states) &&
                                  text_eq(rows[i].cells[0], machine->state_code(s)));
            }
            assert_true(found);
        }
    }
}

static void test_booking_weights(void **state) {
    (void)state;
    for (size_t i = 0; i < row_count; i++) {
        if (!text_is(rows[i].section, "Booking: states")) {
            continue;
        }
        enum booking_state booking;
        assert_true(booking_state_parse(rows[i].cells[0], &booking));
        assert_int_equal(booking_occupies(booking), text_is(rows[i].cells[2], "yes"));
        enum booking_weight free = booking_weighs(booking, false);
        enum booking_weight charged = booking_weighs(booking, true);
        struct text weighs = free == WEIGHS_BOOKED                           ? TEXT("booked")
                             : free == WEIGHS_USED                           ? TEXT("used")
                             : charged == WEIGHS_USED && free != WEIGHS_USED ? TEXT("if-charged")
                                                                             : TEXT("nothing");
        assert_true(text_eq(weighs, rows[i].cells[3]));
    }
}

/* A proposal moves by the same table of states, but by other hands. */
static void test_proposal(void **state) {
    (void)state;
    static const char section[] = "Booking: moves of a proposal";
    size_t moves = 0;
    for (int s = 0; s < BOOKING__MAX; s++) {
        for (int e = 0; e < BOOKING_EV__MAX; e++) {
            bool unanswered = s == BOOKING_NEW || s == BOOKING_REQUESTED;
            actor_mask may = booking_may((enum booking_state)s, (enum booking_event)e, true);
            struct text who;
            struct text to = written(section, booking_s(s), booking_e(e), &who);
            if (!unanswered) {
                assert_int_equal(may, booking_actors[e]);
                assert_int_equal(to.n, 0);
            } else if (booking_next[s][e] != BOOKING_NEW) {
                assert_int_equal(who_mask(who), may);
                assert_true(may == 0 ? to.n == 0 : text_eq(to, booking_s((int)booking_next[s][e])));
                moves += may != 0;
            }
        }
    }
    assert_int_equal(moves, section_rows(section));
}

/* A state without moves out of it is an end; every other one is reached from `new`. */
static void test_reachable(void **state) {
    (void)state;
    for (size_t m = 0; m < COUNT(machines); m++) {
        const struct machine *machine = &machines[m];
        uint32_t seen = 1;
        for (int round = 0; round < machine->state_count; round++) {
            for (int s = 0; s < machine->state_count; s++) {
                for (int e = 0; (seen >> s & 1) && e < machine->event_count; e++) {
                    seen |= 1u << machine->next(s, e);
                }
            }
        }
        assert_int_equal(seen, (1u << machine->state_count) - 1);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_moves),     cmocka_unit_test(test_proposal),
        cmocka_unit_test(test_states),    cmocka_unit_test(test_booking_weights),
        cmocka_unit_test(test_reachable),
    };
    return cmocka_run_group_tests_name("states", tests, read_rows, NULL);
}
