/* Handlers: `remediate` and `waiting`, over the org in memory. */

#include "callbacks.h"
#include "sandbox.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a handler of these tests works with. */
struct scene {
    struct fake fake;
    ic_client client;
    ic_flow flow;
    ic_flow other;
    ic_cancel cancel;
    ic_status returns;
    const char *why;
    ic_step kept_step;
    ic_action kept_action;
    ic_waiting kept_waiting;
    int remediated, waited, destroyed;
    int64_t wait;
};

static void destroy(void *user_data)
{
    ((struct scene *)user_data)->destroyed++;
}

static ic_handler handler_of(struct scene *scene, ic_remediate_fn remediate, ic_waiting_fn waiting)
{
    ic_handler handler = IC_HANDLER_INIT;
    handler.user_data = scene;
    handler.remediate = remediate;
    handler.waiting = waiting;
    handler.destroy = destroy;
    return handler;
}

static void begin(struct scene *scene, const char *body)
{
    memset(scene, 0, sizeof *scene);
    scene->fake.body = body;
    scene->client = fake_client(&scene->fake);
    scene->flow = fake_flow(scene->client);
}

static void end(struct scene *scene)
{
    (void)ic_flow_free(scene->flow);
    (void)ic_flow_free(scene->other);
    (void)ic_cancel_free(scene->cancel);
    (void)ic_client_free(scene->client);
    CHECK(atomic_load(&scene->fake.destroyed) == 1);
}

/* Runs, expects this status, and that the handler was destroyed before the run returned. */
static void run(struct scene *scene, ic_handler handler, const ic_call *call, ic_status expected)
{
    ic_tokens tokens = NULL;
    ic_error error = NULL;
    int before = scene->destroyed;
    CHECK_CALL(ic_flow_run(scene->flow, &handler, call, &tokens, &error), expected);
    CHECK(scene->destroyed == before + 1);
    CHECK((tokens != NULL) == (expected == IC_OK));
    CHECK_STATUS(ic_tokens_free(tokens), IC_OK);
}

static ic_status fails(void *user_data, ic_step step, ic_action action)
{
    struct scene *scene = user_data;
    (void)step;
    scene->remediated++;
    if (scene->why != NULL) {
        CHECK_STATUS(ic_action_fail(action, scene->why), IC_OK);
    }
    return scene->returns;
}

static ic_status proceeds(void *user_data, ic_step step, ic_action action)
{
    struct scene *scene = user_data;
    ic_answer answer = NULL;
    ic_error error = NULL;
    scene->remediated++;
    CHECK_OK(ic_answer_new_named(step, "identify", &answer, &error));
    CHECK_OK(ic_answer_set_string(answer, "identifier", "ada", &error));
    CHECK_OK(ic_answer_set_string(answer, "credentials.passcode", "x1234", &error));
    CHECK_STATUS(ic_action_skip(action), IC_OK); /* of several calls the last one counts */
    CHECK_STATUS(ic_action_proceed(action, answer), IC_OK);
    CHECK_STATUS(ic_answer_free(answer), IC_OK); /* it was copied */
    scene->fake.body = BODY_SUCCESS;
    return IC_OK;
}

void handler_that_fails(void **state)
{
    static const ic_status DECLARED[] = {
        IC_ERROR_INVALID_ARGUMENT, IC_ERROR_BUSY,    IC_ERROR_INVALID_STATE, IC_ERROR_CANCELLED, IC_ERROR_TIMEOUT,
        IC_ERROR_OFFLINE,          IC_ERROR_EXPIRED, IC_ERROR_TERMINAL,      IC_ERROR_CALLBACK,  IC_ERROR_INTERNAL,
    };
    static const ic_status UNKNOWN[] = {1, -1, 9, 4711, INT32_MAX, INT32_MIN};
    struct scene scene;
    ic_tokens tokens = NULL;
    ic_error error = NULL;
    (void)state;
    begin(&scene, BODY_FIRST_PAGE);
    ic_handler handler = handler_of(&scene, fails, NULL);
    for (size_t index = 0; index < sizeof DECLARED / sizeof *DECLARED; index++) {
        scene.returns = DECLARED[index];
        run(&scene, handler, NULL, DECLARED[index]);
    }
    for (size_t index = 0; index < sizeof UNKNOWN / sizeof *UNKNOWN; index++) {
        scene.returns = UNKNOWN[index];
        run(&scene, handler, NULL, IC_ERROR_CALLBACK);
    }
    /* Its own words become the text of the error. */
    scene.why = "the window was closed";
    scene.returns = IC_ERROR_CANCELLED;
    CHECK(ic_flow_run(scene.flow, &handler, NULL, &tokens, &error) == IC_ERROR_CANCELLED);
    CHECK_TEXT(ic_error_text(error), "the window was closed");
    CHECK_TEXT(ic_error_kind(error), "cancelled");
    CHECK_STATUS(ic_error_free(error), IC_OK);
    /* The flow is where it was, and runs to its end. */
    run(&scene, handler_of(&scene, proceeds, NULL), NULL, IC_OK);
    end(&scene);
    CHECKED();
}

void handler_that_says_nothing(void **state)
{
    struct scene scene;
    (void)state;
    begin(&scene, BODY_FIRST_PAGE);
    scene.returns = IC_OK;
    run(&scene, handler_of(&scene, fails, NULL), NULL, IC_ERROR_CALLBACK);
    CHECK(scene.remediated == 1);
    end(&scene);
    CHECKED();
}

static ic_status calls_back(void *user_data, ic_step step, ic_action action)
{
    struct scene *scene = user_data;
    ic_handler handler = handler_of(scene, fails, NULL);
    ic_answer answer = NULL;
    ic_step seen = NULL;
    ic_screen screen = NULL;
    ic_tokens tokens = NULL;
    ic_buffer saved = NULL;
    ic_client client = NULL;
    ic_error error = NULL;
    scene->remediated++;
    /* Its own flow is busy ... */
    CHECK_OK(ic_answer_new_named(step, "identify", &answer, &error));
    CHECK_CALL(ic_flow_proceed(scene->flow, answer, NULL, &seen, &error), IC_ERROR_BUSY);
    CHECK_CALL(ic_flow_refresh(scene->flow, NULL, &seen, &error), IC_ERROR_BUSY);
    CHECK_CALL(ic_flow_skip(scene->flow, NULL, &seen, &error), IC_ERROR_BUSY);
    CHECK_CALL(ic_flow_restart(scene->flow, NULL, &seen, &error), IC_ERROR_BUSY);
    CHECK_CALL(ic_flow_poll(scene->flow, NULL, &seen, &error), IC_ERROR_BUSY);
    CHECK_CALL(ic_flow_handle_callback(scene->flow, "com.example.app:/callback", NULL, NULL, &error), IC_ERROR_BUSY);
    CHECK_CALL(ic_flow_finish(scene->flow, NULL, &tokens, &error), IC_ERROR_BUSY);
    CHECK_CALL(ic_flow_run(scene->flow, &handler, NULL, &tokens, &error), IC_ERROR_BUSY);
    /* ... saving only looks: it gives where the flow came to rest last, */
    CHECK_CALL(ic_flow_save(scene->flow, &saved, &error), IC_OK);
    CHECK_STATUS(ic_buffer_free(saved), IC_OK);
    CHECK(scene->destroyed == 1); /* of the run that was refused */
    CHECK_STATUS(ic_answer_free(answer), IC_OK);
    /* ... but can be looked at, */
    CHECK_OK(ic_flow_step(scene->flow, &seen, &error));
    CHECK_TEXT(ic_step_status(seen), "identification");
    CHECK_STATUS(ic_step_free(seen), IC_OK);
    CHECK_OK(ic_flow_form_step(scene->flow, &seen, &error));
    CHECK_STATUS(ic_step_free(seen), IC_OK);
    CHECK_OK(ic_flow_screen(scene->flow, &screen, &error));
    CHECK_TEXT(ic_screen_name(screen), "identify");
    CHECK_STATUS(ic_screen_free(screen), IC_OK);
    CHECK(!ic_flow_is_complete(scene->flow) && ic_flow_ending(scene->flow) == 0);
    CHECK(ic_flow_requests(scene->flow) == 2);
    /* and everything else works: the step, another flow, a new one, the client. */
    CHECK(ic_step_offers(step, "identify") && ic_step_remediation_count(step) == 2);
    CHECK_OK(ic_flow_refresh(scene->other, NULL, NULL, &error));
    CHECK_OK(ic_flow_client(scene->other, &client, &error));
    ic_flow flow = fake_flow(client);
    CHECK_STATUS(ic_flow_free(flow), IC_OK);
    CHECK_STATUS(ic_client_free(client), IC_OK);
    CHECK_STATUS(ic_action_refresh(action), IC_OK);
    return scene->remediated < 3 ? IC_OK : IC_ERROR_CANCELLED;
}

void handler_that_calls_back(void **state)
{
    struct scene scene;
    ic_tokens tokens = NULL;
    ic_error error = NULL;
    (void)state;
    begin(&scene, BODY_FIRST_PAGE);
    scene.other = fake_flow(scene.client);
    ic_handler handler = handler_of(&scene, calls_back, NULL);
    CHECK(ic_flow_requests(scene.flow) == 2);
    scene.remediated = 2;
    CHECK_CALL(ic_flow_run(scene.flow, &handler, NULL, &tokens, &error), IC_ERROR_CANCELLED);
    CHECK(scene.remediated == 3 && scene.destroyed == 2);
    CHECK_OK(ic_flow_refresh(scene.flow, NULL, NULL, &error)); /* busy no more */
    end(&scene);
    CHECKED();
}

static ic_status frees_everything(void *user_data, ic_step step, ic_action action)
{
    struct scene *scene = user_data;
    scene->remediated++;
    CHECK_STATUS(ic_flow_free(scene->flow), IC_OK);
    CHECK_STATUS(ic_client_free(scene->client), IC_OK);
    CHECK_STATUS(ic_cancel_free(scene->cancel), IC_OK);
    CHECK(ic_flow_requests(scene->flow) == 0);
    CHECK(atomic_load(&scene->fake.destroyed) == 0); /* the run goes on, with its transport */
    ic_status status = proceeds(scene, step, action);
    CHECK_STATUS(ic_step_free(step), IC_OK); /* against the rules, and harmless */
    return status;
}

void handler_that_frees_everything(void **state)
{
    struct scene scene;
    ic_tokens tokens = NULL;
    ic_error error = NULL;
    (void)state;
    begin(&scene, BODY_FIRST_PAGE);
    CHECK_OK(ic_cancel_new(&scene.cancel, &error));
    ic_handler handler = handler_of(&scene, frees_everything, NULL);
    ic_call call = IC_CALL_INIT;
    call.cancel = scene.cancel;
    CHECK_OK(ic_flow_run(scene.flow, &handler, &call, &tokens, &error));
    CHECK(scene.destroyed == 1 && atomic_load(&scene.fake.destroyed) == 1);
    CHECK_TEXT(ic_tokens_access_token(tokens), "access-1");
    CHECK_STATUS(ic_tokens_free(tokens), IC_OK);
    CHECKED();
}

static ic_status keeps(void *user_data, ic_step step, ic_action action)
{
    struct scene *scene = user_data;
    scene->kept_step = step;
    scene->kept_action = action;
    CHECK(ic_handle_check(step) == IC_OK && ic_handle_check(action) == IC_OK);
    return IC_ERROR_CANCELLED;
}

static int64_t keeps_waiting(void *user_data, ic_waiting waiting)
{
    struct scene *scene = user_data;
    scene->kept_waiting = waiting;
    CHECK(ic_handle_check(waiting) == IC_OK);
    return IC_WAIT_ASK;
}

void handler_that_keeps_what_is_lent(void **state)
{
    struct scene scene;
    ic_answer answer = NULL;
    ic_step step = NULL;
    ic_error error = NULL;
    (void)state;
    begin(&scene, BODY_PUSH);
    run(&scene, handler_of(&scene, keeps, keeps_waiting), NULL, IC_ERROR_CANCELLED);
    CHECK(scene.kept_step != NULL && scene.kept_action != NULL && scene.kept_waiting != NULL);
    CHECK(ic_step_status(scene.kept_step).data == NULL);
    CHECK_CALL(ic_answer_new_named(scene.kept_step, "cancel", &answer, &error), IC_ERROR_INVALID_HANDLE);
    CHECK_STATUS(ic_action_poll(scene.kept_action), IC_ERROR_INVALID_HANDLE);
    CHECK_STATUS(ic_action_fail(scene.kept_action, "late"), IC_ERROR_INVALID_HANDLE);
    CHECK(ic_waiting_number(scene.kept_waiting).data == NULL);
    CHECK_CALL(ic_waiting_step(scene.kept_waiting, &step, &error), IC_ERROR_INVALID_HANDLE);
    CHECK_STATUS(ic_waiting_trouble(scene.kept_waiting, &error), IC_ERROR_INVALID_HANDLE);
    CHECK(error == NULL);
    end(&scene);
    CHECKED();
}

/* Every action leads to its request, or its end. */
static ic_status acts(void *user_data, ic_step step, ic_action action)
{
    static ic_status (*const ACTIONS[])(ic_action) = {ic_action_resend, ic_action_send,    ic_action_recover,
                                                      ic_action_skip,   ic_action_refresh, ic_action_restart};
    struct scene *scene = user_data;
    int number = scene->remediated++;
    (void)step;
    if (number < 6) {
        CHECK_STATUS(ACTIONS[number](action), IC_OK);
    } else {
        CHECK_STATUS(ic_action_cancel(action), IC_OK);
    }
    return IC_OK;
}

#define MOST_PATHS 16
struct paths {
    char path[MOST_PATHS][64];
    int count;
};

static void note_path(void *context, ic_request request, ic_response response)
{
    struct paths *paths = context;
    ic_str url = ic_request_url(request);
    const size_t origin = strlen("https://org.example");
    (void)response;
    if (paths->count < MOST_PATHS && CHECK(url.len >= origin && url.len - origin < 64)) {
        memcpy(paths->path[paths->count], url.data + origin, url.len - origin);
        paths->path[paths->count++][url.len - origin] = '\0';
    }
}

static ic_status wants(void *user_data, ic_step step, ic_action action)
{
    struct scene *scene = user_data;
    (void)step;
    if (scene->remediated++ == 0) {
        CHECK_STATUS(ic_action_callback(action, "com.example.app:/callback?state=other&interaction_code=x"), IC_OK);
    } else {
        CHECK_STATUS(ic_action_poll(action), IC_OK);
    }
    return IC_OK;
}

void handler_actions(void **state)
{
    static const char *const EXPECTED[] = {
        "/idp/idx/challenge/resend", "/idp/idx/challenge/send",     "/idp/idx/recover",
        "/idp/idx/skip",             "/idp/idx/introspect",         "/oauth2/default/v1/interact",
        "/idp/idx/introspect",       "/idp/idx/cancel",
    };
    struct scene scene;
    struct paths paths = {.count = 0};
    (void)state;
    begin(&scene, BODY_FIRST_PAGE);
    scene.fake.during = note_path;
    scene.fake.context = &paths;
    run(&scene, handler_of(&scene, acts, NULL), NULL, IC_ERROR_CANCELLED);
    if (CHECK(paths.count == sizeof EXPECTED / sizeof *EXPECTED)) {
        for (int index = 0; index < paths.count; index++) {
            check_that(strcmp(paths.path[index], EXPECTED[index]) == 0, CHECK_PLACE, "%s, expected %s",
                       paths.path[index], EXPECTED[index]);
        }
    }
    /* A callback of somebody else's, and a poll where there is nothing to poll. */
    scene.remediated = 0;
    run(&scene, handler_of(&scene, wants, NULL), NULL, IC_ERROR_INVALID_CALLBACK);
    run(&scene, handler_of(&scene, wants, NULL), NULL, IC_ERROR_NOT_FOUND);
    end(&scene);
    CHECKED();
}

void handler_is_destroyed_once(void **state)
{
    struct scene scene;
    ic_call call = IC_CALL_INIT;
    ic_error error = NULL;
    (void)state;
    begin(&scene, BODY_FIRST_PAGE);
    ic_handler handler = handler_of(&scene, proceeds, NULL);
    CHECK_OK(ic_cancel_new(&scene.cancel, &error));
    CHECK_STATUS(ic_cancel_trigger(scene.cancel), IC_OK);
    call.cancel = scene.cancel;
    run(&scene, handler, &call, IC_ERROR_CANCELLED);
    CHECK(scene.remediated == 0);
    /* Without `remediate` it is taken, refused and destroyed. */
    handler.remediate = NULL;
    run(&scene, handler, NULL, IC_ERROR_INVALID_ARGUMENT);
    handler.remediate = proceeds;
    run(&scene, handler, NULL, IC_OK);
    CHECK(scene.destroyed == 3 && scene.remediated == 1);
    end(&scene);
    CHECKED();
}

/* One poll fails, and the wait goes on; then the server goes on, too. */
static int64_t sees(void *user_data, ic_waiting waiting)
{
    struct scene *scene = user_data;
    ic_step step = NULL;
    ic_error error = NULL, trouble = NULL;
    int number = scene->waited++;
    CHECK_TEXT(ic_waiting_number(waiting), "42");
    CHECK(ic_waiting_interval_ms(waiting) <= 500);
    CHECK(ic_waiting_remaining_ms(waiting) > 0 && ic_waiting_remaining_ms(waiting) <= 60000);
    CHECK_OK(ic_waiting_step(waiting, &step, &error));
    CHECK_TEXT(ic_step_number_challenge(step), "42");
    CHECK_STATUS(ic_step_free(step), IC_OK);
    CHECK_STATUS(ic_waiting_trouble(waiting, &trouble), IC_OK);
    CHECK((trouble != NULL) == (number == 1));
    if (number == 0) {
        scene->fake.refusal = "<html>";
        scene->fake.refusal_status = 503;
    } else if (number == 1) {
        CHECK(ic_error_status(trouble) == IC_ERROR_HTTP && ic_error_http_status(trouble) == 503);
        CHECK_STATUS(ic_error_free(trouble), IC_OK);
        scene->fake.refusal = NULL;
        scene->fake.body = BODY_SUCCESS;
    }
    /* Its own flow is busy, the step can be seen. */
    CHECK_CALL(ic_flow_refresh(scene->flow, NULL, NULL, &error), IC_ERROR_BUSY);
    CHECK_OK(ic_flow_step(scene->flow, &step, &error));
    CHECK_STATUS(ic_step_free(step), IC_OK);
    return IC_WAIT_CONTINUE;
}

void waiting_sees_the_wait(void **state)
{
    struct scene scene;
    ic_call call = IC_CALL_INIT;
    (void)state;
    begin(&scene, BODY_PUSH);
    call.timeout_ms = 60000;
    /* Nothing is asked of a person: `remediate` is never called. */
    run(&scene, handler_of(&scene, fails, sees), &call, IC_OK);
    CHECK(scene.waited == 2 && scene.remediated == 0);
    end(&scene);
    CHECKED();
}

static int64_t glances(void *user_data, ic_waiting waiting)
{
    struct scene *scene = user_data;
    (void)waiting;
    return ++scene->waited < 5 ? 20 : scene->wait;
}

void waiting_glances_and_asks(void **state)
{
    struct scene scene;
    ic_step step = NULL;
    ic_error error = NULL;
    (void)state;
    /* Half a minute between two polls, which five glances do not take on any machine. */
    char slow[4096];
    const char *interval = strstr(BODY_PUSH, "\"refresh\":500");
    assert_true(interval != NULL && strlen(BODY_PUSH) + 8 < sizeof slow);
    (void)snprintf(slow, sizeof slow, "%.*s\"refresh\":30000%s", (int)(interval - BODY_PUSH), BODY_PUSH,
                   interval + strlen("\"refresh\":500"));
    begin(&scene, slow);
    int before = atomic_load(&scene.fake.requests);
    scene.returns = IC_ERROR_CANCELLED;
    scene.wait = IC_WAIT_ASK;
    run(&scene, handler_of(&scene, fails, glances), NULL, IC_ERROR_CANCELLED);
    CHECK(scene.waited == 5 && scene.remediated == 1);
    /* Any negative number asks; without `remediate`, too. */
    scene.waited = 4;
    scene.wait = INT64_MIN;
    ic_handler handler = handler_of(&scene, NULL, glances);
    CHECK_OK(ic_flow_poll_while(scene.flow, &handler, NULL, &step, &error));
    CHECK_TEXT(ic_step_status(step), "challenge_poll");
    CHECK_STATUS(ic_step_free(step), IC_OK);
    CHECK(scene.destroyed == 2);
    /* All of that took less than an interval: nothing was sent. */
    CHECK(atomic_load(&scene.fake.requests) == before);
    end(&scene);
    CHECKED();
}

static void *triggers(void *context)
{
    struct scene *scene = context;
    sleep_ms(100);
    CHECK_STATUS(ic_cancel_trigger(scene->cancel), IC_OK);
    return NULL;
}

void waiting_is_cancelled_from_another_thread(void **state)
{
    struct scene scene;
    ic_call call = IC_CALL_INIT;
    ic_step step = NULL;
    ic_error error = NULL;
    pthread_t thread;
    (void)state;
    begin(&scene, BODY_PUSH);
    CHECK_OK(ic_cancel_new(&scene.cancel, &error));
    call.cancel = scene.cancel;
    call.timeout_ms = 3600000; /* it ends by the cancel, or the runner ends the program */
    assert_int_equal(pthread_create(&thread, NULL, triggers, &scene), 0);
    CHECK_CALL(ic_flow_poll(scene.flow, &call, &step, &error), IC_ERROR_CANCELLED);
    assert_int_equal(pthread_join(thread, NULL), 0);
    CHECK(step == NULL && ic_cancel_is_triggered(scene.cancel));
    /* Once and for good; without it the flow goes on. */
    CHECK_CALL(ic_flow_poll(scene.flow, &call, NULL, &error), IC_ERROR_CANCELLED);
    CHECK_OK(ic_flow_refresh(scene.flow, NULL, NULL, &error));
    end(&scene);
    CHECKED();
}
