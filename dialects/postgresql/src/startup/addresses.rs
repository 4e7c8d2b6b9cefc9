//! The addresses behind the hosts of a configuration, in the order to try them.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::net::{SocketAddr, ToSocketAddrs};

use crate::config::{Config, Endpoint, Host, LoadBalance};
use crate::net::Peer;

/// The hosts in the order of this attempt.
pub(super) fn hosts(config: &Config) -> Vec<&Host> {
    let mut hosts: Vec<_> = config.hosts.iter().collect();
    if config.load_balance_hosts == LoadBalance::Random {
        shuffle(&mut hosts);
    }
    hosts
}

/// The addresses of a host. A name is looked up by the system, which takes as long as it takes:
/// the standard library has no way to end it earlier, so a deadline is looked at again afterwards.
pub(super) fn peers(endpoint: &Endpoint, order: LoadBalance) -> io::Result<Vec<Peer>> {
    let mut peers: Vec<_> = match endpoint {
        Endpoint::Tcp { address: Some(address), port, .. } => {
            vec![Peer::Tcp(SocketAddr::new(*address, *port))]
        }
        Endpoint::Tcp { host, port, .. } => {
            (host.as_str(), *port).to_socket_addrs()?.map(Peer::Tcp).collect()
        }
        Endpoint::Unix { directory, port } => {
            vec![Peer::Unix(directory.join(format!(".s.PGSQL.{port}")))]
        }
    };
    peers.dedup();
    if order == LoadBalance::Random {
        shuffle(&mut peers);
    }
    if peers.is_empty() {
        return Err(io::Error::new(io::ErrorKind::NotFound, "the name has no address"));
    }
    Ok(peers)
}

/// Where an attempt led, for messages: the address as well when it was looked up.
pub(super) fn place(endpoint: &Endpoint, peer: &Peer) -> String {
    match (endpoint, peer) {
        (Endpoint::Tcp { host, .. }, Peer::Tcp(address)) if *host != address.ip().to_string() => {
            format!("{endpoint} ({})", address.ip())
        }
        _ => endpoint.to_string(),
    }
}

/// Every order is as likely (Fisher and Yates). The keys of the standard library's hash maps are
/// random enough to spread connections, and cost no dependency.
fn shuffle<T>(items: &mut [T]) {
    for last in (1..items.len()).rev() {
        let random = RandomState::new().build_hasher().finish();
        let other = usize::try_from(random % (last as u64 + 1)).unwrap_or(last);
        items.swap(last, other);
    }
}

#[cfg(test)]
mod tests {
    use super::shuffle;

    #[test]
    fn each_order_comes_as_often_as_any_other() {
        let mut seen = std::collections::HashMap::new();
        for _ in 0..6000 {
            let mut items = [1, 2, 3];
            shuffle(&mut items);
            *seen.entry(items).or_insert(0) += 1;
        }
        assert_eq!(seen.len(), 6);
        assert!(seen.values().all(|count| (800..1200).contains(count)), "{seen:?}");
    }
}
