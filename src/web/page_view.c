#include "web/page_view.h"

#include "web/eye.h"
#include "web/page.h"
#include "web/refusal.h"
#include "web/tmpl/refused.h"

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
    struct text key = text_printf(x->arena, "%s.%.*s", group, TEXT_F(code));
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
    return text_printf(arena, "%.*s〜%.*s", TEXT_F(first), TEXT_F(day_short(arena, end)));
}

struct text page_yen(struct arena *arena, struct yen yen) {
    return text_printf(arena, "%.*s円", TEXT_F(num_grouped(arena, yen.n)));
}

struct text page_clock(struct arena *arena, int32_t minute) {
    return text_printf(arena, "%d:%02d", minute / 60, minute % 60);
}

void page_answer_refused(struct exchange *x, struct idem_answer *ret_answer, const struct refused *refused,
                         const struct refusal_view *view) {
    struct refusal_view worded = *view;
    worded.title = refusal_title(refused->code);
    worded.sentence = refusal_detail(x, x->arena, refused);
    struct frame frame;
    struct html html;
    page_frame(x, worded.title, &frame);
    html_init(&html, x->arena);
    tmpl_page_refused(&html, &frame, &worded);
    answer_page(ret_answer, refusal_status(refused->code), html_done(&html));
}
