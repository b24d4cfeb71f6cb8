// What Swift's Glibc module does not show of Linux: epoll, signalfd, pidfd, prctl.
#ifndef CLUSTERIP_CLINUX_H
#define CLUSTERIP_CLINUX_H

#include "Unpack.h"
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

/// A file descriptor that becomes readable when the process ends; -1 and errno on failure.
static inline int clusterip_pidfd_open(pid_t pid) {
    return (int)syscall(SYS_pidfd_open, pid, 0);
}

/// Registers, changes or removes a descriptor with a 64-bit token (the C structure is packed on x86-64).
static inline int clusterip_epoll_control(int epoll, int operation, int descriptor, uint32_t events, uint64_t token) {
    struct epoll_event event;
    event.events = events;
    event.data.u64 = token;
    return epoll_ctl(epoll, operation, descriptor, &event);
}

/// Waits for events and copies them into two plain arrays; returns their number, or -1 with errno.
int clusterip_epoll_wait(int epoll, uint32_t *events, uint64_t *tokens, int capacity, int timeout_milliseconds);

/// A pipe whose ends are closed on exec: ends[0] is read, ends[1] written; 0, or -1 with errno.
int clusterip_pipe(int ends[2]);

/// Starts a program, found on PATH, in a process group of its own, with no signal blocked or ignored.
///
/// `streams` are the descriptors that become its standard input, output and error; -1 leaves one as it is. A child that
/// ends with its parent is killed by the kernel when the thread that started it ends, however that ends. Returns the
/// process id, or -1 with errno.
pid_t clusterip_spawn(char *const arguments[], const int streams[3], int ends_with_parent);

/// Asks the kernel to signal this process when its parent ends.
static inline int clusterip_signal_on_parent_death(int signal_number) {
    return prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0);
}

/// From now on the first SIGINT is remembered and interrupts a read that waits; the second ends the process.
void clusterip_remember_interrupt(void);

/// Whether SIGINT has come since `clusterip_remember_interrupt`.
int clusterip_is_interrupted(void);

/// Gives back the pages of code and constants that are mapped now, of this program and its libraries: they are the files'
/// own, and those that are needed again come back from the page cache. What only the start needed does not.
void clusterip_forget_files(void);

#endif
