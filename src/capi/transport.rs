//! Transports: the program's own HTTP stack.

use std::{
    ffi::{c_char, c_void},
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{
    cancel::milliseconds,
    foreign::{UserData, Versioned, first, ic_destroy_fn},
    guard::{IC_OK, status, value},
    handler::failed,
    handles::{ic_request, ic_request_handle, ic_response, ic_response_handle, ic_status},
    table::{self, Lent, kind},
    text::{bytes, ic_bytes, ic_str, invalid, text},
};
use crate::{
    call::Call,
    error::{Error, ErrorKind, Result, Sent, sanitize},
    http::{Request, Response, Transport},
    limits::{MAX_HEADER_BYTES, MAX_HEADERS},
    secret::SecretBytes,
};

/// Sends `request`, waits for the whole answer, fills `response` and returns `IC_OK`. 4xx and 5xx are answers, too. When there
/// was no HTTP answer it returns what fits: `IC_ERROR_CANCELLED`, `_TIMEOUT`, `_OFFLINE` (no name, no route, refused), `_TLS`,
/// `_PROXY`, `_NETWORK` (broken off), `_LIMIT_EXCEEDED`; any other number is `IC_ERROR_CALLBACK`. Both handles end with the call.
pub type ic_send_fn =
    Option<unsafe extern "C" fn(user_data: *mut c_void, request: ic_request, response: ic_response) -> ic_status>;

/// The program's own HTTP stack. Initialise with `IC_TRANSPORT_INIT`. It is shared by all flows of its clients, and called
/// from each thread that makes a call, at once; for the tokens from a short-lived thread of the library.
///
/// What it must do: send each request once, as it is, over TLS that checks certificates and names; follow no redirect, retry
/// nothing, answer nothing from a cache; keep no cookies of its own (the library sets `Cookie` and reads `Set-Cookie`, which
/// must not be folded); report every status; stop at `ic_request_max_body` bytes; end within
/// `ic_request_remaining_ms` and soon (200 ms) after `ic_request_is_cancelled`; and say `ic_response_set_not_sent` when a failed
/// request certainly did not leave.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct ic_transport {
    /// `sizeof(ic_transport)`.
    pub size: usize,
    /// Given back to each function.
    pub user_data: *mut c_void,
    /// Carries a request.
    pub send: ic_send_fn,
    /// Called once with `user_data` after the last use, on any thread; may be NULL.
    pub destroy: ic_destroy_fn,
}

// SAFETY: begins with its size; zero is a good value of every member.
unsafe impl Versioned for ic_transport {
    const NAME: &'static str = "ic_transport";
    const FIRST: usize = first(32, 16);
}

/// A transport that is owned by clients.
pub(super) struct ForeignTransport {
    send: unsafe extern "C" fn(*mut c_void, ic_request, ic_response) -> ic_status,
    user: UserData,
}

impl ForeignTransport {
    pub(super) fn new(given: ic_transport) -> Result<Self> {
        let user = UserData::new(given.user_data, given.destroy);
        let send = given.send.ok_or_else(|| invalid("the ic_transport has no send"))?;
        Ok(ForeignTransport { send, user })
    }
}

/// What a transport may report; any other number is its own failure.
const KINDS: [ErrorKind; 7] = [
    ErrorKind::Cancelled,
    ErrorKind::Timeout,
    ErrorKind::Offline,
    ErrorKind::Tls,
    ErrorKind::Proxy,
    ErrorKind::Network,
    ErrorKind::LimitExceeded,
];

impl Transport for ForeignTransport {
    fn send(&self, request: &Request, call: &Call) -> Result<Response> {
        let lent_request =
            Lent::<ic_request_handle>::new(RequestObject { request: request.clone(), call: call.clone() })?;
        let lent_response = Lent::<ic_response_handle>::new(ResponseObject::new(request.max_body))?;
        // Held from before, so that what the callback filled in is there whatever it does to the handle.
        let filled = table::get(lent_response.handle())?;
        // SAFETY: the program gave this function for this pointer.
        let returned = unsafe { (self.send)(self.user.get(), lent_request.handle(), lent_response.handle()) };
        let filled = std::mem::take(&mut *filled.lock());
        let sent = if filled.not_sent { Sent::No } else { Sent::Maybe };
        if returned != IC_OK {
            let known = ErrorKind::from_code(returned).filter(|kind| KINDS.contains(kind));
            let code = known.map_or(returned, ErrorKind::code);
            let error = failed(code, filled.failure, "the transport");
            return Err(match known {
                Some(_) => error.with_sent(sent),
                None => Error::new(ErrorKind::Callback, error.text()).with_sent(sent),
            });
        }
        if let Some(error) = filled.overflow {
            return Err(error.with_sent(Sent::Maybe));
        }
        let Some(status) = filled.status else {
            return Err(
                Error::new(ErrorKind::Callback, "the transport returned IC_OK and set no status").with_sent(sent)
            );
        };
        Ok(Response { status, headers: filled.headers, body: filled.body })
    }
}

/// What lies behind an `ic_request`.
pub struct RequestObject {
    request: Request,
    call: Call,
}
kind!(ic_request_handle, "ic_request", RequestObject);

/// `GET` or `POST`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_request_method(request: ic_request) -> ic_str {
    value(ic_str::NONE, || Some(ic_str::of(table::look(request)?.request.method.as_str())))
}

/// The absolute URL: `https`, or loopback `http` when the issuer is.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_request_url(request: ic_request) -> ic_str {
    value(ic_str::NONE, || Some(ic_str::of(&table::look(request)?.request.url)))
}

/// How many headers to send, in order. The transport adds only what HTTP itself needs (`Host`, `Content-Length`,
/// `Connection`).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_request_header_count(request: ic_request) -> usize {
    value(0, || Some(table::look(request)?.request.headers.len()))
}

/// The name of a header.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_request_header_name(request: ic_request, index: usize) -> ic_str {
    value(ic_str::NONE, || Some(ic_str::of(&table::look(request)?.request.headers.get(index)?.0)))
}

/// The value of a header. May be a secret.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_request_header_value(request: ic_request, index: usize) -> ic_str {
    value(ic_str::NONE, || Some(ic_str::of(table::look(request)?.request.headers.get(index)?.1.expose())))
}

/// The body; empty for GET. Holds secrets: do not log it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_request_body(request: ic_request) -> ic_bytes {
    value(ic_bytes::NONE, || Some(ic_bytes::of(&table::look(request)?.request.body)))
}

/// The largest body to accept in the answer, in bytes; `ic_response_append_body` refuses more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_request_max_body(request: ic_request) -> usize {
    value(0, || Some(table::look(request)?.request.max_body))
}

/// How much time is left, in milliseconds; 0 when the time limit of the call has passed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_request_remaining_ms(request: ic_request) -> u64 {
    value(0, || Some(milliseconds(table::look(request)?.call.remaining())))
}

/// Whether the call was cancelled: then stop, and return `IC_ERROR_CANCELLED`. Cheap; any thread. True for a request that is
/// over.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_request_is_cancelled(request: ic_request) -> bool {
    value(true, || Some(table::look(request)?.call.token().is_cancelled()))
}

/// What lies behind an `ic_response`.
pub struct ResponseObject(Mutex<Filled>);
kind!(ic_response_handle, "ic_response", ResponseObject);

#[derive(Default)]
struct Filled {
    status: Option<u16>,
    headers: Vec<(String, String)>,
    header_bytes: usize,
    body: SecretBytes,
    max_body: usize,
    not_sent: bool,
    failure: Option<String>,
    overflow: Option<Error>,
}

impl ResponseObject {
    fn new(max_body: usize) -> Self {
        ResponseObject(Mutex::new(Filled { max_body, ..Filled::default() }))
    }

    fn lock(&self) -> MutexGuard<'_, Filled> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Filled {
    /// The answer is too large; that stays so, also when the callback does not look at what this returns.
    fn refuse(&mut self, what: String) -> Result<()> {
        let error = Error::new(ErrorKind::LimitExceeded, what);
        self.overflow = Some(error.clone());
        Err(error)
    }

    /// Grows by whole new memory: the old one is wiped, where a moved one would leave a copy of what it held.
    fn append(&mut self, more: &[u8]) {
        let needed = self.body.len() + more.len();
        if needed > self.body.capacity() {
            let mut grown = SecretBytes::with_capacity(needed.next_power_of_two().min(self.max_body));
            grown.extend_from_slice(&self.body);
            self.body = grown;
        }
        self.body.extend_from_slice(more);
    }
}

fn fill(response: ic_response, fill: impl FnOnce(&mut Filled) -> Result<()>) -> Result<()> {
    let object = table::get(response)?;
    let mut filled = object.lock();
    fill(&mut filled)
}

/// Sets the HTTP status, 100 to 599. Errors: `IC_ERROR_INVALID_ARGUMENT`, `IC_ERROR_INVALID_HANDLE`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_response_set_status(response: ic_response, http_status: i32) -> ic_status {
    status(|| {
        let code = u16::try_from(http_status).ok().filter(|code| (100..600).contains(code));
        let code = code.ok_or_else(|| invalid("the HTTP status is not between 100 and 599"))?;
        fill(response, |filled| {
            filled.status = Some(code);
            Ok(())
        })
    })
}

/// Adds a header as received, in order; several `Set-Cookie` are several calls.
/// Errors: `IC_ERROR_LIMIT_EXCEEDED` (more than 128 headers or 64 KB), `IC_ERROR_INVALID_ARGUMENT`, `IC_ERROR_INVALID_HANDLE`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_response_add_header(
    response: ic_response,
    name: *const c_char,
    value: *const c_char,
) -> ic_status {
    // SAFETY: by the conventions of the header.
    status(|| unsafe {
        let (name, value) = (text(name, "name")?, text(value, "value")?);
        fill(response, |filled| {
            let bytes = filled.header_bytes + name.len() + value.len();
            if filled.headers.len() == MAX_HEADERS || bytes > MAX_HEADER_BYTES {
                return filled.refuse(format!(
                    "the answer has more than {MAX_HEADERS} headers or {MAX_HEADER_BYTES} bytes of them"
                ));
            }
            filled.header_bytes = bytes;
            filled.headers.push((name.to_owned(), value.to_owned()));
            Ok(())
        })
    })
}

/// Adds bytes to the body, content decoding done. They are copied.
/// Errors: `IC_ERROR_LIMIT_EXCEEDED` beyond `ic_request_max_body`: stop reading, and return it; `IC_ERROR_INVALID_ARGUMENT`,
/// `IC_ERROR_INVALID_HANDLE`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_response_append_body(response: ic_response, data: *const c_void, len: usize) -> ic_status {
    // SAFETY: by the conventions of the header.
    status(|| unsafe {
        fill(response, |filled| {
            if len > filled.max_body - filled.body.len() {
                return filled.refuse(format!("the answer has more than {} bytes", filled.max_body));
            }
            filled.append(bytes(data, len, filled.max_body, "data")?);
            Ok(())
        })
    })
}

/// Says that nothing of the failed request has left. Without it, a failure counts as perhaps sent.
/// Errors: `IC_ERROR_INVALID_HANDLE`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_response_set_not_sent(response: ic_response) -> ic_status {
    status(|| {
        fill(response, |filled| {
            filled.not_sent = true;
            Ok(())
        })
    })
}

/// Why `send` is about to return a failure: becomes the text of the error. No secret in it.
/// Errors: `IC_ERROR_INVALID_ARGUMENT`, `IC_ERROR_INVALID_HANDLE`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ic_response_fail(response: ic_response, why: *const c_char) -> ic_status {
    // SAFETY: by the conventions of the header.
    status(|| unsafe {
        let why = sanitize(text(why, "why")?);
        fill(response, |filled| {
            filled.failure = Some(why);
            Ok(())
        })
    })
}
