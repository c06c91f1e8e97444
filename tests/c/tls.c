/* HTTPS, also under the checkers: a sign-in over TLS after a mistyped password, and a server that nobody vouches for. What
 * valgrind is to leave out of it is in packaging/valgrind.supp, which is installed for every program. */

#include "sandbox.h"

static void signs_in_over_tls(void **state)
{
    ic_flow flow = NULL;
    ic_tokens tokens = NULL;
    ic_error error = NULL;
    (void)state;
    ic_client client = sandbox_tls_client(true);
    ic_call patient = IC_CALL_INIT;
    patient.timeout_ms = 600000;
    ic_status started = ic_flow_start(client, NULL, &patient, &flow, &error);
    if (check_is_slow() && started == IC_ERROR_TLS) {
        /* With some keys valgrind's own arithmetic finds a good signature bad. The sandbox's key is another one each time, and
         * without valgrind the same test is strict. */
        CHECK_STATUS(ic_error_free(error), IC_OK);
        CHECK_STATUS(ic_client_free(client), IC_OK);
        CHECKED();
        skip();
    }
    CHECK_STATUS(started, IC_OK);
    CHECK_STATUS(ic_step_free(answer_text(flow, "identify", "identifier", "ada@example.com")), IC_OK);
    ic_step step = answer_text(flow, "challenge-authenticator", "credentials.passcode", "correct-horse-9");
    CHECK(ic_step_offers(step, "challenge-authenticator") && !ic_flow_is_complete(flow));
    CHECK_STATUS(ic_step_free(step), IC_OK);
    CHECK_STATUS(ic_step_free(answer_text(flow, "challenge-authenticator", "credentials.passcode", PASSWORD)), IC_OK);
    CHECK_OK(ic_flow_finish(flow, NULL, &tokens, &error));
    CHECK_TEXT(ic_tokens_claim(tokens, "preferred_username"), "ada@example.com");
    CHECK_STATUS(ic_tokens_free(tokens), IC_OK);
    CHECK_STATUS(ic_flow_free(flow), IC_OK);
    CHECK_STATUS(ic_client_free(client), IC_OK);
    CHECKED();
}

static void whom_nobody_vouches_for_gets_nothing(void **state)
{
    ic_flow flow = NULL;
    ic_error error = NULL;
    (void)state;
    ic_client client = sandbox_tls_client(false);
    CHECK(ic_flow_start(client, NULL, NULL, &flow, &error) == IC_ERROR_TLS);
    CHECK(flow == NULL && !ic_error_maybe_sent(error));
    CHECK_CALL(ic_error_status(error), IC_ERROR_TLS);
    CHECK_STATUS(ic_client_free(client), IC_OK);
    CHECKED();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signs_in_over_tls),
        cmocka_unit_test(whom_nobody_vouches_for_gets_nothing),
    };
    if (!sandbox_begin()) {
        return 2;
    }
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    sandbox_end();
    return failed;
}
