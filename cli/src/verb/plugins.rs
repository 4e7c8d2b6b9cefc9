//! `aludel plugins`: the plugins of every place, and what would become of each.

use aludel::Result;
use aludel::plugin::{Inventory, Policy, Search, inventory};

use super::listing;
use crate::answer::Answer;
use crate::columns::aligned;
use crate::escape::escaped;
use crate::{fault, path};

pub(super) fn answer(search: &Search, policy: &Policy) -> Result<Answer> {
    let inventory = inventory(search, policy)?;
    Ok(Answer::new(text(&inventory), listing::json(&inventory).into()))
}

fn text(inventory: &Inventory) -> String {
    let mut lines = table(inventory);
    for ambiguity in &inventory.ambiguities {
        lines.push(fault::text(&ambiguity.error()));
    }
    lines.push("places:".to_owned());
    lines.extend(listing::places(inventory).into_iter().map(|(place, _)| format!("  {place}")));
    lines.join("\n") + "\n"
}

/// A line for each plugin, with what there is to say of it below.
fn table(inventory: &Inventory) -> Vec<String> {
    let mut rows = vec![["name", "version", "ABI", "level", "file"].map(str::to_owned).to_vec()];
    let mut remarks = vec![Vec::new()];
    for dialect in &inventory.linked {
        let info = dialect.info();
        let (major, minor) = (aludel::abi::ABI_MAJOR, aludel::abi::ABI_MINOR);
        let abi = format!("{major}.{minor}");
        rows.push(vec![
            info.name.to_owned(),
            info.version.to_owned(),
            abi,
            "static".to_owned(),
            "linked into this program".to_owned(),
        ]);
        remarks.push(Vec::new());
    }
    for file in inventory.places.iter().flat_map(|place| &place.files) {
        let [version, abi] = listing::version_and_abi(file);
        let (level, path) = (file.level.to_string(), path::text(&file.path));
        rows.push(vec![file.name.clone(), version, abi, level, path]);
        let fault = listing::fault_of(file);
        let broken = fault.map(|fault| format!("broken: {}", escaped(&format!("{fault:#}"))));
        remarks.push(listing::remarks(inventory, file).into_iter().chain(broken).collect());
    }
    let mut lines = Vec::new();
    if rows.len() == 1 {
        lines.push("no plugins".to_owned());
    } else {
        for (line, remarks) in aligned(&rows).into_iter().zip(remarks) {
            lines.push(line);
            lines.extend(remarks.into_iter().map(|remark| format!("  {remark}")));
        }
    }
    lines.push(String::new());
    lines
}
