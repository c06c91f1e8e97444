/* See check.h. */

#include "check.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#if defined(__has_include)
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#endif
#endif

atomic_int check_failures;

/* A broken library fails thousands of checks: the first ones tell enough. */
#define MOST_LINES 60

static pthread_mutex_t output = PTHREAD_MUTEX_INITIALIZER;

bool check_that(bool good, const char *place, const char *format, ...)
{
    if (good) {
        return true;
    }
    if (atomic_fetch_add(&check_failures, 1) < MOST_LINES) {
        va_list arguments;
        va_start(arguments, format);
        pthread_mutex_lock(&output);
        fprintf(stderr, "%s: failed: ", place);
        vfprintf(stderr, format, arguments);
        fputc('\n', stderr);
        pthread_mutex_unlock(&output);
        va_end(arguments);
    }
    return false;
}

bool check_status(ic_status status, ic_status expected, ic_error *error, const char *place)
{
    ic_error object = error != NULL ? *error : NULL;
    ic_str message = ic_error_message(object);
    bool good = check_that(status == expected, place, "status %d, expected %d: %.*s", (int)status, (int)expected,
                           IC_STR_ARG(message));
    if (error != NULL) {
        good &= check_that((object != NULL) == (status != IC_OK), place, "status %d, error object %p", (int)status,
                           (void *)object);
        if (object != NULL) {
            good &= check_that(ic_error_status(object) == status, place, "status %d, the error says %d", (int)status,
                               (int)ic_error_status(object));
            good &= check_that(message.len > 0, place, "the error has no message");
            good &= check_that(ic_error_free(object) == IC_OK, place, "the error cannot be freed");
        }
        *error = NULL;
    }
    return good;
}

bool check_text(ic_str text, const char *expected, const char *place)
{
    return check_that(ic_str_is(text, expected), place, "`%.*s`, expected `%s`", IC_STR_ARG(text),
                      expected != NULL ? expected : "nothing");
}

bool check_is_slow(void)
{
#if defined(RUNNING_ON_VALGRIND)
    return RUNNING_ON_VALGRIND != 0;
#else
    return false;
#endif
}
