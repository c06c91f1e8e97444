//! Another static library of Rust, with Rust's own library in it: what a program may link beside this one.

use std::{collections::HashMap, panic, thread};

/// 42, by ways that lead through most of Rust's own library: a thread, a map, text, a panic that is caught.
#[unsafe(no_mangle)]
pub extern "C" fn second_answer() -> i32 {
    let counted = thread::spawn(|| {
        let words: HashMap<String, usize> = "six times seven".split(' ').map(|word| (word.to_owned(), word.len())).collect();
        words.values().sum::<usize>()
    });
    let caught = panic::catch_unwind(|| panic::resume_unwind(Box::new("29".to_owned())));
    let rest = caught.err().and_then(|text| text.downcast::<String>().ok()?.parse::<usize>().ok());
    counted.join().ok().zip(rest).map_or(-1, |(counted, rest)| (counted + rest) as i32)
}
