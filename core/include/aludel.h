/* aludel.h: the interface between aludel and a database driver (a "dialect"). @generated

   SPDX-License-Identifier: MIT OR Apache-2.0

   Made from the definitions in Rust by `cargo xtask header`; do not edit.

   A plugin is one shared library, libaludel_<name>.so, that exports two things:

     ALUDEL_NOTE("{" ALUDEL_NOTE_HEAD ",\"name\":\"mydb\",\"version\":\"1.0\"}");

     const aludel_descriptor ALUDEL_PLUGIN = { ... };

   The note says who the plugin is; the host reads it without running the file. The descriptor says
   the same (`note`) and leads to the table of the dialect, whose `connect` makes connections, whose
   tables make statements. `libaludel_<name>.so` serves URLs that begin with `<name>:` and with the
   schemes in the note's "aliases".

   Rules
   - A function returns ALUDEL_STATUS_OK, ALUDEL_STATUS_NOTHING where its comment says so, or
     ALUDEL_STATUS_ERROR after it has filled in `error`; aludel_fail() below does that.
   - Nothing is freed by the other side. Text that the host passes lives for the call. What the
     plugin lends (cells with the flag ALUDEL_CELL_LENT, columns, options, notices) lives until the
     next call on the same connection or one of its statements. Cancelling, `columns` and
     `parameters` do not count as such a call.
   - The host never makes two calls at once on a connection and its statements, except through the
     cancel handle. Calls may come from different threads.
   - Every entry of a table but `connect`, `prepare`, `execute`, `columns` and `free` may be NULL.
     `fetch` is needed by statements that do not deliver everything in `execute`.
   - Structs and tables that begin with `size` may be shorter or longer than here: nothing beyond
     `size` bytes may be read. Fields called `reserved` are zero.
   - No exception and no longjmp may leave a function.

   Rows
   `execute` and `fetch` fill a batch: `rows` times `columns` cells from `cells` on, never more than
   `cells_capacity` cells and `max_rows` rows. Text and bytes are copied into the arena (aligned to
   8, `arena_capacity` bytes) or lent. A first batch says how many `columns` there are, with the state
   ALUDEL_BATCH_RETURNS_ROWS, also when there is no row; a statement that returns no rows leaves
   `columns` 0 and says `affected`. The last batch says ALUDEL_BATCH_DONE. If not even one row has
   room, return with `rows` 0 and without DONE: the host makes room for the cells and calls `fetch`;
   what the arena cannot hold must be lent. */

#ifndef ALUDEL_H
#define ALUDEL_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
#define ALUDEL_PROVE(condition) static_assert(condition, #condition)
extern "C" {
#else
#define ALUDEL_PROVE(condition) _Static_assert(condition, #condition)
#endif

#if defined(_WIN32)
#define ALUDEL_EXPORT __declspec(dllexport)
#else
#define ALUDEL_EXPORT __attribute__((visibility("default")))
#endif

/* Where the plugin runs, as Rust names it. Define it yourself when it is none of these. */
#ifndef ALUDEL_TARGET
#if defined(__linux__) && defined(__x86_64__)
#define ALUDEL_TARGET "x86_64-unknown-linux-gnu"
#elif defined(__linux__) && defined(__aarch64__)
#define ALUDEL_TARGET "aarch64-unknown-linux-gnu"
#elif defined(__APPLE__) && defined(__x86_64__)
#define ALUDEL_TARGET "x86_64-apple-darwin"
#elif defined(__APPLE__) && defined(__aarch64__)
#define ALUDEL_TARGET "aarch64-apple-darwin"
#elif defined(_MSC_VER) && defined(_M_X64)
#define ALUDEL_TARGET "x86_64-pc-windows-msvc"
#elif defined(_MSC_VER) && defined(_M_ARM64)
#define ALUDEL_TARGET "aarch64-pc-windows-msvc"
#elif defined(__MINGW32__) && defined(__x86_64__)
#define ALUDEL_TARGET "x86_64-pc-windows-gnu"
#else
#error "define ALUDEL_TARGET as the target triple that this plugin is built for"
#endif
#endif

/* Places the note, a JSON text of at most 64 KiB, where hosts look for it. Its members beside those
   of ALUDEL_NOTE_HEAD: "name" and "version" (text), and, if need be, "description", "aliases",
   "drivers" (lists of text), "default_port", "capabilities", "isolation_levels", "reserved_words",
   "options" ([{"name", "type", "default", "doc", "secret", "class"}]), "ping_statement", "rules"
   ({"paramstyle": "qmark" ...}), "requires", "license", "homepage". */
#if defined(_MSC_VER)
#pragma section(".aludel", read)
#define ALUDEL_NOTE_PLACE __declspec(allocate(".aludel"))
#elif defined(_WIN32)
#define ALUDEL_NOTE_PLACE __attribute__((used, section(".aludel")))
#elif defined(__APPLE__)
#define ALUDEL_NOTE_PLACE __attribute__((used, section("__DATA_CONST,__aludel")))
#else
#define ALUDEL_NOTE_PLACE __attribute__((used, aligned(4), section(".note.aludel")))
#endif
#define ALUDEL_NOTE(json) \
    static const struct { \
        uint32_t name_size, desc_size, kind; \
        char name[8]; \
        char desc[sizeof(json)]; \
    } aludel_note ALUDEL_NOTE_PLACE = { 7, sizeof(json), 1, "ALUDEL", json }

/* The version of the ABI that this header describes; both must be those of the host. */
#define ALUDEL_ABI_MAJOR 0
#define ALUDEL_ABI_MINOR 1
/* Hash of the frozen structs and constants. */
#define ALUDEL_LAYOUT_HASH UINT64_C(0x64b60ffadc63f212)
/* First bytes of the descriptor. */
#define ALUDEL_MAGIC \
    { 0x41, 0x4c, 0x55, 0x44, 0x45, 0x4c, 0x2d, 0x50, 0x4c, 0x55, 0x47, 0x49, 0x4e, 0x00, 0x00, 0x01 }
/* The members that every note begins with. */
#define ALUDEL_NOTE_HEAD \
    "\"aludel\":1,\"abi\":[0,1]," \
    "\"layout\":\"64b60ffadc63f212\"," \
    "\"target\":\"" ALUDEL_TARGET "\",\"panic\":\"unwind\""

/* ---- Numbers. Unknown bits and numbers come from newer hosts: leave them alone. */

/* -- Tags: kinds of cells; from 16 on the payload is a pointer and a length. */
/* SQL NULL. */
#define ALUDEL_TAG_NULL 0
/* 0 or 1 in bits. */
#define ALUDEL_TAG_BOOL 1
/* Signed 64-bit integer in bits. */
#define ALUDEL_TAG_I64 2
/* Unsigned 64-bit integer in bits. */
#define ALUDEL_TAG_U64 3
/* IEEE 754 binary64 in bits. */
#define ALUDEL_TAG_F64 4
/* IEEE 754 binary32 in the low 32 bits. */
#define ALUDEL_TAG_F32 5
/* Days since 1970-01-01, signed. */
#define ALUDEL_TAG_DATE 6
/* Microseconds since midnight, signed; may lie outside one day (MySQL). */
#define ALUDEL_TAG_TIME 7
/* Microseconds since 1970-01-01 00:00:00, no time zone. */
#define ALUDEL_TAG_TIMESTAMP 8
/* Microseconds since 1970-01-01 00:00:00 UTC. */
#define ALUDEL_TAG_TIMESTAMP_TZ 9
/* Text. */
#define ALUDEL_TAG_TEXT 16
/* Bytes. */
#define ALUDEL_TAG_BYTES 17
/* Exact decimal as text (also NaN, Infinity, -Infinity); scale in aux. */
#define ALUDEL_TAG_DECIMAL 18
/* 16 bytes in network order. */
#define ALUDEL_TAG_UUID 19
/* JSON text. */
#define ALUDEL_TAG_JSON 20
/* struct { int32 months, days; int64 microseconds }. */
#define ALUDEL_TAG_INTERVAL 21
/* 8-byte aligned: { uint8 element tag, uint8 dimensions, uint16 zero, uint32 elements }, for each
   dimension { uint32 length, int32 lower bound }, then a cell for each element in row-major
   order. */
#define ALUDEL_TAG_ARRAY 22
/* 8-byte aligned: { uint32 fields, uint32 zero }, then a cell for each field. */
#define ALUDEL_TAG_STRUCT 23
/* 8-byte aligned: { uint32 cells, uint32 zero }, then the cells, key and value in turn. */
#define ALUDEL_TAG_MAP 24
/* 16 bytes, two's complement, byte order of the machine. */
#define ALUDEL_TAG_I128 25
/* 16 bytes, byte order of the machine. */
#define ALUDEL_TAG_U128 26
/* Text form of a value of any other type; the column names the type. */
#define ALUDEL_TAG_OTHER 31

/* -- Cell flags. */
/* The bytes are known to be UTF-8; without it the reader checks. */
#define ALUDEL_CELL_UTF8 1
/* The bytes are lent: they live until the next call on the connection. */
#define ALUDEL_CELL_LENT 2
/* A date or timestamp is positive infinity. */
#define ALUDEL_CELL_INFINITY 4
/* A date or timestamp is negative infinity. */
#define ALUDEL_CELL_NEG_INFINITY 8
/* aux holds the offset from UTC in minutes. */
#define ALUDEL_CELL_OFFSET 16

/* -- Batch states. */
/* The result is complete; the statement is reset. */
#define ALUDEL_BATCH_DONE 1
/* Some cells point to memory of the plugin. */
#define ALUDEL_BATCH_LENT 2
/* The one row holds out parameters. */
#define ALUDEL_BATCH_OUT_PARAMETERS 4
/* Another result follows this one. */
#define ALUDEL_BATCH_MORE_RESULTS 8
/* The statement returns rows, though there may be none. */
#define ALUDEL_BATCH_RETURNS_ROWS 16
/* last_insert_id is set. */
#define ALUDEL_BATCH_LAST_INSERT_ID 32

/* -- Hints: what the host will do with the rows. */
/* At most one row is wanted; deliver it and reset. */
#define ALUDEL_HINT_ONE 1
/* Rows are not wanted: executemany without RETURNING. */
#define ALUDEL_HINT_NO_ROWS 2

/* -- Parameter flags. */
/* Another set of the same executemany follows: nothing need be flushed yet. */
#define ALUDEL_PARAM_MORE 1
/* The last set of an executemany. */
#define ALUDEL_PARAM_LAST 2

/* -- Connect flags: which parts of the URL are present, and whose it is. */
/* A user name. */
#define ALUDEL_CONNECT_USERNAME 1
/* A password. */
#define ALUDEL_CONNECT_PASSWORD 2
/* A database. */
#define ALUDEL_CONNECT_DATABASE 4
/* The URL is a stranger's: it is not to be completed with secrets of the user. */
#define ALUDEL_CONNECT_UNTRUSTED 8

/* -- Flags of prepare. */
/* The statement will be executed once: do not keep it on the server. */
#define ALUDEL_PREPARE_ONE_SHOT 1

/* -- What functions return. */
/* Success. */
#define ALUDEL_STATUS_OK 0
/* Failure; the error is filled in. */
#define ALUDEL_STATUS_ERROR 1
/* Success, and there was nothing to deliver. */
#define ALUDEL_STATUS_NOTHING 2

/* -- Error flags. */
/* The connection is gone. */
#define ALUDEL_ERROR_DISCONNECT 1
/* The transaction is worth running again. */
#define ALUDEL_ERROR_RETRYABLE 2
/* The database accepts only a rollback. */
#define ALUDEL_ERROR_TRANSACTION_ABORTED 4
/* The message or an extra was cut to fit. */
#define ALUDEL_ERROR_TRUNCATED 8
/* native_code is set. */
#define ALUDEL_ERROR_NATIVE_CODE 16

/* -- Keys of the extras of an error. */
/* Name of the constraint. */
#define ALUDEL_EXTRA_CONSTRAINT 1
/* Schema. */
#define ALUDEL_EXTRA_SCHEMA 2
/* Table. */
#define ALUDEL_EXTRA_TABLE 3
/* Column; repeated for several. */
#define ALUDEL_EXTRA_COLUMN 4
/* Data type. */
#define ALUDEL_EXTRA_DATA_TYPE 5
/* Secondary message. */
#define ALUDEL_EXTRA_DETAIL 6
/* Suggestion. */
#define ALUDEL_EXTRA_HINT 7
/* Byte offset in the statement, decimal text. */
#define ALUDEL_EXTRA_POSITION 8
/* Context or call stack. */
#define ALUDEL_EXTRA_WHERE 9
/* What the dialect advises to do next. */
#define ALUDEL_EXTRA_HELP 10
/* A label, a line feed, and a text of any lines; repeated for several. */
#define ALUDEL_EXTRA_NOTE 11

/* -- Type flags. */
/* A number without sign. */
#define ALUDEL_TYPE_FLAG_UNSIGNED 1

/* -- Descriptor flags. */
/* No panic and no exception leaves a function of this plugin; one without it is refused. */
#define ALUDEL_DESCRIPTOR_PANIC_UNWIND 1

/* ---- Numbers of lists that grow. */

/* -- Error kinds. */
/* The driver was misused or cannot be reached as a library (PEP 249 `InterfaceError`). */
#define ALUDEL_KIND_INTERFACE 1
/* The database reported an error of no narrower class (PEP 249 `DatabaseError`). */
#define ALUDEL_KIND_DATABASE 2
/* A value is out of range or malformed for the database (PEP 249 `DataError`). */
#define ALUDEL_KIND_DATA 3
/* The database's operation failed: connection, memory, locks, disk (PEP 249 `OperationalError`). */
#define ALUDEL_KIND_OPERATIONAL 4
/* A constraint refused the change (PEP 249 `IntegrityError`). */
#define ALUDEL_KIND_INTEGRITY 5
/* The database found itself in a state it should not be in (PEP 249 `InternalError`). */
#define ALUDEL_KIND_INTERNAL 6
/* The statement is wrong: syntax, unknown table, wrong number of parameters (PEP 249
   `ProgrammingError`). */
#define ALUDEL_KIND_PROGRAMMING 7
/* The database or its dialect does not offer this (PEP 249 `NotSupportedError`). */
#define ALUDEL_KIND_NOT_SUPPORTED 8
/* A URL could not be parsed or contradicts itself. */
#define ALUDEL_KIND_URL 32
/* No plugin serves the URL, or the one that does was refused. */
#define ALUDEL_KIND_PLUGIN 33
/* A wait reached its limit before the database was asked. */
#define ALUDEL_KIND_TIMEOUT 34
/* The call is not possible in the present state. */
#define ALUDEL_KIND_INVALID_REQUEST 35
/* Exactly one row was wanted and there was none. */
#define ALUDEL_KIND_NO_ROW 36
/* At most one row was wanted and there were more. */
#define ALUDEL_KIND_MULTIPLE_ROWS 37
/* A value does not fit the type that was asked for. */
#define ALUDEL_KIND_CONVERSION 38
/* A result has no such column, or more than one of that name. */
#define ALUDEL_KIND_NO_SUCH_COLUMN 39
/* The result or connection is closed. */
#define ALUDEL_KIND_RESOURCE_CLOSED 40
/* A plugin panicked; the connection it happened on is discarded. */
#define ALUDEL_KIND_PANIC 41
/* An argument of the call is wrong. */
#define ALUDEL_KIND_ARGUMENT 42
/* Reading or writing a file or stream of this program failed. */
#define ALUDEL_KIND_IO 43

/* -- Constraint kinds. */
/* UNIQUE or a unique index. */
#define ALUDEL_CONSTRAINT_UNIQUE 1
/* PRIMARY KEY. */
#define ALUDEL_CONSTRAINT_PRIMARY_KEY 2
/* FOREIGN KEY. */
#define ALUDEL_CONSTRAINT_FOREIGN_KEY 3
/* NOT NULL. */
#define ALUDEL_CONSTRAINT_NOT_NULL 4
/* CHECK. */
#define ALUDEL_CONSTRAINT_CHECK 5
/* EXCLUDE (PostgreSQL). */
#define ALUDEL_CONSTRAINT_EXCLUSION 6
/* A constraint of another kind, for example a trigger's. */
#define ALUDEL_CONSTRAINT_OTHER 7

/* -- Type kinds. */
/* Not known; SQLite's expressions have no type. */
#define ALUDEL_TYPE_UNKNOWN 0
/* The type of a bare NULL. */
#define ALUDEL_TYPE_NULL 1
/* BOOLEAN. */
#define ALUDEL_TYPE_BOOLEAN 2
/* Integer of 8 bits. */
#define ALUDEL_TYPE_TINY_INTEGER 3
/* SMALLINT, 16 bits. */
#define ALUDEL_TYPE_SMALL_INTEGER 4
/* INTEGER, 32 bits. */
#define ALUDEL_TYPE_INTEGER 5
/* BIGINT, 64 bits. */
#define ALUDEL_TYPE_BIG_INTEGER 6
/* Integer of 128 bits. */
#define ALUDEL_TYPE_HUGE_INTEGER 7
/* REAL, IEEE 754 binary32. */
#define ALUDEL_TYPE_REAL 8
/* DOUBLE PRECISION, IEEE 754 binary64. */
#define ALUDEL_TYPE_DOUBLE 9
/* NUMERIC, DECIMAL. */
#define ALUDEL_TYPE_NUMERIC 10
/* CHARACTER(n). */
#define ALUDEL_TYPE_CHAR 11
/* CHARACTER VARYING(n). */
#define ALUDEL_TYPE_VARCHAR 12
/* Text without a length. */
#define ALUDEL_TYPE_TEXT 13
/* BINARY(n). */
#define ALUDEL_TYPE_BINARY 14
/* BINARY VARYING(n). */
#define ALUDEL_TYPE_VARBINARY 15
/* Bytes without a length. */
#define ALUDEL_TYPE_BLOB 16
/* DATE. */
#define ALUDEL_TYPE_DATE 17
/* TIME. */
#define ALUDEL_TYPE_TIME 18
/* TIME WITH TIME ZONE. */
#define ALUDEL_TYPE_TIME_TZ 19
/* TIMESTAMP. */
#define ALUDEL_TYPE_TIMESTAMP 20
/* TIMESTAMP WITH TIME ZONE. */
#define ALUDEL_TYPE_TIMESTAMP_TZ 21
/* INTERVAL. */
#define ALUDEL_TYPE_INTERVAL 22
/* UUID. */
#define ALUDEL_TYPE_UUID 23
/* JSON. */
#define ALUDEL_TYPE_JSON 24
/* ARRAY; the element type tells of what. */
#define ALUDEL_TYPE_ARRAY 25
/* Composite, row type. */
#define ALUDEL_TYPE_STRUCT 26
/* Map; the element type is that of the values. */
#define ALUDEL_TYPE_MAP 27
/* Enumeration; the labels tell which. */
#define ALUDEL_TYPE_ENUM 28
/* BIT, BIT VARYING. */
#define ALUDEL_TYPE_BIT 29
/* XML. */
#define ALUDEL_TYPE_XML 30
/* Any other type; the vendor name tells which. */
#define ALUDEL_TYPE_OTHER 31

/* -- Isolation levels. */
/* READ UNCOMMITTED. */
#define ALUDEL_ISOLATION_READ_UNCOMMITTED 1
/* READ COMMITTED. */
#define ALUDEL_ISOLATION_READ_COMMITTED 2
/* REPEATABLE READ. */
#define ALUDEL_ISOLATION_REPEATABLE_READ 3
/* SERIALIZABLE. */
#define ALUDEL_ISOLATION_SERIALIZABLE 4
/* SNAPSHOT (SQL Server). */
#define ALUDEL_ISOLATION_SNAPSHOT 5
/* No transaction: each statement commits itself (SQLAlchemy's AUTOCOMMIT). */
#define ALUDEL_ISOLATION_AUTOCOMMIT 6

/* -- Access of a transaction. */
/* READ WRITE. */
#define ALUDEL_ACCESS_READ_WRITE 1
/* READ ONLY. */
#define ALUDEL_ACCESS_READ_ONLY 2

/* -- Operations of savepoint. */
/* SAVEPOINT name. */
#define ALUDEL_SAVEPOINT_CREATE 1
/* RELEASE SAVEPOINT name. */
#define ALUDEL_SAVEPOINT_RELEASE 2
/* ROLLBACK TO SAVEPOINT name. */
#define ALUDEL_SAVEPOINT_ROLLBACK_TO 3

/* -- Operations of two_phase. */
/* Begins it. */
#define ALUDEL_TWO_PHASE_BEGIN 1
/* First phase. */
#define ALUDEL_TWO_PHASE_PREPARE 2
/* Second phase: commit. */
#define ALUDEL_TWO_PHASE_COMMIT 3
/* Second phase: roll back. */
#define ALUDEL_TWO_PHASE_ROLLBACK 4

/* -- States of a transaction. */
/* The driver does not track it. */
#define ALUDEL_TRANSACTION_UNKNOWN 0
/* No transaction. */
#define ALUDEL_TRANSACTION_IDLE 1
/* In a transaction. */
#define ALUDEL_TRANSACTION_ACTIVE 2
/* In a transaction that the database has aborted. */
#define ALUDEL_TRANSACTION_ABORTED 3

/* -- Reflection kinds, each with the columns of its answer. */
/* `name`. */
#define ALUDEL_REFLECT_SCHEMAS 1
/* `schema, name, kind, comment`. Kinds: `table`, `temporary table`, `view`, `temporary view`,
   `materialized view`, `foreign table`. */
#define ALUDEL_REFLECT_TABLES 2
/* `schema, table, name, position, type, nullable, default, autoincrement, comment, computed,
   identity, collation`. Computed is `stored` or `virtual`, and the default is its expression where
   that is told; identity is `always` or `by default`; collation is told where it is not the
   type's. */
#define ALUDEL_REFLECT_COLUMNS 3
/* `schema, table, constraint, column, position, deferrable, initially`. */
#define ALUDEL_REFLECT_PRIMARY_KEYS 4
/* `schema, table, constraint, column, position, referred_schema, referred_table, referred_column,
   on_update, on_delete, deferrable, initially, match`. */
#define ALUDEL_REFLECT_FOREIGN_KEYS 5
/* `schema, table, name, unique, column, position, expression, sorting, included, predicate,
   method`. Sorting is `asc` or `desc`, with `nulls first` or `nulls last` where that is not what
   the database does anyway. */
#define ALUDEL_REFLECT_INDEXES 6
/* `schema, table, constraint, column, position, deferrable, initially`. */
#define ALUDEL_REFLECT_UNIQUE_CONSTRAINTS 7
/* `schema, table, constraint, sqltext`. */
#define ALUDEL_REFLECT_CHECK_CONSTRAINTS 8
/* `schema, name, definition`. */
#define ALUDEL_REFLECT_VIEWS 9
/* `schema, name, type, start, increment, minimum, maximum, cycle, cache`. */
#define ALUDEL_REFLECT_SEQUENCES 10
/* `schema, name, label, position`. */
#define ALUDEL_REFLECT_ENUMS 11
/* `schema, name, kind, type, position, mode, parameter, specific_name`. What is returned has
   position 0 and mode `return`. */
#define ALUDEL_REFLECT_ROUTINES 12
/* `schema, name, type, nullable, default, collation, constraint, sqltext`. A row for each
   constraint, or one without any. */
#define ALUDEL_REFLECT_DOMAINS 13

/* ---- Data. These structs are frozen within a minor version of the ABI. */

typedef struct aludel_str aludel_str;
typedef struct aludel_cell aludel_cell;
typedef struct aludel_batch aludel_batch;
typedef struct aludel_type_desc aludel_type_desc;
typedef struct aludel_field_desc aludel_field_desc;
typedef struct aludel_column_desc aludel_column_desc;
typedef struct aludel_column_set aludel_column_set;
typedef struct aludel_parameter_desc aludel_parameter_desc;
typedef struct aludel_parameter_set aludel_parameter_set;
typedef struct aludel_param_set aludel_param_set;
typedef struct aludel_call_options aludel_call_options;
typedef struct aludel_error_out aludel_error_out;
typedef struct aludel_key_value aludel_key_value;
typedef struct aludel_host_address aludel_host_address;
typedef struct aludel_connect_args aludel_connect_args;
typedef struct aludel_transaction_args aludel_transaction_args;
typedef struct aludel_bulk_args aludel_bulk_args;
typedef struct aludel_reflect_args aludel_reflect_args;
typedef struct aludel_notice_out aludel_notice_out;
typedef struct aludel_notification_out aludel_notification_out;
typedef struct aludel_log_record aludel_log_record;
typedef struct aludel_raw_connection aludel_raw_connection;
typedef struct aludel_raw_statement aludel_raw_statement;
typedef struct aludel_raw_cancel aludel_raw_cancel;
typedef struct aludel_dialect_vt aludel_dialect_vt;
typedef struct aludel_connection_vt aludel_connection_vt;
typedef struct aludel_statement_vt aludel_statement_vt;
typedef struct aludel_cancel_vt aludel_cancel_vt;
typedef struct aludel_host_vt aludel_host_vt;
typedef struct aludel_descriptor aludel_descriptor;

/* Borrowed bytes, valid for the call they are passed to unless said otherwise. */
struct aludel_str {
    /* First byte; any value when `len` is 0. */
    const uint8_t *ptr;
    /* Number of bytes. */
    size_t len;
};

/* One value: 16 bytes, inline or by pointer. */
struct aludel_cell {
    /* Which kind of value, see the tags. */
    uint8_t tag;
    /* Properties of the value, see the cell flags. */
    uint8_t flags;
    /* Scale of a decimal; offset from UTC in minutes of a time; bits 32..48 of the length of text,
       bytes, JSON and other. */
    uint16_t aux;
    /* Length in bytes for pointer tags; nanoseconds 0-999 beyond the microsecond for times. */
    uint32_t len;
    /* The value itself, or the address of its bytes. */
    uint64_t bits;
};

/* Rows of one fetch, in memory of the host; the plugin fills cells and arena. */
struct aludel_batch {
    /* In: room for cells, row after row. */
    aludel_cell *cells;
    /* In: room for bytes that the cells point to, 8-byte aligned. */
    uint8_t *arena;
    /* In: number of cells there is room for. */
    uint32_t cells_capacity;
    /* In: bytes of the arena. */
    uint32_t arena_capacity;
    /* In: at most this many rows are wanted. */
    uint32_t max_rows;
    /* In: what the host will do with the rows, see the hints. */
    uint32_t hint;
    /* Out: rows filled. */
    uint32_t rows;
    /* Out: columns of each row, also when there are no rows. */
    uint32_t columns;
    /* Out: bytes of the arena that are in use. */
    uint32_t arena_used;
    /* Out: see the batch states. */
    uint32_t state;
    /* Out: rows that the statement changed; UINT64_MAX when the database does not tell. */
    uint64_t affected;
    /* Out: key of the last inserted row, when the state says so. */
    int64_t last_insert_id;
    /* Out: changes whenever the statement's columns change. */
    uint32_t columns_epoch;
    /* Zero. */
    uint32_t reserved_0;
    /* Zero. */
    uint64_t reserved[2];
};

/* A type: neutral kind, the database's own name, and its parameters. */
struct aludel_type_desc {
    /* See the type kinds. */
    uint32_t kind;
    /* See the type flags. */
    uint32_t flags;
    /* The database's own name of the type. */
    aludel_str vendor_name;
    /* Length in characters or bytes; -1 when there is none. */
    int64_t length;
    /* Precision in digits; -1 when there is none. */
    int32_t precision;
    /* Scale in digits; INT32_MIN when there is none. */
    int32_t scale;
    /* Collation, or empty. */
    aludel_str collation;
    /* Character set, or empty. */
    aludel_str charset;
    /* Dimensions of an array; 0 when unknown or no array. */
    uint32_t array_dimensions;
    /* Number of fields of a composite. */
    uint32_t n_fields;
    /* Element type of an array, value type of a map, base of a domain; or null. */
    const aludel_type_desc *element;
    /* Fields of a composite, or null. */
    const aludel_field_desc *fields;
    /* Labels of an enumeration, or null. */
    const aludel_str *labels;
    /* Number of labels. */
    uint64_t n_labels;
    /* Zero. */
    uint64_t reserved[2];
};

/* A field of a composite type. */
struct aludel_field_desc {
    /* Name. */
    aludel_str name;
    /* Type. */
    aludel_type_desc sql_type;
};

/* A column of a result or of a table. */
struct aludel_column_desc {
    /* Name as the result shows it. */
    aludel_str name;
    /* Type. */
    aludel_type_desc sql_type;
    /* 0 not null, 1 nullable, 2 unknown. */
    uint32_t nullable;
    /* Width in characters for display; 0 when unknown. */
    uint32_t display_size;
    /* Catalog of the table it comes from, or empty. */
    aludel_str origin_catalog;
    /* Schema of the table it comes from, or empty. */
    aludel_str origin_schema;
    /* Table it comes from, or empty. */
    aludel_str origin_table;
    /* Column it comes from, or empty. */
    aludel_str origin_column;
    /* Zero. */
    uint64_t reserved[2];
};

/* Columns, in memory of the plugin that lives until the next call on the connection. */
struct aludel_column_set {
    /* First column. */
    const aludel_column_desc *columns;
    /* Number of columns. */
    size_t n_columns;
};

/* A parameter of a prepared statement. */
struct aludel_parameter_desc {
    /* Name with its prefix as written (`:name`), or empty for positional ones. */
    aludel_str name;
    /* Type, kind 0 when unknown. */
    aludel_type_desc sql_type;
};

/* Parameters, in memory of the plugin that lives until the next call on the connection. */
struct aludel_parameter_set {
    /* First parameter. */
    const aludel_parameter_desc *parameters;
    /* Number of parameters. */
    size_t n_parameters;
};

/* Parameters of one execution (one row) or of executemany (several rows). */
struct aludel_param_set {
    /* `n_rows` times `n_params` cells, row after row. */
    const aludel_cell *cells;
    /* Neutral type of each parameter, or null; tells the type of nulls and arrays. */
    const aludel_type_desc *types;
    /* Parameters in a row. */
    uint32_t n_params;
    /* See the parameter flags. */
    uint32_t flags;
    /* Rows. */
    uint64_t n_rows;
    /* Index of the first row of this set within the whole executemany. */
    uint64_t first_row;
    /* Zero. */
    uint64_t reserved[2];
};

/* Limits of one call; every call that may wait for a server takes one. */
struct aludel_call_options {
    /* Bytes of this struct that the host knows. */
    size_t size;
    /* When to give up, in nanoseconds of the system's monotonic clock; 0 for never. */
    uint64_t deadline_mono_ns;
    /* Number of the call on its connection, never 0; a cancel names the call that it means. */
    uint64_t generation;
    /* At most this many rows in the whole result; 0 for all. */
    uint64_t max_rows;
    /* Zero. */
    uint64_t flags;
    /* Zero. */
    uint64_t reserved[2];
};

/* An error; the host owns the buffer and reads it after a call that returned ERROR. */
struct aludel_error_out {
    /* Kind, see the error kinds. */
    uint32_t kind;
    /* Constraint kind; 0 when the error is not about a constraint. */
    uint32_t constraint;
    /* Five characters of SQLSTATE, zeros when there is none. */
    uint8_t sqlstate[8];
    /* The database's own number. */
    int64_t native_code;
    /* Index of the failing row of executemany; UINT64_MAX when unknown. */
    uint64_t failing_row;
    /* See the error flags. */
    uint32_t flags;
    /* Out: bytes of the message at the start of the buffer. */
    uint32_t message_len;
    /* Out: bytes of the extras after the message; each is key (u16), length (u32), bytes, little
       endian. */
    uint32_t extras_len;
    /* In: bytes of the buffer. */
    uint32_t capacity;
    /* In: the buffer. */
    uint8_t *buffer;
    /* Zero. */
    uint64_t reserved[2];
};

/* A key and its value, both UTF-8. */
struct aludel_key_value {
    /* Key. */
    aludel_str key;
    /* Value. */
    aludel_str value;
};

/* One host of a URL. */
struct aludel_host_address {
    /* Name, address, or directory of a Unix socket; empty for the default. */
    aludel_str host;
    /* Port; -1 for the default. */
    int32_t port;
    /* Zero. */
    uint32_t reserved;
};

/* The URL in parts, and options from the program. */
struct aludel_connect_args {
    /* Bytes of this struct that the host knows. */
    size_t size;
    /* The scheme as written, for example `postgresql+psycopg`. */
    aludel_str scheme;
    /* Hosts in order. */
    const aludel_host_address *hosts;
    /* Number of hosts. */
    size_t n_hosts;
    /* User name, percent-decoded. */
    aludel_str username;
    /* Password, percent-decoded; the host wipes it after the call. */
    aludel_str password;
    /* Database or path, percent-decoded. */
    aludel_str database;
    /* See the connect flags: which of the fields above are present, and whose URL it is. */
    uint64_t flags;
    /* Options of the query part and of the program, in order; a key may repeat. */
    const aludel_key_value *options;
    /* Number of options. */
    size_t n_options;
    /* The engine that connects, by a number that no other of the process has; 0 for none. */
    uint64_t engine;
    /* Zero. */
    uint64_t reserved;
};

/* How a transaction begins. */
struct aludel_transaction_args {
    /* Bytes of this struct that the host knows. */
    size_t size;
    /* See the isolation levels; 0 for the session's. */
    uint32_t isolation;
    /* 0 the session's, 1 read write, 2 read only. */
    uint32_t access;
    /* 0 the session's, 1 not deferrable, 2 deferrable. */
    uint32_t deferrable;
    /* Zero. */
    uint32_t flags;
    /* A mode of the dialect's own (SQLite: DEFERRED, IMMEDIATE, EXCLUSIVE), or empty. */
    aludel_str mode;
    /* Zero. */
    uint64_t reserved[2];
};

/* A bulk operation, in or out. */
struct aludel_bulk_args {
    /* Bytes of this struct that the host knows. */
    size_t size;
    /* 1 into the database, 2 out of it. */
    uint32_t direction;
    /* 0 rows of cells, 1 bytes in the format named by `format`. */
    uint32_t payload;
    /* Schema of the table, or empty. */
    aludel_str schema;
    /* Table; empty when `query` is set. */
    aludel_str table;
    /* Query whose rows go out; empty when `table` is set. */
    aludel_str query;
    /* Format of bytes, for example `csv`. */
    aludel_str format;
    /* Columns in order; none for all. */
    const aludel_str *columns;
    /* Number of columns. */
    size_t n_columns;
    /* Further options. */
    const aludel_key_value *options;
    /* Number of options. */
    size_t n_options;
    /* Zero. */
    uint64_t reserved[2];
};

/* What to reflect. */
struct aludel_reflect_args {
    /* Bytes of this struct that the host knows. */
    size_t size;
    /* See the reflection kinds. */
    uint32_t kind;
    /* Zero. */
    uint32_t flags;
    /* Catalog, or empty for the current one. */
    aludel_str catalog;
    /* Schema, or empty for the default one. */
    aludel_str schema;
    /* Table, or empty for all. */
    aludel_str table;
    /* Zero. */
    uint64_t reserved[2];
};

/* A notice or warning of the server. */
struct aludel_notice_out {
    /* Severity as the database names it, for example `WARNING`. */
    aludel_str severity;
    /* Message. */
    aludel_str message;
    /* SQLSTATE, zeros when there is none. */
    uint8_t sqlstate[8];
    /* The database's own number. */
    int64_t native_code;
    /* Zero. */
    uint64_t reserved[2];
};

/* An asynchronous notification (PostgreSQL NOTIFY and its kin). */
struct aludel_notification_out {
    /* Channel. */
    aludel_str channel;
    /* Payload. */
    aludel_str payload;
    /* Process or session that sent it; 0 when unknown. */
    uint64_t sender;
    /* Zero. */
    uint64_t reserved[2];
};

/* An event of the plugin's own `tracing`. */
struct aludel_log_record {
    /* Bytes of this struct that the plugin knows. */
    size_t size;
    /* 1 error, 2 warn, 3 info, 4 debug, 5 trace. */
    uint32_t level;
    /* Line in the source file; 0 when unknown. */
    uint32_t line;
    /* Target, usually the module. */
    aludel_str target;
    /* Message. */
    aludel_str message;
    /* Source file, or empty. */
    aludel_str file;
    /* Fields other than the message. */
    const aludel_key_value *fields;
    /* Number of fields. */
    size_t n_fields;
};

/* A connection of the plugin. */
struct aludel_raw_connection {
    /* The plugin's own pointer. */
    void *data;
    /* A aludel_connection_vt, valid for ever. */
    const void *vt;
};

/* A statement of the plugin. */
struct aludel_raw_statement {
    /* The plugin's own pointer. */
    void *data;
    /* A aludel_statement_vt, valid for ever. */
    const void *vt;
};

/* A handle that cancels from another thread. */
struct aludel_raw_cancel {
    /* The plugin's own pointer. */
    void *data;
    /* A aludel_cancel_vt, valid for ever. */
    const void *vt;
};

/* ---- Tables. Entries may be NULL: the host falls back, or says "not supported". */

/* Receives text from the plugin: `context` as it was passed in, a key, a value. The host copies. */
typedef void (*aludel_sink)(void *context, aludel_str key, aludel_str value);

/* What a dialect offers before there is a connection. */
struct aludel_dialect_vt {
    /* sizeof of this struct: how many entries its maker knows. */
    size_t size;
    /* Opens a connection. Blocks until the deadline at most. */
    int32_t (*connect)(const aludel_connect_args *args, const aludel_call_options *call,
        aludel_raw_connection *out, aludel_error_out *error);
    /* Checks a URL without connecting; emits what the driver would get as `arg:` and its name,
       secrets left out, `pool` where another pool than QueuePool suits, `keep_connected` = `true`
       where the database is gone with its last connection, and `pool_use_lifo` = `true` where the
       connection that came back last is best used first. */
    int32_t (*create_connect_args)(const aludel_connect_args *args, aludel_sink sink,
        void *context, aludel_error_out *error);
};

/* What a connection offers. The host never has two calls at once on a connection. */
struct aludel_connection_vt {
    /* sizeof of this struct: how many entries its maker knows. */
    size_t size;
    /* Frees the connection without waiting for the server. */
    void (*free)(void *connection);
    /* Says goodbye to the server; `free` follows. */
    int32_t (*close)(void *connection, const aludel_call_options *call, aludel_error_out *error);
    /* Prepares the first statement of the text; `consumed` receives its length in bytes, separator
       included. NOTHING when the text holds no statement. */
    int32_t (*prepare)(void *connection, aludel_str sql, uint32_t flags,
        const aludel_call_options *call, aludel_raw_statement *out, size_t *consumed,
        aludel_error_out *error);
    /* Prepares the call of a stored procedure; directions hold a byte a parameter: 1 in, 2 out, 3
       both. */
    int32_t (*prepare_call)(void *connection, aludel_str procedure, aludel_str directions,
        const aludel_call_options *call, aludel_raw_statement *out, aludel_error_out *error);
    /* Executes all statements of the text and discards their rows; `consumed` receives the end of
       the last that succeeded, `affected` the sum. */
    int32_t (*execute_script)(void *connection, aludel_str sql, const aludel_call_options *call,
        size_t *consumed, uint64_t *affected, aludel_error_out *error);
    /* Begins a transaction; a dialect may send it together with the first statement. */
    int32_t (*begin)(void *connection, const aludel_transaction_args *args,
        const aludel_call_options *call, aludel_error_out *error);
    /* Commits. */
    int32_t (*commit)(void *connection, const aludel_call_options *call, aludel_error_out *error);
    /* Rolls back. */
    int32_t (*rollback)(void *connection, const aludel_call_options *call,
        aludel_error_out *error);
    /* Savepoints: operation 1 creates, 2 releases, 3 rolls back to. */
    int32_t (*savepoint)(void *connection, uint32_t operation, aludel_str name,
        const aludel_call_options *call, aludel_error_out *error);
    /* Two-phase commit: operation 1 begins, 2 prepares, 3 commits, 4 rolls back. */
    int32_t (*two_phase)(void *connection, uint32_t operation, aludel_str xid,
        const aludel_call_options *call, aludel_error_out *error);
    /* Emits the identifiers of prepared transactions (as keys, values empty). */
    int32_t (*recover)(void *connection, aludel_sink sink, void *context,
        const aludel_call_options *call, aludel_error_out *error);
    /* Asks the server for a sign of life; leaves session and transaction as they are. */
    int32_t (*ping)(void *connection, const aludel_call_options *call, aludel_error_out *error);
    /* Brings the session back to its state after connecting; rolls back first. */
    int32_t (*reset_session)(void *connection, const aludel_call_options *call,
        aludel_error_out *error);
    /* 1 when the connection looks usable, 0 when it is known to be gone; never waits. */
    uint32_t (*is_alive)(void *connection);
    /* 0 unknown, 1 idle, 2 in a transaction, 3 in an aborted transaction; never waits. */
    uint32_t (*transaction_state)(void *connection);
    /* A handle that other threads use to cancel. */
    int32_t (*cancel_handle)(void *connection, aludel_raw_cancel *out, aludel_error_out *error);
    /* Reads a session option; the cell lives until the next call on the connection. */
    int32_t (*get_option)(void *connection, aludel_str key, const aludel_call_options *call,
        aludel_cell *out, aludel_error_out *error);
    /* Sets a session option. */
    int32_t (*set_option)(void *connection, aludel_str key, const aludel_cell *value,
        const aludel_call_options *call, aludel_error_out *error);
    /* The next notice of the server, NOTHING when there is none; never waits. */
    int32_t (*next_notice)(void *connection, aludel_notice_out *out, aludel_error_out *error);
    /* The next notification; waits until the deadline, NOTHING when none came. */
    int32_t (*next_notification)(void *connection, const aludel_call_options *call,
        aludel_notification_out *out, aludel_error_out *error);
    /* Begins a bulk operation; one at a time on a connection. */
    int32_t (*bulk_begin)(void *connection, const aludel_bulk_args *args,
        const aludel_call_options *call, aludel_error_out *error);
    /* Sends a chunk: rows of cells, or bytes when `rows` is null. */
    int32_t (*bulk_write)(void *connection, const aludel_param_set *rows, aludel_str bytes,
        const aludel_call_options *call, aludel_error_out *error);
    /* Receives a chunk of bytes that lives until the next call on the connection; NOTHING at the
       end. */
    int32_t (*bulk_read)(void *connection, const aludel_call_options *call, aludel_str *out,
        aludel_error_out *error);
    /* Ends a bulk operation: `commit` 1 keeps it, 0 abandons it. */
    int32_t (*bulk_end)(void *connection, uint32_t commit, const aludel_call_options *call,
        uint64_t *affected, aludel_error_out *error);
    /* A statement whose rows describe the schema. */
    int32_t (*reflect)(void *connection, const aludel_reflect_args *args,
        const aludel_call_options *call, aludel_raw_statement *out, aludel_error_out *error);
    /* Emits what is known of the server: `name`, `version`, `capabilities` (with commas between,
       where they differ from the dialect's), and as `rule:` and its name each SQL rule that
       differs. */
    int32_t (*server_info)(void *connection, aludel_sink sink, void *context,
        const aludel_call_options *call, aludel_error_out *error);
};

/* What a statement offers. Every call gets its connection. */
struct aludel_statement_vt {
    /* sizeof of this struct: how many entries its maker knows. */
    size_t size;
    /* Frees the statement; never waits. */
    void (*free)(void *connection, void *statement);
    /* Binds, executes and delivers the first rows of the first result. */
    int32_t (*execute)(void *connection, void *statement, const aludel_param_set *params,
        const aludel_call_options *call, aludel_batch *batch, aludel_error_out *error);
    /* Delivers the next rows of the current result. */
    int32_t (*fetch)(void *connection, void *statement, const aludel_call_options *call,
        aludel_batch *batch, aludel_error_out *error);
    /* Goes on to the next result and delivers its first rows; NOTHING when there is none. */
    int32_t (*next_result)(void *connection, void *statement, const aludel_call_options *call,
        aludel_batch *batch, aludel_error_out *error);
    /* Executes once for each row of parameters; rows that come back are delivered like those of
       execute. */
    int32_t (*execute_many)(void *connection, void *statement, const aludel_param_set *params,
        const aludel_call_options *call, aludel_batch *batch, aludel_error_out *error);
    /* Abandons the current result; bounded by the deadline. */
    int32_t (*reset)(void *connection, void *statement, const aludel_call_options *call,
        aludel_error_out *error);
    /* Describes the columns of the current result. Leaves lent memory alone. */
    int32_t (*columns)(void *connection, void *statement, aludel_column_set *out,
        aludel_error_out *error);
    /* Describes the parameters; NOTHING when the dialect does not know them. Leaves lent memory
       alone. */
    int32_t (*parameters)(void *connection, void *statement, aludel_parameter_set *out,
        aludel_error_out *error);
};

/* What a cancel handle offers. May be called from any thread at any time. */
struct aludel_cancel_vt {
    /* sizeof of this struct: how many entries its maker knows. */
    size_t size;
    /* Frees the handle. */
    void (*free)(void *handle);
    /* Cancels the call of this generation; does nothing when it has ended. */
    int32_t (*cancel)(void *handle, uint64_t generation, const aludel_call_options *call,
        aludel_error_out *error);
};

/* What the host offers to a plugin; passed to `init`, valid for ever. */
struct aludel_host_vt {
    /* Bytes of this table that the host knows. */
    size_t size;
    /* Passed back to the functions below. */
    void *context;
    /* Receives an event of the plugin. May be called from any thread. */
    void (*log)(void *context, const aludel_log_record *record);
    /* The most verbose level that anyone listens to: 0 none, 1 error, up to 5 trace. */
    uint32_t (*max_level)(void *context);
};

/* What a plugin file exports as `ALUDEL_PLUGIN`: plain data, readable without running code. */
struct aludel_descriptor {
    /* The magic bytes. */
    uint8_t magic[16];
    /* Bytes of this struct that the plugin knows. */
    uint32_t size;
    /* Major version of the ABI. */
    uint16_t abi_major;
    /* Minor version of the ABI. */
    uint16_t abi_minor;
    /* Hash of the frozen structs and constants. */
    uint64_t layout_hash;
    /* See the descriptor flags. */
    uint64_t flags;
    /* The JSON text of the note. */
    aludel_str note;
    /* The dialect's table, valid for ever. */
    const aludel_dialect_vt *dialect;
    /* Called once by each host before anything else; null when there is nothing to set up. */
    int32_t (*init)(const aludel_host_vt *host, aludel_error_out *error);
    /* Zero. */
    uint64_t reserved[4];
};

/* ---- Proof that this compiler lays the structs out as the host does. */

ALUDEL_PROVE(sizeof(void *) == 8);
ALUDEL_PROVE(sizeof(aludel_str) == 16);
ALUDEL_PROVE(offsetof(aludel_str, ptr) == 0);
ALUDEL_PROVE(offsetof(aludel_str, len) == 8);
ALUDEL_PROVE(sizeof(aludel_cell) == 16);
ALUDEL_PROVE(offsetof(aludel_cell, tag) == 0);
ALUDEL_PROVE(offsetof(aludel_cell, flags) == 1);
ALUDEL_PROVE(offsetof(aludel_cell, aux) == 2);
ALUDEL_PROVE(offsetof(aludel_cell, len) == 4);
ALUDEL_PROVE(offsetof(aludel_cell, bits) == 8);
ALUDEL_PROVE(sizeof(aludel_batch) == 88);
ALUDEL_PROVE(offsetof(aludel_batch, cells) == 0);
ALUDEL_PROVE(offsetof(aludel_batch, arena) == 8);
ALUDEL_PROVE(offsetof(aludel_batch, cells_capacity) == 16);
ALUDEL_PROVE(offsetof(aludel_batch, arena_capacity) == 20);
ALUDEL_PROVE(offsetof(aludel_batch, max_rows) == 24);
ALUDEL_PROVE(offsetof(aludel_batch, hint) == 28);
ALUDEL_PROVE(offsetof(aludel_batch, rows) == 32);
ALUDEL_PROVE(offsetof(aludel_batch, columns) == 36);
ALUDEL_PROVE(offsetof(aludel_batch, arena_used) == 40);
ALUDEL_PROVE(offsetof(aludel_batch, state) == 44);
ALUDEL_PROVE(offsetof(aludel_batch, affected) == 48);
ALUDEL_PROVE(offsetof(aludel_batch, last_insert_id) == 56);
ALUDEL_PROVE(offsetof(aludel_batch, columns_epoch) == 64);
ALUDEL_PROVE(offsetof(aludel_batch, reserved_0) == 68);
ALUDEL_PROVE(offsetof(aludel_batch, reserved) == 72);
ALUDEL_PROVE(sizeof(aludel_type_desc) == 128);
ALUDEL_PROVE(offsetof(aludel_type_desc, kind) == 0);
ALUDEL_PROVE(offsetof(aludel_type_desc, flags) == 4);
ALUDEL_PROVE(offsetof(aludel_type_desc, vendor_name) == 8);
ALUDEL_PROVE(offsetof(aludel_type_desc, length) == 24);
ALUDEL_PROVE(offsetof(aludel_type_desc, precision) == 32);
ALUDEL_PROVE(offsetof(aludel_type_desc, scale) == 36);
ALUDEL_PROVE(offsetof(aludel_type_desc, collation) == 40);
ALUDEL_PROVE(offsetof(aludel_type_desc, charset) == 56);
ALUDEL_PROVE(offsetof(aludel_type_desc, array_dimensions) == 72);
ALUDEL_PROVE(offsetof(aludel_type_desc, n_fields) == 76);
ALUDEL_PROVE(offsetof(aludel_type_desc, element) == 80);
ALUDEL_PROVE(offsetof(aludel_type_desc, fields) == 88);
ALUDEL_PROVE(offsetof(aludel_type_desc, labels) == 96);
ALUDEL_PROVE(offsetof(aludel_type_desc, n_labels) == 104);
ALUDEL_PROVE(offsetof(aludel_type_desc, reserved) == 112);
ALUDEL_PROVE(sizeof(aludel_field_desc) == 144);
ALUDEL_PROVE(offsetof(aludel_field_desc, name) == 0);
ALUDEL_PROVE(offsetof(aludel_field_desc, sql_type) == 16);
ALUDEL_PROVE(sizeof(aludel_column_desc) == 232);
ALUDEL_PROVE(offsetof(aludel_column_desc, name) == 0);
ALUDEL_PROVE(offsetof(aludel_column_desc, sql_type) == 16);
ALUDEL_PROVE(offsetof(aludel_column_desc, nullable) == 144);
ALUDEL_PROVE(offsetof(aludel_column_desc, display_size) == 148);
ALUDEL_PROVE(offsetof(aludel_column_desc, origin_catalog) == 152);
ALUDEL_PROVE(offsetof(aludel_column_desc, origin_schema) == 168);
ALUDEL_PROVE(offsetof(aludel_column_desc, origin_table) == 184);
ALUDEL_PROVE(offsetof(aludel_column_desc, origin_column) == 200);
ALUDEL_PROVE(offsetof(aludel_column_desc, reserved) == 216);
ALUDEL_PROVE(sizeof(aludel_column_set) == 16);
ALUDEL_PROVE(offsetof(aludel_column_set, columns) == 0);
ALUDEL_PROVE(offsetof(aludel_column_set, n_columns) == 8);
ALUDEL_PROVE(sizeof(aludel_parameter_desc) == 144);
ALUDEL_PROVE(offsetof(aludel_parameter_desc, name) == 0);
ALUDEL_PROVE(offsetof(aludel_parameter_desc, sql_type) == 16);
ALUDEL_PROVE(sizeof(aludel_parameter_set) == 16);
ALUDEL_PROVE(offsetof(aludel_parameter_set, parameters) == 0);
ALUDEL_PROVE(offsetof(aludel_parameter_set, n_parameters) == 8);
ALUDEL_PROVE(sizeof(aludel_param_set) == 56);
ALUDEL_PROVE(offsetof(aludel_param_set, cells) == 0);
ALUDEL_PROVE(offsetof(aludel_param_set, types) == 8);
ALUDEL_PROVE(offsetof(aludel_param_set, n_params) == 16);
ALUDEL_PROVE(offsetof(aludel_param_set, flags) == 20);
ALUDEL_PROVE(offsetof(aludel_param_set, n_rows) == 24);
ALUDEL_PROVE(offsetof(aludel_param_set, first_row) == 32);
ALUDEL_PROVE(offsetof(aludel_param_set, reserved) == 40);
ALUDEL_PROVE(sizeof(aludel_call_options) == 56);
ALUDEL_PROVE(offsetof(aludel_call_options, size) == 0);
ALUDEL_PROVE(offsetof(aludel_call_options, deadline_mono_ns) == 8);
ALUDEL_PROVE(offsetof(aludel_call_options, generation) == 16);
ALUDEL_PROVE(offsetof(aludel_call_options, max_rows) == 24);
ALUDEL_PROVE(offsetof(aludel_call_options, flags) == 32);
ALUDEL_PROVE(offsetof(aludel_call_options, reserved) == 40);
ALUDEL_PROVE(sizeof(aludel_error_out) == 72);
ALUDEL_PROVE(offsetof(aludel_error_out, kind) == 0);
ALUDEL_PROVE(offsetof(aludel_error_out, constraint) == 4);
ALUDEL_PROVE(offsetof(aludel_error_out, sqlstate) == 8);
ALUDEL_PROVE(offsetof(aludel_error_out, native_code) == 16);
ALUDEL_PROVE(offsetof(aludel_error_out, failing_row) == 24);
ALUDEL_PROVE(offsetof(aludel_error_out, flags) == 32);
ALUDEL_PROVE(offsetof(aludel_error_out, message_len) == 36);
ALUDEL_PROVE(offsetof(aludel_error_out, extras_len) == 40);
ALUDEL_PROVE(offsetof(aludel_error_out, capacity) == 44);
ALUDEL_PROVE(offsetof(aludel_error_out, buffer) == 48);
ALUDEL_PROVE(offsetof(aludel_error_out, reserved) == 56);
ALUDEL_PROVE(sizeof(aludel_key_value) == 32);
ALUDEL_PROVE(offsetof(aludel_key_value, key) == 0);
ALUDEL_PROVE(offsetof(aludel_key_value, value) == 16);
ALUDEL_PROVE(sizeof(aludel_host_address) == 24);
ALUDEL_PROVE(offsetof(aludel_host_address, host) == 0);
ALUDEL_PROVE(offsetof(aludel_host_address, port) == 16);
ALUDEL_PROVE(offsetof(aludel_host_address, reserved) == 20);
ALUDEL_PROVE(sizeof(aludel_connect_args) == 128);
ALUDEL_PROVE(offsetof(aludel_connect_args, size) == 0);
ALUDEL_PROVE(offsetof(aludel_connect_args, scheme) == 8);
ALUDEL_PROVE(offsetof(aludel_connect_args, hosts) == 24);
ALUDEL_PROVE(offsetof(aludel_connect_args, n_hosts) == 32);
ALUDEL_PROVE(offsetof(aludel_connect_args, username) == 40);
ALUDEL_PROVE(offsetof(aludel_connect_args, password) == 56);
ALUDEL_PROVE(offsetof(aludel_connect_args, database) == 72);
ALUDEL_PROVE(offsetof(aludel_connect_args, flags) == 88);
ALUDEL_PROVE(offsetof(aludel_connect_args, options) == 96);
ALUDEL_PROVE(offsetof(aludel_connect_args, n_options) == 104);
ALUDEL_PROVE(offsetof(aludel_connect_args, engine) == 112);
ALUDEL_PROVE(offsetof(aludel_connect_args, reserved) == 120);
ALUDEL_PROVE(sizeof(aludel_transaction_args) == 56);
ALUDEL_PROVE(offsetof(aludel_transaction_args, size) == 0);
ALUDEL_PROVE(offsetof(aludel_transaction_args, isolation) == 8);
ALUDEL_PROVE(offsetof(aludel_transaction_args, access) == 12);
ALUDEL_PROVE(offsetof(aludel_transaction_args, deferrable) == 16);
ALUDEL_PROVE(offsetof(aludel_transaction_args, flags) == 20);
ALUDEL_PROVE(offsetof(aludel_transaction_args, mode) == 24);
ALUDEL_PROVE(offsetof(aludel_transaction_args, reserved) == 40);
ALUDEL_PROVE(sizeof(aludel_bulk_args) == 128);
ALUDEL_PROVE(offsetof(aludel_bulk_args, size) == 0);
ALUDEL_PROVE(offsetof(aludel_bulk_args, direction) == 8);
ALUDEL_PROVE(offsetof(aludel_bulk_args, payload) == 12);
ALUDEL_PROVE(offsetof(aludel_bulk_args, schema) == 16);
ALUDEL_PROVE(offsetof(aludel_bulk_args, table) == 32);
ALUDEL_PROVE(offsetof(aludel_bulk_args, query) == 48);
ALUDEL_PROVE(offsetof(aludel_bulk_args, format) == 64);
ALUDEL_PROVE(offsetof(aludel_bulk_args, columns) == 80);
ALUDEL_PROVE(offsetof(aludel_bulk_args, n_columns) == 88);
ALUDEL_PROVE(offsetof(aludel_bulk_args, options) == 96);
ALUDEL_PROVE(offsetof(aludel_bulk_args, n_options) == 104);
ALUDEL_PROVE(offsetof(aludel_bulk_args, reserved) == 112);
ALUDEL_PROVE(sizeof(aludel_reflect_args) == 80);
ALUDEL_PROVE(offsetof(aludel_reflect_args, size) == 0);
ALUDEL_PROVE(offsetof(aludel_reflect_args, kind) == 8);
ALUDEL_PROVE(offsetof(aludel_reflect_args, flags) == 12);
ALUDEL_PROVE(offsetof(aludel_reflect_args, catalog) == 16);
ALUDEL_PROVE(offsetof(aludel_reflect_args, schema) == 32);
ALUDEL_PROVE(offsetof(aludel_reflect_args, table) == 48);
ALUDEL_PROVE(offsetof(aludel_reflect_args, reserved) == 64);
ALUDEL_PROVE(sizeof(aludel_notice_out) == 64);
ALUDEL_PROVE(offsetof(aludel_notice_out, severity) == 0);
ALUDEL_PROVE(offsetof(aludel_notice_out, message) == 16);
ALUDEL_PROVE(offsetof(aludel_notice_out, sqlstate) == 32);
ALUDEL_PROVE(offsetof(aludel_notice_out, native_code) == 40);
ALUDEL_PROVE(offsetof(aludel_notice_out, reserved) == 48);
ALUDEL_PROVE(sizeof(aludel_notification_out) == 56);
ALUDEL_PROVE(offsetof(aludel_notification_out, channel) == 0);
ALUDEL_PROVE(offsetof(aludel_notification_out, payload) == 16);
ALUDEL_PROVE(offsetof(aludel_notification_out, sender) == 32);
ALUDEL_PROVE(offsetof(aludel_notification_out, reserved) == 40);
ALUDEL_PROVE(sizeof(aludel_log_record) == 80);
ALUDEL_PROVE(offsetof(aludel_log_record, size) == 0);
ALUDEL_PROVE(offsetof(aludel_log_record, level) == 8);
ALUDEL_PROVE(offsetof(aludel_log_record, line) == 12);
ALUDEL_PROVE(offsetof(aludel_log_record, target) == 16);
ALUDEL_PROVE(offsetof(aludel_log_record, message) == 32);
ALUDEL_PROVE(offsetof(aludel_log_record, file) == 48);
ALUDEL_PROVE(offsetof(aludel_log_record, fields) == 64);
ALUDEL_PROVE(offsetof(aludel_log_record, n_fields) == 72);
ALUDEL_PROVE(sizeof(aludel_raw_connection) == 16);
ALUDEL_PROVE(offsetof(aludel_raw_connection, data) == 0);
ALUDEL_PROVE(offsetof(aludel_raw_connection, vt) == 8);
ALUDEL_PROVE(sizeof(aludel_raw_statement) == 16);
ALUDEL_PROVE(offsetof(aludel_raw_statement, data) == 0);
ALUDEL_PROVE(offsetof(aludel_raw_statement, vt) == 8);
ALUDEL_PROVE(sizeof(aludel_raw_cancel) == 16);
ALUDEL_PROVE(offsetof(aludel_raw_cancel, data) == 0);
ALUDEL_PROVE(offsetof(aludel_raw_cancel, vt) == 8);
ALUDEL_PROVE(sizeof(aludel_host_vt) == 32);
ALUDEL_PROVE(offsetof(aludel_host_vt, size) == 0);
ALUDEL_PROVE(offsetof(aludel_host_vt, context) == 8);
ALUDEL_PROVE(offsetof(aludel_host_vt, log) == 16);
ALUDEL_PROVE(offsetof(aludel_host_vt, max_level) == 24);
ALUDEL_PROVE(sizeof(aludel_descriptor) == 104);
ALUDEL_PROVE(offsetof(aludel_descriptor, magic) == 0);
ALUDEL_PROVE(offsetof(aludel_descriptor, size) == 16);
ALUDEL_PROVE(offsetof(aludel_descriptor, abi_major) == 20);
ALUDEL_PROVE(offsetof(aludel_descriptor, abi_minor) == 22);
ALUDEL_PROVE(offsetof(aludel_descriptor, layout_hash) == 24);
ALUDEL_PROVE(offsetof(aludel_descriptor, flags) == 32);
ALUDEL_PROVE(offsetof(aludel_descriptor, note) == 40);
ALUDEL_PROVE(offsetof(aludel_descriptor, dialect) == 56);
ALUDEL_PROVE(offsetof(aludel_descriptor, init) == 64);
ALUDEL_PROVE(offsetof(aludel_descriptor, reserved) == 72);
ALUDEL_PROVE(offsetof(aludel_dialect_vt, connect) == 8);
ALUDEL_PROVE(offsetof(aludel_dialect_vt, create_connect_args) == 16);
ALUDEL_PROVE(offsetof(aludel_connection_vt, free) == 8);
ALUDEL_PROVE(offsetof(aludel_connection_vt, close) == 16);
ALUDEL_PROVE(offsetof(aludel_connection_vt, prepare) == 24);
ALUDEL_PROVE(offsetof(aludel_connection_vt, prepare_call) == 32);
ALUDEL_PROVE(offsetof(aludel_connection_vt, execute_script) == 40);
ALUDEL_PROVE(offsetof(aludel_connection_vt, begin) == 48);
ALUDEL_PROVE(offsetof(aludel_connection_vt, commit) == 56);
ALUDEL_PROVE(offsetof(aludel_connection_vt, rollback) == 64);
ALUDEL_PROVE(offsetof(aludel_connection_vt, savepoint) == 72);
ALUDEL_PROVE(offsetof(aludel_connection_vt, two_phase) == 80);
ALUDEL_PROVE(offsetof(aludel_connection_vt, recover) == 88);
ALUDEL_PROVE(offsetof(aludel_connection_vt, ping) == 96);
ALUDEL_PROVE(offsetof(aludel_connection_vt, reset_session) == 104);
ALUDEL_PROVE(offsetof(aludel_connection_vt, is_alive) == 112);
ALUDEL_PROVE(offsetof(aludel_connection_vt, transaction_state) == 120);
ALUDEL_PROVE(offsetof(aludel_connection_vt, cancel_handle) == 128);
ALUDEL_PROVE(offsetof(aludel_connection_vt, get_option) == 136);
ALUDEL_PROVE(offsetof(aludel_connection_vt, set_option) == 144);
ALUDEL_PROVE(offsetof(aludel_connection_vt, next_notice) == 152);
ALUDEL_PROVE(offsetof(aludel_connection_vt, next_notification) == 160);
ALUDEL_PROVE(offsetof(aludel_connection_vt, bulk_begin) == 168);
ALUDEL_PROVE(offsetof(aludel_connection_vt, bulk_write) == 176);
ALUDEL_PROVE(offsetof(aludel_connection_vt, bulk_read) == 184);
ALUDEL_PROVE(offsetof(aludel_connection_vt, bulk_end) == 192);
ALUDEL_PROVE(offsetof(aludel_connection_vt, reflect) == 200);
ALUDEL_PROVE(offsetof(aludel_connection_vt, server_info) == 208);
ALUDEL_PROVE(offsetof(aludel_statement_vt, free) == 8);
ALUDEL_PROVE(offsetof(aludel_statement_vt, execute) == 16);
ALUDEL_PROVE(offsetof(aludel_statement_vt, fetch) == 24);
ALUDEL_PROVE(offsetof(aludel_statement_vt, next_result) == 32);
ALUDEL_PROVE(offsetof(aludel_statement_vt, execute_many) == 40);
ALUDEL_PROVE(offsetof(aludel_statement_vt, reset) == 48);
ALUDEL_PROVE(offsetof(aludel_statement_vt, columns) == 56);
ALUDEL_PROVE(offsetof(aludel_statement_vt, parameters) == 64);
ALUDEL_PROVE(offsetof(aludel_cancel_vt, free) == 8);
ALUDEL_PROVE(offsetof(aludel_cancel_vt, cancel) == 16);

/* ---- Small help. */

/* What a plugin defines. */
extern ALUDEL_EXPORT const aludel_descriptor ALUDEL_PLUGIN;

/* A literal as aludel_str, also in initializers. */
#define ALUDEL_TEXT(literal) \
    { (const uint8_t *)(literal), sizeof(literal) - 1 }

/* Borrows a string that ends in NUL. */
static inline aludel_str aludel_text(const char *text)
{
    aludel_str result;
    result.ptr = (const uint8_t *)text;
    result.len = strlen(text);
    return result;
}

/* True when both hold the same bytes. */
static inline int aludel_equal(aludel_str a, aludel_str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline aludel_cell aludel_cell_null(void)
{
    aludel_cell cell = { ALUDEL_TAG_NULL, 0, 0, 0, 0 };
    return cell;
}

static inline aludel_cell aludel_cell_int64(int64_t value)
{
    aludel_cell cell = { ALUDEL_TAG_I64, 0, 0, 0, (uint64_t)value };
    return cell;
}

static inline aludel_cell aludel_cell_double(double value)
{
    aludel_cell cell = { ALUDEL_TAG_F64, 0, 0, 0, 0 };
    memcpy(&cell.bits, &value, sizeof value);
    return cell;
}

/* Text, JSON, bytes and other kinds behind a pointer; add ALUDEL_CELL_LENT to the flags, and
   ALUDEL_BATCH_LENT to the state of the batch, when the bytes are not in the arena. */
static inline aludel_cell aludel_cell_bytes(uint8_t tag, uint8_t flags, const void *bytes, size_t len)
{
    aludel_cell cell = { tag, flags, (uint16_t)((uint64_t)len >> 32), (uint32_t)len, 0 };
    cell.bits = (uint64_t)(uintptr_t)bytes;
    return cell;
}

/* The bytes of a cell whose tag is 16 or more. */
static inline aludel_str aludel_cell_data(const aludel_cell *cell)
{
    aludel_str result;
    uint64_t high = cell->tag == ALUDEL_TAG_DECIMAL ? 0 : (uint64_t)cell->aux << 32;
    result.ptr = (const uint8_t *)(uintptr_t)cell->bits;
    result.len = (size_t)(high | cell->len);
    return result;
}

/* Fills in an error of one of the ALUDEL_KIND_ numbers, with a SQLSTATE or NULL, and returns
   ALUDEL_STATUS_ERROR. A message that is too long is cut. */
static inline int32_t aludel_fail(aludel_error_out *error, uint32_t kind, const char *sqlstate,
                                  const char *message)
{
    size_t len = strlen(message);
    if (error == NULL) {
        return ALUDEL_STATUS_ERROR;
    }
    if (len > error->capacity) {
        len = error->capacity;
        error->flags |= ALUDEL_ERROR_TRUNCATED;
    }
    error->kind = kind;
    if (sqlstate != NULL && strlen(sqlstate) == 5) {
        memcpy(error->sqlstate, sqlstate, 5);
    }
    memcpy(error->buffer, message, len);
    error->message_len = (uint32_t)len;
    error->extras_len = 0;
    return ALUDEL_STATUS_ERROR;
}

/* Adds a named text after the message; texts that do not fit are left out. Returns
   ALUDEL_STATUS_ERROR. */
static inline int32_t aludel_fail_extra(aludel_error_out *error, uint16_t key, const char *text)
{
    size_t len = strlen(text), at, i;
    if (error == NULL) {
        return ALUDEL_STATUS_ERROR;
    }
    at = (size_t)error->message_len + error->extras_len;
    if (at + 6 + len > error->capacity) {
        error->flags |= ALUDEL_ERROR_TRUNCATED;
        return ALUDEL_STATUS_ERROR;
    }
    error->buffer[at] = (uint8_t)(key & 0xff);
    error->buffer[at + 1] = (uint8_t)(key >> 8);
    for (i = 0; i < 4; i++) {
        error->buffer[at + 2 + i] = (uint8_t)(len >> (8 * i));
    }
    memcpy(error->buffer + at + 6, text, len);
    error->extras_len += (uint32_t)(6 + len);
    return ALUDEL_STATUS_ERROR;
}

#ifdef __cplusplus
}
#endif

#endif
