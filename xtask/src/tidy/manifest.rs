//! The dependency tables of a Cargo.toml, read line by line.

/// Which table a dependency stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Table {
    /// `[dependencies]` and `[build-dependencies]`, of any target.
    Normal,
    /// `[dev-dependencies]`, of any target.
    Dev,
    /// `[workspace.dependencies]`.
    Workspace,
}

/// One dependency.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Dependency {
    /// The package, also where it is renamed.
    pub(crate) package: String,
    pub(crate) table: Table,
    /// What stands behind the name, without white space.
    pub(crate) value: String,
    /// Counted from 1.
    pub(crate) line: usize,
    /// Whether a comment stands directly above.
    pub(crate) reasoned: bool,
}

impl Dependency {
    /// Whether the value says `key = …` with this text, such as `default-features` and `false`.
    pub(crate) fn says(&self, key: &str, text: &str) -> bool {
        self.value.contains(&format!("{key}={text}"))
    }
}

/// Reads every dependency of a manifest.
pub(crate) fn dependencies(text: &str) -> Vec<Dependency> {
    let mut found: Vec<Dependency> = Vec::new();
    let mut table = None;
    // `[dependencies.name]` gathers the lines below it into one value.
    let mut gathering = false;
    let mut above = "";
    for (index, line) in text.lines().enumerate() {
        let trimmed = line.trim();
        let reasoned = above.starts_with('#');
        above = trimmed;
        if let Some(header) = trimmed.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            let (name, single) = header_table(header);
            table = name;
            gathering = table.is_some() && single.is_some();
            if let (Some(table), Some(package)) = (table, single) {
                let value = String::new();
                found.push(Dependency { package, table, value, line: index + 1, reasoned });
            }
            continue;
        }
        let Some((key, value)) = trimmed.split_once('=').filter(|_| !trimmed.starts_with('#'))
        else {
            continue;
        };
        let Some(table) = table else {
            continue;
        };
        let value: String = value.split_whitespace().collect();
        if gathering {
            if let Some(last) = found.last_mut() {
                last.value.push_str(&format!("{}={value},", key.trim()));
            }
            continue;
        }
        let (name, field) = match key.trim().split_once('.') {
            Some((name, field)) => (name, format!("{field}=")),
            None => (key.trim(), String::new()),
        };
        let package = name.trim_matches('"').to_owned();
        let value = format!("{field}{value}");
        found.push(Dependency { package, table, value, line: index + 1, reasoned });
    }
    for dependency in &mut found {
        if let Some((_, renamed)) = dependency.value.split_once("package=\"") {
            dependency.package = renamed.split('"').next().unwrap_or_default().to_owned();
        }
    }
    found
}

/// The kind of the table, and the one dependency that the header names, if it names one.
fn header_table(header: &str) -> (Option<Table>, Option<String>) {
    let (place, rest) = match header.rsplit_once("dependencies") {
        Some((place, rest)) => (place, rest),
        None => return (None, None),
    };
    let single = rest.strip_prefix('.').map(|name| name.trim_matches('"').to_owned());
    let table = match place {
        "workspace." => Table::Workspace,
        place if place.ends_with("dev-") => Table::Dev,
        _ => Table::Normal,
    };
    (Some(table), single)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(dependency: &Dependency) -> String {
        format!("{:?} {} {}", dependency.table, dependency.package, dependency.value)
    }

    #[test]
    fn every_spelling_of_a_dependency_is_read() {
        let text = "[package]\nname = \"x\"\n[dependencies]\na = \"1\"\nb.workspace = true\n\
                    c = { version = \"1\", default-features = false }\n\
                    d = { package = \"e\", path = \"../e\" }\n\
                    [target.'cfg(unix)'.build-dependencies]\nf = \"1\"\n[dev-dependencies]\n\
                    g = \"1\"\n[dependencies.h]\nversion = \"1\"\noptional = true\n\
                    [features]\ndefault = [\"a\"]\n";
        let lines: Vec<String> = dependencies(text).iter().map(line).collect();
        let expected = [
            "Normal a \"1\"",
            "Normal b workspace=true",
            "Normal c {version=\"1\",default-features=false}",
            "Normal e {package=\"e\",path=\"../e\"}",
            "Normal f \"1\"",
            "Dev g \"1\"",
            "Normal h version=\"1\",optional=true,",
        ];
        assert_eq!(lines, expected);
    }
}
