//! Events of plugins become events of the program's own `tracing`, as if they were made here.
//!
//! `tracing` knows an event by its callsite, a static with level, target, file, line and the names
//! of the fields. One is made, and kept for ever, for each that a plugin uses; their number and
//! size are bounded, and what exceeds the bounds goes through a callsite of its level that has the
//! rest as fields. Values are text.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{OnceLock, PoisonError, RwLock};

use tracing_core::field::{Field, FieldSet, Value, display};
use tracing_core::subscriber::Interest;
use tracing_core::{Callsite, Event, Kind, Level, LevelFilter, Metadata, callsite, dispatcher};

use crate::abi::host_calls::{HostCalls, PluginEvent, host_table};
use crate::abi::tables::HostVt;

/// What every plugin's `init` receives.
pub(super) static HOST: HostVt = host_table::<HostLog>();

/// Most callsites that are kept.
const MAX_SITES: usize = 4096;
/// Most fields of an event, the message among them.
const MAX_FIELDS: usize = 32;
/// Most bytes of target, file and names of an event together.
const MAX_NAMES: usize = 1024;
/// The target and fields of events that exceed the bounds.
const GENERIC_TARGET: &str = "aludel::plugin";
const GENERIC_FIELDS: [&str; 3] = ["plugin_target", "plugin_file", "plugin_fields"];

struct HostLog;

impl HostCalls for HostLog {
    fn log(event: &PluginEvent<'_>) {
        if event.level <= Self::max_level() {
            let site = find(event, MAX_SITES);
            match site {
                Some(site) => site.emit(event),
                None => emit_generic(event),
            }
        }
    }

    fn max_level() -> u32 {
        match LevelFilter::current().into_level() {
            None => 0,
            Some(Level::ERROR) => 1,
            Some(Level::WARN) => 2,
            Some(Level::INFO) => 3,
            Some(Level::DEBUG) => 4,
            Some(Level::TRACE) => 5,
        }
    }
}

fn level(number: u32) -> Level {
    match number {
        0 | 1 => Level::ERROR,
        2 => Level::WARN,
        3 => Level::INFO,
        4 => Level::DEBUG,
        _ => Level::TRACE,
    }
}

/// A callsite that was made at run time.
struct Site {
    /// Set before anybody else sees the site; apart because it points back to it.
    metadata: OnceLock<Metadata<'static>>,
}

impl Callsite for Site {
    // Nothing is remembered: whether a subscriber listens is asked for each event.
    fn set_interest(&self, _: Interest) {}

    fn metadata(&self) -> &Metadata<'_> {
        self.get()
    }
}

impl Site {
    fn leak(event: &PluginEvent<'_>) -> &'static Site {
        let leak = |text: &str| -> &'static str { Box::leak(text.into()) };
        let site: &'static Site = Box::leak(Box::new(Site { metadata: OnceLock::new() }));
        let names = event.fields.iter().map(|(name, _)| leak(name));
        let names: Vec<&'static str> = std::iter::once("message").chain(names).collect();
        let file = (!event.file.is_empty()).then(|| leak(&event.file));
        let line = (event.line > 0).then_some(event.line);
        let name = match file {
            Some(file) => leak(&format!("event {file}:{}", event.line)),
            None => "event of a plugin",
        };
        let fields = FieldSet::new(Vec::leak(names), callsite::Identifier(site));
        let target = leak(&event.target);
        site.metadata.get_or_init(|| {
            Metadata::new(name, target, level(event.level), file, line, None, fields, Kind::EVENT)
        });
        site
    }

    fn get(&self) -> &Metadata<'static> {
        self.metadata.get().expect("invariant: metadata is set when a site is made")
    }

    fn is_for(&self, event: &PluginEvent<'_>) -> bool {
        let metadata = self.get();
        let names = metadata.fields().iter().skip(1).map(|field| field.name());
        *metadata.level() == level(event.level)
            && metadata.target() == event.target
            && metadata.file().unwrap_or_default() == event.file
            && metadata.line().unwrap_or(0) == event.line
            && names.eq(event.fields.iter().map(|(name, _)| name.as_ref()))
    }

    fn emit(&'static self, event: &PluginEvent<'_>) {
        let metadata = self.get();
        dispatcher::get_default(|dispatch| {
            if !dispatch.enabled(metadata) {
                return;
            }
            let texts = std::iter::once(&event.message).chain(event.fields.iter().map(|(_, v)| v));
            let values: Vec<_> = texts.map(display).collect();
            let fields: Vec<Field> = metadata.fields().iter().collect();
            // `value_set` takes arrays only: what is left over repeats the first field without a
            // value, which counts as absent.
            let pairs: [(&Field, Option<&dyn Value>); MAX_FIELDS] =
                std::array::from_fn(|index| match (fields.get(index), values.get(index)) {
                    (Some(field), Some(value)) => (field, Some(value as &dyn Value)),
                    _ => (&fields[0], None),
                });
            dispatch.event(&Event::new(metadata, &metadata.fields().value_set(&pairs)));
        });
    }
}

type Sites = HashMap<u64, Vec<&'static Site>>;

/// The callsites made so far, by hash. Not held while a subscriber runs, which may log in turn.
static SITES: RwLock<(usize, Option<Sites>)> = RwLock::new((0, None));

/// The callsite of this event, made when it is the first of it; `None` when it would exceed the
/// bounds.
fn find(event: &PluginEvent<'_>, max: usize) -> Option<&'static Site> {
    let names = event.fields.iter().map(|(name, _)| name.len()).sum::<usize>();
    if event.fields.len() >= MAX_FIELDS || names + event.target.len() + event.file.len() > MAX_NAMES
    {
        return None;
    }
    let hash = hash(event);
    let known = |sites: &Option<Sites>| {
        let same = sites.as_ref()?.get(&hash)?;
        same.iter().copied().find(|site| site.is_for(event))
    };
    let sites = SITES.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(site) = known(&sites.1) {
        return Some(site);
    }
    drop(sites);
    let mut sites = SITES.write().unwrap_or_else(PoisonError::into_inner);
    if let Some(site) = known(&sites.1) {
        return Some(site);
    }
    if sites.0 >= max {
        return None;
    }
    let site = Site::leak(event);
    sites.0 += 1;
    sites.1.get_or_insert_default().entry(hash).or_default().push(site);
    drop(sites);
    callsite::register(site);
    Some(site)
}

fn hash(event: &PluginEvent<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    (event.level, event.line, &event.target, &event.file).hash(&mut hasher);
    event.fields.iter().for_each(|(name, _)| name.hash(&mut hasher));
    hasher.finish()
}

/// Emits an event that exceeds the bounds, through the callsite of its level.
fn emit_generic(event: &PluginEvent<'_>) {
    let fields: Vec<String> =
        event.fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let place = format!("{}:{}", event.file, event.line);
    let values = [event.target.as_ref().to_owned(), place, fields.join(" ")];
    let names = GENERIC_FIELDS.into_iter().map(Cow::Borrowed);
    let generic = PluginEvent {
        level: event.level,
        target: GENERIC_TARGET.into(),
        message: event.message.clone(),
        file: "".into(),
        line: 0,
        fields: names.zip(values.into_iter().map(Cow::Owned)).collect(),
    };
    // Five sites at most, which is why they need not count.
    if let Some(site) = find(&generic, usize::MAX) {
        site.emit(&generic);
    }
}

#[cfg(test)]
mod tests;
