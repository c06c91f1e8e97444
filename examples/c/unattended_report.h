/* The result of a run as one line of JSON. No secret is in it: no token, no code, no password. */
#ifndef EXAMPLE_UNATTENDED_REPORT_H
#define EXAMPLE_UNATTENDED_REPORT_H

#include "json_line.h"
#include "unattended.h"

/* Writes the line. Messages are those of the step that the sign-in has come to. */
static void report(login *run, int outcome, ic_tokens tokens)
{
    json_line line = {stdout, false};
    ic_step step = NULL;
    uint64_t wait_ms = 0;
    int64_t expires_at = 0;
    bool waits = ic_error_retry_after_ms(run->error, &wait_ms),
         expires = ic_tokens_expires_at(tokens, &expires_at);
    json_begin(&line, '{');
    json_number_member(&line, "schema", true, 1);
    json_str_member(&line, "outcome", ic_outcome_name(outcome));
    json_number_member(&line, "exit_code", true, outcome);
    json_text_member(&line, "password", run->password);
    json_name(&line, "password_expires_soon");
    fputs(run->password_expires_soon ? "true" : "false", line.out);
    line.more = true;
    json_str_member(&line, "subject", ic_tokens_subject(tokens));
    json_str_member(&line, "username", ic_tokens_claim(tokens, "preferred_username"));
    json_number_member(&line, "expires_at", expires, expires_at);
    json_str_member(&line, "error", ic_error_kind(run->error));
    json_str_member(&line, "text", ic_error_message(run->error));
    json_number_member(&line, "retry_after_ms", waits, (int64_t)wait_ms);
    bool at_step = run->flow != NULL && ic_flow_step(run->flow, &step, NULL) == IC_OK;
    ic_str request_id = ic_error_request_id(run->error);
    if (at_step && request_id.data == NULL) request_id = ic_step_request_id(step);
    json_str_member(&line, "request_id", request_id);
    json_str_member(&line, "step", ic_step_status(step));
    json_name(&line, "messages");
    json_begin(&line, '[');
    for (size_t i = 0; i < ic_step_message_count(step); i++) {
        ic_node message = ic_step_message(step, i);
        json_begin(&line, '{');
        json_str_member(&line, "key", ic_message_key(step, message));
        json_str_member(&line, "text", ic_message_text(step, message));
        json_end(&line, '}');
    }
    json_end(&line, ']');
    json_name(&line, "factors");
    json_begin(&line, '[');
    ic_node form = ic_step_remediation_named(step, "select-authenticator-authenticate");
    for (size_t i = 0; i < ic_remediation_authenticator_count(step, form); i++) {
        json_str(&line, ic_authenticator_known_key(step, ic_remediation_authenticator(step, form, i)));
    }
    json_end(&line, ']');
    json_number_member(&line, "requests", run->flow != NULL, (int64_t)ic_flow_requests(run->flow));
    json_end(&line, '}');
    puts("");
    ic_step_free(step);
}

#endif
