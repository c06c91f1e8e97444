//! The buffers that plain text passes through, wiped behind it.
//!
//! A pooled connection lives on after its request. ureq's own buffers keep the last request and answer (a password, a
//! token) until something else is written over them; these are overwritten as soon as the bytes are used.
//!
//! Output is gathered: head and body of a request go to the network in one write, which is one packet instead of two.

use ureq::unversioned::transport::Buffers;

use crate::{
    limits::{MAX_HEADER_BYTES, MAX_REQUEST_HEAD_BYTES},
    secret::wipe,
};

/// Enough for the longest request head: ureq gives up on a header that finds no room, and has no error for it.
const OUTPUT: usize = MAX_REQUEST_HEAD_BYTES;
const FIRST_INPUT: usize = 16 * 1024;
/// A head of the allowed size and something after it: so a head that is too long is seen as that.
const LAST_INPUT: usize = MAX_HEADER_BYTES + FIRST_INPUT;

/// Input and output of one connection.
#[derive(Default)]
pub(super) struct WipedBuffers {
    input: Vec<u8>,
    start: usize,
    end: usize,
    output: Vec<u8>,
    /// How much of the output waits to be written.
    gathered: usize,
    progress: bool,
}

impl WipedBuffers {
    /// Keeps `amount` more bytes of output back. Returns whether it is time to write: there is little room left.
    pub(super) fn gather(&mut self, amount: usize) -> bool {
        self.gathered = self.output.len().min(self.gathered + amount);
        self.gathered > OUTPUT / 2
    }

    /// What waits to be written.
    pub(super) fn gathered(&self) -> &[u8] {
        &self.output[..self.gathered]
    }

    /// Overwrites what was written.
    pub(super) fn gathered_used(&mut self) {
        wipe(&mut self.output[..self.gathered]);
        self.gathered = 0;
    }

    fn allocate_output(&mut self) {
        if self.output.is_empty() {
            self.output = vec![0; OUTPUT];
        }
    }

    /// Makes room behind the input.
    fn allocate_input(&mut self) {
        if self.start > 0 {
            self.input.copy_within(self.start..self.end, 0);
            let left = self.end - self.start;
            wipe(&mut self.input[left..self.end]);
            (self.start, self.end) = (0, left);
        }
        if self.end == self.input.len() && self.end < LAST_INPUT {
            let mut larger = vec![0; (2 * self.end).clamp(FIRST_INPUT, LAST_INPUT)];
            larger[..self.end].copy_from_slice(&self.input);
            wipe(&mut self.input);
            self.input = larger;
        }
    }
}

impl Buffers for WipedBuffers {
    fn output(&mut self) -> &mut [u8] {
        self.allocate_output();
        &mut self.output[self.gathered..]
    }

    fn input(&self) -> &[u8] {
        &self.input[self.start..self.end]
    }

    fn input_append_buf(&mut self) -> &mut [u8] {
        self.allocate_input();
        &mut self.input[self.end..]
    }

    fn input_appended(&mut self, amount: usize) {
        self.end = self.input.len().min(self.end + amount);
    }

    fn input_consume(&mut self, amount: usize) {
        let next = self.end.min(self.start + amount);
        wipe(&mut self.input[self.start..next]);
        self.start = next;
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
        }
        self.progress = amount > 0;
    }

    fn tmp_and_output(&mut self) -> (&mut [u8], &mut [u8]) {
        self.allocate_output();
        self.allocate_input();
        (&mut self.input[self.end..], &mut self.output[self.gathered..])
    }

    fn can_use_input(&self) -> bool {
        self.start < self.end && self.progress
    }
}

impl Drop for WipedBuffers {
    fn drop(&mut self) {
        wipe(&mut self.input);
        wipe(&mut self.output);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn used_bytes_are_gone_and_unused_ones_stay() {
        let mut buffers = WipedBuffers::default();
        buffers.output()[..6].copy_from_slice(b"s3cret");
        assert!(!buffers.gather(6));
        buffers.output()[..1].copy_from_slice(b"!");
        assert!(!buffers.gather(1));
        assert_eq!(buffers.gathered(), b"s3cret!");
        buffers.gathered_used();
        assert!(buffers.gathered().is_empty());
        assert!(buffers.output.iter().all(|byte| *byte == 0));
        buffers.input_append_buf()[..8].copy_from_slice(b"headbody");
        buffers.input_appended(8);
        buffers.input_consume(4);
        assert_eq!(buffers.input(), b"body");
        buffers.input_append_buf()[..1].copy_from_slice(b"!");
        buffers.input_appended(1);
        assert_eq!(buffers.input(), b"body!");
        buffers.input_consume(5);
        assert!(buffers.input.iter().all(|byte| *byte == 0));
    }

    #[test]
    fn a_long_head_fits_and_no_more() {
        let mut buffers = WipedBuffers::default();
        loop {
            let space = buffers.input_append_buf().len();
            if space == 0 {
                break;
            }
            buffers.input_append_buf().fill(b'x');
            buffers.input_appended(space);
            buffers.input_consume(0);
        }
        assert_eq!(buffers.input().len(), LAST_INPUT);
        assert!(buffers.input().iter().all(|byte| *byte == b'x') && !buffers.can_use_input());
    }
}
