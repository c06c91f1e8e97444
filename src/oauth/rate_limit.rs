//! How long a server wants to be left alone.

use std::time::Duration;

use time::{OffsetDateTime, format_description::well_known::Rfc2822};

use crate::{
    http::Response,
    limits::{DEFAULT_RATE_LIMIT_WAIT, MAX_RETRY_AFTER, MIN_RETRY_AFTER},
};

/// How long to wait before the next request, or `None` when the answer does not ask for it.
///
/// In this order: `Retry-After`, in seconds or as a date; and for a 429, `X-Rate-Limit-Reset` (Unix seconds), else 60 s.
/// Dates are compared with the answer's own `Date`, so that the clock of this device does not matter; without one they
/// say nothing. The result is one second at least and a day at most.
pub fn retry_after(response: &Response) -> Option<Duration> {
    wait_named(response, response.status == 429)
}

/// How long to rest after an answer that says in its own words that it was too much, whatever its status: as the headers
/// of a 429 say, else 60 s.
pub fn rest_after(response: &Response) -> Duration {
    wait_named(response, true).unwrap_or(DEFAULT_RATE_LIMIT_WAIT)
}

fn wait_named(response: &Response, limited: bool) -> Option<Duration> {
    let date = response.header_value("Date").and_then(http_date);
    let until = |at: i64| date.map(|date| Duration::from_secs(at.saturating_sub(date).try_into().unwrap_or(0)));
    let after = response.header_value("Retry-After").map(str::trim);
    let named = after.and_then(|after| match after.parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => http_date(after).and_then(until),
    });
    let wait = match named {
        None if limited => response
            .header_value("X-Rate-Limit-Reset")
            .and_then(|reset| reset.trim().parse().ok())
            .and_then(until)
            .unwrap_or(DEFAULT_RATE_LIMIT_WAIT),
        named => named?,
    };
    Some(wait.clamp(MIN_RETRY_AFTER, MAX_RETRY_AFTER))
}

/// What time it is at the server, by the answer's `Date`: seconds since 1970.
pub fn server_time(response: &Response) -> Option<i64> {
    http_date(response.header_value("Date")?)
}

/// An HTTP date in its one current form, as Unix seconds.
fn http_date(text: &str) -> Option<i64> {
    OffsetDateTime::parse(text.trim(), &Rfc2822).ok().map(OffsetDateTime::unix_timestamp)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATE: (&str, &str) = ("Date", "Fri, 20 Nov 2026 10:00:00 GMT");
    const NOW: i64 = 1_795_168_800;

    fn wait(status: u16, headers: &[(&str, &str)]) -> Option<u64> {
        let mut response = Response::new(status, *b"");
        for (name, value) in headers {
            response = response.header(name, value);
        }
        retry_after(&response).map(|wait| wait.as_secs())
    }

    #[test]
    fn every_way_to_say_it() {
        assert_eq!(http_date(DATE.1), Some(NOW));
        assert_eq!(wait(200, &[DATE]), None);
        assert_eq!(wait(429, &[]), Some(60));
        assert_eq!(wait(429, &[("Retry-After", "7")]), Some(7));
        assert_eq!(wait(503, &[("Retry-After", "7")]), Some(7));
        assert_eq!(wait(429, &[DATE, ("Retry-After", "Fri, 20 Nov 2026 10:00:30 GMT")]), Some(30));
        assert_eq!(wait(429, &[DATE, ("X-Rate-Limit-Reset", &(NOW + 12).to_string())]), Some(12));
        assert_eq!(wait(503, &[DATE, ("X-Rate-Limit-Reset", &(NOW + 12).to_string())]), None);
        // Retry-After wins.
        assert_eq!(wait(429, &[DATE, ("X-Rate-Limit-Reset", &(NOW + 12).to_string()), ("Retry-After", "3")]), Some(3));
    }

    #[test]
    fn nonsense_is_bounded() {
        for past in [("X-Rate-Limit-Reset", "1"), ("X-Rate-Limit-Reset", "-9223372036854775808"), ("Retry-After", "0")]
        {
            assert_eq!(wait(429, &[DATE, past]), Some(1), "{past:?}");
        }
        for far in ["32503680000", "9223372036854775807"] {
            assert_eq!(wait(429, &[DATE, ("X-Rate-Limit-Reset", far)]), Some(86_400));
        }
        assert_eq!(wait(429, &[("Retry-After", "99999999999")]), Some(86_400));
        // Without a date of the server's, or unreadable: the default.
        assert_eq!(wait(429, &[("X-Rate-Limit-Reset", &(NOW + 12).to_string())]), Some(60));
        for bad in ["soon", "", "1e9", "99999999999999999999999", "-5"] {
            assert_eq!(wait(429, &[DATE, ("Retry-After", bad)]), Some(60), "{bad}");
            assert_eq!(wait(503, &[DATE, ("Retry-After", bad)]), None, "{bad}");
        }
    }
}
