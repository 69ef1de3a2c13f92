/* Any bytes are a profile or are refused with a place and a sentence; whatever is accepted answers every request
 * without a negative fee. */
#include <assert.h>
#include <stdint.h>

#include "profile/answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ask(struct arena *arena, const struct profile *profile, struct text care, int32_t offset,
                int32_t nights) {
    const struct programme *programme = profile->programmes.versions[0];
    static struct quote_case c;
    facts_init(&c.facts);
    c.facts.calendar = &profile->city.calendar;
    c.facts.household_class = programme->classes[programme->class_count - 1].code;
    c.facts.now = day_at(day_add(programme->valid_from, offset - 2), 600);
    c.facts.child_count = 2;
    c.facts.children[0] = (struct child){.birth = day_add(programme->valid_from, -40),
                                         .due = programme->valid_from,
                                         .gestation_days = 240,
                                         .weight_g = 2000};
    c.facts.children[1] = c.facts.children[0];
    c.facts.grant.approved = true;
    c.facts.facility.care_count = 1;
    c.facts.facility.cares[0] = (struct facility_care){
        .care = care, .offered = true, .priced = true, .price = {33333}, .extra = {777}};
    c.facts.history_count = 1;
    c.facts.history[0] =
        (struct past_use){care, day_add(programme->valid_from, 1), day_add(programme->valid_from, 1 + nights),
                          BOOKING_COMPLETED, true};
    struct day start = day_add(programme->valid_from, offset);
    c.request = (struct request){care, start, day_add(start, nights)};
    c.cancel_at = day_at(start, 0);
    struct case_answer answer;
    case_answer(profile, &c, &answer);
    assert(answer.quote.total.n >= 0 && answer.quote.total.n <= answer.quote.unreduced.n);
    assert(answer.cancel.fee.n >= 0);
    assert(case_answer_json(arena, &c, &answer).n > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size > 20000) {
        return 0;
    }
    struct arena arena;
    arena_init(&arena, (size_t)64 << 20);
    struct profile profile;
    struct profile_faults faults;
    if (profile_load(&arena, (struct text){(const char *)data, size}, &profile, &faults)) {
        const struct programme *programme = profile.programmes.versions[0];
        for (int32_t i = 0; i < programme->care_count; i++) {
            for (int32_t nights = 0; nights < 9; nights += 3) {
                ask(&arena, &profile, programme->cares[i].code, 30 * nights, nights);
            }
        }
    } else {
        assert(faults.count > 0 && faults.rows[0].sentence.n > 0);
    }
    arena_release(&arena);
    return 0;
}
