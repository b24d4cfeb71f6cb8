// Restores the terminal when the process dies by a fatal signal (a Swift trap is SIGILL or SIGTRAP).
#ifndef CLUSTERIP_CTERMINALGUARD_H
#define CLUSTERIP_CTERMINALGUARD_H

#include <stddef.h>

// Remembers the terminal's modes as they are now, and what to write to it, and takes over SIGSEGV, SIGBUS, SIGILL,
// SIGTRAP, SIGABRT, SIGFPE and SIGSYS. On one of them: writes `bytes` (at most 1,024), sets the modes, copies what
// the program wrote to `capture` (a file that stands in for descriptor 2; -1 for none) to `errors`, the real one,
// and hands the signal to whoever had it before, so that the exit status tells it.
// Only async-signal-safe calls, on a signal stack of its own. 0, or -1 when `terminal` is not a terminal.
int ctg_arm(int terminal, const void *bytes, size_t count);
// Says where descriptor 2 really goes while it is captured; -1, -1 when it is not.
void ctg_capture(int errors, int capture);
// Gives the signals back.
void ctg_disarm(void);
// Sets the modes that ctg_arm found; used by the orderly way out too.
void ctg_restore_modes(void);

#endif
