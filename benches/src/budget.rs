//! What a variant may cost, and whether it does.

use crate::cost::Cost;
use crate::stats::{Spread, spread};

/// Which part of a [`Cost`] counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Time on the clock.
    Wall,
    /// Time of the processor.
    Cpu,
    /// Memory above that of the idle process.
    Memory,
}

impl Measure {
    fn of(self, cost: &Cost) -> f64 {
        match self {
            Measure::Wall => cost.wall,
            Measure::Cpu => cost.cpu,
            Measure::Memory => cost.memory,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Measure::Wall => "wall",
            Measure::Cpu => "CPU",
            Measure::Memory => "memory",
        }
    }
}

/// A limit on the median of what a variant costs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Budget {
    /// The variant that is held to it.
    pub of: &'static str,
    /// The variant that it is divided by, round by round; none for a limit in bytes or seconds.
    pub over: Option<&'static str>,
    /// What counts.
    pub measure: Measure,
    /// The limit.
    pub at_most: f64,
}

impl Budget {
    /// Wall time as a ratio.
    #[must_use]
    pub const fn wall(of: &'static str, over: &'static str, at_most: f64) -> Self {
        Budget { of, over: Some(over), measure: Measure::Wall, at_most }
    }

    /// Time of the processor as a ratio.
    #[must_use]
    pub const fn cpu(of: &'static str, over: &'static str, at_most: f64) -> Self {
        Budget { of, over: Some(over), measure: Measure::Cpu, at_most }
    }

    /// Memory above idle, in bytes.
    #[must_use]
    pub const fn memory(of: &'static str, at_most: f64) -> Self {
        Budget { of, over: None, measure: Measure::Memory, at_most }
    }

    /// The spread of what counts; `None` when one of the variants did not run.
    #[must_use]
    pub fn spread(&self, variants: &[&str], costs: &[Vec<Cost>]) -> Option<Spread> {
        let numbers = |name: &str| -> Option<Vec<f64>> {
            let own = &costs[variants.iter().position(|variant| *variant == name)?];
            Some(own.iter().map(|cost| self.measure.of(cost)).collect())
        };
        let own = numbers(self.of)?;
        let Some(over) = self.over else { return Some(spread(&own)) };
        let base = numbers(over)?;
        let ratios: Vec<f64> = own.iter().zip(&base).map(|(own, base)| own / base).collect();
        Some(spread(&ratios))
    }
}

/// Prints the medians of each variant, then each budget with its spread. The answer is false when
/// a median is over its budget.
#[must_use]
pub fn report(variants: &[&str], costs: &[Vec<Cost>], budgets: &[Budget]) -> bool {
    let median = |costs: &[Cost], measure: Measure| {
        let numbers: Vec<f64> = costs.iter().map(|cost| measure.of(cost)).collect();
        spread(&numbers).median
    };
    println!("  {:<24} {:>10} {:>10} {:>12}", "median", "wall, ms", "CPU, ms", "memory, MiB");
    for (name, own) in variants.iter().zip(costs) {
        let (wall, cpu) = (median(own, Measure::Wall) * 1e3, median(own, Measure::Cpu) * 1e3);
        let memory = median(own, Measure::Memory) / f64::from(1 << 20);
        println!("  {name:<24} {wall:>10.2} {cpu:>10.2} {memory:>12.2}");
    }
    let mut kept = true;
    for budget in budgets {
        kept &= line(budget, variants, costs);
    }
    kept
}

fn line(budget: &Budget, variants: &[&str], costs: &[Vec<Cost>]) -> bool {
    let over = budget.over.map_or(String::new(), |over| format!(" ÷ {over}"));
    let what = format!("{}: {}{over}", budget.measure.name(), budget.of);
    let Some(found) = budget.spread(variants, costs) else {
        println!("  {what}: not measured, one of them did not run");
        return true;
    };
    let kept = found.median <= budget.at_most;
    let verdict = if kept { "" } else { "   OVER" };
    match budget.measure {
        Measure::Memory if budget.over.is_none() => {
            let mib = f64::from(1 << 20);
            let (median, most) = (found.median / mib, budget.at_most / mib);
            println!("  {what}: {median:.2} MiB   budget {most:.2}{verdict}");
        }
        _ => println!("  {what}: {found}   budget {}{verdict}", budget.at_most),
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::{Budget, Cost, report};

    fn costs(walls: &[f64]) -> Vec<Cost> {
        walls.iter().map(|wall| Cost { wall: *wall, cpu: 1.0, memory: 0.0, checksum: 0 }).collect()
    }

    #[test]
    fn a_ratio_is_taken_within_each_round() {
        let all = [costs(&[1.0, 10.0, 2.0]), costs(&[2.0, 5.0, 4.0])];
        let budget = Budget::wall("a", "b", 0.5);
        let spread = budget.spread(&["a", "b"], &all).unwrap();
        assert_eq!((spread.min, spread.median, spread.max), (0.5, 0.5, 2.0));
        assert!(report(&["a", "b"], &all, &[budget]));
        assert!(!report(&["a", "b"], &all, &[Budget::wall("b", "a", 1.9)]));
    }

    #[test]
    fn a_budget_over_what_did_not_run_is_not_broken() {
        let budget = Budget::cpu("a", "absent", 0.1);
        assert_eq!(budget.spread(&["a"], &[costs(&[1.0])]), None);
        assert!(report(&["a"], &[costs(&[1.0])], &[budget]));
    }
}
