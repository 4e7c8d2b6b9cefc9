//! What is told of a statement before it is executed.

use std::borrow::Cow;
use std::cell::OnceCell;

use tracing::{Level, Span, field};

use super::event::event;
use super::sent::{Sent, ShownParameters, Verb};
use super::tag::Tag;
use super::voice::{Detail, Voice};
use crate::echo::Message;

/// What is told of a statement before it is executed. Nothing is written down before somebody reads
/// it.
pub(super) struct Beginning<'b> {
    voice: Voice<'b>,
    sent: &'b Sent<'b>,
    /// The connection's number in the pool.
    number: Option<u64>,
    tag: Tag<'b>,
    parameters: ShownParameters<'b>,
    text: OnceCell<Cow<'b, str>>,
}

impl<'b> Beginning<'b> {
    pub(super) fn new(voice: Voice<'b>, sent: &'b Sent<'b>, number: Option<u64>) -> Self {
        let source = voice.source();
        let tag = Tag::of(sent.origin, source.compiled.keeps());
        let parameters = ShownParameters::new(sent, source.reporting.hide_parameters);
        Beginning { voice, sent, number, tag, parameters, text: OnceCell::new() }
    }

    fn text(&self) -> &str {
        self.text.get_or_init(|| self.sent.text())
    }

    /// The span of the statement; what its end brings is recorded in it then.
    pub(super) fn span(&self) -> Span {
        let Beginning { voice, sent, .. } = self;
        macro_rules! span {
            ($level:expr) => {
                tracing::span!(
                    target: "aludel::engine",
                    $level,
                    "execute",
                    otel.name = Verb::of(sent.sql).map(field::display),
                    otel.kind = "client",
                    otel.status_code = field::Empty,
                    otel.status_description = field::Empty,
                    db.system.name = voice.database().system,
                    db.namespace = voice.database().namespace,
                    server.address = voice.database().address,
                    server.port = voice.database().port,
                    db.query.text = self.text(),
                    db.operation.name = Verb::of(sent.sql).map(field::display),
                    db.response.status_code = field::Empty,
                    db.response.returned_rows = field::Empty,
                    error.type = field::Empty,
                    code.file.path = sent.caller.file(),
                    code.line.number = sent.caller.line(),
                    engine = voice.name(),
                    token = voice.token(),
                    connection = self.number,
                    cached = self.tag.is_cached(),
                    rows = field::Empty,
                    pool_wait = field::Empty,
                    connect = field::Empty,
                    prepare = field::Empty,
                    execute = field::Empty,
                    fetch = field::Empty,
                    elapsed = field::Empty,
                )
            };
        }
        match voice.level(Detail::Statements) {
            Level::INFO => span!(Level::INFO),
            _ => span!(Level::DEBUG),
        }
    }

    /// Tells that the statement is about to be executed. True when a subscriber has read it.
    pub(super) fn tell(&self) -> bool {
        let Beginning { voice, sent, tag, parameters, .. } = self;
        let message = format_args!("[{tag}] {parameters}");
        let message = Message::new(message);
        macro_rules! tell {
            ($level:expr) => {
                event!(
                    $level,
                    voice,
                    message,
                    db.query.text = self.text(),
                    db.operation.name = Verb::of(sent.sql).map(field::display),
                    code.file.path = sent.caller.file(),
                    code.line.number = sent.caller.line(),
                    parameters = field::display(parameters),
                    connection = self.number,
                    cached = tag.is_cached()
                )
            };
        }
        match voice.level(Detail::Statements) {
            Level::INFO => tell!(Level::INFO),
            _ => tell!(Level::DEBUG),
        }
        if voice.prints(Detail::Statements, &message) {
            voice.print(Detail::Statements, format_args!("{}", self.text()));
            voice.print(Detail::Statements, format_args!("{}", message.text()));
        }
        message.is_read()
    }
}
