//! What scripted servers say, in PostgreSQL's words.

use aludel_test_support::server::{Body, FakeServer, Framing, Script};

/// What a client sends to ask for TLS.
pub(super) const SSL_REQUEST: &[u8] = b"\0\0\0\x08\x04\xd2\x16\x2f";

/// A server that takes the startup packet of a client without TLS and then says this.
pub(super) fn answers(bytes: impl AsRef<[u8]>) -> Script {
    startup().send(bytes)
}

/// A client's first words without TLS.
pub(super) fn startup() -> Script {
    Script::new().expect_message(Framing::PostgresStartup, "a startup packet", |message| {
        match message.body {
            [0, 3, 0, 0, .., 0] => Ok(()),
            body => Err(format!("it begins with {}", body[..body.len().min(8)].escape_ascii())),
        }
    })
}

/// A request for authentication.
pub(super) fn request(method: i32, rest: &[u8]) -> Vec<u8> {
    Body::new().be32(method).bytes(rest).postgres(b'R')
}

/// The server is content, and the session begins.
pub(super) fn welcome() -> Vec<u8> {
    [request(0, b""), key(b"1234"), ready()].concat()
}

pub(super) fn key(secret: &[u8]) -> Vec<u8> {
    Body::new().be32(42).bytes(secret).postgres(b'K')
}

pub(super) fn ready() -> Vec<u8> {
    Body::new().u8(b'I').postgres(b'Z')
}

/// An error as a server reports it.
pub(super) fn error(code: &str, message: &str) -> Vec<u8> {
    Body::new()
        .u8(b'S')
        .cstr("FATAL")
        .u8(b'V')
        .cstr("FATAL")
        .u8(b'C')
        .cstr(code)
        .u8(b'M')
        .cstr(message)
        .u8(0)
        .postgres(b'E')
}

/// One script, played once.
pub(super) fn play(script: Script) -> FakeServer {
    FakeServer::play([script]).expect("a port is free")
}
