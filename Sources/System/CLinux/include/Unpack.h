/// Programs that unpack what is read: gzip and zstd.
#ifndef CLUSTERIP_UNPACK_H
#define CLUSTERIP_UNPACK_H

#include <stddef.h>
#include <sys/types.h>

/// The children that unpack; 0 for none.
struct clusterip_unpacker {
    /// The program that unpacks.
    pid_t program;
    /// What gives it the bytes of a pipe, of which some were read before it was known that they are packed.
    pid_t feeder;
};

/// The program that unpacks what begins like this; null for what is not packed.
const char *clusterip_unpacking_program(const unsigned char *start, size_t count);

/// Starts a program that unpacks (`PROGRAM -dcq`) what comes from a descriptor, from whose present place `count` bytes
/// were read already; returns the descriptor of what it unpacks, below 0 when it could not be started.
int clusterip_unpack(
    const char *program, int input, const unsigned char *start, size_t count, struct clusterip_unpacker *unpacker);

/// Waits for the children, which are ended when it is too early for their own end; returns the program's exit status, 127
/// when there is no such program, 128 when a signal ended it.
int clusterip_end_unpacking(struct clusterip_unpacker *unpacker, int early);

#endif
