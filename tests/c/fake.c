/* See fake.h. */

#include "fake.h"

#include <string.h>

static const char HANDLE[] = "{\"interaction_handle\":\"handle-1\"}";
static const char TOKENS[] = "{\"token_type\":\"Bearer\",\"access_token\":\"access-1\",\"refresh_token\":\"refresh-1\","
                             "\"device_secret\":\"device-1\",\"scope\":\"profile\",\"expires_in\":3600}";

static bool ends_with(ic_str text, const char *end)
{
    size_t length = strlen(end);
    return text.data != NULL && text.len >= length && memcmp(text.data + text.len - length, end, length) == 0;
}

static ic_status fake_send(void *user_data, ic_request request, ic_response response)
{
    struct fake *fake = user_data;
    ic_str url = ic_request_url(request);
    const char *body = fake->body;
    const char *type = "application/ion+json; okta-version=1.0.0";
    int status = 200;
    atomic_fetch_add(&fake->requests, 1);
    if (fake->during != NULL) {
        fake->during(fake->context, request, response);
    }
    if (fake->refusal != NULL) {
        body = fake->refusal;
        status = fake->refusal_status;
        type = "application/json";
        if (status == 429) {
            ic_response_add_header(response, "Retry-After", "7");
        }
    } else if (ends_with(url, "/v1/interact")) {
        body = HANDLE;
        type = "application/json";
    } else if (ends_with(url, "/v1/token")) {
        body = TOKENS;
        type = "application/json";
    }
    ic_response_set_status(response, status);
    ic_response_add_header(response, "Content-Type", type);
    ic_response_add_header(response, "X-Okta-Request-Id", "request-1");
    return ic_response_append_body(response, body, strlen(body));
}

static void fake_destroy(void *user_data)
{
    struct fake *fake = user_data;
    atomic_fetch_add(&fake->destroyed, 1);
}

ic_transport fake_transport(struct fake *fake)
{
    ic_transport transport = IC_TRANSPORT_INIT;
    transport.user_data = fake;
    transport.send = fake_send;
    transport.destroy = fake_destroy;
    return transport;
}

ic_client fake_client(struct fake *fake)
{
    ic_transport transport = fake_transport(fake);
    ic_config config = NULL;
    ic_client client = NULL;
    ic_error error = NULL;
    CHECK_OK(ic_config_new("https://org.example/oauth2/default", "0oa1", "com.example.app:/callback", &config, &error));
    CHECK_OK(ic_config_set_scopes(config, "profile", &error));
    CHECK_OK(ic_config_set_transport(config, &transport, &error));
    CHECK_OK(ic_client_new(config, &client, &error));
    CHECK_STATUS(ic_config_free(config), IC_OK);
    return client;
}

ic_flow fake_flow(ic_client client)
{
    ic_flow flow = NULL;
    ic_error error = NULL;
    CHECK_OK(ic_flow_start(client, NULL, NULL, &flow, &error));
    return flow;
}
