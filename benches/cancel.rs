//! How long a call goes on after its cancel: of a server that says nothing, of an answer that drips, in the clear and over TLS.
//!
//! 40 cancels each, from another thread, 50 ms into the wait. The budget is for the middle; the longest is what one thread of a
//! machine that does other things may see, so no test asserts either.

use std::{
    thread,
    time::{Duration, Instant},
};

use interaction_code::{Call, CancelToken, Client, ErrorKind, StartOptions, transport::UreqTransport};
use interaction_code_sandbox::{Fault, FaultKind, Options, Sandbox};

const TIMES: usize = 40;
const BUDGET: Duration = Duration::from_millis(200);
const LONG: Duration = Duration::from_secs(600);

fn main() {
    for tls in [false, true] {
        for (what, kind) in
            [("a silent server", FaultKind::Delay { ms: 600_000 }), ("a dripping answer", FaultKind::Drip { ms: 20 })]
        {
            let mut times = cancels(tls, kind);
            times.sort();
            let (middle, longest) = (times[TIMES / 2], times[TIMES - 1]);
            let verdict = if middle <= BUDGET { "within" } else { "OVER" };
            let over = if tls { " over TLS" } else { "" };
            println!(
                "{what}{over}: back {middle:?} after the cancel ({longest:?} at most), {verdict} the budget of {BUDGET:?}"
            );
        }
    }
}

/// What passed between each cancel and the return of its call.
fn cancels(tls: bool, kind: FaultKind) -> Vec<Duration> {
    let sandbox = Sandbox::start(Options { tls, ..Options::default() }).expect("the sandbox starts");
    let mut network = UreqTransport::builder().no_proxy();
    if let Some(ca) = sandbox.ca_pem() {
        network = network.extra_root_pem(ca.as_bytes());
    }
    let client = Client::builder(&sandbox.issuer(), "app-password", "com.example.app:/callback");
    let client = client.network(network).build().expect("good settings");
    let mut flow = client.start(StartOptions::default(), &Call::new()).expect("it starts");
    sandbox.faults(vec![Fault::new("/idp/idx/introspect", kind).times(0)]);
    (0..TIMES)
        .map(|_| {
            let token = CancelToken::new();
            let call = Call::new().cancel(&token).timeout(LONG);
            thread::scope(|scope| {
                let canceller = scope.spawn(|| {
                    thread::sleep(Duration::from_millis(50));
                    let at = Instant::now();
                    token.cancel();
                    at
                });
                let ended = flow.refresh(&call).map(drop).expect_err("it was cancelled").kind();
                let returned = Instant::now();
                assert_eq!(ended, ErrorKind::Cancelled);
                returned.saturating_duration_since(canceller.join().expect("it cancels"))
            })
        })
        .collect()
}
