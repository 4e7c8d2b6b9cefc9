//! The recorder that keeps everything.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use metrics::{
    Counter, CounterFn, Gauge, GaugeFn, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder,
    SharedString, Unit,
};

/// What was recorded under one key.
#[derive(Clone, Debug, PartialEq)]
pub enum Recorded {
    /// A counter, as it stands.
    Counter(u64),
    /// A gauge, as it was last set.
    Gauge(f64),
    /// Each value of a histogram.
    Histogram(Vec<f64>),
}

#[derive(Default)]
struct State {
    values: Mutex<BTreeMap<String, Recorded>>,
    described: Mutex<BTreeMap<String, (&'static str, Option<Unit>)>>,
}

/// The recorder; clones share what was recorded.
#[derive(Clone, Default)]
pub struct Kept(Arc<State>);

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Kept {
    /// The recorder of this process, installed by the first who asks.
    pub fn installed() -> Self {
        static INSTALLED: OnceLock<Kept> = OnceLock::new();
        let kept = INSTALLED.get_or_init(|| {
            let kept = Kept::default();
            metrics::set_global_recorder(kept.clone()).expect("no test installs another");
            kept
        });
        kept.clone()
    }

    /// What was recorded under a key such as `name{label=value,other=value}`, labels by name.
    pub fn get(&self, key: &str) -> Option<Recorded> {
        lock(&self.0.values).get(key).cloned()
    }

    /// The values of a histogram; none where nothing was recorded.
    pub fn values(&self, key: &str) -> Vec<f64> {
        match self.get(key) {
            Some(Recorded::Histogram(values)) => values,
            None => Vec::new(),
            Some(other) => panic!("`{key}` is no histogram but {other:?}"),
        }
    }

    /// The keys under which something was recorded that have this in them.
    pub fn keys_with(&self, part: &str) -> Vec<String> {
        lock(&self.0.values).keys().filter(|key| key.contains(part)).cloned().collect()
    }

    /// The kind and the unit of every metric that was described, by its name.
    pub fn described(&self) -> BTreeMap<String, (&'static str, Option<Unit>)> {
        lock(&self.0.described).clone()
    }

    fn describe(&self, name: &KeyName, kind: &'static str, unit: Option<Unit>) {
        lock(&self.0.described).insert(name.as_str().to_owned(), (kind, unit));
    }

    fn place(&self, key: &Key) -> Arc<Place> {
        let mut labels: Vec<String> =
            key.labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
        labels.sort_unstable();
        let name = key.name();
        Arc::new(Place { key: format!("{name}{{{}}}", labels.join(",")), kept: self.clone() })
    }
}

/// Where the values of one key go.
struct Place {
    key: String,
    kept: Kept,
}

impl Place {
    fn change(&self, empty: Recorded, change: impl FnOnce(&mut Recorded)) {
        change(lock(&self.kept.0.values).entry(self.key.clone()).or_insert(empty));
    }

    fn count(&self, change: impl FnOnce(u64) -> u64) {
        self.change(Recorded::Counter(0), |recorded| match recorded {
            Recorded::Counter(count) => *count = change(*count),
            other => panic!("`{}` is {other:?}", self.key),
        });
    }

    fn measure(&self, change: impl FnOnce(f64) -> f64) {
        self.change(Recorded::Gauge(0.0), |recorded| match recorded {
            Recorded::Gauge(value) => *value = change(*value),
            other => panic!("`{}` is {other:?}", self.key),
        });
    }
}

impl CounterFn for Place {
    fn increment(&self, value: u64) {
        self.count(|count| count + value);
    }

    fn absolute(&self, value: u64) {
        self.count(|count| count.max(value));
    }
}

impl GaugeFn for Place {
    fn increment(&self, value: f64) {
        self.measure(|before| before + value);
    }

    fn decrement(&self, value: f64) {
        self.measure(|before| before - value);
    }

    fn set(&self, value: f64) {
        self.measure(|_| value);
    }
}

impl HistogramFn for Place {
    fn record(&self, value: f64) {
        self.change(Recorded::Histogram(Vec::new()), |recorded| match recorded {
            Recorded::Histogram(values) => values.push(value),
            other => panic!("`{}` is {other:?}", self.key),
        });
    }
}

impl Recorder for Kept {
    fn describe_counter(&self, key: KeyName, unit: Option<Unit>, _: SharedString) {
        self.describe(&key, "counter", unit);
    }

    fn describe_gauge(&self, key: KeyName, unit: Option<Unit>, _: SharedString) {
        self.describe(&key, "gauge", unit);
    }

    fn describe_histogram(&self, key: KeyName, unit: Option<Unit>, _: SharedString) {
        self.describe(&key, "histogram", unit);
    }

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.place(key))
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(self.place(key))
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(self.place(key))
    }
}
