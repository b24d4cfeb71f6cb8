#define _GNU_SOURCE
#include <fcntl.h>
#include <link.h>
#include <sys/mman.h>
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
