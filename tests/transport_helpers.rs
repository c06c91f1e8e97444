//! The bound on helper threads left behind. In a process of its own, as it is the process that has it.
#![cfg(feature = "ureq")]

use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::{Arc, Condvar, Mutex},
    thread,
    time::{Duration, Instant},
};

use interaction_code::{
    Call, ErrorKind, Sent,
    http::{Request, Transport},
    transport::UreqTransport,
};

/// What has not come by then never comes.
const HANG: Duration = Duration::from_secs(600);

#[test]
fn a_name_server_that_hangs_costs_a_bounded_number_of_threads() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 1024]);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }
    });
    let gate = Arc::new((Mutex::new((0_usize, false)), Condvar::new()));
    let inside = Arc::clone(&gate);
    let transport = UreqTransport::builder()
        .allow_loopback_http(true)
        .no_proxy()
        .name_lookup(move |_, _| {
            let mut state = inside.0.lock().unwrap();
            state.0 += 1;
            let (mut state, _) = inside.1.wait_timeout_while(state, HANG, |state| !state.1).unwrap();
            state.0 -= 1;
            Ok(Vec::new())
        })
        .build()
        .unwrap();
    let short = || Call::new().timeout(Duration::from_millis(5));
    let slow = Request::get("https://slow.example/");
    let mut refused = 0;
    for _ in 0..60 {
        let error = transport.send(&slow, &short()).unwrap_err();
        assert_eq!(error.sent(), Sent::No);
        match error.kind() {
            ErrorKind::Timeout => {}
            ErrorKind::Offline => {
                assert!(error.text().contains("still hang"), "{error}");
                refused += 1;
            }
            other => panic!("{other}: {error}"),
        }
    }
    assert_eq!(refused, 60 - 32);
    assert!(gate.0.lock().unwrap().0 <= 32);
    // They end, and everything is as before.
    gate.0.lock().unwrap().1 = true;
    gate.1.notify_all();
    let until = Instant::now() + HANG;
    while transport.send(&Request::get(&url), &Call::new()).is_err() {
        assert!(Instant::now() < until, "the helpers are still counted");
        thread::sleep(Duration::from_millis(5));
    }
}
