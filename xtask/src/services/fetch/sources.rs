//! Where this machine's own apt gets Debian packages from.

use super::settings::Settings;
use crate::services::program::entries;
use std::fs;

/// Debian's suite that always has the newest packages.
const NEWEST: &str = "sid";

/// One archive, suite and what says that it is to be trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Source {
    uri: String,
    suite: String,
    components: String,
    /// Fields such as `Signed-By`, each with its lines.
    options: Vec<String>,
}

impl Source {
    /// The stanza by which apt reads it.
    pub(super) fn stanza(&self) -> String {
        let Self { uri, suite, components, options } = self;
        let options: String = options.iter().map(|field| format!("{field}\n")).collect();
        format!("Types: deb\nURIs: {uri}\nSuites: {suite}\nComponents: {components}\n{options}\n")
    }
}

/// The sources of this system's release, or those of the newest one in the same archive.
pub(super) fn machine(settings: &Settings, newer: bool) -> Result<Vec<Source>, String> {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let field = |name: &str| {
        let line = release.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
        line.map(|value| value.trim_matches('"').to_owned()).unwrap_or_default()
    };
    let codename = field("VERSION_CODENAME");
    if codename.is_empty() {
        return Err("/etc/os-release names no release of Debian or of a system made from it".into());
    }
    let found: Vec<Source> =
        read(settings).into_iter().filter(|one| of_release(one, &codename)).collect();
    if found.is_empty() {
        let (list, parts) = (settings.list.display(), settings.parts.display());
        return Err(format!("apt has no source for {codename} in {list} and {parts}"));
    }
    match (newer, field("ID").as_str()) {
        (false, _) => Ok(found),
        (true, "debian") => newest(found, &codename),
        (true, other) => Err(format!("packages of Debian's newest suite do not fit {other}")),
    }
}

fn of_release(source: &Source, codename: &str) -> bool {
    let rest = source.suite.strip_prefix(codename);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

fn newest(found: Vec<Source>, codename: &str) -> Result<Vec<Source>, String> {
    let main = found.into_iter().find(|one| one.suite == codename).map(|one| Source {
        suite: NEWEST.into(),
        components: "main".into(),
        ..one
    });
    main.map(|source| vec![source])
        .ok_or_else(|| format!("apt has no source for {codename} itself"))
}

fn read(settings: &Settings) -> Vec<Source> {
    let mut files = vec![settings.list.clone()];
    files.extend(entries(&settings.parts));
    let mut found = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap_or_default();
        match file.extension().and_then(|name| name.to_str()) {
            Some("list") => found.extend(text.lines().filter_map(line)),
            Some("sources") => found.extend(stanzas(&text).iter().flat_map(|one| stanza(one))),
            _ => {}
        }
    }
    found
}

/// Reads `deb [signed-by=…] uri suite component…`.
fn line(text: &str) -> Option<Source> {
    let text = text.split('#').next()?.trim().strip_prefix("deb")?;
    let (options, rest) = match text.trim_start().strip_prefix('[') {
        Some(rest) => rest.split_once(']')?,
        None if text.starts_with(char::is_whitespace) => ("", text),
        None => return None,
    };
    let fields = [
        ("signed-by", "Signed-By"),
        ("trusted", "Trusted"),
        ("check-valid-until", "Check-Valid-Until"),
        ("arch", "Architectures"),
    ];
    let options = options
        .split_whitespace()
        .filter_map(|option| option.split_once('='))
        .filter_map(|(key, value)| {
            let (_, name) = fields.iter().find(|(known, _)| *known == key)?;
            Some(format!("{name}: {}", value.replace(',', " ")))
        })
        .collect();
    let mut words = rest.split_whitespace();
    let (uri, suite) = (words.next()?.to_owned(), words.next()?.to_owned());
    let components: Vec<&str> = words.collect();
    Some(Source { uri, suite, components: components.join(" "), options })
}

/// The stanzas of a file, each with its fields, which may go on over lines that begin with a blank.
fn stanzas(text: &str) -> Vec<Vec<String>> {
    let mut all: Vec<Vec<String>> = vec![Vec::new()];
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let last = all.last_mut().and_then(|fields| fields.last_mut());
        match (line.trim().is_empty(), line.starts_with([' ', '\t']), last) {
            (true, _, _) => all.push(Vec::new()),
            (false, true, Some(field)) => *field += &format!("\n{line}"),
            _ => all.last_mut().into_iter().for_each(|fields| fields.push(line.to_owned())),
        }
    }
    all.retain(|fields| !fields.is_empty());
    all
}

fn stanza(fields: &[String]) -> Vec<Source> {
    let value = |name: &str| {
        let found = fields.iter().filter_map(|field| field.split_once(':'));
        found
            .filter(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.split_whitespace().collect::<Vec<_>>().join(" "))
            .next()
            .unwrap_or_default()
    };
    let disabled = value("Enabled").eq_ignore_ascii_case("no");
    if disabled || !value("Types").split(' ').any(|word| word == "deb") {
        return Vec::new();
    }
    let kept = ["signed-by", "trusted", "check-valid-until", "architectures"];
    let options: Vec<String> = fields
        .iter()
        .filter(|field| {
            let key = field.split(':').next().unwrap_or_default().to_lowercase();
            kept.contains(&key.as_str())
        })
        .cloned()
        .collect();
    let (uris, suites, components) = (value("URIs"), value("Suites"), value("Components"));
    let pairs = uris.split(' ').flat_map(|uri| suites.split(' ').map(move |suite| (uri, suite)));
    pairs
        .map(|(uri, suite)| Source {
            uri: uri.into(),
            suite: suite.into(),
            components: components.clone(),
            options: options.clone(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_stanzas_say_the_same() {
        let one = line("deb [signed-by=/k.gpg arch=amd64,arm64] file:/d bookworm main contrib # x");
        let text = "# c\nTypes: deb deb-src\nURIs: file:/d\nSuites: bookworm bookworm-updates\n\
                    Components: main contrib\nSigned-By: /k.gpg\nArchitectures: amd64 arm64\n\n\
                    Types: deb\nEnabled: no\nURIs: file:/x\nSuites: bookworm\nComponents: main\n";
        let many: Vec<Source> = stanzas(text).iter().flat_map(|fields| stanza(fields)).collect();
        let expected = Source {
            uri: "file:/d".into(),
            suite: "bookworm".into(),
            components: "main contrib".into(),
            options: vec!["Signed-By: /k.gpg".into(), "Architectures: amd64 arm64".into()],
        };
        assert_eq!(one.as_ref(), Some(&expected));
        assert_eq!(many.len(), 2);
        assert_eq!(many[0], expected);
        assert_eq!(many[1].suite, "bookworm-updates");
        let again: Vec<Source> =
            stanzas(&expected.stanza()).iter().flat_map(|fields| stanza(fields)).collect();
        assert_eq!(again, [expected]);
    }

    #[test]
    fn a_key_inside_a_stanza_keeps_its_lines() {
        let text = "Types: deb\nURIs: file:/d\nSuites: x\nComponents: main\n\
                    Signed-By:\n -----BEGIN-----\n .\n abc\n";
        let source = stanza(&stanzas(text)[0]).remove(0);
        assert_eq!(source.options, ["Signed-By:\n -----BEGIN-----\n .\n abc"]);
    }

    #[test]
    fn sources_of_other_vendors_and_comments_are_left_out() {
        assert_eq!(line("# deb file:/d bookworm main"), None);
        assert_eq!(line("deb-src file:/d bookworm main"), None);
        let source = |suite: &str| line(&format!("deb file:/d {suite} main")).unwrap();
        assert!(of_release(&source("bookworm"), "bookworm"));
        assert!(of_release(&source("bookworm-security"), "bookworm"));
        assert!(!of_release(&source("nodistro"), "bookworm"));
    }

    #[test]
    fn the_newest_suite_comes_from_the_archive_of_the_release() {
        let found = ["bookworm-updates", "bookworm"].map(|suite| {
            line(&format!("deb [signed-by=/k.gpg] file:/d {suite} main contrib")).unwrap()
        });
        let newest = newest(found.to_vec(), "bookworm").unwrap();
        assert_eq!(newest[0].suite, NEWEST);
        assert_eq!(newest[0].components, "main");
        assert_eq!(newest[0].options, ["Signed-By: /k.gpg"]);
    }
}
