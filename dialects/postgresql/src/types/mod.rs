//! PostgreSQL's types: which there are, and their values on the wire in binary and in text.
