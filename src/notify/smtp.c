/* libcurl speaks the protocol; this file decides what its end means. Only a 5xx about the recipient or the message is
 * for ever: a refused greeting, sender or log-in is the relay's or the operator's matter and will pass. */
#include "notify/smtp.h"

#include <curl/curl.h>
#include <string.h>

#include "notify/mail.h"

enum { CONNECT_MS = 10000, TOTAL_MS = 60000 };

struct delivery {
    struct text bytes;
    size_t sent;
    bool about_message; /* the last command was RCPT or DATA, or the message itself */
};

static size_t give(char *room, size_t size, size_t count, void *ctx) {
    struct delivery *delivery = ctx;
    struct text rest = text_part(delivery->bytes, delivery->sent, delivery->sent + size * count);
    if (rest.n > 0) {
        memcpy(room, rest.p, rest.n);
    }
    delivery->sent += rest.n;
    return rest.n;
}

/* libcurl tells which command it sent last only by its trace. QUIT follows a refusal and is not its cause. */
static int watch(CURL *curl, curl_infotype type, char *bytes, size_t n, void *ctx) {
    struct delivery *delivery = ctx;
    struct text line = {bytes, n};
    (void)curl;
    if (type == CURLINFO_HEADER_OUT && !text_starts(line, TEXT("QUIT"))) {
        delivery->about_message = text_starts(line, TEXT("RCPT ")) || text_starts(line, TEXT("DATA"));
    }
    return 0;
}

static void free_curl(CURL **curl) {
    curl_easy_cleanup(*curl);
}

static void free_list(struct curl_slist **list) {
    curl_slist_free_all(*list);
}

static bool set_security(CURL *curl, const struct smtp *smtp) {
    static const long levels[SMTP_TLS__MAX] = {[SMTP_TLS_REQUIRE] = CURLUSESSL_ALL,
                                               [SMTP_TLS_TRY] = CURLUSESSL_TRY,
                                               [SMTP_TLS_OFF] = CURLUSESSL_NONE};
    bool ok = curl_easy_setopt(curl, CURLOPT_USE_SSL, levels[smtp->tls]) == CURLE_OK &&
              curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK;
    if (smtp->tls == SMTP_TLS_TRY && text_starts(smtp->url, TEXT("smtp://"))) {
        ok = ok && curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L) == CURLE_OK &&
             curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L) == CURLE_OK;
    }
    if (smtp->ca_file.n > 0) {
        ok = ok && curl_easy_setopt(curl, CURLOPT_CAINFO, smtp->ca_file.p) == CURLE_OK;
    }
    if (smtp->user.n > 0) {
        ok = ok && curl_easy_setopt(curl, CURLOPT_USERNAME, smtp->user.p) == CURLE_OK &&
             curl_easy_setopt(curl, CURLOPT_PASSWORD, smtp->password.p) == CURLE_OK;
    }
    return ok;
}

static bool set_limits(CURL *curl, const struct smtp *smtp) {
    long connect_ms = smtp->connect_ms > 0 ? smtp->connect_ms : CONNECT_MS;
    long total_ms = smtp->total_ms > 0 ? smtp->total_ms : TOTAL_MS;
    /* The last one also bounds the wait for the answer to QUIT, which the total does not. */
    return curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, connect_ms) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, total_ms) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, (total_ms + 999) / 1000) == CURLE_OK;
}

static bool set_message(CURL *curl, struct delivery *delivery) {
    return curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_READFUNCTION, give) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_READDATA, delivery) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)delivery->bytes.n) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, watch) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_DEBUGDATA, delivery) == CURLE_OK;
}

/* The path of the URL is what libcurl says in EHLO: the sender's domain, not this machine's name. */
static bool set_route(CURL *curl, const struct smtp *smtp, struct text domain, struct arena *arena) {
    struct text url = text_printf(arena, "%.*s/%.*s", TEXT_F(smtp->url), TEXT_F(domain));
    return curl_easy_setopt(curl, CURLOPT_URL, url.p) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps") == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_PROXY, "") == CURLE_OK; /* none from the environment */
}

static enum notify_result judge(CURLcode end, const struct delivery *delivery, long code) {
    if (end == CURLE_OK) {
        return NOTIFY_DELIVERED;
    }
    return code >= 500 && code <= 599 && delivery->about_message ? NOTIFY_PERMANENT : NOTIFY_TEMPORARY;
}

static enum notify_result deliver(void *ctx, struct arena *arena, const struct message *message,
                                  int *ret_code) {
    const struct smtp *smtp = ctx;
    struct delivery delivery = {.sent = 0};
    struct text from = TEXT("");
    struct text to = TEXT("");
    *ret_code = 0;
    if (!mail_build(arena, message, &delivery.bytes) || !mail_address(arena, message->from, &from) ||
        !mail_address(arena, message->to, &to)) {
        return NOTIFY_PERMANENT;
    }
    CLEANUP(free_list) struct curl_slist *recipients = curl_slist_append(NULL, to.p);
    CLEANUP(free_curl) CURL *curl = curl_easy_init();
    struct text domain = text_part(from, text_index(from, '@') + 1, from.n);
    bool set = curl != NULL && recipients != NULL && set_route(curl, smtp, domain, arena) &&
               set_security(curl, smtp) && set_limits(curl, smtp) && set_message(curl, &delivery) &&
               curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from.p) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients) == CURLE_OK;
    if (!set) {
        return NOTIFY_TEMPORARY;
    }
    CURLcode end = curl_easy_perform(curl);
    long code = 0;
    (void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code);
    /* 2xx and 3xx without success: the answer to something earlier. */
    *ret_code = end == CURLE_OK || code >= 400 ? (int)code : 0;
    return judge(end, &delivery, code);
}

struct channel smtp_channel(struct smtp *smtp) {
    (void)curl_global_init(CURL_GLOBAL_DEFAULT);
    return (struct channel){deliver, smtp};
}
