//! The parameters of an execution, copied: what listeners see and change, and what errors show.

use std::borrow::Cow;
use std::fmt;

use super::{Shown, Value, ValueRef};

/// Values in one set that are shown in full, and how many of each end of more.
const MOST_VALUES: usize = 100;
const END_VALUES: usize = MOST_VALUES / 2;
/// Sets of an executemany that are shown in full; of more, the last two and those before the gap.
const MOST_SETS: usize = 10;
const LAST_SETS: usize = 2;
const FIRST_SETS: usize = MOST_SETS - LAST_SETS;

/// The values of one execution of a statement.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ParameterSet {
    /// By place.
    Positional(Vec<Value>),
    /// By name.
    Named(Vec<(Cow<'static, str>, Value)>),
}

impl ParameterSet {
    /// Number of values.
    pub fn len(&self) -> usize {
        match self {
            ParameterSet::Positional(values) => values.len(),
            ParameterSet::Named(values) => values.len(),
        }
    }

    /// True when there is no value.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The values, in order, without names.
    pub fn values(&self) -> impl Iterator<Item = &Value> {
        let (positional, named) = match self {
            ParameterSet::Positional(values) => (values.as_slice(), &[][..]),
            ParameterSet::Named(values) => (&[][..], values.as_slice()),
        };
        positional.iter().chain(named.iter().map(|(_, value)| value))
    }

    /// The values, to be changed.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut Value> {
        let (positional, named) = match self {
            ParameterSet::Positional(values) => (values.as_mut_slice(), &mut [][..]),
            ParameterSet::Named(values) => (&mut [][..], values.as_mut_slice()),
        };
        positional.iter_mut().chain(named.iter_mut().map(|(_, value)| value))
    }
}

impl fmt::Display for ParameterSet {
    /// `(1, 'a')`, `(1,)` for a single value, or `{x: 1, y: 'a'}`. Of more than 100 values the first
    /// and last 50 are shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ParameterSet::Positional(values) => {
                write_positional(f, values.len(), |at| values[at].as_ref())
            }
            ParameterSet::Named(values) => {
                f.write_str("{")?;
                write_ends(f, values.len(), |f, index| {
                    let (name, value) = &values[index];
                    write!(f, "{name}: {}", Shown(value.as_ref()))
                })?;
                f.write_str("}")
            }
        }
    }
}

/// Writes the values of a set by place as [`ParameterSet`] shows them.
pub(crate) fn write_positional<'v>(
    f: &mut fmt::Formatter<'_>,
    len: usize,
    value: impl Fn(usize) -> ValueRef<'v>,
) -> fmt::Result {
    f.write_str("(")?;
    write_ends(f, len, |f, index| write!(f, "{}", Shown(value(index))))?;
    f.write_str(if len == 1 { ",)" } else { ")" })
}

/// Writes the values that are shown of a set.
fn write_ends(
    f: &mut fmt::Formatter<'_>,
    len: usize,
    write: impl Fn(&mut fmt::Formatter<'_>, usize) -> fmt::Result,
) -> fmt::Result {
    let gone = len.saturating_sub(MOST_VALUES);
    let (head, tail) = if gone > 0 { (END_VALUES, END_VALUES + gone) } else { (len, len) };
    for index in (0..head).chain(tail..len) {
        if gone > 0 && index == tail {
            write!(f, " ... {gone} parameters truncated ... ")?;
        } else if index > 0 {
            f.write_str(", ")?;
        }
        write(f, index)?;
    }
    Ok(())
}

/// Writes the sets that are shown of an execution with so many.
pub(crate) fn write_sets(
    f: &mut fmt::Formatter<'_>,
    total: usize,
    write: impl Fn(&mut fmt::Formatter<'_>, usize) -> fmt::Result,
) -> fmt::Result {
    // SQLAlchemy, too, shows an executemany of one set as an execution.
    if total == 1 {
        return write(f, 0);
    }
    let is_cut = total > MOST_SETS;
    let (head, tail) = if is_cut { (FIRST_SETS, total - LAST_SETS) } else { (total, total) };
    f.write_str("[")?;
    for index in (0..head).chain(tail..total) {
        if is_cut && index == tail {
            write!(f, "  ... displaying {MOST_SETS} of {total} total bound parameter sets ...  ")?;
        } else if index > 0 {
            f.write_str(", ")?;
        }
        write(f, index)?;
    }
    f.write_str("]")
}

/// The parameters of an execution: one set, or the sets of an executemany.
///
/// Prints as SQLAlchemy's messages have them, with SQL-like literals:
///
/// ```
/// use aludel::Value;
/// use aludel::value::{ParameterSet, Parameters};
///
/// let set = |x: i64| ParameterSet::Positional(vec![Value::from(x)]);
/// assert_eq!(Parameters::one(set(5)).to_string(), "(5,)");
/// assert_eq!(Parameters::many([set(1), set(2)]).to_string(), "[(1,), (2,)]");
/// assert!(Parameters::many((0..11).map(set)).to_string().ends_with(
///     "(7,)  ... displaying 10 of 11 total bound parameter sets ...  (9,), (10,)]"
/// ));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Parameters {
    sets: Vec<ParameterSet>,
    executemany: bool,
    /// Sets that were not kept; they stood before the last two.
    omitted: usize,
}

impl Parameters {
    /// No values.
    pub fn none() -> Self {
        Parameters::one(ParameterSet::Positional(Vec::new()))
    }

    /// One execution.
    pub fn one(set: ParameterSet) -> Self {
        Parameters { sets: vec![set], executemany: false, omitted: 0 }
    }

    /// An executemany, one execution for each set.
    pub fn many(sets: impl IntoIterator<Item = ParameterSet>) -> Self {
        Parameters { sets: sets.into_iter().collect(), executemany: true, omitted: 0 }
    }

    /// An executemany of `total` sets, of which only those are copied that are shown.
    #[cfg(any(feature = "engine", test))] // hosts execute
    pub(crate) fn excerpt(total: usize, mut set: impl FnMut(usize) -> ParameterSet) -> Self {
        let omitted = total.saturating_sub(MOST_SETS);
        let shown = (0..total)
            .filter(|index| omitted == 0 || !(FIRST_SETS..FIRST_SETS + omitted).contains(index));
        Parameters { sets: shown.map(&mut set).collect(), executemany: true, omitted }
    }

    /// True for an executemany, though it may have one set or none.
    pub fn is_executemany(&self) -> bool {
        self.executemany
    }

    /// Number of sets, with those that an error has not kept.
    pub fn len(&self) -> usize {
        self.sets.len() + self.omitted
    }

    /// True when there is no value at all.
    pub fn is_empty(&self) -> bool {
        self.omitted == 0 && self.sets.iter().all(ParameterSet::is_empty)
    }

    /// The sets. An error of an executemany of more than ten keeps the first eight and the last two.
    pub fn sets(&self) -> &[ParameterSet] {
        &self.sets
    }

    /// The sets, to be changed.
    pub fn sets_mut(&mut self) -> &mut [ParameterSet] {
        &mut self.sets
    }

    /// The set of an execution; the first of an executemany.
    pub fn first(&self) -> Option<&ParameterSet> {
        self.sets.first()
    }
}

impl fmt::Display for Parameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Of sets that were left out none is shown: those that are here stand at both ends.
        write_sets(f, self.len(), |f, index| {
            let at = if index < FIRST_SETS { index } else { index - self.omitted };
            write!(f, "{}", self.sets[at])
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{ParameterSet, Parameters, Value};

    fn set(values: impl IntoIterator<Item = i64>) -> ParameterSet {
        ParameterSet::Positional(values.into_iter().map(Value::from).collect())
    }

    #[test]
    fn a_set_of_more_than_100_values_shows_50_of_each_end() {
        assert!(!set(0..100).to_string().contains("truncated"));
        let shown = set(0..101).to_string();
        assert!(shown.contains("48, 49 ... 1 parameters truncated ... 51, 52"), "{shown}");
        assert!(shown.starts_with("(0, 1") && shown.ends_with("99, 100)"), "{shown}");
        let named = (0..300_i64).map(|n| (format!("p{n}").into(), Value::from(n))).collect();
        let shown = ParameterSet::Named(named).to_string();
        assert!(shown.contains("p49: 49 ... 200 parameters truncated ... p250: 250, "), "{shown}");
    }

    #[test]
    fn an_excerpt_prints_as_all_sets_do() {
        for total in [0, 1, 2, 9, 10, 11, 12, 13, 1000] {
            let all = Parameters::many((0..total).map(|n| set([n as i64])));
            let excerpt = Parameters::excerpt(total, |n| set([n as i64]));
            assert_eq!(excerpt.to_string(), all.to_string());
            assert_eq!((excerpt.len(), all.len()), (total, total));
            assert!(excerpt.sets().len() <= 10);
        }
        assert_eq!(Parameters::many([]).to_string(), "[]");
        assert_eq!(Parameters::many([set([1])]).to_string(), "(1,)");
        assert_eq!(Parameters::none().to_string(), "()");
    }
}
