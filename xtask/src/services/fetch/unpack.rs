//! Downloads packages and unpacks them into a folder of the cache.

use super::apt::{Apt, Package, finish};
use super::plan::Plan;
use crate::services::place;
use crate::services::program::{entries, tree};
use std::fs;
use std::io::{self, ErrorKind, stderr};
use std::path::Path;
use std::process::Command;

/// Fetches what is planned into the set's tree.
pub(super) fn unpack(plan: &Plan, apt: &Apt) -> Result<(), String> {
    let name = plan.set.name;
    let debs = place::cache()?.join("debs").join(name);
    let tree = tree(name)?;
    let new = tree.with_extension("new");
    // A start that was killed may have left some of both.
    clear(&debs)?;
    clear(&new)?;
    let fetched =
        download(apt, &plan.packages, &debs).and_then(|()| lay_out(name, &debs, &new, &tree));
    // What failed is fetched anew, and what was unpacked is not needed again.
    fetched.and(clear(&debs)).inspect_err(|_| {
        // What failed is the better message.
        let _ = clear(&debs).and(clear(&new));
    })
}

fn clear(folder: &Path) -> Result<(), String> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(format!("cannot remove {}: {error}", folder.display()))
        }
        _ => Ok(()),
    }
}

fn download(apt: &Apt, packages: &[Package], debs: &Path) -> Result<(), String> {
    fs::create_dir_all(debs).map_err(|error| format!("{}: {error}", debs.display()))?;
    let names = packages.iter().map(|package| format!("{}={}", package.name, package.version));
    let mut command = apt.get();
    command.args(["download", "-q"]).args(names).current_dir(debs).stdout(stderr());
    finish(&mut command).map(drop)
}

/// Unpacks what is in `debs` beside the tree, which thereby is complete whenever it is there.
fn lay_out(name: &str, debs: &Path, new: &Path, tree: &Path) -> Result<(), String> {
    let failed = |error: io::Error| format!("{}: {error}", new.display());
    fs::create_dir_all(new).map_err(failed)?;
    let files = entries(debs);
    for (number, file) in files.iter().enumerate() {
        finish(Command::new("dpkg-deb").arg("-x").arg(file).arg(new))?;
        if number % 10 == 9 || number + 1 == files.len() {
            eprintln!("{name}: unpacked {} of {}", number + 1, files.len());
        }
    }
    clear(tree)?;
    fs::rename(new, tree).map_err(failed)
}
