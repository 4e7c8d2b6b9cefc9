//! Rule: a relative link of a Markdown file leads to a file or folder of the repository.

use super::violation::Violation;

const RULE: &str = "links";

/// Checks inline links and link definitions; `exists` answers for a path from the root.
pub(crate) fn check(path: &str, text: &str, exists: &dyn Fn(&str) -> bool) -> Vec<Violation> {
    let mut violations = Vec::new();
    let mut fenced = false;
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        if fenced {
            continue;
        }
        for target in targets(&without_code(line)) {
            if !leads_somewhere(path, &target, exists) {
                let message = format!("{target} does not exist");
                violations.push(Violation::new(path, index + 1, RULE, message));
            }
        }
    }
    violations
}

/// The line without what stands between backticks.
fn without_code(line: &str) -> String {
    let even = |(index, part)| (index % 2 == 0).then_some(part);
    line.split('`').enumerate().filter_map(even).collect::<Vec<&str>>().join("`")
}

fn targets(line: &str) -> Vec<String> {
    let inline = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let definition =
        line.strip_prefix('[').and_then(|rest| rest.split_once("]:")).map(|(_, target)| target);
    inline
        .chain(definition)
        .filter_map(|target| target.split_whitespace().next())
        .map(|target| target.trim_matches(['<', '>']).to_owned())
        .collect()
}

fn leads_somewhere(path: &str, target: &str, exists: &dyn Fn(&str) -> bool) -> bool {
    let file = target.split('#').next().unwrap_or_default();
    let absolute = target.contains("://") || target.starts_with("mailto:");
    file.is_empty() || absolute || resolve(path, file).is_some_and(|file| exists(&file))
}

/// The path from the root that `target` means in the file `path`; none when it leaves the root.
fn resolve(path: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(path: &str, text: &str) -> Vec<String> {
        let exists = |path: &str| ["README.md", "docs", "docs/abi.md"].contains(&path);
        check(path, text, &exists).into_iter().map(|violation| violation.message).collect()
    }

    #[test]
    fn links_that_resolve_are_clean() {
        let text = "[a](docs/abi.md#cells) [b](#here) [c](https://example.org/x) ![d](docs/)\n\
                    [e]: README.md \"title\"\n";
        assert_eq!(broken("README.md", text), Vec::<String>::new());
        assert_eq!(broken("docs/abi.md", "[up](../README.md) [me](abi.md)"), Vec::<String>::new());
    }

    #[test]
    fn links_that_lead_nowhere_are_found() {
        assert_eq!(broken("README.md", "[a](docs/no.md)"), ["docs/no.md does not exist"]);
        assert_eq!(broken("README.md", "[a](../README.md)"), ["../README.md does not exist"]);
        assert_eq!(broken("docs/abi.md", "[a]: README.md"), ["README.md does not exist"]);
    }

    #[test]
    fn code_holds_no_links() {
        assert_eq!(broken("README.md", "`[a](b)`\n```\n[a](b)\n```\n"), Vec::<String>::new());
    }
}
