/* Answers each step of a sign-in without a person, from credentials that were given before it began. A step
 * that would take more than those ends the run with the outcome that says so; nothing is guessed, and nothing
 * is sent twice. */
#ifndef EXAMPLE_UNATTENDED_H
#define EXAMPLE_UNATTENDED_H

#include "credentials.h"
#include <interaction_code.h>
#include <string.h>
#include <time.h>

enum {
    MOST_STEPS = 40,
    GO_ON = -1 /* no outcome yet */
};

/* One run. */
typedef struct login {
    const char *config_file, *state, *factor, *ca_file;
    int credentials_fd;
    long timeout_s;
    bool verbose;

    credentials given;
    file_storage storage;
    ic_client client;
    ic_flow flow;
    ic_cancel cancel;
    ic_error error; /* why it failed, when the library said so */
    struct timespec began;

    bool identified, chose_factor, sent_password, sent_code, polled, password_expires_soon;
    const char *password; /* what this run learnt about the password */
    char number[64];      /* of a number challenge, as it was shown last */
} login;

/* Every call gets what is left of the time. */
static ic_call call_of(const login *run)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    int64_t spent_ms =
        (int64_t)(now.tv_sec - run->began.tv_sec) * 1000 + (now.tv_nsec - run->began.tv_nsec) / 1000000;
    int64_t left_ms = (int64_t)run->timeout_s * 1000 - spent_ms;
    ic_call call = IC_CALL_INIT;
    call.cancel = run->cancel;
    call.timeout_ms = left_ms > 0 ? (uint64_t)left_ms : 1;
    return call;
}

/* GO_ON, or the outcome of an error. */
static int after(login *run, ic_status status)
{
    return status == IC_OK ? GO_ON : ic_error_outcome(run->error, run->flow == NULL);
}

/* What the reply to a password says about it. A refusal by policy says nothing: it may be decided before or
 * after. */
static const char *judge_password(const login *run, ic_status status, ic_step reply)
{
    if (status != IC_OK) return ic_error_maybe_sent(run->error) ? "unknown" : "not_evaluated";
    if (ic_flow_is_complete(run->flow)) return "verified";
    if (ic_step_has_message(reply, "incorrectPassword") || ic_step_has_message(reply, "errors.E0000004"))
        return "wrong";
    return ic_step_has_error(reply) || ic_step_is_terminal(reply) ? "unknown" : "verified";
}

/* Sends the answer, and frees it. */
static int proceed(login *run, ic_status prepared, ic_answer answer, bool with_password)
{
    ic_step reply = NULL;
    ic_status status = prepared;
    if (status == IC_OK) {
        ic_call call = call_of(run);
        status = ic_flow_proceed(run->flow, answer, &call, &reply, &run->error);
        if (with_password) {
            run->sent_password = true;
            run->password = judge_password(run, status, reply);
        }
    }
    bool wrong = with_password && strcmp(run->password, "wrong") == 0;
    ic_step_free(reply);
    ic_answer_free(answer);
    return wrong ? IC_OUTCOME_PASSWORD_WRONG : after(run, status);
}

static int identify(login *run, ic_step step)
{
    ic_answer answer = NULL;
    if (run->identified) return IC_OUTCOME_TERMINAL; /* it was refused; the messages say why */
    if (run->given.username == NULL) return IC_OUTCOME_INPUT_ENDED;
    ic_node form = ic_step_remediation_named(step, "identify");
    bool takes_password = ic_remediation_field_named(step, form, "credentials.passcode") != IC_NO_NODE;
    if (takes_password && (run->given.password == NULL || run->sent_password)) return IC_OUTCOME_INPUT_ENDED;
    ic_status status = ic_answer_new(step, form, &answer, &run->error);
    if (status == IC_OK)
        status = ic_answer_set_string(answer, "identifier", run->given.username, &run->error);
    if (status == IC_OK && takes_password) {
        status = ic_answer_set_string(answer, "credentials.passcode", run->given.password, &run->error);
    }
    run->identified = true;
    /* Whose sign-in it is stays with it, so that the next run does not go on with another person's. */
    write_file(run->storage.directory, "user", run->given.username, strlen(run->given.username));
    return proceed(run, status, answer, takes_password);
}

/* Whether the person may choose this authenticator here. */
static bool is_offered(ic_step step, ic_node form, const char *key)
{
    for (size_t i = 0; i < ic_remediation_authenticator_count(step, form); i++) {
        if (ic_str_is(ic_authenticator_known_key(step, ic_remediation_authenticator(step, form, i)), key)) {
            return true;
        }
    }
    return false;
}

static int select_authenticator(login *run, ic_step step)
{
    ic_answer answer = NULL;
    char key[64] = "okta_password";
    const char *method = NULL;
    ic_node form = ic_step_remediation_named(step, "select-authenticator-authenticate");
    if (run->sent_password || !is_offered(step, form, key)) {
        if (run->factor == NULL || run->chose_factor) return IC_OUTCOME_MFA_REQUIRED;
        snprintf(key, sizeof key, "%.*s", (int)strcspn(run->factor, ":"), run->factor);
        method = strchr(run->factor, ':');
        run->chose_factor = true;
        if (!is_offered(step, form, key)) return IC_OUTCOME_MFA_REQUIRED;
    }
    ic_status status = ic_answer_new(step, form, &answer, &run->error);
    if (status == IC_OK) status = ic_answer_select_authenticator(answer, "authenticator", key, &run->error);
    if (status == IC_OK && method != NULL) {
        status = ic_answer_set_string(answer, "authenticator.methodType", method + 1, &run->error);
    }
    return proceed(run, status, answer, false);
}

static int verify(login *run, ic_step step)
{
    ic_answer answer = NULL;
    bool is_password = ic_step_is_password_challenge(step);
    const char *secret = is_password ? run->given.password : run->given.code;
    if (is_password && run->sent_password) return IC_OUTCOME_PASSWORD_WRONG;
    if (secret == NULL || (!is_password && run->sent_code)) {
        return is_password ? IC_OUTCOME_INPUT_ENDED : IC_OUTCOME_MFA_REQUIRED;
    }
    run->sent_code = run->sent_code || !is_password;
    ic_status status = ic_answer_new_named(step, "challenge-authenticator", &answer, &run->error);
    if (status == IC_OK) status = ic_answer_set_string(answer, "credentials.passcode", secret, &run->error);
    return proceed(run, status, answer, is_password);
}

/* The number must reach the person, or nobody can approve the push. */
static int64_t show_number(void *user_data, ic_waiting waiting)
{
    login *run = user_data;
    ic_str number = ic_waiting_number(waiting);
    if (number.data != NULL && !ic_str_is(number, run->number)) {
        snprintf(run->number, sizeof run->number, "%.*s", IC_STR_ARG(number));
        fprintf(stderr, "choose %s in your app\n", run->number);
    }
    return IC_WAIT_CONTINUE;
}

static int wait_elsewhere(login *run)
{
    ic_handler handler = IC_HANDLER_INIT;
    handler.user_data = run;
    handler.waiting = show_number;
    ic_call call = call_of(run);
    run->polled = true;
    return after(run, ic_flow_poll_while(run->flow, &handler, &call, NULL, &run->error));
}

/* Leaves out what may be left out; otherwise it is `outcome`. */
static int skip_or(login *run, ic_step step, int outcome)
{
    if (!ic_step_offers(step, "skip")) return outcome;
    ic_call call = call_of(run);
    return after(run, ic_flow_skip(run->flow, &call, NULL, &run->error));
}

static int stay_signed_out(login *run, ic_step step)
{
    ic_answer answer = NULL;
    ic_status status = ic_answer_new_named(step, "keep-me-signed-in", &answer, &run->error);
    if (status == IC_OK) status = ic_answer_set_bool(answer, "keepMeSignedIn", false, &run->error);
    return proceed(run, status, answer, false);
}

/* Does what the step wants, or says how the sign-in ended there. */
static int answer_step(login *run, ic_step step)
{
    ic_str now = ic_step_status(step);
    int ended = ic_step_outcome(step, run->polled);
    bool elsewhere = ic_step_offers(step, "reenroll-custom-password-expiry") ||
                     ic_step_offers(step, "reenroll-custom-password-expiry-warning");
    int expired = elsewhere ? IC_OUTCOME_PASSWORD_MANAGED_ELSEWHERE : IC_OUTCOME_PASSWORD_EXPIRED;
    if (ended != GO_ON) return ended;
    if (ic_str_is(now, "identification")) return identify(run, step);
    if (ic_str_is(now, "authenticator_selection")) return select_authenticator(run, step);
    if (ic_str_is(now, "authenticator_verification")) return verify(run, step);
    if (ic_str_is(now, "challenge_poll")) return wait_elsewhere(run);
    if (ic_str_is(now, "keep_me_signed_in")) return stay_signed_out(run, step);
    if (ic_str_is(now, "password_expired")) return expired;
    if (ic_str_is(now, "password_expiring")) {
        run->password_expires_soon = true;
        return skip_or(run, step, expired);
    }
    if (ic_str_is(now, "authenticator_enrollment_selection") || ic_str_is(now, "authenticator_enrollment") ||
        ic_str_is(now, "authenticator_enrollment_data") || ic_str_is(now, "enrollment_channel_data") ||
        ic_str_is(now, "enroll_poll")) {
        return skip_or(run, step, IC_OUTCOME_MFA_ENROLL_REQUIRED);
    }
    if (ic_str_is(now, "authenticator_verification_data") || ic_str_is(now, "device_challenge_poll") ||
        ic_str_is(now, "redirect")) {
        return IC_OUTCOME_MFA_REQUIRED; /* it takes a browser or an app that is not here */
    }
    return IC_OUTCOME_TERMINAL;
}

/* Goes through the steps; the code at their end is redeemed by the caller. */
static int answer_all(login *run)
{
    int outcome = GO_ON;
    for (int i = 0; outcome == GO_ON && i < MOST_STEPS; i++) {
        ic_step step = NULL;
        if (ic_flow_is_complete(run->flow)) return IC_OUTCOME_SUCCESS;
        outcome = after(run, ic_flow_step(run->flow, &step, &run->error));
        if (outcome == GO_ON) outcome = answer_step(run, step);
        ic_step_free(step);
    }
    return outcome == GO_ON ? IC_OUTCOME_PROTOCOL_VIOLATION : outcome;
}

#endif
