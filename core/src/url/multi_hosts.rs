//! The hosts to try, whether they stand before the `/` or in the options `host` and `port`.

use super::hosts::{self, HostFaultKind};
use super::message;
use super::{HostPort, Url};
use crate::Result;

impl Url {
    /// The hosts to try in order, from wherever the URL names them.
    ///
    /// These forms are understood; a missing port is `None`:
    ///
    /// - `h1:1,h2:2` before the `/`;
    /// - `?host=h1:1&host=h2:2`, also as `?host=h1:1,h2:2`;
    /// - `?host=h1,h2&port=1,2`, where an empty port stands for the default;
    /// - `?port=1,2` for hosts before the `/` that have none, or for the only one.
    ///
    /// The option `host` replaces a single host before the `/`, as libpq does. A host that begins
    /// with `/` or `@` is a socket and has no port of its own. The list is empty without any host or
    /// port; a port alone is one entry whose host is `""`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Url`](crate::ErrorKind::Url) when these forms are mixed, when the numbers of
    /// hosts and ports differ, or when a host or port is malformed.
    ///
    /// ```
    /// use aludel::Url;
    ///
    /// let written = Url::parse("postgresql://h1:1,[::1]:2/d")?;
    /// let options = Url::parse("postgresql:///d?host=h1,::1&port=1,2")?;
    /// assert_eq!(written.multi_hosts()?, options.multi_hosts()?);
    /// # Ok::<(), aludel::Error>(())
    /// ```
    pub fn multi_hosts(&self) -> Result<Vec<HostPort>> {
        let named = self.query_hosts()?;
        let ports = self.query_ports()?;
        if self.hosts.len() > 1 && !named.is_empty() {
            return Err(message::mixed_hosts());
        }
        if ports.is_empty() {
            return Ok(if named.is_empty() { self.hosts.clone() } else { named });
        }
        let repeated = self.query.get_all("host").len() > 1;
        let has_ports = |hosts: &[HostPort]| hosts.iter().any(|host| host.port().is_some());
        // The port of a single host before the `/` can be overridden, as in libpq.
        let several_with_ports = self.hosts.len() > 1 && has_ports(&self.hosts);
        if repeated || has_ports(&named) || several_with_ports {
            return Err(message::mixed_hosts());
        }
        let hosts = if named.is_empty() { self.hosts.clone() } else { named };
        with_ports(hosts, ports)
    }

    fn query_hosts(&self) -> Result<Vec<HostPort>> {
        let values = self.query.get_all("host");
        if let [only] = values
            && only.is_empty()
        {
            return Ok(Vec::new());
        }
        values
            .iter()
            .flat_map(|value| value.split(','))
            .enumerate()
            .map(|(index, entry)| {
                parse_query_host(entry).map_err(|kind| message::bad_query_host(index + 1, kind))
            })
            .collect()
    }

    fn query_ports(&self) -> Result<Vec<Option<u16>>> {
        let values = self.query.get_all("port");
        values
            .iter()
            .flat_map(|value| value.split(','))
            .enumerate()
            .map(|(index, port)| match port {
                "" => Ok(None),
                port => match hosts::parse_port(port) {
                    Some(port) => Ok(Some(port)),
                    None => Err(message::bad_query_port(index + 1)),
                },
            })
            .collect()
    }
}

/// Gives the ports of the option `port` to the hosts, one each.
fn with_ports(mut hosts: Vec<HostPort>, ports: Vec<Option<u16>>) -> Result<Vec<HostPort>> {
    if hosts.is_empty() && ports.len() == 1 {
        hosts.push(HostPort::new("", None));
    }
    if hosts.len() != ports.len() {
        return Err(message::unequal_hosts(hosts.len(), ports.len()));
    }
    for (host, port) in hosts.iter_mut().zip(ports) {
        if let Some(port) = port {
            host.set_port(port);
        }
    }
    hosts.retain(|host| !host.host().is_empty() || host.port().is_some());
    Ok(hosts)
}

/// As in the host part of a URL, with sockets and with IPv6 addresses without brackets.
fn parse_query_host(entry: &str) -> Result<HostPort, HostFaultKind> {
    if entry.is_empty() {
        return Err(HostFaultKind::Empty);
    }
    let socket = entry.starts_with(['/', '@']);
    let bare_ipv6 = !entry.starts_with('[') && entry.matches(':').count() > 1;
    if socket || bare_ipv6 {
        return Ok(HostPort::new(entry, None));
    }
    match hosts::parse_entry(entry) {
        Ok(host) if host.host().is_empty() => Err(HostFaultKind::Empty),
        Ok(host) => Ok(host),
        Err(fault) => Err(fault.kind),
    }
}
