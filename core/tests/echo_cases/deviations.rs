//! Where the echo prints something else than SQLAlchemy, why, and what it prints instead.

pub(crate) struct Deviation {
    pub(crate) id: &'static str,
    pub(crate) reason: &'static str,
    /// The lines instead, in the record's form.
    pub(crate) gives: &'static [&'static str],
}

pub(crate) const DEVIATIONS: &[Deviation] = &[
    Deviation {
        id: "echo-005",
        reason: "values are SQL literals and not Python's",
        gives: &[
            "INFO aludel::engine BEGIN (implicit)",
            "INFO aludel::engine select ?, ?, ?",
            r#"INFO aludel::engine [generated in {T}s] ('plain', 'has ''single''', 'both '' and "')"#,
            "INFO aludel::engine ROLLBACK",
        ],
    },
    Deviation {
        id: "echo-009",
        reason: "the driver's own text takes values by place; by name they are refused before \
                 anything begins",
        gives: &[],
    },
    Deviation {
        id: "echo-023",
        reason: "with AUTOCOMMIT no transaction is begun, and none is committed or rolled back: \
                 nothing is sent that a line could tell of",
        gives: &[
            "INFO aludel::engine select 1",
            "INFO aludel::engine [generated in {T}s] ()",
            "INFO aludel::engine select 2",
            "INFO aludel::engine [generated in {T}s] ()",
        ],
    },
    Deviation {
        id: "echo-025",
        reason: "as echo-023",
        gives: &["INFO aludel::engine select 1", "INFO aludel::engine [generated in {T}s] ()"],
    },
    Deviation {
        id: "echo-057",
        reason: "the pool goes on after `dispose` and is not made anew; in memory it is a QueuePool, \
                 whose connections share the database",
        gives: &["INFO aludel::pool Pool disposed. Pool size: 5  Connections in pool: 0 Current \
                  Overflow: -5 Current Checked out connections: 0"],
    },
    Deviation {
        id: "echo-059",
        reason: "as echo-057; and a connection that is dropped while nobody watches its statements is \
                 rolled back by its return alone",
        gives: &[
            "DEBUG aludel::pool Created new connection {T}",
            "DEBUG aludel::pool Connection {T} checked out from pool",
            "DEBUG aludel::pool Connection {T} being returned to pool",
            "DEBUG aludel::pool Connection {T} rollback-on-return",
            "DEBUG aludel::pool Connection {T} checked out from pool",
            "DEBUG aludel::pool Connection {T} being returned to pool",
            "DEBUG aludel::pool Connection {T} rollback-on-return",
            "DEBUG aludel::pool Closing connection {T}",
            "INFO aludel::pool Pool disposed. Pool size: 5  Connections in pool: 0 Current \
             Overflow: -5 Current Checked out connections: 0",
        ],
    },
    Deviation {
        id: "echo-065",
        reason: "the echo can be switched on for open connections",
        gives: &[
            "INFO aludel::engine BEGIN (implicit)",
            "INFO aludel::engine select 1",
            "INFO aludel::engine [generated in {T}s] ()",
            "INFO aludel::engine ROLLBACK",
        ],
    },
];

/// Cases of what is not there yet.
pub(crate) const NOT_YET: &[(&str, &str)] = &[
    ("echo-069", "create_all of the expression language"),
    ("echo-071", "the Inspector"),
    ("echo-079", "DDL elements of the expression language"),
];
