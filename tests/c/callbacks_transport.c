/* Transports: the program's own HTTP stack, well and badly behaved. */

#include "callbacks.h"
#include "sandbox.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define HANG_MS 600000 /* what has not come by then never comes */

/* A transport that does what a test wants. */
struct stage {
    struct fake fake;
    ic_client client;
    ic_flow flow;
    ic_flow other;
    ic_cancel cancel;
    ic_status returns;
    bool not_sent;
    const char *why;
    ic_request kept_request;
    ic_response kept_response;
    int sent;
    atomic_int destroyed;
    atomic_bool inside;
};

static void destroy(void *user_data)
{
    struct stage *stage = user_data;
    atomic_fetch_add(&stage->destroyed, 1);
}

static ic_client client_over(struct stage *stage, ic_send_fn send)
{
    ic_transport transport = IC_TRANSPORT_INIT;
    ic_config config = NULL;
    ic_client client = NULL;
    ic_error error = NULL;
    transport.user_data = stage;
    transport.send = send;
    transport.destroy = destroy;
    CHECK_OK(ic_config_new("https://org.example/oauth2/default", "0oa1", REDIRECT_URI, &config, &error));
    CHECK_OK(ic_config_set_scopes(config, "profile", &error));
    CHECK_OK(ic_config_set_device_token(config, "device-0123456789", &error));
    CHECK_OK(ic_config_set_accept_language(config, "de", &error));
    CHECK_OK(ic_config_set_user_agent(config, "test/1", &error));
    CHECK_OK(ic_config_set_transport(config, &transport, &error));
    CHECK_OK(ic_client_new(config, &client, &error));
    CHECK_STATUS(ic_config_free(config), IC_OK);
    return client;
}

static bool has_header(ic_request request, const char *name, const char *value)
{
    for (size_t index = 0; index < ic_request_header_count(request); index++) {
        ic_str own = ic_request_header_name(request, index);
        ic_str is = ic_request_header_value(request, index);
        if (ic_str_is(own, name) && (value == NULL || (is.len >= strlen(value) && memcmp(is.data, value, strlen(value)) == 0))) {
            return true;
        }
    }
    return false;
}

static ic_status looks(void *user_data, ic_request request, ic_response response)
{
    struct stage *stage = user_data;
    ic_bytes body = ic_request_body(request);
    stage->sent++;
    stage->kept_request = request;
    stage->kept_response = response;
    CHECK_TEXT(ic_request_method(request), "POST");
    CHECK_TEXT(ic_request_url(request), "https://org.example/oauth2/default/v1/interact");
    CHECK(has_header(request, "Content-Type", "application/x-www-form-urlencoded"));
    CHECK(has_header(request, "Accept", "application/json") && has_header(request, "Accept-Language", "de"));
    CHECK(has_header(request, "User-Agent", "test/1 ") && has_header(request, "Cookie", "DT=device-0123456789"));
    CHECK(ic_request_header_name(request, ic_request_header_count(request)).data == NULL);
    CHECK(body.len > 100 && memcmp(body.data, "client_id=0oa1", strlen("client_id=0oa1")) == 0);
    CHECK(ic_request_max_body(request) == 2 * 1024 * 1024);
    CHECK(ic_request_remaining_ms(request) > 0 && ic_request_remaining_ms(request) <= 12345);
    CHECK(!ic_request_is_cancelled(request));
    CHECK(ic_handle_check(request) == IC_OK && ic_handle_check(response) == IC_OK);
    return IC_ERROR_OFFLINE;
}

void transport_sees_the_request(void **state)
{
    struct stage stage = {.sent = 0};
    ic_call call = IC_CALL_INIT;
    ic_flow flow = NULL;
    ic_error error = NULL;
    (void)state;
    ic_client client = client_over(&stage, looks);
    call.timeout_ms = 12345;
    CHECK_CALL(ic_flow_start(client, NULL, &call, &flow, &error), IC_ERROR_OFFLINE);
    CHECK(stage.sent == 1 && flow == NULL);
    /* What was lent is over. */
    CHECK(ic_request_url(stage.kept_request).data == NULL && ic_request_body(stage.kept_request).data == NULL);
    CHECK(ic_request_is_cancelled(stage.kept_request));
    CHECK_STATUS(ic_response_set_status(stage.kept_response, 200), IC_ERROR_INVALID_HANDLE);
    CHECK_STATUS(ic_response_append_body(stage.kept_response, "x", 1), IC_ERROR_INVALID_HANDLE);
    CHECK_STATUS(ic_client_free(client), IC_OK);
    CHECK(atomic_load(&stage.destroyed) == 1);
    CHECKED();
}

static ic_status fails(void *user_data, ic_request request, ic_response response)
{
    struct stage *stage = user_data;
    (void)request;
    stage->sent++;
    if (stage->not_sent) {
        CHECK_STATUS(ic_response_set_not_sent(response), IC_OK);
    }
    if (stage->why != NULL) {
        CHECK_STATUS(ic_response_fail(response, stage->why), IC_OK);
    }
    return stage->returns;
}

/* Starts, and expects this; nothing is retried. */
static void start(struct stage *stage, ic_client client, ic_status expected)
{
    ic_flow flow = NULL;
    ic_error error = NULL;
    int before = stage->sent;
    CHECK(ic_flow_start(client, NULL, NULL, &flow, &error) == expected);
    CHECK(flow == NULL && stage->sent == before + 1);
    CHECK(ic_error_maybe_sent(error) == !stage->not_sent);
    if (stage->why != NULL) {
        CHECK_TEXT(ic_error_text(error), stage->why);
    }
    CHECK_CALL(ic_error_status(error), expected);
}

void transport_that_fails(void **state)
{
    static const ic_status DECLARED[] = {IC_ERROR_CANCELLED, IC_ERROR_TIMEOUT, IC_ERROR_OFFLINE,       IC_ERROR_TLS,
                                         IC_ERROR_PROXY,     IC_ERROR_NETWORK, IC_ERROR_LIMIT_EXCEEDED};
    static const ic_status OTHER[] = {1, -1, 4711, INT32_MIN, IC_ERROR_OAUTH, IC_ERROR_INTERNAL, IC_ERROR_INVALID_HANDLE};
    struct stage stage = {.sent = 0};
    (void)state;
    ic_client client = client_over(&stage, fails);
    for (int not_sent = 0; not_sent < 2; not_sent++) {
        stage.not_sent = not_sent;
        stage.why = not_sent ? "the cable is out" : NULL;
        for (size_t index = 0; index < sizeof DECLARED / sizeof *DECLARED; index++) {
            stage.returns = DECLARED[index];
            start(&stage, client, DECLARED[index]);
        }
        for (size_t index = 0; index < sizeof OTHER / sizeof *OTHER; index++) {
            stage.returns = OTHER[index];
            start(&stage, client, IC_ERROR_CALLBACK);
        }
    }
    CHECK_STATUS(ic_client_free(client), IC_OK);
    CHECK(atomic_load(&stage.destroyed) == 1);
    CHECKED();
}

static ic_status breaks_the_rules(void *user_data, ic_request request, ic_response response)
{
    struct stage *stage = user_data;
    (void)request;
    if (stage->sent++ == 1) {
        /* None of this is taken. */
        CHECK_STATUS(ic_response_set_status(response, 99), IC_ERROR_INVALID_ARGUMENT);
        CHECK_STATUS(ic_response_set_status(response, 600), IC_ERROR_INVALID_ARGUMENT);
        CHECK_STATUS(ic_response_set_status(response, -200), IC_ERROR_INVALID_ARGUMENT);
        CHECK_STATUS(ic_response_append_body(response, NULL, 1), IC_ERROR_INVALID_ARGUMENT);
        CHECK_STATUS(ic_response_append_body(response, NULL, 0), IC_OK);
        CHECK_STATUS(ic_response_add_header(response, NULL, "x"), IC_ERROR_INVALID_ARGUMENT);
    }
    return IC_OK; /* without a status there was no answer */
}

void transport_that_breaks_the_rules(void **state)
{
    struct stage stage = {.sent = 0};
    (void)state;
    ic_client client = client_over(&stage, breaks_the_rules);
    start(&stage, client, IC_ERROR_CALLBACK);
    start(&stage, client, IC_ERROR_CALLBACK);
    CHECK_STATUS(ic_client_free(client), IC_OK);
    CHECKED();
}

enum { TOO_LONG, TOO_LONG_UNNOTICED, TOO_MANY_HEADERS, TOO_LONG_HEADERS, EXCESSES };

static ic_status sends_too_much(void *user_data, ic_request request, ic_response response)
{
    static char block[64 * 1024];
    struct stage *stage = user_data;
    ic_status status = IC_OK;
    size_t total = 0;
    memset(block, ' ', sizeof block - 1);
    CHECK_STATUS(ic_response_set_status(response, 200), IC_OK);
    switch (stage->sent++) {
    case TOO_LONG:
    case TOO_LONG_UNNOTICED:
        while (status == IC_OK && total <= 4 * ic_request_max_body(request)) {
            status = ic_response_append_body(response, block, sizeof block);
            total += sizeof block;
        }
        CHECK(total > ic_request_max_body(request) && total <= ic_request_max_body(request) + sizeof block);
        break;
    case TOO_MANY_HEADERS:
        for (int index = 0; status == IC_OK && index < 1000; index++) {
            status = ic_response_add_header(response, "X-Header", "value");
        }
        break;
    default:
        for (int index = 0; status == IC_OK && index < 3; index++) {
            status = ic_response_add_header(response, "X-Header", block);
        }
        break;
    }
    CHECK(status == IC_ERROR_LIMIT_EXCEEDED);
    return stage->sent == TOO_LONG + 1 ? status : IC_OK;
}

void transport_with_too_much(void **state)
{
    struct stage stage = {.sent = 0};
    (void)state;
    ic_client client = client_over(&stage, sends_too_much);
    for (int excess = 0; excess < EXCESSES; excess++) {
        start(&stage, client, IC_ERROR_LIMIT_EXCEEDED);
    }
    CHECK_STATUS(ic_client_free(client), IC_OK);
    CHECKED();
}

static void calls_back(void *context, ic_request request, ic_response response)
{
    struct stage *stage = context;
    ic_step step = NULL;
    ic_client client = NULL;
    ic_error error = NULL;
    (void)request, (void)response;
    if (stage->sent++ > 0) {
        return; /* the calls below come here, too */
    }
    CHECK_CALL(ic_flow_refresh(stage->flow, NULL, &step, &error), IC_ERROR_BUSY);
    CHECK_OK(ic_flow_step(stage->flow, &step, &error));
    CHECK_TEXT(ic_step_status(step), "identification");
    CHECK_STATUS(ic_step_free(step), IC_OK);
    CHECK_OK(ic_flow_refresh(stage->other, NULL, NULL, &error));
    CHECK_OK(ic_client_clone(stage->client, &client, &error));
    ic_flow flow = fake_flow(client);
    CHECK_STATUS(ic_flow_free(flow), IC_OK);
    CHECK_STATUS(ic_client_free(client), IC_OK);
}

static void open_stage(struct stage *stage, void (*during)(void *context, ic_request request, ic_response response))
{
    memset(stage, 0, sizeof *stage);
    stage->fake.body = BODY_FIRST_PAGE;
    stage->client = fake_client(&stage->fake);
    stage->flow = fake_flow(stage->client);
    stage->other = fake_flow(stage->client);
    stage->fake.during = during;
    stage->fake.context = stage;
}

void transport_that_calls_back(void **state)
{
    struct stage stage;
    ic_error error = NULL;
    (void)state;
    open_stage(&stage, calls_back);
    CHECK_OK(ic_flow_refresh(stage.flow, NULL, NULL, &error));
    CHECK(stage.sent == 4);
    CHECK_STATUS(ic_flow_free(stage.flow), IC_OK);
    CHECK_STATUS(ic_flow_free(stage.other), IC_OK);
    CHECK_STATUS(ic_client_free(stage.client), IC_OK);
    CHECK(atomic_load(&stage.fake.destroyed) == 1);
    CHECKED();
}

static void frees_everything(void *context, ic_request request, ic_response response)
{
    struct stage *stage = context;
    (void)request, (void)response;
    CHECK_STATUS(ic_flow_free(stage->flow), IC_OK);
    CHECK_STATUS(ic_flow_free(stage->other), IC_OK);
    CHECK_STATUS(ic_client_free(stage->client), IC_OK);
    CHECK(atomic_load(&stage->fake.destroyed) == 0); /* not while it is in use */
}

void transport_that_frees_everything(void **state)
{
    struct stage stage;
    ic_step step = NULL;
    ic_error error = NULL;
    (void)state;
    open_stage(&stage, frees_everything);
    CHECK_OK(ic_flow_refresh(stage.flow, NULL, &step, &error));
    CHECK(atomic_load(&stage.fake.destroyed) == 1);
    CHECK_TEXT(ic_step_status(step), "identification");
    CHECK_STATUS(ic_step_free(step), IC_OK);
    CHECK_CALL(ic_flow_refresh(stage.flow, NULL, NULL, &error), IC_ERROR_INVALID_HANDLE);
    CHECKED();
}

static ic_status waits(void *user_data, ic_request request, ic_response response)
{
    struct stage *stage = user_data;
    int64_t since = now_ms();
    (void)response;
    atomic_store(&stage->inside, true);
    while (!ic_request_is_cancelled(request) && now_ms() - since < HANG_MS) {
        sleep_ms(5);
    }
    return ic_request_is_cancelled(request) ? IC_ERROR_CANCELLED : IC_ERROR_TIMEOUT;
}

static void *triggers(void *context)
{
    struct stage *stage = context;
    while (!atomic_load(&stage->inside)) {
        sleep_ms(5);
    }
    CHECK_STATUS(ic_cancel_trigger(stage->cancel), IC_OK);
    CHECK_STATUS(ic_cancel_free(stage->cancel), IC_OK); /* the call under way keeps it */
    return NULL;
}

void transport_is_cancelled_from_another_thread(void **state)
{
    struct stage stage = {.sent = 0};
    ic_call call = IC_CALL_INIT;
    ic_flow flow = NULL;
    ic_error error = NULL;
    pthread_t thread;
    (void)state;
    ic_client client = client_over(&stage, waits);
    CHECK_OK(ic_cancel_new(&stage.cancel, &error));
    call.cancel = stage.cancel;
    call.timeout_ms = 2 * HANG_MS; /* it ends by the cancel, or not at all */
    assert_int_equal(pthread_create(&thread, NULL, triggers, &stage), 0);
    CHECK_CALL(ic_flow_start(client, NULL, &call, &flow, &error), IC_ERROR_CANCELLED);
    assert_int_equal(pthread_join(thread, NULL), 0);
    CHECK(flow == NULL);
    CHECK_STATUS(ic_client_free(client), IC_OK);
    CHECKED();
}

/* A whole sign-in in calls that can be made again; false when the last one failed. */
struct course {
    ic_client client;
    ic_flow flow;
    ic_answer answer;
    ic_tokens tokens;
    int place;
};

static ic_status one_call(struct course *course, ic_error *error)
{
    ic_step step = NULL, same = NULL;
    ic_status status = IC_OK;
    switch (course->place) {
    case 0:
        return ic_flow_start(course->client, NULL, NULL, &course->flow, error);
    case 1:
    case 2:
        if (course->answer == NULL) {
            const char *remediation = course->place == 1 ? "identify" : "challenge-authenticator";
            const char *path = course->place == 1 ? "identifier" : "credentials.passcode";
            CHECK(ic_flow_step(course->flow, &step, error) == IC_OK);
            CHECK(ic_answer_new_named(step, remediation, &course->answer, error) == IC_OK);
            CHECK(ic_answer_set_string(course->answer, path, course->place == 1 ? "ada@example.com" : PASSWORD, error) ==
                  IC_OK);
            CHECK(ic_step_free(step) == IC_OK);
        }
        /* The same answer goes out again, because the flow is where it was. */
        status = ic_flow_proceed(course->flow, course->answer, NULL, NULL, error);
        if (status == IC_OK) {
            CHECK(ic_answer_free(course->answer) == IC_OK);
            course->answer = NULL;
        } else {
            CHECK(ic_flow_step(course->flow, &same, NULL) == IC_OK);
            CHECK(ic_step_offers(same, course->place == 1 ? "identify" : "challenge-authenticator"));
            CHECK(ic_step_free(same) == IC_OK);
        }
        return status;
    default:
        return ic_flow_finish(course->flow, NULL, &course->tokens, error);
    }
}

void transport_fails_at_each_request(void **state)
{
    int requests = 0;
    (void)state;
    for (int fail_at = 0; fail_at == 0 || fail_at <= requests; fail_at++) {
        struct curl_transport own = {.fail_at = fail_at};
        ic_transport transport = curl_transport(&own);
        ic_config config = sandbox_config("app-password");
        struct course course = {.place = 0};
        ic_error error = NULL;
        int failures = 0;
        CHECK_OK(ic_config_set_transport(config, &transport, &error));
        CHECK_OK(ic_client_new(config, &course.client, &error));
        CHECK_STATUS(ic_config_free(config), IC_OK);
        while (course.place < 4 && failures < 3) {
            ic_status status = one_call(&course, &error);
            if (status == IC_OK) {
                course.place++;
                CHECK(error == NULL);
                continue;
            }
            failures++;
            CHECK(!ic_error_maybe_sent(error));
            CHECK_CALL(status, IC_ERROR_OFFLINE);
        }
        check_that(failures == (fail_at > 0), CHECK_PLACE, "%d failures with request %d failing", failures, fail_at);
        CHECK(course.place == 4);
        check_tokens(course.tokens);
        CHECK_STATUS(ic_tokens_free(course.tokens), IC_OK);
        CHECK_STATUS(ic_answer_free(course.answer), IC_OK);
        CHECK_STATUS(ic_flow_free(course.flow), IC_OK);
        CHECK_STATUS(ic_client_free(course.client), IC_OK);
        CHECK(atomic_load(&own.destroyed) == 1);
        requests = fail_at == 0 ? atomic_load(&own.sent) : requests;
        CHECK(requests >= 6); /* interact, introspect, two answers, token, keys */
    }
    CHECKED();
}

void transport_lives_as_long_as_its_last_user(void **state)
{
    struct fake fake = {.body = BODY_FIRST_PAGE};
    ic_transport transport = fake_transport(&fake);
    ic_config config = NULL;
    ic_client client = NULL, copy = NULL;
    ic_error error = NULL;
    (void)state;
    CHECK_OK(ic_config_new("https://org.example/oauth2/default", "0oa1", REDIRECT_URI, &config, &error));
    CHECK_OK(ic_config_set_transport(config, &transport, &error));
    /* Set again: the one before is done with. */
    CHECK_OK(ic_config_set_transport(config, &transport, &error));
    CHECK(atomic_load(&fake.destroyed) == 1);
    CHECK_OK(ic_client_new(config, &client, &error));
    CHECK_STATUS(ic_config_free(config), IC_OK);
    ic_flow flow = fake_flow(client);
    CHECK_OK(ic_client_clone(client, &copy, &error));
    CHECK_STATUS(ic_client_free(client), IC_OK);
    CHECK_STATUS(ic_client_free(copy), IC_OK);
    CHECK(atomic_load(&fake.destroyed) == 1);
    CHECK_OK(ic_flow_refresh(flow, NULL, NULL, &error)); /* a flow outlives its client */
    CHECK_STATUS(ic_flow_free(flow), IC_OK);
    CHECK(atomic_load(&fake.destroyed) == 2);
    CHECKED();
}
