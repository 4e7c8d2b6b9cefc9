//! A proxy between a client and a server whose link fails when the test says so.
//!
//! ```
//! use std::io::{Read, Write};
//! use std::net::{TcpListener, TcpStream};
//! use aludel_test_support::proxy::Proxy;
//!
//! let server = TcpListener::bind("127.0.0.1:0")?;
//! let proxy = Proxy::to(server.local_addr()?)?;
//! // The client will see three bytes of what the server sends, then a reset.
//! proxy.to_client().reset_after(3);
//!
//! let mut client = TcpStream::connect(proxy.address())?;
//! let (mut accepted, _) = server.accept()?;
//! accepted.write_all(b"hello")?;
//!
//! let mut seen = [0; 3];
//! client.read_exact(&mut seen)?;
//! assert_eq!(&seen, b"hel");
//! let error = client.read(&mut [0]).unwrap_err();
//! assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! A fault is in force when the call that sets it returns. Places (`after n`, `offset`) are counted
//! for a connection that is open from that moment on, for a later one from its first byte, and
//! exactly so many bytes pass, whatever the sizes of writes and reads. Connections are numbered from
//! 0 in the order in which they came; faults for one that is still to come can be set beforehand.

mod command;
mod connection;
mod counts;
mod fault;
mod handle;
mod lane;
mod lanes;
mod link;
mod pump;
mod state;
mod unanswered;
mod way;

pub use connection::Connection;
pub use counts::{Counts, LaneCounts};
pub use handle::Proxy;
pub use lanes::Lanes;
pub use unanswered::Unanswered;
pub use way::Way;

pub use crate::net::Endpoint;
