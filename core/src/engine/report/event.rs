//! Events of `tracing` whose level is known at run time.

use tracing::Level;

/// The target of everything that the engine tells.
pub(super) const TARGET: &str = "aludel::engine";

/// An event of the engine. `tracing` keeps a callsite for each level.
macro_rules! event {
    ($level:expr, $($fields:tt)+) => {
        match $level {
            tracing::Level::WARN => {
                tracing::event!(target: "aludel::engine", tracing::Level::WARN, $($fields)+);
            }
            tracing::Level::INFO => {
                tracing::event!(target: "aludel::engine", tracing::Level::INFO, $($fields)+);
            }
            tracing::Level::DEBUG => {
                tracing::event!(target: "aludel::engine", tracing::Level::DEBUG, $($fields)+);
            }
            _ => tracing::event!(target: "aludel::engine", tracing::Level::TRACE, $($fields)+),
        }
    };
}

pub(super) use event;

/// True when a subscriber of the program takes events of this level.
pub(super) fn is_taken(level: Level) -> bool {
    match level {
        Level::WARN => tracing::enabled!(target: TARGET, Level::WARN),
        Level::INFO => tracing::enabled!(target: TARGET, Level::INFO),
        Level::DEBUG => tracing::enabled!(target: TARGET, Level::DEBUG),
        _ => tracing::enabled!(target: TARGET, Level::TRACE),
    }
}
