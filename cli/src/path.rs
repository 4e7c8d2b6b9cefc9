//! Paths for people and for programs; they need not be UTF-8.

use std::path::Path;

use serde_json::{Map, Value};

use crate::escape::escaped;

/// The path on a line of a terminal.
pub(crate) fn text(path: &Path) -> String {
    escaped(&path.display().to_string()).into_owned()
}

/// Adds the path as a member. Of one that is not UTF-8 the text has U+FFFD where it is not, and
/// another member, `<key>_bytes`, has all bytes as `\x` and hexadecimal digits.
pub(crate) fn put(object: &mut Map<String, Value>, key: &str, path: Option<&Path>) {
    let text = path.map(|path| path.to_string_lossy().into_owned());
    object.insert(key.to_owned(), text.into());
    if let Some(path) = path.filter(|path| path.to_str().is_none()) {
        let digits = path.as_os_str().as_encoded_bytes().iter().map(|byte| format!("{byte:02x}"));
        let bytes = format!("\\x{}", digits.collect::<String>());
        object.insert(format!("{key}_bytes"), bytes.into());
    }
}

/// An object that begins with this path.
pub(crate) fn object(key: &str, path: Option<&Path>) -> Map<String, Value> {
    let mut object = Map::new();
    put(&mut object, key, path);
    object
}

#[cfg(all(test, unix))]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    use serde_json::json;

    use super::*;

    #[test]
    fn a_path_that_is_not_utf8_is_told_in_bytes_as_well() {
        let path = Path::new(OsStr::from_bytes(b"/a\xff"));
        assert_eq!(
            Value::from(object("path", Some(path))),
            json!({"path": "/a\u{fffd}", "path_bytes": "\\x2f61ff"})
        );
        assert_eq!(Value::from(object("dir", Some("/ü".as_ref()))), json!({"dir": "/ü"}));
        assert_eq!(Value::from(object("dir", None)), json!({"dir": null}));
    }

    #[test]
    fn a_path_cannot_write_to_the_terminal() {
        assert_eq!(text(Path::new("/a\n\u{1b}]0;x\u{7}")), "/a\\n\\u{1b}]0;x\\u{7}");
    }
}
