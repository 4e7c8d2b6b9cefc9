//! What a URL, the environment and files say about a connection, in one checked value.
