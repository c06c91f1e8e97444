/* A program that forks: as PAM modules, pre-fork servers and daemons do. Parent and child sign in at the same time with the
 * client that was there before, in the clear and over TLS, beside other threads and without. Counted, not timed: a hang is
 * the runner's limit. The child checks nothing by cmocka: it says by its exit code how it went. */

#define _POSIX_C_SOURCE 200809L

#include "sandbox.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#define FORKS 50 /* four tests: 200 */
#define THREADS 3

static int forks(void)
{
    return check_is_slow() ? 2 : FORKS;
}

/* A whole sign-in of this person, whose tokens are this person's. Says nothing: it runs in children, too. */
static bool signs_in(ic_client client, const char *user)
{
    static const char *const FORMS[2] = {"identify", "challenge-authenticator"};
    static const char *const PATHS[2] = {"identifier", "credentials.passcode"};
    const char *texts[2] = {user, PASSWORD};
    ic_flow flow = NULL;
    ic_tokens tokens = NULL;
    bool good = ic_flow_start(client, NULL, NULL, &flow, NULL) == IC_OK;
    for (int index = 0; good && index < 2; index++) {
        ic_step step = NULL, next = NULL;
        ic_answer answer = NULL;
        good = ic_flow_step(flow, &step, NULL) == IC_OK
            && ic_answer_new_named(step, FORMS[index], &answer, NULL) == IC_OK
            && ic_answer_set_string(answer, PATHS[index], texts[index], NULL) == IC_OK
            && ic_flow_proceed(flow, answer, NULL, &next, NULL) == IC_OK;
        (void)ic_step_free(next);
        (void)ic_answer_free(answer);
        (void)ic_step_free(step);
    }
    good = good && ic_flow_finish(flow, NULL, &tokens, NULL) == IC_OK;
    good = good && ic_str_is(ic_tokens_claim(tokens, "preferred_username"), user);
    (void)ic_tokens_free(tokens);
    (void)ic_flow_free(flow);
    return good;
}

/* The end of a child, as most children end: as another program. It holds what was inherited until then, which a memory checker
 * would take for a leak of its own. */
static void end(int code)
{
    static const char *const COMMANDS[] = {"exit 0", "exit 1", "exit 2"};
    (void)execl("/bin/sh", "sh", "-c", COMMANDS[code], (char *)NULL);
    _exit(3);
}

static void fork_once(ic_client client)
{
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        size_t live = ic_live_handles();
        bool good = signs_in(client, "bob@example.com") && signs_in(client, "bob@example.com");
        bool clean = ic_live_handles() == live && ic_client_free(client) == IC_OK;
        end(!good ? 1 : !clean ? 2 : 0);
    }
    assert_true(child > 0);
    CHECK(signs_in(client, "ada@example.com"));
    CHECK(signs_in(client, "ada@example.com"));
    assert_int_equal(waitpid(child, &status, 0), child);
    check_that(status == 0, CHECK_PLACE, "the child: status %#x", (unsigned)status);
}

static void forks_with(ic_client client)
{
    CHECK(signs_in(client, "ada@example.com")); /* connections and keys that a child must not use */
    for (int time = 0; time < forks(); time++) {
        fork_once(client);
    }
    CHECK_STATUS(ic_client_free(client), IC_OK);
    CHECKED();
}

struct beside {
    ic_client client;
    atomic_bool done;
    atomic_int signed_in;
};

/* Sign-ins, and handles that come and go: somebody is nearly always at the table. */
static void *goes_on(void *context)
{
    struct beside *beside = context;
    while (!atomic_load(&beside->done)) {
        for (int time = 0; time < 1000; time++) {
            ic_cancel token = NULL;
            CHECK_STATUS(ic_cancel_new(&token, NULL), IC_OK);
            CHECK_STATUS(ic_cancel_free(token), IC_OK);
        }
        if (CHECK(signs_in(beside->client, "ada@example.com"))) {
            atomic_fetch_add(&beside->signed_in, 1);
        }
    }
    return NULL;
}

static void forks_beside_threads(ic_client client)
{
    struct beside beside = {.client = client};
    pthread_t threads[THREADS];
    for (int index = 0; index < THREADS; index++) {
        assert_int_equal(pthread_create(&threads[index], NULL, goes_on, &beside), 0);
    }
    for (int time = 0; time < forks(); time++) {
        fork_once(client);
    }
    atomic_store(&beside.done, true);
    for (int index = 0; index < THREADS; index++) {
        assert_int_equal(pthread_join(threads[index], NULL), 0);
    }
    CHECK(atomic_load(&beside.signed_in) > 0);
    CHECK_STATUS(ic_client_free(client), IC_OK);
    CHECKED();
}

static void in_the_clear(void **state)
{
    (void)state;
    forks_with(sandbox_client("app-password"));
}

/* Not under a checker: 50 forks take too long there. tls.c is. */
static void over_tls(void **state)
{
    (void)state;
    if (check_is_slow()) {
        return;
    }
    forks_with(sandbox_tls_client(true));
}

static void in_the_clear_beside_threads(void **state)
{
    (void)state;
    forks_beside_threads(sandbox_client("app-password"));
}

static void over_tls_beside_threads(void **state)
{
    (void)state;
    if (check_is_slow()) {
        return;
    }
    forks_beside_threads(sandbox_tls_client(true));
}

/* In a child of its own, which may have a megabyte more and no thread's stack. */
static void a_thread_that_is_not_to_be_had(void **state)
{
    (void)state;
    int status = -1;
    if (check_is_slow()) {
        return;
    }
    ic_client client = sandbox_client("app-password");
    pid_t child = fork();
    if (child == 0) {
        unsigned long pages = 0;
        ic_flow flow = NULL;
        FILE *size = fopen("/proc/self/statm", "r");
        if (size == NULL || fscanf(size, "%lu", &pages) != 1) {
            _exit(77); /* not Linux */
        }
        (void)fclose(size);
        rlim_t bytes = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + (1 << 20);
        struct rlimit limit = {bytes, RLIM_INFINITY}, none = {RLIM_INFINITY, RLIM_INFINITY};
        bool set = setrlimit(RLIMIT_AS, &limit) == 0;
        ic_status first = ic_flow_start(client, NULL, NULL, &flow, NULL);
        set = set && setrlimit(RLIMIT_AS, &none) == 0;
        bool then = signs_in(client, "ada@example.com");
        _exit(!set ? 3 : first != IC_ERROR_NO_THREAD ? (int)first : then ? 0 : 4);
    }
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    check_that(status == 0 || status == 77 << 8, CHECK_PLACE, "the child: status %#x", (unsigned)status);
    CHECK_STATUS(ic_client_free(client), IC_OK);
    CHECKED();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thread_that_is_not_to_be_had), /* first: later the stacks of earlier threads are kept */
        cmocka_unit_test(in_the_clear),
        cmocka_unit_test(over_tls),
        cmocka_unit_test(in_the_clear_beside_threads),
        cmocka_unit_test(over_tls_beside_threads),
    };
    if (!sandbox_begin()) {
        return 2;
    }
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    sandbox_end();
    return failed;
}
