#include "web/frame.h"

#include <assert.h>

static const char *const NAMES[] = {[THEME_AUTO] = "auto", [THEME_LIGHT] = "light", [THEME_DARK] = "dark"};

const char *theme_name(enum theme theme) {
    assert(theme < THEME__MAX);
    return NAMES[theme];
}

enum theme theme_of(struct text name) {
    for (int i = 0; i < THEME__MAX; i++) {
        if (text_is(name, NAMES[i])) {
            return (enum theme)i;
        }
    }
    return THEME_AUTO;
}
