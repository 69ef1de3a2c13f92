/* What surrounds every page: head, header with the city's name, navigation by role, footer, display switch.
 * Filled once a request from the exchange; the page adds its title and back link. */
#ifndef SANGO_WEB_FRAME_H
#define SANGO_WEB_FRAME_H

#include "web/component.h"
#include "web/html.h"

enum theme { THEME_AUTO, THEME_LIGHT, THEME_DARK, THEME__MAX };

struct nav_item {
    struct text url;
    struct text label;
    int64_t waiting; /* things to do there; 0 shows none */
    bool here;
};

struct frame {
    struct text lang;      /* "" is ja */
    struct text title;     /* of the page, without the city */
    struct text city;      /* 枚方市 */
    struct link_base base; /* before every path of the city */
    const struct nav_item *nav;
    size_t nav_count;
    struct text who;    /* signed-in name and role; "" shows the way to sign in */
    struct text csrf;   /* of the session; "" without one */
    struct text here;   /* path and query of this page: where the display switch returns */
    struct text back;   /* path of the page before; "" shows no back link */
    struct text notice; /* one line about the deed just done; "" none */
    struct text phone;  /* the city's desk, shown in the footer */
    struct text desk;   /* its name and hours */
    enum theme theme;
    bool bare;    /* made without asking who is there: no navigation, no way to sign in */
    bool faulty;  /* the form came back with errors: said in the title */
    bool wide;    /* tables of staff take the whole width */
    bool demo;    /* a band says that nothing here is real */
    bool private; /* keep it out of search engines */
};

const char *theme_name(enum theme theme); /* auto light dark */
/* Reads the cookie's or the form's value; anything unknown is THEME_AUTO. */
enum theme theme_of(struct text name);

#endif
