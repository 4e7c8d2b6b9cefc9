//! Messages that many cases have, whole.

/// P06, for a file below the root of the stage.
pub(crate) fn not_a_plugin(file: &str, why: &str) -> String {
    format!(
        "error[P06]: ROOT/{file} is not an aludel plugin ({why})\n  \
         help: remove it, or build it with export_dialect! (Rust) or ALUDEL_NOTE (C)"
    )
}
