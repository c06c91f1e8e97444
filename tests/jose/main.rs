//! Tokens that must not pass: the attack table of `oauth.md` section 2 (its JWS, JWKS and claims parts), row by row, and
//! the vectors of Project Wycheproof. Each row is a good token with one thing changed, and must fail for the named rule.

mod access_tokens;
mod agreement;
mod algorithms;
mod claims;
mod signatures;
mod tokens;
mod vectors;
mod wycheproof;
