//! Constraints: each kind refuses a row, and its error says so in the same words everywhere.

use aludel::{ConstraintKind, Error, ErrorKind};

use crate::case;
use crate::case::Case;
use crate::flaw::Step;
use crate::quirks::Told;
use crate::session::Session;
use crate::show;
use crate::sql::fill;
use crate::trial::{ROUNDS, Trial};

pub(super) const CASES: &[Case] = &[
    case!(
        Errors,
        a_duplicate_of_a_primary_key_is_told,
        [],
        "A duplicate primary key is an IntegrityError of that kind, SQLSTATE class 23.",
        "PEP 249, IntegrityError; aludel: Constraint"
    ),
    case!(
        Errors,
        a_duplicate_of_a_unique_column_is_told,
        [],
        "A duplicate in a UNIQUE column is an IntegrityError of that kind, SQLSTATE class 23.",
        "PEP 249, IntegrityError; aludel: Constraint"
    ),
    case!(
        Errors,
        a_null_where_none_may_be_is_told,
        [],
        "NULL in a NOT NULL column is an IntegrityError of that kind, SQLSTATE class 23.",
        "PEP 249, IntegrityError; aludel: Constraint"
    ),
    case!(
        Errors,
        a_row_that_a_check_refuses_is_told,
        [],
        "A row that a CHECK refuses is an IntegrityError of that kind, SQLSTATE class 23.",
        "PEP 249, IntegrityError; aludel: Constraint"
    ),
    case!(
        Errors,
        a_foreign_key_without_its_parent_is_told,
        [],
        "A row whose parent is missing is an IntegrityError of that kind, SQLSTATE class 23.",
        "PEP 249, IntegrityError: a foreign key check fails; aludel: Constraint"
    ),
];

/// A constraint, a row that it takes and one that it refuses. `{table}` has the constraint
/// `{table}_c`, `{parent}` the key 1.
struct Violation {
    kind: ConstraintKind,
    columns: &'static str,
    good: &'static str,
    bad: &'static str,
}

fn a_duplicate_of_a_primary_key_is_told(trial: &mut Trial) -> Step<()> {
    violate(
        trial,
        &Violation {
            kind: ConstraintKind::PrimaryKey,
            columns: "a {integer} not null, b {integer}, constraint {table}_c primary key (a)",
            good: "insert into {table} (a, b) values (1, 1)",
            bad: "insert into {table} (a, b) values (1, 2)",
        },
    )
}

fn a_duplicate_of_a_unique_column_is_told(trial: &mut Trial) -> Step<()> {
    violate(
        trial,
        &Violation {
            kind: ConstraintKind::Unique,
            columns: "a {name}, b {integer}, constraint {table}_c unique (a)",
            good: "insert into {table} (a, b) values ('x', 1)",
            bad: "insert into {table} (a, b) values ('x', 2)",
        },
    )
}

fn a_null_where_none_may_be_is_told(trial: &mut Trial) -> Step<()> {
    violate(
        trial,
        &Violation {
            kind: ConstraintKind::NotNull,
            columns: "a {integer} not null, b {integer}",
            good: "insert into {table} (a, b) values (1, 1)",
            bad: "insert into {table} (a, b) values (null, 2)",
        },
    )
}

fn a_row_that_a_check_refuses_is_told(trial: &mut Trial) -> Step<()> {
    violate(
        trial,
        &Violation {
            kind: ConstraintKind::Check,
            columns: "a {integer}, b {integer}, constraint {table}_c check (a > 0)",
            good: "insert into {table} (a, b) values (1, 1)",
            bad: "insert into {table} (a, b) values (-1, 2)",
        },
    )
}

fn a_foreign_key_without_its_parent_is_told(trial: &mut Trial) -> Step<()> {
    violate(
        trial,
        &Violation {
            kind: ConstraintKind::ForeignKey,
            columns: "a {integer}, b {integer}, \
                      constraint {table}_c foreign key (a) references {parent} (id)",
            good: "insert into {table} (a, b) values (1, 1)",
            bad: "insert into {table} (a, b) values (2, 2)",
        },
    )
}

fn violate(trial: &mut Trial, violation: &Violation) -> Step<()> {
    let parent = trial.table("id {integer} not null primary key")?;
    trial.at_home(&format!("insert into {parent} (id) values (1)"))?;
    let table = trial.name();
    let words = [("table", table.as_str()), ("parent", parent.as_str())];
    trial.table_named(&table, &fill(violation.columns, &words))?;
    let told = trial.quirks().told(violation.kind).map(<[Told]>::to_vec);
    let (good, bad) = (fill(violation.good, &words), fill(violation.bad, &words));
    let mut session = trial.connect()?;
    for _ in 0..ROUNDS {
        session.expect_changed(&good, &[], 1)?;
        let error = session.refusal(&bad, &[])?;
        super::errors::expect_class(&session, &bad, &error, ErrorKind::Integrity, "23")?;
        // Where nothing is known, nothing needs to be told; what is told must be right.
        if told.is_some() || error.constraint().is_some() {
            let told = told.as_deref().unwrap_or(&[]);
            tells(&session, &bad, &error, (violation.kind, told), &table)?;
        }
        session.expect(&format!("select count(*) from {table}"), 1)?;
        session.run(&format!("delete from {table}"), &[])?;
    }
    Ok(())
}

fn tells(
    session: &Session,
    text: &str,
    error: &Error,
    (kind, told): (ConstraintKind, &[Told]),
    table: &str,
) -> Step<()> {
    let Some(constraint) = error.constraint() else {
        return Err(session.wrong(text, &[], "a constraint", &show::error(error)));
    };
    let has = |name: &Option<String>, expected: &str| {
        name.as_ref().is_some_and(|name| name.eq_ignore_ascii_case(expected))
    };
    let as_unique = told.contains(&Told::AsUnique) && constraint.kind == ConstraintKind::Unique;
    let all = told.iter().all(|told| match told {
        Told::AsUnique => true,
        Told::Name => has(&constraint.name, &format!("{table}_c")),
        Told::Table => has(&constraint.table, table),
        Told::Columns => {
            constraint.columns.len() == 1 && constraint.columns[0].eq_ignore_ascii_case("a")
        }
    });
    match all && (constraint.kind == kind || as_unique) {
        true => Ok(()),
        false => {
            let expected = format!("{kind} constraint with {told:?} of {table}");
            Err(session.wrong(text, &[], &expected, &format!("{constraint:?}")))
        }
    }
}
