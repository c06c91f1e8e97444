/* The good handles for misuse.c: everything live at once, without a network. */

#include "misuse.h"

#include <string.h>

static const char REFUSAL_API[] =
    "{\"errorCode\":\"E0000047\",\"errorSummary\":\"Too many requests.\",\"errorId\":\"oae1\",\"errorCauses\":[]}";
static const char REFUSAL_OAUTH[] =
    "{\"error\":\"invalid_request\",\"error_description\":\"PKCE code challenge is required.\"}";

static ic_step read_step(const char *body)
{
    ic_step step = NULL;
    ic_error error = NULL;
    CHECK_OK(ic_step_read(body, strlen(body), &step, &error));
    return step;
}

static ic_config new_config(void)
{
    ic_config config = NULL;
    ic_error error = NULL;
    CHECK_OK(ic_config_new("https://org.example", "0oa1", "com.example.app:/callback", &config, &error));
    return config;
}

static ic_answer new_answer(ic_step step, const char *remediation)
{
    ic_answer answer = NULL;
    ic_error error = NULL;
    CHECK_OK(ic_answer_new_named(step, remediation, &answer, &error));
    CHECK_OK(ic_answer_set_string(answer, "credentials.passcode", "x1234", &error));
    if (strcmp(remediation, "identify") == 0) {
        CHECK_OK(ic_answer_set_string(answer, "identifier", "ada", &error));
    } else {
        CHECK_OK(ic_answer_select_authenticator(answer, "authenticator", "okta_email", &error));
    }
    return answer;
}

static ic_screen screen_of(ic_step step)
{
    ic_screen screen = NULL;
    ic_error error = NULL;
    CHECK_OK(ic_step_screen(step, &screen, &error));
    return screen;
}

/* For a flow the draft of its screen, filled in; otherwise an empty one. */
static ic_draft new_draft(struct world *world, ic_flow flow)
{
    ic_screen screen = NULL;
    ic_draft draft = NULL;
    ic_error error = NULL;
    if (flow == NULL) {
        CHECK_OK(ic_draft_new(world->handles[SCREEN], &draft, &error));
        return draft;
    }
    CHECK_OK(ic_flow_screen(flow, &screen, &error));
    CHECK_OK(ic_draft_new(screen, &draft, &error));
    for (ic_node control = ic_draft_next(draft, 0); control != IC_NO_NODE; control = ic_draft_next(draft, 0)) {
        if (!ic_str_is(ic_screen_control_ask(screen, control), "toggle")) {
            CHECK_OK(ic_draft_set_text(draft, control, "x1234", &error));
        }
    }
    CHECK_STATUS(ic_screen_free(screen), IC_OK);
    return draft;
}

static ic_buffer new_buffer(ic_client client)
{
    ic_buffer buffer = NULL;
    ic_error error = NULL;
    ic_flow flow = fake_flow(client);
    CHECK_OK(ic_flow_save(flow, &buffer, &error));
    CHECK_STATUS(ic_flow_free(flow), IC_OK);
    return buffer;
}

static ic_tokens new_tokens(ic_client client, struct fake *fake)
{
    ic_flow flow = fake_flow(client);
    ic_tokens tokens = NULL;
    ic_error error = NULL;
    const char *before = fake->body;
    fake->body = BODY_SUCCESS;
    CHECK_OK(ic_flow_refresh(flow, NULL, NULL, &error));
    CHECK(ic_flow_is_complete(flow) && ic_flow_ending(flow) == IC_ENDING_SIGNED_IN);
    CHECK_OK(ic_flow_finish(flow, NULL, &tokens, &error));
    CHECK_STATUS(ic_flow_free(flow), IC_OK);
    fake->body = before;
    return tokens;
}

/* An error of each sort that has details: of OAuth, of the API, with messages, with problems. */
static void make_errors(struct world *world)
{
    ic_flow flow = NULL;
    ic_client client = fake_client(&world->refused);
    world->refused.refusal = REFUSAL_OAUTH;
    world->refused.refusal_status = 400;
    CHECK(ic_flow_start(client, NULL, NULL, &flow, &world->errors[0]) == IC_ERROR_OAUTH);
    world->refused.refusal = NULL;
    world->refused.body = BODY_FIRST_PAGE;
    flow = fake_flow(client);
    world->refused.refusal = REFUSAL_API;
    world->refused.refusal_status = 429;
    CHECK(ic_flow_refresh(flow, NULL, NULL, &world->errors[1]) == IC_ERROR_RATE_LIMITED);
    world->refused.refusal = BODY_TERMINAL;
    world->refused.refusal_status = 503;
    CHECK(ic_flow_refresh(flow, NULL, NULL, &world->errors[2]) == IC_ERROR_HTTP);
    CHECK_STATUS(ic_flow_free(flow), IC_OK);
    CHECK_STATUS(ic_client_free(client), IC_OK);

    ic_step step = read_step(BODY_RICH);
    ic_answer answer = NULL;
    ic_error error = NULL;
    CHECK_OK(ic_answer_new_named(step, "challenge-authenticator", &answer, &error));
    CHECK(ic_answer_check(answer, &world->errors[3]) == IC_ERROR_INVALID_ANSWER);
    CHECK_STATUS(ic_answer_free(answer), IC_OK);
    CHECK_STATUS(ic_step_free(step), IC_OK);
}

static void find_nodes(struct world *world)
{
    ic_step step = world->handles[STEP];
    ic_node form = ic_step_remediation_named(step, "challenge-authenticator");
    ic_node choice = ic_remediation_field_named(step, form, "authenticator");
    world->nodes[NODE_ANY] = ic_step_member(step, "user");
    world->nodes[NODE_REMEDIATION] = form;
    world->nodes[NODE_FIELD] = ic_remediation_field_named(step, form, "credentials.passcode");
    world->nodes[NODE_OPTION] = ic_field_option(step, choice, 0);
    world->nodes[NODE_AUTHENTICATOR] = ic_step_current_authenticator(step);
    world->nodes[NODE_MESSAGE] = ic_step_message(step, 0);
    world->nodes[NODE_CONTROL] = ic_screen_control(world->handles[SCREEN], "credentials.passcode");
    world->choice_node = ic_screen_control(world->handles[SCREEN], "authenticator");
    CHECK(world->choice_node != IC_NO_NODE);
    world->field_nodes[0] = world->nodes[NODE_FIELD];
    world->field_nodes[1] = ic_remediation_field_named(step, form, "rememberMe");
    world->field_nodes[2] = ic_remediation_field_named(step, form, "count");
    for (int kind = 0; kind < NODE_KINDS; kind++) {
        CHECK(world->nodes[kind] != IC_NO_NODE);
    }
    for (int field = 0; field < 3; field++) {
        CHECK(world->field_nodes[field] != IC_NO_NODE);
    }
}

void *world_fresh(struct world *world, enum kind kind, void *flow)
{
    ic_error error = NULL;
    ic_step step = NULL;
    ic_answer answer = NULL;
    ic_cancel cancel = NULL;
    ic_client client = NULL;
    switch (kind) {
    case CONFIG:
        return new_config();
    case CLIENT:
        CHECK_OK(ic_client_clone(world->plain, &client, &error));
        return client;
    case FLOW:
        return fake_flow(world->plain);
    case STEP:
        CHECK_OK(ic_step_clone(world->handles[STEP], &step, &error));
        return step;
    case SCREEN:
        return screen_of(world->handles[STEP]);
    case DRAFT:
        return new_draft(world, flow);
    case ANSWER:
        if (flow == NULL) {
            return new_answer(world->handles[STEP], "challenge-authenticator");
        }
        CHECK_OK(ic_flow_step(flow, &step, &error));
        answer = new_answer(step, "identify");
        CHECK_STATUS(ic_step_free(step), IC_OK);
        return answer;
    case TOKENS:
        return new_tokens(world->plain, &world->first);
    case CANCEL:
        CHECK_OK(ic_cancel_new(&cancel, &error));
        return cancel;
    case ERROR:
        CHECK(ic_step_read("x", 1, &step, &error) != IC_OK);
        return error;
    case BUFFER:
        return new_buffer(world->plain);
    default:
        return world->handles[kind]; /* lent: there is one only */
    }
}

void world_dispose(enum kind kind, void *handle)
{
    switch (kind) {
    case CONFIG:
        (void)ic_config_free(handle);
        break;
    case CLIENT:
        (void)ic_client_free(handle);
        break;
    case FLOW:
        (void)ic_flow_free(handle);
        break;
    case STEP:
        (void)ic_step_free(handle);
        break;
    case SCREEN:
        (void)ic_screen_free(handle);
        break;
    case DRAFT:
        (void)ic_draft_free(handle);
        break;
    case ANSWER:
        (void)ic_answer_free(handle);
        break;
    case TOKENS:
        (void)ic_tokens_free(handle);
        break;
    case CANCEL:
        (void)ic_cancel_free(handle);
        break;
    case ERROR:
        (void)ic_error_free(handle);
        break;
    case BUFFER:
        (void)ic_buffer_free(handle);
        break;
    default:
        break;
    }
}

/* The nest: load -> waiting -> remediate -> send, each of which has lent handles, and the storm at its heart. */

static void in_send(void *context, ic_request request, ic_response response)
{
    struct world *world = context;
    void (*storm)(struct world *world) = world->storm;
    if (storm == NULL) {
        return;
    }
    world->storm = NULL; /* the storm itself makes requests */
    world->handles[REQUEST] = request;
    world->handles[RESPONSE] = response;
    storm(world);
}

static ic_status in_remediate(void *user_data, ic_step step, ic_action action)
{
    struct world *world = user_data;
    ic_flow flow = world->handles[FLOW];
    ic_call call = IC_CALL_INIT;
    ic_error error = NULL;
    (void)step;
    world->handles[ACTION] = action;
    call.timeout_ms = 3600000; /* the storm may take a while */
    /* The storm has filled the response with rubbish: whatever it is called, it is an error and nothing worse. */
    ic_status status = ic_flow_refresh(flow, &call, NULL, &error);
    CHECK(status != IC_OK);
    CHECK_CALL(status, status);
    return IC_ERROR_CANCELLED;
}

static int64_t in_waiting(void *user_data, ic_waiting waiting)
{
    struct world *world = user_data;
    ic_handler handler = IC_HANDLER_INIT;
    ic_tokens tokens = NULL;
    ic_error error = NULL;
    ic_flow flow = fake_flow(world->plain);
    world->handles[WAITING] = waiting;
    handler.user_data = world;
    handler.remediate = in_remediate;
    CHECK_CALL(ic_flow_run(flow, &handler, NULL, &tokens, &error), IC_ERROR_CANCELLED);
    CHECK(tokens == NULL);
    CHECK_STATUS(ic_flow_free(flow), IC_OK);
    return IC_WAIT_ASK;
}

static ic_status in_load(void *user_data, const char *key, ic_stored stored)
{
    struct world *world = user_data;
    ic_handler handler = IC_HANDLER_INIT;
    ic_error error = NULL;
    ic_client client = fake_client(&world->push);
    ic_flow flow = fake_flow(client);
    CHECK(strlen(key) > 0);
    world->handles[STORED] = stored;
    handler.user_data = world;
    handler.waiting = in_waiting;
    CHECK_OK(ic_flow_poll_while(flow, &handler, NULL, NULL, &error));
    CHECK_STATUS(ic_flow_free(flow), IC_OK);
    CHECK_STATUS(ic_client_free(client), IC_OK);
    return 4711; /* not one of the library's numbers */
}

static int32_t no_swap(void *user_data, const char *key, const uint8_t *expected, const uint8_t *data, size_t len)
{
    (void)user_data, (void)key, (void)expected, (void)data, (void)len;
    return IC_SWAP_DONE;
}

static ic_status one_key(void *user_data, const char *prefix, ic_stored stored)
{
    (void)user_data;
    CHECK_STATUS(ic_stored_append(stored, prefix, strlen(prefix)), IC_OK);
    return ic_stored_append(stored, "1\n", 2);
}

static void nest(struct world *world)
{
    ic_storage storage = IC_STORAGE_INIT;
    ic_transport transport = fake_transport(&world->rich);
    ic_config config = new_config();
    ic_client client = NULL;
    ic_flow flow = NULL;
    ic_error error = NULL;
    storage.user_data = world;
    storage.load = in_load;
    storage.swap = no_swap;
    storage.keys = one_key;
    CHECK_OK(ic_config_set_transport(config, &transport, &error));
    CHECK_OK(ic_config_set_storage(config, &storage, &error));
    CHECK_OK(ic_client_new(config, &client, &error));
    CHECK_CALL(ic_flow_resume(client, &flow, &error), IC_ERROR_STORAGE_UNAVAILABLE);
    CHECK(flow == NULL);
    CHECK_STATUS(ic_config_free(config), IC_OK);
    CHECK_STATUS(ic_client_free(client), IC_OK);
}

void world_run(struct world *world, void (*storm)(struct world *world))
{
    static const char *const BODIES[MOST_STEPS] = {BODY_FIRST_PAGE, BODY_RICH, BODY_PASSWORD, BODY_REDIRECTS,
                                                   BODY_SUCCESS,    BODY_ODD,  BODY_TERMINAL, BODY_LISTS};
    memset(world, 0, sizeof *world);
    world->first.body = BODY_FIRST_PAGE;
    world->rich.body = BODY_FIRST_PAGE;
    world->push.body = BODY_PUSH;
    world->plain = fake_client(&world->first);
    for (int step = 0; step < MOST_STEPS; step++) {
        world->steps[step] = read_step(BODIES[step]);
        world->screens[step] = screen_of(world->steps[step]);
    }
    make_errors(world);

    world->handles[CONFIG] = new_config();
    world->handles[CLIENT] = fake_client(&world->rich);
    world->handles[STEP] = read_step(BODY_RICH);
    world->handles[FLOW] = fake_flow(world->handles[CLIENT]);
    for (enum kind kind = SCREEN; kind < ACTION; kind++) {
        world->handles[kind] = world_fresh(world, kind, NULL);
    }
    find_nodes(world);
    for (enum kind kind = CONFIG; kind < ACTION; kind++) {
        world->freed[kind] = world_fresh(world, kind, NULL);
        world_dispose(kind, world->freed[kind]);
        CHECK(ic_handle_check(world->handles[kind]) == IC_OK);
        CHECK(ic_handle_check(world->freed[kind]) == IC_ERROR_INVALID_HANDLE);
    }
    world->rich.during = in_send;
    world->rich.context = world;
    world->storm = storm;
    nest(world);
    CHECK(world->storm == NULL);
    for (enum kind kind = ACTION; kind < HANDLE_KINDS; kind++) {
        CHECK(world->handles[kind] != NULL);
        CHECK(ic_handle_check(world->handles[kind]) == IC_ERROR_INVALID_HANDLE);
    }

    for (enum kind kind = CONFIG; kind < ACTION; kind++) {
        world_dispose(kind, world->handles[kind]);
    }
    for (int step = 0; step < MOST_STEPS; step++) {
        CHECK_STATUS(ic_step_free(world->steps[step]), IC_OK);
        CHECK_STATUS(ic_screen_free(world->screens[step]), IC_OK);
    }
    for (int error = 0; error < MOST_ERRORS; error++) {
        CHECK_STATUS(ic_error_free(world->errors[error]), IC_OK);
    }
    CHECK_STATUS(ic_client_free(world->plain), IC_OK);
    CHECK(atomic_load(&world->first.destroyed) == 1);
    CHECK(atomic_load(&world->rich.destroyed) == 2); /* the client of the world, and the one of the nest */
    CHECK(atomic_load(&world->push.destroyed) == 1);
}
