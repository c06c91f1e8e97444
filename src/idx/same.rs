//! Whether two steps ask a person the same: what a poll needs to know (idx.md section 5.7, rule 3).

use super::{
    document::{Json, JsonKind},
    step::Step,
};

/// Members that change with every answer and mean nothing to a person.
const PASSING: [&str; 3] = ["\"stateHandle\"", "\"expiresAt\"", "\"refresh\""];

impl Step {
    /// Whether `other` asks the same as this step: equal but for state handles, expiry and poll interval.
    pub fn asks_the_same_as(&self, other: &Step) -> bool {
        same(self.json(), other.json())
    }
}

fn same(a: Json<'_>, b: Json<'_>) -> bool {
    if a.kind() != b.kind() {
        return false;
    }
    match a.kind() {
        JsonKind::Object => {
            // The handle is a member at the top and the value of a field in each form.
            let is_handle = a.get("name").is_some_and(|name| name.raw() == "\"stateHandle\"");
            let passing = |key: &Json<'_>| PASSING.contains(&key.raw()) || (is_handle && key.raw() == "\"value\"");
            let mut left = a.members().filter(|(key, _)| !passing(key));
            let mut right = b.members().filter(|(key, _)| !passing(key));
            loop {
                match (left.next(), right.next()) {
                    (None, None) => return true,
                    (Some((key, value)), Some((other, its))) if key.raw() == other.raw() && same(value, its) => {}
                    _ => return false,
                }
            }
        }
        JsonKind::Array => {
            let (mut left, mut right) = (a.items(), b.items());
            loop {
                match (left.next(), right.next()) {
                    (None, None) => return true,
                    (Some(item), Some(other)) if same(item, other) => {}
                    _ => return false,
                }
            }
        }
        _ => a.raw() == b.raw(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_person_sees_counts() {
        let step = |handle: &str, refresh: u32, number: &str| {
            let text = format!(
                r#"{{"version":"1.0.0","stateHandle":"{handle}","expiresAt":"{handle}","currentAuthenticator":{{"value":{{
                "id":"a","contextualData":{{"correctAnswer":"{number}"}}}}}},"remediation":{{"value":[{{"name":"challenge-poll",
                "refresh":{refresh},"value":[{{"name":"stateHandle","value":"{handle}"}}]}}]}}}}"#
            );
            Step::read(text.as_bytes()).unwrap()
        };
        assert!(step("a", 4000, "42").asks_the_same_as(&step("b", 2000, "42")));
        assert!(!step("a", 4000, "42").asks_the_same_as(&step("a", 4000, "43")));
    }
}
