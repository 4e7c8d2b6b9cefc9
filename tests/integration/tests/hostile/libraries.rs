//! Plugins that need other libraries, or a newer system.

use std::path::{Path, PathBuf};

use aludel::plugin::{Policy, load, plan_of_file, verify};
use aludel_tests::c::Language;
use aludel_tests::hostile::{Library, Stage, assert_answers};
use serde_json::json;

const INSTALL: &str = "apt install libaludel-test1  ·  dnf install aludel-test  ·  \
     brew install aludel-test";

/// Builds a library of this name with a function `aludel_test_neighbour`, and gives its path.
fn neighbour(dir: &Path, name: &str, arguments: &[&str]) -> PathBuf {
    std::fs::create_dir_all(dir).unwrap();
    let (source, library) = (dir.join("neighbour.c"), dir.join(name));
    std::fs::write(
        &source,
        "int aludel_test_neighbour(void);\nint aludel_test_neighbour(void)\n{\n    return 42;\n}\n",
    )
    .unwrap();
    let soname = format!("-Wl,-soname,{name}");
    let (source, out) = (source.display().to_string(), library.display().to_string());
    let fixed = ["-shared", "-fPIC", &soname, "-o", &out, &source];
    Language::C.compile(&[&fixed[..], arguments].concat());
    library
}

/// A plugin that needs this library.
fn needing(name: &str, library: &Path, arguments: &[&str]) -> Library {
    let library = library.display().to_string();
    Library::compiled(name, &[&["-DNEIGHBOUR", "-Wl,--no-as-needed", &library], arguments].concat())
}

#[cfg(target_env = "gnu")]
fn glibc() -> String {
    // SAFETY: the function has no arguments and gives a static text.
    let version = unsafe { std::ffi::CStr::from_ptr(libc::gnu_get_libc_version()) };
    version.to_string_lossy().into_owned()
}

#[test]
fn a_missing_library_is_told_with_the_package_that_the_note_names() {
    let stage = Stage::new();
    let library = neighbour(&stage.path("gone"), "libaludel_test.so.1", &[]);
    let plugin = needing("needy", &library, &[]);
    std::fs::remove_file(library).unwrap();
    stage.put("env", &plugin);
    let missing = "error[P02]: dialect `needy` is here but cannot be loaded: libaludel_test.so.1 is \
                   missing";
    let file = "file: ROOT/env/libaludel_needy.so (exists, checks passed)";
    assert_eq!(
        stage.refusal("needy"),
        format!(
            "{missing}\n  help: install the package that has it: apt-file search \
             libaludel_test.so.1  ·  dnf provides '*/libaludel_test.so.1'\n  {file}"
        )
    );
    let requires = json!([{
        "soname": "libaludel_test.so.1", "debian": "libaludel-test1", "fedora": "aludel-test",
        "brew": "aludel-test",
    }]);
    stage.put("env", &plugin.set("requires", requires));
    assert_eq!(stage.refusal("needy"), format!("{missing}\n  help: {INSTALL}\n  {file}"));
}

#[test]
fn a_library_that_a_needed_library_needs_is_told_as_well() {
    let stage = Stage::new();
    let far = neighbour(&stage.path("gone"), "libaludel_far.so.1", &[]);
    let far_text = far.display().to_string();
    let near_dir = stage.path("near");
    let near = neighbour(&near_dir, "libaludel_near.so.1", &["-Wl,--no-as-needed", &far_text]);
    let runpath = format!("-Wl,-rpath,{}", near_dir.display());
    let plugin = needing(
        "needy_by_way",
        &near,
        &[&runpath, "-Wl,-rpath-link,/nowhere", "-Wl,--allow-shlib-undefined"],
    );
    std::fs::remove_file(far).unwrap();
    stage.put("env", &plugin);
    assert_eq!(
        stage.refusal("needy_by_way"),
        "error[P02]: dialect `needy_by_way` is here but cannot be loaded: libaludel_far.so.1 is \
         missing\n  help: install the package that has it: apt-file search libaludel_far.so.1  ·  \
         dnf provides '*/libaludel_far.so.1'\n  \
         file: ROOT/env/libaludel_needy_by_way.so (exists, checks passed)"
    );
}

#[test]
fn a_neighbour_of_the_plugin_is_found_by_origin() {
    let stage = Stage::new();
    let library = neighbour(&stage.path("env"), "libaludel_test_origin.so.1", &[]);
    stage.put("env", &needing("neighbourly", &library, &["-Wl,-rpath,$ORIGIN"]));
    assert_answers(stage.load("neighbourly").unwrap().dialect);
}

/// The system's loader is given its path, for the sake of its neighbour.
#[test]
fn a_plugin_with_a_neighbour_that_is_swapped_after_it_was_verified_is_refused() {
    let stage = Stage::new();
    let library = neighbour(&stage.path("env"), "libaludel_test_swap.so.1", &[]);
    let plugin = needing("neighbour_swapped", &library, &["-Wl,-rpath,$ORIGIN"]);
    let path = stage.put("env", &plugin);
    let plan = plan_of_file(&path, &stage.search()).unwrap();
    let verified = verify(plan, &Policy::new()).unwrap();
    std::fs::rename(stage.put("other", &plugin), &path).unwrap();
    assert_eq!(
        stage.shown(&load(verified).unwrap_err()),
        "error[P15]: ROOT/env/libaludel_neighbour_swapped.so changed while it was being loaded\n  \
         help: try again when its installation has finished"
    );
    stage.assert_nothing_ran();
}

#[test]
fn a_missing_function_is_told_before_anything_runs() {
    let stage = Stage::new();
    stage.put("env", &Library::compiled("incomplete", &["-DMISSING_SYMBOL"]));
    assert_eq!(
        stage.refusal("incomplete"),
        "error[P02]: dialect `incomplete` is here but cannot be loaded: \
         ROOT/env/libaludel_incomplete.so: undefined symbol: aludel_test_missing_symbol\n  \
         help: install what it needs, or a build of it that was made for this system\n  \
         file: ROOT/env/libaludel_incomplete.so (exists, checks passed)"
    );
    stage.assert_usable("after_incomplete");
}

/// A library that calls itself glibc and has a version that no glibc has yet.
#[cfg(target_env = "gnu")]
#[test]
fn a_newer_glibc_than_the_systems_is_told_with_both_versions() {
    let stage = Stage::new();
    let versions = stage.path("versions.map");
    std::fs::write(&versions, "GLIBC_2.999 { global: aludel_test_neighbour; };\n").unwrap();
    let script = format!("-Wl,--version-script={}", versions.display());
    let library = neighbour(&stage.path("new"), "libc.so.6", &[&script]);
    stage.put("env", &needing("too_new", &library, &[]));
    let own = glibc();
    assert_eq!(
        stage.refusal("too_new"),
        format!(
            "error[P21]: dialect `too_new` needs glibc 2.999, this system has {own}\n  help: run it \
             on a newer system, or build the plugin on one with glibc {own} or older\n  \
             file: ROOT/env/libaludel_too_new.so"
        )
    );
}
