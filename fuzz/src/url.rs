//! URLs: what is read is written and read again, and the password stays hidden.

use aludel::Url;
use aludel::plugin::Scheme;

/// Checks a text as a URL.
///
/// # Panics
/// When what must hold does not.
pub fn url(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let url = match Url::parse(text) {
        Ok(url) => url,
        Err(error) => {
            // A mistyped URL can hold the password anywhere.
            let shown = format!("{error} {error:?}");
            assert!(text.len() < 24 || !shown.contains(text), "the error shows the URL: {shown}");
            return;
        }
    };
    let rendered = url.render_as_string(false);
    assert!(rendered.len() <= 3 * text.len() + 16, "{text:?} becomes {rendered:?}");
    if rendered.len() > Url::MAX_LEN {
        // Escapes made it longer than what is read.
        return;
    }
    let again = Url::parse(&rendered);
    let again = again.unwrap_or_else(|error| panic!("{rendered:?} of {text:?}: {error}"));
    assert_eq!(again, url, "{rendered:?} of {text:?} is another URL");
    assert_eq!(again.render_as_string(false), rendered, "{text:?}");
    check_hidden(&url);
    check_parts(&url);
}

/// What is shown does not depend on the password.
fn check_hidden(url: &Url) {
    assert_eq!(url.render_as_string(true), url.to_string());
    if url.password().is_none() {
        return;
    }
    let other = url.clone().with_password("another password");
    assert_eq!(url.to_string(), other.to_string());
    assert_eq!(format!("{url:?}"), format!("{other:?}"));
}

/// Hosts and schemes are read without a panic, and no scheme leads to a path.
fn check_parts(url: &Url) {
    if let Ok(hosts) = url.multi_hosts() {
        assert!(hosts.len() <= url.render_as_string(false).len());
    }
    if let Ok(scheme) = Scheme::parse(url.drivername()) {
        assert!(!scheme.as_str().contains(['/', '\\', '.', '%', ':', '\0']));
    }
}
