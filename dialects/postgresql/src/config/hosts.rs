//! The servers to try: names, addresses and ports, from wherever they are given.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;

use aludel::url::{HostPort, Query};
use aludel::{Error, Result, Url};
use percent_encoding::percent_decode_str;

use super::Secret;
use super::sources::{Setting, Sources};

pub(crate) const DEFAULT_PORT: u16 = 5432;

/// A server, and the password for it.
#[derive(Debug, Clone)]
pub(crate) struct Host {
    pub(crate) endpoint: Endpoint,
    pub(crate) password: Option<Secret>,
}

/// Where a server listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Endpoint {
    /// `address` spares looking the name up, which is then only that of the certificate.
    Tcp { host: String, address: Option<IpAddr>, port: u16 },
    /// A directory with the socket `.s.PGSQL.<port>`. One that begins with a NUL byte lies in
    /// Linux's abstract namespace.
    Unix { directory: PathBuf, port: u16 },
}

impl Endpoint {
    pub(crate) fn port(&self) -> u16 {
        match self {
            Endpoint::Tcp { port, .. } | Endpoint::Unix { port, .. } => *port,
        }
    }
}

impl fmt::Display for Endpoint {
    /// As people write it: `db:5432`, `[::1]:5432`, `/run/postgresql/.s.PGSQL.5432`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Endpoint::Tcp { host, port, .. } => HostPort::new(host, Some(*port)).fmt(f),
            Endpoint::Unix { directory, port } => {
                let path = directory.join(format!(".s.PGSQL.{port}")).display().to_string();
                f.write_str(&path.replace('\0', "@"))
            }
        }
    }
}

/// The hosts of the URL alone, in libpq's form.
#[derive(Debug, Default)]
pub(super) struct UrlHosts {
    pub(super) hosts: Vec<HostPort>,
    /// True when the URL tells the ports, so that those it leaves out are the default and not
    /// the environment's.
    pub(super) has_ports: bool,
}

impl UrlHosts {
    /// Reads `//a:1,b:2/`, `?host=a:1&host=b:2`, `?host=a,b&port=1,2`, and what mixes well.
    ///
    /// # Errors
    /// `Argument` for what mixes badly.
    pub(super) fn new(sources: &Sources<'_>) -> Result<Self> {
        let args = sources.args();
        let named = |name: &str| -> Vec<String> {
            let values = args.options.iter().filter(|(key, _)| key == name);
            values.map(|(_, value)| value.to_string()).collect()
        };
        let (host, port) = (named("host"), named("port"));
        let is_one_list = host.len() == 1;
        let options = [("host".to_owned(), host), ("port".to_owned(), port)];
        let query: Query = options.into_iter().filter(|(_, values)| !values.is_empty()).collect();
        let url = Url::create("postgresql")?.with_hosts(args.hosts.clone())?.with_query(query);
        let hosts = url.multi_hosts().map_err(as_argument)?;
        let has_ports =
            hosts.iter().any(|host| host.port().is_some()) || hosts.len() > 1 && !is_one_list;
        Ok(UrlHosts { hosts, has_ports })
    }
}

/// A URL that cannot be read as a whole has passed; this one contradicts itself.
fn as_argument(error: Error) -> Error {
    let argument = Error::argument(error.message());
    match error.help() {
        Some(help) => argument.with_help(help),
        None => argument,
    }
}

/// The endpoints to try, in order; at least one.
///
/// # Errors
/// `Argument` for lists of different lengths, and for addresses and ports that are none.
pub(super) fn endpoints(sources: &Sources<'_>) -> Result<Vec<Endpoint>> {
    let of_url = UrlHosts::new(sources)?;
    let names = names(&of_url, sources)?;
    let addresses = addresses(sources)?;
    if !names.is_empty() && !addresses.is_empty() && names.len() != addresses.len() {
        return Err(unequal("hosts", names.len(), "addresses", addresses.len()));
    }
    let count = names.len().max(addresses.len()).max(1);
    let ports = ports(&of_url, sources, count)?;
    let endpoints = ports.into_iter().enumerate().map(|(index, port)| {
        let name = names.get(index).map_or("", String::as_str);
        endpoint(name, addresses.get(index).copied().flatten(), port, sources)
    });
    endpoints.collect()
}

fn names(of_url: &UrlHosts, sources: &Sources<'_>) -> Result<Vec<String>> {
    let said = of_url.hosts.iter().any(|host| !host.host().is_empty());
    if said {
        let names: Vec<String> = of_url.hosts.iter().map(|host| decoded(host.host())).collect();
        return match names.iter().any(|name| name.contains('\0')) {
            true => Err(Error::argument("a host holds a NUL byte")),
            false => Ok(names),
        };
    }
    // An empty `host` of the URL means the default, whatever the environment says.
    let others = match sources.of_url("host") {
        Some(_) => None,
        None => sources.get("host")?,
    };
    Ok(others.map_or_else(Vec::new, |setting| list(setting.value)))
}

/// The directory of a socket before the `/` of a URL is percent-encoded.
fn decoded(host: &str) -> String {
    let is_encoded = ["%2f", "%40"]
        .iter()
        .any(|start| host.get(..3).is_some_and(|first| first.eq_ignore_ascii_case(start)));
    match is_encoded {
        true => percent_decode_str(host).decode_utf8_lossy().into_owned(),
        false => host.to_owned(),
    }
}

fn addresses(sources: &Sources<'_>) -> Result<Vec<Option<IpAddr>>> {
    let Some(setting) = sources.get("hostaddr")? else { return Ok(Vec::new()) };
    let address = |text: String| match text.as_str() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| setting.wrong("numeric addresses, or empty")),
    };
    list(setting.value).into_iter().map(address).collect()
}

fn ports(of_url: &UrlHosts, sources: &Sources<'_>, count: usize) -> Result<Vec<u16>> {
    if of_url.has_ports {
        let ports: Vec<u16> =
            of_url.hosts.iter().map(|host| host.port().unwrap_or(DEFAULT_PORT)).collect();
        if ports.contains(&0) {
            return Err(Error::argument("a port is a number from 1 to 65535, not 0"));
        }
        return match ports[..] {
            [only] => Ok(vec![only; count]),
            _ if ports.len() == count => Ok(ports),
            _ => Err(unequal("hosts", count, "ports", ports.len())),
        };
    }
    let other = match sources.of_url("port") {
        Some(_) => None,
        None => sources.get("port")?,
    };
    let Some(setting) = other else { return Ok(vec![DEFAULT_PORT; count]) };
    let ports =
        list(setting.value).iter().map(|text| port(text, setting)).collect::<Result<Vec<_>>>()?;
    match ports[..] {
        [only] => Ok(vec![only; count]),
        _ if ports.len() == count => Ok(ports),
        _ => Err(unequal("hosts", count, "ports", ports.len())),
    }
}

fn port(text: &str, setting: Setting<'_>) -> Result<u16> {
    match text {
        "" => Ok(DEFAULT_PORT),
        text => match text.parse() {
            Ok(port @ 1..) => Ok(port),
            _ => Err(setting.wrong("numbers from 1 to 65535")),
        },
    }
}

fn list(text: &str) -> Vec<String> {
    text.split(',').map(|entry| entry.trim().to_owned()).collect()
}

fn endpoint(
    name: &str,
    address: Option<IpAddr>,
    port: u16,
    sources: &Sources<'_>,
) -> Result<Endpoint> {
    if let Some(address) = address {
        let host = if name.is_empty() { address.to_string() } else { name.to_owned() };
        return Ok(Endpoint::Tcp { host, address: Some(address), port });
    }
    if let Some(name) = name.strip_prefix('@') {
        return sockets_allowed(
            Endpoint::Unix { directory: format!("\0{name}").into(), port },
            sources,
        );
    }
    if name.starts_with('/') {
        return sockets_allowed(Endpoint::Unix { directory: name.into(), port }, sources);
    }
    if !name.is_empty() {
        return Ok(Endpoint::Tcp { host: name.to_owned(), address: None, port });
    }
    let Some(environment) = sources.environment() else {
        return Err(Error::argument("an untrusted URL has to name its host"));
    };
    let socket = format!(".s.PGSQL.{port}");
    let mut directories = environment.socket_directories.iter();
    Ok(match directories.find(|directory| directory.join(&socket).exists()) {
        Some(directory) => Endpoint::Unix { directory: directory.clone(), port },
        None => Endpoint::Tcp { host: "localhost".to_owned(), address: None, port },
    })
}

/// A server takes the word of the operating system for who comes through a socket: a stranger would
/// be let in as the program's user.
fn sockets_allowed(socket: Endpoint, sources: &Sources<'_>) -> Result<Endpoint> {
    if sources.args().is_untrusted {
        return Err(Error::argument(format!("an untrusted URL cannot name a socket: {socket}"))
            .with_help("through a socket it would be let in as the user of this program"));
    }
    Ok(socket)
}

#[cold]
fn unequal(one: &str, ones: usize, other: &str, others: usize) -> Error {
    Error::argument(format!("{ones} {one} and {others} {other} do not match"))
        .with_help(format!("give as many {other} as {one}, or one for all"))
}
