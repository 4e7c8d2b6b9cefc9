/* A plugin that says who it is and does nothing: the source of the images in this folder. */

#include <aludel.h>

ALUDEL_NOTE("{" ALUDEL_NOTE_HEAD ",\"name\":\"image\",\"version\":\"1.2.3\"}");

ALUDEL_EXPORT const aludel_descriptor ALUDEL_PLUGIN = {
    .magic = ALUDEL_MAGIC,
    .size = sizeof(aludel_descriptor),
    .abi_major = ALUDEL_ABI_MAJOR,
    .abi_minor = ALUDEL_ABI_MINOR,
    .layout_hash = ALUDEL_LAYOUT_HASH,
    .note = {(const uint8_t *)aludel_note.desc, sizeof(aludel_note.desc)},
};
