/* A sign-in in the terminal, whatever the policy asks: quick_start ISSUER CLIENT_ID REDIRECT_URI */
#include <interaction_code.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static ic_error error;
static void say(const char *before, ic_str text) { if (text.len > 0) printf("%s%.*s\n", before, IC_STR_ARG(text)); }
static void offer(size_t i, ic_str text) { printf("  %zu) %.*s\n", i + 1, IC_STR_ARG(text)); }
static void check(ic_status status) { if (status != IC_OK) say("error: ", ic_error_message(error)), exit(1); }

static char *ask(ic_str question)
{
    static char line[4096];
    printf("  %.*s: ", IC_STR_ARG(question)), fflush(stdout);
    if (fgets(line, sizeof line, stdin) == NULL) exit(1);
    return line[strcspn(line, "\r\n")] = '\0', line;
}

/* Draws a screen, asks for what its suggested way needs (for a way, by number, where that is nothing), and takes it. */
static void answer(ic_flow flow, ic_screen screen)
{
    ic_draft draft;
    size_t way = ic_screen_suggested_way(screen);
    say("\n", ic_screen_title(screen));
    for (size_t i = 0; i < ic_screen_notice_count(screen); i++) say("! ", ic_screen_notice(screen, i));
    for (size_t i = 0; i < ic_screen_element_count(screen); i++) /* controls are asked for below */
        if (ic_screen_element_control(screen, i) == IC_NO_NODE) say("", ic_screen_element_text(screen, i));
    if (ic_screen_ending(screen) != 0) exit(!ic_screen_ending_is_good(screen)); /* without tokens */
    check(ic_draft_new(screen, &draft, &error));
    ic_node it = ic_draft_next(draft, way);
    if (it == IC_NO_NODE && ic_str_is(ic_screen_suggested(screen), "answer")) { /* never send again by itself */
        for (size_t i = 0; i < ic_screen_way_count(screen); i++) offer(i, ic_screen_way_label(screen, i));
        way = strtoul(ask(ic_screen_title(screen)), NULL, 10) - 1, it = ic_draft_next(draft, way);
    }
    for (; it != IC_NO_NODE; it = ic_draft_next(draft, way)) {
        ic_str label = ic_screen_control_label(screen, it);
        size_t options = ic_screen_control_option_count(screen, it);
        for (size_t i = 0; i < options; i++) offer(i, ic_screen_control_option_label(screen, it, i));
        check(options > 0 ? ic_draft_choose(draft, it, strtoul(ask(label), NULL, 10) - 1, &error)
                          : ic_draft_set_text(draft, it, ask(label), &error));
        ic_str again = ic_screen_control_confirm_label(screen, it);
        if (again.len > 0) check(ic_draft_confirm(draft, it, ask(again), &error));
    }
    check(ic_flow_take(flow, draft, way, NULL, NULL, &error)); /* sends it, or waits */
    ic_draft_free(draft), ic_screen_free(screen);
}

int main(int argc, char **argv)
{
    ic_config config; ic_client client; ic_flow flow; ic_screen screen; ic_tokens tokens;
    if (argc != 4) return fprintf(stderr, "usage: quick_start ISSUER CLIENT_ID REDIRECT_URI\n"), 2;
    check(ic_config_new(argv[1], argv[2], argv[3], &config, &error));
    check(ic_client_new(config, &client, &error));
    check(ic_flow_start(client, NULL, NULL, &flow, &error));
    while (check(ic_flow_next(flow, NULL, &screen, &error)), screen != NULL) answer(flow, screen);
    check(ic_flow_finish(flow, NULL, &tokens, &error)); /* redeems the code, verifies the ID token */
    say("signed in: ", ic_tokens_subject(tokens));
    ic_tokens_free(tokens), ic_flow_free(flow), ic_client_free(client), ic_config_free(config);
    return ic_live_handles() == 0 ? 0 : 1;
}
