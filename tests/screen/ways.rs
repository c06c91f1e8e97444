//! What holds for the screen of every recorded response: nothing that can be done is missing, nothing stands twice, the
//! default is one that can be followed.

use std::collections::{HashMap, HashSet};

use crate::fixtures::{Fixtures, text};
use interaction_code::{
    idx::{Remediation, Step},
    screen::{Does, ElementKind, EndingKind, Role, Screen, SuggestedKind, Way},
};

/// What is no way: it changes nothing, or it says how it ended.
const NO_WAYS: [&str; 5] = ["context", "success-redirect", "failure-redirect", "success", "failure"];

/// Every recorded step with its file; `None` when the recordings are absent.
pub fn recorded(test: &str) -> Option<Vec<(String, Step)>> {
    let fixtures = Fixtures::open(test)?;
    let files = fixtures.list("files").iter().map(|entry| text(entry, "file").to_owned());
    let read = |file: String| Some(Step::read(&fixtures.bytes(test, &file)?).ok().map(|step| (file, step)));
    let steps: Option<Vec<_>> = files.map(read).collect();
    let steps: Vec<_> = steps?.into_iter().flatten().collect();
    assert!(steps.len() > 100, "only {} recordings are steps", steps.len());
    Some(steps)
}

/// Everything that the server offers, by another walk than the library's.
fn offered(step: &Step) -> Vec<(String, Remediation<'_>)> {
    let forms = step.remediations().map(|remediation| (remediation.name().into_owned(), remediation));
    let actions = step.actions();
    forms
        .chain(actions)
        .filter(|(name, _)| {
            !NO_WAYS.contains(&name.rsplit('-').next().unwrap_or_default()) && !NO_WAYS.contains(&name.as_str())
        })
        .collect()
}

/// Invariants 1 and 2: everything can be done, by one way or by several that set different things.
#[test]
fn everything_that_is_offered_is_a_way_and_nothing_stands_twice() {
    let Some(steps) = recorded("everything_that_is_offered_is_a_way") else { return };
    for (file, step) in &steps {
        let screen = Screen::of(step);
        let mut of_node: HashMap<u32, Vec<&Way>> = HashMap::new();
        for way in &screen.ways {
            way.nodes.iter().for_each(|node| of_node.entry(*node).or_default().push(way));
        }
        for (name, offer) in offered(step) {
            let ways = of_node.get(&offer.node()).map(Vec::as_slice).unwrap_or_default();
            assert!(!ways.is_empty(), "{file}: nothing does {name}");
            let mut seen = HashSet::new();
            let sends = ways.iter().filter(|way| way.does != Does::Launch && way.does != Does::Open);
            let sets = sends.map(|way| format!("{:?}", sets(way)));
            assert!(sets.into_iter().all(|sets| seen.insert(sets)), "{file}: {name} stands twice");
        }
        let known: HashSet<_> = offered(step).into_iter().map(|(_, offer)| offer.node()).collect();
        for (node, ways) in of_node {
            assert!(known.contains(&node), "{file}: {ways:?} does what is not offered");
        }
    }
}

fn sets(way: &Way) -> Vec<(String, String)> {
    let shown = |value: &interaction_code::idx::AnswerValue| match value {
        interaction_code::idx::AnswerValue::Text(text) => text.expose().to_owned(),
        other => format!("{other:?}"),
    };
    way.sets.iter().map(|preset| (preset.path.clone(), shown(&preset.value))).collect()
}

/// Invariant 7, and what the types say: at most one primary way and one cancel; indices that point at something.
#[test]
fn the_default_can_be_followed_and_indices_hold() {
    let Some(steps) = recorded("the_default_can_be_followed") else { return };
    for (file, step) in &steps {
        let screen = Screen::of(step);
        let count = |role| screen.ways.iter().filter(|way| way.role == role).count();
        assert!(count(Role::Primary) <= 1 && count(Role::Cancel) <= 1, "{file}");
        assert_eq!(screen.suggested.kind == SuggestedKind::End, screen.ending.is_some(), "{file}");
        assert!(!screen.ways.is_empty() || screen.ending.is_some(), "{file}: a dead end without an ending");
        let way = screen.suggested.way.map(|way| screen.ways.get(way).unwrap_or_else(|| panic!("{file}: {way}")));
        match (screen.suggested.kind, way) {
            (SuggestedKind::End, _) => assert!(way.is_none(), "{file}"),
            (SuggestedKind::Answer, None) => {
                assert!(screen.ways.iter().filter(|way| way.role == Role::Alternative).count() > 1, "{file}");
            }
            (SuggestedKind::Answer, Some(way)) => {
                assert!(!way.quiet && way.role == Role::Primary, "{file}: {way:?}");
                assert!(!matches!(way.does, Does::Wait | Does::Launch), "{file}: {way:?}");
            }
            (SuggestedKind::Wait, Some(way)) => assert_eq!(way.does, Does::Wait, "{file}"),
            (SuggestedKind::Device, Some(way)) => assert!(matches!(way.does, Does::Act | Does::Wait), "{file}"),
            (SuggestedKind::Open, Some(way)) => assert!(way.url.is_some() && !way.quiet, "{file}"),
            (SuggestedKind::Submit, Some(way)) => {
                let unasked = ["cancel-transaction", "device-apple-sso-extension"];
                assert!(way.remediation.as_deref().is_some_and(|name| unasked.contains(&name)), "{file}");
            }
            (kind, None) => panic!("{file}: {kind:?} without a way"),
        }
        if let Some(skip) = screen.suggested.skip {
            assert_eq!(screen.ways[skip].remediation.as_deref(), Some("skip"), "{file}");
        }
        if screen.ending.as_ref().is_some_and(|ending| ending.kind == EndingKind::SignedIn) {
            assert!(screen.ways.iter().all(|way| way.quiet), "{file}");
        }
        for element in &screen.elements {
            assert!(element.way.is_none_or(|way| way < screen.ways.len()), "{file}");
            assert!(!element.text.text.is_empty() && !element.text.key.is_empty(), "{file}");
            if let ElementKind::Waiting(waiting) = &element.kind {
                assert_eq!(screen.ways[waiting.poll].does, Does::Wait, "{file}");
            }
        }
        for way in &screen.ways {
            assert!(!way.label.text.is_empty(), "{file}");
            assert!(
                way.url.as_ref().is_none_or(|url| url.starts_with("https://") || way.does == Does::Launch),
                "{file}"
            );
        }
    }
}

/// Invariant 8: what is in front belongs to nobody, to the primary way, or, without one, to ways that set something.
#[test]
fn the_front_of_a_screen_asks_what_its_primary_way_sends() {
    let Some(steps) = recorded("the_front_of_a_screen") else { return };
    let mut asked = 0;
    for (file, step) in &steps {
        let screen = Screen::of(step);
        for (index, way) in screen.ways.iter().enumerate().filter(|(_, way)| way.role == Role::Primary) {
            let drawn = |path: &String| {
                screen.elements.iter().any(|element| element.way == Some(index) && path_of(&element.kind) == Some(path))
            };
            let missing: Vec<_> = way.inputs.iter().filter(|path| !drawn(path)).collect();
            assert!(missing.is_empty(), "{file}: {way:?} sends {missing:?}, which is not drawn");
            asked += way.inputs.len();
        }
        for element in screen.elements.iter().filter(|element| path_of(&element.kind).is_some()) {
            let way = element.way.map(|way| &screen.ways[way]);
            let path = path_of(&element.kind).cloned().unwrap_or_default();
            assert!(way.is_some_and(|way| way.inputs.contains(&path)), "{file}: {path} belongs to no way");
        }
    }
    assert!(asked > 100, "only {asked} inputs are in front");
}

fn path_of(kind: &ElementKind) -> Option<&String> {
    match kind {
        ElementKind::Input(input) => Some(&input.path),
        ElementKind::Choice(choice) => Some(&choice.path),
        _ => None,
    }
}

/// One value, no hidden state: equal steps give equal screens.
#[test]
fn equal_steps_give_equal_screens() {
    let Some(steps) = recorded("equal_steps_give_equal_screens") else { return };
    for (file, step) in &steps {
        let again = Step::read(step.raw().as_bytes()).expect("it was read before");
        assert_eq!(Screen::of(step).to_json(), Screen::of(&again).to_json(), "{file}");
    }
}
