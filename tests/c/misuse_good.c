/* Good arguments for misuse.c. */

#include "misuse.h"

#include <string.h>

static void destroy(void *user_data)
{
    struct attempt *attempt = user_data;
    atomic_fetch_add(&attempt->destroyed, 1);
}

static ic_status stop(void *user_data, ic_step step, ic_action action)
{
    (void)user_data, (void)step, (void)action;
    return IC_ERROR_CANCELLED;
}

static int64_t ask(void *user_data, ic_waiting waiting)
{
    (void)user_data, (void)waiting;
    return IC_WAIT_ASK;
}

static ic_status unreachable(void *user_data, ic_request request, ic_response response)
{
    (void)user_data, (void)request, (void)response;
    return IC_ERROR_OFFLINE;
}

static ic_status load_nothing(void *user_data, const char *key, ic_stored stored)
{
    (void)user_data, (void)key, (void)stored;
    return IC_OK;
}

static int32_t swap_nothing(void *user_data, const char *key, const uint8_t *expected, const uint8_t *data, size_t len)
{
    (void)user_data, (void)key, (void)expected, (void)data, (void)len;
    return IC_SWAP_DONE;
}

static void log_nothing(void *user_data, int32_t level, ic_str text)
{
    (void)user_data, (void)level, (void)text;
}

#if defined(IC_TEST_HOOKS)
static int64_t no_time(void *user_data)
{
    (void)user_data;
    return 0;
}

static ic_status no_random(void *user_data, uint8_t *bytes, size_t len)
{
    (void)user_data, (void)bytes, (void)len;
    return IC_ERROR_INTERNAL;
}
#endif

static bool is_struct(enum kind kind)
{
    return kind >= CALL;
}

bool is_owned(enum kind kind)
{
    return kind >= HANDLER;
}

size_t good_struct(struct attempt *attempt, int index)
{
    void *room = attempt->structs[index];
    memset(room, 0, ROOM);
    switch (attempt->function->parameters[index].kind) {
    case CALL: {
        ic_call call = IC_CALL_INIT;
        call.cancel = attempt->cancel;
        call.timeout_ms = 10000;
        memcpy(room, &call, sizeof call);
        return sizeof call;
    }
    case OPTIONS: {
        static const ic_pair EXTRA[] = {{"extra", "1"}};
        ic_start_options options = IC_START_OPTIONS_INIT;
        options.login_hint = "ada";
        options.acr_values = "urn:okta:loa:1fa:any phr";
        options.extra = EXTRA;
        options.extra_count = 1;
        memcpy(room, &options, sizeof options);
        return sizeof options;
    }
    case HANDLER: {
        ic_handler handler = IC_HANDLER_INIT;
        handler.user_data = attempt;
        handler.remediate = stop;
        handler.waiting = ask;
        handler.destroy = destroy;
        memcpy(room, &handler, sizeof handler);
        return sizeof handler;
    }
    case TRANSPORT: {
        ic_transport transport = IC_TRANSPORT_INIT;
        transport.user_data = attempt;
        transport.send = unreachable;
        transport.destroy = destroy;
        memcpy(room, &transport, sizeof transport);
        return sizeof transport;
    }
    case STORAGE: {
        ic_storage storage = IC_STORAGE_INIT;
        storage.user_data = attempt;
        storage.load = load_nothing;
        storage.swap = swap_nothing;
        storage.keys = load_nothing;
        storage.destroy = destroy;
        memcpy(room, &storage, sizeof storage);
        return sizeof storage;
    }
    case LOG: {
        ic_log log = IC_LOG_INIT;
        log.user_data = attempt;
        log.log = log_nothing;
        log.destroy = destroy;
        memcpy(room, &log, sizeof log);
        return sizeof log;
    }
    default:
        break;
    }
#if defined(IC_TEST_HOOKS)
    if (attempt->function->parameters[index].kind == CLOCK) {
        ic_clock clock = {sizeof clock, attempt, no_time, destroy};
        memcpy(room, &clock, sizeof clock);
        return sizeof clock;
    }
    ic_random random = {sizeof random, attempt, no_random, destroy};
    memcpy(room, &random, sizeof random);
    return sizeof random;
#else
    return 0;
#endif
}

bool takes(const struct function *function, enum kind kind)
{
    for (int index = 0; index < function->parameter_count; index++) {
        if (function->parameters[index].kind == kind) {
            return true;
        }
    }
    return false;
}

bool is_fresh(const struct function *function, enum kind kind, int index)
{
    bool changes = kind == CONFIG || kind == FLOW || kind == DRAFT || kind == ANSWER || kind == CANCEL;
    return changes || (function->frees && index == 0);
}

static size_t good_data(const struct attempt *attempt, void **data)
{
    const char *name = attempt->function->name;
    if (strcmp(name, "ic_flow_restore") == 0) {
        ic_bytes saved = ic_buffer_bytes(attempt->world->handles[BUFFER]);
        *data = (void *)(uintptr_t)saved.data;
        return saved.len;
    }
    const char *text = strstr(name, "_pem") != NULL ? ROOT_PEM : BODY_RICH;
    *data = (void *)(uintptr_t)text;
    return strncmp(name, "ic_step", 7) == 0 || text == ROOT_PEM ? strlen(text) : 1;
}

static uint32_t good_node(const struct attempt *attempt, const struct parameter *parameter)
{
    const char *name = attempt->function->name;
    if (strcmp(name, "ic_answer_set_bool_at") == 0) {
        return attempt->world->field_nodes[1];
    }
    if (strcmp(name, "ic_answer_set_integer_at") == 0) {
        return attempt->world->field_nodes[2];
    }
    if (strcmp(name, "ic_draft_choose") == 0 || strncmp(name, "ic_screen_control_option", 24) == 0) {
        return attempt->world->choice_node;
    }
    return attempt->world->nodes[parameter->node_kind];
}

void prepare(struct attempt *attempt)
{
    const struct function *function = attempt->function;
    struct world *world = attempt->world;
    void *flow = NULL;
    attempt->cancel = world->handles[CANCEL];
    atomic_store(&attempt->destroyed, 0);
    memset(attempt->odd, 0x5a, sizeof attempt->odd);
    for (int index = 0; index < function->parameter_count; index++) {
        const struct parameter *parameter = &function->parameters[index];
        union value *argument = &attempt->arguments[index];
        enum kind kind = parameter->kind;
        attempt->slots[index] = world; /* rubbish that must be overwritten */
        attempt->numbers[index] = 0x5a5a5a5a5a5a5a5a;
        if (kind < HANDLE_KINDS) {
            bool fresh = is_fresh(function, kind, index);
            argument->pointer = fresh ? world_fresh(world, kind, flow) : world->handles[kind];
            flow = kind == FLOW ? argument->pointer : flow;
        } else if (kind == ANY_HANDLE) {
            argument->pointer = world->handles[STEP];
        } else if (kind == TEXT) {
            argument->text = parameter->good;
        } else if (kind == DATA) {
            attempt->arguments[index + 1].size = good_data(attempt, &argument->pointer);
        } else if (kind == NODE) {
            argument->u32 = good_node(attempt, parameter);
        } else if (kind == INDEX) {
            argument->size = 0;
        } else if (kind == U64) {
            argument->u64 = 1000;
        } else if (kind == I64) {
            argument->i64 = 1000;
        } else if (kind == I32) {
            argument->i32 = strcmp(function->name, "ic_ending_name") == 0 ? IC_ENDING_DENIED
                            : function->returns == RETURNS_STR            ? IC_ERROR_TIMEOUT
                                                                          : 200;
        } else if (kind == FLAG) {
            argument->flag = false;
        } else if (kind == OUT_HANDLE || kind == OUT_ERROR) {
            argument->pointer = &attempt->slots[index];
        } else if (kind == OUT_U64 || kind == OUT_I64) {
            argument->pointer = &attempt->numbers[index];
        } else if (is_struct(kind)) {
            good_struct(attempt, index);
            argument->pointer = attempt->structs[index];
        }
    }
}
