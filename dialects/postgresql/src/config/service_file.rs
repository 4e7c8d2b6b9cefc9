//! Service files: settings by the name of a service, as libpq reads them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use aludel::{Error, Result};

use super::environment::Environment;
use super::option_table;

/// The settings of one service.
#[derive(Debug, PartialEq)]
pub(super) struct Service {
    /// By name; the first of a name counts.
    pub(super) values: HashMap<String, String>,
    /// For messages.
    pub(super) place: String,
}

/// Finds a service: in the file that is named, else in the user's, else in the system's.
///
/// # Errors
/// `Argument` when there is no such service, or a file cannot be understood.
pub(super) fn find(name: &str, named: Option<&Path>, environment: &Environment) -> Result<Service> {
    if let Some(file) = named
        && !file.exists()
    {
        return Err(Error::argument(format!("service file {} is not there", file.display())));
    }
    let of_user = match named {
        Some(file) => Some(file.to_owned()),
        None => environment.in_home(".pg_service.conf"),
    };
    let of_system = match environment.variable("PGSYSCONFDIR")? {
        Some(directory) => vec![PathBuf::from(directory)],
        None => environment.system_directories.clone(),
    };
    let of_system = of_system.into_iter().map(|directory| directory.join("pg_service.conf"));
    let files: Vec<PathBuf> = of_user.into_iter().chain(of_system).collect();
    for file in files.iter().filter(|file| file.exists()) {
        if let Some(service) = read(name, file)? {
            return Ok(service);
        }
    }
    Err(missing(name, &files))
}

/// Finds a service in this file alone.
///
/// # Errors
/// As [`find`].
pub(super) fn find_in(name: &str, file: &Path) -> Result<Service> {
    read(name, file)?.ok_or_else(|| missing(name, &[file.to_owned()]))
}

fn read(name: &str, file: &Path) -> Result<Option<Service>> {
    let text = std::fs::read(file).map_err(|error| {
        Error::argument(format!("service file {} cannot be read: {error}", file.display()))
            .with_source(error)
    })?;
    let text = String::from_utf8(text)
        .map_err(|_| Error::argument(format!("service file {} is not UTF-8", file.display())))?;
    let values = parse(name, &text).map_err(|(line, what)| {
        Error::argument(format!("service file {}, line {line}: {what}", file.display()))
    })?;
    let place = format!("service `{name}` of {}", file.display());
    Ok(values.map(|values| Service { values, place }))
}

/// The settings of a service, or the number of the line that is wrong and why. Other services are
/// not looked at.
fn parse(name: &str, text: &str) -> Result<Option<HashMap<String, String>>, (usize, String)> {
    let mut found: Option<HashMap<String, String>> = None;
    let mut inside = false;
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(group) = line.strip_prefix('[') {
            if found.is_some() {
                break;
            }
            inside = group.strip_suffix(']') == Some(name);
            found = inside.then(HashMap::new);
        } else if let Some(values) = found.as_mut().filter(|_| inside) {
            let (key, value) = entry(line).map_err(|what| (number, what))?;
            values.entry(key.to_owned()).or_insert_with(|| value.to_owned());
        }
    }
    Ok(found)
}

fn entry(line: &str) -> Result<(&str, &str), String> {
    if line.starts_with("ldap") {
        return Err("settings from LDAP are not supported".to_owned());
    }
    let (key, value) = line.split_once('=').ok_or("a setting is written name=value")?;
    match key {
        "service" | "servicefile" => Err(format!("`{key}` cannot stand in a service file")),
        _ if option_table::is_of_libpq(key) => Ok((key, value)),
        _ => Err(format!("there is no setting `{key}`")),
    }
}

#[cold]
fn missing(name: &str, files: &[PathBuf]) -> Error {
    let mut error = Error::argument(format!("there is no service `{name}`"))
        .with_help(format!("write [{name}] and below it host=…, dbname=… into a service file"));
    for file in files {
        error = error.with_note("searched", file.display().to_string());
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# comment\n\n[other]\nthis is not read\n[ mine ]\n\
                        [mine]\n  host=db.example.org  \nport=5433\r\nport=1\n\
                        application_name=a = b\n[mine]\nhost=never\n";

    #[test]
    fn the_first_group_of_a_name_counts_and_in_it_the_first_of_a_setting() {
        let values = parse("mine", FILE).unwrap().unwrap();
        assert_eq!(values["host"], "db.example.org");
        assert_eq!(values["port"], "5433");
        assert_eq!(values["application_name"], "a = b");
        assert_eq!(values.len(), 3);
        assert_eq!(parse("missing", FILE).unwrap(), None);
        assert_eq!(parse("empty", "[empty]\n[other]\n").unwrap().unwrap().len(), 0);
    }

    #[test]
    fn lines_that_mean_nothing_are_refused_with_their_number() {
        for (line, what) in [
            ("host", "a setting is written name=value"),
            ("hots=x", "there is no setting `hots`"),
            ("host =x", "there is no setting `host `"),
            ("service=x", "`service` cannot stand in a service file"),
            ("ldap://server", "settings from LDAP are not supported"),
        ] {
            let text = format!("[mine]\nport=1\n{line}\n");
            assert_eq!(parse("mine", &text).unwrap_err(), (3, what.to_owned()));
        }
    }

    #[test]
    fn the_users_file_comes_before_that_of_the_system() {
        let (home, system) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::fs::write(home.path().join(".pg_service.conf"), "[a]\nhost=user\n").unwrap();
        std::fs::write(system.path().join("pg_service.conf"), "[a]\nhost=no\n[b]\nhost=system\n")
            .unwrap();
        let text = |directory: &tempfile::TempDir| directory.path().to_str().unwrap().to_owned();
        let environment =
            Environment::of(&[("HOME", &text(&home)), ("PGSYSCONFDIR", &text(&system))]);
        let host = |name| find(name, None, &environment).map(|found| found.values["host"].clone());
        assert_eq!(host("a").unwrap(), "user");
        assert_eq!(host("b").unwrap(), "system");
        let error = host("c").unwrap_err();
        assert_eq!(error.message(), "there is no service `c`");
        assert_eq!(error.notes().count(), 2);

        let named = home.path().join("other.conf");
        let error = find("a", Some(&named), &environment).unwrap_err();
        assert!(error.message().ends_with("other.conf is not there"), "{error}");
        std::fs::write(&named, "[c]\nhost=named\n").unwrap();
        assert_eq!(find("c", Some(&named), &environment).unwrap().values["host"], "named");
        assert_eq!(find("b", Some(&named), &environment).unwrap().values["host"], "system");
    }
}
