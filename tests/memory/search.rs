//! The search: every writable page of a process that stands still, for pieces of what is secret.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    fs::File,
    os::unix::fs::FileExt as _,
};

use crate::child::DISGUISE;

/// How long a piece is. Shorter ones would be found by chance; longer ones would miss what was half overwritten.
const PIECE: usize = 16;
/// How much is read at once, with the overlap of a piece.
const CHUNK: usize = 1 << 20;

/// A secret to look for.
pub struct Canary {
    kind: String,
    bytes: Vec<u8>,
}

impl Canary {
    /// From the line that the program wrote: kind, and the bytes in disguise.
    pub fn read(line: &str) -> Option<Canary> {
        let (kind, disguised) = line.strip_prefix("canary ")?.split_once(' ')?;
        let byte = |at: usize| u8::from_str_radix(disguised.get(at..at + 2)?, 16).ok();
        let bytes = (0..disguised.len()).step_by(2).map(|at| Some(byte(at)? ^ DISGUISE)).collect::<Option<_>>()?;
        Some(Canary { kind: kind.to_owned(), bytes })
    }

    /// The pieces to look for. The head of a token is the same in all of them, and no secret.
    fn pieces(&self) -> Vec<&[u8]> {
        if self.bytes.len() <= PIECE {
            return vec![&self.bytes];
        }
        let head = self.bytes.iter().position(|byte| *byte == b'.').map_or(0, |dot| dot + 1);
        let last = self.bytes.len() - PIECE;
        let mut pieces: Vec<&[u8]> = (head..last).step_by(PIECE).map(|at| &self.bytes[at..at + PIECE]).collect();
        pieces.push(&self.bytes[last..]);
        pieces
    }
}

/// Where something was found.
pub struct Found {
    address: u64,
    end: u64,
    region: String,
    around: String,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x} to {:x} in {}: {}", self.address, self.end, self.region, self.around)
    }
}

/// What there is of each kind in the writable memory of a process.
pub fn search(process: u32, canaries: &[Canary]) -> BTreeMap<String, Vec<Found>> {
    let mut left: BTreeMap<String, Vec<Found>> = BTreeMap::new();
    let mut by_start: HashMap<u64, Vec<(&str, &[u8])>> = HashMap::new();
    for canary in canaries {
        left.entry(canary.kind.clone()).or_default();
        for piece in canary.pieces() {
            assert!(piece.len() >= 8, "{}: too short to be told from chance", canary.kind);
            let of_start = by_start.entry(start_of(piece)).or_default();
            if !of_start.iter().any(|(_, known)| *known == piece) {
                of_start.push((&canary.kind, piece));
            }
        }
    }
    let maps = std::fs::read_to_string(format!("/proc/{process}/maps")).expect("the process is there");
    let memory = File::open(format!("/proc/{process}/mem")).expect("its memory can be read");
    let mut read = 0;
    for line in maps.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (Some(range), Some(rights)) = (words.first(), words.get(1)) else { continue };
        if !rights.starts_with("rw") {
            continue;
        }
        let region = words.get(5).copied().unwrap_or("memory without a name");
        let (start, end) = range.split_once('-').expect("from-to");
        let number = |text| u64::from_str_radix(text, 16).expect("a number");
        let (mut at, end) = (number(start), number(end));
        let mut chunk = vec![0; CHUNK + PIECE];
        while at < end {
            let wanted = usize::try_from(end - at).map_or(chunk.len(), |left| left.min(chunk.len()));
            let Ok(length) = memory.read_at(&mut chunk[..wanted], at) else { break };
            if length == 0 {
                break;
            }
            read += length;
            look(
                &chunk[..length],
                |kind, offset| {
                    let from = offset.saturating_sub(48);
                    let around = chunk[from..(offset + 48).min(length)].escape_ascii().to_string();
                    let address = at + offset as u64;
                    let of_kind = left.entry(kind.to_owned()).or_default();
                    // One copy has many pieces.
                    let goes_on = of_kind.last().is_some_and(|last| address.saturating_sub(last.end) <= PIECE as u64);
                    match of_kind.last_mut().filter(|_| goes_on) {
                        Some(last) => last.end = address,
                        None => of_kind.push(Found { address, end: address, region: region.to_owned(), around }),
                    }
                },
                &by_start,
            );
            at += if length > CHUNK { CHUNK } else { length } as u64;
        }
    }
    assert!(read > 100 * 1024, "hardly anything of the process could be read");
    left
}

fn start_of(bytes: &[u8]) -> u64 {
    bytes.iter().take(8).fold(0, |start, byte| start << 8 | u64::from(*byte))
}

/// Tells each place where a piece is.
fn look(bytes: &[u8], mut tell: impl FnMut(&str, usize), by_start: &HashMap<u64, Vec<(&str, &[u8])>>) {
    let mut start = 0_u64;
    for (at, byte) in bytes.iter().enumerate() {
        start = start << 8 | u64::from(*byte);
        // Most of it was never used.
        if start == 0 || at < 7 {
            continue;
        }
        let from = at - 7;
        for (kind, piece) in by_start.get(&start).into_iter().flatten() {
            // What begins in the overlap is found in the next chunk.
            if from < CHUNK && bytes[from..].starts_with(piece) {
                tell(kind, from);
            }
        }
    }
}
