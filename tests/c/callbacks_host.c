/* Storages and logs. */

#include "callbacks.h"
#include "sandbox.h"

#include <stdio.h>
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
    int loads, stores, removes, destroyed; /* swaps with and without bytes */
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

static int32_t swap(void *user_data, const char *key, const uint8_t *expected, const uint8_t *data, size_t len)
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
    ic_status returns = data != NULL ? place->store_returns : place->remove_returns;
    *(data != NULL ? &place->stores : &place->removes) += 1;
    CHECK(place->key[0] == '\0' || strcmp(key, place->key) == 0);
    if (data != NULL && place->during != NULL) {
        place->during(place);
    }
    if (returns != IC_OK) {
        return returns;
    }
    bool as_expected = place->data == NULL ? expected == NULL
                                           : expected != NULL && ic_sha256_matches(expected, 32, place->data, place->length);
    if (!as_expected) {
        return IC_SWAP_CHANGED;
    }
    free(place->data);
    place->data = data != NULL ? malloc(len + 1) : NULL;
    place->length = place->data != NULL ? len : 0;
    if (place->data != NULL) {
        memcpy(place->key, key, strlen(key) + 1);
        memcpy(place->data, data, len);
    }
    return IC_SWAP_DONE;
}

static ic_status keys(void *user_data, const char *prefix, ic_stored stored)
{
    struct place *place = user_data;
    if (place->data != NULL && strncmp(place->key, prefix, strlen(prefix)) == 0) {
        CHECK_STATUS(ic_stored_append(stored, place->key, strlen(place->key)), IC_OK);
        CHECK_STATUS(ic_stored_append(stored, "\n", 1), IC_OK);
    } else if (place->data != NULL && place->key[0] == '\0') { /* what a test put there */
        snprintf(place->key, sizeof place->key, "%s0123456789abcdef", prefix);
        return keys(user_data, prefix, stored);
    }
    place->kept = stored;
    return place->load_returns;
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
    storage.swap = swap;
    storage.keys = keys;
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
    CHECK(flow == NULL && place.loads == 0); /* nothing is stored */
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
    CHECK(flow != NULL && ic_flow_kept_at(flow) > 0);
    ic_flow none = NULL;
    CHECK_OK(ic_flow_resume_at(client, 1, &none, &error));
    CHECK(none == NULL); /* there is one */
    ic_error trouble = NULL;
    CHECK_OK(ic_flow_storage_trouble(flow, &trouble, &error));
    CHECK(trouble == NULL);
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
    CHECK(ic_flow_resume(client, &flow, &error) == IC_ERROR_STORAGE_UNAVAILABLE); /* of any number */
    CHECK_CALL(ic_error_status(error), IC_ERROR_STORAGE_UNAVAILABLE);
    /* The sign-in does not fail with it; the flow and the log tell. */
    flow = fake_flow(client);
    ic_error trouble = NULL;
    CHECK_OK(ic_flow_storage_trouble(flow, &trouble, &error));
    CHECK(ic_error_status(trouble) == IC_ERROR_STORAGE_UNAVAILABLE && ic_flow_kept_at(flow) == 0);
    CHECK_STATUS(ic_error_free(trouble), IC_OK);
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
        ic_status expected = index == 0 ? IC_OK : IC_ERROR_INVALID_SNAPSHOT; /* nothing appended is nothing stored */
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
