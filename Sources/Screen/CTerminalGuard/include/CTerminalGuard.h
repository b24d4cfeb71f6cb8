// Restores the terminal when the process dies by a fatal signal (a Swift trap is SIGILL or SIGTRAP).
#ifndef CLUSTERIP_CTERMINALGUARD_H
#define CLUSTERIP_CTERMINALGUARD_H

#include <stddef.h>

// Remembers the terminal's modes from before the screen (a struct termios) and what to write to it (at most 1,024
// bytes), and takes over SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE and SIGSYS. On one of them: writes the
// bytes, sets the modes, copies what was captured of descriptor 2 to where it really goes, and hands the signal to
// whoever had it before, so that the exit status tells it.
// Only async-signal-safe calls, on a signal stack of its own.
void ctg_arm(int terminal, const void *before, const void *bytes, size_t count);
// Says where descriptor 2 really goes while a file (`capture`) stands in for it; -1, -1 when none does.
void ctg_capture(int errors, int capture);
// A file in memory that stands in for descriptor 2, or -1.
int ctg_memory_file(void);
// Gives the signals back.
void ctg_disarm(void);
// Sets the modes that ctg_arm was given; used by the orderly way out too.
void ctg_restore_modes(void);

#endif
