//! Engines below the layers and filters of `tracing-subscriber`, as programs put them together.

#[path = "engine_subscribers/notes.rs"]
mod notes;

use aludel::{Engine, OwnedRow, Result};
use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{EnvFilter, Layer, registry};

use notes::{Note, Notes};

fn engine() -> Engine {
    let engine = Engine::builder("sqlite://").dialect(aludel_dialect_sqlite::dialect());
    engine.build().expect("the URL is good")
}

fn below<T>(subscriber: impl Subscriber + Send + Sync, work: impl FnOnce() -> Result<T>) -> T {
    tracing::subscriber::with_default(subscriber, work).expect("it works")
}

/// What a layer that takes DEBUG gets.
fn told<T>(work: impl FnOnce() -> Result<T>) -> Vec<Note> {
    let notes = Notes::default();
    below(registry().with(notes.clone().with_filter(LevelFilter::DEBUG)), work);
    notes.all()
}

fn spans(notes: &[Note]) -> Vec<&Note> {
    notes.iter().filter(|note| note.is_span && note.name == "execute").collect()
}

#[test]
fn a_layer_that_wants_nothing_of_engines_gets_what_the_program_says_after_them() {
    for level in [LevelFilter::WARN, LevelFilter::INFO] {
        let (all, few) = (Notes::default(), Notes::default());
        let layers = registry()
            .with(all.with_filter(LevelFilter::DEBUG))
            .with(few.clone().with_filter(level));
        below(layers, || {
            let engine = engine();
            for number in 0..3 {
                let mut conn = engine.connect()?;
                conn.execute("select 1", ())?;
                conn.commit()?;
                drop(conn);
                tracing::warn!(number, "the program's own");
                let _span = tracing::warn_span!("the program's own").entered();
            }
            Ok(())
        });
        let notes = few.all();
        assert_eq!(notes.iter().filter(|note| note.is_span).count(), 3, "{level}: {notes:#?}");
        assert_eq!(notes.iter().filter(|note| !note.is_span).count(), 3, "{level}: {notes:#?}");
    }
}

#[test]
fn a_filter_may_ask_for_the_span_of_statements() {
    let notes = Notes::default();
    let filter: EnvFilter = "aludel::engine[execute]=debug".parse().expect("directives");
    below(registry().with(filter).with(notes.clone()), || {
        engine().connect()?.execute("select 1", ()).map(drop)
    });
    let notes = notes.all();
    assert_eq!(spans(&notes).len(), 1, "{notes:#?}");
    assert!(notes.iter().any(|note| note.message() == "statement done"), "{notes:#?}");
}

#[test]
fn a_layer_of_spans_alone_gets_them() {
    let notes = Notes::default();
    let filter = filter_fn(|metadata| metadata.is_span());
    below(registry().with(notes.clone().with_filter(filter)), || {
        engine().connect()?.execute("select 1", ()).map(drop)
    });
    assert_eq!(spans(&notes.all()).len(), 1);
}

#[test]
fn everything_that_is_told_of_a_statement_is_told_in_its_span() {
    let notes = told(|| {
        engine().connect()?.execute("values (1), (2)", ())?.all::<OwnedRow>()?;
        tracing::debug!(target: "aludel::engine", "the program's own");
        Ok(())
    });
    let span_of = |message: &str| {
        let note = notes.iter().find(|note| note.message().contains(message));
        note.expect("it is told").within
    };
    assert_eq!(span_of("generated in"), Some("execute"));
    assert_eq!(span_of("statement done"), Some("execute"));
    assert_eq!(span_of("the program's own"), None);
}

#[test]
fn the_span_has_who_executed_the_statement_and_what_became_of_it() {
    let notes = told(|| engine().connect()?.execute("values (1), (2)", ())?.all::<OwnedRow>());
    let span = spans(&notes)[0];
    assert!(span.field("code.file.path").is_some_and(|path| path.contains("engine_subscribers")));
    let fields = ["code.line.number", "connection", "cached", "prepare", "execute", "fetch"];
    assert!(fields.iter().all(|name| span.field(name).is_some()), "{span:#?}");
    assert_eq!(span.field("db.response.returned_rows"), Some("2"));
    assert_eq!(span.field("otel.status_code"), None);
}

#[test]
fn a_statement_that_fails_while_its_rows_are_read_has_failed_in_the_span_and_at_its_end() {
    let sql = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 5000) \
               select abs(case when i = 4000 then -9223372036854775807 - 1 else i end) from n";
    let notes = told(|| {
        assert!(engine().connect()?.execute(sql, ())?.all::<OwnedRow>().is_err());
        Ok(())
    });
    let span = spans(&notes)[0];
    assert_eq!(span.field("otel.status_code"), Some("ERROR"));
    assert!(span.field("error.type").is_some());
    let end = notes.iter().find(|note| note.message() == "statement failed").expect("its end");
    assert_eq!(end.field("error.type"), span.field("error.type"));
    assert_eq!(end.field("rows"), Some("3999"));
    assert_eq!(end.field("db.query.text"), Some(sql));
    assert!(!notes.iter().any(|note| note.message() == "statement done"));
}

#[test]
fn a_statement_in_brackets_has_a_name_and_one_without_a_word_has_none() {
    let notes = told(|| {
        let mut conn = engine().connect()?;
        for sql in ["/* why */ select 1", "( select 1)", "(\n select 1)", "1"] {
            let _refused = conn.execute(sql, ());
        }
        Ok(())
    });
    let names: Vec<_> = spans(&notes).iter().map(|span| span.field("otel.name")).collect();
    assert_eq!(names, [Some("SELECT"), Some("SELECT"), Some("SELECT"), None]);
    assert_eq!(spans(&notes)[3].field("db.operation.name"), None);
}

#[test]
fn every_event_of_an_engine_says_of_which_database_it_is() {
    let directory = tempfile::tempdir().expect("a directory");
    let url = format!("sqlite:///{}", directory.path().join("t.db").display());
    let notes = told(|| {
        let engine = Engine::builder(url.as_str()).dialect(aludel_dialect_sqlite::dialect());
        let engine = engine.slow_query_threshold(std::time::Duration::ZERO).build()?;
        let mut conn = engine.connect()?;
        conn.execute("create table t (a)", ())?;
        let sets: Vec<_> = (0..3_i64).map(|a| aludel::params! { a: a }).collect();
        conn.execute("update t set a = :a returning a", &sets)?;
        conn.commit()
    });
    let of_engine = || notes.iter().filter(|note| !note.is_span && note.target == "aludel::engine");
    for message in ["connected", "BEGIN", "statement done", "slow query", "row by row", "COMMIT"] {
        assert!(of_engine().any(|note| note.message().contains(message)), "{message}");
    }
    let without = of_engine().find(|note| {
        note.field("db.system.name") != Some("sqlite") || note.field("db.namespace").is_none()
    });
    assert!(without.is_none(), "{without:#?}");
}
