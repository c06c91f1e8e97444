//! ureq's connector: the way to a server, perhaps through an HTTP proxy, perhaps inside TLS.
//!
//! An HTTP proxy is reached by running this connector again for the proxy's own address (ureq's `CONNECT` does that);
//! a SOCKS proxy is the dialer's business.

use std::sync::Arc;

use ureq::unversioned::{
    resolver::Resolver,
    transport::{ConnectProxyConnector, ConnectionDetails, Connector, Either, Transport, TransportAdapter},
};

use super::{
    dial::{Dialer, NoResolver},
    errors,
    exchange::Exchange,
    layer::Layer,
    tls::Tls,
};

/// Makes every connection of a transport.
#[derive(Debug)]
pub(super) struct Connect {
    dialer: Dialer,
    tls: Tls,
    tunnel: ConnectProxyConnector,
}

impl Connect {
    /// A connector with this way to sockets and this trust.
    pub(super) fn new(dialer: Dialer, tls: Tls) -> Self {
        Connect { dialer, tls, tunnel: ConnectProxyConnector::default() }
    }
}

impl Connector<()> for Connect {
    type Out = Box<dyn Transport>;

    fn connect(&self, details: &ConnectionDetails, _: Option<()>) -> Result<Option<Self::Out>, ureq::Error> {
        let exchange = Exchange::current()?;
        let stage = exchange.connecting(details.timeout);
        let timeout = exchange.clamp(details.timeout)?;
        let details = &ConnectionDetails {
            uri: details.uri,
            addrs: NoResolver.empty(),
            config: details.config,
            request_level: details.request_level,
            resolver: details.resolver,
            now: details.now,
            timeout,
            current_time: Arc::clone(&details.current_time),
            run_connector: Arc::clone(&details.run_connector),
            register_shutdown: Arc::clone(&details.register_shutdown),
        };
        let tunnel = self.tunnel.connect(details, None::<()>).map_err(|error| {
            // ureq's texts are not passed on: they may hold the proxy's address with its password.
            exchange.check().err().unwrap_or_else(|| errors::tunnel(error))
        })?;
        let transport: Box<dyn Transport> = match tunnel {
            Some(Either::B(tunnel)) => tunnel,
            _ => Box::new(self.dialer.dial(details, &exchange, stage.nested)?),
        };
        if !details.needs_tls() {
            let plain = TransportAdapter::new(transport, Arc::clone(&details.current_time));
            return Ok(Some(Box::new(Layer::new(plain))));
        }
        let wrapped = self.tls.wrap(details, transport).map_err(|error| {
            exchange.check().err().unwrap_or_else(|| errors::handshake(error, details, stage.nested))
        })?;
        Ok(Some(Box::new(wrapped)))
    }
}
