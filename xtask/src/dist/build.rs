//! Builds the program and all plugins, and learns from cargo which files came of it.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The package of the program.
const PROGRAM: &str = "aludel-cli";

/// What cargo has built.
pub(crate) struct Built {
    /// The version of the program.
    pub(crate) version: String,
    pub(crate) target_directory: PathBuf,
    pub(crate) program: PathBuf,
    /// In the order of their packages' folders.
    pub(crate) plugins: Vec<PathBuf>,
}

/// A package of the workspace.
struct Package {
    name: String,
    version: String,
    id: String,
    folder: PathBuf,
}

/// Builds in this profile.
pub(crate) fn build(root: &Path, profile: &str) -> Result<Built, String> {
    let metadata = cargo(root, &["metadata", "--format-version", "1", "--no-deps"])?;
    let metadata = serde_json::from_str(&metadata)
        .map_err(|fault| format!("the answer of `cargo metadata` is no JSON: {fault}"))?;
    let packages = packages(&metadata)?;
    let program = packages.iter().find(|package| package.name == PROGRAM);
    let program = program.ok_or_else(|| format!("there is no package {PROGRAM}"))?;
    let folder = root.join("plugins");
    let mut plugins: Vec<&Package> =
        packages.iter().filter(|package| package.folder.parent() == Some(&folder)).collect();
    plugins.sort_by_key(|package| &package.folder);

    let mut arguments = vec!["build", "--locked", "--profile", profile];
    arguments.extend(["--message-format", "json-render-diagnostics", "-p", PROGRAM]);
    arguments.extend(plugins.iter().flat_map(|plugin| ["-p", &plugin.name]));
    let messages = cargo(root, &arguments)?;
    let files = |package: &Package, kind| {
        file(&messages, &package.id, kind)
            .ok_or_else(|| format!("cargo names no {kind} of package {}", package.name))
    };
    Ok(Built {
        version: program.version.clone(),
        target_directory: text(&metadata, "target_directory")?.into(),
        program: files(program, "bin")?,
        plugins: plugins.iter().map(|plugin| files(plugin, "cdylib")).collect::<Result<_, _>>()?,
    })
}

/// Runs cargo and returns what it writes to standard output; the rest is shown.
fn cargo(root: &Path, arguments: &[&str]) -> Result<String, String> {
    let line = arguments.join(" ");
    println!("cargo {line}");
    let mut command = Command::new("cargo");
    command.args(arguments).current_dir(root).stdin(Stdio::null()).stderr(Stdio::inherit());
    let output = command.output().map_err(|fault| format!("cannot start cargo: {fault}"))?;
    if !output.status.success() {
        return Err(format!("`cargo {line}` ended with {}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("`cargo {line}` wrote no UTF-8"))
}

fn text<'a>(value: &'a Value, key: &str) -> Result<&'a str, String> {
    value[key].as_str().ok_or_else(|| format!("`cargo metadata` names no {key}"))
}

fn packages(metadata: &Value) -> Result<Vec<Package>, String> {
    let packages = metadata["packages"].as_array().ok_or("`cargo metadata` names no packages")?;
    let read = |package: &Value| {
        let manifest = Path::new(text(package, "manifest_path")?);
        Ok(Package {
            name: text(package, "name")?.into(),
            version: text(package, "version")?.into(),
            id: text(package, "id")?.into(),
            folder: manifest.parent().unwrap_or(manifest).into(),
        })
    };
    packages.iter().map(read).collect()
}

/// The file of this kind that cargo's messages name for a package: what this build has made or
/// found to be right, whatever else lies in the target directory.
fn file(messages: &str, package: &str, kind: &str) -> Option<PathBuf> {
    let artifacts = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    artifacts.filter(|message| message["package_id"] == package).find_map(|message| {
        if kind == "bin" {
            return Some(message["executable"].as_str()?.into());
        }
        let kinds = message["target"]["crate_types"].as_array()?;
        let is_library = kinds.iter().any(|other| other == kind);
        let files = message["filenames"].as_array().filter(|_| is_library)?;
        let mut files = files.iter().filter_map(Value::as_str);
        files.find(|file| file.ends_with(std::env::consts::DLL_SUFFIX)).map(PathBuf::from)
    })
}

#[cfg(test)]
mod tests {
    use super::file;
    use std::env::consts::DLL_SUFFIX;
    use std::path::Path;

    #[test]
    fn files_are_those_that_cargo_names_for_the_package() {
        let messages = format!(
            "{}\n{}\n{}\nno JSON\n{}\n",
            r#"{"reason":"compiler-artifact","package_id":"other","executable":"/t/wrong","target":{"crate_types":["bin"]},"filenames":["/t/wrong"]}"#,
            r#"{"reason":"compiler-artifact","package_id":"cli","executable":null,"target":{"crate_types":["bin"]},"filenames":["/t/build-script"]}"#,
            r#"{"reason":"compiler-artifact","package_id":"cli","executable":"/t/aludel","target":{"crate_types":["bin"]},"filenames":["/t/aludel"]}"#,
            format_args!(
                r#"{{"package_id":"toy","executable":null,"target":{{"crate_types":["cdylib","rlib"]}},"filenames":["/t/libtoy.rlib","/t/libtoy{DLL_SUFFIX}"]}}"#
            ),
        );
        assert_eq!(file(&messages, "cli", "bin").as_deref(), Some(Path::new("/t/aludel")));
        let library = format!("/t/libtoy{DLL_SUFFIX}");
        assert_eq!(file(&messages, "toy", "cdylib").as_deref(), Some(Path::new(&library)));
        assert_eq!(file(&messages, "cli", "cdylib"), None);
        assert_eq!(file(&messages, "nobody", "bin"), None);
    }
}
