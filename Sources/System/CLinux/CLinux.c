#define _GNU_SOURCE
#include <fcntl.h>
#include <link.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "CLinux.h"

int clusterip_epoll_wait(int epoll, uint32_t *events, uint64_t *tokens, int capacity, int timeout_milliseconds) {
    struct epoll_event batch[64];
    if (capacity > 64) capacity = 64;
    int count = epoll_wait(epoll, batch, capacity, timeout_milliseconds);
    for (int index = 0; index < count; index++) {
        events[index] = batch[index].events;
        tokens[index] = batch[index].data.u64;
    }
    return count;
}

int clusterip_pipe(int ends[2]) {
    return pipe2(ends, O_CLOEXEC);
}

/// Becomes the program, in a child that shares its parent's memory until then; returns errno when it cannot.
static int become(char *const arguments[], const int streams[3], pid_t parent, int ends_with_parent) {
    struct sigaction by_default = {.sa_handler = SIG_DFL};
    for (int number = 1; number < NSIG; number++) sigaction(number, &by_default, NULL);
    if (ends_with_parent) {
        if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) return errno;
        if (getppid() != parent) _exit(127);
    }
    if (setpgid(0, 0) != 0) return errno;
    for (int stream = 0; stream < 3; stream++) {
        if (streams[stream] < 0) continue;
        int result = streams[stream] == stream ? fcntl(stream, F_SETFD, 0) : dup2(streams[stream], stream);
        if (result < 0) return errno;
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execvp(arguments[0], arguments);
    return errno;
}

pid_t clusterip_spawn(char *const arguments[], const int streams[3], int ends_with_parent) {
    sigset_t all, before;
    volatile int failure = 0;
    pid_t parent = getpid();
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &before);
    pid_t child = vfork();
    if (child == 0) {
        failure = become(arguments, streams, parent, ends_with_parent);
        _exit(127);
    }
    int error = child < 0 ? errno : failure;
    if (child > 0 && failure != 0) waitpid(child, NULL, 0);
    sigprocmask(SIG_SETMASK, &before, NULL);
    errno = error;
    return error == 0 ? child : -1;
}

static volatile sig_atomic_t interrupted;

static void remember(int signal_number) {
    (void)signal_number;
    interrupted = 1;
}

void clusterip_remember_interrupt(void) {
    struct sigaction action = {.sa_handler = remember, .sa_flags = SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
}

int clusterip_is_interrupted(void) { return interrupted; }

static int forget_files_of(struct dl_phdr_info *object, size_t size, void *unused) {
    (void)size;
    (void)unused;
    unsigned long page = sysconf(_SC_PAGESIZE);
    for (int index = 0; index < object->dlpi_phnum; index++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[index];
        if (part->p_type != PT_LOAD || part->p_flags & PF_W) continue;
        unsigned long start = (object->dlpi_addr + part->p_vaddr) & -page;
        unsigned long end = object->dlpi_addr + part->p_vaddr + part->p_memsz;
        madvise((void *)start, end - start, MADV_DONTNEED);
    }
    return 0;
}

void clusterip_forget_files(void) { dl_iterate_phdr(forget_files_of, NULL); }
