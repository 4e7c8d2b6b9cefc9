//! The first phase told in full: what serves a URL, what declared its scheme, what was searched.

use std::fmt;
use std::path::PathBuf;

use super::levels::Level;
use super::resolve::{Resolved, resolve_among};
use super::scan::read_content;
use super::scheme::Scheme;
use super::search::Search;
use crate::abi::StaticDialect;
use crate::error::Result;
use crate::plugin::check::fit;
use crate::plugin::registry;
use crate::url::Url;

/// What serves a URL, and how that was found.
#[derive(Clone)]
#[non_exhaustive]
pub struct Which {
    /// The URL for a message: the password and the values of all options are hidden.
    pub url: String,
    /// As [`resolve`](crate::plugin::resolve) gives it.
    pub resolved: Resolved,
    /// What declared the URL's scheme.
    pub declared_by: DeclaredBy,
    /// The levels and directories that were searched, in order, up to where it was found.
    pub searched: Vec<Searched>,
}

/// What leads from a scheme to a dialect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeclaredBy {
    /// It is the dialect's name.
    Name,
    /// The dialect declares it as an alias.
    Alias,
    /// The built-in table of names that SQLAlchemy's users write.
    Table,
}

/// A level without places, or a directory, and what it held.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Searched {
    /// The level.
    pub level: Level,
    /// The directory; `None` for the level static and for a level that has none.
    pub dir: Option<PathBuf>,
    /// The names of the plugins, or why there are none: `not set`, `does not exist`.
    pub held: String,
}

/// Finds the dialect that serves a URL as [`resolve`](crate::plugin::resolve) does, and tells how.
/// Runs no plugin code; may block on the file system.
///
/// # Errors
/// As [`resolve`](crate::plugin::resolve); code [`MISMATCH`](crate::plugin::code::MISMATCH) for a file
/// that is not called as its note says, which serves no URL.
///
/// ```no_run
/// use aludel::plugin::{Search, which};
///
/// let which = which(&"sqlite:///shop.db".parse()?, &Search::new())?;
/// for place in &which.searched {
///     println!("{place}");
/// }
/// # Ok::<(), aludel::Error>(())
/// ```
pub fn which(url: &Url, search: &Search) -> Result<Which> {
    which_among(&registry::registered(), url, search)
}

fn which_among(statics: &[StaticDialect], url: &Url, search: &Search) -> Result<Which> {
    let resolved = resolve_among(statics, url, search)?;
    if let Resolved::File(plan) = &resolved {
        fit::check_file_name(plan, &read_content(&plan.path)?.head)?;
    }
    let declared_by = DeclaredBy::of(&Scheme::parse(url.drivername())?, &resolved);
    let searched = resolved.places(statics);
    Ok(Which { url: url.masked_whole(), resolved, declared_by, searched })
}

impl Searched {
    /// The level static.
    pub(super) fn linked(statics: &[StaticDialect]) -> Searched {
        let names: Vec<&str> = statics.iter().map(|dialect| dialect.info().name).collect();
        let held = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        Searched { level: Level::Static, dir: None, held }
    }
}

impl DeclaredBy {
    /// The word in reports.
    pub const fn name(self) -> &'static str {
        match self {
            DeclaredBy::Name => "name",
            DeclaredBy::Alias => "alias",
            DeclaredBy::Table => "table",
        }
    }

    fn of(scheme: &Scheme, resolved: &Resolved) -> DeclaredBy {
        let scheme = scheme.as_str();
        let (name, is_declared) = match resolved {
            Resolved::Static(dialect) => {
                let info = dialect.info();
                (info.name, info.aliases.contains(&scheme))
            }
            Resolved::File(plan) => (plan.name.as_str(), plan.wanted == scheme),
        };
        match is_declared {
            _ if name == scheme => DeclaredBy::Name,
            true => DeclaredBy::Alias,
            false => DeclaredBy::Table,
        }
    }
}

impl fmt::Display for Searched {
    /// `env ALUDEL_PLUGIN_PATH: not set`, `user /home/me/.local/share/aludel/plugins: sqlite`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Searched { level, dir, held } = self;
        match (dir, level) {
            (Some(dir), _) => write!(f, "{level} {}: {held}", dir.display()),
            (None, Level::Env) => write!(f, "{level} ALUDEL_PLUGIN_PATH: {held}"),
            (None, _) => write!(f, "{level}: {held}"),
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::{DeclaredBy, Which, which_among};
    use crate::abi::static_dialect;
    use crate::plugin::{Environment, Resolved, Search, sample};
    use crate::url::Url;

    fn found(url: &str, search: &Search) -> Which {
        let statics = [static_dialect::<sample::Linked>()];
        which_among(&statics, &Url::parse(url).unwrap(), search).unwrap()
    }

    fn lines(which: &Which) -> Vec<String> {
        which.searched.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn places_are_told_up_to_the_one_where_it_was_found() {
        let dir = tempfile::tempdir().unwrap();
        let user = dir.path().join("user");
        let path = sample::write(&user, "toy", &sample::note("toy", &["toy2"]));
        let search = Search::new().with_environment(Environment {
            user_dir: Some(user.clone()),
            system_dirs: vec!["/s".into()],
            ..Environment::empty()
        });
        let which = found("toy://", &search);
        assert!(matches!(&which.resolved, Resolved::File(plan) if plan.path() == path));
        assert_eq!(
            lines(&which),
            [
                "static: linked",
                "api: not set",
                "env ALUDEL_PLUGIN_PATH: not set",
                "app: the program's path is unknown",
                &format!("user {}: toy", user.display()),
            ]
        );
        assert_eq!(lines(&found("linked_alias://", &search)), ["static: linked"]);
    }

    #[test]
    fn a_file_that_is_not_called_as_its_note_says_serves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let path = sample::write(dir.path(), "other", &sample::note("toy", &[]));
        let search = Search::new().with_environment(Environment::empty()).path(dir.path());
        for url in ["toy://", "other://"] {
            let error = which_among(&[], &Url::parse(url).unwrap(), &search).err().unwrap();
            assert_eq!(
                error.to_string(),
                format!(
                    "error[P13]: the file is called `other` and says that it is `toy`\n  help: \
                     install the plugin again under its own name\n  file: {}",
                    path.display()
                ),
                "{url}"
            );
        }
    }

    #[test]
    fn nothing_that_may_be_secret_is_in_the_url() {
        let search = Search::new().with_environment(Environment::empty());
        let which = found("linked://me:secret@host/db?key=secret", &search);
        assert_eq!(which.url, "linked://me:***@host/db?key=***");
    }

    #[test]
    fn what_declared_the_scheme_is_told_apart() {
        let dir = tempfile::tempdir().unwrap();
        sample::write(dir.path(), "sqlite", &sample::note("sqlite", &["sq"]));
        let search = Search::new().with_environment(Environment::empty()).path(dir.path());
        for (url, declared_by) in [
            ("sqlite://", DeclaredBy::Name),
            ("SQ://", DeclaredBy::Alias),
            ("sqlite3://", DeclaredBy::Table),
            ("linked://", DeclaredBy::Name),
            ("linked_alias://", DeclaredBy::Alias),
        ] {
            assert_eq!(found(url, &search).declared_by, declared_by, "{url}");
        }
    }
}
