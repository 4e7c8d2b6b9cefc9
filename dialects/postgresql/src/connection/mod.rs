//! The connection and its statements: what travels in which flight, and what comes back.
