//! Events of plugins reach the subscriber of the program.

use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex};

use aludel_test_services::provided;
use aludel_tests::load::beside_this_test;
use aludel_tests::subject::{Subject, TOY, query};
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Level, Metadata, Subscriber, span};

use crate::levels::connect;

/// Keeps what it hears, up to a level.
#[derive(Clone)]
struct Recorder {
    up_to: LevelFilter,
    heard: Arc<Mutex<Vec<Heard>>>,
}

#[derive(Debug, Clone, PartialEq)]
struct Heard {
    level: Level,
    target: String,
    /// The file's name without its directories.
    file: String,
    line: bool,
    /// `name=value`, the message first.
    fields: String,
}

struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.0, "{}={value:?};", field.name());
    }
}

impl Subscriber for Recorder {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= self.up_to
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.up_to)
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut text = Text(String::new());
        event.record(&mut text);
        let metadata = event.metadata();
        self.heard.lock().unwrap().push(Heard {
            level: *metadata.level(),
            target: metadata.target().to_owned(),
            file: metadata.file().unwrap_or("").rsplit('/').next().unwrap_or("").to_owned(),
            line: metadata.line().is_some_and(|line| line > 0),
            fields: text.0,
        });
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

/// What is heard, on this thread, while a statement runs.
fn listen(subject: &Subject, sql: &str, up_to: LevelFilter) -> Vec<Heard> {
    let mut connection = subject.connect();
    listen_while(up_to, || drop(query(&mut connection, sql).unwrap()))
}

fn listen_while(up_to: LevelFilter, work: impl FnOnce()) -> Vec<Heard> {
    let recorder = Recorder { up_to, heard: Arc::default() };
    let heard = Arc::clone(&recorder.heard);
    tracing::subscriber::with_default(recorder, work);
    let heard = heard.lock().unwrap();
    heard.clone()
}

fn heard(level: Level, target: &str, file: &str, fields: &str) -> Heard {
    Heard { level, target: target.into(), file: file.into(), line: true, fields: fields.into() }
}

/// One test, because the most verbose level is the process's.
#[test]
fn events_arrive_with_level_target_fields_file_and_line() {
    let everything = crate::everything::subject();
    // Places that were passed while nobody listened must be heard later all the same.
    assert_eq!(listen(&everything, "log", LevelFilter::OFF).len(), 0);
    let events = listen(&everything, "log", LevelFilter::TRACE);
    let place = "aludel_test_everything::command";
    let file = "command.rs";
    let (first, rest) = events.split_first().unwrap();
    let number = first.fields.strip_prefix("message=an error;connection=").unwrap();
    assert!(number.trim_end_matches(';').parse::<u64>().is_ok(), "{first:?}");
    assert_eq!(*first, heard(Level::ERROR, place, file, &first.fields));
    assert_eq!(
        rest,
        [
            heard(Level::WARN, place, file, "message=a warning;text=with \"quotes\";"),
            heard(
                Level::INFO,
                "everything::chosen",
                file,
                "message=some information;answer=Some(42);"
            ),
            heard(Level::DEBUG, place, file, "message=a detail;"),
            heard(Level::TRACE, place, file, "message=a trace;"),
        ]
    );

    // A second time through the same callsites, and with a subscriber that wants less.
    assert_eq!(listen(&everything, "log", LevelFilter::TRACE).len(), 5);
    assert_eq!(listen(&everything, "log", LevelFilter::WARN).len(), 2);
    assert_eq!(listen(&everything, "log", LevelFilter::OFF).len(), 0);

    let events = listen(&crate::memory::subject(), "LOG", LevelFilter::INFO);
    let expected = "message=asked to log;entries=0;";
    assert_eq!(events, [heard(Level::INFO, "memory", "memory.c", expected)]);
    assert_eq!(listen(&crate::memory::subject(), "LOG", LevelFilter::WARN).len(), 0);

    toy_sqlite_and_postgresql_are_heard();
}

fn toy_sqlite_and_postgresql_are_heard() {
    let toy = Subject { dialect: beside_this_test("toy"), speech: TOY };
    let prepared = heard(Level::DEBUG, "aludel_test_toy", "toy.rs", "message=prepared;rows=2;");
    assert_eq!(listen(&toy, "select 2", LevelFilter::DEBUG), [prepared]);
    assert_eq!(listen(&toy, "select 2", LevelFilter::INFO), []);

    let sqlite = beside_this_test("sqlite");
    let open = || drop(connect(&sqlite, "sqlite://"));
    let fields = "message=opening a SQLite database;database=:memory:;";
    let opened = heard(Level::DEBUG, "aludel_dialect_sqlite::open", "open.rs", fields);
    assert_eq!(listen_while(LevelFilter::DEBUG, open), [opened]);
    assert_eq!(listen_while(LevelFilter::INFO, open), []);

    let Some(vars) = provided("pg", "toy_sqlite_and_postgresql_are_heard") else { return };
    let postgresql = beside_this_test("postgresql");
    let remark = || {
        let mut connection = connect(&postgresql, &vars["ALUDEL_PG_URL"]);
        query(&mut connection, "do $$ begin raise notice 'by the way'; end $$").unwrap();
    };
    let place = "aludel_dialect_postgresql::connection::unasked";
    let fields = "message=by the way;severity=NOTICE;code=00000;";
    let notice = heard(Level::INFO, place, "unasked.rs", fields);
    let [connected, remarked] = &listen_while(LevelFilter::DEBUG, remark)[..] else {
        panic!("two events were expected")
    };
    assert!(connected.fields.starts_with("message=connected;server="), "{connected:?}");
    assert_eq!(*remarked, notice);
    assert_eq!(listen_while(LevelFilter::INFO, remark), [notice]);
    assert_eq!(listen_while(LevelFilter::WARN, remark), []);
}
