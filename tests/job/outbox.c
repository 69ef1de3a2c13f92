/* The sender against a real SMTP server and against a channel that counts, on both engines: every notice goes out, once
 * for one success, and after a crash in between once more with the same Message-ID. */
#include "job/outbox.h"

#include <assert.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "notify/mail_server.h"
#include "notify/smtp.h"
#include "service/notice.h"
#include "service/world.h"

#define MARI "mari@example.jp"

static struct outbox outbox_of(struct channel channel) {
    return (struct outbox){channel, TEXT("sango@example.jp"), TEXT("枚方市 産後ケア")};
}

static void turn(struct world *w, struct outbox *outbox) {
    struct crew_plan plan = {"mail", job_mail, job_mail_count, &w->house, outbox};
    assert_int_equal(crew_round(&plan), RC_OK);
}

struct tell {
    struct account_id to;
    int number;
};
static enum rc run_tell(struct tx *tx, struct call *call, const void *ask, void *outcome) {
    (void)outcome;
    const struct tell *tell = ask;
    struct notice_new notice = {.to = tell->to,
                                .kind = "registration-arrived",
                                .cause = text_printf(call->arena, "test:%d", tell->number),
                                .path = TEXT("/city/registrations")};
    return notice_add(tx, call, &notice);
}

static void tell(struct world *w, struct account_id to, int number) {
    struct call call = world_public(w);
    struct tell ask = {to, number};
    int nothing = 0;
    struct call_work work = {run_tell, &ask, &nothing, sizeof nothing};
    assert_int_equal(call_write(&call, &work), RC_OK);
}

static struct text line_of(struct text stored, const char *name) {
    struct text rest = stored;
    struct text line = {0};
    while (text_next(&rest, '\n', &line)) {
        if (text_starts(line, text_of(name))) {
            return line;
        }
    }
    return TEXT("");
}

static void busy_and_then_delivered(struct engine *engine) {
    struct world w;
    struct mail_server server;
    world_setup(&w, engine);
    mail_server_init(&server, "busy:2");
    struct smtp smtp = {.url = server.url, .tls = SMTP_TLS_OFF};
    struct outbox outbox = outbox_of(smtp_channel(&smtp));
    struct call call = world_public(&w);
    struct account_new new = {TEXT(MARI), TEXT("a warm cup of barley tea"), TEXT("枚方 まり")};
    enum account_fault fault;
    assert_int_equal(account_register(&call, &new, &fault), RC_OK);
    for (int i = 0; i < 2; i++) {
        turn(&w, &outbox); /* 451 */
        turn(&w, &outbox); /* not yet again */
        assert_int_equal(mail_server_stored(&server, 1).n, 0);
        world_sleep(&w, 300);
    }
    turn(&w, &outbox);
    struct text mail = mail_server_stored(&server, 1);
    assert_true(text_is(line_of(mail, "RCPT:"), "RCPT: " MARI));
    assert_true(text_is(line_of(mail, "Subject:"), "Subject: メールアドレスの確認をお願いします"));
    struct text link = text_printf(&engine->arena, "https://sango.example.jp/account/confirm?token=%.*s\n",
                                   TEXT_F(world_link(&w, MARI)));
    assert_true(text_has(mail, text_part(link, 0, link.n - 1)));
    world_sleep(&w, 24 * 3600);
    turn(&w, &outbox);
    assert_int_equal(mail_server_stored(&server, 2).n, 0);
    mail_server_release(&server);
    world_release(&w);
}

static void crash_between_sending_and_recording(struct engine *engine) {
    struct world w;
    struct mail_server server;
    world_setup(&w, engine);
    mail_server_init(&server, "accept");
    struct smtp smtp = {.url = server.url, .tls = SMTP_TLS_OFF};
    struct outbox outbox = outbox_of(smtp_channel(&smtp));
    tell(&w, world_person(&w, ROLE_RESIDENT, MARI).account, 1);
    struct call call = world_public(&w);
    struct notice_due *due = NULL;
    size_t count = 0;
    assert_int_equal(notice_claim(&call, 10, 180, &due, &count), RC_OK);
    assert_int_equal(count, 1);
    struct message message = {.id = due->message_id,
                              .from = outbox.from,
                              .to = due->address,
                              .subject = due->subject,
                              .body = due->body,
                              .date = call.now};
    int code = 0;
    assert_int_equal(outbox.channel.deliver(outbox.channel.ctx, &engine->arena, &message, &code),
                     NOTIFY_DELIVERED); /* and here the machine stops */
    world_sleep(&w, 179);
    turn(&w, &outbox);
    assert_int_equal(mail_server_stored(&server, 2).n, 0);
    world_sleep(&w, 1);
    turn(&w, &outbox);
    struct text first = line_of(mail_server_stored(&server, 1), "Message-ID:");
    struct text second = line_of(mail_server_stored(&server, 2), "Message-ID:");
    assert_true(first.n > 20 && text_eq(first, second));
    world_sleep(&w, 24 * 3600);
    turn(&w, &outbox);
    assert_int_equal(mail_server_stored(&server, 3).n, 0);
    struct notice_settled late = {due->id, NOTICE_LATER, TEXT("late"), call.now};
    assert_int_equal(notice_settle(&call, &late, 1), RC_OK); /* nothing happens: it is settled */
    turn(&w, &outbox);
    assert_int_equal(mail_server_stored(&server, 3).n, 0);
    mail_server_release(&server);
    world_release(&w);
}

static void refused_for_good(struct engine *engine) {
    struct world w;
    struct mail_server server;
    world_setup(&w, engine);
    mail_server_init(&server, "unknown");
    struct smtp smtp = {.url = server.url, .tls = SMTP_TLS_OFF};
    struct outbox outbox = outbox_of(smtp_channel(&smtp));
    tell(&w, world_person(&w, ROLE_RESIDENT, MARI).account, 1);
    turn(&w, &outbox);
    world_sleep(&w, 24 * 3600);
    struct call call = world_public(&w);
    struct notice_due *due = NULL;
    size_t count = 7;
    assert_int_equal(notice_claim(&call, 10, 180, &due, &count), RC_OK);
    assert_int_equal(count, 0);
    mail_server_release(&server);
    world_release(&w);
}

enum { NOTICES = 30, SENDERS = 3 };
struct tally {
    atomic_int delivered;
    pthread_mutex_t lock;
    struct text ids[NOTICES * 2];
    struct arena arena;
};

static enum notify_result count_one(void *ctx, struct arena *arena, const struct message *message,
                                    int *ret_code) {
    struct tally *tally = ctx;
    (void)arena;
    pthread_mutex_lock(&tally->lock);
    int n = atomic_fetch_add(&tally->delivered, 1);
    if (n < NOTICES * 2) {
        tally->ids[n] = text_copy(&tally->arena, message->id);
    }
    pthread_mutex_unlock(&tally->lock);
    *ret_code = 250;
    return NOTIFY_DELIVERED;
}

static void tally_init(struct tally *tally) {
    memset(tally, 0, sizeof *tally);
    pthread_mutex_init(&tally->lock, NULL);
    arena_init(&tally->arena, 1 << 20);
}

static void tally_release(struct tally *tally) {
    pthread_mutex_destroy(&tally->lock);
    arena_release(&tally->arena);
}

struct sender {
    struct world *world;
    struct outbox *outbox;
    enum rc rc;
};

static void *send_all(void *arg) {
    struct sender *sender = arg;
    struct crew_plan plan = {"mail", job_mail, job_mail_count, &sender->world->house, sender->outbox};
    for (int tries = 0; tries < 50 && sender->rc != RC_OK; tries++) { /* a database may be busy */
        sender->rc = crew_round(&plan);
    }
    return NULL;
}

static void several_senders(struct engine *engine) {
    struct world w;
    struct tally tally;
    world_setup(&w, engine);
    tally_init(&tally);
    struct outbox outbox = outbox_of((struct channel){count_one, &tally});
    struct account_id to = world_person(&w, ROLE_RESIDENT, MARI).account;
    struct account_id closed = world_person(&w, ROLE_RESIDENT, "closed@example.jp").account;
    for (int i = 0; i < 2 * NOTICES; i++) {
        tell(&w, to, i / 2); /* the same cause is one notice */
    }
    tell(&w, closed, 1);
    struct call admin = world_call(&w, world_person(&w, ROLE_CITY_ADMIN, "admin@example.jp"));
    assert_int_equal(account_disable(&admin, closed, true), RC_OK);
    pthread_t threads[SENDERS];
    struct sender senders[SENDERS];
    for (int i = 0; i < SENDERS; i++) {
        senders[i] = (struct sender){&w, &outbox, RC_FAULT};
        assert_int_equal(pthread_create(&threads[i], NULL, send_all, &senders[i]), 0);
    }
    for (int i = 0; i < SENDERS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(senders[i].rc, RC_OK);
    }
    turn(&w, &outbox);
    assert_int_equal(tally.delivered, NOTICES);
    for (int i = 0; i < NOTICES; i++) {
        for (int k = 0; k < i; k++) {
            assert_false(text_eq(tally.ids[i], tally.ids[k]));
        }
    }
    tally_release(&tally);
    world_release(&w);
}

static void a_crew_of_its_own(struct engine *engine) {
    struct world w;
    struct tally tally;
    struct crew *one = NULL;
    struct crew *two = NULL;
    world_setup(&w, engine);
    tally_init(&tally);
    struct outbox outbox = outbox_of((struct channel){count_one, &tally});
    struct crew_plan plan = {"mail", job_mail, job_mail_count, &w.house, &outbox};
    assert_int_equal(crew_start(&plan, &engine->arena, &one), RC_OK);
    assert_int_equal(crew_start(&plan, &engine->arena, &two), RC_OK);
    tell(&w, world_person(&w, ROLE_RESIDENT, MARI).account, 1);
    for (int i = 0; i < 2400 && tally.delivered == 0; i++) {
        nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
    }
    crew_stop(one);
    crew_stop(two);
    assert_int_equal(tally.delivered, 1);
    tally_release(&tally);
    world_release(&w);
}

/* ---- behind people who wait ---- */

enum { PEOPLE = 12, BATCH = 32, MAILS = BATCH + 1 };

struct crowd {
    sem_t come; /* all stand in line */
    sem_t gone; /* posted by each */
    struct db_append appends[1 + PEOPLE];
};

static enum rc holds_the_line(struct tx *tx, void *arg) {
    struct crowd *crowd = arg;
    (void)tx;
    return sem_wait(&crowd->come) == 0 ? RC_OK : RC_FAULT;
}

static enum rc writes_nothing(struct tx *tx, void *arg) {
    (void)tx;
    (void)arg;
    return RC_OK;
}

static void is_gone(struct db_append *append, enum rc rc, enum db_error error) {
    struct crowd *crowd = append->arg;
    (void)error;
    assert(rc == RC_OK);
    sem_post(&crowd->gone);
}

/* One holds the writer up until the others have come, so that theirs is one commit. */
static void crowd_come(struct world *w) {
    struct crowd crowd = {0};
    sem_init(&crowd.come, 0, 0);
    sem_init(&crowd.gone, 0, 0);
    for (size_t i = 0; i < COUNT(crowd.appends); i++) {
        crowd.appends[i] = (struct db_append){.fn = i == 0 ? holds_the_line : writes_nothing,
                                              .arg = &crowd,
                                              .arena = &w->engine->arena,
                                              .done = is_gone};
        db_append_ask(w->house.db, &crowd.appends[i]);
    }
    sem_post(&crowd.come);
    for (size_t i = 0; i < COUNT(crowd.appends); i++) {
        assert_int_equal(sem_wait(&crowd.gone), 0);
    }
    sem_destroy(&crowd.come);
    sem_destroy(&crowd.gone);
}

/* On PostgreSQL everybody has a commit of her own; these are all in the middle of it. */
enum { WRITERS = 5 };

struct writers {
    struct db *db;
    sem_t come, go, gone;
    pthread_t threads[WRITERS];
};

static enum rc comes_and_stays(struct tx *tx, void *arg) {
    struct writers *writers = arg;
    (void)tx;
    sem_post(&writers->come);
    return sem_wait(&writers->go) == 0 ? RC_OK : RC_FAULT;
}

static void *write_slowly(void *arg) {
    struct writers *writers = arg;
    struct arena arena;
    enum db_error error = DB_FINE;
    arena_init(&arena, 1 << 20);
    enum rc rc = db_write(writers->db, &arena, comes_and_stays, writers, &error);
    assert(rc == RC_OK);
    sem_post(&writers->gone);
    arena_release(&arena);
    return NULL;
}

/* One of them has gone. */
static void writers_come(struct writers *writers, struct world *w) {
    writers->db = w->house.db;
    sem_init(&writers->come, 0, 0);
    sem_init(&writers->go, 0, 0);
    sem_init(&writers->gone, 0, 0);
    for (int i = 0; i < WRITERS; i++) {
        assert_int_equal(pthread_create(&writers->threads[i], NULL, write_slowly, writers), 0);
    }
    for (int i = 0; i < WRITERS; i++) {
        assert_int_equal(sem_wait(&writers->come), 0);
    }
    sem_post(&writers->go);
    assert_int_equal(sem_wait(&writers->gone), 0);
}

static void writers_go(struct writers *writers) {
    for (int i = 1; i < WRITERS; i++) {
        sem_post(&writers->go);
    }
    for (int i = 0; i < WRITERS; i++) {
        assert_int_equal(pthread_join(writers->threads[i], NULL), 0);
    }
}

static void a_crowd_goes_first(struct engine *engine) {
    struct world w;
    struct tally tally;
    struct writers writers;
    world_setup(&w, engine);
    bool one_line = db_engine(w.house.db) == DB_SQLITE;
    tally_init(&tally);
    struct outbox outbox = outbox_of((struct channel){count_one, &tally});
    struct caller mari = world_person(&w, ROLE_RESIDENT, MARI);
    for (int i = 0; i < MAILS; i++) {
        tell(&w, mari.account, i);
    }
    one_line ? crowd_come(&w) : writers_come(&writers, &w);
    assert_true(db_together(w.house.db) >= (one_line ? (int)PEOPLE : (int)WRITERS));
    turn(&w, &outbox);
    assert_int_equal(tally.delivered, 0);
    world_sleep(&w, 5); /* long enough, though they are many still */
    turn(&w, &outbox);
    if (!one_line) {
        assert_int_equal(tally.delivered, BATCH);
        writers_go(&writers);
        assert_int_equal(db_together(w.house.db), 1); /* the last of them */
        turn(&w, &outbox);
    }
    assert_int_equal(tally.delivered, MAILS);
    tally_release(&tally);
    world_release(&w);
}

int main(void) {
    signal(SIGPIPE, SIG_IGN);
    static const struct engine_case cases[] = {
        ENGINE_CASE(busy_and_then_delivered), ENGINE_CASE(crash_between_sending_and_recording),
        ENGINE_CASE(refused_for_good),        ENGINE_CASE(several_senders),
        ENGINE_CASE(a_crew_of_its_own),       ENGINE_CASE(a_crowd_goes_first)};
    return engines_run("job/outbox", cases, COUNT(cases), world_lists());
}
