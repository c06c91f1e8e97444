//! Metadata of the authorization servers, and the keys.

use super::Server;
use crate::engine::Engine;
use crate::server::message::{Reply, Request};
use serde_json::json;

/// `/.well-known/openid-configuration` and `/.well-known/oauth-authorization-server`.
pub fn metadata(server: Server, request: &Request) -> Reply {
    let base = server.base(&request.origin);
    let endpoint = |name: &str| format!("{base}/v1/{name}");
    let methods = ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"];
    Reply::json(
        200,
        &json!({
            "issuer": server.issuer(&request.origin),
            // Interact is the sibling of authorize; clients derive it.
            "authorization_endpoint": endpoint("authorize"),
            "token_endpoint": endpoint("token"),
            "userinfo_endpoint": endpoint("userinfo"),
            "jwks_uri": endpoint("keys"),
            "introspection_endpoint": endpoint("introspect"),
            "revocation_endpoint": endpoint("revoke"),
            "end_session_endpoint": endpoint("logout"),
            "pushed_authorization_request_endpoint": endpoint("par"),
            "authorization_response_iss_parameter_supported": true,
            "prompt_values_supported": ["none", "login", "consent", "select_account"],
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "interaction_code", "refresh_token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": ["openid", "profile", "email", "phone", "address", "groups", "offline_access"],
            "token_endpoint_auth_methods_supported": methods,
            "introspection_endpoint_auth_methods_supported": methods,
            "revocation_endpoint_auth_methods_supported": methods,
            "claims_supported": [
                "iss", "ver", "sub", "aud", "iat", "exp", "jti", "auth_time", "amr", "acr", "nonce", "at_hash", "name",
                "given_name", "family_name", "preferred_username", "zoneinfo", "locale", "updated_at", "email",
                "email_verified",
            ],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_signing_alg_values_supported": ["RS256", "ES256"],
            "dpop_signing_alg_values_supported": ["RS256", "ES256"],
            "request_parameter_supported": false,
        }),
    )
    .with("Cache-Control", "max-age=86400, must-revalidate")
}

/// `/.well-known/okta-organization`: which kind of org this is.
pub fn organization(request: &Request) -> Reply {
    Reply::json(
        200,
        &json!({
            "id": "00osandbox0000000001",
            "_links": {"organization": {"href": request.origin}},
            "pipeline": "idx",
            "settings": {"analyticsCollectionEnabled": false, "bugReportingEnabled": false, "omEnabled": false},
        }),
    )
}

/// `/v1/keys`.
pub fn keys(engine: &Engine) -> Reply {
    Reply::json(200, &engine.signer.jwks()).with("Cache-Control", "max-age=3600, must-revalidate")
}
