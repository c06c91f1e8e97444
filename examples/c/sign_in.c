/* A sign-in in the terminal, in the pull style: the program draws each screen and takes a way.
 *
 *     cargo run --package interaction-code-sandbox -- --listen 127.0.0.1:7070      # in another terminal
 *     cc sign_in.c $(pkg-config --cflags --libs interaction_code) -o sign_in
 *     ./sign_in http://127.0.0.1:7070/oauth2/default app-email com.example.app:/callback
 *
 * It draws whatever the policy asks: see form.h. */
#include "form.h"

/* The address is the browser's; the program is told where the browser ends. */
static bool browse(ic_flow flow, ic_str url)
{
    static const ic_str question = {"open it, and give the address that it ends at", 45};
    char line[LONGEST_LINE];
    ic_error error = NULL;
    say("", url);
    return ask(question, line) && ok(ic_flow_handle_callback(flow, line, NULL, NULL, &error), &error);
}

/* Takes a way of a screen. What is refused here is asked for again, and so is what the server refuses. */
static bool take(ic_flow flow, ic_screen screen, size_t way)
{
    ic_error error = NULL;
    if (ic_str_is(ic_screen_way_does(screen, way), "open")) {
        return browse(flow, ic_screen_way_url(screen, way));
    }
    ic_draft draft = fill(screen, way);
    if (draft == NULL) {
        return false;
    }
    ic_status status = ic_flow_take(flow, draft, way, NULL, NULL, &error);
    ic_draft_free(draft);
    return ok(status, &error) || status == IC_ERROR_INVALID_ANSWER;
}

/* One screen after the other, until the server has given the code. The policy decides how many there are. */
static bool answer_all(ic_flow flow)
{
    ic_screen screen = NULL;
    ic_error error = NULL;
    bool done = ok(ic_flow_next(flow, NULL, &screen, &error), &error);
    while (done && screen != NULL) {
        draw(screen);
        if (ic_screen_ending(screen) != 0) {
            say("error: ", ic_screen_ending_text(screen));
            done = false;
        } else {
            size_t way = pick(screen);
            done = way != IC_NO_WAY && take(flow, screen, way);
        }
        ic_screen_free(screen);
        done = done && ok(ic_flow_next(flow, NULL, &screen, &error), &error);
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
