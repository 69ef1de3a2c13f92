#include "cli/demo_print.h"

#include <stdio.h>

struct hint {
    const char *login;
    const char *what;
};

static const struct hint hints[] = {
    {"approved1", "利用者: 承認済み、7日すべて残っている (approved1 … approved7)"},
    {"approved8", "利用者: いま宿泊中"},
    {"approved9", "利用者: 予約の変更を申込み中、キャンセル待ちもある"},
    {"unregistered1", "利用者: まだ利用登録をしていない"},
    {"returned1", "利用者: 利用登録が差し戻された"},
    {"exempt1", "利用者: 非課税世帯"},
    {"twins1", "利用者: ふたご"},
    {"used_up1", "利用者: 7日を使い切った"},
    {"facility1", "施設の職員: 淀見の丘 産婦人科 (facility1 … facility11)"},
    {"coordinator1", "市: 母子保健コーディネーター"},
    {"admin", "市: 管理者"},
    {"auditor", "市: 監査"},
};

void demo_print(struct arena *arena, const struct demo_folder *folder, struct text url) {
    printf("\n枚方市 産後ケアのデモです。人も施設もすべて架空です。止めるには Ctrl+C。\n\n");
    printf("  画面        %.*s/\n", TEXT_F(url));
    printf("  API の説明  %.*s/api/openapi.json\n", TEXT_F(url));
    printf("  メール      %s\n", folder_file(arena, folder, "mail").p);
    printf("  全アカウント %s\n\n", folder_file(arena, folder, "accounts.json").p);
    printf("  パスワードは全員 %s\n", DEMO_PASSWORD);
    printf("  職員の確認コード (6桁) は: sango code --dir %.*s\n\n", TEXT_F(folder->path));
    for (size_t i = 0; i < COUNT(hints); i++) {
        printf("  %-30s %s\n", text_printf(arena, "%s@demo.example.jp", hints[i].login).p, hints[i].what);
    }
    putchar('\n');
    fflush(stdout);
}
