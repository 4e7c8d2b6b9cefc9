//! The paths that a `use` declaration names, with its groups unfolded.

/// One name that is brought into scope: the segments of its path, and the name it gets.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct UsePath {
    pub(crate) segments: Vec<String>,
    pub(crate) name: String,
}

/// Unfolds what stands between `use` and `;`.
pub(crate) fn unfold(tree: &str) -> Vec<UsePath> {
    let mut paths = Vec::new();
    walk(tree.trim(), &[], &mut paths);
    paths
}

fn walk(tree: &str, prefix: &[String], paths: &mut Vec<UsePath>) {
    let (head, group) = match tree.split_once('{') {
        Some((head, group)) => (head, Some(group.trim_end().trim_end_matches(','))),
        None => (tree, None),
    };
    let (head, alias) = match head.split_once(" as ") {
        Some((head, alias)) => (head, Some(alias.trim())),
        None => (head, None),
    };
    let mut segments = prefix.to_vec();
    segments.extend(head.split("::").map(str::trim).filter(|s| !s.is_empty()).map(String::from));
    let Some(group) = group else {
        let name = alias.or(segments.last().map(String::as_str)).unwrap_or_default().to_owned();
        if !name.is_empty() {
            paths.push(UsePath { segments, name });
        }
        return;
    };
    for branch in branches(group.strip_suffix('}').unwrap_or(group)) {
        walk(branch.trim(), &segments, paths);
    }
}

/// Splits at the commas that stand in no inner group.
fn branches(group: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0_i32, 0, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&group[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&group[start..]);
    parts.retain(|part| !part.trim().is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(tree: &str) -> Vec<String> {
        let line = |path: UsePath| format!("{} = {}", path.name, path.segments.join("::"));
        unfold(tree).into_iter().map(line).collect()
    }

    #[test]
    fn groups_unfold_and_aliases_rename() {
        assert_eq!(lines("engine::Engine"), ["Engine = engine::Engine"]);
        assert_eq!(
            lines("crate::{a::{B as C, d}, e,\n}"),
            ["C = crate::a::B", "d = crate::a::d", "e = crate::e"]
        );
    }
}
