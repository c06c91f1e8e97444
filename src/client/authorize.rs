//! A sign-in goes out to the browser: the URL is made, and what is kept of it meanwhile is stored.

use super::{
    Client, Inner,
    authorization::{Authorization, SavedAuthorization},
};
use crate::{
    call::Call,
    error::{Error, ErrorKind, Result},
    limits::DEFAULT_DEADLINE,
    oauth::{
        AuthorizeOptions, Metadata, Pending, Push, Pushed, RedirectKind, interact::check_scopes, pending::Binding,
    },
};

impl Client {
    /// Begins a sign-in in the browser: Authorization Code with PKCE. Open [`Authorization::url`] in the system's browser, and
    /// give the URL that comes back to [`Authorization::finish`].
    ///
    /// With a [`Storage`](crate::Storage), what continues it is stored before this returns, so that the process may end
    /// meanwhile: [`Client::resume_authorization`] finds it by the callback.
    ///
    /// Requests: none for an Okta issuer; the metadata once for another server; one more when the request is pushed.
    ///
    /// Errors: [`ErrorKind::InvalidArgument`] for an option that cannot be sent, and for a redirect URI that would not come back
    /// as it is; those of the transport and of the server.
    pub fn authorize(&self, options: AuthorizeOptions, call: &Call) -> Result<Authorization> {
        let (call, client) = (call.started(DEFAULT_DEADLINE), &self.0);
        RedirectKind::of(&client.config.redirect_uri)?;
        let scopes = if options.scopes.is_empty() { &client.config.scopes } else { &options.scopes };
        check_scopes(scopes)?;
        let metadata = client.metadata(&call)?;
        let mut pending = Pending::new(client.binding(), &client.system.random()?, client.system.now());
        pending.scopes = scopes.clone();
        pending.acr_values = options.acr_values.clone();
        pending.max_age = options.max_age;
        pending.names_issuer = metadata.names_issuer_in_callback;
        let url = match client.is_pushed(options.push, &metadata)? {
            true => client.push(&options, &pending, &metadata, &call)?,
            false => options.url(&metadata.authorization_endpoint, &pending)?,
        };
        client.keep_authorization(&pending);
        Ok(Authorization::new(self.clone(), pending, url))
    }

    /// Continues a saved sign-in, in this process or another. No request is made.
    ///
    /// Errors: [`ErrorKind::InvalidSnapshot`] when it was made by another client or version.
    pub fn restore_authorization(&self, saved: &SavedAuthorization) -> Result<Authorization> {
        let pending = Pending::read(saved.expose(), self.0.binding())?;
        Ok(Authorization::new(self.clone(), pending, String::new()))
    }
}

impl Inner {
    /// What a saved authorization is bound to.
    pub(super) fn binding(&self) -> Binding<'_> {
        let config = &self.config;
        Binding {
            issuer: config.issuer.as_configured(),
            client_id: &config.client_id,
            redirect_uri: &config.redirect_uri,
        }
    }

    fn is_pushed(&self, push: Push, metadata: &Metadata) -> Result<bool> {
        match push {
            Push::Always => Ok(true),
            Push::Auto => {
                let offered = metadata.was_discovered && metadata.pushed_authorization_request_endpoint.is_some();
                Ok(offered || metadata.requires_pushed_authorization)
            }
            Push::Never if metadata.requires_pushed_authorization => {
                Err(Error::new(ErrorKind::InvalidArgument, "the server takes pushed authorization requests only")
                    .with_advice("Let the request be pushed"))
            }
            Push::Never => Ok(false),
        }
    }

    /// Pushes the request. What the server refuses is an error: the request never goes through the browser instead
    /// (oauth.md A8).
    fn push(&self, options: &AuthorizeOptions, pending: &Pending, metadata: &Metadata, call: &Call) -> Result<String> {
        let form = options.form(pending)?;
        let pushed = Pushed::parse(&self.post_to(
            &metadata.endpoint(form.endpoint, &self.config.issuer)?,
            &form,
            None,
            call,
        )?)?;
        pushed.url(&metadata.authorization_endpoint, &self.config.client_id)
    }
}
