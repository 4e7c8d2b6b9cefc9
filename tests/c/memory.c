/* A dialect in C: a table in memory, of a key and a text.

     PUT     inserts its two parameters
     GET     gives all entries, in the order of their insertion
     GET n   gives at most n
     FAIL    fails, to show an error that says everything
     LOG     logs through the host

   It leaves out whatever can be left out: no transactions, no options, no executemany. */

#include <aludel.h>
#include <stdio.h>
#include <stdlib.h>

/* What `init` got from the host, for logging. */
static const aludel_host_vt *host;

/* ---- The table, one for each connection. */

typedef struct entry {
    int64_t key;
    char *text;
    size_t len;
} entry;

typedef struct connection {
    entry *entries;
    size_t count, room;
} connection;

static entry *find(connection *self, int64_t key)
{
    size_t i;
    for (i = 0; i < self->count; i++) {
        if (self->entries[i].key == key) {
            return &self->entries[i];
        }
    }
    return NULL;
}

/* 0 when there is no memory. */
static int append(connection *self, int64_t key, aludel_str text)
{
    entry *added;
    if (self->count == self->room) {
        size_t room = self->room * 2 + 8;
        entry *grown = realloc(self->entries, room * sizeof *grown);
        if (grown == NULL) {
            return 0;
        }
        self->entries = grown;
        self->room = room;
    }
    added = &self->entries[self->count];
    added->text = malloc(text.len + 1);
    if (added->text == NULL) {
        return 0;
    }
    memcpy(added->text, text.ptr, text.len);
    added->key = key;
    added->len = text.len;
    self->count++;
    return 1;
}

static int32_t out_of_memory(aludel_error_out *error)
{
    return aludel_fail(error, ALUDEL_KIND_OPERATIONAL, "53200", "out of memory");
}

/* ---- Statements. */

typedef enum verb { PUT, GET, FAIL, LOG } verb;

typedef struct statement {
    verb verb;
    size_t limit; /* of GET */
    size_t next;  /* entry that GET gives next */
} statement;

static void log_to_host(size_t entries)
{
    char number[32];
    aludel_key_value field = { ALUDEL_TEXT("entries"), { NULL, 0 } };
    aludel_log_record record = { sizeof record, 3, __LINE__, ALUDEL_TEXT("memory"),
                                 ALUDEL_TEXT("asked to log"), ALUDEL_TEXT(__FILE__), &field, 1 };
    /* A host that is older may know less of its table; this needs both entries. */
    if (host == NULL || host->size < sizeof *host || host->log == NULL
        || host->max_level(host->context) < record.level) {
        return;
    }
    snprintf(number, sizeof number, "%zu", entries);
    field.value = aludel_text(number);
    host->log(host->context, &record);
}

static int32_t put(connection *self, const aludel_param_set *params, aludel_batch *batch,
                   aludel_error_out *error)
{
    const aludel_cell *key = params->cells, *text = params->cells + 1;
    if (params->n_params != 2) {
        return aludel_fail(error, ALUDEL_KIND_PROGRAMMING, "07001", "PUT takes 2 parameters");
    }
    if (key->tag != ALUDEL_TAG_I64 || text->tag != ALUDEL_TAG_TEXT) {
        return aludel_fail(error, ALUDEL_KIND_DATA, "22018", "PUT takes an integer and a text");
    }
    if (find(self, (int64_t)key->bits) != NULL) {
        aludel_fail(error, ALUDEL_KIND_INTEGRITY, "23505", "the key is there already");
        error->constraint = ALUDEL_CONSTRAINT_UNIQUE;
        return aludel_fail_extra(error, ALUDEL_EXTRA_COLUMN, "key");
    }
    if (!append(self, (int64_t)key->bits, aludel_cell_data(text))) {
        return out_of_memory(error);
    }
    batch->affected = 1;
    batch->state = ALUDEL_BATCH_DONE | ALUDEL_BATCH_LAST_INSERT_ID;
    batch->last_insert_id = (int64_t)key->bits;
    return ALUDEL_STATUS_OK;
}

static int32_t fail(aludel_error_out *error)
{
    aludel_fail(error, ALUDEL_KIND_OPERATIONAL, "58000", "asked to fail");
    error->native_code = -7;
    error->flags |= ALUDEL_ERROR_NATIVE_CODE | ALUDEL_ERROR_RETRYABLE;
    aludel_fail_extra(error, ALUDEL_EXTRA_DETAIL, "nothing is wrong");
    aludel_fail_extra(error, ALUDEL_EXTRA_HINT, "do not ask");
    return aludel_fail_extra(error, ALUDEL_EXTRA_POSITION, "0");
}

/* Texts are lent: they stay where they are until the connection is used again. */
static int32_t fetch(void *connection_, void *statement_, const aludel_call_options *call,
                     aludel_batch *batch, aludel_error_out *error)
{
    connection *self = connection_;
    statement *own = statement_;
    size_t end = self->count < own->limit ? self->count : own->limit;
    aludel_cell *cell = batch->cells;
    (void)call;
    (void)error;
    batch->columns = 2;
    batch->rows = 0;
    batch->state = ALUDEL_BATCH_RETURNS_ROWS | ALUDEL_BATCH_LENT;
    while (own->next < end && batch->rows < batch->max_rows
           && (batch->rows + 1) * batch->columns <= batch->cells_capacity) {
        const entry *given = &self->entries[own->next++];
        *cell++ = aludel_cell_int64(given->key);
        *cell++ = aludel_cell_bytes(ALUDEL_TAG_TEXT, ALUDEL_CELL_LENT, given->text, given->len);
        batch->rows++;
    }
    if (own->next == end) {
        batch->state |= ALUDEL_BATCH_DONE;
    }
    return ALUDEL_STATUS_OK;
}

static int32_t execute(void *connection_, void *statement_, const aludel_param_set *params,
                       const aludel_call_options *call, aludel_batch *batch,
                       aludel_error_out *error)
{
    connection *self = connection_;
    statement *own = statement_;
    batch->rows = 0;
    batch->columns = 0;
    batch->affected = UINT64_MAX;
    batch->state = ALUDEL_BATCH_DONE;
    switch (own->verb) {
    case PUT:
        return put(self, params, batch, error);
    case GET:
        own->next = 0;
        return fetch(connection_, statement_, call, batch, error);
    case LOG:
        log_to_host(self->count);
        return ALUDEL_STATUS_OK;
    default:
        return fail(error);
    }
}

static int32_t columns(void *connection_, void *statement_, aludel_column_set *out,
                       aludel_error_out *error)
{
    static const aludel_column_desc both[] = {
        { ALUDEL_TEXT("key"),
          { ALUDEL_TYPE_BIG_INTEGER, 0, ALUDEL_TEXT("INTEGER"), -1, -1, INT32_MIN, { NULL, 0 },
            { NULL, 0 }, 0, 0, NULL, NULL, NULL, 0, { 0, 0 } },
          0, 0, { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { 0, 0 } },
        { ALUDEL_TEXT("text"),
          { ALUDEL_TYPE_TEXT, 0, ALUDEL_TEXT("TEXT"), -1, -1, INT32_MIN, { NULL, 0 },
            { NULL, 0 }, 0, 0, NULL, NULL, NULL, 0, { 0, 0 } },
          0, 0, { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { 0, 0 } },
    };
    (void)connection_;
    (void)error;
    out->columns = both;
    out->n_columns = ((const statement *)statement_)->verb == GET ? 2 : 0;
    return ALUDEL_STATUS_OK;
}

static void free_statement(void *connection_, void *statement_)
{
    (void)connection_;
    free(statement_);
}

static const aludel_statement_vt STATEMENT = {
    .size = sizeof(aludel_statement_vt),
    .free = free_statement,
    .execute = execute,
    .fetch = fetch,
    .columns = columns,
};

/* ---- Connections. */

static int is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\n' || byte == '\t' || byte == ';';
}

/* What comes first in the text, without blanks around it; `consumed` is the end of it. */
static aludel_str first(aludel_str sql, size_t *consumed)
{
    size_t start = 0, end;
    while (start < sql.len && is_blank(sql.ptr[start])) {
        start++;
    }
    for (end = start; end < sql.len && sql.ptr[end] != ';'; end++) {
    }
    *consumed = end < sql.len ? end + 1 : end;
    while (end > start && is_blank(sql.ptr[end - 1])) {
        end--;
    }
    sql.ptr += start;
    sql.len = end - start;
    return sql;
}

/* 0 when the text is no statement. */
static int parse(aludel_str text, statement *out)
{
    char copy[32];
    char *end;
    memset(out, 0, sizeof *out);
    out->limit = SIZE_MAX;
    if (text.len >= sizeof copy) {
        return 0;
    }
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    if (strcmp(copy, "PUT") == 0) {
        out->verb = PUT;
    } else if (strcmp(copy, "FAIL") == 0) {
        out->verb = FAIL;
    } else if (strcmp(copy, "LOG") == 0) {
        out->verb = LOG;
    } else if (strcmp(copy, "GET") == 0) {
        out->verb = GET;
    } else if (strncmp(copy, "GET ", 4) == 0) {
        out->verb = GET;
        out->limit = strtoul(copy + 4, &end, 10);
        return end != copy + 4 && *end == '\0';
    } else {
        return 0;
    }
    return 1;
}

static int32_t prepare(void *connection_, aludel_str sql, uint32_t flags,
                       const aludel_call_options *call, aludel_raw_statement *out,
                       size_t *consumed, aludel_error_out *error)
{
    aludel_str text = first(sql, consumed);
    statement parsed, *made;
    char position[32];
    (void)connection_;
    (void)flags;
    (void)call;
    if (text.len == 0) {
        return ALUDEL_STATUS_NOTHING;
    }
    if (!parse(text, &parsed)) {
        snprintf(position, sizeof position, "%zu", (size_t)(text.ptr - sql.ptr));
        aludel_fail(error, ALUDEL_KIND_PROGRAMMING, "42601", "say PUT, GET, FAIL or LOG");
        return aludel_fail_extra(error, ALUDEL_EXTRA_POSITION, position);
    }
    made = malloc(sizeof *made);
    if (made == NULL) {
        return out_of_memory(error);
    }
    *made = parsed;
    out->data = made;
    out->vt = &STATEMENT;
    return ALUDEL_STATUS_OK;
}

static void free_connection(void *connection_)
{
    connection *self = connection_;
    size_t i;
    for (i = 0; i < self->count; i++) {
        free(self->entries[i].text);
    }
    free(self->entries);
    free(self);
}

static const aludel_connection_vt CONNECTION = {
    .size = sizeof(aludel_connection_vt),
    .free = free_connection,
    .prepare = prepare,
};

/* ---- The dialect. */

static int32_t connect(const aludel_connect_args *args, const aludel_call_options *call,
                       aludel_raw_connection *out, aludel_error_out *error)
{
    static const aludel_str missing = ALUDEL_TEXT("missing");
    (void)call;
    if ((args->flags & ALUDEL_CONNECT_DATABASE) != 0 && aludel_equal(args->database, missing)) {
        return aludel_fail(error, ALUDEL_KIND_OPERATIONAL, "3D000",
                           "there is no database `missing`");
    }
    out->data = calloc(1, sizeof(connection));
    out->vt = &CONNECTION;
    return out->data == NULL ? out_of_memory(error) : ALUDEL_STATUS_OK;
}

static int32_t init(const aludel_host_vt *host_, aludel_error_out *error)
{
    (void)error;
    host = host_;
    return ALUDEL_STATUS_OK;
}

static const aludel_dialect_vt DIALECT = {
    .size = sizeof(aludel_dialect_vt),
    .connect = connect,
};

#define NOTE \
    "{" ALUDEL_NOTE_HEAD ",\"name\":\"memory\",\"version\":\"1.0\"," \
    "\"description\":\"A table in memory, written in C\",\"ping_statement\":\"GET 0\"}"

ALUDEL_NOTE(NOTE);

const aludel_descriptor ALUDEL_PLUGIN = {
    .magic = ALUDEL_MAGIC,
    .size = sizeof(aludel_descriptor),
    .abi_major = ALUDEL_ABI_MAJOR,
    .abi_minor = ALUDEL_ABI_MINOR,
    .layout_hash = ALUDEL_LAYOUT_HASH,
    .flags = ALUDEL_DESCRIPTOR_PANIC_UNWIND,
    .note = ALUDEL_TEXT(NOTE),
    .dialect = &DIALECT,
    .init = init,
};
