//! The proxy that the environment names: curl's rules, so that a machine which is set up for curl is set up for this.
//!
//! | variable | what |
//! |---|---|
//! | `https_proxy`, `HTTPS_PROXY`, `all_proxy`, `ALL_PROXY` | the first that is there and not empty is the proxy |
//! | `no_proxy`, `NO_PROXY` | the first that is there: the hosts that are reached without it |
//! | `http_proxy`, `HTTP_PROXY` | never: everything here is https, and a CGI program's `HTTP_PROXY` is the caller's `Proxy` header |
//!
//! `no_proxy` is `*`, or a list (commas, blanks) of names, each of which means the hosts below it, too, and of addresses,
//! also as blocks (`10.0.0.0/8`). This machine is always reached directly. Where curl goes on without a word, this does not:
//! a variable that cannot be read is an error, because a program that was to use a proxy must not go past it.
//!
//! A program that has more rights than who started it (set-user-id, set-group-id, file capabilities) looks at none of them,
//! which is the rule of secure_getenv(3): its caller must not choose whom it talks through.

use std::{ffi::OsString, net::IpAddr};

use ureq::Proxy;

use super::{builder::proxy_of, target::literal};
use crate::{
    error::{Error, ErrorKind, Result},
    secret::Secret,
};

const PROXY: [&str; 4] = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
const NO_PROXY: [&str; 2] = ["no_proxy", "NO_PROXY"];

/// What the environment of this process says: the proxy, if there is one, and for whom it is not.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`], which names the variable that cannot be read and not what is in it.
pub(super) fn system_proxy() -> Result<Option<(Proxy, Exempt)>> {
    if has_more_rights() { Ok(None) } else { read(|name| std::env::var_os(name)) }
}

fn read(get: impl Fn(&str) -> Option<OsString>) -> Result<Option<(Proxy, Exempt)>> {
    let first = |names: &[&'static str]| -> Result<Option<(&'static str, Secret)>> {
        let found = names.iter().find_map(|name| Some((*name, get(name).filter(|value| !value.is_empty())?)));
        let Some((name, value)) = found else { return Ok(None) };
        value.into_string().map(|value| Some((name, Secret::new(value)))).map_err(|_| unreadable(name))
    };
    let Some((name, url)) = first(&PROXY)? else { return Ok(None) };
    let proxy = proxy_of(&url).ok_or_else(|| unreadable(name))?;
    let exempt = match first(&NO_PROXY)? {
        Some((name, list)) => Exempt::parse(list.expose()).ok_or_else(|| unreadable(name))?,
        None => Exempt::default(),
    };
    Ok(Some((proxy, exempt)))
}

fn unreadable(name: &str) -> Error {
    Error::new(ErrorKind::InvalidArgument, format!("the environment variable {name} cannot be read"))
        .with_advice("Write a proxy as http://user:password@host:port; no_proxy as names and addresses with commas")
}

/// The hosts that are reached without the proxy.
#[derive(Default)]
pub(super) struct Exempt {
    all: bool,
    names: Vec<String>,
    /// Addresses, and how many of their bits count.
    blocks: Vec<(IpAddr, u32)>,
}

impl Exempt {
    fn parse(list: &str) -> Option<Exempt> {
        let mut exempt = Exempt { all: list.trim() == "*", ..Exempt::default() };
        for entry in list.split([',', ' ', '\t']).filter(|entry| !entry.is_empty()) {
            let (address, bits) = entry.split_once('/').map_or((entry, None), |(address, bits)| (address, Some(bits)));
            match (literal(address), bits) {
                (Some(ip), bits) => {
                    let all = if ip.is_ipv4() { 32 } else { 128 };
                    let bits = bits.map_or(Some(all), |bits| bits.parse().ok().filter(|bits| *bits <= all))?;
                    exempt.blocks.push((ip, bits));
                }
                (None, Some(_)) => return None,
                (None, None) => {
                    // `*.example.com` is not curl's, but written often, and means the same.
                    let name = entry.strip_prefix('*').unwrap_or(entry);
                    exempt.names.push(name.trim_matches('.').to_ascii_lowercase());
                }
            }
        }
        exempt.names.retain(|name| !name.is_empty());
        Some(exempt)
    }

    /// Whether this host is reached without the proxy.
    pub(super) fn has(&self, host: &str) -> bool {
        if let Some(ip) = literal(host) {
            return self.all || self.blocks.iter().any(|(block, bits)| same_bits(*block, ip, *bits));
        }
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        let below =
            |name: &String| host.strip_suffix(name.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        self.all || self.names.iter().any(below)
    }
}

fn same_bits(block: IpAddr, ip: IpAddr, bits: u32) -> bool {
    match (block, ip) {
        (IpAddr::V4(block), IpAddr::V4(ip)) => (u32::from(block) ^ u32::from(ip)).leading_zeros() >= bits,
        (IpAddr::V6(block), IpAddr::V6(ip)) => (u128::from(block) ^ u128::from(ip)).leading_zeros() >= bits,
        _ => false,
    }
}

/// Whether this program runs with rights that who started it does not have.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn has_more_rights() -> bool {
    use std::ffi::c_ulong;
    const AT_SECURE: c_ulong = 23;
    // What secure_getenv(3) looks at, too. It reads a number that the system left, and changes nothing.
    #[allow(unsafe_code)]
    unsafe extern "C" {
        safe fn getauxval(kind: c_ulong) -> c_ulong;
    }
    getauxval(AT_SECURE) != 0
}

#[cfg(any(target_vendor = "apple", target_os = "freebsd", target_os = "netbsd", target_os = "openbsd"))]
fn has_more_rights() -> bool {
    use std::ffi::c_int;
    #[allow(unsafe_code)]
    unsafe extern "C" {
        safe fn issetugid() -> c_int;
    }
    issetugid() != 0
}

#[cfg(not(any(
    target_os = "linux",
    target_os = "android",
    target_vendor = "apple",
    target_os = "freebsd",
    target_os = "netbsd",
    target_os = "openbsd"
)))]
fn has_more_rights() -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(variables: &[(&str, &str)]) -> Result<Option<(Proxy, Exempt)>> {
        read(|name| variables.iter().find(|(other, _)| *other == name).map(|(_, value)| OsString::from(value)))
    }

    fn host(variables: &[(&str, &str)]) -> Option<String> {
        of(variables).unwrap().map(|(proxy, _)| proxy.host().to_owned())
    }

    #[test]
    fn the_variables_in_the_order_of_curl() {
        let mut variables =
            vec![("ALL_PROXY", "d"), ("all_proxy", "socks5h://c:1"), ("HTTPS_PROXY", "b"), ("https_proxy", "a")];
        for expected in [Some("a"), Some("b"), Some("c"), Some("d"), None] {
            assert_eq!(host(&variables).as_deref(), expected);
            variables.pop();
        }
        assert_eq!(
            host(&[("https_proxy", ""), ("ALL_PROXY", "http://d:1")]).as_deref(),
            Some("d"),
            "empty is not there"
        );
        assert_eq!(host(&[("HTTP_PROXY", "http://evil:1"), ("http_proxy", "http://evil:1")]), None, "httpoxy");
    }

    #[test]
    fn what_cannot_be_read_is_an_error_that_names_it_and_shows_nothing() {
        for (name, value) in [
            ("https_proxy", "http://ada:s3cret@"),
            ("HTTPS_PROXY", "ftp://s3cret:1"),
            ("ALL_PROXY", "s3cret host"),
            ("all_proxy", "http://ada:s3cret@host:99999"),
        ] {
            let error = of(&[(name, value), ("no_proxy", "*")]).err().unwrap_or_else(|| panic!("{name}={value}"));
            assert_eq!(error.kind(), ErrorKind::InvalidArgument);
            assert!(error.text().contains(name) && !error.to_string().contains("s3cret"), "{error}");
        }
        let error = of(&[("https_proxy", "a"), ("NO_PROXY", "10.0.0.0/33")]).err().unwrap();
        assert!(error.text().contains("NO_PROXY"), "{error}");
        #[cfg(unix)]
        {
            use std::os::unix::ffi::OsStringExt;
            assert!(read(|name| (name == "https_proxy").then(|| OsString::from_vec(vec![0xff]))).is_err());
        }
    }

    #[test]
    fn hosts_without_the_proxy_are_those_of_curl() {
        let list = "example.com, .corp.example,*.wild.example 10.0.0.0/8,192.168.1.7,[fd00::]/8,::1";
        let exempt = Exempt::parse(list).unwrap();
        for direct in [
            "example.com",
            "www.EXAMPLE.com",
            "example.com.",
            "corp.example",
            "a.b.corp.example",
            "x.wild.example",
            "10.255.0.1",
            "192.168.1.7",
            "[fd12::1]",
            "[::1]",
        ] {
            assert!(exempt.has(direct), "{direct}");
        }
        for through in ["notexample.com", "example.com.evil", "com", "11.0.0.1", "192.168.1.70", "[fe80::1]"] {
            assert!(!exempt.has(through), "{through}");
        }
        assert!(Exempt::parse(" * ").unwrap().has("10.0.0.1") && Exempt::parse("*").unwrap().has("a.example"));
        assert!(!Exempt::parse("").unwrap().has("a.example") && !Exempt::parse(",.,").unwrap().has("a.example"));
    }

    #[test]
    fn the_tests_have_no_more_rights_than_who_runs_them() {
        assert!(!has_more_rights());
    }
}
