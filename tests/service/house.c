/* The shelf of cities: found among as many as there may be, replaced while they are read, and given back when nobody reads
 * them any more (LeakSanitizer and ThreadSanitizer watch). */
#include "service/house.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void cities_are_found_and_let_go(void **state) {
    (void)state;
    struct arena arena;
    struct house house = {0};
    struct city_id id;
    arena_init(&arena, 16 << 20);
    house_open(&house, &arena);
    for (int64_t i = 0; i < HOUSE_CITIES_MAX; i++) {
        struct text code = text_printf(&arena, "c%04d", (int)(i * 7 % HOUSE_CITIES_MAX));
        struct house_city city = {.id = {1 + i * 11 % 2003}, .code = code};
        assert_true(house_city_put(&house, &city, NULL));
    }
    assert_false(house_city_put(&house, &(struct house_city){.id = {9999}, .code = TEXT("more")}, NULL));
    assert_false(house_city_put(&house, &(struct house_city){.id = {1}, .code = TEXT("c0007")}, NULL));
    assert_int_equal(house_city_count(&house), HOUSE_CITIES_MAX);
    assert_true(house_find(&house, TEXT("c1234"), &id));
    assert_false(house_find(&house, TEXT("c9999"), &id));
    const struct house_city *held = house_city_hold_id(&house, id);
    assert_true(text_is(held->code, "c1234"));
    struct house_city next = *held;
    for (int64_t i = 1; i < 50; i++) { /* nobody holds those in between */
        struct arena own;
        arena_init(&own, 1 << 20);
        next.revision = i;
        next.name = text_printf(&own, "revision %d", (int)i);
        assert_true(house_city_put(&house, &next, &own));
        arena_release(&own);
    }
    assert_int_equal(held->revision, 0);
    next.revision = 20; /* late: the newer one stays */
    assert_true(house_city_put(&house, &next, NULL));
    assert_int_equal(house_city_by_code(&house, TEXT("c1234"))->revision, 49);
    house_city_let_go(held);
    house_close(&house);
    arena_release(&arena);
}

enum { READERS = 3, ROUNDS = 3000 };

struct reading {
    const struct house *house;
    int64_t wrong;
};

/* A city's name and code always tell of its revision, and revisions never go back. */
static void *read_on(void *arg) {
    struct reading *reading = arg;
    int64_t seen = 0;
    for (int i = 0; i < ROUNDS; i++) {
        const struct house_city *city = house_city_hold(reading->house, TEXT("hirakata"));
        const struct house_city *again = house_city_hold_id(reading->house, city->id);
        reading->wrong += city->revision < seen || again->revision < city->revision ||
                          city->name.n != (size_t)(city->revision % 7);
        seen = city->revision;
        house_city_let_go(city);
        house_city_let_go(again);
    }
    return NULL;
}

static void readers_meet_whole_cities(void **state) {
    (void)state;
    struct arena arena;
    struct house house = {0};
    pthread_t threads[READERS];
    struct reading readings[READERS];
    arena_init(&arena, 16 << 20);
    house_open(&house, &arena);
    struct house_city city = {.id = {1}, .code = TEXT("hirakata"), .name = TEXT("")};
    assert_true(house_city_put(&house, &city, NULL));
    for (int i = 0; i < READERS; i++) {
        readings[i] = (struct reading){.house = &house};
        assert_int_equal(pthread_create(&threads[i], NULL, read_on, &readings[i]), 0);
    }
    for (int64_t i = 1; i < ROUNDS; i++) {
        struct arena own;
        arena_init(&own, 1 << 20);
        city.revision = i;
        city.name = text_copy(&own, text_part(TEXT("abcdefg"), 0, (size_t)(i % 7)));
        assert_true(house_city_put(&house, &city, &own));
        arena_release(&own);
    }
    for (int i = 0; i < READERS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(readings[i].wrong, 0);
    }
    assert_int_equal(house_changes(&house), ROUNDS);
    house_close(&house);
    arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(cities_are_found_and_let_go),
                                       cmocka_unit_test(readers_meet_whole_cities)};
    return cmocka_run_group_tests_name("service/house", tests, NULL, NULL);
}
