/// No way: where `ic_screen_suggested_way` and the like have none.
#define IC_NO_WAY SIZE_MAX

/// The two arguments of `%.*s`: `printf("%.*s\n", IC_STR_ARG(text))`. Empty for an absent text.
#define IC_STR_ARG(text) (int)(text).len, ((text).data != NULL ? (text).data : "")

/// Whether a text is this NUL-terminated one. An absent text is equal to nothing, not even to "".
static inline bool ic_str_is(ic_str text, const char *other) {
    size_t at = 0;
    if (text.data == NULL || other == NULL) {
        return false;
    }
    while (at < text.len && other[at] != '\0' && text.data[at] == other[at]) {
        at++;
    }
    return at == text.len && other[at] == '\0';
}

/* What stands before every function: where it comes from. Define it yourself for a linker of your own; on Windows define
 * `IC_SHARED` when the library is a DLL. */
#if !defined(IC_API)
#if defined(_WIN32) && defined(IC_SHARED)
#define IC_API __declspec(dllimport)
#elif defined(__GNUC__) && !defined(_WIN32)
#define IC_API __attribute__((visibility("default")))
#else
#define IC_API
#endif
#endif

/* The status of such a call is looked at: what it would give is not there when it fails. */
#if defined(__GNUC__)
#define IC_CHECK __attribute__((warn_unused_result))
#else
#define IC_CHECK
#endif

/* NULL has a meaning here. Everywhere else it is `IC_ERROR_INVALID_ARGUMENT` or `IC_ERROR_INVALID_HANDLE`. */
#if defined(__clang__)
#define IC_NULLABLE _Nullable
#else
#define IC_NULLABLE
#endif
