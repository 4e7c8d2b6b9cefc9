//! All cases.

use super::{
    anomalies, bulk, bulk_out, cancel, conflicts, constraints, counts, deadlines, deferrable,
    early_drop, errors, execute, executemany, handshake, hostile, isolation, notices,
    notifications, parameters, procedures, read_only, reflection, reset, results, returning,
    round_trips, savepoints, schema, server, streaming, texts, transactions, two_phase, types,
    waiting,
};
use crate::case::Case;

const GROUPS: &[&[Case]] = &[
    handshake::CASES,
    execute::CASES,
    texts::CASES,
    counts::CASES,
    parameters::CASES,
    hostile::CASES,
    round_trips::CASES,
    types::CASES,
    streaming::CASES,
    early_drop::CASES,
    transactions::CASES,
    savepoints::CASES,
    conflicts::CASES,
    errors::CASES,
    constraints::CASES,
    executemany::CASES,
    reset::CASES,
    isolation::CASES,
    anomalies::CASES,
    read_only::CASES,
    deferrable::CASES,
    two_phase::CASES,
    deadlines::CASES,
    waiting::CASES,
    cancel::CASES,
    returning::CASES,
    results::CASES,
    procedures::CASES,
    bulk::CASES,
    bulk_out::CASES,
    notices::CASES,
    notifications::CASES,
    reflection::CASES,
    schema::CASES,
    server::CASES,
];

/// All cases, group by group.
pub fn all() -> impl Iterator<Item = &'static Case> {
    GROUPS.iter().copied().flatten()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::case::Group;

    #[test]
    fn names_are_unique_sentences_and_rules_have_sources() {
        let mut seen = HashMap::new();
        for case in all() {
            let name = case.name();
            assert!(case.title.matches('_').count() >= 3, "{name} is a sentence");
            assert!(case.rule.text.ends_with('.'), "{name}: {}", case.rule.text);
            assert!(!case.rule.source.is_empty(), "{name}");
            assert!(seen.insert(name.clone(), ()).is_none(), "{name} is there twice");
        }
    }

    #[test]
    fn every_group_has_at_least_five_cases() {
        for group in Group::ALL {
            let count = all().filter(|case| case.group == group).count();
            assert!(count >= 5, "{group:?} has {count}");
        }
    }
}
