//! HTTP and SOCKS proxies, with and without a password.

use std::{
    io::{self, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use interaction_code::{ErrorKind, Sent};

use crate::{
    support::{Closed, Server, builder, drain, get, ok, post, read_request},
    tls::{Authority, tls_server, to},
};

/// A proxy that is told what to do with each connection.
pub struct Proxy {
    pub addr: SocketAddr,
    pub used: Arc<AtomicUsize>,
}

impl Proxy {
    pub fn start(serve: impl Fn(TcpStream) -> io::Result<()> + Send + Sync + 'static) -> Proxy {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let addr = listener.local_addr().unwrap();
        let (used, serve) = (Arc::<AtomicUsize>::default(), Arc::new(serve));
        let count = Arc::clone(&used);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(stream) = stream else { return };
                count.fetch_add(1, Ordering::SeqCst);
                stream.set_read_timeout(Some(crate::support::PATIENCE)).unwrap();
                let serve = Arc::clone(&serve);
                thread::spawn(move || serve(stream));
            }
        });
        Proxy { addr, used }
    }

    /// An HTTP proxy that connects to `to`, whatever it is asked for, if the credentials fit.
    fn http(expected: &'static str, to: SocketAddr) -> Proxy {
        Proxy::start(move |mut stream| {
            let Some(request) = read_request(&mut stream)? else { return Ok(()) };
            assert!(request.head.starts_with("CONNECT "), "{}", request.head);
            assert!(!request.head.contains("Cookie") && !request.head.contains("/x"), "{}", request.head);
            let given = request.values("proxy-authorization").concat();
            if given != expected {
                return stream.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
            }
            stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
            splice(stream, TcpStream::connect(to)?)
        })
    }

    fn used(&self) -> usize {
        self.used.load(Ordering::SeqCst)
    }
}

fn splice(mut one: TcpStream, mut other: TcpStream) -> io::Result<()> {
    let (mut from, mut to) = (one.try_clone()?, other.try_clone()?);
    let back = thread::spawn(move || {
        let _ = io::copy(&mut from, &mut to);
        let _ = to.shutdown(std::net::Shutdown::Both);
    });
    let _ = io::copy(&mut other, &mut one);
    let _ = one.shutdown(std::net::Shutdown::Both);
    let _ = back.join();
    Ok(())
}

// base64("ada:p@ss w0rd")
const BASIC: &str = "Basic YWRhOnBAc3MgdzByZA==";

#[test]
fn tls_goes_through_a_connect_proxy_with_a_password() {
    let ours = Authority::new("ours");
    let server = tls_server(ours.server(&["acme.example"], |_| {}));
    let proxy = Proxy::http(BASIC, server.addr);
    // No name look-up of ours: the proxy does it.
    let transport = builder()
        .proxy(&format!("http://ada:p%40ss%20w0rd@{}", proxy.addr))
        .name_lookup(|_, _| panic!("the proxy looks names up"))
        .extra_root_pem(&ours.pem())
        .build()
        .unwrap();
    for _ in 0..3 {
        assert_eq!(*post(&transport, "https://acme.example/x").unwrap().body, b"{}");
    }
    assert_eq!((proxy.used(), server.accepted(), server.requests()), (1, 1, 3));
    // Plain http to this machine as well: an explicit proxy is for every host.
    let plain = Server::fixed(ok("{}"));
    let proxy = Proxy::http("", plain.addr);
    let transport = builder().proxy(&proxy.addr.to_string()).build().unwrap();
    assert!(post(&transport, &plain.url("/x")).is_ok());
    assert_eq!(proxy.used(), 1);
}

#[test]
fn a_proxy_that_refuses_is_said_without_the_password() {
    let ours = Authority::new("ours");
    let server = tls_server(ours.server(&["acme.example"], |_| {}));
    let refusing = Proxy::http(BASIC, server.addr);
    let answer = |bytes: &'static [u8]| {
        Proxy::start(move |mut stream| {
            read_request(&mut stream)?;
            stream.write_all(bytes)
        })
    };
    let closed = Closed::new();
    let cases = [
        (refusing.addr, ErrorKind::Proxy, "407"),
        (answer(b"HTTP/1.1 403 Forbidden\r\n\r\n").addr, ErrorKind::Proxy, "(403)"),
        (answer(b"HTTP/1.1 502 Bad Gateway\r\nX: http://ada:s3cret@a\r\n\r\n").addr, ErrorKind::Proxy, "(502)"),
        (answer(b"").addr, ErrorKind::Proxy, "closed the connection"),
        (answer(b"HTTP/1.1 200 O").addr, ErrorKind::Proxy, "closed the connection"),
        (answer(b"SSH-2.0-x\r\n\r\n").addr, ErrorKind::Proxy, "not well-formed"),
        (closed.addr, ErrorKind::Offline, "the proxy cannot be reached"),
    ];
    for (addr, kind, says) in cases {
        let transport = builder().proxy(&format!("http://ada:s3cret@{addr}")).build().unwrap();
        let error = post(&transport, "https://acme.example/x").unwrap_err();
        assert_eq!((error.kind(), error.sent()), (kind, Sent::No), "{error}");
        assert!(error.text().contains(says), "{error}");
        assert!(!format!("{error:?} {transport:?}").contains("s3cret"), "{error:?}");
    }
    let unknown = to_nowhere("http://ada:s3cret@proxy.example:3128");
    assert!(unknown.contains("the name of the proxy was not found") && !unknown.contains("s3cret"), "{unknown}");
    assert_eq!(server.requests(), 0);
}

fn to_nowhere(proxy: &str) -> String {
    let transport = builder().proxy(proxy).name_lookup(|_, _| Ok(Vec::new())).build().unwrap();
    let error = post(&transport, "https://acme.example/x").unwrap_err();
    assert_eq!((error.kind(), error.sent()), (ErrorKind::Offline, Sent::No), "{error}");
    format!("{error:?}")
}

#[test]
fn the_tls_of_the_server_is_verified_through_the_proxy() {
    let (ours, theirs) = (Authority::new("ours"), Authority::new("theirs"));
    let server = tls_server(theirs.server(&["acme.example"], |_| {}));
    let proxy = Proxy::http("", server.addr);
    let transport = builder().proxy(&format!("http://{}", proxy.addr)).extra_root_pem(&ours.pem()).build().unwrap();
    let error = post(&transport, "https://acme.example/x").unwrap_err();
    assert_eq!((error.kind(), error.sent()), (ErrorKind::Tls, Sent::No), "{error}");
}

/// SOCKS5 (RFC 1928, 1929), connecting to `to`.
fn socks(password: Option<&'static [u8]>, status: u8, to: SocketAddr) -> Proxy {
    Proxy::start(move |mut stream| {
        let mut greeting = [0; 2];
        stream.read_exact(&mut greeting)?;
        let mut methods = vec![0; usize::from(greeting[1])];
        stream.read_exact(&mut methods)?;
        if let Some(password) = password {
            stream.write_all(&[5, 2])?;
            let mut given = vec![0; password.len()];
            stream.read_exact(&mut given)?;
            stream.write_all(&[1, u8::from(given != password)])?;
        } else {
            stream.write_all(&[5, 0])?;
        }
        let mut request = [0; 4];
        stream.read_exact(&mut request)?;
        let rest = match request[3] {
            1 => 4 + 2,
            4 => 16 + 2,
            _ => {
                let mut length = [0];
                stream.read_exact(&mut length)?;
                usize::from(length[0]) + 2
            }
        };
        stream.read_exact(&mut vec![0; rest])?;
        stream.write_all(&[5, status, 0, 1, 0, 0, 0, 0, 0, 0])?;
        if status == 0 { splice(stream, TcpStream::connect(to)?) } else { Ok(()) }
    })
}

#[test]
fn socks_proxies_work_and_refuse() {
    let ours = Authority::new("ours");
    let server = tls_server(ours.server(&["acme.example"], |_| {}));
    let trusting = || builder().extra_root_pem(&ours.pem());
    let proxy = socks(Some(b"\x01\x03ada\x06s3cret"), 0, server.addr);
    let url = format!("socks5://ada:s3cret@{}", proxy.addr);
    let transport = to(server.addr, trusting().proxy(&url));
    for _ in 0..2 {
        assert_eq!(*post(&transport, "https://acme.example/").unwrap().body, b"{}");
    }
    assert_eq!((proxy.used(), server.requests()), (1, 2));
    let remote = trusting().proxy(&url.replace("socks5", "socks5h")).name_lookup(|_, _| panic!("not ours")).build();
    assert!(get(&remote.unwrap(), "https://acme.example/").is_ok());

    let wrong = to(server.addr, trusting().proxy(&url.replace("s3cret", "s3crex")));
    let error = post(&wrong, "https://acme.example/").unwrap_err();
    assert_eq!((error.kind(), error.sent()), (ErrorKind::Proxy, Sent::No), "{error}");
    assert!(error.text().contains("refused the user name or password") && !error.to_string().contains("s3cre"));

    let failing = socks(None, 4, server.addr);
    let transport = to(server.addr, trusting().proxy(&format!("socks5://{}", failing.addr)));
    let error = post(&transport, "https://acme.example/").unwrap_err();
    assert_eq!((error.kind(), error.sent()), (ErrorKind::Proxy, Sent::No), "{error}");
    let closed = Closed::new();
    let transport = to(server.addr, trusting().proxy(&format!("socks5://{}", closed.addr)));
    let error = post(&transport, "https://acme.example/").unwrap_err();
    assert_eq!((error.kind(), error.sent()), (ErrorKind::Offline, Sent::No), "{error}");
    assert!(error.text().contains("the proxy cannot be reached"), "{error}");
}

/// The environment is read in a process of its own, as changing it is not safe among threads.
#[test]
fn the_proxy_of_the_environment_is_used_but_not_for_this_machine() {
    const CHILD: &str = "INTERACTION_CODE_TEST_PROXY_CHILD";
    let system = || builder().system_proxy();
    if let Ok(server) = std::env::var(CHILD) {
        let server: SocketAddr = server.parse().unwrap();
        assert!(get(&system().build().unwrap(), &format!("http://{server}/")).is_ok());
        let lookup = |transport: interaction_code::transport::UreqTransportBuilder| {
            let transport = transport.name_lookup(|_, _| Ok(Vec::new())).build().unwrap();
            post(&transport, "https://acme.example/").unwrap_err()
        };
        assert_eq!(lookup(system()).kind(), ErrorKind::Proxy);
        // Without it, and for a host that the environment excepts, the name is looked up here (and not found).
        assert_eq!(lookup(builder()).kind(), ErrorKind::Offline);
        let excepted = system().name_lookup(|_, _| Ok(Vec::new())).build().unwrap();
        assert_eq!(post(&excepted, "https://a.direct.example/").unwrap_err().kind(), ErrorKind::Offline);
        return;
    }
    let server = Server::fixed(ok("{}"));
    let proxy = Proxy::start(|mut stream| {
        read_request(&mut stream)?;
        stream.write_all(b"HTTP/1.1 403 Forbidden\r\n\r\n")?;
        drain(stream);
        Ok(())
    });
    let mut child = std::process::Command::new(std::env::current_exe().unwrap());
    for name in ["ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy", "https_proxy", "no_proxy"] {
        child.env_remove(name);
    }
    let status = child
        .args(["--exact", "proxy::the_proxy_of_the_environment_is_used_but_not_for_this_machine", "--nocapture"])
        .env("HTTPS_PROXY", format!("http://ada:s3cret@{}", proxy.addr))
        .env("NO_PROXY", "other.example,.direct.example")
        .env(CHILD, server.addr.to_string())
        .status()
        .unwrap();
    assert!(status.success());
    assert_eq!((proxy.used(), server.requests()), (1, 1));
}
