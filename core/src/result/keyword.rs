//! Which statements are worth keeping prepared.

/// Statements that programs execute again and again. Others are prepared each time: they seldom
/// come back, and some do their work while they are prepared (SQLite's PRAGMA).
const KEPT: [&str; 8] =
    ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "VALUES", "MERGE", "REPLACE"];

/// True for queries and for statements that change rows.
pub(super) fn is_worth_keeping(sql: &str) -> bool {
    let sql = skip_comments(sql).trim_start_matches('(');
    let end = sql.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(sql.len());
    KEPT.iter().any(|keyword| keyword.eq_ignore_ascii_case(&sql[..end]))
}

fn skip_comments(mut sql: &str) -> &str {
    loop {
        sql = sql.trim_start();
        let (rest, end) = match (sql.strip_prefix("--"), sql.strip_prefix("/*")) {
            (Some(rest), _) => (rest, "\n"),
            (_, Some(rest)) => (rest, "*/"),
            (None, None) => return sql,
        };
        sql = rest.split_once(end).map_or("", |(_, after)| after);
    }
}

#[cfg(test)]
mod tests {
    use super::is_worth_keeping;

    #[test]
    fn queries_and_changes_are_kept_and_the_rest_is_not() {
        for sql in ["select 1", " \n(SELECT 1)", "-- a\n/* b */ with x as (select 1) select 1"] {
            assert!(is_worth_keeping(sql), "{sql}");
        }
        for sql in ["", "pragma foreign_keys=on", "create table t (x)", "selection", "/* select"] {
            assert!(!is_worth_keeping(sql), "{sql}");
        }
    }
}
