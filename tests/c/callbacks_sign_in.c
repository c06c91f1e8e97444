/* Whole sign-ins over TCP against the sandbox: pull, push, saved and restored in between, cancelled. */

#include "callbacks.h"
#include "sandbox.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static ic_step first_step(ic_flow flow)
{
    ic_step step = NULL;
    ic_error error = NULL;
    CHECK_OK(ic_flow_step(flow, &step, &error));
    CHECK_TEXT(ic_step_status(step), "identification");
    CHECK(ic_step_http_status(step) == 200 && ic_step_request_id(step).len > 0);
    return step;
}

void sign_in_by_pull(void **state)
{
    ic_tokens tokens = NULL;
    ic_error error = NULL;
    char code[32];
    (void)state;
    ic_client client = sandbox_client("app-email");
    CHECK_TEXT(ic_client_issuer(client), sandbox_issuer());
    CHECK_TEXT(ic_client_client_id(client), "app-email");
    ic_flow flow = fake_flow(client);
    CHECK_STATUS(ic_client_free(client), IC_OK); /* the flow keeps it */
    CHECK_STATUS(ic_step_free(first_step(flow)), IC_OK);
    CHECK_CALL(ic_flow_finish(flow, NULL, &tokens, &error), IC_ERROR_INVALID_STATE);

    CHECK_STATUS(ic_step_free(answer_text(flow, "identify", "identifier", "ada@example.com")), IC_OK);
    /* A wrong password is a step with a message, not an error. */
    ic_step step = answer_text(flow, "challenge-authenticator", "credentials.passcode", "wrong");
    CHECK(ic_step_has_error(step) && ic_step_is_password_challenge(step) && ic_step_message_count(step) == 1);
    CHECK_TEXT(ic_message_key(step, ic_step_message(step, 0)), "incorrectPassword");
    CHECK(ic_message_text(step, ic_step_message(step, 0)).len > 0);
    CHECK_STATUS(ic_step_free(step), IC_OK);
    step = answer_text(flow, "challenge-authenticator", "credentials.passcode", PASSWORD);
    CHECK(!ic_step_has_error(step));
    CHECK_STATUS(ic_step_free(step), IC_OK);
    step = choose_authenticator(flow);
    CHECK_TEXT(ic_authenticator_known_key(step, ic_step_current_authenticator(step)), "okta_email");

    /* An answer that lacks what is required does not leave. */
    ic_answer answer = NULL;
    uint64_t requests = ic_flow_requests(flow);
    CHECK_OK(ic_answer_new_named(step, "challenge-authenticator", &answer, &error));
    CHECK(ic_flow_proceed(flow, answer, NULL, NULL, &error) == IC_ERROR_INVALID_ANSWER);
    CHECK(ic_error_problem_count(error) == 1);
    CHECK_TEXT(ic_error_problem_path(error, 0), "credentials.passcode");
    CHECK(ic_error_problem_what(error, 0).len > 0 && ic_error_problem_what(error, 1).data == NULL);
    CHECK_CALL(ic_error_status(error), IC_ERROR_INVALID_ANSWER);
    CHECK(ic_flow_requests(flow) == requests);
    CHECK_STATUS(ic_answer_free(answer), IC_OK);
    CHECK_STATUS(ic_step_free(step), IC_OK);

    if (sandbox_code(code, sizeof code)) {
        step = answer_text(flow, "challenge-authenticator", "credentials.passcode", code);
        CHECK_STATUS(ic_step_free(step), IC_OK);
    }
    finish(flow);
    /* The code is good once. */
    CHECK_CALL(ic_flow_finish(flow, NULL, &tokens, &error), IC_ERROR_INVALID_STATE);
    CHECK_STATUS(ic_flow_free(flow), IC_OK);
    CHECKED();
}

void sign_in_after_save_and_restore(void **state)
{
    ic_buffer saved = NULL;
    ic_error error = NULL;
    (void)state;
    ic_client client = sandbox_client("app-password");
    ic_flow flow = fake_flow(client);
    CHECK_STATUS(ic_step_free(answer_text(flow, "identify", "identifier", "ada@example.com")), IC_OK);
    CHECK_OK(ic_flow_save(flow, &saved, &error));
    ic_bytes bytes = ic_buffer_bytes(saved);
    ic_str text = ic_buffer_text(saved);
    CHECK(bytes.len > 100 && text.len == bytes.len && (const void *)text.data == (const void *)bytes.data);
    uint8_t *kept = malloc(bytes.len);
    size_t length = bytes.len;
    assert_non_null(kept);
    memcpy(kept, bytes.data, length);
    CHECK_STATUS(ic_buffer_free(saved), IC_OK);
    CHECK_STATUS(ic_flow_free(flow), IC_OK);
    CHECK_STATUS(ic_client_free(client), IC_OK);
    CHECK(ic_live_handles() == 0);

    /* Another client's is none of its business; nor is a damaged one. */
    client = sandbox_client("app-email");
    flow = NULL;
    CHECK_CALL(ic_flow_restore(client, kept, length, &flow, &error), IC_ERROR_INVALID_SNAPSHOT);
    CHECK_STATUS(ic_client_free(client), IC_OK);
    client = sandbox_client("app-password");
    CHECK_CALL(ic_flow_restore(client, kept, length - 1, &flow, &error), IC_ERROR_INVALID_SNAPSHOT);
    CHECK(flow == NULL);

    CHECK_OK(ic_flow_restore(client, kept, length, &flow, &error));
    free(kept);
    CHECK(ic_flow_requests(flow) == 0);
    CHECK_OK(ic_flow_refresh(flow, NULL, NULL, &error));
    CHECK_STATUS(ic_step_free(answer_text(flow, "challenge-authenticator", "credentials.passcode", PASSWORD)), IC_OK);
    finish(flow);
    CHECK_STATUS(ic_flow_free(flow), IC_OK);
    CHECK_STATUS(ic_client_free(client), IC_OK);
    CHECKED();
}

/* A person who answers by callbacks: a wrong password, the right one, and the number of the push. */
struct person {
    int passwords;
    atomic_int waits;
    bool approved;
    int destroyed;
};

static ic_status answers(void *user_data, ic_step step, ic_action action)
{
    struct person *person = user_data;
    ic_answer answer = NULL;
    ic_error error = NULL;
    if (ic_step_offers(step, "identify")) {
        CHECK_OK(ic_answer_new_named(step, "identify", &answer, &error));
        CHECK_OK(ic_answer_set_string(answer, "identifier", "ada@example.com", &error));
    } else if (ic_step_is_password_challenge(step)) {
        bool again = person->passwords++ > 0;
        CHECK(ic_step_has_error(step) == again);
        CHECK_OK(ic_answer_new_named(step, "challenge-authenticator", &answer, &error));
        CHECK_OK(ic_answer_set_string(answer, "credentials.passcode", again ? PASSWORD : "wrong", &error));
    } else {
        /* What is left is Okta Verify, by its only method. */
        ic_node form = ic_step_remediation(step, 0);
        CHECK_OK(ic_answer_new(step, form, &answer, &error));
        ic_node choice = ic_remediation_field_named(step, form, "authenticator");
        if (choice != IC_NO_NODE && ic_field_option_count(step, choice) > 0) {
            CHECK_OK(ic_answer_choose(answer, ic_field_option(step, choice, 0), &error));
        }
    }
    CHECK_STATUS(ic_action_proceed(action, answer), IC_OK);
    CHECK_STATUS(ic_answer_free(answer), IC_OK);
    return IC_OK;
}

static int64_t shows_number(void *user_data, ic_waiting waiting)
{
    struct person *person = user_data;
    ic_str number = ic_waiting_number(waiting);
    atomic_fetch_add(&person->waits, 1);
    if (CHECK(number.len > 0) && !person->approved) {
        person->approved = sandbox_approve(number);
    }
    return person->approved ? IC_WAIT_CONTINUE : IC_WAIT_ASK;
}

static void destroy(void *user_data)
{
    ((struct person *)user_data)->destroyed++;
}

void sign_in_by_push(void **state)
{
    struct person person = {.passwords = 0};
    ic_handler handler = IC_HANDLER_INIT;
    ic_tokens tokens = NULL;
    ic_error error = NULL;
    (void)state;
    handler.user_data = &person;
    handler.remediate = answers;
    handler.waiting = shows_number;
    handler.destroy = destroy;
    ic_client client = sandbox_client("app-push");
    ic_flow flow = fake_flow(client);
    CHECK_OK(ic_flow_run(flow, &handler, NULL, &tokens, &error));
    CHECK(person.passwords == 2 && person.approved && atomic_load(&person.waits) >= 1 && person.destroyed == 1);
    check_tokens(tokens);
    CHECK_STATUS(ic_tokens_free(tokens), IC_OK);
    CHECK_STATUS(ic_flow_free(flow), IC_OK);
    CHECK_STATUS(ic_client_free(client), IC_OK);
    CHECKED();
}

void sign_in_over_own_transport(void **state)
{
    /* The answer to the password (the fourth request) is lost on the way. */
    struct curl_transport own = {.lose_at = 4};
    ic_transport transport = curl_transport(&own);
    ic_config config = sandbox_config("app-password");
    ic_client client = NULL;
    ic_step step = NULL;
    ic_answer answer = NULL;
    ic_error error = NULL;
    (void)state;
    CHECK_OK(ic_config_set_transport(config, &transport, &error));
    CHECK_OK(ic_client_new(config, &client, &error));
    CHECK_STATUS(ic_config_free(config), IC_OK);
    ic_flow flow = fake_flow(client);
    step = answer_text(flow, "identify", "identifier", "ada@example.com");
    CHECK_OK(ic_answer_new_named(step, "challenge-authenticator", &answer, &error));
    CHECK_OK(ic_answer_set_string(answer, "credentials.passcode", PASSWORD, &error));
    CHECK_STATUS(ic_step_free(step), IC_OK);
    step = NULL;
    CHECK(ic_flow_proceed(flow, answer, NULL, &step, &error) == IC_ERROR_NETWORK);
    CHECK(step == NULL && ic_error_maybe_sent(error));
    CHECK_CALL(ic_error_status(error), IC_ERROR_NETWORK);
    CHECK_STATUS(ic_answer_free(answer), IC_OK);
    CHECK(!ic_flow_is_complete(flow));
    /* Ask the server instead of sending the password twice: it had arrived. */
    CHECK_OK(ic_flow_refresh(flow, NULL, NULL, &error));
    finish(flow);
    CHECK_STATUS(ic_flow_free(flow), IC_OK);
    CHECK_STATUS(ic_client_free(client), IC_OK);
    CHECK(atomic_load(&own.destroyed) == 1);
    CHECKED();
}

struct alarm {
    ic_cancel cancel;
    struct person *person;
};

static void *triggers(void *context)
{
    struct alarm *alarm = context;
    /* Within the wait, however long it takes to come to it. */
    for (int tries = 0; tries < 30000 && atomic_load(&alarm->person->waits) == 0; tries++) {
        sleep_ms(20);
    }
    sleep_ms(100);
    CHECK_STATUS(ic_cancel_trigger(alarm->cancel), IC_OK);
    return NULL;
}

void waiting_over_tcp_is_cancelled(void **state)
{
    struct person person = {.passwords = 1, .approved = true}; /* who approves nothing */
    struct alarm alarm = {.person = &person};
    ic_handler handler = IC_HANDLER_INIT;
    ic_call call = IC_CALL_INIT;
    ic_tokens tokens = NULL;
    ic_error error = NULL;
    pthread_t thread;
    (void)state;
    handler.user_data = &person;
    handler.remediate = answers;
    handler.waiting = shows_number;
    ic_client client = sandbox_client("app-push");
    ic_flow flow = fake_flow(client);
    CHECK_OK(ic_cancel_new(&alarm.cancel, &error));
    call.cancel = alarm.cancel;
    call.timeout_ms = 3600000; /* it ends by the cancel, or the runner ends the program */
    ic_step step = pass_password(flow);
    CHECK_STATUS(ic_step_free(step), IC_OK);
    assert_int_equal(pthread_create(&thread, NULL, triggers, &alarm), 0);
    CHECK_CALL(ic_flow_run(flow, &handler, &call, &tokens, &error), IC_ERROR_CANCELLED);
    assert_int_equal(pthread_join(thread, NULL), 0);
    /* The flow goes on where it was. */
    CHECK_OK(ic_flow_step(flow, &step, &error));
    CHECK_TEXT(ic_step_status(step), "challenge_poll");
    CHECK_STATUS(ic_step_free(step), IC_OK);
    person.approved = false;
    CHECK_OK(ic_flow_run(flow, &handler, NULL, &tokens, &error));
    check_tokens(tokens);
    CHECK_STATUS(ic_tokens_free(tokens), IC_OK);
    CHECK_STATUS(ic_flow_free(flow), IC_OK);
    CHECK_STATUS(ic_client_free(client), IC_OK);
    CHECK_STATUS(ic_cancel_free(alarm.cancel), IC_OK);
    CHECKED();
}

void nobody_listens(void **state)
{
    ic_config config = NULL;
    ic_client client = NULL;
    ic_flow flow = NULL;
    ic_error error = NULL;
    (void)state;
    /* Port 1 of this machine: refused, or at worst a time-out. */
    CHECK_OK(ic_config_new("http://127.0.0.1:1/oauth2/default", "app-password", REDIRECT_URI, &config, &error));
    CHECK_OK(ic_config_set_no_proxy(config, &error));
    CHECK_OK(ic_client_new(config, &client, &error));
    CHECK_STATUS(ic_config_free(config), IC_OK);
    CHECK(ic_flow_start(client, NULL, NULL, &flow, &error) == IC_ERROR_OFFLINE);
    CHECK(flow == NULL && !ic_error_maybe_sent(error) && ic_error_http_status(error) == 0);
    CHECK(ic_error_advice(error).len > 0);
    CHECK_CALL(ic_error_status(error), IC_ERROR_OFFLINE);
    CHECK_STATUS(ic_client_free(client), IC_OK);
    CHECKED();
}
