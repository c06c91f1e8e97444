//! The layer that ureq talks to: plain text goes in and out through buffers that are wiped, output is gathered.
//!
//! ureq writes the head of a request, then its body, then reads. Written as they come, these are two packets and, inside
//! TLS, two records; a server wakes up twice. So output waits until ureq reads, or until there is much of it.

use std::{
    fmt,
    io::{Read, Write},
};

use ureq::{
    Error,
    unversioned::transport::{Buffers, NextTimeout, Transport, TransportAdapter},
};

use super::{buffers::WipedBuffers, exchange::Exchange};
use crate::secret::wipe;

/// What is below the layer: a TLS connection, or the socket itself.
pub(super) trait Stream: Read + Write + Send + Sync + 'static {
    /// The socket at the bottom.
    fn adapter(&mut self) -> &mut TransportAdapter;

    /// Whether nothing has come since the last answer.
    fn is_quiet(&mut self) -> bool;

    fn is_tls(&self) -> bool;

    /// Overwrites the plain text that the stream keeps after this much was written to it.
    fn wipe_written(&mut self, amount: usize);

    /// Overwrites the plain text that the stream keeps after this much was read from it since the last time. Returns false when
    /// it cannot yet, because there is more to read behind it.
    fn wipe_read(&mut self, amount: usize) -> bool;
}

impl Stream for TransportAdapter {
    fn adapter(&mut self) -> &mut TransportAdapter {
        self
    }

    fn is_quiet(&mut self) -> bool {
        true
    }

    fn is_tls(&self) -> bool {
        false
    }

    fn wipe_written(&mut self, amount: usize) {
        wipe_start(self.get_mut().buffers().output(), amount);
    }

    fn wipe_read(&mut self, amount: usize) -> bool {
        let buffers = self.get_mut().buffers();
        let is_read = buffers.input().is_empty();
        if is_read {
            // Empty, it begins at its start again.
            wipe_start(buffers.input_append_buf(), amount);
        }
        is_read
    }
}

fn wipe_start(buffer: &mut [u8], amount: usize) {
    let used = buffer.len().min(amount);
    wipe(&mut buffer[..used]);
}

/// A connection as ureq sees it.
pub(super) struct Layer<S> {
    stream: S,
    buffers: WipedBuffers,
    /// How much was read that the stream may still keep.
    kept: usize,
}

impl<S: Stream> Layer<S> {
    pub(super) fn new(stream: S) -> Self {
        Layer { stream, buffers: WipedBuffers::default(), kept: 0 }
    }

    fn write_gathered(&mut self, timeout: NextTimeout) -> Result<(), Error> {
        if self.buffers.gathered().is_empty() {
            return Ok(());
        }
        self.stream.adapter().set_timeout(timeout);
        // The flush brings out the error of a write, which rustls alone would show at the next read only.
        let written = self.stream.write_all(self.buffers.gathered()).and_then(|()| self.stream.flush());
        self.stream.wipe_written(self.buffers.gathered().len());
        self.buffers.gathered_used();
        Ok(written?)
    }
}

impl<S: Stream> Transport for Layer<S> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        if self.buffers.gather(amount) { self.write_gathered(timeout) } else { Ok(()) }
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.write_gathered(timeout)?;
        self.stream.adapter().set_timeout(timeout);
        let read = self.stream.read(self.buffers.input_append_buf());
        self.kept += read.as_ref().copied().unwrap_or_default();
        if self.stream.wipe_read(self.kept) {
            self.kept = 0;
        }
        match read {
            Ok(amount) => {
                self.buffers.input_appended(amount);
                Exchange::current()?.came(amount)?;
                Ok(amount > 0)
            }
            Err(error) => {
                // Among them an end without `close_notify`, which somebody on the way can cause (RFC 8446 section 6.1).
                if let Ok(exchange) = Exchange::current() {
                    exchange.mark_cut();
                }
                Err(error.into())
            }
        }
    }

    fn is_open(&mut self) -> bool {
        let quiet = self.stream.is_quiet() && self.buffers.gathered().is_empty();
        // Asked in any case: it makes the socket let go of its exchange.
        self.stream.adapter().get_mut().is_open() && quiet
    }

    fn is_tls(&self) -> bool {
        self.stream.is_tls()
    }
}

impl<S> fmt::Debug for Layer<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Layer").finish_non_exhaustive()
    }
}
