/* What comes from outside, on both engines: CSV as spreadsheets write it, history that equals its source to the last
 * digit, closing days in both forms, and a profile whose past may not be rewritten. */
#include "fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#include "query/figures.h"
#include "service/csv.h"
#include "service/import.h"

static void csv_table(void) {
    static const struct {
        const char *csv;
        const char *joined; /* fields with |, rows with / */
        bool broken;
    } cases[] = {
        {"a,b\r\nc,d\r\n", "a|b/c|d", false},
        {"\xEF\xBB\xBF"
         "a\n",
         "a", false},
        {"\n\na, b \n\nc", "a|b/c", false},
        {"\"a,b\",\"say \"\"hi\"\"\"\n", "a,b|say \"hi\"", false},
        {"\"two\nlines\",x\ny,z", "two\nlines|x/y|z", false},
        {"a,\n,b", "a|/|b", false},
        {"\"\"", "", false},
        {"\"never ends", "", true},
        {"a\n\"b\"c\n", "a", true},
        {"", "", false},
    };
    struct arena arena;
    arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct csv csv = csv_begin(text_of(cases[i].csv));
        struct csv_row row;
        struct text joined = TEXT("");
        for (int rows = 0; csv_next(&csv, &arena, &row); rows++) {
            for (size_t k = 0; k < row.count; k++) {
                const char *between = k > 0 ? "|" : rows > 0 ? "/" : "";
                joined = text_printf(&arena, "%.*s%s%.*s", TEXT_F(joined), between, TEXT_F(row.fields[k]));
            }
        }
        if (!text_is(joined, cases[i].joined) || csv.broken != cases[i].broken) {
            fail_msg("case %zu: %.*s", i, TEXT_F(joined));
        }
    }
    arena_release(&arena);
}

static void csv_rows(struct engine *engine) {
    (void)engine;
    csv_table();
    struct arena arena;
    struct csv_row row;
    arena_init(&arena, 1 << 16);
    struct csv csv = csv_begin(TEXT("a\n\"two\nlines\"\nb\n"));
    int64_t lines[3] = {0};
    for (size_t i = 0; i < 3; i++) {
        assert_true(csv_next(&csv, &arena, &row));
        lines[i] = csv.line;
    }
    assert_int_equal(lines[1], 2);
    assert_int_equal(lines[2], 4);
    arena_release(&arena);
}

#define HEADER "fiscal_year,care,uses,persons,units,expected,through\n"
static const int64_t uses[7][2] = {{178, 77},  {179, 60},  {146, 65}, {192, 147},
                                   {257, 322}, {456, 289}, {665, 499}};

static struct text history(struct arena *arena) {
    struct text csv = TEXT(HEADER);
    for (int i = 0; i < 7; i++) {
        int year = 2019 + i;
        csv = text_printf(arena, "%.*s%d,stay,%lld,,,%d,%d-03-31\n%d,day,%lld,,,%d,%d-03-31\n", TEXT_F(csv),
                          year, (long long)uses[i][0], year == 2025, year + 1, year, (long long)uses[i][1],
                          year == 2025, year + 1);
    }
    return csv;
}

static void history_to_the_last_digit(struct engine *engine) {
    struct fixture fx;
    fixture_setup(&fx, engine);
    struct call call = fixture_call(&fx, fixture_as(&fx, ROLE_CITY_ADMIN, fx.admin));
    struct import_fault fault;
    int64_t rows = 0;
    for (int again = 0; again < 2; again++) { /* imported twice it is still the same table */
        assert_int_equal(import_usage(&call, history(&fx.arena), &rows, &fault), RC_OK);
        assert_null(fault.code);
        assert_int_equal(rows, 14);
    }
    struct query query = {
        .db = fx.house.db, .arena = &fx.arena, .city = fx.city->id, .eye = EYE_CITY, .now = call.now};
    struct text cares[] = {TEXT("stay"), TEXT("day")};
    struct usage_ask ask = {.from_fy = 2019, .to_fy = 2025, .cares = cares, .care_count = 2};
    struct usage_row *found = NULL;
    size_t count = 0;
    assert_int_equal(query_usage(&query, &ask, &found, &count), RC_OK);
    assert_int_equal(count, 14);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(found[i].fiscal_year, 2019 + (int64_t)(i / 2));
        assert_int_equal(found[i].uses, uses[i / 2][i % 2]);
        assert_int_equal(found[i].persons, -1);
        assert_int_equal(found[i].expected, found[i].fiscal_year == 2025);
    }
    fixture_teardown(&fx);
}

static void wrong_lines_are_named(struct engine *engine) {
    struct fixture fx;
    fixture_setup(&fx, engine);
    struct call call = fixture_call(&fx, fixture_as(&fx, ROLE_CITY_ADMIN, fx.admin));
    static const struct {
        const char *csv;
        int64_t line;
        const char *code;
    } cases[] = {
        {"year,care\n", 1, "header"},
        {"\xFF\xFE", 0, "not-utf8"},
        {HEADER "2019,stay,1,,,0,2020-03-31\n2020,stay,x,,,0,2021-03-31\n", 3, "uses"},
        {HEADER "19,stay,1,,,0,2020-03-31\n", 2, "fiscal-year"},
        {HEADER "2019,spa,1,,,0,2020-03-31\n", 2, "care"},
        {HEADER "2019,stay,-1,,,0,2020-03-31\n", 2, "uses"},
        {HEADER "2019,stay,1,-2,,0,2020-03-31\n", 2, "persons"},
        {HEADER "2019,stay,1,,1.5,0,2020-03-31\n", 2, "units"},
        {HEADER "2019,stay,1,,,maybe,2020-03-31\n", 2, "expected"},
        {HEADER "2019,stay,1,,,0,2020-02-30\n", 2, "through"},
        {HEADER "2019,stay,1,,,0\n", 2, "columns"},
        {HEADER "2019,stay,1,,,0,2020-03-31\n2019,stay,1,,,0,2020-03-31\n", 3, "twice"},
        {HEADER "\"2019,stay\n", 2, "quotes"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct import_fault fault = {0};
        int64_t rows = 0;
        assert_int_equal(import_usage(&call, text_of(cases[i].csv), &rows, &fault), RC_OK);
        if (fault.code == NULL || strcmp(fault.code, cases[i].code) != 0 || fault.line != cases[i].line) {
            fail_msg("case %zu: %s, line %d", i, fault.code == NULL ? "no fault" : fault.code,
                     (int)fault.line);
        }
    }
    fixture_teardown(&fx);
}

static bool closed_on(const struct house *house, const char *day) {
    struct day d = DAY_NONE;
    assert_true(day_parse(text_of(day), &d));
    return calendar_is_holiday(house_city_at(house, 0)->calendar, d);
}

static void closing_days_and_profile(struct engine *engine) {
    struct fixture fx;
    fixture_setup(&fx, engine);
    struct house house = fx.house;
    struct text why = TEXT("");
    struct text json = fixture_hirakata(&fx.arena);
    struct call call = fixture_call(&fx, fixture_as(&fx, ROLE_CITY_ADMIN, fx.admin));
    struct import_fault fault;
    int64_t rows = 0;
    struct text csv =
        TEXT("国民の祝日・休日月日,国民の祝日・休日名称\n2027/6/1,市の記念日\n2027-06-02,休館日\n");
    assert_int_equal(import_closed_days(&call, csv, &rows, &fault), RC_OK);
    assert_int_equal(rows, 2);
    assert_int_equal(import_closed_days(&call, TEXT("day,name\n2027/13/1,x\n"), &rows, &fault), RC_OK);
    assert_string_equal(fault.code, "day");

    assert_int_equal(import_city(&house, &fx.arena, json, &why), RC_OK);
    assert_int_equal(house_city_count(&house), 1);
    assert_int_equal(house_city_at(&house, 0)->id.n, fx.city->id.n); /* it is the same city */
    assert_true(closed_on(&house, "2027-06-01"));
    assert_true(closed_on(&house, "2027-06-02"));
    assert_false(closed_on(&house, "2027-06-03"));
    assert_int_equal(import_city(&house, &fx.arena, TEXT("{\"city\":1}"), &why), RC_NONE);
    assert_true(why.n > 0);

    /* The version in force is taken away: its days would be judged by nothing. */
    struct text from = TEXT("\"valid_from\": \"2025-04-01\"");
    size_t at = 0;
    while (at < json.n && !text_starts(text_part(json, at, json.n), from)) {
        at++;
    }
    assert_true(at < json.n);
    struct text later = text_printf(&fx.arena, "%.*s\"valid_from\": \"2026-12-01\"%.*s", (int)at, json.p,
                                    TEXT_F(text_part(json, at + from.n, json.n)));
    assert_int_equal(import_city(&house, &fx.arena, later, &why), RC_NONE);
    fixture_teardown(&fx);
}

/* As published: CRLF, quotes where a name needs them, days as 2027/1/1. A holiday that a law moves goes from its old day,
 * also from the shipped list; damage leaves everything as it was. */
static void holidays_as_published(struct engine *engine) {
    struct fixture fx;
    fixture_setup(&fx, engine);
    struct house house = fx.house;
    struct text why = TEXT("");
    struct call call = fixture_call(&fx, fixture_as(&fx, ROLE_CITY_ADMIN, fx.admin));
    struct import_fault fault;
    int64_t rows = 0;
    static const char head[] = "国民の祝日・休日月日,国民の祝日・休日名称\r\n";
    static const char year[] =
        "2027/1/1,元日\r\n2027/1/11,成人の日\r\n2027/2/11,建国記念の日\r\n2027/2/23,天皇誕生日\r\n"
        "2027/3/21,春分の日\r\n2027/3/22,休日\r\n2027/4/29,昭和の日\r\n2027/5/3,憲法記念日\r\n"
        "2027/5/4,みどりの日\r\n2027/5/5,\"こどもの日\"\r\n2027/8/11,山の日\r\n2027/9/20,敬老の日\r\n"
        "2027/9/23,秋分の日\r\n2027/11/3,文化の日\r\n2027/11/23,勤労感謝の日\r\n";
    struct text first = text_printf(&fx.arena, "%s%s2027/7/22,海の日\r\n2028/1/1,元日\r\n", head, year);
    struct text moved =
        text_printf(&fx.arena, "%s%s2027/7/23,海の日\r\n2028/1/1,元日\r\n2028/5/2,即位の日\r\n", head, year);
    assert_int_equal(
        import_closed_days(&call, TEXT("day,name\n2027-08-13,休館日\n2027-07-19,会議\n"), &rows, &fault),
        RC_OK);
    assert_int_equal(import_holidays(&call, first, &rows, &fault), RC_OK);
    assert_int_equal(rows, 17);
    assert_int_equal(import_holidays(&call, moved, &rows, &fault), RC_OK);
    assert_int_equal(
        import_closed_days(&call, TEXT("day,name\n2028-05-02,研修\n2028-05-08,研修\n"), &rows, &fault),
        RC_OK);
    static const char *const damaged[] = {"",
                                          "x\r\n",
                                          "日,名\r\n2027/2/29,x\r\n",
                                          "日,名\r\n2027/1/1\r\n",
                                          "日,名\r\n2027/1/1,\"元日\r\n",
                                          "日,名\r\n1,2027/1/1\r\n",
                                          "\xff\xfe"};
    for (size_t i = 0; i < COUNT(damaged); i++) {
        assert_int_equal(import_holidays(&call, text_of(damaged[i]), &rows, &fault), RC_OK);
        assert_non_null(fault.code);
    }
    assert_int_equal(import_city(&house, &fx.arena, fixture_hirakata(&fx.arena), &why), RC_OK);
    static const struct {
        const char *day;
        bool closed;
    } cases[] = {
        {"2027-07-23", true}, {"2027-07-22", false}, {"2027-07-19", true}, /* a meeting of the city's own */
        {"2027-08-13", true}, {"2027-10-11", false}, /* shipped, and no longer in the list */
        {"2027-05-05", true}, {"2028-01-01", true},  {"2026-07-20", true}, /* another year stays as shipped */
        {"2027-12-30", true}};
    const struct calendar *calendar = house_city_at(&house, 0)->calendar;
    static const struct {
        struct ymd day;
        bool national;
    } kinds[] = {{{2028, 1, 1}, true},
                 {{2027, 1, 1}, true},
                 {{2027, 8, 13}, false},
                 {{2028, 5, 2}, true},
                 /* of that year only */ {{2028, 5, 8}, false}};
    for (size_t i = 0; i < COUNT(kinds); i++) {
        assert_int_equal(calendar_is_national(calendar, day_of(kinds[i].day)), kinds[i].national);
    }
    for (size_t i = 0; i < COUNT(cases); i++) {
        if (closed_on(&house, cases[i].day) != cases[i].closed) {
            fail_msg("%s", cases[i].day);
        }
    }
    fixture_teardown(&fx);
}

int main(void) {
    static const struct engine_case cases[] = {
        ENGINE_CASE(csv_rows), ENGINE_CASE(history_to_the_last_digit), ENGINE_CASE(wrong_lines_are_named),
        ENGINE_CASE(closing_days_and_profile), ENGINE_CASE(holidays_as_published)};
    return engines_run("service/import", cases, COUNT(cases), fixture_lists());
}
