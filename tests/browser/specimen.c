/* specimen FOLDER: writes the specimen page as FOLDER/index.html and the static files below FOLDER/static/, for
 * specimen.mjs to look at. */
#include <stdio.h>
#include <sys/stat.h>

#include "specimen_page.h"
#include "web/asset.h"

static const struct nav_item NAV[] = {
    {TEXT_INIT("/vacancies"), TEXT_INIT("空きをさがす"), 0, true},
    {TEXT_INIT("/bookings"), TEXT_INIT("わたしの予約"), 2, false},
    {TEXT_INIT("/registration"), TEXT_INIT("申請の状況"), 0, false},
    {TEXT_INIT("/account"), TEXT_INIT("設定"), 0, false},
};
static const struct error_item ERRORS[] = {
    {TEXT_INIT("email"), TEXT_INIT("メールアドレスは、name@example.jp のような形で入力してください。")},
    {TEXT_INIT("birth"), TEXT_INIT("生年月日は、あるはずの日付を入力してください。")},
    {TEXT_INIT(""), TEXT_INIT("ほかの人が先に更新しました。")},
};
static const struct step STEPS[] = {
    {TEXT_INIT("受付"), TEXT_INIT("11月2日"), TEXT_INIT("/r/1"), TONE_GOOD},
    {TEXT_INIT("書類の確認"), TEXT_INIT("足りない書類があります"), TEXT_INIT(""), TONE_BAD},
    {TEXT_INIT("面談"), TEXT_INIT("11月9日までにお電話します"), TEXT_INIT(""), TONE_WAIT},
    {TEXT_INIT("承認"), TEXT_INIT(""), TEXT_INIT(""), TONE_PLAIN},
};
static const struct field_view FIELDS[] = {
    {.name = TEXT_INIT("family"),
     .label = TEXT_INIT("お名前（姓）"),
     .value = TEXT_INIT("枚方"),
     .required = true,
     .autocomplete = TEXT_INIT("family-name")},
    {.name = TEXT_INIT("email"),
     .label = TEXT_INIT("メールアドレス"),
     .hint = TEXT_INIT("確認のメールをお送りします。"),
     .value = TEXT_INIT("hanako@"),
     .error = TEXT_INIT("メールアドレスは、name@example.jp のような形で入力してください。"),
     .type = TEXT_INIT("email"),
     .autocomplete = TEXT_INIT("email"),
     .required = true},
    {.name = TEXT_INIT("password"),
     .label = TEXT_INIT("パスワード"),
     .type = TEXT_INIT("password"),
     .autocomplete = TEXT_INIT("current-password"),
     .required = true},
    {.name = TEXT_INIT("weight"),
     .label = TEXT_INIT("出生体重"),
     .suffix = TEXT_INIT("g"),
     .inputmode = TEXT_INIT("numeric"),
     .narrow = true,
     .length = 4},
};
static const struct choice CLASSES[] = {
    {TEXT_INIT("general"), TEXT_INIT("一般世帯"), TEXT_INIT("下のどちらでもない方"), true},
    {TEXT_INIT("untaxed"), TEXT_INIT("住民税非課税世帯"), TEXT_INIT(""), false},
    {TEXT_INIT("welfare"), TEXT_INIT("生活保護世帯"), TEXT_INIT(""), false},
};
static const struct choice WISHES[] = {
    {TEXT_INIT("rest"), TEXT_INIT("ゆっくり眠りたい"), TEXT_INIT(""), true},
    {TEXT_INIT("breast"), TEXT_INIT("授乳の相談をしたい"), TEXT_INIT(""), false},
};
static const struct choice WARDS[] = {
    {TEXT_INIT(""), TEXT_INIT("選んでください"), TEXT_INIT(""), false},
    {TEXT_INIT("north"), TEXT_INIT("北部"), TEXT_INIT(""), true},
    {TEXT_INIT("south"), TEXT_INIT("南部"), TEXT_INIT(""), false},
};
static const struct summary_row SUMMARY[] = {
    {TEXT_INIT("施設"), TEXT_INIT("さくら助産院"), TEXT_INIT("/b/facility"), TEXT_INIT("施設を")},
    {TEXT_INIT("日にち"), TEXT_INIT("11月20日(金)10時から\n11月22日(日)10時まで（2日分）"),
     TEXT_INIT("/b/days"), TEXT_INIT("")},
    {TEXT_INIT("自己負担"), TEXT_INIT("6,200円"), TEXT_INIT(""), TEXT_INIT("")},
};

static void fill_month(struct calendar_day *days, struct calendar_view *ret_month) {
    static const enum mark marks[] = {MARK_FREE, MARK_FREE,   MARK_FEW, MARK_FULL,
                                      MARK_FREE, MARK_CLOSED, MARK_FULL};
    struct day first = day_of((struct ymd){2026, 11, 1});
    for (int32_t i = 0; i < 30; i++) {
        enum mark mark = i < 4 ? MARK_NONE : marks[i % 7];
        bool open = mark == MARK_FREE || mark == MARK_FEW;
        days[i] = (struct calendar_day){.day = day_add(first, i),
                                        .mark = mark,
                                        .left = mark == MARK_FEW ? 1 : 0,
                                        .url = open ? TEXT("/vacancies?d=1") : TEXT(""),
                                        .why = i == 3 ? TEXT("受付は終わりました") : TEXT(""),
                                        .today = i == 4,
                                        .chosen = i == 18,
                                        .holiday = i == 2 || i == 22};
    }
    *ret_month = (struct calendar_view){.id = TEXT("c1"),
                                        .caption = TEXT("2026年11月"),
                                        .after_url = TEXT("/vacancies?m=12"),
                                        .after_label = TEXT("12月"),
                                        .days = days,
                                        .count = 30};
}

static const struct grid_cell CELLS[] = {
    {TEXT_INIT("○ 2"), TEXT_INIT("空き2"), TEXT_INIT("/g"), TONE_GOOD},
    {TEXT_INIT("枚方"), TEXT_INIT(""), TEXT_INIT("/g"), TONE_WAIT},
    {TEXT_INIT("枚方"), TEXT_INIT(""), TEXT_INIT("/g"), TONE_WAIT},
    {TEXT_INIT("返事待ち"), TEXT_INIT(""), TEXT_INIT("/g"), TONE_WARN},
    {TEXT_INIT("分娩"), TEXT_INIT("分娩でふさぐ"), TEXT_INIT("/g"), TONE_BAD},
    {TEXT_INIT("―"), TEXT_INIT("休み"), TEXT_INIT(""), TONE_PLAIN},
    {TEXT_INIT("○ 1"), TEXT_INIT("空き1"), TEXT_INIT("/g"), TONE_GOOD},
};
static const struct grid_row ROWS[] = {
    {TEXT_INIT("個室 1"), TEXT_INIT("/room/1"), CELLS},
    {TEXT_INIT("個室 2"), TEXT_INIT(""), CELLS},
};

static struct html_safe page(struct arena *arena) {
    struct calendar_day *days = arena_array(arena, struct calendar_day, 30);
    struct day *week = arena_array(arena, struct day, 7);
    struct specimen v = {.errors = {ERRORS, COUNT(ERRORS)},
                         .steps = {TEXT("申請の流れ"), STEPS, COUNT(STEPS)},
                         .fields = FIELDS,
                         .field_count = COUNT(FIELDS)};
    v.birth = (struct field_date_view){
        .name = TEXT("birth"), .label = TEXT("赤ちゃんの生年月日"), .required = true};
    v.birth.hint = TEXT("例：2026 年 10 月 5 日");
    v.birth.error = TEXT("生年月日は、あるはずの日付を入力してください。");
    v.birth.year = TEXT("2026");
    v.birth.month = TEXT("13");
    v.due = (struct field_date_view){.name = TEXT("due"), .label = TEXT("出産予定日"), .birthday = false};
    v.due.year = TEXT("2026");
    v.due.month = TEXT("12");
    v.due.day = TEXT("24");
    v.due.era = day_era(arena, day_of((struct ymd){2026, 12, 24}));
    v.class =
        (struct field_choice_view){.name = TEXT("class"), .label = TEXT("世帯の区分"), .required = true};
    v.class.choices = CLASSES;
    v.class.count = COUNT(CLASSES);
    v.wishes = (struct field_choice_view){.name = TEXT("wish"), .label = TEXT("希望すること")};
    v.wishes.hint = TEXT("いくつでも選べます。");
    v.wishes.choices = WISHES;
    v.wishes.count = COUNT(WISHES);
    v.ward =
        (struct field_choice_view){.name = TEXT("ward"), .label = TEXT("お住まいの地域"), .required = true};
    v.ward.choices = WARDS;
    v.ward.count = COUNT(WARDS);
    v.worry = (struct field_area_view){.name = TEXT("worry"), .label = TEXT("気になること"), .length = 400};
    v.worry.value = TEXT("夜、眠れません。\n</textarea>");
    v.consent =
        (struct field_check_view){.name = TEXT("consent"), .label = TEXT("上の説明を読み、同意します")};
    v.consent.error = TEXT("同意が必要です。");
    v.summary = (struct summary_view){SUMMARY, COUNT(SUMMARY)};
    fill_month(days, &v.month);
    for (int32_t i = 0; i < 7; i++) {
        week[i] = day_of((struct ymd){2026, 11, 16 + i});
    }
    v.week =
        (struct grid_view){TEXT("g1"), TEXT("11月16日からの週"), TEXT("部屋"), week, 7, week[3], ROWS, 2};
    struct frame f = {
        .title = TEXT("部品の見本"), .city = TEXT("枚方市"), .nav = NAV, .nav_count = COUNT(NAV)};
    f.who = TEXT("枚方 花子さん");
    f.here = TEXT("/specimen");
    f.back = TEXT("/");
    f.notice = TEXT("設定を保存しました。");
    f.phone = TEXT("072-000-0000");
    f.desk = TEXT("枚方市 母子保健担当（平日9時〜17時30分）");
    f.faulty = true;
    struct html html;
    html_init(&html, arena);
    tmpl_specimen(&html, &f, &v);
    return html_done(&html);
}

static bool write_file(struct arena *arena, const char *folder, struct text name, struct text bytes) {
    FILE *file = fopen(text_printf(arena, "%s/%.*s", folder, TEXT_F(name)).p, "wb");
    if (file == NULL) {
        return false;
    }
    bool ok = fwrite(bytes.p, 1, bytes.n, file) == bytes.n;
    return fclose(file) == 0 && ok;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        (void)fprintf(stderr, "usage: specimen FOLDER\n");
        return 2;
    }
    struct arena arena;
    arena_init(&arena, 4 << 20);
    const char *below = text_printf(&arena, "%s/static", argv[1]).p;
    (void)mkdir(below, 0755);
    bool ok = write_file(&arena, argv[1], TEXT("index.html"), page(&arena).t);
    for (size_t i = 0; ok && i < asset_count; i++) {
        ok = write_file(&arena, below, assets[i].name, assets[i].bytes);
    }
    arena_release(&arena);
    return ok ? 0 : 1;
}
