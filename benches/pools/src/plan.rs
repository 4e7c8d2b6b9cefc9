//! What a benchmark consists of: cells to measure, columns of numbers, and claims about them.

use std::time::Duration;

use crate::contender::Contender;
use crate::server::Failure;

/// How much is measured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale {
    /// Few cells and short times, to see that everything runs.
    pub(crate) quick: bool,
}

impl Scale {
    /// The time for one measurement that takes `full` when it counts.
    pub(crate) fn time(self, full: Duration) -> Duration {
        if self.quick { full.min(Duration::from_millis(40)) } else { full }
    }
}

/// All of a benchmark.
pub(crate) struct Plan {
    /// One sentence above the tables.
    pub(crate) about: String,
    pub(crate) columns: Vec<Column>,
    pub(crate) cells: Vec<Cell>,
    pub(crate) claims: Vec<Claim>,
}

/// One situation, in which every contender is measured once a round.
pub(crate) struct Cell {
    pub(crate) name: String,
    pub(crate) run: Box<Run>,
}

/// Measures one contender: a number for each column.
type Run = dyn Fn(&Contender) -> Result<Vec<f64>, Failure>;

impl Cell {
    pub(crate) fn new(
        name: impl Into<String>,
        run: impl Fn(&Contender) -> Result<Vec<f64>, Failure> + 'static,
    ) -> Self {
        Cell { name: name.into(), run: Box::new(run) }
    }
}

/// What numbers are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Nanos,
    PerSecond,
    Count,
    Percent,
    Times,
}

impl Unit {
    /// Its name in JSON.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Unit::Nanos => "ns",
            Unit::PerSecond => "1/s",
            Unit::Count => "count",
            Unit::Percent => "percent",
            Unit::Times => "ratio",
        }
    }

    /// A number for people.
    pub(crate) fn show(self, number: f64) -> String {
        if !number.is_finite() {
            return if number.is_nan() { "–".into() } else { "never".into() };
        }
        let scaled = |steps: &[(f64, &str)]| {
            let fits = steps.iter().rev().find(|(size, _)| number >= *size).unwrap_or(&steps[0]);
            let (size, name) = fits;
            format!("{:.1} {name}", number / size)
        };
        match self {
            Unit::Nanos => scaled(&[(1.0, "ns"), (1e3, "µs"), (1e6, "ms"), (1e9, "s")]),
            Unit::PerSecond => scaled(&[(1.0, "/s"), (1e3, "k/s"), (1e6, "M/s")]),
            Unit::Count => format!("{number:.0}"),
            Unit::Percent => format!("{number:.2} %"),
            Unit::Times => format!("{number:.2} ×"),
        }
    }
}

/// A column of numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) unit: Unit,
    /// Whether the ratios at the end have it.
    pub(crate) compared: bool,
}

impl Column {
    pub(crate) const fn new(name: &'static str, unit: Unit) -> Self {
        Column { name, unit, compared: false }
    }

    pub(crate) const fn compared(mut self) -> Self {
        self.compared = true;
        self
    }
}

/// What a number is divided by, round by round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Over {
    /// Nothing: the limit is in the unit of the column.
    Nothing,
    /// That of the contender with this name.
    Named(&'static str),
    /// That of the peer with the largest median.
    BestPeer,
}

/// On which side of its limit a number must lie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Limit {
    AtMost(f64),
    AtLeast(f64),
}

/// A limit on the median over rounds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Claim {
    pub(crate) cell: &'static str,
    pub(crate) of: &'static str,
    pub(crate) column: &'static str,
    pub(crate) over: Over,
    pub(crate) limit: Limit,
}

#[cfg(test)]
mod tests {
    use super::Unit;

    #[test]
    fn numbers_are_shown_in_the_unit_that_fits() {
        let nanos = [0.5, 19.44, 2_500.0, 3.8e6, 5.0e9, f64::INFINITY].map(|n| Unit::Nanos.show(n));
        assert_eq!(nanos, ["0.5 ns", "19.4 ns", "2.5 µs", "3.8 ms", "5.0 s", "never"]);
        assert_eq!(Unit::PerSecond.show(21_300.0), "21.3 k/s");
        assert_eq!(Unit::Count.show(0.0), "0");
        assert_eq!(Unit::Times.show(f64::NAN), "–");
    }
}
