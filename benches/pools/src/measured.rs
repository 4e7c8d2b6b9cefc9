//! Paired rounds: in each cell every contender once a round, the order turned around each time.

use crate::contender::Contender;
use crate::plan::{Cell, Claim, Column, Limit, Over};
use crate::server::Failure;
use crate::spread::{Spread, spread};

/// What one contender brought in one cell: for each round a number for each column.
pub(crate) struct Row {
    pub(crate) pool: String,
    pub(crate) ours: bool,
    pub(crate) rounds: Vec<Vec<f64>>,
}

impl Row {
    pub(crate) fn spread(&self, column: usize) -> Option<Spread> {
        spread(self.rounds.iter().map(|round| round[column]))
    }

    /// Round by round, since what disturbs a machine disturbs those who stand side by side.
    pub(crate) fn ratio(&self, over: &Row, column: usize) -> Option<Spread> {
        let pairs = self.rounds.iter().zip(&over.rounds);
        spread(pairs.map(|(own, other)| own[column] / other[column]))
    }
}

/// A cell with its rows, in the order of the contenders.
pub(crate) struct Measured {
    pub(crate) cell: String,
    pub(crate) rows: Vec<Row>,
}

impl Measured {
    pub(crate) fn of(
        cell: &Cell,
        contenders: &[Contender],
        columns: &[Column],
        rounds: usize,
    ) -> Result<Self, Failure> {
        let row = |contender: &Contender| Row {
            pool: contender.name().to_owned(),
            ours: contender.is_ours(),
            rounds: Vec::with_capacity(rounds),
        };
        let mut rows: Vec<Row> = contenders.iter().map(row).collect();
        for round in 0..rounds {
            let mut order: Vec<usize> = (0..contenders.len()).collect();
            if round % 2 == 1 {
                order.reverse();
            }
            for at in order {
                let numbers = (cell.run)(&contenders[at]).map_err(|failure| {
                    Failure::new(format!("{}, {}: {failure}", contenders[at].name(), cell.name))
                })?;
                assert_eq!(numbers.len(), columns.len(), "invariant: a number for each column");
                rows[at].rounds.push(numbers);
            }
        }
        Ok(Measured { cell: cell.name.clone(), rows })
    }

    pub(crate) fn row(&self, pool: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.pool == pool)
    }

    /// The peer with the largest median. Not the largest of each round: of many that are disturbed by
    /// chance, one is always lucky.
    fn best_peer(&self, column: usize) -> Option<&Row> {
        let median =
            |row: &&Row| row.spread(column).map_or(f64::NEG_INFINITY, |spread| spread.median);
        let peers = self.rows.iter().filter(|row| !row.ours);
        peers.max_by(|one, other| median(one).total_cmp(&median(other)))
    }
}

/// How one pool stands to another in a cell.
pub(crate) struct Ratios<'a> {
    pub(crate) cell: &'a str,
    pub(crate) over: &'a str,
    /// For each column that is compared.
    pub(crate) columns: Vec<(&'static str, Option<Spread>)>,
}

impl<'a> Ratios<'a> {
    /// Those of the pool called `of` to every other one, in every cell.
    pub(crate) fn of(of: &str, cells: &'a [Measured], columns: &[Column]) -> Vec<Self> {
        let mut all = Vec::new();
        for measured in cells {
            let Some(own) = measured.row(of) else { continue };
            for other in measured.rows.iter().filter(|row| row.pool != of) {
                let compared = columns.iter().enumerate().filter(|(_, column)| column.compared);
                let columns = compared.map(|(at, column)| (column.name, own.ratio(other, at)));
                let (cell, over) = (measured.cell.as_str(), other.pool.as_str());
                all.push(Ratios { cell, over, columns: columns.collect() });
            }
        }
        all
    }
}

/// What became of a claim.
pub(crate) struct Verdict {
    pub(crate) claim: Claim,
    /// `None` when something that it speaks of was not measured.
    pub(crate) found: Option<Spread>,
}

impl Verdict {
    pub(crate) fn of(claim: Claim, cells: &[Measured], columns: &[Column]) -> Self {
        Verdict { claim, found: found(claim, cells, columns) }
    }

    /// True as well of what was not measured.
    pub(crate) fn is_kept(&self) -> bool {
        self.found.is_none_or(|found| match self.claim.limit {
            Limit::AtMost(limit) => found.median <= limit,
            Limit::AtLeast(limit) => found.median >= limit,
        })
    }
}

fn found(claim: Claim, cells: &[Measured], columns: &[Column]) -> Option<Spread> {
    let column = columns.iter().position(|column| column.name == claim.column)?;
    let cell = cells.iter().find(|measured| measured.cell == claim.cell)?;
    let own = cell.row(claim.of)?;
    match claim.over {
        Over::Nothing => own.spread(column),
        Over::Named(name) => own.ratio(cell.row(name)?, column),
        Over::BestPeer => own.ratio(cell.best_peer(column)?, column),
    }
}

#[cfg(test)]
mod tests {
    use super::{Measured, Row, Verdict};
    use crate::plan::{Claim, Column, Limit, Over, Unit};

    const COLUMNS: [Column; 1] = [Column::new("rate", Unit::PerSecond)];

    fn cells() -> Vec<Measured> {
        let row = |pool: &str, ours, numbers: [f64; 3]| Row {
            pool: pool.into(),
            ours,
            rounds: numbers.map(|number| vec![number]).to_vec(),
        };
        let rows = vec![
            row("aludel", true, [10.0, 40.0, 30.0]),
            row("aludel bypass", true, [99.0, 99.0, 99.0]),
            row("a", false, [5.0, 10.0, 60.0]),
            row("b", false, [20.0, 5.0, 15.0]),
        ];
        vec![Measured { cell: "1x1".into(), rows }]
    }

    fn claim(over: Over, limit: Limit) -> Verdict {
        let claim = Claim { cell: "1x1", of: "aludel", column: "rate", over, limit };
        Verdict::of(claim, &cells(), &COLUMNS)
    }

    #[test]
    fn ratios_are_taken_within_each_round() {
        let verdict = claim(Over::Named("a"), Limit::AtLeast(2.0));
        let found = verdict.found.unwrap();
        assert_eq!((found.min, found.median, found.max), (0.5, 2.0, 4.0));
        assert!(verdict.is_kept());
        assert!(!claim(Over::Named("a"), Limit::AtMost(1.9)).is_kept());
    }

    #[test]
    fn the_best_peer_has_the_largest_median_and_is_never_one_of_ours() {
        let found = claim(Over::BestPeer, Limit::AtLeast(0.95)).found.unwrap();
        // That is b, although a was better in two of three rounds.
        assert_eq!((found.min, found.median, found.max), (0.5, 2.0, 8.0));
    }

    #[test]
    fn a_claim_about_a_pool_that_is_absent_is_not_broken() {
        let verdict = claim(Over::Named("absent"), Limit::AtMost(0.0));
        assert!(verdict.found.is_none() && verdict.is_kept());
        assert!(!claim(Over::Nothing, Limit::AtMost(0.0)).is_kept());
    }
}
