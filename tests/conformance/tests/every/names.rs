//! Names of cases in lists of exceptions.

use aludel_conformance::cases;
use libtest_mimic::Failed;

/// Fails when one of `names` is no case: an exception that outlives its case hides nothing, and one
/// that is misspelt says something untrue.
pub(crate) fn exceptions_are_cases<'a>(
    names: impl IntoIterator<Item = &'a str>,
) -> Result<(), Failed> {
    for name in names {
        if !cases::all().any(|case| case.name() == name) {
            return Err(format!("there is no case {name}").into());
        }
    }
    Ok(())
}
