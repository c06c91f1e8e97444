/* The groups of tests that make up the program `callbacks`. */

#ifndef IC_TEST_CALLBACKS_H
#define IC_TEST_CALLBACKS_H

#include "fake.h"

/* Handlers and waiting: callbacks_handler.c, over the org in memory. */
void handler_that_fails(void **state);
void handler_that_says_nothing(void **state);
void handler_that_calls_back(void **state);
void handler_that_frees_everything(void **state);
void handler_that_keeps_what_is_lent(void **state);
void handler_actions(void **state);
void handler_is_destroyed_once(void **state);
void waiting_sees_the_wait(void **state);
void waiting_glances_and_asks(void **state);
void waiting_is_cancelled_from_another_thread(void **state);

/* Transports: callbacks_transport.c. */
void transport_sees_the_request(void **state);
void transport_that_fails(void **state);
void transport_that_breaks_the_rules(void **state);
void transport_with_too_much(void **state);
void transport_that_calls_back(void **state);
void transport_that_frees_everything(void **state);
void transport_is_cancelled_from_another_thread(void **state);
void transport_fails_at_each_request(void **state);
void transport_lives_as_long_as_its_last_user(void **state);

/* Storages and logs: callbacks_host.c. The hooks for tests: callbacks_hooks.c. */
void storage_keeps_a_flow(void **state);
void storage_that_fails(void **state);
void storage_with_rubbish(void **state);
void storage_that_calls_back(void **state);
void log_tells_no_secret(void **state);
void clock_decides_what_has_expired(void **state);
void random_decides_the_secrets(void **state);
void panic_poisons_one_handle(void **state);
void panic_spares_what_a_callback_uses(void **state);

/* Whole sign-ins over TCP: callbacks_sign_in.c. */
void sign_in_by_pull(void **state);
void sign_in_after_save_and_restore(void **state);
void sign_in_by_push(void **state);
void sign_in_over_own_transport(void **state);
void waiting_over_tcp_is_cancelled(void **state);
void nobody_listens(void **state);

#endif
