//! The spans that OpenTelemetry's exporter gets of the example.

use std::fmt::Write as _;

use opentelemetry::trace::{SpanId, SpanKind, Status};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SpanData};

/// The spans of the example in the order in which they ended.
fn exported() -> Vec<SpanData> {
    let exporter = InMemorySpanExporter::default();
    let provider = super::provider(exporter.clone());
    let subscriber = super::subscriber(&provider);
    tracing::subscriber::with_default(subscriber, || super::shop().unwrap());
    exporter.get_finished_spans().unwrap()
}

/// The value of an attribute, as text.
fn attribute(span: &SpanData, name: &str) -> Option<String> {
    let mut found = span.attributes.iter().filter(|pair| pair.key.as_str() == name);
    let value = found.next().map(|pair| pair.value.to_string());
    assert!(found.next().is_none(), "{name} is there twice: {span:?}");
    value
}

#[test]
fn statements_are_client_spans_below_those_of_the_program() {
    let spans = exported();
    let names: Vec<&str> = spans.iter().map(|span| &*span.name).collect();
    assert_eq!(names, ["CREATE", "INSERT", "place_order", "INSERT", "place_order"]);

    let (insert, order) = (&spans[1], &spans[2]);
    assert_eq!(insert.span_kind, SpanKind::Client);
    assert_eq!(insert.status, Status::Unset);
    assert_eq!(insert.parent_span_id, order.span_context.span_id());
    assert_eq!(insert.span_context.trace_id(), order.span_context.trace_id());
    assert_eq!(order.parent_span_id, SpanId::INVALID);
    assert_eq!(spans[0].parent_span_id, SpanId::INVALID);
    let has = |name: &str, value: &str| {
        assert_eq!(attribute(insert, name).as_deref(), Some(value), "{name}");
    };
    has("db.system.name", "sqlite");
    has("db.namespace", ":memory:");
    has("db.operation.name", "INSERT");
    // The text is the one that is sent, with its placeholders, and the values are not in it.
    has("db.query.text", "insert into orders (item) values (?) returning id");
    assert_eq!(attribute(insert, "error.type"), None);
}

#[test]
fn a_statement_that_fails_is_a_span_with_the_status_error() {
    let spans = exported();
    let (insert, order) = (&spans[3], &spans[4]);
    let Status::Error { description } = &insert.status else { panic!("{insert:?}") };
    assert!(description.contains("UNIQUE constraint failed"), "{description}");
    assert_eq!(attribute(insert, "error.type").as_deref(), Some("IntegrityError"));
    assert_eq!(insert.parent_span_id, order.span_context.span_id());
    // Whether the program's own work failed is the program's to say.
    assert_eq!(order.status, Status::Unset);
}

#[test]
fn what_became_of_a_statement_is_an_event_in_its_span() {
    let spans = exported();
    let [event] = spans[3].events.events.as_slice() else { panic!("{:?}", spans[3].events) };
    let mut text = String::new();
    for pair in &event.attributes {
        let _ = writeln!(text, "{}={}", pair.key, pair.value);
    }
    assert!(text.contains("parameters=('alembic',)"), "{text}");
    assert!(text.contains("code.file.path=examples/opentelemetry.rs"), "{text}");
}
