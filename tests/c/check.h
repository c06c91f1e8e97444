/* Checks that may run on any thread and inside callbacks.
 *
 * cmocka's own assertions leave by longjmp, which must not cross frames of the library and is only for the main thread.
 * These print what is wrong, count it and go on; `CHECKED()` turns the count into a failed test, in the test itself. */

#ifndef IC_TEST_CHECK_H
#define IC_TEST_CHECK_H

#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>

#include "interaction_code.h"

/* How many checks have failed since the last `CHECKED()`. */
extern atomic_int check_failures;

#if defined(__GNUC__)
__attribute__((format(printf, 3, 4)))
#endif
bool check_that(bool good, const char *place, const char *format, ...);

/* Whether a status is the expected one; frees `error`, which may be NULL, after printing it where it is not. Checks that the
 * error object fits the status. */
bool check_status(ic_status status, ic_status expected, ic_error *error, const char *place);

/* Whether a text is this one. */
bool check_text(ic_str text, const char *expected, const char *place);

#define CHECK_STRING2(line) #line
#define CHECK_STRING(line) CHECK_STRING2(line)
#define CHECK_PLACE __FILE__ ":" CHECK_STRING(__LINE__)

#define CHECK(condition) check_that((condition), CHECK_PLACE, "%s", #condition)
#define CHECK_STATUS(status, expected) check_status((status), (expected), NULL, CHECK_PLACE)
/* For calls that have `&error` as their last argument. */
#define CHECK_CALL(status, expected) check_status((status), (expected), &error, CHECK_PLACE)
#define CHECK_OK(status) CHECK_CALL(status, IC_OK)
#define CHECK_TEXT(text, expected) check_text((text), (expected), CHECK_PLACE)

/* Whether the program runs under valgrind: some thirty times slower, one thread at a time. */
bool check_is_slow(void);

/* At the end of a test, on the main thread: fails it when a check failed, or when a handle was left behind. */
#define CHECKED()                                                                                                      \
    do {                                                                                                               \
        CHECK(ic_live_handles() == 0);                                                                                 \
        assert_int_equal(atomic_exchange(&check_failures, 0), 0);                                                      \
    } while (0)

#endif
