//! The programs of `programs/`, written beside the copy of the repository.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::succeed;
use crate::workshop::{Workshop, write};

/// The packages that the manifests of the programs name, and their folders in the repository.
const PACKAGES: [(&str, &str); 3] = [
    ("aludel", "core"),
    ("aludel-sqlite", "plugins/sqlite"),
    ("aludel-dialect-sqlite", "dialects/sqlite"),
];

/// How a program depends on aludel.
#[derive(Clone, Copy)]
pub(crate) enum Dependency<'a> {
    /// On the folders of the copy.
    Path,
    /// On this commit of the copy.
    Git(&'a str),
}

/// A program that is written and ready to be built.
pub(crate) struct Program<'a> {
    workshop: &'a Workshop,
    folder: PathBuf,
}

impl<'a> Program<'a> {
    /// Writes the program of this name; each kind of dependency has a folder of its own.
    pub(crate) fn write(workshop: &'a Workshop, name: &str, dependency: Dependency<'_>) -> Self {
        let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("programs").join(name);
        let (kind, is_git) = match dependency {
            Dependency::Path => ("path", false),
            Dependency::Git(_) => ("git", true),
        };
        let folder = workshop.path("programs").join(kind).join(name);
        copy(&template, &folder, &|manifest| fill_in(manifest, workshop, dependency));
        // Registry packages stay at the versions that the workspace has fetched.
        let lock = fs::read_to_string(workshop.source.path().join("Cargo.lock"));
        write(&folder.join("Cargo.lock"), &lock.expect("the repository has a Cargo.lock"));
        let program = Program { workshop, folder };
        if is_git {
            succeed(workshop.cargo_online(&program.folder).arg("fetch"));
        }
        program
    }

    /// Cargo in the program's folder.
    pub(crate) fn cargo(&self) -> Command {
        self.workshop.cargo(&self.folder, &self.workshop.target_of_programs())
    }

    /// What the program writes under `cargo run`.
    pub(crate) fn run(&self) -> String {
        succeed(self.cargo().args(["run", "--quiet"]))
    }

    /// What its tests write under `cargo test`.
    pub(crate) fn test(&self) -> String {
        succeed(self.cargo().args(["test", "--quiet", "--", "--nocapture"]))
    }
}

fn copy(template: &Path, folder: &Path, fill_in: &dyn Fn(&str) -> String) {
    for entry in fs::read_dir(template).expect("the program is there").flatten() {
        let (from, to) = (entry.path(), folder.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to, fill_in);
            continue;
        }
        let text = fs::read_to_string(&from).expect("programs are text");
        let is_manifest = from.file_name().is_some_and(|name| name == "Cargo.toml");
        write(&to, &if is_manifest { fill_in(&text) } else { text });
    }
}

/// Puts what the packages are into their places, which are written as `"{name}"`.
fn fill_in(manifest: &str, workshop: &Workshop, dependency: Dependency<'_>) -> String {
    let source = workshop.source.path().display();
    PACKAGES.iter().fold(manifest.to_owned(), |text, (package, folder)| {
        let value = match dependency {
            Dependency::Path => format!("{{ path = \"{source}/{folder}\" }}"),
            Dependency::Git(revision) => {
                format!("{{ git = \"file://{source}\", rev = \"{revision}\" }}")
            }
        };
        text.replace(&format!("\"{{{package}}}\""), &value)
    })
}
