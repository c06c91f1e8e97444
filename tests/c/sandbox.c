/* See sandbox.h. */

#define _POSIX_C_SOURCE 200809L

#include "sandbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <curl/curl.h>

struct text {
    char *data;
    size_t length;
};

static size_t collect(char *data, size_t size, size_t count, void *context)
{
    struct text *text = context;
    char *grown = realloc(text->data, text->length + size * count + 1);
    if (grown == NULL) {
        return 0;
    }
    memcpy(grown + text->length, data, size * count);
    text->data = grown;
    text->length += size * count;
    text->data[text->length] = '\0';
    return size * count;
}

bool sandbox_begin(void)
{
    if (getenv("IC_SANDBOX") == NULL || getenv("IC_SANDBOX_ORIGIN") == NULL) {
        fputs("IC_SANDBOX (the issuer) and IC_SANDBOX_ORIGIN must name a running sandbox\n", stderr);
        return false;
    }
    return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

void sandbox_end(void)
{
    curl_global_cleanup();
}

const char *sandbox_issuer(void)
{
    return getenv("IC_SANDBOX");
}

/* A request to the control API; the answer is to be freed. `body` NULL: a GET. */
static char *control(const char *path, const char *body)
{
    char url[512];
    struct text answer = {NULL, 0};
    CURL *curl = curl_easy_init();
    (void)snprintf(url, sizeof url, "%s/sandbox/%s", getenv("IC_SANDBOX_ORIGIN"), path);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, collect);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
    if (body != NULL) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    }
    CURLcode result = curl_easy_perform(curl);
    check_that(result == CURLE_OK, path, "the sandbox does not answer: %s", curl_easy_strerror(result));
    curl_easy_cleanup(curl);
    return answer.data;
}

/* The last text member of this name, into `value`. The values in question hold no escapes. */
static bool last_member(const char *json, const char *name, char *value, size_t room)
{
    char wanted[64];
    const char *found = NULL;
    (void)snprintf(wanted, sizeof wanted, "\"%s\":\"", name);
    for (const char *at = json; at != NULL && (at = strstr(at, wanted)) != NULL; at += strlen(wanted)) {
        found = at + strlen(wanted);
    }
    const char *end = found != NULL ? strchr(found, '"') : NULL;
    if (end == NULL || (size_t)(end - found) >= room) {
        return false;
    }
    memcpy(value, found, (size_t)(end - found));
    value[end - found] = '\0';
    return true;
}

bool sandbox_code(char *code, size_t room)
{
    char *outbox = control("outbox", NULL);
    bool found = last_member(outbox, "code", code, room);
    free(outbox);
    return CHECK(found);
}

int sandbox_requests(const char *path)
{
    int count = 0;
    char *requests = control("requests", NULL);
    for (const char *at = requests; at != NULL && (at = strstr(at, path)) != NULL; at += strlen(path)) {
        count++;
    }
    free(requests);
    return count;
}

/* Answers the push that waits: `approve` or `deny`; whether it then is what `becomes` says. */
static bool answer_push(const char *how, const char *body, const char *becomes)
{
    char id[64], path[128];
    char *pending = control("push", NULL);
    bool found = last_member(pending, "id", id, sizeof id);
    free(pending);
    if (!CHECK(found)) {
        return false;
    }
    (void)snprintf(path, sizeof path, "push/%s/%s", id, how);
    char *answer = control(path, body);
    bool done = answer != NULL && strstr(answer, becomes) != NULL;
    free(answer);
    return CHECK(done);
}

bool sandbox_approve(ic_str number)
{
    char body[64];
    (void)snprintf(body, sizeof body, "{\"answer\":\"%.*s\"}", IC_STR_ARG(number));
    return answer_push("approve", body, "approved");
}

bool sandbox_deny(void)
{
    return answer_push("deny", "", "denied");
}

int sandbox_pushes(void)
{
    int count = 0;
    char *sent = control("outbox?kind=push", NULL);
    for (const char *at = sent; at != NULL && (at = strstr(at, "\"id\":")) != NULL; at++) {
        count++;
    }
    free(sent);
    return count;
}

void sandbox_reset(void)
{
    free(control("reset", ""));
}

ic_config sandbox_config(const char *client_id)
{
    ic_config config = NULL;
    ic_error error = NULL;
    CHECK_OK(ic_config_new(sandbox_issuer(), client_id, REDIRECT_URI, &config, &error));
    CHECK_OK(ic_config_set_scopes(config, SCOPES, &error));
    CHECK_OK(ic_config_set_no_proxy(config, &error));
    return config;
}

ic_client sandbox_client(const char *client_id)
{
    ic_config config = sandbox_config(client_id);
    ic_client client = NULL;
    ic_error error = NULL;
    CHECK_OK(ic_client_new(config, &client, &error));
    CHECK_STATUS(ic_config_free(config), IC_OK);
    return client;
}

ic_client sandbox_tls_client(bool trusts)
{
    char pem[16384];
    ic_config config = NULL;
    ic_client client = NULL;
    ic_error error = NULL;
    const char *issuer = getenv("IC_SANDBOX_TLS"), *ca = getenv("IC_SANDBOX_CA");
    FILE *file = ca != NULL ? fopen(ca, "r") : NULL;
    if (!CHECK(file != NULL && issuer != NULL)) {
        return NULL;
    }
    size_t length = fread(pem, 1, sizeof pem, file);
    CHECK(length > 0);
    (void)fclose(file);
    CHECK_OK(ic_config_new(issuer, "app-password", REDIRECT_URI, &config, &error));
    CHECK_OK(ic_config_set_scopes(config, SCOPES, &error));
    CHECK_OK(ic_config_set_no_proxy(config, &error));
    CHECK_OK(ic_config_set_connect_timeout_ms(config, 300000, &error)); /* a handshake under a checker takes its time */
    if (trusts) {
        CHECK_OK(ic_config_add_root_pem(config, pem, length, &error));
    }
    CHECK_OK(ic_client_new(config, &client, &error));
    CHECK_STATUS(ic_config_free(config), IC_OK);
    return client;
}

/* The transport over libcurl: one handle for each request, which is plain and good enough for tests. */

static int ended(void *context, curl_off_t to_come, curl_off_t come, curl_off_t to_go, curl_off_t gone)
{
    (void)to_come, (void)come, (void)to_go, (void)gone;
    return ic_request_is_cancelled(context);
}

static size_t take_body(char *data, size_t size, size_t count, void *context)
{
    return ic_response_append_body(context, data, size * count) == IC_OK ? size * count : 0;
}

static size_t take_header(char *data, size_t size, size_t count, void *context)
{
    char line[8192];
    size_t length = size * count;
    if (length >= sizeof line) {
        return 0;
    }
    memcpy(line, data, length);
    while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r')) {
        length--;
    }
    line[length] = '\0';
    char *colon = strchr(line, ':');
    if (colon == NULL) {
        return size * count; /* the status line, or the end of the head */
    }
    *colon = '\0';
    char *value = colon + 1 + strspn(colon + 1, " ");
    return ic_response_add_header(context, line, value) == IC_OK ? size * count : 0;
}

static ic_status status_of(CURLcode result)
{
    switch (result) {
    case CURLE_OK:
        return IC_OK;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
        return IC_ERROR_OFFLINE;
    case CURLE_OPERATION_TIMEDOUT:
        return IC_ERROR_TIMEOUT;
    case CURLE_ABORTED_BY_CALLBACK:
        return IC_ERROR_CANCELLED;
    case CURLE_WRITE_ERROR:
        return IC_ERROR_LIMIT_EXCEEDED;
    default:
        return IC_ERROR_NETWORK;
    }
}

static ic_status curl_send(void *user_data, ic_request request, ic_response response)
{
    struct curl_transport *transport = user_data;
    int number = atomic_fetch_add(&transport->sent, 1) + 1;
    if (number == transport->fail_at) {
        CHECK(ic_response_set_not_sent(response) == IC_OK);
        return IC_ERROR_OFFLINE;
    }
    char url[4096], line[16384];
    struct curl_slist *headers = NULL;
    ic_bytes body = ic_request_body(request);
    long http_status = 0;
    CURL *curl = curl_easy_init();
    (void)snprintf(url, sizeof url, "%.*s", IC_STR_ARG(ic_request_url(request)));
    for (size_t index = 0; index < ic_request_header_count(request); index++) {
        (void)snprintf(line, sizeof line, "%.*s: %.*s", IC_STR_ARG(ic_request_header_name(request, index)),
                       IC_STR_ARG(ic_request_header_value(request, index)));
        headers = curl_slist_append(headers, line);
    }
    headers = curl_slist_append(headers, "Expect:");
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)ic_request_remaining_ms(request));
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, ended);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, request);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, response);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, response);
    if (ic_str_is(ic_request_method(request), "POST")) {
        curl_easy_setopt(curl, CURLOPT_POST, 1L);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.data != NULL ? (const char *)body.data : "");
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)body.len);
    }
    CURLcode result = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &http_status);
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
    if (number == transport->lose_at) {
        return IC_ERROR_NETWORK;
    }
    if (result != CURLE_OK) {
        (void)ic_response_fail(response, curl_easy_strerror(result));
        return status_of(result);
    }
    return ic_response_set_status(response, (int32_t)http_status);
}

static void curl_destroy(void *user_data)
{
    struct curl_transport *transport = user_data;
    atomic_fetch_add(&transport->destroyed, 1);
}

ic_transport curl_transport(struct curl_transport *own)
{
    ic_transport transport = IC_TRANSPORT_INIT;
    transport.user_data = own;
    transport.send = curl_send;
    transport.destroy = curl_destroy;
    return transport;
}

ic_step answer_text(ic_flow flow, const char *remediation, const char *path, const char *text)
{
    ic_step step = NULL, next = NULL;
    ic_answer answer = NULL;
    ic_error error = NULL;
    CHECK_OK(ic_flow_step(flow, &step, &error));
    CHECK_OK(ic_answer_new_named(step, remediation, &answer, &error));
    CHECK_OK(ic_answer_set_string(answer, path, text, &error));
    CHECK_OK(ic_flow_proceed(flow, answer, NULL, &next, &error));
    CHECK_STATUS(ic_answer_free(answer), IC_OK);
    CHECK_STATUS(ic_step_free(step), IC_OK);
    return next;
}

ic_step pass_password(ic_flow flow)
{
    CHECK_STATUS(ic_step_free(answer_text(flow, "identify", "identifier", "ada@example.com")), IC_OK);
    return answer_text(flow, "challenge-authenticator", "credentials.passcode", PASSWORD);
}

ic_step choose_authenticator(ic_flow flow)
{
    ic_step step = NULL, next = NULL;
    ic_answer answer = NULL;
    ic_error error = NULL;
    CHECK_OK(ic_flow_step(flow, &step, &error));
    ic_node form = ic_step_remediation_named(step, "select-authenticator-authenticate");
    ic_node choice = ic_remediation_field_named(step, form, "authenticator");
    CHECK(ic_field_option_count(step, choice) == 1);
    CHECK_OK(ic_answer_new(step, form, &answer, &error));
    CHECK_OK(ic_answer_choose(answer, ic_field_option(step, choice, 0), &error));
    CHECK_OK(ic_flow_proceed(flow, answer, NULL, &next, &error));
    CHECK_STATUS(ic_answer_free(answer), IC_OK);
    CHECK_STATUS(ic_step_free(step), IC_OK);
    return next;
}

void check_tokens(ic_tokens tokens)
{
    uint64_t seconds = 0;
    int64_t at = 0;
    CHECK(ic_tokens_access_token(tokens).len > 0);
    CHECK(ic_tokens_id_token(tokens).len > 0);
    CHECK(ic_tokens_refresh_token(tokens).len > 0);
    CHECK(ic_tokens_subject(tokens).len > 0);
    CHECK_TEXT(ic_tokens_issuer(tokens), sandbox_issuer());
    CHECK_TEXT(ic_tokens_claim(tokens, "preferred_username"), "ada@example.com");
    CHECK(ic_tokens_claim(tokens, "no such claim").data == NULL);
    CHECK(ic_tokens_claims_json(tokens).len > 2 && ic_tokens_claims_json(tokens).data[0] == '{');
    CHECK(ic_tokens_scopes(tokens).len > 0);
    CHECK(ic_tokens_expires_in(tokens, &seconds) && seconds == 3600);
    CHECK(ic_tokens_expires_at(tokens, &at) && at > 1600000000);
}

void finish(ic_flow flow)
{
    ic_tokens tokens = NULL;
    ic_error error = NULL;
    CHECK(ic_flow_is_complete(flow) && ic_flow_ending(flow) == IC_ENDING_SIGNED_IN);
    CHECK_OK(ic_flow_finish(flow, NULL, &tokens, &error));
    check_tokens(tokens);
    CHECK_STATUS(ic_tokens_free(tokens), IC_OK);
}

int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void sleep_ms(int milliseconds)
{
    struct timespec wait = {milliseconds / 1000, (long)(milliseconds % 1000) * 1000000};
    nanosleep(&wait, NULL);
}
