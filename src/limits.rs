//! Every limit of the library, in one table: how much, how deep, how many, how long.
//!
//! Whoever goes past one of these (a server, a proxy, an app) gets an error, most often
//! [`ErrorKind::LimitExceeded`](crate::ErrorKind), or less: a text that is cut, an interval that is clamped, a list that
//! ends. Which of them, each line says; nothing grows without bound, and no other limit is anywhere else (a test reads the
//! sources for them). The recordings this library was built from stay far below: the largest
//! body is 44 KB, the deepest some 15 levels, the longest `stateHandle` 6.3 KB.

use std::time::Duration;

/// The largest response body that is read, in bytes. The transport stops reading there.
pub const MAX_BODY_BYTES: usize = 2 * 1024 * 1024;
/// The largest key set (JWKS) that is read, in bytes.
pub const MAX_JWKS_BYTES: usize = 64 * 1024;
/// The most keys that are looked at in one key set.
pub const MAX_JWKS_KEYS: usize = 64;
/// The longest token that is taken, and the longest JSON Web Token that is verified, in bytes.
pub const MAX_TOKEN_BYTES: usize = 32 * 1024;
/// The deepest nesting in a signed token, a key set and settings; the object itself is level 1.
pub const MAX_TOKEN_DEPTH: usize = 16;
/// The deepest nesting of objects and arrays in a response.
pub const MAX_JSON_DEPTH: usize = 64;
/// The most JSON values in one response.
pub const MAX_JSON_NODES: usize = 200_000;
/// The longest name in a response, in bytes: of a member of an object, and of whatever has a member `name`. Paths are
/// made of names, so a long one would be copied many times.
pub const MAX_NAME_BYTES: usize = 1024;
/// How many bytes of names the paths of all messages of a response may have together; the messages after that have none.
pub const MAX_PATH_BYTES: usize = MAX_BODY_BYTES;
/// The most fields in one form, nested ones and those of options included.
pub const MAX_FORM_FIELDS: usize = 4_096;
/// The most `relatesTo` pointers that are followed in one form or one response.
pub const MAX_POINTERS: usize = 4_096;
/// The deepest nesting of forms that is followed.
pub const MAX_FORM_DEPTH: usize = 16;
/// The longest `interaction_handle`, `state`, code or other protocol string that is accepted from outside, in bytes.
pub const MAX_HANDLE_BYTES: usize = 16 * 1024;
/// The longest device token, in bytes: what the server takes (idx.md section 1.4).
pub const MAX_DEVICE_TOKEN_BYTES: usize = 32;
/// The most headers of a response that are taken.
pub const MAX_HEADERS: usize = 128;
/// The longest response head that is read, in bytes: all its headers together.
pub const MAX_HEADER_BYTES: usize = 64 * 1024;
/// The most bytes of an answer that come before its head ends, interim (1xx) answers and what was read ahead included.
pub const MAX_BEFORE_BODY_BYTES: usize = 3 * MAX_HEADER_BYTES;
/// How many bytes may come for each byte that a body may have: the framing of small chunks. Trailers count, too.
pub const MAX_FRAMING_FACTOR: usize = 8;
/// The longest request head that is sent, in bytes: address and headers together, also where the server made them long.
pub const MAX_REQUEST_HEAD_BYTES: usize = 32 * 1024;
/// The most cookies kept for one flow, and the most that are looked at in one answer; the oldest gives way.
pub const MAX_COOKIES: usize = 64;
/// The longest `Cookie` header, in bytes, and so how much all cookies of a flow take together; the oldest gives way. Half of
/// a request head: cookies alone never make a request too large to be sent.
pub const MAX_COOKIE_HEADER_BYTES: usize = MAX_REQUEST_HEAD_BYTES / 2;
/// The longest `User-Agent`, `Accept-Language` or `X-Forwarded-For` that is taken from an app, in bytes: refused above.
pub const MAX_HEADER_VALUE_BYTES: usize = 4 * 1024;
/// The longest cookie that is kept, name and value together, in bytes.
pub const MAX_COOKIE_BYTES: usize = 8 * 1024;
/// The longest server text (a message, an `error_description`) that is copied into an error, in characters.
pub const MAX_ERROR_TEXT: usize = 1_000;
/// The most messages that are copied into an error.
pub const MAX_ERROR_MESSAGES: usize = 32;
/// The longest name from outside that a log line or an error about settings shows, in characters; what is longer is cut.
pub const MAX_NAME_CHARS: usize = 120;
/// The most remediations that a log line or an error names.
pub const MAX_LOGGED_NAMES: usize = 20;
/// The most extra parameters of a start that C gives.
pub const MAX_EXTRA_PARAMETERS: usize = 64;
/// The longest text of a screen, in characters; what is longer is cut.
pub const MAX_PHRASE_CHARS: usize = 500;
/// The most links that are taken out of one text of the server.
pub const MAX_LINKS: usize = 16;
/// The most attributes that a policy of passwords can exclude; the rest is the server's to check.
pub const MAX_POLICY_ATTRIBUTES: usize = 32;
/// How many inputs of a screen get a copy of a challenge or a policy; the others are drawn without.
pub const MAX_INPUT_COPIES: u32 = 16;
/// The most methods of one authenticator, or of one option, that are looked at; there are 17 kinds.
pub const MAX_METHODS: usize = 64;
/// How often the pictures and addresses of one authenticator are drawn in one screen: once, but for a form that repeats.
pub const MAX_PICTURE_COPIES: u8 = 4;
/// The longest path that is copied beside each field for Swift, Kotlin and Python, in bytes; a longer one is left out.
pub const MAX_DRAWN_PATH_BYTES: usize = 1024;
/// The most options that a screen draws; all can be chosen by node.
pub const MAX_DRAWN_OPTIONS: usize = 2_000;
/// The longest nonce of DPoP that is kept, in bytes; a longer one is ignored.
pub const MAX_DPOP_NONCE_BYTES: usize = 1024;
/// How many nonces of DPoP a client keeps, one for each server; the oldest gives way.
pub const MAX_DPOP_NONCES: usize = 100;
/// The largest saved flow that is restored, in bytes.
pub const MAX_SNAPSHOT_BYTES: usize = 4 * MAX_BODY_BYTES;
/// The largest value that a storage holds: a saved flow, and when it was saved.
pub const MAX_STORED_BYTES: usize = MAX_SNAPSHOT_BYTES + 64;
/// The most sign-ins of one client that are kept in a storage; the oldest gives way.
pub const MAX_KEPT_FLOWS: usize = 16;
/// The most keys of a storage that are looked at for one client; what is beyond is left as it is.
pub const MAX_STORED_KEYS: usize = 4 * MAX_KEPT_FLOWS;
/// How often a value is put in a storage whose value is always another by then.
pub const MAX_SWAPS: usize = 8;
/// The longest settings of a client as JSON, in bytes. Bundles of root certificates are a part of them.
pub const MAX_SETTINGS_BYTES: usize = 1024 * 1024;
/// The longest response of a platform's passkeys that is read, in bytes: far above what an authenticator gives.
pub const MAX_PASSKEY_BYTES: usize = 256 * 1024;
/// The largest metadata document of a server that is read, in bytes.
pub const MAX_METADATA_BYTES: usize = 256 * 1024;
/// The longest URL that a browser is opened with, in bytes: what no system and no server on the way cuts.
pub const MAX_AUTHORIZE_URL_BYTES: usize = 8 * 1024;
/// The longest saved authorization that is restored, in bytes.
pub const MAX_AUTHORIZATION_BYTES: usize = 64 * 1024;
/// How many authorizations a storage keeps for one client; the oldest gives way.
pub const MAX_PENDING_AUTHORIZATIONS: usize = 16;

/// The shortest wait between two polls, whatever `refresh` says (idx.md 5.7 saw 500 ms to 6.2 s).
pub const MIN_POLL_INTERVAL: Duration = Duration::from_millis(500);
/// The longest wait between two polls, whatever `refresh` says.
pub const MAX_POLL_INTERVAL: Duration = Duration::from_secs(30);
/// The wait between two polls when the server names none.
pub const DEFAULT_POLL_INTERVAL: Duration = Duration::from_secs(4);
/// The wait after a 429 that does not say how long.
pub const DEFAULT_RATE_LIMIT_WAIT: Duration = Duration::from_secs(60);
/// The shortest `retry_after`: a moment in the past means "soon", not "now, in a loop".
pub const MIN_RETRY_AFTER: Duration = Duration::from_secs(1);
/// The longest `retry_after` that is believed; a longer one is cut to this.
pub const MAX_RETRY_AFTER: Duration = Duration::from_secs(24 * 3600);

/// How long a sign-in is kept in a storage: far longer than any server knows it.
pub const MAX_KEPT_AGE: Duration = Duration::from_secs(24 * 3600);

/// How long one call may take when the app sets no deadline.
pub const DEFAULT_DEADLINE: Duration = Duration::from_secs(30);
/// How long the redemption of a code may take, also when nobody waits for it any more: what the call of whoever began it has left,
/// but no less than this.
pub const REDEMPTION_DEADLINE: Duration = Duration::from_secs(30);
/// How long waiting for a person (polling, `run`) may take when the app sets no deadline.
pub const DEFAULT_WAIT_DEADLINE: Duration = Duration::from_secs(300);
/// How long telling the server that an unattended sign-in was given up may take, beyond the app's own deadline.
pub const GOODBYE_DEADLINE: Duration = Duration::from_secs(2);
/// How long a connection may take to be made, when the app does not say otherwise.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long the server may be silent while a response is awaited, when the app does not say otherwise.
pub const READ_TIMEOUT: Duration = Duration::from_secs(20);
/// The longest time limit that the built-in transport can be given; a longer one is cut to this.
pub const MAX_TIMEOUT: Duration = Duration::from_secs(24 * 3600);
/// How long a connection may lie idle before it is not used again: shorter than what servers and firewalls allow, so that a
/// request seldom meets a connection that is closing.
pub const MAX_IDLE: Duration = Duration::from_secs(10);
/// How many idle connections are kept, to one host and to all.
pub const MAX_IDLE_CONNECTIONS: usize = 8;
/// The most addresses of one host that are tried.
pub const MAX_ADDRESSES: usize = 16;
/// How many threads may be left behind in name look-ups and connects that hang; past this, new connections fail.
pub const MAX_ABANDONED: usize = 32;
/// The most steps that `run` goes through before it gives up on a server that leads in circles.
pub const MAX_RUN_STEPS: usize = 200;

/// How far the clocks of server and device may be apart in an ID token's times, when the caller does not say otherwise.
pub const DEFAULT_LEEWAY: Duration = Duration::from_secs(60);
/// The largest such leeway; a larger one is cut to this.
pub const MAX_LEEWAY: Duration = Duration::from_secs(120);
/// How far the clocks of server and device must be apart before an error about a token's times says so.
pub const CLOCK_SKEW_TOLD: Duration = Duration::from_secs(60);
/// How old an ID token may be when it arrives at the end of a sign-in.
pub const MAX_ISSUE_AGE: Duration = Duration::from_secs(600);
/// The shortest time that a key set is kept, the longest that one is which did not verify a token, and the least between two
/// fetches because of such a token.
pub const MIN_KEYS_LIFETIME: Duration = Duration::from_secs(5 * 60);
/// The longest time that a key set is kept, how long one is that does not say, and how long after that the last one that
/// verified a token is used when none can be fetched.
pub const MAX_KEYS_LIFETIME: Duration = Duration::from_secs(24 * 3600);
/// How long the metadata of a server is kept.
pub const MAX_METADATA_LIFETIME: Duration = Duration::from_secs(24 * 3600);
/// How long the way back from a browser is open, from the moment that its URL was made.
pub const AUTHORIZATION_LIFETIME: Duration = Duration::from_secs(30 * 60);
/// The longest request head of a browser that comes back to this machine, in bytes.
pub const MAX_RECEIVED_HEAD_BYTES: usize = 8 * 1024;
/// How many connections of browsers are served at once.
pub const MAX_RECEIVER_CONNECTIONS: usize = 16;
/// How long one of them may take.
pub const RECEIVER_CONNECTION_TIME: Duration = Duration::from_secs(5);
/// How long a program that opens a browser is watched: one that fails within gives way to the next.
pub const BROWSER_WATCH: Duration = Duration::from_secs(3);
