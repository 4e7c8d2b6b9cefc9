//! Messages that many cases have, whole.

/// P06, for a file below the root of the stage that a search comes upon.
pub(crate) fn not_a_plugin(file: &str, why: &str) -> String {
    let own = "remove it, or build it with export_dialect! (Rust) or ALUDEL_NOTE (C)";
    format!("error[P06]: ROOT/{file} is not an aludel plugin ({why})\n  help: {own}")
}

/// P06, for a file that is no plugin after all when it is looked at closely.
pub(crate) fn no_plugin_after_all(file: &str, why: &str) -> String {
    let own = "a plugin is built with export_dialect! (Rust) or ALUDEL_NOTE (C)";
    format!("error[P06]: ROOT/{file} is not an aludel plugin ({why})\n  help: {own}")
}
