//! A subscriber that keeps events and spans up to a level.

use std::fmt::Debug;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// An event or a span.
pub(crate) struct Told {
    pub(crate) target: &'static str,
    pub(crate) name: &'static str,
    pub(crate) level: Level,
    /// Of a span.
    id: Option<u64>,
    pub(crate) fields: Vec<(&'static str, String)>,
}

impl Told {
    fn new(metadata: &'static Metadata<'static>, id: Option<u64>) -> Self {
        let (target, name) = (metadata.target(), metadata.name());
        Told { target, name, level: *metadata.level(), id, fields: Vec::new() }
    }

    pub(crate) fn is_event(&self) -> bool {
        self.id.is_none()
    }

    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.field(name).is_some()
    }

    pub(crate) fn message(&self) -> &str {
        self.field("message").unwrap_or_default()
    }
}

impl Visit for Told {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.fields.push((field.name(), value.to_owned()));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.fields.push((field.name(), format!("{value:?}")));
    }
}

/// Keeps events and spans of targets that begin so; clones keep them in one place.
#[derive(Clone)]
pub(crate) struct Collector {
    target: &'static str,
    level: Level,
    told: Arc<Mutex<Vec<Told>>>,
    ids: Arc<AtomicU64>,
}

impl Collector {
    pub(crate) fn new(target: &'static str, level: Level) -> Self {
        Collector { target, level, told: Arc::default(), ids: Arc::new(AtomicU64::new(1)) }
    }

    pub(crate) fn told(&self) -> Vec<Told> {
        std::mem::take(&mut *self.told.lock().expect("nobody panics"))
    }

    fn keep(&self, told: Told) {
        self.told.lock().expect("nobody panics").push(told);
    }
}

impl Subscriber for Collector {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= self.level && metadata.target().starts_with(self.target)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.level.into())
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let id = self.ids.fetch_add(1, Ordering::Relaxed);
        let mut told = Told::new(span.metadata(), Some(id));
        span.record(&mut told);
        self.keep(told);
        Id::from_u64(id)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        let mut told = self.told.lock().expect("nobody panics");
        let span = told.iter_mut().find(|told| told.id == Some(span.into_u64()));
        values.record(span.expect("a span that was made"));
    }

    fn event(&self, event: &Event<'_>) {
        let mut told = Told::new(event.metadata(), None);
        event.record(&mut told);
        self.keep(told);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}
