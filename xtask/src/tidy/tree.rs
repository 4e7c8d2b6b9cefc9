//! The texts of the repository.

use std::collections::BTreeSet;
use std::path::Path;
use std::{fs, io};

/// Folders that hold what git and cargo make.
const SKIPPED: [&str; 2] = ["target", ".git"];

/// Every text file, and every path for which a link may stand.
pub(crate) struct Tree {
    /// Path from the root with `/`, and text.
    pub(crate) files: Vec<(String, String)>,
    paths: BTreeSet<String>,
}

impl Tree {
    /// Reads the folder `root`; files that are not UTF-8 are no texts, but can be linked to.
    pub(crate) fn read(root: &Path) -> io::Result<Self> {
        let mut tree = Self { files: Vec::new(), paths: BTreeSet::new() };
        tree.paths.insert(String::new());
        tree.walk(root, "")?;
        tree.files.sort();
        Ok(tree)
    }

    /// Whether a file or folder has this path.
    pub(crate) fn contains(&self, path: &str) -> bool {
        self.paths.contains(path)
    }

    fn walk(&mut self, folder: &Path, prefix: &str) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            if SKIPPED.contains(&name.as_str()) {
                continue;
            }
            let path = format!("{prefix}{name}");
            let kind = entry.file_type()?;
            self.paths.insert(path.clone());
            if kind.is_dir() {
                self.walk(&entry.path(), &format!("{path}/"))?;
            } else if kind.is_file()
                && let Ok(text) = String::from_utf8(fs::read(entry.path())?)
            {
                self.files.push((path, text));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_crate_is_in_the_tree_of_its_own_folder() {
        let tree = Tree::read(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("readable");
        assert!(tree.contains("src/tidy"));
        assert!(
            tree.files.iter().any(|(path, text)| path == "Cargo.toml" && text.contains("xtask"))
        );
    }
}
