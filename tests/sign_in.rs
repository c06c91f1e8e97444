//! Whole sign-ins over TCP against the sandbox.

mod common;
use common::*;

#[test]
fn requests_are_counted() {
    for (client_id, expected) in [("app-password", 5), ("app-web", 5), ("app-one-form", 4), ("app-email", 7)] {
        let sandbox = sandbox();
        let client = client(&sandbox, client_id);
        let mut flow = start_flow(&client);
        Person::new(&sandbox, "ada").go(&mut flow).unwrap();
        let tokens = flow.finish(&call()).unwrap();
        assert_eq!(tokens.claims.as_ref().unwrap().email(), Some("ada@example.com"));
        assert_eq!(flow.requests(), expected, "{client_id}");
        // The engine counted the same, and the keys once.
        let seen = sandbox.requests();
        assert_eq!(seen.len() as u64, expected + 1, "{client_id}: {seen:?}");
        let mut again = start_flow(&client);
        Person::new(&sandbox, "ada").go(&mut again).unwrap();
        again.finish(&call()).unwrap();
        assert_eq!(sandbox.requests().len() as u64, 2 * expected + 1, "the keys are fetched once per client");
    }
}
