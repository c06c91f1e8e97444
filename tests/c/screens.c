/* Sign-ins by the screen alone: nothing here names a step, a form or a field. What a control asks for is answered from a list, the
 * way is the suggested one; and it goes through whatever the policy asks. */

#include "fake.h"
#include "sandbox.h"

#include <stdlib.h>
#include <string.h>

/* Who sits before the screen. */
struct person {
    const char *username;
    const char *mistyped;   /* the password at first; NULL: right at once */
    const char *phone;
    const char *wants;      /* the authenticator that is chosen where there is a choice, by the name of its option */
    int screens, notices, choices, nested; /* what was seen: `nested`, a choice that came with an option of another one */
};

/* The option whose name begins like this; the only one where there is one. */
static size_t option_named(ic_screen screen, ic_node control, const char *begins)
{
    size_t count = ic_screen_control_option_count(screen, control);
    for (size_t i = 0; i < count; i++) {
        ic_str name = ic_screen_control_option_name(screen, control, i);
        CHECK(ic_screen_control_option_label(screen, control, i).len > 0);
        if (begins != NULL && name.len >= strlen(begins) && memcmp(name.data, begins, strlen(begins)) == 0) {
            return i;
        }
    }
    return 0;
}

/* Fills in one control by what it asks for; what nobody has an answer for is left empty. */
static void give(struct person *person, ic_screen screen, ic_draft draft, ic_node control)
{
    char code[32];
    const char *text = NULL;
    ic_error error = NULL;
    ic_str ask = ic_screen_control_ask(screen, control);
    CHECK(ic_screen_control_label(screen, control).len > 0 && ic_screen_control_path(screen, control).len > 0);
    if (ic_screen_control_option_count(screen, control) > 0) {
        size_t option = option_named(screen, control, person->wants);
        person->choices++;
        CHECK_OK(ic_draft_choose(draft, control, option, &error));
        return;
    }
    if (ic_str_is(ask, "username")) {
        text = person->username;
    } else if (ic_str_is(ask, "password")) {
        CHECK(ic_screen_control_is_secret(screen, control));
        text = person->mistyped != NULL ? person->mistyped : PASSWORD;
        person->mistyped = NULL;
    } else if (ic_str_is(ask, "phone")) {
        text = person->phone;
    } else if (ic_str_is(ask, "code") && sandbox_code(code, sizeof code)) {
        text = code;
    }
    if (text != NULL) {
        CHECK_OK(ic_draft_set_text(draft, control, text, &error));
    } else {
        check_that(!ic_screen_control_is_required(screen, control), CHECK_PLACE, "nobody knows `%.*s`", IC_STR_ARG(ask));
    }
}

/* Looks at everything that is drawn. */
static void draw(struct person *person, ic_screen screen)
{
    person->screens++;
    person->notices += (int)ic_screen_notice_count(screen);
    CHECK(ic_screen_title(screen).len > 0 && ic_screen_name(screen).len > 0 && ic_screen_json(screen).len > 2);
    for (size_t i = 0; i < ic_screen_notice_count(screen); i++) {
        CHECK(ic_screen_notice(screen, i).len > 0 && ic_screen_notice_severity(screen, i).len > 0);
    }
    for (size_t i = 0; i < ic_screen_element_count(screen); i++) {
        CHECK(ic_screen_element_kind(screen, i).len > 0);
        CHECK(ic_screen_element_text(screen, i).len > 0 || ic_screen_element_control(screen, i) != IC_NO_NODE);
    }
    for (size_t i = 0; i < ic_screen_way_count(screen); i++) {
        CHECK(ic_screen_way_label(screen, i).len > 0 && ic_screen_way_does(screen, i).len > 0);
    }
}

/* Fills in what the suggested way needs, and takes it; the status of that. */
static ic_status answer(struct person *person, ic_flow flow, ic_screen screen)
{
    ic_draft draft = NULL;
    ic_error error = NULL;
    size_t way = ic_screen_suggested_way(screen);
    int asked = 0, choices = person->choices;
    draw(person, screen);
    CHECK(ic_screen_ending(screen) == 0 && way != IC_NO_WAY);
    CHECK_OK(ic_draft_new(screen, &draft, &error));
    for (ic_node control; asked < 20 && (control = ic_draft_next(draft, way)) != IC_NO_NODE; asked++) {
        give(person, screen, draft, control);
    }
    CHECK(asked < 20);
    person->nested += person->choices - choices > 1;
    check_that(ic_draft_problem_count(draft, way) == 0, CHECK_PLACE, "%.*s", IC_STR_ARG(ic_draft_problem(draft, way, 0)));
    ic_status status = ic_flow_take(flow, draft, way, NULL, NULL, &error);
    CHECK_OK(status);
    CHECK_STATUS(ic_draft_free(draft), IC_OK);
    return status;
}

/* One screen after the other; until the code is here, or a screen whose suggestion is `until`, which is the caller's to free. */
static ic_screen go(struct person *person, ic_flow flow, const char *until)
{
    ic_error error = NULL;
    for (int screens = 0; CHECK(screens < 20); screens++) {
        ic_screen screen = NULL;
        if (!CHECK_OK(ic_flow_next(flow, NULL, &screen, &error)) || screen == NULL) {
            return NULL;
        }
        if (until != NULL && ic_str_is(ic_screen_suggested(screen), until)) {
            return screen;
        }
        ic_status status = answer(person, flow, screen);
        CHECK_STATUS(ic_screen_free(screen), IC_OK);
        if (status != IC_OK) {
            return NULL;
        }
    }
    return NULL;
}

/* Redeems, and looks at whose tokens they are. */
static void signed_in(struct person *person, ic_flow flow)
{
    ic_tokens tokens = NULL;
    ic_error error = NULL;
    CHECK(ic_flow_is_complete(flow));
    CHECK_OK(ic_flow_finish(flow, NULL, &tokens, &error));
    CHECK_TEXT(ic_tokens_claim(tokens, "preferred_username"), person->username);
    CHECK(ic_flow_is_finished(flow));
    CHECK_STATUS(ic_tokens_free(tokens), IC_OK);
}

static void by_the_screen_alone(void **state)
{
    struct person ada = {.username = "ada@example.com", .mistyped = "wrong", .wants = "okta_email"};
    (void)state;
    ic_client client = sandbox_client("app-email");
    ic_flow flow = fake_flow(client);
    CHECK(go(&ada, flow, NULL) == NULL);
    signed_in(&ada, flow);
    /* Who it is, the password twice, the choice of the mail, its code; and the mistyped password was said once. */
    CHECK(ada.screens == 5 && ada.notices == 1 && ada.nested == 0);
    CHECK_STATUS(ic_flow_free(flow), IC_OK);
    CHECK_STATUS(ic_client_free(client), IC_OK);
    CHECKED();
}

static void a_phone_is_set_up_with_its_method(void **state)
{
    struct person bob = {.username = "bob@example.com", .phone = "+15550123", .wants = "phone_number"};
    (void)state;
    sandbox_reset();
    ic_client client = sandbox_client("app-any");
    ic_flow flow = fake_flow(client);
    CHECK(go(&bob, flow, NULL) == NULL);
    signed_in(&bob, flow);
    CHECK(bob.choices >= 2 && bob.notices == 0);
    CHECK_STATUS(ic_flow_free(flow), IC_OK);
    CHECK_STATUS(ic_client_free(client), IC_OK);
    sandbox_reset(); /* the others know him without a phone */
    CHECKED();
}

static void a_denied_push_is_not_sent_again(void **state)
{
    struct person ada = {.username = "ada@example.com", .wants = "okta_verify"};
    ic_screen screen = NULL;
    ic_draft draft = NULL;
    ic_error error = NULL;
    (void)state;
    sandbox_reset();
    ic_client client = sandbox_client("app-push");
    ic_flow flow = fake_flow(client);
    screen = go(&ada, flow, "wait");
    draw(&ada, screen);
    bool number = false;
    for (size_t i = 0; i < ic_screen_element_count(screen); i++) {
        number |= ic_str_is(ic_screen_element_kind(screen, i), "number") && ic_screen_element_value(screen, i).len == 2;
    }
    CHECK(number && sandbox_pushes() == 1);
    CHECK(sandbox_deny());
    CHECK_OK(ic_draft_new(screen, &draft, &error));
    CHECK_OK(ic_flow_take(flow, draft, ic_screen_suggested_way(screen), NULL, NULL, &error)); /* waits: it was denied */
    CHECK_STATUS(ic_draft_free(draft), IC_OK);
    CHECK_STATUS(ic_screen_free(screen), IC_OK);

    /* It is said, and to send it again is for the person: nothing can be typed, and the suggestion is to ask. */
    CHECK_OK(ic_flow_next(flow, NULL, &screen, &error));
    int notices = ada.notices;
    draw(&ada, screen);
    CHECK(ada.notices == notices + 1);
    CHECK_TEXT(ic_screen_suggested(screen), "answer");
    CHECK_OK(ic_draft_new(screen, &draft, &error));
    CHECK(ic_draft_next(draft, ic_screen_suggested_way(screen)) == IC_NO_NODE);
    CHECK_STATUS(ic_draft_free(draft), IC_OK);
    CHECK_STATUS(ic_screen_free(screen), IC_OK);
    /* The same screen does not come twice unanswered, and nothing is sent by that. */
    CHECK_CALL(ic_flow_next(flow, NULL, &screen, &error), IC_ERROR_INVALID_STATE);
    CHECK(sandbox_pushes() == 1);
    CHECK_STATUS(ic_flow_free(flow), IC_OK);
    CHECK_STATUS(ic_client_free(client), IC_OK);
    CHECKED();
}

static void an_end_without_tokens_can_be_good(void **state)
{
    struct fake fake = {.body = "{\"version\":\"1.0.0\",\"messages\":{\"type\":\"array\",\"value\":[{\"message\":\"Unlocked\",\"class\":"
                                "\"INFO\",\"i18n\":{\"key\":\"oie.selfservice.unlock_user.success.message\"}}]}}"};
    ic_screen screen = NULL;
    ic_error error = NULL;
    (void)state;
    ic_client client = fake_client(&fake);
    ic_flow flow = fake_flow(client);
    for (int time = 0; time < 2; time++) { /* the last one stays the last one */
        CHECK_OK(ic_flow_next(flow, NULL, &screen, &error));
        CHECK(ic_screen_ending(screen) == IC_ENDING_UNLOCKED && ic_screen_ending_is_good(screen));
        CHECK_TEXT(ic_ending_name(ic_screen_ending(screen)), "unlocked");
        CHECK_TEXT(ic_screen_suggested(screen), "end");
        CHECK_TEXT(ic_screen_ending_retry(screen), "now");
        CHECK(ic_screen_ending_text(screen).len > 0);
        CHECK_STATUS(ic_screen_free(screen), IC_OK);
    }
    CHECK(!ic_flow_is_complete(flow) && ic_flow_ending(flow) == IC_ENDING_UNLOCKED);
    CHECK_STATUS(ic_flow_free(flow), IC_OK);
    CHECK_STATUS(ic_client_free(client), IC_OK);
    CHECKED();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_the_screen_alone),
        cmocka_unit_test(a_phone_is_set_up_with_its_method),
        cmocka_unit_test(a_denied_push_is_not_sent_again),
        cmocka_unit_test(an_end_without_tokens_can_be_good),
    };
    if (!sandbox_begin()) {
        return 2;
    }
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    sandbox_end();
    return failed;
}
