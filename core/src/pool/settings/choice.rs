//! Settings that are one of a few words.

macro_rules! choices {
    ($($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $word:literal),* $(,)? })*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
            #[non_exhaustive]
            pub enum $name { $($(#[$each])* $variant),* }

            impl $name {
                /// The words of all choices.
                pub const WORDS: &'static [&'static str] = &[$($word),*];

                /// The word of this choice.
                pub const fn word(self) -> &'static str {
                    match self { $($name::$variant => $word),* }
                }

                /// The choice of a word; upper and lower case are the same.
                pub fn from_word(word: &str) -> Option<Self> {
                    $(if word.eq_ignore_ascii_case($word) { return Some($name::$variant); })*
                    None
                }
            }

            impl std::fmt::Display for $name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str(self.word())
                }
            }
        )*
    };
}

choices! {
    /// The kind of a pool, by SQLAlchemy's names.
    PoolClass {
        /// Keeps up to `pool_size` connections and opens up to `max_overflow` more.
        QueuePool = "QueuePool",
        /// Keeps nothing: each checkout opens a connection, each return closes it.
        NullPool = "NullPool",
        /// One connection, lent to one user at a time.
        StaticPool = "StaticPool",
        /// One connection for each thread. That of a thread that has ended is closed with the pool,
        /// or by a later checkout that finds more than `pool_size` of them, which then takes as long
        /// as closing does.
        SingletonThreadPool = "SingletonThreadPool",
        /// One connection, and a second checkout is an error that says where the first was made.
        AssertionPool = "AssertionPool",
    }
    /// The order in which idle connections are used.
    PoolOrder {
        /// The one that has been idle for longest: all stay in use.
        Fifo = "fifo",
        /// The one that came back last: the others grow old and can be closed.
        Lifo = "lifo",
    }
    /// What is done to a connection that comes back.
    ResetOnReturn {
        /// Roll back what is open.
        Rollback = "rollback",
        /// Commit what is open.
        Commit = "commit",
        /// Nothing: for databases without transactions. What is open stays open.
        None = "none",
    }
    /// How much a pool prints of what it does. What a `tracing` subscriber of the program takes is
    /// not printed as well: the same is told as events of target `aludel::pool`, whatever is chosen
    /// here, but for what comes with [`Debug`](EchoPool::Debug) alone.
    EchoPool {
        /// Nothing.
        Off = "false",
        /// Errors, warnings, invalidations, replacements, and that the pool is disposed of.
        On = "true",
        /// Also how each connection is opened, checked out, tested, returned, reset and closed.
        /// Checkouts and returns take longer then.
        Debug = "debug",
    }
    /// What a failure to open the first connections means.
    Prefill {
        /// Nothing is opened ahead.
        Off = "off",
        /// A warning in the log; the pool is built.
        Warn = "warn",
        /// The pool is not built.
        Fail = "fail",
    }
    /// Who opens connections.
    ConnectMode {
        /// Whoever needs one, in its own thread, as SQLAlchemy does.
        Inline = "inline",
        /// Threads in the background, while callers wait for whatever comes first: the new
        /// connection or one that comes back. Far better under sudden load.
        Background = "background",
    }
    /// What checkouts do while the database is known to be down.
    Breaker {
        /// Each one tries to connect.
        Off = "off",
        /// They fail at once, while one probe at a time finds out whether it is back.
        Fail = "fail",
    }
}

impl From<bool> for EchoPool {
    fn from(on: bool) -> Self {
        if on { EchoPool::On } else { EchoPool::Off }
    }
}
