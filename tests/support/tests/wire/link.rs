//! A client and a server with the proxy between them.

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};

use aludel_test_support::PATIENCE;
use aludel_test_support::proxy::Proxy;

/// A listener and a proxy to it.
pub(crate) fn proxied() -> (TcpListener, Proxy) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let proxy = Proxy::to(listener.local_addr().unwrap()).unwrap();
    (listener, proxy)
}

/// A connection through the proxy: the client's end and the server's.
pub(crate) fn connect(listener: &TcpListener, proxy: &Proxy) -> (TcpStream, TcpStream) {
    let client = patient(TcpStream::connect(proxy.address()).unwrap());
    let server = patient(listener.accept().unwrap().0);
    (client, server)
}

/// A stream on which no test waits for ever.
pub(crate) fn patient(stream: TcpStream) -> TcpStream {
    stream.set_nodelay(true).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_write_timeout(Some(PATIENCE)).unwrap();
    stream
}

pub(crate) fn read(mut stream: &TcpStream, count: usize) -> Vec<u8> {
    let mut bytes = vec![0; count];
    stream.read_exact(&mut bytes).unwrap();
    bytes
}

/// What one read returns: at most 64 bytes.
pub(crate) fn read_once(mut stream: &TcpStream) -> Vec<u8> {
    let mut buffer = [0; 64];
    let count = stream.read(&mut buffer).unwrap();
    buffer[..count].to_vec()
}

pub(crate) fn write(mut stream: &TcpStream, bytes: &[u8]) {
    stream.write_all(bytes).unwrap();
}

/// The end of file has come, and nothing before it.
pub(crate) fn sees_end(mut stream: &TcpStream) -> bool {
    stream.read(&mut [0]).unwrap() == 0
}

/// The next read reports a reset.
pub(crate) fn sees_reset(mut stream: &TcpStream) -> bool {
    stream.read(&mut [0]).unwrap_err().kind() == ErrorKind::ConnectionReset
}

/// Nothing is there to be read now.
pub(crate) fn sees_nothing(mut stream: &TcpStream) -> bool {
    stream.set_nonblocking(true).unwrap();
    let result = stream.read(&mut [0]);
    stream.set_nonblocking(false).unwrap();
    result.is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
}

/// Bytes that differ from each other, for places that must not be mixed up.
pub(crate) fn pattern(length: usize) -> Vec<u8> {
    (0..length).map(|index| (index % 251) as u8).collect()
}
