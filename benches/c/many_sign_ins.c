/* Signs in again and again and tells what memory that takes, for `cargo xtask bench`.
 *
 *     many_sign_ins ISSUER CLIENT_ID REDIRECT_URI COUNT
 *
 * prints one line: the resident memory in KB after a tenth of the sign-ins, after all of them, and its peak. */

#include <interaction_code.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A figure of /proc/self/status in KB. */
static long memory(const char *name) {
    FILE *file = fopen("/proc/self/status", "r");
    char line[256];
    long kilobytes = -1;
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, name, strlen(name)) == 0) {
            kilobytes = strtol(line + strlen(name) + 1, NULL, 10);
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return kilobytes;
}

static int answer(ic_flow flow, const char *name, const char *path, const char *value, ic_error *error) {
    ic_step step = NULL;
    ic_answer answer = NULL;
    int failed = ic_flow_step(flow, &step, error) || ic_answer_new_named(step, name, &answer, error) ||
                 ic_answer_set_string(answer, path, value, error) || ic_flow_proceed(flow, answer, NULL, NULL, error);
    ic_answer_free(answer);
    ic_step_free(step);
    return failed;
}

static int sign_in(ic_client client, ic_error *error) {
    ic_flow flow = NULL;
    ic_tokens tokens = NULL;
    int failed = ic_flow_start(client, NULL, NULL, &flow, error) ||
                 answer(flow, "identify", "identifier", "ada@example.com", error) ||
                 answer(flow, "challenge-authenticator", "credentials.passcode", "Correct-Horse-9", error) ||
                 ic_flow_finish(flow, NULL, &tokens, error);
    ic_tokens_free(tokens);
    ic_flow_free(flow);
    return failed;
}

int main(int count, char **arguments) {
    if (count != 5) {
        fputs("usage: many_sign_ins ISSUER CLIENT_ID REDIRECT_URI COUNT\n", stderr);
        return 2;
    }
    long wanted = strtol(arguments[4], NULL, 10);
    ic_error error = NULL;
    ic_config config = NULL;
    ic_client client = NULL;
    int failed = ic_config_new(arguments[1], arguments[2], arguments[3], &config, &error) ||
                 ic_config_set_no_proxy(config, &error) || ic_client_new(config, &client, &error);
    ic_config_free(config);
    long early = 0;
    for (long done = 0; !failed && done < wanted; done++) {
        if (done == wanted / 10) {
            early = memory("VmRSS:");
        }
        failed = sign_in(client, &error);
    }
    if (failed) {
        ic_str text = ic_error_message(error);
        fprintf(stderr, "%.*s\n", IC_STR_ARG(text));
    } else {
        printf("%ld %ld %ld\n", early, memory("VmRSS:"), memory("VmHWM:"));
    }
    ic_error_free(error);
    ic_client_free(client);
    return failed || ic_live_handles() != 0;
}
