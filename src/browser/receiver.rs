//! The listener that a browser comes back to: on the loopback redirect URI, for one sign-in.
//!
//! It is bound before the browser opens, to that address alone. Only a `GET` of exactly that path, with the `Host` of exactly that
//! address, is offered to the sign-in; only what the sign-in takes for its own ends the wait. Everything else (a browser's idle
//! connection, its icon, a preflight, another path, a forged `state`) is answered and forgotten. Each connection has a few seconds
//! and a few kilobytes, there are few at once, and each has one answer. The page says nothing of what came.

use std::{
    io::{Read, Write},
    net::{IpAddr, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

use crate::{
    call::Call,
    error::{Error, ErrorKind, Result},
    limits::{MAX_RECEIVED_HEAD_BYTES, MAX_RECEIVER_CONNECTIONS, RECEIVER_CONNECTION_TIME},
    oauth::RedirectKind,
};

/// How often the listener looks at cancel and deadline.
const GLANCE: Duration = Duration::from_millis(20);

/// Listens for the return of a browser.
#[derive(Debug)]
pub struct Receiver {
    listeners: Vec<TcpListener>,
    /// Everything before the path, as `Host` says it.
    host: String,
    path: String,
    base: String,
}

impl Receiver {
    /// Binds the address of a loopback redirect URI: `http://127.0.0.1:8765/callback`, or with `[::1]`. For `localhost`, which
    /// browsers reach by either, both are bound. Nobody else can listen there meanwhile.
    ///
    /// # Errors
    /// [`InvalidArgument`](ErrorKind::InvalidArgument) for another kind of redirect URI, or one without a port;
    /// [`Network`](ErrorKind::Network) when the address is taken.
    pub fn bind(redirect_uri: &str) -> Result<Receiver> {
        let kind = RedirectKind::of(redirect_uri)?;
        let refuse = |text: &str| Error::new(ErrorKind::InvalidArgument, text);
        let url = url::Url::parse(redirect_uri).map_err(|_| refuse("the redirect URI cannot be read"))?;
        let Some(port) = url.port() else {
            return Err(refuse("the redirect URI has no port to listen on")
                .with_advice("Register one with a port, for example http://127.0.0.1:8765/callback"));
        };
        let addresses: Vec<IpAddr> = match (kind, url.host()) {
            (RedirectKind::Localhost, _) => vec![IpAddr::from([127, 0, 0, 1]), IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1])],
            (RedirectKind::Loopback, Some(url::Host::Ipv4(address))) => vec![address.into()],
            (RedirectKind::Loopback, Some(url::Host::Ipv6(address))) => vec![address.into()],
            _ => {
                return Err(refuse("the redirect URI is not on this machine, so nothing can listen for the browser")
                    .with_advice(
                        "Register http://127.0.0.1 with a port and a path, for example http://127.0.0.1:8765/callback",
                    ));
            }
        };
        let taken = |error: std::io::Error| {
            Error::new(
                ErrorKind::Network,
                format!("port {port} of this machine cannot be listened on: {}", error.kind()),
            )
            .with_advice("End the program that has it, or register another port")
        };
        let mut listeners = Vec::new();
        for address in addresses {
            // A machine without IPv6 has no second `localhost`; one where another program has it is no place to listen.
            match TcpListener::bind(SocketAddr::new(address, port)) {
                Ok(listener) => listeners.push(listener),
                Err(error) if error.kind() == std::io::ErrorKind::AddrNotAvailable && !listeners.is_empty() => {}
                Err(error) => return Err(taken(error)),
            }
        }
        for listener in &listeners {
            listener.set_nonblocking(true).map_err(taken)?;
        }
        let host = format!("{}:{port}", url.host_str().unwrap_or_default());
        Ok(Receiver { listeners, base: format!("http://{host}"), host, path: url.path().to_owned() })
    }

    /// Waits until the browser comes back with a URL that `is_ours` takes, and returns it. The browser is shown a page that says
    /// so; another page for a callback that is not taken.
    ///
    /// # Errors
    /// [`Cancelled`](ErrorKind::Cancelled) and [`Timeout`](ErrorKind::Timeout) of `call`.
    pub fn wait(&self, is_ours: &(dyn Fn(&str) -> bool + Sync), call: &Call) -> Result<String> {
        let (found, came) = mpsc::channel();
        let open = Arc::new(AtomicUsize::new(0));
        thread::scope(|scope| {
            loop {
                if let Ok(url) = came.try_recv() {
                    return Ok(url);
                }
                call.check().map_err(|error| match error.kind() {
                    ErrorKind::Timeout => error.with_advice(
                        "An error page of the server does not lead back: is the redirect URI registered, the client assigned?",
                    ),
                    _ => error,
                })?;
                let mut idle = true;
                for listener in &self.listeners {
                    let Ok((stream, _)) = listener.accept() else { continue };
                    idle = false;
                    if open.load(Ordering::SeqCst) >= MAX_RECEIVER_CONNECTIONS {
                        continue;
                    }
                    open.fetch_add(1, Ordering::SeqCst);
                    let (found, counted) = (found.clone(), Arc::clone(&open));
                    let talk = move || {
                        if let Some(url) = self.talk(stream, is_ours, call) {
                            let _ = found.send(url);
                        }
                        counted.fetch_sub(1, Ordering::SeqCst);
                    };
                    if thread::Builder::new().spawn_scoped(scope, talk).is_err() {
                        open.fetch_sub(1, Ordering::SeqCst);
                    }
                }
                if idle {
                    thread::sleep(GLANCE);
                }
            }
        })
    }

    /// One connection, one request, one answer. The URL, when it was the one.
    fn talk(&self, mut stream: TcpStream, is_ours: &dyn Fn(&str) -> bool, call: &Call) -> Option<String> {
        stream.set_nonblocking(false).ok()?;
        let until = Instant::now() + RECEIVER_CONNECTION_TIME.min(call.remaining());
        let mut head = Vec::new();
        let request = loop {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() || call.check().is_err() {
                return None;
            }
            stream.set_read_timeout(Some(left.min(GLANCE * 5))).ok()?;
            let mut part = [0; 1024];
            match stream.read(&mut part) {
                Ok(0) => return None,
                Ok(count) => head.extend_from_slice(part.get(..count)?),
                Err(error) if matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) => {
                    continue;
                }
                Err(_) => return None,
            }
            match Asked::read(&head) {
                Some(asked) => break asked,
                None if head.len() > MAX_RECEIVED_HEAD_BYTES => break Asked::Broken,
                None => {}
            }
        };
        let (status, page, url) = self.answer(request, is_ours);
        let _ = stream.set_write_timeout(Some(RECEIVER_CONNECTION_TIME));
        let answer = format!(
            "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
             Content-Security-Policy: default-src 'none'\r\nReferrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n\
             Connection: close\r\n\r\n",
            page.len()
        );
        let _ = stream.write_all(answer.as_bytes()).and_then(|()| stream.write_all(page.as_bytes()));
        let _ = stream.shutdown(std::net::Shutdown::Write);
        url
    }

    fn answer(&self, asked: Asked, is_ours: &dyn Fn(&str) -> bool) -> (&'static str, &'static str, Option<String>) {
        let Asked::Request { method, target, host } = asked else { return ("400 Bad Request", NOT_HERE, None) };
        if host.as_deref() != Some(self.host.as_str()) {
            // A name that was made to lead here (DNS rebinding).
            return ("421 Misdirected Request", NOT_HERE, None);
        }
        match method.as_str() {
            "OPTIONS" => return ("204 No Content", "", None),
            "HEAD" => return ("200 OK", "", None),
            "GET" => {}
            _ => return ("405 Method Not Allowed", NOT_HERE, None),
        }
        if target.split('?').next() != Some(self.path.as_str()) {
            return ("404 Not Found", NOT_HERE, None);
        }
        let url = format!("{}{target}", self.base);
        match is_ours(&url) {
            true => ("200 OK", DONE, Some(url)),
            false => ("400 Bad Request", NOT_OURS, None),
        }
    }
}

const DONE: &str = "<!doctype html><html lang=\"en\"><title>Back in the app</title><p>You can close this page and go back to the app.</p></html>\n";
const NOT_OURS: &str = "<!doctype html><html lang=\"en\"><title>Not this sign-in</title><p>This page does not belong to the sign-in that is under way.</p></html>\n";
const NOT_HERE: &str =
    "<!doctype html><html lang=\"en\"><title>Nothing here</title><p>There is nothing here.</p></html>\n";

enum Asked {
    Request { method: String, target: String, host: Option<String> },
    Broken,
}

impl Asked {
    /// `None` while the head is not complete.
    fn read(head: &[u8]) -> Option<Asked> {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut request = httparse::Request::new(&mut headers);
        match request.parse(head) {
            Ok(httparse::Status::Partial) => None,
            Err(_) => Some(Asked::Broken),
            Ok(httparse::Status::Complete(_)) => {
                let mut hosts = request.headers.iter().filter(|header| header.name.eq_ignore_ascii_case("host"));
                let host = match (hosts.next(), hosts.next()) {
                    (Some(host), None) => std::str::from_utf8(host.value).ok().map(str::to_ascii_lowercase),
                    _ => None,
                };
                let (method, target) = (request.method?.to_owned(), request.path?.to_owned());
                Some(Asked::Request { method, target, host })
            }
        }
    }
}
