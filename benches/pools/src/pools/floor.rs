//! No pool: the least that one that is shared between threads could do.
//!
//! A word is loaded and exchanged to take the connection, and again to give it back; nobody can wait.

use std::ops::Deref;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::contender::{BenchPool, Contender};
use crate::pools::names;
use crate::server::{Connection, Failure};

const TAKEN: u64 = 1;

/// On a cache line that holds nothing else.
#[repr(align(128))]
struct Word(AtomicU64);

struct Floor {
    word: Word,
    connection: Connection,
}

struct Guard<'a>(&'a Floor);

impl Floor {
    #[inline]
    fn exchange(&self, add: u64) -> Result<(), Failure> {
        let now = self.word.0.load(Ordering::Relaxed);
        let new = now.wrapping_add(add);
        let exchanged = self.word.0.compare_exchange(now, new, Ordering::AcqRel, Ordering::Relaxed);
        match exchanged {
            Ok(_) => Ok(()),
            Err(_) => Err(Failure::new("the connection is in use")),
        }
    }
}

impl BenchPool for Floor {
    type Guard<'a> = Guard<'a>;

    #[inline]
    fn checkout(&self) -> Result<Guard<'_>, Failure> {
        self.exchange(TAKEN)?;
        Ok(Guard(self))
    }
}

impl Deref for Guard<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.0.connection
    }
}

impl Drop for Guard<'_> {
    #[inline]
    fn drop(&mut self) {
        // Fails only when threads share what one thread is to have.
        let _never_shared = self.0.exchange(TAKEN.wrapping_neg());
    }
}

pub(super) fn contender() -> Contender {
    Contender::new(names::FLOOR, "no pool: one thread, one connection", |setup| {
        Ok(Floor { word: Word(AtomicU64::new(0)), connection: setup.server.connect(None)? })
    })
    .ours()
}
