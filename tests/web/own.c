/* Answers for one person, kept: what each person and role gets is what is made without keeping, on every such route and
 * after whatever happens; nothing of one person reaches another; looks are recorded each time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "web/filled.h"
#include "web/web.h"

enum { ASKERS = 8, PATHS_MAX = 128, IDS_MAX = 8 };

/* What the database was asked since the last clear. */
struct trace {
    size_t reads;
    size_t looks; /* rows of the audit record */
    bool watching;
    const char *unshown; /* a statement that reads what is not counted */
};

static struct trace trace;

static bool reads_table(const char *sql, const char *table) {
    static const char *const words[] = {"FROM ", "JOIN "};
    for (size_t i = 0; i < COUNT(words); i++) {
        size_t n = strlen(words[i]);
        for (const char *at = strstr(sql, words[i]); at != NULL; at = strstr(at + 1, words[i])) {
            size_t m = strlen(table);
            if (strncmp(at + n, table, m) == 0 && strchr(" ,)", at[n + m]) != NULL) {
                return true;
            }
        }
    }
    return false;
}

static enum db_error note(void *ctx, const struct db_stmt *stmt) {
    (void)ctx;
    trace.looks += strncmp(stmt->sql, "INSERT INTO audit", 17) == 0;
    trace.reads += strncmp(stmt->sql, "SELECT", 6) == 0;
    for (size_t i = 0; trace.watching && house_unshown_tables[i] != NULL; i++) {
        if (reads_table(stmt->sql, house_unshown_tables[i])) {
            trace.unshown = stmt->sql;
        }
    }
    return DB_FINE;
}

struct office {
    struct desk desk;
    struct account_id hana, yuki;
    struct asker askers[ASKERS];
    const char *paths[PATHS_MAX];
    size_t path_count;
};

static struct answer plain(struct desk *desk, const struct asker *asker, const char *path) {
    const struct keep_versions *versions = desk->web->versions;
    desk->web->versions = NULL;
    struct answer a = desk_get(desk, asker, path);
    desk->web->versions = versions;
    return a;
}

static void assert_alike(struct desk *desk, const char *path, const struct answer *got,
                         const struct answer *made) {
    bool alike = got->status == made->status && text_eq(got->type, made->type) &&
                 text_eq(desk_keyless(desk, got->body), desk_keyless(desk, made->body)) &&
                 got->response->extra_count == made->response->extra_count &&
                 got->response->cache_control.n == 0;
    if (!alike) {
        fail_msg("%s differs: %d %d\n%.*s\n----\n%.*s", path, got->status, made->status, TEXT_F(got->body),
                 TEXT_F(made->body));
    }
}

/* ---- who asks where ---- */

/* What stands in a path's holes but {id}. */
static struct text hole_filled(struct text hole) {
    static const char *const words[][2] = {
        {"{number}", "1"}, {"{section}", "booking"}, {"{n}", "1"}, {"{event}", "cancel"}};
    for (size_t i = 0; i < COUNT(words); i++) {
        if (text_is(hole, words[i][0])) {
            return text_of(words[i][1]);
        }
    }
    fail_msg("%.*s", TEXT_F(hole));
    return TEXT("");
}

static void add_path(struct office *office, const char *route, const char *id) {
    struct desk *desk = &office->desk;
    struct text path = TEXT("");
    struct text rest = text_of(route);
    struct text piece;
    while (text_next(&rest, '/', &piece)) {
        struct text filled = text_is(piece, "{id}")          ? text_of(id)
                             : text_starts(piece, TEXT("{")) ? hole_filled(piece)
                                                             : piece;
        path = path.n == 0 && piece.n == 0 ? TEXT("") : TEXT_CAT(&desk->arena, path, TEXT("/"), filled);
    }
    assert_true(office->path_count < PATHS_MAX);
    office->paths[office->path_count++] = path.p;
}

/* A place that hana is offered. */
static struct text offered(struct office *office) {
    struct desk *desk = &office->desk;
    const char *from = day_format(&desk->arena, fixture_day(&desk->fx, 20)).p;
    const char *to = day_format(&desk->arena, fixture_day(&desk->fx, 21)).p;
    struct text body = desk_printf(
        desk, "{\"facilities\":\"any\",\"care\":\"day\",\"from\":\"%s\",\"to\":\"%s\"}", from, to);
    struct answer a = desk_post(desk, &office->askers[ASKERS - 1], "/api/v1/waits", body);
    desk_problem(&a, 201, "");
    return desk_member(&a, "offer");
}

/* What {id} may be behind a word of a path. */
struct office_id {
    const char *word;
    struct text id;
};

static size_t ids_collect(struct office *office, struct office_id *ids) {
    static const struct text child = TEXT_INIT("\"children\":[{\"id\":\"");
    struct desk *desk = &office->desk;
    struct book_ask ask = fixture_ask(&desk->fx, 1, 2, 0);
    size_t n = 0;
    ids[n++] =
        (struct office_id){"bookings/{id}", desk_id(desk, fixture_book(&desk->fx, office->hana, &ask).id.n)};
    ask = fixture_ask(&desk->fx, 0, 4, 0);
    ids[n++] =
        (struct office_id){"bookings/{id}", desk_id(desk, fixture_book(&desk->fx, office->yuki, &ask).id.n)};
    struct answer mine = desk_get(desk, &office->askers[0], "/api/v1/registrations/mine");
    ids[n++] = (struct office_id){"registrations/{id}", desk_member(&mine, "id")};
    const char *at = memmem(mine.body.p, mine.body.n, child.p, child.n);
    assert_non_null(at);
    ids[n++] = (struct office_id){"children/{id}", {at + child.n, ID_CHARS}};
    ids[n++] = (struct office_id){"offers/{id}", offered(office)};
    ids[n++] = (struct office_id){"facilities/{id}", desk_id(desk, desk->fx.facilities[0].n)};
    ids[n++] = (struct office_id){"residents/{id}", desk_id(desk, office->hana.n)};
    for (size_t i = 0; i < n; i++) {
        ids[i].id = text_copy(&desk->arena, ids[i].id);
    }
    return n;
}

static void paths_collect(struct office *office) {
    struct desk *desk = &office->desk;
    struct office_id ids[IDS_MAX];
    size_t id_count = ids_collect(office, ids);
    for (size_t i = 0; i < route_count(desk->web->routes); i++) {
        const struct route *route = route_at(desk->web->routes, i);
        if (route->cache == CACHE_OWN && strstr(route->path, "{id}") == NULL) {
            add_path(office, route->path, "");
        }
        for (size_t k = 0; route->cache == CACHE_OWN && k < id_count; k++) {
            if (strstr(route->path, ids[k].word) != NULL) {
                add_path(office, route->path, ids[k].id.p);
            }
        }
    }
    const char *day = day_format(&desk->arena, fixture_day(&desk->fx, 6)).p;
    const char *care = desk_printf(desk, "?facility=%s&care=day&start=%s&end=%s",
                                   desk_id(desk, desk->fx.facilities[0].n).p, day, day)
                           .p;
    add_path(office, "/me?done=sent", "");
    add_path(office, "/facility/week?from=2026-11-30", "");
    add_path(office, "/me/bookings?x", "");
    add_path(office, desk_printf(desk, "/me/book/check%s", care).p, "");
    add_path(office, desk_printf(desk, "/me/book/health%s", care).p, "");
    add_path(office, desk_printf(desk, "/city/residents/%s/check%s", desk_id(desk, office->hana.n).p, care).p,
             "");
}

static void office_open(struct office *office, struct engine *engine) {
    static const struct db_config config = {
        .readers = 8, .watched = house_public_tables, .unshown = house_unshown_tables, .trace = note};
    struct desk *desk = &office->desk;
    engine_reopen(engine, &(struct engine_plan){.lists = fixture_lists(), .config = &config});
    desk_setup(desk, engine);
    office->hana = fixture_resident(&desk->fx, &(struct fixture_person){.units = 7});
    office->yuki = fixture_resident(&desk->fx, &(struct fixture_person){.units = 7});
    const struct fixture *fx = &desk->fx;
    struct account_id browsers[] = {office->hana, office->yuki,    fx->staff[0], fx->staff[1],
                                    fx->admin,    fx->coordinator, office->hana};
    for (size_t i = 0; i < COUNT(browsers); i++) {
        office->askers[i] = desk_sign_in(desk, browsers[i], true);
    }
    office->askers[ASKERS - 1] = desk_sign_in(desk, office->hana, false);
    struct asker admin = desk_sign_in(desk, fx->admin, false);
    assert_int_equal(desk_post(desk, &admin, "/api/v1/rules/draft", TEXT("{\"from\":1}")).status, 201);
    paths_collect(office);
}

/* ---- the tests ---- */

struct tally {
    size_t kept;  /* came without reading */
    size_t quick; /* without a worker */
};

/* Without a worker, before anything is read again: the same, or nothing. */
static bool quickly(struct desk *desk, const struct asker *asker, const char *path,
                    const struct answer *made) {
    struct answer got;
    trace = (struct trace){0};
    bool quick = desk_quick(desk, asker, path, &got);
    assert_int_equal(trace.reads, 0);
    if (quick) {
        assert_alike(desk, path, &got, made);
    }
    return quick;
}

static void rounds_at(struct office *office, const char *path, struct tally *tally) {
    struct desk *desk = &office->desk;
    struct answer made[ASKERS];
    for (size_t a = 0; a < ASKERS; a++) {
        made[a] = plain(desk, &office->askers[a], path);
    }
    for (size_t turn = 0; turn < 2; turn++) {
        for (size_t a = 0; a < ASKERS; a++) {
            tally->quick += quickly(desk, &office->askers[a], path, &made[a]);
            trace = (struct trace){.watching = true};
            struct answer got = desk_get(desk, &office->askers[a], path);
            assert_alike(desk, path, &got, &made[a]);
            tally->kept += turn > 0 && got.status == 200 && trace.reads == 0;
            if (got.status == 200 && trace.unshown != NULL) {
                fail_msg("%s reads what is not counted: %s", path, trace.unshown);
            }
        }
    }
}

/* Everybody asks for everything, twice in turn: as without keeping. Nothing of it is needed afterwards. */
static struct tally rounds(struct office *office) {
    struct tally tally = {0};
    struct arena lasting = office->desk.arena;
    for (size_t p = 0; p < office->path_count; p++) {
        arena_init(&office->desk.arena, lasting.limit);
        rounds_at(office, office->paths[p], &tally);
        arena_release(&office->desk.arena);
    }
    office->desk.arena = lasting;
    return tally;
}

static void everybody_sees_her_own(struct engine *e) {
    struct office *office = arena_new(&e->arena, struct office);
    office_open(office, e);
    struct tally tally = rounds(office);
    print_message("# %zu paths, %d askers: %zu answers kept, %zu without a worker\n", office->path_count,
                  ASKERS, tally.kept, tally.quick);
    assert_true(tally.kept > 50 && tally.quick > 50);
    desk_teardown(&office->desk);
}

static void post(struct office *office, size_t asker, const char *target, const char *body) {
    struct answer a = desk_post(&office->desk, &office->askers[asker], target, text_of(body));
    if (a.status >= 400) {
        fail_msg("%s: %d %.*s", target, a.status, TEXT_F(a.body));
    }
}

static void whatever_happens_shows_at_once(struct engine *e) {
    struct office *office = arena_new(&e->arena, struct office);
    office_open(office, e);
    struct desk *desk = &office->desk;
    (void)rounds(office);
    struct book_ask ask = fixture_ask(&desk->fx, 0, 6, 0);
    (void)fixture_book(&desk->fx, office->yuki, &ask);
    (void)rounds(office);
    post(office, 0, "/me/notices/read", "");
    (void)rounds(office);
    post(office, 0, "/me/registration/phone", "phone=072-841-1221");
    (void)rounds(office);
    struct text block = desk_printf(desk,
                                    "{\"care\":\"day\",\"from\":\"%.*s\",\"to\":\"%.*s\",\"beds\":1,"
                                    "\"reason\":\"birth\"}",
                                    TEXT_F(day_format(&desk->arena, fixture_day(&desk->fx, 9))),
                                    TEXT_F(day_format(&desk->arena, fixture_day(&desk->fx, 9))));
    struct asker staff = desk_sign_in(desk, desk->fx.staff[0], false);
    struct answer a = desk_post(
        desk, &staff,
        desk_printf(desk, "/api/v1/facilities/%s/blocks", desk_id(desk, desk->fx.facilities[0].n).p).p,
        block);
    assert_int_equal(a.status, 201);
    (void)rounds(office);
    fixture_later(&desk->fx, 60); /* the minute is over */
    (void)rounds(office);
    desk_teardown(desk);
}

static void forms_get_fresh_keys(struct engine *e) {
    struct office *office = arena_new(&e->arena, struct office);
    office_open(office, e);
    struct desk *desk = &office->desk;
    struct answer first = desk_get(desk, &office->askers[0], "/me/notices");
    struct answer second = desk_get(desk, &office->askers[0], "/me/notices");
    struct answer third = desk_get(desk, &office->askers[6], "/me/notices"); /* the same person elsewhere */
    assert_true(text_has(first.body, TEXT("name=\"_key\"")));
    assert_false(text_eq(first.body, second.body));
    assert_true(text_eq(desk_keyless(desk, first.body), desk_keyless(desk, second.body)));
    assert_true(text_has(third.body, office->askers[6].csrf));
    assert_false(text_has(third.body, office->askers[0].csrf));
    const struct answer *pages[] = {&first, &second, &third};
    for (size_t i = 0; i < COUNT(pages); i++) {
        assert_false(text_has(pages[i]->body, desk->web->blanks.csrf));
        assert_false(text_has(pages[i]->body, desk->web->blanks.key));
    }
    desk_teardown(desk);
}

/* Somebody's application, which the office is shown beside the bookings. */
static void apply(struct office *office) {
    struct desk *desk = &office->desk;
    struct account_id id = fixture_resident(&desk->fx, &(struct fixture_person){.unapproved = true});
    struct asker mari = desk_sign_in(desk, id, false);
    struct answer a = desk_post(
        desk, &mari, "/api/v1/registrations",
        TEXT("{\"mother\":{\"name\":\"髙橋 まり\",\"kana\":\"たかはし まり\",\"birth_date\":\"1994-05-01\","
             "\"postal_code\":\"573-0027\",\"address\":\"枚方市大垣内町2-1-20\",\"phone\":\"072-841-1221\"},"
             "\"children\":[{\"name\":\"ひな\",\"birth_date\":\"2026-10-15\",\"weight_g\":3050}],"
             "\"household_class\":\"taxed\",\"consents\":[\"share\",\"tax\",\"same-room\"],\"note\":\"\"}"));
    assert_int_equal(a.status, 201);
}

/* Each showing, whether it is kept by then or not. */
static void looks_are_recorded(struct engine *e) {
    struct office *office = arena_new(&e->arena, struct office);
    office_open(office, e);
    apply(office);
    static const struct {
        size_t asker;
        const char *path;
        size_t looks;
    } boards[] = {
        {2, "/facility", 1}, {2, "/facility/requests", 1}, {2, "/api/v1/bookings", 1}, {4, "/city", 2}};
    for (size_t i = 0; i < COUNT(boards); i++) {
        for (size_t n = 1; n <= 3; n++) {
            trace = (struct trace){0};
            struct answer a = desk_get(&office->desk, &office->askers[boards[i].asker], boards[i].path);
            assert_int_equal(a.status, 200);
            assert_int_equal(trace.looks, boards[i].looks);
            assert_true(n == 1 || trace.reads == 0);
        }
        struct answer quick;
        const struct asker *asker = &office->askers[boards[i].asker];
        assert_true(desk_quick_soon(&office->desk, asker, boards[i].path, &quick));
        trace = (struct trace){0};
        bool again = desk_quick(&office->desk, asker, boards[i].path, &quick);
        assert_true(!again || trace.looks == boards[i].looks);
    }
    desk_teardown(&office->desk);
}

static void who_signs_out_is_out(struct engine *e) {
    struct office *office = arena_new(&e->arena, struct office);
    office_open(office, e);
    struct desk *desk = &office->desk;
    assert_int_equal(desk_get(desk, &office->askers[0], "/me").status, 200);
    assert_int_equal(desk_get(desk, &office->askers[0], "/me").status, 200);
    struct answer quick;
    assert_true(desk_quick_soon(desk, &office->askers[0], "/me", &quick));
    post(office, 0, "/logout", "");
    assert_false(desk_quick(desk, &office->askers[0], "/me", &quick));
    assert_int_equal(desk_get(desk, &office->askers[0], "/me").status, 303);
    assert_int_equal(desk_get(desk, &office->askers[6], "/me").status, 200);
    desk_teardown(desk);
}

int main(void) {
    static const struct engine_case cases[] = {
        ENGINE_CASE(everybody_sees_her_own), ENGINE_CASE(whatever_happens_shows_at_once),
        ENGINE_CASE(forms_get_fresh_keys), ENGINE_CASE(looks_are_recorded),
        ENGINE_CASE(who_signs_out_is_out)};
    return engines_run("web/own", cases, COUNT(cases), fixture_lists());
}
