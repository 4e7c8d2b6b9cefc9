//! Events of plugins as a subscriber of the program sees them.

use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use tracing_core::field::{Field, Visit};
use tracing_core::span::{Attributes, Id, Record};
use tracing_core::{Dispatch, Event, Level, Metadata, Subscriber, dispatcher};

use super::{HostCalls, HostLog, MAX_FIELDS, PluginEvent, find};

/// Writes down all events of at most this level.
#[derive(Clone)]
struct Recorder {
    most: Level,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Subscriber for Recorder {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= self.most
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let metadata = event.metadata();
        let (file, line) = (metadata.file().unwrap_or("-"), metadata.line().unwrap_or(0));
        let mut text = format!("{} {} {file}:{line}", metadata.level(), metadata.target());
        event.record(&mut Text(&mut text));
        self.seen.lock().unwrap().push(text);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Text<'a>(&'a mut String);

impl Visit for Text<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.push_str(&format!(" {}={value:?}", field.name()));
    }
}

fn seen(most: Level, log: impl FnOnce()) -> Vec<String> {
    let recorder = Recorder { most, seen: Arc::default() };
    dispatcher::with_default(&Dispatch::new(recorder.clone()), log);
    let seen = recorder.seen.lock().unwrap();
    seen.clone()
}

fn event<'a>(level: u32, message: &'a str, fields: &[(&'a str, &'a str)]) -> PluginEvent<'a> {
    PluginEvent {
        level,
        target: "toy::wire".into(),
        message: message.into(),
        file: "src/wire.rs".into(),
        line: 7,
        fields: fields.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
    }
}

#[test]
fn an_event_keeps_level_target_place_and_fields() {
    let seen = seen(Level::TRACE, || {
        HostLog::log(&event(2, "slow", &[("rows", "3"), ("table", "orders")]));
        HostLog::log(&event(2, "slower", &[("rows", "4"), ("table", "lines")]));
        HostLog::log(&PluginEvent { file: "".into(), line: 0, ..event(5, "bare", &[]) });
    });
    assert_eq!(
        seen,
        [
            "WARN toy::wire src/wire.rs:7 message=slow rows=3 table=orders",
            "WARN toy::wire src/wire.rs:7 message=slower rows=4 table=lines",
            "TRACE toy::wire -:0 message=bare",
        ]
    );
}

#[test]
fn the_subscriber_decides_what_it_hears() {
    let seen = seen(Level::INFO, || {
        HostLog::log(&event(3, "heard", &[]));
        HostLog::log(&event(4, "not heard", &[]));
    });
    assert_eq!(seen, ["INFO toy::wire src/wire.rs:7 message=heard"]);
}

#[test]
fn equal_places_share_a_callsite_and_others_do_not() {
    let site = |event: &PluginEvent<'_>| find(event, usize::MAX).unwrap() as *const _;
    let first = event(3, "a", &[("x", "1")]);
    assert_eq!(site(&first), site(&event(3, "b", &[("x", "2")])));
    assert_ne!(site(&first), site(&event(4, "a", &[("x", "1")])));
    assert_ne!(site(&first), site(&event(3, "a", &[("y", "1")])));
    assert_ne!(site(&first), site(&PluginEvent { line: 8, ..first.clone() }));
}

#[test]
fn what_exceeds_the_bounds_is_still_told() {
    let names: Vec<String> = (0..MAX_FIELDS).map(|index| format!("f{index}")).collect();
    let fields: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "v")).collect();
    let long = "t".repeat(2000);
    let seen = seen(Level::TRACE, || {
        HostLog::log(&event(1, "many", &fields));
        HostLog::log(&PluginEvent { target: long.as_str().into(), ..event(1, "long", &[]) });
    });
    let joined: Vec<String> = names.iter().map(|name| format!("{name}=v")).collect();
    assert_eq!(
        seen,
        [
            format!(
                "ERROR aludel::plugin -:0 message=many plugin_target=toy::wire \
                 plugin_file=src/wire.rs:7 plugin_fields={}",
                joined.join(" ")
            ),
            format!(
                "ERROR aludel::plugin -:0 message=long plugin_target={long} \
                 plugin_file=src/wire.rs:7 plugin_fields="
            ),
        ]
    );
}

#[test]
fn no_callsite_is_made_beyond_the_limit() {
    let fresh = PluginEvent { line: 4711, ..event(3, "fresh", &[]) };
    assert!(find(&fresh, 0).is_none());
    assert!(find(&fresh, usize::MAX).is_some());
    assert!(find(&fresh, 0).is_some(), "what is known is found again");
}

#[test]
fn the_level_is_that_of_the_most_curious_listener() {
    let recorder = Recorder { most: Level::TRACE, seen: Arc::default() };
    dispatcher::with_default(&Dispatch::new(recorder), || assert_eq!(HostLog::max_level(), 5));
}
