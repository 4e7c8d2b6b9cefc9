
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
