//! The engine: one lock around all state, and the way from a path to the room that answers it.

use crate::account::Account;
use crate::browser;
use crate::clock;
use crate::control;
use crate::error::Error;
use crate::idx;
use crate::idx::transaction::Transaction;
use crate::keys::Signer;
use crate::oauth;
use crate::oauth::dpop::{Nonces, UsedIds};
use crate::oauth::grant::Grants;
use crate::oauth::par;
use crate::outbox::{Mail, MailKind, PushStatus};
use crate::random;
use crate::server::cors;
use crate::server::faults::{Fault, FaultKind, Faults};
use crate::server::message::{Reply, Request};
use crate::world::World;
use serde::Serialize;
use std::collections::{HashMap, VecDeque};
use std::io::Write as _;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

/// What the program's switches say.
#[derive(Debug, Clone, Default)]
pub struct Switches {
    /// Every mailed or texted code is this one.
    pub fixed_code: Option<String>,
    /// Pushes approve themselves after this long.
    pub auto_approve_push: Option<Duration>,
    /// A line on stderr for each request.
    pub log: bool,
}

/// One request that was answered, for tests that count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// The HTTP method.
    pub method: String,
    /// The path, without its query.
    pub path: String,
    /// The status of the answer.
    pub status: u16,
}

/// Everything that changes while the sandbox runs.
#[derive(Default)]
pub struct State {
    pub(crate) accounts: Vec<Account>,
    /// Transactions by interaction handle.
    pub(crate) transactions: HashMap<String, Transaction>,
    /// Interaction handles by the state handles that are good now.
    pub(crate) state_handles: HashMap<String, String>,
    pub(crate) grants: Grants,
    /// What was proved in browsers, by their cookies.
    pub(crate) browsers: HashMap<String, browser::Session>,
    /// Authorization requests that were pushed, by `request_uri`.
    pub(crate) pushed: HashMap<String, par::Pushed>,
    pub(crate) outbox: VecDeque<Mail>,
    /// Passwords that were submitted.
    pub(crate) passwords: u64,
    /// The ids of proofs and assertions that were used.
    pub(crate) used_ids: UsedIds,
    pub(crate) dpop_nonces: Nonces,
    seen: VecDeque<Seen>,
    rates: HashMap<String, (u64, u32)>,
    created: u64,
}

/// The engine of one sandbox.
pub struct Engine {
    pub(crate) world: World,
    pub(crate) switches: Switches,
    pub(crate) signer: &'static Signer,
    listen_origin: String,
    state: Mutex<State>,
    faults: Mutex<Faults>,
}

const OUTBOX_KEEPS: usize = 1000;
const LOG_KEEPS: usize = 20_000;

impl Engine {
    /// An engine at its beginning.
    pub fn new(world: World, switches: Switches, listen_origin: String) -> Result<Engine, Error> {
        world.check()?;
        let engine = Engine {
            signer: Signer::shared()?,
            world,
            switches,
            listen_origin,
            state: Mutex::default(),
            faults: Mutex::default(),
        };
        engine.reset();
        Ok(engine)
    }

    /// Forgets everything that has happened: accounts, sign-ins, tokens, outbox, faults, counted requests.
    pub fn reset(&self) {
        *self.state() = State { accounts: self.world.users.iter().map(Account::of).collect(), ..State::default() };
        self.faults().set(Vec::new());
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        // A panic in one request (a bug) must not take every later request with it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn faults(&self) -> MutexGuard<'_, Faults> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets the faults, replacing those that are set.
    pub fn set_faults(&self, faults: Vec<Fault>) {
        self.faults().set(faults);
    }

    /// Counts a request against the faults that are set.
    pub fn strike(&self, method: &str, path: &str) -> Vec<FaultKind> {
        self.faults().strike(method, path)
    }

    /// Answers a request.
    pub fn handle(&self, request: &Request) -> Reply {
        if request.path.starts_with("/sandbox/") || request.path == "/sandbox" {
            return control::handle(self, request);
        }
        if request.method == "OPTIONS" {
            let reply = cors::preflight(&self.world.org, request);
            self.record(&request.method, &request.path, reply.status);
            return reply;
        }
        let reply = self.route(request);
        self.record(&request.method, &request.path, reply.status);
        let reply = self.rate_headers(reply.with("X-Okta-Request-Id", random::id("req")));
        let reply = with_device_cookie(request, reply);
        if request.path.ends_with("/v1/authorize") || request.path.contains("/v1/signin/") {
            // Pages for people: no script of another page has business there.
            return reply;
        }
        cors::decorate(&self.world.org, request, reply)
    }

    fn route(&self, request: &Request) -> Reply {
        let path = request.path.as_str();
        if let Some(step) = path.strip_prefix("/idp/idx/") {
            return idx::handle(self, request, step);
        }
        match oauth::handle(self, request) {
            Some(reply) => reply,
            None => Reply::api(
                404,
                "E0000022",
                "The endpoint does not support the provided HTTP method, or does not exist.",
            ),
        }
    }

    /// Remembers a request for [`Engine::requests`].
    pub fn record(&self, method: &str, path: &str, status: u16) {
        let mut state = self.state();
        if state.seen.len() == LOG_KEEPS {
            state.seen.pop_front();
        }
        state.seen.push_back(Seen { method: method.to_owned(), path: path.to_owned(), status });
    }

    /// The requests since the start or the last reset, control requests apart.
    pub fn requests(&self) -> Vec<Seen> {
        self.state().seen.iter().cloned().collect()
    }

    /// A line on stderr, when asked for. Paths hold no secrets here; queries and bodies may, and are left out.
    pub fn log(&self, method: &str, path: &str, status: u16, started: SystemTime) {
        if self.switches.log {
            let took = started.elapsed().unwrap_or_default();
            let path: String = path.chars().filter(|letter| !letter.is_control()).take(200).collect();
            let _ = writeln!(std::io::stderr(), "{} {method} {path} {status} {took:.1?}", clock::iso(started));
        }
    }

    /// The origin to build `href`s and issuers from: what the client called us, when that is a plain authority.
    pub fn origin_for(&self, scheme: &str, host: Option<&str>) -> String {
        let plain = |host: &&str| {
            !host.is_empty()
                && host.len() < 256
                && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]_".contains(&byte))
        };
        match host.filter(plain) {
            Some(host) => format!("{scheme}://{host}"),
            None => self.listen_origin.clone(),
        }
    }

    fn rate_headers(&self, reply: Reply) -> Reply {
        let limit = match self.world.limits.requests_per_minute {
            0 => 600_000,
            limit => limit,
        };
        let now = clock::unix(SystemTime::now());
        let used = self.state().rates.values().map(|(_, used)| *used).max().unwrap_or(0);
        reply
            .with("X-Rate-Limit-Limit", limit.to_string())
            .with("X-Rate-Limit-Remaining", limit.saturating_sub(used).to_string())
            .with("X-Rate-Limit-Reset", ((now / 60 + 1) * 60).to_string())
    }

    /// Counts a request of a client; an answer when it was one too many.
    /// By client, address and device, as the org does: an office behind one address shares its share.
    pub(crate) fn throttle(&self, state: &mut State, client: &str, request: &Request) -> Option<Reply> {
        let own = self.world.client(client).and_then(|client| client.requests_per_minute);
        let limit = own.unwrap_or(self.world.limits.requests_per_minute);
        if limit == 0 {
            return None;
        }
        let minute = clock::unix(SystemTime::now()) / 60;
        let device = request.header("cookie").and_then(|all| all.split("; ").find(|one| one.starts_with("DT=")));
        let who = format!("{client} {} {}", request.peer.ip(), device.unwrap_or_default());
        let (when, used) = state.rates.entry(who).or_insert((minute, 0));
        if *when != minute {
            (*when, *used) = (minute, 0);
        }
        *used += 1;
        (*used > limit).then(|| Reply::api(429, "E0000047", "API call exceeded rate limit due to too many requests."))
    }
}

/// Gives the device its token at the start of a sign-in, as the org does, unless it brings one.
fn with_device_cookie(request: &Request, reply: Reply) -> Reply {
    let starts = request.path.ends_with("/v1/interact") || request.path == "/idp/idx/introspect";
    let known =
        request.header("cookie").is_some_and(|cookies| cookies.split("; ").any(|cookie| cookie.starts_with("DT=")));
    if !starts || known {
        return reply;
    }
    let secure = if request.origin.starts_with("https:") { "; Secure; SameSite=None" } else { "" };
    reply.with("Set-Cookie", format!("DT={}; Path=/; Max-Age=63072000; HttpOnly{secure}", random::id("DI0")))
}

impl State {
    /// Puts a message into the outbox.
    pub(crate) fn send(&mut self, mail: Mail) {
        if self.outbox.len() == OUTBOX_KEEPS {
            self.outbox.pop_front();
        }
        self.outbox.push_back(mail);
    }

    /// The push with this id.
    pub(crate) fn push(&self, id: &str) -> Option<&Mail> {
        self.outbox.iter().rev().find(|mail| mail.id == id)
    }

    /// Decides a push that is still pending. `None` when there is no such push, `Some(false)` when it is decided already.
    pub(crate) fn decide(&mut self, id: &str, status: PushStatus, answer: Option<&str>) -> Option<bool> {
        let push = self.outbox.iter_mut().find(|mail| mail.id == id && mail.status.is_some())?;
        if !push.is_pending() {
            return Some(false);
        }
        let wrong_number = push.kind == MailKind::Push
            && answer.is_some_and(|answer| push.correct_answer.as_deref().is_some_and(|right| right != answer));
        push.status = Some(if wrong_number && status == PushStatus::Approved { PushStatus::Denied } else { status });
        Some(true)
    }

    /// Ends a transaction: neither of its handles is good for anything afterwards.
    pub(crate) fn end_transaction(&mut self, interaction: &str) {
        if let Some(transaction) = self.transactions.remove(interaction) {
            for handle in &transaction.state_handles {
                self.state_handles.remove(handle);
            }
        }
    }

    /// Lets go of what has expired; called now and then, so that a long test does not fill the memory.
    pub(crate) fn sweep(&mut self) {
        self.created += 1;
        if self.created.is_multiple_of(256) {
            let now = SystemTime::now();
            self.transactions.retain(|_, transaction| transaction.expires_at > now);
            let transactions = &self.transactions;
            self.state_handles.retain(|_, interaction| transactions.contains_key(interaction));
            self.grants.sweep(now);
            self.pushed.retain(|_, pushed| !pushed.is_over(now));
            self.browsers.retain(|_, session| !browser::is_stale(session, now));
            if self.browsers.len() > browser::BROWSERS {
                self.browsers.clear();
            }
        }
    }
}
