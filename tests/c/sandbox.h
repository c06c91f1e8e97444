/* The sandbox from the outside: its address, its outbox, pushes; and a person who signs in. */

#ifndef IC_TEST_SANDBOX_H
#define IC_TEST_SANDBOX_H

#include "check.h"

#define PASSWORD "Correct-Horse-9"
#define REDIRECT_URI "com.example.app:/callback"
#define SCOPES "openid profile email offline_access"

/* To be called once, before there are threads. False, after saying why, when IC_SANDBOX or IC_SANDBOX_ORIGIN is not set. */
bool sandbox_begin(void);
void sandbox_end(void);

/* The issuer, IC_SANDBOX. */
const char *sandbox_issuer(void);

/* A config for an app of the sandbox, and a client of it, over the built-in transport. NULL after a failed check. */
ic_config sandbox_config(const char *client_id);
ic_client sandbox_client(const char *client_id);

/* A client over TLS, of the sandbox of IC_SANDBOX_TLS (its issuer); with or without its authority (the file of IC_SANDBOX_CA)
 * among those that it trusts. NULL after a failed check. */
ic_client sandbox_tls_client(bool trusts);

/* The newest code that was sent, into `code`. */
bool sandbox_code(char *code, size_t room);

/* How many requests of this path (a part of it) the sandbox has answered. */
int sandbox_requests(const char *path);

/* Approves the push that waits for an answer by choosing this number. */
bool sandbox_approve(ic_str number);

/* Denies it. */
bool sandbox_deny(void);

/* How many pushes were sent since the beginning or the last reset. */
int sandbox_pushes(void);

/* Everything as at the beginning. */
void sandbox_reset(void);

/* A transport over libcurl, as an app would bring it; and its own failures. */
struct curl_transport {
    int fail_at;      /* the request (1 is the first) that fails before it is sent; 0: none */
    int lose_at;      /* the request of which the answer is lost */
    atomic_int sent;  /* how many `send` was called for */
    atomic_int destroyed;
};
ic_transport curl_transport(struct curl_transport *transport);

/* Fills in one text of a remediation and sends it; the next step, to be freed, or NULL when there is none. */
ic_step answer_text(ic_flow flow, const char *remediation, const char *path, const char *text);

/* Identifier and password of ada@example.com; the step after them, or NULL when the sign-in is complete. */
ic_step pass_password(ic_flow flow);

/* Chooses the only authenticator that is offered; the step after that. */
ic_step choose_authenticator(ic_flow flow);

/* Redeems, looks at the tokens, frees them. */
void finish(ic_flow flow);

/* Looks at the tokens of ada, with SCOPES. */
void check_tokens(ic_tokens tokens);

/* Milliseconds of a clock that only goes forward. */
int64_t now_ms(void);
void sleep_ms(int milliseconds);

#endif
