/* routes: prints the path of every page, one a line with the roles' bits, for pages.mjs to know what it has to see. */
#include <stdio.h>

#include "web/app.h"

enum { ARENA_LIMIT = 64 << 20 };

int main(void) {
    struct arena arena;
    arena_init(&arena, ARENA_LIMIT);
    const struct route_tree *tree = app_routes(&arena);
    for (size_t i = 0; i < route_count(tree); i++) {
        const struct route *route = route_at(tree, i);
        if (route->method == HTTP_GET && !route_is_api(route) && !route->cityless) {
            printf("%s\n", route->path);
        }
    }
    arena_release(&arena);
    return 0;
}
