/* Everything goes through one array of code points: NFKC by utf8proc, then small passes. */
#include "sys/textkey.h"

#include <string.h>
#include <uchar.h>
#include <utf8proc.h>

#include "base/buf.h"

struct points {
    utf8proc_int32_t *p;
    size_t n;
};

/* Code points of the NFKC form; empty when ill-formed. */
static struct points nfkc(struct arena *arena, struct text t) {
    const utf8proc_option_t options = UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_STABLE;
    const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)t.p;
    if (t.n == 0 || !text_utf8_ok(t)) {
        return (struct points){NULL, 0};
    }
    utf8proc_ssize_t size = utf8proc_decompose(bytes, (utf8proc_ssize_t)t.n, NULL, 0, options);
    if (size <= 0) {
        return (struct points){NULL, 0};
    }
    /* One more than needed: utf8proc may write a terminator. */
    utf8proc_int32_t *p = arena_array(arena, utf8proc_int32_t, (size_t)size + 1);
    size = utf8proc_decompose(bytes, (utf8proc_ssize_t)t.n, p, size, options);
    size = size <= 0 ? 0 : utf8proc_normalize_utf32(p, size, options);
    return (struct points){p, size < 0 ? 0 : (size_t)size};
}

static void put_point(struct buf *buf, utf8proc_int32_t c) {
    char bytes[4];
    utf8proc_ssize_t n = utf8proc_encode_char(c, (utf8proc_uint8_t *)bytes);
    buf_put(buf, (struct text){bytes, n < 0 ? 0 : (size_t)n});
}

static utf8proc_int32_t katakana_of(utf8proc_int32_t c) {
    bool hiragana = (c >= 0x3041 && c <= 0x3096) || c == 0x309d || c == 0x309e;
    return hiragana ? c + 0x60 : c;
}

static bool is_katakana(utf8proc_int32_t c) {
    return (c >= 0x30a1 && c <= 0x30fa) || (c >= 0x30fc && c <= 0x30fe);
}

static bool is_hyphen(utf8proc_int32_t c) {
    return c == '-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0x2500 || c == 0x2501;
}

static bool is_space(utf8proc_int32_t c) {
    return c == ' ' || (c >= 9 && c <= 13) || c == 0xa0 || utf8proc_category(c) == UTF8PROC_CATEGORY_ZS;
}

/* Marks that carry no meaning between names: dots, selectors, invisible characters. */
static bool is_silent(utf8proc_int32_t c) {
    bool dot = c == 0x30fb || c == 0xb7 || c == 0x2022 || c == 0x2027 || c == 0x22c5;
    bool selector =
        (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0100 && c <= 0xe01ef) || (c >= 0x180b && c <= 0x180d);
    bool invisible = (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) || c == 0x2060 ||
                     (c >= 0x2066 && c <= 0x2069) || c == 0xfeff || c == 0xad;
    return dot || selector || invisible || utf8proc_category(c) == UTF8PROC_CATEGORY_CC;
}

/* Pairs: as written, as filed. Old and personal forms in names and addresses; each second of a pair stands for all. */
static const char32_t folds[] =
    U"髙高\uFA11崎嵜崎㟢崎邉辺邊辺齋斎齊斎斉斎濵浜濱浜澤沢廣広國国藏蔵德徳眞真惠恵榮栄靜静瀨瀬賴頼嶋島嶌島\uFA29島槇槙"
    U"曾曽會会櫻桜關関圓円壽寿條条萬万豐豊龍竜鐵鉄黑黒與与兒児淸清靑青增増橫横敎教薗園淵渕渊渕峯峰舘館檜桧凉涼冨富"
    U"𠮷吉𡈽土圡土𣘺橋栁柳桺柳鄕郷鷗鴎桒桑舩船籔藪礒磯嶽岳彌弥彥彦禮礼縣県實実將将收収來来齡齢瑤瑶遙遥堯尭埜野穗穂祿禄緖緒"
    U"薰薫螢蛍聰聡總総繩縄亞亜莊荘藝芸晉晋曉暁樂楽權権氣気爲為稻稲絲糸續続號号覺覚觀観譽誉讓譲豫予轉転釋釈錄録鎭鎮"
    U"靈霊顯顕驛駅鹽塩麥麦黃黄龜亀瀧滝澁渋澀渋滿満邨村逹達寬寛巖巌恆恒愼慎戶戸攝摂敍叙步歩每毎淺浅溫温灣湾熙煕珎珍盡尽硏研"
    U"禰祢竝並聲声臺台舊旧萠萌藥薬蘆芦處処衞衛鄰隣醫医閒間隱隠雙双鴈雁靍鶴靏鶴鸖鶴辨弁瓣弁辯弁"
    U"峽峡狹狭單単傳伝勳勲壯壮奧奥寶宝對対專専廳庁應応拂払擴拡數数斷断晝昼樣様燒焼獨独畫画當当"
    U"發発禪禅縱縦繪絵肅粛蠶蚕裝装賣売鑛鉱險険飜翻驗験髓髄鷄鶏齒歯學学歡歓歸帰殘残";

static utf8proc_int32_t fold(utf8proc_int32_t c) {
    for (size_t i = 0; i + 1 < COUNT(folds); i += 2) {
        if ((utf8proc_int32_t)folds[i] == c) {
            return (utf8proc_int32_t)folds[i + 1];
        }
    }
    return c;
}

struct text textkey_search(struct arena *arena, struct text t) {
    struct points points = nfkc(arena, t);
    struct buf buf;
    buf_init(&buf, arena);
    bool kana = false;
    for (size_t i = 0; i < points.n; i++) {
        utf8proc_int32_t c = points.p[i];
        if (is_space(c) || is_silent(c)) {
            continue;
        }
        c = katakana_of(c);
        if (is_hyphen(c)) {
            c = kana ? 0x30fc : '-';
        } else if (c == 0x301c || c == 0x3030) {
            c = '~';
        }
        c = fold(utf8proc_tolower(c));
        put_point(&buf, c);
        kana = is_katakana(c);
    }
    return buf_text(&buf);
}

bool textkey_kana(struct arena *arena, struct text t, struct text *ret_kana) {
    struct points points = nfkc(arena, t);
    struct buf buf;
    buf_init(&buf, arena);
    bool after_kana = false;
    bool space = false;
    for (size_t i = 0; i < points.n; i++) {
        utf8proc_int32_t c = katakana_of(points.p[i]);
        if (is_space(c)) {
            space = buf.n > 0;
            after_kana = false;
            continue;
        }
        if (after_kana && is_hyphen(c)) {
            c = 0x30fc;
        }
        bool dot = c == 0x30fb && after_kana;
        if (!is_katakana(c) && !dot) {
            return false;
        }
        if (space) {
            buf_putc(&buf, ' ');
            space = false;
        }
        put_point(&buf, c);
        after_kana = !dot;
    }
    if (buf.n == 0) {
        return false;
    }
    *ret_kana = buf_text(&buf);
    return true;
}

/* Digits of t, passing over spaces and what `also` accepts. False when something else is met. */
static bool digits_of(struct arena *arena, struct text t, bool (*also)(utf8proc_int32_t),
                      struct text *ret_digits) {
    struct points points = nfkc(arena, t);
    char *p = arena_take(arena, points.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < points.n; i++) {
        utf8proc_int32_t c = points.p[i];
        if (c >= '0' && c <= '9') {
            p[n++] = (char)c;
        } else if (!is_space(c) && (also == NULL || !also(c))) {
            return false;
        }
    }
    if (n == 0) {
        return false;
    }
    *ret_digits = (struct text){p, n};
    return true;
}

bool textkey_digits(struct arena *arena, struct text t, struct text *ret_digits) {
    return digits_of(arena, t, NULL, ret_digits);
}

/* ー and ~ stand among digits where a Japanese keyboard gave no hyphen. */
static bool is_phone_mark(utf8proc_int32_t c) {
    return is_hyphen(c) || c == 0x30fc || c == '(' || c == ')' || c == '.' || c == '/' || c == '+' ||
           is_silent(c);
}

bool textkey_phone(struct arena *arena, struct text t, struct text *ret_digits) {
    struct text digits = TEXT("");
    if (!digits_of(arena, t, is_phone_mark, &digits)) {
        return false;
    }
    struct text plus = TEXT("+");
    struct text wide_plus = TEXT("＋");
    struct text trimmed = text_trim(t);
    size_t signs = 0;
    for (size_t i = 0; i < trimmed.n; i++) {
        signs += trimmed.p[i] == '+';
    }
    bool abroad = text_starts(trimmed, plus) || text_starts(trimmed, wide_plus);
    if (signs > 1 || (signs == 1 && !text_starts(trimmed, plus))) {
        return false;
    }
    if (abroad) {
        if (!text_starts(digits, TEXT("81"))) {
            return false;
        }
        /* +81 (0)90 …: the zero in brackets is left out abroad but often written */
        size_t from = digits.n > 2 && digits.p[2] == '0' ? 3 : 2;
        digits = text_join(arena, TEXT("0"), text_part(digits, from, digits.n));
    }
    if (digits.n < 3 || digits.p[0] != '0' || digits.p[1] == '0') {
        return false;
    }
    /* 050, 060, 070, 080, 090 (and 0800) have eleven digits, all others ten (numbering plan of the ministry). */
    bool eleven = digits.p[1] >= '5' && digits.p[2] == '0';
    if (digits.n != (eleven ? 11 : 10)) {
        return false;
    }
    *ret_digits = digits;
    return true;
}

static bool is_postal_mark(utf8proc_int32_t c) {
    return is_hyphen(c) || c == 0x30fc || c == 0x3012 || c == 0x3020 || c == 0x3036;
}

bool textkey_postal(struct arena *arena, struct text t, struct text *ret_digits) {
    struct text digits = TEXT("");
    if (!digits_of(arena, t, is_postal_mark, &digits) || digits.n != 7) {
        return false;
    }
    *ret_digits = digits;
    return true;
}
