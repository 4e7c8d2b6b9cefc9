//! A server that follows a script, and reports where a client left it.
//!
//! ```
//! use std::io::{Read, Write};
//! use std::net::TcpStream;
//! use aludel_test_support::server::{FakeServer, Script};
//!
//! let server = FakeServer::play([Script::new().expect(b"ping").send(b"pong").close()])?;
//! let mut client = TcpStream::connect(server.address())?;
//! client.write_all(b"pint")?;
//! assert!(client.read(&mut [0; 4]).is_err(), "a client that left the script is reset");
//!
//! let report = server.finish().unwrap_err().to_string();
//! assert!(report.starts_with("connection 0, step 1, expect 4 bytes: byte 3 is 74, expected 67"));
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! The server knows no protocol. [`Body`] and [`Framing`] write and read messages as PostgreSQL and
//! MySQL frame them, with wrong lengths too.

mod body;
mod deviation;
mod fake;
mod framing;
mod gate;
mod listen;
mod play;
mod report;
mod script;
mod step;

pub use body::Body;
pub use deviation::Deviation;
pub use fake::FakeServer;
pub use framing::{Framing, Message};
pub use gate::Gate;
pub use script::Script;
pub use step::{Heard, Verdict};
