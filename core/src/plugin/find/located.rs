//! Files and directories that are given by their path, and the level that they belong to.

use std::path::Path;

use super::levels::{Level, Place, Places, levels};
use super::resolve::Plan;
use super::scan::{file_name, name_of};
use super::search::Search;
use crate::error::Result;
use crate::plugin::error;

/// A plan for a file that is given by its path, absolute or not: at the level of the directory that
/// it lies in, so that the rules are those that hold when it is searched for; at level
/// [`Api`](Level::Api) where no search looks.
///
/// # Errors
/// Code [`BAD_PATH`](crate::plugin::code::BAD_PATH) when the file is not called as plugins are, or a
/// search path is not absolute.
pub fn plan_of_file(file: &Path, search: &Search) -> Result<Plan> {
    let path = std::path::absolute(file).map_err(|fault| {
        error::unreadable(file, fault).with_help("give the file from the root on")
    })?;
    let level = match path.parent() {
        Some(dir) => level_of(dir, search)?,
        None => None,
    };
    let name = path.file_name().and_then(|file| file.to_str()).and_then(|file| name_of(file, true));
    match name.map(str::to_owned) {
        Some(name) => Ok(Plan::new(path, level.unwrap_or(Level::Api), name, None, search)),
        None => Err(error::bad_path(
            format!("{} is not called as plugins are", path.display()),
            &format!("a plugin is called {}", file_name("<dialect>")),
        )),
    }
}

/// The first level that searches this directory, by whatever path.
pub(in crate::plugin) fn level_of(dir: &Path, search: &Search) -> Result<Option<Level>> {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let wanted = real(dir);
    let is_wanted = |place: &Place| place.dir == dir || real(&place.dir) == wanted;
    let found = levels(search)?.into_iter().find(|(_, places)| match places {
        Places::Searched(places) => places.iter().any(is_wanted),
        Places::Left(_) => false,
    });
    Ok(found.map(|(level, _)| level))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::plan_of_file;
    use crate::plugin::{Environment, Level, Search, sample};

    #[test]
    fn a_file_has_the_level_of_its_directory() {
        let dir = tempfile::tempdir().unwrap();
        let path = sample::write(&dir.path().join("user"), "toy", &sample::note("toy", &[]));
        std::os::unix::fs::symlink(dir.path().join("user"), dir.path().join("link")).unwrap();
        let user_dir = Some(dir.path().join("user"));
        let search =
            Search::new().with_environment(Environment { user_dir, ..Environment::empty() });
        let plan = plan_of_file(&path, &search).unwrap();
        assert_eq!((plan.level(), plan.name(), plan.wanted()), (Level::User, "toy", "toy"));
        let linked = dir.path().join("link/libaludel_toy.so");
        assert_eq!(plan_of_file(&linked, &search).unwrap().level(), Level::User);
        let elsewhere = dir.path().join("libaludel_toy.so");
        assert_eq!(plan_of_file(&elsewhere, &search).unwrap().level(), Level::Api);
    }

    #[test]
    fn a_relative_path_is_completed_and_another_name_refused() {
        let search = Search::new().with_environment(Environment::empty());
        let plan = plan_of_file("libaludel_toy.so".as_ref(), &search).unwrap();
        assert!(plan.path().is_absolute());
        let error = plan_of_file("download.so".as_ref(), &search).unwrap_err();
        assert_eq!(error.code(), Some("P12"));
    }
}
