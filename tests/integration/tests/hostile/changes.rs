//! Files that change between the phases: what was verified is what is loaded, or nothing is.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::Path;

use aludel::plugin::{Plan, Policy, Resolved, Verified, load, resolve, verify};
use aludel::{Error, Url};
use aludel_tests::hostile::{Library, Stage, assert_answers};

fn planned(stage: &Stage, name: &str) -> Plan {
    let url = Url::parse(&format!("{name}://")).unwrap();
    match resolve(&url, &stage.search()).unwrap() {
        Resolved::File(plan) => plan,
        Resolved::Static(_) => panic!("nothing of that name is linked into this test"),
    }
}

fn verified(stage: &Stage, name: &str) -> Verified {
    verify(planned(stage, name), &Policy::new()).unwrap()
}

/// A stage with a plugin.
fn stage(name: &str) -> (Stage, String) {
    let stage = Stage::new();
    stage.put("env", &Library::new(name));
    (stage, format!("env/libaludel_{name}.so"))
}

fn refusal(stage: &Stage, error: &Error) -> String {
    stage.assert_nothing_ran();
    stage.shown(error)
}

fn changed(file: &str) -> String {
    format!(
        "error[P15]: ROOT/{file} changed while it was being loaded\n  \
         help: try again when its installation has finished"
    )
}

#[test]
fn a_file_that_is_swapped_after_it_was_verified_does_not_run() {
    let (stage, file) = stage("swapped");
    let verified = verified(&stage, "swapped");
    let other = stage.put("other", &Library::new("swapped").set("version", "666"));
    std::fs::rename(other, stage.path(&file)).unwrap();
    let plugin = load(verified).unwrap();
    assert_eq!(plugin.info().version, "1.0");
    assert_answers(plugin.dialect());
    assert_eq!(stage.ran(&file), "constructor\ninit\n");
    assert_eq!(stage.ran("other/libaludel_swapped.so"), "");
}

#[test]
fn a_file_that_is_written_to_after_it_was_loaded_is_not_taken_for_what_was_loaded() {
    let (stage, file) = stage("stale");
    let first = load(verified(&stage, "stale")).unwrap();
    let mut written = OpenOptions::new().append(true).open(stage.path(&file)).unwrap();
    written.write_all(b"more").unwrap();
    let error = load(verified(&stage, "stale")).unwrap_err();
    assert_eq!(
        stage.shown(&error),
        format!(
            "error[P15]: ROOT/{file} changed after a library was loaded from it\n  \
             help: restart the program to load what is there now"
        )
    );
    assert_answers(first.dialect());
}

#[test]
fn a_file_that_is_removed_after_it_was_verified_is_loaded() {
    let (stage, file) = stage("removed");
    let verified = verified(&stage, "removed");
    std::fs::remove_file(stage.path(&file)).unwrap();
    assert_answers(load(verified).unwrap().dialect());
}

#[test]
fn a_file_that_is_swapped_for_a_bad_one_before_it_is_verified_is_refused() {
    let (stage, file) = stage("swapped_early");
    let plan = planned(&stage, "swapped_early");
    let other = stage.put("other", &Library::new("swapped_early").set("panic", "abort"));
    std::fs::rename(other, stage.path(&file)).unwrap();
    let error = verify(plan, &Policy::new()).unwrap_err();
    assert_eq!(
        refusal(&stage, &error),
        format!(
            "error[P04]: dialect `swapped_early` 1.0 was built with panic = \"abort\": a panic in \
             it would end this program\n  help: build the plugin in a profile with panic = \
             \"unwind\"\n  file: ROOT/{file}"
        )
    );
}

#[test]
fn a_file_that_does_not_declare_the_scheme_any_more_when_it_is_verified_is_refused() {
    let stage = Stage::new();
    let library = Library::new("renounced");
    let path = stage.put("env", &library.clone().set("aliases", vec!["claimed_before"]));
    let plan = planned(&stage, "claimed_before");
    std::fs::rename(stage.put("other", &library), path).unwrap();
    let error = verify(plan, &Policy::new()).unwrap_err();
    assert_eq!(
        refusal(&stage, &error),
        "error[P13]: dialect `renounced` does not declare the scheme `claimed_before`\n  \
         help: install the plugin again under its own name\n  \
         file: ROOT/env/libaludel_renounced.so"
    );
}

#[test]
fn a_file_that_is_gone_when_it_is_verified_is_told() {
    let (stage, file) = stage("gone");
    let plan = planned(&stage, "gone");
    std::fs::remove_file(stage.path(&file)).unwrap();
    let error = verify(plan, &Policy::new()).unwrap_err();
    assert_eq!(
        refusal(&stage, &error),
        format!(
            "error[P12]: ROOT/{file} cannot be read: No such file or directory (os error 2)\n  \
             help: check that the file is there, that its links lead to one, and that its \
             permissions allow it"
        )
    );
}

#[test]
fn a_file_that_is_written_to_after_it_was_verified_is_refused_before_it_runs() {
    type Write = fn(&Path);
    let writes: [(&str, Write); 4] = [
        ("written", |path| {
            let file = File::options().write(true).open(path).unwrap();
            file.write_all_at(b"\x90", 0x1000).unwrap();
        }),
        ("longer", |path| {
            OpenOptions::new().append(true).open(path).unwrap().write_all(b"x").unwrap();
        }),
        ("shorter", |path| {
            File::options().write(true).open(path).unwrap().set_len(4096).unwrap();
        }),
        ("empty", |path| drop(File::create(path).unwrap())),
    ];
    for (name, write) in writes {
        let (stage, file) = stage(name);
        let verified = verified(&stage, name);
        // Times of files advance in steps.
        std::thread::sleep(std::time::Duration::from_millis(20));
        write(&stage.path(&file));
        assert_eq!(refusal(&stage, &load(verified).unwrap_err()), changed(&file));
        stage.assert_usable(&format!("after_{name}"));
    }
}

#[test]
fn a_file_that_was_written_to_is_loaded_when_it_is_verified_anew() {
    let (stage, file) = stage("rewritten");
    let verified = verified(&stage, "rewritten");
    std::thread::sleep(std::time::Duration::from_millis(20));
    OpenOptions::new().append(true).open(stage.path(&file)).unwrap().write_all(b"x").unwrap();
    assert_eq!(refusal(&stage, &load(verified).unwrap_err()), changed(&file));
    assert_answers(stage.load("rewritten").unwrap().dialect);
}
