#include "notify/channel.h"

#include <assert.h>

int64_t notify_delay(int attempt, uint32_t jitter) {
    assert(attempt >= 1);
    int64_t delay = 30;
    for (int i = 1; i < attempt && delay < 3600; i++) {
        delay *= 2;
    }
    if (delay > 3600) {
        delay = 3600;
    }
    return delay * 3 / 4 + (delay / 2 * (int64_t)jitter >> 32);
}
