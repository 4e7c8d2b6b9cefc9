//! A layer that notes events and spans, and in which span an event was told.

use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

/// An event or a span.
#[derive(Debug, Clone)]
pub(crate) struct Note {
    pub(crate) is_span: bool,
    pub(crate) name: &'static str,
    pub(crate) target: &'static str,
    /// The span in which an event was told.
    pub(crate) within: Option<&'static str>,
    id: Option<Id>,
    fields: Vec<(&'static str, String)>,
}

impl Note {
    fn new(metadata: &'static Metadata<'static>, id: Option<Id>) -> Self {
        let (name, target) = (metadata.name(), metadata.target());
        Note { is_span: id.is_some(), name, target, within: None, id, fields: Vec::new() }
    }

    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn message(&self) -> &str {
        self.field("message").unwrap_or_default()
    }
}

impl Visit for Note {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.fields.push((field.name(), value.to_owned()));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.fields.push((field.name(), format!("{value:?}")));
    }
}

/// Notes what it gets; clones keep it in one place.
#[derive(Clone, Default)]
pub(crate) struct Notes(Arc<Mutex<Vec<Note>>>);

impl Notes {
    pub(crate) fn all(&self) -> Vec<Note> {
        self.0.lock().expect("nobody panics").clone()
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Notes {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, _: Context<'_, S>) {
        let mut note = Note::new(attributes.metadata(), Some(id.clone()));
        attributes.record(&mut note);
        self.0.lock().expect("nobody panics").push(note);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, _: Context<'_, S>) {
        let mut notes = self.0.lock().expect("nobody panics");
        // Numbers of spans that are gone come again.
        let note = notes.iter_mut().rev().find(|note| note.id.as_ref() == Some(id));
        values.record(note.expect("a span that was made"));
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut note = Note::new(event.metadata(), None);
        event.record(&mut note);
        note.within = context.event_span(event).map(|span| span.name());
        self.0.lock().expect("nobody panics").push(note);
    }
}
