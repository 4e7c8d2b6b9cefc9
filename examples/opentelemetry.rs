//! Statements as spans of OpenTelemetry, below a span of the program.

use aludel::{Engine, Result, params};
use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider, SpanExporter};
use tracing::Subscriber;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::{Layer, SubscriberExt};

/// A service exports in batches instead, to its collector, and shuts the provider down at its end.
fn provider(exporter: impl SpanExporter + 'static) -> SdkTracerProvider {
    SdkTracerProvider::builder().with_simple_exporter(exporter).build()
}

/// The engine's spans are of level DEBUG.
fn subscriber(provider: &SdkTracerProvider) -> impl Subscriber + Send + Sync {
    let filter = Targets::new()
        .with_default(LevelFilter::INFO)
        .with_target("aludel::engine", LevelFilter::DEBUG);
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("shop"));
    tracing_subscriber::registry().with(layer.with_filter(filter))
}

#[tracing::instrument(skip(engine))]
fn place_order(engine: &Engine, item: &str) -> Result<i64> {
    let sql = "insert into orders (item) values (:item) returning id";
    engine.execute(sql, params! { item: item })?.scalar()
}

fn shop() -> Result<()> {
    let engine = aludel::create_engine("sqlite:///:memory:")?;
    engine.execute("create table orders (id integer primary key, item text unique)", ())?;
    place_order(&engine, "alembic")?;
    let twice = place_order(&engine, "alembic").unwrap_err();
    println!("refused: {}", twice.kind().name());
    Ok(())
}

fn main() -> Result<()> {
    let exporter = InMemorySpanExporter::default();
    let provider = provider(exporter.clone());
    tracing::subscriber::with_default(subscriber(&provider), shop)?;
    for span in exporter.get_finished_spans().expect("no other thread has panicked") {
        println!("{} ({:?}), {:?}", span.name, span.span_kind, span.status);
    }
    Ok(())
}

#[cfg(test)]
#[path = "tests/opentelemetry/spans.rs"]
mod tests;
