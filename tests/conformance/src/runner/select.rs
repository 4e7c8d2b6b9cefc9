//! Which cases are run.

use crate::case::{Case, Group};

/// A choice of cases.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selection {
    group: Option<Group>,
    pattern: Option<String>,
}

impl Selection {
    /// All of them.
    pub fn all() -> Self {
        Selection::default()
    }

    /// Those of a group.
    pub fn group(group: Group) -> Self {
        Selection { group: Some(group), pattern: None }
    }

    /// Those whose whole name matches a pattern, in which `*` stands for any text. A name without
    /// `*` chooses the case of that name; a text without `/` is looked for in all titles.
    pub fn matching(pattern: impl Into<String>) -> Self {
        Selection { group: None, pattern: Some(pattern.into()) }
    }

    /// True when the case is chosen.
    pub fn contains(&self, case: &Case) -> bool {
        if self.group.is_some_and(|group| group != case.group) {
            return false;
        }
        match self.pattern.as_deref() {
            None => true,
            Some(pattern) if pattern.contains('/') => matches(pattern, &case.name()),
            Some(pattern) if pattern.contains('*') => matches(pattern, case.title),
            Some(pattern) => case.title.contains(pattern) || case.group.name() == pattern,
        }
    }
}

/// Whether a pattern with `*` matches all of a text.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((head, tail)) => text.strip_prefix(head).is_some_and(|rest| {
            rest.char_indices()
                .map(|(at, _)| at)
                .chain([rest.len()])
                .any(|at| matches(tail, &rest[at..]))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_names() {
        for (pattern, text, expected) in [
            ("a/b", "a/b", true),
            ("a/b", "a/bc", false),
            ("a/*", "a/bc", true),
            ("*b*", "a/bc", true),
            ("a*c*d", "abcbd", true),
            ("a*c*d", "abd", false),
            ("*", "", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn cases_are_chosen_by_group_name_or_pattern() {
        let count = |selection: Selection| {
            crate::cases::all().filter(|case| selection.contains(case)).count()
        };
        let of_group = crate::cases::all().filter(|case| case.group == Group::Reset).count();
        assert_eq!(count(Selection::group(Group::Reset)), of_group);
        assert_eq!(count(Selection::matching("reset")), of_group);
        assert_eq!(count(Selection::matching("reset/*")), of_group);
        assert_eq!(count(Selection::all()), crate::cases::all().count());
        for case in crate::cases::all() {
            assert_eq!(count(Selection::matching(case.name())), 1, "{case:?}");
        }
        assert_eq!(count(Selection::matching("no/such_case")), 0);
    }
}
