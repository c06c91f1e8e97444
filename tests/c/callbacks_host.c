/* Storages and logs; and, under IC_TEST_HOOKS, the clock, the random numbers and a bug on demand. */

#include "callbacks.h"
#include "sandbox.h"

#include <stdlib.h>
#include <string.h>

/* A storage with a place for the flow, and one for the token that the org knows this device by; and a log that remembers
 * its lines. What is counted, fails and calls back is the flow's. */
struct place {
    char key[128];
    uint8_t *data;
    size_t length;
    size_t piece; /* load in pieces of this size; 0: all at once */
    char device[512];
    int devices; /* how often a token was stored */
    ic_status load_returns, store_returns, remove_returns;
    int loads, stores, removes, destroyed;
    void (*during)(struct place *place);
    ic_flow flow;
    ic_stored kept;
};

struct lines {
    char text[64 * 1024];
    size_t length;
    int count[5]; /* by level */
    int destroyed;
};

static bool is_device(const char *key)
{
    static const char BEGINS[] = "interaction-code.device.";
    return strncmp(key, BEGINS, sizeof BEGINS - 1) == 0;
}

static ic_status load(void *user_data, const char *key, ic_stored stored)
{
    struct place *place = user_data;
    if (is_device(key)) {
        CHECK_STATUS(ic_stored_append(stored, place->device, strlen(place->device)), IC_OK);
        return place->load_returns;
    }
    place->loads++;
    place->kept = stored;
    CHECK(place->key[0] == '\0' || strcmp(key, place->key) == 0);
    size_t piece = place->piece == 0 ? place->length : place->piece;
    for (size_t at = 0; at < place->length; at += piece) {
        size_t length = place->length - at < piece ? place->length - at : piece;
        CHECK_STATUS(ic_stored_append(stored, place->data + at, length), IC_OK);
    }
    return place->load_returns;
}

static ic_status store(void *user_data, const char *key, const uint8_t *data, size_t len)
{
    struct place *place = user_data;
    CHECK(strlen(key) > 0 && strlen(key) < sizeof place->key);
    CHECK(strspn(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") == strlen(key));
    if (is_device(key)) {
        place->devices++;
        if (place->store_returns == IC_OK && CHECK(len > 0 && len < sizeof place->device)) {
            memcpy(place->device, data, len);
            place->device[len] = '\0';
        }
        return place->store_returns;
    }
    place->stores++;
    CHECK(place->key[0] == '\0' || strcmp(key, place->key) == 0);
    if (place->during != NULL) {
        place->during(place);
    }
    if (place->store_returns != IC_OK) {
        return place->store_returns;
    }
    memcpy(place->key, key, strlen(key) + 1);
    free(place->data);
    place->data = malloc(len);
    place->length = place->data != NULL ? len : 0;
    if (place->data != NULL) {
        memcpy(place->data, data, len);
    }
    return IC_OK;
}

static ic_status remove_it(void *user_data, const char *key)
{
    struct place *place = user_data;
    place->removes++;
    CHECK(place->key[0] == '\0' || strcmp(key, place->key) == 0);
    if (place->remove_returns == IC_OK) {
        free(place->data);
        place->data = NULL;
        place->length = 0;
    }
    return place->remove_returns;
}

static void destroy_place(void *user_data)
{
    ((struct place *)user_data)->destroyed++;
}

static void take_line(void *user_data, int32_t level, ic_str text)
{
    struct lines *lines = user_data;
    CHECK(level >= IC_LOG_ERROR && level <= IC_LOG_DEBUG);
    CHECK(text.len > 0 && memchr(text.data, '\n', text.len) == NULL);
    if (level >= IC_LOG_ERROR && level <= IC_LOG_DEBUG) {
        lines->count[level]++;
    }
    if (CHECK(lines->length + text.len + 1 < sizeof lines->text)) {
        memcpy(lines->text + lines->length, text.data, text.len);
        lines->length += text.len;
        lines->text[lines->length++] = '\n';
        lines->text[lines->length] = '\0';
    }
}

static void destroy_lines(void *user_data)
{
    ((struct lines *)user_data)->destroyed++;
}

static void use(ic_config config, struct place *place, struct lines *lines)
{
    ic_storage storage = IC_STORAGE_INIT;
    ic_log log = IC_LOG_INIT;
    ic_error error = NULL;
    storage.user_data = place;
    storage.load = load;
    storage.store = store;
    storage.remove = remove_it;
    storage.destroy = destroy_place;
    log.user_data = lines;
    log.log = take_line;
    log.destroy = destroy_lines;
    CHECK_OK(ic_config_set_storage(config, &storage, &error));
    CHECK_OK(ic_config_set_log(config, &log, &error));
}

static ic_client client_with(const char *client_id, struct place *place, struct lines *lines)
{
    ic_config config = sandbox_config(client_id);
    ic_client client = NULL;
    ic_error error = NULL;
    use(config, place, lines);
    CHECK_OK(ic_client_new(config, &client, &error));
    CHECK_STATUS(ic_config_free(config), IC_OK);
    return client;
}

void storage_keeps_a_flow(void **state)
{
    struct place place = {.key = ""};
    static struct lines lines;
    ic_flow flow = NULL;
    ic_error error = NULL;
    (void)state;
    memset(&lines, 0, sizeof lines);
    ic_client client = client_with("app-password", &place, &lines);
    CHECK_OK(ic_flow_resume(client, &flow, &error));
    CHECK(flow == NULL && place.loads == 1); /* nothing is stored */
    CHECK_STATUS(ic_stored_append(place.kept, "late", 4), IC_ERROR_INVALID_HANDLE);
    flow = fake_flow(client);
    CHECK(place.stores == 1 && place.length > 0 && place.devices == 1);
    CHECK_STATUS(ic_step_free(answer_text(flow, "identify", "identifier", "ada@example.com")), IC_OK);
    CHECK(place.stores == 2);

    /* The process ends here, as far as the library can tell. */
    CHECK_STATUS(ic_flow_free(flow), IC_OK);
    CHECK_STATUS(ic_client_free(client), IC_OK);
    CHECK(ic_live_handles() == 0 && place.destroyed == 1 && lines.destroyed == 1);

    place.piece = 7;
    client = client_with("app-password", &place, &lines);
    CHECK_OK(ic_flow_resume(client, &flow, &error));
    CHECK(flow != NULL);
    CHECK_STATUS(ic_step_free(answer_text(flow, "challenge-authenticator", "credentials.passcode", PASSWORD)), IC_OK);
    finish(flow);
    CHECK(place.removes == 1 && place.data == NULL); /* the tokens were handed over: nothing is left of it */
    CHECK(strlen(place.device) >= 8); /* but what the next sign-in is known by */
    CHECK_STATUS(ic_flow_free(flow), IC_OK);
    CHECK_STATUS(ic_client_free(client), IC_OK);
    CHECK(place.destroyed == 2 && lines.destroyed == 2);
    CHECKED();
}

void storage_that_fails(void **state)
{
    struct place place = {.store_returns = 4711, .remove_returns = IC_ERROR_OFFLINE};
    static struct lines lines;
    ic_flow flow = NULL;
    ic_error error = NULL;
    (void)state;
    memset(&lines, 0, sizeof lines);
    ic_client client = client_with("app-password", &place, &lines);
    place.load_returns = IC_ERROR_TIMEOUT;
    CHECK(ic_flow_resume(client, &flow, &error) == IC_ERROR_CALLBACK); /* of any number */
    CHECK_CALL(ic_error_status(error), IC_ERROR_CALLBACK);
    /* The sign-in does not fail with it; the log tells. */
    flow = fake_flow(client);
    CHECK(place.stores > 0 && lines.count[IC_LOG_WARN] > 0);
    CHECK_STATUS(ic_step_free(pass_password(flow)), IC_OK);
    finish(flow);
    CHECK_STATUS(ic_flow_free(flow), IC_OK);
    CHECK_STATUS(ic_client_free(client), IC_OK);
    CHECK(place.destroyed == 1);
    CHECKED();
}

void storage_with_rubbish(void **state)
{
    static const char *const RUBBISH[] = {"", "x", "{}", "\xff\xfe", "{\"version\":4711}"};
    static struct lines lines;
    (void)state;
    memset(&lines, 0, sizeof lines);
    for (size_t index = 0; index < sizeof RUBBISH / sizeof *RUBBISH; index++) {
        struct place place = {.length = strlen(RUBBISH[index])};
        ic_flow flow = NULL;
        ic_error error = NULL;
        place.data = malloc(place.length + 1);
        assert_non_null(place.data);
        memcpy(place.data, RUBBISH[index], place.length);
        ic_client client = client_with("app-password", &place, &lines);
        ic_status expected = index == 0 ? IC_OK : IC_ERROR_INVALID_SNAPSHOT; /* no bytes are nothing stored */
        CHECK_CALL(ic_flow_resume(client, &flow, &error), expected);
        CHECK(flow == NULL && place.removes == (index > 0)); /* so the next try starts anew */
        CHECK_STATUS(ic_client_free(client), IC_OK);
        free(place.data);
    }
    /* Without a storage there is nothing to resume. */
    ic_client client = sandbox_client("app-password");
    ic_flow flow = NULL;
    ic_error error = NULL;
    CHECK_OK(ic_flow_resume(client, &flow, &error));
    CHECK(flow == NULL);
    CHECK_STATUS(ic_client_free(client), IC_OK);
    CHECKED();
}

static void store_calls_back(struct place *place)
{
    ic_error error = NULL;
    if (place->flow != NULL) {
        CHECK_CALL(ic_flow_refresh(place->flow, NULL, NULL, &error), IC_ERROR_BUSY);
        CHECK_STATUS(ic_flow_free(place->flow), IC_OK);
        place->flow = NULL;
    }
}

void storage_that_calls_back(void **state)
{
    struct place place = {.during = store_calls_back};
    static struct lines lines;
    ic_step step = NULL;
    ic_error error = NULL;
    (void)state;
    memset(&lines, 0, sizeof lines);
    ic_client client = client_with("app-password", &place, &lines);
    ic_flow flow = fake_flow(client);
    place.flow = flow;
    ic_answer answer = NULL;
    CHECK_OK(ic_flow_step(flow, &step, &error));
    CHECK_OK(ic_answer_new_named(step, "identify", &answer, &error));
    CHECK_OK(ic_answer_set_string(answer, "identifier", "ada@example.com", &error));
    CHECK_STATUS(ic_step_free(step), IC_OK);
    CHECK_OK(ic_flow_proceed(flow, answer, NULL, &step, &error)); /* freed in the middle, and yet it ends well */
    CHECK(ic_step_is_password_challenge(step));
    CHECK(place.flow == NULL && ic_handle_check(flow) == IC_ERROR_INVALID_HANDLE);
    CHECK_STATUS(ic_step_free(step), IC_OK);
    CHECK_STATUS(ic_answer_free(answer), IC_OK);
    CHECK_STATUS(ic_client_free(client), IC_OK);
    CHECK(place.destroyed == 1);
    free(place.data);
    CHECKED();
}

void log_tells_no_secret(void **state)
{
    struct place place = {.key = ""};
    static struct lines lines;
    char code[32] = "";
    (void)state;
    memset(&lines, 0, sizeof lines);
    ic_client client = client_with("app-email", &place, &lines);
    ic_flow flow = fake_flow(client);
    CHECK_STATUS(ic_step_free(pass_password(flow)), IC_OK);
    ic_step step = choose_authenticator(flow);
    char *handle = NULL;
    ic_str whole = ic_step_state_handle(step);
    if (CHECK(whole.len > 0) && CHECK((handle = calloc(1, whole.len + 1)) != NULL)) {
        memcpy(handle, whole.data, whole.len);
    }
    CHECK_STATUS(ic_step_free(step), IC_OK);
    if (sandbox_code(code, sizeof code)) {
        CHECK_STATUS(ic_step_free(answer_text(flow, "challenge-authenticator", "credentials.passcode", code)), IC_OK);
    }
    ic_tokens tokens = NULL;
    ic_error error = NULL;
    CHECK_OK(ic_flow_finish(flow, NULL, &tokens, &error));
    CHECK(lines.count[IC_LOG_INFO] >= 3 && lines.count[IC_LOG_DEBUG] >= 6);
    CHECK(lines.count[IC_LOG_WARN] == 0 && lines.count[IC_LOG_ERROR] == 0);
    CHECK(strstr(lines.text, "/idp/idx/challenge/answer") != NULL);
    const char *secrets[] = {PASSWORD, code, handle, "ada@", place.device};
    for (size_t index = 0; index < sizeof secrets / sizeof *secrets; index++) {
        CHECK(secrets[index] != NULL && secrets[index][0] != '\0' && strstr(lines.text, secrets[index]) == NULL);
    }
    ic_str access = ic_tokens_access_token(tokens);
    for (size_t at = 0; access.len > 20 && at + 20 < lines.length; at++) {
        check_that(memcmp(lines.text + at, access.data, 20) != 0, CHECK_PLACE, "the log holds a token");
    }
    free(handle);
    CHECK_STATUS(ic_tokens_free(tokens), IC_OK);
    CHECK_STATUS(ic_flow_free(flow), IC_OK);
    CHECK_STATUS(ic_client_free(client), IC_OK);
    CHECK(lines.destroyed == 1);
    CHECKED();
}

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
