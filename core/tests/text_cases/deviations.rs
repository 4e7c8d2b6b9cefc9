//! Where `text()` decides otherwise than SQLAlchemy, why, and what it gives instead.

pub(crate) struct Deviation {
    pub(crate) id: &'static str,
    pub(crate) reason: &'static str,
    /// The text in qmark, numeric, numeric_dollar, named, format and pyformat.
    pub(crate) gives: [&'static str; 6],
    /// How many values go with it.
    pub(crate) values: usize,
}

const QUOTED: &str =
    "what stands in quotes or comments is no bind, and goes to the database as it is";
const EMPTY: &str = "an empty list is an empty set in every dialect";

const CAST: &str = "a bind that is cast at once is a bind: no database reads `:a::int` otherwise";

const EMPTY_SET: &str =
    "SELECT * FROM t WHERE x IN (SELECT 1 FROM (SELECT 1) AS empty_set WHERE 1 != 1)";

pub(crate) const DEVIATIONS: &[Deviation] = &[
    Deviation {
        id: "text-025",
        reason: CAST,
        gives: [
            "SELECT ?::int",
            "SELECT :1::int",
            "SELECT $1::int",
            "SELECT :a::int",
            "SELECT %s::int",
            "SELECT %(a)s::int",
        ],
        values: 1,
    },
    Deviation { id: "text-053", reason: QUOTED, gives: ["SELECT 'it''s :a'"; 6], values: 0 },
    Deviation { id: "text-059", reason: QUOTED, gives: ["SELECT 'http://host/:a'"; 6], values: 0 },
    Deviation {
        id: "text-063",
        reason: QUOTED,
        gives: [
            "SELECT 1 /* :a */, ?",
            "SELECT 1 /* :a */, :1",
            "SELECT 1 /* :a */, $1",
            "SELECT 1 /* :a */, :b",
            "SELECT 1 /* :a */, %s",
            "SELECT 1 /* :a */, %(b)s",
        ],
        values: 1,
    },
    Deviation { id: "text-065", reason: QUOTED, gives: ["SELECT E'\\:a'"; 6], values: 0 },
    Deviation {
        id: "text-069",
        reason: QUOTED,
        gives: [
            "SELECT '%(a)s', ?",
            "SELECT '%(a)s', :1",
            "SELECT '%(a)s', $1",
            "SELECT '%(a)s', :a",
            "SELECT '%%(a)s', %s",
            "SELECT '%%(a)s', %(a)s",
        ],
        values: 1,
    },
    Deviation {
        id: "text-071",
        reason: QUOTED,
        gives: [
            "SELECT x LIKE '%:a%'",
            "SELECT x LIKE '%:a%'",
            "SELECT x LIKE '%:a%'",
            "SELECT x LIKE '%:a%'",
            "SELECT x LIKE '%%:a%%'",
            "SELECT x LIKE '%%:a%%'",
        ],
        values: 0,
    },
    Deviation { id: "text-089", reason: EMPTY, gives: [EMPTY_SET; 6], values: 0 },
];
