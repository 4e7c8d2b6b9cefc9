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
