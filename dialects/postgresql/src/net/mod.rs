//! Bytes to and from a server: sockets, TLS, deadlines.
