//! Why a checkout got no connection, with all that helps to find the reason.

use super::call::Call;
use super::core::Core;
use super::manager::Manager;
use super::settings::PoolClass;
use super::thread_number::this_thread;
use crate::error::Error;

/// Holders that an error lists.
const LISTED: usize = 10;

#[cold]
pub(super) fn closed() -> Error {
    Error::resource_closed("the pool is closed")
        .with_help("make a new pool, or keep this one open for as long as it is used")
}

impl<M: Manager> Core<M> {
    /// The checkout would have to wait for longer than it may.
    #[cold]
    pub(super) fn timed_out(&self, call: &Call) -> Error {
        self.stats.timeouts.add();
        let error = self.describe(call);
        self.tell(|listener| listener.timeout(&error));
        error
    }

    /// The one connection of the pool was checked out by the very thread that would wait for it for
    /// ever. Where waiting has an end it waits: another thread may have the connection by now.
    pub(super) fn waits_for_itself(&self) -> Option<Error> {
        if self.config.class != PoolClass::StaticPool {
            return None;
        }
        let this = this_thread();
        let holders = self.board.holders();
        let own = holders.iter().find(|holder| holder.by == this)?;
        let what = "this thread already holds the one connection of its StaticPool, checked out at";
        Some(
            Error::timeout(format!("{what} {}", own.place))
                .with_help("use the connection you have, or drop it first"),
        )
    }

    fn describe(&self, call: &Call) -> Error {
        let counts = self.gate.counts();
        let holders = self.board.holders();
        let class = self.config.class;
        let mut error = match class {
            PoolClass::AssertionPool => Error::invalid_request(match holders.first() {
                Some(first) => format!("connection is already checked out at: {}", first.place),
                None => "connection is already checked out".to_owned(),
            }),
            _ => {
                let size = counts.keep.unwrap_or(0);
                let overflow = i64::from(counts.open) - i64::from(size);
                let timeout = call.timeout.map_or(f64::INFINITY, |timeout| timeout.as_secs_f64());
                Error::timeout(format!(
                    "{class} limit of size {size} overflow {overflow} reached, connection timed \
                     out, timeout {timeout:.2}"
                ))
            }
        };
        if let Some(name) = &self.config.logging_name {
            error = error.with_note("pool", name.clone());
        }
        let in_use = counts.open.saturating_sub(counts.idle + counts.connecting);
        error = error.with_note(
            "state",
            format!(
                "{in_use} in use, {} idle, {} connecting, {} waiting",
                counts.idle, counts.connecting, counts.waiting
            ),
        );
        let this = this_thread();
        let own = holders.iter().filter(|holder| holder.by == this).count();
        if own > 0 && class == PoolClass::StaticPool {
            let what = "this thread already holds the one connection: use it, or drop it first";
            error = error.with_help(what);
        } else if own > 0 && !call.of_task {
            error = error.with_help(format!(
                "this thread already has {own} of the {in_use} in use: where each thread that has \
                 some waits for one more, none comes back; T threads that hold C connections at the \
                 same time need a pool of at least T × (C − 1) + 1"
            ));
        }
        for holder in holders.iter().take(LISTED) {
            error = error.with_note("held by", holder.to_string());
        }
        if holders.len() > LISTED {
            error = error.with_note("held by", format!("{} more", holders.len() - LISTED));
        }
        match &*self.trouble() {
            Some(trouble) => error.with_note(
                "last connect error",
                format!("{:.1} s ago: {}", trouble.at.elapsed().as_secs_f64(), trouble.text),
            ),
            None => error,
        }
    }
}
