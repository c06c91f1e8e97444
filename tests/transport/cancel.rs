//! A cancel ends a request wherever it waits, and the transport goes on.

use std::{
    sync::{Arc, Mutex, atomic::Ordering, mpsc},
    thread,
    time::Duration,
};

use interaction_code::{Sent, http::Request};

use crate::{
    proxy::Proxy,
    support::{Next, Server, answer, builder, cancelled, drain, get, ok, read_request, transport},
    tls::{Authority, tls_server},
};

/// Something that happens on one thread and is waited for on another.
fn signal() -> (impl Fn() + Send + Sync + Clone + 'static, impl Fn() + Send + Sync) {
    let (sender, receiver) = mpsc::channel();
    let (sender, receiver) = (Arc::new(Mutex::new(sender)), Mutex::new(receiver));
    let give = move || {
        let _ = sender.lock().unwrap().send(());
    };
    (give, move || receiver.lock().unwrap().recv_timeout(crate::support::PATIENCE).unwrap())
}

fn form(url: String) -> Request {
    Request::form(url, [("passcode", "Correct-Horse-9")])
}

#[test]
fn while_waiting_for_the_head() {
    let (arrived, wait) = signal();
    let server = Server::plain(move |received, stream| {
        if received.path() == "/ok" {
            return stream.write_all(ok("{}").as_bytes()).map(|()| Next::Keep);
        }
        arrived();
        drain(stream);
        Ok(Next::Close)
    });
    let transport = transport();
    // Also on a connection that was used before.
    get(&transport, &server.url("/ok")).unwrap();
    let error = cancelled(&transport, &form(server.url("/stall")), wait);
    assert_eq!(error.sent(), Sent::Maybe);
    get(&transport, &server.url("/ok")).unwrap();
}

#[test]
fn within_a_dripping_body() {
    for head in [
        "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n",
        "HTTP/1.1 200 OK\r\n\r\n",
    ] {
        let (arrived, wait) = signal();
        let server = Server::plain(move |received, stream| {
            if received.path() == "/ok" {
                return stream.write_all(ok("{}").as_bytes()).map(|()| Next::Keep);
            }
            stream.write_all(head.as_bytes())?;
            for n in 0.. {
                stream.write_all(b"x")?;
                if n == 3 {
                    arrived();
                }
                thread::sleep(Duration::from_millis(5));
            }
            Ok(Next::Close)
        });
        let transport = transport();
        let error = cancelled(&transport, &form(server.url("/drip")), wait);
        assert_eq!(error.sent(), Sent::Maybe);
        get(&transport, &server.url("/ok")).unwrap();
    }
}

#[test]
fn within_a_body_over_tls() {
    let ours = Authority::new("ours");
    let (arrived, wait) = signal();
    let server = Server::tls(ours.server(&["127.0.0.1"], |_| {}), move |received, stream| {
        if received.path() == "/ok" {
            return stream.write_all(ok("{}").as_bytes()).map(|()| Next::Keep);
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nxxx")?;
        stream.flush()?;
        arrived();
        drain(stream);
        Ok(Next::Close)
    });
    let transport = builder().extra_root_pem(&ours.pem()).build().unwrap();
    get(&transport, &server.url("/ok")).unwrap();
    let error = cancelled(&transport, &form(server.url("/drip")), wait);
    assert_eq!(error.sent(), Sent::Maybe);
    get(&transport, &server.url("/ok")).unwrap();
}

#[test]
fn in_a_stalled_tls_handshake() {
    let ours = Authority::new("ours");
    let server = tls_server(ours.server(&["127.0.0.1"], |_| {}));
    server.mute.store(true, Ordering::SeqCst);
    let transport = builder().extra_root_pem(&ours.pem()).build().unwrap();
    let wait = || {
        server.muted.lock().unwrap().recv_timeout(crate::support::PATIENCE).unwrap();
        thread::sleep(Duration::from_millis(20));
    };
    let error = cancelled(&transport, &form(server.url("/")), wait);
    assert_eq!(error.sent(), Sent::No);
    server.mute.store(false, Ordering::SeqCst);
    get(&transport, &server.url("/")).unwrap();
}

/// A listener whose queue is full: further connects hang, as with a firewall that drops them.
#[cfg(target_os = "linux")]
#[test]
fn in_a_hanging_connect() {
    use socket2::{Domain, Socket, Type};
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    socket.bind(&std::net::SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
    socket.listen(0).unwrap();
    let addr = socket.local_addr().unwrap().as_socket().unwrap();
    let mut queued = Vec::new();
    while let Ok(stream) = std::net::TcpStream::connect_timeout(&addr, Duration::from_millis(100)) {
        queued.push(stream);
        assert!(queued.len() < 64, "the queue is never full");
    }
    let transport = builder().connect_timeout(crate::support::PATIENCE).build().unwrap();
    let wait = || thread::sleep(Duration::from_millis(50));
    let error = cancelled(&transport, &form(format!("http://{addr}/")), wait);
    assert_eq!(error.sent(), Sent::No);
    // And without a cancel, the time for connecting ends it.
    let short = builder().connect_timeout(Duration::from_millis(150)).build().unwrap();
    let error = get(&short, &format!("http://{addr}/")).unwrap_err();
    assert_eq!((error.kind(), error.sent()), (interaction_code::ErrorKind::Timeout, Sent::No), "{error}");
    assert!(error.text().contains("did not accept a connection in time"), "{error}");
    get(&transport, &Server::fixed(ok("{}")).url("/")).unwrap();
    drop(queued);
}

#[test]
fn in_a_slow_name_look_up() {
    let ours = Authority::new("ours");
    let server = tls_server(ours.server(&["acme.example"], |_| {}));
    let (asked, wait) = signal();
    let (addr, end) = (server.addr, Arc::new((Mutex::new(false), std::sync::Condvar::new())));
    let ended = Arc::clone(&end);
    let transport = builder()
        .extra_root_pem(&ours.pem())
        .name_lookup(move |host, _| {
            if host == "slow.example" {
                asked();
                let guard = ended.0.lock().unwrap();
                drop(ended.1.wait_timeout_while(guard, crate::support::PATIENCE, |ended| !*ended));
            }
            Ok(vec![addr])
        })
        .build()
        .unwrap();
    let error = cancelled(&transport, &form("https://slow.example/".to_owned()), wait);
    assert_eq!(error.sent(), Sent::No);
    get(&transport, "https://acme.example/").unwrap();
    *end.0.lock().unwrap() = true;
    end.1.notify_all();
    // The helper that was left behind comes to its end and opens nothing.
    thread::sleep(Duration::from_millis(20));
    assert_eq!(server.accepted(), 1);
}

#[test]
fn in_a_stalled_proxy() {
    for scheme in ["http", "socks5h"] {
        let (arrived, wait) = signal();
        let proxy = Proxy::start(move |mut stream| {
            if scheme == "http" {
                read_request(&mut stream)?;
            } else {
                std::io::Read::read_exact(&mut stream, &mut [0; 3])?;
            }
            arrived();
            drain(stream);
            Ok(())
        });
        let transport = builder().proxy(&format!("{scheme}://{}", proxy.addr)).build().unwrap();
        let error = cancelled(&transport, &form("https://acme.example/".to_owned()), wait);
        assert_eq!(error.sent(), Sent::No, "{scheme}");
    }
}

#[test]
fn while_the_server_takes_nothing_more() {
    // The server reads nothing, so a large body fills the buffers of both sides and the write hangs.
    let server = Server::fixed("");
    server.mute.store(true, Ordering::SeqCst);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    let (arrived, wait) = signal();
    thread::spawn(move || {
        let mut held = Vec::new();
        for stream in listener.incoming() {
            held.push(stream.unwrap());
            arrived();
        }
    });
    let large = "x".repeat(32 * 1024 * 1024);
    let request = Request::form(format!("http://{addr}/"), [("passcode", large.as_str())]);
    let transport = transport();
    let wait = || {
        wait();
        thread::sleep(Duration::from_millis(50));
    };
    let error = cancelled(&transport, &request, wait);
    assert_eq!(error.sent(), Sent::Maybe);
}

#[test]
fn one_of_two_threads_while_the_other_goes_on() {
    let (arrived, wait) = signal();
    let server = Server::plain(move |received, stream| {
        if received.path() == "/stall" {
            arrived();
            drain(stream);
            return Ok(Next::Close);
        }
        thread::sleep(Duration::from_millis(2));
        stream.write_all(answer("200 OK", "", "{}").as_bytes()).map(|()| Next::Keep)
    });
    let transport = transport();
    thread::scope(|scope| {
        let (transport, server) = (&transport, &server);
        scope.spawn(move || (0..100).for_each(|_| drop(get(transport, &server.url("/ok")).unwrap())));
        let error = cancelled(transport, &form(server.url("/stall")), &wait);
        assert_eq!(error.sent(), Sent::Maybe);
    });
}
