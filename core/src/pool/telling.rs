//! What a pool tells of its work: the lines of `echo_pool`, and events of `tracing`.
//!
//! Both come from the same places. A line is printed when `echo_pool` asks for it and no subscriber of
//! the program takes its event, so that nobody reads it twice.

use std::fmt;
use std::panic::Location;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tracing::Level;

use super::core::{Core, ECHOED};
use super::manager::Manager;
use super::settings::EchoPool;
use crate::echo::{Heading, Message, Sink};
use crate::error::Error;

/// The target of everything that a pool tells.
const TARGET: &str = "aludel::pool";

/// An event of the pool. `tracing` keeps a callsite for each level.
macro_rules! event {
    ($level:expr, $($fields:tt)+) => {
        match $level {
            Level::ERROR => tracing::event!(target: "aludel::pool", Level::ERROR, $($fields)+),
            Level::WARN => tracing::event!(target: "aludel::pool", Level::WARN, $($fields)+),
            Level::INFO => tracing::event!(target: "aludel::pool", Level::INFO, $($fields)+),
            _ => tracing::event!(target: "aludel::pool", Level::DEBUG, $($fields)+),
        }
    };
}

/// How much a pool tells, and where.
pub(super) struct Telling {
    echo: AtomicU8,
    switching: Mutex<()>,
    pub(super) sink: Sink,
}

/// What a checkout took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct CheckoutTimes {
    /// Waiting for others, and testing.
    pub(crate) wait: Duration,
    /// Opening connections.
    pub(crate) connect: Duration,
}

impl Telling {
    pub(super) fn new(echo: EchoPool, sink: Sink) -> Self {
        Telling { echo: AtomicU8::new(echo as u8), switching: Mutex::new(()), sink }
    }

    fn echo(&self) -> EchoPool {
        match self.echo.load(Ordering::Relaxed) {
            0 => EchoPool::Off,
            1 => EchoPool::On,
            _ => EchoPool::Debug,
        }
    }

    /// True when the line is printed here: nobody else does, or this place is the program's choice.
    fn prints(&self, level: Level, message: &Message<'_>) -> bool {
        let is_wanted = match self.echo() {
            EchoPool::Off => false,
            EchoPool::On => level <= Level::INFO,
            EchoPool::Debug => true,
        };
        is_wanted && (self.sink.is_chosen() || !message.is_read())
    }
}

/// The name of a level in lines.
fn word(level: Level) -> &'static str {
    match level {
        Level::ERROR => "ERROR",
        Level::WARN => "WARNING",
        Level::INFO => "INFO",
        _ => "DEBUG",
    }
}

impl<M: Manager> Core<M> {
    /// How much is told now.
    pub(super) fn echo(&self) -> EchoPool {
        self.telling.echo()
    }

    pub(super) fn set_echo(&self, echo: EchoPool) {
        // Both are changed together, or calls at the same time would leave one of each.
        let _alone = self.telling.switching.lock().unwrap_or_else(PoisonError::into_inner);
        self.telling.echo.store(echo as u8, Ordering::Relaxed);
        match echo {
            EchoPool::Debug => self.flags().set(ECHOED),
            EchoPool::Off | EchoPool::On => self.flags().clear(ECHOED),
        }
    }

    /// Tells of something that concerns no single connection.
    #[cold]
    pub(super) fn say(&self, level: Level, text: fmt::Arguments<'_>) {
        let message = Message::new(text);
        event!(level, pool = self.config.logging_name.as_deref(), "{message}");
        self.print(level, &message, text);
    }

    /// Tells of something that happens to the connection of this number.
    #[cold]
    pub(super) fn say_of(&self, level: Level, connection: u64, text: fmt::Arguments<'_>) {
        let message = Message::new(text);
        event!(level, pool = self.config.logging_name.as_deref(), connection, "{message}");
        self.print(level, &message, text);
    }

    fn print(&self, level: Level, message: &Message<'_>, text: fmt::Arguments<'_>) {
        if self.telling.prints(level, message) {
            let name = self.config.logging_name.as_deref();
            let heading = Heading { level: word(level), target: TARGET, name, token: None };
            self.telling.sink.write(&heading.line(text));
        }
    }

    /// Tells of a checkout before the connection is tested, as its line does.
    #[cold]
    pub(super) fn say_checkout(&self, connection: u64) {
        self.say_of(Level::DEBUG, connection, format_args!("{}", CheckedOut(connection)));
    }

    /// The event of a checkout that has ended well. What was told of it
    /// [before](Self::say_checkout) is not told again in the same words.
    #[cold]
    pub(super) fn tell_checkout(
        &self,
        connection: u64,
        place: &Location<'_>,
        times: CheckoutTimes,
    ) {
        let is_said = self.is(ECHOED);
        let text: &dyn fmt::Display =
            if is_said { &"checkout done" } else { &CheckedOut(connection) };
        tracing::event!(
            target: "aludel::pool",
            Level::DEBUG,
            code.file.path = place.file(),
            code.line.number = place.line(),
            pool = self.config.logging_name.as_deref(),
            connection,
            pool_wait = times.wait.as_secs_f64(),
            connect = times.connect.as_secs_f64(),
            "{text}"
        );
    }
}

struct CheckedOut(u64);

impl fmt::Display for CheckedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Connection {} checked out from pool", self.0)
    }
}

/// An error as lines have it: class and text.
pub(super) struct Reason<'e>(pub(super) &'e Error);

impl fmt::Display for Reason<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.0.kind().name(), self.0.message())
    }
}

/// ` (reason: …)`, where there is one.
pub(super) struct Because<'e>(pub(super) Option<&'e Error>);

impl fmt::Display for Because<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(error) => write!(f, " (reason: {})", Reason(error)),
            None => Ok(()),
        }
    }
}
