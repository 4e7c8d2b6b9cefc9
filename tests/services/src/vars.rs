//! The environment variables by which tests and people find the servers.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::ops::Index;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Variables in the order in which they were set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vars(Vec<(String, String)>);

impl Vars {
    /// Sets `name`, in place when it is there already.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        let (name, value) = (name.into(), value.into());
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some(pair) => pair.1 = value,
            None => self.0.push((name, value)),
        }
    }

    /// The value of `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Adds everything that `other` has.
    pub fn extend(&mut self, other: Self) {
        for (name, value) in other.0 {
            self.set(name, value);
        }
    }

    /// Names and values.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Lines that a POSIX shell can evaluate.
    pub fn exports(&self) -> String {
        self.pairs().map(|(name, value)| format!("export {name}={}\n", quoted(value))).collect()
    }

    /// Writes the exports to a file that nobody else can read, since passwords stand in it.
    pub fn save(&self, path: &Path) -> Result<(), String> {
        write_private(path, &self.exports())
    }

    /// Reads what [`Vars::save`] wrote.
    pub fn load(path: &Path) -> Result<Self, String> {
        let text = fs::read_to_string(path)
            .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        let mut vars = Self::default();
        for line in text.lines() {
            let pair = line.strip_prefix("export ").and_then(|rest| rest.split_once('='));
            let (name, value) = pair.ok_or_else(|| format!("{} is damaged", path.display()))?;
            vars.set(name, value.trim_matches('\'').replace("'\\''", "'"));
        }
        Ok(vars)
    }
}

impl Index<&str> for Vars {
    type Output = str;

    /// The value of `name`.
    ///
    /// # Panics
    ///
    /// When it is not set.
    fn index(&self, name: &str) -> &str {
        self.get(name).unwrap_or_else(|| panic!("{name} is not set"))
    }
}

/// Writes a file that only this program's user can read.
pub fn write_private(path: &Path, text: &str) -> Result<(), String> {
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|error| format!("cannot write {}: {error}", path.display()))
}

/// `value` as one word of a shell.
pub fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn what_is_saved_is_read_back_and_is_private() {
        let mut vars = Vars::default();
        vars.set("ALUDEL_PG_URL", "postgresql://u:p@h/d?a=b&c=d");
        vars.set("ALUDEL_X", "it's $HOME");
        vars.set("ALUDEL_X", "isn't");
        let path = std::env::temp_dir().join(format!("aludel-vars-{}", std::process::id()));
        vars.save(&path).unwrap();
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(Vars::load(&path).unwrap(), vars);
        assert_eq!(vars.get("ALUDEL_X"), Some("isn't"));
        fs::remove_file(&path).unwrap();
    }

    #[test]
    fn a_shell_reads_the_exports_as_they_were_set() {
        let mut vars = Vars::default();
        vars.set("ALUDEL_X", "a b'c\"$d");
        let script = format!("{}printf %s \"$ALUDEL_X\"", vars.exports());
        let output = std::process::Command::new("sh").args(["-c", &script]).output().unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), "a b'c\"$d");
    }
}
