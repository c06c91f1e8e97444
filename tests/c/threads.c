/* Many threads: sharing what may be shared, fighting over what may not, freeing what others use. Also run under
 * ThreadSanitizer. Checks of worker threads are counted (check.h) and looked at by the main thread. */

#include "fake.h"
#include "sandbox.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define THREADS 8
#define SIGN_INS 5

static int rounds(int usual)
{
    return check_is_slow() ? usual / 20 + 1 : usual;
}

static void on_threads(void *(*work)(void *context), void *contexts[THREADS])
{
    pthread_t threads[THREADS];
    for (int index = 0; index < THREADS; index++) {
        assert_int_equal(pthread_create(&threads[index], NULL, work, contexts[index]), 0);
    }
    for (int index = 0; index < THREADS; index++) {
        assert_int_equal(pthread_join(threads[index], NULL), 0);
    }
}

static void share(void *contexts[THREADS], void *context)
{
    for (int index = 0; index < THREADS; index++) {
        contexts[index] = context;
    }
}

static void *signs_in(void *context)
{
    ic_client client = context;
    for (int time = 0; time < SIGN_INS; time++) {
        ic_flow flow = fake_flow(client);
        CHECK_STATUS(ic_step_free(pass_password(flow)), IC_OK);
        finish(flow);
        CHECK_STATUS(ic_flow_free(flow), IC_OK);
    }
    return NULL;
}

static void one_client_for_all(void **state)
{
    void *contexts[THREADS];
    (void)state;
    ic_client client = sandbox_client("app-password");
    share(contexts, client);
    on_threads(signs_in, contexts);
    CHECK_STATUS(ic_client_free(client), IC_OK);
    CHECKED();
}

struct reading {
    ic_step step;
    ic_flow flow;
    atomic_int left; /* readers that are not done */
};

static void *reads(void *context)
{
    struct reading *reading = context;
    ic_step step = reading->step;
    for (int time = 0; time < rounds(200); time++) {
        ic_node form = ic_step_remediation_named(step, "challenge-authenticator");
        ic_node field = ic_remediation_field_named(step, form, "credentials.passcode");
        CHECK_TEXT(ic_field_label(step, field), "Password");
        CHECK_TEXT(ic_field_path(step, field), "credentials.passcode"); /* made when it is first asked for */
        CHECK_TEXT(ic_step_number_challenge(step), "42");
        CHECK(ic_step_message_count(step) == 2 && ic_step_authenticator_count(step) == 3);
        CHECK_TEXT(ic_message_key(step, ic_step_message(step, 0)), "errors.E0000004");
        ic_step copy = NULL;
        ic_error error = NULL;
        CHECK_OK(ic_step_clone(step, &copy, &error));
        CHECK(ic_step_json(copy).len == strlen(BODY_RICH));
        CHECK_STATUS(ic_step_free(copy), IC_OK);
    }
    atomic_fetch_sub(&reading->left, 1);
    return NULL;
}

static void *goes_on(void *context)
{
    struct reading *reading = context;
    ic_error error = NULL;
    do {
        CHECK_OK(ic_flow_refresh(reading->flow, NULL, NULL, &error));
    } while (atomic_load(&reading->left) > 0);
    return NULL;
}

static void one_step_for_all(void **state)
{
    struct fake fake = {.body = BODY_RICH};
    struct reading reading = {.left = THREADS};
    void *contexts[THREADS];
    pthread_t thread;
    ic_error error = NULL;
    (void)state;
    ic_client client = fake_client(&fake);
    reading.flow = fake_flow(client);
    CHECK_OK(ic_flow_step(reading.flow, &reading.step, &error));
    assert_int_equal(pthread_create(&thread, NULL, goes_on, &reading), 0);
    share(contexts, &reading);
    on_threads(reads, contexts);
    assert_int_equal(pthread_join(thread, NULL), 0);
    CHECK_STATUS(ic_flow_free(reading.flow), IC_OK);
    CHECK_STATUS(ic_client_free(client), IC_OK);
    CHECK(ic_step_remediation_count(reading.step) == 3); /* it outlives its flow */
    CHECK_STATUS(ic_step_free(reading.step), IC_OK);
    CHECKED();
}

struct hammering {
    ic_flow flow;
    atomic_int inside, worked, busy;
};

static void is_alone(void *context, ic_request request, ic_response response)
{
    struct hammering *hammering = context;
    (void)request, (void)response;
    CHECK(atomic_fetch_add(&hammering->inside, 1) == 0);
    sleep_ms(1);
    atomic_fetch_sub(&hammering->inside, 1);
}

static void *hammers(void *context)
{
    struct hammering *hammering = context;
    for (int time = 0; time < rounds(200); time++) {
        ic_step step = NULL;
        ic_buffer saved = NULL;
        ic_error error = NULL;
        ic_status status = ic_flow_refresh(hammering->flow, NULL, &step, &error);
        CHECK(status == IC_OK || status == IC_ERROR_BUSY);
        CHECK((step != NULL) == (status == IC_OK) && (error != NULL) == (status == IC_ERROR_BUSY));
        atomic_fetch_add(status == IC_OK ? &hammering->worked : &hammering->busy, 1);
        CHECK_STATUS(ic_step_free(step), IC_OK);
        CHECK_CALL(status, status);
        /* Looking is never busy. */
        CHECK_OK(ic_flow_step(hammering->flow, &step, &error));
        CHECK_STATUS(ic_step_free(step), IC_OK);
        CHECK(!ic_flow_is_complete(hammering->flow) && ic_flow_requests(hammering->flow) >= 2);
        status = ic_flow_save(hammering->flow, &saved, NULL);
        CHECK(status == IC_OK || status == IC_ERROR_BUSY);
        CHECK_STATUS(ic_buffer_free(saved), IC_OK);
    }
    return NULL;
}

static void one_flow_does_one_call(void **state)
{
    struct fake fake = {.body = BODY_FIRST_PAGE};
    struct hammering hammering = {.inside = 0};
    void *contexts[THREADS];
    ic_error error = NULL;
    (void)state;
    ic_client client = fake_client(&fake);
    hammering.flow = fake_flow(client);
    fake.during = is_alone;
    fake.context = &hammering;
    share(contexts, &hammering);
    on_threads(hammers, contexts);
    CHECK(atomic_load(&hammering.worked) > 0 && atomic_load(&hammering.busy) > 0);
    CHECK(ic_flow_requests(hammering.flow) == 2 + (uint64_t)atomic_load(&hammering.worked));
    CHECK_OK(ic_flow_refresh(hammering.flow, NULL, NULL, &error)); /* and is free again */
    CHECK_STATUS(ic_flow_free(hammering.flow), IC_OK);
    CHECK_STATUS(ic_client_free(client), IC_OK);
    CHECKED();
}

/* An answer and a config do one call at a time, too. */
struct building {
    ic_answer answer;
    ic_config config;
};

static void *builds(void *context)
{
    struct building *building = context;
    for (int time = 0; time < rounds(500); time++) {
        ic_buffer body = NULL;
        ic_client client = NULL;
        ic_status status = ic_answer_set_string(building->answer, "credentials.passcode", "x1234", NULL);
        CHECK(status == IC_OK || status == IC_ERROR_BUSY);
        status = ic_answer_body(building->answer, &body, NULL);
        CHECK(status == IC_OK || status == IC_ERROR_BUSY);
        CHECK_STATUS(ic_buffer_free(body), IC_OK);
        status = ic_config_set_scopes(building->config, "openid", NULL);
        CHECK(status == IC_OK || status == IC_ERROR_BUSY);
        if (time % 16 == 0) {
            status = ic_client_new(building->config, &client, NULL);
            CHECK(status == IC_OK || status == IC_ERROR_BUSY);
            CHECK_STATUS(ic_client_free(client), IC_OK);
        }
    }
    return NULL;
}

static void one_answer_and_one_config_do_one_call(void **state)
{
    struct building building = {NULL, NULL};
    struct fake fake = {.body = BODY_FIRST_PAGE};
    ic_transport transport = fake_transport(&fake);
    void *contexts[THREADS];
    ic_step step = NULL;
    ic_error error = NULL;
    (void)state;
    CHECK_OK(ic_step_read(BODY_RICH, strlen(BODY_RICH), &step, &error));
    CHECK_OK(ic_answer_new_named(step, "challenge-authenticator", &building.answer, &error));
    CHECK_OK(ic_answer_set_string(building.answer, "credentials.passcode", "x1234", &error));
    CHECK_OK(ic_answer_select_authenticator(building.answer, "authenticator", "okta_email", &error));
    CHECK_OK(ic_config_new("https://org.example", "0oa1", REDIRECT_URI, &building.config, &error));
    CHECK_OK(ic_config_set_transport(building.config, &transport, &error));
    share(contexts, &building);
    on_threads(builds, contexts);
    CHECK_OK(ic_answer_check(building.answer, &error));
    CHECK_STATUS(ic_answer_free(building.answer), IC_OK);
    CHECK_STATUS(ic_config_free(building.config), IC_OK);
    CHECK_STATUS(ic_step_free(step), IC_OK);
    CHECK(atomic_load(&fake.destroyed) == 1);
    CHECKED();
}

/* Each thread waits for a push with a token that another one triggers and frees. */
struct race {
    ic_client client;
    ic_cancel own;     /* this thread's calls have it */
    ic_cancel another; /* a clone of another thread's */
};

static void *races(void *context)
{
    struct race *race = context;
    ic_call call = IC_CALL_INIT;
    ic_step step = NULL;
    ic_error error = NULL;
    ic_flow flow = fake_flow(race->client);
    call.cancel = race->own;
    CHECK_STATUS(ic_cancel_trigger(race->another), IC_OK);
    CHECK_STATUS(ic_cancel_free(race->another), IC_OK);
    call.timeout_ms = 3600000; /* it ends by the cancel, or the runner ends the program */
    CHECK_CALL(ic_flow_poll(flow, &call, &step, &error), IC_ERROR_CANCELLED);
    CHECK(ic_cancel_is_triggered(race->own));
    CHECK_STATUS(ic_cancel_free(race->own), IC_OK);
    CHECK_STATUS(ic_flow_free(flow), IC_OK);
    return NULL;
}

static void cancels_race(void **state)
{
    struct fake fake = {.body = BODY_PUSH};
    struct race all[THREADS];
    void *contexts[THREADS];
    ic_error error = NULL;
    (void)state;
    ic_client client = fake_client(&fake);
    for (int time = 0; time < rounds(20); time++) {
        for (int index = 0; index < THREADS; index++) {
            CHECK_OK(ic_cancel_new(&all[index].own, &error));
            all[index].client = client;
        }
        for (int index = 0; index < THREADS; index++) {
            CHECK_OK(ic_cancel_clone(all[(index + 1) % THREADS].own, &all[index].another, &error));
            contexts[index] = &all[index];
        }
        on_threads(races, contexts);
    }
    CHECK_STATUS(ic_client_free(client), IC_OK);
    CHECKED();
}

/* Handles that everybody takes, replaces, uses and frees: each use is good or refused, each one is freed once. */
#define PLACES 16
struct bazaar {
    _Atomic(ic_cancel) cancels[PLACES];
    _Atomic(ic_step) steps[PLACES];
    atomic_int made, freed;
};

static void *trades(void *context)
{
    struct bazaar *bazaar = context;
    unsigned seed = (unsigned)(uintptr_t)&seed;
    for (int time = 0; time < rounds(3000); time++) {
        int place = (int)((seed = seed * 1103515245 + 12345) >> 16) % PLACES;
        ic_cancel cancel = NULL;
        ic_step step = NULL;
        ic_error error = NULL;
        CHECK_OK(ic_cancel_new(&cancel, &error));
        CHECK_OK(ic_step_read(BODY_PASSWORD, strlen(BODY_PASSWORD), &step, &error));
        atomic_fetch_add(&bazaar->made, 2);
        cancel = atomic_exchange(&bazaar->cancels[place], cancel);
        step = atomic_exchange(&bazaar->steps[place], step);

        /* Somebody may free these two at any moment; numbers are never borrowed, so reading them is fine. */
        ic_cancel others = atomic_load(&bazaar->cancels[(place + 1) % PLACES]);
        ic_step other_step = atomic_load(&bazaar->steps[(place + 1) % PLACES]);
        ic_status status = ic_cancel_trigger(others);
        CHECK(status == IC_OK || status == IC_ERROR_INVALID_HANDLE);
        CHECK(ic_step_remediation_count(other_step) <= 1);
        ic_answer answer = NULL;
        status = ic_answer_new_named(other_step, "challenge-authenticator", &answer, NULL);
        CHECK(status == IC_OK || status == IC_ERROR_INVALID_HANDLE);
        CHECK_STATUS(ic_answer_free(answer), IC_OK);
        CHECK_STATUS(ic_step_free((ic_step)(void *)others), others == NULL ? IC_OK : IC_ERROR_INVALID_HANDLE);

        if (cancel != NULL) {
            CHECK_STATUS(ic_cancel_free(cancel), IC_OK);
            CHECK_STATUS(ic_cancel_free(cancel), IC_ERROR_INVALID_HANDLE);
            CHECK(!ic_cancel_is_triggered(cancel));
            atomic_fetch_add(&bazaar->freed, 1);
        }
        if (step != NULL) {
            CHECK_STATUS(ic_step_free(step), IC_OK);
            CHECK(ic_step_status(step).data == NULL);
            atomic_fetch_add(&bazaar->freed, 1);
        }
    }
    return NULL;
}

static void handles_are_traded(void **state)
{
    static struct bazaar bazaar;
    void *contexts[THREADS];
    (void)state;
    share(contexts, &bazaar);
    on_threads(trades, contexts);
    CHECK(ic_live_handles() == (size_t)(atomic_load(&bazaar.made) - atomic_load(&bazaar.freed)));
    for (int place = 0; place < PLACES; place++) {
        CHECK_STATUS(ic_cancel_free(atomic_load(&bazaar.cancels[place])), IC_OK);
        CHECK_STATUS(ic_step_free(atomic_load(&bazaar.steps[place])), IC_OK);
    }
    CHECKED();
}

/* A call of one thread goes on to its end while another thread frees what it works on. */
struct freeing {
    ic_client client;
    ic_flow flow;
    atomic_bool entered, freed;
};

static void waits_inside(void *context, ic_request request, ic_response response)
{
    struct freeing *freeing = context;
    (void)request, (void)response;
    atomic_store(&freeing->entered, true);
    while (!atomic_load(&freeing->freed)) {
        sleep_ms(1);
    }
}

static void *frees(void *context)
{
    struct freeing *freeing = context;
    while (!atomic_load(&freeing->entered)) {
        sleep_ms(1);
    }
    CHECK_STATUS(ic_flow_free(freeing->flow), IC_OK);
    CHECK_STATUS(ic_flow_free(freeing->flow), IC_ERROR_INVALID_HANDLE);
    CHECK_STATUS(ic_client_free(freeing->client), IC_OK);
    atomic_store(&freeing->freed, true);
    return NULL;
}

static void freed_while_in_use(void **state)
{
    (void)state;
    for (int time = 0; time < rounds(50); time++) {
        struct fake fake = {.body = BODY_FIRST_PAGE};
        struct freeing freeing = {NULL, NULL, false, false};
        pthread_t thread;
        ic_step step = NULL;
        ic_error error = NULL;
        freeing.client = fake_client(&fake);
        freeing.flow = fake_flow(freeing.client);
        fake.during = waits_inside;
        fake.context = &freeing;
        assert_int_equal(pthread_create(&thread, NULL, frees, &freeing), 0);
        CHECK_OK(ic_flow_refresh(freeing.flow, NULL, &step, &error));
        assert_int_equal(pthread_join(thread, NULL), 0);
        CHECK_TEXT(ic_step_status(step), "identification");
        CHECK(atomic_load(&fake.destroyed) == 1);
        CHECK_STATUS(ic_step_free(step), IC_OK);
        CHECK_CALL(ic_flow_refresh(freeing.flow, NULL, &step, &error), IC_ERROR_INVALID_HANDLE);
    }
    CHECKED();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_client_for_all),
        cmocka_unit_test(one_step_for_all),
        cmocka_unit_test(one_flow_does_one_call),
        cmocka_unit_test(one_answer_and_one_config_do_one_call),
        cmocka_unit_test(cancels_race),
        cmocka_unit_test(handles_are_traded),
        cmocka_unit_test(freed_while_in_use),
    };
    if (!sandbox_begin()) {
        return 2;
    }
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    sandbox_end();
    return failed;
}
