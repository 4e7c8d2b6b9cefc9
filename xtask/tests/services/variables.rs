//! `docs/services.md` lists every variable that `services env` prints, and no other.

use crate::session::{Up, postgres_is_at_hand};
use std::collections::BTreeSet;

const PAGE: &str = include_str!("../../../docs/services.md");

/// What the tables' names begin with where they stand for several servers.
const STAND_IN: &str = "ALUDEL_PG_";

/// What may be missing although its server is up.
const OPTIONAL: [&str; 4] = ["_TRANSLATED_URL", "_UNTRANSLATED", "_ED25519_URL", "_LIBRARY_PATH"];

/// The names that the page lists.
fn documented(page: &str) -> BTreeSet<String> {
    let section = page.split("\n## Variables\n").nth(1).expect("the page has the section");
    let section = section.split("\n## ").next().unwrap_or(section);
    let mut servers: Vec<&str> = Vec::new();
    let mut names = BTreeSet::new();
    for block in section.split("\n\n").map(str::trim_start) {
        if block.starts_with("For each of") {
            servers = spans(block.split(" with").next().unwrap_or(block));
        } else if block.starts_with("Beside those") {
            servers.clear();
        }
        for row in block.lines().filter(|line| line.starts_with("| `")) {
            for name in row_names(row) {
                match servers.as_slice() {
                    [] => drop(names.insert(name)),
                    all => names.extend(
                        all.iter().map(|one| name.replacen(STAND_IN, &format!("ALUDEL_{one}_"), 1)),
                    ),
                }
            }
        }
    }
    names
}

/// The names in the first cell of a row.
fn row_names(row: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for span in spans(row.split(" | ").next().unwrap_or(row)) {
        let stem =
            names.last().filter(|_| span.starts_with('_')).and_then(|last| last.rsplit_once('_'));
        names.push(match stem {
            Some((stem, _)) => format!("{stem}{span}"),
            None => span.to_owned(),
        });
    }
    names
}

/// What stands between backquotes.
fn spans(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

#[test]
fn the_page_lists_what_the_command_prints() {
    if !postgres_is_at_hand() {
        return;
    }
    let up = Up::start("listed", &["pg", "pg-ha", "pgbouncer", "mariadb", "mysql", "odbc"]);
    let printed: BTreeSet<String> = up.vars.pairs().map(|(name, _)| name.to_owned()).collect();
    let documented = documented(PAGE);
    let unlisted: Vec<&String> = printed.difference(&documented).collect();
    assert!(unlisted.is_empty(), "not on the page: {unlisted:?}");
    // Servers that cannot be had here have no variables, and say so by having no port.
    let absent = ["PG_HA_PRIMARY", "PG_HA_STANDBY", "PGBOUNCER", "MARIADB", "MYSQL", "VIRTUOSO"];
    let absent: Vec<&str> = absent
        .into_iter()
        .filter(|name| up.vars.get(&format!("ALUDEL_{name}_PORT")).is_none())
        .collect();
    let excused = |name: &&String| {
        OPTIONAL.iter().any(|end| name.ends_with(end))
            || absent.iter().any(|server| name.starts_with(&format!("ALUDEL_{server}_")))
            || absent.contains(&"PG_HA_PRIMARY") && name.as_str() == "ALUDEL_PG_HA_URL"
            // Drivers and servers may be missing one by one.
            || name.starts_with("ALUDEL_ODBC_")
    };
    let unprinted: Vec<&String> =
        documented.difference(&printed).filter(|name| !excused(name)).collect();
    assert!(unprinted.is_empty(), "on the page and nowhere else: {unprinted:?}");
}

#[test]
fn the_page_is_read_as_people_read_it() {
    let page = "\n## Variables\n\nFor each of `PG` and `MYSQL`, with\n`ALUDEL_PG_` for it:\n\n\
                | variable | value |\n| --- | --- |\n| `ALUDEL_PG_HOST`, `_PORT` | `x` |\n\n\
                Beside those:\n\n| `ALUDEL_PG_HA_URL` | y |\n\n## Known\n\n| `A_B` | z |\n";
    let expected = [
        "ALUDEL_MYSQL_HOST",
        "ALUDEL_MYSQL_PORT",
        "ALUDEL_PG_HA_URL",
        "ALUDEL_PG_HOST",
        "ALUDEL_PG_PORT",
    ];
    assert_eq!(Vec::from_iter(documented(page)), expected);
}
