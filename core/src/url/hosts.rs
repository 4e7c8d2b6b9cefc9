//! Hosts with their ports, and the list of them that a URL can hold.

use std::fmt;

use super::message;
use crate::Result;

/// A host and, where given, its port.
///
/// Printed as in a URL: IPv6 addresses in brackets, the port after a colon.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HostPort {
    host: String,
    port: Option<u16>,
}

impl HostPort {
    /// A host (an IPv6 address without brackets) and its port; a URL checks it when it takes it.
    pub fn new(host: impl Into<String>, port: Option<u16>) -> Self {
        HostPort { host: host.into(), port }
    }

    /// The name, address or socket directory; `""` where only a port is given.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, or `None` for the dialect's default. 0 is a port like any other here.
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    pub(super) fn set_port(&mut self, port: u16) {
        self.port = Some(port);
    }
}

impl fmt::Display for HostPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.host.contains(':') {
            true => write!(f, "[{}]", self.host)?,
            false => f.write_str(&self.host)?,
        }
        match self.port {
            Some(port) => write!(f, ":{port}"),
            None => Ok(()),
        }
    }
}

/// What is wrong with a list of hosts, and at which byte of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct HostFault {
    pub(super) at: usize,
    pub(super) kind: HostFaultKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HostFaultKind {
    Port,
    /// A port that holds a colon itself: an IPv6 address without brackets.
    PortWithColon,
    AfterBracket,
    Empty,
}

/// Reads `host[:port]` entries separated by commas; no text, no hosts.
pub(super) fn parse_list(text: &str) -> Result<Vec<HostPort>, HostFault> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let several = text.contains(',');
    let mut hosts = Vec::new();
    let mut start = 0;
    for entry in text.split(',') {
        let host = parse_entry(entry)
            .map_err(|fault| HostFault { at: start + fault.at, kind: fault.kind })?;
        if several && host.host.is_empty() {
            return Err(HostFault { at: start, kind: HostFaultKind::Empty });
        }
        hosts.push(host);
        start += entry.len() + 1;
    }
    Ok(hosts)
}

/// Reads one `host`, `host:port`, `[ipv6]` or `[ipv6]:port`.
pub(super) fn parse_entry(entry: &str) -> Result<HostPort, HostFault> {
    let (host, end) = split_host(entry);
    let rest = &entry[end..];
    if rest.is_empty() {
        return Ok(HostPort::new(host, None));
    }
    let Some(port) = rest.strip_prefix(':') else {
        return Err(HostFault { at: end, kind: HostFaultKind::AfterBracket });
    };
    let kind = match port.contains(':') {
        true => HostFaultKind::PortWithColon,
        false => HostFaultKind::Port,
    };
    let port = parse_port(port).ok_or(HostFault { at: end + 1, kind })?;
    Ok(HostPort::new(host, Some(port)))
}

/// The host of an entry and the byte at which it ends, brackets included.
fn split_host(entry: &str) -> (&str, usize) {
    if let Some(inner) = entry.strip_prefix('[')
        && let Some(length) = inner.find(']').filter(|length| *length > 0)
    {
        return (&inner[..length], length + 2);
    }
    let end = entry.find(':').unwrap_or(entry.len());
    (&entry[..end], end)
}

/// A port of ASCII digits, leading zeros allowed, up to 65535.
pub(super) fn parse_port(text: &str) -> Option<u16> {
    // `parse` alone would take a leading `+`.
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// Refuses hosts that would read differently once rendered, and turns "neither host nor port" into
/// no entry at all.
pub(super) fn checked(hosts: Vec<HostPort>) -> Result<Vec<HostPort>> {
    let several = hosts.len() > 1;
    for (index, host) in hosts.iter().enumerate() {
        if several && host.host.is_empty() {
            return Err(message::empty_host_argument(index + 1));
        }
        if host.host.contains(['/', '?', '@', ',', '[', ']']) {
            return Err(message::bad_host_argument());
        }
    }
    let nothing = hosts.iter().all(|host| host.host.is_empty() && host.port.is_none());
    Ok(if nothing { Vec::new() } else { hosts })
}
