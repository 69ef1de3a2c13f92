#include "mail_server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/num.h"
#include "sys/file.h"

static struct text read_port(struct arena *arena, int fd) {
    char *room = arena_take(arena, 32);
    size_t n = 0;
    while (n < 31 && read(fd, room + n, 1) == 1 && room[n] != '\n') {
        n++;
    }
    return (struct text){room, n};
}

void mail_server_init(struct mail_server *server, const char *mode) {
    int in[2];
    int out[2];
    arena_init(&server->arena, 1 << 24);
    char *folder = arena_take(&server->arena, 64);
    snprintf(folder, 64, "/tmp/sango-smtp-XXXXXX");
    server->folder = text_of(mkdtemp(folder));
    assert_true(server->folder.n > 0 && pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0);
    server->pid = fork();
    assert_true(server->pid >= 0);
    if (server->pid == 0) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        execl("/usr/bin/python3", "/usr/bin/python3", SMTP_SERVER, mode, folder, (char *)NULL);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    server->keep = in[1];
    struct text port = read_port(&server->arena, out[0]);
    close(out[0]);
    int64_t number = 0;
    assert_true(num_parse(port, &number)); /* else: python3-aiosmtpd is missing */
    server->url = text_printf(&server->arena, "smtp://127.0.0.1:%lld", (long long)number);
}

void mail_server_release(struct mail_server *server) {
    int status = 0;
    close(server->keep);
    assert_int_equal(waitpid(server->pid, &status, 0), server->pid);
    struct text *names = NULL;
    size_t count = 0;
    assert_int_equal(file_list(&server->arena, server->folder, &names, &count), RC_OK);
    for (size_t i = 0; i < count; i++) {
        remove(text_printf(&server->arena, "%s/%s", server->folder.p, names[i].p).p);
    }
    assert_int_equal(rmdir(server->folder.p), 0);
    arena_release(&server->arena);
}

struct text mail_server_stored(struct mail_server *server, int n) {
    struct text bytes = TEXT("");
    struct text path = text_printf(&server->arena, "%s/%d.txt", server->folder.p, n);
    return file_read(&server->arena, path, 100000, &bytes) == RC_OK ? bytes : TEXT("");
}
