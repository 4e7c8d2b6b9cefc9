//! Which file is taken, in directories made up as cargo makes them.

use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use proptest::prelude::*;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::plugin::find::levels::{Place, PlaceKind};
use crate::plugin::find::scan::{Holds, scan};
use crate::plugin::sample;

const OLD: &str = "libaludel_toy-aaaaaaaaaaaaaaaa.so";
const NEW: &str = "libaludel_toy-bbbbbbbbbbbbbbbb.so";
const OF_PATH: &str = "libaludel_toy.so";
const APP: &str = "0123456789abcdef";

/// A directory `target/debug`.
struct Output(TempDir);

impl Output {
    fn new() -> Output {
        let root = tempfile::tempdir().unwrap();
        for part in ["deps", "examples", ".fingerprint"] {
            fs::create_dir(root.path().join(part)).unwrap();
        }
        Output(root)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// A plugin `toy` in `deps` with this note, modified so many seconds ago.
    fn plugin_with(&self, file: &str, age: u64, note: &Value) {
        let path = self.path("deps").join(file);
        let made = sample::write(&self.path("made"), "toy", note);
        fs::rename(made, &path).unwrap();
        set_modified(&path, SystemTime::now() - Duration::from_secs(age));
    }

    fn plugin(&self, file: &str, age: u64) {
        self.plugin_with(file, age, &sample::note("toy", &[]));
    }

    /// An older and a newer plugin.
    fn two_plugins(&self) {
        self.plugin(OLD, 20);
        self.plugin(NEW, 10);
    }

    /// What cargo keeps of a compilation; dependencies are a crate's name and its fingerprint.
    fn unit(&self, package: &str, name: &str, fingerprint: u64, dependencies: &[(&str, u64)]) {
        let dir = self.path(".fingerprint").join(package);
        fs::create_dir_all(&dir).unwrap();
        let bytes = fingerprint.to_le_bytes();
        let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        fs::write(dir.join(name), text).unwrap();
        let dependencies: Vec<Value> =
            dependencies.iter().map(|(name, hash)| json!([7, name, false, hash])).collect();
        let list = json!({"rustc": 1, "deps": dependencies, "local": []}).to_string();
        fs::write(dir.join(format!("{name}.json")), list).unwrap();
    }

    /// The units of both plugins: fingerprint 1 of the older file, 2 of the newer one.
    fn units_of_two_plugins(&self) {
        self.unit("aludel-toy-aaaaaaaaaaaaaaaa", "lib-aludel_toy", 1, &[]);
        self.unit("aludel-toy-bbbbbbbbbbbbbbbb", "lib-aludel_toy", 2, &[]);
    }

    /// A program in `deps` with a link above it, which is what runs.
    fn program(&self) -> PathBuf {
        let program = self.path("my-app");
        fs::write(self.path(&format!("deps/my_app-{APP}")), "program").unwrap();
        let other = self.path("deps/my_app-fedcba9876543210");
        fs::write(&other, "another build of it").unwrap();
        set_modified(&other, SystemTime::now() - Duration::from_secs(1));
        fs::hard_link(self.path(&format!("deps/my_app-{APP}")), &program).unwrap();
        program
    }

    fn app_unit(&self, dependencies: &[(&str, u64)]) {
        self.unit(&format!("my-app-{APP}"), "bin-my-app", 3, dependencies);
    }

    /// The files that are left for this program.
    fn left(&self, program: &Path) -> Vec<String> {
        let program = Some(program.to_owned());
        let kind = PlaceKind::CargoDeps;
        let place = Place { kind, program, ..Place::plain(&self.path("deps")) };
        let Holds::Candidates(found) = scan(&place) else { panic!("deps is there") };
        let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
        found.iter().map(|candidate| name(&candidate.path)).collect()
    }
}

fn set_modified(path: &Path, time: SystemTime) {
    File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
}

#[test]
fn what_the_program_was_built_with_comes_before_what_is_newer() {
    let output = Output::new();
    output.two_plugins();
    output.units_of_two_plugins();
    let program = output.program();
    output.app_unit(&[("aludel", 9), ("aludel_toy", 1)]);
    assert_eq!(output.left(&program), [OLD]);
    output.app_unit(&[("renamed", 2)]);
    assert_eq!(output.left(&program), [NEW]);
}

#[test]
fn a_dependency_of_a_dependency_is_found() {
    let output = Output::new();
    output.two_plugins();
    output.units_of_two_plugins();
    let program = output.program();
    output.app_unit(&[("storage", 4)]);
    output.unit("storage-1111111111111111", "lib-storage", 4, &[("inner", 5)]);
    output.unit("inner-2222222222222222", "lib-inner", 5, &[("aludel_toy", 1), ("storage", 4)]);
    assert_eq!(output.left(&program), [OLD]);
}

#[test]
fn a_direct_dependency_comes_before_that_of_another() {
    let output = Output::new();
    output.two_plugins();
    output.units_of_two_plugins();
    let program = output.program();
    output.unit("storage-1111111111111111", "lib-storage", 4, &[("aludel_toy", 2)]);
    output.app_unit(&[("storage", 4), ("aludel_toy", 1)]);
    assert_eq!(output.left(&program), [OLD]);
}

#[test]
fn two_that_are_equally_near_leave_the_newer_one() {
    let output = Output::new();
    output.plugin(OF_PATH, 5);
    output.two_plugins();
    output.units_of_two_plugins();
    let program = output.program();
    output.app_unit(&[("aludel_toy", 1), ("aludel_toy", 2)]);
    assert_eq!(output.left(&program), [NEW]);
}

#[test]
fn a_path_dependency_is_found_by_the_name_of_its_library() {
    let output = Output::new();
    output.plugin(OF_PATH, 30);
    output.two_plugins();
    output.units_of_two_plugins();
    // The hash of a path dependency's unit is in no file name.
    output.unit("aludel-toy-cccccccccccccccc", "lib-aludel_toy", 6, &[]);
    let program = output.program();
    output.app_unit(&[("aludel_toy", 6)]);
    assert_eq!(output.left(&program), [OF_PATH]);
}

#[test]
fn what_only_a_build_script_needs_is_not_linked() {
    let output = Output::new();
    output.two_plugins();
    output.units_of_two_plugins();
    let program = output.program();
    let script = "run-build-script-build-script-build";
    output.unit("my-app-3333333333333333", script, 7, &[("aludel_toy", 1)]);
    output.app_unit(&[("build_script_build", 7)]);
    assert_eq!(output.left(&program), [NEW]);
}

#[test]
fn tests_and_examples_are_programs_too() {
    let output = Output::new();
    output.two_plugins();
    output.units_of_two_plugins();
    let unit = "test-integration-test-query";
    output.unit("my-app-4444444444444444", unit, 8, &[("aludel_toy", 1)]);
    assert_eq!(output.left(&output.path("deps/query-4444444444444444")), [OLD]);

    output.unit("my-app-5555555555555555", "example-show", 8, &[("aludel_toy", 1)]);
    let example = output.path("examples/show");
    fs::write(output.path("examples/show-5555555555555555"), "example").unwrap();
    fs::hard_link(output.path("examples/show-5555555555555555"), &example).unwrap();
    assert_eq!(output.left(&example), [OLD]);
}

#[test]
fn a_copy_of_the_program_is_known_by_its_time() {
    let output = Output::new();
    output.two_plugins();
    output.units_of_two_plugins();
    output.app_unit(&[("aludel_toy", 1)]);
    let link = output.program();
    let copy = output.path("copied");
    fs::copy(&link, &copy).unwrap();
    let modified = fs::metadata(&link).unwrap().modified().unwrap();
    set_modified(&copy, modified);
    fs::rename(&copy, &link).unwrap();
    assert_eq!(output.left(&link), [OLD]);
    set_modified(&output.path("deps/my_app-fedcba9876543210"), modified);
    assert_eq!(output.left(&link), [NEW], "two of one time cannot be told apart");
}

#[test]
fn without_fingerprints_a_note_that_fits_comes_first_and_then_the_time() {
    let output = Output::new();
    let program = output.program();
    output.two_plugins();
    assert_eq!(output.left(&program), [NEW]);
    for (key, value) in [
        ("layout", json!("00000000000000ff")),
        ("abi", json!([0, 99])),
        ("target", json!("aarch64-apple-darwin")),
    ] {
        let mut note = sample::note("toy", &[]);
        note[key] = value;
        output.plugin_with(NEW, 10, &note);
        assert_eq!(output.left(&program), [OLD], "{key}");
    }
    output.plugin_with(NEW, 10, &json!({}));
    assert_eq!(output.left(&program), [OLD], "a broken note");
    // Of two that are broken, one is left to say what is wrong.
    output.plugin_with(OLD, 20, &json!({}));
    assert_eq!(output.left(&program), [NEW]);
}

#[test]
fn files_of_other_names_are_not_rivals() {
    let output = Output::new();
    output.two_plugins();
    fs::write(output.path("deps/libaludel_tool.so"), "").unwrap();
    fs::write(output.path("deps/libaludel_zoo-aaaaaaaaaaaaaaaa.so"), "").unwrap();
    let left = output.left(&output.path("my-app"));
    assert_eq!(left, ["libaludel_tool.so", NEW, "libaludel_zoo-aaaaaaaaaaaaaaaa.so"]);
}

#[test]
fn fingerprints_of_another_form_decide_nothing() {
    let output = Output::new();
    output.two_plugins();
    output.units_of_two_plugins();
    let program = output.program();
    output.app_unit(&[("aludel_toy", 1)]);
    let of_app = output.path(&format!(".fingerprint/my-app-{APP}/bin-my-app.json"));
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let long = format!(r#"{{"deps":[[7,"aludel_toy",false,1]]{}}}"#, " ".repeat(1 << 20));
    let forms =
        ["", "{", "[]", "null", r#"{"deps":{}}"#, r#"{"deps":[1,[],[7,8,9]]}"#, &deep, &long];
    for list in forms {
        fs::write(&of_app, list).unwrap();
        assert_eq!(output.left(&program), [NEW], "{:.40}", list);
    }
    for bad in [r#"[7,"aludel_toy",false,-1]"#, r#"[7,"aludel_toy",false,"1"]"#, "[7]", "\"x\""] {
        fs::write(&of_app, format!(r#"{{"deps":[{bad},[7,"aludel_toy",false,1]]}}"#)).unwrap();
        assert_eq!(output.left(&program), [OLD], "what stands beside {bad} counts");
    }
    fs::remove_file(&of_app).unwrap();
    let made = std::process::Command::new("mkfifo").arg(&of_app).status().unwrap();
    assert!(made.success());
    assert_eq!(output.left(&program), [NEW], "a pipe is not waited for");
}

/// Contents of a fingerprint's files.
fn content() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..40),
        "[0-9a-f]{14,18}".prop_map(String::into_bytes),
        r#"\{"deps":\[(\[7,"(aludel_toy|build_script_build)",false,[0-9]{1,21}\],?){0,3}\]\}"#
            .prop_map(String::into_bytes),
    ]
}

/// File names, most of them nearly right.
fn file_name() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        "(lib)?aludel_(toy|zoo)(-[0-9a-f]{15,17})?\\.(so|d|rlib)".prop_map(String::into_bytes),
        "libaludel_(toy|zoo)(-[ab]{16})?\\.so".prop_map(String::into_bytes),
        prop::collection::vec(prop::num::u8::ANY, 1..12),
    ]
}

fn write(dir: &Path, name: &[u8], bytes: &[u8]) {
    let is_name = !name.contains(&0) && !name.contains(&b'/') && name != b"." && name != b"..";
    if is_name {
        fs::create_dir_all(dir).unwrap();
        // A directory of that name may be there already.
        let _ = fs::write(dir.join(std::ffi::OsStr::from_bytes(name)), bytes);
    }
}

proptest! {
    #[test]
    fn whatever_is_there_one_of_each_name_is_left(
        files in prop::collection::vec((file_name(), content()), 0..8),
        units in prop::collection::vec(
            ("(aludel-toy|my-app|x)?(-[ab]{16}|-0123456789abcdef)?", "(bin|lib)-(aludel_toy|my-app)",
             content(), content()), 0..8),
    ) {
        let output = Output::new();
        let program = output.program();
        for (name, bytes) in &files {
            write(&output.path("deps"), name, bytes);
        }
        output.two_plugins();
        for (package, unit, fingerprint, list) in &units {
            let dir = output.path(".fingerprint").join(package);
            write(&dir, unit.as_bytes(), fingerprint);
            write(&dir, format!("{unit}.json").as_bytes(), list);
        }
        let left = output.left(&program);
        let of = |name: &str| left.iter().filter(|file| file.contains(name)).count();
        prop_assert_eq!(of("_toy"), 1);
        prop_assert!(of("_zoo") <= 1);
    }
}
