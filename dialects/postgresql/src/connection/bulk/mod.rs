//! Bulk operations: COPY, in and out, of bytes and of rows of values.
//!
//! `COPY … FROM STDIN` is begun by Parse, Bind, Execute and *Flush*: the Sync follows when it ends,
//! by CopyDone or CopyFail, or has failed. So exactly one ReadyForQuery is owed whatever happens; a
//! Sync that was sent at once is skipped by a server that takes rows, and answered by one that has
//! failed before it read on.
//!
//! What goes in is framed ([`frames`]) and written without waiting while there is room; else both
//! directions are waited for, because a server that tells of an error or of notices may not read
//! before it was read from ([`feed`]).

mod columns;
mod command;
mod drain;
mod feed;
mod frames;
mod operation;
mod refuse;
mod rows;

pub(super) use operation::Bulk;
