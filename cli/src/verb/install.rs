//! `aludel plugins install`: a plugin file is checked and copied to where programs find it.

use std::path::Path;

use aludel::Result;
use aludel::plugin::{Destination, Installed, Level, Policy, Search, Shadow, install};
use serde_json::{Value, json};

use super::{listing, subject};
use crate::answer::Answer;
use crate::escape::escaped;
use crate::path;

pub(super) fn answer(
    file: &Path,
    destination: &Destination,
    search: &Search,
    policy: &Policy,
) -> Result<Answer> {
    let file = subject::file(file)?;
    let installed = install(&file, destination, search, policy)?;
    let warnings = warnings(&installed);
    Ok(Answer { warnings, ..Answer::new(text(&installed), json(&installed)) })
}

fn text(installed: &Installed) -> String {
    let note = &installed.note;
    let replaced = match &installed.replaced {
        None => String::new(),
        Some(old) => match &old.version {
            Some(version) => format!("  replaced: version {}\n", escaped(version)),
            None => "  replaced: a file that was no plugin\n".to_owned(),
        },
    };
    let level = installed.level.map_or_else(String::new, |level| format!(" (level {level})"));
    format!(
        "installed {} {}\n  file: {}{level}\n{replaced}",
        note.name,
        escaped(&note.version),
        path::text(&installed.path)
    )
}

fn warnings(installed: &Installed) -> Vec<String> {
    let mut warnings = installed.warnings.clone();
    warnings.extend(installed.shadowed.iter().map(|(scheme, shadow)| {
        format!("`{scheme}://` does not lead to it: {} comes first", listing::shadow(shadow))
    }));
    if installed.level.is_none() {
        let dir = installed.path.parent().unwrap_or(&installed.path);
        warnings.push(format!(
            "{} is not searched: add it to ALUDEL_PLUGIN_PATH, or name it in the program",
            dir.display()
        ));
    }
    warnings
}

fn json(installed: &Installed) -> Value {
    let mut answer = path::object("path", Some(&installed.path));
    let replaced = installed.replaced.as_ref().map(|old| json!({"version": old.version}));
    let shadowed = installed.shadowed.iter().map(|(scheme, Shadow { level, path, .. })| {
        let mut object = path::object("path", path.as_deref());
        object.insert("level".into(), level.name().into());
        object.insert("scheme".into(), scheme.as_str().into());
        Value::from(object)
    });
    let members = [
        ("name", json!(installed.note.name)),
        ("version", json!(installed.note.version)),
        ("level", json!(installed.level.map(Level::name))),
        ("replaced", json!(replaced)),
        ("shadowed", shadowed.collect()),
        ("warnings", json!(installed.warnings)),
    ];
    answer.extend(members.map(|(name, value)| (name.to_owned(), value)));
    answer.into()
}
