//! `aludel verify`.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use serde_json::json;

use super::home::{Home, file_name, json};

fn sha256(path: &Path) -> String {
    let output = Command::new("sha256sum").arg(path).output().expect("Linux has it");
    let line = String::from_utf8(output.stdout).unwrap();
    line.split_whitespace().next().expect("a sum").to_owned()
}

#[test]
fn each_check_that_passed_is_told_in_order() {
    let home = Home::new();
    let toy = home.plugin("lib/aludel", "toy");
    let text = home.run(&["verify", "toy://"]).ok();
    let mut lines = text.lines();
    assert_eq!(
        lines.next(),
        Some("toy 0.1.0 may be loaded from ROOT/lib/aludel/libaludel_toy.so (level app)")
    );
    let rows: Vec<(&str, &str)> =
        lines.map(|line| line.trim_start().split_once("  ").expect("two columns")).collect();
    let names: Vec<&str> = rows.iter().map(|(name, _)| *name).collect();
    assert!(names.starts_with(&["file", "owners", "image", "note", "abi", "needs"]), "{names:?}");
    assert_eq!(rows.last(), Some(&("sha256", sha256(&toy).as_str())));
}

#[test]
fn a_url_a_name_and_a_file_lead_to_one_answer() {
    let home = Home::new();
    let toy = home.plugin("lib/aludel", "toy");
    let answers = ["toy://me:secret@host", "toy", toy.to_str().unwrap()]
        .map(|subject| json(&home.run(&["verify", "--json", subject])));
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
    let answer = &answers[0];
    assert_eq!(answer["path"], "ROOT/lib/aludel/libaludel_toy.so");
    assert_eq!(answer["name"], "toy");
    assert_eq!(answer["version"], "0.1.0");
    assert_eq!(answer["level"], "app");
    assert_eq!(answer["sha256"], json!(sha256(&toy)));
    assert_eq!(answer["warnings"], json!([]));
    let size = toy.metadata().unwrap().len();
    let found = format!("ROOT/lib/aludel/libaludel_toy.so, {size} bytes");
    assert_eq!(answer["checks"][0], json!({"name": "file", "found": found}));
}

#[test]
fn a_relative_file_is_one_of_the_working_directory() {
    let home = Home::new();
    home.plugin("env", "toy");
    let mut program = home.program(&["verify", "--json", &format!("env/{}", file_name("toy"))]);
    program.current_dir(home.path(""));
    let answer = json(&home.finish(program));
    assert_eq!(answer["path"], "ROOT/env/libaludel_toy.so");
    // No search looks there.
    assert_eq!(answer["level"], "api");
}

#[test]
fn what_is_refused_is_told_with_its_code() {
    let home = Home::new();
    let toy = home.plugin("lib/aludel", "toy");
    let whole = fs::read(&toy).unwrap();
    let dir = "cut";
    let cut = home.write(&format!("{dir}/{}", file_name("toy")), &whole[..8192]);
    let other = home.write(&format!("{dir}/{}", file_name("other")), &whole);
    let download = home.write("cut/toy (1).so", &whole);
    for (file, code) in [(&cut, "P07"), (&other, "P13"), (&download, "P12")] {
        let ran = home.run(&["verify", file.to_str().unwrap()]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(4), ""), "{}", file.display());
        assert!(ran.err.starts_with(&format!("error[{code}]: ")), "{}", ran.err);
        let ran = home.run(&["verify", "--json", file.to_str().unwrap()]);
        assert_eq!(json(&ran)["error"]["code"], code);
    }
    assert_eq!(home.run(&["verify", "oracle://"]).code, Some(3));
}

#[test]
fn a_file_that_is_not_there_has_failed_and_not_been_refused() {
    let home = Home::new();
    let link = home.path("lib").join(file_name("gone"));
    fs::create_dir(home.path("lib")).unwrap();
    std::os::unix::fs::symlink("nowhere", &link).unwrap();
    for verb in [&["verify"][..], &["info"], &["plugins", "install"]] {
        let run = |file: &str| home.run(&[verb, &[file]].concat());
        for file in ["./missing.so", "Cargo.toml/x"] {
            let ran = run(file);
            assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{verb:?} {file}");
            let what = format!("IoError: there is no file `{file}`\n  help: ");
            assert!(ran.err.starts_with(&what), "{}", ran.err);
            let ran = home.run(&[verb, &["--json", file]].concat());
            assert_eq!(ran.code, Some(1), "{verb:?} {file}");
            assert_eq!(json(&ran)["error"]["kind"], "IoError");
        }
        let ran = run(link.to_str().unwrap());
        assert_eq!(ran.code, Some(4), "a link is there: {verb:?}");
        assert!(ran.err.starts_with("error[P12]: "), "{}", ran.err);
    }
}

#[test]
fn for_development_owners_and_modes_are_warnings() {
    let home = Home::new();
    home.plugin("env", "sqlite");
    fs::set_permissions(home.path("env"), Permissions::from_mode(0o777)).unwrap();
    let run = |arguments: &[&str]| home.run_with_path("env", arguments);
    let refused = run(&["verify", "sqlite"]);
    assert_eq!(refused.code, Some(4));
    assert!(refused.err.starts_with("error[P03]: refusing ROOT/env/"), "{}", refused.err);
    assert_eq!(run(&["sqlite://", "select 1"]).code, Some(4));

    for arguments in [["--dev", "verify", "sqlite"], ["verify", "sqlite", "--dev"]] {
        let ran = run(&arguments);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        let warning = "warning: ROOT/env/libaludel_sqlite.so: directory ROOT/env is writable by \
                       others (mode 0777";
        assert!(ran.err.starts_with(warning), "{}", ran.err);
    }
    let answer = json(&run(&["--dev", "verify", "--json", "sqlite"]));
    assert_eq!(answer["warnings"].as_array().unwrap().len(), 1);
    let ran = run(&["--dev", "-q", "-f", "csv", "sqlite://", "select 1 as a"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), "a\n1\n"));
    assert!(ran.err.starts_with("warning: ROOT/env/libaludel_sqlite.so: "), "{}", ran.err);
}

#[test]
fn the_environment_tightens_what_is_verified() {
    let home = Home::new();
    home.plugin("env", "toy");
    let mut program = home.program(&["--dev", "verify", "toy"]);
    program.env("ALUDEL_PLUGIN_PATH", home.path("env")).env("ALUDEL_PLUGIN_POLICY", "system_only");
    let ran = home.finish(program);
    assert_eq!(ran.code, Some(4));
    assert!(ran.err.contains("it is of level env, and the policy is system_only"), "{}", ran.err);
}
