//! Messages that many cases have, whole.

/// P06, for a file below the root of the stage that a search has found.
pub(crate) fn not_a_plugin(file: &str, why: &str) -> String {
    let help = "remove it, or build it with export_dialect! (Rust) or ALUDEL_NOTE (C)";
    format!("error[P06]: ROOT/{file} is not an aludel plugin ({why})\n  help: {help}")
}

/// P06, for a file below the root of the stage that was given, or found before.
pub(crate) fn turned_out_no_plugin(file: &str, why: &str) -> String {
    let help = "a plugin is built with export_dialect! (Rust) or ALUDEL_NOTE (C)";
    format!("error[P06]: ROOT/{file} is not an aludel plugin ({why})\n  help: {help}")
}
