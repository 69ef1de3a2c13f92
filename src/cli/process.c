#include "cli/process.h"

#include <arpa/inet.h>
#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/pulse.h"
#include "cli/statements.h"
#include "db/db.h"
#include "http/listen.h"
#include "http/server.h"
#include "job/outbox.h"
#include "notify/maildir.h"
#include "notify/smtp.h"
#include "service/import.h"
#include "store/installation.h"
#include "sys/file.h"
#include "sys/supervisor.h"
#include "sys/token.h"
#include "web/app.h"
#include "web/health.h"

enum { HEAPS = 2, KEPT_BYTES = 4 << 20 };
enum { HASHES_AT_ONCE = 2, HASHES_WAITING = 64, PROFILE_BYTES_MAX = 1 << 20, DRAIN_MS = 10000 };
enum { TRY_MS = 50, TAKE_OVER_MS = 15000 };

struct process {
    struct arena *arena;
    const struct config *config;
    struct env_real clock;
    struct env env;
    struct log_sink sink;
    struct log log;
    struct password_gate gate;
    struct house house;
    struct web *web;
    struct http_server *server;
    struct in6_addr proxy;
    struct smtp smtp;
    struct maildir maildir;
    struct outbox outbox;
    struct crew *crews[2];
    struct pulse *pulse;
    int inherited; /* a socket handed over to us; -1: none */
};

struct house *process_house(struct process *process) {
    return &process->house;
}

/* ---- opening ---- */

static void report(void *ctx, enum db_error error, const char *code) {
    const struct process *process = ctx;
    log_write(&process->log, LOG_LEVEL_ERROR, "database",
              LOG_FIELDS(log_int("error", (int64_t)error), log_code("code", code)));
}

/* SQLite has one server at a time. Whoever handed us his socket is about to leave it; who connects meanwhile waits in
 * the backlog. */
static enum rc open_when_free(struct process *process, const struct db_config *config, bool patient,
                              struct text *ret_why) {
    static const struct timespec moment = {.tv_nsec = TRY_MS * 1000000L};
    enum rc rc = db_open(config, process->arena, &process->house.db, ret_why);
    for (int waited = 0; rc == RC_RACE && patient && waited < TAKE_OVER_MS; waited += TRY_MS) {
        nanosleep(&moment, NULL);
        rc = db_open(config, process->arena, &process->house.db, ret_why);
    }
    return rc;
}

static enum rc open_database(struct process *process, const struct process_plan *plan, struct text *ret_why) {
    struct text url = process->config->database;
    int64_t from;
    int64_t to;
    if (plan->migrate) {
        enum rc rc = db_migrate(url, process->arena, &from, &to, ret_why);
        if (rc != RC_OK) {
            return rc;
        }
    }
    struct db_config db = {.url = url,
                           .lists = statements,
                           .watched = house_public_tables,
                           .unshown = house_unshown_tables,
                           .report = report,
                           .report_ctx = process,
                           .wait = http_worker_rest};
    return open_when_free(process, &db, plan->take_over && process->inherited >= 0, ret_why);
}

struct secret_run {
    struct text fresh;
    struct instant now;
    struct text secret;
};

static enum rc secret_run(struct tx *tx, void *arg) {
    struct secret_run *run = arg;
    return installation_secret(tx, run->fresh, run->now, &run->secret);
}

static enum rc open_secret(struct process *process, struct text *ret_why) {
    struct secret_run run = {.fresh = token_new(process->arena, &process->env),
                             .now = env_now(&process->env)};
    enum db_error error;
    enum rc rc = db_write(process->house.db, process->arena, secret_run, &run, &error);
    if (rc != RC_OK) {
        *ret_why = TEXT("データベースに書き込めません。空き容量と書き込みの権限を確かめてください。");
        return rc;
    }
    process->house.secret = run.secret;
    return RC_OK;
}

static enum rc open_cities(struct process *process, struct text *ret_why) {
    for (size_t i = 0; i < process->config->city_count; i++) {
        struct text path = process->config->cities[i];
        struct text json;
        struct text why;
        enum rc rc = file_read(process->arena, path, PROFILE_BYTES_MAX, &json);
        if (rc != RC_OK) {
            *ret_why = text_printf(process->arena,
                                   "自治体の設定ファイル %.*s を読めません。場所と権限を確かめてください。",
                                   TEXT_F(path));
            return RC_FAULT;
        }
        rc = import_city(&process->house, process->arena, json, &why);
        if (rc != RC_OK) {
            *ret_why =
                text_printf(process->arena, "自治体の設定ファイル %.*s: %.*s", TEXT_F(path), TEXT_F(why));
            return rc;
        }
    }
    return RC_OK;
}

static enum rc open_mail(struct process *process, struct text *ret_why) {
    const struct config *config = process->config;
    static const struct text folder = TEXT_INIT("dir:");
    process->outbox = (struct outbox){.from = config->mail_from, .from_name = config->mail_from_name};
    if (text_starts(config->mail, folder)) {
        struct text path = text_part(config->mail, folder.n, config->mail.n);
        process->maildir = (struct maildir){.path = text_copy(process->arena, path)};
        process->outbox.channel = maildir_channel(&process->maildir);
        return RC_OK;
    }
    process->smtp = (struct smtp){.url = config->mail,
                                  .user = config->smtp_user,
                                  .password = TEXT(""),
                                  .ca_file = config->smtp_ca_file,
                                  .tls = (enum smtp_tls)config->smtp_tls};
    process->outbox.channel = smtp_channel(&process->smtp);
    return config->smtp_password_file.n == 0
               ? RC_OK
               : config_secret(process->arena, config->smtp_password_file, &process->smtp.password, ret_why);
}

enum rc process_open(struct arena *arena, const struct process_plan *plan, struct process **ret_process,
                     struct text *ret_why) {
    struct process *process = arena_new(arena, struct process);
    process->arena = arena;
    process->config = plan->config;
    if (listen_inherited(&process->inherited) != RC_OK) {
        process->inherited = -1;
    }
    process->clock = (struct env_real){.shift_ms = plan->shift_ms};
    process->env = env_real(&process->clock);
    log_sink_init(&process->sink, STDERR_FILENO);
    process->log = (struct log){.sink = &process->sink, .env = &process->env, .least = LOG_LEVEL_INFO};
    password_gate_init(&process->gate, HASHES_AT_ONCE, HASHES_WAITING);
    process->house = (struct house){.env = &process->env,
                                    .log = &process->log,
                                    .gate = &process->gate,
                                    .demo = plan->config->demo,
                                    .ahead_seconds = plan->config->demo ? plan->shift_ms / 1000 : 0,
                                    .public_url = plan->config->public_url};
    house_open(&process->house, arena);
    enum rc rc = open_database(process, plan, ret_why);
    rc = rc == RC_OK ? open_secret(process, ret_why) : rc;
    rc = rc == RC_OK ? open_cities(process, ret_why) : rc;
    rc = rc == RC_OK ? open_mail(process, ret_why) : rc;
    if (rc != RC_OK) {
        process_close(process);
        return rc;
    }
    *ret_process = process;
    return RC_OK;
}

/* ---- listening ---- */

static enum rc bind_to(struct process *process, int *ret_fd, struct text *ret_why) {
    struct text listen = process->config->listen;
    static const struct text socket = TEXT_INIT("unix:");
    struct text host;
    int port;
    enum rc rc;
    if (process->inherited >= 0) {
        *ret_fd = process->inherited;
        return RC_OK;
    }
    if (text_starts(listen, socket)) {
        rc = listen_unix(text_copy(process->arena, text_part(listen, socket.n, listen.n)).p, ret_fd);
    } else if (config_host_port(process->arena, listen, &host, &port)) {
        rc = listen_tcp(text_is(host, "localhost") ? "127.0.0.1" : host.p, (uint16_t)port, ret_fd);
    } else {
        rc = RC_FAULT;
    }
    if (rc != RC_OK) {
        *ret_why =
            text_printf(process->arena,
                        "%.*s で待ち受けられません（%s）。ほかのサーバーが使っていないか確かめてください。",
                        TEXT_F(listen), rc == RC_RACE ? "使用中" : strerror(errno));
    }
    return rc;
}

/* The configured proxy's address, IPv4 as a mapped one; false when none is named. */
static bool proxy_of(struct process *process) {
    struct text t = process->config->trusted_proxy;
    if (t.n == 0 || text_is(t, "unix")) {
        return false;
    }
    struct text mapped = text_printf(process->arena, "::ffff:%.*s", TEXT_F(t));
    return inet_pton(AF_INET6, t.p, &process->proxy) == 1 ||
           inet_pton(AF_INET6, mapped.p, &process->proxy) == 1;
}

enum rc process_listen(struct process *process, struct text *ret_why) {
    int fd = -1;
    enum rc rc = bind_to(process, &fd, ret_why);
    if (rc != RC_OK) {
        return rc;
    }
    process->web = app_make(process->arena, &process->house);
    bool proxy = proxy_of(process);
    struct http_class classes[WEB_CLASSES];
    web_classes((unsigned)process->config->workers, classes);
    struct http_settings settings = {.hooks = web_hooks(process->web),
                                     .classes = classes,
                                     .class_count = WEB_CLASSES,
                                     .busy = process->web->busy.pages,
                                     .busy_count = BUSY__MAX,
                                     .per_address = (unsigned)process->config->per_address,
                                     .health = TEXT(HEALTH_LIVE),
                                     .listener = fd,
                                     .workers = (unsigned)process->config->workers,
                                     .trust_unix = listen_is_unix(fd),
                                     .proxies = proxy ? &process->proxy : NULL,
                                     .proxy_count = proxy};
    const char *why = "";
    rc = http_server_start(&settings, &process->server, &why);
    if (rc != RC_OK) {
        *ret_why = text_of(why);
    }
    return rc;
}

/* ---- serving ---- */

static enum rc start_crews(struct process *process) {
    struct crew_plan clock = {
        .name = "clock", .jobs = job_clock, .job_count = job_clock_count, .house = &process->house};
    struct crew_plan mail = {.name = "mail",
                             .jobs = job_mail,
                             .job_count = job_mail_count,
                             .house = &process->house,
                             .ctx = &process->outbox};
    enum rc rc = crew_start(&clock, process->arena, &process->crews[0]);
    return rc == RC_OK ? crew_start(&mail, process->arena, &process->crews[1]) : rc;
}

static sigset_t end_signals(bool renewable) {
    sigset_t signals;
    sigemptyset(&signals);
    if (renewable) {
        sigaddset(&signals, SIGHUP);
    }
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    return signals;
}

/* Many threads take and give memory by the page: few heaps, and not to the kernel and back with each request. */
static void memory_settle(void) {
#ifdef __GLIBC__
    mallopt(M_ARENA_MAX, HEAPS);
    mallopt(M_MMAP_THRESHOLD, KEPT_BYTES);
    mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
#endif
}

void process_signals(bool renewable) {
    memory_settle();
    sigset_t signals = end_signals(renewable);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static bool may_renew(struct process *process, const struct renew *renew) {
    bool good = renew != NULL && renew_would_start(renew);
    log_write(&process->log, good ? LOG_LEVEL_INFO : LOG_LEVEL_ERROR, good ? "renewing" : "renewing_refused",
              LOG_FIELDS(log_int("pid", (int64_t)getpid())));
    return good;
}

int process_serve(struct process *process, const struct renew *renew, bool *ret_renew) {
    sigset_t signals = end_signals(renew != NULL);
    if (start_crews(process) != RC_OK ||
        pulse_start(process->arena, &process->house, process->server, &process->pulse) != RC_OK) {
        return EXIT_FAILED;
    }
    log_write(&process->log, LOG_LEVEL_INFO, "serving", LOG_FIELDS(log_int("pid", (int64_t)getpid())));
    supervisor_tell("READY=1\nSTATUS=serving");
    int given = 0;
    while (sigwait(&signals, &given) != 0 || (given == SIGHUP && !may_renew(process, renew))) {
    }
    *ret_renew = given == SIGHUP;
    if (!*ret_renew) {
        log_write(&process->log, LOG_LEVEL_INFO, "stopping", LOG_FIELDS(log_int("signal", given)));
        supervisor_tell("STOPPING=1");
    }
    return EXIT_DONE;
}

/* ---- the end ---- */

static void stop_crews(struct process *process) {
    for (size_t i = 0; i < COUNT(process->crews); i++) {
        if (process->crews[i] != NULL) {
            crew_stop(process->crews[i]);
            process->crews[i] = NULL;
        }
    }
}

/* False: the database is stuck and cannot be closed. */
static bool stop_pulse(struct process *process) {
    bool ended = process->pulse == NULL || pulse_stop(process->pulse);
    process->pulse = NULL;
    return ended;
}

static void close_rest(struct process *process) {
    stop_crews(process);
    if (process->web != NULL) {
        app_release(process->web);
    }
    house_close(&process->house);
    if (process->house.db != NULL) {
        db_close(process->house.db);
    }
    password_gate_release(&process->gate);
    log_sink_release(&process->sink);
}

void process_close(struct process *process) {
    bool alive = stop_pulse(process);
    bool drained = process->server == NULL || http_server_stop(process->server, DRAIN_MS, NULL) == RC_OK;
    if (!alive || !drained) {
        _exit(EXIT_FAILED); /* a request that will not end still uses everything below */
    }
    close_rest(process);
}

/* Jobs end first, while everybody is still served: what they do may take a while. A request that will not end is cut
 * off by the new program's beginning, as by a crash. */
void process_leave(struct process *process, int *ret_listener) {
    supervisor_reloading();
    stop_crews(process);
    bool alive = stop_pulse(process);
    if (http_server_stop(process->server, DRAIN_MS, ret_listener) == RC_OK && alive) {
        close_rest(process);
    }
}
