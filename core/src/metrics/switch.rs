//! Whether anybody wants metrics.

use std::sync::atomic::{AtomicBool, Ordering};

use super::list::{Kind, metrics};

static ON: AtomicBool = AtomicBool::new(false);

/// True once the program has asked for metrics.
#[inline]
pub(crate) fn is_on() -> bool {
    ON.load(Ordering::Relaxed)
}

/// Begins to record, and describes every metric, with its unit, to the recorder. Call it once the
/// recorder is installed; until then nothing is recorded, and a statement pays for one look at a
/// switch. Calling it again describes the metrics again, as for a recorder of one thread.
pub fn start() {
    ::metrics::with_recorder(|recorder| {
        for metric in metrics() {
            let (name, unit, about) = (metric.name.into(), Some(metric.unit), metric.about.into());
            match metric.kind {
                Kind::Counter => recorder.describe_counter(name, unit, about),
                Kind::Gauge => recorder.describe_gauge(name, unit, about),
                Kind::Histogram => recorder.describe_histogram(name, unit, about),
            }
        }
    });
    ON.store(true, Ordering::Relaxed);
}
