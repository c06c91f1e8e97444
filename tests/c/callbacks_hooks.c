/* Under IC_TEST_HOOKS: the clock, the random numbers and a bug on demand. */

#include "callbacks.h"
#include "sandbox.h"

#include <stdlib.h>
#include <string.h>

#if defined(IC_TEST_HOOKS)

struct hooks {
    int64_t time;
    uint8_t byte;
    ic_status returns;
    int destroyed;
    struct fake fake;
    char interact[2][1024]; /* the bodies of the first two `interact` */
    int interacts;
};

static int64_t now(void *user_data)
{
    return ((struct hooks *)user_data)->time;
}

static ic_status fill(void *user_data, uint8_t *bytes, size_t len)
{
    struct hooks *hooks = user_data;
    memset(bytes, hooks->byte, len);
    return hooks->returns;
}

static void destroy_hooks(void *user_data)
{
    ((struct hooks *)user_data)->destroyed++;
}

void clock_decides_what_has_expired(void **state)
{
    struct hooks hooks = {.time = 4102444800}; /* the year 2100 */
    ic_clock clock = {sizeof clock, &hooks, now, destroy_hooks};
    ic_config config = sandbox_config("app-password");
    ic_client client = NULL;
    ic_tokens tokens = NULL;
    ic_error error = NULL;
    (void)state;
    CHECK_OK(ic_config_set_clock(config, &clock, &error));
    CHECK_OK(ic_client_new(config, &client, &error));
    CHECK_STATUS(ic_config_free(config), IC_OK);
    ic_flow flow = fake_flow(client);
    CHECK_STATUS(ic_step_free(pass_password(flow)), IC_OK);
    CHECK(ic_flow_finish(flow, NULL, &tokens, &error) == IC_ERROR_INVALID_TOKEN);
    CHECK_TEXT(ic_error_rule(error), "exp");
    CHECK_CALL(ic_error_status(error), IC_ERROR_INVALID_TOKEN);
    CHECK(tokens == NULL);
    CHECK_STATUS(ic_flow_free(flow), IC_OK);
    CHECK_STATUS(ic_client_free(client), IC_OK);
    CHECK(hooks.destroyed == 1);
    CHECKED();
}

static void note_interact(void *context, ic_request request, ic_response response)
{
    struct hooks *hooks = context;
    ic_bytes body = ic_request_body(request);
    (void)response;
    if (hooks->interacts < 2 && body.len < sizeof hooks->interact[0] && body.len > 0 && body.data[0] == 'c') {
        memcpy(hooks->interact[hooks->interacts], body.data, body.len);
        hooks->interact[hooks->interacts++][body.len] = '\0';
    }
}

void random_decides_the_secrets(void **state)
{
    struct hooks hooks = {.byte = 0x42, .fake = {.body = BODY_FIRST_PAGE}};
    ic_random random = {sizeof random, &hooks, fill, destroy_hooks};
    ic_transport transport = fake_transport(&hooks.fake);
    ic_config config = NULL;
    ic_client client = NULL;
    ic_flow flow = NULL;
    ic_error error = NULL;
    (void)state;
    hooks.fake.during = note_interact;
    hooks.fake.context = &hooks;
    CHECK_OK(ic_config_new("https://org.example/oauth2/default", "0oa1", REDIRECT_URI, &config, &error));
    CHECK_OK(ic_config_set_random(config, &random, &error));
    CHECK_OK(ic_config_set_transport(config, &transport, &error));
    CHECK_OK(ic_client_new(config, &client, &error));
    CHECK_STATUS(ic_config_free(config), IC_OK);
    for (int time = 0; time < 2; time++) {
        flow = fake_flow(client);
        CHECK_STATUS(ic_flow_free(flow), IC_OK);
    }
    CHECK(hooks.interacts == 2 && strlen(hooks.interact[0]) > 100);
    CHECK(strcmp(hooks.interact[0], hooks.interact[1]) == 0);
    hooks.returns = 4711;
    int before = atomic_load(&hooks.fake.requests);
    CHECK_CALL(ic_flow_start(client, NULL, NULL, &flow, &error), IC_ERROR_CALLBACK);
    CHECK(flow == NULL && atomic_load(&hooks.fake.requests) == before);
    CHECK_STATUS(ic_client_free(client), IC_OK);
    CHECK(hooks.destroyed == 1 && atomic_load(&hooks.fake.destroyed) == 1);
    CHECKED();
}

void panic_poisons_one_handle(void **state)
{
    struct fake fake = {.body = BODY_FIRST_PAGE};
    ic_step step = NULL;
    ic_client own = NULL;
    ic_buffer saved = NULL;
    ic_tokens tokens = NULL;
    ic_handler handler = IC_HANDLER_INIT;
    ic_error error = NULL;
    (void)state;
    ic_client client = fake_client(&fake);
    ic_flow flow = fake_flow(client), other = fake_flow(client);
    CHECK_CALL(ic_test_panic(flow, &error), IC_ERROR_INTERNAL);
    CHECK_STATUS(ic_test_panic(flow, NULL), IC_ERROR_INTERNAL);
    /* Every further call on it: */
    CHECK_CALL(ic_flow_step(flow, &step, &error), IC_ERROR_INTERNAL);
    CHECK_CALL(ic_flow_form_step(flow, &step, &error), IC_ERROR_INTERNAL);
    CHECK_CALL(ic_flow_refresh(flow, NULL, &step, &error), IC_ERROR_INTERNAL);
    CHECK_CALL(ic_flow_client(flow, &own, &error), IC_ERROR_INTERNAL);
    CHECK_CALL(ic_flow_save(flow, &saved, &error), IC_ERROR_INTERNAL);
    CHECK_CALL(ic_flow_finish(flow, NULL, &tokens, &error), IC_ERROR_INTERNAL);
    CHECK_CALL(ic_flow_handle_callback(flow, "com.example.app:/callback", NULL, NULL, &error), IC_ERROR_INTERNAL);
    handler.user_data = &fake;
    handler.remediate = (ic_remediate_fn)NULL;
    CHECK_CALL(ic_flow_run(flow, &handler, NULL, &tokens, &error), IC_ERROR_INVALID_ARGUMENT);
    CHECK(!ic_flow_is_complete(flow) && ic_flow_requests(flow) == 0);
    CHECK(step == NULL && own == NULL && saved == NULL && tokens == NULL);
    /* It is alive, and can be freed; the others are as they were. */
    CHECK(ic_handle_check(flow) == IC_OK);
    CHECK_STATUS(ic_flow_free(flow), IC_OK);
    CHECK_STATUS(ic_flow_free(flow), IC_ERROR_INVALID_HANDLE);
    CHECK_OK(ic_flow_refresh(other, NULL, &step, &error));
    CHECK_STATUS(ic_step_free(step), IC_OK);
    CHECK_STATUS(ic_flow_free(other), IC_OK);
    flow = fake_flow(client);
    CHECK_STATUS(ic_flow_free(flow), IC_OK);
    CHECK_STATUS(ic_client_free(client), IC_OK);
    CHECK(atomic_load(&fake.destroyed) == 1);
    CHECKED();
}

struct bystander {
    ic_cancel cancel;
    int destroyed;
};

static ic_status never_sends(void *user_data, ic_request request, ic_response response)
{
    (void)user_data, (void)request, (void)response;
    return IC_ERROR_OFFLINE;
}

static void destroy_with_a_call(void *user_data)
{
    struct bystander *bystander = user_data;
    bystander->destroyed++;
    CHECK(!ic_cancel_is_triggered(bystander->cancel));
}

/* A bug ends a flow, which was the last user of a transport, whose `destroy` uses something else. */
void panic_spares_what_a_callback_uses(void **state)
{
    struct fake fake = {.body = BODY_FIRST_PAGE};
    struct bystander bystander = {NULL, 0};
    ic_transport transport = IC_TRANSPORT_INIT;
    ic_config config = NULL;
    ic_client client = NULL;
    ic_flow flow = NULL;
    ic_buffer saved = NULL;
    ic_error error = NULL;
    (void)state;
    CHECK_OK(ic_cancel_new(&bystander.cancel, &error));
    /* A flow of a client that needs no answer of its transport: a restored one. */
    client = fake_client(&fake);
    flow = fake_flow(client);
    CHECK_OK(ic_flow_save(flow, &saved, &error));
    CHECK_STATUS(ic_flow_free(flow), IC_OK);
    CHECK_STATUS(ic_client_free(client), IC_OK);
    transport.user_data = &bystander;
    transport.send = never_sends;
    transport.destroy = destroy_with_a_call;
    CHECK_OK(ic_config_new("https://org.example/oauth2/default", "0oa1", REDIRECT_URI, &config, &error));
    CHECK_OK(ic_config_set_transport(config, &transport, &error));
    CHECK_OK(ic_client_new(config, &client, &error));
    CHECK_STATUS(ic_config_free(config), IC_OK);
    CHECK_OK(ic_flow_restore(client, ic_buffer_bytes(saved).data, ic_buffer_bytes(saved).len, &flow, &error));
    CHECK_STATUS(ic_buffer_free(saved), IC_OK);
    CHECK_STATUS(ic_client_free(client), IC_OK);
    CHECK_CALL(ic_test_panic(flow, &error), IC_ERROR_INTERNAL);
    CHECK(bystander.destroyed == 1);
    CHECK_STATUS(ic_cancel_trigger(bystander.cancel), IC_OK);
    CHECK_STATUS(ic_cancel_free(bystander.cancel), IC_OK);
    CHECK_STATUS(ic_flow_free(flow), IC_OK);
    CHECKED();
}

#endif
