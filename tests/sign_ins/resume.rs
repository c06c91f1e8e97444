//! A sign-in that outlives its process: saved, the process killed, restored by another one.

use std::process::{Command, Stdio};

use crate::common::*;
use interaction_code::{ErrorKind, Snapshot, idx::StepStatus};

/// Where the child finds its orders. Set only by the tests below.
const ORDERS: &str = "IC_TEST_RESUME";

/// Runs the test `child` of this program in a new process. Orders: issuer, file, code.
fn spawn(orders: &[&str]) -> std::process::Child {
    let program = std::env::current_exe().expect("a test knows its own program");
    let mut command = Command::new(program);
    command.args(["--exact", "resume::child", "--nocapture"]).env(ORDERS, orders.join("\n"));
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the test program runs")
}

/// Not a test of its own: what the other process does. Without orders it has nothing to do.
#[test]
fn child() {
    let Ok(orders) = std::env::var(ORDERS) else { return };
    let mut orders = orders.lines();
    let (issuer, file, code) = (orders.next().unwrap(), orders.next().unwrap(), orders.next());
    let client = client_at(issuer, "app-email");
    let Some(code) = code else {
        // The first process: up to the code, then save and wait to be killed.
        let mut flow = start_flow(&client);
        let step = flow.step().unwrap();
        let answer = step.remediation("identify").unwrap().answer().unwrap().set("identifier", email("ada")).unwrap();
        let step = flow.proceed(answer, &call()).unwrap();
        let form = step.remediation("challenge-authenticator").unwrap();
        let answer = form.answer().unwrap().set("credentials.passcode", PASSWORD).unwrap();
        let step = flow.proceed(answer, &call()).unwrap();
        let form = step.remediation("select-authenticator-authenticate").unwrap();
        let answer = form.answer().unwrap().set("authenticator", "okta_email").unwrap();
        flow.proceed(answer, &call()).unwrap();
        std::fs::write(file, flow.save().unwrap().expose()).unwrap();
        println!("saved");
        std::thread::sleep(std::time::Duration::from_secs(600));
        panic!("nobody killed this process");
    };
    // The second process: nothing but the file.
    let saved = Snapshot::from_text(std::fs::read_to_string(file).unwrap());
    let mut flow = client.restore(&saved).unwrap();
    assert_eq!(flow.requests(), 0);
    let form = flow.step().unwrap().remediation("challenge-authenticator").unwrap();
    let answer = form.answer().unwrap().set("credentials.passcode", code).unwrap();
    flow.proceed(answer, &call()).unwrap();
    let tokens = flow.finish(&call()).unwrap();
    println!("signed in {}", tokens.claims.unwrap().email().unwrap());
}

#[test]
fn another_process_goes_on_after_a_kill() {
    let sandbox = sandbox();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("flow.json");
    let file = file.to_str().unwrap();

    let mut first = spawn(&[&sandbox.issuer(), file]);
    let saved = wait_for(|| std::fs::read_to_string(file).ok().filter(|text| text.ends_with('}')));
    first.kill().unwrap();
    first.wait().unwrap();
    assert!(saved.contains("\"warning\":\"secret"), "the file says that it is secret");
    assert!(!saved.contains(PASSWORD), "no password is saved");

    let code = sandbox.last_code("ada@example.com").unwrap();
    let second = spawn(&[&sandbox.issuer(), file, &code]).wait_with_output().unwrap();
    let printed = String::from_utf8_lossy(&second.stdout).into_owned() + &String::from_utf8_lossy(&second.stderr);
    assert!(second.status.success() && printed.contains("signed in ada@example.com"), "{printed}");
}

fn wait_for<T>(mut look: impl FnMut() -> Option<T>) -> T {
    for _ in 0..6_000 {
        if let Some(found) = look() {
            return found;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("not within five minutes");
}

#[test]
fn a_complete_flow_is_saved_with_its_code() {
    let sandbox = sandbox();
    let client = client(&sandbox, "app-password");
    let mut flow = start_flow(&client);
    Person::new(&sandbox, "ada").go(&mut flow).unwrap();
    let saved = flow.save().unwrap();
    drop(flow);
    let mut flow = client.restore(&saved).unwrap();
    flow.finish(&call()).unwrap();
    assert_eq!(flow.save().unwrap_err().kind(), ErrorKind::InvalidState);
    // The code is good once: a second copy of the flow learns that from the server.
    let mut copy = client.restore(&saved).unwrap();
    assert_eq!(copy.finish(&call()).unwrap_err().oauth_error(), Some("invalid_grant"));
    assert_eq!(copy.finish(&call()).unwrap_err().kind(), ErrorKind::Expired);
}

#[test]
fn a_saved_flow_belongs_to_its_client_and_version() {
    let sandbox = sandbox();
    let flow = start_flow(&client(&sandbox, "app-password"));
    let saved = flow.save().unwrap();
    let other = |text: String| client(&sandbox, "app-password").restore(&Snapshot::from_text(text)).unwrap_err().kind();
    assert_eq!(client(&sandbox, "app-email").restore(&saved).unwrap_err().kind(), ErrorKind::InvalidSnapshot);
    let newer = saved.expose().replace("\"interaction_code_flow\":2", "\"interaction_code_flow\":3");
    let issuer = saved.expose().replace(&sandbox.issuer(), "https://evil.example/oauth2/default");
    let half = saved.expose()[..saved.expose().len() / 2].to_owned();
    for text in [newer, issuer, half, String::new(), "[]".to_owned(), "x".repeat(20_000_000)] {
        assert_eq!(other(text), ErrorKind::InvalidSnapshot);
    }
    assert!(!format!("{saved:?}").contains("code_verifier"));
}

#[test]
fn the_cookies_of_the_flow_are_saved_with_it() {
    let sandbox = sandbox();
    let builder = interaction_code::Client::builder(&sandbox.issuer(), "app-password", REDIRECT_URI);
    let client = builder.device_token("0123456789abcdef").build().unwrap();
    let saved = start_flow(&client).save().unwrap();
    assert!(saved.expose().contains("0123456789abcdef"), "the device token travels as the cookie DT");
    let mut flow = client.restore(&saved).unwrap();
    assert_eq!(flow.refresh(&call()).unwrap().status(), StepStatus::Identification);
}
