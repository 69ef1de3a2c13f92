#include "base/json_out.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void a_document(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 16);
    struct buf buf;
    buf_init(&buf, &arena);
    struct json_out json;
    json_out_init(&json, &buf);
    json_put_object(&json, NULL);
    json_put_text(&json, "t",
                  TEXT("a\"\\\n\x01"
                       "あ"));
    json_put_array(&json, "list");
    json_put_int(&json, NULL, -1);
    json_put_bool(&json, NULL, true);
    json_put_object(&json, NULL);
    json_put_object_end(&json);
    json_put_array_end(&json);
    json_put_day(&json, "d", day_of((struct ymd){2026, 11, 22}));
    json_put_day(&json, "none", DAY_NONE);
    json_put_instant(&json, "i", (struct instant){0});
    json_put_text(&json, "bad", TEXT("\xff"));
    json_put_object_end(&json);
    assert_string_equal(
        buf_text(&buf).p,
        "{\"t\":\"a\\\"\\\\\\n\\u0001あ\",\"list\":[-1,true,{}],\"d\":\"2026-11-22\",\"none\":null,"
        "\"i\":\"1970-01-01T09:00:00+09:00\",\"bad\":\"\xef\xbf\xbd\"}");
    arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_document)};
    return cmocka_run_group_tests_name("base/json_out", tests, NULL, NULL);
}
