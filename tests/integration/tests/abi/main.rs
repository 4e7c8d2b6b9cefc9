//! The ABI, with dialects that are linked into the test and with tables made by hand.

mod header;
