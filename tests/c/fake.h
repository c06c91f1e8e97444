/* An org in memory: a transport that answers from a struct. No sockets, so every test of misuse can have many. */

#ifndef IC_TEST_FAKE_H
#define IC_TEST_FAKE_H

#include "check.h"

/* A first page: identifier and a password; nothing to poll. */
extern const char BODY_FIRST_PAGE[];
/* Everything that a getter can be asked for, in one response. */
extern const char BODY_RICH[];
/* Some more of it, which cannot stand in the same response. */
extern const char BODY_PASSWORD[], BODY_REDIRECTS[], BODY_SUCCESS[], BODY_ODD[], BODY_LISTS[];
/* The end of a sign-in: nothing to answer but an action, with messages. */
extern const char BODY_TERMINAL[];
/* A push that is waited for. */
extern const char BODY_PUSH[];
/* A root certificate in PEM. */
extern const char ROOT_PEM[];

struct fake {
    /* What every request of the protocol is answered with; the token request and `interact` have their own answers. */
    const char *body;
    /* Where not NULL: an answer for every request, with this status. */
    const char *refusal;
    int refusal_status;
    /* Where not NULL: called within the transport's `send`, before the answer. */
    void (*during)(void *context, ic_request request, ic_response response);
    void *context;
    atomic_int requests;
    atomic_int destroyed;
};

/* A transport over `fake`, which must outlive it; its `destroy` counts. */
ic_transport fake_transport(struct fake *fake);

/* A client over `fake`; without the scope `openid`, because there is nobody to sign an ID token. NULL after a failed check. */
ic_client fake_client(struct fake *fake);

/* A flow of this client at its first step; NULL after a failed check. */
ic_flow fake_flow(ic_client client);

#endif
