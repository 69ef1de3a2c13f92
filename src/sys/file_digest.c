/* The digest of a file of any size, read piece by piece. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "sys/file.h"

enum { PIECE = 1 << 16 };

/* False: it could not be read to its end. */
static bool digest_fd(int fd, unsigned char *piece, unsigned char ret_hash[crypto_hash_sha256_BYTES]) {
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    ssize_t got;
    while ((got = read(fd, piece, PIECE)) != 0) {
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return false;
        }
        crypto_hash_sha256_update(&state, piece, (unsigned long long)got);
    }
    crypto_hash_sha256_final(&state, ret_hash);
    return true;
}

enum rc file_digest(struct arena *arena, struct text path, struct text *ret_hex) {
    int fd = open(text_copy(arena, path).p, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) {
        return errno == ENOENT ? RC_NONE : RC_FAULT;
    }
    unsigned char hash[crypto_hash_sha256_BYTES];
    bool whole = digest_fd(fd, arena_take(arena, PIECE), hash);
    close(fd);
    if (!whole) {
        return RC_FAULT;
    }
    char *hex = arena_take(arena, sizeof hash * 2 + 1);
    sodium_bin2hex(hex, sizeof hash * 2 + 1, hash, sizeof hash);
    *ret_hex = (struct text){hex, sizeof hash * 2};
    return RC_OK;
}
