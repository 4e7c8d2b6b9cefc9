//! Median and quartiles of what rounds brought.

use std::fmt;

/// Median, quartiles and extremes of some numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Spread {
    pub(crate) min: f64,
    pub(crate) lower: f64,
    pub(crate) median: f64,
    pub(crate) upper: f64,
    pub(crate) max: f64,
}

/// The spread of numbers that are there; `None` without any. Those that are not numbers (a ratio of
/// nothing to nothing) do not count.
pub(crate) fn spread(numbers: impl Iterator<Item = f64>) -> Option<Spread> {
    let mut sorted: Vec<f64> = numbers.filter(|number| !number.is_nan()).collect();
    if sorted.is_empty() {
        return None;
    }
    sorted.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let place = share * (sorted.len() - 1) as f64;
        let (low, high) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
        // Not computed between equal ones: infinity less infinity is not a number.
        if low == high { low } else { low + (high - low) * place.fract() }
    };
    let (min, max) = (at(0.0), at(1.0));
    Some(Spread { min, lower: at(0.25), median: at(0.5), upper: at(0.75), max })
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Spread { lower, median, upper, .. } = self;
        write!(f, "{median:.3} ({lower:.3}–{upper:.3})")
    }
}

#[cfg(test)]
mod tests {
    use super::spread;

    #[test]
    fn the_median_of_an_even_number_lies_between_the_middle_two() {
        let spread = spread([4.0, 1.0, f64::NAN, 3.0, 2.0].into_iter()).unwrap();
        assert_eq!((spread.min, spread.median, spread.max), (1.0, 2.5, 4.0));
    }

    #[test]
    fn infinity_is_a_number_and_nothing_has_no_spread() {
        let spread_of = |numbers: &[f64]| spread(numbers.iter().copied());
        assert_eq!(spread_of(&[f64::INFINITY; 3]).unwrap().median, f64::INFINITY);
        assert_eq!(spread_of(&[f64::NAN]), None);
    }
}
