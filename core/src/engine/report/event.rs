//! Events of `tracing`, with the database and who tells, which all of them have.

/// The target of everything that the engine tells.
pub(super) const TARGET: &str = "aludel::engine";

/// An event of the engine, of which `$voice` tells: the level, the message, further fields. Nothing
/// of it is evaluated unless a subscriber takes it.
macro_rules! event {
    ($level:expr, $voice:expr, $message:expr $(, $($fields:tt)+)?) => {
        tracing::event!(
            target: "aludel::engine",
            $level,
            db.system.name = $voice.database().system,
            db.namespace = $voice.database().namespace,
            server.address = $voice.database().address,
            server.port = $voice.database().port,
            engine = $voice.name(),
            token = $voice.token(),
            $($($fields)+,)?
            "{}",
            $message
        )
    };
}

pub(super) use event;
