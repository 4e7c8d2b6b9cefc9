//! No verb runs code of a plugin.

use std::fs;

use aludel_tests::c::build_plugin;

use super::home::Home;

#[test]
fn no_verb_runs_code_of_a_plugin() {
    let home = Home::new();
    for dir in ["env", "built"] {
        fs::create_dir(home.path(dir)).unwrap();
    }
    let built = build_plugin("trace.c", "trace", &home.path("built"));
    let env = home.copy(&built, "env/libaludel_trace.so");
    let trace = home.path("trace");
    let run = |arguments: &[&str]| {
        let mut program = home.program(arguments);
        program.env("ALUDEL_PLUGIN_PATH", home.path("env")).env("TRACE_FILE", &trace);
        home.finish(program)
    };
    let (env, built) = (env.to_str().unwrap(), built.to_str().unwrap());
    for arguments in [
        &["plugins"][..],
        &["plugins", "install", built],
        &["plugins", "install", built, "--to", home.path("other").to_str().unwrap()],
        &["info", "trace"],
        &["info", "trace://"],
        &["info", env],
        &["which", "trace://"],
        &["verify", "trace"],
        &["verify", "trace://"],
        &["verify", env],
        &["doctor"],
    ] {
        for more in [&[][..], &["--json"], &["--dev"]] {
            let ran = run(&[arguments, more].concat());
            assert_eq!(ran.code, Some(0), "{arguments:?} {more:?}: {ran:?}");
            assert!(!trace.exists(), "{arguments:?} {more:?} ran code of the plugin");
        }
    }
    // What would have been seen, had one of them loaded it.
    let ran = run(&["trace://", "select 1"]);
    assert!(ran.err.contains("there is nothing to connect to"), "{}", ran.err);
    assert_eq!(fs::read_to_string(&trace).unwrap(), "constructor\ninit\n");
}
