//! Whom the transport trusts, and what it says when it does not.

use std::{io::Write, net::SocketAddr, sync::Arc};

use interaction_code::{
    ErrorKind, Sent,
    transport::{UreqTransport, UreqTransportBuilder},
};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::{
    ServerConfig,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};

use crate::support::{Next, Server, builder, get, ok, post};

/// A certificate authority.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub fn new(name: &str) -> Authority {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(rcgen::DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Authority(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    pub fn pem(&self) -> Vec<u8> {
        self.0.pem().into_bytes()
    }

    /// A server's certificate for these names, changed by `change`.
    pub fn server(&self, names: &[&str], change: impl FnOnce(&mut CertificateParams)) -> Arc<ServerConfig> {
        let mut params =
            CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).unwrap();
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        Arc::new(config.with_no_client_auth().with_single_cert(vec![certificate.der().clone()], key).unwrap())
    }
}

/// A TLS server that answers `{}`.
pub fn tls_server(config: Arc<ServerConfig>) -> Server {
    Server::tls(config, |_, stream| stream.write_all(ok("{}").as_bytes()).map(|()| Next::Keep))
}

/// Sends every name to this address.
pub fn to(addr: SocketAddr, builder: UreqTransportBuilder) -> UreqTransport {
    builder.name_lookup(move |_, _| Ok(vec![addr])).build().unwrap()
}

#[test]
fn an_extra_root_is_trusted_beside_the_others() {
    let (ours, theirs) = (Authority::new("ours"), Authority::new("theirs"));
    let server = tls_server(ours.server(&["acme.example", "127.0.0.1", "localhost"], |_| {}));
    let both = [theirs.pem(), b"\nsome text\n".to_vec(), ours.pem()].concat();
    for builder in [
        builder().extra_root_pem(&ours.pem()),
        builder().extra_root_pem(&both),
        builder().extra_root_pem(&theirs.pem()).extra_root_pem(&ours.pem()),
        builder().pinned_roots_pem(&both),
    ] {
        let transport = to(server.addr, builder);
        for url in ["https://acme.example/a".to_owned(), server.url("/b"), "https://ACME.example/".to_owned()] {
            assert_eq!(*get(&transport, &url).unwrap().body, b"{}");
        }
        for _ in 0..3 {
            post(&transport, "https://acme.example/c").unwrap();
        }
    }
    assert_eq!(server.accepted(), 4 * 2, "TLS connections are used again");
}

#[test]
fn others_are_refused_and_the_error_says_why() {
    let (ours, theirs) = (Authority::new("ours"), Authority::new("theirs"));
    let names = ["acme.example"];
    let past = |params: &mut CertificateParams| {
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2021, 1, 1);
    };
    let future = |params: &mut CertificateParams| params.not_before = date_time_ymd(2090, 1, 1);
    let trusting = || builder().pinned_roots_pem(&ours.pem());
    let cases = [
        (theirs.server(&names, |_| {}), builder(), "not issued by a trusted authority", "extra_root_pem"),
        (theirs.server(&names, |_| {}), trusting(), "not issued by a trusted authority", "extra_root_pem"),
        (theirs.server(&names, |_| {}), builder().extra_root_pem(&ours.pem()), "trusted authority", "platform"),
        (ours.server(&names, past), trusting(), "has expired", "clock"),
        (ours.server(&names, future), trusting(), "not valid yet", "clock"),
        (ours.server(&["other.example"], |_| {}), trusting(), "another host name", "address"),
    ];
    for (config, builder, says, advises) in cases {
        let server = tls_server(config);
        let error = post(&to(server.addr, builder), "https://acme.example/?s3cret").unwrap_err();
        assert_eq!((error.kind(), error.sent()), (ErrorKind::Tls, Sent::No), "{error}");
        assert!(error.text().contains(says) && error.advice().contains(advises), "{error}");
        assert!(!error.to_string().contains("s3cret"));
        assert_eq!(server.requests(), 0);
    }
}

#[test]
fn pinned_and_extra_roots_exclude_each_other() {
    let pem = Authority::new("ours").pem();
    let error = builder().pinned_roots_pem(&pem).extra_root_pem(&pem).build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    let key = KeyPair::generate().unwrap().serialize_pem();
    assert_eq!(builder().extra_root_pem(key.as_bytes()).build().unwrap_err().kind(), ErrorKind::InvalidArgument);
}

#[test]
fn what_does_not_speak_tls_is_said() {
    // The server takes the greeting for the beginning of a request and is silent; this one talks first.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
        crate::support::drain(stream);
    });
    let error = post(&builder().build().unwrap(), &format!("https://{addr}/")).unwrap_err();
    assert_eq!((error.kind(), error.sent()), (ErrorKind::Tls, Sent::No), "{error}");
    assert!(error.text().contains("does not speak TLS"), "{error}");
}

#[test]
fn a_connection_closed_in_the_handshake_is_tls() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    std::thread::spawn(move || drop(listener.accept()));
    let error = post(&builder().build().unwrap(), &format!("https://{addr}/")).unwrap_err();
    assert_eq!((error.kind(), error.sent()), (ErrorKind::Tls, Sent::No), "{error}");
}

#[test]
fn a_body_that_ends_without_close_notify_is_cut() {
    let ours = Authority::new("ours");
    let config = ours.server(&["127.0.0.1"], |_| {});
    let server = Server::tls(config, |_, stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\nhalf a bod")?;
        stream.flush()?;
        Ok(Next::Close)
    });
    let transport = builder().extra_root_pem(&ours.pem()).build().unwrap();
    let error = post(&transport, &server.url("/")).unwrap_err();
    assert_eq!((error.kind(), error.sent()), (ErrorKind::Network, Sent::Maybe), "{error}");
}

#[test]
fn long_heads_and_bodies_pass_through_tls() {
    let ours = Authority::new("ours");
    let body = "y".repeat(1_500_000);
    let whole = crate::support::answer("200 OK", &format!("X-Long: {}\r\n", "x".repeat(60_000)), &body);
    let server = Server::tls(ours.server(&["127.0.0.1"], |_| {}), move |received, stream| {
        assert!(received.body.len() == 300_009 || received.body.is_empty());
        stream.write_all(whole.as_bytes()).map(|()| Next::Keep)
    });
    let transport = builder().extra_root_pem(&ours.pem()).build().unwrap();
    for _ in 0..2 {
        let response = get(&transport, &server.url("/")).unwrap();
        assert_eq!((response.headers.len(), response.body.len()), (2, body.len()));
        let large = "z".repeat(300_000);
        let request = interaction_code::http::Request::form(server.url("/"), [("passcode", large.as_str())]);
        interaction_code::http::Transport::send(&transport, &request, &crate::support::call()).unwrap();
    }
    assert_eq!(server.accepted(), 1);
    let endless = Server::tls(ours.server(&["127.0.0.1"], |_| {}), |_, stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nX-A: ")?;
        loop {
            stream.write_all(&[b'x'; 1_000])?;
        }
    });
    let error = get(&transport, &endless.url("/")).unwrap_err();
    assert_eq!((error.kind(), error.sent()), (ErrorKind::LimitExceeded, Sent::Maybe), "{error}");
}

#[test]
fn a_connection_with_close_notify_is_not_used_again() {
    let ours = Authority::new("ours");
    let config = ours.server(&["127.0.0.1"], |_| {});
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let mut open = Vec::new();
        for stream in listener.incoming() {
            let conn = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = rustls::StreamOwned::new(conn, stream.unwrap());
            crate::support::read_request(&mut stream).unwrap();
            // The answer and the end of TLS in one packet, and TCP stays open.
            stream.conn.writer().write_all(ok("{}").as_bytes()).unwrap();
            stream.conn.send_close_notify();
            stream.flush().unwrap();
            open.push(stream);
        }
    });
    let transport = builder().extra_root_pem(&ours.pem()).build().unwrap();
    for _ in 0..5 {
        assert!(post(&transport, &format!("https://{addr}/")).is_ok());
    }
}

#[test]
fn a_server_that_takes_nothing_more_is_a_timeout() {
    let ours = Authority::new("ours");
    let config = ours.server(&["127.0.0.1"], |_| {});
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    let (done, wait) = std::sync::mpsc::channel::<()>();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut conn = rustls::ServerConnection::new(config).unwrap();
        conn.complete_io(&mut stream).unwrap();
        // Reads nothing more, until the test is over.
        let _ = wait.recv();
    });
    let short = std::time::Duration::from_millis(300);
    let transport = builder().extra_root_pem(&ours.pem()).read_timeout(short).build().unwrap();
    let large = "z".repeat(32 * 1024 * 1024);
    let request = interaction_code::http::Request::form(format!("https://{addr}/"), [("passcode", large.as_str())]);
    let error = interaction_code::http::Transport::send(&transport, &request, &crate::support::call()).unwrap_err();
    assert_eq!((error.kind(), error.sent()), (ErrorKind::Timeout, Sent::Maybe), "{error}");
    assert!(error.text().contains("silent for 300 ms"), "{error}");
    drop(done);
}

#[cfg(feature = "platform-verifier")]
#[test]
fn the_platform_and_extra_roots_go_together() {
    let ours = Authority::new("ours");
    let server = tls_server(ours.server(&["acme.example"], |_| {}));
    for on in [true, false] {
        let trusting = to(server.addr, builder().platform_verifier(on).extra_root_pem(&ours.pem()));
        assert!(get(&trusting, "https://acme.example/").is_ok());
    }
    let strict = to(server.addr, builder().platform_verifier(false));
    assert_eq!(get(&strict, "https://acme.example/").unwrap_err().kind(), ErrorKind::Tls);
}
