//! The levels that are searched, and the places of each, in order.

use std::fmt;
use std::path::{Path, PathBuf};

use super::app;
use super::search::{Environment, Search};
use crate::error::Result;
use crate::plugin::error;

/// Where a dialect comes from, in the order in which it is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Registered in the program.
    Static,
    /// A directory that the program names.
    Api,
    /// A directory of the environment variable `ALUDEL_PLUGIN_PATH`.
    Env,
    /// Beside the program.
    App,
    /// The user's own plugins.
    User,
    /// The system's plugins.
    System,
}

impl Level {
    /// The name in messages.
    pub const fn name(self) -> &'static str {
        match self {
            Level::Static => "static",
            Level::Api => "api",
            Level::Env => "env",
            Level::App => "app",
            Level::User => "user",
            Level::System => "system",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A directory that may hold plugins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::plugin) struct Place {
    pub(in crate::plugin) dir: PathBuf,
    pub(in crate::plugin) kind: PlaceKind,
    /// The running program, where it decides which of several files of one name counts.
    pub(in crate::plugin) program: Option<PathBuf>,
}

/// How the files of a place are named and compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plugin) enum PlaceKind {
    /// Files with names of plugins.
    Plain,
    /// Cargo's `deps`: names may carry a hash, and the place hides those of the same name beside it.
    CargoDeps,
    /// The directory above cargo's `deps`, with copies that go stale.
    CargoOutput,
}

/// The places of a level, or why it has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::plugin) enum Places {
    Searched(Vec<Place>),
    /// A word or two for messages.
    Left(&'static str),
}

/// All levels with files, in order.
///
/// # Errors
/// `BAD_PATH` for empty and relative entries: they would mean the working directory.
pub(in crate::plugin) fn levels(search: &Search) -> Result<Vec<(Level, Places)>> {
    let environment = search.environment();
    Ok(vec![
        (Level::Api, api(search.paths())?),
        (Level::Env, env(environment)?),
        (Level::App, beside_program(environment)),
        (Level::User, user(environment)),
        (Level::System, searched(&environment.system_dirs)),
    ])
}

/// The places beside the program that are not the system's: of a program in `/usr/bin`,
/// `../lib/aludel` is one of those, with its stricter rule.
fn beside_program(environment: &Environment) -> Places {
    let real = |dir: &Path| dir.canonicalize().unwrap_or_else(|_| dir.to_owned());
    match app::places(environment.program.as_deref()) {
        Places::Searched(mut places) => {
            let of_system: Vec<PathBuf> =
                environment.system_dirs.iter().map(|dir| real(dir)).collect();
            places.retain(|place| !of_system.contains(&real(&place.dir)));
            Places::Searched(places)
        }
        left => left,
    }
}

fn api(paths: &[PathBuf]) -> Result<Places> {
    if let Some(relative) = paths.iter().find(|path| !path.is_absolute()) {
        let message = format!("plugin directory {relative:?} is not an absolute path");
        return Err(error::bad_path(message, "give the directory from the root on"));
    }
    Ok(if paths.is_empty() { Places::Left("not set") } else { searched(paths) })
}

fn env(environment: &Environment) -> Result<Places> {
    let Some(list) = environment.plugin_path.as_ref().filter(|list| !list.is_empty()) else {
        return Ok(Places::Left("not set"));
    };
    if environment.privileged {
        return Ok(Places::Left("ignored in a privileged program"));
    }
    let paths: Vec<PathBuf> = std::env::split_paths(list).collect();
    for (index, path) in paths.iter().enumerate() {
        let fault = match path {
            path if path.as_os_str().is_empty() => "is empty",
            path if !path.is_absolute() => "is not an absolute path",
            _ => continue,
        };
        let message = format!("entry {} of ALUDEL_PLUGIN_PATH {fault}: {list:?}", index + 1);
        let help = "write absolute directories, without a separator at the beginning or end";
        return Err(error::bad_path(message, help));
    }
    Ok(searched(&paths))
}

fn user(environment: &Environment) -> Places {
    match &environment.user_dir {
        _ if environment.privileged => Places::Left("ignored in a privileged program"),
        Some(dir) => searched(std::slice::from_ref(dir)),
        None => Places::Left("has no home directory"),
    }
}

fn searched(dirs: &[PathBuf]) -> Places {
    Places::Searched(dirs.iter().map(|dir| Place::plain(dir)).collect())
}

impl Place {
    pub(in crate::plugin) fn plain(dir: &Path) -> Place {
        Place { dir: dir.to_owned(), kind: PlaceKind::Plain, program: None }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::path::{Path, PathBuf};

    use super::{Level, Place, Places, levels};
    use crate::plugin::{Environment, Search};

    fn places(search: &Search, wanted: Level) -> Places {
        let levels = levels(search).unwrap();
        levels.into_iter().find(|(level, _)| *level == wanted).unwrap().1
    }

    fn dirs(dirs: &[&str]) -> Places {
        Places::Searched(dirs.iter().map(|dir| Place::plain(Path::new(dir))).collect())
    }

    fn environment() -> Environment {
        Environment {
            plugin_path: Some("/e1:/e2".into()),
            user_dir: Some(PathBuf::from("/u")),
            system_dirs: vec!["/s1".into(), "/s2".into()],
            ..Environment::empty()
        }
    }

    #[test]
    fn levels_come_in_the_order_of_trust_in_who_named_them() {
        let search = Search::new().with_environment(environment()).path("/a");
        let order: Vec<Level> = levels(&search).unwrap().into_iter().map(|(l, _)| l).collect();
        assert_eq!(order, [Level::Api, Level::Env, Level::App, Level::User, Level::System]);
        assert_eq!(places(&search, Level::Api), dirs(&["/a"]));
        assert_eq!(places(&search, Level::Env), dirs(&["/e1", "/e2"]));
        assert_eq!(places(&search, Level::User), dirs(&["/u"]));
        assert_eq!(places(&search, Level::System), dirs(&["/s1", "/s2"]));
    }

    #[test]
    fn a_privileged_program_does_not_listen_to_its_user() {
        let environment = Environment { privileged: true, ..environment() };
        let search = Search::new().with_environment(environment).path("/a");
        let ignored = Places::Left("ignored in a privileged program");
        assert_eq!(places(&search, Level::Env), ignored);
        assert_eq!(places(&search, Level::User), ignored);
        assert_eq!(places(&search, Level::Api), dirs(&["/a"]));
    }

    #[test]
    fn a_place_beside_the_program_that_is_the_systems_is_of_level_system() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        std::fs::create_dir_all(root.join("usr/lib/aludel")).unwrap();
        std::os::unix::fs::symlink("usr", root.join("link")).unwrap();
        let environment = Environment {
            program: Some(root.join("usr/bin/app")),
            system_dirs: vec![root.join("link/lib/aludel")],
            ..Environment::empty()
        };
        let search = Search::new().with_environment(environment);
        let app = Places::Searched(vec![Place::plain(&root.join("usr/bin/plugins"))]);
        assert_eq!(places(&search, Level::App), app);
    }

    #[test]
    fn entries_that_would_mean_the_working_directory_are_errors() {
        for (list, entry) in [
            ("/a:", "2 of ALUDEL_PLUGIN_PATH is empty"),
            ("lib:/a", "1 of ALUDEL_PLUGIN_PATH is not an absolute path"),
        ] {
            let environment =
                Environment { plugin_path: Some(list.into()), ..Environment::empty() };
            let error = levels(&Search::new().with_environment(environment)).unwrap_err();
            assert_eq!(
                error.to_string(),
                format!(
                    "error[P12]: entry {entry}: {list:?}\n  help: write absolute directories, \
                     without a separator at the beginning or end"
                )
            );
        }
        let error = levels(&Search::new().path("plugins")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "error[P12]: plugin directory \"plugins\" is not an absolute path\n  \
             help: give the directory from the root on"
        );
    }
}
