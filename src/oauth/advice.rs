//! What to do about the errors the server has names for: the tables of idx.md sections 2.1, 8.4 and 8.5 in words.
//!
//! An [`Error`](crate::Error) ends in one of these sentences. A code that is not here is passed on without one.

/// What to do about an OAuth error code, whichever endpoint or callback it comes from.
#[rustfmt::skip]
const OAUTH_ADVICE: &[(&str, &str)] = &[
    ("access_denied", "Check that the org runs Identity Engine, that the user is assigned to the app, and that the access policy of the authorization server lets this client in"),
    ("consent_required", "Sign in interactively: the user has to consent"),
    ("insufficient_authentication_context", "Sign in again with the `acr_values` and `max_age` that are asked for"),
    ("interaction_code_unsatisfiable", "Start the sign-in again: the code can no longer be redeemed, a policy may have changed"),
    ("interaction_required", "Go on with the same transaction: the server wants more steps"),
    ("invalid_client", "Check the client id, the client secret, and how the app authenticates (none, post or basic)"),
    ("invalid_client_metadata", "Check the settings of the app in the Okta admin console"),
    ("invalid_dpop_proof", "Check the clock of this device, and the key of the proof"),
    ("invalid_grant", "Start the sign-in again: the code or token is used up, expired, or was issued to another client or redirect URI"),
    ("invalid_request", "Check redirect URI, scopes and parameters against the settings of the app; a token from a mail may be used up"),
    ("invalid_scope", "Ask only for scopes that the authorization server knows and its policy grants to this client"),
    ("invalid_target", "Ask for a resource that the authorization server knows"),
    ("invalid_token", "Sign in again: the token is expired or revoked"),
    ("login_required", "Sign in interactively: there is no session"),
    ("no_matching_policy", "Add an access-policy rule of the authorization server for this client, with the Interaction Code grant and these scopes"),
    ("server_error", "Try again later; give the request id to Okta's support"),
    ("slow_down", "Wait longer between two attempts"),
    ("temporarily_unavailable", "Try again later"),
    ("unauthorized_client", "Enable the Interaction Code grant for the app, and in the access-policy rule of a custom authorization server"),
    ("unmet_authentication_requirements", "Sign in again with the `acr_values` and `max_age` that are asked for"),
    ("unsupported_grant_type", "Enable the Interaction Code grant for the app; the org must run Identity Engine"),
    ("unsupported_response_type", "Check that the org runs Identity Engine and that the issuer is right"),
    ("use_dpop_nonce", "Switch `Require DPoP` off for this app, or send a proof with the nonce of the server"),
    ("user_rate_limited", "Wait before the next attempt"),
];

/// What to do about an API error code.
#[rustfmt::skip]
const API_ADVICE: &[(&str, &str)] = &[
    ("E0000004", "Check the user name and the credential"),
    ("E0000006", "The client or the user may not do this; check assignments and policies"),
    ("E0000007", "Check the issuer: the address does not exist in this org"),
    ("E0000009", "Try again later; give the request id to Okta's support"),
    ("E0000010", "The org is read-only for maintenance; try again later"),
    ("E0000011", "Sign in again: the token is expired or revoked"),
    ("E0000015", "Check that the org has this feature and runs Identity Engine"),
    ("E0000022", "Check the issuer: the endpoint does not take this request"),
];

/// The API errors of the rate limits (idx.md 8.5), whatever the status.
const RATE_LIMIT_CODES: [&str; 4] = ["E0000047", "E0000133", "E0000150", "E0000151"];

/// What to do about this OAuth error code; empty when it is not in the table.
pub(super) fn oauth_advice(code: &str) -> &'static str {
    advice_in(OAUTH_ADVICE, code)
}

/// What to do about this API error code; empty when it is not in the table.
pub(super) fn api_advice(code: &str) -> &'static str {
    advice_in(API_ADVICE, code)
}

/// Whether this API error code is one of the rate limits.
pub(super) fn is_rate_limit(code: &str) -> bool {
    RATE_LIMIT_CODES.contains(&code)
}

fn advice_in(table: &[(&str, &'static str)], code: &str) -> &'static str {
    table.iter().find(|(known, _)| *known == code).map_or("", |(_, advice)| advice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted_and_unique() {
        for table in [OAUTH_ADVICE, API_ADVICE] {
            assert!(table.is_sorted_by(|(a, _), (b, _)| a < b));
            assert!(table.iter().all(|(_, advice)| !advice.is_empty() && !advice.ends_with('.')));
        }
    }
}
