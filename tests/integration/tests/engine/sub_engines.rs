//! Sub-engines: the same connections, other options.

use aludel::{Engine, ExecutionOptions};

use crate::{engine, file, memory};

/// Rows that come together, unless statement or execution say otherwise.
fn partition_of(engine: &Engine) -> usize {
    let mut connection = engine.connect().unwrap();
    let mut result = connection.execute("values (1), (2), (3), (4)", ()).unwrap();
    result.partitions::<(i64,)>(None).next().unwrap().unwrap().len()
}

#[test]
fn a_sub_engine_shares_connections_and_cache_and_has_options_of_its_own() {
    let engine = memory();
    let sub = engine.execution_options(&ExecutionOptions::new().yield_per(3));
    engine.execute("create table t (x integer)", ()).unwrap();
    sub.execute("insert into t values (1)", ()).unwrap();
    let count: i64 = engine.execute("select count(*) from t", ()).unwrap().scalar().unwrap();
    assert_eq!(count, 1, "one database in memory");
    assert_eq!(partition_of(&sub), 3);
    assert_eq!(engine.get_execution_options(), ExecutionOptions::new());
    assert_eq!(sub.query_cache(), engine.query_cache());
    assert_eq!(format!("{sub:?}"), format!("{engine:?}"));
}

#[test]
fn a_sub_engine_of_a_sub_engine_adds_to_its_options() {
    let engine = memory();
    let sub = engine.execution_options(&ExecutionOptions::new().yield_per(3).max_row_buffer(7));
    let subsub = sub.execution_options(&ExecutionOptions::new().yield_per(2));
    assert_eq!(partition_of(&subsub), 2);
    let both = ExecutionOptions::new().yield_per(2).max_row_buffer(7);
    assert_eq!(subsub.get_execution_options(), both);
}

#[test]
fn options_are_updated_in_place_for_clones_and_not_for_sub_engines() {
    let engine = memory();
    let (clone, sub) = (engine.clone(), engine.execution_options(&ExecutionOptions::new()));
    engine.update_execution_options(&ExecutionOptions::new().yield_per(2));
    assert_eq!((partition_of(&engine), partition_of(&clone)), (2, 2));
    assert_eq!(sub.get_execution_options(), ExecutionOptions::new());
}

#[test]
fn options_of_the_engine_yield_to_those_of_an_execution_and_beat_those_of_a_statement() {
    let engine = crate::builder("sqlite://")
        .execution_options(&ExecutionOptions::new().yield_per(2))
        .build()
        .unwrap();
    let sql = "values (1), (2), (3), (4)";
    let of_statement =
        aludel::text::text(sql).execution_options(&ExecutionOptions::new().yield_per(1));
    let mut connection = engine.connect().unwrap();
    let mut result = connection.execute(&of_statement, ()).unwrap();
    assert_eq!(result.partitions::<(i64,)>(None).next().unwrap().unwrap().len(), 2);
    drop(result);
    let of_execution = ExecutionOptions::new().yield_per(3);
    let mut result = connection.execute_with(&of_statement, (), &of_execution).unwrap();
    assert_eq!(result.partitions::<(i64,)>(None).next().unwrap().unwrap().len(), 3);
}

#[test]
fn sub_engines_count_and_end_with_their_engine() {
    let (_directory, url) = file();
    let engine = engine(&url);
    let sub = engine.execution_options(&ExecutionOptions::new().yield_per(3));
    let held = sub.connect().unwrap();
    assert_eq!((engine.checkedout(), sub.checkedout()), (1, 1));
    drop(held);
    engine.close(std::time::Duration::ZERO).unwrap();
    assert_eq!(sub.connect().unwrap_err().kind(), aludel::ErrorKind::ResourceClosed);
}
