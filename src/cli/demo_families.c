/* Twenty invented families, from the account that applied for nothing yet to the one that has used all her days. */
#include "cli/demo.h"

#include <string.h>

#include "profile/profile.h"
#include "service/registration.h"

enum { OFFICE_OPENS = 540 };

struct family {
    const char *state;
    const char *login;
    const char *name;
    const char *kana;
    int32_t born;    /* days ago; below 0: due in so many days */
    int32_t applied; /* days ago */
    const char *household_class;
    int infants;
    const char *child;
};

static const struct family families[DEMO_RESIDENTS] = {
    {"unregistered", "unregistered1", "佐々木 春菜", "ササキ ハルナ", 9, 0, NULL, 0, NULL},
    {"unregistered", "unregistered2", "吉岡 由紀", "ヨシオカ ユキ", -20, 0, NULL, 0, NULL},
    {"submitted", "submitted1", "宮本 彩花", "ミヤモト アヤカ", 12, 4, "taxed", 1, "蓮"},
    {"submitted", "submitted2", "岡田 智美", "オカダ トモミ", -40, 2, "taxed", 1, ""},
    {"submitted", "submitted3", "三浦 紗英", "ミウラ サエ", 20, 1, "exempt", 1, "芽衣"},
    {"returned", "returned1", "松田 綾", "マツダ アヤ", 15, 4, "taxed", 1, "湊"},
    {"approved", "approved1", "田中 美咲", "タナカ ミサキ", 16, 6, "taxed", 1, "陽向"},
    {"approved", "approved2", "山口 恵", "ヤマグチ メグミ", 18, 6, "taxed", 1, "紬"},
    {"approved", "approved3", "井上 千夏", "イノウエ チナツ", 20, 7, "taxed", 1, "律"},
    {"approved", "approved4", "木村 沙織", "キムラ サオリ", 22, 7, "taxed", 1, "凪"},
    {"approved", "approved5", "林 香織", "ハヤシ カオリ", 24, 8, "taxed", 1, "葵"},
    {"approved", "approved6", "清水 真由", "シミズ マユ", 26, 8, "taxed", 1, "樹"},
    {"approved", "approved7", "池田 友香", "イケダ ユカ", 28, 9, "taxed", 1, "結衣"},
    {"approved", "approved8", "橋本 里奈", "ハシモト リナ", 30, 14, "taxed", 1, "朝陽"},
    {"approved", "approved9", "阿部 さくら", "アベ サクラ", 33, 14, "taxed", 1, "澪"},
    {"exempt", "exempt1", "石川 久美", "イシカワ クミ", 30, 18, "exempt", 1, "暖"},
    {"exempt", "exempt2", "前田 奈々", "マエダ ナナ", 38, 20, "exempt", 1, "翠"},
    {"twins", "twins1", "小川 明日香", "オガワ アスカ", 28, 15, "taxed", 2, "奏"},
    {"twins", "twins2", "後藤 優子", "ゴトウ ユウコ", 35, 17, "taxed", 2, "新"},
    {"used_up", "used_up1", "近藤 佳代", "コンドウ カヨ", 68, 58, "taxed", 1, "心春"},
};

static struct registration_child child_of(const struct demo *demo, const struct family *family, int n) {
    bool born = family->born >= 0;
    struct registration_child child = {
        .name = n == 0 ? text_of(family->child) : TEXT("光"),
        .birth_date = born ? demo_day(demo, -family->born) : DAY_NONE,
        .due_date = born ? DAY_NONE : demo_day(demo, -family->born),
    };
    if (born && family->infants > 1) { /* twins come a little early */
        child.gestation_days = 37 * 7 + 2;
        child.weight_g = 2550 - 60 * n;
        child.due_date = demo_day(demo, -family->born + 19);
    }
    return child;
}

static struct registration_form form_of(const struct demo *demo, const struct family *family, size_t row) {
    struct registration_form form = {
        .mother_name = text_of(family->name),
        .mother_kana = text_of(family->kana),
        .mother_birth_date = demo_day(demo, -(int32_t)(365 * (25 + row % 14) + 17 * row)),
        .postal_code = text_printf(demo->arena, "573%04zu", 20 + row),
        .address = text_printf(demo->arena, "大阪府枚方市中部町%zu番地（架空の住所）", row + 1),
        .phone = text_printf(demo->arena, "090-0000-00%02zu", row + 10),
        .household_class = text_of(family->household_class),
        .note = row % 3 == 0 ? TEXT("夜にあまり眠れていません。") : TEXT(""),
    };
    form.child_count = (size_t)family->infants;
    for (int i = 0; i < family->infants; i++) {
        form.children[i] = child_of(demo, family, i);
    }
    const struct programme *programme =
        programme_at(house_city_at(&demo->house, 0)->rules, demo_day(demo, 0));
    for (int32_t i = 0; programme != NULL && i < programme->consent_count; i++) {
        form.consents[form.consent_count++] = programme->consents[i].code;
    }
    return form;
}

static bool state_is(const struct family *family, const char *state) {
    return strcmp(family->state, state) == 0;
}

static enum rc interview(struct demo *demo, const struct family *family, struct registration_id id,
                         size_t row) {
    static const struct text needs[] = {TEXT_INIT("rest"), TEXT_INIT("feeding")};
    struct registration_outcome outcome = {0};
    struct call call = demo_call(demo, demo_as(demo, ROLE_COORDINATOR, row % 2),
                                 demo_moment(demo, -family->applied, OFFICE_OPENS + 60));
    enum rc rc = registration_interview(
        &call, id, TEXT("電話でお話しした。授乳の間隔と夜の眠りについて相談。まず日帰りからと話した。"),
        needs, 1 + row % 2, &outcome);
    return demo_allowed(demo, rc, &outcome.verdict, "interview");
}

static enum rc decide(struct demo *demo, const struct family *family, struct registration_id id, size_t row) {
    struct registration_outcome outcome = {0};
    struct registration_decision decision = {
        .class_proven = DAY_NONE,
        .id = id,
        .household_class = text_of(family->household_class),
        .valid_from = DAY_NONE,
        .valid_to = DAY_NONE,
        .reason = TEXT("転入の日を確認したいので、住所の欄に転入日を書き足してください。"),
    };
    struct call call = demo_call(demo, demo_as(demo, ROLE_COORDINATOR, row % 2),
                                 demo_moment(demo, -family->applied, OFFICE_OPENS + 120));
    enum rc rc = state_is(family, "returned") ? registration_return(&call, &decision, &outcome)
                                              : registration_approve(&call, &decision, &outcome);
    return demo_allowed(demo, rc, &outcome.verdict, family->login);
}

/* Approved before the new tax year began: the city has found the class again since. */
static enum rc class_again(struct demo *demo, const struct family *family, struct registration_id id,
                           size_t row) {
    struct instant now = demo_moment(demo, 0, 0);
    struct call call = demo_call(demo, demo_as(demo, ROLE_COORDINATOR, row % 2), now);
    const struct programme *programme = programme_at(call.city->rules, instant_day(now));
    struct day decided = instant_day(demo_moment(demo, -family->applied, 0));
    bool approved = !state_is(family, "returned");
    if (!approved || programme == NULL ||
        class_tax_year(programme, decided) == class_tax_year(programme, instant_day(now))) {
        return RC_OK;
    }
    struct registration_outcome outcome = {0};
    struct registration_decision decision = {.id = id,
                                             .household_class = text_of(family->household_class),
                                             .valid_from = DAY_NONE,
                                             .valid_to = DAY_NONE,
                                             .class_proven = DAY_NONE};
    enum rc rc = registration_class(&call, &decision, &outcome);
    return demo_allowed(demo, rc, &outcome.verdict, family->login);
}

/* Applied the evening before the coordinator reads it. */
static enum rc apply(struct demo *demo, const struct family *family, size_t row) {
    struct registration_form form = form_of(demo, family, row);
    struct registration_outcome outcome = {0};
    const struct demo_account *account = &demo->accounts[demo->account_count - 1];
    struct instant at = demo_moment(demo, -family->applied - 1, 21 * 60 + (int32_t)row);
    struct call call = demo_call(demo, demo_caller(account), at);
    enum rc rc = registration_submit(&call, &form, &outcome);
    rc = demo_allowed(demo, rc, &outcome.verdict, family->login);
    if (rc != RC_OK || state_is(family, "submitted")) {
        bool talked = state_is(family, "submitted") && family->applied > 2;
        return rc == RC_OK && talked ? interview(demo, family, outcome.id, row) : rc;
    }
    rc = interview(demo, family, outcome.id, row);
    rc = rc == RC_OK ? decide(demo, family, outcome.id, row) : rc;
    return rc == RC_OK ? class_again(demo, family, outcome.id, row) : rc;
}

enum rc demo_fill_families(struct demo *demo) {
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < DEMO_RESIDENTS; i++) {
        const struct family *family = &families[i];
        struct demo_person person = {
            .role = ROLE_RESIDENT, .login = family->login, .name = family->name, .state = family->state};
        struct account_id id;
        rc = demo_account_add(demo, &person, demo_moment(demo, -family->applied - 1, 20 * 60), &id);
        if (rc == RC_OK && family->household_class != NULL) {
            rc = apply(demo, family, i);
        }
    }
    return rc;
}
