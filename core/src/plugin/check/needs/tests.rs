//! What is told of libraries that are there, missing, or somewhere that only the loader knows.

use std::path::{Path, PathBuf};

use super::host::Host;
use super::{check_on, explain};
use crate::plugin::file::image::elf_dynamic::Needs;
use crate::plugin::file::image::elf_versions::Version;
use crate::plugin::file::note_json::{Head, Requirement, head};

const ODBC: &str = "libodbc.so.2";

fn plugin() -> Head {
    let note = br#"{"aludel":1,"name":"odbc","version":"1","abi":[0,1],"layout":"0","target":"t","panic":"unwind"}"#;
    let package = |name: &str| Some(name.to_owned());
    let requirement = Requirement {
        soname: ODBC.into(),
        debian: package("unixodbc"),
        fedora: package("unixODBC"),
        brew: package("unixodbc"),
    };
    Head { requires: vec![requirement], ..head(note).unwrap() }
}

fn needs(libraries: &[&str]) -> Needs {
    Needs {
        libraries: libraries.iter().map(|name| (*name).to_owned()).collect(),
        ..Needs::default()
    }
}

/// A system that has nothing but what lies in this directory.
fn host(dir: &Path) -> Host {
    Host {
        glibc: Version::parse("2.36"),
        maps: dir.join("maps"),
        cache: dir.join("cache"),
        library_paths: Vec::new(),
        default_dirs: vec![dir.join("lib")],
    }
}

/// Puts a library for this machine there; the test program is one as far as the loader is asked.
fn library(path: &Path) -> PathBuf {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::copy(std::env::current_exe().unwrap(), path).unwrap();
    path.to_owned()
}

fn refusal(host: &Host, needs: &Needs) -> Option<String> {
    let path = Path::new("/p/libaludel_odbc.so");
    check_on(host, path, needs, &plugin()).err().map(|error| error.to_string())
}

#[test]
fn a_missing_library_is_told_with_the_packages_that_hold_it() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(
        refusal(&host(dir.path()), &needs(&[ODBC])).unwrap(),
        "error[P02]: dialect `odbc` is here but cannot be loaded: libodbc.so.2 is missing\n  \
         help: apt install unixodbc  ·  dnf install unixODBC  ·  brew install unixodbc\n  \
         file: /p/libaludel_odbc.so (exists, checks passed)"
    );
}

#[test]
fn a_library_that_the_note_does_not_name_is_told_with_the_way_to_find_it() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(
        refusal(&host(dir.path()), &needs(&["libx\u{1b}.so.1", "liby.so"])).unwrap(),
        "error[P02]: dialect `odbc` is here but cannot be loaded: libx\\u{1b}.so.1, liby.so are \
         missing\n  help: install the package that has it: apt-file search libx\\u{1b}.so.1  ·  \
         dnf provides '*/libx\\u{1b}.so.1'\n  file: /p/libaludel_odbc.so (exists, checks passed)"
    );
}

#[test]
fn a_glibc_that_is_too_old_is_told_with_both_versions() {
    let dir = tempfile::tempdir().unwrap();
    let asks = |version| Needs { glibc: Version::parse(version), ..Needs::default() };
    assert_eq!(
        refusal(&host(dir.path()), &asks("2.39")).unwrap(),
        "error[P21]: dialect `odbc` needs glibc 2.39, this system has 2.36\n  \
         help: run it on a newer system, or build the plugin on one with glibc 2.36 or older\n  \
         file: /p/libaludel_odbc.so"
    );
    for version in ["2.36", "2.4", "2.2.5"] {
        let path = Path::new("/p/libaludel_odbc.so");
        let found = check_on(&host(dir.path()), path, &asks(version), &plugin()).unwrap();
        assert_eq!(found, format!("no library; glibc {version}"));
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_library_is_found_wherever_the_loader_looks() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let nothing = host(dir);
    let here = || dir.join("here").to_string_lossy().into_owned();
    library(&dir.join("here").join(ODBC));
    let needs = needs(&[ODBC]);
    assert!(refusal(&nothing, &needs).is_some());

    let runpath = Needs { runpath: vec!["/no".into(), here()], ..needs.clone() };
    assert_eq!(refusal(&nothing, &runpath), None);
    let rpath = Needs { rpath: vec![here()], ..needs.clone() };
    assert_eq!(refusal(&nothing, &rpath), None);
    let variable = Host { library_paths: vec![format!("/no:{}", here()).into()], ..host(dir) };
    assert_eq!(refusal(&variable, &needs), None);
    let usual = Host { default_dirs: vec![dir.join("here")], ..host(dir) };
    assert_eq!(refusal(&usual, &needs), None);
    let not_usual = Needs { no_default_dirs: true, ..needs.clone() };
    assert!(refusal(&usual, &not_usual).is_some());
    let by_path = Needs { libraries: vec![format!("{}/{ODBC}", here())], ..Needs::default() };
    assert_eq!(refusal(&nothing, &by_path), None);
}

#[test]
#[cfg(target_os = "linux")]
fn a_library_is_found_beside_the_plugin_by_origin() {
    let dir = tempfile::tempdir().unwrap();
    library(&dir.path().join("lib").join(ODBC));
    let elsewhere = Host { default_dirs: Vec::new(), ..host(dir.path()) };
    let found = |runpath: &str| {
        let needs = Needs { runpath: vec![runpath.into()], ..needs(&[ODBC]) };
        let plugin_path = dir.path().join("libaludel_odbc.so");
        check_on(&elsewhere, &plugin_path, &needs, &plugin()).is_ok()
    };
    assert!(found("$ORIGIN/lib") && found("${ORIGIN}/./lib"));
    assert!(!found("$ORIGIN"));
    // Only the loader knows the value of other variables.
    assert!(found("$ORIGIN/$LIB"));
}

#[test]
#[cfg(target_os = "linux")]
fn a_library_that_is_loaded_already_is_there() {
    let dir = tempfile::tempdir().unwrap();
    let maps = |lines: &str| {
        std::fs::write(dir.path().join("maps"), lines).unwrap();
        refusal(&host(dir.path()), &needs(&[ODBC])).is_none()
    };
    assert!(maps("7f00-7f01 r-xp 00000000 08:01 42      /opt/my libs/libodbc.so.2.0.0\n"));
    assert!(maps("7f00-7f01 r-xp 00000000 08:01 42      /opt/libodbc.so.2 (deleted)\n"));
    assert!(!maps("7f00-7f01 r-xp 00000000 08:01 42      /opt/libodbc.so.20\n7f01-7f02 rw-p\n"));
    // The directory of a glibc that was built with another prefix is one of its own.
    library(&dir.path().join("store").join(ODBC));
    let glibc = dir.path().join("store/libc.so.6");
    assert!(maps(&format!("7f00-7f01 r-xp 00000000 08:01 42 {}\n", glibc.display())));
}

#[test]
#[cfg(target_os = "linux")]
fn what_a_loaded_library_is_called_and_where_it_looks_counts_too() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/images");
    let dir = tempfile::tempdir().unwrap();
    let loaded = dir.path().join("unlike_its_soname.so");
    std::fs::copy(fixtures.join("elf-rpath.so"), &loaded).unwrap();
    let line = format!("7f00-7f01 r-xp 00000000 08:01 42 {}\n", loaded.display());
    std::fs::write(dir.path().join("maps"), line).unwrap();
    let host = Host { default_dirs: Vec::new(), ..host(dir.path()) };
    assert_eq!(refusal(&host, &needs(&["libaludel_known.so.1"])), None);
    assert!(refusal(&host, &needs(&[ODBC])).is_some());
    library(&dir.path().join("lib").join(ODBC));
    assert_eq!(refusal(&host, &needs(&[ODBC])), None);
}

#[test]
fn a_library_for_another_machine_is_not_there() {
    let dir = tempfile::tempdir().unwrap();
    let lib = dir.path().join("lib");
    std::fs::create_dir(&lib).unwrap();
    std::fs::write(lib.join(ODBC), b"\x7fELF").unwrap();
    assert!(refusal(&host(dir.path()), &needs(&[ODBC])).is_some());
    std::fs::remove_file(lib.join(ODBC)).unwrap();
    std::fs::create_dir(lib.join(ODBC)).unwrap();
    assert!(refusal(&host(dir.path()), &needs(&[ODBC])).is_some());
}

#[test]
fn names_that_cannot_be_read_are_left_to_the_loader() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(refusal(&host(dir.path()), &needs(&["lib\u{fffd}.so"])), None);
}

#[test]
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn what_this_process_runs_with_is_there() {
    let host = Host::current().unwrap();
    assert!(host.glibc >= Version::parse("2.17"), "{:?}", host.glibc);
    assert_eq!(refusal(&host, &needs(&["libc.so.6"])), None);
    // Also without the list of what is loaded.
    let blind = Host { maps: "/no/such/file".into(), ..host };
    assert_eq!(refusal(&blind, &needs(&["libc.so.6"])), None);
    let error = refusal(&blind, &needs(&["libaludel_absent.so.1"])).unwrap();
    assert!(error.contains("libaludel_absent.so.1 is missing"), "{error}");
}

#[test]
fn what_the_loader_says_becomes_the_same_errors() {
    let told = |reason: &str| {
        let error = explain(Path::new("/p/x.so"), &plugin(), reason);
        (error.code().unwrap(), error.message().to_owned(), error.help().map(str::to_owned))
    };
    let missing = "dialect `odbc` is here but cannot be loaded: libodbc.so.2 is missing";
    let packages = "apt install unixodbc  ·  dnf install unixODBC  ·  brew install unixodbc";
    for reason in [
        "libodbc.so.2: cannot open shared object file: No such file or directory",
        "Error loading shared library libodbc.so.2: No such file or directory (needed by /p/x.so)",
    ] {
        assert_eq!(told(reason), ("P02", missing.into(), Some(packages.into())));
    }
    let reason = "/lib/libc.so.6: version `GLIBC_2.99' not found (required by /p/x.so)";
    let (code, message, _) = told(reason);
    assert_eq!(code, "P21");
    assert!(message.starts_with("dialect `odbc` needs glibc 2.99, this system has "), "{message}");
    let reason = "/lib/libc.so.6: version `GLIBC_ABI_DT_RELR' not found (required by /p/x.so)";
    let (code, message, _) = told(reason);
    assert_eq!(code, "P21");
    assert!(message.starts_with("dialect `odbc` needs glibc 2.36, this system has "), "{message}");
    for reason in [
        "/p/x.so: undefined symbol: absent",
        "/p/x.so: cannot open shared object file: No such file or directory",
        "libssl.so.3: version `OPENSSL_3.9.0' not found (required by /p/x.so)",
    ] {
        let message = format!("dialect `odbc` is here but cannot be loaded: {reason}");
        let help = "install what it needs, or a build of it that was made for this system";
        assert_eq!(told(reason), ("P02", message, Some(help.into())));
    }
}
