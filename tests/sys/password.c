/* Hashes, the gate against storms, and which passwords may be set. */
#include "sys/password.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdatomic.h>
#include <string.h>
#include <time.h>

static void a_hash_knows_its_password(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 16);
    struct password_gate gate;
    password_gate_init(&gate, 2, 8);
    struct text hash = TEXT("");
    struct text again = TEXT("");
    assert_int_equal(password_hash(&gate, &arena, TEXT("夜中の三時に空きを見る"), &hash), RC_OK);
    assert_int_equal(password_hash(&gate, &arena, TEXT("夜中の三時に空きを見る"), &again), RC_OK);
    assert_true(text_starts(hash, TEXT("$argon2id$v=19$m=19456,t=2,p=1$")));
    assert_false(text_eq(hash, again)); /* salted */
    assert_int_equal(password_verify(&gate, hash, TEXT("夜中の三時に空きを見る")), RC_OK);
    assert_int_equal(password_verify(&gate, hash, TEXT("夜中の三時に空きを見た")), RC_NONE);
    assert_int_equal(password_verify(&gate, hash, TEXT("")), RC_NONE);
    static const char *const broken[] = {"", "x", "$argon2id$", "$2y$10$abcdefghijklmnopqrstuv"};
    for (size_t i = 0; i < COUNT(broken); i++) {
        assert_int_equal(password_verify(&gate, text_of(broken[i]), TEXT("")), RC_NONE);
    }
    char *huge = arena_take(&arena, 20000);
    memset(huge, 'a', 20000);
    assert_int_equal(password_verify(&gate, (struct text){huge, 20000}, TEXT("a")), RC_NONE);
    assert_int_equal(password_verify(&gate, hash, (struct text){huge, 20000}), RC_NONE);
    assert_false(password_needs_rehash(hash));
    assert_true(password_needs_rehash(TEXT("")));
    assert_true(password_needs_rehash(TEXT("$argon2id$v=19$m=4096,t=1,p=1$c29tZXNhbHQxMjM0NTY3OA$"
                                           "Zm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyMDE")));
    password_gate_release(&gate);
    arena_release(&arena);
}

static int64_t cpu_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* CPU time, not wall time, and a wide factor: an unknown account skips no hashing. */
static void unknown_accounts_cost_the_same_work(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 16);
    struct password_gate gate;
    password_gate_init(&gate, 2, 8);
    struct text hash = TEXT("");
    assert_int_equal(password_hash(&gate, &arena, TEXT("correct horse battery"), &hash), RC_OK);
    int64_t start = cpu_ns();
    for (int i = 0; i < 5; i++) {
        assert_int_equal(password_verify(&gate, hash, TEXT("wrong")), RC_NONE);
    }
    int64_t known = cpu_ns() - start;
    start = cpu_ns();
    for (int i = 0; i < 5; i++) {
        assert_int_equal(password_verify(&gate, TEXT(""), TEXT("wrong")), RC_NONE);
    }
    int64_t unknown = cpu_ns() - start;
    assert_true(unknown > known / 3);
    assert_true(known > unknown / 3);
    password_gate_release(&gate);
    arena_release(&arena);
}

struct storm {
    struct password_gate gate;
    _Atomic int done;
    _Atomic int refused;
    _Atomic int most;
};

static void *one_of_the_storm(void *arg) {
    struct storm *storm = arg;
    enum rc rc = password_verify(&storm->gate, TEXT(""), TEXT("guess"));
    pthread_mutex_lock(&storm->gate.lock);
    int running = storm->gate.running;
    pthread_mutex_unlock(&storm->gate.lock);
    if (running > atomic_load(&storm->most)) {
        atomic_store(&storm->most, running);
    }
    atomic_fetch_add(rc == RC_RACE ? &storm->refused : &storm->done, 1);
    return NULL;
}

static void a_storm_is_bounded(void **state) {
    (void)state;
    struct storm storm = {.done = 0};
    password_gate_init(&storm.gate, 2, 3);
    /* Both slots are held, so that the counts below do not depend on speed. */
    storm.gate.running = 2;
    pthread_t threads[8];
    for (size_t i = 0; i < COUNT(threads); i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, one_of_the_storm, &storm), 0);
    }
    while (atomic_load(&storm.refused) < 5) {
        nanosleep(&(struct timespec){0, 1000000}, NULL);
    }
    assert_int_equal(atomic_load(&storm.done), 0);
    pthread_mutex_lock(&storm.gate.lock);
    storm.gate.running = 0;
    pthread_cond_broadcast(&storm.gate.freed);
    pthread_mutex_unlock(&storm.gate.lock);
    for (size_t i = 0; i < COUNT(threads); i++) {
        pthread_join(threads[i], NULL);
    }
    assert_int_equal(atomic_load(&storm.done), 3);
    assert_int_equal(atomic_load(&storm.refused), 5);
    assert_true(atomic_load(&storm.most) <= 2);
    password_gate_release(&storm.gate);
}

static void which_passwords_may_be_set(void **state) {
    (void)state;
    static const struct {
        const char *password;
        enum password_fault fault; /* PASSWORD_FAULT__MAX: fine */
    } cases[] = {
        {"", PASSWORD_SHORT},
        {"elevenchars", PASSWORD_SHORT},
        {"産後ケア予約", PASSWORD_SHORT},
        {"twelve chars", PASSWORD_FAULT__MAX},
        {"枚方の桜を見に行く春の日", PASSWORD_FAULT__MAX},
        {"correct horse battery staple", PASSWORD_FAULT__MAX},
        {"tab\there is bad", PASSWORD_BYTES},
        {"bad\xffutf8 bytes", PASSWORD_BYTES},
        {"password1234", PASSWORD_COMMON},
        {"Password!!!!2026", PASSWORD_COMMON},
        {"passwordpassword", PASSWORD_COMMON},
        {"PASSWORDpassword", PASSWORD_COMMON},
        {"sakura202604", PASSWORD_COMMON},
        {"1qaz2wsx3edc", PASSWORD_COMMON},
        {"aaaaaaaaaaaa", PASSWORD_COMMON},
        {"abcabcabcabc", PASSWORD_COMMON},
        {"123456789012", PASSWORD_COMMON},
        {"098765432109", PASSWORD_COMMON},
        {"abcdefghijklm", PASSWORD_COMMON},
        {"あいうえおかきくけこさしすせそ", PASSWORD_COMMON},
        {"パスワードパスワード1234", PASSWORD_COMMON},
        {"arigatougozaimasu", PASSWORD_COMMON},
        {"hanako.y@example.jp", PASSWORD_EMAIL},
        {"HANAKO.Y@example.jp", PASSWORD_EMAIL},
        {"hanako.y1990", PASSWORD_EMAIL},
        {"hanako.yhanako.y", PASSWORD_EMAIL},
        {"hanako.y likes the sea", PASSWORD_FAULT__MAX},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        enum password_fault fault = PASSWORD_FAULT__MAX;
        bool ok = password_acceptable(text_of(cases[i].password), TEXT("Hanako.Y@example.jp"), &fault);
        if (fault != cases[i].fault) {
            fail_msg("%s: %d", cases[i].password, (int)fault);
        }
        assert_int_equal(ok, cases[i].fault == PASSWORD_FAULT__MAX);
    }
}

static void length_is_counted_in_characters(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 16);
    enum password_fault fault = PASSWORD_FAULT__MAX;
    char *p = arena_take(&arena, 4 * 257);
    for (size_t i = 0; i < 257; i++) {
        memcpy(p + i * 4, i % 2 == 0 ? "\xf0\xa0\xae\xb7" : "\xf0\x9f\x98\x80", 4);
    }
    memcpy(p, "\xf0\x9f\x8d\xa3", 4);
    assert_true(password_acceptable((struct text){p, 4 * 256}, TEXT(""), &fault));
    assert_false(password_acceptable((struct text){p, 4 * 257}, TEXT(""), &fault));
    assert_int_equal(fault, PASSWORD_LONG);
    arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hash_knows_its_password),
        cmocka_unit_test(unknown_accounts_cost_the_same_work),
        cmocka_unit_test(a_storm_is_bounded),
        cmocka_unit_test(which_passwords_may_be_set),
        cmocka_unit_test(length_is_counted_in_characters),
    };
    return cmocka_run_group_tests_name("sys/password", tests, NULL, NULL);
}
