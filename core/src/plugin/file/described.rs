//! What a plugin file says of itself: its note, owned, read without running any of the file.

use std::path::Path;

use super::fields::{self, Fields};
use super::{identity, note, note_json};
use crate::abi::StaticDialect;
use crate::dialect::{OptionClass, Threading, json};
use crate::error::{Error, Result};
use crate::plugin::error;

/// What a dialect says of itself. Nothing of it has been compared with this program or with the
/// file that it stands in: that is [`verify`](crate::plugin::verify)'s part.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Note {
    /// The dialect's name, which is also its scheme: lower case letters, digits and `_`.
    pub name: String,
    /// The dialect's version.
    pub version: String,
    /// One sentence; any text, as all that has no other restriction.
    pub description: String,
    /// The aludel ABI that it was built for: major, minor.
    pub abi: (u16, u16),
    /// Hash of that ABI's layout.
    pub layout: u64,
    /// The target triple that it was built for.
    pub target: String,
    /// The compiler that built it; empty when that is no Rust compiler.
    pub rustc: String,
    /// What a panic does: `unwind` or `abort`.
    pub panic: String,
    /// Further schemes in normal form; what is no scheme is left out.
    pub aliases: Vec<String>,
    /// Drivers that it is made of.
    pub drivers: Vec<String>,
    /// Port when a URL names none; 0 where ports have no meaning.
    pub default_port: u16,
    /// Options of its URLs.
    pub options: Vec<NoteOption>,
    /// What it can do, by name; a newer plugin's may be unknown here.
    pub capabilities: Vec<String>,
    /// Native libraries that must be installed.
    pub requires: Vec<NoteLibrary>,
    /// What its connections need of threads.
    pub threading: Threading,
    /// SPDX expression.
    pub license: String,
    /// Where to read more.
    pub homepage: String,
    /// The whole note, JSON.
    pub text: String,
}

/// A URL option as a note declares it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NoteOption {
    /// Name as it stands in the URL.
    pub name: String,
    /// What values it takes: `text`, `bool`, `integer`, `seconds`, `one_of`, or a newer type.
    pub kind: String,
    /// The words that an option of type `one_of` takes.
    pub values: Vec<String>,
    /// Default as text; empty when there is none.
    pub default: String,
    /// One sentence.
    pub doc: String,
    /// True when values must not be shown.
    pub secret: bool,
    /// True when it may be given more than once.
    pub repeatable: bool,
    /// How dangerous it is in the hands of a stranger; an unknown class is `Code`.
    pub class: OptionClass,
}

/// A native library that a note names, and the packages that bring it; empty where unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NoteLibrary {
    /// Name that the loader looks for, for example `libodbc.so.2`.
    pub soname: String,
    /// Debian's and Ubuntu's package.
    pub debian: String,
    /// Fedora's package.
    pub fedora: String,
    /// Homebrew's formula.
    pub brew: String,
}

impl Note {
    /// Reads the note of a file, whatever the file is called. May block on the file system.
    ///
    /// # Errors
    /// Of kind `Plugin`: the file cannot be read, is no shared library for this machine, is cut
    /// short, or has no note that is well formed.
    ///
    /// ```no_run
    /// let note = aludel::plugin::Note::read("/usr/lib/aludel/libaludel_sqlite.so".as_ref())?;
    /// println!("{} {}", note.name, note.version);
    /// # Ok::<(), aludel::Error>(())
    /// ```
    pub fn read(path: &Path) -> Result<Note> {
        let (file, _) = identity::open(path)?;
        let text = note::glance(&file, path)?;
        Note::parse(&text).map_err(|why| error::not_a_plugin(path, why))
    }

    /// What a dialect says of itself that is linked into the program.
    ///
    /// # Errors
    /// Of kind `Plugin` when it says what no plugin may, for example as its name.
    pub fn of_linked(dialect: StaticDialect) -> Result<Note> {
        let info = dialect.info();
        Note::parse(&json::to_vec(info)).map_err(|why| {
            Error::plugin(format!("dialect `{}` is not described well: {why}", info.name))
        })
    }

    /// Its schemes: the name, then the aliases.
    pub fn schemes(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.name).chain(&self.aliases).map(String::as_str)
    }

    pub(in crate::plugin) fn parse(text: &[u8]) -> Result<Note, String> {
        let value = fields::parse(text)?;
        let head = note_json::head_of(&value)?;
        let fields = Fields::new(&value)?;
        let text_of = |key| owned(&fields, key);
        Ok(Note {
            name: head.name,
            version: head.version,
            description: text_of("description")?,
            abi: head.abi,
            layout: head.layout,
            target: head.target,
            rustc: text_of("rustc")?,
            panic: head.panic,
            aliases: head.aliases,
            drivers: all(&fields, "drivers")?,
            default_port: fields.small("default_port")?.unwrap_or(0),
            options: each(&fields, "options", NoteOption::of)?,
            capabilities: all(&fields, "capabilities")?,
            requires: each(&fields, "requires", NoteLibrary::of)?,
            threading: head.threading,
            license: text_of("license")?,
            homepage: text_of("homepage")?,
            // What parses as JSON is UTF-8.
            text: String::from_utf8_lossy(text).into_owned(),
        })
    }
}

impl NoteOption {
    fn of(fields: &Fields<'_>) -> Result<NoteOption, String> {
        Ok(NoteOption {
            name: fields.required("name")?.to_owned(),
            kind: fields.text("type")?.unwrap_or("text").to_owned(),
            values: all(fields, "values")?,
            default: owned(fields, "default")?,
            doc: owned(fields, "doc")?,
            secret: fields.flag("secret")?.unwrap_or(false),
            repeatable: fields.flag("repeatable")?.unwrap_or(false),
            class: note_json::class(fields)?,
        })
    }
}

impl NoteLibrary {
    fn of(fields: &Fields<'_>) -> Result<NoteLibrary, String> {
        Ok(NoteLibrary {
            soname: fields.required("soname")?.to_owned(),
            debian: owned(fields, "debian")?,
            fedora: owned(fields, "fedora")?,
            brew: owned(fields, "brew")?,
        })
    }
}

fn owned(fields: &Fields<'_>, key: &str) -> Result<String, String> {
    Ok(fields.text(key)?.unwrap_or_default().to_owned())
}

fn all(fields: &Fields<'_>, key: &str) -> Result<Vec<String>, String> {
    Ok(fields.texts(key)?.into_iter().map(str::to_owned).collect())
}

fn each<T>(
    fields: &Fields<'_>,
    key: &'static str,
    read: fn(&Fields<'_>) -> Result<T, String>,
) -> Result<Vec<T>, String> {
    fields.objects(key)?.iter().map(read).collect()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use serde_json::{Value, json};

    use super::Note;
    use crate::abi::{ABI_MAJOR, ABI_MINOR, LAYOUT_HASH, static_dialect};
    use crate::dialect::{OptionClass, Threading};
    use crate::plugin::sample;

    fn note(change: impl FnOnce(&mut Value)) -> Note {
        let mut value = sample::note("toy", &["TOY-2", "a/b"]);
        change(&mut value);
        Note::parse(value.to_string().as_bytes()).unwrap()
    }

    #[test]
    fn a_file_is_described_whatever_it_is_called() {
        let dir = tempfile::tempdir().unwrap();
        let path = sample::write(dir.path(), "toy", &sample::note("toy", &["toy2"]));
        let download = dir.path().join("download (1)");
        std::fs::rename(path, &download).unwrap();
        let note = Note::read(&download).unwrap();
        assert_eq!((note.name.as_str(), note.version.as_str()), ("toy", "0.1.0"));
        assert_eq!((note.abi, note.layout), ((ABI_MAJOR, ABI_MINOR), LAYOUT_HASH));
        assert_eq!(note.schemes().collect::<Vec<_>>(), ["toy", "toy2"]);
        assert_eq!(note.text, sample::note("toy", &["toy2"]).to_string());
    }

    #[test]
    fn everything_that_a_note_declares_is_kept() {
        let note = note(|note| {
            note["description"] = json!("one\u{1b}[2J sentence");
            note["rustc"] = json!("1.99.0");
            note["drivers"] = json!(["d"]);
            note["default_port"] = json!(5432);
            note["capabilities"] = json!(["cancel", "teleport"]);
            note["threading"] = json!("thread_affine");
            note["license"] = json!("MIT");
            note["homepage"] = json!("https://example.org");
            note["options"] = json!([
                {"name": "mode", "type": "one_of", "values": ["a", "b"], "default": "a"},
                {"name": "key", "type": "matrix", "class": "cursed", "secret": true,
                 "repeatable": true, "doc": "dangerous"},
            ]);
            note["requires"] = json!([{"soname": "libx.so.1", "debian": "libx1"}]);
        });
        assert_eq!(note.description, "one\u{1b}[2J sentence");
        assert_eq!((note.rustc.as_str(), note.panic.as_str()), ("1.99.0", "unwind"));
        assert_eq!((note.drivers, note.default_port), (vec!["d".to_owned()], 5432));
        assert_eq!(note.aliases, ["toy_2"]);
        assert_eq!(note.capabilities, ["cancel", "teleport"]);
        assert_eq!(note.threading, Threading::ThreadAffine);
        assert_eq!((note.license.as_str(), note.homepage.as_str()), ("MIT", "https://example.org"));
        let [mode, key] = &note.options[..] else { panic!("{:?}", note.options) };
        assert_eq!((mode.kind.as_str(), mode.default.as_str()), ("one_of", "a"));
        assert_eq!(
            (mode.values.as_slice(), mode.class),
            (["a", "b"].map(String::from).as_slice(), OptionClass::Plain)
        );
        assert_eq!((key.kind.as_str(), key.class), ("matrix", OptionClass::Code));
        assert_eq!((key.secret, key.repeatable, key.doc.as_str()), (true, true, "dangerous"));
        let library = &note.requires[0];
        assert_eq!((library.soname.as_str(), library.debian.as_str()), ("libx.so.1", "libx1"));
        assert_eq!((library.fedora.as_str(), library.brew.as_str()), ("", ""));
    }

    #[test]
    fn a_linked_dialect_is_described_as_its_plugin_would_be() {
        let note = Note::of_linked(static_dialect::<sample::Linked>()).unwrap();
        assert_eq!(note.schemes().collect::<Vec<_>>(), ["linked", "linked_alias"]);
        assert_eq!(note.target, env!("ALUDEL_TARGET"));
        assert!(note.text.starts_with("{\"aludel\":1,\"name\":\"linked\""), "{}", note.text);
    }

    #[test]
    fn a_file_that_is_no_plugin_is_refused_as_when_it_is_loaded() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x");
        std::fs::write(&path, "no library").unwrap();
        let error = Note::read(&path).unwrap_err();
        assert_eq!(
            format!("{error:#}"),
            format!("error[P06]: {} is not an aludel plugin (it is no ELF file)", path.display())
        );
    }
}
