//! Connecting to the hosts of a configuration, in order.

use std::collections::HashMap;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs};

use aludel::{Error, Result};
use bytes::BytesMut;
use postgres_protocol::message::frontend;

use super::authentication::Authentication;
use super::{BackendKey, Session};
use crate::config::{Config, Endpoint, Host};
use crate::net::{Deadline, Peer, Stream};
use crate::wire::{ErrorFields, Inbox, Message};

/// Connects to the first host that takes us.
pub(crate) fn connect(config: &Config, deadline: Deadline) -> Result<Session> {
    let mut last = None;
    for host in &config.hosts {
        let deadline = deadline.earlier(Deadline::after_if(config.connect_timeout));
        for peer in peers(&host.endpoint).map_err(unreachable)? {
            match attempt(config, host, &peer, deadline) {
                Ok(session) => return Ok(session),
                Err(error) => last = Some(error),
            }
        }
    }
    Err(last.unwrap_or_else(|| Error::argument("no host to connect to")))
}

fn peers(endpoint: &Endpoint) -> io::Result<Vec<Peer>> {
    Ok(match endpoint {
        Endpoint::Tcp { address: Some(address), port, .. } => {
            vec![Peer::Tcp(SocketAddr::new(*address, *port))]
        }
        Endpoint::Tcp { host, port, .. } => {
            (host.as_str(), *port).to_socket_addrs()?.map(Peer::Tcp).collect()
        }
        Endpoint::Unix { directory, port } => {
            vec![Peer::Unix(directory.join(format!(".s.PGSQL.{port}")))]
        }
    })
}

fn attempt(config: &Config, host: &Host, peer: &Peer, deadline: Deadline) -> Result<Session> {
    let mut stream = Stream::connect(peer, &config.keepalives, config.tcp_user_timeout, deadline)
        .map_err(unreachable)?;
    let mut out = BytesMut::new();
    let fixed = [("user", config.user.as_str()), ("database", config.database.as_str())];
    let parameters = config.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    frontend::startup_message(fixed.into_iter().chain(parameters), &mut out)
        .map_err(|error| Error::argument(error.to_string()))?;

    let mut inbox = Inbox::new();
    let mut backend = BackendKey { pid: 0, secret: Vec::new(), peer: peer.clone() };
    let mut parameters = HashMap::new();
    let mut authentication = Authentication::new(host.password.as_ref());
    loop {
        if !out.is_empty() {
            stream.write_all(&[&out], deadline).map_err(unreachable)?;
            out.clear();
        }
        let Message { tag, body } = inbox.receive(&mut stream, deadline)?;
        match tag {
            b'R' => drop(authentication.answer(body, &mut out)?),
            b'K' => {
                if let Some((pid, secret)) = body.split_first_chunk() {
                    backend.pid = i32::from_be_bytes(*pid);
                    backend.secret = secret.to_vec();
                }
            }
            b'S' => {
                let mut texts = body.split(|byte| *byte == 0).map(String::from_utf8_lossy);
                if let (Some(name), Some(value)) = (texts.next(), texts.next()) {
                    parameters.insert(name.into_owned(), value.into_owned());
                }
            }
            b'N' => {}
            b'Z' => return Ok(Session { stream, inbox, backend, parameters }),
            b'E' => return Err(Error::operational(ErrorFields::parse(body).message).disconnected()),
            other => {
                return Err(
                    Error::operational(format!("unexpected message {other:#04x}")).disconnected()
                );
            }
        }
    }
}

fn unreachable(error: io::Error) -> Error {
    Error::operational(error.to_string()).with_source(error).disconnected()
}
