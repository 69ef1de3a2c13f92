#include "web/api/booking_json.h"

#include "web/refusal.h"

static void put_resident(struct json_out *json, const struct booking_row *row) {
    json_put_object(json, "resident");
    json_put_id(json, "id", row->account.n);
    api_text(json, "name", row->mother_name);
    api_text(json, "kana", row->mother_kana);
    api_text(json, "phone", row->mother_phone);
    json_put_int(json, "children", row->children);
    json_put_object_end(json);
}

/* What giving up the old booking costs besides, where it costs anything. */
static void put_late_change(struct json_out *json, struct yen fee, int64_t units) {
    if (fee.n > 0 || units > 0) {
        json_put_object(json, "late_change");
        json_put_int(json, "fee", fee.n);
        json_put_int(json, "units_charged", units);
        json_put_object_end(json);
    }
}

void booking_members(struct json_out *json, const struct exchange *x, const struct booking_row *row) {
    json_put_id(json, "id", row->id.n);
    json_put_text(json, "state", row->state);
    json_put_id(json, "facility", row->facility.n);
    json_put_text(json, "facility_name", row->facility_name);
    api_text(json, "facility_phone", row->facility_phone);
    json_put_text(json, "care", row->care);
    json_put_day(json, "start", row->start);
    json_put_day(json, "end", row->end);
    json_put_int(json, "units", row->units);
    json_put_int(json, "fee", row->fee.n);
    json_put_text(json, "household_class", row->household_class);
    api_instant(json, "answer_by", row->answer_by);
    api_instant(json, "free_cancel_until", row->free_cancel_until);
    api_id(json, "change_of", row->change_of.n);
    api_id(json, "changing_to", row->changing_to.n);
    json_put_bool(json, "proposed", row->proposed);
    put_late_change(json, row->change_fee, row->change_units);
    api_text(json, "message", row->message);
    api_text(json, "reason", row->reason);
    if (text_is(row->state, "cancelled") || text_is(row->state, "no-show")) {
        json_put_int(json, "cancel_fee", row->cancel_fee.n);
    }
    json_put_text(json, "origin", row->origin);
    json_put_instant(json, "created_at", row->created_at);
    json_put_instant(json, "changed_at", row->changed_at);
    json_put_int(json, "version", row->version);
    if (role_is_staff(x->call.actor.role)) {
        json_put_int(json, "contract_price", row->contract_price.n);
        api_text(json, "report", row->report);
        put_resident(json, row);
    }
}

/* The wish in the form that POST /waits takes, and the one facility by name. */
static void put_wish(struct json_out *json, const void *ctx) {
    const struct book_outcome *outcome = ctx;
    const struct book_ask *wished = &outcome->wished;
    if (!outcome->wait_possible) {
        return;
    }
    json_put_object(json, "wait");
    json_put_id(json, "facility", wished->facility.n);
    json_put_array(json, "facilities");
    json_put_id(json, NULL, wished->facility.n);
    json_put_array_end(json);
    json_put_text(json, "care", wished->care);
    json_put_day(json, "from", wished->start);
    json_put_day(json, "to", wished->end);
    json_put_int(json, "nights", day_diff(wished->end, wished->start));
    json_put_object_end(json);
}

void booking_answer(struct exchange *x, struct arena *arena, int status, const struct book_outcome *outcome,
                    struct idem_answer *ret_answer) {
    if (!outcome->verdict.allowed) {
        struct problem problem = refusal_problem(x, arena, &outcome->verdict.refused);
        problem.more = put_wish;
        problem.ctx = outcome;
        answer_problem(arena, ret_answer, &problem);
        return;
    }
    struct api_out out;
    struct json_out *json = api_begin(&out, arena);
    json_put_id(json, "id", outcome->id.n);
    json_put_text(json, "state", booking_state_code(outcome->state));
    json_put_int(json, "units", outcome->units);
    json_put_int(json, "fee", outcome->fee.n);
    api_instant(json, "answer_by", outcome->answer_by);
    json_put_bool(json, "proposed", outcome->proposed);
    put_late_change(json, outcome->cancel_fee, outcome->units_charged);
    json_put_int(json, "version", outcome->version);
    api_render(ret_answer, status, &out);
    if (status == 201) {
        ret_answer->location = text_printf(arena, "%.*s/api/v1/bookings/%.*s", TEXT_F(x->base),
                                           TEXT_F(id_format(arena, outcome->id.n)));
    }
}
