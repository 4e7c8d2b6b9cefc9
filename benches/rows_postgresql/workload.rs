//! The workloads, their variants and their budgets.

use aludel_benches::Budget;

/// How much work.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    /// Rows in the table that is read, or that are inserted.
    pub(crate) rows: u64,
    /// How often the work is done in one run.
    pub(crate) times: u64,
}

/// One kind of work.
pub(crate) struct Workload {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    pub(crate) size: Size,
    /// Less, because callgrind is slow and exact.
    pub(crate) counted_size: Size,
    /// Enough to compare results.
    pub(crate) small_size: Size,
    pub(crate) variants: &'static [&'static str],
    pub(crate) budgets: &'static [Budget],
    /// Limits on instructions: of which variant, divided by which, at most how many times.
    pub(crate) counted_budgets: &'static [(&'static str, &'static str, f64)],
}

/// What the boundary may add.
const BOUNDARY: (&str, &str, f64) = ("loaded", "static", 1.02);

/// A loop of executes does one of so many parts, since all would take most of the time.
const LOOP_PARTS: u64 = 10;

const MIB: f64 = 1024.0 * 1024.0;

/// The workloads.
pub(crate) const WORKLOADS: &[Workload] = &[
    Workload {
        name: "scan",
        what: "1,000,000 rows of int8, float8, varchar(20), nullable int4",
        size: Size { rows: 1_000_000, times: 1 },
        counted_size: Size { rows: 50_000, times: 1 },
        small_size: Size { rows: 500, times: 1 },
        variants: &[
            "tokio-postgres",
            "postgres",
            "sqlx",
            "static",
            "loaded",
            "loaded, transaction",
        ],
        budgets: &[
            Budget::wall("loaded", "tokio-postgres", 1.05),
            Budget::cpu("loaded", "tokio-postgres", 0.50),
            Budget::wall("loaded", "postgres", 0.60),
            Budget::wall("loaded", "sqlx", 0.90),
            Budget::cpu("loaded", "sqlx", 0.35),
            Budget::wall("loaded, transaction", "tokio-postgres", 1.05),
            Budget::cpu("loaded, transaction", "tokio-postgres", 0.50),
            Budget::memory("loaded", 8.0 * MIB),
            Budget::memory("loaded, transaction", 8.0 * MIB),
        ],
        counted_budgets: &[BOUNDARY, ("loaded", "tokio-postgres", 0.50), ("loaded", "sqlx", 0.35)],
    },
    Workload {
        name: "point",
        what: "20,000 selects by key on 10,000 rows, statements held",
        size: Size { rows: 10_000, times: 20_000 },
        counted_size: Size { rows: 10_000, times: 1_000 },
        small_size: Size { rows: 500, times: 20 },
        variants: &["tokio-postgres", "postgres", "sqlx", "system calls", "static", "loaded"],
        // Most of the processor's time is the kernel's, whoever asks; instructions tell the drivers
        // apart.
        budgets: &[
            Budget::wall("loaded", "tokio-postgres", 1.05),
            Budget::cpu("loaded", "tokio-postgres", 1.00),
            Budget::cpu("loaded", "system calls", 1.25),
        ],
        counted_budgets: &[BOUNDARY, ("loaded", "tokio-postgres", 0.50)],
    },
    Workload {
        name: "many",
        what: "200,000 rows inserted in one transaction; loops do a tenth, taken ten times",
        size: Size { rows: 200_000, times: 1 },
        counted_size: Size { rows: 10_000, times: 1 },
        small_size: Size { rows: 500, times: 1 },
        variants: &[
            "loop of executes",
            "tokio-postgres, loop",
            "tokio-postgres, COPY",
            "static",
            "loaded",
            "loaded, COPY",
        ],
        budgets: &[
            Budget::wall("loaded", "loop of executes", 1.0 / 8.0),
            Budget::wall("loaded, COPY", "loop of executes", 1.0 / 20.0),
        ],
        counted_budgets: &[BOUNDARY],
    },
    Workload {
        name: "connect",
        what: "50 connections by SCRAM, one after the other",
        size: Size { rows: 500, times: 50 },
        counted_size: Size { rows: 500, times: 2 },
        small_size: Size { rows: 500, times: 2 },
        variants: &["libpq", "tokio-postgres", "sqlx", "static", "loaded"],
        budgets: &[Budget::wall("loaded", "libpq", 1.1)],
        counted_budgets: &[BOUNDARY],
    },
    Workload {
        name: "connect_tls",
        what: "50 connections by SCRAM over TLS, the certificate checked",
        size: Size { rows: 500, times: 50 },
        counted_size: Size { rows: 500, times: 2 },
        small_size: Size { rows: 500, times: 2 },
        variants: &["libpq", "static", "loaded"],
        budgets: &[Budget::wall("loaded", "libpq", 1.1)],
        counted_budgets: &[BOUNDARY],
    },
];

impl Workload {
    /// What one run of a variant does, and how many of those make the whole.
    pub(crate) fn part(&self, variant: &str, size: Size) -> (Size, u64) {
        match variant {
            "loop of executes" | "tokio-postgres, loop" => {
                (Size { rows: size.rows / LOOP_PARTS, ..size }, LOOP_PARTS)
            }
            _ => (size, 1),
        }
    }

    /// Rows, selects or connections of a run.
    pub(crate) fn items(&self, size: Size) -> u64 {
        match self.name {
            "scan" | "many" => size.rows,
            _ => size.times,
        }
    }
}
