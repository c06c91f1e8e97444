/* Misuse: what the generated table of functions (misuse_calls.h) is written in, and the storm that goes through it. */

#ifndef IC_TEST_MISUSE_H
#define IC_TEST_MISUSE_H

#include "fake.h"

#define MOST_PARAMETERS 8
#define HUGE_LENGTH ((size_t)3 * 1024 * 1024)
#define ROOM 4160 /* more than the largest size that a struct may say */

/* Whatever the call returns, as long as it keeps its promises. */
#define ANY ((ic_status)-1)

/* What a parameter is. The handle kinds come first. */
enum kind {
    CONFIG, CLIENT, FLOW, STEP, SCREEN, DRAFT, ANSWER, TOKENS, CANCEL, ERROR, BUFFER, ACTION, WAITING, REQUEST, RESPONSE, STORED,
    HANDLE_KINDS,
    ANY_HANDLE = HANDLE_KINDS,
    TEXT, DATA, LENGTH, NODE, INDEX, U64, I64, I32, FLAG,
    OUT_HANDLE, OUT_ERROR, OUT_U64, OUT_I64,
    CALL, OPTIONS, HANDLER, TRANSPORT, STORAGE, LOG, CLOCK, RANDOM
};

/* What a node must be about for its function to have something to say. */
enum node_kind {
    NODE_ANY, NODE_REMEDIATION, NODE_FIELD, NODE_OPTION, NODE_AUTHENTICATOR, NODE_MESSAGE, NODE_CONTROL, NODE_KINDS
};

enum returns {
    RETURNS_STATUS, RETURNS_STR, RETURNS_BYTES, RETURNS_SIZE, RETURNS_U64, RETURNS_U32, RETURNS_I32, RETURNS_BOOL,
    RETURNS_NODE
};

union value {
    void *pointer; /* handles, structs, outputs, data */
    const char *text;
    size_t size;
    uint64_t u64;
    int64_t i64;
    int32_t i32;
    uint32_t u32;
    bool flag;
};

union result {
    ic_status status;
    ic_str text;
    ic_bytes bytes;
    size_t size;
    uint64_t u64;
    uint32_t u32;
    int32_t i32;
    bool flag;
};

struct parameter {
    const char *name;
    enum kind kind;
    enum kind of;             /* OUT_HANDLE: the kind of handle that comes out */
    enum node_kind node_kind; /* NODE */
    bool optional;            /* NULL, or an index beyond the last, is a good value */
    const char *good;         /* TEXT */
};

struct function {
    const char *name;
    void (*call)(const union value *arguments, union result *result);
    enum returns returns;
    bool frees;     /* ends its first parameter */
    bool silent;    /* says nothing about the fixtures */
    ic_status good; /* what it returns when everything is good */
    int parameter_count;
    struct parameter parameters[MOST_PARAMETERS];
};

#define MOST_STEPS 8
#define MOST_ERRORS 4

/* The good handles of one thread. Those that calls change are made anew for each call. */
struct world {
    void *handles[HANDLE_KINDS]; /* shared by all calls; the lent ones are there while the storm is inside callbacks */
    void *freed[HANDLE_KINDS];   /* were good once; NULL for kinds that cannot be freed */
    ic_node nodes[NODE_KINDS];   /* of handles[STEP] */
    ic_node field_nodes[3];      /* its fields for a text, a boolean and an integer */
    ic_node choice_node;         /* what is chosen on the screen of handles[SCREEN] */
    ic_step steps[MOST_STEPS];
    ic_screen screens[MOST_STEPS]; /* of the steps */
    ic_error errors[MOST_ERRORS];
    ic_client plain; /* a client whose flows are at a first page */
    struct fake first, rich, push, refused;
    void (*storm)(struct world *world);
};

/* Makes the world, calls `storm` from within nested callbacks so that every lent handle is alive, and takes it down. */
void world_run(struct world *world, void (*storm)(struct world *world));

/* A good handle that a call may change or end; `world_dispose` takes it, also when the call has freed it. */
void *world_fresh(struct world *world, enum kind kind, void *flow);
void world_dispose(enum kind kind, void *handle);

/* One call. */
struct attempt {
    struct world *world;
    const struct function *function;
    const char *what;       /* the bad argument, for messages */
    int bad;                /* its index, or -1 */
    ic_status expected;     /* of functions that return a status */
    bool nothing;           /* of getters: whether they have nothing to say */
    int taken;              /* how often `destroy` must run for a struct that is the bad argument; -1: it is good */
    atomic_int destroyed;
    union value arguments[MOST_PARAMETERS];
    void *slots[MOST_PARAMETERS];      /* what outputs of handles point to */
    uint64_t numbers[MOST_PARAMETERS]; /* what outputs of numbers point to */
    _Alignas(16) unsigned char structs[MOST_PARAMETERS][ROOM];
    unsigned char odd[2 * sizeof(void *)]; /* where a misaligned output points to */
    ic_cancel cancel;
};

/* misuse_good.c: makes every argument good. */
void prepare(struct attempt *attempt);
/* Puts a good struct into the room of a parameter. Returns its size. */
size_t good_struct(struct attempt *attempt, int index);
/* Whether the function takes a parameter of this kind; whether it gets a handle of its own for it, as it changes or ends it;
 * whether the library owns a struct of this kind, and destroys it. */
bool takes(const struct function *function, enum kind kind);
bool is_fresh(const struct function *function, enum kind kind, int index);
bool is_owned(enum kind kind);

/* misuse_bad.c: how many bad values there are for a parameter, and the change that puts one of them in and says what is to be
 * expected. `huge_text`, which main makes, is HUGE_LENGTH long. */
extern char *huge_text;
#define HUGE_VARIANT 2 /* of a TEXT */
int bad_values(const struct parameter *parameter);
void make_bad(struct attempt *attempt, union value *argument, int variant);

#endif
