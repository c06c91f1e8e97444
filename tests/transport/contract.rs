//! What goes out and what comes back.

use std::sync::{Arc, Mutex};

use interaction_code::{
    Call, ErrorKind, Sent,
    http::{Request, Transport},
    limits::{MAX_BODY_BYTES, MAX_HEADER_BYTES, MAX_HEADERS, MAX_REQUEST_HEAD_BYTES},
};

use crate::support::{Next, Received, Server, answer, builder, call, get, ok, post, transport};

fn recording() -> (Server, Arc<Mutex<Vec<Received>>>) {
    let seen: Arc<Mutex<Vec<Received>>> = Arc::default();
    let kept = Arc::clone(&seen);
    let server = Server::plain(move |received, stream| {
        kept.lock().unwrap().push(Received { head: received.head.clone(), body: received.body.clone() });
        stream.write_all(ok("{}").as_bytes()).map(|()| Next::Keep)
    });
    (server, seen)
}

#[test]
fn a_request_goes_out_as_it_is_and_nothing_is_added() {
    let (server, seen) = recording();
    let request = Request::form(server.url("/idp/idx/challenge?x=1"), [("passcode", "a&b")])
        .header("X-Two", "first")
        .header("Cookie", "sid=1; DT=2")
        .header("x-two", "second");
    transport().send(&request, &call()).unwrap();
    transport().send(&Request::get(server.url("/keys")), &call()).unwrap();
    transport().send(&Request::post(server.url("/empty"), "text/plain", Default::default()), &call()).unwrap();
    let seen = seen.lock().unwrap();
    let mut lines: Vec<_> = seen[0].head.trim_end().lines().collect();
    assert_eq!(lines.remove(0), "POST /idp/idx/challenge?x=1 HTTP/1.1");
    lines.sort_unstable();
    let host = format!("host: {}", server.addr);
    let expected = ["Content-Type: application/x-www-form-urlencoded", "Cookie: sid=1; DT=2", "X-Two: first"];
    assert_eq!(lines[..3], expected);
    assert_eq!(lines[3..], ["content-length: 14", host.as_str(), "x-two: second"]);
    assert_eq!(seen[0].values("x-two"), ["first", "second"]);
    assert_eq!(seen[0].body, b"passcode=a%26b");
    assert_eq!(seen[1].head, format!("GET /keys HTTP/1.1\r\n{host}\r\n\r\n"));
    assert_eq!(seen[2].values("content-length"), ["0"]);
}

#[test]
fn headers_that_would_change_the_framing_or_split_are_refused() {
    let (server, seen) = recording();
    let bad = [
        ("Host", "evil.example"),
        ("Content-Length", "1"),
        ("Transfer-Encoding", "chunked"),
        ("Expect", "100-continue"),
        ("Connection", "close"),
        ("X-A", "a\r\nX-B: hunter2"),
        ("X-A", "hunter2\u{0}"),
        ("X A", "hunter2"),
        ("", "hunter2"),
    ];
    for (name, value) in bad {
        let request = Request::get(server.url("/")).header(name, value);
        let error = transport().send(&request, &call()).unwrap_err();
        assert_eq!((error.kind(), error.sent()), (ErrorKind::InvalidArgument, Sent::No), "{name}");
        assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
    }
    let mut request = Request::get(server.url("/"));
    request.body.extend_from_slice(b"x");
    assert_eq!(transport().send(&request, &call()).unwrap_err().kind(), ErrorKind::InvalidArgument);
    assert!(seen.lock().unwrap().is_empty());
}

#[test]
fn redirects_are_answers() {
    for status in ["301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent"] {
        for location in ["/elsewhere", "https://evil.example/", "//evil.example/x"] {
            for body in ["", "<html>moved</html>"] {
                let server = Server::fixed(answer(status, &format!("Location: {location}\r\n"), body));
                let transport = transport();
                for response in [post(&transport, &server.url("/a")), get(&transport, &server.url("/b"))] {
                    let response = response.unwrap();
                    assert_eq!(response.status.to_string(), status[..3]);
                    assert_eq!(response.header_value("Location"), Some(location));
                    assert_eq!(*response.body, body.as_bytes());
                }
                assert_eq!(server.requests(), 2, "{status} {location}");
            }
        }
    }
}

#[test]
fn every_status_is_an_answer_with_its_body() {
    for status in
        ["400 Bad Request", "401 Unauthorized", "403 Forbidden", "404 Not Found", "429 Slow", "503 No", "599 X"]
    {
        let server = Server::fixed(answer(status, "X-Okta-Request-Id: abc\r\n", "{\"version\":\"1.0.0\"}"));
        let response = post(&transport(), &server.url("/idp/idx/identify")).unwrap();
        assert_eq!(response.status.to_string(), status[..3]);
        assert_eq!(response.request_id(), Some("abc"));
        assert_eq!(*response.body, b"{\"version\":\"1.0.0\"}");
    }
    let empty = Server::fixed("HTTP/1.1 204 No Content\r\nX-A: b\r\n\r\n");
    let response = get(&transport(), &empty.url("/")).unwrap();
    assert_eq!((response.status, response.body.len()), (204, 0));
}

#[test]
fn answers_before_the_answer_are_skipped() {
    let server = Server::fixed(format!("HTTP/1.1 103 Early Hints\r\nX-A: b\r\n\r\n{}", ok("{}")));
    let response = get(&transport(), &server.url("/")).unwrap();
    assert_eq!((response.status, response.header_value("x-a")), (200, None));
}

#[test]
fn set_cookie_headers_stay_separate_and_in_order() {
    let server = Server::fixed(answer(
        "200 OK",
        "Set-Cookie: DT=1; Path=/; Expires=Wed, 09 Jun 2031 10:18:14 GMT\r\nX-A: 1\r\nset-cookie: sid=2\r\nSet-Cookie: \
         JSESSIONID=3; Secure\r\nX-Latin: caf\u{e9}\r\n",
        "",
    ));
    let response = get(&transport(), &server.url("/")).unwrap();
    let cookies: Vec<_> = response.header_values("Set-Cookie").collect();
    let expected = ["DT=1; Path=/; Expires=Wed, 09 Jun 2031 10:18:14 GMT", "sid=2", "JSESSIONID=3; Secure"];
    assert_eq!(cookies, expected);
    // And no store: the next request of the same transport carries none.
    let (server, seen) = recording();
    let transport = transport();
    get(&transport, &server.url("/")).unwrap();
    get(&transport, &server.url("/")).unwrap();
    assert!(seen.lock().unwrap().iter().all(|received| received.values("cookie").is_empty()));
}

#[test]
fn bodies_arrive_whole_however_they_are_framed() {
    let long: String = (0..60_000).map(|n| char::from(b'a' + (n % 26) as u8)).collect();
    let mut chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_owned();
    for chunk in long.as_bytes().chunks(7_001) {
        chunked += &format!("{:x}\r\n{}\r\n", chunk.len(), std::str::from_utf8(chunk).unwrap());
    }
    chunked += "0\r\n\r\n";
    for server in [
        Server::fixed(ok(&long)),
        Server::fixed(chunked),
        Server::once(format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{long}")),
        Server::once(format!("HTTP/1.0 200 OK\r\n\r\n{long}")),
    ] {
        let transport = transport();
        for _ in 0..2 {
            assert_eq!(*get(&transport, &server.url("/")).unwrap().body, long.as_bytes());
        }
    }
}

#[test]
fn too_large_bodies_are_refused_after_the_limit() {
    let large = "x".repeat(3 * 1024 * 1024);
    let chunked =
        format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{large}\r\n0\r\n\r\n", large.len());
    for server in [
        Server::fixed(ok(&large)),
        Server::fixed(chunked),
        Server::once(format!("HTTP/1.0 200 OK\r\n\r\n{large}")),
        Server::once("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n"),
    ] {
        let error = get(&transport(), &server.url("/")).unwrap_err();
        assert_eq!((error.kind(), error.sent()), (ErrorKind::LimitExceeded, Sent::Maybe), "{error}");
    }
    let exact = Server::fixed(ok(&"x".repeat(MAX_BODY_BYTES)));
    assert_eq!(get(&transport(), &exact.url("/")).unwrap().body.len(), MAX_BODY_BYTES);
    let mut small = Request::get(Server::fixed(ok("12345")).url("/"));
    small.max_body = 5;
    assert_eq!(transport().send(&small, &call()).unwrap().body.len(), 5);
    small.max_body = 4;
    assert_eq!(transport().send(&small, &call()).unwrap_err().kind(), ErrorKind::LimitExceeded);
}

#[test]
fn too_long_heads_are_refused() {
    let many = "X-A: b\r\n".repeat(MAX_HEADERS + 1);
    let long = format!("X-A: {}\r\n", "b".repeat(MAX_HEADER_BYTES));
    for headers in [many, long] {
        let error = get(&transport(), &Server::fixed(answer("200 OK", &headers, "")).url("/")).unwrap_err();
        assert_eq!((error.kind(), error.sent()), (ErrorKind::LimitExceeded, Sent::Maybe), "{error}");
    }
    let endless = Server::plain(|_, stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\n")?;
        for n in 0..1_000_000 {
            stream.write_all(format!("X-{n}: {}\r\n", "y".repeat(1_000)).as_bytes())?;
        }
        Ok(Next::Close)
    });
    let error = get(&transport(), &endless.url("/")).unwrap_err();
    assert_eq!((error.kind(), error.sent()), (ErrorKind::LimitExceeded, Sent::Maybe), "{error}");
    let fits = format!("X-A: {}\r\n", "b".repeat(MAX_HEADER_BYTES - 200)) + &"X-B: c\r\n".repeat(3);
    let response = get(&transport(), &Server::fixed(answer("200 OK", &fits, "{}")).url("/")).unwrap();
    assert_eq!((response.headers.len(), &**response.body), (5, &b"{}"[..]));
}

#[test]
fn compressed_answers_nobody_asked_for_are_refused() {
    let server = Server::fixed(answer("200 OK", "Content-Encoding: gzip\r\n", "\u{1f}"));
    let error = get(&transport(), &server.url("/")).unwrap_err();
    assert_eq!((error.kind(), error.http_status(), error.sent()), (ErrorKind::Protocol, Some(200), Sent::Maybe));
}

#[test]
fn plain_http_is_for_loopback_and_only_when_allowed() {
    let server = Server::fixed(ok("{}"));
    assert!(get(&transport(), &server.url("/")).is_ok());
    assert!(get(&transport(), &format!("http://localhost:{}/", server.addr.port())).is_ok());
    let strict = builder().allow_loopback_http(false).build().unwrap();
    let foreign = "http://acme.example:1/?stateHandle=s3cret".to_owned();
    let user = format!("http://localhost:s3cret@{}/", server.addr);
    for (transport, url) in [(&strict, server.url("/?s3cret")), (&transport(), foreign), (&transport(), user)] {
        let error = get(transport, &url).unwrap_err();
        assert_eq!((error.kind(), error.sent()), (ErrorKind::InvalidArgument, Sent::No), "{url}");
        assert!(!error.to_string().contains("s3cret"), "{error}");
    }
    assert_eq!(server.requests(), 2);
}

#[test]
fn a_call_that_is_over_sends_nothing() {
    let (server, seen) = recording();
    let over = Call::new().timeout(std::time::Duration::ZERO);
    let error = transport().send(&Request::get(server.url("/")), &over).unwrap_err();
    assert_eq!((error.kind(), error.sent()), (ErrorKind::Timeout, Sent::No));
    let token = interaction_code::CancelToken::new();
    token.cancel();
    let error = transport().send(&Request::get(server.url("/")), &Call::new().cancel(&token)).unwrap_err();
    assert_eq!((error.kind(), error.sent()), (ErrorKind::Cancelled, Sent::No));
    assert!(seen.lock().unwrap().is_empty() && server.accepted() == 0);
}

#[test]
fn nothing_that_prints_shows_a_secret() {
    let transport = builder().proxy("http://ada:s3cret@127.0.0.1:1").extra_root_pem(b"s3cret");
    assert!(!format!("{transport:?}").contains("s3cret"));
    assert!(!format!("{:?}", crate::support::transport()).contains("s3cret"));
}

#[test]
fn a_long_head_is_sent_up_to_the_limit_and_named_above_it() {
    let (server, seen) = recording();
    let long = |bytes: usize| {
        let request = Request::form(server.url("/a"), [("passcode", "1234")]);
        request
            .header("Accept", "x".repeat(9_000))
            .header("Cookie", "c".repeat(bytes))
            .header("X-Last", "y".repeat(7_000))
    };
    transport().send(&long(16 * 1024 - 512), &call()).unwrap();
    {
        let seen = seen.lock().unwrap();
        assert_eq!(
            (seen[0].values("cookie")[0].len(), seen[0].body.as_slice()),
            (16 * 1024 - 512, &b"passcode=1234"[..])
        );
    }
    let address = Request::get(server.url(&format!("/{}", "a".repeat(MAX_REQUEST_HEAD_BYTES))));
    for (request, longest) in [(long(17 * 1024), "the header Cookie"), (address, "the address")] {
        let error = transport().send(&request, &call()).unwrap_err();
        assert_eq!((error.kind(), error.sent()), (ErrorKind::LimitExceeded, Sent::No));
        assert!(error.text().contains(longest) && error.text().len() < 200, "{error}");
    }
    assert_eq!(server.requests(), 1);
}

#[test]
fn what_comes_around_an_answer_is_bounded() {
    fn endless(begin: &'static str, again: &'static str) -> Server {
        Server::plain(move |_, stream| {
            stream.write_all(begin.as_bytes())?;
            loop {
                stream.write_all(again.repeat(64).as_bytes())?;
            }
        })
    }
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for server in [
        endless("", "HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n"),
        endless("", "HTTP/1.1 100 Continue\r\n\r\n"),
        endless(&*format!("{chunked}1\r\nx\r\n0\r\n").leak(), "X-Trailer: and another one\r\n"),
        endless(chunked, "1;extension-of-one\r\nx\r\n"),
    ] {
        let error = get(&transport(), &server.url("/")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::LimitExceeded, "{error}");
    }
    let answer = "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let server = Server::fixed(format!("{answer}{}0\r\nX-Trailer: 1\r\n\r\n", "1\r\nx\r\n".repeat(100_000)));
    assert_eq!(get(&transport(), &server.url("/")).unwrap().body.len(), 100_000);
}
