#include "service/notice_word.h"

#include <assert.h>
#include <string.h>

#include "base/buf.h"
#include "service/write.h"

static const struct {
    const char *kind;
    const char *subject;
    const char *body;
} words[] = {
    /* accounts */
    {"account-confirm", "メールアドレスの確認をお願いします",
     "ご登録ありがとうございます。\n下のリンクを開いて、メールアドレスの確認を済ませてください。"
     "リンクは{until}まで使えます。\n\nお心当たりがないときは、このメールは破棄してください。"},
    {"account-known", "ご登録についてのお知らせ",
     "このメールアドレスは、すでに登録されています。\n下のリンクからサインインできます。"
     "パスワードをお忘れのときは、同じ画面の「パスワードを忘れた方」から設定し直せます。\n\n"
     "お心当たりがないときは、このメールは破棄してください。"},
    {"account-reset", "パスワードの設定",
     "下のリンクを開いて、新しいパスワードを設定してください。リンクは{until}まで使えます。\n\n"
     "お心当たりがないときは、このメールは破棄してください。パスワードは変わりません。"},
    {"account-invite", "アカウントが用意されました",
     "アカウントが用意されました。下のリンクを開いて、パスワードを設定してください。リンクは{until}まで使えます。\n"
     "サインインには、別にお渡しする確認コードの設定も必要です。"},
    {"account-password", "パスワードを変更しました",
     "パスワードを変更し、ほかの端末からはサインアウトしました。\n\n"
     "お心当たりがないときは、すぐに下のリンクからパスワードを設定し直し、窓口へお知らせください。"},
    {"account-totp", "2段階のサインインの設定を変えました",
     "2段階のサインインを{what}。\n\nお心当たりがないときは、すぐにパスワードを設定し直し、"
     "窓口へお知らせください。"},
    /* registrations */
    {"registration-submitted", "利用前登録を受け付けました",
     "{name} 様\n\n利用前登録を受け付けました。担当者が内容を確認し、お電話などでお話をうかがいます。"
     "結果はこの画面とメールでお知らせします。"},
    {"registration-arrived", "利用前登録が届きました",
     "新しい利用前登録が届きました。内容をご確認ください。"},
    {"registration-returned", "利用前登録の内容をご確認ください",
     "{name} 様\n\n利用前登録について、直していただきたいところがあります。"
     "下のリンクから理由をご確認のうえ、もう一度お送りください。入力した内容は残っています。"},
    {"registration-approved", "利用が承認されました",
     "{name} 様\n\n利用が承認されました。（承認番号 {number}）\n{from}から{to}まで利用できます。"
     "空き状況を見て、そのままご予約いただけます。"},
    {"registration-rejected", "利用前登録の結果をお知らせします",
     "{name} 様\n\n利用前登録の結果が出ました。下のリンクから内容と理由をご確認ください。"
     "ご不明な点は、窓口へお気軽にお問い合わせください。"},
    {"registration-withdrawn", "利用前登録を取り下げました",
     "{name} 様\n\n利用前登録を取り下げました。必要になったときは、いつでも登録し直せます。"},
    {"registration-birth", "お子さまの情報が更新されました",
     "利用前登録の、お子さまの情報が更新されました。"},
    /* bookings */
    {"booking-requested", "予約の申込みを受け付けました",
     "{facility}へ申込みを送りました。まだ確定ではありません。\n{when}\n"
     "{until}までに返事をお知らせします。"},
    {"booking-arrived", "予約の申込みが届きました",
     "予約の申込みが届きました。{until}までにお返事をお願いします。"},
    {"booking-confirmed", "予約が確定しました",
     "予約が確定しました。\n{facility}\n{when}\n持ち物と行き方は、下のリンクで確認できます。"},
    {"booking-declined", "予約の申込みの結果をお知らせします",
     "{facility}（{when}）は、今回お受けできませんでした。\n"
     "ほかの施設の空きをさがすことも、キャンセル待ちをすることもできます。"},
    {"booking-lapsed", "予約の申込みが期限を過ぎました",
     "{facility}（{when}）から、期限までに返事がありませんでした。申込みは終了し、日数は戻りました。\n"
     "ほかの施設の空きをさがすことも、キャンセル待ちをすることもできます。"},
    {"booking-cancelled", "予約を取り消しました", "予約を取り消しました。\n{facility}\n{when}"},
    {"booking-changed", "予約を変更しました", "予約を変更しました。\n{facility}\n{when}"},
    {"booking-shortfall", "予約について窓口からご連絡します",
     "{facility}（{when}）の予約について、施設または窓口からご連絡します。予約はそのまま残っています。"},
    /* waits and offers */
    {"wait-added", "キャンセル待ちを受け付けました",
     "キャンセル待ちを受け付けました。空きが出たらお知らせします。"},
    {"wait-closed", "キャンセル待ちを終了しました",
     "キャンセル待ちを終了しました。必要なときは、もう一度申し込めます。"},
    {"offer-open", "空きが出ました",
     "お待ちの枠に空きが出ました。\n{facility}\n{when}\n{until}まで、この枠を確保しています。"
     "下のリンクから、お返事をお願いします。"},
    {"offer-expired", "空きのご案内が期限を過ぎました",
     "{facility}（{when}）のご案内は期限を過ぎたため、次の方へご案内しました。"},
};

static struct text template_of(const char *kind, enum notice_part part) {
    for (size_t i = 0; i < COUNT(words); i++) {
        if (strcmp(words[i].kind, kind) == 0) {
            return text_of(part == NOTICE_WORD_SUBJECT ? words[i].subject : words[i].body);
        }
    }
    assert(false && "this kind of notice has no words");
    return TEXT("");
}

static struct text arg_of(struct text name, const struct notice_arg *args, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (text_is(name, args[i].name)) {
            return args[i].value;
        }
    }
    assert(false && "the words have a place that was given no argument");
    return TEXT("");
}

struct text notice_word(struct arena *arena, const char *kind, enum notice_part part,
                        const struct notice_arg *args, size_t count) {
    struct text rest = template_of(kind, part);
    struct buf out;
    buf_init(&out, arena);
    size_t open = text_index(rest, '{');
    while (open < rest.n) {
        size_t close = text_index(rest, '}');
        assert(close < rest.n && close > open);
        buf_put(&out, text_part(rest, 0, open));
        buf_put(&out, arg_of(text_part(rest, open + 1, close), args, count));
        rest = text_part(rest, close + 1, rest.n);
        open = text_index(rest, '{');
    }
    buf_put(&out, rest);
    return buf_text(&out);
}
