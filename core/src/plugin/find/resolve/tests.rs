//! Which dialect a URL leads to, and what is said when there is none.

use std::path::PathBuf;

use tempfile::TempDir;

use super::{Plan, Resolved, resolve_among};
use crate::abi::static_dialect;
use crate::error::{Error, Result};
use crate::plugin::{Environment, Level, Search, sample};
use crate::url::Url;

/// Directories of the levels env, user and system below a temporary one.
struct Places {
    root: TempDir,
}

impl Places {
    fn new() -> Places {
        Places { root: tempfile::tempdir().unwrap() }
    }

    fn dir(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    fn search(&self) -> Search {
        Search::new().with_environment(Environment {
            plugin_path: Some(self.dir("env").into()),
            user_dir: Some(self.dir("user")),
            system_dirs: vec![self.dir("system")],
            ..Environment::empty()
        })
    }

    fn plugin(&self, dir: &str, name: &str, aliases: &[&str]) -> PathBuf {
        sample::write(&self.dir(dir), name, &sample::note(name, aliases))
    }

    fn resolve(&self, url: &str) -> Result<Plan> {
        match resolve_among(&[], &Url::parse(url).unwrap(), &self.search())? {
            Resolved::File(plan) => Ok(plan),
            Resolved::Static(_) => Err(Error::internal("nothing is registered")),
        }
    }

    /// The whole message, with the root written as `ROOT`.
    fn refusal(&self, url: &str) -> String {
        let error = self.resolve(url).unwrap_err().to_string();
        error.replace(&self.root.path().display().to_string(), "ROOT")
    }
}

#[test]
fn the_first_level_that_has_it_wins() {
    let places = Places::new();
    let system = places.plugin("system", "toy", &[]);
    assert_eq!(places.resolve("toy://").unwrap().path(), system);
    let user = places.plugin("user", "toy", &[]);
    assert_eq!(places.resolve("toy://").unwrap().path(), user);
    let env = places.plugin("env", "toy", &[]);
    let plan = places.resolve("toy://").unwrap();
    assert_eq!((plan.path(), plan.level(), plan.name()), (env.as_path(), Level::Env, "toy"));
    let api = places.plugin("api", "toy", &[]);
    let search = places.search().path(places.dir("api"));
    let found = resolve_among(&[], &Url::parse("toy://").unwrap(), &search).unwrap();
    assert!(matches!(found, Resolved::File(plan) if plan.path() == api));
}

#[test]
fn aliases_that_a_plugin_declares_and_those_of_the_table_lead_to_it() {
    let places = Places::new();
    let toy = places.plugin("env", "toy", &["toy2", "toy+driver"]);
    let sqlite = places.plugin("system", "sqlite", &[]);
    for url in ["toy2://", "toy+driver://", "TOY://"] {
        assert_eq!(places.resolve(url).unwrap().path(), toy, "{url}");
    }
    for url in ["sqlite://", "sqlite3://", "sqlite+pysqlite:///:memory:"] {
        assert_eq!(places.resolve(url).unwrap().path(), sqlite, "{url}");
    }
}

#[test]
fn a_plugin_of_the_name_comes_before_the_table() {
    let places = Places::new();
    places.plugin("env", "postgresql", &[]);
    assert_eq!(places.resolve("cockroachdb://h/d").unwrap().name(), "postgresql");
    places.plugin("system", "cockroachdb", &[]);
    assert_eq!(places.resolve("cockroachdb://h/d").unwrap().name(), "cockroachdb");
}

#[test]
fn two_files_of_one_level_that_claim_a_scheme_are_an_error() {
    let places = Places::new();
    places.plugin("user", "duckdb", &[]);
    places.plugin("user", "quack", &["duckdb"]);
    assert_eq!(
        places.refusal("duckdb://"),
        "error[P08]: scheme `duckdb` is claimed by two files at level user: \
         ROOT/user/libaludel_duckdb.so and ROOT/user/libaludel_quack.so\n  \
         help: remove one of them, or put the one that you mean into a directory of an earlier level"
    );
    assert_eq!(places.resolve("quack://").unwrap().name(), "quack");
}

#[test]
fn one_file_that_two_places_lead_to_is_one_claim() {
    let places = Places::new();
    places.plugin("system", "toy", &[]);
    std::os::unix::fs::symlink(places.dir("system"), places.dir("again")).unwrap();
    let search = Search::new().with_environment(Environment {
        system_dirs: vec![places.dir("system"), places.dir("again")],
        ..Environment::empty()
    });
    assert!(resolve_among(&[], &Url::parse("toy://").unwrap(), &search).is_ok());
}

#[test]
fn what_cargo_copied_above_deps_is_not_a_second_claim() {
    let places = Places::new();
    std::fs::create_dir_all(places.dir("debug/.fingerprint")).unwrap();
    let deps = places.plugin("debug/deps", "toy", &[]);
    places.plugin("debug", "toy", &[]);
    let other = places.plugin("debug", "other", &[]);
    let search = Search::new().with_environment(Environment {
        program: Some(places.dir("debug/app")),
        ..Environment::empty()
    });
    for (url, path) in [("toy://", deps), ("other://", other)] {
        let found = resolve_among(&[], &Url::parse(url).unwrap(), &search).unwrap();
        assert!(matches!(found, Resolved::File(plan) if plan.path() == path), "{url}");
    }
}

#[test]
fn a_broken_file_that_claims_the_scheme_ends_the_search() {
    let places = Places::new();
    places.plugin("system", "toy", &[]);
    std::fs::create_dir_all(places.dir("env")).unwrap();
    std::fs::write(places.dir("env/libaludel_toy.so"), "text").unwrap();
    assert_eq!(
        places.refusal("toy://"),
        "error[P06]: ROOT/env/libaludel_toy.so is not an aludel plugin (it is no ELF file)\n  \
             help: remove it, or build it with export_dialect! (Rust) or ALUDEL_NOTE (C)"
    );
}

#[test]
fn a_broken_file_of_another_name_is_recorded() {
    let places = Places::new();
    places.plugin("system", "toy", &[]);
    std::fs::create_dir_all(places.dir("env")).unwrap();
    let broken = places.dir("env/libaludel_x.so");
    std::fs::write(&broken, "text").unwrap();
    let plan = places.resolve("toy://").unwrap();
    let rejections = plan.rejections();
    let [rejection] = &rejections[..] else { panic!("{rejections:?}") };
    assert_eq!((&rejection.path, rejection.code), (&broken, "P06"));
    assert_eq!(
        places.refusal("zoo://"),
        "error[P01]: no dialect for scheme `zoo`\n  \
         help: put libaludel_zoo.so into one of the places below, or its directory into \
         ALUDEL_PLUGIN_PATH\n  \
         url: zoo://\n  \
         searched: static: none · api: not set · env ROOT/env: x (P06) · \
         app: the program's path is unknown · user ROOT/user: does not exist · \
         system ROOT/system: toy\n  \
         rejected: ROOT/env/libaludel_x.so is not an aludel plugin (it is no ELF file) [P06]"
    );
}

#[test]
fn an_unknown_scheme_is_told_with_the_nearest_name_and_every_place() {
    let places = Places::new();
    places.plugin("env", "mysql", &[]);
    places.plugin("env", "postgresql", &["postgres", "pg", "pgsql", "postgresql+psycopg"]);
    std::fs::create_dir_all(places.dir("user")).unwrap();
    assert_eq!(
        places.refusal("postgress://app:secret@db1/orders"),
        "error[P01]: no dialect for scheme `postgress`\n  \
         help: did you mean `postgresql`? (aliases: postgres, pg, pgsql)\n  \
         url: postgress://app:***@db1/orders\n  \
         searched: static: none · api: not set · env ROOT/env: mysql, postgresql · \
         app: the program's path is unknown · user ROOT/user: no plugins · \
         system ROOT/system: does not exist"
    );
}

#[test]
fn a_missing_dialect_of_the_table_is_named() {
    let search = Search::new().with_environment(Environment::empty());
    let refusal = |url: &str| {
        let error = resolve_among(&[], &Url::parse(url).unwrap(), &search).err().unwrap();
        error.to_string()
    };
    let searched = "searched: static: none · api: not set · env ALUDEL_PLUGIN_PATH: not set · \
                    app: the program's path is unknown · user: has no home directory";
    assert_eq!(
        refusal("postgresql://scott:tiger@localhost/test"),
        format!(
            "error[P01]: dialect `postgresql` is not installed\n  help: put \
             libaludel_postgresql.so into one of the places below, or its directory into \
             ALUDEL_PLUGIN_PATH\n  url: postgresql://scott:***@localhost/test\n  {searched}"
        )
    );
    assert_eq!(
        refusal("mysql+pymysql://h/d"),
        format!(
            "error[P01]: scheme `mysql+pymysql` needs dialect `mysql`, which is not installed\n  \
             help: put libaludel_mysql.so into one of the places below, or its directory into \
             ALUDEL_PLUGIN_PATH\n  url: mysql+pymysql://h/d\n  {searched}"
        )
    );
    assert_eq!(
        refusal("mssql://h/d"),
        format!(
            "error[P01]: no dialect for scheme `mssql`\n  help: `odbc+mssql://` reaches it \
             through an ODBC driver\n  url: mssql://h/d\n  {searched}"
        )
    );
    assert_eq!(
        refusal("postgersql://h/d").lines().nth(1).unwrap(),
        "  help: did you mean `postgresql`? (aliases: postgres, pg, pgsql)"
    );
}

#[test]
fn encryption_is_refused_unless_a_plugin_declares_it() {
    let places = Places::new();
    places.plugin("env", "sqlite", &[]);
    assert_eq!(
        places.refusal("sqlite+pysqlcipher:///x.db"),
        "error[P17]: scheme `sqlite+pysqlcipher` is refused: the database is encrypted, and \
         `sqlite` would open it without encryption\n  \
         help: install a dialect that declares this scheme"
    );
    places.plugin("system", "sqlcipher", &["sqlite+pysqlcipher"]);
    assert_eq!(places.resolve("sqlite+pysqlcipher:///x.db").unwrap().name(), "sqlcipher");
}

#[test]
fn a_file_that_is_called_otherwise_than_it_says_is_found_and_then_refused() {
    let places = Places::new();
    let note = sample::note("other", &[]);
    sample::write(&places.dir("env"), "toy", &note);
    let plan = places.resolve("toy://").unwrap();
    assert_eq!(
        crate::plugin::verify(plan, &crate::plugin::Policy::new()).unwrap_err().code(),
        Some("P13")
    );
}

#[test]
fn a_linked_dialect_comes_before_every_file() {
    let places = Places::new();
    places.plugin("env", "linked", &["linked_alias"]);
    let statics = [static_dialect::<sample::Linked>()];
    for url in ["linked://", "linked_alias://"] {
        let url = Url::parse(url).unwrap();
        let found = resolve_among(&statics, &url, &places.search()).unwrap();
        assert!(matches!(found, Resolved::Static(_)), "{url}");
    }
    let error = resolve_among(&statics, &Url::parse("likned://").unwrap(), &Search::new());
    let error = error.err().unwrap();
    assert_eq!(error.help(), Some("did you mean `linked`? (aliases: linked_alias)"));
    let (_, searched) = error.notes().find(|(label, _)| *label == "searched").unwrap();
    assert!(searched.starts_with("static: linked · api: not set · "), "{searched}");
}
