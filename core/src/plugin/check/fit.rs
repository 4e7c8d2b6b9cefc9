//! Whether what a note says fits the file, the scheme that was asked for, and this program.

use std::path::Path;

use crate::abi::{ABI_MAJOR, ABI_MINOR, LAYOUT_HASH};
use crate::dialect::Threading;
use crate::error::Result;
use crate::plugin::error::{self, TARGET};
use crate::plugin::file::note_json::Head;
use crate::plugin::{Plan, registry};

/// Checks the names: that of the file, that of the note, and the scheme that was asked for.
///
/// # Errors
/// `MISMATCH`; `ALREADY_STATIC` when a dialect of that name is linked into the program.
pub(super) fn check_names(plan: &Plan, head: &Head) -> Result<()> {
    check_file_name(plan, head)?;
    let (name, wanted) = (&head.name, &plan.wanted);
    if !head.declares(wanted) {
        let message = format!("dialect `{name}` does not declare the scheme `{wanted}`");
        return Err(error::mismatch(&plan.path, message));
    }
    if registry::registered().iter().any(|linked| linked.info().name == *name) {
        return Err(error::already_static(name, &plan.path));
    }
    Ok(())
}

/// Checks that the file is called as its note says.
///
/// # Errors
/// `MISMATCH`.
pub(in crate::plugin) fn check_file_name(plan: &Plan, head: &Head) -> Result<()> {
    let (name, called) = (&head.name, &plan.name);
    if name == called {
        return Ok(());
    }
    let message = format!("the file is called `{called}` and says that it is `{name}`");
    Err(error::mismatch(&plan.path, message))
}

/// Checks what plugin and program have to share: ABI, layout, target, panics that unwind.
///
/// # Errors
/// `ABI_MISMATCH`, `WRONG_TARGET`, `THREAD_AFFINE`.
pub(in crate::plugin) fn check_abi(path: &Path, head: &Head) -> Result<()> {
    let Head { name, version, .. } = head;
    if head.abi != (ABI_MAJOR, ABI_MINOR) {
        return Err(error::other_abi(path, name, version, head.abi));
    }
    if head.target != TARGET {
        return Err(error::wrong_target(path, &head.target));
    }
    if head.layout != LAYOUT_HASH {
        let message = format!(
            "dialect `{name}` {version} was built with another layout of aludel ABI \
             {ABI_MAJOR}.{ABI_MINOR}: {:016x}, this program has {LAYOUT_HASH:016x}",
            head.layout
        );
        return Err(error::abi_mismatch(path, message));
    }
    if head.panic != "unwind" {
        let message = format!(
            "dialect `{name}` {version} was built with panic = {:?}: a panic in it would end \
             this program",
            head.panic
        );
        return Err(error::abi_mismatch(path, message)
            .with_help("build the plugin in a profile with panic = \"unwind\""));
    }
    if head.threading == Threading::ThreadAffine {
        return Err(error::thread_affine(path, name));
    }
    Ok(())
}
