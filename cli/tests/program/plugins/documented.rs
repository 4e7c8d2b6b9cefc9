//! The JSON that `docs/plugins.md` shows has the members of the JSON that is printed.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value};

use super::home::{Home, json};

/// The JSON examples of the document, each by the heading above it.
fn examples() -> BTreeMap<String, Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/plugins.md");
    let text = fs::read_to_string(path).unwrap();
    let (mut examples, mut heading) = (BTreeMap::new(), String::new());
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(title) = line.strip_prefix('#') {
            heading = title.trim_start_matches('#').trim().to_owned();
        }
        if line == "```json" {
            let block: String = lines.by_ref().take_while(|line| *line != "```").collect();
            examples.insert(heading.clone(), block.parse().unwrap());
        }
    }
    examples
}

fn names(value: &Value) -> Vec<&String> {
    value.as_object().map(Map::keys).into_iter().flatten().collect()
}

/// Compares the members of two objects, and those of the first of each list in them.
#[track_caller]
fn assert_alike(shown: &Value, printed: &Value, at: &str) {
    assert_eq!(names(shown), names(printed), "{at}");
    for name in names(shown) {
        // A note is the plugin's own.
        if name == "note" || name == "notes" {
            continue;
        }
        let (shown, printed) = (&shown[name], &printed[name]);
        if let (Some(shown), Some(printed)) = (shown.get(0), printed.get(0)) {
            assert_alike(shown, printed, &format!("{at}.{name}[0]"));
        }
        if shown.is_object() && printed.is_object() {
            assert_alike(shown, printed, &format!("{at}.{name}"));
        }
    }
}

#[test]
fn every_example_has_the_members_that_are_printed() {
    let home = Home::new();
    home.plugin("lib/aludel", "sqlite");
    home.plugin("bin/plugins", "sqlite");
    let toy = home.plugin("env", "toy");
    let toy = toy.to_str().unwrap();
    let run = |arguments: &[&str]| json(&home.run_with_path("env", arguments));
    run(&["plugins", "install", "--json", toy]);
    let printed = [
        ("plugins install", run(&["plugins", "install", "--json", toy])),
        ("plugins", run(&["plugins", "--json"])),
        ("doctor", run(&["doctor", "--json"])),
        ("JSON", run(&["which", "--json", "oracle://app:secret@db1/orders"])),
    ];
    fs::remove_dir_all(home.path("bin/plugins")).unwrap();
    let alone = [
        ("info", run(&["info", "--json", "sqlite"])),
        ("which", run(&["which", "--json", "sqlite3://"])),
        ("verify", run(&["verify", "--json", "sqlite"])),
    ];
    let examples = examples();
    assert_eq!(examples.len(), printed.len() + alone.len());
    for (heading, printed) in printed.into_iter().chain(alone) {
        assert_alike(&examples[heading], &printed, heading);
    }
    // What the examples hold is there, so that it was compared.
    let plugins = &run(&["plugins", "--json"])["plugins"];
    assert!(plugins.as_array().unwrap().iter().any(|plugin| plugin["shadowed_by"].is_object()));
}
