/* Eleven invented facilities: what they say of themselves, who works there, how many places they open, and the days
 * on which births leave them none. */
#include "cli/demo.h"

#include "service/capacity.h"

enum { SUNDAY = 1, NO_BLOCK = 0 };

struct place {
    const char *kind;
    const char *ward;
    const char *name;
    const char *kana;
    const char *staff;
    const char *introduction;
    int64_t stay; /* places a day */
    int64_t day;
    bool sundays;           /* day care on Sundays too */
    int32_t block;          /* first day of three without a bed, NO_BLOCK for none; repeats every 23 days */
    int64_t answer_hours;   /* -1: the city's rule */
    const char *lapse_to;   /* "": the city's rule */
    int64_t age_months_max; /* 0: the city's window */
    bool multiples;
};

static const struct place places[DEMO_FACILITIES] = {
    {"clinic", "北部", "淀見の丘 産婦人科", "ヨドミノオカ サンフジンカ", "大野 佳奈",
     "川を見わたす静かな個室です。授乳のご相談に時間をかけています。", 3, 4, true, NO_BLOCK, -1, "", 0, true},
    {"hospital", "中部", "天野の里 母子医療センター", "アマノノサト ボシイリョウセンター", "原 美和",
     "小児科の医師が毎日赤ちゃんを診ます。双子の方もどうぞ。", 3, 4, true, NO_BLOCK, -1, "", 0, true},
    {"midwifery", "中部", "つむぎの木 助産院", "ツムギノキ ジョサンイン", "岸本 理恵",
     "一日三組までの小さな助産院です。食事は手作りです。", 3, 3, true, NO_BLOCK, -1, "", 0, true},
    {"clinic", "東部", "菊がさね レディースクリニック", "キクガサネ レディースクリニック", "平田 麻衣",
     "眠る時間を何より大切にしています。", 2, 2, false, 9, 4, "", 0, false},
    {"midwifery", "南部", "菊水ほたる 助産院", "キクスイホタル ジョサンイン", "長谷川 泉",
     "畳の部屋で、赤ちゃんとゆっくり過ごせます。", 1, 2, false, 5, -1, "", 0, false},
    {"clinic", "東部", "東野ひばり 産科クリニック", "ヒガシノヒバリ サンカクリニック", "小林 優",
     "上のお子さんもいっしょに日帰りで来られます。", 2, 3, true, NO_BLOCK, -1, "", 0, true},
    {"hospital", "北部", "七夕坂 総合病院", "タナバタザカ ソウゴウビョウイン", "藤原 直子",
     "産科病棟の個室をお使いいただきます。夜間も助産師がいます。", 2, 2, false, 12, -1, "accept", 0, true},
    {"midwifery", "北部", "こもれび川 助産所", "コモレビガワ ジョサンショ", "村井 京子",
     "母乳もミルクも、ご本人の望むかたちで支えます。", 1, 2, false, 7, -1, "", 0, false},
    {"hospital", "南部", "ふもと野 記念病院", "フモトノ キネンビョウイン", "坂口 真理",
     "生後3か月になる前の赤ちゃんとお母さんをお迎えします。", 2, 1, false, 15, 12, "", 3, false},
    {"clinic", "南部", "百済の鐘 ウィメンズクリニック", "クダラノカネ ウィメンズクリニック", "江口 舞",
     "心の相談に心理士が応じます。", 1, 2, true, NO_BLOCK, -1, "", 0, true},
    {"midwifery", "中部", "まどかの家 助産院", "マドカノイエ ジョサンイン", "石橋 文",
     "家に帰ったような場所を目ざしています。", 2, 2, true, NO_BLOCK, -1, "", 0, true},
};

static struct caller city_admin(const struct demo *demo) {
    return demo_as(demo, ROLE_CITY_ADMIN, 0);
}

static struct care_terms care_of(const struct place *place, const char *care, int64_t contract_price) {
    return (struct care_terms){.care = text_of(care),
                               .age_months_max = place->age_months_max,
                               .price = -1,
                               .contract_price = contract_price,
                               .answer_hours = place->answer_hours,
                               .lapse_to = text_of(place->lapse_to)};
}

static enum rc add_place(struct demo *demo, size_t i) {
    const struct place *place = &places[i];
    struct arena *arena = demo->arena;
    int number = (int)i + 1;
    struct facility_new new = {
        .about.code = text_printf(arena, "F%02d", number),
        .about.name = text_of(place->name),
        .about.kana = text_of(place->kana),
        .about.kind = text_of(place->kind),
        .about.ward = text_of(place->ward),
        .about.postal_code = text_printf(arena, "573%04d", number),
        .about.address = text_printf(arena, "大阪府枚方市%s町%d番地（架空の住所）", place->ward, number),
        .words.phone = text_printf(arena, "072-000-01%02d", number),
        .words.email = text_printf(arena, "facility%d@demo.example.jp", number),
        .words.introduction = text_printf(arena, "%s（デモ用の架空の施設です）", place->introduction),
        .words.access = text_printf(arena, "%s停留所から歩いて%d分。駐車場%d台。", place->ward,
                                    3 + number % 5, 2 + number % 4),
        .words.bring = TEXT("母子健康手帳、利用承認の通知、着替え、おむつ、ふだん使っている哺乳びん"),
        .words.multiples = place->multiples,
        .words.siblings = i % 3 == 2,
        .words.partner = i % 2 == 0,
        .cares = {care_of(place, "stay", 30000 + 500 * number), care_of(place, "day", 15000 + 200 * number)},
        .care_count = 2,
    };
    struct call call = demo_call(demo, city_admin(demo), demo_moment(demo, -DEMO_DAYS_BEFORE, 560));
    enum rc rc = facility_add(&call, &new, &demo->facilities[i]);
    return demo_allowed(demo, rc, &(struct verdict){.allowed = true}, "facility");
}

static enum rc add_staff(struct demo *demo, size_t i) {
    struct demo_person person = {.role = ROLE_FACILITY,
                                 .login = text_printf(demo->arena, "facility%zu", i + 1).p,
                                 .name = places[i].staff,
                                 .facility = demo->facilities[i]};
    struct account_id id;
    return demo_account_add(demo, &person, demo_moment(demo, -DEMO_DAYS_BEFORE, 570), &id);
}

/* ---- places of each day ---- */

struct opening {
    const char *care;
    int64_t capacity;
    uint8_t weekdays;
};

static enum rc open_days(struct demo *demo, size_t i, const struct opening *opening) {
    struct capacity_ask ask = {.facility = demo->facilities[i],
                               .care = text_of(opening->care),
                               .from = demo_day(demo, -DEMO_DAYS_BEFORE / 2),
                               .to = demo_day(demo, DEMO_DAYS_AHEAD),
                               .capacity = opening->capacity,
                               .weekdays = opening->weekdays};
    struct call call =
        demo_call(demo, demo_as(demo, ROLE_FACILITY, i), demo_moment(demo, -DEMO_DAYS_BEFORE, 600));
    struct capacity_outcome outcome = {0};
    enum rc rc = capacity_set(&call, &ask, &outcome);
    return demo_allowed(demo, rc, &outcome.verdict, "capacity");
}

/* Beds that a birth needs: three days now and then, stay only. */
static enum rc block_days(struct demo *demo, size_t i) {
    const struct place *place = &places[i];
    enum rc rc = RC_OK;
    for (int32_t from = place->block; rc == RC_OK && from != NO_BLOCK && from < DEMO_DAYS_AHEAD - 3;
         from += 23) {
        struct block_ask ask = {.facility = demo->facilities[i],
                                .care = TEXT("stay"),
                                .from = demo_day(demo, from),
                                .to = demo_day(demo, from + 2),
                                .beds = place->stay,
                                .reason = TEXT("お産が重なるため")};
        struct call call = demo_call(demo, demo_as(demo, ROLE_FACILITY, i), demo_moment(demo, -2, 510));
        struct capacity_outcome outcome = {0};
        rc = capacity_block(&call, &ask, &outcome);
        rc = demo_allowed(demo, rc, &outcome.verdict, "block");
    }
    return rc;
}

enum rc demo_fill_places(struct demo *demo) {
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < DEMO_FACILITIES; i++) {
        rc = add_place(demo, i);
        rc = rc == RC_OK ? add_staff(demo, i) : rc;
        rc = rc == RC_OK ? open_days(demo, i, &(struct opening){"stay", places[i].stay, 0}) : rc;
        rc = rc == RC_OK ? open_days(demo, i, &(struct opening){"day", places[i].day, 0}) : rc;
        if (rc == RC_OK && !places[i].sundays) {
            rc = open_days(demo, i, &(struct opening){"day", 0, SUNDAY});
        }
        rc = rc == RC_OK ? block_days(demo, i) : rc;
    }
    return rc;
}
