//! `aludel info`.

use aludel_tests::c::build_plugin;
use serde_json::{Value, json};

use super::home::{Home, file_name, json};

#[test]
fn a_name_a_url_and_a_file_are_described_alike() {
    let home = Home::new();
    let toy = home.plugin("lib/aludel", "toy");
    let by_name = home.run(&["info", "toy"]).ok();
    assert_eq!(by_name, home.run(&["info", "toy://me:secret@host"]).ok());
    let by_file = home.run(&["info", toy.to_str().unwrap()]).ok();
    assert_eq!(by_file, by_name.replace(" (level app)", ""));
    let download = home.copy(&toy, "downloads/toy (1)");
    let by_download = home.run(&["info", download.to_str().unwrap()]).ok();
    assert_eq!(by_download, by_file.replace("lib/aludel/libaludel_toy.so", "downloads/toy (1)"));
}

#[test]
fn what_sqlite_says_of_itself_is_printed() {
    let home = Home::new();
    home.plugin("lib/aludel", "sqlite");
    let text = home.run(&["info", "sqlite"]).ok();
    for line in [
        "sqlite 0.1.0",
        "  SQLite, bundled: databases in files and in memory.",
        "  file          ROOT/lib/aludel/libaludel_sqlite.so (level app)",
        "  schemes       sqlite, sqlite3, sqlite+pysqlite, sqlite+aiosqlite",
        "  drivers       rusqlite",
        "  panic         unwind",
        "  options",
        "    mode=rwc (ro|rw|rwc|memory)",
        "    load_extension (text, code, repeatable)",
        "      Path of a SQLite extension to load into the connection; may be repeated.",
    ] {
        assert!(text.lines().any(|printed| printed == line), "{line}\n{text}");
    }
}

#[test]
fn a_program_gets_the_whole_note() {
    let home = Home::new();
    home.plugin("lib/aludel", "sqlite");
    let answer = json(&home.run(&["info", "--json", "sqlite"]));
    let note = &answer["note"];
    assert_eq!(note["aludel"], 1);
    for member in ["name", "version", "description", "abi", "layout", "target", "rustc", "panic"] {
        assert_eq!(answer[member], note[member], "{member}");
        assert_ne!(answer[member], Value::Null, "{member}");
    }
    for member in ["drivers", "default_port", "threading", "capabilities", "license", "homepage"] {
        assert_eq!(answer[member], note[member], "{member}");
    }
    assert_eq!(answer["options"], note["options"]);
    assert_eq!(answer["requires"], note["requires"]);
    assert_eq!(
        answer["schemes"],
        json!(["sqlite", "sqlite3", "sqlite+pysqlite", "sqlite+aiosqlite"])
    );
    assert_eq!(answer["path"], "ROOT/lib/aludel/libaludel_sqlite.so");
    assert_eq!(answer["level"], "app");
}

#[test]
fn a_hostile_note_cannot_write_to_the_terminal() {
    let home = Home::new();
    std::fs::create_dir(home.path("env")).unwrap();
    build_plugin("trace.c", "trace", &home.path("env"));
    let run = |arguments: &[&str]| home.run_with_path("env", arguments);
    let controls =
        |text: &str| text.chars().any(|c| c != '\n' && (c.is_control() || c == '\u{202e}'));
    let ran = run(&["info", "trace"]);
    let text = ran.ok();
    assert!(!controls(&text), "{text}");
    let description = "  \\u{1b}]0;owned\\u{7}\\ninstalled\\u{9b}31m\\u{202e}";
    assert!(text.lines().any(|line| line == description), "{text}");
    assert!(text.lines().any(|line| line == "    \\u{1b}[8m=\\u{8} (text)"), "{text}");
    let ran = run(&["info", "--json", "trace"]);
    assert!(!controls(&ran.out), "{}", ran.out);
    assert_eq!(
        json(&ran)["description"],
        "\u{1b}]0;owned\u{7}\ninstalled\u{9b}31m\u{202e}",
        "nothing is lost"
    );
}

#[test]
fn what_is_no_plugin_is_refused() {
    let home = Home::new();
    let text = home.write(&format!("env/{}", file_name("text")), b"no library");
    let ran = home.run(&["info", text.to_str().unwrap()]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(4), ""));
    assert!(ran.err.starts_with("error[P06]: ROOT/env/libaludel_text.so is not"), "{}", ran.err);
    let ran = home.run(&["info", "--json", "mysql"]);
    assert_eq!((ran.code, &json(&ran)["error"]["code"]), (Some(3), &json!("P01")));
}

#[test]
fn a_relative_file_is_told_by_its_whole_path() {
    let home = Home::new();
    home.plugin("env", "toy");
    let run = |verb: &str, json: &[&str]| {
        let file = format!("./env/{}", file_name("toy"));
        let mut program = home.program(&[&[verb], json, &[file.as_str()]].concat());
        program.current_dir(home.path(""));
        home.finish(program)
    };
    let path = "ROOT/env/libaludel_toy.so";
    assert_eq!(json(&run("info", &["--json"]))["path"], path);
    assert_eq!(json(&run("verify", &["--json"]))["path"], path);
    assert!(run("info", &[]).ok().contains(&format!(" {path}\n")));
}
