/* A plugin that leaves a trace when any of its code runs, and whose note is hostile to terminals.

   Its constructor and its initialisation append a line each to the file that the environment
   variable TRACE_FILE names. It declares no scheme but its name, and never connects. */

#include <aludel.h>
#include <stdio.h>
#include <stdlib.h>

static void leave_trace(const char *line)
{
    const char *path = getenv("TRACE_FILE");
    FILE *file = path == NULL ? NULL : fopen(path, "a");
    if (file != NULL) {
        fputs(line, file);
        fclose(file);
    }
}

__attribute__((constructor)) static void construct(void)
{
    leave_trace("constructor\n");
}

static int32_t connect(const aludel_connect_args *args, const aludel_call_options *call,
                       aludel_raw_connection *out, aludel_error_out *error)
{
    (void)args;
    (void)call;
    (void)out;
    return aludel_fail(error, ALUDEL_KIND_OPERATIONAL, "08001", "there is nothing to connect to");
}

static int32_t init(const aludel_host_vt *host, aludel_error_out *error)
{
    (void)host;
    (void)error;
    leave_trace("init\n");
    return ALUDEL_STATUS_OK;
}

static const aludel_dialect_vt DIALECT = {
    .size = sizeof(aludel_dialect_vt),
    .connect = connect,
};

/* JSON's escapes: ESC ] 0 ; and BEL, a line feed, the one-byte CSI, and a reversal of text. */
#define NOTE \
    "{" ALUDEL_NOTE_HEAD ",\"name\":\"trace\",\"version\":\"1.0\"," \
    "\"description\":\"\\u001b]0;owned\\u0007\\ninstalled\\u009b31m\\u202e\"," \
    "\"drivers\":[\"\\u001b[2J\"],\"license\":\"\\r\",\"capabilities\":[\"\\u001b[1A\"]," \
    "\"options\":[{\"name\":\"\\u001b[8m\",\"doc\":\"a\\nb\",\"default\":\"\\u0008\"}]," \
    "\"requires\":[]}"

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
