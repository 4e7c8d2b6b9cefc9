//! From addresses to a session: hosts in order, TLS, authentication, role of the server.
