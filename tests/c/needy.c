/* A plugin that needs another library. Whoever runs any of its code finds the file TRACE. */

#include <aludel.h>
#include <stdio.h>

#define NOTE \
    "{" ALUDEL_NOTE_HEAD ",\"name\":\"needy\",\"version\":\"1.0\"," \
    "\"requires\":[{\"soname\":\"libaludel_absent.so.1\",\"debian\":\"absent\"," \
    "\"fedora\":\"absent-libs\",\"brew\":\"absent\"}]}"

ALUDEL_NOTE(NOTE);

int needed(void);

__attribute__((constructor)) static void leave_a_trace(void)
{
    FILE *trace = fopen(TRACE, "w");
    if (trace != NULL) {
        fprintf(trace, "%d\n", needed());
        fclose(trace);
    }
}

ALUDEL_EXPORT const aludel_descriptor ALUDEL_PLUGIN = {
    .magic = ALUDEL_MAGIC,
    .size = sizeof(aludel_descriptor),
    .abi_major = ALUDEL_ABI_MAJOR,
    .abi_minor = ALUDEL_ABI_MINOR,
    .layout_hash = ALUDEL_LAYOUT_HASH,
    .flags = ALUDEL_DESCRIPTOR_PANIC_UNWIND,
    .note = ALUDEL_TEXT(NOTE),
};
