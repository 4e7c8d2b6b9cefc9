//! What errors of statements say: text, parameters, and what is left out of them.

use aludel::{Engine, Error, Result, params};

use crate::{builder, engine};

fn failed(engine: &Engine, sql: &str, params: impl aludel::IntoParams) -> Error {
    engine.execute(sql, params).expect_err("the statement cannot succeed")
}

#[test]
fn an_error_has_text_and_parameters_as_they_were_sent() {
    let engine = engine();
    let error = failed(&engine, "select * from missing where a = :a", params! { a: 1 });
    assert_eq!(
        error.to_string(),
        "(sqlite.ProgrammingError) no such table: missing\n\
         [SQL: select * from missing where a = ?]\n\
         [parameters: (1,)]"
    );
    assert_eq!(error.statement(), Some("select * from missing where a = ?"));
    assert_eq!(error.parameters().map(|all| all.len()), Some(1));
    assert!(format!("{error:?}").contains("(1,)"));
    let error = failed(&engine, "select * from missing", ());
    assert!(error.to_string().ends_with("[SQL: select * from missing]"), "{error}");
    let error = failed(&engine, "select * from missing where a in :a", params! { a: [1, 2] });
    assert!(error.to_string().ends_with("where a in (?, ?)]\n[parameters: (1, 2)]"), "{error}");
}

#[test]
fn values_print_as_sql_and_never_break_a_line() {
    let error =
        failed(&engine(), "insert into t values (?, ?), (?, ?)", (1, "it's\n", 1, vec![0u8, 255]));
    let text = error.to_string();
    assert!(text.contains("[parameters: (1, E'it''s\\n', 1, X'00FF')]"), "{text}");
}

#[test]
fn a_missing_value_shows_what_the_program_gave() {
    let error = failed(&engine(), "select :x + :y", params! { x: 1 });
    let text = error.to_string();
    assert!(text.contains("[SQL: select :x + :y]\n[parameters: {x: 1}]"), "{text}");
}

#[test]
fn an_executemany_shows_ten_sets_and_says_how_many_there_are() -> Result<()> {
    let engine = engine();
    let sets: Vec<_> = (0..20).map(|_| params! { x: 1 }).collect();
    let error = failed(&engine, "insert into t (x) values (:x)", &sets);
    assert_eq!(error.failing_row(), Some(1));
    let text = error.to_string();
    assert!(
        text.contains(
            "[parameters: [(1,), (1,), (1,), (1,), (1,), (1,), (1,), (1,)  ... displaying 10 of \
             20 total bound parameter sets ...  (1,), (1,)]]"
        ),
        "{text}"
    );
    let sets: Vec<_> = (0..20).map(|_| (1,)).collect();
    let error = failed(&engine, "insert into t (x) values (?)", sets);
    assert_eq!(error.parameters().map(|all| (all.len(), all.sets().len())), Some((20, 10)));
    Ok(())
}

#[test]
fn long_values_and_many_values_are_cut() {
    let engine = engine();
    let long = "x".repeat(5000);
    let text = failed(&engine, "select * from missing where y = ?", (long,)).to_string();
    assert!(text.contains("xx ... (4702 characters truncated) ... xx"), "{text}");
    let sql = format!("select * from missing where x in (?{})", ", ?".repeat(100));
    let values: Vec<i64> = (0..101).collect();
    let text = failed(&engine, &sql, values).to_string();
    assert!(text.contains("49 ... 1 parameters truncated ... 51, "), "{text}");
}

#[test]
fn hidden_parameters_are_nowhere_in_an_error_of_sqlite() -> Result<()> {
    let engine = builder("sqlite://").hide_parameters(true).build()?;
    engine.execute("create table t (x integer primary key)", ())?;
    engine.execute("insert into t values (777333)", ())?;
    let one = failed(&engine, "insert into t values (:x)", params! { x: 777333 });
    let many = failed(&engine, "insert into t values (?)", [(777333,), (777333,)]);
    let missing = failed(&engine, "select :x + :y", params! { x: 777333 });
    let large = u64::MAX - 777_333;
    let own = failed(&engine, "select ?", (large,));
    for error in [one, many, missing, own] {
        let text = error.to_string();
        assert!(!text.contains(&large.to_string()), "{text}");
        assert!(text.contains("\n[SQL parameters hidden due to hide_parameters]"), "{text}");
        assert!(!text.contains("777333") && !format!("{error:?}").contains("777333"), "{text}");
        assert!(error.parameters().is_none() && error.hides_parameters());
    }
    Ok(())
}

#[test]
fn constraints_have_portable_kinds_with_their_parameters() {
    use aludel::ConstraintKind;

    let engine = engine();
    engine.execute("create table c (x integer not null check (x > 0) unique)", ()).unwrap();
    engine.execute("insert into c values (1)", ()).unwrap();
    let kinds = [
        (None, ConstraintKind::NotNull),
        (Some(0), ConstraintKind::Check),
        (Some(1), ConstraintKind::Unique),
    ];
    for (value, kind) in kinds {
        let error = failed(&engine, "insert into c values (?)", (value,));
        assert_eq!(error.constraint().map(|constraint| constraint.kind), Some(kind));
        assert!(error.parameters().is_some());
    }
}
