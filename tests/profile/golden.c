/* Golden tables: one case a row, written so that a clerk can read and extend them (tests/golden/README.md). Each row
 * becomes a case file and goes through the same code as `sango quote`. Arguments: the profile and the table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "profile/answer.h"

enum { ROWS_MAX = 256, BYTES_MAX = 256 * 1024, ARENA_LIMIT = 64 * 1024 * 1024 };

enum column {
    COL_NAME,
    COL_TODAY,
    COL_CLASS,
    COL_CHILDREN,
    COL_HISTORY,
    COL_OTHER,
    COL_CARE,
    COL_START,
    COL_END,
    COL_CANCEL_AT,
    COL_ANSWER,
    COL_UNITS,
    COL_FEE,
    COL_LEFT,
    COL_CANCEL,
    COL__MAX
};

static struct arena arena;
static struct profile profile;

struct row {
    struct text cells[COL__MAX];
};

static struct text cell(const struct row *row, enum column column) {
    return text_is(row->cells[column], "-") ? TEXT("") : row->cells[column];
}

static struct text word(struct text *rest) {
    struct text piece = TEXT("");
    *rest = text_trim(*rest);
    (void)text_next(rest, ' ', &piece);
    return piece;
}

/* "2026-01-31", "x2" repeats, "due=…", "gestation=…", "weight=…" refine the last child. */
static void children_put(struct json_out *json, struct text cells) {
    json_put_array(json, "children");
    while (cells.n > 0) {
        struct text one = TEXT("");
        (void)text_next(&cells, ';', &one);
        struct text rest = text_trim(one);
        struct text birth = TEXT(""), due = TEXT(""), gestation = TEXT(""), weight = TEXT("");
        int times = 1;
        while (rest.n > 0) {
            struct text w = word(&rest);
            if (text_starts(w, TEXT("due="))) {
                due = text_part(w, 4, w.n);
            } else if (text_starts(w, TEXT("gestation="))) {
                gestation = text_part(w, 10, w.n);
            } else if (text_starts(w, TEXT("weight="))) {
                weight = text_part(w, 7, w.n);
            } else if (text_starts(w, TEXT("x"))) {
                times = w.p[1] - '0';
            } else {
                birth = w;
            }
        }
        for (int i = 0; i < times; i++) {
            int64_t n = 0;
            json_put_object(json, NULL);
            if (birth.n > 0) {
                json_put_text(json, "birth_date", birth);
            }
            if (due.n > 0) {
                json_put_text(json, "due_date", due);
            }
            if (num_parse(gestation, &n)) {
                json_put_int(json, "gestation_days", n);
            }
            if (num_parse(weight, &n)) {
                json_put_int(json, "weight_g", n);
            }
            json_put_object_end(json);
        }
    }
    json_put_array_end(json);
}

/* "stay 2026-03-01 2026-03-06; day 2026-03-10 cancelled" */
static void history_put(struct json_out *json, struct text cells) {
    json_put_array(json, "history");
    while (cells.n > 0) {
        struct text one = TEXT("");
        (void)text_next(&cells, ';', &one);
        struct text rest = text_trim(one);
        struct text care = word(&rest);
        struct text start = word(&rest);
        struct text end = start;
        struct text state = word(&rest);
        struct day day;
        if (day_parse(state, &day)) {
            end = state;
            state = word(&rest);
        }
        json_put_object(json, NULL);
        json_put_text(json, "care", care);
        json_put_text(json, "start", start);
        json_put_text(json, "end", end);
        if (text_is(state, "charged")) {
            json_put_text(json, "state", TEXT("cancelled"));
            json_put_bool(json, "units_charged", true);
        } else if (text_starts(state, TEXT("charged="))) {
            int64_t n = 1;
            assert_true(num_parse(text_part(state, 8, state.n), &n));
            json_put_text(json, "state", TEXT("cancelled"));
            json_put_int(json, "units_charged", n);
        } else if (state.n > 0) {
            json_put_text(json, "state", state);
        }
        json_put_object_end(json);
    }
    json_put_array_end(json);
}

/* One group of "key=value" words that begin with `prefix`, as an object of whole numbers. */
static void group_put(struct json_out *json, const char *name, const char *prefix, struct text cells) {
    bool open = false;
    while (cells.n > 0) {
        struct text w = word(&cells);
        size_t eq = text_index(w, '=');
        int64_t n = 0;
        if (!text_starts(w, text_of(prefix)) || !num_parse(text_part(w, eq + 1, w.n), &n)) {
            continue;
        }
        if (!open) {
            json_put_object(json, name);
            open = true;
        }
        char key[64];
        struct text code = text_part(w, strlen(prefix), eq);
        snprintf(key, sizeof key, "%.*s", TEXT_F(code));
        json_put_int(json, key, n);
    }
    if (open) {
        json_put_object_end(json);
    }
}

static struct text value_of(struct text cells, const char *key) {
    while (cells.n > 0) {
        struct text w = word(&cells);
        size_t eq = text_index(w, '=');
        if (text_is(text_part(w, 0, eq), key)) {
            return text_part(w, eq + 1, w.n);
        }
    }
    return TEXT("");
}

/* "price.stay=34000 extra.stay=500 room=private used.main=2 extra_units.main=3 moved=2026-05-01 loss=… siblings=1" */
static void other_put(struct json_out *json, struct text cells) {
    json_put_object(json, "facility");
    group_put(json, "price", "price.", cells);
    group_put(json, "extra", "extra.", cells);
    if (value_of(cells, "room").n > 0) {
        json_put_text(json, "room", value_of(cells, "room"));
    }
    int64_t infants = 0;
    if (num_parse(value_of(cells, "max_infants"), &infants)) {
        json_put_int(json, "max_infants", infants);
    }
    json_put_object_end(json);
    group_put(json, "used_before", "used.", cells);
    group_put(json, "extra_units", "units.", cells);
    group_put(json, "reduced_before", "reduced.", cells);
    group_put(json, "reduced_yen_before", "spent.", cells);
    group_put(json, "priced_before", "priced.", cells);
    if (value_of(cells, "proven").n > 0) {
        json_put_text(json, "class_proven", value_of(cells, "proven"));
    }
    if (value_of(cells, "moved").n > 0) {
        json_put_text(json, "moved_out", value_of(cells, "moved"));
    }
    if (value_of(cells, "loss").n > 0) {
        json_put_text(json, "loss", value_of(cells, "loss"));
    }
    int64_t n = 0;
    if (num_parse(value_of(cells, "siblings"), &n)) {
        json_put_int(json, "siblings", n);
    }
}

static struct text case_of(const struct row *row) {
    struct buf buf;
    struct json_out json;
    buf_init(&buf, &arena);
    json_out_init(&json, &buf);
    json_put_object(&json, NULL);
    json_put_text(&json, "today", cell(row, COL_TODAY));
    if (cell(row, COL_CLASS).n > 0) {
        json_put_text(&json, "class", cell(row, COL_CLASS));
    }
    children_put(&json, cell(row, COL_CHILDREN));
    history_put(&json, cell(row, COL_HISTORY));
    other_put(&json, cell(row, COL_OTHER));
    if (cell(row, COL_CANCEL_AT).n > 0) {
        json_put_text(&json, "cancel_at", cell(row, COL_CANCEL_AT));
    }
    json_put_object(&json, "request");
    json_put_text(&json, "care", cell(row, COL_CARE));
    json_put_text(&json, "start", cell(row, COL_START));
    json_put_text(&json, "end", cell(row, COL_END).n > 0 ? cell(row, COL_END) : cell(row, COL_START));
    json_put_object_end(&json);
    json_put_object_end(&json);
    return buf_text(&buf);
}

static struct text answer_of(const struct quote *quote) {
    struct buf buf;
    buf_init(&buf, &arena);
    for (int32_t i = 0; i < quote->refusal_count; i++) {
        buf_putz(&buf, i > 0 ? " " : "");
        buf_put(&buf, refusal_code(quote->refusals[i].code));
    }
    return quote->allowed ? TEXT("ok") : buf_text(&buf);
}

static struct text left_of(const struct quote *quote) {
    struct buf buf;
    buf_init(&buf, &arena);
    for (int32_t i = 0; i < quote->pool_count; i++) {
        buf_printf(&buf, "%s%.*s=%d", i > 0 ? " " : "", TEXT_F(quote->pools[i].pool),
                   quote->pools[i].left_after);
    }
    return buf_text(&buf);
}

static void expect(const struct row *row, enum column column, struct text got) {
    struct text want = cell(row, column);
    if (want.n > 0 && !text_eq(want, got)) {
        fail_msg("column %d: written '%.*s', answered '%.*s'", (int)column + 1, TEXT_F(want), TEXT_F(got));
    }
}

static void run_row(void **state) {
    const struct row *row = *state;
    struct quote_case c;
    struct profile_faults faults;
    if (!case_load(&arena, case_of(row), &profile, &c, &faults)) {
        fail_msg("%.*s %.*s", TEXT_F(faults.rows[0].pointer), TEXT_F(faults.rows[0].sentence));
    }
    struct case_answer answer;
    case_answer(&profile, &c, &answer);
    const struct quote *quote = &answer.quote;
    expect(row, COL_ANSWER, answer_of(quote));
    expect(row, COL_UNITS, text_printf(&arena, "%d", quote->units));
    expect(row, COL_FEE, text_printf(&arena, "%lld", (long long)quote->total.n));
    expect(row, COL_LEFT, left_of(quote));
    expect(row, COL_CANCEL,
           text_printf(&arena, "%lld/%d", (long long)answer.cancel.fee.n, answer.cancel.units_charged));
    /* Whatever the answer, it can be written down. */
    assert_true(case_answer_json(&arena, &c, &answer).n > 0);
}

static struct text whole_file(const char *path) {
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *bytes = arena_take(&arena, BYTES_MAX);
    size_t n = fread(bytes, 1, BYTES_MAX, file);
    fclose(file);
    return (struct text){bytes, n};
}

static size_t read_table(struct text rest, struct row *rows) {
    size_t count = 0;
    struct text line;
    while (text_next(&rest, '\n', &line)) {
        if (line.n == 0 || line.p[0] == '#') {
            continue;
        }
        assert_true(count < ROWS_MAX);
        struct row *row = &rows[count++];
        for (int i = 0; i < COL__MAX; i++) {
            struct text piece = TEXT("");
            (void)text_next(&line, '\t', &piece);
            row->cells[i] = text_trim(piece);
        }
    }
    return count;
}

int main(int argc, char **argv) {
    static struct row rows[ROWS_MAX];
    static struct CMUnitTest tests[ROWS_MAX];
    struct profile_faults faults;
    if (argc != 3) {
        return 2;
    }
    arena_init(&arena, ARENA_LIMIT);
    if (!profile_load(&arena, whole_file(argv[1]), &profile, &faults)) {
        for (int32_t i = 0; i < faults.count; i++) {
            fprintf(stderr, "%s: %.*s %.*s\n", argv[1], TEXT_F(faults.rows[i].pointer),
                    TEXT_F(faults.rows[i].sentence));
        }
        return 1;
    }
    size_t count = read_table(whole_file(argv[2]), rows);
    for (size_t i = 0; i < count; i++) {
        struct text name = text_copy(&arena, rows[i].cells[COL_NAME]);
        tests[i] = (struct CMUnitTest){.name = name.p, .test_func = run_row, .initial_state = &rows[i]};
    }
    int failed = count == 0 ? 1 : _cmocka_run_group_tests(argv[2], tests, count, NULL, NULL);
    arena_release(&arena);
    return failed;
}
