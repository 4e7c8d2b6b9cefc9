//! What listeners to executions get, and what they may change.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::time::Duration;

use crate::engine::Connection;
use crate::text::ExecutionOptions;
use crate::value::Parameters;

/// Parameters that are copied when somebody looks at them.
pub(crate) struct LazyParameters<'e> {
    copy: &'e dyn Fn() -> Parameters,
    copied: OnceCell<Parameters>,
    is_changed: bool,
}

impl<'e> LazyParameters<'e> {
    pub(crate) fn new(copy: &'e dyn Fn() -> Parameters) -> Self {
        LazyParameters { copy, copied: OnceCell::new(), is_changed: false }
    }

    fn get(&self) -> &Parameters {
        self.copied.get_or_init(self.copy)
    }

    fn get_mut(&mut self) -> &mut Parameters {
        self.is_changed = true;
        self.get();
        self.copied.get_mut().expect("invariant: the parameters were copied by the line before")
    }

    /// The parameters, where they were changed.
    fn changed(self) -> Option<Parameters> {
        self.copied.into_inner().filter(|_| self.is_changed)
    }
}

/// A text and parameters where a listener has changed them.
pub(crate) type Changes = (Option<String>, Option<Parameters>);

fn changes(statement: Cow<'_, str>, parameters: LazyParameters<'_>) -> Changes {
    let statement = match statement {
        Cow::Owned(statement) => Some(statement),
        Cow::Borrowed(_) => None,
    };
    (statement, parameters.changed())
}

/// A statement that the program executes, before its binds are looked for.
pub struct BeforeExecute<'e> {
    /// The connection. Statements may be executed on it; this event does not tell of them.
    pub connection: &'e mut Connection,
    /// The options of this execution: its own, those of the statement, of the connection and of
    /// the engine.
    pub options: &'e ExecutionOptions,
    pub(crate) statement: Cow<'e, str>,
    pub(crate) parameters: LazyParameters<'e>,
}

impl BeforeExecute<'_> {
    /// The text and the parameters, where they were changed.
    pub(crate) fn changes(self) -> Changes {
        changes(self.statement, self.parameters)
    }

    /// The text as the program gave it.
    pub fn statement(&self) -> &str {
        &self.statement
    }

    /// Executes this text instead. It is read as the program's was: binds are looked for where the
    /// values go by name, and those that the statement declares are declared here.
    pub fn set_statement(&mut self, statement: impl Into<String>) {
        self.statement = Cow::Owned(statement.into());
    }

    /// The values as the program gave them: by name or by place, one set or many. They are copied
    /// when this is called for the first time.
    pub fn parameters(&self) -> &Parameters {
        self.parameters.get()
    }

    /// The values, to be changed. What is there at the end is sent.
    pub fn parameters_mut(&mut self) -> &mut Parameters {
        self.parameters.get_mut()
    }
}

impl std::fmt::Debug for BeforeExecute<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BeforeExecute").field("statement", &self.statement).finish_non_exhaustive()
    }
}

/// A statement that is about to go to the driver.
pub struct BeforeCursorExecute<'e> {
    /// The connection. Statements may be executed on it; this event does not tell of them.
    pub connection: &'e mut Connection,
    /// True for an executemany.
    pub executemany: bool,
    pub(crate) statement: Cow<'e, str>,
    pub(crate) parameters: LazyParameters<'e>,
}

impl BeforeCursorExecute<'_> {
    /// The text and the parameters, where they were changed.
    pub(crate) fn changes(self) -> Changes {
        changes(self.statement, self.parameters)
    }

    /// The text in the driver's paramstyle.
    pub fn statement(&self) -> &str {
        &self.statement
    }

    /// Sends this text instead. Its placeholders are the driver's.
    pub fn set_statement(&mut self, statement: impl Into<String>) {
        self.statement = Cow::Owned(statement.into());
    }

    /// The values in the order of the placeholders. They are copied when this is called for the
    /// first time.
    pub fn parameters(&self) -> &Parameters {
        self.parameters.get()
    }

    /// The values, to be changed. What is there at the end is sent, by place; types that the
    /// statement declares for its binds are then those of the values.
    pub fn parameters_mut(&mut self) -> &mut Parameters {
        self.parameters.get_mut()
    }
}

impl std::fmt::Debug for BeforeCursorExecute<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BeforeCursorExecute")
            .field("statement", &self.statement)
            .field("executemany", &self.executemany)
            .finish_non_exhaustive()
    }
}

/// A statement that was executed. Its rows are still to be read, by the program.
pub struct AfterExecute<'e> {
    /// True for an executemany.
    pub executemany: bool,
    /// Rows that the statement changed, where that is known before the rows are read.
    pub rowcount: Option<u64>,
    /// True when there may be rows.
    pub returns_rows: bool,
    /// How long the driver took to execute it, up to the first batch of rows.
    pub elapsed: Duration,
    pub(crate) statement: &'e str,
    pub(crate) parameters: LazyParameters<'e>,
}

impl AfterExecute<'_> {
    /// The text: in `after_execute` the program's, in `after_cursor_execute` the one that was sent.
    pub fn statement(&self) -> &str {
        self.statement
    }

    /// The values, as they were given or sent. They are copied when this is called for the first
    /// time.
    pub fn parameters(&self) -> &Parameters {
        self.parameters.get()
    }
}

impl std::fmt::Debug for AfterExecute<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AfterExecute")
            .field("statement", &self.statement)
            .field("executemany", &self.executemany)
            .field("rowcount", &self.rowcount)
            .field("returns_rows", &self.returns_rows)
            .field("elapsed", &self.elapsed)
            .finish_non_exhaustive()
    }
}
