//! What is told at the end of a statement: what became of it, and where its time went.

use std::borrow::Cow;
use std::fmt;

use tracing::{Level, field};

use super::event::event;
use super::sent::Verb;
use super::statement::{Statement, Words};
use super::tag::five;
use super::voice::{Detail, Voice};
use crate::echo::Message;
use crate::error::{Error, ErrorKind};

/// An event of what became of a statement.
macro_rules! outcome {
    ($level:expr, $it:ident, $voice:ident, $message:ident, $words:ident, $error:ident $(, $more:ident)?) => {
        event!(
            $level,
            $voice,
            $message,
            db.query.text = $words.text,
            db.operation.name = $words.text.and_then(Verb::of).map(field::display),
            db.response.returned_rows = $it.returns_rows.then_some($it.rows),
            db.response.status_code = $error.and_then(Error::sqlstate),
            error.type = $error.map(|error| error.kind().name()),
            error.message = $error.map(|error| shown_message($voice, error)).as_deref(),
            code.file.path = $it.caller.file(),
            code.line.number = $it.caller.line(),
            connection = $it.number,
            rows = $it.rows(),
            $($more,)?
            pool_wait = $it.spent.pool_wait(),
            connect = $it.spent.connect(),
            prepare = $it.spent.prepare.as_secs_f64(),
            execute = $it.spent.execute.as_secs_f64(),
            fetch = $it.spent.fetch.as_secs_f64(),
            elapsed = $it.spent.total().as_secs_f64()
        )
    };
}

impl Statement {
    /// Tells of the end; the span has what became of the statement.
    pub(super) fn end(&self, words: Words<'_>, error: Option<&Error>) {
        self.record(error);
        let _entered = self.span.enter();
        self.tell_end(words, error);
        self.warn_if_slow(words, error);
    }

    /// Rows that were read, or else changed.
    fn rows(&self) -> Option<u64> {
        if self.returns_rows { Some(self.rows) } else { self.affected }
    }

    fn record(&self, error: Option<&Error>) {
        let (span, spent) = (&self.span, self.spent);
        if span.is_disabled() {
            return;
        }
        if let Some(error) = error {
            span.record("otel.status_code", "ERROR");
            let message = shown_message(self.voice(), error);
            span.record("otel.status_description", &*message);
            span.record("error.type", error.kind().name());
            span.record("db.response.status_code", error.sqlstate());
        }
        span.record("rows", self.rows());
        span.record("db.response.returned_rows", self.returns_rows.then_some(self.rows));
        span.record("pool_wait", spent.pool_wait());
        span.record("connect", spent.connect());
        span.record("prepare", spent.prepare.as_secs_f64());
        span.record("execute", spent.execute.as_secs_f64());
        span.record("fetch", spent.fetch.as_secs_f64());
        span.record("elapsed", spent.total().as_secs_f64());
    }

    fn tell_end(&self, words: Words<'_>, error: Option<&Error>) {
        let voice = self.voice();
        let message = match error {
            None => Message::new(format_args!("statement done")),
            Some(_) => Message::new(format_args!("statement failed")),
        };
        outcome!(Level::DEBUG, self, voice, message, words, error);
        if voice.prints(Detail::Rows, &message) {
            let (summary, spent) = (self.summary(error), self.spent);
            voice.print(Detail::Rows, format_args!("[{summary}in {spent}]"));
        }
    }

    fn summary(&self, error: Option<&Error>) -> Summary {
        let error = error.map(Error::kind);
        match self.returns_rows {
            true => Summary { error, rows: Some(self.rows), what: "" },
            false => Summary { error, rows: self.affected, what: " changed" },
        }
    }

    fn warn_if_slow(&self, words: Words<'_>, error: Option<&Error>) {
        let (voice, total) = (self.voice(), self.spent.total());
        let threshold = voice.source().reporting.slow_query_threshold();
        let Some(threshold) = threshold.filter(|threshold| total >= *threshold) else { return };
        let message = Message::new(format_args!("slow query"));
        let parameters = words.parameters.map(field::display);
        outcome!(Level::WARN, self, voice, message, words, error, parameters);
        if message.is_read() {
            return;
        }
        let failed = error.map(|error| format!(", {}", error.kind().name())).unwrap_or_default();
        let (total, threshold) = (five(total), five(threshold));
        let parameters = words.parameters.map(|text| text.to_string()).unwrap_or_default();
        let (caller, text) = (self.caller, words.text.unwrap_or_default());
        voice.warn(format_args!(
            "slow query: {total}s, threshold {threshold}s{failed}, at {caller}\n{text}\n{parameters}"
        ));
    }
}

/// The message of the error, without values where they are hidden.
fn shown_message<'e>(voice: Voice<'_>, error: &'e Error) -> Cow<'e, str> {
    error.shown_message(voice.source().reporting.hide_parameters)
}

/// What became of a statement, with a blank behind it.
struct Summary {
    error: Option<ErrorKind>,
    /// Where that is known.
    rows: Option<u64>,
    what: &'static str,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.error, self.rows) {
            (Some(error), None | Some(0)) => return write!(f, "{} ", error.name()),
            (Some(error), _) => write!(f, "{} after ", error.name())?,
            (None, _) => {}
        }
        match self.rows {
            None => Ok(()),
            Some(1) => write!(f, "1 row{} ", self.what),
            Some(rows) => write!(f, "{rows} rows{} ", self.what),
        }
    }
}
