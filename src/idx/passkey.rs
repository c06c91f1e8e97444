//! Passkeys: what the server sends, as the platform's JSON, and the platform's JSON as an answer (idx.md section 6.9).
//!
//! A platform makes and uses passkeys by the JSON of W3C Web Authentication Level 3. Android's Credential Manager takes and
//! gives exactly this, browsers do with `parseCreationOptionsFromJSON` and `toJSON`; everything binary is base64url without
//! padding. The server speaks a dialect of it. [`Remediation::passkey`] is the request in the platform's words
//! (`PublicKeyCredentialCreationOptionsJSON`, `PublicKeyCredentialRequestOptionsJSON`), [`Answer::passkey`] takes the
//! platform's response (`RegistrationResponseJSON`, `AuthenticationResponseJSON`) as it is.
//!
//! What is added: the relying party where the server names none (the host of its `appid`, else of the form), and the passkeys
//! that the person has. What is respelled: `challenge`, `user.id` and credential ids, where they are Base64 in any spelling.
//! What is taken out: the extension `appid`, which is for browsers only; `contextualData` of the authenticator still has it.
//! Everything else goes through as it came, also a challenge that is no Base64: the platform is the one to refuse it.

use std::{collections::HashSet, fmt};

use base64::{
    Engine,
    alphabet::URL_SAFE,
    engine::{
        DecodePaddingMode,
        general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD},
    },
};
use serde_json::{Map, Value, json};

use super::{
    answer::Answer, authenticator::Authenticator, document::Json, field::Field, names::AuthenticatorKey,
    remediation::Remediation,
};
use crate::{
    error::{Error, ErrorKind, Problem, Result},
    jose::base64url,
    limits::MAX_PASSKEY_BYTES,
};

/// Base64url with padding or without, and whatever is in the bits left over, which servers have been seen to send.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// What the platform is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PasskeyKind {
    /// Make a passkey: Credential Manager's `CreatePublicKeyCredentialRequest`, a browser's `credentials.create`.
    Create,
    /// Sign with one: Credential Manager's `GetPublicKeyCredentialOption`, a browser's `credentials.get`.
    Get,
}

impl PasskeyKind {
    /// The kind as a word, `create` or `get`.
    pub fn as_str(self) -> &'static str {
        match self {
            PasskeyKind::Create => "create",
            PasskeyKind::Get => "get",
        }
    }
}

/// What to give the platform for a form that wants a passkey. Printing it shows the kind only.
#[derive(Clone, PartialEq, Eq)]
pub struct PasskeyRequest {
    /// What the platform is to do.
    pub kind: PasskeyKind,
    /// The options as the platform takes them: a JSON object.
    pub json: String,
}

impl fmt::Debug for PasskeyRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PasskeyRequest({})", self.kind.as_str())
    }
}

impl Remediation<'_> {
    /// The request for the platform's passkeys, where this form wants what one makes. It is known by its fields
    /// (`attestation`, or `authenticatorData`, beside `clientData`), not by its name. `None` also when the response has no
    /// challenge for it.
    pub fn passkey(self) -> Option<PasskeyRequest> {
        let kind = wanted(self)?.0;
        let name = match kind {
            PasskeyKind::Create => "activationData",
            PasskeyKind::Get => "challengeData",
        };
        let root = self.json().document().root();
        let document = self.json().document();
        let current = document.places().current.iter().filter_map(|node| document.node(*node));
        let offered = root.present("webauthnAutofillUIChallenge").map(Json::unwrap_ion);
        let places = self.related().chain(current).chain(offered);
        let mut data = places.filter_map(|place| place.present("contextualData").unwrap_or(place).present(name));
        let Some(Value::Object(mut options)) = data.next().map(Json::to_value) else { return None };
        respell(&mut options, "challenge");
        let host = appid(&options).or_else(|| host_of(&self.href()?));
        match kind {
            PasskeyKind::Create => creation(&mut options, host, root),
            PasskeyKind::Get => request(&mut options, host, root),
        }
        Some(PasskeyRequest { kind, json: Value::Object(options).to_string() })
    }
}

/// What a form wants, and the names that lead to its members.
fn wanted(form: Remediation<'_>) -> Option<(PasskeyKind, Vec<String>)> {
    if !form.is_form() {
        return None;
    }
    let all: Vec<Field<'_>> =
        form.fields().flat_map(|field| [field.clone()].into_iter().chain(field.fields())).collect();
    let parent = |field: &Field<'_>| -> Vec<String> {
        let (_, names) = field.path().split_last().unzip();
        names.unwrap_or_default().iter().map(|name| name.clone().into_owned()).collect()
    };
    [("attestation", PasskeyKind::Create), ("authenticatorData", PasskeyKind::Get)].into_iter().find_map(
        |(name, kind)| {
            let names = parent(all.iter().find(|field| field.name() == name)?);
            all.iter().any(|field| field.name() == "clientData" && parent(field) == names).then_some((kind, names))
        },
    )
}

fn creation(options: &mut Map<String, Value>, host: Option<String>, root: Json<'_>) {
    if let (Some(host), Some(rp)) = (host, options.entry("rp").or_insert_with(|| json!({})).as_object_mut()) {
        if rp.get("id").is_none_or(Value::is_null) {
            rp.insert("id".into(), host.clone().into());
        }
        rp.entry("name").or_insert_with(|| host.into());
    }
    if let Some(user) = options.get_mut("user").and_then(Value::as_object_mut) {
        respell(user, "id");
        // The platform wants bytes: those of the text, where it is nothing else.
        if let Some(id) = user.get("id").and_then(Value::as_str).filter(|id| base64url::decode(id).is_none()) {
            let id = base64url::encode(id.as_bytes());
            user.insert("id".into(), id.into());
        }
    }
    // A passkey on the device may be there besides others.
    let resident = options.get("authenticatorSelection").and_then(|selection| selection.get("requireResidentKey"));
    let others = if resident == Some(&Value::Bool(true)) { Vec::new() } else { credentials(root) };
    add(options, "excludeCredentials", others);
}

fn request(options: &mut Map<String, Value>, host: Option<String>, root: Json<'_>) {
    if let (Some(host), true) = (host, options.get("rpId").is_none_or(Value::is_null)) {
        options.insert("rpId".into(), host.into());
    }
    if let Some(extensions) = options.get_mut("extensions").and_then(Value::as_object_mut) {
        extensions.remove("appid");
        if extensions.is_empty() {
            options.remove("extensions");
        }
    }
    let mut own = credentials(root);
    // Old servers name the one passkey here.
    if let Some(id) = options.remove("credentialId") {
        match id.as_str() {
            Some(text) => own.insert(0, json!({"type": "public-key", "id": respelled(text)})),
            None => drop(options.insert("credentialId".into(), id)),
        }
    }
    add(options, "allowCredentials", own);
}

/// The passkeys that the person has, by what the response says.
fn credentials(root: Json<'_>) -> Vec<Value> {
    let enrolled = root.present("authenticatorEnrollments").map(Json::unwrap_ion);
    let one = |entry: Authenticator<'_>| {
        let id = entry.json().text("credentialId")?;
        let mut credential = json!({"type": "public-key", "id": respelled(&id)});
        let profile = || entry.json().present("profile")?.present("transports");
        let transports = match entry.json().present("transports").or_else(profile).map(Json::to_value) {
            Some(Value::String(list)) => list.split(',').map(|name| name.trim().into()).collect(),
            Some(Value::Array(list)) => list,
            _ => Vec::new(),
        };
        if !transports.is_empty() {
            credential["transports"] = transports.into();
        }
        Some(credential)
    };
    let entries = enrolled.into_iter().flat_map(Json::items).filter_map(Authenticator::at);
    entries.filter(|entry| entry.known_key() == Some(AuthenticatorKey::Webauthn)).filter_map(one).collect()
}

/// Adds credentials to the list of this name, each id once; what the server put there stays first.
fn add(options: &mut Map<String, Value>, name: &str, others: Vec<Value>) {
    if let Some(list) = options.entry(name).or_insert_with(|| json!([])).as_array_mut() {
        let id = |one: &Value| one.get("id").and_then(Value::as_str).map(respelled);
        list.iter_mut().filter_map(Value::as_object_mut).for_each(|one| respell(one, "id"));
        let mut known: HashSet<Option<String>> = list.iter().map(id).collect();
        list.extend(others.into_iter().filter(|one| known.insert(id(one))));
    }
}

/// The host of the identifier that keys had before passkeys.
fn appid(options: &Map<String, Value>) -> Option<String> {
    let places = ["u2fParams", "extensions"].into_iter().filter_map(|name| options.get(name)?.get("appid")?.as_str());
    places.filter_map(host_of).next()
}

fn host_of(url: &str) -> Option<String> {
    url::Url::parse(url).ok()?.host_str().filter(|host| !host.is_empty()).map(str::to_owned)
}

/// The bytes of Base64 in either alphabet, with padding or without.
fn bytes(text: &str) -> Option<Vec<u8>> {
    LENIENT.decode(text.replace('+', "-").replace('/', "_")).ok()
}

fn respelled(text: &str) -> String {
    bytes(text).map_or_else(|| text.to_owned(), |bytes| base64url::encode(&bytes))
}

fn respell(owner: &mut Map<String, Value>, name: &str) {
    if let Some(Value::String(text)) = owner.get_mut(name) {
        *text = respelled(text);
    }
}

impl Answer {
    /// Fills in the form with what the platform gave for [`Remediation::passkey`]: its JSON as it is, at most 256 KiB. Sets
    /// the members that the form has, in the server's spelling.
    ///
    /// Errors: [`ErrorKind::InvalidAnswer`] when the form wants no passkey, or the response is not one that it wants (not
    /// JSON, no `response`, not Base64, what signs where a new passkey is wanted); nothing of the response is quoted.
    pub fn passkey(mut self, response: &str) -> Result<Self> {
        self.put_passkey(response)?;
        Ok(self)
    }

    /// As [`Answer::passkey`], in place: on an error the answer is as it was.
    pub fn put_passkey(&mut self, response: &str) -> Result<()> {
        let members = self.members_of(response)?;
        let mut filled = self.clone();
        for (path, value) in members {
            filled.put(path, value)?;
        }
        *self = filled;
        Ok(())
    }

    fn members_of(&self, response: &str) -> Result<Vec<(Vec<String>, String)>> {
        let form = self.remediation();
        let (kind, names) = wanted(form).ok_or_else(|| refused("", "the form wants no passkey"))?;
        if response.len() > MAX_PASSKEY_BYTES {
            return Err(refused("", "the passkey's response has more than 256 KiB"));
        }
        let all: Value =
            serde_json::from_str(response).map_err(|_| refused("", "the passkey's response is not JSON"))?;
        let given = all.get("response").and_then(Value::as_object);
        let given = given.ok_or_else(|| refused("response", "the passkey's response has no such object"))?;
        let needed: &[&str] = match kind {
            PasskeyKind::Create => &["clientDataJSON", "attestationObject"],
            PasskeyKind::Get => &["clientDataJSON", "authenticatorData", "signature"],
        };
        let binary = |name: &str| {
            let path = format!("response.{name}");
            match given.get(name) {
                None | Some(Value::Null) if needed.contains(&name) => {
                    Err(refused(&path, format!("is missing, and the form wants what `{}` gives", kind.as_str())))
                }
                None | Some(Value::Null) => Ok(None),
                Some(value) => match value.as_str().and_then(bytes) {
                    Some(bytes) if !bytes.is_empty() || !needed.contains(&name) => Ok(Some(STANDARD.encode(bytes))),
                    _ => Err(refused(&path, "is not base64url")),
                },
            }
        };
        let mut members = vec![
            ("clientData", binary("clientDataJSON")?),
            ("attestation", binary("attestationObject")?),
            ("authenticatorData", binary("authenticatorData")?),
            ("signatureData", binary("signature")?),
            ("userHandle", binary("userHandle")?),
        ];
        let transports = given.get("transports").filter(|value| value.is_array());
        members.push(("transports", transports.map(Value::to_string)));
        let extensions = all.get("clientExtensionResults").filter(|value| value.is_object());
        members.push(("clientExtensions", Some(extensions.map_or("{}".to_owned(), Value::to_string))));
        let path = |name: &str| -> Vec<String> { names.iter().cloned().chain([name.to_owned()]).collect() };
        let fields: Vec<Field<'_>> =
            form.fields().flat_map(|field| [field.clone()].into_iter().chain(field.fields())).collect();
        let has = |path: &[String]| fields.iter().any(|field| field.path().iter().eq(path));
        let members = members.into_iter().filter_map(|(name, value)| Some((path(name), value?)));
        Ok(members.filter(|(path, _)| has(path)).collect())
    }
}

fn refused(path: &str, what: impl Into<String>) -> Error {
    let what = what.into();
    let text = if path.is_empty() { what.clone() } else { format!("the passkey's response: {path}: {what}") };
    Error::new(ErrorKind::InvalidAnswer, text)
        .with_problems(vec![Problem { path: path.to_owned(), what }])
        .with_advice("Give the JSON that the platform gave for this form; nothing was sent, the answer is as it was")
}

#[cfg(test)]
#[path = "passkey_tests.rs"]
mod tests;
