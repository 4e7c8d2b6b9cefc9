//! The benchmarks by name, and how one runs from its arguments to its exit code.

use std::process::ExitCode;

use crate::args::Args;
use crate::contender::Contender;
use crate::hold;
use crate::json::Run;
use crate::measured::{Measured, Ratios, Verdict};
use crate::plan::{Plan, Scale};
use crate::server::Failure;
use crate::{contended, fairness, open_loop, outage, overhead, pools, report, spike, uncontended};

/// One of the benchmarks.
///
/// ```no_run
/// use aludel_bench_pools::Bench;
///
/// fn main() -> std::process::ExitCode {
///     let contenders = Bench::Fairness.contenders();
///     Bench::Fairness.run(contenders)
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bench {
    /// One thread alone. 15 rounds.
    Uncontended,
    /// One thread alone, and our pool of every kind and with settings that have to be looked at. 15
    /// rounds.
    Overhead,
    /// Threads that ask again at once: rates and waits by threads, connections and hold. 3 rounds of
    /// many cells; name a cell and `--rounds 15` for what a claim rests on.
    Contended,
    /// Callers that come at a fixed rate: waits from the moment at which they were to come. 3 rounds.
    OpenLoop,
    /// Who is overtaken, and the longest waits. 15 rounds.
    Fairness,
    /// Fifty callers at once. 15 rounds.
    Spike,
    /// A server that is away for two seconds. 3 rounds.
    Outage,
}

impl Bench {
    /// All of them.
    pub const ALL: [Bench; 7] = [
        Bench::Uncontended,
        Bench::Overhead,
        Bench::Contended,
        Bench::OpenLoop,
        Bench::Fairness,
        Bench::Spike,
        Bench::Outage,
    ];

    /// The name that `cargo bench --bench` knows.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Bench::Uncontended => "pool_uncontended",
            Bench::Overhead => "pool_overhead",
            Bench::Contended => "pool_contended",
            Bench::OpenLoop => "pool_open_loop",
            Bench::Fairness => "pool_fairness",
            Bench::Spike => "pool_spike",
            Bench::Outage => "pool_outage",
        }
    }

    /// The pools that take part in this one: ours, the naive ones, and with the feature `peers` those
    /// of other crates; [`Overhead`](Bench::Overhead) has ours alone. Add your own to them.
    #[must_use]
    pub fn contenders(self) -> Vec<Contender> {
        pools::of(self)
    }

    /// Runs with the arguments of this process and prints what it finds. The exit code is 1 when a
    /// claim is broken or a pool fails.
    #[must_use]
    pub fn run(self, contenders: Vec<Contender>) -> ExitCode {
        match self.run_with(contenders, &Args::parse()) {
            Ok(true) => ExitCode::SUCCESS,
            Ok(false) => ExitCode::FAILURE,
            Err(failure) => {
                eprintln!("{}: {failure}", self.name());
                ExitCode::FAILURE
            }
        }
    }

    /// Runs with these arguments and prints what it finds. The answer is false when a claim is broken,
    /// never after a quick run.
    ///
    /// # Errors
    /// When a pool fails where none should, when no contender or cell remains, or when the file for
    /// JSON cannot be written.
    pub fn run_with(self, mut contenders: Vec<Contender>, args: &Args) -> Result<bool, Failure> {
        hold::sleep_precisely();
        contenders.retain(|contender| args.wants_pool(contender.name()));
        if contenders.is_empty() {
            return Err(Failure::new("no contender is called so: see the table without --pools"));
        }
        let mut plan = self.plan(&contenders, Scale { quick: args.quick })?;
        plan.cells.retain(|cell| args.wants_cell(&cell.name));
        if plan.cells.is_empty() {
            return Err(Failure::new("no cell has this in its name: see the titles without it"));
        }
        let rounds = args.rounds.unwrap_or(if args.quick { 1 } else { self.rounds() });
        report::opening(self.name(), &plan, &contenders, rounds);
        let mut cells = Vec::new();
        for cell in &plan.cells {
            let measured = Measured::of(cell, &contenders, &plan.columns, rounds)?;
            report::table(&measured, &plan.columns);
            cells.push(measured);
        }
        let ratios = Ratios::of(&args.of, &cells, &plan.columns);
        report::ratios(&args.of, &ratios);
        let claims = plan.claims.iter().filter(|claim| args.wants_cell(claim.cell));
        let verdict = |claim: &_| Verdict::of(*claim, &cells, &plan.columns);
        let verdicts: Vec<Verdict> = claims.map(verdict).collect();
        report::claims(&verdicts, &plan.columns, args.quick);
        if let Some(path) = &args.json {
            let run = Run {
                bench: self.name(),
                quick: args.quick,
                plan: &plan,
                contenders: &contenders,
                cells: &cells,
                of: &args.of,
                ratios: &ratios,
                verdicts: &verdicts,
            };
            std::fs::write(path, run.text()).map_err(|error| {
                Failure::new(format!("cannot write {}: {error}", path.display()))
            })?;
        }
        Ok(args.quick || verdicts.iter().all(Verdict::is_kept))
    }

    fn plan(self, contenders: &[Contender], scale: Scale) -> Result<Plan, Failure> {
        Ok(match self {
            Bench::Uncontended => uncontended::plan(&scale),
            Bench::Overhead => overhead::plan(&scale),
            Bench::Contended => contended::plan(&scale),
            Bench::OpenLoop => return open_loop::plan(contenders, &scale),
            Bench::Fairness => fairness::plan(&scale),
            Bench::Spike => spike::plan(&scale),
            Bench::Outage => outage::plan(&scale),
        })
    }

    fn rounds(self) -> usize {
        match self {
            Bench::Uncontended | Bench::Overhead | Bench::Fairness | Bench::Spike => 15,
            Bench::Contended | Bench::OpenLoop | Bench::Outage => 3,
        }
    }
}
