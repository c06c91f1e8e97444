/*
 * interaction_code.h
 *
 * Signs people in to an Okta Identity Engine org with the Interaction Code grant: no browser, the server's policy
 * decides each step, the program answers it.
 *
 * # A sign-in
 *
 * Make an `ic_config`, of it an `ic_client`, with it an `ic_flow`. `ic_flow_next` gives an `ic_screen`, decided by the library:
 * draw its elements, put what the person types into an `ic_draft`, and take one of its ways with `ic_flow_take`; until there
 * is no screen any more. Then `ic_flow_finish` redeems the code, verifies the ID token and gives `ic_tokens`.
 *
 * Below the screen is the `ic_step` as the server sent it: look at its remediations, make an `ic_answer` for one of them, and
 * `ic_flow_proceed`. Or give `ic_flow_run` an `ic_handler` that answers each step; the library loops, polls and redeems.
 *
 * A refused answer (a wrong password) is not an error: the next step has the messages. A step, field or authenticator
 * that is unknown is not an error: it can be shown and answered by its names.
 *
 * # Names
 *
 * `ic_<type>_<verb>`: what begins with a type's name is a function of it, and its first parameter is the handle.
 * `_new`, `_clone`, and every parameter `out` of a handle type give one thing to free with the type's `_free`.
 *
 * # Handles
 *
 * A handle is a number in a pointer's clothes, never an address: do not look behind it. A handle that was freed, is of
 * another type, or never was one is `IC_ERROR_INVALID_HANDLE`, never undefined behaviour. (After a slot of the table was
 * used some four billion times, on 32-bit machines 65 thousand, a stale handle may name a new object.) Because handles are
 * no addresses, leak checkers do not see them: `ic_live_handles()` counts those that are not freed. Each `_free` takes
 * NULL. Freeing a handle while another thread is in a call with it is safe; the call ends first.
 *
 * # Strings and bytes
 *
 * In: NUL-terminated UTF-8, 2 MB at most, copied before the call returns. NULL where a string is needed, or one that is
 * not UTF-8, is `IC_ERROR_INVALID_ARGUMENT`. Bytes are a pointer and a length; a length of 0 accepts NULL.
 *
 * Out: a borrowed `ic_str`, not NUL-terminated, valid until the handle that it was read from is freed; `data` is NULL where
 * there is no such text. Reading a string of a handle while another thread frees it is undefined. Texts of the server are
 * not trusted: they may contain markup and control characters.
 *
 * # Results and errors
 *
 * A function that can fail returns an `ic_status`: `IC_OK` or an `IC_ERROR_...` number; numbers are never reused. Its last
 * parameter `error` may be NULL; otherwise it is set to NULL first, and after a failure to an error object to be freed
 * with `ic_error_free`. Results go to `out`, which is set to nothing (NULL) first and written on success only.
 *
 * A getter returns the value itself. Where there is none, and for a handle that is no good, it returns nothing: an `ic_str`
 * with NULL, 0, false, `IC_NO_NODE`. `ic_handle_check` tells a bad handle from an absent value.
 *
 * After any error the flow is where it was and the call can be made again; but when `ic_error_maybe_sent` says that the
 * request may have reached the server, ask it first (`ic_flow_refresh`) instead of sending a credential twice.
 *
 * A bug of the library never ends the process: the call returns `IC_ERROR_INTERNAL`, and the handle that it worked on
 * returns that from then on; free it.
 *
 * # Threads
 *
 * Every function may be called from any thread. Clients, steps, screens, drafts, tokens, errors, buffers and cancel tokens are
 * immutable or synchronised: any number of threads at once. A flow, an answer and a config do one call at a time: a second one gets
 * `IC_ERROR_BUSY` at once and changes nothing. Callbacks run on the thread that made the call, but for token requests:
 * they end by their own limit, so their transport (and the log of them) runs on a short-lived thread of the library's own. There is no global state but the table of handles, and nothing to initialise or shut down.
 *
 * Threads may be ended only outside of the library. `pthread_cancel` of a thread that is in a call, and `pthread_exit` in a
 * callback, end the process (SIGABRT): a call is not to be left half done; cancel it by its token. A thread that makes calls
 * needs a stack of 256 KB, and what the program's own callbacks need beside; a sign-in was seen to do with 128 KB and to end the
 * process (SIGSEGV) with 64 KB. Memory that the system does not give (`malloc` fails) ends the process, too. A thread that it does not give is
 * `IC_ERROR_NO_THREAD`: the built-in transport makes one for each new connection.
 *
 * # fork
 *
 * A child may use the clients, configs and cancel tokens that were made before the fork, and make sign-ins with them: it makes
 * connections of its own and fetches the keys once more; nothing is written to what it inherited, whose sockets stay open in
 * it until it ends or executes another program. A flow goes on in one of the two processes only, as its handles are good
 * once. What another thread was in a call with at the moment of the fork is not to be used in the child: there such a flow is
 * busy for ever. The program's own callbacks and transport are its own concern. `vfork` allows nothing of this.
 *
 * # Waiting
 *
 * Calls that talk to the server block. Each takes an `ic_call`: a time limit and a cancel token that ends it from another
 * thread within 200 ms (time inside the program's own callbacks apart). NULL is the default: 30 s, and five minutes where
 * a person is waited for.
 *
 * # Callbacks
 *
 * A struct with `size` first, `user_data`, the functions, and `destroy`. Initialise it with its `IC_..._INIT` macro, then set
 * members by name. The library copies the struct; `destroy` runs exactly once when the library is done with `user_data`,
 * also when the call that took the struct fails. Only a struct that is NULL, or whose `size` is impossible or says that it
 * has members unknown to the library, is refused untaken: then `destroy` does not run. No lock is held while a callback
 * runs: it may call any function, but the object that it is called back from is busy. No C++ exception and no `longjmp`
 * may leave a callback. Handles given to a callback end with it.
 *
 * # Versions
 *
 * `IC_VERSION_...` macros are of the header, `ic_version()` is of the library. `ic_abi_version()` grows when a program
 * compiled for an older one must be compiled again; it is in the SONAME. Functions, status numbers and members at the end of
 * callback structs are only added.
 *
 * Generated from src/capi; do not edit. SPDX-License-Identifier: MIT OR Apache-2.0
 */

#ifndef INTERACTION_CODE_H
#define INTERACTION_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wnullability-completeness"
#pragma clang diagnostic ignored "-Wnullability-extension"
#endif

/* ---- Version of this header --------------------------------------------------------------------------------------- */

/// The version that this header belongs to; `ic_version` says that of the library.
#define IC_VERSION_MAJOR 0
#define IC_VERSION_MINOR 1
#define IC_VERSION_PATCH 0
/// As one number, to compare: major * 1000000 + minor * 1000 + patch.
#define IC_VERSION_NUMBER (IC_VERSION_MAJOR * 1000000 + IC_VERSION_MINOR * 1000 + IC_VERSION_PATCH)
/// As text.
#define IC_VERSION_STRING "0.1.0"

/* ---- Statuses ----------------------------------------------------------------------------------------------------- */

/// The result of a call: `IC_OK` (0), or one of the `IC_ERROR_...` numbers. Numbers are never reused; a newer library may
/// return one that this header does not list.
typedef int32_t ic_status;

enum {
    /// Everything went well.
    IC_OK = 0,
    /// A value given to the library is unusable (configuration, option, header text). Fix the call.
    IC_ERROR_INVALID_ARGUMENT = 10,
    /// A handle given to the C API is not a live handle of that type: NULL, freed, of another type, or never one.
    IC_ERROR_INVALID_HANDLE = 11,
    /// The object is in use by another call, of another thread or the one that this is called back from. Nothing was
    /// done.
    IC_ERROR_BUSY = 12,
    /// The answer does not fit the form; the problems of the error list what is wrong. Nothing was sent.
    IC_ERROR_INVALID_ANSWER = 20,
    /// The step has no such remediation, field, option or action. Nothing was sent.
    IC_ERROR_NOT_FOUND = 21,
    /// The flow cannot do this now (for example: redeem before there is a code). Nothing was sent.
    IC_ERROR_INVALID_STATE = 22,
    /// The call was cancelled by the app. The flow is where it was.
    IC_ERROR_CANCELLED = 30,
    /// The deadline of the call passed. The flow is where it was.
    IC_ERROR_TIMEOUT = 31,
    /// The server cannot be reached: no name, no route, connection refused.
    IC_ERROR_OFFLINE = 40,
    /// The server's certificate is not trusted, or TLS failed.
    IC_ERROR_TLS = 41,
    /// The proxy refused, or wants authentication.
    IC_ERROR_PROXY = 42,
    /// The connection broke while a request was under way.
    IC_ERROR_NETWORK = 43,
    /// The server answered with an OAuth error, which the error carries.
    IC_ERROR_OAUTH = 50,
    /// The server answered with an API error, whose code the error carries.
    IC_ERROR_API = 51,
    /// The server asks to wait; the error says how long.
    IC_ERROR_RATE_LIMITED = 52,
    /// An HTTP answer that is neither of the protocol nor an error of the server's own kind (a proxy page, a 5xx, a
    /// redirect).
    IC_ERROR_HTTP = 53,
    /// The answer is not of this protocol, or breaks it.
    IC_ERROR_PROTOCOL = 60,
    /// The server named an address outside the org; nothing was sent there.
    IC_ERROR_FOREIGN_ORIGIN = 61,
    /// Something is larger, deeper or longer than the limits allow.
    IC_ERROR_LIMIT_EXCEEDED = 62,
    /// The transaction is over (expired, used up); start again.
    IC_ERROR_EXPIRED = 70,
    /// The sign-in ended without tokens: the server has no next step. The messages of the error say why.
    IC_ERROR_TERMINAL = 71,
    /// A token failed verification; the error names the rule.
    IC_ERROR_INVALID_TOKEN = 72,
    /// The callback URL is not the answer to this flow (address, `state`, duplicated parameters).
    IC_ERROR_INVALID_CALLBACK = 73,
    /// The saved flow cannot be restored here.
    IC_ERROR_INVALID_SNAPSHOT = 74,
    /// The app's own callback or transport reported an error.
    IC_ERROR_CALLBACK = 80,
    /// The app's storage cannot be used now: locked, no space, broken. Nothing was lost by it, and what is in it is
    /// still there.
    IC_ERROR_STORAGE_UNAVAILABLE = 81,
    /// No random numbers, or a bug of the library.
    IC_ERROR_INTERNAL = 90,
    /// The system gave no thread to connect with: a limit of the process or of the machine. Nothing was sent; try
    /// again.
    IC_ERROR_NO_THREAD = 91,
};

/* ---- Endings ------------------------------------------------------------------------------------------------------ */

enum {
    /// The interaction code is here: redeem it.
    IC_ENDING_SIGNED_IN = 1,
    /// Done; the browser goes on.
    IC_ENDING_REDIRECT = 2,
    /// The policy does not let this person in.
    IC_ENDING_DENIED = 3,
    /// It failed.
    IC_ENDING_FAILED = 4,
    /// The account is unlocked.
    IC_ENDING_UNLOCKED = 5,
    /// The password is changed.
    IC_ENDING_RECOVERED = 6,
    /// A mail was sent; its link goes on.
    IC_ENDING_MAIL_SENT = 7,
    /// Another device is connected.
    IC_ENDING_DEVICE_ACTIVATED = 8,
    /// It goes on in another window.
    IC_ENDING_MOVED = 9,
    /// The code is to be typed where it began.
    IC_ENDING_CODE_ELSEWHERE = 10,
    /// This device must be set up first.
    IC_ENDING_ENROLL_DEVICE = 11,
    /// It took too long.
    IC_ENDING_EXPIRED = 12,
    /// The link or code is no longer good.
    IC_ENDING_LINK_EXPIRED = 13,
    /// Nobody answered in time.
    IC_ENDING_TIMED_OUT = 14,
    /// The notification was declined.
    IC_ENDING_PUSH_REJECTED = 15,
    /// The person said no.
    IC_ENDING_DECLINED = 16,
    /// Too many tries.
    IC_ENDING_LIMITED = 17,
    /// The service cannot do it now.
    IC_ENDING_UNAVAILABLE = 18,
    /// The account is locked.
    IC_ENDING_LOCKED = 19,
    /// It cannot be done here.
    IC_ENDING_NOT_ALLOWED = 20,
    /// This device does not meet the rules.
    IC_ENDING_DEVICE_REFUSED = 21,
    /// Anything else.
    IC_ENDING_OTHER = 22,
};

/* ---- Outcomes ----------------------------------------------------------------------------------------------------- */

enum {
    /// Signed in; or, for a command that does not sign in, done.
    IC_OUTCOME_SUCCESS = 0,
    /// The password is wrong, or the user does not exist: the server does not always tell.
    IC_OUTCOME_PASSWORD_WRONG = 10,
    /// The password is right, has expired and must be changed.
    IC_OUTCOME_PASSWORD_EXPIRED = 11,
    /// The password is right, has expired and is changed at another place.
    IC_OUTCOME_PASSWORD_MANAGED_ELSEWHERE = 12,
    /// The new password does not meet the policy.
    IC_OUTCOME_PASSWORD_POLICY_FAILED = 13,
    /// The account or an authenticator is locked.
    IC_OUTCOME_LOCKED_OUT = 14,
    /// Another proof is asked for, which nobody is there to give.
    IC_OUTCOME_MFA_REQUIRED = 20,
    /// A push was declined.
    IC_OUTCOME_PUSH_REJECTED = 21,
    /// A push was not answered in time.
    IC_OUTCOME_PUSH_EXPIRED = 22,
    /// An authenticator must be set up first.
    IC_OUTCOME_MFA_ENROLL_REQUIRED = 23,
    /// The policy cannot be satisfied by this user.
    IC_OUTCOME_POLICY_UNSATISFIABLE = 24,
    /// The device does not comply with the policy.
    IC_OUTCOME_DEVICE_NOT_COMPLIANT = 25,
    /// The user is not assigned to the app.
    IC_OUTCOME_NOT_ASSIGNED = 26,
    /// Access was denied.
    IC_OUTCOME_ACCESS_DENIED = 27,
    /// The sign-in has expired; start again.
    IC_OUTCOME_TRANSACTION_EXPIRED = 28,
    /// The sign-in ended without tokens for another reason; the messages say why.
    IC_OUTCOME_TERMINAL = 29,
    /// Too many requests; retry_after says how long to wait.
    IC_OUTCOME_RATE_LIMITED = 30,
    /// It ended well, and without tokens: the account is unlocked, the password is changed, a mail was sent.
    IC_OUTCOME_DONE_WITHOUT_TOKENS = 31,
    /// The org or the app is not set up for this.
    IC_OUTCOME_CLIENT_MISCONFIGURED = 40,
    /// The server cannot be reached, or the connection broke.
    IC_OUTCOME_OFFLINE = 50,
    /// The server's certificate is not trusted, or TLS failed.
    IC_OUTCOME_TLS_UNTRUSTED = 51,
    /// The proxy refused, or wants a password.
    IC_OUTCOME_PROXY_AUTH = 52,
    /// The answer did not come from the org (a captive portal, a proxy's page), or the org is down.
    IC_OUTCOME_CAPTIVE_PORTAL = 53,
    /// The time was up.
    IC_OUTCOME_TIMEOUT = 54,
    /// The sign-in was cancelled.
    IC_OUTCOME_CANCELLED = 55,
    /// The command line, or a file it names, cannot be used.
    IC_OUTCOME_USAGE = 64,
    /// An answer does not fit the step; or not a response of this protocol (inspect).
    IC_OUTCOME_ANSWER_REFUSED = 65,
    /// The input or the answers ended before the sign-in did.
    IC_OUTCOME_INPUT_ENDED = 66,
    /// The server broke the protocol, or a limit was passed.
    IC_OUTCOME_PROTOCOL_VIOLATION = 70,
    /// A token failed verification.
    IC_OUTCOME_TOKEN_INVALID = 71,
    /// The result could not be written.
    IC_OUTCOME_OUTPUT_FAILED = 74,
    /// The terminal hung up (SIGHUP).
    IC_OUTCOME_HUNG_UP = 129,
    /// Interrupted (Ctrl-C, SIGINT).
    IC_OUTCOME_INTERRUPTED = 130,
    /// Told to end (SIGTERM).
    IC_OUTCOME_TERMINATED = 143,
};

/// Each outcome with the code that a PAM module gives for it; the codes are those of <security/pam_modules.h>:
/// #define PAM_CASE(outcome, code) case outcome: return code;
/// switch (outcome) { IC_OUTCOME_PAM_CODES(PAM_CASE) default: return PAM_SERVICE_ERR; }
#define IC_OUTCOME_PAM_CODES(X) \
    X(IC_OUTCOME_SUCCESS, PAM_SUCCESS) \
    X(IC_OUTCOME_PASSWORD_WRONG, PAM_AUTH_ERR) \
    X(IC_OUTCOME_PASSWORD_EXPIRED, PAM_NEW_AUTHTOK_REQD) \
    X(IC_OUTCOME_PASSWORD_MANAGED_ELSEWHERE, PAM_NEW_AUTHTOK_REQD) \
    X(IC_OUTCOME_PASSWORD_POLICY_FAILED, PAM_AUTHTOK_ERR) \
    X(IC_OUTCOME_LOCKED_OUT, PAM_MAXTRIES) \
    X(IC_OUTCOME_MFA_REQUIRED, PAM_CRED_INSUFFICIENT) \
    X(IC_OUTCOME_PUSH_REJECTED, PAM_AUTH_ERR) \
    X(IC_OUTCOME_PUSH_EXPIRED, PAM_AUTH_ERR) \
    X(IC_OUTCOME_MFA_ENROLL_REQUIRED, PAM_CRED_INSUFFICIENT) \
    X(IC_OUTCOME_POLICY_UNSATISFIABLE, PAM_PERM_DENIED) \
    X(IC_OUTCOME_DEVICE_NOT_COMPLIANT, PAM_PERM_DENIED) \
    X(IC_OUTCOME_NOT_ASSIGNED, PAM_PERM_DENIED) \
    X(IC_OUTCOME_ACCESS_DENIED, PAM_PERM_DENIED) \
    X(IC_OUTCOME_TRANSACTION_EXPIRED, PAM_TRY_AGAIN) \
    X(IC_OUTCOME_TERMINAL, PAM_AUTH_ERR) \
    X(IC_OUTCOME_RATE_LIMITED, PAM_AUTHINFO_UNAVAIL) \
    X(IC_OUTCOME_DONE_WITHOUT_TOKENS, PAM_AUTH_ERR) \
    X(IC_OUTCOME_CLIENT_MISCONFIGURED, PAM_SERVICE_ERR) \
    X(IC_OUTCOME_OFFLINE, PAM_AUTHINFO_UNAVAIL) \
    X(IC_OUTCOME_TLS_UNTRUSTED, PAM_AUTHINFO_UNAVAIL) \
    X(IC_OUTCOME_PROXY_AUTH, PAM_AUTHINFO_UNAVAIL) \
    X(IC_OUTCOME_CAPTIVE_PORTAL, PAM_AUTHINFO_UNAVAIL) \
    X(IC_OUTCOME_TIMEOUT, PAM_AUTHINFO_UNAVAIL) \
    X(IC_OUTCOME_CANCELLED, PAM_ABORT) \
    X(IC_OUTCOME_USAGE, PAM_SERVICE_ERR) \
    X(IC_OUTCOME_ANSWER_REFUSED, PAM_SERVICE_ERR) \
    X(IC_OUTCOME_INPUT_ENDED, PAM_CONV_ERR) \
    X(IC_OUTCOME_PROTOCOL_VIOLATION, PAM_SERVICE_ERR) \
    X(IC_OUTCOME_TOKEN_INVALID, PAM_SERVICE_ERR) \
    X(IC_OUTCOME_OUTPUT_FAILED, PAM_SERVICE_ERR) \
    X(IC_OUTCOME_HUNG_UP, PAM_ABORT) \
    X(IC_OUTCOME_INTERRUPTED, PAM_ABORT) \
    X(IC_OUTCOME_TERMINATED, PAM_ABORT)

enum {
    /// The server was not asked: it never got the password, or refused the request before it looked.
    IC_PASSWORD_NOT_EVALUATED = 0,
    /// The password is right.
    IC_PASSWORD_VERIFIED = 1,
    /// The password is wrong, or the user does not exist: the server does not always tell.
    IC_PASSWORD_WRONG = 2,
    /// The password may have been looked at, and nobody said what came of it.
    IC_PASSWORD_UNKNOWN = 3,
};

/* ---- Constants ---------------------------------------------------------------------------------------------------- */

/// `ic_waiting_fn`: wait on, and look again before the next poll.
#define IC_WAIT_CONTINUE 0

/// `ic_waiting_fn`: stop polling. `ic_flow_run` then asks `remediate` what to do; `ic_flow_poll_while` returns.
#define IC_WAIT_ASK (-1)

/// The ABI of this header. A library with another `ic_abi_version()` does not fit to it.
#define IC_ABI_VERSION 0

/// `ic_features`: the built-in HTTPS transport. Without it, every client needs `ic_config_set_transport`.
#define IC_FEATURE_UREQ 1

/// `ic_features`: certificates can be checked by the operating system (`ic_config_set_platform_verifier`).
#define IC_FEATURE_PLATFORM_VERIFIER 2

/// `ic_features`: the hooks for tests (clock, random numbers). Never in a release.
#define IC_FEATURE_TEST_HOOKS 9223372036854775808ull

/// Something should not have happened.
#define IC_LOG_ERROR 1

/// Something failed, and the sign-in goes on.
#define IC_LOG_WARN 2

/// The course of the sign-in: its steps, requests that failed.
#define IC_LOG_INFO 3

/// Every request.
#define IC_LOG_DEBUG 4

/// What a swap returns: the new value is there, and nobody was overtaken.
#define IC_SWAP_DONE 0

/// What a swap returns: another value was there than was expected. Nothing was changed.
#define IC_SWAP_CHANGED 1

/// What a swap returns: the new value is there, but this storage cannot compare and replace in one act, so that another process
/// may have written in between.
#define IC_SWAP_UNGUARDED 2

/// No node.
#define IC_NO_NODE UINT32_MAX

/// The node of the whole response.
#define IC_ROOT_NODE 0

/* ---- Types -------------------------------------------------------------------------------------------------------- */

/// The settings of a client that is to be made: where to sign in, as whom, over what.
/// One call at a time. Free it with `ic_config_free`, as soon as the client is made.
///
/// Methods: ic_config_new, ic_config_from_json, ic_config_set_scopes, ic_config_set_client_secret_basic,
/// ic_config_set_client_secret_post, ic_config_set_user_agent, ic_config_set_accept_language,
/// ic_config_set_device_token, ic_config_set_transport, ic_config_set_storage, ic_config_set_storage_directory,
/// ic_config_set_log, ic_config_free, ic_config_set_clock, ic_config_set_random, ic_config_set_proxy,
/// ic_config_set_no_proxy, ic_config_set_system_proxy, ic_config_set_connect_timeout_ms, ic_config_set_read_timeout_ms,
/// ic_config_add_root_pem, ic_config_set_pinned_roots_pem, ic_config_set_platform_verifier.
typedef struct ic_config_handle *ic_config;

/// One app at one org: issuer, client id, redirect URI, transport, keys. Immutable; any thread.
/// Free it with `ic_client_free`; flows that were started by it go on.
///
/// Methods: ic_client_new, ic_client_clone, ic_client_issuer, ic_client_client_id, ic_client_redirect_uri,
/// ic_client_scopes, ic_client_free, ic_client_prepare.
typedef struct ic_client_handle *ic_client;

/// One sign-in. It is always at a step, or complete. One call at a time: a second, from another thread or from inside a
/// callback of the first, gets `IC_ERROR_BUSY`; the functions that only look (`ic_flow_step`, `ic_flow_screen`,
/// `ic_flow_is_complete`, `ic_flow_ending`) are never busy. On an error the flow is where it was. Free it with `ic_flow_free`.
///
/// Methods: ic_flow_take, ic_flow_proceed, ic_flow_next, ic_flow_refresh, ic_flow_resend, ic_flow_send,
/// ic_flow_recover, ic_flow_skip, ic_flow_cancel, ic_flow_restart, ic_flow_poll, ic_flow_poll_while,
/// ic_flow_handle_callback, ic_flow_run, ic_flow_finish, ic_flow_start, ic_flow_restore, ic_flow_resume,
/// ic_flow_resume_at, ic_flow_storage_trouble, ic_flow_kept_at, ic_flow_step, ic_flow_form_step, ic_flow_is_complete,
/// ic_flow_is_finished, ic_flow_ending, ic_flow_is_at, ic_flow_requests, ic_flow_client, ic_flow_save, ic_flow_free,
/// ic_flow_screen.
typedef struct ic_flow_handle *ic_flow;

/// What the server asks now: one response, an immutable snapshot. Any thread. What is in it (remediations, fields,
/// options, authenticators, messages) is an `ic_node`, valid with this step. It outlives its flow. Free it with
/// `ic_step_free`, after the last use of a string or node of it.
///
/// Methods: ic_step_outcome, ic_step_screen, ic_step_read, ic_step_clone, ic_step_status, ic_step_http_status,
/// ic_step_request_id, ic_step_json, ic_step_version, ic_step_state_handle, ic_step_expires_at_text,
/// ic_step_expires_at, ic_step_intent, ic_step_number_challenge, ic_step_success_redirect, ic_step_failure_redirect,
/// ic_step_is_terminal, ic_step_has_error, ic_step_is_password_challenge, ic_step_has_message, ic_step_offers,
/// ic_step_remediation_count, ic_step_remediation, ic_step_remediation_named, ic_step_action_count, ic_step_action,
/// ic_step_action_path, ic_step_action_named, ic_step_authenticator_count, ic_step_authenticator,
/// ic_step_current_authenticator, ic_step_message_count, ic_step_message, ic_step_poll, ic_step_member,
/// ic_step_success, ic_step_free.
typedef struct ic_step_handle *ic_step;

/// What a person sees and can do at one step, decided by the library: what it says, what to draw, the ways on. Immutable;
/// any thread. It outlives its step. Free it with `ic_screen_free`, after the last use of a string of it.
///
/// Methods: ic_screen_control, ic_screen_control_label, ic_screen_control_ask, ic_screen_control_path,
/// ic_screen_control_is_required, ic_screen_control_is_secret, ic_screen_control_wants_confirm,
/// ic_screen_control_confirm_label, ic_screen_control_keyboard, ic_screen_control_preset, ic_screen_control_passkey,
/// ic_screen_control_option_count, ic_screen_control_option_label, ic_screen_control_option_detail,
/// ic_screen_control_option_note, ic_screen_control_option_input_count, ic_screen_control_option_input,
/// ic_screen_control_option_name, ic_screen_element_count, ic_screen_element_kind, ic_screen_element_text,
/// ic_screen_element_value, ic_screen_element_picture, ic_screen_element_control, ic_screen_element_way,
/// ic_screen_element_is_front, ic_screen_ending, ic_screen_ending_is_good, ic_screen_ending_text,
/// ic_screen_ending_retry, ic_screen_json, ic_screen_text, ic_screen_number, ic_screen_bool, ic_screen_count,
/// ic_screen_name, ic_screen_title, ic_screen_identifier, ic_screen_app, ic_screen_notice_count, ic_screen_notice,
/// ic_screen_notice_severity, ic_screen_suggested, ic_screen_suggested_way, ic_screen_unasked_way,
/// ic_screen_suggested_skip, ic_screen_free, ic_screen_way_count, ic_screen_way_label, ic_screen_way_role,
/// ic_screen_way_does, ic_screen_way_url, ic_screen_way_name, ic_screen_way_named, ic_screen_way_is_quiet,
/// ic_screen_way_after_ms.
typedef struct ic_screen_handle *ic_screen;

/// What a person types for one screen: checked here, sent by a way. Any thread. It outlives its screen's handle. Free it
/// with `ic_draft_free`, which wipes what was typed.
///
/// Methods: ic_draft_new, ic_draft_next, ic_draft_set_text, ic_draft_set_bool, ic_draft_set_json, ic_draft_choose,
/// ic_draft_confirm, ic_draft_problem_count, ic_draft_problem, ic_draft_problem_path, ic_draft_answer, ic_draft_free.
typedef struct ic_draft_handle *ic_draft;

/// What goes back for one form: built with wire names, checked against the form. Independent of its step. One call at a
/// time. Sending does not use it up. Free it with `ic_answer_free`, which wipes the secrets in it.
///
/// Methods: ic_answer_new, ic_answer_new_named, ic_answer_set_string, ic_answer_set_bool, ic_answer_set_integer,
/// ic_answer_set_json, ic_answer_set_string_at, ic_answer_set_bool_at, ic_answer_set_integer_at, ic_answer_set_json_at,
/// ic_answer_choose, ic_answer_select_authenticator, ic_answer_extra_string, ic_answer_extra_json, ic_answer_passkey,
/// ic_answer_check, ic_answer_body, ic_answer_free.
typedef struct ic_answer_handle *ic_answer;

/// The tokens of a complete sign-in, the ID token verified. Immutable; any thread. Free it with `ic_tokens_free`, which
/// wipes them.
///
/// Methods: ic_tokens_access_token, ic_tokens_id_token, ic_tokens_refresh_token, ic_tokens_device_secret,
/// ic_tokens_scopes, ic_tokens_expires_in, ic_tokens_expires_at, ic_tokens_claims_json, ic_tokens_subject,
/// ic_tokens_issuer, ic_tokens_claim, ic_tokens_free.
typedef struct ic_tokens_handle *ic_tokens;

/// A switch that ends calls from any thread, once and for good. Free it with `ic_cancel_free`; calls under way keep it.
///
/// Methods: ic_cancel_new, ic_cancel_clone, ic_cancel_trigger, ic_cancel_is_triggered, ic_cancel_free.
typedef struct ic_cancel_handle *ic_cancel;

/// Why a call failed. Immutable; any thread. Free it with `ic_error_free`.
///
/// Methods: ic_error_status, ic_error_kind, ic_error_message, ic_error_text, ic_error_advice, ic_error_maybe_sent,
/// ic_error_http_status, ic_error_request_id, ic_error_oauth_error, ic_error_oauth_description, ic_error_api_code,
/// ic_error_rule, ic_error_retry_after_ms, ic_error_message_count, ic_error_message_key, ic_error_message_text,
/// ic_error_message_path, ic_error_problem_count, ic_error_problem_path, ic_error_problem_what, ic_error_free,
/// ic_error_outcome.
typedef struct ic_error_handle *ic_error;

/// Bytes that the library made and that may be secret (a saved flow, a request body). Immutable; any thread. Free it with
/// `ic_buffer_free`, which wipes them.
///
/// Methods: ic_buffer_bytes, ic_buffer_text, ic_buffer_free.
typedef struct ic_buffer_handle *ic_buffer;

/// What a handler wants done with a step. Made by the library for one call of `remediate` and gone after it; never freed.
///
/// Methods: ic_action_proceed, ic_action_poll, ic_action_resend, ic_action_send, ic_action_recover, ic_action_skip,
/// ic_action_refresh, ic_action_cancel, ic_action_restart, ic_action_callback, ic_action_fail.
typedef struct ic_action_handle *ic_action;

/// What is being waited for. Made by the library for one call of `waiting` and gone after it; never freed.
///
/// Methods: ic_waiting_number, ic_waiting_interval_ms, ic_waiting_remaining_ms, ic_waiting_step, ic_waiting_trouble.
typedef struct ic_waiting_handle *ic_waiting;

/// A request that a transport is to send. Made by the library for one call of `send` and gone after it; never freed.
///
/// Methods: ic_request_method, ic_request_url, ic_request_header_count, ic_request_header_name,
/// ic_request_header_value, ic_request_body, ic_request_max_body, ic_request_remaining_ms, ic_request_is_cancelled.
typedef struct ic_request_handle *ic_request;

/// The answer that a transport fills in. Made by the library for one call of `send` and gone after it; never freed.
///
/// Methods: ic_response_set_status, ic_response_add_header, ic_response_append_body, ic_response_set_not_sent,
/// ic_response_fail.
typedef struct ic_response_handle *ic_response;

/// The place where a storage puts what it found. Made by the library for one call of `load` and gone after it; never
/// freed.
///
/// Methods: ic_stored_append.
typedef struct ic_stored_handle *ic_stored;

/// The number of something inside a step: a remediation, a field, an option, an authenticator, a message, any JSON value.
/// Valid with its step, for as long as the step; nothing to free. `IC_NO_NODE` where there is none.
///
/// Methods: ic_authenticator_..., ic_field_..., ic_message_..., ic_node_..., ic_option_..., ic_remediation_..., given
/// the step first.
typedef uint32_t ic_node;

/// A borrowed text: UTF-8, `len` bytes, not NUL-terminated. It is valid until the handle that it was read from is freed.
/// `data` is NULL where there is no such text (a field without a label, a bad handle), and not NULL for an empty one.
/// Print it with `printf("%.*s", IC_STR_ARG(text))`; compare it with `ic_str_is`.
typedef struct ic_str {
    /// The first byte, or NULL.
    const char *data;
    /// How many bytes.
    size_t len;
} ic_str;

/// Borrowed bytes, `len` of them. Valid until the handle that they were read from is freed. `data` is NULL where there
/// are none.
typedef struct ic_bytes {
    /// The first byte, or NULL.
    const uint8_t *data;
    /// How many bytes.
    size_t len;
} ic_bytes;

/// Sends `request`, waits for the whole answer, fills `response` and returns `IC_OK`. 4xx and 5xx are answers, too. When there
/// was no HTTP answer it returns what fits: `IC_ERROR_CANCELLED`, `_TIMEOUT`, `_OFFLINE` (no name, no route, refused), `_TLS`,
/// `_PROXY`, `_NETWORK` (broken off), `_LIMIT_EXCEEDED`; any other number is `IC_ERROR_CALLBACK`. Both handles end with the call.
typedef ic_status (*ic_send_fn)(void *user_data, ic_request request, ic_response response);

/// Called once with the struct's `user_data` when the library is done with it, on any thread. May be NULL.
typedef void (*ic_destroy_fn)(void *user_data);

/// The program's own HTTP stack. Initialise with `IC_TRANSPORT_INIT`. It is shared by all flows of its clients, and called
/// from each thread that makes a call, at once; for the tokens from a short-lived thread of the library.
///
/// What it must do: send each request once, as it is, over TLS that checks certificates and names; follow no redirect, retry
/// nothing, answer nothing from a cache; keep no cookies of its own (the library sets `Cookie` and reads `Set-Cookie`, which
/// must not be folded); report every status; stop at `ic_request_max_body` bytes; end within
/// `ic_request_remaining_ms` and soon (200 ms) after `ic_request_is_cancelled`; and say `ic_response_set_not_sent` when a failed
/// request certainly did not leave.
typedef struct ic_transport {
    /// `sizeof(ic_transport)`.
    size_t size;
    /// Given back to each function.
    void *user_data;
    /// Carries a request.
    ic_send_fn send;
    /// Called once with `user_data` after the last use, on any thread; may be NULL.
    ic_destroy_fn destroy;
} ic_transport;

/// Finds what is stored under `key` and gives it to `ic_stored_append`, in one or more pieces; nothing is stored when that is
/// not called. Returns `IC_OK`, or another number when the storage cannot be read.
typedef ic_status (*ic_load_fn)(void *user_data, const char *key, ic_stored stored);

/// Puts `len` bytes under `key`, or removes what is there (`data` is NULL), if what is there now has the SHA-256 `expected` (32
/// bytes; `ic_sha256_matches` compares) or, where that is NULL, if nothing is there; otherwise changes nothing. All or nothing,
/// durable when it returns, one act among all processes that can reach the data. Returns an `IC_SWAP_...` number, or any other
/// when the storage cannot be used.
typedef int32_t (*ic_swap_fn)(void *user_data, const char *key, const uint8_t *expected, const uint8_t *data, size_t len);

/// Finds the keys that begin with `prefix`, and gives each to `ic_stored_append`, followed by a line feed. Returns `IC_OK`, or
/// another number when the storage cannot be used.
typedef ic_status (*ic_keys_fn)(void *user_data, const char *prefix, ic_stored stored);

/// Keeps flows over the end of the process. Initialise with `IC_STORAGE_INIT`. All three functions are needed. Keys are file
/// names (ASCII letters, digits, `.` and `-`); the bytes are secret: keep them like a password. Called on the thread of the call
/// that changed the flow, at once from several threads. A storage that fails does not fail the sign-in: it is logged.
typedef struct ic_storage {
    /// `sizeof(ic_storage)`.
    size_t size;
    /// Given back to each function.
    void *user_data;
    /// Finds.
    ic_load_fn load;
    /// Compares and replaces.
    ic_swap_fn swap;
    /// Lists.
    ic_keys_fn keys;
    /// Called once with `user_data` after the last use, on any thread; may be NULL.
    ic_destroy_fn destroy;
} ic_storage;

/// Takes one line. `level` is one of `IC_LOG_...`, the greater the finer; `text` has no line break and ends with the call.
typedef void (*ic_log_fn)(void *user_data, int32_t level, ic_str text);

/// Takes the lines of a log. Initialise with `IC_LOG_INIT`. Called on the thread of the call that has something to tell, at
/// once from several threads.
typedef struct ic_log {
    /// `sizeof(ic_log)`.
    size_t size;
    /// Given back to each function.
    void *user_data;
    /// Takes one line.
    ic_log_fn log;
    /// Called once with `user_data` after the last use, on any thread; may be NULL.
    ic_destroy_fn destroy;
} ic_log;

/// How long a call may take, and what ends it. Initialise with `IC_CALL_INIT`. NULL instead of one is the default.
typedef struct ic_call {
    /// `sizeof(ic_call)`.
    size_t size;
    /// Ends the call when it is triggered, also before; NULL: nothing does. Borrowed for the call.
    ic_cancel cancel;
    /// The time limit in milliseconds; 0 is the default: 30 s for one exchange with the server, five minutes where a person
    /// is waited for (`ic_flow_poll`, `ic_flow_run`).
    uint64_t timeout_ms;
} ic_call;

/// Says what to do with a step: calls one of the `ic_action_...` functions on `action` and returns `IC_OK`. Any other number
/// ends the run: with that status when it is one of the `IC_ERROR_...` numbers, else with `IC_ERROR_CALLBACK`. `step` is lent:
/// it ends with the call and is not freed; `ic_step_clone` keeps it. Messages of a refused answer are on the step.
typedef ic_status (*ic_remediate_fn)(void *user_data, ic_step step, ic_action action);

/// Told before each poll what is being waited for. Returns `IC_WAIT_CONTINUE`; or after how many milliseconds it wants to be
/// asked again (for a countdown, or to notice soon that the person wants another way); or `IC_WAIT_ASK`.
typedef int64_t (*ic_waiting_fn)(void *user_data, ic_waiting waiting);

/// The program's side of `ic_flow_run`. Initialise with `IC_HANDLER_INIT`. The functions are called on the thread that called
/// `ic_flow_run`, one at a time, while the flow is busy; `ic_flow_step` and other flows can be used.
typedef struct ic_handler {
    /// `sizeof(ic_handler)`.
    size_t size;
    /// Given back to each function.
    void *user_data;
    /// Answers a step.
    ic_remediate_fn remediate;
    /// Sees each wait; may be NULL.
    ic_waiting_fn waiting;
    /// Called once with `user_data` before `ic_flow_run` returns; may be NULL.
    ic_destroy_fn destroy;
} ic_handler;

/// A name and a value, both NUL-terminated UTF-8.
typedef struct ic_pair {
    /// The name.
    const char *name;
    /// The value.
    const char *value;
} ic_pair;

/// What a sign-in is started with; everything is optional (idx.md section 2.1). Initialise with `IC_START_OPTIONS_INIT`.
/// The texts are copied by the call.
typedef struct ic_start_options {
    /// `sizeof(ic_start_options)`.
    size_t size;
    /// Who wants to sign in (`login_hint`), or NULL.
    const char *login_hint;
    /// The assurance to ask for (`acr_values`), separated by spaces, or NULL.
    const char *acr_values;
    /// A one-time token from an activation mail, or NULL; confidential clients only.
    const char *activation_token;
    /// A one-time token from a recovery mail, or NULL.
    const char *recovery_token;
    /// Further parameters of `interact`, 64 at most, or NULL. They cannot name what the library sets itself.
    const ic_pair *extra;
    /// How many further parameters.
    size_t extra_count;
    /// The oldest session to accept, in seconds (`max_age`); used when `has_max_age` is set.
    uint64_t max_age;
    /// Not 0 when `max_age` is meant: an age of 0 has a meaning.
    int32_t has_max_age;
    /// Whose device it is, for a server that signs in for many people; a member that is NULL leaves it to the config's own.
    /// The device token: 1 to 32 characters, random, the same for every sign-in on the device and for no other device; or NULL.
    const char *device_token;
    /// The `User-Agent` of the person's browser, or NULL.
    const char *device_user_agent;
    /// The person's address, or several with commas between them, or NULL; confidential clients only.
    const char *device_forwarded_for;
    /// The person's `Accept-Language`, or NULL.
    const char *device_languages;
} ic_start_options;

#if defined(IC_TEST_HOOKS)
/// The time now, in seconds since 1970.
typedef int64_t (*ic_now_fn)(void *user_data);
#endif

#if defined(IC_TEST_HOOKS)
/// A clock. For tests only. Initialise with zeroes and the size.
typedef struct ic_clock {
    /// `sizeof(ic_clock)`.
    size_t size;
    /// Given back to each function.
    void *user_data;
    /// Tells the time.
    ic_now_fn now;
    /// Called once with `user_data` after the last use; may be NULL.
    ic_destroy_fn destroy;
} ic_clock;
#endif

#if defined(IC_TEST_HOOKS)
/// Fills `len` bytes. Returns `IC_OK`, or another number when there is no randomness.
typedef ic_status (*ic_fill_fn)(void *user_data, uint8_t *bytes, size_t len);
#endif

#if defined(IC_TEST_HOOKS)
/// A source of random numbers. For tests only. Initialise with zeroes and the size.
typedef struct ic_random {
    /// `sizeof(ic_random)`.
    size_t size;
    /// Given back to each function.
    void *user_data;
    /// Fills bytes.
    ic_fill_fn fill;
    /// Called once with `user_data` after the last use; may be NULL.
    ic_destroy_fn destroy;
} ic_random;
#endif

/* ---- Initialisers and helpers ------------------------------------------------------------------------------------- */

/// An `ic_transport` with its size set and everything else zero.
#define IC_TRANSPORT_INIT { sizeof(ic_transport), NULL, NULL, NULL }

/// An `ic_storage` with its size set and everything else zero.
#define IC_STORAGE_INIT { sizeof(ic_storage), NULL, NULL, NULL, NULL, NULL }

/// An `ic_log` with its size set and everything else zero.
#define IC_LOG_INIT { sizeof(ic_log), NULL, NULL, NULL }

/// An `ic_call` with its size set and everything else zero.
#define IC_CALL_INIT { sizeof(ic_call), NULL, 0 }

/// An `ic_handler` with its size set and everything else zero.
#define IC_HANDLER_INIT { sizeof(ic_handler), NULL, NULL, NULL, NULL }

/// An `ic_start_options` with its size set and everything else zero.
#define IC_START_OPTIONS_INIT { sizeof(ic_start_options), NULL, NULL, NULL, NULL, NULL, 0, 0, 0, NULL, NULL, NULL, NULL }

/// No way: where `ic_screen_suggested_way` and the like have none.
#define IC_NO_WAY SIZE_MAX

/// The two arguments of `%.*s`: `printf("%.*s\n", IC_STR_ARG(text))`. Empty for an absent text.
#define IC_STR_ARG(text) (int)(text).len, ((text).data != NULL ? (text).data : "")

/// Whether a text is this NUL-terminated one. An absent text is equal to nothing, not even to "".
static inline bool ic_str_is(ic_str text, const char *other) {
    size_t at = 0;
    if (text.data == NULL || other == NULL) {
        return false;
    }
    while (at < text.len && other[at] != '\0' && text.data[at] == other[at]) {
        at++;
    }
    return at == text.len && other[at] == '\0';
}

/* What stands before every function: where it comes from. Define it yourself for a linker of your own; on Windows define
 * `IC_SHARED` when the library is a DLL. */
#if !defined(IC_API)
#if defined(_WIN32) && defined(IC_SHARED)
#define IC_API __declspec(dllimport)
#elif defined(__GNUC__) && !defined(_WIN32)
#define IC_API __attribute__((visibility("default")))
#else
#define IC_API
#endif
#endif

/* The status of such a call is looked at: what it would give is not there when it fails. */
#if defined(__GNUC__)
#define IC_CHECK __attribute__((warn_unused_result))
#else
#define IC_CHECK
#endif

/* NULL has a meaning here. Everywhere else it is `IC_ERROR_INVALID_ARGUMENT` or `IC_ERROR_INVALID_HANDLE`. */
#if defined(__clang__)
#define IC_NULLABLE _Nullable
#else
#define IC_NULLABLE
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- What the library says about itself --------------------------------------------------------------------------- */

/// The ABI version of the library: equal to the header's `IC_ABI_VERSION` when they fit together.
IC_API
uint32_t ic_abi_version(void);

/// The version of the library, for example `0.1.0`. Valid for ever.
IC_API
ic_str ic_version(void);

/// What the library was built with: the sum of `IC_FEATURE_...` bits.
IC_API
uint64_t ic_features(void);

/// How many handles are alive in this process, of all types. A program that freed everything sees 0; check it at the end of
/// tests, since leak checkers do not see handles.
IC_API
size_t ic_live_handles(void);

/// Whether a handle (of any type) is alive: `IC_OK`, or `IC_ERROR_INVALID_HANDLE`. For debugging; a program that needs it to
/// decide something has lost track of its handles.
IC_API
ic_status ic_handle_check(const void *handle);

/// The name of a status as a stable word, for example `timeout`; `ok` for `IC_OK`; NULL for a number that this library does
/// not know. Valid for ever.
IC_API
ic_str ic_status_name(ic_status status);

/* ---- Cancel tokens, and the limits of one call -------------------------------------------------------------------- */

/// Makes a cancel token. Free it with `ic_cancel_free`.
/// Errors: `IC_ERROR_INVALID_ARGUMENT` when `out` is NULL, `IC_ERROR_LIMIT_EXCEEDED` when there are too many handles.
IC_API IC_CHECK
ic_status ic_cancel_new(ic_cancel *out, ic_error *IC_NULLABLE error);

/// A second handle of the same token, for another owner; each is freed by itself.
/// Errors: `IC_ERROR_INVALID_HANDLE`, `IC_ERROR_INVALID_ARGUMENT`.
IC_API IC_CHECK
ic_status ic_cancel_clone(ic_cancel cancel, ic_cancel *out, ic_error *IC_NULLABLE error);

/// Ends every call that has this token, now and in future, with `IC_ERROR_CANCELLED`; the flow is where it was. Any number of
/// times. Not from a signal handler: it takes a lock.
IC_API
ic_status ic_cancel_trigger(ic_cancel cancel);

/// Whether `ic_cancel_trigger` was called.
IC_API
bool ic_cancel_is_triggered(ic_cancel cancel);

/// Frees a cancel token. NULL is fine. Calls that have it go on, and can be ended by its clones only.
IC_API
ic_status ic_cancel_free(ic_cancel cancel);

/* ---- Errors ------------------------------------------------------------------------------------------------------- */

/// The status that the call returned; `IC_ERROR_INVALID_HANDLE` for a handle that is no error.
IC_API
ic_status ic_error_status(ic_error error);

/// The class of the error as a stable word, for example `rate_limited`.
IC_API
ic_str ic_error_kind(ic_error error);

/// The whole error in one line: what happened, what the server said, what to do. For logs and for developers; it holds no
/// secret. Texts of the server are in it, cleaned of control characters.
IC_API
ic_str ic_error_message(ic_error error);

/// What happened, in one sentence, without what the server said and without advice.
IC_API
ic_str ic_error_text(ic_error error);

/// What to do about it; may be empty.
IC_API
ic_str ic_error_advice(ic_error error);

/// Whether the request may have reached the server. If so, ask it (`ic_flow_refresh`) before a credential goes out again.
IC_API
bool ic_error_maybe_sent(ic_error error);

/// The HTTP status of the answer; 0 when there was no answer.
IC_API
int32_t ic_error_http_status(ic_error error);

/// Okta's request id of the answer (`X-Okta-Request-Id`), for logs and for Okta's support.
IC_API
ic_str ic_error_request_id(ic_error error);

/// The OAuth `error` (RFC 6749 section 5.2), for example `invalid_grant`.
IC_API
ic_str ic_error_oauth_error(ic_error error);

/// The OAuth `error_description`: text of the server, control characters removed.
IC_API
ic_str ic_error_oauth_description(ic_error error);

/// Okta's API error code, for example `E0000047`.
IC_API
ic_str ic_error_api_code(ic_error error);

/// The rule of token verification that failed, for example `nonce` or `exp`; after `IC_ERROR_INVALID_TOKEN`.
IC_API
ic_str ic_error_rule(ic_error error);

/// How long to wait before trying again, in milliseconds, a day at most. False when the server did not say.
IC_API
bool ic_error_retry_after_ms(ic_error error, uint64_t *out);

/// How many messages of the server the error has; 32 at most.
IC_API
size_t ic_error_message_count(ic_error error);

/// The i18n key of a message, for example `errors.E0000004`. Decide by it, never by the text.
IC_API
ic_str ic_error_message_key(ic_error error, size_t index);

/// The text of a message, in the user's language: text of the server, control characters removed.
IC_API
ic_str ic_error_message_text(ic_error error, size_t index);

/// The field that a message belongs to, as a dotted path; NULL when it belongs to none.
IC_API
ic_str ic_error_message_path(ic_error error, size_t index);

/// How many things are wrong with the answer; after `IC_ERROR_INVALID_ANSWER`.
IC_API
size_t ic_error_problem_count(ic_error error);

/// The field that a problem is about, as a dotted path, for example `credentials.passcode`.
IC_API
ic_str ic_error_problem_path(ic_error error, size_t index);

/// What is wrong with that field, in words. Never holds the value.
IC_API
ic_str ic_error_problem_what(ic_error error, size_t index);

/// Frees an error. NULL is fine. `IC_ERROR_INVALID_HANDLE` for anything that is no live error.
IC_API
ic_status ic_error_free(ic_error error);

/* ---- Configs ------------------------------------------------------------------------------------------------------ */

/// Starts a config. `issuer` is the org (`https://acme.okta.com`) or a custom authorization server
/// (`https://acme.okta.com/oauth2/default`); `redirect_uri` is the registered one, needed also without redirects. Free it
/// with `ic_config_free`.
/// Errors: `IC_ERROR_INVALID_ARGUMENT`, `IC_ERROR_LIMIT_EXCEEDED`; what the texts mean is checked by `ic_client_new`.
IC_API IC_CHECK
ic_status ic_config_new(const char *issuer,
                        const char *client_id,
                        const char *redirect_uri,
                        ic_config *out,
                        ic_error *IC_NULLABLE error);

/// Starts a config from JSON: an object with `issuer`, `client_id`, `redirect_uri`, and as wanted `scopes` (a text with
/// spaces, or an array), `client_secret`, `client_authentication` (`none`, `client_secret_basic`, `client_secret_post`),
/// `user_agent`, `accept_language`, `device_token`, and `network` with `proxy` (a URL, `system`, `none`),
/// `connect_timeout_ms`, `read_timeout_ms`, `extra_roots_pem`, `pinned_roots_pem`, `platform_verifier`. Further settings can
/// be changed with the setters. Free it with `ic_config_free`.
/// Errors: `IC_ERROR_INVALID_ARGUMENT` names a member that is unknown, missing or of a wrong type; values are never quoted.
IC_API IC_CHECK
ic_status ic_config_from_json(const char *json,
                              ic_config *out,
                              ic_error *IC_NULLABLE error);

/// The scopes to ask for, separated by spaces, instead of `openid profile`.
IC_API IC_CHECK
ic_status ic_config_set_scopes(ic_config config, const char *scopes, ic_error *IC_NULLABLE error);

/// The secret of a confidential client, sent as `client_secret_basic` (RFC 6749 section 2.3.1). An app on somebody's device
/// has none.
IC_API IC_CHECK
ic_status ic_config_set_client_secret_basic(ic_config config,
                                            const char *secret,
                                            ic_error *IC_NULLABLE error);

/// The secret of a confidential client, sent as `client_secret_post`: in the body.
IC_API IC_CHECK
ic_status ic_config_set_client_secret_post(ic_config config, const char *secret, ic_error *IC_NULLABLE error);

/// The program's own product tokens, put before the library's in `User-Agent`, for example `acme-login/3.2`.
IC_API IC_CHECK
ic_status ic_config_set_user_agent(ic_config config, const char *prefix, ic_error *IC_NULLABLE error);

/// The `Accept-Language` of every request; it decides the language of messages, labels and mails.
IC_API IC_CHECK
ic_status ic_config_set_accept_language(ic_config config, const char *languages, ic_error *IC_NULLABLE error);

/// Identifies this device to the org: 1 to 32 ASCII characters, random, the same for every sign-in on it; the program keeps
/// it (idx.md section 1.4).
IC_API IC_CHECK
ic_status ic_config_set_device_token(ic_config config,
                                     const char *token,
                                     ic_error *IC_NULLABLE error);

/// Carries all requests over the program's own HTTP stack, instead of the built-in one. The struct is copied; `destroy` runs
/// after the last client and flow that use it, or when the call fails.
/// Errors: `IC_ERROR_INVALID_ARGUMENT` for a NULL struct, an impossible `size` (both untaken), or no `send`.
IC_API IC_CHECK
ic_status ic_config_set_transport(ic_config config,
                                  const ic_transport *transport,
                                  ic_error *IC_NULLABLE error);

/// Keeps flows over the end of the process: they save themselves, `ic_flow_resume` goes on. The struct is copied; `destroy`
/// as with `ic_config_set_transport`.
/// Errors: `IC_ERROR_INVALID_ARGUMENT` for a NULL struct, an impossible `size` (both untaken), or a missing function.
IC_API IC_CHECK
ic_status ic_config_set_storage(ic_config config,
                                const ic_storage *storage,
                                ic_error *IC_NULLABLE error);

/// Keeps flows in files of a directory that only its owner can read, **not encrypted**, instead of an `ic_storage`. The directory is
/// made when it is not there (its parent must be). Any number of programs may use one.
/// Errors: `IC_ERROR_STORAGE_UNAVAILABLE` when it cannot be used, or others than its owner can use it;
/// `IC_ERROR_INVALID_ARGUMENT` in a library that was built without.
IC_API IC_CHECK
ic_status ic_config_set_storage_directory(ic_config config,
                                          const char *directory,
                                          ic_error *IC_NULLABLE error);

/// Takes the lines of a log: methods, paths, statuses, times, request ids; never bodies, queries or values. The struct is
/// copied; `destroy` as with `ic_config_set_transport`.
/// Errors: `IC_ERROR_INVALID_ARGUMENT` for a NULL struct, an impossible `size` (both untaken), or no `log`.
IC_API IC_CHECK
ic_status ic_config_set_log(ic_config config,
                            const ic_log *log,
                            ic_error *IC_NULLABLE error);

/// Wipes and frees a config. NULL is fine. Clients that were made of it go on.
IC_API
ic_status ic_config_free(ic_config config);

/* ---- Settings of the built-in transport --------------------------------------------------------------------------- */

/// Goes through this proxy, whatever the environment says: `http://host:port`, `https://`, `socks5://`, `socks5h://`, with a
/// user name and a password as `http://user:password@host:port`, percent-encoded.
IC_API IC_CHECK
ic_status ic_config_set_proxy(ic_config config,
                              const char *url,
                              ic_error *IC_NULLABLE error);

/// Goes through no proxy, whatever the environment says.
IC_API IC_CHECK
ic_status ic_config_set_no_proxy(ic_config config, ic_error *IC_NULLABLE error);

/// Goes through the proxy that the environment names: the default. By curl's rules for https: the first of `https_proxy`,
/// `HTTPS_PROXY`, `all_proxy`, `ALL_PROXY` that is not empty, but for the hosts in `no_proxy` or `NO_PROXY` and this machine;
/// never `HTTP_PROXY`. A variable that cannot be read makes `ic_client_new` fail with `IC_ERROR_INVALID_ARGUMENT`; a program
/// that runs with more rights than its caller (set-user-id) looks at none.
IC_API IC_CHECK
ic_status ic_config_set_system_proxy(ic_config config,
                                     ic_error *IC_NULLABLE error);

/// How long making a connection may take, in milliseconds: name look-up, TCP, proxy and TLS together. Default 5 s; not 0.
IC_API IC_CHECK
ic_status ic_config_set_connect_timeout_ms(ic_config config,
                                           uint64_t timeout_ms,
                                           ic_error *IC_NULLABLE error);

/// How long the server may be silent within a request, in milliseconds. Default 20 s; not 0. The time limit of the call ends
/// it sooner.
IC_API IC_CHECK
ic_status ic_config_set_read_timeout_ms(ic_config config,
                                        uint64_t timeout_ms,
                                        ic_error *IC_NULLABLE error);

/// Also trusts these root certificates (PEM, one or more), beside the bundled or the system's ones. Calls add up.
IC_API IC_CHECK
ic_status ic_config_add_root_pem(ic_config config, const void *pem, size_t len, ic_error *IC_NULLABLE error);

/// Trusts these root certificates only (PEM, one or more): neither the bundled ones nor the system's.
IC_API IC_CHECK
ic_status ic_config_set_pinned_roots_pem(ic_config config, const void *pem, size_t len, ic_error *IC_NULLABLE error);

/// Whether the operating system decides which certificates are trusted, instead of the bundled Mozilla roots. In a build
/// without `IC_FEATURE_PLATFORM_VERIFIER` only `false` is possible.
IC_API IC_CHECK
ic_status ic_config_set_platform_verifier(ic_config config,
                                          bool on,
                                          ic_error *IC_NULLABLE error);

/* ---- Clients ------------------------------------------------------------------------------------------------------ */

/// Makes a client of a config, which stays as it is: it may be changed and used again, or freed. All settings are checked
/// here; no request is made. Free it with `ic_client_free`.
/// Errors: `IC_ERROR_INVALID_ARGUMENT` (names the setting), `IC_ERROR_TLS` when the system's certificates cannot be used,
/// `IC_ERROR_INVALID_HANDLE`, `IC_ERROR_BUSY`.
IC_API IC_CHECK
ic_status ic_client_new(ic_config config,
                        ic_client *out,
                        ic_error *IC_NULLABLE error);

/// A second handle of the same client, for another owner; each is freed by itself.
/// Errors: `IC_ERROR_INVALID_HANDLE`, `IC_ERROR_INVALID_ARGUMENT`.
IC_API IC_CHECK
ic_status ic_client_clone(ic_client client, ic_client *out, ic_error *IC_NULLABLE error);

/// The issuer, as it is compared with `iss` of ID tokens.
IC_API
ic_str ic_client_issuer(ic_client client);

/// The client id.
IC_API
ic_str ic_client_client_id(ic_client client);

/// The redirect URI.
IC_API
ic_str ic_client_redirect_uri(ic_client client);

/// The scopes that are asked for, separated by spaces.
IC_API
ic_str ic_client_scopes(ic_client client);

/// Frees a client. NULL is fine. Its flows go on; what it was given (transport, storage, log) is destroyed after the last
/// of them.
IC_API
ic_status ic_client_free(ic_client client);

/* ---- Flows -------------------------------------------------------------------------------------------------------- */

/// Starts a sign-in: `interact` and `introspect`, two requests (idx.md section 2). The flow is at its first step. Free it
/// with `ic_flow_free`.
/// Errors: `IC_ERROR_OAUTH` when the org refuses (the text names the switch to look at), `IC_ERROR_INVALID_ARGUMENT`,
/// `IC_ERROR_INVALID_HANDLE`, and those of the transport.
IC_API IC_CHECK
ic_status ic_flow_start(ic_client client,
                        const ic_start_options *IC_NULLABLE options,
                        const ic_call *IC_NULLABLE call,
                        ic_flow *out,
                        ic_error *IC_NULLABLE error);

/// Continues a flow that `ic_flow_save` saved, in this process or another. No request is made; `ic_flow_refresh` asks the
/// server where it is. Free it with `ic_flow_free`.
/// Errors: `IC_ERROR_INVALID_SNAPSHOT` when it is damaged, or was saved by another client or version.
IC_API IC_CHECK
ic_status ic_flow_restore(ic_client client,
                          const void *saved,
                          size_t len,
                          ic_flow *out,
                          ic_error *IC_NULLABLE error);

/// Continues the flow of this client that was stored last: `IC_OK`, and `*out` stays NULL when there is none, or no storage.
/// No request is made. Free the flow with `ic_flow_free`.
/// Errors: `IC_ERROR_STORAGE_UNAVAILABLE`, which does not mean that there is none; `IC_ERROR_INVALID_SNAPSHOT` when all that is
/// there cannot be used (it is removed then).
IC_API IC_CHECK
ic_status ic_flow_resume(ic_client client,
                         ic_flow *out,
                         ic_error *IC_NULLABLE error);

/// As `ic_flow_resume`, for a program with several sign-ins under way: `index` 0 is the flow that was stored last, 1 the one before
/// it, and so on; `*out` stays NULL when there are not so many. `ic_flow_kept_at` says when it was stored. Resume all before one of
/// them is driven: that changes the order.
/// Errors: as `ic_flow_resume`.
IC_API IC_CHECK
ic_status ic_flow_resume_at(ic_client client,
                            size_t index,
                            ic_flow *out,
                            ic_error *IC_NULLABLE error);

/// Why the storage does not have this flow as it is now: an error to be freed with `ic_error_free`, NULL when it has, or there is
/// no storage. The sign-in goes on without: look after a call, and tell the person not to leave the program. As of the last call
/// that ended. Never busy.
/// Errors: `IC_ERROR_INVALID_ARGUMENT`, `IC_ERROR_INVALID_HANDLE`.
IC_API IC_CHECK
ic_status ic_flow_storage_trouble(ic_flow flow,
                                  ic_error *out,
                                  ic_error *IC_NULLABLE error);

/// When the flow was stored last, in milliseconds since 1970; 0 when it is not in a storage. Never busy.
IC_API
uint64_t ic_flow_kept_at(ic_flow flow);

/// What the server asks now. Never busy: while a call is under way it is the step that the call has come to. Free the step
/// with `ic_step_free`.
/// Errors: `IC_ERROR_INVALID_STATE` when the flow has no step (after a callback brought the code, after the tokens).
IC_API IC_CHECK
ic_status ic_flow_step(ic_flow flow,
                       ic_step *out,
                       ic_error *IC_NULLABLE error);

/// The last step that could be answered. It is the one of `ic_flow_step`, except after a refusal that came without a form:
/// then the form before it is still here and can be sent again. Never busy. Free the step with `ic_step_free`.
/// Errors: `IC_ERROR_INVALID_STATE` when there is none.
IC_API IC_CHECK
ic_status ic_flow_form_step(ic_flow flow,
                            ic_step *out,
                            ic_error *IC_NULLABLE error);

/// Whether the interaction code is here, so that `ic_flow_finish` can redeem it. Never busy.
IC_API
bool ic_flow_is_complete(ic_flow flow);

/// Whether `ic_flow_finish` or `ic_flow_run` gave the tokens: nothing is left to do. Never busy.
IC_API
bool ic_flow_is_finished(ic_flow flow);

/// How it ended: an `IC_ENDING_...` number; 0 while it goes on. Without tokens it may have ended well: the account is unlocked, a
/// mail was sent. `ic_screen_ending_text` says it to the person. As of the last call that ended. Never busy.
IC_API
int32_t ic_flow_ending(ic_flow flow);

/// Whether a screen is still to be shown: it is that of the current step, or of one that was only polled since and asks the
/// same. What was typed for it can be taken with `ic_flow_take`. As of the last call that ended. Never busy.
IC_API
bool ic_flow_is_at(ic_flow flow,
                   ic_screen screen);

/// How many requests the flow has made, polls included, the fetch of keys not; as of the last call that ended. Never busy.
IC_API
uint64_t ic_flow_requests(ic_flow flow);

/// The client that the flow belongs to, as a handle of its own. Free it with `ic_client_free`.
/// Errors: `IC_ERROR_INVALID_HANDLE`, `IC_ERROR_BUSY`.
IC_API IC_CHECK
ic_status ic_flow_client(ic_flow flow, ic_client *out, ic_error *IC_NULLABLE error);

/// Saves the flow, to be continued by `ic_flow_restore`. The bytes are a secret: they hold what continues the sign-in, but
/// no password and no token. Free them with `ic_buffer_free`.
/// Never busy: while a call works on the flow, it is saved where it came to rest last.
/// Errors: `IC_ERROR_INVALID_STATE` when there is nothing to continue.
IC_API IC_CHECK
ic_status ic_flow_save(ic_flow flow,
                       ic_buffer *out,
                       ic_error *IC_NULLABLE error);

/// Frees a flow and wipes its secrets. NULL is fine. The server is not told: `ic_flow_cancel` does that.
IC_API
ic_status ic_flow_free(ic_flow flow);

/* ---- What drives a flow ------------------------------------------------------------------------------------------- */

/// Sends an answer; the next step goes to `out`, which may be NULL. A 4xx with a form in it is a step with messages, not an
/// error. The answer is not used up: free it. After success `*out` is NULL when the flow has no step.
/// Errors: `IC_ERROR_INVALID_ANSWER` (with problems) and `IC_ERROR_FOREIGN_ORIGIN` before anything is sent; `IC_ERROR_BUSY`; then
/// those of the transport and of the server. Nothing is sent twice.
IC_API IC_CHECK
ic_status ic_flow_proceed(ic_flow flow,
                          ic_answer answer,
                          const ic_call *IC_NULLABLE call,
                          ic_step *IC_NULLABLE out,
                          ic_error *IC_NULLABLE error);

/// The screen of the current step, and after that of each one that follows: call it in a loop whose body takes a way
/// (`ic_flow_take`). A step that the body left as it is, and that can be polled, is polled until it changes, by default for
/// five minutes. After a call that failed, the same screen comes again. `*out` is NULL when the sign-in is complete
/// (`ic_flow_finish`); a screen with an ending (`ic_screen_ending`) is the last one. Free it with `ic_screen_free`.
/// Errors: as `ic_flow_poll`; `IC_ERROR_INVALID_STATE` when a step that wants an answer got none.
IC_API IC_CHECK
ic_status ic_flow_next(ic_flow flow,
                       const ic_call *IC_NULLABLE call,
                       ic_screen *out,
                       ic_error *IC_NULLABLE error);

/// Connects, and fetches what the end of the sign-in needs, while the person types: the last input is then followed by two
/// requests only. Nothing is asked of the sign-in. Errors: those of the transport; the sign-in goes on without it.
IC_API IC_CHECK
ic_status ic_client_prepare(ic_client client,
                            const ic_call *IC_NULLABLE call,
                            ic_error *IC_NULLABLE error);

/// Asks the server for the current step (`introspect`). Safe at any time, and the way to learn whether an answer of which
/// the reply was lost has arrived. `out` may be NULL. Errors: those of the transport and of the server, `IC_ERROR_BUSY`.
IC_API IC_CHECK
ic_status ic_flow_refresh(ic_flow flow,
                          const ic_call *IC_NULLABLE call,
                          ic_step *IC_NULLABLE out,
                          ic_error *IC_NULLABLE error);

/// Sends the code or the push again. `out` may be NULL. Errors: `IC_ERROR_NOT_FOUND` when the step does not offer it; as
/// `ic_flow_refresh`.
IC_API IC_CHECK
ic_status ic_flow_resend(ic_flow flow,
                         const ic_call *IC_NULLABLE call,
                         ic_step *IC_NULLABLE out,
                         ic_error *IC_NULLABLE error);

/// Sends the code, where the step offers that as an action. `out` may be NULL. Errors: as `ic_flow_resend`.
IC_API IC_CHECK
ic_status ic_flow_send(ic_flow flow, const ic_call *IC_NULLABLE call, ic_step *IC_NULLABLE out, ic_error *IC_NULLABLE error);

/// Forgot the password: takes the `recover` action. `out` may be NULL. Errors: as `ic_flow_resend`.
IC_API IC_CHECK
ic_status ic_flow_recover(ic_flow flow, const ic_call *IC_NULLABLE call, ic_step *IC_NULLABLE out, ic_error *IC_NULLABLE error);

/// Leaves an optional step out. `out` may be NULL. Errors: as `ic_flow_resend`.
IC_API IC_CHECK
ic_status ic_flow_skip(ic_flow flow, const ic_call *IC_NULLABLE call, ic_step *IC_NULLABLE out, ic_error *IC_NULLABLE error);

/// Cancels at the server; the flow is at a fresh first page. To give up, free the flow afterwards. `out` may be NULL. Not to
/// be mixed up with `ic_cancel_trigger`, which ends a call. Errors: as `ic_flow_resend`; then use `ic_flow_restart`.
IC_API IC_CHECK
ic_status ic_flow_cancel(ic_flow flow,
                         const ic_call *IC_NULLABLE call,
                         ic_step *IC_NULLABLE out,
                         ic_error *IC_NULLABLE error);

/// Begins anew with the same options and fresh secrets: the way on from an expired or ended transaction. `out` may be NULL.
/// On an error the old flow is still here. Errors: as `ic_flow_start`, `IC_ERROR_BUSY`.
IC_API IC_CHECK
ic_status ic_flow_restart(ic_flow flow,
                          const ic_call *IC_NULLABLE call,
                          ic_step *IC_NULLABLE out,
                          ic_error *IC_NULLABLE error);

/// Waits until the step changes, by the server's interval (idx.md section 5.7); without a time limit in `call`, five
/// minutes. Loss of network is tolerated until then. `out` may be NULL. A push may show a number: `ic_step_number_challenge`.
/// Errors: `IC_ERROR_NOT_FOUND` when the step cannot be polled, `IC_ERROR_TIMEOUT`, `IC_ERROR_CANCELLED`, `IC_ERROR_BUSY`, and
/// answers of the server that polling again cannot change.
IC_API IC_CHECK
ic_status ic_flow_poll(ic_flow flow,
                       const ic_call *IC_NULLABLE call,
                       ic_step *IC_NULLABLE out,
                       ic_error *IC_NULLABLE error);

/// As `ic_flow_poll`, calling `handler->waiting` before each poll with what is being waited for; `remediate` is not called
/// and may be NULL. When `waiting` stops the wait, the step is the same. The handler is borrowed for the call; its `destroy`
/// runs before the call returns. Errors: as `ic_flow_poll`; `IC_ERROR_INVALID_ARGUMENT` for the struct, or when it has no `waiting`.
IC_API IC_CHECK
ic_status ic_flow_poll_while(ic_flow flow,
                             const ic_handler *handler,
                             const ic_call *IC_NULLABLE call,
                             ic_step *out,
                             ic_error *IC_NULLABLE error);

/// Takes the URL that the program was opened with after a redirect or by a link in a mail (idx.md section 10.2). Address and
/// `state` are checked first. Afterwards the flow is complete, or at its next step. `*code` is NULL, or a code from a mail that
/// the current step does not wait for: show it, the person types it where they began; free it with `ic_buffer_free`.
/// `code` may be NULL, then such a code is lost.
/// Errors: `IC_ERROR_INVALID_CALLBACK` when the URL is not the answer to this flow, `IC_ERROR_OAUTH` when it reports a failure; in
/// both cases the flow is where it was.
IC_API IC_CHECK
ic_status ic_flow_handle_callback(ic_flow flow,
                                  const char *url,
                                  const ic_call *IC_NULLABLE call,
                                  ic_buffer *IC_NULLABLE code,
                                  ic_error *IC_NULLABLE error);

/// Goes through the sign-in to its tokens: asks `handler` for each step, polls, redeems, verifies. Without a time limit in
/// `call`: five minutes for the whole run. The handler is borrowed for the call; its `destroy` runs before the call returns.
/// Free the tokens with `ic_tokens_free`.
/// Errors: those of the handler, of the transport and of the server; `IC_ERROR_TERMINAL` and `IC_ERROR_EXPIRED` with the
/// server's messages when the sign-in ended without tokens. The flow stays usable, and can be run again.
IC_API IC_CHECK
ic_status ic_flow_run(ic_flow flow,
                      const ic_handler *handler,
                      const ic_call *IC_NULLABLE call,
                      ic_tokens *out,
                      ic_error *IC_NULLABLE error);

/// Redeems the interaction code and verifies the ID token (idx.md section 9, OpenID Connect Core 3.1.3.7). The code is sent
/// once. When only the keys could not be fetched, call it again: the tokens are kept. Free the tokens with `ic_tokens_free`.
/// Errors: `IC_ERROR_INVALID_STATE` when the sign-in is not complete, `IC_ERROR_OAUTH`, `IC_ERROR_INVALID_TOKEN` with
/// `ic_error_rule`, `IC_ERROR_BUSY`, and those of the transport.
IC_API IC_CHECK
ic_status ic_flow_finish(ic_flow flow,
                         const ic_call *IC_NULLABLE call,
                         ic_tokens *out,
                         ic_error *IC_NULLABLE error);

/* ---- Screens ------------------------------------------------------------------------------------------------------ */

/// The screen of a step. Equal steps give equal screens. Free it with `ic_screen_free`; it outlives its step.
/// Errors: `IC_ERROR_INVALID_HANDLE`, `IC_ERROR_INVALID_ARGUMENT`.
IC_API IC_CHECK
ic_status ic_step_screen(ic_step step, ic_screen *out, ic_error *IC_NULLABLE error);

/// The screen of a flow's current step, and what only the flow knows beside it: that a challenge was polled before it
/// ended. Never busy: while a call is under way it is the screen of the step that the call has come to. Free it with
/// `ic_screen_free`.
/// Errors: `IC_ERROR_INVALID_STATE` when the flow has no step, `IC_ERROR_INVALID_HANDLE`.
IC_API IC_CHECK
ic_status ic_flow_screen(ic_flow flow, ic_screen *out, ic_error *IC_NULLABLE error);

/// The whole screen as JSON, for a web view or another renderer (docs/screen.md). It holds what the person sees, the
/// secret of an app being set up and the number to match among it: do not log it.
IC_API
ic_str ic_screen_json(ic_screen screen);

/// A text anywhere in the JSON of the screen, by a path of names and places: `elements.2.label.text`, `ways.0.url`,
/// `subject.app`. A number or a boolean as written. NULL where there is none.
IC_API
ic_str ic_screen_text(ic_screen screen, const char *path);

/// A number anywhere in the JSON of the screen, by its path: `elements.1.interval_ms`. False, and 0, where there is none.
IC_API
bool ic_screen_number(ic_screen screen,
                      const char *path,
                      int64_t *out);

/// Whether a boolean anywhere in the JSON of the screen is true, by its path: `elements.0.required`. What is absent is not.
IC_API
bool ic_screen_bool(ic_screen screen,
                    const char *path);

/// How many entries a list or members an object has, by its path: `elements.2.scopes`. 0 for anything else.
IC_API
size_t ic_screen_count(ic_screen screen, const char *path);

/// What screen it is, for a program that draws one of them in its own way: `identify`, `verify.okta_email.email`,
/// `select.verify`, `ended.unlocked`, `other`. An open set.
IC_API
ic_str ic_screen_name(ic_screen screen);

/// The heading.
IC_API
ic_str ic_screen_title(ic_screen screen);

/// Who signs in, where the server knows: the user name. NULL otherwise.
IC_API
ic_str ic_screen_identifier(ic_screen screen);

/// What is signed in to: the name of the app. NULL where the server does not say.
IC_API
ic_str ic_screen_app(ic_screen screen);

/// How many things the server says to the person. Each is there once.
IC_API
size_t ic_screen_notice_count(ic_screen screen);

/// What the server says: a wrong password, a warning. NULL past the end.
IC_API
ic_str ic_screen_notice(ic_screen screen, size_t index);

/// How serious it is: `error`, `warning`, `info`, `success`. NULL past the end.
IC_API
ic_str ic_screen_notice_severity(ic_screen screen, size_t index);

/// The one default, which may be followed blindly: `answer` (ask the person), `wait` (poll), `device`, `open` (an address, in a
/// browser), `submit` (nothing is asked), `end`.
IC_API
ic_str ic_screen_suggested(ic_screen screen);

/// The index of the suggested way; `IC_NO_WAY` where the person must pick one.
IC_API
size_t ic_screen_suggested_way(ic_screen screen);

/// The index of the way to take without a word of the person, where something else is waited for, a device challenge is given up
/// (ask the app first, when it can prove the device), or the form asks nothing; `IC_NO_WAY` where the person is asked.
IC_API
size_t ic_screen_unasked_way(ic_screen screen);

/// The index of the way that leaves this step out; `IC_NO_WAY` where it cannot be. Offer it, never take it unasked.
IC_API
size_t ic_screen_suggested_skip(ic_screen screen);

/// Frees a screen. NULL is fine. Its texts end with it; drafts of it stay.
IC_API
ic_status ic_screen_free(ic_screen screen);

/* ---- Elements ----------------------------------------------------------------------------------------------------- */

/// How many elements there are.
IC_API
size_t ic_screen_element_count(ic_screen screen);

/// What an element is: `text`, `input`, `choice`, `picture`, `secret`, `number`, `requirements`, `consent`, `waiting`, `frame`,
/// `facts`. An open set: of a kind that you do not know, draw the text. NULL past the end.
IC_API
ic_str ic_screen_element_kind(ic_screen screen,
                                     size_t element);

/// What it says: can be drawn whatever the kind is. NULL past the end.
IC_API
ic_str ic_screen_element_text(ic_screen screen, size_t element);

/// Its literal value, to be shown as it is: the number to match, very large; the secret of an app being set up, in groups;
/// what a square picture says; an address to copy. NULL where there is none.
IC_API
ic_str ic_screen_element_value(ic_screen screen,
                                      size_t element);

/// The bytes of a picture; `elements.N.media` says of which type. None for any other element.
IC_API
ic_bytes ic_screen_element_picture(ic_screen screen, size_t element);

/// The control that an `input` or a `choice` is, for the `ic_screen_control_...` functions. `IC_NO_NODE` for anything else.
IC_API
ic_node ic_screen_element_control(ic_screen screen,
                                  size_t element);

/// The index of the way that it belongs to; `IC_NO_WAY` for what is always shown.
IC_API
size_t ic_screen_element_way(ic_screen screen, size_t element);

/// Whether it is drawn when the screen comes. The others are drawn when their way is taken.
IC_API
bool ic_screen_element_is_front(ic_screen screen, size_t element);

/* ---- Controls ----------------------------------------------------------------------------------------------------- */

/// The control at the wire names joined by dots, for example `credentials.passcode`: the first element that has this path.
/// `IC_NO_NODE` where there is none.
IC_API
ic_node ic_screen_control(ic_screen screen,
                          const char *path);

/// Its caption. NULL for a number that is no control.
IC_API
ic_str ic_screen_control_label(ic_screen screen, ic_node control);

/// What it wants: `username`, `password`, `new_password`, `code`, `answer`, `phone`, `country`, `email`, `profile`, `choice`,
/// `authenticator`, `toggle`, `consent`, `captcha`, `passkey`, `frame`, `number`, `value`.
IC_API
ic_str ic_screen_control_ask(ic_screen screen,
                                    ic_node control);

/// The wire names that lead to it, joined by dots.
IC_API
ic_str ic_screen_control_path(ic_screen screen, ic_node control);

/// Whether it must be filled.
IC_API
bool ic_screen_control_is_required(ic_screen screen, ic_node control);

/// Whether to hide what is typed.
IC_API
bool ic_screen_control_is_secret(ic_screen screen, ic_node control);

/// Whether to ask for it twice; the second entry goes to `ic_draft_confirm`.
IC_API
bool ic_screen_control_wants_confirm(ic_screen screen, ic_node control);

/// The caption of the second box, where it is asked for twice. NULL where it is not.
IC_API
ic_str ic_screen_control_confirm_label(ic_screen screen, ic_node control);

/// Which keyboard to show: `text`, `secret`, `email`, `digits`, `phone`, `words`, `capitals`, `url`, `list`, `none`.
IC_API
ic_str ic_screen_control_keyboard(ic_screen screen, ic_node control);

/// What stands in it already, as text. NULL where there is nothing, and for an array or object.
IC_API
ic_str ic_screen_control_preset(ic_screen screen, ic_node control);

/// The options for the platform's passkeys, as JSON. NULL where it wants no passkey, or the server sent no challenge.
IC_API
ic_str ic_screen_control_passkey(ic_screen screen, ic_node control);

/// How many things it can be set to with `ic_draft_choose`; 0 for what is typed.
IC_API
size_t ic_screen_control_option_count(ic_screen screen, ic_node control);

/// The caption of an option. NULL past the end.
IC_API
ic_str ic_screen_control_option_label(ic_screen screen, ic_node control, size_t option);

/// The second line of an option: a masked address, the name of a device. NULL where it has none.
IC_API
ic_str ic_screen_control_option_detail(ic_screen screen, ic_node control, size_t option);

/// What to say below an option: until when it must be set up, what it is for. NULL where there is nothing to say.
IC_API
ic_str ic_screen_control_option_note(ic_screen screen, ic_node control, size_t option);

/// How many inputs of its own an option brings, which are asked for once it is chosen.
IC_API
size_t ic_screen_control_option_input_count(ic_screen screen, ic_node control, size_t option);

/// An input that an option brings, for the `ic_screen_control_...` functions. `IC_NO_NODE` past the end.
IC_API
ic_node ic_screen_control_option_input(ic_screen screen, ic_node control, size_t option, size_t index);

/// What tells an option from the others whatever the language is: the value that is sent, or the key of the authenticator
/// with its method (`phone_number.sms`). NULL where it has none.
IC_API
ic_str ic_screen_control_option_name(ic_screen screen,
                                            ic_node control,
                                            size_t option);

/* ---- Ways --------------------------------------------------------------------------------------------------------- */

/// How many ways there are.
IC_API
size_t ic_screen_way_count(ic_screen screen);

/// What the button or link of a way says. NULL past the end.
IC_API
ic_str ic_screen_way_label(ic_screen screen, size_t way);

/// How much it matters: `primary` (none or one), `alternative`, `link`, `cancel` (none or one).
IC_API
ic_str ic_screen_way_role(ic_screen screen, size_t way);

/// What taking it does: `submit`, `act`, `choose`, `passkey`, `wait` are `ic_flow_take`'s; `open` and `launch` are the program's:
/// it hands the address (`ic_screen_way_url`) to a browser or to the system.
IC_API
ic_str ic_screen_way_does(ic_screen screen,
                                 size_t way);

/// What to open or to launch. NULL where there is nothing.
IC_API
ic_str ic_screen_way_url(ic_screen screen, size_t way);

/// Its wire name when it is a remediation, else the path of the action, else `restart`: for programs that take a way by name.
IC_API
ic_str ic_screen_way_name(ic_screen screen,
                                 size_t way);

/// The first way of this name (`ic_screen_way_name`), a quiet one, too. `IC_NO_WAY` where there is none.
IC_API
size_t ic_screen_way_named(ic_screen screen, const char *wanted);

/// Whether it need not be drawn; it can be taken all the same.
IC_API
bool ic_screen_way_is_quiet(ic_screen screen, size_t way);

/// When to show it, in milliseconds after the step came: "send again" is not for at once.
IC_API
uint64_t ic_screen_way_after_ms(ic_screen screen, size_t way);

/* ---- Endings ------------------------------------------------------------------------------------------------------ */

/// How it ended: an `IC_ENDING_...` number; 0 while it goes on.
IC_API
int32_t ic_screen_ending(ic_screen screen);

/// Whether the person got what they came for. False while it goes on.
IC_API
bool ic_screen_ending_is_good(ic_screen screen);

/// How it ended, for the person. NULL while it goes on.
IC_API
ic_str ic_screen_ending_text(ic_screen screen);

/// When it makes sense to begin again: `none`, `now`, `later`, `elsewhere`. NULL while it goes on.
IC_API
ic_str ic_screen_ending_retry(ic_screen screen);

/// The name of an ending as a stable word, for example `mail_sent`; NULL for a number that is none. Valid for ever.
IC_API
ic_str ic_ending_name(int32_t ending);

/* ---- Drafts ------------------------------------------------------------------------------------------------------- */

/// An empty draft for a screen; what the server filled in stands in it. Free it with `ic_draft_free`, which wipes what was
/// typed; it outlives the handle of its screen.
/// Errors: `IC_ERROR_INVALID_HANDLE`, `IC_ERROR_INVALID_ARGUMENT`.
IC_API IC_CHECK
ic_status ic_draft_new(ic_screen screen,
                       ic_draft *out,
                       ic_error *IC_NULLABLE error);

/// What to ask for next to take this way: the number of an input or a choice, each once and in the order to ask it; what an
/// option brings comes after it was chosen. `IC_NO_NODE` when everything was asked. A window that shows all at once does not
/// need this.
IC_API
ic_node ic_draft_next(ic_draft draft,
                      size_t way);

/// Puts a text into an input; an empty one empties it. It is taken for what the input wants: `true` for a toggle, `17` for a
/// number, the JSON of the platform for a passkey. What is wrong with it is said by the problems.
/// Errors: `IC_ERROR_NOT_FOUND` when the screen has no such input, `IC_ERROR_INVALID_ARGUMENT`.
IC_API IC_CHECK
ic_status ic_draft_set_text(ic_draft draft,
                            ic_node control,
                            const char *value,
                            ic_error *IC_NULLABLE error);

/// Answers an input with yes or no. Errors: as `ic_draft_set_text`.
IC_API IC_CHECK
ic_status ic_draft_set_bool(ic_draft draft, ic_node control, bool value, ic_error *IC_NULLABLE error);

/// Puts any JSON value into an input. Errors: as `ic_draft_set_text`; `IC_ERROR_INVALID_ARGUMENT` when it is not JSON.
IC_API IC_CHECK
ic_status ic_draft_set_json(ic_draft draft, ic_node control, const char *value, ic_error *IC_NULLABLE error);

/// Chooses an option of a control, by index. What it brings can be filled afterwards.
/// Errors: `IC_ERROR_NOT_FOUND` when there is no such control or option.
IC_API IC_CHECK
ic_status ic_draft_choose(ic_draft draft, ic_node control, size_t option, ic_error *IC_NULLABLE error);

/// The second entry of a new password. Errors: as `ic_draft_set_text`; `IC_ERROR_INVALID_ARGUMENT` when the input wants none.
IC_API IC_CHECK
ic_status ic_draft_confirm(ic_draft draft,
                           ic_node control,
                           const char *value,
                           ic_error *IC_NULLABLE error);

/// How much is wrong with what was given for a way; 0 when it can be taken.
IC_API
size_t ic_draft_problem_count(ic_draft draft, size_t way);

/// What is wrong, in words for the person. NULL past the end. Valid until the draft is freed.
IC_API
ic_str ic_draft_problem(ic_draft draft, size_t way, size_t index);

/// The path of the control that it is about. NULL past the end. Valid until the draft is freed.
IC_API
ic_str ic_draft_problem_path(ic_draft draft, size_t way, size_t index);

/// The answer for a way, for `ic_flow_proceed`; `ic_flow_take` makes and sends it. Free it with `ic_answer_free`.
/// Errors: `IC_ERROR_INVALID_ANSWER` with the problems, `IC_ERROR_INVALID_STATE` for a way that sends nothing,
/// `IC_ERROR_NOT_FOUND`.
IC_API IC_CHECK
ic_status ic_draft_answer(ic_draft draft, size_t way, ic_answer *out, ic_error *IC_NULLABLE error);

/// Takes a way of the draft's screen, with what was given: sends its form or its action, or waits; the way `restart` begins
/// anew. The next step goes to `out`, which may be NULL. A refused answer is a step with notices, not an error. The draft is
/// not used up: free it.
/// Errors before anything is sent: `IC_ERROR_INVALID_ANSWER` with problems, or when the screen is not that of the current step;
/// `IC_ERROR_INVALID_ARGUMENT` for a way that opens or launches an address, which the program does; `IC_ERROR_NOT_FOUND`. Then
/// as `ic_flow_proceed` and `ic_flow_poll`.
IC_API IC_CHECK
ic_status ic_flow_take(ic_flow flow,
                       ic_draft draft,
                       size_t way,
                       const ic_call *IC_NULLABLE call,
                       ic_step *IC_NULLABLE out,
                       ic_error *IC_NULLABLE error);

/// Wipes and frees a draft. NULL is fine.
IC_API
ic_status ic_draft_free(ic_draft draft);

/* ---- Handlers ----------------------------------------------------------------------------------------------------- */

/// Send this answer. It is copied: free it afterwards. Of several `ic_action_...` calls the last one counts.
/// Errors: `IC_ERROR_INVALID_HANDLE`, `IC_ERROR_BUSY`.
IC_API
ic_status ic_action_proceed(ic_action action, ic_answer answer);

/// Wait for what happens elsewhere, where the step can be polled.
IC_API
ic_status ic_action_poll(ic_action action);

/// Send the code or the push again.
IC_API
ic_status ic_action_resend(ic_action action);

/// Send the code.
IC_API
ic_status ic_action_send(ic_action action);

/// Forgot the password.
IC_API
ic_status ic_action_recover(ic_action action);

/// Leave an optional step out.
IC_API
ic_status ic_action_skip(ic_action action);

/// Ask the server for the current step.
IC_API
ic_status ic_action_refresh(ic_action action);

/// Cancel at the server, and end the run with `IC_ERROR_CANCELLED`.
IC_API
ic_status ic_action_cancel(ic_action action);

/// Begin anew.
IC_API
ic_status ic_action_restart(ic_action action);

/// The program was opened with this URL, after a redirect or by a link in a mail.
/// Errors: `IC_ERROR_INVALID_ARGUMENT`, `IC_ERROR_INVALID_HANDLE`.
IC_API
ic_status ic_action_callback(ic_action action, const char *url);

/// Why `remediate` is about to return a failure: becomes the text of the error. No secret in it.
/// Errors: `IC_ERROR_INVALID_ARGUMENT`, `IC_ERROR_INVALID_HANDLE`.
IC_API
ic_status ic_action_fail(ic_action action, const char *why);

/// The number that the person must choose in their app (number challenge); NULL when there is none. Always show it.
IC_API
ic_str ic_waiting_number(ic_waiting waiting);

/// How long until the next poll, in milliseconds.
IC_API
uint64_t ic_waiting_interval_ms(ic_waiting waiting);

/// How long until the call's time limit, in milliseconds.
IC_API
uint64_t ic_waiting_remaining_ms(ic_waiting waiting);

/// The step that is waited on, as a handle of its own. Free it with `ic_step_free`.
/// Errors: `IC_ERROR_INVALID_HANDLE`, `IC_ERROR_INVALID_ARGUMENT`.
IC_API IC_CHECK
ic_status ic_waiting_step(ic_waiting waiting, ic_step *out, ic_error *IC_NULLABLE error);

/// Why the last poll failed, when it did; the wait goes on. `*out` is NULL when there was no trouble. Free it with
/// `ic_error_free`. Errors: `IC_ERROR_INVALID_HANDLE`, `IC_ERROR_INVALID_ARGUMENT`.
IC_API
ic_status ic_waiting_trouble(ic_waiting waiting, ic_error *out);

/* ---- Steps -------------------------------------------------------------------------------------------------------- */

/// Reads a response of the protocol from `len` bytes, 2 MB at most: for recorded responses and for tests. Steps of a
/// sign-in come from its flow. Free it with `ic_step_free`.
/// Errors: `IC_ERROR_PROTOCOL` when it is not JSON or no response of this protocol, `IC_ERROR_LIMIT_EXCEEDED` when it
/// is too large, too deep or has too many values, `IC_ERROR_INVALID_ARGUMENT`.
IC_API IC_CHECK
ic_status ic_step_read(const void *body, size_t len, ic_step *out, ic_error *IC_NULLABLE error);

/// A second handle of the same step, for another owner; each is freed by itself. Nodes are the same in both.
/// Errors: `IC_ERROR_INVALID_HANDLE`, `IC_ERROR_INVALID_ARGUMENT`, `IC_ERROR_LIMIT_EXCEEDED` when there are too many
/// handles.
IC_API IC_CHECK
ic_status ic_step_clone(ic_step step, ic_step *out, ic_error *IC_NULLABLE error);

/// What the step asks for, by all of its remediations (idx.md section 11.1), as one word, for programs with a screen
/// per kind of step: `success` (the code is here: `ic_flow_finish`), `success_redirect`, `failure_redirect`,
/// `terminal`, `device_enrollment`, `password_expired`, `password_expiring`, `password_reset`, `profile_enrollment`,
/// `authenticator_verification`, `authenticator_enrollment`, `challenge_poll`, `enroll_poll`, `device_challenge_poll`,
/// `authenticator_verification_data`, `authenticator_enrollment_data`, `enrollment_channel_data`,
/// `authenticator_selection`, `authenticator_enrollment_selection`, `unlock_selection`, `identification`,
/// `recovery_identification`, `consent`, `user_code`, `keep_me_signed_in`, `redirect`, `safe_mode_poll`, or `other`.
/// Newer libraries may have more words: treat an unknown one as `other`, and show its form.
IC_API
ic_str ic_step_status(ic_step step);

/// The HTTP status of the response. A 4xx is an ordinary step: read its messages. 200 for a step of `ic_step_read`; 0
/// for a bad handle.
IC_API
int32_t ic_step_http_status(ic_step step);

/// Okta's request id of the response (`X-Okta-Request-Id`), for logs and for Okta's support.
IC_API
ic_str ic_step_request_id(ic_step step);

/// The whole response as it came. It holds state handles, which are secret: do not log it.
IC_API
ic_str ic_step_json(ic_step step);

/// The version of the protocol as it came, mostly `1.0.0`.
IC_API
ic_str ic_step_version(ic_step step);

/// The opaque state of the transaction: a secret. Forms carry their own, so answers do not need it.
IC_API
ic_str ic_step_state_handle(ic_step step);

/// When this state ends, as it came (ISO 8601).
IC_API
ic_str ic_step_expires_at_text(ic_step step);

/// When this state ends, in seconds since 1970 (UTC), by the server's clock. False, and 0, when the server did not say
/// or said something that is no date.
IC_API
bool ic_step_expires_at(ic_step step, int64_t *out);

/// What the transaction is for, as a name of the protocol: `LOGIN`, `ENROLL_NEW_USER`, `CREDENTIAL_RECOVERY`, `CONSENT`
/// and others (idx.md section 3.1), in capitals; an unknown one as it came.
IC_API
ic_str ic_step_intent(ic_step step);

/// The number that the person must choose in their app, wherever the step carries one (number challenge of Okta
/// Verify). Always show it.
IC_API
ic_str ic_step_number_challenge(ic_step step);

/// Where a success that brings no tokens here sends the user's browser.
IC_API
ic_str ic_step_success_redirect(ic_step step);

/// Where a failure sends the user's browser.
IC_API
ic_str ic_step_failure_redirect(ic_step step);

/// Whether there is nothing to answer: no success, and no remediation but perhaps `skip` (idx.md section 7.3). The
/// messages say how it ended.
IC_API
bool ic_step_is_terminal(ic_step step);

/// Whether there is a message of class `ERROR`, on the step or on a field.
IC_API
bool ic_step_has_error(ic_step step);

/// Whether the step verifies the password of a known user (with a `challenge-authenticator` remediation). There may be
/// other remediations beside it.
IC_API
bool ic_step_is_password_challenge(ic_step step);

/// Whether a message, on the step or on a field, has this i18n key (idx.md section 7.2), for example `errors.E0000004`.
/// The two spellings that some keys have (`idx.session.expired` and `error.expired.session`) are one.
IC_API
bool ic_step_has_message(ic_step step, const char *key);

/// Whether a remediation of this wire name is offered, for example `skip`.
IC_API
bool ic_step_offers(ic_step step, const char *name);

/// How many remediations there are: the ways to go on (idx.md section 5).
IC_API
size_t ic_step_remediation_count(ic_step step);

/// A remediation, in the server's order: the first is the one it suggests. `IC_NO_NODE` past the end.
IC_API
ic_node ic_step_remediation(ic_step step, size_t index);

/// The first remediation of this wire name, for example `identify`; names may repeat (several `redirect-idp`).
/// `IC_NO_NODE` when it is not offered: the server's policy decides that, and may change.
IC_API
ic_node ic_step_remediation_named(ic_step step, const char *name);

/// How many actions stand beside the remediations: `cancel`, and those of the authenticators (idx.md section 4.1).
IC_API
size_t ic_step_action_count(ic_step step);

/// An action: what the `ic_remediation_...` functions and `ic_answer_new` take. `IC_NO_NODE` past the end.
IC_API
ic_node ic_step_action(ic_step step, size_t index);

/// Where an action stands, as other SDKs write it: `cancel`, `currentAuthenticator-resend`,
/// `authenticatorChallenge-cancel`. NULL past the end.
IC_API
ic_str ic_step_action_path(ic_step step, size_t index);

/// The first action of this name: a path as of `ic_step_action_path`, the member it stands under (`resend`), or else
/// its wire name (`cancel-polling`). `IC_NO_NODE` when there is none.
IC_API
ic_node ic_step_action_named(ic_step step, const char *name);

/// How many authenticators and enrolments there are, each place in the response counted (idx.md section 6).
IC_API
size_t ic_step_authenticator_count(ic_step step);

/// An authenticator or enrolment. The same one may be there several times, offered and enrolled and being verified:
/// each place is one, with its own `ic_authenticator_state`. `IC_NO_NODE` past the end.
IC_API
ic_node ic_step_authenticator(ic_step step, size_t index);

/// The authenticator that the step is about; `IC_NO_NODE` when it is about none.
IC_API
ic_node ic_step_current_authenticator(ic_step step);

/// How many messages there are for the person, on the step and on fields, each once (idx.md section 7).
IC_API
size_t ic_step_message_count(ic_step step);

/// A message. The server often says the same thing twice, at the top and on a field: of those with the same key and
/// text only one is here, that on the field (`ic_message_path`). `IC_NO_NODE` past the end.
IC_API
ic_node ic_step_message(ic_step step, size_t index);

/// What to poll (a remediation or action), and how long to wait before it in milliseconds: the server's interval, kept
/// between 500 and 30000; 4000 when it names none. `IC_NO_NODE`, and 0, when there is nothing to poll. `interval_ms`
/// may be NULL. `ic_flow_poll` does both.
IC_API
ic_node ic_step_poll(ic_step step, uint64_t *IC_NULLABLE interval_ms);

/// The top-level member of this name, its wrapper `{"type": ..., "value": ...}` taken off: `user`, `app`, `captcha`,
/// `authenticatorChallenge` and others (idx.md section 3.1), to be read with the `ic_node_...` functions. `IC_NO_NODE`
/// when it is absent or `null`.
IC_API
ic_node ic_step_member(ic_step step, const char *name);

/// The final success of a sign-in (`successWithInteractionCode`, idx.md section 9), which `ic_flow_finish` redeems;
/// `IC_NO_NODE` before it.
IC_API
ic_node ic_step_success(ic_step step);

/// Frees a step. NULL is fine. Its strings and nodes end with it. `IC_ERROR_INVALID_HANDLE` for anything that is no
/// live step.
IC_API
ic_status ic_step_free(ic_step step);

/* ---- Remediations and actions ------------------------------------------------------------------------------------- */

/// The wire name of a remediation or action, for example `identify`; not unique, an open set (idx.md section 5). Empty
/// when the server sent none; NULL for a node that is no object.
IC_API
ic_str ic_remediation_name(ic_step step, ic_node node);

/// The address it is sent to, as it came. The library checks it against the org's origin before anything is sent there.
IC_API
ic_str ic_remediation_href(ic_step step, ic_node node);

/// The HTTP method as it came, `POST` or `GET`; `POST` when the server sent none.
IC_API
ic_str ic_remediation_method(ic_step step, ic_node node);

/// The media type the server wants the form in, as it came.
IC_API
ic_str ic_remediation_accepts(ic_step step, ic_node node);

/// The media type of the server's answer, as it came.
IC_API
ic_str ic_remediation_produces(ic_step step, ic_node node);

/// The address to open in the user's browser, where this is a navigation and no form: social sign-in, smart card
/// (idx.md section 10.1). The library never fetches it; what the browser comes back with goes to
/// `ic_flow_handle_callback`.
IC_API
ic_str ic_remediation_navigation(ic_step step, ic_node node);

/// The id of the identity provider, where it leads to one.
IC_API
ic_str ic_remediation_idp_id(ic_step step, ic_node node);

/// The name of the identity provider, to show; empty when it has an id but no name.
IC_API
ic_str ic_remediation_idp_name(ic_step step, ic_node node);

/// The type of the identity provider, for example `GOOGLE`; an open set (idx.md section 10.1).
IC_API
ic_str ic_remediation_idp_type(ic_step step, ic_node node);

/// What the platform is to do with passkeys, where the form wants what they make: `create` or `get`. NULL for other forms.
IC_API
ic_str ic_remediation_passkey_kind(ic_step step,
                                          ic_node node);

/// What to give the platform's passkeys: JSON in the words of Web Authentication Level 3 (idx.md section 6.9), which Credential
/// Manager and browsers take. What comes back goes to `ic_answer_passkey`. NULL where `ic_remediation_passkey_kind` is.
IC_API
ic_str ic_remediation_passkey_request(ic_step step,
                                             ic_node node);

/// Whether it is a form, to be answered with `ic_answer_new`: it has an address and is no navigation.
IC_API
bool ic_remediation_is_form(ic_step step, ic_node node);

/// Whether it is polled: the server names an interval, or its name says so (idx.md section 5.7).
IC_API
bool ic_remediation_is_pollable(ic_step step, ic_node node);

/// How long to wait before polling, in milliseconds: the server's interval, kept between 500 and 30000; 4000 when it
/// names none. 0 for a node that is no object.
IC_API
uint64_t ic_remediation_poll_interval_ms(ic_step step, ic_node node);

/// How many fields its form has, nested ones not counted. 0 for a navigation.
IC_API
size_t ic_remediation_field_count(ic_step step, ic_node node);

/// A field of its form, in order; nested ones are `ic_field_field` and `ic_option_field`. `IC_NO_NODE` past the end.
IC_API
ic_node ic_remediation_field(ic_step step, ic_node node, size_t index);

/// The field at this path: wire names joined by dots, for example `credentials.passcode`, in nested forms and in
/// options, too. Where options have fields of the same path (`authenticator.id`) it is the first one. `IC_NO_NODE` when
/// there is none.
IC_API
ic_node ic_remediation_field_named(ic_step step, ic_node node, const char *path);

/// How many authenticators it is about.
IC_API
size_t ic_remediation_authenticator_count(ic_step step, ic_node node);

/// An authenticator that it is about, by its own pointer (`relatesTo`, idx.md section 4.4) and by those of its fields
/// and options, each once; where an `identify`, `enroll-poll` or `challenge-poll` has no pointer, the current one.
/// `IC_NO_NODE` past the end.
IC_API
ic_node ic_remediation_authenticator(ic_step step, ic_node node, size_t index);

/* ---- Fields ------------------------------------------------------------------------------------------------------- */

/// The wire name of a field: its key in the body, for example `passcode`. It may contain dots. Empty when the server
/// sent none; NULL for a node that is no field.
IC_API
ic_str ic_field_name(ic_step step, ic_node node);

/// The names that lead to the field, its own last, joined by dots: `credentials.passcode`. What `ic_answer_set_string`
/// takes; two fields may have the same path (each option of `authenticator` has an `authenticator.id`): then use
/// `ic_answer_set_string_at`.
IC_API
ic_str ic_field_path(ic_step step, ic_node node);

/// The caption, in the user's language: text of the server. NULL where it has none: hidden fields, nested forms.
IC_API
ic_str ic_field_label(ic_step step, ic_node node);

/// The type of the value: `string`, `boolean`, `integer`, `number`, `object` (a nested form), or another as it came.
/// Inferred where the server leaves it out.
IC_API
ic_str ic_field_type(ic_step step, ic_node node);

/// The preset value as text: a string without quotes, a number or a boolean as written. NULL where there is none, and
/// for an array or object (`ic_field_value_json`). It may be a secret: the value of `stateHandle` is.
IC_API
ic_str ic_field_value(ic_step step, ic_node node);

/// The preset value as JSON, as it came. NULL where there is none.
IC_API
ic_str ic_field_value_json(ic_step step, ic_node node);

/// How to show the choices, where the server says so: `select`, `radio`, `checkbox`, `text`.
IC_API
ic_str ic_field_input_type(ic_step step, ic_node node);

/// Which facility of the browser fills it: `webauthn`, `captcha`.
IC_API
ic_str ic_field_hint(ic_step step, ic_node node);

/// The format of the text: `alphanumeric` for a code that may have letters.
IC_API
ic_str ic_field_format(ic_step step, ic_node node);

/// Whether the server flags it as required. A passcode mostly has no flag although the form around it is required.
IC_API
bool ic_field_is_required(ic_step step, ic_node node);

/// Whether to hide what is typed: a password, a code.
IC_API
bool ic_field_is_secret(ic_step step, ic_node node);

/// Whether to show it. A hidden one is filled by the program, or has its value already. False for a node that is no
/// field.
IC_API
bool ic_field_is_visible(ic_step step, ic_node node);

/// Whether it may be set. What is immutable and has a value goes back as it came; what is immutable and has options
/// wants one of them chosen all the same. `stateHandle` never is mutable. False for a node that is no field.
IC_API
bool ic_field_is_mutable(ic_step step, ic_node node);

/// The least number of characters. False, and 0, when the server sets none.
IC_API
bool ic_field_min_length(ic_step step, ic_node node, uint64_t *out);

/// The largest number of characters. False, and 0, when the server sets none.
IC_API
bool ic_field_max_length(ic_step step, ic_node node, uint64_t *out);

/// Whether the field holds a nested form, with fields of its own. The forms of options are not meant.
IC_API
bool ic_field_has_form(ic_step step, ic_node node);

/// How many fields its nested form has.
IC_API
size_t ic_field_field_count(ic_step step, ic_node node);

/// A field of its nested form. `IC_NO_NODE` past the end.
IC_API
ic_node ic_field_field(ic_step step, ic_node node, size_t index);

/// How many options it has (idx.md section 4.3).
IC_API
size_t ic_field_option_count(ic_step step, ic_node node);

/// An option, in the server's order: choose it with `ic_answer_choose`. `IC_NO_NODE` past the end.
IC_API
ic_node ic_field_option(ic_step step, ic_node node, size_t index);

/// How many plain values can be chosen: those of the options, or those that a display hint among the options lists
/// (idx.md section 4.2). Options that bring a form are not among them.
IC_API
size_t ic_field_choice_count(ic_step step, ic_node node);

/// The caption of a choice: text of the server. NULL where it has none.
IC_API
ic_str ic_field_choice_label(ic_step step, ic_node node, size_t index);

/// The value of a choice as text: for a field of type `string` what `ic_answer_set_string` takes. NULL for an array, an
/// object or `null` (`ic_field_choice_json`).
IC_API
ic_str ic_field_choice_value(ic_step step, ic_node node, size_t index);

/// The value of a choice as JSON, as it came: what `ic_answer_set_json` takes, whatever its type.
IC_API
ic_str ic_field_choice_json(ic_step step, ic_node node, size_t index);

/// How many messages the server has for this field (idx.md section 7).
IC_API
size_t ic_field_message_count(ic_step step, ic_node node);

/// A message for this field. `IC_NO_NODE` past the end.
IC_API
ic_node ic_field_message(ic_step step, ic_node node, size_t index);

/* ---- Options ------------------------------------------------------------------------------------------------------ */

/// The caption, in the user's language: text of the server. Show it; never decide by it.
IC_API
ic_str ic_option_label(ic_step step, ic_node node);

/// The value that choosing it sends, as text: a string without quotes, a number or a boolean as written. NULL where the
/// option brings a form instead or has none, and for an array or object.
IC_API
ic_str ic_option_value(ic_step step, ic_node node);

/// The value that choosing it sends, as JSON, as it came. NULL where the option brings a form instead or has none.
IC_API
ic_str ic_option_value_json(ic_step step, ic_node node);

/// Its place among the options of its field, from 0. 0 also for a node that is no option.
IC_API
size_t ic_option_index(ic_step step, ic_node node);

/// Whether choosing it brings a form: fields that can be set after `ic_answer_choose`.
IC_API
bool ic_option_has_form(ic_step step, ic_node node);

/// How many fields its form has.
IC_API
size_t ic_option_field_count(ic_step step, ic_node node);

/// A field of its form; its path goes on from that of the field that the option belongs to. `IC_NO_NODE` past the end.
IC_API
ic_node ic_option_field(ic_step step, ic_node node, size_t index);

/// The preset value, as text, of the field of this name directly in its form: `id`, `enrollmentId`, `methodType`. NULL
/// where there is none.
IC_API
ic_str ic_option_preset(ic_step step, ic_node node, const char *name);

/// How many authenticators or enrolments it stands for; mostly one, or none.
IC_API
size_t ic_option_authenticator_count(ic_step step, ic_node node);

/// An authenticator or enrolment that it stands for, by its pointer (`relatesTo`, idx.md section 4.4). `IC_NO_NODE`
/// past the end.
IC_API
ic_node ic_option_authenticator(ic_step step, ic_node node, size_t index);

/* ---- Authenticators and enrolments -------------------------------------------------------------------------------- */

/// The id of an authenticator (`aut...`) or an enrolment. It may repeat: the node is what is unique.
IC_API
ic_str ic_authenticator_id(ic_step step, ic_node node);

/// The key as it came, for example `okta_email` (idx.md section 6.2). NULL on some enrolments.
IC_API
ic_str ic_authenticator_key(ic_step step, ic_node node);

/// The key to decide by: as it came, an alias in its usual spelling; where it is missing, inferred from the type where
/// that is certain (`phone` is `phone_number`), else NULL. An open set.
IC_API
ic_str ic_authenticator_known_key(ic_step step, ic_node node);

/// The category, for example `phone`, `app`, `security_key`; an open set.
IC_API
ic_str ic_authenticator_type(ic_step step, ic_node node);

/// The name to show: text of the server. May be empty.
IC_API
ic_str ic_authenticator_display_name(ic_step step, ic_node node);

/// What it is doing in this step: `available` (offered by the policy), `enrolled` (the person has it), `enrolling`
/// (being set up now), `authenticating` (being verified now), `recovering` (being recovered or reset now).
IC_API
ic_str ic_authenticator_state(ic_step step, ic_node node);

/// For an enrolment the id of the authenticator behind it. NULL where the server does not say.
IC_API
ic_str ic_authenticator_authenticator_id(ic_step step, ic_node node);

/// The number that the person must choose in their app (number challenge). Always show it.
IC_API
ic_str ic_authenticator_correct_answer(ic_step step, ic_node node);

/// The picture to scan when an app is set up: as a rule a `data:image/png;base64,` URL. A secret.
IC_API
ic_str ic_authenticator_qr_code(ic_step step, ic_node node);

/// The secret to type in where a picture cannot be scanned, in Base32. Do not log it.
IC_API
ic_str ic_authenticator_shared_secret(ic_step step, ic_node node);

/// How many methods it has (idx.md section 6.2).
IC_API
size_t ic_authenticator_method_count(ic_step step, ic_node node);

/// A method, as it came: `sms`, `voice`, `push`, `totp` and others. NULL past the end.
IC_API
ic_str ic_authenticator_method(ic_step step, ic_node node, size_t index);

/// A member of its profile as text, masked by the server where it is personal: `email`, `phoneNumber`, `deviceName`.
/// NULL where there is none.
IC_API
ic_str ic_authenticator_profile(ic_step step, ic_node node, const char *name);

/// Its policy (password rules, days to expiry), as it came: an object to be read with the `ic_node_...` functions.
/// `IC_NO_NODE` where there is none.
IC_API
ic_node ic_authenticator_settings(ic_step step, ic_node node);

/// Its data in this step (QR code, number to match, WebAuthn challenge), as it came: an object to be read with the
/// `ic_node_...` functions. `IC_NO_NODE` where there is none.
IC_API
ic_node ic_authenticator_contextual_data(ic_step step, ic_node node);

/// How many actions it has: `resend`, `poll`, `send`, `recover`, `cancel`, and any other.
IC_API
size_t ic_authenticator_action_count(ic_step step, ic_node node);

/// An action: what the `ic_remediation_...` functions and `ic_answer_new` take. `IC_NO_NODE` past the end.
IC_API
ic_node ic_authenticator_action(ic_step step, ic_node node, size_t index);

/// The name of the member that an action stands under, for example `resend`. NULL past the end.
IC_API
ic_str ic_authenticator_action_name(ic_step step, ic_node node, size_t index);

/// The action of this name: that of the member it stands under, or its wire name. `IC_NO_NODE` when there is none.
IC_API
ic_node ic_authenticator_action_named(ic_step step, ic_node node, const char *name);

/* ---- Messages ----------------------------------------------------------------------------------------------------- */

/// The text, in the user's language: text of the server, which may contain markup and control characters. Show it as
/// text. Empty when the server sent none; NULL for a node that is no message.
IC_API
ic_str ic_message_text(ic_step step, ic_node node);

/// The i18n key as it came, for example `errors.E0000004` (idx.md section 7.2). Decide by it, never by the text. NULL
/// where it is missing.
IC_API
ic_str ic_message_key(ic_step step, ic_node node);

/// How serious it is: `ERROR`, `WARNING` or `INFO`. Where the server does not say: an error on a field, information
/// elsewhere. Even an `INFO` may say that the sign-in ended: see `ic_step_is_terminal`.
IC_API
ic_str ic_message_class(ic_step step, ic_node node);

/// The class as it came; NULL where the server does not say.
IC_API
ic_str ic_message_raw_class(ic_step step, ic_node node);

/// The path of the field it belongs to, wire names joined by dots; NULL for a message of the step.
IC_API
ic_str ic_message_path(ic_step step, ic_node node);

/// How many parameters the key has: what the server has put into the text, for programs with texts of their own.
IC_API
size_t ic_message_param_count(ic_step step, ic_node node);

/// A parameter of the key, as text. NULL past the end.
IC_API
ic_str ic_message_param(ic_step step, ic_node node, size_t index);

/// How many help links it has.
IC_API
size_t ic_message_link_count(ic_step step, ic_node node);

/// The address of a help link, as it came. Open only `https` ones. NULL past the end.
IC_API
ic_str ic_message_link_url(ic_step step, ic_node node, size_t index);

/// The caption of a help link: text of the server. NULL where it has none, and past the end.
IC_API
ic_str ic_message_link_label(ic_step step, ic_node node, size_t index);

/* ---- Outcomes ----------------------------------------------------------------------------------------------------- */

/// The outcome of a step for a program that asks nobody: an `IC_OUTCOME_...` number, or -1 while it may go on. `polled`:
/// whether a challenge was polled just before; the server then uses the words of an outage for a push that nobody answered.
IC_API
int32_t ic_step_outcome(ic_step step,
                        bool polled);

/// The outcome of an error: an `IC_OUTCOME_...` number. `starting`: before there was a step, when a refusal means that the
/// org or the app is not set up for this.
IC_API
int32_t ic_error_outcome(ic_error error,
                         bool starting);

/// The name of an outcome as a stable word, for example `push_expired`; NULL for a number that is none. Valid for ever.
IC_API
ic_str ic_outcome_name(int32_t outcome);

/* ---- Nodes -------------------------------------------------------------------------------------------------------- */

/// The JSON type of a value: `null`, `bool`, `number`, `string`, `array` or `object`. NULL when the step has no such
/// node.
IC_API
ic_str ic_node_kind(ic_step step, ic_node node);

/// The value as it stands in the response, byte for byte: JSON, a string with its quotes and escapes. It may hold
/// secrets of the sign-in (state handles): do not log it.
IC_API
ic_str ic_node_json(ic_step step, ic_node node);

/// A string without quotes and escapes, a number or a boolean as written. NULL for `null`, arrays and objects. Half of
/// a surrogate pair becomes U+FFFD.
IC_API
ic_str ic_node_text(ic_step step, ic_node node);

/// How many elements an array, or members an object has; a member that is there twice counts twice. 0 for anything
/// else.
IC_API
size_t ic_node_count(ic_step step, ic_node node);

/// An element of an array, or the value of a member of an object, in the order of the response. `IC_NO_NODE` past the
/// end.
IC_API
ic_node ic_node_item(ic_step step, ic_node node, size_t index);

/// The name of a member of an object; its value is `ic_node_item` with the same index. NULL past the end.
IC_API
ic_str ic_node_member_name(ic_step step, ic_node node, size_t index);

/// The value of the member of this name; of several the last. A `null` is found, too: its kind says so. `IC_NO_NODE`
/// when there is none, or the node is no object.
IC_API
ic_node ic_node_member(ic_step step, ic_node node, const char *name);

/* ---- Answers ------------------------------------------------------------------------------------------------------ */

/// Starts an answer to a remediation or action of a step. The answer does not need the step any more. Free it with
/// `ic_answer_free`.
/// Errors: `IC_ERROR_NOT_FOUND` when the node is no remediation or action, `IC_ERROR_INVALID_STATE` when it is an address for the
/// user's browser (`ic_remediation_navigation`) and no form.
IC_API IC_CHECK
ic_status ic_answer_new(ic_step step,
                        ic_node remediation,
                        ic_answer *out,
                        ic_error *IC_NULLABLE error);

/// Starts an answer to the first remediation of this wire name, for example `identify`. As `ic_answer_new`.
/// Errors: `IC_ERROR_NOT_FOUND` when the step does not offer it (the text lists what it offers); as `ic_answer_new`.
IC_API IC_CHECK
ic_status ic_answer_new_named(ic_step step, const char *name, ic_answer *out, ic_error *IC_NULLABLE error);

/// Sets a field to a text. `path` is the wire names that lead to it, joined by dots: `identifier`, `credentials.passcode`. A
/// later value replaces an earlier one. A field with options takes the id, enrolment id or key of one of them as its text.
/// The text is copied, and wiped with the answer. Whether it fits is checked by `ic_answer_check`, and before anything is
/// sent.
/// Errors: `IC_ERROR_INVALID_ANSWER` when the form has no such field or the server does not let it be changed,
/// `IC_ERROR_INVALID_ARGUMENT`, `IC_ERROR_BUSY`; the answer is as it was.
IC_API IC_CHECK
ic_status ic_answer_set_string(ic_answer answer,
                               const char *path,
                               const char *value,
                               ic_error *IC_NULLABLE error);

/// Sets a field to `true` or `false`. As `ic_answer_set_string`.
IC_API IC_CHECK
ic_status ic_answer_set_bool(ic_answer answer, const char *path, bool value, ic_error *IC_NULLABLE error);

/// Sets a field to a whole number. As `ic_answer_set_string`.
IC_API IC_CHECK
ic_status ic_answer_set_integer(ic_answer answer, const char *path, int64_t value, ic_error *IC_NULLABLE error);

/// Sets a field to any JSON value. An object given for a nested form is taken apart into its fields. As
/// `ic_answer_set_string`; `IC_ERROR_INVALID_ARGUMENT` also when `json` is not JSON.
IC_API IC_CHECK
ic_status ic_answer_set_json(ic_answer answer, const char *path, const char *json, ic_error *IC_NULLABLE error);

/// Sets the field with this node (of the same step and remediation) to a text. As `ic_answer_set_string`; the way when names
/// have dots or repeat. Errors: `IC_ERROR_NOT_FOUND` for a node that is no field of the form.
IC_API IC_CHECK
ic_status ic_answer_set_string_at(ic_answer answer,
                                  ic_node field,
                                  const char *value,
                                  ic_error *IC_NULLABLE error);

/// Sets the field with this node to `true` or `false`. As `ic_answer_set_string_at`.
IC_API IC_CHECK
ic_status ic_answer_set_bool_at(ic_answer answer, ic_node field, bool value, ic_error *IC_NULLABLE error);

/// Sets the field with this node to a whole number. As `ic_answer_set_string_at`.
IC_API IC_CHECK
ic_status ic_answer_set_integer_at(ic_answer answer, ic_node field, int64_t value, ic_error *IC_NULLABLE error);

/// Sets the field with this node to any JSON value. As `ic_answer_set_json` and `ic_answer_set_string_at`.
IC_API IC_CHECK
ic_status ic_answer_set_json_at(ic_answer answer, ic_node field, const char *json, ic_error *IC_NULLABLE error);

/// Chooses the option with this node, of a field of the form that is answered. Its own fields can be set afterwards.
/// Errors: `IC_ERROR_NOT_FOUND` for a node that is no option of the form.
IC_API IC_CHECK
ic_status ic_answer_choose(ic_answer answer, ic_node option, ic_error *IC_NULLABLE error);

/// Chooses, among the options of the field at `path`, the one of this authenticator: by enrolment id, id, or key
/// (`okta_email`). Errors: `IC_ERROR_INVALID_ANSWER` when there is none or more than one; as `ic_answer_set_string`.
IC_API IC_CHECK
ic_status ic_answer_select_authenticator(ic_answer answer, const char *path, const char *id, ic_error *IC_NULLABLE error);

/// Adds a member that the form does not declare, as a text; the protocol needs it in places (idx.md section 10.4).
/// Errors: `IC_ERROR_INVALID_ANSWER` when the form declares it (use `ic_answer_set_string`); as `ic_answer_set_string`.
IC_API IC_CHECK
ic_status ic_answer_extra_string(ic_answer answer, const char *path, const char *value, ic_error *IC_NULLABLE error);

/// Adds a member that the form does not declare, as any JSON value. As `ic_answer_extra_string` and `ic_answer_set_json`.
IC_API IC_CHECK
ic_status ic_answer_extra_json(ic_answer answer,
                               const char *path,
                               const char *json,
                               ic_error *IC_NULLABLE error);

/// Fills in the form with what the platform gave for `ic_remediation_passkey_request`: its JSON as it is, at most 256 KiB.
/// Errors: `IC_ERROR_INVALID_ANSWER` when the form wants no passkey or the response does not fit it (nothing of it is quoted);
/// as `ic_answer_set_string`.
IC_API IC_CHECK
ic_status ic_answer_passkey(ic_answer answer,
                            const char *response,
                            ic_error *IC_NULLABLE error);

/// Whether the answer can be sent: `IC_OK`, or `IC_ERROR_INVALID_ANSWER` with what is wrong with each field
/// (`ic_error_problem_count`). Nothing is sent.
IC_API IC_CHECK
ic_status ic_answer_check(ic_answer answer, ic_error *IC_NULLABLE error);

/// The request body that the answer makes (idx.md section 4.5): JSON, with its secrets, for those who debug. Free it with
/// `ic_buffer_free`. Errors: `IC_ERROR_INVALID_ANSWER` as `ic_answer_check`.
IC_API IC_CHECK
ic_status ic_answer_body(ic_answer answer,
                         ic_buffer *out,
                         ic_error *IC_NULLABLE error);

/// Wipes and frees an answer. NULL is fine.
IC_API
ic_status ic_answer_free(ic_answer answer);

/* ---- Tokens ------------------------------------------------------------------------------------------------------- */

/// The access token, for APIs. Opaque: do not look inside.
IC_API
ic_str ic_tokens_access_token(ic_tokens tokens);

/// The ID token: who signed in, as a JWT. Verified: signature and claims. There when the scope `openid` was asked for.
IC_API
ic_str ic_tokens_id_token(ic_tokens tokens);

/// The refresh token, for new tokens later; there when `offline_access` was granted.
IC_API
ic_str ic_tokens_refresh_token(ic_tokens tokens);

/// The device secret, for single sign-on between apps of one device; there when `device_sso` was granted.
IC_API
ic_str ic_tokens_device_secret(ic_tokens tokens);

/// The scopes that were granted, separated by spaces; fewer, perhaps, than were asked for.
IC_API
ic_str ic_tokens_scopes(ic_tokens tokens);

/// How long the access token lives, in seconds from its arrival. False when the server does not say.
IC_API
bool ic_tokens_expires_in(ic_tokens tokens, uint64_t *out);

/// When the access token ends, in seconds since 1970. False when the server does not say.
IC_API
bool ic_tokens_expires_at(ic_tokens tokens, int64_t *out);

/// All claims of the verified ID token, as the JSON text that was signed.
IC_API
ic_str ic_tokens_claims_json(ic_tokens tokens);

/// `sub`: the user's id at this issuer, stable and never reused.
IC_API
ic_str ic_tokens_subject(ic_tokens tokens);

/// `iss`: equal to the issuer of the client.
IC_API
ic_str ic_tokens_issuer(ic_tokens tokens);

/// A claim of the verified ID token: the text of a string, the JSON of anything else; NULL when there is no such claim.
IC_API
ic_str ic_tokens_claim(ic_tokens tokens, const char *name);

/// Wipes and frees tokens. NULL is fine.
IC_API
ic_status ic_tokens_free(ic_tokens tokens);

/* ---- Bytes that the library made and the program keeps ------------------------------------------------------------ */

/// The bytes. Secret: store them like a password, do not log them. Valid until the buffer is freed.
IC_API
ic_bytes ic_buffer_bytes(ic_buffer buffer);

/// The same as text; everything that the library puts into a buffer is UTF-8. Valid until the buffer is freed.
IC_API
ic_str ic_buffer_text(ic_buffer buffer);

/// Wipes and frees a buffer. NULL is fine.
IC_API
ic_status ic_buffer_free(ic_buffer buffer);

/* ---- Transports --------------------------------------------------------------------------------------------------- */

/// `GET` or `POST`.
IC_API
ic_str ic_request_method(ic_request request);

/// The absolute URL: `https`, or loopback `http` when the issuer is.
IC_API
ic_str ic_request_url(ic_request request);

/// How many headers to send, in order. The transport adds only what HTTP itself needs (`Host`, `Content-Length`,
/// `Connection`).
IC_API
size_t ic_request_header_count(ic_request request);

/// The name of a header.
IC_API
ic_str ic_request_header_name(ic_request request, size_t index);

/// The value of a header. May be a secret.
IC_API
ic_str ic_request_header_value(ic_request request, size_t index);

/// The body; empty for GET. Holds secrets: do not log it.
IC_API
ic_bytes ic_request_body(ic_request request);

/// The largest body to accept in the answer, in bytes; `ic_response_append_body` refuses more.
IC_API
size_t ic_request_max_body(ic_request request);

/// How much time is left, in milliseconds; 0 when the time limit of the call has passed.
IC_API
uint64_t ic_request_remaining_ms(ic_request request);

/// Whether the call was cancelled: then stop, and return `IC_ERROR_CANCELLED`. Cheap; any thread. True for a request that is
/// over.
IC_API
bool ic_request_is_cancelled(ic_request request);

/// Sets the HTTP status, 100 to 599. Errors: `IC_ERROR_INVALID_ARGUMENT`, `IC_ERROR_INVALID_HANDLE`.
IC_API
ic_status ic_response_set_status(ic_response response, int32_t http_status);

/// Adds a header as received, in order; several `Set-Cookie` are several calls.
/// Errors: `IC_ERROR_LIMIT_EXCEEDED` (more than 128 headers or 64 KB), `IC_ERROR_INVALID_ARGUMENT`, `IC_ERROR_INVALID_HANDLE`.
IC_API
ic_status ic_response_add_header(ic_response response,
                                 const char *name,
                                 const char *value);

/// Adds bytes to the body, content decoding done. They are copied.
/// Errors: `IC_ERROR_LIMIT_EXCEEDED` beyond `ic_request_max_body`: stop reading, and return it; `IC_ERROR_INVALID_ARGUMENT`,
/// `IC_ERROR_INVALID_HANDLE`.
IC_API
ic_status ic_response_append_body(ic_response response,
                                  const void *data,
                                  size_t len);

/// Says that nothing of the failed request has left. Without it, a failure counts as perhaps sent.
/// Errors: `IC_ERROR_INVALID_HANDLE`.
IC_API
ic_status ic_response_set_not_sent(ic_response response);

/// Why `send` is about to return a failure: becomes the text of the error. No secret in it.
/// Errors: `IC_ERROR_INVALID_ARGUMENT`, `IC_ERROR_INVALID_HANDLE`.
IC_API
ic_status ic_response_fail(ic_response response, const char *why);

/* ---- Storages ----------------------------------------------------------------------------------------------------- */

/// Whether bytes have this SHA-256 (`hash_len` is 32): what a storage compares when it swaps. False for anything else.
IC_API
bool ic_sha256_matches(const void *hash, size_t hash_len, const void *data, size_t len);

/// Adds bytes to what was found. They are copied.
/// Errors: `IC_ERROR_LIMIT_EXCEEDED` beyond 8 MB, `IC_ERROR_INVALID_ARGUMENT`, `IC_ERROR_INVALID_HANDLE`.
IC_API
ic_status ic_stored_append(ic_stored stored, const void *data, size_t len);

/* ---- Hooks for tests (feature test-hooks) ------------------------------------------------------------------------- */

#if defined(IC_TEST_HOOKS)
/// Takes the time from the program. For tests only. Ownership as `ic_config_set_transport`.
IC_API IC_CHECK
ic_status ic_config_set_clock(ic_config config, const ic_clock *clock, ic_error *IC_NULLABLE error);
#endif

#if defined(IC_TEST_HOOKS)
/// Takes random numbers from the program. For tests only. Ownership as `ic_config_set_transport`.
IC_API IC_CHECK
ic_status ic_config_set_random(ic_config config, const ic_random *random, ic_error *IC_NULLABLE error);
#endif

#if defined(IC_TEST_HOOKS)
/// Panics while it works on the flow, as a bug of the library would: `IC_ERROR_INTERNAL`, and the flow cannot be used any
/// more. For tests only.
IC_API IC_CHECK
ic_status ic_test_panic(ic_flow flow,
                        ic_error *IC_NULLABLE error);
#endif

#ifdef __cplusplus
}
#endif

#if defined(__clang__)
#pragma clang diagnostic pop
#endif

#endif
