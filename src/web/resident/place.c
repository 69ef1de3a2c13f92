#include "web/resident/place.h"

#include "base/buf.h"
#include "web/eye.h"
#include "web/page_view.h"

struct text place_line(const struct exchange *x, const struct facility_row *row) {
    struct text kind = page_word(x, "kind", row->about.kind);
    return row->about.ward.n == 0
               ? kind
               : text_printf(x->arena, "%.*s・%.*s", TEXT_F(kind), TEXT_F(row->about.ward));
}

struct text place_features(const struct exchange *x, const struct facility_row *row) {
    const struct {
        bool on;
        enum word word;
    } all[] = {{row->words.multiples, W_FEATURE_MULTIPLES},
               {row->words.siblings, W_FEATURE_SIBLINGS},
               {row->words.partner, W_FEATURE_PARTNER}};
    struct buf buf;
    buf_init(&buf, x->arena);
    for (size_t i = 0; i < COUNT(all); i++) {
        if (all[i].on) {
            buf_putz(&buf, buf.n > 0 ? "・" : "");
            buf_put(&buf, word_text(all[i].word));
        }
    }
    return buf_text(&buf);
}

struct found {
    struct place_view place;
    struct day earliest; /* DAY_NONE: no place */
};

static bool sooner(struct day a, struct day b) {
    return !day_is_none(a) && (day_is_none(b) || day_before(a, b));
}

struct places_ask {
    const struct care_ask *care;
    const struct vacancy_table *table;
    struct day from;
    const struct booking_id *booking; /* NULL: only looking */
};

static struct text month_url(const struct exchange *x, const struct places_ask *ask, struct text id) {
    struct text care = ask->care->care->code;
    if (ask->booking == NULL) {
        return exchange_linkf(x, "/facilities/%.*s/calendar?care=%.*s", TEXT_F(id), TEXT_F(care));
    }
    struct text change = ask->booking->n == 0 ? TEXT("") : id_format(x->arena, ask->booking->n);
    return exchange_linkf(x, "/me/book?care=%.*s&facility=%.*s%s%.*s", TEXT_F(care), TEXT_F(id),
                          change.n > 0 ? "&change=" : "", TEXT_F(change));
}

static void place_fill(const struct exchange *x, const struct places_ask *ask, const struct facility_row *row,
                       struct found *ret_found) {
    struct day days[CHIPS_MAX];
    size_t count = vacancy_earliest(ask->table, row->id, ask->from, days, CHIPS_MAX);
    struct booking_id change = ask->booking == NULL ? (struct booking_id){0} : *ask->booking;
    struct text id = id_format(x->arena, row->id.n);
    struct place_view *place = &ret_found->place;
    *place = (struct place_view){.name = row->about.name,
                                 .url = exchange_linkf(x, "/facilities/%.*s", TEXT_F(id)),
                                 .month_url = month_url(x, ask, id),
                                 .line = place_line(x, row),
                                 .price = vacancy_price(x, ask->care, row),
                                 .features = place_features(x, row),
                                 .chip_count = count,
                                 .wish_url = exchange_linkf(x, "/me/waits/new?care=%.*s&facility=%.*s",
                                                            TEXT_F(ask->care->care->code), TEXT_F(id))};
    for (size_t i = 0; i < count; i++) {
        place->chips[i] = (struct place_chip){day_short(x->arena, days[i]),
                                              vacancy_link(x, ask->care, row->id, days[i], change)};
    }
    ret_found->earliest = count > 0 ? days[0] : DAY_NONE;
}

/* The earliest place first; in the same place in the list's own order. */
static void found_sort(struct found *found, size_t count) {
    for (size_t i = 1; i < count; i++) {
        struct found one = found[i];
        size_t k = i;
        for (; k > 0 && sooner(one.earliest, found[k - 1].earliest); k--) {
            found[k] = found[k - 1];
        }
        found[k] = one;
    }
}

enum rc place_list_load(const struct exchange *x, const struct care_ask *care,
                        const struct facility_ask *wanted, const struct booking_id *booking,
                        struct places *ret_places) {
    struct query query = eye_of(x);
    struct facility_row *rows;
    size_t count;
    struct vacancy_table table;
    enum rc rc = query_facilities(&query, wanted, &rows, &count);
    if (rc == RC_OK) {
        rc = vacancy_load_earliest(x, care, wanted->ward, &table);
    }
    if (rc != RC_OK) {
        return rc;
    }
    struct places_ask ask = {care, &table, wanted->date, booking};
    struct found *found = arena_array(x->arena, struct found, count);
    struct place_view *places = arena_array(x->arena, struct place_view, count);
    for (size_t i = 0; i < count; i++) {
        place_fill(x, &ask, &rows[i], &found[i]);
    }
    found_sort(found, count);
    *ret_places = (struct places){.items = places, .count = count};
    for (size_t i = 0; i < count; i++) {
        places[i] = found[i].place;
        ret_places->free_count += found[i].place.chip_count > 0;
    }
    return RC_OK;
}
