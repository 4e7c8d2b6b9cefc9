//! How the plugins of all places are told; the verbs `plugins` and `doctor` share it.

use aludel::Error;
use aludel::plugin::{
    Ambiguity, Inventory, InventoryFile, InventoryPlace, Level, PlaceState, Shadow,
};
use serde_json::{Map, Value, json};

use crate::escape::escaped;
use crate::{fault, path};

/// What comes before a file, in words.
pub(super) fn shadow(shadow: &Shadow) -> String {
    match &shadow.path {
        Some(path) => format!("{} (level {})", path.display(), shadow.level),
        None => "a dialect that is linked into this program".to_owned(),
    }
}

/// The version and ABI of a file, or `-`.
pub(super) fn version_and_abi(file: &InventoryFile) -> [String; 2] {
    match &file.note {
        Some(note) => {
            let (major, minor) = note.abi;
            [escaped(&note.version).into_owned(), format!("{major}.{minor}")]
        }
        None => ["-".to_owned(), "-".to_owned()],
    }
}

/// What there is to say of a file beside that it is there, but for what is wrong with it.
pub(super) fn remarks(inventory: &Inventory, file: &InventoryFile) -> Vec<String> {
    let mut remarks = Vec::new();
    if let Some(by) = &file.shadowed_by {
        remarks.push(format!("shadowed by {}", escaped(&shadow(by))));
    }
    for ambiguity in ambiguities(inventory, file) {
        let others = ambiguity.files.iter().filter(|other| **other != file.path);
        let others: Vec<String> = others.map(|other| path::text(other)).collect();
        let schemes = escaped(&ambiguity.schemes.join("`, `")).into_owned();
        remarks.push(format!("ambiguous: `{schemes}` is claimed by {} too", others.join(", ")));
    }
    remarks.extend(file.warnings.iter().map(|said| format!("warning: {}", escaped(said))));
    remarks
}

/// What is wrong with a file.
pub(super) fn fault_of(file: &InventoryFile) -> Option<&Error> {
    file.fault.as_ref().filter(|_| file.is_broken())
}

/// Where other files of the level claim the file's schemes as well.
fn ambiguities<'a>(
    inventory: &'a Inventory,
    file: &InventoryFile,
) -> impl Iterator<Item = &'a Ambiguity> {
    inventory.ambiguities.iter().filter(|ambiguity| ambiguity.files.contains(&file.path))
}

/// Every level and place in the order of the search, with the files of each.
pub(super) fn places(inventory: &Inventory) -> Vec<(String, &[InventoryFile])> {
    let linked: Vec<&str> = inventory.linked.iter().map(|dialect| dialect.info().name).collect();
    let linked = if linked.is_empty() { "none".to_owned() } else { linked.join(", ") };
    let read = inventory.places.iter().map(|place| (one_place(place), place.files.as_slice()));
    std::iter::once((format!("static: {linked}"), &[][..])).chain(read).collect()
}

fn one_place(place: &InventoryPlace) -> String {
    let name = match (&place.dir, place.level) {
        (Some(dir), level) => format!("{level} {}", path::text(dir)),
        (None, Level::Env) => "env ALUDEL_PLUGIN_PATH".to_owned(),
        (None, level) => level.to_string(),
    };
    let held = match &place.state {
        PlaceState::Left(why) => (*why).to_owned(),
        PlaceState::Missing => "does not exist".to_owned(),
        PlaceState::Unreadable(why) => format!("cannot be read: {}", escaped(why)),
        PlaceState::Read => counted(&place.files),
    };
    format!("{name}: {held}")
}

/// What is broken may be anything that is called like a plugin.
fn counted(files: &[InventoryFile]) -> String {
    let broken = files.iter().filter(|file| file.is_broken()).count();
    let whole = match files.len() - broken {
        0 => "no plugins".to_owned(),
        1 => "1 plugin".to_owned(),
        count => format!("{count} plugins"),
    };
    if broken == 0 { whole } else { format!("{whole}, {broken} broken") }
}

/// The members `plugins`, `places` and `ambiguous`.
pub(super) fn json(inventory: &Inventory) -> Map<String, Value> {
    let linked = inventory.linked.iter().map(|dialect| {
        let info = dialect.info();
        let schemes: Vec<&str> = std::iter::once(&info.name).chain(info.aliases).copied().collect();
        json!({
            "name": info.name, "version": info.version, "level": "static", "path": null,
            "abi": [aludel::abi::ABI_MAJOR, aludel::abi::ABI_MINOR], "schemes": schemes,
            "status": "ok", "error": null, "shadowed_by": null, "warnings": [],
        })
    });
    let files = inventory.places.iter().flat_map(|place| &place.files);
    let files = files.map(|one| file(inventory, one));
    let ambiguous = inventory.ambiguities.iter().map(|ambiguity| {
        let files = ambiguity.files.iter().map(|file| path::object("path", Some(file)).into());
        json!({
            "schemes": ambiguity.schemes, "level": ambiguity.level.name(),
            "files": files.collect::<Vec<Value>>(), "error": fault::json(&ambiguity.error()),
        })
    });
    let mut object = Map::new();
    object.insert("plugins".into(), linked.chain(files).collect());
    object.insert("places".into(), inventory.places.iter().map(place).collect());
    object.insert("ambiguous".into(), ambiguous.collect());
    object
}

fn file(inventory: &Inventory, file: &InventoryFile) -> Value {
    let status = match file {
        _ if file.is_broken() => "broken",
        InventoryFile { shadowed_by: Some(_), .. } => "shadowed",
        _ if ambiguities(inventory, file).next().is_some() => "ambiguous",
        _ => "ok",
    };
    let shadowed_by = file.shadowed_by.as_ref().map(|by| {
        let mut object = path::object("path", by.path.as_deref());
        object.insert("level".into(), by.level.name().into());
        object
    });
    let note = file.note.as_ref();
    let schemes = note.map(|note| note.schemes().collect::<Vec<&str>>()).unwrap_or_default();
    let mut object = path::object("path", Some(&file.path));
    let members = [
        ("name", json!(file.name)),
        ("version", json!(note.map(|note| &note.version))),
        ("level", json!(file.level.name())),
        ("abi", json!(note.map(|note| [note.abi.0, note.abi.1]))),
        ("schemes", json!(schemes)),
        ("status", json!(status)),
        ("error", json!(file.fault.as_ref().map(fault::json))),
        ("shadowed_by", json!(shadowed_by)),
        ("warnings", json!(file.warnings)),
    ];
    object.extend(members.map(|(name, value)| (name.to_owned(), value)));
    object.into()
}

fn place(place: &InventoryPlace) -> Value {
    let (state, why) = match &place.state {
        PlaceState::Read => ("read", None),
        PlaceState::Left(why) => ("left", Some(*why)),
        PlaceState::Missing => ("missing", None),
        PlaceState::Unreadable(why) => ("unreadable", Some(why.as_str())),
    };
    let mut object = path::object("dir", place.dir.as_deref());
    object.insert("level".into(), place.level.name().into());
    object.insert("state".into(), state.into());
    object.insert("why".into(), why.into());
    object.into()
}
