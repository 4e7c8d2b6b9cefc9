//! The numbers that cross the boundary: tags, flags, states, hints, results.

use super::layout::constants;

constants! {
    /// Kinds of cells; from 16 on the payload is a pointer and a length.
    pub mod tag: u8 {
        /// SQL NULL.
        NULL = 0;
        /// 0 or 1 in bits.
        BOOL = 1;
        /// Signed 64-bit integer in bits.
        I64 = 2;
        /// Unsigned 64-bit integer in bits.
        U64 = 3;
        /// IEEE 754 binary64 in bits.
        F64 = 4;
        /// IEEE 754 binary32 in the low 32 bits.
        F32 = 5;
        /// Days since 1970-01-01, signed.
        DATE = 6;
        /// Microseconds since midnight, signed; may lie outside one day (MySQL).
        TIME = 7;
        /// Microseconds since 1970-01-01 00:00:00, no time zone.
        TIMESTAMP = 8;
        /// Microseconds since 1970-01-01 00:00:00 UTC.
        TIMESTAMP_TZ = 9;
        /// Text.
        TEXT = 16;
        /// Bytes.
        BYTES = 17;
        /// Exact decimal as text (also NaN, Infinity, -Infinity); scale in aux.
        DECIMAL = 18;
        /// 16 bytes in network order.
        UUID = 19;
        /// JSON text.
        JSON = 20;
        /// struct { int32 months, days; int64 microseconds }.
        INTERVAL = 21;
        /// 8-byte aligned: { uint8 element tag, uint8 dimensions, uint16 zero, uint32 elements }, for each dimension { uint32 length, int32 lower bound }, then a cell for each element in row-major order.
        ARRAY = 22;
        /// 8-byte aligned: { uint32 fields, uint32 zero }, then a cell for each field.
        STRUCT = 23;
        /// 8-byte aligned: { uint32 cells, uint32 zero }, then the cells, key and value in turn.
        MAP = 24;
        /// 16 bytes, two's complement, byte order of the machine.
        I128 = 25;
        /// 16 bytes, byte order of the machine.
        U128 = 26;
        /// Text form of a value of any other type; the column names the type.
        OTHER = 31;
    }
}

constants! {
    /// Properties of cells.
    pub mod cell_flag: u8 {
        /// The bytes are known to be UTF-8; without it the reader checks.
        UTF8 = 1;
        /// The bytes are lent: they live until the next call on the connection.
        LENT = 2;
        /// A date or timestamp is positive infinity.
        INFINITY = 4;
        /// A date or timestamp is negative infinity.
        NEG_INFINITY = 8;
        /// aux holds the offset from UTC in minutes.
        OFFSET = 16;
    }
}

constants! {
    /// States of a batch.
    pub mod batch_state: u32 {
        /// The result is complete; the statement is reset.
        DONE = 1;
        /// Some cells point to memory of the plugin.
        LENT = 2;
        /// The one row holds out parameters.
        OUT_PARAMETERS = 4;
        /// Another result follows this one.
        MORE_RESULTS = 8;
        /// The statement returns rows, though there may be none.
        RETURNS_ROWS = 16;
        /// last_insert_id is set.
        LAST_INSERT_ID = 32;
    }
}

constants! {
    /// What the host will do with the rows.
    pub mod hint: u32 {
        /// At most one row is wanted; deliver it and reset.
        ONE = 1;
        /// Rows are not wanted: executemany without RETURNING.
        NO_ROWS = 2;
    }
}

constants! {
    /// Flags of a parameter set.
    pub mod param_flag: u32 {
        /// Another set of the same executemany follows: nothing need be flushed yet.
        MORE = 1;
        /// The last set of an executemany.
        LAST = 2;
    }
}

constants! {
    /// Which parts of the URL are present.
    pub mod connect_flag: u64 {
        /// A user name.
        USERNAME = 1;
        /// A password.
        PASSWORD = 2;
        /// A database.
        DATABASE = 4;
        /// The URL is a stranger's: it is not to be completed with secrets of the user.
        UNTRUSTED = 8;
    }
}

constants! {
    /// Flags of prepare.
    pub mod prepare_flag: u32 {
        /// The statement will be executed once: do not keep it on the server.
        ONE_SHOT = 1;
    }
}

constants! {
    /// Results of the functions in the tables.
    pub mod status: i32 {
        /// Success.
        OK = 0;
        /// Failure; the error is filled in.
        ERROR = 1;
        /// Success, and there was nothing to deliver.
        NOTHING = 2;
    }
}
