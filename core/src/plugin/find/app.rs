//! The places beside the program, also where cargo has built it.

use std::path::Path;

use super::levels::{Place, PlaceKind, Places};

/// What cargo keeps beside `deps` in the directory of a profile.
const CARGO_MARKS: [&str; 2] = [".fingerprint", ".cargo-lock"];

/// The places of the level app for the program of this path.
pub(in crate::plugin) fn places(program: Option<&Path>) -> Places {
    let Some((program, dir)) = program.and_then(|program| Some((program, program.parent()?)))
    else {
        return Places::Left("the program's path is unknown");
    };
    let mut places = Vec::new();
    if let Some(output) = cargo_output(dir) {
        // A dependency's cdylib is written to `deps` only; what lies above is a copy that an
        // earlier `cargo build` of that package has made.
        places.push(Place {
            kind: PlaceKind::CargoDeps,
            program: Some(program.to_owned()),
            ..Place::plain(&output.join("deps"))
        });
        places.push(Place { kind: PlaceKind::CargoOutput, ..Place::plain(output) });
    }
    if let Some(above) = dir.parent() {
        places.push(Place::plain(&above.join("lib").join("aludel")));
    }
    places.push(Place::plain(&dir.join("plugins")));
    Places::Searched(places)
}

/// The directory of cargo's profile in which a program of this directory was built.
fn cargo_output(dir: &Path) -> Option<&Path> {
    let is_below = dir.file_name().is_some_and(|name| name == "deps" || name == "examples");
    let output = if is_below { dir.parent()? } else { dir };
    CARGO_MARKS.iter().any(|mark| output.join(mark).exists()).then_some(output)
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::places;
    use crate::plugin::find::levels::Places;

    fn dirs(program: &Path) -> Vec<PathBuf> {
        match places(Some(program)) {
            Places::Searched(places) => places.into_iter().map(|place| place.dir).collect(),
            Places::Left(why) => panic!("{why}"),
        }
    }

    #[test]
    fn an_installed_program_has_two_places() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        assert_eq!(
            dirs(&root.join("bin/app")),
            [root.join("lib/aludel"), root.join("bin/plugins")]
        );
    }

    #[test]
    fn what_cargo_built_finds_deps_first_wherever_the_program_lies() {
        let root = tempfile::tempdir().unwrap();
        let output = root.path().join("target/debug");
        std::fs::create_dir_all(output.join(".fingerprint")).unwrap();
        for program in ["app", "deps/test-0123456789abcdef", "examples/example"] {
            let found = dirs(&output.join(program));
            assert_eq!(found[..2], [output.join("deps"), output.clone()], "{program}");
        }
    }

    #[test]
    fn a_directory_that_only_looks_like_cargos_is_not_searched() {
        let root = tempfile::tempdir().unwrap();
        let deps = root.path().join("deps");
        std::fs::create_dir(&deps).unwrap();
        let found = dirs(&deps.join("app"));
        assert_eq!(found, [root.path().join("lib/aludel"), deps.join("plugins")]);
    }
}
