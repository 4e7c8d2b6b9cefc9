//! The cache of `ldconfig`: where the libraries of the system's directories lie.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Stands at the beginning, or behind the table of an older format.
const MAGIC: &[u8] = b"glibc-ld.so.cache1.1";
/// The magic, two counts, flags and reserved words.
const HEADER: usize = 48;
/// Flags, name, path, version of the system, hardware capabilities.
const ENTRY: usize = 24;
/// Most bytes of a cache; those of large systems have a few hundred thousand.
const MAX_SIZE: u64 = 16 * 1024 * 1024;

/// The files that the cache has for this name, whatever machine they are for.
pub(super) fn paths(cache: &Path, name: &str) -> Vec<PathBuf> {
    let mut bytes = Vec::new();
    let read = File::open(cache).and_then(|file| file.take(MAX_SIZE).read_to_end(&mut bytes));
    if read.is_err() {
        return Vec::new();
    }
    find(&bytes, name.as_bytes()).unwrap_or_default()
}

fn find(bytes: &[u8], name: &[u8]) -> Option<Vec<PathBuf>> {
    let start = bytes.windows(MAGIC.len()).position(|window| window == MAGIC)?;
    let cache = &bytes[start..];
    let count = word(cache, MAGIC.len())? as usize;
    let table = cache.get(HEADER..)?;
    // Texts are offsets from the magic on.
    let text = |at: usize| {
        let rest = cache.get(word(table, at)? as usize..)?;
        rest.split(|byte| *byte == 0).next()
    };
    let entries = table.chunks_exact(ENTRY).take(count).enumerate();
    Some(
        entries
            .filter(|(index, _)| text(index * ENTRY + 4) == Some(name))
            .filter_map(|(index, _)| path(text(index * ENTRY + 8)?))
            .collect(),
    )
}

/// In the byte order of this machine, as `ldconfig` writes it.
fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_ne_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn path(text: &[u8]) -> Option<PathBuf> {
    Some(PathBuf::from(OsStr::new(std::str::from_utf8(text).ok()?)))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{ENTRY, HEADER, MAGIC, find};

    fn cache(libraries: &[(&str, &str)]) -> Vec<u8> {
        let mut texts = Vec::new();
        let mut entries = Vec::new();
        let texts_at = HEADER + libraries.len() * ENTRY;
        for (name, path) in libraries {
            let mut at = |text: &str| {
                let at = (texts_at + texts.len()) as u32;
                texts.extend(text.as_bytes());
                texts.push(0);
                at
            };
            let words = [0x0303, at(name), at(path), 0, 0, 0];
            entries.extend(words.map(u32::to_ne_bytes).concat());
        }
        let mut bytes = MAGIC.to_vec();
        bytes.extend((libraries.len() as u32).to_ne_bytes());
        bytes.resize(HEADER, 0);
        [bytes, entries, texts].concat()
    }

    #[test]
    fn all_files_of_a_name_are_found_also_behind_an_older_table() {
        let libraries = [("libb.so", "/1/libb.so"), ("liba.so", "/a"), ("libb.so", "/2/libb.so")];
        let expected = ["/1/libb.so", "/2/libb.so"].map(PathBuf::from).to_vec();
        let new = cache(&libraries);
        let old = [b"ld.so-1.7.0\0\0\0\0\0", new.as_slice()].concat();
        for bytes in [new, old] {
            assert_eq!(find(&bytes, b"libb.so"), Some(expected.clone()));
            assert_eq!(find(&bytes, b"libc.so"), Some(Vec::new()));
        }
    }

    #[test]
    fn damage_gives_fewer_files_and_no_panic() {
        let whole = cache(&[("liba.so", "/a"), ("libb.so", "/b")]);
        for len in 0..whole.len() {
            let _found = find(&whole[..len], b"liba.so");
        }
        for at in 0..whole.len() {
            for value in [0, 0x7f, 0xff] {
                let mut bytes = whole.clone();
                bytes[at] = value;
                let found = find(&bytes, b"liba.so").unwrap_or_default();
                assert!(found.len() <= 2, "byte {at} = {value}");
            }
        }
        assert_eq!(find(b"", b"liba.so"), None);
    }

    #[test]
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    fn the_cache_of_this_system_leads_to_files() {
        let found = super::paths("/etc/ld.so.cache".as_ref(), "libc.so.6");
        assert!(found.iter().all(|path| path.is_absolute()), "{found:?}");
    }
}
