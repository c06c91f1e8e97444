/* A sign-in in the terminal, whatever the policy asks: quick_start ISSUER CLIENT_ID REDIRECT_URI */
#include <interaction_code.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void say(const char *before, ic_str text) { printf("%s%.*s\n", before, IC_STR_ARG(text)); }

static char *ask(ic_str question)
{
    static char line[4096];
    printf("  %.*s: ", IC_STR_ARG(question)), fflush(stdout);
    if (fgets(line, sizeof line, stdin) == NULL) exit(1);
    return line[strcspn(line, "\r\n")] = '\0', line;
}

/* Draws a screen, and gives the way to take: the suggested one, else the one that the person picks by number. */
static size_t draw(ic_screen screen)
{
    say("\n", ic_screen_title(screen));
    for (size_t i = 0; i < ic_screen_notice_count(screen); i++) say("! ", ic_screen_notice(screen, i));
    for (size_t i = 0; i < ic_screen_element_count(screen); i++)
        if (ic_screen_element_control(screen, i) == IC_NO_NODE) /* the others are asked for by fill */
            say("", ic_screen_element_text(screen, i)), say("  ", ic_screen_element_value(screen, i));
    if (ic_screen_ending(screen) != 0 || ic_screen_suggested_way(screen) != IC_NO_WAY)
        return ic_screen_suggested_way(screen);
    for (size_t i = 0; i < ic_screen_way_count(screen); i++) say("  - ", ic_screen_way_label(screen, i));
    return strtoul(ask(ic_screen_title(screen)), NULL, 10) - 1;
}

/* Asks for everything that a way needs: what is chosen by number, and what is typed. */
static ic_status fill(ic_screen screen, ic_draft draft, size_t way, ic_error *error)
{
    ic_status status = IC_OK;
    for (ic_node it; status == IC_OK && (it = ic_draft_next(draft, way)) != IC_NO_NODE;) {
        size_t options = ic_screen_control_option_count(screen, it);
        for (size_t i = 0; i < options; i++) say("  - ", ic_screen_control_option_label(screen, it, i));
        char *typed = ask(ic_screen_control_label(screen, it));
        status = options > 0 ? ic_draft_choose(draft, it, strtoul(typed, NULL, 10) - 1, error)
                             : ic_draft_set_text(draft, it, typed, error);
        if (status == IC_OK && ic_screen_control_wants_confirm(screen, it))
            status = ic_draft_confirm(draft, it, ask(ic_screen_control_label(screen, it)), error);
    }
    return status;
}

int main(int argc, char **argv)
{
    ic_config config = NULL;
    ic_client client = NULL;
    ic_flow flow = NULL;
    ic_screen screen = NULL;
    ic_tokens tokens = NULL;
    ic_error error = NULL;
    if (argc != 4) return fprintf(stderr, "usage: quick_start ISSUER CLIENT_ID REDIRECT_URI\n"), 2;
    ic_status status = ic_config_new(argv[1], argv[2], argv[3], &config, &error);
    if (status == IC_OK) status = ic_client_new(config, &client, &error);
    if (status == IC_OK) status = ic_flow_start(client, NULL, NULL, &flow, &error);
    while (status == IC_OK && (status = ic_flow_next(flow, NULL, &screen, &error)) == IC_OK && screen != NULL) {
        ic_draft draft = NULL;
        size_t way = draw(screen);
        status = ic_screen_ending(screen) != 0 ? IC_ERROR_TERMINAL : ic_draft_new(screen, &draft, &error);
        if (status == IC_OK) status = fill(screen, draft, way, &error);
        if (status == IC_OK) status = ic_flow_take(flow, draft, way, NULL, NULL, &error); /* waits, too */
        ic_draft_free(draft);
        ic_screen_free(screen);
    }
    if (status == IC_OK) status = ic_flow_finish(flow, NULL, &tokens, &error); /* verifies the ID token */
    say(status == IC_OK ? "signed in: " : "error: ",
        status == IC_OK ? ic_tokens_subject(tokens) : ic_error_message(error));
    ic_error_free(error); /* every _free takes NULL */
    ic_tokens_free(tokens);
    ic_flow_free(flow);
    ic_client_free(client);
    ic_config_free(config);
    return status == IC_OK && ic_live_handles() == 0 ? 0 : 1;
}
