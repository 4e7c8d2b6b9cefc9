//! The dialects that features link into the program.

/// Makes them known; they come before any plugin file of their schemes.
pub(crate) fn register() {
    aludel::register(aludel_dialect_sqlite::dialect())
        .expect("invariant: nothing is registered or loaded before the program begins");
}
