//! The links on the way to a file: whoever may replace one of them decides which file it is.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Most links that are followed, as the system does.
const MOST: usize = 40;

/// The links that an absolute path leads through, in their order, each with the directory that it
/// really lies in.
pub(super) fn on_the_way(path: &Path) -> Vec<PathBuf> {
    let mut links = Vec::new();
    let mut real = PathBuf::new();
    let mut ahead = reversed(path);
    while let Some(part) = ahead.pop() {
        if part == ".." {
            real.pop();
            continue;
        }
        let next = real.join(part);
        match std::fs::read_link(&next) {
            Ok(target) if links.len() < MOST => {
                ahead.extend(reversed(&target));
                links.push(next);
            }
            _ => real = next,
        }
    }
    links
}

fn reversed(path: &Path) -> Vec<OsString> {
    path.components().rev().map(|part| part.as_os_str().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::{MOST, on_the_way};

    #[test]
    fn every_link_is_found_where_it_really_lies() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path().canonicalize().unwrap();
        for dir in ["real/inner", "other"] {
            std::fs::create_dir_all(root.join(dir)).unwrap();
        }
        std::fs::write(root.join("real/inner/file"), "").unwrap();
        symlink("real", root.join("relative")).unwrap();
        symlink(root.join("relative/inner"), root.join("other/absolute")).unwrap();
        symlink("../../other/absolute/file", root.join("real/inner/link")).unwrap();
        assert_eq!(
            on_the_way(&root.join("relative/inner/link")),
            ["relative", "real/inner/link", "other/absolute", "relative"].map(|at| root.join(at))
        );
        assert!(on_the_way(&root.join("real/inner/file")).is_empty());
    }

    #[test]
    fn a_circle_of_links_ends() {
        let root = tempfile::tempdir().unwrap();
        let link = root.path().canonicalize().unwrap().join("link");
        symlink(&link, &link).unwrap();
        assert_eq!(on_the_way(&link).len(), MOST);
    }
}
