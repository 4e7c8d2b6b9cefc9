//! What the echo and events show of two-phase transactions, and of messages that repeat values.

use std::fmt::Debug;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aludel::{Echo, Engine, EngineBuilder, params};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::misuse::site::{Site, insert};
use crate::site;

/// Keeps all text that it is given; clones keep it in one place.
#[derive(Clone, Default)]
struct Text(Arc<Mutex<String>>);

impl Text {
    fn take(&self) -> String {
        std::mem::take(&mut *self.0.lock().expect("nobody panics"))
    }

    fn add(&self, text: &str) {
        self.0.lock().expect("nobody panics").push_str(text);
    }
}

impl Write for Text {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.add(std::str::from_utf8(line).expect("lines are text"));
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.add(&format!("{field}={value:?}\n"));
    }
}

impl Subscriber for Text {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut self.clone());
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut self.clone());
    }

    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

fn another(site: &Site) -> EngineBuilder {
    Engine::builder(site.engine.url().clone()).dialect(aludel_dialect_postgresql::dialect())
}

/// The lines without what they begin with, and without tags, which hold times.
fn steps(text: &Text) -> Vec<String> {
    let text = text.take();
    let lines = text.lines().filter_map(|line| Some(line.split_once("::engine ")?.1));
    lines.filter(|line| !line.starts_with('[')).map(str::to_owned).collect()
}

#[test]
fn both_phases_of_a_transaction_are_lines() {
    let Some(site) = site() else { return };
    let text = Text::default();
    let engine = another(&site).echo(true).echo_to(text.clone()).build().unwrap();
    let mut conn = engine.connect().unwrap();
    for (commits, last) in [(true, "COMMIT"), (false, "ROLLBACK")] {
        let mut transaction = conn.begin_twophase(None).unwrap();
        let xid = transaction.xid().to_owned();
        insert(&mut transaction, 1).unwrap();
        transaction.prepare().unwrap();
        match commits {
            true => transaction.commit().unwrap(),
            false => transaction.rollback().unwrap(),
        }
        let told = [
            "BEGIN TWOPHASE (implicit)".to_owned(),
            "insert into t (id, x) values ($1, 1)".to_owned(),
            format!("PREPARE TWOPHASE {xid}"),
            format!("{last} TWOPHASE {xid}"),
        ];
        assert_eq!(steps(&text), told);
        conn.execute("delete from t", ()).unwrap();
        conn.commit().unwrap();
        text.take();
    }
    drop((conn, engine));
    site.is_clean();
}

#[test]
fn a_value_in_the_message_of_an_error_is_hidden_everywhere() {
    let Some(site) = site() else { return };
    let text = Text::default();
    let work = |hides| {
        let engine = another(&site).echo(Echo::On).echo_to(text.clone()).hide_parameters(hides);
        let engine = engine.slow_query_threshold(Duration::ZERO).build().unwrap();
        let mut conn = engine.connect().unwrap();
        let sql = "select cast(cast(:a as text) as integer)";
        let error = conn.execute(sql, params! { a: "sesame" }).unwrap_err();
        text.add(&format!("{error:?} {error} {error:#}"));
    };
    tracing::subscriber::with_default(text.clone(), || work(false));
    assert!(text.take().contains("sesame"), "the server repeats the value");
    tracing::subscriber::with_default(text.clone(), || work(true));
    let told = text.take();
    assert!(told.contains("error.message=") && !told.contains("sesame"), "{told}");
    site.is_clean();
}
