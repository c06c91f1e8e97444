/* Bad arguments for misuse.c, each with what the header promises about it. */

#include "misuse.h"

#include <string.h>

char *huge_text;

/* For getters a bad argument means that there is nothing to say; for the others it is this status. */
static void expect(struct attempt *attempt, ic_status status)
{
    attempt->expected = status;
    attempt->nothing = status != IC_OK && status != ANY;
}

static const struct parameter *bad_parameter(const struct attempt *attempt)
{
    return &attempt->function->parameters[attempt->bad];
}

static void bad_handle(struct attempt *attempt, union value *argument, int variant)
{
    struct world *world = attempt->world;
    enum kind kind = bad_parameter(attempt)->kind;
    enum kind other = kind == STEP ? CANCEL : STEP;
    uintptr_t good = (uintptr_t)argument->pointer;
    uintptr_t generation = (uintptr_t)1 << (4 * sizeof good);
    expect(attempt, IC_ERROR_INVALID_HANDLE);
    switch (variant) {
    case 0:
        argument->pointer = NULL;
        if (attempt->function->frees) {
            expect(attempt, IC_OK);
        }
        break;
    case 1:
        argument->pointer = kind < ACTION ? world->freed[kind] : world->freed[STEP];
        break;
    case 2:
        if (kind == ANY_HANDLE) {
            argument->pointer = world->freed[FLOW];
            break;
        }
        argument->pointer = world->handles[other];
        break;
    case 3:
        argument->pointer = (void *)(uintptr_t)1;
        break;
    case 4:
        argument->pointer = (void *)(uintptr_t)0x1000;
        break;
    case 5:
        argument->pointer = (void *)~(uintptr_t)0;
        break;
    case 6:
        argument->pointer = attempt; /* an address, which no handle is */
        break;
    case 7:
        argument->pointer = (void *)(good + generation); /* the next thing in that slot, which is not there yet */
        break;
    default:
        argument->pointer = (void *)(good | (generation - 1)); /* a slot that there is not */
        break;
    }
}
#define HANDLE_VARIANTS 9

static void bad_text(struct attempt *attempt, union value *argument, int variant)
{
    static const char *const NOT_UTF8[] = {"\xff\xfe", "caf\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf5\x80\x80\x80"};
    if (variant == 0) {
        argument->text = NULL;
        expect(attempt, bad_parameter(attempt)->optional ? ANY : IC_ERROR_INVALID_ARGUMENT);
    } else if (variant == 1) {
        argument->text = "";
        expect(attempt, ANY);
    } else if (variant == HUGE_VARIANT) {
        argument->text = huge_text;
        expect(attempt, IC_ERROR_LIMIT_EXCEEDED);
    } else {
        argument->text = NOT_UTF8[variant - 3];
        expect(attempt, IC_ERROR_INVALID_ARGUMENT);
    }
}
#define TEXT_VARIANTS 8

static void bad_data(struct attempt *attempt, union value *argument, int variant)
{
    if (variant == 0) {
        argument->pointer = NULL;
        expect(attempt, IC_ERROR_INVALID_ARGUMENT);
    } else if (variant == 1) {
        argument->pointer = NULL;
        argument[1].size = 0;
        expect(attempt, ANY);
    } else if (variant == 2) {
        argument->pointer = huge_text; /* much, and nothing that anybody knows */
        argument[1].size = HUGE_LENGTH;
        expect(attempt, ANY);
    } else {
        argument->pointer = (void *)(uintptr_t) "\xff\xfe\x00";
        argument[1].size = 3;
        expect(attempt, ANY);
    }
}
#define DATA_VARIANTS 4

static void bad_length(struct attempt *attempt, union value *argument, int variant)
{
    static const size_t LENGTHS[] = {SIZE_MAX, SIZE_MAX / 2 + 1, (size_t)64 * 1024 * 1024, 0};
    argument->size = LENGTHS[variant];
    expect(attempt, variant < 3 ? IC_ERROR_LIMIT_EXCEEDED : ANY);
}
#define LENGTH_VARIANTS 4

static void bad_node(struct attempt *attempt, union value *argument, int variant)
{
    static const uint32_t NODES[] = {IC_NO_NODE, IC_NO_NODE - 1, 0x80000000, 0x7fffffff, 200001};
    argument->u32 = NODES[variant];
    expect(attempt, IC_ERROR_NOT_FOUND);
}
#define NODE_VARIANTS 5

static void bad_index(struct attempt *attempt, union value *argument, int variant)
{
    static const size_t INDEXES[] = {SIZE_MAX, SIZE_MAX / 2 + 1, UINT32_MAX, 1000000};
    argument->size = INDEXES[variant];
    expect(attempt, bad_parameter(attempt)->optional ? ANY : IC_ERROR_NOT_FOUND);
}
#define INDEX_VARIANTS 4

static void bad_number(struct attempt *attempt, union value *argument, int variant)
{
    static const int64_t NUMBERS[] = {0, 1, -1, 99, 600, INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN};
    switch (bad_parameter(attempt)->kind) {
    case U64:
        argument->u64 = (uint64_t)NUMBERS[variant];
        break;
    case I64:
        argument->i64 = NUMBERS[variant];
        break;
    case FLAG:
        argument->flag = variant % 2 == 1;
        break;
    default:
        argument->i32 = (int32_t)NUMBERS[variant];
        break;
    }
    expect(attempt, ANY);
    if (strcmp(attempt->function->name, "ic_response_set_status") == 0) {
        expect(attempt, IC_ERROR_INVALID_ARGUMENT);
    }
}
#define NUMBER_VARIANTS 9

static void bad_output(struct attempt *attempt, union value *argument, int variant)
{
    argument->pointer = variant == 0 ? NULL : &attempt->odd[1];
    if (bad_parameter(attempt)->kind == OUT_ERROR) {
        return; /* nowhere for the error to go: the call does what it does */
    }
    if (variant != 0 || !bad_parameter(attempt)->optional) {
        expect(attempt, IC_ERROR_INVALID_ARGUMENT);
    }
}
#define OUTPUT_VARIANTS 2

static void bad_struct(struct attempt *attempt, union value *argument, int variant)
{
    enum kind kind = bad_parameter(attempt)->kind;
    unsigned char *room = attempt->structs[attempt->bad];
    size_t known = good_struct(attempt, attempt->bad);
    size_t size = known;
    attempt->taken = 0;
    expect(attempt, IC_ERROR_INVALID_ARGUMENT);
    switch (variant) {
    case 0:
        argument->pointer = NULL;
        if (bad_parameter(attempt)->optional) {
            expect(attempt, attempt->function->good);
        }
        return;
    case 1:
        size = 0;
        break;
    case 2:
        size = sizeof size;
        break;
    case 3:
        size = kind == OPTIONS ? offsetof(ic_start_options, device_token) - 1 : known - 1; /* less than the first version */
        break;
    case 4:
        size = SIZE_MAX;
        break;
    case 5:
        size = 4097;
        break;
    case 6: /* a newer struct, with something in it that this library does not know */
        size = known + 64;
        room[size - 1] = 1;
        break;
    case 7: /* a newer struct that uses nothing of what is new */
        size = known + 64;
        attempt->taken = 1;
        expect(attempt, attempt->function->good);
        break;
    case 8:
        memmove(room + 1, room, known);
        argument->pointer = room + 1;
        return;
    default: /* its first member after `size` and `user_data` is missing: a function, a token, a text */
        attempt->taken = 1;
        expect(attempt, kind == CALL || kind == OPTIONS ? ANY : IC_ERROR_INVALID_ARGUMENT);
        memset(room + 2 * sizeof(void *), 0, sizeof(void *));
        if (kind == HANDLER && strcmp(attempt->function->name, "ic_flow_poll_while") == 0) {
            memset(room + 3 * sizeof(void *), 0, sizeof(void *)); /* `waiting` is the one that it needs */
        }
        return;
    }
    memcpy(room, &size, sizeof size);
}
#define STRUCT_VARIANTS 10

/* What else can be wrong inside a call's limits, or a start's options. */
static void bad_members(struct attempt *attempt, union value *argument, int variant)
{
    static const ic_pair NO_NAME[] = {{NULL, "1"}}, NO_VALUE[] = {{"extra", NULL}}, BAD[] = {{"\xff", "1"}};
    static const ic_pair *const EXTRAS[] = {NULL, NO_NAME, NO_VALUE, BAD, NO_NAME};
    (void)argument;
    if (bad_parameter(attempt)->kind == CALL) {
        ic_call *call = (ic_call *)(void *)attempt->structs[attempt->bad];
        call->timeout_ms = variant == 3 ? UINT64_MAX : 0;
        call->cancel = variant == 0 ? (ic_cancel)attempt->world->freed[CANCEL]
                       : variant == 1 ? (ic_cancel)attempt->world->handles[STEP]
                       : variant == 2 ? (ic_cancel)(uintptr_t)1
                                      : NULL;
        expect(attempt, variant < 3 ? IC_ERROR_INVALID_HANDLE : attempt->function->good);
        return;
    }
    ic_start_options *options = (ic_start_options *)(void *)attempt->structs[attempt->bad];
    if (variant < 5) {
        options->extra = EXTRAS[variant];
        options->extra_count = variant < 4 ? 1 : SIZE_MAX;
        expect(attempt, variant < 4 ? IC_ERROR_INVALID_ARGUMENT : IC_ERROR_LIMIT_EXCEEDED);
    } else {
        const char *text = variant % 2 == 0 ? "\xff" : huge_text;
        const char **member = variant < 7    ? &options->login_hint
                              : variant < 9  ? &options->acr_values
                              : variant < 11 ? &options->activation_token
                                             : &options->recovery_token;
        *member = text;
        expect(attempt, variant % 2 == 0 ? IC_ERROR_INVALID_ARGUMENT : IC_ERROR_LIMIT_EXCEEDED);
    }
}
#define CALL_MEMBER_VARIANTS 4
#define OPTIONS_MEMBER_VARIANTS 13

int bad_values(const struct parameter *parameter)
{
    switch (parameter->kind) {
    case TEXT:
        return TEXT_VARIANTS;
    case DATA:
        return DATA_VARIANTS;
    case LENGTH:
        return LENGTH_VARIANTS;
    case NODE:
        return NODE_VARIANTS;
    case INDEX:
        return INDEX_VARIANTS;
    case U64:
    case I64:
    case I32:
    case FLAG:
        return NUMBER_VARIANTS;
    case OUT_HANDLE:
    case OUT_ERROR:
    case OUT_U64:
    case OUT_I64:
        return OUTPUT_VARIANTS;
    case CALL:
        return STRUCT_VARIANTS + CALL_MEMBER_VARIANTS;
    case OPTIONS:
        return STRUCT_VARIANTS + OPTIONS_MEMBER_VARIANTS;
    case HANDLER:
    case TRANSPORT:
    case STORAGE:
    case LOG:
    case CLOCK:
    case RANDOM:
        return STRUCT_VARIANTS;
    default:
        return HANDLE_VARIANTS;
    }
}

void make_bad(struct attempt *attempt, union value *argument, int variant)
{
    enum kind kind = bad_parameter(attempt)->kind;
    if (kind <= ANY_HANDLE) {
        bad_handle(attempt, argument, variant);
    } else if (kind == TEXT) {
        bad_text(attempt, argument, variant);
    } else if (kind == DATA) {
        bad_data(attempt, argument, variant);
    } else if (kind == LENGTH) {
        bad_length(attempt, argument, variant);
    } else if (kind == NODE) {
        bad_node(attempt, argument, variant);
    } else if (kind == INDEX) {
        bad_index(attempt, argument, variant);
    } else if (kind < OUT_HANDLE) {
        bad_number(attempt, argument, variant);
    } else if (kind < CALL) {
        bad_output(attempt, argument, variant);
    } else if (variant < STRUCT_VARIANTS) {
        bad_struct(attempt, argument, variant);
    } else {
        bad_members(attempt, argument, variant - STRUCT_VARIANTS);
    }
}
