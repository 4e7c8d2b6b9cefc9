//! Plugins whose libraries the system has, or has not; made with the system's own linker.

use std::path::{Path, PathBuf};

use aludel::plugin::{
    Environment, Policy, Resolved, Search, load, loaded_dialect, resolve, verify,
};
use aludel::{Error, Url};
use aludel_tests::c::{Language, root};
use tempfile::TempDir;

/// A directory with a plugin and the libraries that it needs.
struct Place {
    directory: TempDir,
}

impl Place {
    fn new() -> Place {
        Place { directory: tempfile::tempdir().unwrap() }
    }

    fn path(&self, file: &str) -> PathBuf {
        self.directory.path().canonicalize().unwrap().join(file)
    }

    /// Links C code to a library, as `file`.
    fn link(&self, file: &str, source: &Path, flags: &[&str]) {
        let (out, dir) = (self.path(file), self.path(""));
        let (out, dir) = (out.to_str().unwrap(), dir.to_str().unwrap());
        let fixed = ["-shared", "-fPIC", "-fvisibility=default", "-o", out];
        let source = [source.to_str().unwrap(), "-L", dir, "-Wl,--no-as-needed"];
        Language::C.compile(&[fixed.as_slice(), &source, flags].concat());
    }

    /// A library that has a function, and may need others.
    fn library(&self, file: &str, function: &str, flags: &[&str]) {
        let source = self.path(&format!("{function}.c"));
        std::fs::write(
            &source,
            format!("int {function}(void);\nint {function}(void) {{ return 0; }}\n"),
        )
        .unwrap();
        let soname = format!("-Wl,-soname,{file}");
        self.link(file, &source, &[[soname.as_str()].as_slice(), flags].concat());
    }

    /// The plugin `needy`.
    fn plugin(&self, flags: &[&str]) {
        let trace = format!("-DTRACE=\"{}\"", self.path("trace").display());
        let flags = [[trace.as_str()].as_slice(), flags].concat();
        self.link("libaludel_needy.so", &root().join("tests/c/needy.c"), &flags);
    }

    fn remove(&self, file: &str) {
        std::fs::remove_file(self.path(file)).unwrap();
    }

    fn search(&self) -> Search {
        Search::new().with_environment(Environment::empty()).path(self.path(""))
    }

    fn verify(&self) -> Result<aludel::plugin::Verified, Error> {
        let Resolved::File(plan) = resolve(&Url::parse("needy://").unwrap(), &self.search())?
        else {
            panic!("nothing is registered")
        };
        verify(plan, &Policy::new())
    }

    /// The whole message, in which this directory is called DIR; nothing of the plugin has run.
    fn told(&self, error: Error) -> String {
        assert!(!self.path("trace").exists(), "code of the plugin has run");
        error.to_string().replace(&self.path("").display().to_string(), "DIR/")
    }
}

#[test]
fn a_missing_library_is_named_with_its_packages_before_anything_runs() {
    let place = Place::new();
    place.library("libaludel_absent.so.1", "needed", &[]);
    place.plugin(&["-l:libaludel_absent.so.1"]);
    place.remove("libaludel_absent.so.1");
    assert_eq!(
        place.told(place.verify().unwrap_err()),
        "error[P02]: dialect `needy` is here but cannot be loaded: libaludel_absent.so.1 is \
         missing\n  help: apt install absent  ·  dnf install absent-libs  ·  brew install absent\n  \
         file: DIR/libaludel_needy.so (exists, checks passed)"
    );
}

#[test]
fn a_library_that_only_the_loader_misses_is_named_too() {
    let place = Place::new();
    place.library("libaludel_bottom.so.1", "bottom", &[]);
    place.library("libaludel_middle.so.1", "needed", &["-l:libaludel_bottom.so.1"]);
    let beside = ["-l:libaludel_middle.so.1", "-Wl,-rpath,$ORIGIN", "-Wl,--allow-shlib-undefined"];
    place.plugin(&beside);
    place.remove("libaludel_bottom.so.1");
    let verified = place.verify().unwrap();
    let error = load(verified).map(|_| ()).unwrap_err();
    assert_eq!(
        place.told(error),
        "error[P02]: dialect `needy` is here but cannot be loaded: libaludel_bottom.so.1 is \
         missing\n  help: install the package that has it: apt-file search libaludel_bottom.so.1  ·  \
         dnf provides '*/libaludel_bottom.so.1'\n  \
         file: DIR/libaludel_needy.so (exists, checks passed)"
    );
}

#[test]
fn a_newer_glibc_is_named_with_the_own_one() {
    let place = Place::new();
    std::fs::write(place.path("versions"), "GLIBC_2.99 { global: needed; };\n").unwrap();
    let versions = format!("-Wl,--version-script={}", place.path("versions").display());
    place.library("libc_of_tomorrow.so", "needed", &[&versions, "-Wl,-soname,libc.so.6"]);
    place.plugin(&["-l:libc_of_tomorrow.so"]);
    let message = place.told(place.verify().unwrap_err());
    let start = "error[P21]: dialect `needy` needs glibc 2.99, this system has 2.";
    assert!(message.starts_with(start), "{message}");
    assert!(message.contains("build the plugin on one with glibc 2."), "{message}");
    assert!(message.ends_with("\n  file: DIR/libaludel_needy.so"), "{message}");
}

#[test]
fn a_library_beside_the_plugin_is_found_by_origin() {
    let place = Place::new();
    place.library("libaludel_neighbour.so.1", "needed", &[]);
    let flags = ["-l:libaludel_neighbour.so.1", "-Wl,-rpath,$ORIGIN", "-Wl,--enable-new-dtags"];
    place.link("libaludel_memory.so", &root().join("tests/c/memory.c"), &flags);
    let url = Url::parse("memory://").unwrap();
    let found = loaded_dialect(&url, &place.search(), &Policy::new());
    assert_eq!(found.unwrap_or_else(|error| panic!("{error}")).dialect.info().name, "memory");
}

#[test]
fn what_a_plugin_needs_is_told_among_its_checks() {
    let place = Place::new();
    place.library("libaludel_neighbour.so.1", "needed", &[]);
    place.plugin(&["-l:libaludel_neighbour.so.1", "-Wl,-rpath,$ORIGIN"]);
    let verified = place.verify().unwrap();
    let needs = verified.checks().iter().find(|check| check.name == "needs").unwrap();
    let start = "libaludel_neighbour.so.1, libc.so.6; glibc 2.";
    assert!(needs.found.starts_with(start), "{}", needs.found);
    assert!(!place.path("trace").exists());
}
