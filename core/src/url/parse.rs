//! From text to [`Url`], in one pass over each part.

use std::str::FromStr;

use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

use super::hosts::{self, HostPort};
use super::message::{self, SchemeFault};
use super::password::Password;
use super::{Query, Url};
use crate::{Error, Result};

const SEPARATOR: &str = "://";

/// As [`Url::parse`].
impl TryFrom<&str> for Url {
    type Error = Error;

    fn try_from(text: &str) -> Result<Self> {
        Url::parse(text)
    }
}

/// As [`Url::parse`].
impl TryFrom<&String> for Url {
    type Error = Error;

    fn try_from(text: &String) -> Result<Self> {
        Url::parse(text)
    }
}

/// As [`Url::parse`].
impl TryFrom<String> for Url {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        Url::parse(&text)
    }
}

impl FromStr for Url {
    type Err = Error;

    fn from_str(text: &str) -> Result<Url> {
        Url::parse(text)
    }
}

pub(super) fn url(text: &str) -> Result<Url> {
    if text.len() > Url::MAX_LEN {
        return Err(message::too_long(text.len()));
    }
    let drivername = drivername(text).map_err(|fault| message::bad_scheme(text, fault))?;
    let start = drivername.len() + SEPARATOR.len();
    let login = Login::find(&text[start..]);
    check_readings(text, start, &login)?;

    let after_login = start + login.end;
    let rest = &text[after_login..];
    let authority = &rest[..rest.find(['/', '?']).unwrap_or(rest.len())];
    let hosts = hosts(text, after_login, authority)?;
    let (path, query) = match rest[authority.len()..].split_once('?') {
        Some((path, query)) => (path, Query::parse(query)?),
        None => (&rest[authority.len()..], Query::default()),
    };
    Ok(Url {
        drivername: drivername.to_owned(),
        username: login.username.map(|name| decode(name, "user name")).transpose()?,
        password: login.password.map(decode_password).transpose()?,
        hosts,
        database: path.strip_prefix('/').map(|name| decode(name, "database")).transpose()?,
        query,
    })
}

fn drivername(text: &str) -> Result<&str, SchemeFault> {
    if text.is_empty() {
        return Err(SchemeFault::EmptyText);
    }
    let (name, _) = text.split_once(SEPARATOR).ok_or(SchemeFault::NoSeparator)?;
    drivername_fault(name).map_or(Ok(name), Err)
}

/// What makes this text unfit to stand before `://`, if anything does.
pub(super) fn drivername_fault(name: &str) -> Option<SchemeFault> {
    if name.is_empty() {
        return Some(SchemeFault::EmptyName);
    }
    // A `-` is read as `_` when the dialect is looked for.
    name.find(|c: char| !c.is_alphanumeric() && !"_+-".contains(c)).map(SchemeFault::BadCharacter)
}

/// What stands before the host, not yet decoded.
#[derive(Debug, Default)]
struct Login<'a> {
    username: Option<&'a str>,
    password: Option<&'a str>,
    /// The byte after its `@`; 0 without a login.
    end: usize,
}

impl<'a> Login<'a> {
    /// Finds the login at the start of what follows `://`.
    ///
    /// A `:` makes everything up to the next `@` the password. Without such a pair the last `@`
    /// ends the user name, which may then hold others (`user@realm@host`).
    fn find(rest: &'a str) -> Self {
        let name_end = rest.find([':', '/', '?']).unwrap_or(rest.len());
        if rest[name_end..].starts_with(':')
            && let Some(length) = rest[name_end + 1..].find('@')
        {
            let password_end = name_end + 1 + length;
            return Login {
                username: Some(&rest[..name_end]),
                password: Some(&rest[name_end + 1..password_end]),
                end: password_end + 1,
            };
        }
        match rest[..name_end].rfind('@') {
            Some(end) => Login { username: Some(&rest[..end]), password: None, end: end + 1 },
            None => Login::default(),
        }
    }
}

/// Refuses a password that is also a host followed by a database or options: with `h:5432/a@b` the
/// program would silently connect to `b`.
fn check_readings(text: &str, start: usize, login: &Login<'_>) -> Result<()> {
    let Some(length) = login.password.and_then(|password| password.find(['/', '?'])) else {
        return Ok(());
    };
    let name = login.username.unwrap_or_default();
    let authority = &text[start..start + name.len() + 1 + length];
    let hosts = authority.rfind('@').map_or(authority, |at| &authority[at + 1..]);
    match hosts::parse_list(hosts) {
        Ok(_) => Err(message::two_readings(text, start + login.end - 1)),
        Err(_) => Ok(()),
    }
}

fn hosts(text: &str, start: usize, authority: &str) -> Result<Vec<HostPort>> {
    if authority.contains('@') {
        // What the login took as its end is the first `@` of the password.
        return Err(message::second_at_sign(text, start - 1));
    }
    hosts::parse_list(authority).map_err(|fault| message::bad_host(text, start, fault))
}

/// Percent-decodes; `part` names the text in the error.
pub(super) fn decode(text: &str, part: &str) -> Result<String> {
    match percent_decode_str(text).decode_utf8() {
        Ok(text) => Ok(text.into_owned()),
        Err(_) => Err(message::not_utf8(part)),
    }
}

/// As [`decode`], leaving no copy of the bytes behind.
fn decode_password(text: &str) -> Result<Password> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
    bytes.extend(percent_decode_str(text));
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok(Password::new(text.to_owned())),
        Err(_) => Err(message::not_utf8("password")),
    }
}
