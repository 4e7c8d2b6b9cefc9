//! The proxy as a test holds it.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};

use super::command::end;
use super::fault::Cut;
use super::pump::Pump;
use super::state::{Shared, State, Whom};
use super::{Connection, Counts, Lanes, Way};
use crate::net::{Endpoint, Port, Signal};

/// Bytes of each direction that are recorded unless told otherwise.
const RECORD: usize = 1 << 20;

/// Listens on a free port of 127.0.0.1 and leads every connection to one server.
///
/// One thread moves the bytes. Dropping the proxy ends it and closes all connections.
pub struct Proxy {
    shared: Arc<Shared>,
    address: SocketAddr,
    thread: Option<JoinHandle<()>>,
}

impl Proxy {
    /// Starts a proxy to a TCP port or a Unix socket, without any fault.
    ///
    /// The server is connected to when a client comes; where it refuses, the client sees a reset.
    ///
    /// # Errors
    /// When the system gives no port or no thread.
    pub fn to(upstream: impl Into<Endpoint>) -> io::Result<Self> {
        let port = Port::free()?;
        let address = port.address();
        let shared = Arc::new(Shared::new(State::recording(RECORD), Signal::new()?));
        let pump = Pump::new(Arc::clone(&shared), port, upstream.into());
        let thread = Builder::new().name("aludel-proxy".into()).spawn(move || pump.run())?;
        let proxy = Self { shared, address, thread: Some(thread) };
        // Returns when the port is open.
        proxy.accept();
        Ok(proxy)
    }

    /// The address that clients connect to; it stays the same while connections are refused.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The connection with this number, from 0; it need not have come yet.
    pub fn connection(&self, index: usize) -> Connection<'_> {
        Connection { shared: &self.shared, index }
    }

    /// Faults of what the server says, on all connections, also those to come.
    pub fn to_client(&self) -> Lanes<'_> {
        self.lanes(&[Way::ToClient])
    }

    /// Faults of what clients say, on all connections, also those to come.
    pub fn to_server(&self) -> Lanes<'_> {
        self.lanes(&[Way::ToServer])
    }

    /// Faults of both directions, on all connections, also those to come.
    pub fn both_ways(&self) -> Lanes<'_> {
        self.lanes(&Way::BOTH)
    }

    fn lanes(&self, ways: &'static [Way]) -> Lanes<'_> {
        Lanes { shared: &self.shared, whom: Whom::Everyone, ways }
    }

    /// Resets all connections that are open.
    pub fn reset(&self) {
        end(&self.shared, Whom::Everyone, Cut::Reset);
    }

    /// Closes all connections that are open in an orderly way.
    pub fn close(&self) {
        end(&self.shared, Whom::Everyone, Cut::Close);
    }

    /// Refuses new connections, as a port on which nobody listens; open ones go on.
    pub fn refuse(&self) {
        self.shared.change("a closed port", |state| state.listening = false);
    }

    /// Accepts new connections again.
    ///
    /// # Panics
    /// When another program has taken the port meanwhile.
    pub fn accept(&self) {
        self.shared.change("an open port", |state| state.listening = true);
        assert!(self.shared.lock().listening, "port {} was taken by another", self.address);
    }

    /// Makes the network a hole: nothing passes on open connections, and new ones are accepted but
    /// never answered.
    pub fn swallow(&self) {
        self.shared.change("a hole", |state| {
            for plan in state.plans_of(Whom::Everyone) {
                plan.hole = true;
            }
            for link in state.links_of(Whom::Everyone) {
                for lane in &mut link.lanes {
                    lane.faults.stall = Some(lane.counts.passed);
                }
            }
        });
    }

    /// Closes the hole: what was held back passes, connections made meanwhile reach the server.
    ///
    /// Other stalls of connections that are open are released as well.
    pub fn stop_swallowing(&self) {
        self.shared.change("the end of a hole", |state| {
            for plan in state.plans_of(Whom::Everyone) {
                plan.hole = false;
            }
            for link in state.links_of(Whom::Everyone) {
                link.hole = false;
                for lane in &mut link.lanes {
                    lane.faults.stall = None;
                }
            }
        });
    }

    /// Bytes of each direction of a connection that are recorded; 1 MiB unless set.
    pub fn record_at_most(&self, bytes: usize) {
        self.shared.change("a limit", |state| state.record_limit = bytes);
    }

    /// What has happened on all connections together.
    pub fn counts(&self) -> Counts {
        self.shared.lock().counts(Whom::Everyone)
    }

    /// Waits until the counts of all connections together are as wanted, and returns them.
    ///
    /// # Panics
    /// When that takes longer than [`PATIENCE`](crate::PATIENCE); `what` says for what it waited.
    pub fn wait_until(&self, what: &str, wanted: impl Fn(&Counts) -> bool) -> Counts {
        self.shared.wait(what, |state| wanted(&state.counts(Whom::Everyone)));
        self.counts()
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("Proxy");
        fields.field("address", &self.address).field("counts", &self.counts()).finish()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.lock().stop = true;
        self.shared.signal.raise();
        if let Some(Err(panic)) = self.thread.take().map(JoinHandle::join)
            && !std::thread::panicking()
        {
            std::panic::resume_unwind(panic);
        }
    }
}
