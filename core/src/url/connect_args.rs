//! The parts of a URL as named arguments of a driver's connect function.

use std::borrow::Cow;
use std::fmt;

use super::password::MASK;
use super::{HostPort, Url};

/// One argument of [`Url::translate_connect_args`]. `Debug` hides a secret.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConnectArg<'a> {
    /// A host, a database, a user name, or comma-separated ports.
    Text(Cow<'a, str>),
    /// The password in clear.
    Secret(&'a str),
    /// The port of the only host.
    Port(u16),
}

impl Url {
    /// The parts that are there, by name: `host`, `database`, `username`, `password`, `port`.
    ///
    /// Empty texts and port 0 count as missing. `rename` gives other names, as in
    /// `&[("username", "user")]`. Several hosts come as libpq takes them: `h1,h2`, with the ports
    /// `1,2` where an empty item stands for a missing one. Hosts in the query are not looked at; see
    /// [`Url::multi_hosts`].
    pub fn translate_connect_args<'a>(
        &'a self,
        rename: &[(&str, &'a str)],
    ) -> Vec<(&'a str, ConnectArg<'a>)> {
        let text = |text: Option<&'a str>| {
            text.filter(|text| !text.is_empty()).map(|text| ConnectArg::Text(text.into()))
        };
        let password = self.password().filter(|password| !password.is_empty());
        let args = [
            ("host", self.host_argument()),
            ("database", text(self.database())),
            ("username", text(self.username())),
            ("password", password.map(ConnectArg::Secret)),
            ("port", self.port_argument()),
        ];
        let renamed = |name| rename.iter().find(|(from, _)| *from == name).map(|(_, to)| *to);
        args.into_iter()
            .filter_map(|(name, value)| Some((renamed(name).unwrap_or(name), value?)))
            .collect()
    }

    fn host_argument(&self) -> Option<ConnectArg<'_>> {
        match self.hosts() {
            [] | [_] => self.host().map(|host| ConnectArg::Text(host.into())),
            hosts => {
                let names: Vec<&str> = hosts.iter().map(HostPort::host).collect();
                Some(ConnectArg::Text(names.join(",").into()))
            }
        }
    }

    fn port_argument(&self) -> Option<ConnectArg<'_>> {
        let hosts = self.hosts();
        if hosts.len() < 2 {
            return self.port().filter(|port| *port != 0).map(ConnectArg::Port);
        }
        if hosts.iter().all(|host| host.port().is_none()) {
            return None;
        }
        let ports: Vec<String> =
            hosts.iter().map(|host| host.port().map_or(String::new(), |p| p.to_string())).collect();
        Some(ConnectArg::Text(ports.join(",").into()))
    }
}

impl fmt::Debug for ConnectArg<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ConnectArg::Text(text) => fmt::Debug::fmt(text, f),
            ConnectArg::Secret(_) => f.write_str(MASK),
            ConnectArg::Port(port) => fmt::Debug::fmt(port, f),
        }
    }
}
