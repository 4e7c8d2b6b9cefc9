//! What the host offers to plugins, as safe functions behind the table that `init` receives.

use core::ffi::c_void;
use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::data::LogRecord;
use super::tables::HostVt;

/// An event of a plugin's `tracing`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PluginEvent<'a> {
    /// 1 error … 5 trace.
    pub(crate) level: u32,
    /// Target, usually the module.
    pub(crate) target: Cow<'a, str>,
    /// Message.
    pub(crate) message: Cow<'a, str>,
    /// Source file, or empty.
    pub(crate) file: Cow<'a, str>,
    /// Line in it.
    pub(crate) line: u32,
    /// Fields other than the message.
    pub(crate) fields: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

/// The host's side of the calls that plugins make. May be called from any thread.
pub(crate) trait HostCalls {
    /// Receives an event.
    fn log(event: &PluginEvent<'_>);
    /// The most verbose level that anyone listens to: 0 none, 1 error … 5 trace.
    fn max_level() -> u32;
}

/// The table of these functions. Panics in them stop here: the plugin's code is below them on the
/// stack, and its compiler may not be ours.
pub(crate) const fn host_table<H: HostCalls>() -> HostVt {
    HostVt {
        size: size_of::<HostVt>(),
        context: core::ptr::null_mut(),
        log: Some(log::<H>),
        max_level: Some(max_level::<H>),
    }
}

/// `record` and what it points to belong to the plugin and are read during the call only.
unsafe extern "C" fn log<H: HostCalls>(_: *mut c_void, record: *const LogRecord) {
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        // SAFETY: the plugin passes null or a record that lives for the call.
        if let Some(event) = unsafe { read(record) } {
            H::log(&event);
        }
    }));
    quiet(outcome);
}

unsafe extern "C" fn max_level<H: HostCalls>(_: *mut c_void) -> u32 {
    quiet(catch_unwind(AssertUnwindSafe(H::max_level))).unwrap_or(0)
}

/// What panicked is the program's subscriber; its payload may panic again when it is dropped.
fn quiet<T>(outcome: std::thread::Result<T>) -> Option<T> {
    outcome.map_err(core::mem::forget).ok()
}

/// # Safety
/// `record` is null, or begins with its size and points to valid data for `'a` up to it.
unsafe fn read<'a>(record: *const LogRecord) -> Option<PluginEvent<'a>> {
    // SAFETY: the size is there in every version.
    if record.is_null() || unsafe { (&raw const (*record).size).read() } < size_of::<LogRecord>() {
        return None;
    }
    // SAFETY: the size says that the whole record is there.
    let record = unsafe { &*record };
    let pairs = match record.n_fields {
        0 => &[],
        // SAFETY: as promised: `n_fields` pairs at `fields`.
        len => unsafe { core::slice::from_raw_parts(record.fields, len) },
    };
    // SAFETY: texts live for `'a`, as promised.
    unsafe {
        Some(PluginEvent {
            level: record.level,
            target: record.target.text(),
            message: record.message.text(),
            file: record.file.text(),
            line: record.line,
            fields: pairs.iter().map(|pair| (pair.key.text(), pair.value.text())).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::{HostCalls, PluginEvent, host_table};
    use crate::abi::data::{KeyValue, LogRecord, Str};

    thread_local! {
        static SEEN: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
    }

    struct Recorder;

    impl HostCalls for Recorder {
        fn log(event: &PluginEvent<'_>) {
            assert!(event.message != "panic", "as the event asks");
            SEEN.with_borrow_mut(|seen| seen.push(format!("{event:?}")));
        }

        fn max_level() -> u32 {
            panic!("always");
        }
    }

    fn record(message: &str, fields: &[KeyValue]) -> LogRecord {
        LogRecord {
            size: size_of::<LogRecord>(),
            level: 3,
            line: 7,
            target: Str::new("toy"),
            message: Str::new(message),
            file: Str::EMPTY,
            fields: fields.as_ptr(),
            n_fields: fields.len(),
        }
    }

    fn log(record: Option<LogRecord>) -> Vec<String> {
        let log = host_table::<Recorder>().log.unwrap();
        let record = record.as_ref().map_or(core::ptr::null(), core::ptr::from_ref);
        // SAFETY: null or a record that lives for the call.
        unsafe { log(core::ptr::null_mut(), record) };
        SEEN.take()
    }

    #[test]
    fn a_record_arrives_with_all_that_it_holds() {
        let fields = [KeyValue { key: Str::new("rows"), value: Str::from_bytes(b"\xff3") }];
        let seen = log(Some(record("hello", &fields)));
        assert_eq!(
            seen,
            ["PluginEvent { level: 3, target: \"toy\", message: \"hello\", file: \"\", line: 7, \
              fields: [(\"rows\", \"\u{fffd}3\")] }"]
        );
    }

    #[test]
    fn a_panic_of_the_host_does_not_reach_the_plugin() {
        assert!(log(Some(record("panic", &[]))).is_empty());
        let max_level = host_table::<Recorder>().max_level.unwrap();
        // SAFETY: the context is not used.
        assert_eq!(unsafe { max_level(core::ptr::null_mut()) }, 0);
    }

    #[test]
    fn a_missing_or_short_record_is_left_alone() {
        assert!(log(None).is_empty());
        let short = LogRecord { size: 8, ..record("hello", &[]) };
        assert!(log(Some(short)).is_empty());
    }
}
