//! That the proofs prove something: a plugin that is loaded leaves its trace, and is noticed.

use std::panic::catch_unwind;

use aludel_tests::hostile::{Library, Stage, assert_answers};

#[test]
fn a_plugin_that_is_loaded_leaves_its_trace_and_answers() {
    let stage = Stage::new();
    stage.put("env", &Library::new("control"));
    stage.assert_nothing_ran();
    let found = stage.load("control").unwrap();
    assert_eq!(stage.ran("env/libaludel_control.so"), "constructor\ninit\n");
    assert_answers(found.dialect);
}

#[test]
fn a_trace_fails_the_test_of_a_refusal() {
    let stage = Stage::new();
    stage.put("env", &Library::new("control_failed").edit_descriptor(0, b"X"));
    let refused = catch_unwind(|| stage.refusal("control_failed"));
    let message = refused.unwrap_err();
    assert_eq!(
        message.downcast_ref::<String>().unwrap(),
        "code has run: [\"env-libaludel_control_failed.so\"]"
    );
}
