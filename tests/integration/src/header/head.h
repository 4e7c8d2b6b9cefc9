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

