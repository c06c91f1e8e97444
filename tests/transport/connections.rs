//! Keep-alive, stale connections, threads.

use std::{
    sync::{Arc, Mutex, mpsc},
    thread,
    time::Duration,
};

use interaction_code::{
    CancelToken,
    http::{Request, Transport},
};

use crate::{
    support::{Next, Server, answer, builder, call, get, ok, post, transport},
    tls::{Authority, tls_server},
};

#[test]
fn connections_are_used_again() {
    let lookups = Arc::new(Mutex::new(0));
    let server = Server::fixed(ok("{}"));
    let (addr, counted) = (server.addr, Arc::clone(&lookups));
    let transport = builder()
        .name_lookup(move |_, _| {
            *counted.lock().unwrap() += 1;
            Ok(vec![addr])
        })
        .build()
        .unwrap();
    for _ in 0..10 {
        post(&transport, &server.url("/a")).unwrap();
        get(&transport, &server.url("/b")).unwrap();
    }
    assert_eq!((server.accepted(), server.requests()), (1, 20));
    assert_eq!(*lookups.lock().unwrap(), 0, "an address needs no look-up");
}

#[test]
fn connections_that_must_close_are_not_used_again() {
    let server = Server::plain(|_, stream| {
        stream.write_all(answer("200 OK", "Connection: close\r\n", "{}").as_bytes())?;
        Ok(Next::Keep)
    });
    let transport = transport();
    for _ in 0..3 {
        get(&transport, &server.url("/")).unwrap();
    }
    assert_eq!(server.accepted(), 3);
}

#[test]
fn a_connection_that_the_server_closed_meanwhile_is_dropped_first() {
    // The server says nothing of closing, and closes after each answer.
    let (closing, closed) = mpsc::channel();
    let closing = Mutex::new(closing);
    let server = Server::plain(move |received, stream| {
        stream.write_all(ok("{}").as_bytes())?;
        if received.path() == "/last" {
            closing.lock().unwrap().send(()).unwrap();
            return Ok(Next::Close);
        }
        Ok(Next::Keep)
    });
    let transport = transport();
    for round in 1..=10 {
        get(&transport, &server.url("/first")).unwrap();
        post(&transport, &server.url("/last")).unwrap();
        closed.recv().unwrap();
        // The end of the stream needs a moment to arrive, also on loopback.
        thread::sleep(Duration::from_millis(5));
        assert_eq!(server.accepted(), round);
    }
    assert_eq!(server.requests(), 20, "nothing was sent twice");
}

#[test]
fn bytes_after_an_answer_end_the_connection() {
    let server = Server::fixed(ok("{}") + "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nsmuggled");
    let transport = transport();
    for round in 1..=3 {
        assert_eq!(*get(&transport, &server.url("/")).unwrap().body, b"{}");
        assert_eq!(server.accepted(), round);
    }
}

#[test]
fn threads_share_a_transport() {
    let server =
        Server::plain(|received, stream| stream.write_all(ok(received.path()).as_bytes()).map(|()| Next::Keep));
    let transport = transport();
    thread::scope(|scope| {
        for thread in 0..4 {
            let (transport, server) = (&transport, &server);
            scope.spawn(move || {
                for n in 0..50 {
                    let path = format!("/{thread}/{n}");
                    assert_eq!(*get(transport, &server.url(&path)).unwrap().body, path.as_bytes());
                }
            });
        }
    });
    assert_eq!(server.requests(), 200);
    assert!(server.accepted() <= 8, "{}", server.accepted());
}

#[test]
fn a_late_cancel_does_not_touch_a_connection_that_others_use() {
    let server = Server::fixed(ok("{}"));
    let transport = transport();
    for _ in 0..200 {
        let token = CancelToken::new();
        let request = Request::get(server.url("/"));
        thread::scope(|scope| {
            // Cancelled around the moment when the answer is complete; whatever comes of it, the next request works.
            scope.spawn(|| {
                thread::yield_now();
                token.cancel();
            });
            let _ = transport.send(&request, &call().cancel(&token));
            get(&transport, &server.url("/")).unwrap();
        });
    }
}

#[test]
fn a_transport_within_a_transport_keeps_its_own_call() {
    // An app's name look-up may itself use a transport.
    let ours = Authority::new("ours");
    let server = tls_server(ours.server(&["acme.example"], |_| {}));
    let inner = Server::fixed(ok("{}"));
    let (addr, url) = (server.addr, inner.url("/"));
    let resolving = transport();
    let outer = builder()
        .extra_root_pem(&ours.pem())
        .name_lookup(move |_, _| {
            get(&resolving, &url).unwrap();
            Ok(vec![addr])
        })
        .build()
        .unwrap();
    assert!(get(&outer, "https://acme.example/").is_ok());
    assert_eq!((inner.requests(), server.requests()), (1, 1));
}
