/* Signs in with a user name, a password and a mailed code: quick_start ISSUER CLIENT_ID REDIRECT_URI */
#include <interaction_code.h>
#include <stdio.h>
#include <string.h>

/* Asks the person, and puts the line into one field of the answer. */
static ic_status ask(ic_answer answer, const char *field, const char *question, ic_error *error)
{
    char line[512];
    printf("%s: ", question);
    fflush(stdout);
    if (fgets(line, sizeof line, stdin) == NULL) return IC_ERROR_CANCELLED;
    line[strcspn(line, "\r\n")] = '\0';
    return ic_answer_set_string(answer, field, line, error);
}

/* Answers one step. The policy decides which comes next: go by the status, never by an expected order. */
static ic_status answer_step(ic_flow flow, ic_step step, ic_error *error)
{
    for (size_t i = 0; i < ic_step_message_count(step); i++) {
        ic_str text = ic_message_text(step, ic_step_message(step, i));
        printf("! %.*s\n", IC_STR_ARG(text)); /* a wrong password is a message, not an error */
    }
    ic_str now = ic_step_status(step);
    ic_answer answer = NULL;
    ic_status status;
    if (ic_str_is(now, "identification")) {
        status = ic_answer_new_named(step, "identify", &answer, error);
        if (status == IC_OK) status = ask(answer, "identifier", "Username", error);
    } else if (ic_str_is(now, "authenticator_selection")) {
        status = ic_answer_new_named(step, "select-authenticator-authenticate", &answer, error);
        if (status == IC_OK)
            status = ic_answer_select_authenticator(answer, "authenticator", "okta_email", error);
    } else { /* any other step than this one gives IC_ERROR_NOT_FOUND; sign_in.c answers all of them */
        const char *what = ic_step_is_password_challenge(step) ? "Password" : "Code";
        status = ic_answer_new_named(step, "challenge-authenticator", &answer, error);
        if (status == IC_OK) status = ask(answer, "credentials.passcode", what, error);
    }
    if (status == IC_OK) status = ic_flow_proceed(flow, answer, NULL, NULL, error);
    ic_answer_free(answer);
    return status;
}

int main(int argc, char **argv)
{
    ic_config config = NULL;
    ic_client client = NULL;
    ic_flow flow = NULL;
    ic_tokens tokens = NULL;
    ic_error error = NULL;
    if (argc != 4) return fprintf(stderr, "usage: quick_start ISSUER CLIENT_ID REDIRECT_URI\n"), 2;

    ic_status status = ic_config_new(argv[1], argv[2], argv[3], &config, &error);
    if (status == IC_OK) status = ic_client_new(config, &client, &error);
    if (status == IC_OK) status = ic_flow_start(client, NULL, NULL, &flow, &error);
    while (status == IC_OK && !ic_flow_is_complete(flow)) {
        ic_step step = NULL;
        status = ic_flow_step(flow, &step, &error);
        if (status == IC_OK) status = answer_step(flow, step, &error);
        ic_step_free(step);
    }
    if (status == IC_OK) status = ic_flow_finish(flow, NULL, &tokens, &error); /* verifies the ID token */

    ic_str subject = ic_tokens_subject(tokens), why = ic_error_message(error), kind = ic_status_name(status);
    if (status == IC_OK) printf("signed in: %.*s\n", IC_STR_ARG(subject));
    else fprintf(stderr, "%.*s: %.*s\n", IC_STR_ARG(kind), IC_STR_ARG(why));

    ic_error_free(error); /* every _free takes NULL */
    ic_tokens_free(tokens);
    ic_flow_free(flow);
    ic_client_free(client);
    ic_config_free(config);
    return status == IC_OK && ic_live_handles() == 0 ? 0 : 1;
}
