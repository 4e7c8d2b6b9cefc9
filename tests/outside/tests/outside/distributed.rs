//! The tarball of `cargo xtask dist` runs from wherever it is unpacked.

use std::fs;
use std::path::{Path, PathBuf};

use object::{Object, ObjectSymbol};
use sha2::{Digest, Sha256};

use crate::command::{bare, run, succeed, tool};
use crate::workshop::Workshop;

/// The tarball, built anew.
fn distribute(workshop: &Workshop) -> (PathBuf, String) {
    let target = workshop.target_of_source();
    let mut cargo = workshop.cargo(workshop.source.path(), &target);
    let output = succeed(cargo.args(["xtask", "dist", "--profile", "dev"]));
    let is_tarball = |path: &PathBuf| path.to_string_lossy().ends_with(".tar.gz");
    let entries = fs::read_dir(target.join("dist")).expect("dist is there").flatten();
    let tarballs: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_tarball).collect();
    let [tarball] = &tarballs[..] else { panic!("one tarball, not {tarballs:?}") };
    (tarball.clone(), output)
}

/// The name of the one folder in a tarball.
fn top(tarball: &Path) -> String {
    let name = tarball.file_name().and_then(|name| name.to_str()).expect("it has a name");
    name.trim_end_matches(".tar.gz").to_owned()
}

fn unpack(tarball: &Path, into: &Path) -> PathBuf {
    succeed(tool("tar").arg("--extract").arg("--file").arg(tarball).current_dir(into));
    into.join(top(tarball))
}

fn sha256(path: &Path) -> String {
    let sum = Sha256::digest(fs::read(path).expect("the file is readable"));
    sum.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn symbols(binary: &Path) -> Vec<String> {
    let bytes = fs::read(binary).expect("the program is readable");
    let file = object::File::parse(&*bytes).expect("the program is an object file");
    file.symbols().filter_map(|symbol| Some(symbol.name().ok()?.to_owned())).collect()
}

#[test]
fn the_program_runs_where_it_was_unpacked() {
    let workshop = Workshop::open();
    let (tarball, _) = distribute(&workshop);
    let place = tempfile::tempdir().expect("there is a place for temporary files");
    let unpacked = unpack(&tarball, place.path());
    let plugins = ["postgresql", "sqlite"].map(|name| format!("lib/aludel/libaludel_{name}.so"));
    for binary in ["bin/aludel", &plugins[0], &plugins[1]] {
        assert_eq!(symbols(&unpacked.join(binary)), [""; 0], "{binary} is stripped");
    }
    assert_eq!(lost_links(&unpacked.join("share/doc/aludel")), [""; 0], "of the documentation");
    let moved = place.path().join("elsewhere, with a space");
    fs::rename(unpacked, &moved).expect("a folder can be moved");
    let query = ["sqlite:///:memory:", "--format", "csv", "select 40 + 2 as total"];
    let output = succeed(bare(&moved.join("bin/aludel")).args(query));
    assert_eq!(output, "total\n42\n");
    let link = place.path().join("aludel");
    std::os::unix::fs::symlink(moved.join("bin/aludel"), &link).expect("a link can be made");
    assert_eq!(succeed(bare(&link).args(query)), "total\n42\n", "through a link");

    let alone = place.path().join("alone");
    fs::copy(moved.join("bin/aludel"), &alone).expect("a program can be copied");
    let ran = run(bare(&alone).args(query));
    assert!(!ran.success && ran.stderr.contains("P01"), "without its plugins: {}", ran.stderr);
}

#[test]
fn the_same_build_makes_the_same_tarball_and_tells_what_is_in_it() {
    let workshop = Workshop::open();
    let (tarball, output) = distribute(&workshop);
    let sum = sha256(&tarball);
    let beside = fs::read_to_string(tarball.with_extension("gz.sha256")).expect("it has a sum");
    let name = top(&tarball);
    assert_eq!(beside, format!("{sum}  {name}.tar.gz\n"));
    let binaries = "bin/aludel, lib/aludel/libaludel_postgresql.so, lib/aludel/libaludel_sqlite.so";
    for told in [&sum, "glibc floor  2.", binaries] {
        assert!(output.contains(told), "{told:?} is not in: {output}");
    }

    // Later, and under a umask that lets nobody in.
    let again = "umask 077; exec \"$@\"";
    let target = workshop.target_of_source();
    let cargo = workshop.cargo(workshop.source.path(), &target);
    let mut shell = tool("sh");
    shell.args(["-c", again, "sh"]).arg(cargo.get_program());
    shell.args(["xtask", "dist", "--profile", "dev"]).current_dir(workshop.source.path());
    shell.envs(cargo.get_envs().filter_map(|(name, value)| Some((name, value?))));
    succeed(&mut shell);
    assert_eq!(sha256(&tarball), sum);

    let mut list = tool("tar");
    list.args(["--list", "--verbose", "--numeric-owner", "--file"]).arg(&tarball);
    let list = succeed(list.env("TZ", "UTC"));
    for line in list.lines() {
        let is_open = line.ends_with('/') || line.ends_with("/aludel") || line.ends_with(".so");
        let mode = if line.ends_with('/') {
            "drwxr-xr-x"
        } else if is_open {
            "-rwxr-xr-x"
        } else {
            "-rw-r--r--"
        };
        assert!(line.starts_with(&format!("{mode} 0/0 ")), "{line}");
        assert!(line.contains(&format!(" 1980-01-01 00:00 {name}/")), "{line}");
    }
    let files: Vec<&str> = list.lines().filter_map(|line| line.split(' ').next_back()).collect();
    assert!(files.is_sorted(), "{files:?}");
    for file in [
        "include/aludel.h",
        "share/doc/aludel/README.md",
        "share/doc/aludel/CHANGELOG.md",
        "share/doc/aludel/LICENSE-APACHE",
        "share/doc/aludel/LICENSE-MIT",
        "share/doc/aludel/docs/architecture.md",
    ] {
        assert!(files.contains(&&*format!("{name}/{file}")), "{file} is missing in {files:?}");
    }
}

#[test]
fn the_feature_static_sqlite_links_what_the_default_build_loads() {
    let workshop = Workshop::open();
    let plain = workshop.program();
    let names = symbols(&plain);
    assert!(names.iter().any(|name| name == "main"), "the program has its symbols");
    assert!(!names.iter().any(|name| name.starts_with("sqlite3_")), "no dialect is linked");

    let place = tempfile::tempdir().expect("there is a place for temporary files");
    let target = workshop.target_of_source();
    let mut cargo = workshop.cargo(workshop.source.path(), &target);
    cargo.args(["install", "--path", "cli", "--features", "static-sqlite", "--debug", "--locked"]);
    succeed(cargo.args(["--no-track", "--quiet", "--root"]).arg(place.path()));
    let program = place.path().join("bin/aludel");
    assert!(symbols(&program).iter().any(|name| name == "sqlite3_open_v2"), "SQLite is linked");
    let query = ["sqlite:///:memory:", "--format", "csv", "select 40 + 2 as total"];
    assert_eq!(succeed(bare(&program).args(query)), "total\n42\n");
}

/// Relative links of the Markdown files below this folder that lead to nothing.
fn lost_links(folder: &Path) -> Vec<String> {
    let mut lost = Vec::new();
    for entry in fs::read_dir(folder).expect("the documentation was unpacked") {
        let path = entry.expect("a folder can be read").path();
        if path.is_dir() {
            lost.extend(lost_links(&path));
        } else if path.extension().is_some_and(|extension| extension == "md") {
            let text = fs::read_to_string(&path).expect("it is text");
            let links = text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
            let inner = links.filter(|link| !link.is_empty() && !link.contains(':'));
            let gone = inner.filter(|link| !folder.join(link).exists());
            lost.extend(gone.map(|link| format!("{}: {link}", path.display())));
        }
    }
    lost
}
