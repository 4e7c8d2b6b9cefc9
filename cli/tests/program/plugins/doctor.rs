//! `aludel doctor`.

use serde_json::json;

use super::home::{Home, file_name, json};

/// The line that begins with this name, without it.
fn fact<'a>(text: &'a str, name: &str) -> &'a str {
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    line.unwrap_or_else(|| panic!("{name}: {text}")).trim_start()
}

#[test]
fn where_nothing_is_wrong_it_ends_with_0() {
    let home = Home::new();
    home.plugin("env", "toy");
    home.plugin("data/aludel/plugins", "toy");
    let ran = home.run_with_path("env", &["doctor"]);
    let text = ran.ok();
    assert_eq!(fact(&text, "aludel "), aludel::VERSION);
    assert_eq!(fact(&text, "program "), "ROOT/bin/aludel");
    assert_eq!(fact(&text, "can load plugins "), "yes");
    assert_eq!(fact(&text, "policy "), "standard");
    assert!(!fact(&text, "glibc ").is_empty());
    assert_eq!(fact(&text, "ALUDEL_PLUGIN_PATH "), "ROOT/env");
    assert_eq!(fact(&text, "ALUDEL_PLUGIN_POLICY "), "not set");
    let places = "places:\n  \
                    static: none\n  \
                    api: not set\n  \
                    env ROOT/env: 1 plugin\n    \
                      toy 0.1.0 (ABI 0.1)\n  \
                    app ROOT/lib/aludel: does not exist\n  \
                    app ROOT/bin/plugins: does not exist\n  \
                    user ROOT/data/aludel/plugins: 1 plugin\n    \
                      toy 0.1.0 (ABI 0.1)\n      \
                        shadowed by ROOT/env/libaludel_toy.so (level env)\n";
    assert!(text.contains(places), "{text}");
    assert!(text.ends_with("\nnothing is wrong\n"), "{text}");
}

#[test]
fn a_broken_plugin_ends_it_with_1_and_one_thing_to_do() {
    let home = Home::new();
    home.write(&format!("env/{}", file_name("text")), b"no library");
    let ran = home.run_with_path("env", &["doctor"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(1), ""));
    assert!(ran.out.contains("\n    text - (ABI -)\n      broken: P06\n"), "{}", ran.out);
    let problem = "\n1 problem:\n\
                   error[P06]: ROOT/env/libaludel_text.so is not an aludel plugin (it is no ELF \
                   file)\n  help: remove it, or build it with export_dialect! (Rust) or ALUDEL_NOTE \
                   (C)\n";
    assert!(ran.out.ends_with(problem), "{}", ran.out);
    let ran = home.run_with_path("env", &["doctor", "--json"]);
    assert_eq!(ran.code, Some(1));
    let answer = json(&ran);
    assert_eq!(answer["problems"][0]["code"], "P06");
    assert_eq!(answer["plugins"][0]["status"], "broken");
}

#[test]
fn a_policy_that_cannot_be_followed_is_told_once() {
    let home = Home::new();
    for name in ["toy", "sqlite"] {
        home.plugin("lib/aludel", name);
    }
    let mut program = home.program(&["doctor"]);
    program.env("ALUDEL_PLUGIN_POLICY", "pinned");
    let ran = home.finish(program);
    assert_eq!((ran.code, ran.err.as_str()), (Some(1), ""));
    assert!(ran.out.contains("\n1 problem:\nerror[P23]: "), "{}", ran.out);
    assert_eq!(ran.out.matches("there is no lock file").count(), 1, "{}", ran.out);
    assert_eq!(ran.out.matches("      broken: P23\n").count(), 2, "{}", ran.out);
}

#[test]
fn a_broken_plugin_that_is_shadowed_is_a_problem_too() {
    let home = Home::new();
    home.plugin("env", "toy");
    home.write(&format!("data/aludel/plugins/{}", file_name("toy")), b"no library");
    let ran = home.run_with_path("env", &["doctor"]);
    assert_eq!(ran.code, Some(1));
    let remarks = "      shadowed by ROOT/env/libaludel_toy.so (level env)\n      broken: P06\n";
    assert!(ran.out.contains(remarks), "{}", ran.out);
}

#[test]
fn a_program_gets_the_same_as_json() {
    let home = Home::new();
    home.plugin("lib/aludel", "toy");
    let answer = json(&home.run(&["--dev", "doctor", "--json"]));
    assert_eq!(answer["aludel"], aludel::VERSION);
    assert_eq!(answer["abi"], json!([aludel::abi::ABI_MAJOR, aludel::abi::ABI_MINOR]));
    assert!(answer["target"].as_str().unwrap().contains(std::env::consts::ARCH));
    assert_eq!(answer["program"], "ROOT/bin/aludel");
    assert_eq!((&answer["can_load"], &answer["policy"]), (&json!(true), &json!("development")));
    assert_eq!(
        answer["environment"],
        json!({
            "ALUDEL_PLUGIN_PATH": null, "ALUDEL_PLUGIN_POLICY": null, "ALUDEL_PLUGIN_TRACE": null,
        })
    );
    assert_eq!(answer["plugins"][0]["path"], "ROOT/lib/aludel/libaludel_toy.so");
    assert_eq!((&answer["ambiguous"], &answer["problems"]), (&json!([]), &json!([])));
    assert_eq!(answer["places"][0]["level"], "api");
}

#[test]
fn an_environment_that_cannot_be_understood_is_one_problem_among_others() {
    let home = Home::new();
    home.write(&format!("data/aludel/plugins/{}", file_name("text")), b"no library");
    let mut program = home.program(&["doctor", "--json"]);
    program.env("ALUDEL_PLUGIN_PATH", "lib").env("ALUDEL_PLUGIN_POLICY", "loose");
    let ran = home.finish(program);
    assert_eq!(ran.code, Some(1));
    let answer = json(&ran);
    let problems = answer["problems"].as_array().unwrap();
    let codes: Vec<_> = problems.iter().map(|problem| problem["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["P23", "P12", "P06"]);
    assert!(problems.iter().all(|problem| problem["help"].is_string()), "{problems:?}");
    assert_eq!(answer["environment"]["ALUDEL_PLUGIN_PATH"], "lib");
}
