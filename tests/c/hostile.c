/* A plugin that leaves a trace of whatever of it runs, and misbehaves as it is told to.

   Every text is one row with the number 42. The tests write their own note and the path of the trace
   into the built file, over the texts below. Flags of the compiler:

     CONSTRUCTOR_HANGS   the constructor returns once there is a file <trace>.release
     CONSTRUCTOR_WRITES  the constructor appends a byte to the plugin's own file
     INIT_FAILS          init fails
     INIT_SILENT         init fails without a word
     INIT_HANGS          init returns once there is a file <trace>.release
     NO_INIT             there is no init
     NO_TABLE            there is no table of functions
     SHORT_TABLE         the table says that it is shorter than its own size
     LONG_NOTE           the note has as many bytes
     MISSING_SYMBOL      a function that no library has is called
     NEIGHBOUR           a function of another library is called */

#define _GNU_SOURCE
#include <aludel.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- Traces. */

/* Volatile, because what the compiler sees here is not what will stand here. */
static const volatile char TRACE[512] = "path of the trace";

static void trace_path(char *path, const char *suffix)
{
    size_t i = 0;
    while (i + 1 < sizeof TRACE && TRACE[i] != '\0') {
        path[i] = TRACE[i];
        i++;
    }
    strcpy(path + i, suffix);
}

static void leave_trace(const char *what)
{
    char path[sizeof TRACE + 16];
    int file;
    trace_path(path, "");
    file = open(path, O_WRONLY | O_CREAT | O_APPEND, 0666);
    if (file < 0 || write(file, what, strlen(what)) < 0 || close(file) < 0) {
        abort(); /* a trace that cannot be left would prove what it does not */
    }
}

#if defined(CONSTRUCTOR_HANGS) || defined(INIT_HANGS)
static void hang(void)
{
    char path[sizeof TRACE + 16];
    trace_path(path, ".release");
    while (access(path, F_OK) != 0) {
        usleep(1000);
    }
}
#endif

#ifdef CONSTRUCTOR_WRITES
static const char HERE;

static void write_to_own_file(void)
{
    Dl_info info;
    int file = dladdr(&HERE, &info) != 0 ? open(info.dli_fname, O_WRONLY | O_APPEND) : -1;
    if (file < 0 || write(file, "", 1) != 1 || close(file) < 0) {
        abort();
    }
}
#endif

__attribute__((constructor)) static void constructor(void)
{
    leave_trace("constructor\n");
#ifdef CONSTRUCTOR_HANGS
    hang();
#endif
#ifdef CONSTRUCTOR_WRITES
    write_to_own_file();
#endif
}

#ifndef NO_INIT
static int32_t init(const aludel_host_vt *host, aludel_error_out *error)
{
    (void)host;
    (void)error;
    leave_trace("init\n");
#ifdef INIT_HANGS
    hang();
#endif
#ifdef INIT_FAILS
    return aludel_fail(error, ALUDEL_KIND_OPERATIONAL, NULL, "there is no licence");
#elif defined(INIT_SILENT)
    return ALUDEL_STATUS_ERROR;
#else
    return ALUDEL_STATUS_OK;
#endif
}
#endif

/* ---- Other libraries. */

#ifdef MISSING_SYMBOL
extern int aludel_test_missing_symbol(void);
ALUDEL_EXPORT int call_missing_symbol(void);
int call_missing_symbol(void)
{
    return aludel_test_missing_symbol();
}
#endif

#ifdef NEIGHBOUR
extern int aludel_test_neighbour(void);
#define ANSWER aludel_test_neighbour()
#else
#define ANSWER 42
#endif

/* ---- A dialect that knows one answer. */

static void free_nothing(void *connection)
{
    (void)connection;
}

static void free_statement(void *connection, void *statement)
{
    (void)connection;
    (void)statement;
}

static int32_t execute(void *connection, void *statement, const aludel_param_set *params,
                       const aludel_call_options *call, aludel_batch *batch,
                       aludel_error_out *error)
{
    (void)connection;
    (void)statement;
    (void)params;
    (void)call;
    batch->columns = 1;
    batch->rows = 0;
    batch->state = ALUDEL_BATCH_RETURNS_ROWS;
    if (batch->cells_capacity == 0) {
        return ALUDEL_STATUS_OK;
    }
    batch->cells[0] = aludel_cell_int64(ANSWER);
    batch->rows = 1;
    batch->state |= ALUDEL_BATCH_DONE;
    (void)error;
    return ALUDEL_STATUS_OK;
}

static int32_t fetch(void *connection, void *statement, const aludel_call_options *call,
                     aludel_batch *batch, aludel_error_out *error)
{
    return execute(connection, statement, NULL, call, batch, error);
}

static int32_t columns(void *connection, void *statement, aludel_column_set *out,
                       aludel_error_out *error)
{
    static const aludel_column_desc answer = {
        ALUDEL_TEXT("answer"),
        { ALUDEL_TYPE_BIG_INTEGER, 0, ALUDEL_TEXT("INTEGER"), -1, -1, INT32_MIN, { NULL, 0 },
          { NULL, 0 }, 0, 0, NULL, NULL, NULL, 0, { 0, 0 } },
        0, 0, { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { 0, 0 },
    };
    (void)connection;
    (void)statement;
    (void)error;
    out->columns = &answer;
    out->n_columns = 1;
    return ALUDEL_STATUS_OK;
}

static const aludel_statement_vt STATEMENT = {
    .size = sizeof(aludel_statement_vt),
    .free = free_statement,
    .execute = execute,
    .fetch = fetch,
    .columns = columns,
};

/* A handle that is not NULL; nothing is read through it. */
static char HANDLE;

static int32_t prepare(void *connection, aludel_str sql, uint32_t flags,
                       const aludel_call_options *call, aludel_raw_statement *out,
                       size_t *consumed, aludel_error_out *error)
{
    (void)connection;
    (void)flags;
    (void)call;
    (void)error;
    *consumed = sql.len;
    if (sql.len == 0) {
        return ALUDEL_STATUS_NOTHING;
    }
    out->data = &HANDLE;
    out->vt = &STATEMENT;
    return ALUDEL_STATUS_OK;
}

static const aludel_connection_vt CONNECTION = {
    .size = sizeof(aludel_connection_vt),
    .free = free_nothing,
    .prepare = prepare,
};

static int32_t connect(const aludel_connect_args *args, const aludel_call_options *call,
                       aludel_raw_connection *out, aludel_error_out *error)
{
    (void)args;
    (void)call;
    (void)error;
    out->data = &HANDLE;
    out->vt = &CONNECTION;
    return ALUDEL_STATUS_OK;
}

#ifndef NO_TABLE
static const aludel_dialect_vt DIALECT = {
#ifdef SHORT_TABLE
    .size = sizeof(size_t) - 1,
#else
    .size = sizeof(aludel_dialect_vt),
#endif
    .connect = connect,
};
#else
int32_t (*const unused)(const aludel_connect_args *, const aludel_call_options *,
                        aludel_raw_connection *, aludel_error_out *) = connect;
#endif

/* ---- Who it is. Blanks make room for the tests' own notes. */

#define BLANKS_64 "                                                                "
#define BLANKS_256 BLANKS_64 BLANKS_64 BLANKS_64 BLANKS_64
#define NOTE \
    "{" ALUDEL_NOTE_HEAD ",\"name\":\"hostile\",\"version\":\"1.0\"" \
    BLANKS_256 BLANKS_256 BLANKS_256 BLANKS_256 "}"

#ifdef LONG_NOTE
static const struct {
    uint32_t name_size, desc_size, kind;
    char name[8];
    char desc[LONG_NOTE];
} aludel_note ALUDEL_NOTE_PLACE = { 7, LONG_NOTE, 1, "ALUDEL", NOTE };
#else
ALUDEL_NOTE(NOTE);
#endif

const aludel_descriptor ALUDEL_PLUGIN = {
    .magic = ALUDEL_MAGIC,
    .size = sizeof(aludel_descriptor),
    .abi_major = ALUDEL_ABI_MAJOR,
    .abi_minor = ALUDEL_ABI_MINOR,
    .layout_hash = ALUDEL_LAYOUT_HASH,
    .flags = ALUDEL_DESCRIPTOR_PANIC_UNWIND,
    .note = ALUDEL_TEXT(NOTE),
#ifndef NO_TABLE
    .dialect = &DIALECT,
#endif
#ifndef NO_INIT
    .init = init,
#endif
};
