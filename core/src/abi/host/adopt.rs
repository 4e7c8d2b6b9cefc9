//! Taking over a plugin's table: as much of it as both sides know.

use crate::abi::tables::{CancelVt, ConnectionVt, DialectVt, StatementVt};

/// A table that begins with its size.
///
/// # Safety
/// The type is `#[repr(C)]`, begins with `size: usize`, and the rest is nullable functions, for
/// which zeros mean "none".
pub(super) unsafe trait Table: Copy {
    /// A table without entries.
    const EMPTY: Self;
}

macro_rules! tables {
    ($($name:ident),*) => {$(
        // SAFETY: the `table!` macro makes exactly this form.
        unsafe impl Table for $name {
            const EMPTY: Self = $name::EMPTY;
        }
    )*};
}

tables!(DialectVt, ConnectionVt, StatementVt, CancelVt);

/// Copies the entries that the maker of the table knows; later ones are absent, those that only a
/// newer plugin knows are left out. A null table has no entries.
///
/// # Safety
/// `table` is null or points to a table of at least as many bytes as its size says.
pub(super) unsafe fn adopt<T: Table>(table: *const T) -> T {
    let mut known = T::EMPTY;
    if table.is_null() {
        return known;
    }
    // SAFETY: the size is the first field and always there.
    let size = unsafe { table.cast::<usize>().read() };
    // Whole entries only: a size in the middle of one leaves that one out.
    let bytes = size.min(size_of::<T>()) / size_of::<usize>() * size_of::<usize>();
    // SAFETY: `bytes` are readable as the caller promised, and writable in our own table.
    unsafe {
        core::ptr::copy_nonoverlapping(table.cast::<u8>(), (&raw mut known).cast::<u8>(), bytes);
    }
    known
}

#[cfg(test)]
mod tests {
    use super::{Table, adopt};

    type Entry = Option<extern "C" fn() -> u32>;

    extern "C" fn one() -> u32 {
        1
    }

    extern "C" fn two() -> u32 {
        2
    }

    /// A table as it was, and as a later version made it.
    #[derive(Clone, Copy)]
    #[repr(C)]
    struct Older {
        size: usize,
        first: Entry,
    }

    #[derive(Clone, Copy)]
    #[repr(C)]
    struct Newer {
        size: usize,
        first: Entry,
        second: Entry,
    }

    // SAFETY: the size, then nullable functions.
    unsafe impl Table for Older {
        const EMPTY: Self = Older { size: size_of::<Older>(), first: None };
    }

    // SAFETY: the size, then nullable functions.
    unsafe impl Table for Newer {
        const EMPTY: Self = Newer { size: size_of::<Newer>(), first: None, second: None };
    }

    static OLDER: Older = Older { size: size_of::<Older>(), first: Some(one) };
    static NEWER: Newer = Newer { size: size_of::<Newer>(), first: Some(one), second: Some(two) };

    fn called(entry: Entry) -> Option<u32> {
        entry.map(|entry| entry())
    }

    #[test]
    fn hosts_and_plugins_of_both_versions_understand_each_other() {
        let (older, newer) = (&raw const OLDER, &raw const NEWER);
        // SAFETY: each table has as many bytes as its size says.
        unsafe {
            assert_eq!(called(adopt::<Older>(older).first), Some(1));
            assert_eq!(called(adopt::<Older>(newer.cast()).first), Some(1));

            let host = adopt::<Newer>(newer);
            assert_eq!((called(host.first), called(host.second)), (Some(1), Some(2)));
            let host = adopt::<Newer>(older.cast());
            assert_eq!((called(host.first), called(host.second)), (Some(1), None));
        }
    }

    #[test]
    fn half_an_entry_and_a_missing_table_are_no_entries() {
        for size in [16, 17, 23] {
            let cut = Newer { size, ..NEWER };
            // SAFETY: more bytes are there than the size says.
            let host = unsafe { adopt::<Newer>(&raw const cut) };
            assert_eq!((called(host.first), called(host.second)), (Some(1), None), "{size}");
        }
        let empty = Newer { size: 8, ..NEWER };
        // SAFETY: as above; null stands for a table without entries.
        unsafe {
            assert_eq!(called(adopt::<Newer>(&raw const empty).first), None);
            assert_eq!(called(adopt::<Newer>(core::ptr::null()).first), None);
        }
    }
}
