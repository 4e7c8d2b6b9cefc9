//! The URL value: its parts, and new values made from it.

use super::Query;
use super::hosts::{self, HostPort};
use super::message;
use super::parse;
use super::password::Password;
use crate::Result;

/// A database URL.
///
/// Two URLs are equal when all their parts are; text is compared as it is, so `H` and `h` are
/// different hosts. The password is wiped from memory when the value is dropped and is hidden by
/// `Display` and `Debug`.
///
/// The `with_` and `update_` methods take the value and return the changed one; clone it first to
/// keep both.
///
/// ```
/// use aludel::Url;
///
/// let url = Url::create("mysql")?.with_username("app").with_password("a@b/c").with_host("db1")?;
/// assert_eq!(url.render_as_string(false), "mysql://app:a%40b%2Fc@db1");
/// assert_eq!(format!("{url:?}"), r#"Url("mysql://app:***@db1")"#);
/// # Ok::<(), aludel::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Url {
    pub(super) drivername: String,
    pub(super) username: Option<String>,
    pub(super) password: Option<Password>,
    /// Without a host and port it is empty; a host is `""` only where a port stands alone.
    pub(super) hosts: Vec<HostPort>,
    pub(super) database: Option<String>,
    pub(super) query: Query,
}

impl Url {
    /// The longest text that [`Url::parse`] reads, in bytes: 64 KiB.
    pub const MAX_LEN: usize = 64 * 1024;

    /// Parses the text of a URL; the [module](crate::url) tells the grammar.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Url`](crate::ErrorKind::Url) when the text is no URL or is longer than
    /// [`Url::MAX_LEN`]. The error says where the text is wrong without repeating any of it.
    pub fn parse(text: &str) -> Result<Url> {
        parse::url(text)
    }

    /// A URL of this dialect and nothing else, to be completed by the `with_` methods.
    ///
    /// All these take plain values: nothing is percent-decoded.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Argument`](crate::ErrorKind::Argument) when the name is empty or holds anything
    /// but letters, digits, `_`, `-` and `+`.
    pub fn create(drivername: impl Into<String>) -> Result<Url> {
        Ok(Url {
            drivername: checked_drivername(drivername.into())?,
            username: None,
            password: None,
            hosts: Vec::new(),
            database: None,
            query: Query::default(),
        })
    }

    /// All that stands before `://`: the dialect, and after a `+` the driver.
    pub fn drivername(&self) -> &str {
        &self.drivername
    }

    /// The dialect: what stands left of the `+`.
    pub fn backend_name(&self) -> &str {
        self.drivername.split('+').next().unwrap_or_default()
    }

    /// The driver: what stands right of the `+`, or `None` without one.
    pub fn driver_name(&self) -> Option<&str> {
        self.drivername.split('+').nth(1)
    }

    /// The user name; `Some("")` where the URL has an `@` and no name.
    pub fn username(&self) -> Option<&str> {
        self.username.as_deref()
    }

    /// The password in clear; `Some("")` for `user:@host`.
    pub fn password(&self) -> Option<&str> {
        self.password.as_ref().map(Password::expose)
    }

    /// The host, the first one where there are several. IPv6 addresses come without brackets.
    pub fn host(&self) -> Option<&str> {
        self.hosts.first().map(HostPort::host).filter(|host| !host.is_empty())
    }

    /// The port, the first host's where there are several.
    pub fn port(&self) -> Option<u16> {
        self.hosts.first().and_then(HostPort::port)
    }

    /// All hosts with their ports, in order, as they stand between `@` and `/`.
    ///
    /// A port without a host, as in `db://:5432`, is one entry whose host is `""`. Hosts may also
    /// be given in the query; [`Url::multi_hosts`] resolves both.
    pub fn hosts(&self) -> &[HostPort] {
        &self.hosts
    }

    /// The database; `Some("")` for `db://host/`.
    pub fn database(&self) -> Option<&str> {
        self.database.as_deref()
    }

    /// The options after the `?`.
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// The options sorted by name, each with all its values in the order given.
    pub fn normalized_query(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.query.iter()
    }

    /// Replaces what stands before `://`.
    ///
    /// # Errors
    ///
    /// As for [`Url::create`].
    pub fn with_drivername(mut self, drivername: impl Into<String>) -> Result<Url> {
        self.drivername = checked_drivername(drivername.into())?;
        Ok(self)
    }

    /// Replaces the user name.
    #[must_use]
    pub fn with_username(mut self, username: impl Into<String>) -> Url {
        self.username = Some(username.into());
        self
    }

    /// Replaces the password. Without a user name it is not rendered.
    #[must_use]
    pub fn with_password(mut self, password: impl Into<String>) -> Url {
        self.password = Some(Password::new(password.into()));
        self
    }

    /// Replaces all hosts by this one and keeps [`Url::port`]. An empty text removes the host.
    ///
    /// IPv6 addresses are given without brackets.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Argument`](crate::ErrorKind::Argument) when the text holds one of `/?@,[]`,
    /// which the grammar has no way to write in a host.
    pub fn with_host(self, host: impl Into<String>) -> Result<Url> {
        let host = HostPort::new(host, self.port());
        self.with_hosts([host])
    }

    /// Replaces the port, the first host's where there are several.
    #[must_use]
    pub fn with_port(mut self, port: u16) -> Url {
        match self.hosts.first_mut() {
            Some(first) => first.set_port(port),
            None => self.hosts.push(HostPort::new("", Some(port))),
        }
        self
    }

    /// Replaces all hosts and ports.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Argument`](crate::ErrorKind::Argument) when a host holds one of `/?@,[]`, or is
    /// empty and not the only one.
    pub fn with_hosts(mut self, hosts: impl IntoIterator<Item = HostPort>) -> Result<Url> {
        self.hosts = hosts::checked(hosts.into_iter().collect())?;
        Ok(self)
    }

    /// Replaces the database.
    #[must_use]
    pub fn with_database(mut self, database: impl Into<String>) -> Url {
        self.database = Some(database.into());
        self
    }

    /// Replaces all options.
    #[must_use]
    pub fn with_query(mut self, query: Query) -> Url {
        self.query = query;
        self
    }

    /// Replaces the values of these options, or adds to them with `append`; the others stay.
    ///
    /// A name without values removes the option, unless `append` is set.
    #[must_use]
    pub fn update_query_dict<K, V, S>(
        mut self,
        options: impl IntoIterator<Item = (K, V)>,
        append: bool,
    ) -> Url
    where
        K: Into<String>,
        V: IntoIterator<Item = S>,
        S: Into<String>,
    {
        self.query.update(options, append);
        self
    }

    /// As [`Url::update_query_dict`] with one value for each pair; a repeated name collects values.
    ///
    /// ```
    /// use aludel::Url;
    ///
    /// let url = Url::parse("db://h/d?a=1&b=2")?.update_query_pairs([("a", "8"), ("a", "9")], false);
    /// assert_eq!(url.to_string(), "db://h/d?a=8&a=9&b=2");
    /// # Ok::<(), aludel::Error>(())
    /// ```
    #[must_use]
    pub fn update_query_pairs<K, V>(
        self,
        pairs: impl IntoIterator<Item = (K, V)>,
        append: bool,
    ) -> Url
    where
        K: Into<String>,
        V: Into<String>,
    {
        self.update_query_dict(pairs.into_iter().map(|(name, value)| (name, [value])), append)
    }

    /// As [`Url::update_query_dict`] with the text of a query, percent-encoded, without its `?`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Url`](crate::ErrorKind::Url) when the text is not UTF-8 after percent-decoding.
    pub fn update_query_string(self, text: &str, append: bool) -> Result<Url> {
        let options = Query::parse(text)?;
        Ok(self.update_query_dict(options.into_map(), append))
    }

    /// Hides the values of these options too when the URL is printed.
    #[cfg(feature = "engine")]
    pub(crate) fn hide_options(&mut self, names: impl Iterator<Item = String>) {
        self.query.hide(names);
    }

    /// The URL for a message while it is not known which options are secret: all values are hidden.
    #[cfg(feature = "engine")]
    pub(crate) fn masked_whole(&self) -> String {
        let mut url = self.clone();
        let names: Vec<String> = url.query.iter().map(|(name, _)| name.to_owned()).collect();
        url.hide_options(names.into_iter());
        url.render_as_string(true)
    }

    /// Removes these options; names that are not there are ignored.
    #[must_use]
    pub fn difference_update_query<S: AsRef<str>>(
        mut self,
        names: impl IntoIterator<Item = S>,
    ) -> Url {
        for name in names {
            self.query.remove(name.as_ref());
        }
        self
    }
}

fn checked_drivername(name: String) -> Result<String> {
    match parse::drivername_fault(&name) {
        None => Ok(name),
        Some(_) => Err(message::bad_drivername_argument()),
    }
}
