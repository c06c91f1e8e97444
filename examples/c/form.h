/* Any form of any step, asked for in the terminal: what sign_in.c and sign_in_callbacks.c share.
 *
 * Nothing here knows a remediation by name. A form is a tree of fields: a field has a value to type, or holds
 * a nested form, or has options, each of which may bring a nested form of its own. Walking that tree answers
 * steps that nobody thought of when the program was written. */
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
    ic_error_free(*error);
    *error = NULL;
    return false;
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
    size_t length = strcspn(line, "\r\n");
    if (length == LONGEST_LINE - 1) {
        fprintf(stderr, "error: the line is too long\n");
        return false;
    }
    line[length] = '\0';
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

/* Everything the server says: wrong passwords, warnings, what was sent where. Each message once. */
static void print_messages(ic_step step)
{
    for (size_t i = 0; i < ic_step_message_count(step); i++) {
        ic_str text = ic_message_text(step, ic_step_message(step, i));
        printf("! %.*s\n", IC_STR_ARG(text));
    }
}

/* The number that the person must pick in their app belongs on the screen while waiting. */
static void print_waiting(ic_str number)
{
    if (number.data != NULL) {
        printf("waiting … choose %.*s in your app\n", IC_STR_ARG(number));
    } else {
        printf("waiting … \n");
    }
    fflush(stdout);
}

/* The first form of the step, which is the one that the server suggests; IC_NO_NODE where there is none. */
static ic_node first_form(ic_step step)
{
    for (size_t i = 0; i < ic_step_remediation_count(step); i++) {
        ic_node remediation = ic_step_remediation(step, i);
        if (ic_remediation_is_form(step, remediation)) {
            return remediation;
        }
    }
    return IC_NO_NODE;
}

/* Lets the person choose one option. */
static bool choose(ic_step step, ic_node field, ic_answer answer, ic_node *option)
{
    char line[LONGEST_LINE];
    size_t count = ic_field_option_count(step, field);
    for (size_t i = 0; i < count; i++) {
        ic_str label = ic_option_label(step, ic_field_option(step, field, i));
        printf("  %zu) %.*s\n", i + 1, IC_STR_ARG(label));
    }
    if (!ask(ic_field_path(step, field), line)) {
        return false;
    }
    unsigned long number = strtoul(line, NULL, 10);
    if (number < 1 || number > count) {
        fprintf(stderr, "error: no such option\n");
        return false;
    }
    ic_error error = NULL;
    *option = ic_field_option(step, field, number - 1);
    return ok(ic_answer_choose(answer, *option, &error), &error);
}

/* Asks for one value. An empty line leaves the field out. */
static bool type_in(ic_step step, ic_node field, ic_answer answer)
{
    char line[LONGEST_LINE];
    ic_error error = NULL;
    ic_str label = ic_field_label(step, field);
    bool done = ask(label.data != NULL ? label : ic_field_path(step, field), line);
    if (done && line[0] != '\0') {
        ic_status status = ic_str_is(ic_field_type(step, field), "boolean")
                               ? ic_answer_set_bool_at(answer, field, strcmp(line, "yes") == 0, &error)
                               : ic_answer_set_string_at(answer, field, line, &error);
        done = ok(status, &error);
    }
    wipe(line);
    return done;
}

/* Asks for a field, with all that is in it. */
static bool fill_field(ic_step step, ic_node field, ic_answer answer)
{
    bool is_preset = !ic_field_is_mutable(step, field) && ic_field_value_json(step, field).data != NULL;
    if (!ic_field_is_visible(step, field) || is_preset) {
        return true; /* it goes back as it came, by itself */
    }
    if (ic_field_option_count(step, field) > 0) {
        ic_node option = IC_NO_NODE;
        bool done = choose(step, field, answer, &option);
        for (size_t i = 0; done && i < ic_option_field_count(step, option); i++) {
            done = fill_field(step, ic_option_field(step, option, i), answer);
        }
        return done;
    }
    if (ic_field_field_count(step, field) == 0) {
        return type_in(step, field, answer);
    }
    bool done = true;
    for (size_t i = 0; done && i < ic_field_field_count(step, field); i++) {
        done = fill_field(step, ic_field_field(step, field, i), answer);
    }
    return done;
}

/* Asks for every field of a form. The answer is the caller's to free; NULL when something went wrong. */
static ic_answer fill(ic_step step, ic_node form)
{
    ic_answer answer = NULL;
    ic_error error = NULL;
    ic_str name = ic_remediation_name(step, form);
    printf("— %.*s\n", IC_STR_ARG(name));
    bool done = ok(ic_answer_new(step, form, &answer, &error), &error);
    for (size_t i = 0; done && i < ic_remediation_field_count(step, form); i++) {
        done = fill_field(step, ic_remediation_field(step, form, i), answer);
    }
    if (!done) {
        ic_answer_free(answer);
        return NULL;
    }
    return answer;
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
