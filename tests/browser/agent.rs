//! A browser without a person: it loads pages, keeps cookies, follows redirects and fills in plain forms, until it is sent to an
//! address that is the app's.

use std::{collections::BTreeMap, time::Duration};

/// What it is told to type, by the name of the control.
pub struct Agent {
    http: ureq::Agent,
    cookies: BTreeMap<String, String>,
    answers: Vec<(&'static str, String)>,
    origin: Option<String>,
    /// Reads the code of a mail, once the page has a control for it.
    mail: Option<Box<dyn Fn() -> Option<String>>>,
    /// How many pages it has seen.
    pub pages: usize,
}

/// A form of a page: its address, and its controls with what is in them.
struct Form {
    action: String,
    controls: Vec<(String, String)>,
}

/// Where a walk ended.
#[derive(Debug)]
pub enum End {
    /// The browser was sent to the app.
    Callback(String),
    /// A page on which there is nothing that it knows.
    Page(u16, String),
}

impl End {
    pub fn callback(self) -> String {
        match self {
            End::Callback(url) => url,
            End::Page(status, page) => panic!("no way back: {status} {page}"),
        }
    }
}

impl Agent {
    pub fn new(answers: &[(&'static str, &str)]) -> Self {
        let config = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0);
        Agent {
            http: config.timeout_global(Some(Duration::from_secs(60))).build().into(),
            cookies: BTreeMap::new(),
            answers: answers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect(),
            origin: None,
            mail: None,
            pages: 0,
        }
    }

    /// Ada, who knows her password.
    pub fn ada() -> Self {
        Agent::new(&[("identifier", "ada@example.com"), ("credentials.passcode", "Correct-Horse-9")])
    }

    /// Looks for codes with `mail`: what it finds is typed instead of the password.
    pub fn reads_mail(&mut self, mail: impl Fn() -> Option<String> + 'static) {
        self.mail = Some(Box::new(mail));
    }

    /// Types something else from now on.
    pub fn types(&mut self, name: &'static str, value: &str) {
        self.answers.retain(|(other, _)| *other != name);
        self.answers.insert(0, (name, value.to_owned()));
    }

    /// Walks from `url` until an address begins with `app`.
    pub fn walk(&mut self, url: &str, app: &str) -> End {
        let mut next = (url.to_owned(), None);
        for _ in 0..20 {
            let (url, body) = next;
            if url.starts_with(app) {
                return End::Callback(url);
            }
            let (status, location, page) = self.load(&url, body.as_deref());
            if let Some(location) = location {
                next = (joined(&url, &location), None);
                continue;
            }
            self.pages += 1;
            if let Some(code) = self.mail.as_ref().and_then(|mail| mail()) {
                self.types("credentials.passcode", &code);
            }
            if let Some(back) = attribute(&page, "<a class=\"button\"", "href") {
                return End::Callback(back);
            }
            let known = |form: &&Form| form.controls.iter().any(|(name, _)| self.answer(name).is_some());
            let Some(form) = forms(&page).into_iter().find(|form| known(&form)) else {
                return End::Page(status, page);
            };
            let filled = form.controls.iter().map(|(name, value)| (name, self.answer(name).unwrap_or(value)));
            let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(filled).finish();
            let action = if form.action.is_empty() { url.clone() } else { joined(&url, &form.action) };
            next = (action, Some(body));
        }
        panic!("the pages lead in circles");
    }

    fn answer(&self, name: &str) -> Option<&String> {
        self.answers.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// Submits a form as a page of another origin would.
    pub fn load_from(&mut self, origin: &str, url: &str, form: &str) -> (u16, Option<String>, String) {
        self.origin = Some(origin.to_owned());
        let loaded = self.load(url, Some(form));
        self.origin = None;
        loaded
    }

    /// Loads one page: its status, where it leads, and its text.
    pub fn load(&mut self, url: &str, form: Option<&str>) -> (u16, Option<String>, String) {
        let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let response = match form {
            None => self.http.get(url).header("Cookie", cookies).call(),
            Some(body) => {
                let request = self.http.post(url).header("Cookie", cookies);
                let request = match &self.origin {
                    Some(origin) => request.header("Origin", origin),
                    None => request,
                };
                request.content_type("application/x-www-form-urlencoded").send(body)
            }
        };
        let mut response = response.unwrap_or_else(|error| panic!("{url}: {error}"));
        for cookie in response.headers().get_all("set-cookie") {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap().to_owned();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let location = response.headers().get("location").map(|to| to.to_str().unwrap().to_owned());
        (response.status().as_u16(), location, response.body_mut().read_to_string().unwrap())
    }
}

fn joined(base: &str, to: &str) -> String {
    match to.split_once(':') {
        // Left as it came: a parser might mend what must stay broken.
        Some((scheme, _)) if !scheme.contains(['/', '?', '#']) => to.to_owned(),
        _ => url::Url::parse(base).unwrap().join(to).unwrap().into(),
    }
}

/// The forms of a page, by the few marks that plain pages have.
fn forms(page: &str) -> Vec<Form> {
    let mut found = Vec::new();
    for form in page.split("<form").skip(1) {
        let form = form.split("</form>").next().unwrap();
        let action = attribute(&format!("<form{form}"), "<form", "action").unwrap_or_default();
        let mut controls = Vec::new();
        for mark in ["<input", "<select"] {
            for (at, _) in form.match_indices(mark) {
                let control = &form[at..];
                let Some(name) = attribute(control, mark, "name") else { continue };
                let value = match mark {
                    "<select" => attribute(control.split("</select>").next().unwrap(), "<option", "value"),
                    _ => attribute(control, mark, "value"),
                };
                controls.push((name, value.unwrap_or_default()));
            }
        }
        found.push(Form { action, controls });
    }
    found
}

fn attribute(text: &str, mark: &str, name: &str) -> Option<String> {
    let tag = &text[text.find(mark)?..];
    let tag = &tag[..tag.find('>')?];
    let value = tag.split(&format!(" {name}=\"")).nth(1)?.split('"').next()?;
    Some(
        value
            .replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&"),
    )
}
