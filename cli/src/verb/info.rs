//! `aludel info`: what a dialect says of itself.

use std::ffi::OsStr;
use std::path::Path;

use aludel::Result;
use aludel::plugin::{Level, Note, NoteLibrary, NoteOption, Resolved, Search, resolve};
use serde_json::{Value, json};

use super::subject::Subject;
use crate::answer::Answer;
use crate::columns::aligned;
use crate::escape::escaped;
use crate::path;

pub(super) fn answer(subject: &OsStr, search: &Search) -> Result<Answer> {
    Ok(match Subject::of(subject)? {
        Subject::File(file) => described(&Note::read(&file)?, None, Some(&file)),
        Subject::Url(url) | Subject::Name(url) => match resolve(&url, search)? {
            Resolved::Static(dialect) => {
                described(&Note::of_linked(dialect)?, Some(Level::Static), None)
            }
            Resolved::File(plan) => {
                described(&Note::read(plan.path())?, Some(plan.level()), Some(plan.path()))
            }
        },
    })
}

fn described(note: &Note, level: Option<Level>, file: Option<&Path>) -> Answer {
    Answer::new(text(note, level, file), json(note, level, file))
}

fn text(note: &Note, level: Option<Level>, file: Option<&Path>) -> String {
    let mut lines = vec![format!("{} {}", note.name, note.version)];
    if !note.description.is_empty() {
        lines.push(format!("  {}", note.description));
    }
    let place = match (file, level) {
        (Some(file), Some(level)) => format!("{} (level {level})", file.display()),
        (Some(file), None) => file.display().to_string(),
        (None, _) => "linked into this program".to_owned(),
    };
    let (major, minor) = note.abi;
    let port = if note.default_port == 0 { String::new() } else { note.default_port.to_string() };
    let requires: Vec<String> = note.requires.iter().map(library).collect();
    let schemes: Vec<&str> = note.schemes().collect();
    let facts = [
        ("file", place),
        ("schemes", schemes.join(", ")),
        ("drivers", note.drivers.join(", ")),
        ("default port", port),
        ("abi", format!("{major}.{minor}, layout {:016x}", note.layout)),
        ("target", note.target.clone()),
        ("rustc", note.rustc.clone()),
        ("panic", note.panic.clone()),
        ("threading", note.threading.name().to_owned()),
        ("requires", requires.join(", ")),
        ("license", note.license.clone()),
        ("homepage", note.homepage.clone()),
        ("capabilities", note.capabilities.join(", ")),
    ];
    let known = facts.into_iter().filter(|(_, fact)| !fact.is_empty());
    let rows: Vec<Vec<String>> =
        known.map(|(name, fact)| vec![format!("  {name}"), escaped(&fact).into_owned()]).collect();
    let mut lines: Vec<String> = lines.iter().map(|line| escaped(line).into_owned()).collect();
    lines.extend(aligned(&rows));
    if !note.options.is_empty() {
        lines.push("  options".to_owned());
        lines.extend(note.options.iter().flat_map(option));
    }
    lines.join("\n") + "\n"
}

/// A library and the packages that bring it.
fn library(library: &NoteLibrary) -> String {
    let packages = [("apt", &library.debian), ("dnf", &library.fedora), ("brew", &library.brew)];
    let packages: Vec<String> = packages
        .iter()
        .filter(|(_, package)| !package.is_empty())
        .map(|(tool, package)| format!("{tool}: {package}"))
        .collect();
    match packages.is_empty() {
        true => library.soname.clone(),
        false => format!("{} ({})", library.soname, packages.join(", ")),
    }
}

/// Name and default, what it takes and how, and its documentation on a line of its own.
fn option(option: &NoteOption) -> Vec<String> {
    let default = match option.default.is_empty() {
        true => String::new(),
        false => format!("={}", option.default),
    };
    let kind = match option.values.is_empty() {
        true => option.kind.clone(),
        false => option.values.join("|"),
    };
    let marks = [
        (option.class.name() != "plain", option.class.name()),
        (option.secret, "secret"),
        (option.repeatable, "repeatable"),
    ];
    let marks = marks.into_iter().filter(|(is_set, _)| *is_set);
    let marks: String = marks.map(|(_, mark)| format!(", {mark}")).collect();
    let first = escaped(&format!("    {}{default} ({kind}{marks})", option.name)).into_owned();
    match option.doc.is_empty() {
        true => vec![first],
        false => vec![first, format!("      {}", escaped(&option.doc))],
    }
}

fn json(note: &Note, level: Option<Level>, file: Option<&Path>) -> Value {
    let mut answer = path::object("path", file);
    let options = note.options.iter().map(|option| {
        json!({
            "name": option.name, "type": option.kind, "values": option.values,
            "default": option.default, "doc": option.doc, "secret": option.secret,
            "repeatable": option.repeatable, "class": option.class.name(),
        })
    });
    let requires = note.requires.iter().map(|library| {
        json!({
            "soname": library.soname, "debian": library.debian, "fedora": library.fedora,
            "brew": library.brew,
        })
    });
    let members = [
        ("level", json!(level.map(Level::name))),
        ("name", json!(note.name)),
        ("version", json!(note.version)),
        ("description", json!(note.description)),
        ("schemes", note.schemes().collect()),
        ("drivers", json!(note.drivers)),
        ("default_port", json!(note.default_port)),
        ("abi", json!([note.abi.0, note.abi.1])),
        ("layout", json!(format!("{:016x}", note.layout))),
        ("target", json!(note.target)),
        ("rustc", json!(note.rustc)),
        ("panic", json!(note.panic)),
        ("threading", json!(note.threading.name())),
        ("capabilities", json!(note.capabilities)),
        ("options", options.collect()),
        ("requires", requires.collect()),
        ("license", json!(note.license)),
        ("homepage", json!(note.homepage)),
        // The note was parsed before, so that it is JSON.
        ("note", serde_json::from_str(&note.text).unwrap_or_default()),
    ];
    answer.extend(members.map(|(name, value)| (name.to_owned(), value)));
    answer.into()
}
