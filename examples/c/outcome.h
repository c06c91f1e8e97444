/* How an unattended sign-in ended: a word and an exit code, decided from statuses, message keys and names of
 * remediations; never from texts, which come in the user's language. The numbers are those of the program
 * `interaction-code`, and are not reused. */
#ifndef EXAMPLE_OUTCOME_H
#define EXAMPLE_OUTCOME_H

#include <interaction_code.h>
#include <string.h>

enum {
    GO_ON = -1, /* no outcome yet */
    SUCCESS = 0,
    PASSWORD_WRONG = 10,
    PASSWORD_EXPIRED = 11,
    PASSWORD_MANAGED_ELSEWHERE = 12,
    LOCKED_OUT = 14,
    MFA_REQUIRED = 20,
    PUSH_REJECTED = 21,
    PUSH_EXPIRED = 22,
    MFA_ENROLL_REQUIRED = 23,
    POLICY_UNSATISFIABLE = 24,
    DEVICE_NOT_COMPLIANT = 25,
    NOT_ASSIGNED = 26,
    ACCESS_DENIED = 27,
    TRANSACTION_EXPIRED = 28,
    TERMINAL = 29,
    RATE_LIMITED = 30,
    CLIENT_MISCONFIGURED = 40,
    OFFLINE = 50,
    TLS_UNTRUSTED = 51,
    PROXY_AUTH = 52,
    CAPTIVE_PORTAL = 53,
    TIMED_OUT = 54,
    CANCELLED = 55,
    USAGE = 64,
    ANSWER_REFUSED = 65,
    INPUT_ENDED = 66,
    PROTOCOL_VIOLATION = 70,
    TOKEN_INVALID = 71
};

static const struct {
    int code;
    const char *word;
} OUTCOME_WORDS[] = {
    {SUCCESS, "success"},
    {PASSWORD_WRONG, "password_wrong"},
    {PASSWORD_EXPIRED, "password_expired"},
    {PASSWORD_MANAGED_ELSEWHERE, "password_managed_elsewhere"},
    {LOCKED_OUT, "locked_out"},
    {MFA_REQUIRED, "mfa_required"},
    {PUSH_REJECTED, "push_rejected"},
    {PUSH_EXPIRED, "push_expired"},
    {MFA_ENROLL_REQUIRED, "mfa_enroll_required"},
    {POLICY_UNSATISFIABLE, "policy_unsatisfiable"},
    {DEVICE_NOT_COMPLIANT, "device_not_compliant"},
    {NOT_ASSIGNED, "not_assigned"},
    {ACCESS_DENIED, "access_denied"},
    {TRANSACTION_EXPIRED, "transaction_expired"},
    {TERMINAL, "terminal"},
    {RATE_LIMITED, "rate_limited"},
    {CLIENT_MISCONFIGURED, "client_misconfigured"},
    {OFFLINE, "offline"},
    {TLS_UNTRUSTED, "tls_untrusted"},
    {PROXY_AUTH, "proxy_auth"},
    {CAPTIVE_PORTAL, "captive_portal"},
    {TIMED_OUT, "timeout"},
    {CANCELLED, "cancelled"},
    {USAGE, "usage"},
    {ANSWER_REFUSED, "answer_refused"},
    {INPUT_ENDED, "input_ended"},
    {PROTOCOL_VIOLATION, "protocol_violation"},
    {TOKEN_INVALID, "token_invalid"},
};

static const char *outcome_word(int code)
{
    const char *word = "terminal";
    for (size_t i = 0; i < sizeof OUTCOME_WORDS / sizeof *OUTCOME_WORDS; i++) {
        if (OUTCOME_WORDS[i].code == code) {
            word = OUTCOME_WORDS[i].word;
        }
    }
    return word;
}

/* The messages that say why a sign-in ends. A key stands for its family: device assurance has dozens. */
static const struct {
    const char *key;
    int code;
    bool polled; /* only after polling: elsewhere the same key means something else */
} OUTCOME_KEYS[] = {
    {"errors.E0000119", LOCKED_OUT, false},
    {"errors.E0000069", LOCKED_OUT, false},
    {"error.auth.lockedOut", LOCKED_OUT, false},
    {"authfactor.challenge.suspended_factor", LOCKED_OUT, false},
    {"api.authn.poll.error.push_rejected", PUSH_REJECTED, false},
    {"core.system.transaction_resource_not_found", PUSH_EXPIRED, false},
    {"E0000010", PUSH_EXPIRED, true},
    {"oie.assurance.unsatisfiable", POLICY_UNSATISFIABLE, false},
    {"idx.error.code.access_denied.device_assurance", DEVICE_NOT_COMPLIANT, false},
    {"idx.error.user.not.assigned.to.app", NOT_ASSIGNED, false},
    {"idx.error.code.user_not_assigned", NOT_ASSIGNED, false},
    {"security.access_denied", ACCESS_DENIED, false},
    {"idx.error.code.no_matching_policy", CLIENT_MISCONFIGURED, false},
    {"idx.session.expired", TRANSACTION_EXPIRED, false},
    {"tooManyRequests", RATE_LIMITED, false},
    {"oie.tooManyRequests", RATE_LIMITED, false},
};

static int outcome_of_key(ic_str key, bool polled)
{
    for (size_t i = 0; i < sizeof OUTCOME_KEYS / sizeof *OUTCOME_KEYS; i++) {
        size_t length = strlen(OUTCOME_KEYS[i].key);
        bool family = key.data != NULL && key.len >= length &&
                      memcmp(key.data, OUTCOME_KEYS[i].key, length) == 0 &&
                      (key.len == length || key.data[length] == '.' || key.data[length] == '_');
        if (family && (polled || !OUTCOME_KEYS[i].polled)) {
            return OUTCOME_KEYS[i].code;
        }
    }
    return GO_ON;
}

/* What the messages of a step say; GO_ON when they end nothing. */
static int outcome_of_messages(ic_step step, bool polled)
{
    int code = GO_ON;
    for (size_t i = 0; code == GO_ON && i < ic_step_message_count(step); i++) {
        code = outcome_of_key(ic_message_key(step, ic_step_message(step, i)), polled);
    }
    return code;
}

static int outcome_of_oauth(ic_error error, bool starting)
{
    ic_str what = ic_error_oauth_error(error);
    if (ic_str_is(what, "temporarily_unavailable") || ic_str_is(what, "slow_down")) return RATE_LIMITED;
    if (starting) return CLIENT_MISCONFIGURED;
    if (ic_str_is(what, "access_denied")) return ACCESS_DENIED;
    if (ic_str_is(what, "invalid_grant") || ic_str_is(what, "interaction_code_unsatisfiable"))
        return TRANSACTION_EXPIRED;
    return CLIENT_MISCONFIGURED;
}

static int outcome_of_terminal(ic_error error)
{
    int code = GO_ON;
    for (size_t i = 0; code == GO_ON && i < ic_error_message_count(error); i++) {
        code = outcome_of_key(ic_error_message_key(error, i), false);
    }
    return code == GO_ON ? TERMINAL : code;
}

/* What an error means. `starting`: before there was a step, when a refusal means the set-up. */
static int outcome_of_error(ic_status status, ic_error error, bool starting)
{
    int32_t http_status = ic_error_http_status(error);
    switch (status) {
    case IC_ERROR_INVALID_ARGUMENT: return USAGE;
    case IC_ERROR_INVALID_ANSWER:
    case IC_ERROR_NOT_FOUND:
    case IC_ERROR_INVALID_STATE:
    case IC_ERROR_INVALID_CALLBACK:
    case IC_ERROR_INVALID_SNAPSHOT: return ANSWER_REFUSED;
    case IC_ERROR_CANCELLED: return CANCELLED;
    case IC_ERROR_TIMEOUT: return TIMED_OUT;
    case IC_ERROR_OFFLINE:
    case IC_ERROR_NETWORK: return OFFLINE;
    case IC_ERROR_TLS: return TLS_UNTRUSTED;
    case IC_ERROR_PROXY: return PROXY_AUTH;
    case IC_ERROR_HTTP: return CAPTIVE_PORTAL;
    case IC_ERROR_OAUTH: return outcome_of_oauth(error, starting);
    case IC_ERROR_API:
        if (http_status >= 500) return CAPTIVE_PORTAL;
        return http_status == 403 && !starting ? ACCESS_DENIED : CLIENT_MISCONFIGURED;
    case IC_ERROR_RATE_LIMITED: return RATE_LIMITED;
    case IC_ERROR_EXPIRED: return TRANSACTION_EXPIRED;
    case IC_ERROR_TERMINAL: return outcome_of_terminal(error);
    case IC_ERROR_INVALID_TOKEN: return TOKEN_INVALID;
    default: return PROTOCOL_VIOLATION;
    }
}

#endif
