//! Servers behind a network: nobody answers there.

use std::io::Read as _;
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use aludel::dbapi::Call;
use aludel::error::{Error, ErrorKind};
use aludel::url::HostPort;

use crate::fault::Fault;
use crate::plan::Plan;

/// The error of connecting to an address, which comes at the deadline of the call.
pub(crate) fn silence(host: &HostPort, plan: &Plan, call: &Call<'_>) -> Error {
    let left = call.remaining().unwrap_or(LONG).max(Duration::from_millis(1));
    let address = format!("{}:{}", host.host(), host.port().unwrap_or(1)).parse::<SocketAddr>();
    let connected = address.map_err(|error| error.to_string()).and_then(|address| {
        TcpStream::connect_timeout(&address, left).map_err(|error| error.to_string())
    });
    let mut stream = match connected {
        Ok(stream) => stream,
        Err(error) => return Error::operational(error).with_sqlstate("08001"),
    };
    // Whatever is read, it is no database.
    let _ = stream.set_read_timeout(Some(left)).and_then(|()| stream.read(&mut [0; 1]));
    let is_chosen = plan.is_about(Fault::SilenceIsInternal)
        && (CHANCES.fetch_add(1, Ordering::Relaxed) + 1).is_multiple_of(plan.every());
    let kind = if is_chosen { ErrorKind::Internal } else { ErrorKind::Operational };
    Error::new(kind, "the server does not answer").with_sqlstate("HYT00")
}

/// Servers that did not answer; each is a chance, because no connection outlives it.
static CHANCES: AtomicU64 = AtomicU64::new(0);
/// Without a deadline.
const LONG: Duration = Duration::from_secs(10);
