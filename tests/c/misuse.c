/* Every exported function with every kind of nonsense: NULL, handles that are freed, of another type or invented, texts that
 * are no UTF-8, empty or 3 MB long, structs of impossible sizes, nodes, indexes and lengths out of range. Each call has one
 * bad argument; the others are good. The list of functions is generated (misuse_gen.py), so none can be forgotten.
 *
 * Expected is what the header promises: the status, an error object that fits it, outputs that are nothing, getters that
 * say nothing, and `destroy` exactly once for every struct that was taken. */

#include "misuse.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "misuse_calls.h"

#define FUNCTION_COUNT (sizeof FUNCTIONS / sizeof *FUNCTIONS)
#define THREADS 8
/* Valgrind runs one thread at a time: more of them find nothing more there, and take their time one after the other. */
#define THREADS_ONE_BY_ONE 2

/* Which functions have said something at least once; index as in FUNCTIONS. */
static atomic_bool said[FUNCTION_COUNT];

/* Under valgrind what takes most of the time, huge texts and the look everywhere, is left to the test with one thread. */
static bool is_short;

#define COMPLAIN(attempt, condition, ...)                                                                              \
    check_that((condition), (attempt)->function->name, "%s, %s: %s", (attempt)->what, #condition, __VA_ARGS__)

/* Ways are told by index: nothing is IC_NO_WAY, and the first is 0. */
static bool names_a_way(const char *name)
{
    return strstr(name, "_suggested_") != NULL || strstr(name, "_unasked_way") != NULL
        || strstr(name, "_element_way") != NULL || strstr(name, "_way_named") != NULL;
}

static bool says_nothing(const struct function *function, const union result *result)
{
    switch (function->returns) {
    case RETURNS_STR:
        return result->text.data == NULL && result->text.len == 0;
    case RETURNS_BYTES:
        return result->bytes.data == NULL && result->bytes.len == 0;
    case RETURNS_SIZE:
        return result->size == (names_a_way(function->name) ? IC_NO_WAY : 0);
    case RETURNS_U64:
        return result->u64 == 0;
    case RETURNS_U32:
        return result->u32 == 0;
    case RETURNS_I32:
        /* 0 is a success: without an outcome a step has -1, and an error that is none is like a broken protocol. */
        if (strstr(function->name, "_outcome") != NULL) {
            return result->i32 == -1 || result->i32 == IC_OUTCOME_PROTOCOL_VIOLATION;
        }
        return result->i32 == 0;
    case RETURNS_BOOL:
        return !result->flag;
    case RETURNS_NODE:
        return result->u32 == IC_NO_NODE;
    case RETURNS_STATUS:
        break;
    }
    return result->status != IC_OK;
}

/* Reads every byte that came out, so that valgrind and the sanitizers see what is not there. */
static void read_all(const struct attempt *attempt, const union result *result)
{
    volatile unsigned char last = 0;
    const unsigned char *data = NULL;
    size_t length = 0;
    if (attempt->function->returns == RETURNS_STR) {
        data = (const unsigned char *)result->text.data;
        length = result->text.len;
    } else if (attempt->function->returns == RETURNS_BYTES) {
        data = result->bytes.data;
        length = result->bytes.len;
    }
    COMPLAIN(attempt, data != NULL || length == 0, "a length without data");
    for (size_t at = 0; data != NULL && at < length; at++) {
        last = data[at];
    }
    (void)last;
}

static void check_outputs(struct attempt *attempt, bool failed, ic_status status)
{
    const struct function *function = attempt->function;
    for (int index = 0; index < function->parameter_count; index++) {
        const struct parameter *parameter = &function->parameters[index];
        void *slot = attempt->slots[index];
        /* An output that is itself the bad argument is nowhere. */
        if (attempt->arguments[index].pointer == NULL || index == attempt->bad) {
            continue;
        }
        if (parameter->kind == OUT_HANDLE) {
            COMPLAIN(attempt, slot != (void *)attempt->world, "an output was not set to NULL");
            COMPLAIN(attempt, !failed || slot == NULL, "an output was written on failure");
            if (slot != NULL && slot != (void *)attempt->world) {
                world_dispose(parameter->of, slot);
                COMPLAIN(attempt, ic_handle_check(slot) == IC_ERROR_INVALID_HANDLE, "an output cannot be freed");
            }
        } else if (parameter->kind == OUT_ERROR) {
            COMPLAIN(attempt, slot != (void *)attempt->world, "the error was not set");
            COMPLAIN(attempt, failed == (slot != NULL), "the error does not fit the status");
            if (slot != NULL && slot != (void *)attempt->world) {
                COMPLAIN(attempt, ic_error_status(slot) == status, "the error has another status");
                COMPLAIN(attempt, ic_error_message(slot).len > 0, "the error has no message");
                COMPLAIN(attempt, ic_error_free(slot) == IC_OK, "the error cannot be freed");
            }
        } else if (parameter->kind == OUT_U64 || parameter->kind == OUT_I64) {
            COMPLAIN(attempt, !failed || attempt->numbers[index] == 0, "a number was written on failure");
        }
    }
    for (size_t at = 0; at < sizeof attempt->odd; at++) {
        COMPLAIN(attempt, attempt->odd[at] == 0x5a, "a misaligned output was written");
    }
}

/* Ends what this attempt had for itself, and sees that `destroy` ran exactly once. */
static void clean_up(struct attempt *attempt, const union value *good)
{
    const struct function *function = attempt->function;
    for (int index = 0; index < function->parameter_count; index++) {
        enum kind kind = function->parameters[index].kind;
        if (kind < HANDLE_KINDS && is_fresh(function, kind, index)) {
            world_dispose(kind, good[index].pointer);
        }
    }
    for (int index = 0; index < function->parameter_count; index++) {
        if (is_owned(function->parameters[index].kind)) {
            int expected = index == attempt->bad && attempt->taken >= 0 ? attempt->taken : 1;
            COMPLAIN(attempt, atomic_load(&attempt->destroyed) == expected, "destroy did not run exactly once");
        }
    }
}

/* It returns the status that it was asked for, and not its own. */
static bool is_status_getter(const struct function *function)
{
    return strcmp(function->name, "ic_error_status") == 0;
}

/* Calls with `attempt->arguments`, of which one may be bad; `good` is what they were before. */
static void call(struct attempt *attempt, const union value *good)
{
    const struct function *function = attempt->function;
    union result result;
    memset(&result, 0x5a, sizeof result);
    function->call(attempt->arguments, &result);
    if (function->returns == RETURNS_STATUS) {
        if (attempt->expected != ANY && !(attempt->bad < 0 && is_status_getter(function))) {
            check_that(result.status == attempt->expected, function->name, "%s: status %d, expected %d", attempt->what,
                       (int)result.status, (int)attempt->expected);
        }
        COMPLAIN(attempt, ic_status_name(result.status).data != NULL, "a status that is not one");
        check_outputs(attempt, result.status != IC_OK, result.status);
    } else {
        bool nothing = says_nothing(function, &result);
        if (attempt->nothing && strcmp(function->name, "ic_request_is_cancelled") == 0) {
            COMPLAIN(attempt, result.flag, "a request that is over is cancelled");
        } else if (attempt->nothing) {
            COMPLAIN(attempt, nothing, "a getter says something about nothing");
        } else if (!nothing && attempt->bad < 0) {
            atomic_store(&said[function - FUNCTIONS], true);
        }
        read_all(attempt, &result);
        check_outputs(attempt, function->returns == RETURNS_BOOL && !result.flag, IC_OK);
    }
    clean_up(attempt, good);
}

/* One call with the argument `bad` (-1: none) made bad in this way. */
static void attempt_with(struct attempt *attempt, int bad, int variant)
{
    union value good[MOST_PARAMETERS];
    char what[80];
    (void)snprintf(what, sizeof what, "bad `%s`, variant %d", bad < 0 ? "nothing" : attempt->function->parameters[bad].name,
                   variant);
    attempt->what = what;
    attempt->bad = bad;
    attempt->expected = attempt->function->good;
    attempt->nothing = false;
    attempt->taken = -1;
    prepare(attempt);
    memcpy(good, attempt->arguments, sizeof good);
    if (bad >= 0) {
        make_bad(attempt, &attempt->arguments[bad], variant);
    }
    call(attempt, good);
}

static void misuse(struct attempt *attempt)
{
    const struct function *function = attempt->function;
    attempt_with(attempt, -1, 0);
    for (int bad = 0; bad < function->parameter_count; bad++) {
        const struct parameter *parameter = &function->parameters[bad];
        for (int variant = 0; variant < bad_values(parameter); variant++) {
            if (!(is_short && parameter->kind == TEXT && variant == HUGE_VARIANT)) {
                attempt_with(attempt, bad, variant);
            }
        }
    }
    attempt->what = "afterwards";
    COMPLAIN(attempt, ic_handle_check(attempt->world->handles[STEP]) == IC_OK, "a bad call ended a good handle");
    COMPLAIN(attempt, ic_handle_check(attempt->world->handles[CANCEL]) == IC_OK, "a bad call ended a good handle");
}

/* Every getter with everything that there is to say something about: all nodes of all steps, all errors. */
static void look_everywhere(struct attempt *attempt)
{
    static const char *const NAMES[] = {"id", "deviceName", "resend", "credentials.passcode", "user"};
    enum { NAME_COUNT = sizeof NAMES / sizeof *NAMES };
    const struct function *function = attempt->function;
    struct world *world = attempt->world;
    bool about_errors = takes(function, ERROR);
    bool about_screens = takes(function, SCREEN);
    bool about_nodes = takes(function, NODE);
    bool named = takes(function, TEXT);
    if (function->returns == RETURNS_STATUS || (!about_errors && !takes(function, STEP) && !about_screens)) {
        return;
    }
    attempt->what = "a look everywhere";
    attempt->bad = -1;
    attempt->nothing = false;
    prepare(attempt);
    for (int thing = 0; thing < (about_errors ? MOST_ERRORS : MOST_STEPS); thing++) {
        ic_step step = about_errors ? NULL : world->steps[thing];
        void *handle = about_errors    ? (void *)world->errors[thing]
                       : about_screens ? (void *)world->screens[thing]
                                       : (void *)step;
        ic_node last = 3; /* or so many indexes, where it is not about nodes */
        while (about_nodes && ic_node_kind(step, last - 3).data != NULL) {
            last++; /* three more than there are */
        }
        for (ic_node node = 0; node < last; node++) {
            for (int name = 0; name < (named && about_nodes ? NAME_COUNT : 1); name++) {
                for (int index = 0; index < function->parameter_count; index++) {
                    enum kind kind = function->parameters[index].kind;
                    union value *argument = &attempt->arguments[index];
                    if (kind == STEP || kind == SCREEN || kind == ERROR) {
                        argument->pointer = handle;
                    } else if (kind == NODE) {
                        argument->u32 = node;
                    } else if (kind == INDEX && !about_nodes) {
                        argument->size = node;
                    } else if (kind == TEXT && about_nodes) {
                        argument->text = NAMES[name];
                    }
                }
                call(attempt, attempt->arguments);
            }
        }
    }
}

static void storm(struct world *world)
{
    struct attempt *attempt = calloc(1, sizeof *attempt);
    CHECK(attempt != NULL);
    for (size_t index = 0; attempt != NULL && index < FUNCTION_COUNT; index++) {
        attempt->world = world;
        attempt->function = &FUNCTIONS[index];
        misuse(attempt);
        if (!is_short) {
            look_everywhere(attempt);
        }
    }
    free(attempt);
}

static void *storm_on_thread(void *context)
{
    struct world *world = context;
    world_run(world, storm);
    return NULL;
}

static void one_thread(void **state)
{
    struct world world;
    (void)state;
    world_run(&world, storm);
    /* What a getter does not say about nothing is worth something only when it says something at all. */
    for (size_t index = 0; index < FUNCTION_COUNT; index++) {
        const struct function *function = &FUNCTIONS[index];
        bool speaks = function->returns != RETURNS_STATUS && !function->silent;
        check_that(!speaks || atomic_load(&said[index]), function->name, "never says anything about the fixtures");
        check_that(!function->silent || !atomic_load(&said[index]), function->name, "says something after all");
    }
    CHECKED();
}

static void many_threads(void **state)
{
    static struct world worlds[THREADS];
    pthread_t threads[THREADS];
    (void)state;
    is_short = check_is_slow();
    int count = is_short ? THREADS_ONE_BY_ONE : THREADS;
    for (int index = 0; index < count; index++) {
        assert_int_equal(pthread_create(&threads[index], NULL, storm_on_thread, &worlds[index]), 0);
    }
    for (int index = 0; index < count; index++) {
        assert_int_equal(pthread_join(threads[index], NULL), 0);
    }
    CHECKED();
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_thread), cmocka_unit_test(many_threads)};
    huge_text = malloc(HUGE_LENGTH + 1);
    if (huge_text == NULL) {
        return 1;
    }
    memset(huge_text, 'x', HUGE_LENGTH);
    huge_text[HUGE_LENGTH] = '\0';
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    free(huge_text);
    return failed;
}
