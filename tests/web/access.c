/* Every route x every role, from the route table: the cells stand in access.tsv, which people review. A route that is
 * not listed there fails, and so does a line without a route. After a change: run with SANGO_ACCESS_WRITE=1, read the
 * difference, commit it. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "web/desk.h"

enum { FILE_MAX = 1 << 17, ROLES = ROLE_CLOCK };

static struct asker as_role(struct desk *desk, enum role role, struct account_id resident) {
    const struct fixture *fx = &desk->fx;
    const struct account_id accounts[ROLES] = {[ROLE_RESIDENT] = resident,
                                               [ROLE_FACILITY] = fx->staff[0],
                                               [ROLE_COORDINATOR] = fx->coordinator,
                                               [ROLE_CITY_ADMIN] = fx->admin,
                                               [ROLE_AUDITOR] = fx->auditor};
    return role == ROLE_PUBLIC ? (struct asker){0} : desk_sign_in(desk, accounts[role], true);
}

static const char *cell(struct desk *desk, const struct route *route, const struct asker *asker) {
    /* an id that nobody has */
    struct send send = {.method = route->method, .target = desk_target(desk, route, "0000000000001").p};
    struct answer a = desk_send(desk, asker, &send);
    if (a.status >= 500) {
        print_message("%s %s: %d %.*s\n", http_method_name(route->method), route->path, a.status,
                      TEXT_F(a.body));
        fail();
    }
    if (a.status == 303 && text_has(a.location, TEXT("/login")) && (route->roles & FOR_PUBLIC) == 0 &&
        asker->token.n == 0) {
        return "login";
    }
    return a.status == 401 && asker->token.n == 0 ? "401" : a.status == 403 ? "403" : "yes";
}

static struct text line_of(struct desk *desk, const struct route *route, struct account_id resident) {
    struct buf buf;
    buf_init(&buf, &desk->arena);
    buf_printf(&buf, "%s\t%s", http_method_name(route->method), route->path);
    for (int role = 0; role < ROLES; role++) {
        struct asker asker = as_role(desk, (enum role)role, resident);
        buf_printf(&buf, "\t%s", cell(desk, route, &asker));
    }
    buf_putc(&buf, '\n');
    return buf_text(&buf);
}

static struct text read_table(struct desk *desk) {
    char *bytes = arena_take(&desk->arena, FILE_MAX);
    int fd = open(ACCESS_TSV, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    ssize_t n = read(fd, bytes, FILE_MAX - 1);
    close(fd);
    assert_true(n > 0 && n < FILE_MAX - 1);
    return (struct text){bytes, (size_t)n};
}

static int by_bytes(const void *a, const void *b) {
    return text_cmp(*(const struct text *)a, *(const struct text *)b);
}

static void write_table(const struct text *lines, size_t count) {
    FILE *file = fopen(ACCESS_TSV, "we");
    assert_non_null(file);
    fputs("# method\tpath\tpublic\tresident\tfacility\tcoordinator\tcity_admin\tauditor\n", file);
    for (size_t i = 0; i < count; i++) {
        fwrite(lines[i].p, 1, lines[i].n, file);
    }
    fclose(file);
}

static size_t lines_of(struct text table) {
    size_t n = 0;
    for (size_t i = 0; i < table.n; i++) {
        n += table.p[i] == '\n';
    }
    return n;
}

static void every_route_and_role(struct engine *engine) {
    if (engine->kind != DB_SQLITE) {
        skip();
    }
    struct desk desk;
    desk_setup(&desk, engine);
    struct account_id resident = fixture_resident(&desk.fx, &(struct fixture_person){.units = 7});
    size_t count = route_count(desk.web->routes);
    struct text *lines = arena_array(&desk.arena, struct text, count);
    for (size_t i = 0; i < count; i++) {
        lines[i] = line_of(&desk, route_at(desk.web->routes, i), resident);
    }
    qsort(lines, count, sizeof *lines, by_bytes);
    if (getenv("SANGO_ACCESS_WRITE") != NULL) {
        write_table(lines, count);
    }
    struct text table = read_table(&desk);
    size_t wrong = 0;
    for (size_t i = 0; i < count; i++) {
        if (!text_has(table, text_join(&desk.arena, TEXT("\n"), lines[i]))) {
            print_message("not in access.tsv: %.*s", TEXT_F(lines[i]));
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
    assert_int_equal(lines_of(table), count + 1); /* no line without a route */
    desk_teardown(&desk);
}

int main(void) {
    static const struct engine_case cases[] = {ENGINE_CASE(every_route_and_role)};
    return engines_run("web/access", cases, COUNT(cases), fixture_lists());
}
