//! How the plugins of all places are told; the verbs `plugins` and `doctor` share it.

use aludel::plugin::{Inventory, InventoryFile, InventoryPlace, Level, PlaceState, Shadow};
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

/// What there is to say of a file beside that it is there.
pub(super) fn remarks(file: &InventoryFile) -> Vec<String> {
    let mut remarks = Vec::new();
    if let Some(by) = &file.shadowed_by {
        remarks.push(format!("shadowed by {}", escaped(&shadow(by))));
    }
    if let Some(fault) = file.fault.as_ref().filter(|_| file.is_broken()) {
        remarks.push(format!("broken: {}", escaped(&format!("{fault:#}"))));
    }
    remarks.extend(file.warnings.iter().map(|said| format!("warning: {}", escaped(said))));
    remarks
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
    let held = match (&place.state, place.files.len()) {
        (PlaceState::Left(why), _) => (*why).to_owned(),
        (PlaceState::Missing, _) => "does not exist".to_owned(),
        (PlaceState::Unreadable(why), _) => format!("cannot be read: {}", escaped(why)),
        (PlaceState::Read, 0) => "no plugins".to_owned(),
        (PlaceState::Read, 1) => "1 plugin".to_owned(),
        (PlaceState::Read, count) => format!("{count} plugins"),
    };
    format!("{name}: {held}")
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
    let files = inventory.places.iter().flat_map(|place| &place.files).map(file);
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

fn file(file: &InventoryFile) -> Value {
    let status = match file {
        _ if file.is_broken() => "broken",
        InventoryFile { shadowed_by: Some(_), .. } => "shadowed",
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
