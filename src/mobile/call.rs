//! What every waiting call takes: a cancel token and a time limit.

use std::{sync::Arc, time::Duration};

use super::error::{Result, SignInError};
use crate::{
    call::{Call, CancelToken as CoreToken, Registration},
    error::{Error, ErrorKind},
};

/// A switch that ends calls from any thread, once and for good. A call returns within 200 ms.
#[derive(uniffi::Object)]
pub struct CancelToken(pub(super) CoreToken);

/// What is told when a token is cancelled.
#[uniffi::export(foreign)]
pub trait CancelListener: Send + Sync {
    /// The token was cancelled. Called once, on the thread that cancelled; must not block.
    fn cancelled(&self) -> Result<()>;
}

/// Keeps a listener registered until it is closed or collected.
#[derive(uniffi::Object)]
pub struct CancelRegistration(std::sync::Mutex<Option<Registration>>);

#[uniffi::export]
impl CancelRegistration {
    /// Removes the listener.
    pub fn remove(&self) -> Result<()> {
        drop(self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take());
        Ok(())
    }
}

impl Default for CancelToken {
    fn default() -> Self {
        CancelToken(CoreToken::new())
    }
}

#[uniffi::export]
impl CancelToken {
    /// A token that is not cancelled.
    #[uniffi::constructor]
    pub fn new() -> Arc<Self> {
        Arc::new(CancelToken::default())
    }

    /// Ends every call that has this token, now and in future. Any number of times.
    pub fn cancel(&self) -> Result<()> {
        self.0.cancel();
        Ok(())
    }

    /// Whether `cancel` was called.
    pub fn is_cancelled(&self) -> Result<bool> {
        Ok(self.0.is_cancelled())
    }

    /// Tells `listener` when the token is cancelled, at once if it already is: for a transport, which stops its request then.
    pub fn on_cancel(&self, listener: Arc<dyn CancelListener>) -> Result<Arc<CancelRegistration>> {
        let registration = self.0.on_cancel(move || {
            // Nobody is there to take an error of the listener.
            let _ = listener.cancelled();
        });
        Ok(Arc::new(CancelRegistration(std::sync::Mutex::new(Some(registration)))))
    }
}

/// The limits of one call.
#[derive(Clone, Default, uniffi::Record)]
pub struct CallOptions {
    /// Ends the call when it is cancelled.
    #[uniffi(default = None)]
    pub cancel: Option<Arc<CancelToken>>,
    /// The time limit in milliseconds; without it 30 s, and five minutes where a person is waited for.
    #[uniffi(default = None)]
    pub timeout_ms: Option<i64>,
}

impl CallOptions {
    pub(super) fn call(options: Option<CallOptions>) -> Result<Call> {
        let options = options.unwrap_or_default();
        let mut call = Call::new();
        if let Some(token) = &options.cancel {
            call = call.cancel(&token.0);
        }
        match options.timeout_ms.map(u64::try_from) {
            None => Ok(call),
            Some(Ok(ms)) => Ok(call.timeout(Duration::from_millis(ms))),
            Some(Err(_)) => {
                Err(SignInError::from(Error::new(ErrorKind::InvalidArgument, "the time limit is negative")))
            }
        }
    }
}
