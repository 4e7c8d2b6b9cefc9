//! The plugins of one directory: file names that fit, and the note of each file.
//!
//! In cargo's `deps` a name may be followed by a hash, and builds of several configurations lie
//! side by side; one of each name is left.

use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::cargo_build;
use super::levels::{Place, PlaceKind};
use super::scheme::is_name;
use crate::error::Result;
use crate::plugin::error;
use crate::plugin::file::identity::{self, FileId, Stamp};
use crate::plugin::file::note;
use crate::plugin::file::note_json::{self, Head};

const HASH_LEN: usize = 16;

/// A file whose name is that of a plugin.
#[derive(Debug)]
pub(in crate::plugin) struct Candidate {
    pub(in crate::plugin) path: PathBuf,
    /// The name in the file's name.
    pub(in crate::plugin) name: String,
    /// What its note says, or why the file is no plugin for this program.
    pub(in crate::plugin) content: Result<Content>,
}

/// What a candidate says of itself.
#[derive(Debug)]
pub(in crate::plugin) struct Content {
    pub(in crate::plugin) id: FileId,
    pub(in crate::plugin) head: Head,
    /// The whole note.
    pub(in crate::plugin) note: Vec<u8>,
}

impl Candidate {
    /// True when the file's name or its note claims this scheme.
    pub(in crate::plugin) fn claims(&self, scheme: &str) -> bool {
        let declares = |content: &Content| content.head.declares(scheme);
        self.name == scheme || self.content.as_ref().is_ok_and(declares)
    }

    /// The schemes that the file's name and its note claim; its name may come twice.
    pub(in crate::plugin) fn schemes(&self) -> impl Iterator<Item = &str> {
        let heads = self.content.iter().map(|content| &content.head);
        let declared = heads.flat_map(|head| std::iter::once(&head.name).chain(&head.aliases));
        std::iter::once(&self.name).chain(declared).map(String::as_str)
    }

    /// True when both paths lead to one file.
    pub(in crate::plugin) fn is_same_file(&self, other: &Candidate) -> bool {
        match (&self.content, &other.content) {
            (Ok(own), Ok(others)) => own.id == others.id,
            _ => false,
        }
    }

    fn in_words(&self) -> String {
        match &self.content {
            Ok(_) => self.name.clone(),
            Err(fault) => format!("{} ({})", self.name, fault.code().unwrap_or("broken")),
        }
    }
}

/// What a directory holds.
#[derive(Debug)]
pub(in crate::plugin) enum Holds {
    Candidates(Vec<Candidate>),
    Missing,
    Unreadable(std::io::Error),
}

impl Holds {
    pub(in crate::plugin) fn candidates(&self) -> &[Candidate] {
        match self {
            Holds::Candidates(candidates) => candidates,
            Holds::Missing | Holds::Unreadable(_) => &[],
        }
    }

    pub(in crate::plugin) fn into_candidates(self) -> Vec<Candidate> {
        match self {
            Holds::Candidates(candidates) => candidates,
            Holds::Missing | Holds::Unreadable(_) => Vec::new(),
        }
    }

    pub(in crate::plugin) fn has(&self, name: &str) -> bool {
        self.candidates().iter().any(|candidate| candidate.name == name)
    }

    /// For messages: the names, or why there are none.
    pub(in crate::plugin) fn in_words(&self) -> String {
        match self {
            Holds::Candidates(candidates) if candidates.is_empty() => "no plugins".into(),
            Holds::Candidates(candidates) => {
                let names: Vec<String> = candidates.iter().map(Candidate::in_words).collect();
                names.join(", ")
            }
            Holds::Missing => "does not exist".into(),
            Holds::Unreadable(why) => format!("cannot be read: {why}"),
        }
    }
}

/// The file name of the plugin of this name.
pub(in crate::plugin) fn file_name(name: &str) -> String {
    format!("{DLL_PREFIX}aludel_{name}{DLL_SUFFIX}")
}

/// The plugin's name in a file name; `hashed` admits cargo's hash after it.
pub(in crate::plugin) fn name_of(file: &str, hashed: bool) -> Option<&str> {
    let name = file.strip_prefix(DLL_PREFIX)?.strip_prefix("aludel_")?.strip_suffix(DLL_SUFFIX)?;
    let name = match split_hash(name) {
        Some((name, _)) if hashed => name,
        _ => name,
    };
    is_name(name).then_some(name)
}

/// A name in `deps` and cargo's hash behind it.
pub(super) fn split_hash(name: &str) -> Option<(&str, &str)> {
    let (name, hash) = name.rsplit_once('-')?;
    let is_hash = hash.len() == HASH_LEN && hash.bytes().all(|b| b.is_ascii_hexdigit());
    is_hash.then_some((name, hash))
}

/// Reads the notes of all plugins of a directory, in the order of their file names.
pub(in crate::plugin) fn scan(place: &Place) -> Holds {
    let candidates = match files(place) {
        Ok(files) => files.into_iter().map(read).collect(),
        Err(fault) if fault.kind() == ErrorKind::NotFound => return Holds::Missing,
        Err(fault) => return Holds::Unreadable(fault),
    };
    Holds::Candidates(match place.kind {
        PlaceKind::CargoDeps => {
            cargo_build::one_of_each_name(&place.dir, place.program.as_deref(), candidates)
        }
        PlaceKind::Plain | PlaceKind::CargoOutput => candidates,
    })
}

fn files(place: &Place) -> std::io::Result<Vec<(String, PathBuf)>> {
    let is_deps = place.kind == PlaceKind::CargoDeps;
    let mut files = Vec::new();
    for entry in std::fs::read_dir(&place.dir)? {
        let entry = entry?;
        let file = entry.file_name();
        if let Some(name) = file.to_str().and_then(|file| name_of(file, is_deps)) {
            files.push((name.to_owned(), entry.path()));
        }
    }
    files.sort();
    Ok(files)
}

fn read((name, path): (String, PathBuf)) -> Candidate {
    let content = read_content(&path);
    Candidate { path, name, content }
}

/// Reads the note of a file.
///
/// # Errors
/// Why the file is no plugin for this program.
pub(in crate::plugin) fn read_content(path: &Path) -> Result<Content> {
    let (file, metadata) = identity::open(path)?;
    let note = note::glance(&file, path).map_err(error::of_found_file)?;
    let head = note_json::head(&note)
        .map_err(|why| error::of_found_file(error::not_a_plugin(path, why)))?;
    Ok(Content { id: Stamp::new(path, &metadata).id().clone(), head, note })
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::fs;

    use super::{Holds, Place, name_of, scan};

    #[test]
    fn only_names_of_plugins_are_looked_at() {
        assert_eq!(name_of("libaludel_toy.so", false), Some("toy"));
        for file in ["aludel_toy.so", "libaludel_Toy.so", "libaludel_.so", "libaludel_toy.so.1"] {
            assert_eq!(name_of(file, true), None, "{file}");
        }
    }

    #[test]
    fn a_hash_counts_only_where_cargo_writes_it() {
        let file = "libaludel_toy-0123456789abcdef.so";
        assert_eq!(name_of(file, true), Some("toy"));
        assert_eq!(name_of(file, false), None);
        assert_eq!(name_of("libaludel_toy-0123.so", true), None);
    }

    #[test]
    fn a_pipe_does_not_stop_the_search() {
        let dir = tempfile::tempdir().unwrap();
        let made = std::process::Command::new("mkfifo")
            .arg(dir.path().join("libaludel_pipe.so"))
            .status()
            .unwrap();
        assert!(made.success());
        let Holds::Candidates(found) = scan(&Place::plain(dir.path())) else {
            panic!("it is there")
        };
        let error = found[0].content.as_ref().unwrap_err().to_string();
        assert!(error.contains("libaludel_pipe.so is no regular file"), "{error}");
    }

    #[test]
    fn a_missing_directory_is_no_error() {
        let dir = tempfile::tempdir().unwrap();
        assert!(matches!(scan(&Place::plain(&dir.path().join("x"))), Holds::Missing));
        fs::write(dir.path().join("file"), "").unwrap();
        assert!(matches!(scan(&Place::plain(&dir.path().join("file"))), Holds::Unreadable(_)));
    }
}
