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
