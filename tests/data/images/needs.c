/* Asks for a library that no system has and for a glibc that none has, to show how that is told. */

#include "plugin.c"

extern int absent(void);
extern int from_the_future(void);

ALUDEL_EXPORT int needs(void) { return absent() + from_the_future(); }
