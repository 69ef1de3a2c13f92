/* A made-up site for tests of the web kernel: a few routes, three sessions, two cities; no sockets, no database. */
#ifndef SANGO_TESTS_WEB_TOY_H
#define SANGO_TESTS_WEB_TOY_H

#include "web/web.h"

#define TOKEN_RESIDENT "rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr"
#define TOKEN_FACILITY "fffffffffffffffffffffffffffffffffffffffffff"
#define TOKEN_STALE "sssssssssssssssssssssssssssssssssssssssssss"
#define TOKEN_DOWN "ddddddddddddddddddddddddddddddddddddddddddd"
#define CSRF "cccc"
#define FORM_TYPE "Content-Type: application/x-www-form-urlencoded\n"
#define JSON_TYPE "Content-Type: application/json\n"
#define RESIDENT "Cookie: sango=" TOKEN_RESIDENT "\n"
#define BEARER "Authorization: Bearer " TOKEN_RESIDENT "\n"
#define KEY "Idempotency-Key: k1\n"

extern struct web toy_web;
extern struct arena toy_arena;
extern struct env_test toy_clock;
extern uint64_t toy_commits; /* what the site takes for the committed version */
extern const struct form toy_ask_form;

int toy_set_up(void **state);
int toy_tear_down(void **state);
/* `headers` are "Name: value" lines; Cookie among them is split as the server does. */
struct http_request toy_request(enum http_method method, const char *target, const char *headers,
                                const char *body);
struct http_response toy_ask(enum http_method method, const char *target, const char *headers,
                             const char *body);
struct text toy_extra(const struct http_response *response, const char *name);
void toy_done(struct http_response *response);

#endif
