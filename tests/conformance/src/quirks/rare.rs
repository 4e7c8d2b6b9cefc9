//! How databases do what only some of them have. SQL is a template, as in all quirks.

/// What tells whether a transaction is deferrable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deferrable {
    /// A query of one text, `on` or `off`.
    pub shown: &'static str,
    /// Whether a deferrable transaction waits for serializable ones that write.
    pub waits: bool,
}

/// How the server is made to send notices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notices {
    /// A statement that sends one of the message `{text}`, which stands between `'`.
    pub send: &'static str,
    /// A statement that sends `{count}` of them, of the messages `1`, `2` and so on.
    pub send_many: &'static str,
    /// The severity of these notices.
    pub severity: &'static str,
    /// Their SQLSTATE.
    pub sqlstate: Option<&'static str>,
    /// Longest message, in bytes.
    pub longest: usize,
}

/// How connections notify one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notifications {
    /// A statement after which what is sent to `{channel}` is heard.
    pub listen: &'static str,
    /// A statement after which it is not.
    pub unlisten: &'static str,
    /// A statement that sends `{payload}`, which stands between `'`, to `{channel}`.
    pub notify: &'static str,
    /// Longest payload, in bytes.
    pub longest: usize,
}

/// What goes in and out in bulk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bulk {
    /// Rows of values go in.
    pub rows: bool,
    /// The name of the format that is CSV: commas, `\"`, lines that end in a line feed, NULL as
    /// nothing.
    pub csv: &'static str,
}

/// How a statement is made to give three results: those of `{first}`, `{second}` and `{third}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Results {
    /// What makes the procedure `{name}` that gives them, where one is needed.
    pub create: Option<&'static str>,
    /// What gives them.
    pub execute: &'static str,
    /// What drops the procedure.
    pub drop: Option<&'static str>,
}

/// How a procedure is made, of the parameters in `a`, in and out `b`, and out `total`, all whole
/// numbers, which sets `total` to a + b, then doubles `b`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Procedures {
    /// What makes the procedure `{name}`.
    pub create: &'static str,
    /// What drops it.
    pub drop: &'static str,
    /// Whether it also gives a result, a row of a and b as they came.
    pub gives_result: bool,
}
