/* The ABI that programs are compiled against: sizes and places of struct members for 64-bit and 32-bit pointers, status
 * numbers, constants, initialisers, versions. What is wrong here breaks programs that are already out. */

#include "check.h"

#include <stdio.h>
#include <string.h>

#define POINTERS_64 (sizeof(void *) == 8)
/* What a size or an offset is with 64-bit and with 32-bit pointers. 64-bit numbers in structs are aligned by 8 on 64-bit
 * machines and on 32-bit ARM; by 4 on 32-bit x86. */
#define AT(struct_, member, with_64, with_32)                                                                          \
    _Static_assert(offsetof(struct_, member) == (POINTERS_64 ? (with_64) : (with_32)), #struct_ "." #member)
#define SIZE(struct_, with_64, with_32)                                                                                \
    _Static_assert(sizeof(struct_) == (POINTERS_64 ? (with_64) : (with_32)), #struct_)

struct aligned {
    char before;
    uint64_t number;
};
#define BY_4 (offsetof(struct aligned, number) == 4)

_Static_assert(sizeof(ic_status) == 4 && (ic_status)-1 < 0, "ic_status");
_Static_assert(sizeof(ic_node) == 4 && (ic_node)-1 > 0, "ic_node");
_Static_assert(IC_NO_NODE == 0xffffffff, "IC_NO_NODE");
_Static_assert(sizeof(bool) == 1, "bool");

SIZE(ic_config, 8, 4);
SIZE(ic_client, 8, 4);
SIZE(ic_flow, 8, 4);
SIZE(ic_step, 8, 4);
SIZE(ic_screen, 8, 4);
SIZE(ic_draft, 8, 4);
SIZE(ic_answer, 8, 4);
SIZE(ic_tokens, 8, 4);
SIZE(ic_cancel, 8, 4);
SIZE(ic_error, 8, 4);
SIZE(ic_buffer, 8, 4);
SIZE(ic_action, 8, 4);
SIZE(ic_waiting, 8, 4);
SIZE(ic_request, 8, 4);
SIZE(ic_response, 8, 4);
SIZE(ic_stored, 8, 4);

SIZE(ic_str, 16, 8);
AT(ic_str, data, 0, 0);
AT(ic_str, len, 8, 4);

SIZE(ic_bytes, 16, 8);
AT(ic_bytes, data, 0, 0);
AT(ic_bytes, len, 8, 4);

SIZE(ic_pair, 16, 8);
AT(ic_pair, name, 0, 0);
AT(ic_pair, value, 8, 4);

SIZE(ic_call, 24, 16);
AT(ic_call, size, 0, 0);
AT(ic_call, cancel, 8, 4);
AT(ic_call, timeout_ms, 16, 8);

SIZE(ic_start_options, 104, BY_4 ? 56 : 64);
AT(ic_start_options, size, 0, 0);
AT(ic_start_options, login_hint, 8, 4);
AT(ic_start_options, acr_values, 16, 8);
AT(ic_start_options, activation_token, 24, 12);
AT(ic_start_options, recovery_token, 32, 16);
AT(ic_start_options, extra, 40, 20);
AT(ic_start_options, extra_count, 48, 24);
AT(ic_start_options, max_age, 56, BY_4 ? 28 : 32);
AT(ic_start_options, has_max_age, 64, BY_4 ? 36 : 40);
AT(ic_start_options, device_token, 72, BY_4 ? 40 : 44);
AT(ic_start_options, device_user_agent, 80, BY_4 ? 44 : 48);
AT(ic_start_options, device_forwarded_for, 88, BY_4 ? 48 : 52);
AT(ic_start_options, device_languages, 96, BY_4 ? 52 : 56);

SIZE(ic_handler, 40, 20);
AT(ic_handler, size, 0, 0);
AT(ic_handler, user_data, 8, 4);
AT(ic_handler, remediate, 16, 8);
AT(ic_handler, waiting, 24, 12);
AT(ic_handler, destroy, 32, 16);

SIZE(ic_transport, 32, 16);
AT(ic_transport, size, 0, 0);
AT(ic_transport, user_data, 8, 4);
AT(ic_transport, send, 16, 8);
AT(ic_transport, destroy, 24, 12);

SIZE(ic_storage, 48, 24);
AT(ic_storage, size, 0, 0);
AT(ic_storage, user_data, 8, 4);
AT(ic_storage, load, 16, 8);
AT(ic_storage, swap, 24, 12);
AT(ic_storage, keys, 32, 16);
AT(ic_storage, destroy, 40, 20);

SIZE(ic_log, 32, 16);
AT(ic_log, size, 0, 0);
AT(ic_log, user_data, 8, 4);
AT(ic_log, log, 16, 8);
AT(ic_log, destroy, 24, 12);

/* Never changed, never used again; new ones are added here. */
static const struct {
    ic_status status;
    int32_t number;
    const char *name;
} STATUSES[] = {
    {IC_OK, 0, "ok"},
    {IC_ERROR_INVALID_ARGUMENT, 10, "invalid_argument"},
    {IC_ERROR_INVALID_HANDLE, 11, "invalid_handle"},
    {IC_ERROR_BUSY, 12, "busy"},
    {IC_ERROR_INVALID_ANSWER, 20, "invalid_answer"},
    {IC_ERROR_NOT_FOUND, 21, "not_found"},
    {IC_ERROR_INVALID_STATE, 22, "invalid_state"},
    {IC_ERROR_CANCELLED, 30, "cancelled"},
    {IC_ERROR_TIMEOUT, 31, "timeout"},
    {IC_ERROR_OFFLINE, 40, "offline"},
    {IC_ERROR_TLS, 41, "tls"},
    {IC_ERROR_PROXY, 42, "proxy"},
    {IC_ERROR_NETWORK, 43, "network"},
    {IC_ERROR_OAUTH, 50, "oauth"},
    {IC_ERROR_API, 51, "api"},
    {IC_ERROR_RATE_LIMITED, 52, "rate_limited"},
    {IC_ERROR_HTTP, 53, "http"},
    {IC_ERROR_PROTOCOL, 60, "protocol"},
    {IC_ERROR_FOREIGN_ORIGIN, 61, "foreign_origin"},
    {IC_ERROR_LIMIT_EXCEEDED, 62, "limit_exceeded"},
    {IC_ERROR_EXPIRED, 70, "expired"},
    {IC_ERROR_TERMINAL, 71, "terminal"},
    {IC_ERROR_INVALID_TOKEN, 72, "invalid_token"},
    {IC_ERROR_INVALID_CALLBACK, 73, "invalid_callback"},
    {IC_ERROR_INVALID_SNAPSHOT, 74, "invalid_snapshot"},
    {IC_ERROR_CALLBACK, 80, "callback"},
    {IC_ERROR_STORAGE_UNAVAILABLE, 81, "storage_unavailable"},
    {IC_ERROR_INTERNAL, 90, "internal"},
    {IC_ERROR_NO_THREAD, 91, "no_thread"},
};
#define STATUS_COUNT (sizeof STATUSES / sizeof *STATUSES)

static void statuses_are_frozen(void **state)
{
    size_t known = 0;
    (void)state;
    for (size_t index = 0; index < STATUS_COUNT; index++) {
        check_that(STATUSES[index].status == STATUSES[index].number, STATUSES[index].name, "another number");
        CHECK_TEXT(ic_status_name(STATUSES[index].status), STATUSES[index].name);
    }
    /* The library knows no number that is not in the list above: whoever adds one adds it there. */
    for (ic_status number = -1000; number < 1000; number++) {
        known += ic_status_name(number).data != NULL;
    }
    CHECK(known == STATUS_COUNT);
    CHECKED();
}

static void initialisers_set_the_size_and_nothing_else(void **state)
{
    const ic_call call = IC_CALL_INIT;
    const ic_start_options options = IC_START_OPTIONS_INIT;
    const ic_handler handler = IC_HANDLER_INIT;
    const ic_transport transport = IC_TRANSPORT_INIT;
    const ic_storage storage = IC_STORAGE_INIT;
    const ic_log log = IC_LOG_INIT;
    (void)state;
    CHECK(call.size == sizeof call && call.cancel == NULL && call.timeout_ms == 0);
    CHECK(options.size == sizeof options && options.login_hint == NULL && options.acr_values == NULL);
    CHECK(options.activation_token == NULL && options.recovery_token == NULL && options.extra == NULL);
    CHECK(options.extra_count == 0 && options.max_age == 0 && !options.has_max_age);
    CHECK(options.device_token == NULL && options.device_languages == NULL);
    CHECK(handler.size == sizeof handler && handler.user_data == NULL && handler.remediate == NULL);
    CHECK(handler.waiting == NULL && handler.destroy == NULL);
    CHECK(transport.size == sizeof transport && transport.user_data == NULL && transport.send == NULL);
    CHECK(transport.destroy == NULL);
    CHECK(storage.size == sizeof storage && storage.user_data == NULL && storage.load == NULL);
    CHECK(storage.swap == NULL && storage.keys == NULL && storage.destroy == NULL);
    CHECK(log.size == sizeof log && log.user_data == NULL && log.log == NULL && log.destroy == NULL);
    CHECKED();
}

static void constants_are_frozen(void **state)
{
    (void)state;
    CHECK(IC_WAIT_CONTINUE == 0 && IC_WAIT_ASK == -1);
    CHECK(IC_LOG_ERROR == 1 && IC_LOG_WARN == 2 && IC_LOG_INFO == 3 && IC_LOG_DEBUG == 4);
    CHECK(IC_FEATURE_UREQ == 1 && IC_FEATURE_PLATFORM_VERIFIER == 2);
    CHECK(IC_FEATURE_TEST_HOOKS == (uint64_t)1 << 63);
    /* The programs and the library are of one build: both have the hooks or neither. */
#if defined(IC_TEST_HOOKS)
    CHECK((ic_features() & IC_FEATURE_TEST_HOOKS) != 0);
#else
    CHECK((ic_features() & IC_FEATURE_TEST_HOOKS) == 0);
#endif
    CHECKED();
}

static void versions_agree(void **state)
{
    char text[64];
    (void)state;
    _Static_assert(IC_VERSION_MINOR < 1000 && IC_VERSION_PATCH < 1000, "the parts fit into the number");
    CHECK(IC_VERSION_NUMBER == IC_VERSION_MAJOR * 1000000 + IC_VERSION_MINOR * 1000 + IC_VERSION_PATCH);
    CHECK(IC_VERSION_NUMBER / 1000000 == IC_VERSION_MAJOR && IC_VERSION_NUMBER / 1000 % 1000 == IC_VERSION_MINOR);
    CHECK(IC_VERSION_NUMBER % 1000 == IC_VERSION_PATCH);
    (void)snprintf(text, sizeof text, "%d.%d.%d", IC_VERSION_MAJOR, IC_VERSION_MINOR, IC_VERSION_PATCH);
    CHECK(strcmp(text, IC_VERSION_STRING) == 0);
    CHECK_TEXT(ic_version(), IC_VERSION_STRING);
    CHECK(ic_abi_version() == IC_ABI_VERSION);
    CHECKED();
}

static void texts_are_compared(void **state)
{
    const ic_str none = {NULL, 0}, empty = {"", 0}, text = {"abc", 3}, part = {"abcdef", 3};
    (void)state;
    CHECK(!ic_str_is(none, "") && !ic_str_is(none, NULL) && !ic_str_is(empty, NULL));
    CHECK(ic_str_is(empty, "") && !ic_str_is(empty, "a"));
    CHECK(ic_str_is(text, "abc") && ic_str_is(part, "abc"));
    CHECK(!ic_str_is(text, "ab") && !ic_str_is(text, "abcd") && !ic_str_is(text, "abd"));
    char printed[16];
    (void)snprintf(printed, sizeof printed, "%.*s|%.*s", IC_STR_ARG(none), IC_STR_ARG(part));
    CHECK(strcmp(printed, "|abc") == 0);
    CHECKED();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statuses_are_frozen),
        cmocka_unit_test(initialisers_set_the_size_and_nothing_else),
        cmocka_unit_test(constants_are_frozen),
        cmocka_unit_test(versions_agree),
        cmocka_unit_test(texts_are_compared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
