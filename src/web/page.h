/* What every page handler does around its template: the frame from the exchange, and the answer. The only place that
 * knows how name, navigation, theme and the note about the deed just done come into a page. */
#ifndef SANGO_WEB_PAGE_H
#define SANGO_WEB_PAGE_H

#include "web/exchange.h"
#include "web/frame.h"

/* Fills all of *ret_frame; the page may still set back, faulty, wide. `title` lives as long as the page.
 * A query ?done=CODE shows the catalogue's word done.CODE once: redirects after a deed lead there. */
void page_frame(struct exchange *x, struct text title, struct frame *ret_frame);
/* base + path + ?done=CODE (or &done=), for the redirect after a deed. */
struct text page_done_link(const struct exchange *x, struct text path, const char *code);
/* The catalogue's word for a role: 市の担当者 … as the header shows it; empty for the public. */
struct text page_role_name(enum role role);
/* guard_hooks.error_page: the problem in the site's frame, with what to do next. */
void page_error(void *ctx, struct exchange *x, const struct problem *problem);

/* POST /theme. */
extern const struct route_table page_routes;

#endif
