//! Small servers that do exactly what a test says, on loopback, with a thread per connection.

use std::{
    io::{self, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use interaction_code::{
    Call, CancelToken, Error, ErrorKind,
    http::{Request, Response, Transport},
    transport::{UreqTransport, UreqTransportBuilder},
};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// Nothing in these tests waits longer: what does not come hangs.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// Both directions of a connection, in the clear or in TLS.
pub trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

/// What a server read.
pub struct Received {
    /// The head as it came.
    pub head: String,
    /// The body by its `Content-Length`.
    pub body: Vec<u8>,
}

impl Received {
    /// The path of the request line.
    pub fn path(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or_default()
    }

    /// The values of a header, in order.
    pub fn values(&self, name: &str) -> Vec<&str> {
        let lines = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        lines.filter(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value).collect()
    }
}

/// Whether the server goes on with the connection.
#[derive(PartialEq)]
pub enum Next {
    Keep,
    Close,
}

type Handler = dyn Fn(&Received, &mut dyn Stream) -> io::Result<Next> + Send + Sync;

/// A server.
pub struct Server {
    pub addr: SocketAddr,
    pub accepted: Arc<AtomicUsize>,
    pub requests: Arc<AtomicUsize>,
    /// While set, new connections are accepted and then left alone.
    pub mute: Arc<AtomicBool>,
    /// Gets a word whenever a muted connection has come.
    pub muted: Mutex<mpsc::Receiver<()>>,
    tls: bool,
}

impl Server {
    pub fn plain(handler: impl Fn(&Received, &mut dyn Stream) -> io::Result<Next> + Send + Sync + 'static) -> Server {
        Server::start(None, Arc::new(handler))
    }

    pub fn tls(
        config: Arc<ServerConfig>,
        handler: impl Fn(&Received, &mut dyn Stream) -> io::Result<Next> + Send + Sync + 'static,
    ) -> Server {
        Server::start(Some(config), Arc::new(handler))
    }

    /// Answers every request with the same bytes and keeps the connection.
    pub fn fixed(answer: impl Into<Vec<u8>>) -> Server {
        let answer = answer.into();
        Server::plain(move |_, stream| stream.write_all(&answer).map(|()| Next::Keep))
    }

    /// Answers every request with the same bytes and closes.
    pub fn once(answer: impl Into<Vec<u8>>) -> Server {
        let answer = answer.into();
        Server::plain(move |_, stream| stream.write_all(&answer).map(|()| Next::Close))
    }

    fn start(config: Option<Arc<ServerConfig>>, handler: Arc<Handler>) -> Server {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let addr = listener.local_addr().unwrap();
        let (accepted, requests, mute) = (Arc::<AtomicUsize>::default(), Arc::default(), Arc::<AtomicBool>::default());
        let (muting, muted) = mpsc::channel();
        let tls = config.is_some();
        let shared = (Arc::clone(&accepted), Arc::clone(&requests), Arc::clone(&mute));
        thread::spawn(move || {
            let (accepted, requests, mute) = shared;
            for stream in listener.incoming() {
                let Ok(stream) = stream else { return };
                accepted.fetch_add(1, Ordering::SeqCst);
                stream.set_read_timeout(Some(PATIENCE)).unwrap();
                stream.set_nodelay(true).unwrap();
                let (config, handler, requests) = (config.clone(), Arc::clone(&handler), Arc::clone(&requests));
                if mute.load(Ordering::SeqCst) {
                    let _ = muting.send(());
                    thread::spawn(move || drain(&stream));
                    continue;
                }
                thread::spawn(move || match config {
                    Some(config) => {
                        let Ok(conn) = ServerConnection::new(config) else { return };
                        serve(&mut StreamOwned::new(conn, stream), &*handler, &requests);
                    }
                    None => serve(&mut &stream, &*handler, &requests),
                });
            }
        });
        Server { addr, accepted, requests, mute, muted: Mutex::new(muted), tls }
    }

    /// The URL of a path, by address.
    pub fn url(&self, path: &str) -> String {
        format!("{}://{}{path}", if self.tls { "https" } else { "http" }, self.addr)
    }

    pub fn accepted(&self) -> usize {
        self.accepted.load(Ordering::SeqCst)
    }

    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

/// An address that refuses connections, and that nobody else gets meanwhile.
pub struct Closed {
    pub addr: SocketAddr,
    _bound: socket2::Socket,
}

impl Closed {
    pub fn new() -> Closed {
        let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
        socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).unwrap();
        Closed { addr: socket.local_addr().unwrap().as_socket().unwrap(), _bound: socket }
    }
}

fn serve<S: Stream>(stream: &mut S, handler: &Handler, requests: &AtomicUsize) {
    while let Ok(Some(received)) = read_request(stream) {
        requests.fetch_add(1, Ordering::SeqCst);
        if !matches!(handler(&received, stream), Ok(Next::Keep)) {
            return;
        }
    }
}

/// Reads one request; `None` at the end of the connection.
pub fn read_request(stream: &mut (impl Read + ?Sized)) -> io::Result<Option<Received>> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte)? == 0 {
            return Ok(None);
        }
        head.push(byte[0]);
    }
    let mut received = Received { head: String::from_utf8(head).unwrap(), body: Vec::new() };
    let length = received.values("content-length").first().map_or(0, |length| length.parse().unwrap());
    received.body = vec![0; length];
    stream.read_exact(&mut received.body)?;
    Ok(Some(received))
}

/// Waits until the other side goes away.
pub fn drain(mut stream: impl Read) {
    let mut buffer = [0; 1024];
    while matches!(stream.read(&mut buffer), Ok(amount) if amount > 0) {}
}

/// An answer with a `Content-Length`.
pub fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len())
}

/// The usual answer.
pub fn ok(body: &str) -> String {
    answer("200 OK", "Content-Type: application/json\r\n", body)
}

/// A transport for tests: loopback http, no proxy of the machine's.
pub fn transport() -> UreqTransport {
    builder().build().unwrap()
}

/// The settings of [`transport`], to change some.
pub fn builder() -> UreqTransportBuilder {
    UreqTransport::builder().allow_loopback_http(true).no_proxy()
}

/// A call that cannot hang the tests.
pub fn call() -> Call {
    Call::new().timeout(PATIENCE)
}

/// GETs a URL.
pub fn get(transport: &UreqTransport, url: &str) -> Result<Response, Error> {
    transport.send(&Request::get(url), &call())
}

/// POSTs a secret form.
pub fn post(transport: &UreqTransport, url: &str) -> Result<Response, Error> {
    transport.send(&Request::form(url, [("passcode", "Correct-Horse-9")]), &call())
}

/// Cancels a request as soon as `ready` says so, and returns its error: it ended by the cancel, and not by its limit. How fast
/// is measured by `cargo bench --bench cancel`, not here, where the machine does other things.
pub fn cancelled(transport: &UreqTransport, request: &Request, ready: impl FnOnce() + Send) -> Error {
    let token = CancelToken::new();
    let error = thread::scope(|scope| {
        scope.spawn(|| {
            ready();
            token.cancel();
        });
        transport.send(request, &call().cancel(&token)).expect_err("was cancelled")
    });
    assert_eq!(error.kind(), ErrorKind::Cancelled, "{error}");
    error
}
