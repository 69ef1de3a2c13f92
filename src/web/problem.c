#include "web/problem.h"

#include "profile/answer.h"
#include "words/words.h"

static struct text word_or(const char *group, struct text key, struct text otherwise) {
    enum word word;
    char name[80];
    size_t n = 0;
    for (const char *p = group; *p != '\0' && n < sizeof name; p++) {
        name[n++] = *p;
    }
    for (size_t i = 0; i < key.n && n < sizeof name; i++) {
        name[n++] = key.p[i];
    }
    return word_find((struct text){name, n}, &word) ? word_text(word) : otherwise;
}

static const struct {
    int status;
    enum word word;
} titles[] = {
    {401, W_PROBLEM_TITLE_SIGN_IN},   {403, W_PROBLEM_TITLE_FORBIDDEN}, {404, W_PROBLEM_TITLE_NOT_FOUND},
    {405, W_PROBLEM_TITLE_METHOD},    {409, W_PROBLEM_TITLE_CONFLICT},  {412, W_PROBLEM_TITLE_CONFLICT},
    {413, W_PROBLEM_TITLE_TOO_LARGE}, {422, W_PROBLEM_TITLE_FORM},      {429, W_PROBLEM_TITLE_WAIT},
    {503, W_PROBLEM_TITLE_BUSY},
};

static struct text status_title(int status) {
    for (size_t i = 0; i < COUNT(titles); i++) {
        if (titles[i].status == status) {
            return word_text(titles[i].word);
        }
    }
    return word_text(status < 500 ? W_PROBLEM_TITLE_BAD : W_PROBLEM_TITLE_FAULT);
}

struct problem problem_worded(const struct problem *problem) {
    struct problem worded = *problem;
    if (worded.title.n == 0) {
        worded.title = status_title(problem->status);
    }
    if (worded.detail.n == 0) {
        worded.detail = word_or("problem.", problem->code, TEXT(""));
    }
    return worded;
}

struct text problem_field_words(struct arena *arena, const struct field_error *error, struct text label) {
    static const enum word words[FORM_ERROR__MAX] = {
        [FORM_FINE] = W_FORM_MALFORMED,
        [FORM_MISSING] = W_FORM_REQUIRED,
        [FORM_TOO_SHORT] = W_FORM_TOO_SHORT,
        [FORM_TOO_LONG] = W_FORM_TOO_LONG,
        [FORM_TOO_SMALL] = W_FORM_TOO_SMALL,
        [FORM_TOO_LARGE] = W_FORM_TOO_LARGE,
        [FORM_NOT_TEXT] = W_FORM_MALFORMED,
        [FORM_NOT_EMAIL] = W_FORM_EMAIL,
        [FORM_NOT_PHONE] = W_FORM_PHONE,
        [FORM_NOT_POSTAL] = W_FORM_POSTAL,
        [FORM_NOT_KANA] = W_FORM_KANA,
        [FORM_NOT_DIGITS] = W_FORM_NUMBER,
        [FORM_NOT_DAY] = W_FORM_DAY,
        [FORM_NOT_INSTANT] = W_FORM_MALFORMED,
        [FORM_NOT_NUMBER] = W_FORM_NUMBER,
        [FORM_NOT_BOOL] = W_FORM_UNKNOWN_CHOICE,
        [FORM_NOT_ID] = W_FORM_UNKNOWN_CHOICE,
        [FORM_NOT_CHOICE] = W_FORM_UNKNOWN_CHOICE,
        [FORM_WRONG_TYPE] = W_FORM_MALFORMED,
        [FORM_UNKNOWN] = W_FORM_UNKNOWN_FIELD,
        [FORM_DUPLICATE] = W_FORM_DUPLICATE_FIELD,
    };
    enum word word = words[error->error];
    bool choice =
        error->field != NULL && (error->field->kind == FIELD_CHOICE || error->field->kind == FIELD_BOOL ||
                                 error->field->kind == FIELD_ID || error->field->kind >= FIELD_TEXTS);
    bool rows =
        error->field != NULL && (error->field->kind == FIELD_OBJECTS || error->field->kind == FIELD_COUNTS);
    if (error->error == FORM_MISSING && choice) {
        word = W_FORM_CHOOSE;
    } else if (error->error == FORM_TOO_LONG && rows) {
        word = W_FORM_TOO_MANY;
    }
    struct text bound = text_printf(arena, "%lld", (long long)error->bound);
    struct word_arg args[2] = {{"label", label}};
    size_t count = 1;
    if (word_has_place(word, "min")) {
        args[count++] = (struct word_arg){"min", bound};
    }
    if (word_has_place(word, "max")) {
        args[count++] = (struct word_arg){"max", bound};
    }
    return word_expand(arena, word, args, count);
}

static void put_errors(struct json_out *json, const struct form_input *form) {
    json_put_array(json, "errors");
    for (size_t i = 0; i < form->error_count; i++) {
        const struct field_error *error = &form->errors[i];
        json_put_object(json, NULL);
        json_put_text(json, "pointer", error->pointer);
        json_put_text(json, "code", text_of(form_error_code(error->error)));
        json_put_text(json, "detail", problem_field_words(json->buf->arena, error, error->name));
        json_put_object_end(json);
    }
    json_put_array_end(json);
}

struct text problem_json(struct arena *arena, const struct problem *problem) {
    struct problem worded = problem_worded(problem);
    struct buf buf;
    struct json_out json;
    buf_init(&buf, arena);
    json_out_init(&json, &buf);
    json_put_object(&json, NULL);
    json_put_text(&json, "type", text_join(arena, TEXT("urn:sango:problem:"), worded.code));
    json_put_text(&json, "title", worded.title);
    json_put_int(&json, "status", worded.status);
    json_put_text(&json, "code", worded.code);
    json_put_text(&json, "detail", worded.detail);
    if (worded.refused != NULL) {
        figures_write(&json, worded.refused);
    }
    if (worded.form != NULL) {
        put_errors(&json, worded.form);
    }
    if (worded.more != NULL) {
        worded.more(&json, worded.ctx);
    }
    json_put_object_end(&json);
    return buf_text(&buf);
}
