//! The plugin's side of logging: its `tracing` events go to the host, its panics keep their place.
//!
//! Every shared library has a `tracing` and a panic hook of its own. `init` installs a subscriber
//! that hands events to the host, and a hook that remembers where a panic came from, for the error
//! that the shim makes of it.

use core::fmt::{Debug, Write as _};
use std::cell::RefCell;
use std::panic;
use std::sync::OnceLock;

use tracing::field::{Field, Visit};
use tracing::subscriber::Interest;
use tracing::{Event, Level, Metadata, Subscriber, span};

use super::constants::status;
use super::data::{KeyValue, LogRecord, Str};
use super::failure::ErrorOut;
use super::tables::HostVt;
use crate::dialect::Dialect;

thread_local! {
    static PANIC_PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Where the panic that was just caught came from, when the plugin's hook has seen it.
pub(crate) fn take_panic_place() -> Option<String> {
    PANIC_PLACE.try_with(|place| place.borrow_mut().take()).ok().flatten()
}

/// The `init` of every Rust plugin. The first host receives its events; further hosts (another copy
/// of aludel in the process) are served all the same.
///
/// # Safety
/// `host` points to a table that lives for ever; `error` is null or valid.
pub unsafe extern "C" fn plugin_init<D: Dialect>(host: *const HostVt, error: *mut ErrorOut) -> i32 {
    // SAFETY: `error` is passed on as promised.
    unsafe {
        super::shim::guard_free("init", error, || {
            install(host);
            D::init()?;
            Ok(status::OK)
        })
    }
}

fn install(host: *const HostVt) {
    static INSTALLED: OnceLock<()> = OnceLock::new();
    INSTALLED.get_or_init(|| {
        panic::set_hook(Box::new(|info| {
            let place = info.location().map(|place| format!("{}:{}", place.file(), place.line()));
            // A thread that is ending has no place to remember it in.
            let _ = PANIC_PLACE.try_with(|slot| *slot.borrow_mut() = place);
        }));
        // SAFETY: `plugin_init` was promised a table that lives for ever; `size` is always there.
        let host: &'static HostVt = unsafe {
            if host.is_null() || (*host).size < size_of::<HostVt>() {
                return;
            }
            &*host
        };
        if host.log.is_some() {
            // Fails when the plugin has set a subscriber of its own, which then stays.
            let _ = tracing::subscriber::set_global_default(Forward(host));
        }
    });
}

struct Forward(&'static HostVt);

impl Subscriber for Forward {
    /// The host's level changes: it is asked for every event, not once for each place.
    fn register_callsite(&self, _: &'static Metadata<'static>) -> Interest {
        Interest::sometimes()
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        // SAFETY: the host's functions may be called from any thread.
        let max = self.0.max_level.map_or(0, |max_level| unsafe { max_level(self.0.context) });
        level_number(metadata.level()) <= max
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let pairs: Vec<KeyValue> = fields
            .pairs
            .iter()
            .map(|(key, value)| KeyValue { key: Str::new(key), value: Str::new(value) })
            .collect();
        let metadata = event.metadata();
        let record = LogRecord {
            size: size_of::<LogRecord>(),
            level: level_number(metadata.level()),
            line: metadata.line().unwrap_or(0),
            target: Str::new(metadata.target()),
            message: Str::new(&fields.message),
            file: metadata.file().map_or(Str::EMPTY, Str::new),
            fields: pairs.as_ptr(),
            n_fields: pairs.len(),
        };
        if let Some(log) = self.0.log {
            // SAFETY: the record and what it points to live for the call.
            unsafe { log(self.0.context, &raw const record) };
        }
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

#[derive(Default)]
struct Fields {
    message: String,
    pairs: Vec<(&'static str, String)>,
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "message" {
            let _ = write!(self.message, "{value:?}");
        } else {
            self.pairs.push((field.name(), format!("{value:?}")));
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            self.message.push_str(value);
        } else {
            self.pairs.push((field.name(), value.to_owned()));
        }
    }
}

fn level_number(level: &Level) -> u32 {
    match *level {
        Level::ERROR => 1,
        Level::WARN => 2,
        Level::INFO => 3,
        Level::DEBUG => 4,
        Level::TRACE => 5,
    }
}
