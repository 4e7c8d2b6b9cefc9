//! What a plugin exports: descriptor, note, and the macro that makes them.

use super::constants::{
    batch_state, cell_flag, connect_flag, hint, param_flag, prepare_flag, status, tag,
};
use super::data::{
    Batch, BulkArgs, CallOptions, Cell, ConnectArgs, HostAddress, KeyValue, LogRecord, NoticeOut,
    NotificationOut, ParamSet, RawCancel, RawConnection, RawStatement, ReflectArgs, Str,
    TransactionArgs,
};
use super::describe::{
    ColumnDesc, ColumnSet, FieldDesc, ParameterDesc, ParameterSet, TypeDesc, type_flag,
};
use super::failure::{ErrorOut, error_extra, error_flag};
use super::layout::{Constant, StructLayout, hash};
use super::tables::descriptor_flag;
use crate::dbapi::{
    AccessMode, IsolationLevel, ReflectKind, Savepoint, TransactionState, TwoPhase, TypeKind,
};
use crate::dialect::{DialectInfo, json};
use crate::error::{ConstraintKind, ErrorKind};

/// Major version of the ABI: 0 until four dialects stand on it.
pub const ABI_MAJOR: u16 = 0;
/// Minor version of the ABI; while the major is 0, other minors are refused.
pub const ABI_MINOR: u16 = 1;

/// The frozen structs, in the order of the C header.
pub const STRUCTS: &[StructLayout] = &[
    Str::LAYOUT,
    Cell::LAYOUT,
    Batch::LAYOUT,
    TypeDesc::LAYOUT,
    FieldDesc::LAYOUT,
    ColumnDesc::LAYOUT,
    ColumnSet::LAYOUT,
    ParameterDesc::LAYOUT,
    ParameterSet::LAYOUT,
    ParamSet::LAYOUT,
    CallOptions::LAYOUT,
    ErrorOut::LAYOUT,
    KeyValue::LAYOUT,
    HostAddress::LAYOUT,
    ConnectArgs::LAYOUT,
    TransactionArgs::LAYOUT,
    BulkArgs::LAYOUT,
    ReflectArgs::LAYOUT,
    NoticeOut::LAYOUT,
    NotificationOut::LAYOUT,
    LogRecord::LAYOUT,
    RawConnection::LAYOUT,
    RawStatement::LAYOUT,
    RawCancel::LAYOUT,
];

/// The constants that cross, by group, in the order of the C header.
pub const CONSTANTS: &[(&str, &[Constant])] = &[
    ("TAG", tag::ALL),
    ("CELL", cell_flag::ALL),
    ("BATCH", batch_state::ALL),
    ("HINT", hint::ALL),
    ("PARAM", param_flag::ALL),
    ("CONNECT", connect_flag::ALL),
    ("PREPARE", prepare_flag::ALL),
    ("STATUS", status::ALL),
    ("ERROR", error_flag::ALL),
    ("EXTRA", error_extra::ALL),
    ("TYPE_FLAG", type_flag::ALL),
    ("DESCRIPTOR", descriptor_flag::ALL),
];

/// Numbers of lists that grow, by group, in the order of the C header. They stay outside the layout
/// hash: a reader takes a number that it does not know for the general case of its list.
pub const CODES: &[(&str, &[Constant])] = &[
    ("KIND", ErrorKind::CODES),
    ("CONSTRAINT", ConstraintKind::CODES),
    ("TYPE", TypeKind::CODES),
    ("ISOLATION", IsolationLevel::CODES),
    ("ACCESS", AccessMode::CODES),
    ("SAVEPOINT", Savepoint::CODES),
    ("TWO_PHASE", TwoPhase::CODES),
    ("TRANSACTION", TransactionState::CODES),
    ("REFLECT", ReflectKind::CODES),
];

/// Hash of the frozen structs and constants.
pub const LAYOUT_HASH: u64 = hash(STRUCTS, CONSTANTS);

/// An ELF note: owner `ALUDEL`, type 1, the JSON text as its description.
#[repr(C, align(4))]
pub struct Note<const N: usize> {
    name_size: u32,
    desc_size: u32,
    kind: u32,
    name: [u8; 8],
    desc: [u8; N],
}

impl<const N: usize> Note<N> {
    /// A note that holds this text.
    pub const fn new(desc: [u8; N]) -> Self {
        Note { name_size: 7, desc_size: N as u32, kind: 1, name: *b"ALUDEL\0\0", desc }
    }

    /// The text.
    pub const fn text(&'static self) -> &'static [u8] {
        &self.desc
    }
}

/// Bytes of a dialect's note.
pub const fn note_len(info: &DialectInfo) -> usize {
    json::len(info)
}

/// A dialect's note; `N` is its [`note_len`].
pub const fn note_bytes<const N: usize>(info: &DialectInfo) -> [u8; N] {
    json::render::<N>(info)
}

/// Makes a cdylib an aludel plugin: the whole source of a plugin crate.
///
/// ```no_run
/// //! The SQLite dialect as a plugin.
/// aludel::export_dialect!(aludel_dialect_sqlite::Sqlite);
/// ```
///
/// Use it only in a crate that is built as a plugin: it exports fixed symbols, and two of them do
/// not link into one program.
#[macro_export]
macro_rules! export_dialect {
    ($dialect:ty) => {
        const _: () = {
            use $crate::abi;

            const INFO: &$crate::dialect::DialectInfo =
                &<$dialect as $crate::dialect::Dialect>::INFO;
            const LEN: usize = abi::note_len(INFO);

            // SAFETY: the section is of aludel's own and holds nothing else.
            #[used]
            #[cfg_attr(target_os = "linux", unsafe(link_section = ".note.aludel"))]
            #[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA_CONST,__aludel"))]
            #[cfg_attr(windows, unsafe(link_section = ".aludel"))]
            static NOTE: abi::Note<LEN> = abi::Note::new(abi::note_bytes::<LEN>(INFO));

            // SAFETY: the symbol is aludel's own, and a library has one dialect.
            #[unsafe(no_mangle)]
            static ALUDEL_PLUGIN: abi::tables::Descriptor = abi::tables::Descriptor {
                magic: abi::tables::MAGIC,
                size: size_of::<abi::tables::Descriptor>() as u32,
                abi_major: abi::ABI_MAJOR,
                abi_minor: abi::ABI_MINOR,
                layout_hash: abi::LAYOUT_HASH,
                flags: if cfg!(panic = "unwind") {
                    abi::tables::descriptor_flag::PANIC_UNWIND
                } else {
                    0
                },
                note: abi::data::Str::from_bytes(NOTE.text()),
                dialect: abi::dialect_table::<$dialect>(),
                init: Some(abi::plugin_init::<$dialect>),
                reserved: [0; 4],
            };

            $crate::__export_witness!();
        };
    };
}

/// Exports abi_stable's witness, where the plugin was built with it.
#[cfg(feature = "abi-witness")]
#[doc(hidden)]
#[macro_export]
macro_rules! __export_witness {
    () => {
        // SAFETY: the name is the one that abi_stable looks for, `ROOT_MODULE_LOADER_NAME`, and its
        // own macro would export the same value.
        #[unsafe(no_mangle)]
        static _1as_0lib_1header_0root_bmodule_bloader: $crate::abi::witness::LibHeader =
            $crate::abi::witness::header();
    };
}

/// Exports nothing: the plugin was built without abi_stable.
#[cfg(not(feature = "abi-witness"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __export_witness {
    () => {};
}
