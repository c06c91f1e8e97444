//! Each error, and whether bytes may have left.

use std::{
    io,
    net::{Ipv4Addr, TcpListener},
    time::{Duration, Instant},
};

use interaction_code::{
    Call, ErrorKind, Sent,
    http::{Request, Transport},
};

use crate::{
    support::{Closed, Next, Server, answer, builder, call, drain, get, ok, post, transport},
    tls::{Authority, tls_server},
};

#[test]
fn refused_connections_are_offline() {
    let closed = Closed::new();
    let port = closed.addr.port();
    for url in [format!("http://127.0.0.1:{port}/?s3cret"), format!("https://localhost:{port}/?s3cret")] {
        let error = post(&transport(), &url).unwrap_err();
        assert_eq!((error.kind(), error.sent()), (ErrorKind::Offline, Sent::No), "{error}");
        assert!(error.to_string().contains(&format!(":{port} cannot be reached: connection refused")), "{error}");
        assert!(!error.to_string().contains("s3cret"), "{error}");
    }
}

#[test]
fn unknown_names_are_offline() {
    type Lookup = fn(&str, u16) -> io::Result<Vec<std::net::SocketAddr>>;
    let lookups: [Lookup; 3] = [
        |_, _| Ok(Vec::new()),
        |_, _| Err(io::Error::other("user:s3cret@")),
        |host, port| {
            assert_eq!((host, port), ("acme.example", 443));
            Err(io::ErrorKind::NotFound.into())
        },
    ];
    for lookup in lookups {
        let error = post(&builder().name_lookup(lookup).build().unwrap(), "https://acme.example/x").unwrap_err();
        assert_eq!((error.kind(), error.sent()), (ErrorKind::Offline, Sent::No), "{error}");
        assert!(error.to_string().contains("the name acme.example was not found"), "{error}");
        assert!(!error.to_string().contains("s3cret"), "{error}");
    }
}

#[test]
fn a_look_up_that_panics_is_an_error_at_once() {
    let transport = builder().name_lookup(|_, _| panic!("in the app")).build().unwrap();
    let error = post(&transport, "https://acme.example/").unwrap_err();
    assert_eq!((error.kind(), error.sent()), (ErrorKind::Callback, Sent::No), "{error}");
}

#[test]
fn all_addresses_are_tried() {
    let ours = Authority::new("ours");
    let server = tls_server(ours.server(&["acme.example"], |_| {}));
    let nobody = Closed::new();
    let (addr, closed) = (server.addr, nobody.addr);
    // 30 addresses, of which 16 are taken.
    let transport = builder()
        .extra_root_pem(&ours.pem())
        .name_lookup(move |_, _| Ok([closed, addr].into_iter().chain((0..28).map(|_| closed)).collect()))
        .build()
        .unwrap();
    assert!(get(&transport, "https://acme.example/").is_ok());
    assert_eq!(server.accepted(), 1);
}

#[test]
fn a_connection_that_breaks_is_network_and_maybe_sent() {
    let complete = ok("{\"version\":\"1.0.0\"}");
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n";
    for cut in [
        "",
        "HTTP/1.1 2",
        &complete[..30],
        &complete[..complete.len() - 1],
        &answer("200 OK", "", "")[..20],
        chunked,
        &chunked[..chunked.len() - 4],
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
    ] {
        let server = Server::once(cut);
        let error = post(&transport(), &server.url("/")).unwrap_err();
        assert_eq!((error.kind(), error.sent()), (ErrorKind::Network, Sent::Maybe), "{cut:?}: {error}");
        assert_eq!(server.requests(), 1, "nothing is repeated");
    }
}

#[test]
fn a_reset_is_network_and_maybe_sent() {
    for answer in [&b""[..], b"HTTP/1.1 200 OK\r\n\r\nhalf a bod"] {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let addr = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            use std::io::{Read, Write};
            let (mut stream, _) = listener.accept().unwrap();
            // Closing with unread bytes resets the connection.
            stream.read_exact(&mut [0; 4]).unwrap();
            stream.write_all(answer).unwrap();
            std::thread::sleep(Duration::from_millis(20));
            socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO)).unwrap();
        });
        let error = post(&transport(), &format!("http://{addr}/")).unwrap_err();
        assert_eq!((error.kind(), error.sent()), (ErrorKind::Network, Sent::Maybe), "{error}");
    }
}

#[test]
fn what_is_not_http_is_protocol() {
    for garbage in
        ["SSH-2.0-OpenSSH_9.2\r\n\r\n", "\0\0\0\0\r\n\r\n\r\n", "HTTP/9.9 200 OK\r\n\r\n", "HTTP/1.1 abc\r\n\r\n"]
    {
        let error = post(&transport(), &Server::once(garbage).url("/")).unwrap_err();
        assert_eq!((error.kind(), error.sent()), (ErrorKind::Protocol, Sent::Maybe), "{garbage:?}: {error}");
    }
    let server = Server::once("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n");
    let error = post(&transport(), &server.url("/")).unwrap_err();
    assert_eq!((error.kind(), error.sent()), (ErrorKind::Protocol, Sent::Maybe), "{error}");
}

#[test]
fn a_silent_server_is_a_timeout() {
    let server = Server::plain(|_, stream| {
        drain(stream);
        Ok(Next::Close)
    });
    let transport = builder().read_timeout(Duration::from_millis(100)).build().unwrap();
    let error = post(&transport, &server.url("/")).unwrap_err();
    assert_eq!((error.kind(), error.sent()), (ErrorKind::Timeout, Sent::Maybe), "{error}");
    assert!(error.to_string().contains("silent for 100 ms"), "{error}");
    let call = Call::new().timeout(Duration::from_millis(100));
    let error = crate::support::transport().send(&Request::get(server.url("/")), &call).unwrap_err();
    assert_eq!((error.kind(), error.sent()), (ErrorKind::Timeout, Sent::Maybe), "{error}");
    assert!(error.to_string().contains("deadline"), "{error}");
}

#[test]
fn a_slow_drip_ends_at_the_deadline() {
    for head in ["", "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n"] {
        let server = Server::plain(move |_, stream| {
            stream.write_all(head.as_bytes())?;
            loop {
                // A status line that never ends, or a body.
                stream.write_all(if head.is_empty() { b"HTTP/1.1 200 " } else { b"x" })?;
                std::thread::sleep(Duration::from_millis(10));
                if head.is_empty() {
                    return Ok({
                        drain(stream);
                        Next::Close
                    });
                }
            }
        });
        // On a busy machine the limit may be over before anything was sent; then with more.
        let tried = [300, 3_000, 30_000].map(Duration::from_millis).into_iter().find_map(|limit| {
            let (started, call) = (Instant::now(), Call::new().timeout(limit));
            let error = transport().send(&Request::get(server.url("/")), &call).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
            assert!(started.elapsed() >= limit, "not before its time");
            (error.sent() == Sent::Maybe).then_some(())
        });
        assert!(tried.is_some(), "nothing was ever sent");
    }
}

#[test]
fn connecting_ends_in_time() {
    // Name look-up, then TLS: each hangs.
    let slow = |_: &str, _: u16| {
        std::thread::sleep(crate::support::PATIENCE);
        Ok(Vec::new())
    };
    let transport = builder().connect_timeout(Duration::from_secs(2)).name_lookup(slow).build().unwrap();
    let error = post(&transport, "https://acme.example/").unwrap_err();
    assert_eq!((error.kind(), error.sent()), (ErrorKind::Timeout, Sent::No), "{error}");
    assert!(error.to_string().contains("acme.example was not found in time"), "{error}");

    let server = Server::fixed("");
    server.mute.store(true, std::sync::atomic::Ordering::SeqCst);
    let error = post(&transport, &format!("https://{}/", server.addr)).unwrap_err();
    assert_eq!((error.kind(), error.sent()), (ErrorKind::Timeout, Sent::No), "{error}");
    assert!(error.to_string().contains("TLS handshake in time"), "{error}");
    let late = Call::new().timeout(Duration::from_millis(50));
    let error =
        crate::support::transport().send(&Request::get(format!("https://{}/", server.addr)), &late).unwrap_err();
    assert_eq!((error.kind(), error.sent()), (ErrorKind::Timeout, Sent::No), "{error}");
}

#[test]
fn absurd_settings_are_refused() {
    for builder in [
        builder().connect_timeout(Duration::ZERO),
        builder().read_timeout(Duration::ZERO),
        builder().proxy(""),
        builder().proxy("gopher://ada:s3cret@a.example"),
        builder().proxy("http://ada:s3 cret@a.example"),
        builder().extra_root_pem(b""),
        builder().pinned_roots_pem(b""),
        builder().extra_root_pem(b"s3cret"),
        builder().extra_root_pem(b"-----BEGIN CERTIFICATE-----\n!s3cret!\n-----END CERTIFICATE-----\n"),
        builder().extra_root_pem(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
        builder().pinned_roots_pem(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
    ] {
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{error}");
        assert!(!format!("{error:?}").contains("s3"), "{error:?}");
    }
    let longest = builder().connect_timeout(Duration::MAX).read_timeout(Duration::MAX).build().unwrap();
    assert!(longest.send(&Request::get(Server::fixed(ok("{}")).url("/")), &call()).is_ok());
}
