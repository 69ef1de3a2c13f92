#include "web/api/registration_json.h"

void registration_members(struct json_out *json, const struct registration_row *row) {
    json_put_id(json, "id", row->id.n);
    json_put_text(json, "state", row->state);
    json_put_id(json, "resident", row->account.n);
    json_put_object(json, "mother");
    json_put_text(json, "name", row->mother_name);
    json_put_text(json, "kana", row->mother_kana);
    json_put_day(json, "birth_date", row->mother_birth_date);
    json_put_text(json, "postal_code", row->postal_code);
    json_put_text(json, "address", row->address);
    json_put_text(json, "phone", row->phone);
    api_text(json, "email", row->email);
    json_put_object_end(json);
    json_put_text(json, "household_class", row->household_class);
    json_put_text(json, "note", row->note);
    api_text(json, "reason", row->reason);
    json_put_int(json, "child_count", row->children);
    api_day(json, "first_birth", row->first_birth);
    json_put_int(json, "interview_count", row->interviews);
    json_put_instant(json, "submitted_at", row->submitted_at);
    api_instant(json, "decided_at", row->decided_at);
    json_put_int(json, "version", row->version);
}

void registration_children(struct json_out *json, const struct registration_detail *detail) {
    json_put_array(json, "children");
    for (size_t i = 0; i < detail->child_count; i++) {
        const struct child_row *child = &detail->children[i];
        json_put_object(json, NULL);
        json_put_id(json, "id", child->id.n);
        api_text(json, "name", child->name);
        api_day(json, "birth_date", child->birth_date);
        api_day(json, "due_date", child->due_date);
        if (child->gestation_days > 0) {
            json_put_int(json, "gestation_days", child->gestation_days);
        }
        if (child->weight_g > 0) {
            json_put_int(json, "weight_g", child->weight_g);
        }
        json_put_object_end(json);
    }
    json_put_array_end(json);
}

void registration_pools(struct json_out *json, const struct registration_detail *detail) {
    json_put_array(json, "pools");
    for (size_t i = 0; i < detail->pool_count; i++) {
        const struct pool_row *pool = &detail->pools[i];
        json_put_object(json, NULL);
        json_put_text(json, "pool", pool->pool);
        json_put_int(json, "granted", pool->granted);
        json_put_int(json, "used", pool->used);
        json_put_int(json, "booked", pool->booked);
        json_put_int(json, "left", pool->left);
        json_put_object_end(json);
    }
    json_put_array_end(json);
}

static void answer_faults(struct arena *arena, const struct registration_outcome *outcome,
                          struct idem_answer *ret_answer) {
    struct api_fault rows[REGISTRATION_FAULTS_MAX];
    for (size_t i = 0; i < outcome->fault_count; i++) {
        rows[i] = (struct api_fault){outcome->faults[i].code, outcome->faults[i].at};
    }
    struct api_faults faults = {rows, outcome->fault_count};
    struct problem problem = api_fault_problem(&faults);
    answer_problem(arena, ret_answer, &problem);
}

void registration_answer(struct exchange *x, struct arena *arena, int status,
                         const struct registration_outcome *outcome, struct idem_answer *ret_answer) {
    if (outcome->fault_count > 0) {
        answer_faults(arena, outcome, ret_answer);
        return;
    }
    if (api_refused(x, arena, &outcome->verdict, ret_answer)) {
        return;
    }
    struct api_out out;
    struct json_out *json = api_begin(&out, arena);
    json_put_id(json, "id", outcome->id.n);
    json_put_text(json, "state", registration_state_code(outcome->state));
    json_put_int(json, "version", outcome->version);
    api_render(ret_answer, status, &out);
}

void registration_render(void *ctx, struct arena *arena, const void *outcome,
                         struct idem_answer *ret_answer) {
    registration_answer(ctx, arena, 200, outcome, ret_answer);
}
