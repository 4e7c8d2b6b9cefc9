//! The password file: `host:port:database:user:password`, one a line.

use std::path::Path;

use zeroize::Zeroizing;

use super::Secret;

/// Whom a password is for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Login<'l> {
    /// Name or address as written; `localhost` for the default socket.
    pub(super) host: &'l str,
    pub(super) port: u16,
    pub(super) database: &'l str,
    pub(super) user: &'l str,
}

/// The lines of a password file.
#[derive(Debug)]
pub(super) struct PasswordFile {
    text: Text,
}

/// Wiped when dropped, never printed.
struct Text(Zeroizing<Vec<u8>>);

impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

impl PasswordFile {
    /// Reads the file; `None` when there is none.
    ///
    /// # Errors
    /// Why a file that is there is left out, as libpq does: nobody but its owner may read it.
    pub(super) fn read(path: &Path) -> Result<Option<Self>, String> {
        let left_out = |why: String| format!("password file {} is left out: {why}", path.display());
        let Ok(metadata) = std::fs::metadata(path) else { return Ok(None) };
        if !metadata.is_file() {
            return Err(left_out("it is no plain file".to_owned()));
        }
        if is_open_to_others(&metadata) {
            return Err(left_out(
                "group or others have access to it; chmod 0600 makes it usable".to_owned(),
            ));
        }
        match std::fs::read(path) {
            Ok(bytes) => Ok(Some(PasswordFile { text: Text(Zeroizing::new(bytes)) })),
            Err(error) => Err(left_out(error.to_string())),
        }
    }

    /// The password of the first line that matches.
    pub(super) fn password(&self, login: &Login<'_>) -> Option<Secret> {
        let lines = self.text.0.split(|byte| *byte == b'\n');
        // A line that is not UTF-8 can match no name of ours.
        let lines = lines.filter_map(|line| std::str::from_utf8(line).ok());
        lines.filter(|line| !line.starts_with('#')).find_map(|line| password_of(line, login))
    }
}

/// Where the password file is, unless a setting says otherwise.
pub(super) const DEFAULT: &str = ".pgpass";

#[cfg(unix)]
fn is_open_to_others(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;

    metadata.mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn is_open_to_others(_: &std::fs::Metadata) -> bool {
    false
}

fn password_of(line: &str, login: &Login<'_>) -> Option<Secret> {
    let port = login.port.to_string();
    let mut rest = line.strip_suffix('\r').unwrap_or(line);
    for wanted in [login.host, &port, login.database, login.user] {
        let (matches, after) = field(rest, wanted)?;
        if !matches {
            return None;
        }
        rest = after;
    }
    let mut password = Zeroizing::new(String::with_capacity(rest.len()));
    let mut characters = rest.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => password.extend(characters.next()),
            character => password.push(character),
        }
    }
    Some(Secret::new(password.as_str()))
}

/// Whether the first field is this text or `*`, and what follows its colon.
fn field<'l>(line: &'l str, wanted: &str) -> Option<(bool, &'l str)> {
    if let Some(rest) = line.strip_prefix("*:") {
        return Some((true, rest));
    }
    let mut wanted = wanted.chars();
    let mut matches = true;
    let mut characters = line.char_indices();
    while let Some((at, character)) = characters.next() {
        let character = match character {
            ':' => return Some((matches && wanted.next().is_none(), &line[at + 1..])),
            '\\' => characters.next()?.1,
            character => character,
        };
        matches &= wanted.next() == Some(character);
    }
    None
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn file(text: &str, mode: u32) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file.as_file().set_permissions(std::fs::Permissions::from_mode(mode)).unwrap();
        file
    }

    fn find(text: &str, host: &str, port: u16, database: &str, user: &str) -> Option<String> {
        let file = file(text, 0o600);
        let read = PasswordFile::read(file.path()).unwrap().unwrap();
        let login = Login { host, port, database, user };
        read.password(&login).map(|secret| secret.expose().to_owned())
    }

    const LINES: &str = "# host:5432:db:ann:comment\n\
                         host:5432:db:ann:first\r\n\
                         host:5432:db:ann:second\n\
                         *:5433:*:ann:by:colon\\\\s\\:\n\
                         odd\\:ho\\\\st:*:d\\*b:*:escaped\n\
                         *:*:*:bob:*\n\
                         \n\
                         broken:line\n\
                         last:1:d:u:no line break";

    #[test]
    fn the_first_line_that_matches_gives_the_password() {
        let found = |host, port, database, user| find(LINES, host, port, database, user);
        assert_eq!(found("host", 5432, "db", "ann").as_deref(), Some("first"));
        assert_eq!(found("other", 5433, "any", "ann").as_deref(), Some("by:colon\\s:"));
        assert_eq!(found("odd:ho\\st", 9, "d*b", "x").as_deref(), Some("escaped"));
        assert_eq!(found("host", 5432, "db", "bob").as_deref(), Some("*"));
        assert_eq!(found("last", 1, "d", "u").as_deref(), Some("no line break"));
        for (host, port, user) in
            [("hos", 5432, "ann"), ("hostt", 5432, "ann"), ("host", 543, "ann")]
        {
            assert_eq!(found(host, port, "db", user), None, "{host}:{port}");
        }
    }

    #[test]
    fn a_file_that_others_may_read_is_left_out() {
        for mode in [0o640, 0o604, 0o660] {
            let file = file(LINES, mode);
            let why = PasswordFile::read(file.path()).unwrap_err();
            assert!(why.ends_with("chmod 0600 makes it usable"), "{why}");
            assert!(why.contains(&file.path().display().to_string()));
        }
    }

    #[test]
    fn what_is_no_file_is_left_out_and_what_is_not_there_is_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let why = PasswordFile::read(directory.path()).unwrap_err();
        assert!(why.ends_with("it is no plain file"), "{why}");
        assert!(PasswordFile::read(&directory.path().join("missing")).unwrap().is_none());
    }

    #[test]
    fn the_lines_are_never_printed() {
        let file = file("h:1:d:u:hunter2", 0o600);
        let read = PasswordFile::read(file.path()).unwrap().unwrap();
        assert!(!format!("{read:?}").contains("hunter2"));
    }

    proptest::proptest! {
        #[test]
        fn any_line_is_survived_and_an_escaped_password_comes_back(line in ".*", password in "[^\r\n]*") {
            let login = Login { host: "h", port: 1, database: "d", user: "u" };
            let _ = password_of(&line, &login);
            let escaped = password.replace('\\', "\\\\").replace(':', "\\:");
            let found = password_of(&format!("h:1:*:u:{escaped}"), &login).unwrap();
            proptest::prop_assert_eq!(found.expose(), password.as_str());
        }
    }
}
