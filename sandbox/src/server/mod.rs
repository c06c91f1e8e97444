//! Sockets: accepts connections, reads requests within limits, lets faults strike, writes answers.
//!
//! Everything that knows the protocol is behind [`Engine::handle`], a plain function from request to reply; this room
//! only moves bytes.

pub mod cors;
pub mod faults;
pub mod message;
pub mod tls;

use crate::engine::Engine;
use bytes::Bytes;
use faults::FaultKind;
use http_body_util::{BodyExt, Limited};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use message::{Reply, Request};
use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

/// Requests of real clients are under 10 kB; what is longer is refused before it is read.
const LARGEST_BODY: usize = 256 * 1024;

/// A client that runs under a checker, on a machine that does other things, takes its time.
const HANDSHAKE: Duration = Duration::from_secs(120);

/// Accepts connections until `stop` changes.
pub async fn serve(
    listener: TcpListener,
    engine: Arc<Engine>,
    tls: Option<TlsAcceptor>,
    mut stop: watch::Receiver<bool>,
) {
    loop {
        let accepted = tokio::select! {
            _ = stop.changed() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((socket, peer)) => {
                let (engine, tls) = (engine.clone(), tls.clone());
                tokio::spawn(connection(socket, peer, engine, tls));
            }
            // Out of file descriptors, most likely: wait for some to be closed instead of spinning.
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

async fn connection(socket: TcpStream, peer: SocketAddr, engine: Arc<Engine>, tls: Option<TlsAcceptor>) {
    let _ = socket.set_nodelay(true);
    // A second handle on the same socket, so that a fault can make the closing of the first one a reset.
    let Ok(socket) = socket.into_std() else { return };
    let Ok(handle) = socket.try_clone() else { return };
    let Ok(socket) = TcpStream::from_std(socket) else { return };
    let end = Arc::new(tokio::sync::Notify::new());
    let plug = Plug { handle, end: end.clone() };
    match tls {
        None => talk(socket, peer, engine, plug, end, "http").await,
        Some(acceptor) => {
            let handshake = tokio::time::timeout(HANDSHAKE, acceptor.accept(socket)).await;
            if let Ok(Ok(stream)) = handshake {
                talk(stream, peer, engine, plug, end, "https").await;
            }
        }
    }
}

async fn talk<S>(
    stream: S,
    peer: SocketAddr,
    engine: Arc<Engine>,
    plug: Plug,
    end: Arc<tokio::sync::Notify>,
    scheme: &'static str,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let plug = Arc::new(plug);
    let service = service_fn(move |request| answer(request, peer, scheme, engine.clone(), plug.clone()));
    let mut server = hyper::server::conn::http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(Duration::from_secs(75));
    let connection = server.serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        _ = connection => {}
        // Dropping the connection closes the socket, without another byte.
        () = end.notified() => {}
    }
}

/// Ends a connection from inside a request.
struct Plug {
    handle: std::net::TcpStream,
    end: Arc<tokio::sync::Notify>,
}

impl Plug {
    async fn pull(&self, reset: bool) {
        if reset {
            let _ = socket2::SockRef::from(&self.handle).set_linger(Some(Duration::ZERO));
        }
        self.end.notify_one();
        // The connection's task drops this future; it must not answer before that.
        std::future::pending::<()>().await;
    }
}

async fn answer(
    request: hyper::Request<Incoming>,
    peer: SocketAddr,
    scheme: &str,
    engine: Arc<Engine>,
    plug: Arc<Plug>,
) -> Result<hyper::Response<Outgoing>, Infallible> {
    let started = SystemTime::now();
    let (head, body) = request.into_parts();
    let method = head.method.as_str().to_owned();
    let path = head.uri.path().to_owned();
    // Control must stay reachable whatever is set, or a fault on every path could never be taken back.
    let control = path.starts_with("/sandbox/");
    let struck = if control { Vec::new() } else { engine.strike(&method, &path) };

    for kind in &struck {
        match kind {
            FaultKind::Delay { ms } => tokio::time::sleep(Duration::from_millis(*ms)).await,
            FaultKind::Reset { after: false } => plug.pull(true).await,
            FaultKind::Close { after: false } => plug.pull(false).await,
            _ => {}
        }
    }
    let reply = match struck.iter().find_map(faults::instead) {
        Some(reply) => {
            engine.record(&method, &path, reply.status);
            reply
        }
        None => match Limited::new(body, LARGEST_BODY).collect().await {
            Err(_) => Reply::api(413, "E0000003", "The request body is too large, or was cut off."),
            Ok(collected) => {
                let host =
                    head.uri.authority().map(|host| host.as_str()).or_else(|| head.headers.get("host")?.to_str().ok());
                let request = Request {
                    origin: engine.origin_for(scheme, host),
                    query: head.uri.query().unwrap_or_default().to_owned(),
                    headers: head.headers,
                    body: collected.to_bytes(),
                    method: method.clone(),
                    path: path.clone(),
                    peer,
                };
                engine.handle(&request)
            }
        },
    };
    for kind in &struck {
        match kind {
            FaultKind::Reset { after: true } => plug.pull(true).await,
            FaultKind::Close { after: true } => plug.pull(false).await,
            _ => {}
        }
    }
    let reply = struck.iter().fold(reply, |reply, kind| faults::spoil(kind, reply));
    engine.log(&method, &path, reply.status, started);
    Ok(response(reply, &struck))
}

fn response(reply: Reply, struck: &[FaultKind]) -> hyper::Response<Outgoing> {
    let mut outgoing = Outgoing::from(Bytes::from(reply.body));
    outgoing.cut = struck.iter().find_map(|kind| match kind {
        FaultKind::Truncate { bytes } => Some(bytes.unwrap_or(outgoing.body.len() / 2).min(outgoing.body.len())),
        _ => None,
    });
    outgoing.drip = struck.iter().find_map(|kind| match kind {
        FaultKind::Drip { ms } => Some((Duration::from_millis(*ms), Box::pin(tokio::time::sleep(Duration::ZERO)))),
        _ => None,
    });
    let mut response = hyper::Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        response = response.header(name.as_str(), value.as_str());
    }
    if outgoing.cut.is_some() {
        response = response.header("Content-Length", outgoing.body.len());
    }
    // A header that HTTP cannot carry can only come from a fault; then the fault is that the server broke.
    response.body(outgoing).unwrap_or_else(|_| {
        let mut broken = hyper::Response::new(Outgoing::from(Bytes::new()));
        *broken.status_mut() = hyper::StatusCode::INTERNAL_SERVER_ERROR;
        broken
    })
}

/// A body that may end early or come slowly.
struct Outgoing {
    body: Bytes,
    cut: Option<usize>,
    drip: Option<(Duration, Pin<Box<tokio::time::Sleep>>)>,
    end: Option<Pin<Box<tokio::time::Sleep>>>,
}

impl From<Bytes> for Outgoing {
    fn from(body: Bytes) -> Self {
        Outgoing { body, cut: None, drip: None, end: None }
    }
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        if self.cut == Some(0) {
            // A moment for what was written to leave the buffers: an error at once would take it along.
            let end = self.end.get_or_insert_with(|| Box::pin(tokio::time::sleep(Duration::from_millis(20))));
            return end.as_mut().poll(context).map(|()| Some(Err(std::io::ErrorKind::ConnectionAborted.into())));
        }
        if self.body.is_empty() {
            return Poll::Ready(None);
        }
        let mut size = self.cut.unwrap_or(self.body.len());
        if let Some((pause, sleep)) = &mut self.drip {
            if sleep.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            let next = tokio::time::Instant::now() + *pause;
            sleep.as_mut().reset(next);
            size = 1;
        }
        let frame = self.body.split_to(size);
        if let Some(cut) = &mut self.cut {
            *cut -= size;
        }
        Poll::Ready(Some(Ok(Frame::data(frame))))
    }

    fn is_end_stream(&self) -> bool {
        self.cut.is_none() && self.body.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        match self.cut {
            None => SizeHint::with_exact(self.body.len() as u64),
            Some(_) => SizeHint::default(),
        }
    }
}
