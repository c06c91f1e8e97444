/* Draws the screens of recorded responses as lines of text, for a comparison with every other language: the name of
 * each file, then its lines. The head of cli/src/draw.rs says what a line is.
 *
 *     draw_screens FILE...
 *
 * It uses the typed functions where there is one, and reads the rest by its path. Nothing here knows the protocol. */
#include <interaction_code.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { LONGEST_PATH = 256 };

/* The screen that is drawn. */
static ic_screen screen;

/* A path of the screen, made as by printf. */
typedef struct {
    char text[LONGEST_PATH];
} path;

static path at(const char *format, ...)
{
    path made;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(made.text, sizeof made.text, format, arguments);
    va_end(arguments);
    return made;
}

static ic_str text(path of)
{
    return ic_screen_text(screen, of.text);
}

static size_t count(path of)
{
    return ic_screen_count(screen, of.text);
}

/* The end of a line: the way that an element belongs to. */
static void end(size_t way)
{
    if (way != IC_NO_WAY) {
        printf(" >%zu", way);
    }
    putchar('\n');
}

/* A line without a number at its end; nothing where there is no text. */
static void line(int depth, const char *sign, ic_str said)
{
    if (said.data != NULL) {
        printf("%*s%s %.*s\n", depth, "", sign, IC_STR_ARG(said));
    }
}

static void links(int depth, const char *of)
{
    for (size_t i = 0; i < count(at("%s.links", of)); i++) {
        ic_str label = text(at("%s.links.%zu.label", of, i)), url = text(at("%s.links.%zu.url", of, i));
        printf("%*s& %.*s %.*s\n", depth, "", IC_STR_ARG(label), IC_STR_ARG(url));
    }
}

static void notice(int depth, const char *of)
{
    ic_str severity = text(at("%s.severity", of)), said = text(at("%s.text.text", of));
    ic_str place = text(at("%s.at.path", of));
    printf("%*s! %.*s %.*s", depth, "", IC_STR_ARG(severity), IC_STR_ARG(said));
    if (place.data != NULL) {
        printf(" {%.*s}", IC_STR_ARG(place));
    }
    putchar('\n');
    links(depth + 2, of);
    for (size_t i = 0; i < count(at("%s.items", of)); i++) {
        notice(depth + 2, at("%s.items.%zu", of, i).text);
    }
}

static void input(int depth, ic_node node, size_t way)
{
    ic_str label = ic_screen_control_label(screen, node), ask = ic_screen_control_ask(screen, node);
    const char *required = ic_screen_control_is_required(screen, node) ? "*" : "";
    printf("%*s? %.*s [%.*s%s]", depth, "", IC_STR_ARG(label), IC_STR_ARG(ask), required);
    end(way);
    for (size_t i = 0; i < ic_screen_control_option_count(screen, node); i++) {
        line(depth + 2, "-", ic_screen_control_option_label(screen, node, i));
    }
}

static void choice(size_t element, ic_node node, size_t way)
{
    ic_str label = ic_screen_control_label(screen, node), style = text(at("elements.%zu.style", element));
    printf("? %.*s [%.*s]", IC_STR_ARG(label), IC_STR_ARG(style));
    end(way);
    for (size_t i = 0; i < ic_screen_control_option_count(screen, node); i++) {
        ic_str detail = ic_screen_control_option_detail(screen, node, i);
        ic_str note = ic_screen_control_option_note(screen, node, i);
        printf("  - %.*s", IC_STR_ARG(ic_screen_control_option_label(screen, node, i)));
        printf("%s%.*s", detail.data != NULL ? " | " : "", IC_STR_ARG(detail));
        printf("%s%.*s\n", note.data != NULL ? " | " : "", IC_STR_ARG(note));
        for (size_t j = 0; j < ic_screen_control_option_input_count(screen, node, i); j++) {
            input(4, ic_screen_control_option_input(screen, node, i, j), IC_NO_WAY);
        }
    }
}

/* One line for each entry of a list of an element: a text of the entry, and perhaps another. */
static void list(size_t element, const char *member, const char *sign, const char *said, const char *more, size_t way)
{
    for (size_t i = 0; i < count(at("elements.%zu.%s", element, member)); i++) {
        printf("%s %.*s", sign, IC_STR_ARG(text(at("elements.%zu.%s.%zu.%s", element, member, i, said))));
        if (more != NULL) {
            printf(": %.*s", IC_STR_ARG(text(at("elements.%zu.%s.%zu.%s", element, member, i, more))));
        }
        end(way);
    }
}

static void say(const char *sign, ic_str said, size_t way)
{
    printf("%s %.*s", sign, IC_STR_ARG(said));
    end(way);
}

static void draw_element(size_t i)
{
    ic_str kind = ic_screen_element_kind(screen, i), said = ic_screen_element_text(screen, i);
    size_t way = ic_screen_element_way(screen, i);
    if (ic_str_is(kind, "input")) {
        input(0, ic_screen_element_control(screen, i), way);
    } else if (ic_str_is(kind, "choice")) {
        choice(i, ic_screen_element_control(screen, i), way);
    } else if (ic_str_is(kind, "picture")) {
        say("%", text(at("elements.%zu.alt.text", i)), way);
    } else if (ic_str_is(kind, "secret")) {
        say("=", text(at("elements.%zu.value", i)), way);
    } else if (ic_str_is(kind, "number")) {
        say("=", ic_screen_element_value(screen, i), way);
    } else if (ic_str_is(kind, "requirements")) {
        list(i, "rules", "*", "key.text", NULL, way);
    } else if (ic_str_is(kind, "consent")) {
        list(i, "scopes", "+", "label.text", NULL, way);
    } else if (ic_str_is(kind, "facts")) {
        list(i, "rows", ":", "label.text", "value", way);
    } else if (ic_str_is(kind, "waiting")) {
        if (!ic_screen_bool(screen, at("elements.%zu.quiet", i).text)) {
            say("~", said, way);
        }
    } else { /* a text, or whatever it is */
        say(".", said, way);
        if (ic_str_is(kind, "text")) {
            line(2, "=", ic_screen_element_value(screen, i));
            links(2, at("elements.%zu", i).text);
        }
    }
}

static void draw_way(size_t i)
{
    ic_str label = ic_screen_way_label(screen, i), role = ic_screen_way_role(screen, i);
    ic_str does = ic_screen_way_does(screen, i);
    const char *quiet = ic_screen_way_is_quiet(screen, i) ? " quiet" : "";
    printf("> %zu %.*s [%.*s %.*s%s]\n", i, IC_STR_ARG(label), IC_STR_ARG(role), IC_STR_ARG(does), quiet);
}

static void draw(void)
{
    line(0, "#", ic_screen_title(screen));
    line(0, "@", ic_screen_identifier(screen));
    line(0, "@", text(at("subject.name")));
    line(0, "@", ic_screen_app(screen));
    for (size_t i = 0; i < ic_screen_notice_count(screen); i++) {
        notice(0, at("notices.%zu", i).text);
    }
    for (size_t i = 0; i < ic_screen_element_count(screen); i++) {
        draw_element(i);
    }
    for (size_t i = 0; i < ic_screen_way_count(screen); i++) {
        draw_way(i);
    }
    size_t way = ic_screen_suggested_way(screen);
    printf("$ %.*s", IC_STR_ARG(ic_screen_suggested(screen)));
    if (way != IC_NO_WAY) {
        printf(" %zu", way);
    }
    putchar('\n');
}

/* The bytes of a file, to be freed. */
static char *content(const char *name, size_t *length)
{
    FILE *file = fopen(name, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        perror(name);
        exit(EXIT_FAILURE);
    }
    long end_at = ftell(file);
    *length = end_at > 0 ? (size_t)end_at : 0;
    rewind(file);
    char *bytes = malloc(*length + 1);
    if (bytes == NULL || fread(bytes, 1, *length, file) != *length) {
        perror(name);
        exit(EXIT_FAILURE);
    }
    fclose(file);
    return bytes;
}

int main(int count_of_arguments, char **arguments)
{
    for (int i = 1; i < count_of_arguments; i++) {
        size_t length;
        char *body = content(arguments[i], &length);
        ic_step step = NULL;
        ic_error error = NULL;
        if (ic_step_read(body, length, &step, &error) != IC_OK || ic_step_screen(step, &screen, &error) != IC_OK) {
            fprintf(stderr, "%s: %.*s\n", arguments[i], IC_STR_ARG(ic_error_message(error)));
            return EXIT_FAILURE;
        }
        puts(arguments[i]);
        draw();
        ic_screen_free(screen);
        ic_step_free(step);
        free(body);
    }
    return ic_live_handles() == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
