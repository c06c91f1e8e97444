/* Any screen of any policy, in the terminal: what sign_in.c and sign_in_callbacks.c share.
 *
 * Nothing here knows the protocol. The library says what is on a screen, what each control wants and what can
 * be done; this draws it, asks, and gives back what was typed. Steps that nobody thought of when the program
 * was written are drawn, too. */
#ifndef EXAMPLE_FORM_H
#define EXAMPLE_FORM_H

#include <interaction_code.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_LINE = 4096 };

/* Whether the call went well; if not, says why and frees the error. */
static bool ok(ic_status status, ic_error *error)
{
    if (status == IC_OK) {
        return true;
    }
    ic_str why = *error != NULL ? ic_error_message(*error) : ic_status_name(status);
    fprintf(stderr, "error: %.*s\n", IC_STR_ARG(why));
    for (size_t i = 0; i < ic_error_problem_count(*error); i++) {
        ic_str path = ic_error_problem_path(*error, i), what = ic_error_problem_what(*error, i);
        fprintf(stderr, "  %.*s: %.*s\n", IC_STR_ARG(path), IC_STR_ARG(what));
    }
    ic_error_free(*error);
    *error = NULL;
    return false;
}

static void say(const char *before, ic_str text)
{
    if (text.data != NULL) {
        printf("%s%.*s\n", before, IC_STR_ARG(text));
    }
}

/* Asks one question and reads one line, without its end. */
static bool ask(ic_str what, char line[LONGEST_LINE])
{
    printf("  %.*s: ", IC_STR_ARG(what));
    fflush(stdout);
    if (fgets(line, LONGEST_LINE, stdin) == NULL) {
        fprintf(stderr, "error: the input ended before the sign-in did\n");
        return false;
    }
    line[strcspn(line, "\r\n")] = '\0';
    return true;
}

/* What was typed may be a password. Compilers leave out a memset of memory that is not read again. */
static void wipe(char line[LONGEST_LINE])
{
    volatile char *byte = line;
    for (size_t i = 0; i < LONGEST_LINE; i++) {
        byte[i] = '\0';
    }
}

/* Everything but the controls, which `fill` asks for one by one. */
static void draw(ic_screen screen)
{
    say("\n", ic_screen_title(screen));
    say("  ", ic_screen_identifier(screen));
    for (size_t i = 0; i < ic_screen_notice_count(screen); i++) {
        say("! ", ic_screen_notice(screen, i));
    }
    for (size_t i = 0; i < ic_screen_element_count(screen); i++) {
        if (ic_screen_element_is_front(screen, i) && ic_screen_element_control(screen, i) == IC_NO_NODE) {
            say("", ic_screen_element_text(screen, i));
            say("    ", ic_screen_element_value(screen, i)); /* the number to choose in an app, say */
        }
    }
    fflush(stdout);
}

/* The way to take: the default where nothing is asked, else the one that the person picks, by its number. An
 * empty line is the default. IC_NO_WAY when the input ended. */
static size_t pick(ic_screen screen)
{
    static const ic_str question = {"how to go on", 12};
    size_t unasked = ic_screen_unasked_way(screen), first = ic_screen_suggested_way(screen);
    if (unasked != IC_NO_WAY) {
        return unasked;
    }
    size_t drawn = 0;
    for (size_t i = 0; i < ic_screen_way_count(screen); i++) {
        if (!ic_screen_way_is_quiet(screen, i)) {
            ic_str label = ic_screen_way_label(screen, i);
            printf("  %zu) %.*s\n", i + 1, IC_STR_ARG(label));
            first = first == IC_NO_WAY ? i : first;
            drawn++;
        }
    }
    char line[LONGEST_LINE];
    if (drawn < 2) {
        return first;
    }
    if (!ask(question, line)) {
        return IC_NO_WAY;
    }
    return line[0] == '\0' ? first : strtoul(line, NULL, 10) - 1;
}

/* Asks for one control: what can be chosen by its number, what is typed as it is. */
static bool fill_control(ic_screen screen, ic_draft draft, ic_node control)
{
    char line[LONGEST_LINE];
    ic_error error = NULL;
    size_t options = ic_screen_control_option_count(screen, control);
    for (size_t i = 0; i < options; i++) {
        ic_str label = ic_screen_control_option_label(screen, control, i);
        ic_str detail = ic_screen_control_option_detail(screen, control, i);
        printf("  %zu) %.*s %.*s\n", i + 1, IC_STR_ARG(label), IC_STR_ARG(detail));
    }
    ic_str label = ic_screen_control_label(screen, control);
    bool done = ask(label, line);
    if (done && options > 0) {
        size_t option = strtoul(line, NULL, 10);
        done = line[0] == '\0' || ok(ic_draft_choose(draft, control, option - 1, &error), &error);
    } else if (done && ic_str_is(ic_screen_control_ask(screen, control), "toggle")) {
        done = ok(ic_draft_set_bool(draft, control, line[0] == 'y', &error), &error);
    } else if (done) {
        done = ok(ic_draft_set_text(draft, control, line, &error), &error);
    }
    if (done && ic_screen_control_wants_confirm(screen, control)) {
        done = ask(ic_screen_control_confirm_label(screen, control), line) && ok(ic_draft_confirm(draft, control, line, &error), &error);
    }
    wipe(line);
    return done;
}

/* Asks for everything that a way needs. The draft is the caller's to free; NULL when something went wrong. */
static ic_draft fill(ic_screen screen, size_t way)
{
    ic_draft draft = NULL;
    ic_error error = NULL;
    bool done = ok(ic_draft_new(screen, &draft, &error), &error);
    ic_node control = done ? ic_draft_next(draft, way) : IC_NO_NODE;
    while (done && control != IC_NO_NODE) {
        done = fill_control(screen, draft, control);
        control = ic_draft_next(draft, way);
    }
    if (!done) {
        ic_draft_free(draft);
        return NULL;
    }
    return draft;
}

/* Who it is, from the verified ID token. */
static void print_signed_in(ic_tokens tokens)
{
    ic_str subject = ic_tokens_subject(tokens);
    printf("signed in: %.*s\n", IC_STR_ARG(subject));
}

/* The exit code of an example: 0 signed in, 1 not, 3 when it kept an object of the library. */
static int goodbye(bool signed_in)
{
    if (ic_live_handles() != 0) {
        fprintf(stderr, "error: %zu handles were not freed\n", ic_live_handles());
        return 3;
    }
    return signed_in ? 0 : 1;
}

#endif
