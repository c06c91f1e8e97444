/* Callbacks: handler, waiting, transport, storage, log that succeed, fail, call back into the library, free what they were
 * called from, are cancelled, and are destroyed exactly once. And whole sign-ins over TCP. */

#include "callbacks.h"
#include "sandbox.h"

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(handler_that_fails),
        cmocka_unit_test(handler_that_says_nothing),
        cmocka_unit_test(handler_that_calls_back),
        cmocka_unit_test(handler_that_frees_everything),
        cmocka_unit_test(handler_that_keeps_what_is_lent),
        cmocka_unit_test(handler_actions),
        cmocka_unit_test(handler_is_destroyed_once),
        cmocka_unit_test(waiting_sees_the_wait),
        cmocka_unit_test(waiting_glances_and_asks),
        cmocka_unit_test(waiting_is_cancelled_from_another_thread),
        cmocka_unit_test(transport_sees_the_request),
        cmocka_unit_test(transport_that_fails),
        cmocka_unit_test(transport_that_breaks_the_rules),
        cmocka_unit_test(transport_with_too_much),
        cmocka_unit_test(transport_that_calls_back),
        cmocka_unit_test(transport_that_frees_everything),
        cmocka_unit_test(transport_is_cancelled_from_another_thread),
        cmocka_unit_test(transport_fails_at_each_request),
        cmocka_unit_test(transport_lives_as_long_as_its_last_user),
        cmocka_unit_test(storage_keeps_a_flow),
        cmocka_unit_test(storage_that_fails),
        cmocka_unit_test(storage_with_rubbish),
        cmocka_unit_test(storage_that_calls_back),
        cmocka_unit_test(log_tells_no_secret),
#if defined(IC_TEST_HOOKS)
        cmocka_unit_test(clock_decides_what_has_expired),
        cmocka_unit_test(random_decides_the_secrets),
        cmocka_unit_test(panic_poisons_one_handle),
        cmocka_unit_test(panic_spares_what_a_callback_uses),
#endif
        cmocka_unit_test(sign_in_by_pull),
        cmocka_unit_test(sign_in_after_save_and_restore),
        cmocka_unit_test(sign_in_by_push),
        cmocka_unit_test(sign_in_over_own_transport),
        cmocka_unit_test(waiting_over_tcp_is_cancelled),
        cmocka_unit_test(nobody_listens),
    };
    if (!sandbox_begin()) {
        return 2;
    }
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    sandbox_end();
    return failed;
}
