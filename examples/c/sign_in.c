/* A sign-in in the terminal, in the pull style: the program looks at each step and answers it.
 *
 *     cargo run --package interaction-code-sandbox -- --listen 127.0.0.1:7070      # in another terminal
 *     cc sign_in.c $(pkg-config --cflags --libs interaction_code) -o sign_in
 *     ./sign_in http://127.0.0.1:7070/oauth2/default app-email com.example.app:/callback
 *
 * It asks for whatever the server asks, by wire names: see form.h. */
#include "form.h"

/* Answers the current step, or waits where something happens elsewhere. */
static bool answer_step(ic_flow flow, ic_step step)
{
    ic_error error = NULL;
    ic_node form = first_form(step);
    print_messages(step);
    if (form == IC_NO_NODE) {
        fprintf(stderr, "error: the sign-in ended without tokens\n");
        return false;
    }
    if (ic_remediation_is_pollable(step, form)) {
        print_waiting(ic_step_number_challenge(step));
        return ok(ic_flow_poll(flow, NULL, NULL, &error), &error);
    }
    ic_answer answer = fill(step, form);
    bool done = answer != NULL && ok(ic_flow_proceed(flow, answer, NULL, NULL, &error), &error);
    ic_answer_free(answer);
    return done;
}

/* One step after the other, until the server has given the code. The policy decides how many there are. */
static bool answer_all(ic_flow flow)
{
    ic_error error = NULL;
    bool done = true;
    while (done && !ic_flow_is_complete(flow)) {
        ic_step step = NULL;
        done = ok(ic_flow_step(flow, &step, &error), &error) && answer_step(flow, step);
        ic_step_free(step);
    }
    return done;
}

/* Redeems the code, once, for tokens of which the ID token is verified. */
static bool finish(ic_flow flow)
{
    ic_tokens tokens = NULL;
    ic_error error = NULL;
    bool done = ok(ic_flow_finish(flow, NULL, &tokens, &error), &error);
    if (done) {
        print_signed_in(tokens);
    }
    ic_tokens_free(tokens);
    return done;
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: sign_in ISSUER CLIENT_ID REDIRECT_URI\n");
        return 2;
    }
    ic_config config = NULL;
    ic_client client = NULL;
    ic_flow flow = NULL;
    ic_error error = NULL;
    bool done = ok(ic_config_new(argv[1], argv[2], argv[3], &config, &error), &error) &&
                ok(ic_client_new(config, &client, &error), &error) &&
                ok(ic_flow_start(client, NULL, NULL, &flow, &error), &error) && answer_all(flow) &&
                finish(flow);
    ic_flow_free(flow);
    ic_client_free(client);
    ic_config_free(config);
    return goodbye(done);
}
