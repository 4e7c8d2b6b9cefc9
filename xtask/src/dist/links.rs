//! Links of the documentation that lead out of the tarball, made to lead into the repository.

use std::path::{Component, Path, PathBuf};

/// Where the sources of this version are read.
const SOURCES: &str =
    concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/v", env!("CARGO_PKG_VERSION"), "/");

/// The text of a Markdown file at this path of the repository, as it reads in the tarball:
/// `is_packed` tells which paths of the repository are in it too.
pub(super) fn outward(text: &str, page: &Path, is_packed: impl Fn(&Path) -> bool) -> String {
    let folder = page.parent().unwrap_or(Path::new(""));
    let mut made = String::with_capacity(text.len());
    let mut pieces = text.split("](");
    made.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        made.push_str("](");
        let target = piece.split([')', '#']).next().unwrap_or_default();
        match inside(folder, target) {
            Some(path) if !is_packed(&path) => {
                made.push_str(SOURCES);
                made.push_str(&path.to_string_lossy());
                made.push_str(&piece[target.len()..]);
            }
            _ => made.push_str(piece),
        }
    }
    made
}

/// The path in the repository to which a relative link leads.
fn inside(folder: &Path, target: &str) -> Option<PathBuf> {
    if target.is_empty() || target.contains([':', ' ']) {
        return None;
    }
    let mut path = PathBuf::new();
    for part in folder.join(target).components() {
        match part {
            Component::ParentDir => path.pop().then_some(())?,
            Component::CurDir => {}
            part => path.push(part),
        }
    }
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        outward(text, Path::new("docs/guide/1.md"), |path| path.starts_with("docs"))
    }

    #[test]
    fn a_link_to_a_source_leads_into_the_repository() {
        assert_eq!(
            shown("see [it](../../core/src/lib.rs#L3) and [b](x.md)"),
            format!("see [it]({SOURCES}core/src/lib.rs#L3) and [b](x.md)")
        );
    }

    #[test]
    fn links_to_packed_files_to_the_web_and_to_the_page_itself_stay() {
        for text in ["[a](../pool.md#kinds)", "[b](https://docs.rs/x)", "[c](#d)", "`v[0](1 + 2)`"]
        {
            assert_eq!(shown(text), text);
        }
    }
}
