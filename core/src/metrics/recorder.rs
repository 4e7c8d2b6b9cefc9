//! The recorder's counters, gauges and histograms, by their keys.

use ::metrics::{Counter, Gauge, Histogram, Key, Level, Metadata, with_recorder};

static ABOUT: Metadata<'static> = Metadata::new("aludel", Level::INFO, Some(module_path!()));

pub(crate) fn counter(key: &Key) -> Counter {
    with_recorder(|recorder| recorder.register_counter(key, &ABOUT))
}

pub(super) fn gauge(key: &Key) -> Gauge {
    with_recorder(|recorder| recorder.register_gauge(key, &ABOUT))
}

pub(crate) fn histogram(key: &Key) -> Histogram {
    with_recorder(|recorder| recorder.register_histogram(key, &ABOUT))
}
