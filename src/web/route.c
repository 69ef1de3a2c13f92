/* The tree of path segments. It is walked for every request, so that hundreds of rows cost a few comparisons. */
#include "web/route.h"

#include <assert.h>
#include <string.h>

#include "base/buf.h"

struct node {
    struct text segment;  /* literal, or the parameter's name */
    struct node *next;    /* sibling */
    struct node *literal; /* first child */
    struct node *param;   /* the one child that takes any segment */
    const struct route *rows[HTTP_METHOD__MAX];
};

struct route_tree {
    struct node root;
    const struct route **all;
    size_t count;
};

static bool is_param(struct text segment) {
    return segment.n > 2 && segment.p[0] == '{' && segment.p[segment.n - 1] == '}';
}

static struct node *find_literal(struct node *node, struct text segment) {
    struct node *child = node->literal;
    while (child != NULL && !text_eq(child->segment, segment)) {
        child = child->next;
    }
    return child;
}

static struct node *child_for(struct arena *arena, struct node *node, struct text segment) {
    if (is_param(segment)) {
        struct text name = text_part(segment, 1, segment.n - 1);
        if (node->param == NULL) {
            node->param = arena_new(arena, struct node);
            node->param->segment = name;
        }
        assert(text_eq(node->param->segment, name));
        return node->param;
    }
    struct node *child = find_literal(node, segment);
    if (child == NULL) {
        child = arena_new(arena, struct node);
        child->segment = segment;
        child->next = node->literal;
        node->literal = child;
    }
    return child;
}

static void check_row(const struct route *row) {
    bool changes = row->method == HTTP_POST || row->method == HTTP_PUT || row->method == HTTP_PATCH ||
                   row->method == HTTP_DELETE;
    assert(row->path[0] == '/' && row->handler != NULL && row->roles != 0 && row->method != HTTP_HEAD);
    assert(changes || (row->form == NULL && row->idempotency == IDEM_NONE));
    assert(row->cache == CACHE_NEVER || row->method == HTTP_GET);
    assert(row->cache == CACHE_NEVER || row->cache == CACHE_RESIDENT || row->cache == CACHE_OWN ||
           row->cache == CACHE_ROUND || (row->roles & FOR_PUBLIC) != 0);
}

static void add_row(struct arena *arena, struct route_tree *tree, const struct route *row) {
    check_row(row);
    struct text rest = text_of(row->path + 1);
    struct text segment;
    struct node *node = &tree->root;
    int params = 0;
    while (text_next(&rest, '/', &segment)) {
        params += is_param(segment);
        node = child_for(arena, node, segment);
    }
    assert(params <= ROUTE_PARAMS_MAX);
    assert(node->rows[row->method] == NULL);
    node->rows[row->method] = row;
    tree->all[tree->count++] = row;
}

const struct route_tree *route_tree_build(struct arena *arena, const struct route_table *const *tables,
                                          size_t count) {
    struct route_tree *tree = arena_new(arena, struct route_tree);
    size_t rows = 0;
    for (size_t i = 0; i < count; i++) {
        rows += tables[i]->count;
    }
    tree->all = arena_array(arena, const struct route *, rows + 1);
    for (size_t i = 0; i < count; i++) {
        for (size_t r = 0; r < tables[i]->count; r++) {
            add_row(arena, tree, &tables[i]->rows[r]);
        }
    }
    return tree;
}

static bool has_rows(const struct node *node) {
    for (size_t i = 0; i < HTTP_METHOD__MAX; i++) {
        if (node->rows[i] != NULL) {
            return true;
        }
    }
    return false;
}

/* Literal first; when that leads nowhere, the parameter. At most ROUTE_PARAMS_MAX turns back on a path. */
static struct node *walk(struct node *node, struct text rest, struct route_match *match) {
    struct text segment;
    if (!text_next(&rest, '/', &segment)) {
        return has_rows(node) ? node : NULL;
    }
    struct node *child = find_literal(node, segment);
    struct node *end = child == NULL ? NULL : walk(child, rest, match);
    if (end != NULL || node->param == NULL || segment.n == 0 || match->param_count == ROUTE_PARAMS_MAX) {
        return end;
    }
    size_t count = match->param_count;
    match->params[match->param_count++] = (struct http_field){node->param->segment, segment};
    end = walk(node->param, rest, match);
    if (end == NULL) {
        match->param_count = count;
    }
    return end;
}

struct route_match route_find(const struct route_tree *tree, enum http_method method, struct text path) {
    struct route_match match = {0};
    /* Nodes are only read from here on. */
    struct node *root = (struct node *)(uintptr_t)&tree->root;
    struct node *node = walk(root, text_part(path, 1, path.n), &match);
    if (node == NULL) {
        match.param_count = 0;
        return match;
    }
    match.path_known = true;
    for (unsigned i = 0; i < HTTP_METHOD__MAX; i++) {
        match.allow |= node->rows[i] != NULL ? 1U << i : 0;
    }
    match.allow |= node->rows[HTTP_GET] != NULL ? 1U << HTTP_HEAD : 0;
    match.route = node->rows[method == HTTP_HEAD ? HTTP_GET : method];
    return match;
}

size_t route_count(const struct route_tree *tree) {
    return tree->count;
}

const struct route *route_at(const struct route_tree *tree, size_t i) {
    assert(i < tree->count);
    return tree->all[i];
}

bool route_is_api(const struct route *route) {
    return strncmp(route->path, "/api/", 5) == 0;
}

bool route_is_kept(const struct route *route) {
    return route->cache == CACHE_CITY || route->cache == CACHE_RESIDENT || route->cache == CACHE_OWN ||
           route->cache == CACHE_ROUND;
}

enum route_class route_class(const struct route *route) {
    return route->class != CLASS_BY_METHOD ? route->class
           : route->method == HTTP_GET     ? CLASS_BROWSE
                                           : CLASS_BOOKING;
}

struct text route_allow(struct arena *arena, unsigned allow) {
    struct buf buf;
    buf_init(&buf, arena);
    for (unsigned i = 0; i < HTTP_METHOD__MAX; i++) {
        if ((allow & 1U << i) != 0) {
            buf_putz(&buf, buf.n > 0 ? ", " : "");
            buf_putz(&buf, http_method_name((enum http_method)i));
        }
    }
    return buf_text(&buf);
}
