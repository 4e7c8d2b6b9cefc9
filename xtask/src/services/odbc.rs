//! unixODBC with ini files of its own: a driver and a data source for every server that has one.

use super::fetch::missing;
use super::home::Home;
use super::postgres::USER;
use super::program;
use super::report::Report;
use super::vars::{Vars, write_private};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// A driver and how its data source is named.
struct Driver {
    /// The part of its names.
    name: &'static str,
    file: &'static str,
    /// The set of packages that has it.
    set: &'static str,
    /// The words of its data source, if the server behind it is up.
    source: fn(&Path, &Vars) -> Option<String>,
}

const DRIVERS: [Driver; 5] = [
    Driver {
        name: "sqlite",
        file: "libsqlite3odbc.so",
        set: "odbc",
        source: |dir, _| Some(format!("Database={}\n", dir.join("sqlite.db").display())),
    },
    Driver {
        name: "pg",
        file: "psqlodbcw.so",
        set: "odbc",
        source: |_, vars| {
            let server = reach(vars, "PG", ["Servername", "Port", "UserName", "Password"])?;
            let options = "SSLmode=disable\nByteaAsLongVarBinary=1\nBoolsAsChar=0\n";
            Some(format!("{server}Database={USER}\n{options}"))
        },
    },
    Driver {
        name: "mariadb",
        file: "libmaodbc.so",
        set: "odbc",
        source: |_, vars| {
            let server = reach(vars, "MARIADB", ["SERVER", "PORT", "UID", "PWD"])?;
            Some(format!("{server}DATABASE={USER}\n"))
        },
    },
    Driver {
        name: "tds",
        file: "libtdsodbc.so",
        set: "odbc",
        // There is no such server: nothing listens there, and the driver has to say so.
        source: |_, _| Some("Server=127.0.0.1\nPort=1\nTDS_Version=7.4\n".into()),
    },
    Driver {
        name: "virtuoso",
        file: "virtodbc.so",
        set: "virtuoso",
        source: |_, vars| {
            let port = vars.get("ALUDEL_VIRTUOSO_PORT")?;
            let password = vars.get("ALUDEL_VIRTUOSO_PASSWORD")?;
            Some(format!("Address=127.0.0.1:{port}\nUserName={USER}\nPassword={password}\n"))
        },
    },
];

/// Host, port, user and password of a server, each with the name that its driver has for it.
fn reach(vars: &Vars, server: &str, names: [&str; 4]) -> Option<String> {
    let keys = ["HOST", "PORT", "USER", "PASSWORD"];
    names
        .iter()
        .zip(keys)
        .map(|(name, key)| {
            Some(format!("{name}={}\n", vars.get(&format!("ALUDEL_{server}_{key}"))?))
        })
        .collect()
}

/// Whether isql and the drivers of the set `odbc` are at hand.
pub(crate) fn complete() -> bool {
    let drivers = DRIVERS.iter().filter(|driver| driver.set == "odbc");
    program::find("isql", "odbc").is_some()
        && drivers.into_iter().all(|driver| find(driver).is_some())
}

/// The shared library of a driver.
fn find(driver: &Driver) -> Option<PathBuf> {
    program::roots(driver.set).flat_map(|root| program::libraries(&root)).find_map(|folder| {
        let file = folder.join("odbc").join(driver.file);
        file.is_file().then_some(file)
    })
}

/// Writes the ini files for the servers in `vars`, and adds the variables that point to them.
pub(crate) fn configure(home: &Home, vars: &mut Vars) -> Result<Vec<Report>, String> {
    let dir = home.dir().join("odbc");
    // Of this program's user, who runs the tests; passwords stand in the files.
    fs::create_dir(&dir)
        .and_then(|()| fs::set_permissions(&dir, Permissions::from_mode(0o700)))
        .map_err(|error| format!("cannot make {}: {error}", dir.display()))?;
    let (mut drivers, mut sources, mut reports) = (String::new(), String::new(), Vec::new());
    for driver in &DRIVERS {
        let name = driver.name;
        let found = find(driver).ok_or_else(|| missing(driver.file, driver.set));
        if let Ok(file) = &found {
            drivers += &format!("[aludel_{name}]\nDriver={}\n\n", file.display());
            if let Some(words) = (driver.source)(&dir, vars) {
                sources += &format!("[aludel_{name}]\nDriver=aludel_{name}\n{words}\n");
                vars.set(format!("ALUDEL_ODBC_{}_URL", name.to_uppercase()), url(name, vars));
            }
        }
        let result = found.map(|_| driver.file.to_owned());
        reports.push(Report { name: format!("odbc-{name}"), result, seconds: 0.0 });
    }
    write_private(&dir.join("odbcinst.ini"), &drivers)?;
    write_private(&dir.join("odbc.ini"), &sources)?;
    vars.set("ODBCSYSINI", dir.display().to_string());
    vars.set("ODBCINSTINI", "odbcinst.ini");
    vars.set("ODBCINI", dir.join("odbc.ini").display().to_string());
    let libraries: Vec<String> = ["odbc", "virtuoso"]
        .iter()
        .filter_map(|set| program::tree(set).ok())
        .flat_map(|tree| program::libraries(&tree))
        .map(|folder| folder.display().to_string())
        .collect();
    if !libraries.is_empty() {
        vars.set("ALUDEL_ODBC_LIBRARY_PATH", libraries.join(":"));
    }
    if let Some(isql) = program::find("isql", "odbc") {
        home.client("isql", &isql, "")?;
    }
    Ok(reports)
}

fn url(name: &str, vars: &Vars) -> String {
    let server = name.to_uppercase();
    match vars.get(&format!("ALUDEL_{server}_PASSWORD")) {
        Some(password) => format!("odbc://{USER}:{password}@aludel_{name}"),
        None => format!("odbc://aludel_{name}"),
    }
}
