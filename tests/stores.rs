//! The storages that are ready, over several processes: no swap is lost, and a process that is killed in the middle of one leaves the
//! old value or the new one.

#![cfg(all(feature = "file-storage", unix))]

use std::process::{Child, Command, Stdio};

use interaction_code::{Storage, jose::sha256, secret::SecretBytes, store::FileStorage};

const DIRECTORY: &str = "IC_TEST_STORAGE";
const PROCESSES: u64 = 4;
const TIMES: u64 = 250;

fn spawn(test: &str, directory: &std::path::Path) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--ignored", "--nocapture"]).env(DIRECTORY, directory);
    command.stdout(Stdio::null()).spawn().unwrap()
}

fn storage_of_the_parent() -> FileStorage {
    FileStorage::open(std::env::var(DIRECTORY).expect("a directory of the parent's")).unwrap()
}

/// A number in the storage, one more; by whoever is first.
fn add_one(storage: &dyn Storage, key: &str) {
    loop {
        let found = storage.load(key).unwrap();
        let number: u64 = found.as_ref().map_or(0, |found| std::str::from_utf8(found).unwrap().parse().unwrap());
        let next = SecretBytes::from((number + 1).to_string().into_bytes());
        let hash = found.as_ref().map(|found| sha256(found));
        if storage.swap(key, hash.as_ref(), Some(&next)).unwrap() == interaction_code::Swapped::Done {
            return;
        }
    }
}

#[test]
#[ignore = "one process of the test below"]
fn child_adds() {
    let storage = storage_of_the_parent();
    for _ in 0..TIMES {
        add_one(&storage, "interaction-code.sum");
    }
}

#[test]
fn four_processes_lose_no_swap() {
    let folder = tempfile::tempdir().unwrap();
    let directory = folder.path().join("kept");
    let children: Vec<Child> = (0..PROCESSES).map(|_| spawn("child_adds", &directory)).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let sum = FileStorage::open(&directory).unwrap().load("interaction-code.sum").unwrap().unwrap();
    assert_eq!(std::str::from_utf8(&sum).unwrap(), (PROCESSES * TIMES).to_string());
    let left: Vec<_> = std::fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "the value and the lock, which stays: {left:?}");
}

#[test]
#[ignore = "one process of the test below"]
fn child_adds_until_it_is_killed() {
    let storage = storage_of_the_parent();
    // More than the parent ever waits for; then it ends by itself.
    for _ in 0..100_000 {
        add_one(&storage, "interaction-code.sum");
    }
}

#[test]
fn a_kill_leaves_the_old_value_or_the_new_one_and_no_lock() {
    let folder = tempfile::tempdir().unwrap();
    let directory = folder.path().join("kept");
    let storage = FileStorage::open(&directory).unwrap();
    let value = || {
        let found = storage.load("interaction-code.sum").unwrap();
        found.map_or(0, |found| std::str::from_utf8(&found).unwrap().parse::<u64>().expect("a whole number"))
    };
    for round in 0..10 {
        let before = value();
        let mut child = spawn("child_adds_until_it_is_killed", &directory);
        while value() < before + 3 + round {
            assert!(child.try_wait().unwrap().is_none(), "the child ended without writing");
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let left = value();
        assert!(left >= before + 3 + round);
        // Its lock is gone with it.
        add_one(&storage, "interaction-code.sum");
        assert_eq!(value(), left + 1);
    }
}
