#include "web/resident/rules_places.h"

#include "base/buf.h"
#include "query/facilities.h"
#include "web/eye.h"
#include "web/rules_words.h"

static void put_line(struct buf *buf, struct text line) {
    buf_putz(buf, buf->n > 0 && line.n > 0 ? "\n" : "");
    buf_put(buf, line);
}

static void put_care(const struct exchange *x, const struct care *care, const struct facility_care_row *own,
                     struct buf *buf) {
    struct word_arg args[] = {{"care", care->name}, {"n", num_grouped(x->arena, own->age_months_max)}};
    if (own->age_months_max > 0) {
        put_line(buf, word_expand(x->arena, W_RULES_FACILITY_AGE, args, 2));
    }
    if (own->answer_hours == 0) {
        put_line(buf, word_expand(x->arena, W_RULES_FACILITY_AT_ONCE, args, 1));
    } else if (own->answer_hours > 0) {
        struct word_arg hours[] = {args[0], {"hours", num_grouped(x->arena, own->answer_hours)}};
        put_line(buf, word_expand(x->arena, W_RULES_FACILITY_ANSWER, hours, 2));
    }
}

static struct text place_words(const struct exchange *x, const struct programme *programme,
                               const struct facility_row *place) {
    struct buf buf;
    rows_mask offered = 0;
    buf_init(&buf, x->arena);
    for (size_t i = 0; i < place->care_count; i++) {
        int32_t row = programme_care(programme, place->cares[i].care);
        if (row >= 0) {
            offered |= 1U << row;
            put_care(x, &programme->cares[row], &place->cares[i], &buf);
        }
    }
    struct text cares = rules_cares(x->arena, programme, offered);
    if (cares.n > 0) {
        struct word_arg args[] = {{"cares", cares}};
        put_line(&buf, word_expand(x->arena, W_RULES_FACILITY_OFFERS, args, 1));
    }
    put_line(&buf, place->words.multiples ? TEXT("") : word_text(W_RULES_FACILITY_ONE));
    return buf_text(&buf);
}

bool rules_put_places(struct exchange *x, const struct programme *programme, struct rules_view *view) {
    struct query query = eye_of(x);
    struct facility_ask ask = {.date = DAY_NONE, .month_age = -1};
    struct facility_row *places;
    size_t count;
    enum rc rc = query_facilities(&query, &ask, &places, &count);
    if (rc != RC_OK) {
        exchange_failed(x, rc);
        return false;
    }
    struct summary_row *rows = arena_array(x->arena, struct summary_row, count + 1);
    struct rules_section *sections = arena_array(x->arena, struct rules_section, view->count + 1);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        struct text words = place_words(x, programme, &places[i]);
        if (words.n > 0) {
            rows[n++] = (struct summary_row){.label = places[i].about.name, .value = words};
        }
    }
    for (size_t i = 0; i < view->count; i++) {
        sections[i] = view->sections[i];
    }
    sections[view->count] = (struct rules_section){.title = word_text(W_RULES_FACILITIES),
                                                   .line = word_text(W_RULES_FACILITIES_LINE),
                                                   .rows = {.rows = rows, .count = n}};
    view->sections = sections;
    view->count += n > 0;
    return true;
}
