//! Plugins that do not get through their initialisation, or take too long for it.

use aludel::ErrorKind;
use aludel::plugin::{Environment, Policy, Search};
use aludel_tests::hostile::{Library, Stage, assert_answers};

use crate::program::Program;

const HANGING: &str = "env/libaludel_hanging.so";

fn timed_out(name: &str) -> String {
    format!(
        "error[P25]: dialect `{name}` did not finish loading within 200ms\n  \
         help: report this to its author; Policy::init_timeout gives it more time\n  \
         file: ROOT/env/libaludel_{name}.so"
    )
}

fn init_failed(name: &str, why: &str, file: &str) -> String {
    format!(
        "error[P16]: dialect `{name}` failed to initialise: {why}\n  \
         help: put right what it says; the next engine tries again\n  file: {file}"
    )
}

#[test]
fn an_initialisation_that_fails_is_told_and_tried_again() {
    let stage = Stage::new();
    stage.put("env", &Library::compiled("init_fails", &["-DINIT_FAILS"]));
    for ran in ["constructor\ninit\n", "constructor\ninit\ninit\n"] {
        let error = stage.load("init_fails").unwrap_err();
        assert_eq!(
            stage.shown(&error),
            init_failed("init_fails", "there is no licence", "ROOT/env/libaludel_init_fails.so")
        );
        let source = std::error::Error::source(&error).unwrap().to_string();
        assert_eq!(source, "(init_fails.OperationalError) there is no licence");
        assert_eq!(stage.ran("env/libaludel_init_fails.so"), ran);
    }
    stage.assert_usable("after_init_fails");
}

#[test]
fn an_initialisation_that_fails_without_a_word_is_told_as_that() {
    let stage = Stage::new();
    stage.put("env", &Library::compiled("init_silent", &["-DINIT_SILENT"]));
    let message = stage.failure_with("init_silent", &stage.search(), &Policy::new());
    let file = "ROOT/env/libaludel_init_silent.so";
    assert_eq!(message, init_failed("init_silent", "it does not say why", file));
    stage.assert_usable("after_init_silent");
}

#[test]
fn an_initialisation_that_panics_in_rust_is_an_error_with_the_place_of_the_panic() {
    let program = std::env::current_exe().ok();
    let search = Search::new().with_environment(Environment { program, ..Environment::empty() });
    let stage = Stage::new();
    let load = || stage.load_with("panicking", &search, &Policy::new());

    let error = load().unwrap_err();
    let (_, file) = error.notes().find(|(label, _)| *label == "file").unwrap();
    assert!(file.ends_with("/deps/libaludel_panicking.so"), "{file}");
    let why = "panicked in init(): asked to panic (tests/plugins/panicking/src/panicking.rs:23)";
    assert_eq!(error.to_string(), init_failed("panicking", why, file));
    assert_eq!(error.kind(), ErrorKind::Plugin);
    stage.assert_usable("after_panicking");

    // Its backtrace leads into its source: the system knows the library by its file's name.
    let backtrace = load().unwrap_err().to_string();
    assert!(backtrace.contains("aludel_panicking::panicking::Panicking as "), "{backtrace}");
    assert!(backtrace.contains("panicking/src/panicking.rs:24"), "{backtrace}");
    assert_eq!(load().unwrap().dialect.info().name, "panicking");
}

/// In a program of its own, because the message names whatever else is being loaded.
#[test]
fn an_initialisation_that_hangs_ends_at_the_deadline_and_the_plugin_is_there_once_it_is_done() {
    let stage = Stage::new();
    stage.put("env", &Library::compiled("hanging", &["-DINIT_HANGS"]));
    stage.put("env", &Library::new("other"));
    let release = format!("write={}", stage.release_of(HANGING).display());
    let asked = ["timeout=200", "hanging://", "other://", "timeout=100", "hanging://"];
    let ran = Program::new(&stage).run(&[&asked[..], &[&release, "until=hanging://"]].concat());
    // Who asks next does not wait again.
    assert_eq!(
        stage.without_root(&ran.out),
        format!("{0}\nother answers I64(42)\n{0}\nhanging answers I64(42)\n", timed_out("hanging"))
    );
    assert_eq!(stage.ran(HANGING), "constructor\ninit\n");
}

#[test]
fn a_plugin_without_an_initialisation_is_good() {
    let stage = Stage::new();
    stage.put("env", &Library::compiled("no_init", &["-DNO_INIT"]));
    assert_answers(stage.load("no_init").unwrap().dialect);
    assert_eq!(stage.ran("env/libaludel_no_init.so"), "constructor\n");
}

/// In a program of its own, because the system's loader waits for the constructor, and with it every
/// thread that wants to load or to begin.
#[test]
fn a_constructor_that_hangs_ends_at_the_deadline_and_loaded_plugins_go_on() {
    let stage = Stage::new();
    stage.put("env", &Library::compiled("hanging", &["-DCONSTRUCTOR_HANGS"]));
    for name in ["before", "after"] {
        stage.put("env", &Library::new(name));
    }
    let release = format!("write={}", stage.release_of(HANGING).display());
    let before = ["register", "timeout=200", "before://", "hanging://"];
    let beside = ["before://", "toy://", "after://"];
    let after = [&release, "until=hanging://", "until=after://"];
    let ran = Program::new(&stage).run(&[&before[..], &beside, &after].concat());
    assert_eq!(
        stage.without_root(&ran.out),
        format!(
            "registered\nbefore answers I64(42)\n{}\n\
             before answers I64(42)\ntoy answers I64(0)\n\
             error[P25]: dialect `after` cannot be loaded while the constructors of dialect \
             `hanging` run\n  \
             help: report to the author of `hanging` that they do not return: the system loads \
             nothing else until they do\n  \
             file: ROOT/env/libaludel_after.so\n  waits for: ROOT/{HANGING}\n\
             hanging answers I64(42)\nafter answers I64(42)\n",
            timed_out("hanging")
        )
    );
    assert_eq!(stage.ran(HANGING), "constructor\ninit\n");
}
