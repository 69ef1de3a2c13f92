#include "web/page_view.h"

#include "sys/password.h"
#include "web/eye.h"
#include "web/page.h"
#include "web/refusal.h"
#include "web/tmpl/refused.h"

void page_open(struct exchange *x, struct text title, struct page *ret_page) {
    page_frame(x, title, &ret_page->frame);
    ret_page->frame.faulty = x->body.error_count > 0;
    html_init(&ret_page->html, x->arena);
}

void page_send(struct exchange *x, int status, struct page *page) {
    exchange_page(x, status, html_done(&page->html));
}

struct text page_care_name(const struct exchange *x, struct text care) {
    const struct programme *programme = eye_programme(x);
    int32_t row = programme == NULL ? -1 : programme_care(programme, care);
    return row < 0 ? care : programme->cares[row].name;
}

struct text page_class_name(const struct exchange *x, struct text code) {
    const struct programme *programme = eye_programme(x);
    int32_t row = programme == NULL ? -1 : programme_class(programme, code);
    return row < 0 ? code : programme->classes[row].name;
}

struct form_view page_form_view(struct exchange *x, struct text path) {
    return (struct form_view){
        .action = text_join(x->arena, x->base, path), .csrf = x->form_token, .key = exchange_form_key(x)};
}

struct text page_word(const struct exchange *x, const char *group, struct text code) {
    enum word word;
    struct text key = TEXT_CAT(x->arena, text_of(group), TEXT("."), code);
    return word_find(key, &word) ? word_text(word) : code;
}

const char *page_home(enum role role) {
    switch (role) {
    case ROLE_RESIDENT:
        return "/me";
    case ROLE_FACILITY:
        return "/facility";
    case ROLE_COORDINATOR:
    case ROLE_CITY_ADMIN:
        return "/city";
    case ROLE_AUDITOR:
        return "/city/audit";
    default:
        return "/";
    }
}

struct text page_days(struct arena *arena, struct day start, struct day end) {
    struct text first = day_short(arena, start);
    if (day_eq(start, end)) {
        return first;
    }
    return TEXT_CAT(arena, first, TEXT("〜"), day_short(arena, end));
}

struct text page_yen(struct arena *arena, struct yen yen) {
    return TEXT_CAT(arena, num_grouped(arena, yen.n), TEXT("円"));
}

struct text page_clock(struct arena *arena, int32_t minute) {
    return text_printf(arena, "%d:%02d", minute / 60, minute % 60);
}

struct text page_password_fault(struct exchange *x, struct text password) {
    static const enum word words[PASSWORD_FAULT__MAX] = {[PASSWORD_SHORT] = W_PASSWORD_SHORT,
                                                         [PASSWORD_LONG] = W_PASSWORD_LONG,
                                                         [PASSWORD_BYTES] = W_PASSWORD_BYTES,
                                                         [PASSWORD_COMMON] = W_PASSWORD_COMMON,
                                                         [PASSWORD_EMAIL] = W_PASSWORD_EMAIL};
    enum password_fault fault = PASSWORD_EMAIL; /* the service compared it with the address; we cannot */
    bool fine = password_acceptable(password, TEXT(""), &fault);
    struct word_arg bound[] = {
        {fault == PASSWORD_SHORT ? "min" : "max",
         text_printf(x->arena, "%d", fault == PASSWORD_SHORT ? PASSWORD_MIN : PASSWORD_MAX)}};
    bool bounded = !fine && (fault == PASSWORD_SHORT || fault == PASSWORD_LONG);
    return word_expand(x->arena, words[fine ? PASSWORD_EMAIL : fault], bound, bounded ? 1 : 0);
}

void page_answer_refused(struct exchange *x, struct idem_answer *ret_answer, const struct refused *refused,
                         const struct refusal_view *view) {
    struct refusal_view worded = *view;
    worded.title = refusal_title(refused->code);
    worded.sentence = refusal_detail(x, x->arena, refused);
    struct button_view next = refusal_next(x, refused->code);
    if (view->way_count == 0 && x->call.actor.role == ROLE_RESIDENT) {
        worded.ways = &next;
        worded.way_count = 1;
    }
    struct page page;
    page_open(x, worded.title, &page);
    tmpl_page_refused(&page.html, &page.frame, &worded);
    answer_page(ret_answer, refusal_status(refused->code), html_done(&page.html));
}
