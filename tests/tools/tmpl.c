/* The template compiler: what a template becomes, which values a place lets through, and what is refused where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "kinds.h"
#include "tmpl/tmpl.h"

struct page {
    struct arena arena;
    struct html html;
};

static void page_init(struct page *p) {
    arena_init(&p->arena, 1 << 20);
    html_init(&p->html, &p->arena);
}

static void page_is(struct page *p, const char *want) {
    assert_string_equal(html_done(&p->html).t.p, want);
    arena_release(&p->arena);
}

static void tags_and_types(void **state) {
    (void)state;
    static const struct text names[] = {TEXT_INIT("<b>"), TEXT_INIT("母"), TEXT_INIT("c")};
    struct kinds view = {.names = names, .count = 3, .t = TEXT("\"><i>&'"), .on = true, .z = "z<", .i = -3};
    view.n = INT64_MIN;
    view.u = 65535;
    view.size = SIZE_MAX;
    view.yen = (struct yen){3100};
    view.day = day_of((struct ymd){2026, 11, 22});
    view.at = (struct instant){0};
    view.id = (struct booking_id){1};
    view.safe = HTML_LITERAL("<em>");
    struct page p;
    page_init(&p);
    tmpl_kinds(&p.html, &view);
    page_is(&p, "<ul>\n  <li>&lt;b&gt; first</li>\n  <li>母 second</li>\n  <li>c later</li>\n</ul>\n"
                "<input name=\"a\" value=\"&#34;&gt;&lt;i&gt;&amp;&#39;\" checked>\n"
                "<input required class=\"x y\">\n"
                "z&lt;|-3|-9223372036854775808|65535|18446744073709551615|3,100|2026-11-22|"
                "1970-01-01T09:00:00+09:00|0000000000001|<em>|lit&#34;}}\n|\?\?=\n");
}

static void empty_values(void **state) {
    (void)state;
    struct kinds view = {.day = DAY_NONE, .at = INSTANT_NONE};
    struct page p;
    page_init(&p);
    tmpl_kinds(&p.html, &view);
    page_is(&p, "<ul>\n</ul>\n<p>none</p>\n<input name=\"a\" value=\"\">\n<input class=\"x\">\n"
                "|0|0|0|0|0||||" /* z i n u size yen day at id */
                "|lit&#34;}}\n|\?\?=\n");
}

static void pairs_of_blocks(void **state) {
    (void)state;
    struct page p;
    page_init(&p);
    tmpl_boxed(&p.html);
    page_is(&p, "<div><section><h2>(;) {</h2>\n<p>in</p>\n</section></div>\n");
}

struct url_case {
    const char *value;
    const char *whole; /* in href="{{ t }}" */
    const char *part;  /* in href="/b/{{ t }}" */
};

static const struct url_case URLS[] = {
    {"/bookings?a=1&b=2", "/bookings?a=1&amp;b=2", "%2Fbookings%3Fa%3D1%26b%3D2"},
    {"/", "/", "%2F"},
    {"?next=1", "?next=1", "%3Fnext%3D1"},
    {"#top", "#top", "%23top"},
    {"https://example.jp/", "https://example.jp/", "https%3A%2F%2Fexample.jp%2F"},
    {"HTTP://example.jp", "HTTP://example.jp", "HTTP%3A%2F%2Fexample.jp"},
    {"mailto:a@b.jp", "mailto:a@b.jp", "mailto%3Aa%40b.jp"},
    {"otpauth://totp/a?secret=B", "otpauth://totp/a?secret=B", "otpauth%3A%2F%2Ftotp%2Fa%3Fsecret%3DB"},
    {"otpauth://hotp/a", "#", "otpauth%3A%2F%2Fhotp%2Fa"},
    {"tel:0721234567", "tel:0721234567", "tel%3A0721234567"},
    {"javascript:alert(1)", "#", "javascript%3Aalert%281%29"},
    {"JaVaScRiPt:alert(1)", "#", "JaVaScRiPt%3Aalert%281%29"},
    {" javascript:x", "#", "%20javascript%3Ax"},
    {"java\nscript:x", "#", "java%0Ascript%3Ax"},
    {"\x01javascript:x", "#", "%01javascript%3Ax"},
    {"data:text/html,x", "#", "data%3Atext%2Fhtml%2Cx"},
    {"vbscript:x", "#", "vbscript%3Ax"},
    {"//evil.example/", "#", "%2F%2Fevil.example%2F"},
    {"/\\evil.example/", "#", "%2F%5Cevil.example%2F"},
    {"/\t/evil.example/", "#", "%2F%09%2Fevil.example%2F"},
    {"\\\\evil.example", "#", "%5C%5Cevil.example"},
    {"http:evil", "#", "http%3Aevil"},
    {"relative", "#", "relative"},
    {"\"onx=\"", "#", "%22onx%3D%22"},
    {"/\"><script>'", "/&#34;&gt;&lt;script&gt;&#39;", "%2F%22%3E%3Cscript%3E%27"},
    {"母", "#", "%E6%AF%8D"},
    {"", "#", "-"},
    {".", "#", "%252E"},
    {"..", "#", "%252E"},
    {"...", "#", "..."},
};

static void hostile_urls(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(URLS); i++) {
        struct page p;
        page_init(&p);
        tmpl_urls(&p.html, text_of(URLS[i].value));
        struct text got = html_done(&p.html).t;
        struct text whole = text_printf(&p.arena, "<a href=\"%s\">w</a>\n", URLS[i].whole);
        struct text part = text_printf(&p.arena, "<a href=\"/b/%s\">p</a>\n", URLS[i].part);
        struct text script = text_printf(&p.arena, "<script src=\"/static/%s\" defer>", URLS[i].part);
        if (!text_starts(got, whole) || !text_has(got, part) || !text_has(got, script)) {
            fail_msg("%s gave %s", URLS[i].value, got.p);
        }
        arena_release(&p.arena);
    }
}

/* Nothing a value holds may open a tag, end a quote or begin a reference of its own. */
static void no_value_breaks_out(void **state) {
    (void)state;
    struct page calm;
    page_init(&calm);
    tmpl_urls(&calm.html, TEXT("calm"));
    size_t quotes = 0;
    size_t tags = 0;
    struct text t = html_done(&calm.html).t;
    for (size_t i = 0; i < t.n; i++) {
        quotes += t.p[i] == '"';
        tags += t.p[i] == '<' || t.p[i] == '>';
    }
    arena_release(&calm.arena);
    for (int c = 1; c < 256; c++) {
        char bytes[] = {(char)c, '"', (char)c, '<', '>', (char)c};
        struct page p;
        page_init(&p);
        tmpl_urls(&p.html, (struct text){bytes, sizeof(bytes)});
        t = html_done(&p.html).t;
        size_t left_quotes = quotes;
        size_t left_tags = tags;
        for (size_t i = 0; i < t.n; i++) {
            left_quotes -= t.p[i] == '"';
            left_tags -= t.p[i] == '<' || t.p[i] == '>';
        }
        assert_int_equal(left_quotes, 0);
        assert_int_equal(left_tags, 0);
        arena_release(&p.arena);
    }
}

struct refused {
    int line;
    const char *words;  /* part of the message */
    const char *inside; /* of a block whose first line is line 2 */
};

static const struct refused REFUSED[] = {
    {2, "inside <script>", "<script>{{ v }}</script>"},
    {2, "must be empty", "<script>f()</script>"},
    {3, "must be empty", "<style>\np{}</style>"},
    {2, "inside <style>", "<style>{{ v }}</style>"},
    {2, "event handler onclick", "<a onclick=\"x\">a</a>"},
    {2, "event handler onload", "<body OnLoad=\"{{ v }}\"></body>"},
    {2, "event handler onx", "<a onx{% if v %} b{% end %}>"},
    {2, "attribute style", "<p style=\"color:{{ v }}\"></p>"},
    {2, "attribute srcdoc", "<iframe srcdoc=\"{{ v }}\"></iframe>"},
    {2, "double quotes", "<a title={{ v }}>"},
    {2, "double quotes", "<a title=x>"},
    {2, "double quotes", "<a title='{{ v }}'>"},
    {2, "misplaced", "<a title =\"x\">"},
    {2, "tag's name", "<{{ v }}>"},
    {2, "tag's name", "<a{{ v }}>"},
    {2, "tag's name", "</{{ v }}>"},
    {2, "outside an attribute's quotes", "<a {{ v }}>"},
    {2, "outside an attribute's quotes", "<a x{{ v }}=\"\">"},
    {2, "outside an attribute's quotes", "<a x=\"\"{{ v }}>"},
    {2, "comments are", "<!-- {{ v }} -->"},
    {2, "behind '<!'", "<!{{ v }}>"},
    {2, "srcset of <img>", "<img srcset=\"{{ v }}\">"},
    {2, "content of <meta>", "<meta content=\"{{ v }}\">"},
    {2, "to of <set>", "<svg><set to=\"{{ v }}\"/></svg>"},
    {2, "beginning \"javascript:\"", "<a href=\"javascript:{{ v }}\">a</a>"},
    {2, "beginning \"javascript:/x/\"", "<a href=\"javascript:/x/{{ v }}\">a</a>"},
    {2, "beginning \" javascript:\"", "<a href=\" javascript:{{ v }}\">a</a>"},
    {2, "beginning \"java&#115;cript:\"", "<a href=\"java&#115;cript:{{ v }}\">a</a>"},
    {2, "beginning \"data:\"", "<img src=\"data:{{ v }}\">"},
    {2, "beginning \"/\\\"", "<a href=\"/\\{{ v }}\">a</a>"},
    {2, "beginning \"\" of src", "<script src=\"{{ v }}\"></script>"},
    {2, "beginning \"//\" of src", "<script src=\"//{{ v }}\"></script>"},
    {2, "beginning \"https://x/\" of src", "<iframe src=\"https://x/{{ v }}\"></iframe>"},
    {2, "beginning \"\" of href", "<link href=\"{{ v }}\">"},
    {2, "read differently", "<a href=\"{% if v %}x{% end %}{{ v }}\">a</a>"},
    {2, "one way ends in a tag, another in text", "{% if v %}<a {% end %}>"},
    {2, "one way ends in a tag, another in an attribute's value", "<a title=\"{% if v %}\"{% end %}\">"},
    {3, "one way leaves <b>", "{% if v %}<b>\n{% end %}</b>"},
    {3, "one way leaves <b>", "{% for ;; %}<b>\n{% end %}"},
    {3, "one way leaves <b> open, another <i>", "{% if v %}<b>\n{% else %}<i>{% end %}"},
    {2, "misplaced", "<input{% if v %} checked{% end %}=\"x\">"},
    {2, "misplaced", "<input {% if v %}checked{% end %}x>"},
    {2, "misplaced", "<input {% for ;; %}a{% end %}>"},
    {2, "leaves <p> open", "<p>{% end %}"},
    {2, "</p> closes nothing", "</p>"},
    {3, "</b> stands where </i> is due", "<b><i>\n</b></i>"},
    {2, "cannot stand inside <p>", "<p><div></div></p>"},
    {2, "is not closed by its slash", "<div/>"},
    {2, "write &lt;", "a < b"},
    {2, "no tags inside <textarea>", "<textarea><b></textarea>"},
    {2, "not well-formed", "<b></b >"},
    {2, "<plaintext> is not allowed", "<plaintext>"},
    {2, "ends inside a tag", "<b{% end %}"},
    {2, "expected a lower-case name", "{% call Foo() %}"},
    {2, "only where text may stand", "<p title=\"{% call foo() %}\"></p>"},
    {2, "is due", "{% call a_begin() %}{% call b_end() %}"},
    {2, "leaves <{a> open", "{% call a_begin() %}{% end %}"},
    {2, "unknown tag", "{% while v %}{% end %}"},
    {2, "'else' without 'if'", "{% else %}"},
    {2, "'else' without 'if'", "{% if v %}{% else %}{% else %}{% end %}"},
    {2, "needs a condition", "{% if %}{% end %}"},
    {2, "nothing between", "{{ }}"},
    {2, "expected 2 ';'", "{% for int i = 0; i < 3 %}{% end %}"},
    {2, "unexpected ';'", "{{ v; f() }}"},
    {2, "does not match", "{{ v)); f((v }}"},
    {2, "does not match", "{% if v) { %}{% end %}"},
    {2, "is not closed in the C code", "{% if (v %}{% end %}"},
    {2, "no comments", "{{ v /* x }}"},
    {2, "no comments", "{{ v // x }}"},
    {2, "no comments", "{% let int a = \\ 1 %}"},
    {2, "two '?'",
     "{{ \"?"
     "?/\" }}"},
    {2, "'{{' is not closed", "{{ v"},
    {3, "'{%' is not closed", "\n{% if \"v %}"},
    {2, "'}}' closes nothing", "v }}"},
    {2, "control characters", "a\rb"},
    {2, "control characters",
     "a\xe2\x80\xae"
     "b"},
    {2, "outside blocks", "{% block b() %}{% end %}"},
    {2, "needs a declaration", "{% let v %}"},
};

static bool compile(struct arena *arena, struct text source, struct tmpl_fault *fault) {
    struct tmpl_job job = {.source = source, .path = TEXT("t.html"), .name = TEXT("t")};
    struct tmpl_output output;
    return tmpl_compile(arena, &job, &output, fault);
}

static void check_refused(const char *before, const struct refused *r) {
    struct arena arena;
    arena_init(&arena, 4 << 20);
    struct tmpl_fault fault = {.line = 0};
    struct text source = text_printf(&arena, "%s%s\n{%% end %%}\n", before, r->inside);
    if (compile(&arena, source, &fault)) {
        fail_msg("accepted: %s", r->inside);
    }
    if (fault.line != r->line || strstr(fault.message, r->words) == NULL) {
        fail_msg("%s: got %d: %s, wanted %d: %s", r->inside, fault.line, fault.message, r->line, r->words);
    }
    arena_release(&arena);
}

static void refused_inside(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(REFUSED); i++) {
        check_refused("{% block t(int v) %}\n", &REFUSED[i]);
    }
}

static const struct refused REFUSED_OUTSIDE[] = {
    {1, "text outside a block", "x{% block a() %}"},
    {1, "a value outside", "{{ x }}{% block a() %}"},
    {1, "must stand inside", "{% if x %}"},
    {1, "is not ended", "{% block a() %}{% if x %}"},
    {2, "exists above", "{% block a() %}{% end %}\n{% block a() %}"},
    {1, "must say 'opens'", "{% block a_begin() %}"},
    {1, "must say 'opens'", "{% block a_end() opens p %}"},
    {1, "must say 'opens'", "{% block a() opens p %}"},
    {2, "are not those named", "{% block a_begin() opens p %}<b>"},
    {2, "leaves <b> open", "{% block a_end() closes b %}"},
    {1, "include needs", "{% include <stdio.h> %}{% block a() %}"},
    {1, "include needs", "{% include \"a\\b.h\" %}{% block a() %}"},
    {1, "UTF-8", "\xff{% block a() %}"},
};

static void refused_outside(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(REFUSED_OUTSIDE); i++) {
        check_refused("", &REFUSED_OUTSIDE[i]);
    }
}

static void lines_of_the_template(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena, 4 << 20);
    struct tmpl_job job = {.source = TEXT("{% block a(int v) %}\n<p>\n{{\n  v }}\n</p>\n{% end %}\n"),
                           .path = TEXT("d/a.html"),
                           .name = TEXT("a")};
    struct tmpl_output output;
    struct tmpl_fault fault;
    assert_true(tmpl_compile(&arena, &job, &output, &fault));
    assert_non_null(strstr(output.code.p, "#line 4 \"d/a.html\"\nhtml_text(out, (v));"));
    assert_non_null(strstr(output.code.p, "html_literal(out, \"<p>\\n\", 4);"));
    assert_non_null(strstr(output.header.p, "void tmpl_a(struct html *out, int v);"));
    arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tags_and_types),      cmocka_unit_test(empty_values),
        cmocka_unit_test(pairs_of_blocks),     cmocka_unit_test(hostile_urls),
        cmocka_unit_test(no_value_breaks_out), cmocka_unit_test(refused_inside),
        cmocka_unit_test(refused_outside),     cmocka_unit_test(lines_of_the_template),
    };
    return cmocka_run_group_tests_name("tools/tmpl", tests, NULL, NULL);
}
