/* One table, read from urlencoded and from JSON: the same struct, the same errors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/buf.h"
#include "web/form.h"

struct child {
    struct text name;
    struct day birth_date;
    int64_t weight;
};
struct mother {
    struct text name;
    struct text kana;
};
struct sheet {
    struct mother mother;
    struct text email;
    struct text phone;
    struct text postal;
    struct text secret;
    struct text note;
    struct day start;
    struct day month;
    struct instant at;
    int64_t count;
    bool agreed;
    struct facility_id facility;
    int mode;
    struct text *consents;
    size_t consent_count;
    struct booking_id *bookings;
    size_t booking_count;
    struct child *children;
    size_t child_count;
};

static const char *const modes[] = {"auto", "ask", NULL};
static const struct field child_fields[] = {
    {.name = "name", .kind = FIELD_TEXT, .offset = offsetof(struct child, name)},
    {.name = "birth_date", .kind = FIELD_DAY, .required = true, .offset = offsetof(struct child, birth_date)},
    {.name = "weight", .kind = FIELD_INT, .min = 100, .max = 9999, .offset = offsetof(struct child, weight)},
};
static const struct form child_form = FORM("Child", child_fields, struct child);
static const struct field mother_fields[] = {
    {.name = "name",
     .kind = FIELD_TEXT,
     .required = true,
     .max = 10,
     .offset = offsetof(struct mother, name)},
    {.name = "kana", .kind = FIELD_KANA, .offset = offsetof(struct mother, kana)},
};
static const struct form mother_form = FORM("Mother", mother_fields, struct mother);
#define AT(member) .offset = offsetof(struct sheet, member)
static const struct field fields[] = {
    {.name = "mother", .kind = FIELD_OBJECT, .required = true, AT(mother), .inner = &mother_form},
    {.name = "email", .kind = FIELD_EMAIL, AT(email)},
    {.name = "phone", .kind = FIELD_PHONE, AT(phone)},
    {.name = "postal", .kind = FIELD_POSTAL, AT(postal)},
    {.name = "secret", .kind = FIELD_SECRET, .min = 4, AT(secret)},
    {.name = "note", .kind = FIELD_LINES, .max = 20, AT(note)},
    {.name = "start", .kind = FIELD_DAY, AT(start)},
    {.name = "month", .kind = FIELD_MONTH, AT(month)},
    {.name = "at", .kind = FIELD_INSTANT, AT(at)},
    {.name = "count", .kind = FIELD_INT, .max = 7, AT(count)},
    {.name = "agreed", .kind = FIELD_BOOL, AT(agreed)},
    {.name = "facility", .kind = FIELD_ID, AT(facility)},
    {.name = "mode", .kind = FIELD_CHOICE, .choices = modes, AT(mode)},
    {.name = "consents",
     .kind = FIELD_TEXTS,
     .max = 3,
     AT(consents),
     .count_offset = offsetof(struct sheet, consent_count)},
    {.name = "bookings",
     .kind = FIELD_IDS,
     AT(bookings),
     .count_offset = offsetof(struct sheet, booking_count)},
    {.name = "children",
     .kind = FIELD_OBJECTS,
     .max = 2,
     AT(children),
     .count_offset = offsetof(struct sheet, child_count),
     .inner = &child_form},
};
static const struct form sheet_form = FORM("Sheet", fields, struct sheet);

static struct arena arena;

static int set_up(void **state) {
    (void)state;
    arena_init(&arena, (size_t)256 << 20);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    arena_release(&arena);
    return 0;
}

static enum form_fault read_one(struct form_input *input, bool json, const char *bytes) {
    *input = (struct form_input){.arena = &arena, .form = &sheet_form, .json = json};
    return json ? form_split_json(input, text_of(bytes)) : form_split_urlencoded(input, text_of(bytes));
}

static void check_full(const struct sheet *sheet) {
    assert_true(text_is(sheet->mother.name, "山田 花子"));
    assert_true(text_is(sheet->mother.kana, "ヤマダ ハナコ"));
    assert_true(text_is(sheet->email, "a@example.jp"));
    assert_true(text_is(sheet->phone, "09012345678"));
    assert_true(text_is(sheet->postal, "5730000"));
    assert_true(text_is(sheet->secret, " p w "));
    assert_true(text_is(sheet->note, "a\nb"));
    assert_true(day_eq(sheet->start, day_of((struct ymd){2026, 11, 20})));
    assert_true(day_eq(sheet->month, day_of((struct ymd){2026, 4, 1})));
    assert_int_equal(sheet->at.s, 1795161600);
    assert_int_equal(sheet->count, 3);
    assert_true(sheet->agreed);
    assert_int_equal(sheet->facility.n, 5);
    assert_int_equal(sheet->mode, 1);
    assert_int_equal(sheet->consent_count, 2);
    assert_true(text_is(sheet->consents[1], "y"));
    assert_int_equal(sheet->booking_count, 1);
    assert_int_equal(sheet->bookings[0].n, 6);
    assert_int_equal(sheet->child_count, 2);
    assert_true(text_is(sheet->children[0].name, "一"));
    assert_int_equal(sheet->children[0].weight, 3000);
    assert_true(day_eq(sheet->children[1].birth_date, day_of((struct ymd){2026, 2, 3})));
    assert_int_equal(sheet->children[1].weight, FORM_NO_INT);
}

static void test_full(void **state) {
    (void)state;
    static const char json[] =
        "{\"mother\":{\"name\":\" 山田 花子 \",\"kana\":\"やまだ　はなこ\"},\"email\":\" a@EXAMPLE.jp\","
        "\"phone\":\"０９０-1234-5678\",\"postal\":\"573-0000\",\"secret\":\" p w \",\"note\":\"a\\r\\nb\","
        "\"start\":\"2026-11-20\",\"month\":\"2026-04\",\"at\":\"2026-11-20T17:00:00+09:00\",\"count\":3,"
        "\"agreed\":true,\"facility\":\"0000000000005\",\"mode\":\"ask\",\"consents\":[\"x\",\"y\"],"
        "\"bookings\":[\"0000000000006\"],\"children\":[{\"name\":\"一\",\"birth_date\":\"2026-02-03\",\"weight\":3000},"
        "{\"name\":null,\"birth_date\":\"2026-02-03\"}]}";
    static const char html[] =
        "mother.name=+%E5%B1%B1%E7%94%B0+%E8%8A%B1%E5%AD%90+&mother.kana=%E3%82%84%E3%81%BE%E3%81%A0+%E3%81%AF%E3%81%AA%E3%81%93"
        "&email=+a%40EXAMPLE.jp&phone=%EF%BC%90%EF%BC%99%EF%BC%90-1234-5678&postal=573-0000&secret=+p+w+&note=a%0D%0Ab"
        "&start-year=%EF%BC%92%EF%BC%90%EF%BC%92%EF%BC%96&start-month=11&start-day=20&month=2026-04"
        "&at=2026-11-20T17%3A00%3A00%2B09%3A00&count=%EF%BC%93&agreed=on&facility=0000000000005&mode=ask"
        "&consents=x&consents=y&bookings=0000000000006&children.0.name=%E4%B8%80&children.0.birth_date=2026-02-03"
        "&children.0.weight=3000&children.1.name=&children.1.birth_date-year=2026&children.1.birth_date-month=2"
        "&children.1.birth_date-day=3&children.1.weight=&_csrf=t&_key=k&_next=%2F";
    const char *const bodies[] = {html, json};
    for (size_t i = 0; i < COUNT(bodies); i++) {
        struct form_input input;
        assert_int_equal(read_one(&input, i == 1, bodies[i]), FORM_READ);
        assert_true(form_fill(&input));
        check_full(input.value);
    }
}

static void test_absent(void **state) {
    (void)state;
    static const char *const bodies[] = {
        "mother.name=a&start=&children.0.name=&children.0.birth_date=&count=+",
        "{\"mother\":{\"name\":\"a\"},\"start\":null,\"consents\":[],\"children\":null}"};
    for (size_t i = 0; i < COUNT(bodies); i++) {
        struct form_input input;
        assert_int_equal(read_one(&input, i == 1, bodies[i]), FORM_READ);
        assert_true(form_fill(&input));
        const struct sheet *sheet = input.value;
        assert_true(day_is_none(sheet->start) && instant_is_none(sheet->at));
        assert_int_equal(sheet->count, FORM_NO_INT);
        assert_int_equal(sheet->mode, -1);
        assert_int_equal(sheet->child_count + sheet->consent_count + sheet->booking_count, 0);
        assert_int_equal(sheet->facility.n, 0);
    }
}

static const struct {
    bool json;
    const char *body;
    const char *name;
    const char *pointer;
    enum form_error error;
    int64_t bound;
} faulty[] = {
    {false, "email=a%40b.jp", "mother.name", "/mother/name", FORM_MISSING, 0},
    {true, "{}", "mother", "/mother", FORM_MISSING, 0},
    {true, "{\"mother\":{}}", "mother.name", "/mother/name", FORM_MISSING, 0},
    {false, "mother.name=12345678901", "mother.name", "/mother/name", FORM_TOO_LONG, 10},
    {false, "mother.name=a%09b", "mother.name", "/mother/name", FORM_NOT_TEXT, 0},
    {false, "mother.name=a&mother.kana=x", "mother.kana", "/mother/kana", FORM_NOT_KANA, 0},
    {false, "mother.name=a&email=x", "email", "/email", FORM_NOT_EMAIL, 0},
    {false, "mother.name=a&email=a%40b.jp%0D%0ABcc%3A+x", "email", "/email", FORM_NOT_EMAIL, 0},
    {false, "mother.name=a&phone=12", "phone", "/phone", FORM_NOT_PHONE, 0},
    {false, "mother.name=a&postal=12", "postal", "/postal", FORM_NOT_POSTAL, 0},
    {false, "mother.name=a&secret=abc", "secret", "/secret", FORM_TOO_SHORT, 4},
    {false, "mother.name=a&start=2026-02-30", "start", "/start", FORM_NOT_DAY, 0},
    {false, "mother.name=a&start=2026-2-3", "start", "/start", FORM_NOT_DAY, 0},
    {false, "mother.name=a&start-year=2026", "start", "/start", FORM_NOT_DAY, 0},
    {false, "mother.name=a&start-year=2026&start-month=13&start-day=1", "start", "/start", FORM_NOT_DAY, 0},
    {false, "mother.name=a&month=2026-13", "month", "/month", FORM_NOT_DAY, 0},
    {false, "mother.name=a&at=yesterday", "at", "/at", FORM_NOT_INSTANT, 0},
    {false, "mother.name=a&count=8", "count", "/count", FORM_TOO_LARGE, 7},
    {false, "mother.name=a&count=-1", "count", "/count", FORM_TOO_SMALL, 0},
    {false, "mother.name=a&count=1.5", "count", "/count", FORM_NOT_NUMBER, 0},
    {false, "mother.name=a&count=99999999999999999999", "count", "/count", FORM_NOT_NUMBER, 0},
    {true, "{\"mother\":{\"name\":\"a\"},\"count\":\"3\"}", "count", "/count", FORM_WRONG_TYPE, 0},
    {true, "{\"mother\":{\"name\":\"a\"},\"count\":1.5}", "count", "/count", FORM_WRONG_TYPE, 0},
    {true, "{\"mother\":{\"name\":5}}", "mother.name", "/mother/name", FORM_WRONG_TYPE, 0},
    {true, "{\"mother\":{\"name\":[\"a\"]}}", "mother.name", "/mother/name", FORM_WRONG_TYPE, 0},
    {true, "{\"mother\":\"a\"}", "mother", "/mother", FORM_WRONG_TYPE, 0},
    {true, "{\"mother\":{\"name\":\"a\"},\"agreed\":\"true\"}", "agreed", "/agreed", FORM_WRONG_TYPE, 0},
    {true, "{\"mother\":{\"name\":\"a\"},\"consents\":\"x\"}", "consents", "/consents", FORM_WRONG_TYPE, 0},
    {true, "{\"mother\":{\"name\":\"a\"},\"consents\":[1]}", "consents.0", "/consents/0", FORM_WRONG_TYPE, 0},
    {true, "{\"mother\":{\"name\":\"a\"},\"children\":{}}", "children", "/children", FORM_WRONG_TYPE, 0},
    {true, "{\"mother\":{\"name\":\"a\"},\"children\":[{}]}", "children.0.birth_date",
     "/children/0/birth_date", FORM_MISSING, 0},
    {true, "{\"mother\":{\"name\":\"a\"},\"children\":[5]}", "children.0", "/children/0", FORM_WRONG_TYPE, 0},
    {false, "mother.name=a&agreed=maybe", "agreed", "/agreed", FORM_NOT_BOOL, 0},
    {false, "mother.name=a&facility=1", "facility", "/facility", FORM_NOT_ID, 0},
    {false, "mother.name=a&mode=no", "mode", "/mode", FORM_NOT_CHOICE, 0},
    {false, "mother.name=a&consents=1&consents=2&consents=3&consents=4", "consents", "/consents",
     FORM_TOO_LONG, 3},
    {false, "mother.name=a&bookings=x", "bookings", "/bookings", FORM_NOT_ID, 0},
    {false, "mother.name=a&children.1.name=x", "children.1.birth_date", "/children/1/birth_date",
     FORM_MISSING, 0},
    {false,
     "mother.name=a&children.0.birth_date=2026-01-01&children.1.birth_date=2026-01-01&children.2.birth_date=2026-01-01",
     "children", "/children", FORM_TOO_LONG, 2},
    {false, "mother.name=a&mother.name=b", "mother.name", "/mother/name", FORM_DUPLICATE, 0},
    {false, "mother.name=a&x=1", "x", "/x", FORM_UNKNOWN, 0},
    {false, "mother.name=a&_x=1", "_x", "/_x", FORM_UNKNOWN, 0},
    {false, "mother.name=a&mother.x=1", "mother.x", "/mother/x", FORM_UNKNOWN, 0},
    {true, "{\"mother\":{\"name\":\"a\"},\"a/b~\":1}", "a/b~", "/a~1b~0", FORM_UNKNOWN, 0},
    {true, "{\"mother\":{\"name\":\"a\"},\"_csrf\":\"x\"}", "_csrf", "/_csrf", FORM_UNKNOWN, 0},
};

static void test_errors(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(faulty); i++) {
        struct form_input input;
        assert_int_equal(read_one(&input, faulty[i].json, faulty[i].body), FORM_READ);
        bool good = form_fill(&input);
        const struct field_error *error = form_error_at(&input, faulty[i].name);
        if (good || error == NULL || error->error != faulty[i].error || error->bound != faulty[i].bound ||
            !text_is(error->pointer, faulty[i].pointer)) {
            print_error("case %zu: %s: %s\n", i, faulty[i].body,
                        error == NULL ? "no such error" : form_error_code(error->error));
            fail();
        }
    }
}

static void test_unreadable(void **state) {
    (void)state;
    static const struct {
        bool json;
        const char *body;
    } cases[] = {
        {false, "a=%"},
        {false, "a=%zz"},
        {false, "a=%ff"},
        {false, "a=%00"},
        {false, "=x"},
        {false, "a=%ED%A0%80"},
        {true, ""},
        {true, "{"},
        {true, "[]"},
        {true, "null"},
        {true, "5"},
        {true, "{\"a\":1,\"a\":2}"},
        {true, "{}x"},
        {true, "{} {}"},
        {true, "{'a':1}"},
        {true, "{\"a\":1,}"},
        {true, "{\"a\":NaN}"},
        {true, "{\"a\":\"\xff\"}"},
        {true, "{\"a\":\"\\u0000\"}"},
        {true, "{\"a\":\"\\ud800\"}"},
        {true, "{\"mother.name\":\"a\"}"},
        {true, "{\"\":1}"},
        {true, "{\"a\":[[[[[[[[[[[[1]]]]]]]]]]]]}"},
        {true, "\xef\xbb\xbf{}"},
        {true, "{\"a\":99999999999999999999}"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct form_input input;
        assert_int_equal(read_one(&input, cases[i].json, cases[i].body), FORM_UNREADABLE);
    }
    struct buf many;
    buf_init(&many, &arena);
    for (int i = 0; i < FORM_ENTRIES_MAX + 1; i++) {
        buf_putz(&many, "a=1&");
    }
    struct form_input input;
    assert_int_equal(read_one(&input, false, buf_text(&many).p), FORM_UNREADABLE);
}

static void test_shown_again(void **state) {
    (void)state;
    struct form_input input;
    assert_int_equal(read_one(&input, false, "mother.name=&note=a%26b&consents=x&consents=y&start-year=20"),
                     FORM_READ);
    assert_false(form_fill(&input));
    assert_true(text_is(form_raw(&input, "note"), "a&b"));
    assert_true(text_is(form_raw(&input, "start-year"), "20"));
    assert_true(text_is(form_raw(&input, "absent"), ""));
    assert_true(form_raw_has(&input, "consents", TEXT("y")));
    assert_false(form_raw_has(&input, "consents", TEXT("z")));
    form_error_add(&input, TEXT("/children/0/birth_date"), FORM_NOT_DAY, 0);
    const struct field_error *error = form_error_at(&input, "children.0.birth_date");
    assert_non_null(error);
    assert_string_equal(error->field->name, "birth_date");
    form_error_add(&input, TEXT("/children"), FORM_MISSING, 0);
    assert_string_equal(form_error_at(&input, "children")->field->name, "children");
    form_error_add(&input, TEXT("/nobody/0/name"), FORM_MISSING, 0);
    assert_null(form_error_at(&input, "nobody.0.name")->field);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_full),       cmocka_unit_test(test_absent),      cmocka_unit_test(test_errors),
        cmocka_unit_test(test_unreadable), cmocka_unit_test(test_shown_again),
    };
    return cmocka_run_group_tests_name("web/form", tests, set_up, tear_down);
}
