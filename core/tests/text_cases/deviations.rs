//! Where `text()` decides otherwise than SQLAlchemy, why, and what it gives instead.

pub(crate) struct Deviation {
    pub(crate) id: &'static str,
    pub(crate) reason: &'static str,
    /// The text in `numeric_dollar`, and how many values go with it.
    pub(crate) gives: (&'static str, usize),
}

const fn deviation(
    id: &'static str,
    reason: &'static str,
    gives: (&'static str, usize),
) -> Deviation {
    Deviation { id, reason, gives }
}

const QUOTED: &str =
    "what stands in quotes or comments is no bind, and goes to the database as it is";
const EMPTY: &str = "an empty list is an empty set in every dialect";

const CAST: &str = "a bind that is cast at once is a bind: no database reads `:a::int` otherwise";

pub(crate) const DEVIATIONS: &[Deviation] = &[
    deviation("text-025", CAST, ("SELECT $1::int", 1)),
    deviation("text-053", QUOTED, ("SELECT 'it''s :a'", 0)),
    deviation("text-059", QUOTED, ("SELECT 'http://host/:a'", 0)),
    deviation("text-063", QUOTED, ("SELECT 1 /* :a */, $1", 1)),
    deviation("text-065", QUOTED, ("SELECT E'\\:a'", 0)),
    deviation("text-069", QUOTED, ("SELECT '%(a)s', $1", 1)),
    deviation("text-071", QUOTED, ("SELECT x LIKE '%:a%'", 0)),
    deviation(
        "text-089",
        EMPTY,
        ("SELECT * FROM t WHERE x IN (SELECT 1 FROM (SELECT 1) AS empty_set WHERE 1 != 1)", 0),
    ),
];
