/* Files in a temporary folder: whole, bounded, replaced at once. */
#include "sys/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct arena arena;
static struct text root;

static int make_root(void **state) {
    (void)state;
    arena_init(&arena, 1 << 24);
    char *z = arena_take(&arena, 64);
    memcpy(z, "/tmp/sango-file-XXXXXX", sizeof "/tmp/sango-file-XXXXXX");
    root = text_of(mkdtemp(z));
    return root.n == 0;
}

static int remove_root(void **state) {
    (void)state;
    struct text *names;
    size_t count;
    rmdir(text_join(&arena, root, TEXT("/a/b/c")).p);
    rmdir(text_join(&arena, root, TEXT("/a/b")).p);
    if (file_list(&arena, root, &names, &count) == RC_OK) {
        for (size_t i = 0; i < count; i++) {
            remove(text_printf(&arena, "%.*s/%.*s", TEXT_F(root), TEXT_F(names[i])).p);
        }
    }
    int left = rmdir(root.p);
    arena_release(&arena);
    return left;
}

static struct text in_root(const char *name) {
    return text_printf(&arena, "%.*s/%s", TEXT_F(root), name);
}

static void written_and_read(void **state) {
    (void)state;
    struct text path = in_root("one");
    struct text bytes = TEXT("untouched");
    assert_int_equal(file_read(&arena, path, 100, &bytes), RC_NONE);
    assert_true(text_is(bytes, "untouched"));
    assert_int_equal(file_write(path, TEXT("first"), 0600), RC_OK);
    assert_int_equal(file_write(path, TEXT("second\0!"), 0640), RC_OK);
    assert_int_equal(file_read(&arena, path, 8, &bytes), RC_OK);
    assert_true(text_eq(bytes, TEXT("second\0!")));
    assert_int_equal(file_read(&arena, path, 7, &bytes), RC_FAULT);
    mode_t mode = 0;
    assert_int_equal(file_mode(path, &mode), RC_OK);
    assert_int_equal(mode, 0640);
    assert_int_equal(file_write(in_root("empty"), TEXT(""), 0600), RC_OK);
    assert_int_equal(file_read(&arena, in_root("empty"), 8, &bytes), RC_OK);
    assert_int_equal(bytes.n, 0);
}

static void what_cannot_be(void **state) {
    (void)state;
    struct text bytes = TEXT("");
    assert_int_equal(file_write(in_root("no/such/folder"), TEXT("x"), 0600), RC_FAULT);
    assert_int_equal(file_read(&arena, root, 100, &bytes), RC_FAULT); /* a folder */
    assert_int_equal(file_read(&arena, TEXT(""), 100, &bytes), RC_FAULT);
    assert_int_equal(file_read(&arena, TEXT("/etc/passwd\0x"), 100000, &bytes), RC_FAULT);
    assert_int_equal(mkfifo(in_root("pipe").p, 0600), 0);
    assert_int_equal(file_read(&arena, in_root("pipe"), 100, &bytes), RC_FAULT); /* and does not hang */
    char *longest = arena_take(&arena, 5000);
    memset(longest, 'a', 4999);
    assert_int_equal(file_read(&arena, (struct text){longest, 4999}, 100, &bytes), RC_FAULT);
    mode_t mode = 0;
    assert_int_equal(file_mode(in_root("nothing"), &mode), RC_NONE);
    assert_int_equal(file_remove(in_root("nothing")), RC_NONE);
    /* A failed replacement keeps the old file and leaves no temporary one. */
    assert_int_equal(mkdir(in_root("taken").p, 0700), 0);
    assert_int_equal(file_write(in_root("taken"), TEXT("x"), 0600), RC_FAULT);
}

static void folders(void **state) {
    (void)state;
    struct text *names = NULL;
    size_t count = 0;
    assert_int_equal(file_make_dir(in_root("a/b/c"), 0700), RC_OK);
    assert_int_equal(file_make_dir(in_root("a/b/c"), 0700), RC_OK);
    assert_int_equal(file_make_dir(in_root("one/x"), 0700), RC_FAULT); /* "one" is a file */
    assert_int_equal(file_list(&arena, in_root("a/b/c"), &names, &count), RC_OK);
    assert_int_equal(count, 0);
    assert_int_equal(file_list(&arena, in_root("zzz"), &names, &count), RC_NONE);
    assert_int_equal(file_list(&arena, root, &names, &count), RC_OK);
    static const char *const expected[] = {"a", "empty", "one", "pipe", "taken"};
    assert_int_equal(count, COUNT(expected));
    for (size_t i = 0; i < count; i++) {
        assert_true(text_is(names[i], expected[i]));
    }
    assert_int_equal(file_remove(in_root("one")), RC_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(written_and_read),
        cmocka_unit_test(what_cannot_be),
        cmocka_unit_test(folders),
    };
    return cmocka_run_group_tests_name("sys/file", tests, make_root, remove_root);
}
