/* The answer as JSON. */
#include "profile/answer.h"

#include "words/words.h"

static void line_write(struct json_out *json, const struct fee_line *line) {
    json_put_object(json, NULL);
    json_put_text(json, "what", line_code(line->what));
    json_put_text(json, "code", line->code);
    json_put_text(json, "name", line->name);
    json_put_int(json, "units", line->units);
    json_put_int(json, "each", line->each.n);
    json_put_int(json, "amount", line->amount.n);
    json_put_object_end(json);
}

static void fee_write(struct json_out *json, const struct quote *quote) {
    if (quote->line_count == 0) {
        json_put_null(json, "fee"); /* cannot be known; the refusals say why */
        return;
    }
    json_put_object(json, "fee");
    json_put_int(json, "total", quote->total.n + quote->change_cost.fee.n);
    json_put_array(json, "lines");
    for (int32_t i = 0; i < quote->line_count; i++) {
        line_write(json, &quote->lines[i]);
    }
    struct fee_line late;
    if (quote_late_line(quote, &late)) {
        line_write(json, &late);
    }
    json_put_array_end(json);
    json_put_object_end(json);
}

static void change_write(struct json_out *json, const struct cancel_cost *cost) {
    if (cancel_costs(cost)) {
        json_put_object(json, "late_change");
        json_put_int(json, "fee", cost->fee.n);
        json_put_int(json, "units_charged", cost->units_charged);
        json_put_object_end(json);
    }
}

bool quote_late_line(const struct quote *quote, struct fee_line *ret_line) {
    struct yen fee = quote->change_cost.fee;
    if (fee.n > 0) {
        *ret_line = (struct fee_line){.what = LINE_LATE_CHANGE,
                                      .code = line_code(LINE_LATE_CHANGE),
                                      .name = word_text(W_PRICE_LATE_CHANGE),
                                      .units = 1,
                                      .each = fee,
                                      .amount = fee};
    }
    return fee.n > 0;
}

struct text quote_class_hint(struct arena *arena, const struct quote *quote) {
    if (!quote->class_stale || quote->household_class < 0) {
        return TEXT("");
    }
    struct word_arg args[] = {{"class", quote->programme->classes[quote->household_class].name},
                              {"year", text_printf(arena, "%d", quote->class_year)}};
    return word_expand(arena, W_PRICE_CLASS_STALE, args, COUNT(args));
}

static void class_write(struct json_out *json, struct arena *arena, const struct quote *quote) {
    struct text hint = quote_class_hint(arena, quote);
    if (hint.n > 0) {
        json_put_object(json, "class_check");
        json_put_text(json, "class", quote->programme->classes[quote->household_class].code);
        json_put_int(json, "year", quote->class_year);
        json_put_text(json, "detail", hint);
        json_put_object_end(json);
    }
}

static void pools_write(struct json_out *json, const struct quote *quote) {
    json_put_array(json, "pools");
    for (int32_t i = 0; i < quote->pool_count; i++) {
        const struct pool_change *pool = &quote->pools[i];
        json_put_object(json, NULL);
        json_put_text(json, "pool", pool->pool);
        json_put_text(json, "name", pool->name);
        json_put_int(json, "granted", pool->granted);
        json_put_int(json, "left_before", pool->left_before);
        json_put_int(json, "left_after", pool->left_after);
        json_put_object_end(json);
    }
    json_put_array_end(json);
}

void figures_write(struct json_out *json, const struct refused *refused) {
    json_put_object(json, "figures");
    for (int32_t i = 0; i < refused->count; i++) {
        const struct figure *figure = &refused->figures[i];
        switch (figure->kind) {
        case FIGURE_DAY:
            json_put_day(json, figure->name, (struct day){(int32_t)figure->n});
            break;
        case FIGURE_INSTANT:
            json_put_instant(json, figure->name, (struct instant){figure->n});
            break;
        case FIGURE_TEXT:
            json_put_text(json, figure->name, figure->text);
            break;
        default:
            json_put_int(json, figure->name, figure->n);
        }
    }
    json_put_object_end(json);
}

void quote_write(struct json_out *json, struct arena *arena, const struct quote *quote) {
    json_put_bool(json, "allowed", quote->allowed);
    json_put_array(json, "refusals");
    for (int32_t i = 0; i < quote->refusal_count; i++) {
        const struct refused *refused = &quote->refusals[i];
        json_put_object(json, NULL);
        json_put_text(json, "code", refusal_code(refused->code));
        json_put_text(json, "detail", refusal_sentence(arena, quote->programme, refused));
        figures_write(json, refused);
        json_put_object_end(json);
    }
    json_put_array_end(json);
    json_put_int(json, "units", quote->units);
    fee_write(json, quote);
    class_write(json, arena, quote);
    change_write(json, &quote->change_cost);
    pools_write(json, quote);
    bool known = !instant_is_none(quote->free_cancel_until);
    json_put_instant(json, "free_cancel_until", known ? quote->free_cancel_until : quote->starts);
    if (!instant_is_none(quote->answer_by)) {
        json_put_instant(json, "answer_by", quote->answer_by);
    }
}

void cancel_write(struct json_out *json, const struct cancel_cost *cost) {
    json_put_object(json, "cancel");
    json_put_int(json, "fee", cost->fee.n);
    json_put_int(json, "units_charged", cost->units_charged);
    json_put_bool(json, "late", cost->late);
    json_put_object_end(json);
}

void case_answer(const struct profile *profile, const struct quote_case *c, struct case_answer *ret_answer) {
    const struct programme_set *set = &profile->programmes;
    struct quote *quote = &ret_answer->quote;
    quote_make(set, &c->facts, &c->request, quote);
    ret_answer->cancel = (struct cancel_cost){.free_cancel_until = INSTANT_NONE};
    if (!instant_is_none(c->cancel_at)) {
        struct booked booked = {.state = BOOKING_CONFIRMED,
                                .care = c->request.care,
                                .start = c->request.start,
                                .end = c->request.end,
                                .units = quote->units,
                                .fee = quote->total,
                                .answer_by = INSTANT_NONE};
        struct facts facts = c->facts;
        facts.now = c->cancel_at;
        booking_cancel_cost(set, &facts, &booked, ACTOR_RESIDENT, &ret_answer->cancel);
    }
}

struct text case_answer_json(struct arena *arena, const struct quote_case *c,
                             const struct case_answer *answer) {
    struct buf buf;
    struct json_out json;
    buf_init(&buf, arena);
    json_out_init(&json, &buf);
    json_put_object(&json, NULL);
    quote_write(&json, arena, &answer->quote);
    if (!instant_is_none(c->cancel_at)) {
        cancel_write(&json, &answer->cancel);
    }
    json_put_object_end(&json);
    return buf_text(&buf);
}
