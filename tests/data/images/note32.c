/* The note alone, for machines of 32 bits: the ABI has 64 bits, and aludel.h refuses others. */

#include <stdint.h>

#define JSON \
    "{\"aludel\":1,\"abi\":[0,1],\"layout\":\"0\",\"panic\":\"unwind\"," \
    "\"target\":\"" ALUDEL_TARGET "\",\"name\":\"image\",\"version\":\"1.2.3\"}"

#if defined(_WIN32)
#define PLACE __attribute__((used, section(".aludel")))
#else
#define PLACE __attribute__((used, aligned(4), section(".note.aludel")))
#endif

__attribute__((visibility("default"))) const struct {
    uint32_t name_size, desc_size, kind;
    char name[8];
    char desc[sizeof(JSON)];
} aludel_note PLACE = {7, sizeof(JSON), 1, "ALUDEL", JSON};
