/* Accounts and sessions on both engines: registering, confirming, signing in with and without code, forgetting the
 * password, growing pauses, limits of a session. */
#include "world.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#include "sys/totp.h"

#define MARI "mari@example.jp"
#define MARI_PASSWORD TEXT("a warm cup of barley tea")

static enum account_fault sign_up(struct world *w, const char *email, struct text password) {
    struct call call = world_public(w);
    struct account_new new = {text_of(email), password, TEXT("枚方 まり")};
    enum account_fault fault = ACCOUNT_FAULT__MAX;
    assert_int_equal(account_register(&call, &new, &fault), RC_OK);
    return fault;
}

static enum account_fault confirm(struct world *w, struct text token) {
    struct call call = world_public(w);
    enum account_fault fault = ACCOUNT_FAULT__MAX;
    assert_int_equal(account_confirm(&call, token, &fault), RC_OK);
    return fault;
}

static struct session_opened sign_in(struct world *w, const char *login, struct text password,
                                     struct text otp) {
    struct call call = world_public(w);
    struct session_ask ask = {text_of(login), password, otp, TEXT("192.0.2.7"), false};
    struct session_opened opened = {0};
    assert_int_equal(session_open(&call, &ask, &opened), RC_OK);
    return opened;
}

static enum rc find(struct world *w, struct text token, struct session *ret_session) {
    struct call call = world_public(w);
    return session_find(&call, token, ret_session);
}

static void register_confirm_login(struct engine *engine) {
    struct world w;
    world_setup(&w, engine);
    assert_int_equal(sign_up(&w, "not an address", MARI_PASSWORD), ACCOUNT_EMAIL);
    assert_int_equal(sign_up(&w, MARI, TEXT("short")), ACCOUNT_PASSWORD_WEAK);
    assert_int_equal(sign_up(&w, "  Mari@EXAMPLE.jp ", MARI_PASSWORD), ACCOUNT_FINE);
    struct text mail = world_link(&w, "mari@example.jp");
    assert_int_equal(mail.n, 43);
    assert_int_equal(sign_in(&w, "Mari@example.jp", MARI_PASSWORD, TEXT("")).fault, SESSION_WRONG);
    assert_int_equal(confirm(&w, TEXT("nonsense")), ACCOUNT_LINK);
    assert_int_equal(confirm(&w, mail), ACCOUNT_FINE);
    assert_int_equal(confirm(&w, mail), ACCOUNT_LINK); /* once only */
    world_sleep(&w, 2);
    struct session_opened opened = sign_in(&w, "Mari@example.jp", MARI_PASSWORD, TEXT(""));
    assert_int_equal(opened.fault, SESSION_FINE);
    assert_int_equal(opened.actor.role, ROLE_RESIDENT);
    struct session session;
    assert_int_equal(find(&w, opened.token, &session), RC_OK);
    assert_true(text_is(session.name, "枚方 まり"));
    assert_true(text_eq(session.csrf, opened.csrf));
    assert_int_equal(session.notices_unread, 0); /* mails about links are not for the screen */
    struct call call = world_public(&w);
    assert_int_equal(session_close(&call, opened.token), RC_OK);
    assert_int_equal(find(&w, opened.token, &session), RC_NONE);
    assert_int_equal(world_audits(&w, "session.open"), 1);
    world_release(&w);
}

static void old_link_ends(struct engine *engine) {
    struct world w;
    world_setup(&w, engine);
    sign_up(&w, MARI, MARI_PASSWORD);
    struct text first = world_link(&w, MARI);
    world_sleep(&w, 5);
    sign_up(&w, MARI, TEXT("another cup of barley tea"));
    struct text second = world_link(&w, MARI);
    assert_false(text_eq(first, second));
    assert_int_equal(confirm(&w, first), ACCOUNT_LINK);
    world_sleep(&w, 24 * 3600);
    assert_int_equal(confirm(&w, second), ACCOUNT_LINK); /* a day is over */
    sign_up(&w, MARI, TEXT("another cup of barley tea"));
    assert_int_equal(confirm(&w, world_link(&w, MARI)), ACCOUNT_FINE);
    assert_int_equal(sign_in(&w, MARI, MARI_PASSWORD, TEXT("")).fault, SESSION_WRONG);
    world_sleep(&w, 5);
    assert_int_equal(sign_in(&w, MARI, TEXT("another cup of barley tea"), TEXT("")).fault, SESSION_FINE);
    world_release(&w);
}

/* Known or not, every public way costs the same hashes and gives the same answer. */
static void nothing_is_told(struct engine *engine) {
    struct world w;
    world_setup(&w, engine);
    world_person(&w, ROLE_RESIDENT, MARI);
    uint64_t before = w.gate.done;
    assert_int_equal(sign_up(&w, MARI, MARI_PASSWORD), ACCOUNT_FINE);
    assert_int_equal(w.gate.done - before, 1);
    assert_int_equal(sign_up(&w, "new@example.jp", MARI_PASSWORD), ACCOUNT_FINE);
    assert_int_equal(w.gate.done - before, 2);
    assert_int_equal(world_notices(&w, MARI), 1);
    assert_int_equal(world_link(&w, MARI).n, 0); /* "already registered", and no link */
    assert_int_equal(sign_in(&w, MARI, TEXT("wrong"), TEXT("")).fault, SESSION_WRONG);
    assert_int_equal(w.gate.done - before, 3);
    assert_int_equal(sign_in(&w, "nobody@example.jp", TEXT("wrong"), TEXT("")).fault, SESSION_WRONG);
    assert_int_equal(w.gate.done - before, 4);
    assert_int_equal(sign_in(&w, "not an address", TEXT("wrong"), TEXT("")).fault, SESSION_WRONG);
    assert_int_equal(w.gate.done - before, 5);
    assert_int_equal(sign_in(&w, "new@example.jp", MARI_PASSWORD, TEXT("")).fault, SESSION_WRONG);
    assert_int_equal(w.gate.done - before, 6);
    struct call call = world_public(&w);
    assert_int_equal(account_reset_ask(&call, TEXT("nobody@example.jp")), RC_OK);
    assert_int_equal(account_reset_ask(&call, TEXT("not an address")), RC_OK);
    assert_int_equal(account_reset_ask(&call, TEXT("new@example.jp")), RC_OK);
    assert_int_equal(w.gate.done - before, 6);
    assert_int_equal(world_notices(&w, "new@example.jp"), 1); /* not confirmed: no reset */
    world_release(&w);
}

static void reset_keeps_the_code(struct engine *engine) {
    struct world w;
    world_setup(&w, engine);
    world_person(&w, ROLE_COORDINATOR, "co@example.jp");
    struct call call = world_public(&w);
    struct text now_code = totp_code(&engine->arena, WORLD_SECRET, call.now);
    struct session_opened before = sign_in(&w, "co@example.jp", WORLD_PASSWORD, now_code);
    assert_int_equal(before.fault, SESSION_FINE);
    assert_int_equal(account_reset_ask(&call, TEXT("co@example.jp")), RC_OK);
    struct text token = world_link(&w, "co@example.jp");
    enum account_fault fault = ACCOUNT_FAULT__MAX;
    assert_int_equal(account_reset(&call, token, TEXT("co@example.jp"), &fault), RC_OK);
    assert_int_equal(fault, ACCOUNT_PASSWORD_WEAK); /* the link is still good */
    assert_int_equal(account_reset(&call, token, MARI_PASSWORD, &fault), RC_OK);
    assert_int_equal(fault, ACCOUNT_FINE);
    assert_int_equal(account_reset(&call, token, MARI_PASSWORD, &fault), RC_OK);
    assert_int_equal(fault, ACCOUNT_LINK);
    struct session session;
    assert_int_equal(find(&w, before.token, &session), RC_NONE); /* every session has ended */
    assert_int_equal(sign_in(&w, "co@example.jp", WORLD_PASSWORD, TEXT("")).fault, SESSION_WRONG);
    world_sleep(&w, 60);
    assert_int_equal(sign_in(&w, "co@example.jp", MARI_PASSWORD, TEXT("")).fault, SESSION_OTP_NEEDED);
    now_code = totp_code(&engine->arena, WORLD_SECRET, env_now(&engine->env));
    assert_int_equal(sign_in(&w, "co@example.jp", MARI_PASSWORD, now_code).fault, SESSION_FINE);
    assert_int_equal(sign_in(&w, "co@example.jp", MARI_PASSWORD, now_code).fault, SESSION_WRONG); /* once */
    world_release(&w);
}

static void pauses_grow(struct engine *engine) {
    struct world w;
    world_setup(&w, engine);
    world_person(&w, ROLE_RESIDENT, MARI);
    int64_t waited[12];
    for (size_t i = 0; i < 3; i++) { /* slips of the finger */
        assert_int_equal(sign_in(&w, MARI, TEXT("wrong"), TEXT("")).fault, SESSION_WRONG);
    }
    for (size_t i = 0; i < 12; i++) {
        assert_int_equal(sign_in(&w, MARI, TEXT("wrong"), TEXT("")).fault, SESSION_WRONG);
        uint64_t hashes = w.gate.done;
        struct session_opened again = sign_in(&w, MARI, WORLD_PASSWORD, TEXT(""));
        assert_int_equal(again.fault, SESSION_WAIT); /* not judged, not counted, no hash */
        assert_int_equal(w.gate.done, hashes);
        waited[i] = again.retry_after;
        world_sleep(&w, again.retry_after);
    }
    assert_int_equal(waited[0], 1);
    assert_int_equal(waited[1], 2);
    assert_int_equal(waited[9], 512);
    assert_int_equal(waited[11], 900);
    assert_int_equal(sign_in(&w, MARI, WORLD_PASSWORD, TEXT("")).fault, SESSION_FINE); /* never locked out */
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(sign_in(&w, MARI, TEXT("wrong"), TEXT("")).fault, SESSION_WRONG);
    }
    assert_int_equal(sign_in(&w, MARI, WORLD_PASSWORD, TEXT("")).retry_after, 1); /* and forgotten */
    world_release(&w);
}

static void limits_of_a_session(struct engine *engine) {
    struct world w;
    world_setup(&w, engine);
    world_person(&w, ROLE_RESIDENT, MARI);
    struct session session;
    struct session_opened opened = sign_in(&w, MARI, WORLD_PASSWORD, TEXT(""));
    for (int day = 0; day < 30; day++) {
        world_sleep(&w, 23 * 3600 + 3000); /* each visit renews it */
        assert_int_equal(find(&w, opened.token, &session), RC_OK);
    }
    world_sleep(&w, 23 * 3600);
    assert_int_equal(find(&w, opened.token, &session), RC_NONE); /* 30 days */
    opened = sign_in(&w, MARI, WORLD_PASSWORD, TEXT(""));
    world_sleep(&w, 24 * 3600);
    assert_int_equal(find(&w, opened.token, &session), RC_NONE); /* a day without a visit */
    struct caller me = opened.actor;
    struct call call = world_call(&w, me);
    struct session_opened issued;
    assert_int_equal(session_issue(&call, me.account, true, 90 * 24 * 3600, &issued), RC_OK);
    world_sleep(&w, 80 * 24 * 3600);
    assert_int_equal(find(&w, issued.token, &session), RC_OK);
    call = world_call(&w, me);
    assert_int_equal(session_close_all(&call), RC_OK);
    assert_int_equal(find(&w, issued.token, &session), RC_NONE);
    opened = sign_in(&w, MARI, WORLD_PASSWORD, TEXT(""));
    world_sleep(&w, 40 * 24 * 3600);
    int64_t dropped = 0;
    call = world_public(&w);
    assert_int_equal(session_sweep(&call, &dropped), RC_OK);
    assert_true(dropped >= 1);
    assert_int_equal(world_sessions(&w), 0);
    world_release(&w);
}

static void two_steps_for_residents(struct engine *engine) {
    struct world w;
    world_setup(&w, engine);
    struct caller me = world_person(&w, ROLE_RESIDENT, MARI);
    struct call call = world_call(&w, me);
    struct text secret = {0};
    struct text uri = {0};
    enum account_fault fault = ACCOUNT_FAULT__MAX;
    assert_int_equal(account_totp_begin(&call, &secret, &uri), RC_OK);
    assert_true(text_starts(uri, TEXT("otpauth://totp/")));
    struct text first = secret;
    assert_int_equal(account_totp_begin(&call, &secret, &uri), RC_OK); /* the page is loaded again */
    assert_true(text_eq(secret, first));
    assert_int_equal(account_totp_confirm(&call, secret, TEXT("000000"), &fault), RC_OK);
    assert_int_equal(fault, ACCOUNT_OTP);
    struct text code = totp_code(&engine->arena, secret, call.now);
    assert_int_equal(account_totp_confirm(&call, secret, code, &fault), RC_OK);
    assert_int_equal(fault, ACCOUNT_FINE);
    assert_int_equal(sign_in(&w, MARI, WORLD_PASSWORD, code).fault, SESSION_WRONG); /* shown before */
    world_sleep(&w, 30);
    code = totp_code(&engine->arena, secret, env_now(&engine->env));
    assert_int_equal(sign_in(&w, MARI, WORLD_PASSWORD, code).fault, SESSION_FINE);
    call = world_call(&w, me);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(account_totp_remove(&call, TEXT("wrong"), &fault), RC_OK);
        assert_int_equal(fault, ACCOUNT_PASSWORD_WRONG);
    }
    assert_int_equal(account_totp_remove(&call, WORLD_PASSWORD, &fault), RC_OK);
    assert_int_equal(fault, ACCOUNT_WAIT);
    world_sleep(&w, 1);
    call = world_call(&w, me);
    assert_int_equal(account_totp_begin(&call, &secret, &uri), RC_NONE);
    assert_int_equal(account_totp_remove(&call, WORLD_PASSWORD, &fault), RC_OK);
    assert_int_equal(fault, ACCOUNT_FINE);
    assert_int_equal(account_totp_begin(&call, &secret, &uri), RC_OK);
    assert_false(text_eq(secret, first)); /* used once, and within the same hour */
    assert_int_equal(sign_in(&w, MARI, WORLD_PASSWORD, TEXT("")).fault, SESSION_FINE);
    assert_int_equal(account_password_change(&call, WORLD_PASSWORD, MARI_PASSWORD, &fault), RC_OK);
    assert_int_equal(fault, ACCOUNT_FINE);
    assert_int_equal(world_sessions(&w), 0);
    assert_int_equal(sign_in(&w, MARI, MARI_PASSWORD, TEXT("")).fault, SESSION_FINE);
    world_release(&w);
}

static struct text offered(struct world *w, struct caller who) {
    struct call call = world_call(w, who);
    struct text secret = {0};
    struct text uri = {0};
    assert_int_equal(account_totp_begin(&call, &secret, &uri), RC_OK);
    return text_copy(&w->engine->arena, secret);
}

static void a_secret_is_one_persons_for_an_hour(struct engine *engine) {
    struct world w;
    world_setup(&w, engine);
    struct caller me = world_person(&w, ROLE_RESIDENT, MARI);
    struct caller other = world_person(&w, ROLE_RESIDENT, "hana@example.jp");
    struct text key = w.house.secret;
    struct text mine = offered(&w, me);
    assert_int_equal(mine.n, 32);
    assert_true(text_eq(offered(&w, me), mine));
    assert_false(text_eq(offered(&w, other), mine));
    w.house.secret = TEXT("another installation's");
    assert_false(text_eq(offered(&w, me), mine));
    w.house.secret = key;
    world_sleep(&w, 3600);
    assert_false(text_eq(offered(&w, me), mine));
    world_release(&w);
}

struct code_try {
    struct world *world;
    struct text code;
    struct arena arena;
    struct session_opened opened;
    enum rc rc;
};

static void *code_try(void *arg) {
    struct code_try *try = arg;
    struct call call = world_public(try->world);
    call.arena = &try->arena;
    struct session_ask ask = {TEXT("co@example.jp"), WORLD_PASSWORD, try->code, TEXT("192.0.2.7"), false};
    do { /* "busy" is an answer that the machine's load decides */
        try->rc = session_open(&call, &ask, &try->opened);
    } while (try->rc == RC_FAULT && (call.fault == DB_BUSY || call.fault == DB_RACE));
    return NULL;
}

/* Two who show one code at the same moment: at most one gets in. */
static void a_code_is_good_once(struct engine *engine) {
    struct world w;
    world_setup(&w, engine);
    world_person(&w, ROLE_COORDINATOR, "co@example.jp");
    for (int round = 0; round < 5; round++) {
        struct code_try tries[4];
        pthread_t threads[COUNT(tries)];
        int fine = 0;
        for (size_t i = 0; i < COUNT(tries); i++) {
            tries[i] = (struct code_try){
                .world = &w, .code = totp_code(&engine->arena, WORLD_SECRET, env_now(&engine->env))};
            arena_init(&tries[i].arena, 1 << 20);
        }
        for (size_t i = 0; i < COUNT(tries); i++) {
            assert_int_equal(pthread_create(&threads[i], NULL, code_try, &tries[i]), 0);
        }
        for (size_t i = 0; i < COUNT(tries); i++) {
            pthread_join(threads[i], NULL);
            assert_int_equal(tries[i].rc, RC_OK);
            fine += tries[i].opened.fault == SESSION_FINE;
            arena_release(&tries[i].arena);
        }
        assert_int_equal(fine, 1);
        world_sleep(&w, 900);
    }
    world_release(&w);
}

static void a_lost_device(struct engine *engine) {
    struct world w;
    world_setup(&w, engine);
    struct caller co = world_person(&w, ROLE_COORDINATOR, "co@example.jp");
    struct call admin = world_call(&w, world_person(&w, ROLE_CITY_ADMIN, "admin@example.jp"));
    struct staff_made made = {0};
    struct call own = world_call(&w, co);
    enum account_fault fault;
    struct text code = totp_code(&engine->arena, WORLD_SECRET, own.now);
    assert_int_equal(account_totp_confirm(&own, WORLD_SECRET, code, &fault),
                     RC_NONE);                                                    /* not replaced that way */
    assert_int_equal(account_totp_remove(&own, WORLD_PASSWORD, &fault), RC_NONE); /* staff never */
    assert_int_equal(account_totp_renew(&own, co.account, &made), RC_NONE);
    assert_int_equal(account_totp_renew(&admin, admin.actor.account, &made), RC_NONE);
    assert_int_equal(account_totp_renew(&admin, co.account, &made), RC_OK);
    assert_int_equal(sign_in(&w, "co@example.jp", WORLD_PASSWORD, code).fault, SESSION_WRONG);
    world_sleep(&w, 5);
    code = totp_code(&engine->arena, made.totp_secret, env_now(&engine->env));
    assert_int_equal(sign_in(&w, "co@example.jp", WORLD_PASSWORD, code).fault, SESSION_FINE);
    world_release(&w);
}

static void staff_are_invited(struct engine *engine) {
    struct world w;
    world_setup(&w, engine);
    struct call call = world_call(&w, world_person(&w, ROLE_CITY_ADMIN, "admin@example.jp"));
    struct staff_new new = {
        .role = ROLE_COORDINATOR, .email = TEXT("co@example.jp"), .name = TEXT("香里 園子")};
    struct staff_made made = {0};
    enum account_fault fault = ACCOUNT_FAULT__MAX;
    assert_int_equal(account_staff_add(&call, &new, &fault, &made), RC_OK);
    assert_int_equal(fault, ACCOUNT_FINE);
    struct staff_made twice = {0};
    assert_int_equal(account_staff_add(&call, &new, &fault, &twice), RC_OK);
    assert_int_equal(fault, ACCOUNT_LOGIN_TAKEN);
    assert_int_equal(account_reset(&call, world_link(&w, "co@example.jp"), MARI_PASSWORD, &fault), RC_OK);
    assert_int_equal(fault, ACCOUNT_FINE);
    struct text code = totp_code(&engine->arena, made.totp_secret, call.now);
    struct session_opened opened = sign_in(&w, "co@example.jp", MARI_PASSWORD, code);
    assert_int_equal(opened.fault, SESSION_FINE);
    assert_int_equal(opened.actor.role, ROLE_COORDINATOR);
    assert_int_equal(account_disable(&call, made.id, true), RC_OK);
    struct session session;
    assert_int_equal(find(&w, opened.token, &session), RC_NONE);
    assert_int_equal(account_disable(&call, call.actor.account, true), RC_NONE); /* not oneself */
    struct call other = world_call(&w, (struct caller){.role = ROLE_AUDITOR, .account = made.id});
    assert_int_equal(account_staff_add(&other, &new, &fault, &made), RC_NONE);
    assert_int_equal(account_disable(&other, made.id, false), RC_NONE);
    world_release(&w);
}

int main(void) {
    static const struct engine_case cases[] = {ENGINE_CASE(register_confirm_login),
                                               ENGINE_CASE(old_link_ends),
                                               ENGINE_CASE(nothing_is_told),
                                               ENGINE_CASE(reset_keeps_the_code),
                                               ENGINE_CASE(pauses_grow),
                                               ENGINE_CASE(limits_of_a_session),
                                               ENGINE_CASE(two_steps_for_residents),
                                               ENGINE_CASE(a_secret_is_one_persons_for_an_hour),
                                               ENGINE_CASE(staff_are_invited),
                                               ENGINE_CASE(a_code_is_good_once),
                                               ENGINE_CASE(a_lost_device)};
    return engines_run("service/account", cases, COUNT(cases), world_lists());
}
