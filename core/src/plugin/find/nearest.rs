//! "Did you mean": the known name that is nearest to what was written.

use strsim::damerau_levenshtein;

/// The known name nearest to `wanted`, when few enough edits lie between: one in three letters,
/// three at most. Equally near names are taken in the order given.
pub(in crate::plugin) fn nearest<'a>(
    wanted: &str,
    known: impl Iterator<Item = &'a str>,
) -> Option<&'a str> {
    let limit = (wanted.len() / 3).clamp(1, 3);
    known
        .map(|name| (damerau_levenshtein(wanted, name), name))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    const KNOWN: [&str; 5] = ["sqlite", "sqlite3", "postgresql", "postgres", "pg"];

    #[test]
    fn slips_of_the_finger_are_recognised() {
        for (wanted, meant) in [
            ("postgress", "postgres"),
            ("postgersql", "postgresql"),
            ("sqllite", "sqlite"),
            ("gp", "pg"),
        ] {
            assert_eq!(nearest(wanted, KNOWN.into_iter()), Some(meant), "{wanted}");
        }
    }

    #[test]
    fn other_words_are_not() {
        for wanted in ["duckdb", "oracle", "x", "file"] {
            assert_eq!(nearest(wanted, KNOWN.into_iter()), None, "{wanted}");
        }
    }
}
