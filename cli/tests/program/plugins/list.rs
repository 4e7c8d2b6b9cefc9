//! `aludel plugins`.

use serde_json::json;

use super::home::{Home, file_name, json};

/// The text up to the level system, whose places are the machine's.
fn up_to_system(text: &str) -> String {
    text.lines()
        .take_while(|line| !line.starts_with("  system "))
        .map(|l| format!("{l}\n"))
        .collect()
}

#[test]
fn every_plugin_is_listed_with_what_would_become_of_it() {
    let home = Home::new();
    home.plugin("env", "toy");
    home.plugin("data/aludel/plugins", "toy");
    home.plugin("lib/aludel", "sqlite");
    home.write(&format!("lib/aludel/{}", file_name("text")), b"no library");
    let ran = home.run_with_path("env", &["plugins"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    assert_eq!(
        up_to_system(&ran.out),
        "name    version  ABI  level  file\n\
         toy     0.1.0    0.1  env    ROOT/env/libaludel_toy.so\n\
         sqlite  0.1.0    0.1  app    ROOT/lib/aludel/libaludel_sqlite.so\n\
         text    -        -    app    ROOT/lib/aludel/libaludel_text.so\n  \
           broken: error[P06]: ROOT/lib/aludel/libaludel_text.so is not an aludel plugin (it is no \
         ELF file)\n\
         toy     0.1.0    0.1  user   ROOT/data/aludel/plugins/libaludel_toy.so\n  \
           shadowed by ROOT/env/libaludel_toy.so (level env)\n\
         \n\
         places:\n  \
           static: none\n  \
           api: not set\n  \
           env ROOT/env: 1 plugin\n  \
           app ROOT/lib/aludel: 1 plugin, 1 broken\n  \
           app ROOT/bin/plugins: does not exist\n  \
           user ROOT/data/aludel/plugins: 1 plugin\n"
    );
}

#[test]
fn where_there_is_none_the_places_are_told() {
    let home = Home::new();
    let ran = home.run(&["plugins"]);
    assert_eq!(
        up_to_system(&ran.ok()),
        "no plugins\n\
         \n\
         places:\n  \
           static: none\n  \
           api: not set\n  \
           env ALUDEL_PLUGIN_PATH: not set\n  \
           app ROOT/lib/aludel: does not exist\n  \
           app ROOT/bin/plugins: does not exist\n  \
           user ROOT/data/aludel/plugins: does not exist\n"
    );
}

#[test]
fn a_program_gets_the_same_as_json() {
    let home = Home::new();
    home.plugin("env", "toy");
    home.plugin("data/aludel/plugins", "toy");
    home.write(&format!("data/aludel/plugins/{}", file_name("text")), b"no library");
    let listed = json(&home.run_with_path("env", &["plugins", "--json"]));
    let found = json!({
        "name": "toy", "version": "0.1.0", "abi": [0, 1], "level": "env",
        "path": "ROOT/env/libaludel_toy.so", "schemes": ["toy"], "status": "ok",
        "error": null, "shadowed_by": null, "warnings": [],
    });
    let mut shadowed = found.clone();
    shadowed["level"] = json!("user");
    shadowed["path"] = json!("ROOT/data/aludel/plugins/libaludel_toy.so");
    shadowed["status"] = json!("shadowed");
    shadowed["shadowed_by"] = json!({"level": "env", "path": "ROOT/env/libaludel_toy.so"});
    let path = "ROOT/data/aludel/plugins/libaludel_text.so";
    let broken = json!({
        "name": "text", "version": null, "abi": null, "level": "user", "path": path,
        "schemes": [], "status": "broken", "shadowed_by": null, "warnings": [],
        "error": {
            "kind": "PluginError", "code": "P06", "notes": {},
            "message": format!("{path} is not an aludel plugin (it is no ELF file)"),
            "help": "remove it, or build it with export_dialect! (Rust) or ALUDEL_NOTE (C)",
        },
    });
    assert_eq!(listed["plugins"], json!([found, broken, shadowed]));
    assert_eq!(listed["ambiguous"], json!([]));
    let places = listed["places"].as_array().unwrap();
    let place = |level: &str, dir: Option<&str>, state: &str, why: Option<&str>| json!({"level": level, "dir": dir, "state": state, "why": why});
    assert_eq!(
        places[..5],
        [
            place("api", None, "left", Some("not set")),
            place("env", Some("ROOT/env"), "read", None),
            place("app", Some("ROOT/lib/aludel"), "missing", None),
            place("app", Some("ROOT/bin/plugins"), "missing", None),
            place("user", Some("ROOT/data/aludel/plugins"), "read", None),
        ]
    );
}

#[test]
fn files_that_claim_one_scheme_are_told() {
    let home = Home::new();
    home.plugin("lib/aludel", "toy");
    home.plugin("bin/plugins", "toy");
    let ran = home.run(&["plugins"]);
    let fault = "error[P08]: scheme `toy` is claimed by two files at level app: \
                 ROOT/lib/aludel/libaludel_toy.so and ROOT/bin/plugins/libaludel_toy.so\n  help: ";
    assert!(ran.out.contains(fault), "{}", ran.out);
    let rows = "name  version  ABI  level  file\n\
                toy   0.1.0    0.1  app    ROOT/lib/aludel/libaludel_toy.so\n  \
                  ambiguous: `toy` is claimed by ROOT/bin/plugins/libaludel_toy.so too\n\
                toy   0.1.0    0.1  app    ROOT/bin/plugins/libaludel_toy.so\n  \
                  ambiguous: `toy` is claimed by ROOT/lib/aludel/libaludel_toy.so too\n";
    assert!(ran.out.starts_with(rows), "{}", ran.out);
    let listed = json(&home.run(&["plugins", "--json"]));
    let ambiguous = &listed["ambiguous"][0];
    assert_eq!((&ambiguous["schemes"], &ambiguous["level"]), (&json!(["toy"]), &json!("app")));
    assert_eq!(ambiguous["files"][1], json!({"path": "ROOT/bin/plugins/libaludel_toy.so"}));
    assert_eq!(ambiguous["error"]["code"], "P08");
    for plugin in &listed["plugins"].as_array().unwrap()[..2] {
        assert_eq!((&plugin["status"], &plugin["error"]), (&json!("ambiguous"), &json!(null)));
    }
}

#[test]
fn what_is_only_called_like_a_plugin_is_not_counted_as_one() {
    let home = Home::new();
    home.plugin("lib/aludel", "toy");
    for (number, bytes) in [&b""[..], b"text", b"\x7fELF"].into_iter().enumerate() {
        home.write(&format!("lib/aludel/{}", file_name(&format!("x{number}"))), bytes);
    }
    std::fs::create_dir(home.path("lib/aludel").join(file_name("dir"))).unwrap();
    home.write(&format!("env/{}", file_name("text")), b"text");
    let ran = home.run_with_path("env", &["plugins"]);
    assert!(ran.out.contains("\n  app ROOT/lib/aludel: 1 plugin, 4 broken\n"), "{}", ran.out);
    assert!(ran.out.contains("\n  env ROOT/env: no plugins, 1 broken\n"), "{}", ran.out);
}

#[test]
fn an_environment_that_cannot_be_understood_is_an_error() {
    let home = Home::new();
    for (variable, value, code) in [
        ("ALUDEL_PLUGIN_PATH", "lib", "P12"),
        ("ALUDEL_PLUGIN_PATH", "/a:", "P12"),
        ("ALUDEL_PLUGIN_POLICY", "development", "P23"),
    ] {
        let run = |arguments: &[&str]| {
            let mut program = home.program(arguments);
            program.env(variable, value);
            home.finish(program)
        };
        let ran = run(&["plugins"]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(4), ""));
        assert!(ran.err.starts_with(&format!("error[{code}]: ")), "{}", ran.err);
        let ran = run(&["plugins", "--json"]);
        assert_eq!(ran.code, Some(4));
        assert_eq!(json(&ran)["error"]["code"], code);
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_directory_that_is_not_utf8_is_told_in_bytes() {
    use std::os::unix::ffi::OsStringExt;
    let home = Home::new();
    let toy = home.plugin("env", "toy");
    let dir = home.path("env").into_os_string().into_vec();
    let odd = std::ffi::OsString::from_vec([&dir[..], b"\xff\x1b[2J"].concat());
    std::fs::create_dir(&odd).unwrap();
    std::fs::rename(toy, std::path::Path::new(&odd).join(file_name("toy"))).unwrap();
    let run = |arguments: &[&str]| {
        let mut program = home.program(arguments);
        program.env("ALUDEL_PLUGIN_PATH", &odd);
        home.finish(program)
    };
    let ran = run(&["plugins"]);
    assert!(ran.out.contains("ROOT/env\u{fffd}\\u{1b}[2J/libaludel_toy.so"), "{}", ran.out);
    let listed = json(&run(&["plugins", "--json"]));
    let toy = &listed["plugins"][0];
    assert_eq!(toy["path"], "ROOT/env\u{fffd}\u{1b}[2J/libaludel_toy.so");
    let bytes: String = dir.iter().map(|byte| format!("{byte:02x}")).collect();
    let rest: String =
        format!("/{}", file_name("toy")).bytes().map(|b| format!("{b:02x}")).collect();
    assert_eq!(toy["path_bytes"], format!("\\x{bytes}ff1b5b324a{rest}"));
}
