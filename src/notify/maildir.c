#include "notify/maildir.h"

#include "notify/mail.h"
#include "sys/file.h"

/* The id without what a file name should not have. */
static struct text file_name(struct arena *arena, const struct message *message) {
    struct text id = text_copy(arena, message->id);
    char *p = arena_take(arena, id.n + 1);
    for (size_t i = 0; i < id.n; i++) {
        char c = id.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                     c == '-' || c == '@';
        p[i] = plain ? c : '_';
    }
    return text_printf(arena, "%lld-%s.eml", (long long)message->date.s, p);
}

static enum notify_result deliver(void *ctx, struct arena *arena, const struct message *message,
                                  int *ret_code) {
    const struct maildir *maildir = ctx;
    struct text bytes = TEXT("");
    *ret_code = 0;
    if (!mail_build(arena, message, &bytes)) {
        return NOTIFY_PERMANENT;
    }
    struct text name = file_name(arena, message);
    struct text path = text_printf(arena, "%.*s/%.*s", TEXT_F(maildir->path), TEXT_F(name));
    bool written = file_make_dir(maildir->path, 0700) == RC_OK && file_write(path, bytes, 0600) == RC_OK;
    return written ? NOTIFY_DELIVERED : NOTIFY_TEMPORARY;
}

struct channel maildir_channel(struct maildir *maildir) {
    return (struct channel){deliver, maildir};
}
