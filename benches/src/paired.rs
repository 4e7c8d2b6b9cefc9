//! Paired rounds: every variant once a round, order turned around from round to round.

use std::time::Instant;

use crate::stats::{Spread, spread};

/// One way of doing a workload.
pub struct Variant<'a> {
    /// Name in the report.
    pub name: &'static str,
    /// Does the work once and returns a checksum, which must be the same for all variants.
    pub run: Box<dyn FnMut() -> u64 + 'a>,
}

/// What comparing variants brought.
pub struct Comparison {
    /// Name of each variant with its ratio to the baseline and its median time in milliseconds.
    pub rows: Vec<(&'static str, Spread, f64)>,
}

/// Runs the variants for this many rounds after one for warming up. The first is the baseline.
///
/// # Panics
/// When checksums differ.
#[must_use]
pub fn compare(variants: &mut [Variant<'_>], rounds: usize) -> Comparison {
    let mut times = vec![Vec::with_capacity(rounds); variants.len()];
    for round in 0..=rounds {
        let mut order: Vec<usize> = (0..variants.len()).collect();
        if round % 2 == 1 {
            order.reverse();
        }
        let mut checksum = None;
        for index in order {
            let variant = &mut variants[index];
            let start = Instant::now();
            let sum = (variant.run)();
            let elapsed = start.elapsed().as_secs_f64();
            let expected = *checksum.get_or_insert(sum);
            assert_eq!(sum, expected, "{} computed something else", variant.name);
            if round > 0 {
                times[index].push(elapsed);
            }
        }
    }
    let rows = variants.iter().zip(&times).map(|(variant, own)| {
        let ratios: Vec<f64> = own.iter().zip(&times[0]).map(|(own, base)| own / base).collect();
        (variant.name, spread(&ratios), spread(own).median * 1e3)
    });
    Comparison { rows: rows.collect() }
}
