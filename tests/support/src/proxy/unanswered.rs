//! A port on which connections are never completed.

use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use crate::PATIENCE;
use crate::net::Port;

/// How long a connection that the system completes takes at most on a machine that is busy.
const COMPLETES: Duration = Duration::from_millis(500);

/// An address whose packets are dropped: to connect takes until the client gives up.
///
/// Its queue of connections is full, and the system drops what asks for more.
#[derive(Debug)]
pub struct Unanswered {
    port: Port,
    _listener: TcpListener,
    _queued: Vec<TcpStream>,
}

impl Unanswered {
    /// Takes a free port of 127.0.0.1 and fills its queue.
    ///
    /// # Errors
    /// When the system gives no port, or completes connections without end.
    pub fn new() -> io::Result<Self> {
        let port = Port::free()?;
        let listener = port.listen(0)?;
        let mut queued = Vec::new();
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            match TcpStream::connect_timeout(&port.address(), COMPLETES) {
                Ok(stream) => queued.push(stream),
                Err(error) if error.kind() == io::ErrorKind::TimedOut => {
                    return Ok(Self { port, _listener: listener, _queued: queued });
                }
                Err(error) => return Err(error),
            }
        }
        Err(io::Error::other("the queue of a port that nobody accepts from does not fill up"))
    }

    /// The address that does not answer.
    pub fn address(&self) -> SocketAddr {
        self.port.address()
    }
}
