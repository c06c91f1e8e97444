/* A sign-in that nobody watches: for device management, login windows, jobs. Credentials in, an outcome out.
 *
 *     cc device_login.c $(pkg-config --cflags --libs interaction_code libcurl) -pthread -o device_login
 *     ./device_login --config acme.json --state /var/lib/acme < credentials
 *
 * --config FILE            JSON: issuer, client_id, redirect_uri, ...  (ic_config_from_json)
 * --state DIRECTORY        keeps the device token, and a sign-in that is not complete (file_storage.h)
 * --credentials-fd NUMBER  where the credentials are read (credentials.h); 0 unless given
 * --factor KEY[:METHOD]    the second factor to use: okta_verify:push, okta_email, ...
 * --timeout SECONDS        for everything; 120 unless given
 * --ca FILE                more trust than the system's: a PEM file for libcurl
 * --verbose                what the library does, on standard error; never a secret
 *
 * Standard output gets one line of JSON, and the exit code says the same: an IC_OUTCOME_... of the library. A
 * run that ends with `mfa_required`, without network, out of time, or killed, leaves the sign-in in the
 * directory; the next one goes on there, with the code that has come by mail meanwhile, say. A run sends the
 * password once at most. */
#define _POSIX_C_SOURCE 200809L
#define _DEFAULT_SOURCE
#define _DARWIN_C_SOURCE

#include "curl_transport.h"
#include "unattended.h"
#include "unattended_report.h"
#include <getopt.h>
#include <signal.h>

enum { GOODBYE_MS = 5000, EXIT_LEAK = 3 };

/* Whether the sign-in that was left behind is that of the person who signs in now. */
static bool same_person(login *run)
{
    char *user = NULL;
    size_t length = 0;
    if (run->given.username == NULL) return true;
    if (!read_file(run->storage.directory, "user", &user, &length)) return false;
    bool same = strlen(run->given.username) == length && memcmp(run->given.username, user, length) == 0;
    free(user);
    return same;
}

/* Gives the sign-in up, here and, where the step offers it, at the server. */
static void give_up(login *run)
{
    ic_call call = IC_CALL_INIT; /* also when the time of the run is up */
    call.timeout_ms = GOODBYE_MS;
    /* Best effort: a sign-in that is not cancelled runs out. */
    if (ic_flow_cancel(run->flow, &call, NULL, NULL) != IC_OK) fputs("not cancelled at the server\n", stderr);
    ic_flow_free(run->flow);
    run->flow = NULL;
    file_storage_forget_flows(&run->storage);
    remove_file(run->storage.directory, "user");
}

static void forget_error(login *run)
{
    ic_error_free(run->error);
    run->error = NULL;
}

/* Goes on with the sign-in that an earlier run left behind, or begins one. */
static int begin(login *run)
{
    ic_status status = ic_flow_resume(run->client, &run->flow, &run->error);
    if (run->flow != NULL && !same_person(run)) {
        give_up(run);
    }
    if (run->flow != NULL && !ic_flow_is_complete(run->flow)) {
        /* Perhaps an answer left, and its reply was never seen: the server knows where the sign-in is. */
        ic_call call = call_of(run);
        status = ic_flow_refresh(run->flow, &call, NULL, &run->error);
    }
    int outcome = after(run, status);
    bool over = outcome == IC_OUTCOME_TRANSACTION_EXPIRED || status == IC_ERROR_INVALID_SNAPSHOT;
    if (run->flow != NULL && outcome == GO_ON) {
        ic_step step = NULL;
        over =
            ic_flow_step(run->flow, &step, NULL) == IC_OK && ic_step_has_message(step, "idx.session.expired");
        ic_step_free(step);
    }
    if (over && run->given.username != NULL) {
        forget_error(run);
        if (run->flow != NULL) give_up(run);
        outcome = GO_ON;
    }
    if (outcome == GO_ON && run->flow == NULL) {
        if (run->given.username == NULL) return IC_OUTCOME_INPUT_ENDED; /* there is nothing to go on with */
        ic_call call = call_of(run);
        outcome = after(run, ic_flow_start(run->client, NULL, &call, &run->flow, &run->error));
    }
    return outcome;
}

/* Whether a later run can go on from here. */
static bool can_go_on(int outcome)
{
    return outcome == IC_OUTCOME_MFA_REQUIRED || outcome == IC_OUTCOME_INPUT_ENDED ||
           outcome == IC_OUTCOME_RATE_LIMITED ||
           (outcome >= IC_OUTCOME_OFFLINE && outcome <= IC_OUTCOME_CANCELLED);
}

static int sign_in(login *run, ic_tokens *tokens)
{
    int outcome = begin(run);
    if (outcome == GO_ON) outcome = answer_all(run);
    if (outcome == IC_OUTCOME_SUCCESS) {
        ic_call call = call_of(run);
        outcome = after(run, ic_flow_finish(run->flow, &call, tokens, &run->error));
        outcome = outcome == GO_ON ? IC_OUTCOME_SUCCESS : outcome;
        remove_file(run->storage.directory, "user");
    }
    return outcome;
}

static void print_log(void *user_data, int32_t level, ic_str text)
{
    static const char *const words[] = {"", "error", "warn", "info", "debug"};
    (void)user_data;
    fprintf(stderr, "%s: %.*s\n", level >= 1 && level <= 4 ? words[level] : "log", IC_STR_ARG(text));
}

/* The client: settings of the file, the device token, and what this program brings itself. */
static bool make_client(login *run)
{
    char token[DEVICE_TOKEN_LENGTH + 1] = "";
    char *json = NULL;
    size_t length = 0;
    ic_config config = NULL;
    ic_transport transport = IC_TRANSPORT_INIT;
    ic_storage storage = IC_STORAGE_INIT;
    ic_log log = IC_LOG_INIT;
    storage.user_data = &run->storage;
    storage.load = storage_load;
    storage.swap = storage_swap;
    storage.keys = storage_keys;
    log.log = print_log;
    if (!device_token(&run->storage, token) || !read_file(AT_FDCWD, run->config_file, &json, &length)) {
        perror("the device token or the configuration");
        return false;
    }
    json[length] = '\0';
    ic_status status = ic_config_from_json(json, &config, &run->error);
    wipe(json, length); /* it may hold the client's secret */
    free(json);
    if (status == IC_OK) status = ic_config_set_device_token(config, token, &run->error);
    if (status == IC_OK) status = ic_config_set_storage(config, &storage, &run->error);
    if (status == IC_OK && run->verbose) status = ic_config_set_log(config, &log, &run->error);
    if (status == IC_OK) status = http_transport_new(run->ca_file, &transport) ? IC_OK : IC_ERROR_INTERNAL;
    if (status == IC_OK) status = ic_config_set_transport(config, &transport, &run->error);
    if (status == IC_OK) status = ic_client_new(config, &run->client, &run->error);
    ic_config_free(config);
    return status == IC_OK;
}

/* Waits for signals in a thread of its own, where anything may be called; in a signal handler hardly
 * anything. */
static void *watch_signals(void *user_data)
{
    const login *run = user_data;
    sigset_t signals;
    int number = 0;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGUSR1);
    while (sigwait(&signals, &number) == 0 && number != SIGUSR1) { /* SIGUSR1: the run is over */
        if (ic_cancel_is_triggered(run->cancel)) _exit(130);       /* a second time: at once */
        ic_cancel_trigger(run->cancel);
    }
    return NULL;
}

static bool parse(login *run, int argc, char **argv)
{
    static const struct option options[] = {
        {"config", required_argument, NULL, 'c'},  {"state", required_argument, NULL, 's'},
        {"factor", required_argument, NULL, 'f'},  {"credentials-fd", required_argument, NULL, 'd'},
        {"timeout", required_argument, NULL, 't'}, {"ca", required_argument, NULL, 'a'},
        {"verbose", no_argument, NULL, 'v'},       {NULL, 0, NULL, 0},
    };
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
        case 'c': run->config_file = optarg; break;
        case 's': run->state = optarg; break;
        case 'f': run->factor = optarg; break;
        case 'd': run->credentials_fd = (int)strtol(optarg, NULL, 10); break;
        case 't': run->timeout_s = strtol(optarg, NULL, 10); break;
        case 'a': run->ca_file = optarg; break;
        case 'v': run->verbose = true; break;
        default: return false;
        }
    }
    return run->config_file != NULL && run->state != NULL && run->timeout_s > 0 && optind == argc;
}

/* The part between the signals being watched and everything being freed. */
static int work(login *run)
{
    ic_tokens tokens = NULL;
    pthread_t watcher;
    int outcome = IC_OUTCOME_USAGE;
    if (pthread_create(&watcher, NULL, watch_signals, run) != 0) return outcome;
    if (make_client(run)) outcome = sign_in(run, &tokens);
    report(run, outcome, tokens);
    if (outcome != IC_OUTCOME_SUCCESS && run->flow != NULL && !can_go_on(outcome)) give_up(run);
    pthread_kill(watcher, SIGUSR1);
    pthread_join(watcher, NULL);
    ic_tokens_free(tokens);
    return outcome;
}

int main(int argc, char **argv)
{
    login run = {.timeout_s = 120, .password = "not_evaluated"};
    if (!parse(&run, argc, argv)) {
        fprintf(stderr, "usage: device_login --config FILE --state DIRECTORY [--credentials-fd NUMBER]\n"
                        "           [--factor KEY[:METHOD]] [--timeout SECONDS] [--ca FILE] [--verbose]\n");
        return IC_OUTCOME_USAGE;
    }
    clock_gettime(CLOCK_MONOTONIC, &run.began);
    int outcome = IC_OUTCOME_USAGE;
    if (credentials_read(&run.given, run.credentials_fd) && file_storage_open(&run.storage, run.state)) {
        sigset_t signals;
        sigemptyset(&signals);
        sigaddset(&signals, SIGINT);
        sigaddset(&signals, SIGTERM);
        sigaddset(&signals, SIGUSR1);
        pthread_sigmask(SIG_BLOCK, &signals, NULL); /* before there is a second thread: all inherit it */
        curl_global_init(CURL_GLOBAL_DEFAULT);
        if (ic_cancel_new(&run.cancel, &run.error) == IC_OK) outcome = work(&run);
        ic_flow_free(run.flow);
        ic_client_free(run.client);
        ic_cancel_free(run.cancel);
        ic_error_free(run.error);
        curl_global_cleanup();
        file_storage_close(&run.storage);
    }
    wipe(&run.given, sizeof run.given);
    if (ic_live_handles() != 0) {
        fprintf(stderr, "%zu handles were not freed\n", ic_live_handles());
        return EXIT_LEAK;
    }
    return outcome;
}
