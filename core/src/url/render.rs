//! From [`Url`] to text, with the password hidden or shown.

use std::fmt::{self, Write};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::password::MASK;
use super::{Query, Url};

/// Letters, digits and these four stay as they are everywhere.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'_').remove(b'.').remove(b'-').remove(b'~');
const LOGIN: &AsciiSet = &QUERY.remove(b' ').remove(b'+');
const DATABASE: &AsciiSet = &LOGIN.remove(b'/');

impl Url {
    /// The text of the URL; without `hide_password` it holds the password in clear.
    ///
    /// Hidden, the password is `***`, also when it is empty, and so are the values of options that
    /// carry one (`password`, `passwd`, `pwd`, `sslpassword`, `odbc_connect`). Shown, the text
    /// parses to an equal URL, except that a password without a user name is not rendered. The
    /// returned text is not wiped from memory.
    pub fn render_as_string(&self, hide_password: bool) -> String {
        let mut text = String::new();
        self.write(&mut text, hide_password).expect("invariant: writing to a String succeeds");
        text
    }

    fn write(&self, out: &mut impl Write, hide: bool) -> fmt::Result {
        write!(out, "{}://", self.drivername)?;
        if let Some(username) = &self.username {
            write!(out, "{}", utf8_percent_encode(username, LOGIN))?;
            match self.password() {
                Some(_) if hide => write!(out, ":{MASK}")?,
                Some(password) => write!(out, ":{}", utf8_percent_encode(password, LOGIN))?,
                None => {}
            }
            out.write_char('@')?;
        }
        for (index, host) in self.hosts.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(out, "{comma}{host}")?;
        }
        if let Some(database) = &self.database {
            write!(out, "/{}", utf8_percent_encode(database, DATABASE))?;
        }
        write_query(&self.query, out, hide)
    }
}

fn write_query(query: &Query, out: &mut impl Write, hide: bool) -> fmt::Result {
    let mut separator = '?';
    for (name, values) in query.iter() {
        let hidden = hide && query.is_secret(name);
        for value in values {
            write!(out, "{separator}{}=", Plus(name))?;
            match hidden {
                true => out.write_str(MASK)?,
                false => write!(out, "{}", Plus(value))?,
            }
            separator = '&';
        }
    }
    Ok(())
}

/// Text of a query, percent-encoded with `+` for a space.
struct Plus<'a>(&'a str);

impl fmt::Display for Plus<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, word) in self.0.split(' ').enumerate() {
            let plus = if index == 0 { "" } else { "+" };
            write!(f, "{plus}{}", utf8_percent_encode(word, QUERY))?;
        }
        Ok(())
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, true)
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Url").field(&self.render_as_string(true)).finish()
    }
}
