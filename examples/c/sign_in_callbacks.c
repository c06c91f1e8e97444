/* A sign-in in the terminal, in the push style: the library asks the program at each step, and does the rest:
 * it loops, waits for pushes and mail links, redeems the code, verifies the ID token.
 *
 *     cc sign_in_callbacks.c $(pkg-config --cflags --libs interaction_code) -o sign_in_callbacks
 *     ./sign_in_callbacks http://127.0.0.1:7070/oauth2/default app-push com.example.app:/callback
 *
 * The same questions and the same output as sign_in.c; the screens are drawn by form.h. */
#include "form.h"

/* What the callbacks share. They run on the thread that called ic_flow_run, one at a time: no lock. */
typedef struct person {
    bool waits;      /* the wait that goes on was announced */
    char number[64]; /* with this number */
} person;

/* Does with a screen what the person says. */
static ic_status take(ic_screen screen, ic_action action)
{
    ic_error error = NULL;
    ic_answer answer = NULL;
    size_t way = pick(screen);
    if (ic_str_is(ic_screen_way_does(screen, way), "wait")) {
        return ic_action_poll(action);
    }
    ic_draft draft = way != IC_NO_WAY ? fill(screen, way) : NULL;
    if (draft == NULL) {
        ic_action_fail(action, "nothing was typed");
        return IC_ERROR_CALLBACK;
    }
    bool whole = ok(ic_draft_answer(draft, way, &answer, &error), &error);
    ic_status status = whole ? ic_action_proceed(action, answer) : ic_action_refresh(action); /* asks again */
    ic_answer_free(answer);
    ic_draft_free(draft);
    return status;
}

/* Called with each step that wants something of the person. The step and the action are lent for the call. */
static ic_status remediate(void *user_data, ic_step step, ic_action action)
{
    person *who = user_data;
    ic_screen screen = NULL;
    who->waits = false;
    ic_status status = ic_step_screen(step, &screen, NULL);
    if (status == IC_OK) {
        draw(screen);
        status = take(screen, action);
    }
    ic_screen_free(screen);
    return status;
}

/* Called before each poll. The screen is drawn at the beginning of a wait, and again when its number changes. */
static int64_t waiting(void *user_data, ic_waiting now)
{
    person *who = user_data;
    ic_str number = ic_waiting_number(now);
    bool same = number.data != NULL ? ic_str_is(number, who->number) : who->number[0] == '\0';
    if (!who->waits || !same) {
        ic_step step = NULL;
        ic_screen screen = NULL;
        if (ic_waiting_step(now, &step, NULL) == IC_OK && ic_step_screen(step, &screen, NULL) == IC_OK) {
            draw(screen);
        }
        ic_screen_free(screen);
        ic_step_free(step);
        who->waits = true;
        snprintf(who->number, sizeof who->number, "%.*s", IC_STR_ARG(number));
    }
    return IC_WAIT_CONTINUE;
}

static bool sign_in(ic_flow flow)
{
    person who = {.waits = false, .number = ""};
    ic_handler handler = IC_HANDLER_INIT;
    handler.user_data = &who;
    handler.remediate = remediate;
    handler.waiting = waiting;

    ic_tokens tokens = NULL;
    ic_error error = NULL;
    ic_call call = IC_CALL_INIT;
    call.timeout_ms = 15 * 60 * 1000; /* people look for their phones */
    ic_status status = ic_flow_run(flow, &handler, &call, &tokens, &error);
    ic_screen end = NULL;
    if (status == IC_ERROR_TERMINAL && ic_flow_screen(flow, &end, NULL) == IC_OK) {
        draw(end); /* a step that cannot be answered does not come to remediate */
        ic_screen_free(end);
    }
    bool done = ok(status, &error);
    if (done) {
        print_signed_in(tokens);
    }
    ic_tokens_free(tokens);
    return done;
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: sign_in_callbacks ISSUER CLIENT_ID REDIRECT_URI\n");
        return 2;
    }
    ic_config config = NULL;
    ic_client client = NULL;
    ic_flow flow = NULL;
    ic_error error = NULL;
    bool done = ok(ic_config_new(argv[1], argv[2], argv[3], &config, &error), &error) &&
                ok(ic_client_new(config, &client, &error), &error) &&
                ok(ic_flow_start(client, NULL, NULL, &flow, &error), &error) && sign_in(flow);
    ic_flow_free(flow);
    ic_client_free(client);
    ic_config_free(config);
    return goodbye(done);
}
