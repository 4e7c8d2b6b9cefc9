//! The scripted server as a test holds it.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use super::listen::{Listening, Scripts};
use super::report::Report;
use super::{Deviation, Script};
use crate::PATIENCE;
use crate::net::{Port, Signal};

/// Listens on a free port of 127.0.0.1 and plays a script on each connection.
///
/// Each connection has its thread, so scripts are played one after another or at once, as clients
/// come. A client that leaves its script is reset at once and reported by [`FakeServer::finish`];
/// dropping the server without asking panics if there is something to report.
#[must_use]
pub struct FakeServer {
    address: SocketAddr,
    report: Arc<Report>,
    stop: Arc<Signal>,
    finish: Arc<Signal>,
    thread: Option<JoinHandle<()>>,
}

impl FakeServer {
    /// Plays the first script on the first connection that comes, and so on.
    ///
    /// One connection more or less than scripts is a deviation.
    ///
    /// # Errors
    /// When the system gives no port or no thread.
    pub fn play(scripts: impl IntoIterator<Item = Script>) -> io::Result<Self> {
        Self::start(Scripts::Each(scripts.into_iter().collect()), PATIENCE)
    }

    /// Plays the same script on every connection, however many come.
    ///
    /// # Errors
    /// As [`FakeServer::play`].
    pub fn play_always(script: Script) -> io::Result<Self> {
        Self::start(Scripts::Always(script), PATIENCE)
    }

    /// Like [`FakeServer::play`], with a time that each step takes at most, instead of
    /// [`PATIENCE`]; for tests in which a client is expected to stop.
    ///
    /// # Errors
    /// As [`FakeServer::play`].
    pub fn play_within(
        patience: Duration,
        scripts: impl IntoIterator<Item = Script>,
    ) -> io::Result<Self> {
        Self::start(Scripts::Each(scripts.into_iter().collect()), patience)
    }

    fn start(scripts: Scripts, patience: Duration) -> io::Result<Self> {
        let port = Port::free()?;
        let (stop, finish) = (Arc::new(Signal::new()?), Arc::new(Signal::new()?));
        let report = Arc::new(Report::default());
        let listening = Listening {
            listener: port.listen(128)?,
            scripts,
            report: Arc::clone(&report),
            stop: Arc::clone(&stop),
            finish: Arc::clone(&finish),
            patience,
        };
        let run = move || listening.run();
        let thread = Some(Builder::new().name("aludel-server".into()).spawn(run)?);
        Ok(Self { address: port.address(), report, stop, finish, thread })
    }

    /// The address that clients connect to.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Everything that a connection has said so far; empty while it has not come.
    pub fn heard(&self, connection: usize) -> Vec<u8> {
        self.report.lock().heard.get(connection).cloned().unwrap_or_default()
    }

    /// Waits until so many connections have come.
    ///
    /// # Panics
    /// When that takes longer than [`PATIENCE`].
    pub fn wait_for_connections(&self, count: usize) {
        self.report.wait("connections", |inner| inner.came >= count);
    }

    /// Waits until so many scripts have been played to their end, or one was left.
    ///
    /// A script that neither closes nor resets ends with the client.
    ///
    /// # Panics
    /// When that takes longer than [`PATIENCE`].
    pub fn wait_until_played(&self, count: usize) {
        let ready = |played, deviated: bool| deviated || played >= count;
        self.report
            .wait("played scripts", |inner| ready(inner.played, !inner.deviations.is_empty()));
    }

    /// Waits until the scripts of all connections are played, ends them, and returns the first
    /// deviation.
    ///
    /// # Errors
    /// The first deviation, when a client left its script or a connection never came.
    pub fn finish(mut self) -> Result<(), Deviation> {
        self.finish.raise();
        self.join();
        match self.report.change(|inner| std::mem::take(&mut inner.deviations)).into_iter().next() {
            Some(deviation) => Err(deviation),
            None => Ok(()),
        }
    }

    fn join(&mut self) {
        if let Some(Err(panic)) = self.thread.take().map(JoinHandle::join)
            && !std::thread::panicking()
        {
            std::panic::resume_unwind(panic);
        }
    }
}

impl fmt::Debug for FakeServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("FakeServer");
        fields.field("address", &self.address).field("report", &self.report.lock()).finish()
    }
}

impl Drop for FakeServer {
    fn drop(&mut self) {
        if self.thread.is_none() {
            return;
        }
        // Taken first: what a stop leaves undone is nobody's fault.
        let first = self.report.lock().deviations.first().cloned();
        self.stop.raise();
        self.join();
        if let Some(deviation) = first
            && !std::thread::panicking()
        {
            panic!("a client left the script, and nobody asked: {deviation}");
        }
    }
}
