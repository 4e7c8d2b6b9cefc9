//! What is listed, and what is said of each file.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::json;
use tempfile::TempDir;

use super::{Inventory, InventoryFile, PlaceState, take};
use crate::abi::static_dialect;
use crate::plugin::find::scan::file_name;
use crate::plugin::{
    Environment, Level, Policy, Search, Shadow, plan_of_file, resolve, sample, verify,
};

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

    fn plugin(&self, dir: &str, name: &str, aliases: &[&str]) -> PathBuf {
        sample::write(&self.dir(dir), name, &sample::note(name, aliases))
    }

    fn environment(&self) -> Environment {
        let dirs = std::env::join_paths([self.dir("env"), self.dir("env2")]).unwrap();
        Environment {
            plugin_path: Some(dirs),
            user_dir: Some(self.dir("user")),
            ..Environment::empty()
        }
    }

    fn inventory(&self) -> Inventory {
        self.inventory_of(self.environment())
    }

    fn inventory_of(&self, environment: Environment) -> Inventory {
        let search = Search::new().with_environment(environment);
        take(vec![static_dialect::<sample::Linked>()], &search, &Policy::new()).unwrap()
    }
}

fn files(inventory: &Inventory) -> Vec<&InventoryFile> {
    inventory.places.iter().flat_map(|place| &place.files).collect()
}

fn file<'a>(inventory: &'a Inventory, path: &Path) -> &'a InventoryFile {
    files(inventory).into_iter().find(|file| file.path == path).unwrap()
}

#[test]
fn every_level_is_listed_with_why_it_holds_nothing() {
    let places = Places::new();
    let toy = places.plugin("user", "toy", &["toy2"]);
    std::fs::write(places.dir("env"), "a file").unwrap();
    let inventory = places.inventory();
    assert_eq!(inventory.linked[0].info().name, "linked");
    let listed: Vec<_> = inventory
        .places
        .iter()
        .map(|place| (place.level, place.dir.clone(), place.state.clone()))
        .collect();
    let not_a_directory = PlaceState::Unreadable("Not a directory (os error 20)".into());
    assert_eq!(
        listed,
        [
            (Level::Api, None, PlaceState::Left("not set")),
            (Level::Env, Some(places.dir("env")), not_a_directory),
            (Level::Env, Some(places.dir("env2")), PlaceState::Missing),
            (Level::App, None, PlaceState::Left("the program's path is unknown")),
            (Level::User, Some(places.dir("user")), PlaceState::Read),
        ]
    );
    let [found] = files(&inventory)[..] else { panic!("{:?}", inventory.places) };
    assert_eq!((&found.path, found.level, found.name.as_str()), (&toy, Level::User, "toy"));
    let note = found.note.as_ref().unwrap();
    assert_eq!(
        (note.version.as_str(), note.aliases.as_slice()),
        ("0.1.0", &["toy2".to_owned()][..])
    );
    assert!(!found.is_broken() && found.shadowed_by.is_none(), "{found:?}");
    assert!(inventory.ambiguities.is_empty());
}

#[test]
fn a_broken_file_keeps_its_note_as_far_as_it_can_be_read() {
    let places = Places::new();
    let mut note = sample::note("old", &[]);
    note["abi"] = json!([0, 99]);
    let old = sample::write(&places.dir("user"), "old", &note);
    let text = places.dir("user").join(file_name("text"));
    std::fs::write(&text, "no library").unwrap();
    let inventory = places.inventory();
    let found = file(&inventory, &old);
    assert_eq!(found.fault.as_ref().unwrap().code(), Some("P04"));
    assert_eq!(found.note.as_ref().unwrap().abi, (0, 99));
    let found = file(&inventory, &text);
    assert_eq!(found.fault.as_ref().unwrap().code(), Some("P06"));
    assert!(found.is_broken() && found.note.is_none());
}

#[test]
fn a_fault_of_a_file_is_told_as_a_url_is_answered() {
    let places = Places::new();
    let user = places.dir("user");
    std::fs::create_dir(&user).unwrap();
    std::fs::write(user.join(file_name("text")), "no library").unwrap();
    std::os::unix::fs::symlink("/dev/zero", user.join(file_name("zero"))).unwrap();
    std::os::unix::fs::symlink("nowhere", user.join(file_name("gone"))).unwrap();
    std::fs::create_dir(user.join(file_name("dir"))).unwrap();
    let search = Search::new().with_environment(places.environment());
    let inventory = places.inventory();
    for (name, code) in [("text", "P06"), ("zero", "P12"), ("gone", "P12"), ("dir", "P12")] {
        let path = user.join(file_name(name));
        let listed = file(&inventory, &path).fault.as_ref().unwrap();
        assert_eq!(listed.code(), Some(code));
        let url = format!("{name}://").parse().unwrap();
        let answered = resolve(&url, &search).err().unwrap().to_string();
        assert_eq!(listed.to_string(), answered);
        let named = verify(plan_of_file(&path, &search).unwrap(), &Policy::new()).unwrap_err();
        assert_eq!(named.message(), listed.message());
        assert!(!named.help().unwrap().contains("remove"), "nobody came upon it: {named}");
    }
}

#[test]
fn what_an_earlier_level_claims_shadows_a_file() {
    let places = Places::new();
    let env = places.plugin("env", "quack", &["duck"]);
    let duck = places.plugin("user", "duck", &[]);
    let linked = places.plugin("user", "linked", &[]);
    let inventory = places.inventory();
    assert_eq!(file(&inventory, &env).shadowed_by, None);
    let by_env = Shadow { level: Level::Env, path: Some(env) };
    assert_eq!(file(&inventory, &duck).shadowed_by, Some(by_env));
    let by_program = Shadow { level: Level::Static, path: None };
    assert_eq!(file(&inventory, &linked).shadowed_by, Some(by_program));
    assert!(files(&inventory).iter().all(|file| !file.is_broken()));
}

#[test]
fn files_of_one_level_that_claim_a_scheme_are_told_with_all_schemes() {
    let places = Places::new();
    let one = places.plugin("env", "toy", &["toy2", "z"]);
    let other = places.plugin("env2", "toy", &["toy2"]);
    places.plugin("user", "toy", &[]);
    let inventory = places.inventory();
    let [found] = &inventory.ambiguities[..] else { panic!("{:?}", inventory.ambiguities) };
    assert_eq!(found.schemes, ["toy", "toy2"]);
    assert_eq!((found.level, &found.files), (Level::Env, &vec![one.clone(), other.clone()]));
    assert_eq!(
        format!("{:#}", found.error()),
        format!(
            "error[P08]: scheme `toy` is claimed by two files at level env: {} and {}",
            one.display(),
            other.display()
        )
    );
}

#[test]
fn an_ambiguity_that_an_earlier_level_hides_is_none() {
    let places = Places::new();
    for (dir, aliases) in [("env", &["z"][..]), ("user", &[])] {
        places.plugin(dir, "toy", aliases);
    }
    places.plugin("user", "zoo", &["z"]);
    places.plugin("user", "zebra", &["z"]);
    assert!(places.inventory().ambiguities.is_empty());
}

#[test]
fn one_file_at_two_paths_is_no_ambiguity() {
    let places = Places::new();
    places.plugin("env", "toy", &[]);
    std::os::unix::fs::symlink(places.dir("env"), places.dir("env2")).unwrap();
    assert!(places.inventory().ambiguities.is_empty());
}

#[test]
fn a_copy_above_cargos_deps_is_shadowed_by_the_file_there() {
    let places = Places::new();
    let deps = places.plugin("debug/deps", "toy", &[]);
    let copy = places.plugin("debug", "toy", &[]);
    let other = places.plugin("debug", "zoo", &[]);
    std::fs::create_dir(places.dir("debug/.fingerprint")).unwrap();
    let program = Some(places.dir("debug/app"));
    let inventory = places.inventory_of(Environment { program, ..Environment::empty() });
    let by_deps = Shadow { level: Level::App, path: Some(deps.clone()) };
    assert_eq!(file(&inventory, &copy).shadowed_by, Some(by_deps));
    assert_eq!(file(&inventory, &deps).shadowed_by, None);
    assert_eq!(file(&inventory, &other).shadowed_by, None);
    assert!(inventory.ambiguities.is_empty());
}

#[test]
fn a_policy_that_is_none_and_a_path_that_is_not_absolute_are_errors() {
    let places = Places::new();
    let fault = |environment| {
        let search = Search::new().with_environment(environment);
        take(Vec::new(), &search, &Policy::new()).err().unwrap().code()
    };
    let environment = || places.environment();
    let policy = Some("loose".into());
    assert_eq!(fault(Environment { plugin_policy: policy, ..environment() }), Some("P23"));
    let path = Some("lib".into());
    assert_eq!(fault(Environment { plugin_path: path, ..environment() }), Some("P12"));
}

#[test]
fn a_thousand_plugins_of_one_directory_are_listed_at_once() {
    let places = Places::new();
    for number in 0..1000 {
        places.plugin("user", &format!("p{number}"), &[]);
    }
    let begin = Instant::now();
    let inventory = places.inventory();
    let took = begin.elapsed();
    assert_eq!(files(&inventory).len(), 1000);
    assert!(files(&inventory).iter().all(|file| file.note.is_some() && !file.is_broken()));
    assert!(took < Duration::from_secs(2), "{took:?}");
}
