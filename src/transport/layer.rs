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

/// What is below the layer: a TLS connection, or the socket itself.
pub(super) trait Stream: Read + Write + Send + Sync + 'static {
    /// The socket at the bottom.
    fn adapter(&mut self) -> &mut TransportAdapter;

    /// Whether nothing has come since the last answer.
    fn is_quiet(&mut self) -> bool;

    fn is_tls(&self) -> bool;
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
}

/// A connection as ureq sees it.
pub(super) struct Layer<S> {
    stream: S,
    buffers: WipedBuffers,
}

impl<S: Stream> Layer<S> {
    pub(super) fn new(stream: S) -> Self {
        Layer { stream, buffers: WipedBuffers::default() }
    }

    fn write_gathered(&mut self, timeout: NextTimeout) -> Result<(), Error> {
        if self.buffers.gathered().is_empty() {
            return Ok(());
        }
        self.stream.adapter().set_timeout(timeout);
        // The flush brings out the error of a write, which rustls alone would show at the next read only.
        let written = self.stream.write_all(self.buffers.gathered()).and_then(|()| self.stream.flush());
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
        match self.stream.read(self.buffers.input_append_buf()) {
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
