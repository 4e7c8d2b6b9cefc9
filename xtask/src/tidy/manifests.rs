//! Rules for Cargo.toml files: who may depend on whom, and that each dependency has a reason.

use super::manifest::{Dependency, Table, dependencies};
use super::violation::Violation;

const DIRECTION: &str = "dependency direction";
const REASON: &str = "dependency reason";

/// Checks one manifest.
pub(crate) fn check(path: &str, text: &str) -> Vec<Violation> {
    let all = dependencies(text);
    let mut violations = Vec::new();
    for dependency in &all {
        if let Some(message) = wrong_direction(path, dependency) {
            violations.push(Violation::new(path, dependency.line, DIRECTION, message));
        }
        // Packages of this workspace are not a choice that needs a reason.
        let ours = dependency.value.contains("path=");
        if path == "Cargo.toml"
            && dependency.table == Table::Workspace
            && !ours
            && !dependency.reasoned
        {
            let message =
                format!("say in a comment directly above why {} is used", dependency.package);
            violations.push(Violation::new(path, dependency.line, REASON, message));
        }
    }
    violations
}

/// Why `dependency` must not stand in the manifest at `path`, if it must not.
fn wrong_direction(path: &str, dependency: &Dependency) -> Option<String> {
    let package = dependency.package.as_str();
    if package == "xtask" {
        return Some("nothing depends on xtask".into());
    }
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        // Members inherit this, so the engine has to be asked for by name.
        ["Cargo.toml"] if package == "aludel" => interface_alone(dependency),
        ["core", "Cargo.toml"] => {
            let wrong = package.starts_with("aludel-") && package != "aludel-derive";
            let wrong = wrong && dependency.table == Table::Normal;
            wrong.then(|| format!("core stands below {package}"))
        }
        ["dialects", name, "Cargo.toml"] => dialect(name, dependency),
        ["plugins", name, "Cargo.toml"] if dependency.table == Table::Normal => {
            let allowed = package == "aludel" || package == format!("aludel-dialect-{name}");
            let message = format!("a plugin depends on aludel and its dialect, not on {package}");
            if allowed { interface_alone(dependency) } else { Some(message) }
        }
        _ => None,
    }
}

fn dialect(name: &str, dependency: &Dependency) -> Option<String> {
    let package = dependency.package.as_str();
    let other_dialect = package.starts_with("aludel-dialect-");
    let foreign = package.starts_with("aludel-") && dependency.table == Table::Normal;
    if other_dialect || foreign {
        return Some(format!("the dialect {name} sees aludel alone, not {package}"));
    }
    (dependency.table == Table::Normal).then(|| interface_alone(dependency)).flatten()
}

/// Dialects and plugins see the interface of aludel, not its engine.
fn interface_alone(dependency: &Dependency) -> Option<String> {
    if dependency.package != "aludel" {
        return None;
    }
    let inherits = dependency.says("workspace", "true");
    let bare = dependency.says("default-features", "false") || inherits;
    let engine =
        dependency.value.contains("\"engine\"") || dependency.value.contains("\"default\"");
    let widened = dependency.says("default-features", "true") || engine;
    (!bare || widened).then(|| "aludel comes with default-features = false, without engine".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(path: &str, text: &str) -> Vec<String> {
        check(path, text).into_iter().map(|violation| violation.message).collect()
    }

    fn clean(path: &str, text: &str) {
        assert_eq!(messages(path, text), Vec::<String>::new(), "{path}");
    }

    #[test]
    fn a_dialect_sees_the_interface_of_aludel_alone() {
        let path = "dialects/sqlite/Cargo.toml";
        clean(path, "[dependencies]\naludel.workspace = true\nrusqlite.workspace = true\n");
        clean(
            path,
            "[dependencies]\naludel = { path = \"../../core\", default-features = false }\n",
        );
        clean(path, "[dev-dependencies]\naludel-conformance.workspace = true\n");
        for wrong in [
            "[dependencies]\naludel-dialect-mysql.workspace = true\n",
            "[dev-dependencies]\naludel-dialect-mysql.workspace = true\n",
            "[dependencies]\naludel = \"0.1\"\n",
            "[dependencies]\naludel = { workspace = true, features = [\"engine\"] }\n",
            "[dependencies]\naludel = { workspace = true, default-features = true }\n",
        ] {
            assert_eq!(messages(path, wrong).len(), 1, "{wrong}");
        }
    }

    #[test]
    fn a_plugin_sees_aludel_and_its_dialect() {
        let path = "plugins/sqlite/Cargo.toml";
        let text =
            "[dependencies]\naludel.workspace = true\naludel-dialect-sqlite.workspace = true\n";
        clean(path, text);
        clean(path, "[lib]\ncrate-type = [\"cdylib\", \"rlib\"]\n");
        assert_eq!(messages(path, "[dependencies]\nrusqlite.workspace = true\n").len(), 1);
        assert_eq!(
            messages(path, "[dependencies]\naludel-dialect-odbc.workspace = true\n").len(),
            1
        );
    }

    #[test]
    fn core_and_xtask_stand_at_the_ends() {
        assert_eq!(messages("core/Cargo.toml", "[dependencies]\naludel-cli = \"1\"\n").len(), 1);
        clean("core/Cargo.toml", "[dependencies]\nlibloading.workspace = true\n");
        assert_eq!(
            messages("cli/Cargo.toml", "[dev-dependencies]\nxtask = { path = \"x\" }\n").len(),
            1
        );
    }

    #[test]
    fn a_workspace_dependency_has_its_reason_directly_above() {
        clean("Cargo.toml", "[workspace.dependencies]\n# Quoting rules.\ncsv = \"1.4\"\n");
        let text =
            "[workspace.dependencies]\naludel = { path = \"core\", default-features = false }\n";
        clean("Cargo.toml", text);
        let text = "[workspace.dependencies]\naludel = { path = \"core\" }\n";
        assert_eq!(messages("Cargo.toml", text).len(), 1);
        let text = "[workspace.dependencies]\n# A reason.\n\ncsv = \"1.4\"\n";
        assert_eq!(
            messages("Cargo.toml", text),
            ["say in a comment directly above why csv is used"]
        );
        let text = "[workspace.dependencies]\n# A reason.\ncsv = \"1.4\"\nstrsim = \"1\"\n";
        assert_eq!(messages("Cargo.toml", text).len(), 1);
    }
}
