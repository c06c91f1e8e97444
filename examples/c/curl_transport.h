/* An own transport over libcurl: what the library asks of one, point by point.
 *
 *   1. Each request leaves once: no redirect is followed, and libcurl's own retry is stopped (see `once`).
 *   2. No cookie engine, no cache: the library sets Cookie and reads Set-Cookie.
 *   3. Headers go out and come back as pairs, in order; several Set-Cookie headers stay several.
 *   4. Every HTTP status is an answer. An error means that there was none.
 *   5. Reading stops at ic_request_max_body.
 *   6. The deadline and the cancel of the call are obeyed, also while connecting.
 *   7. A failure says whether anything may have left this machine.
 *
 * One transport serves all flows and threads of a client, so the libcurl handles are in a pool: each call
 * takes one, with its open connections, and puts it back. libcurl obeys HTTPS_PROXY and NO_PROXY by itself.
 *
 * Needs libcurl 7.66. Link with `pkg-config --libs libcurl` and -pthread. Call curl_global_init before. */
#ifndef EXAMPLE_CURL_TRANSPORT_H
#define EXAMPLE_CURL_TRANSPORT_H

#include <curl/curl.h>
#include <interaction_code.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* How soon a cancel is noticed. The library promises 200 ms, so libcurl's own progress callback, which may
 * come only once a second while nothing moves, is not enough. */
enum { LOOK_EVERY_MS = 50, CONNECT_WITHIN_MS = 5000 };

/* A libcurl handle that nobody uses now. */
typedef struct http_line {
    CURLM *multi; /* owns the open connections */
    CURL *easy;
    struct http_line *next;
} http_line;

typedef struct http_transport {
    pthread_mutex_t lock;
    http_line *idle;
    char *ca_file; /* NULL: the system's */
} http_transport;

/* One request under way. */
typedef struct http_exchange {
    ic_request request;
    ic_response response;
    const uint8_t *body;
    size_t body_left;
    size_t received;
    long within_ms; /* the time that the call had left */
    int attempts;   /* how often libcurl wanted to send it */
    bool interim;   /* these are headers of a 1xx, not of the answer */
    bool too_large;
    ic_status refused; /* what the library said to something that it was given */
} http_exchange;

static void http_line_free(http_line *line)
{
    if (line != NULL) {
        curl_easy_cleanup(line->easy);
        curl_multi_cleanup(line->multi);
        free(line);
    }
}

static http_line *http_line_take(http_transport *transport)
{
    pthread_mutex_lock(&transport->lock);
    http_line *line = transport->idle;
    if (line != NULL) {
        transport->idle = line->next;
    }
    pthread_mutex_unlock(&transport->lock);
    if (line == NULL && (line = calloc(1, sizeof *line)) != NULL) {
        line->multi = curl_multi_init();
        line->easy = curl_easy_init();
        if (line->multi == NULL || line->easy == NULL) {
            http_line_free(line);
            line = NULL;
        }
    }
    return line;
}

static void http_line_put_back(http_transport *transport, http_line *line)
{
    curl_easy_reset(line->easy); /* keeps the connections, forgets the request and the pointers to it */
    pthread_mutex_lock(&transport->lock);
    line->next = transport->idle;
    transport->idle = line;
    pthread_mutex_unlock(&transport->lock);
}

static size_t give_body(char *buffer, size_t size, size_t count, void *user_data)
{
    http_exchange *exchange = user_data;
    size_t length = size * count < exchange->body_left ? size * count : exchange->body_left;
    if (length > 0) {
        memcpy(buffer, exchange->body, length);
        exchange->body += length;
        exchange->body_left -= length;
    }
    return length;
}

/* When a kept connection turns out to be dead, libcurl sends the request once more on a new one. It is
 * stopped before that (libcurl 7.80 or later), and where it cannot be, it has to rewind the body, and is told
 * that it cannot: a password leaves once. */
#if LIBCURL_VERSION_NUM >= 0x075000
static int once(void *user_data, char *remote, char *local, int remote_port, int local_port)
{
    http_exchange *exchange = user_data;
    (void)remote, (void)local, (void)remote_port, (void)local_port;
    return exchange->attempts++ == 0 ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}
#endif

static int no_rewind(void *user_data, curl_off_t offset, int origin)
{
    (void)user_data, (void)offset, (void)origin;
    return CURL_SEEKFUNC_FAIL;
}

/* Called with each header line; status lines too. */
static size_t take_header(char *data, size_t size, size_t count, void *user_data)
{
    http_exchange *exchange = user_data;
    size_t length = size * count;
    if (length >= 5 && memcmp(data, "HTTP/", 5) == 0) {
        const char *space = memchr(data, ' ', length);
        exchange->interim = space != NULL && space + 1 < data + length && space[1] == '1';
        return length;
    }
    const char *colon = memchr(data, ':', length);
    if (exchange->interim || exchange->received > 0 || colon == NULL || colon == data) {
        return length; /* the empty line, a trailer, or nothing that is a header */
    }
    char *line = malloc(length + 1);
    if (line == NULL) {
        return 0;
    }
    memcpy(line, data, length);
    line[length] = '\0';
    char *value = line + (colon - data);
    *value++ = '\0';
    value += strspn(value, " \t");
    for (size_t end = strlen(value); end > 0 && strchr(" \t\r\n", value[end - 1]) != NULL; end--) {
        value[end - 1] = '\0';
    }
    /* A value that is not UTF-8 is refused, and nothing that the library reads: it is left out. */
    ic_status status = ic_response_add_header(exchange->response, line, value);
    if (status != IC_OK && status != IC_ERROR_INVALID_ARGUMENT) {
        exchange->refused = status;
    }
    free(line);
    return exchange->refused == IC_OK ? length : 0;
}

static size_t take_body(char *data, size_t size, size_t count, void *user_data)
{
    http_exchange *exchange = user_data;
    size_t length = size * count;
    exchange->received += length;
    exchange->too_large = exchange->received > ic_request_max_body(exchange->request);
    if (!exchange->too_large) {
        exchange->refused = ic_response_append_body(exchange->response, data, length);
    }
    return exchange->too_large || exchange->refused != IC_OK ? 0 : length;
}

/* The three in a row, NUL-terminated, in memory of malloc: what the library lends is not terminated. */
static char *joined(ic_str name, const char *between, ic_str value)
{
    size_t middle = strlen(between);
    char *text = malloc(name.len + middle + value.len + 1);
    if (text != NULL) {
        memcpy(text, name.data != NULL ? name.data : "", name.len);
        memcpy(text + name.len, between, middle);
        memcpy(text + name.len + middle, value.data != NULL ? value.data : "", value.len);
        text[name.len + middle + value.len] = '\0';
    }
    return text;
}

/* Appends, or frees everything and gives NULL. */
static bool add_line(struct curl_slist **lines, const char *line)
{
    struct curl_slist *longer = line != NULL ? curl_slist_append(*lines, line) : NULL;
    if (longer == NULL) {
        curl_slist_free_all(*lines);
    }
    *lines = longer;
    return longer != NULL;
}

/* The headers of the request, and those that libcurl would add by itself taken away. */
static bool request_headers(ic_request request, struct curl_slist **lines)
{
    bool has_accept = false;
    *lines = NULL;
    for (size_t i = 0; i < ic_request_header_count(request); i++) {
        ic_str name = ic_request_header_name(request, i), value = ic_request_header_value(request, i);
        char *line = joined(name, value.len > 0 ? ": " : ";", value); /* "Name;" is libcurl's empty header */
        bool added = add_line(lines, line);
        free(line);
        if (!added) {
            return false;
        }
        has_accept = has_accept || ic_str_is(name, "Accept") || ic_str_is(name, "accept");
    }
    return add_line(lines, "Expect:") && (has_accept || add_line(lines, "Accept:"));
}

/* Tells libcurl about the request. */
static CURLcode prepare(http_transport *transport, CURL *easy, http_exchange *exchange, const char *url,
                        struct curl_slist *headers)
{
    long within_ms = exchange->within_ms;
    ic_bytes body = ic_request_body(exchange->request);
    exchange->body = body.data;
    exchange->body_left = body.len;
    CURLcode code = curl_easy_setopt(easy, CURLOPT_URL, url);
#if LIBCURL_VERSION_NUM >= 0x075500
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
#if LIBCURL_VERSION_NUM >= 0x075000
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, once);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, exchange);
#endif
#if LIBCURL_VERSION_NUM >= 0x075700
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); /* a cancel does not wait for a slow name server */
#endif
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L); /* threads */
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L); /* a proxy's headers are not the server's */
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, within_ms);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                     within_ms < CONNECT_WITHIN_MS ? within_ms : CONNECT_WITHIN_MS);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, exchange);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, exchange);
    if (transport->ca_file != NULL && code == CURLE_OK) {
        code = curl_easy_setopt(easy, CURLOPT_CAINFO, transport->ca_file);
    }
    if (ic_str_is(ic_request_method(exchange->request), "POST")) {
        curl_easy_setopt(easy, CURLOPT_POST, 1L);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.len);
        curl_easy_setopt(easy, CURLOPT_READFUNCTION, give_body);
        curl_easy_setopt(easy, CURLOPT_READDATA, exchange);
        curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, no_rewind);
    } else {
        curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    }
    return code;
}

/* Sends the request and waits for the end of the answer. */
static CURLcode perform(http_line *line, ic_request request)
{
    CURLcode code = CURLE_FAILED_INIT;
    int running = 1;
    if (curl_multi_add_handle(line->multi, line->easy) != CURLM_OK) {
        return code;
    }
    while (running > 0) {
        if (ic_request_is_cancelled(request)) {
            code = CURLE_ABORTED_BY_CALLBACK;
            break;
        }
        if (curl_multi_perform(line->multi, &running) != CURLM_OK ||
            (running > 0 && curl_multi_poll(line->multi, NULL, 0, LOOK_EVERY_MS, NULL) != CURLM_OK)) {
            break;
        }
    }
    int left = 0;
    for (CURLMsg *message = curl_multi_info_read(line->multi, &left); message != NULL;
         message = curl_multi_info_read(line->multi, &left)) {
        code = message->msg == CURLMSG_DONE ? message->data.result : code;
    }
    curl_multi_remove_handle(line->multi, line->easy);
    return code;
}

/* The kind of a failure, which decides what the app does about it. */
static ic_status kind_of(CURL *easy, CURLcode code, const http_exchange *exchange, bool sent)
{
    long proxy_status = 0;
    curl_easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &proxy_status);
    if (exchange->too_large) return IC_ERROR_LIMIT_EXCEEDED;
    if (exchange->refused != IC_OK) return exchange->refused;
    if (proxy_status >= 300) return IC_ERROR_PROXY;
    if (exchange->attempts > 1) return IC_ERROR_NETWORK;
    switch (code) {
    case CURLE_ABORTED_BY_CALLBACK: return IC_ERROR_CANCELLED;
    case CURLE_OPERATION_TIMEDOUT: /* the deadline, or only the shorter time for connecting */
        return sent || exchange->within_ms <= CONNECT_WITHIN_MS ? IC_ERROR_TIMEOUT : IC_ERROR_OFFLINE;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT: return IC_ERROR_OFFLINE;
    case CURLE_COULDNT_RESOLVE_PROXY: return IC_ERROR_PROXY;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR: return IC_ERROR_TLS;
    case CURLE_OUT_OF_MEMORY:
    case CURLE_FAILED_INIT: return IC_ERROR_INTERNAL;
    default: return IC_ERROR_NETWORK;
    }
}

/* Fills in the rest of the response, or says what failed. */
static ic_status conclude(CURL *easy, CURLcode code, const http_exchange *exchange)
{
    if (code == CURLE_OK && exchange->refused == IC_OK) {
        long status = 0;
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
        return ic_response_set_status(exchange->response, (int32_t)status);
    }
    long request_bytes = 0; /* of request heads that a socket has taken, those to a proxy included */
    curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &request_bytes);
    if (request_bytes == 0) {
        ic_response_set_not_sent(exchange->response);
    }
    const char *why = curl_easy_strerror(code);
    if (exchange->too_large) why = "the answer is too large";
    if (exchange->attempts > 1 || code == CURLE_SEND_FAIL_REWIND)
        why = "the connection broke before the answer";
    ic_response_fail(exchange->response, why);
    return kind_of(easy, code, exchange, request_bytes > 0);
}

static ic_status http_send(void *user_data, ic_request request, ic_response response)
{
    http_transport *transport = user_data;
    http_exchange exchange = {.request = request, .response = response, .refused = IC_OK};
    uint64_t remaining = ic_request_remaining_ms(request);
    if (remaining == 0) { /* libcurl's 0 would be: no limit */
        ic_response_set_not_sent(response);
        return IC_ERROR_TIMEOUT;
    }
    exchange.within_ms = remaining < 3600 * 1000 ? (long)remaining : 3600 * 1000L;
    http_line *line = http_line_take(transport);
    char *url = joined(ic_request_url(request), "", (ic_str){NULL, 0});
    struct curl_slist *headers = NULL;
    ic_status status = IC_ERROR_INTERNAL;
    if (line == NULL || url == NULL || !request_headers(request, &headers)) {
        ic_response_set_not_sent(response);
        ic_response_fail(response, "out of memory");
    } else {
        CURLcode code = prepare(transport, line->easy, &exchange, url, headers);
        code = code == CURLE_OK ? perform(line, request) : code;
        status = conclude(line->easy, code, &exchange);
    }
    if (line != NULL) {
        http_line_put_back(transport, line);
    }
    curl_slist_free_all(headers);
    free(url);
    return status;
}

/* The library's last word to the transport: nothing is under way any more. */
static void http_destroy(void *user_data)
{
    http_transport *transport = user_data;
    while (transport->idle != NULL) {
        http_line *line = transport->idle;
        transport->idle = line->next;
        http_line_free(line);
    }
    pthread_mutex_destroy(&transport->lock);
    free(transport->ca_file);
    free(transport);
}

/* Makes a transport for ic_config_set_transport, which owns it from then on. `ca_file` may be NULL. */
static bool http_transport_new(const char *ca_file, ic_transport *out)
{
    http_transport *transport = calloc(1, sizeof *transport);
    if (transport == NULL) {
        return false;
    }
    pthread_mutex_init(&transport->lock, NULL);
    if (ca_file != NULL && (transport->ca_file = strdup(ca_file)) == NULL) {
        http_destroy(transport);
        return false;
    }
    out->user_data = transport;
    out->send = http_send;
    out->destroy = http_destroy;
    return true;
}

#endif
